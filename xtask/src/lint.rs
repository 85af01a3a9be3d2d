//! What a machine can say about the source: clippy on both targets, rustfmt, the layer rules.

use std::env;
use std::process::Command;

use crate::process::run;
use crate::setup::Setup;
use crate::{Outcome, root};

/// Runs every check, so that one failure does not hide the next.
pub fn lint() -> Outcome {
    let cargo = |words: &[&str]| {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args(words).current_dir(root());
        cargo
    };
    let mut setup = Setup::new(false)?;
    setup.wasm_std()?;
    let mut wasm = setup.command("cargo");
    wasm.args(["clippy", "--target", "wasm32-unknown-unknown", "--all-targets"]);
    wasm.args(["--", "-D", "warnings"]);
    let checks = [
        ("rustfmt", cargo(&["fmt", "--all", "--check"])),
        ("clippy", cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
        ("clippy for wasm32", wasm),
        ("layer rules", cargo(&["test", "--quiet", "--test", "tidy"])),
    ];
    let mut failed = Vec::new();
    for (name, mut command) in checks {
        println!("\n== {name}");
        if run(&mut command).is_err() {
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
}
