//! Runs real servers and clients on loopback, and writes down what they do: `cargo xtask record`.
//!
//! | file | what it does |
//! |---|---|
//! | [`case`] | a scenario to run, and its JSON |
//! | [`matrix`] | which scenarios are run with a server |
//! | [`matrix_clients`] | which scenarios are run with a client |
//! | [`matrix_upstream`] | what is run with proxies between clients and a server |
//! | [`proxied`] | runs these |
//! | [`behind`] | the server behind such a proxy: it notes what reaches it on which connection |
//! | [`driver`] | drives a client program, for one case |
//! | [`probe`] | a client that writes exact bytes and notes what comes back, and when |
//! | [`wire`] | reads answers by the rules of framing |
//! | [`app`] | the application behind every server, and how a target tells it what to answer |
//! | [`origin`] | the application as an origin server, for proxies |
//! | [`textbook`] | a server that follows the textbook rule of the library, for clients |
//! | [`relay`] | a path between them that takes time |
//! | [`process`] | starts and ends programs |
//! | [`products`] | one file for each program |
//! | [`run`] | runs the cases of one program, each twice |
//! | [`sheet`] | the files of recordings |
#![expect(
    clippy::disallowed_methods,
    reason = "what is measured here is what real programs do, and when"
)]

mod app;
mod behind;
mod case;
mod driver;
mod matrix;
mod matrix_clients;
mod matrix_upstream;
mod origin;
mod probe;
mod process;
mod products;
mod proxied;
mod relay;
mod run;
mod sheet;
mod textbook;
mod wire;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask record [PRODUCT]... [OPTION]...

Runs the programs that are installed (all, or the products named), records every case of the
matrix twice and writes tests/recordings/PRODUCT.jsonl. It ends with status 1 if a program could
not be run; the others are recorded all the same.

  --sample        about thirty cases of each, compared with the prediction, nothing written
  --only TEXT     only cases whose id contains TEXT, nothing written
  --again TEXT    only cases whose id contains TEXT; they take their old places in the file
  --fresh SEED    sixty random cases for each set of settings, other ones for each seed,
                  compared with the prediction, nothing written
  --compare       runs nothing: compares the files that are there with what is predicted now
  --prune         runs nothing: takes out of the files what is no longer in the matrix
  --list          the cases, without running them
  --install       asks Debian's package manager for what is missing (as root, or through sudo)

cargo xtask record upstream [PROXY]... [--only TEXT]

Runs nginx, HAProxy and httpd between clients and a server, and writes
tests/recordings/upstream-PROXY.jsonl; with --only nothing is written.";

/// What the command line asks for.
#[derive(Default)]
pub struct Wish {
    pub products: Vec<String>,
    pub sample: bool,
    pub only: Option<String>,
    /// What is recorded goes into the file that is there.
    pub again: bool,
    pub fresh: Option<u64>,
    pub compare: bool,
    pub prune: bool,
    pub list: bool,
    pub install: bool,
    /// Proxies, as the server behind them sees them.
    pub upstream: bool,
}

fn main() -> ExitCode {
    // httpd runs this very program as its application.
    if std::env::var_os("GATEWAY_INTERFACE").is_some() {
        return match app::cgi() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    match wish(std::env::args().skip(1)) {
        Ok(Some(wish)) if wish.upstream => match proxied::all(&wish) {
            Ok(cases) => {
                println!("{cases} cases");
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        },
        Ok(Some(wish)) => run::all(&wish),
        Ok(None) => {
            println!("{HELP}");
            ExitCode::SUCCESS
        }
        Err(word) => {
            eprintln!("error: what does `{word}` mean?\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

/// None: help was asked for. Err: the word that is not understood.
fn wish(mut words: impl Iterator<Item = String>) -> Result<Option<Wish>, String> {
    let mut wish = Wish::default();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--help" | "-h" => return Ok(None),
            "upstream" => wish.upstream = true,
            "--sample" => wish.sample = true,
            "--compare" => wish.compare = true,
            "--prune" => wish.prune = true,
            "--list" => wish.list = true,
            "--install" => wish.install = true,
            "--fresh" => {
                wish.fresh = Some(words.next().and_then(|seed| seed.parse().ok()).ok_or(word)?);
            }
            "--again" => {
                wish.only = Some(words.next().ok_or(word)?);
                wish.again = true;
            }
            "--only" => wish.only = Some(words.next().ok_or(word)?),
            name if products::find(name).is_some() => wish.products.push(word),
            _ => return Err(word),
        }
    }
    Ok(Some(wish))
}
