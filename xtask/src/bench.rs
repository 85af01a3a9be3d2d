//! Measurements. Machines differ and are busy: figures are for comparing within one run.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::build;
use crate::process::run;
use crate::setup::Setup;
use crate::{Outcome, root};

/// What the peer bench draws its pictures with.
const PEERS: &[&str] = &["mermaid@11", "perf-cascade@3"];
const LIGHTHOUSE: &[&str] = &["lighthouse@13"];

pub fn bench(args: &[&str]) -> Outcome {
    let kinds = if args.is_empty() { &["native", "wasm", "page"] } else { args };
    for kind in kinds {
        println!("\n== {kind}");
        match *kind {
            "native" => native()?,
            "wasm" => wasm()?,
            "page" => script("benches/page.mjs", &[])?,
            "peers" => script("benches/peers.mjs", PEERS)?,
            other => {
                return Err(format!("`bench` knows native, wasm, page and peers, not {other}"));
            }
        }
    }
    Ok(())
}

pub fn lighthouse() -> Outcome {
    script("benches/lighthouse.mjs", LIGHTHOUSE)
}

fn native() -> Outcome {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // Only what is under benches/: the library's and the binaries' harnesses know no such options.
    run(cargo.args(["bench", "--benches"]).current_dir(root()))
}

/// The same benchmarks in a browser.
fn wasm() -> Outcome {
    let mut setup = Setup::new(false)?;
    let browser = setup.wasm_tests()?;
    let mut cargo = setup.command("cargo");
    cargo.args(["bench", "--target", "wasm32-unknown-unknown"]);
    for name in benches()? {
        cargo.args(["--bench", &name]);
    }
    // For size, as the page is built; only wasm-opt is missing.
    cargo.env("CARGO_PROFILE_BENCH_OPT_LEVEL", "z");
    cargo.env("CHROMEDRIVER", browser.driver);
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cargo.env("WASM_BINDGEN_TEST_TIMEOUT", "600");
    run(&mut cargo)
}

fn benches() -> Outcome<Vec<String>> {
    let folder = root().join("benches");
    let say = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(say)? {
        let path = entry.map_err(say)?.path();
        if path.extension().is_some_and(|kind| kind == "rs") {
            names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

/// Builds the page and runs a script against it, with `packages` in a folder of their own.
fn script(path: &str, packages: &[&str]) -> Outcome {
    build()?;
    let mut setup = Setup::new(false)?;
    setup.node_packages()?;
    let browser = setup.browser()?;
    let name = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    let folder = setup.cache().join("npm").join(&*name);
    install(&setup, &folder, packages)?;
    let mut node = setup.command("node");
    node.arg(path).env("KAE_CHROMIUM", browser.chromium).env("KAE_PACKAGES", folder);
    run(&mut node)
}

fn install(setup: &Setup, folder: &PathBuf, packages: &[&str]) -> Outcome {
    let stamp = folder.join("installed");
    let wanted = packages.join("\n");
    if packages.is_empty() || fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut npm = setup.command("npm");
    npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"]).arg(folder);
    run(npm.args(packages))?;
    fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))
}
