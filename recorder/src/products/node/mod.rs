//! Node: its server with an application of ours, and its two clients.
pub mod clients;

use super::{Kind, Program, Server, Variant};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use keepalive::profile::Chosen;
use std::path::PathBuf;
use std::process::Command;

/// Debian's package. Newer versions come from elsewhere.
const PACKAGES: &[&str] = &["nodejs"];

/// The application that the exported `server.mjs` asks for.
const APP: &str = include_str!("app.mjs");

fn node() -> Option<PathBuf> {
    process::find(&["node", "nodejs"])
}

fn version() -> Result<String, String> {
    let said = output(Command::new(node().ok_or("node is not installed")?).arg("--version"))?;
    Ok(said.trim().trim_start_matches('v').to_owned())
}

/// The product as it is installed, with these settings.
fn chosen(product: &str, settings: &[(&str, &str)]) -> Chosen {
    let version = version().unwrap_or_default();
    let plain = Chosen::new(product, &version);
    settings.iter().fold(plain, |chosen, (name, value)| chosen.with(name, value))
}

pub struct Node;

impl Program for Node {
    fn product(&self) -> &'static str {
        "node"
    }

    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn file(&self) -> Option<PathBuf> {
        node()
    }

    fn version(&self) -> Result<String, String> {
        version()
    }

    fn how(&self) -> &'static str {
        "http.createServer with an application that sets Content-Length where it knows the length."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| chosen("node", settings);
        const BRIEF: (&str, &str) = ("server.keepAliveTimeout", "1000");
        let mut plan = vec![
            matrix::full("default", with(&[BRIEF])),
            matrix::brief("no-wait", with(&[("server.keepAliveTimeout", "0")])),
            matrix::brief(
                "socket",
                with(&[("server.keepAliveTimeout", "0"), ("server.timeout", "1500")]),
            ),
            matrix::brief("any-host", with(&[("requireHostHeader", "false"), BRIEF])),
        ];
        for limit in ["1", "2", "3"] {
            let chosen = with(&[("server.maxRequestsPerSocket", limit), BRIEF]);
            plan.push(matrix::limits(&format!("requests-{limit}"), chosen));
        }
        // The wait is a second longer than the setting says.
        for (timeout, ms) in [("300", 1300), ("1000", 2000), ("1500", 2500), ("2700", 3700)] {
            let chosen = with(&[("server.keepAliveTimeout", timeout)]);
            plan.push(matrix::idle(&format!("idle-{timeout}"), chosen, ms));
        }
        let socket = with(&[("server.keepAliveTimeout", "0"), ("server.timeout", "1800")]);
        plan.push(matrix::idle("idle-socket", socket, 1800));
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

impl Server for Node {
    fn start(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        let folder = Folder::new("node")?;
        let port = free_port()?;
        folder.exports(chosen, port, origin)?;
        folder.file("app.mjs", APP)?;
        let mut command = Command::new(node().ok_or("node is not installed")?);
        command.arg(folder.path().join("server.mjs"));
        Running::start(command, folder, port)
    }
}
