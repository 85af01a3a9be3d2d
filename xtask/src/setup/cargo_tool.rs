//! Programs that come from the crate registry, each in a folder that carries its version: two
//! branches that need different versions do not replace each other's.

use std::path::PathBuf;
use std::process::Command;

use super::{Setup, wasm_std};
use crate::Outcome;
use crate::process::{output, which};

pub struct CargoTool<'a> {
    pub package: &'a str,
    pub binary: &'a str,
    pub version: &'a str,
    pub why: &'a str,
    /// How long compiling it takes on two cores.
    pub about: &'a str,
    pub locked: bool,
}

/// The folder to put on PATH, or none if the machine has the tool already.
pub fn ensure(setup: &mut Setup, tool: &CargoTool) -> Outcome<Option<PathBuf>> {
    let what = format!("{} {}", tool.package, tool.version);
    let home = setup.cache().join("tools").join(format!("{}-{}", tool.package, tool.version));
    let folder = home.join("bin");
    let program = folder.join(format!("{}{}", tool.binary, std::env::consts::EXE_SUFFIX));
    if program.is_file() {
        setup.found(&what, tool.why);
        return Ok(Some(folder));
    }
    if fits(tool) {
        setup.found(&what, &format!("{}, this machine's own", tool.why));
        return Ok(None);
    }
    setup.lock()?;
    if program.is_file() {
        return Ok(Some(folder));
    }
    eprintln!("  {what:<28} {}", tool.why);
    // Ready-made binaries come from outside the package registries.
    if !wasm_std::registries_only() && which("cargo-binstall").is_some() {
        let mut binstall = Command::new("cargo");
        binstall.args(["binstall", "--no-confirm", "--root"]).arg(&home);
        binstall.arg(format!("{}@{}", tool.package, tool.version));
        if setup.step(&what, "10 s").run(&mut binstall).is_ok() && program.is_file() {
            return Ok(Some(folder));
        }
    }
    let mut install = Command::new("cargo");
    install.args(["install", tool.package, "--version", tool.version, "--root"]).arg(&home);
    install.args(tool.locked.then_some("--locked")).current_dir(setup.cache());
    // A gigabyte that is never used again: not into the project's own folder.
    install.env_remove("CARGO_TARGET_DIR");
    setup.step(&what, tool.about).run(&mut install)?;
    Ok(Some(folder))
}

fn fits(tool: &CargoTool) -> bool {
    which(tool.binary).is_some()
        && output(Command::new(tool.binary).arg("--version"))
            .is_some_and(|text| text.split_whitespace().any(|word| word == tool.version))
}
