//! The project's own commands: `cargo xtask help` lists them. Each one first makes sure that
//! what it needs is installed (`setup`), so that a fresh clone needs no other preparation.

mod bench;
mod budget;
mod build;
mod count;
mod lint;
mod process;
mod record;
mod setup;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

/// A command fails with one message for the person at the terminal.
type Outcome<T = ()> = Result<T, String>;

const HELP: &str = "\
cargo xtask COMMAND

  serve [--port N] [--release]  set up, build, and serve the page on this machine
  build [--br]                  the folder dist/, ready for any static host (--br: .br siblings too)
  test [native|wasm|pages]...   every test, or some of them
  lint                          clippy on both targets, rustfmt, the layer rules
  budget                        the size ledger of dist/ against xtask/budget.json
  bench [native|wasm|page|peers]...  measurements
  record [PRODUCT]... [--sample]  run the real programs, write down what they do (--help: more)
  lighthouse                    Lighthouse's four scores for dist/
  setup                         find or install every tool, say what was found

Variables: KAE_WASM_STD=debian builds the wasm32 standard library from Debian's packages and
never asks rustup; KAE_CACHE names the folder for installed tools; KAE_CHROMIUM and
KAE_CHROMEDRIVER name the browser and its driver.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.split_first() {
        None | Some((&"help" | &"--help" | &"-h", _)) => {
            println!("{HELP}");
            Ok(())
        }
        Some((&"setup", [])) => setup::Setup::new(true).and_then(|mut setup| setup.everything()),
        Some((&"serve", rest)) => build::serve(rest),
        Some((&"build", rest)) => build::build_command(rest),
        Some((&"test", rest)) => test::test(rest),
        Some((&"lint", [])) => lint::lint(),
        Some((&"budget", [])) => budget::budget(),
        Some((&"bench", rest)) => bench::bench(rest),
        Some((&"record", rest)) => record::record(rest),
        Some((&"lighthouse", [])) => bench::lighthouse(),
        Some((word, _)) => Err(format!("`{word}` with these arguments is not known.\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The repository's root: the folder above this crate.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map_or(own.clone(), PathBuf::from)
}
