//! HAProxy before the application.
use super::{Kind, Program, Server, Variant};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use keepalive::profile::Chosen;
use std::path::PathBuf;
use std::process::Command;

/// A keyword and its value.
type Pair = (&'static str, &'static str);

pub struct Haproxy;

impl Program for Haproxy {
    fn product(&self) -> &'static str {
        "haproxy"
    }

    fn packages(&self) -> &'static [&'static str] {
        &["haproxy"]
    }

    fn file(&self) -> Option<PathBuf> {
        process::find(&["haproxy"])
    }

    fn version(&self) -> Result<String, String> {
        let said = output(Command::new(self.file().ok_or("it is not installed")?).arg("-v"))?;
        let word = said.split_whitespace().nth(2).unwrap_or_default();
        Ok(word.split('-').next().unwrap_or_default().to_owned())
    }

    fn how(&self) -> &'static str {
        "Before an origin on the same machine, which chunks what it streams to HTTP/1.1."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| {
            let usual =
                [("timeout connect", "5s"), ("timeout client", "30s"), ("timeout server", "30s")];
            let settings = usual.iter().chain(settings);
            settings.fold(Chosen::new("haproxy", "2.6"), |chosen, (name, value)| {
                chosen.with(name, value)
            })
        };
        let keep = ("timeout http-keep-alive", "2s");
        let mut plan = vec![
            matrix::full("default", with(&[keep])),
            matrix::short("httpclose", with(&[("option httpclose", ""), keep])),
        ];
        for option in [
            "option http-server-close",
            "option http-keep-alive",
            "option http-pretend-keepalive",
            "option http-use-proxy-header",
        ] {
            let name = option.trim_start_matches("option ");
            plan.push(matrix::brief(name, with(&[(option, ""), keep])));
        }
        plan.push(matrix::limits("no-limit", with(&[keep])));
        let idle: [(&str, u64, &[Pair]); 9] = [
            ("client-none", 1000, &[("timeout http-keep-alive", "1s"), ("timeout client", "0")]),
            ("keep-alive-1s", 1000, &[("timeout http-keep-alive", "1s")]),
            ("keep-alive-2500", 2500, &[("timeout http-keep-alive", "2500")]),
            ("request-1500ms", 1500, &[("timeout http-request", "1500ms")]),
            ("client-2s", 2000, &[("timeout client", "2s")]),
            ("client-first", 1000, &[("timeout http-keep-alive", "3s"), ("timeout client", "1s")]),
            (
                "request-after",
                1000,
                &[("timeout http-keep-alive", "1s"), ("timeout http-request", "2s")],
            ),
            (
                "request-before",
                2000,
                &[("timeout http-keep-alive", "2s"), ("timeout http-request", "800")],
            ),
            ("server", 1500, &[("timeout http-keep-alive", "1500ms"), ("timeout server", "200ms")]),
        ];
        for (name, ms, settings) in idle {
            plan.push(matrix::idle(&format!("idle-{name}"), with(settings), ms));
        }
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

impl Server for Haproxy {
    fn start(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        self.start_with(chosen, origin, "")
    }

    /// With one thread: each has idle connections of its own, and how many there are depends on the
    /// machine.
    fn start_before(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        self.start_with(chosen, origin, "global\n    nbthread 1\n")
    }
}

impl Haproxy {
    fn start_with(&self, chosen: &Chosen, origin: u16, global: &str) -> Result<Running, String> {
        let folder = Folder::new("haproxy")?;
        let port = free_port()?;
        folder.exports(chosen, port, origin)?;
        let global = folder.file("global.cfg", global)?;
        let mut command = Command::new(self.file().ok_or("haproxy is not installed")?);
        command.arg("-db").arg("-f").arg(global);
        command.arg("-f").arg(folder.path().join("haproxy.cfg"));
        Running::start(command, folder, port)
    }
}
