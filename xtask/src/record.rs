//! Runs the recorder, a program of its own because it knows the library, which `xtask` does not.

use std::env;
use std::process::Command;

use crate::process::run;
use crate::{Outcome, root};

pub fn record(args: &[&str]) -> Outcome {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--quiet", "--package", "recorder", "--"]).args(args).current_dir(root());
    run(&mut cargo)
}
