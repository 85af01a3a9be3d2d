//! Debian packages, as root, through sudo, or as one line of advice.

use std::io::IsTerminal;
use std::process::Command;

use super::Setup;
use crate::Outcome;
use crate::process::{output, run, which};

/// Is this a machine with Debian packages?
pub fn here() -> bool {
    which("apt-get").is_some()
}

/// Installs `packages`; `what` and `about` are for the person who waits.
pub fn install(setup: &mut Setup, what: &str, about: &str, packages: &[&str]) -> Outcome {
    // Never at the price of another package: rustc-web conflicts with a distribution's own rustc.
    let words = ["install", "-y", "--no-remove", "--no-install-recommends"];
    let by_hand = format!("apt-get {} {}", words.join(" "), packages.join(" "));
    let apt = || -> Option<Command> {
        let mut command = if output(Command::new("id").arg("-u"))?.trim() == "0" {
            Command::new("apt-get")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.arg("apt-get");
            sudo
        };
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["-o", "DPkg::Lock::Timeout=300"]);
        Some(command)
    };
    let advice = || format!("{what} is needed. As root: apt-get update && {by_hand}");
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if !root {
        let silent =
            which("sudo").is_some() && output(Command::new("sudo").args(["-n", "true"])).is_some();
        if !silent {
            if which("sudo").is_none() || !std::io::stdin().is_terminal() {
                return Err(advice());
            }
            eprintln!("  {what}: sudo may ask for your password, to run: {by_hand}");
            run(Command::new("sudo").arg("-v")).map_err(|_| advice())?;
        }
    }
    setup.lock()?;
    let mut update = apt().ok_or_else(advice)?;
    // Old lists often do; if they don't, the installation says so.
    drop(setup.step("package lists", "5 s").run(update.arg("update")));
    let mut install = apt().ok_or_else(advice)?;
    install.args(words).args(packages);
    setup.step(what, about).run(&mut install).map_err(|error| format!("{error}\n{}", advice()))
}
