//! Every test: natively, the same ones in a browser, and the built page in a browser.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::build::{build, files};
use crate::count::{Counter, closing_line};
use crate::process::each_line;
use crate::setup::Setup;
use crate::{Outcome, root};

pub fn test(args: &[&str]) -> Outcome {
    let kinds = if args.is_empty() { &["native", "wasm", "pages"] } else { args };
    let (mut passed, mut failed) = (0, 0);
    for kind in kinds {
        println!("\n== {kind}");
        let counts = match *kind {
            "native" => native(),
            "wasm" => wasm(),
            "pages" => pages(),
            other => return Err(format!("`test` knows native, wasm and pages, not {other}")),
        };
        // A kind that breaks as a whole counts as one failure and does not hide the others.
        let (more, less) = counts.unwrap_or_else(|error| {
            println!("error: {error}");
            (0, 1)
        });
        println!("{kind}: {more} passed, {less} failed");
        passed += more;
        failed += less;
    }
    println!("\n{passed} passed, {failed} failed");
    if failed > 0 { Err(format!("{failed} failed")) } else { Ok(()) }
}

fn native() -> Outcome<(u32, u32)> {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--workspace", "--no-fail-fast"]).current_dir(root());
    let (counter, success) = harness(&mut cargo)?;
    close("cargo test", &counter, success)
}

fn wasm() -> Outcome<(u32, u32)> {
    let mut setup = Setup::new(false)?;
    let browser = setup.wasm_tests()?;
    let mut pack = setup.command("wasm-pack");
    pack.args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"]);
    pack.arg(&browser.driver);
    // Without it a test binary that names no browser is skipped, and counts as passed.
    pack.env("WASM_BINDGEN_USE_BROWSER", "1");
    // A busy machine needs longer than the runner's 5 s to start the driver, and longer than its
    // 20 s to load a page full of tests.
    pack.env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120").env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    let (mut counter, mut success) = harness(&mut pack)?;
    if !success && counter.never_began() {
        // A busy machine: the tests say nothing about the code until the browser has them.
        println!("unsteady: the driver or the browser did not start; once more");
        (counter, success) = harness(&mut pack)?;
    }
    let (passed, failed) = close("wasm-pack test", &counter, success)?;
    if !success {
        // It stops at the first binary with a failure; those behind it did not run.
        return Ok((passed, failed));
    }
    let silent = skipped(&counter)?;
    for line in &silent {
        println!("{line}");
    }
    let silent = u32::try_from(silent.len()).unwrap_or(u32::MAX);
    Ok((passed, silent))
}

/// Test binaries that ran fewer tests in the browser than their source marks for both worlds:
/// the browser's harness can skip a whole file and still say that all is well.
fn skipped(browser: &Counter) -> Outcome<Vec<String>> {
    let mut expected =
        vec![("unittests src/lib.rs".to_owned(), marked_below(&root().join("src"))?)];
    for file in files(&root().join("tests"))? {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if file.parent() == Some(&root().join("tests")) && name.ends_with(".rs") {
            expected.push((format!("tests/{name}"), marked(&file)?));
        }
    }
    let mut short = Vec::new();
    for (name, marks) in expected {
        let ran = browser.ran(&name);
        if ran < marks {
            short.push(format!(
                "{name}: {marks} tests are for both worlds, {ran} ran in the browser"
            ));
        }
    }
    Ok(short)
}

fn marked_below(folder: &Path) -> Outcome<u32> {
    files(folder)?
        .iter()
        .filter(|file| file.extension().is_some_and(|kind| kind == "rs"))
        .try_fold(0, |sum, file| Ok(sum + marked(file)?))
}

/// The tests in `file` that are marked for both worlds.
fn marked(file: &Path) -> Outcome<u32> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let mark =
        |line: &&str| line.trim_start().starts_with("#[") && line.contains("unsupported = test");
    u32::try_from(text.lines().filter(mark).count()).map_err(|error| error.to_string())
}

/// Builds the page and drives it in Chromium.
fn pages() -> Outcome<(u32, u32)> {
    build()?;
    let mut setup = Setup::new(false)?;
    setup.node_packages()?;
    let browser = setup.browser()?;
    let mut node = setup.command("node");
    node.arg("tests/e2e/run.mjs").env("KAE_CHROMIUM", &browser.chromium);
    let mut counts = None;
    let success = each_line(&mut node, |line| {
        println!("{line}");
        counts = closing_line(line).or(counts);
    })?;
    match counts {
        Some((_, 0)) if !success => Err("the page tests ended badly".to_owned()),
        Some((0, 0)) | None => Err("no page test ran".to_owned()),
        Some(counts) => Ok(counts),
    }
}

fn harness(command: &mut Command) -> Outcome<(Counter, bool)> {
    let mut counter = Counter::default();
    let success = each_line(command, |line| {
        println!("{line}");
        counter.line(line);
    })?;
    Ok((counter, success))
}

fn close(what: &str, counter: &Counter, success: bool) -> Outcome<(u32, u32)> {
    match (counter.passed(), counter.failed()) {
        (_, 0) if !success => Err(format!("{what} ended badly without a failed test")),
        (0, 0) => Err(format!("{what} ran no test")),
        counts => Ok(counts),
    }
}
