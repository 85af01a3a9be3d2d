//! What a machine can say about the source: clippy on both targets, rustfmt, the layer rules.

use std::env;
use std::process::Command;

use crate::process::run;
use crate::setup::Setup;
use crate::{Outcome, root};

pub fn lint() -> Outcome {
    let cargo = || {
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(root());
        cargo
    };
    println!("== rustfmt");
    run(cargo().args(["fmt", "--all", "--check"]))?;
    println!("== clippy, native");
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    println!("== clippy, wasm32");
    let mut setup = Setup::new(false)?;
    setup.wasm_std()?;
    let mut clippy = setup.command("cargo");
    clippy.args(["clippy", "--target", "wasm32-unknown-unknown", "--all-targets"]);
    run(clippy.args(["--", "-D", "warnings"]))?;
    println!("== layer rules");
    run(cargo().args(["test", "--quiet", "--test", "tidy"]))
}
