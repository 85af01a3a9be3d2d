//! lighttpd as a proxy before the application.
use super::{Kind, Program, Server, Variant};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use keepalive::profile::Chosen;
use std::path::PathBuf;
use std::process::Command;

pub struct Lighttpd;

impl Program for Lighttpd {
    fn product(&self) -> &'static str {
        "lighttpd"
    }

    fn packages(&self) -> &'static [&'static str] {
        &["lighttpd"]
    }

    fn file(&self) -> Option<PathBuf> {
        process::find(&["lighttpd"])
    }

    fn version(&self) -> Result<String, String> {
        let said = output(Command::new(self.file().ok_or("it is not installed")?).arg("-v"))?;
        let words = said.split('/').nth(1).unwrap_or_default();
        Ok(words.split_whitespace().next().unwrap_or_default().to_owned())
    }

    fn how(&self) -> &'static str {
        "As a reverse proxy (mod_proxy) before an origin on the same machine; a server for each case, \
         because its clock is moved by what happens on other connections."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| {
            settings.iter().fold(Chosen::new("lighttpd", "1.4.69"), |chosen, (name, value)| {
                chosen.with(name, value)
            })
        };
        let idle = |seconds| ("server.max-keep-alive-idle", seconds);
        let mut plan = vec![
            matrix::full("default", with(&[idle("2")])),
            matrix::short("off", with(&[idle("0")])),
            matrix::brief("read-idle", with(&[idle("2"), ("server.max-read-idle", "1")])),
        ];
        for mode in ["1", "2"] {
            let chosen = with(&[idle("2"), ("server.stream-response-body", mode)]);
            plan.push(matrix::brief(&format!("stream-{mode}"), chosen));
        }
        for limit in ["0", "1", "2", "3"] {
            let chosen = with(&[("server.max-keep-alive-requests", limit), idle("3")]);
            plan.push(matrix::limits(&format!("requests-{limit}"), chosen));
        }
        for (seconds, ms) in [("1", 1000), ("2", 2000), ("3", 3000), ("4", 4000)] {
            plan.push(matrix::idle(&format!("idle-{seconds}"), with(&[idle(seconds)]), ms));
        }
        let read = with(&[idle("3"), ("server.max-read-idle", "1")]);
        plan.push(matrix::idle("idle-read-1", read, 3000));
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

impl Server for Lighttpd {
    fn start(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        let port = free_port()?;
        let folder = Folder::new(&format!("lighttpd-{port}"))?;
        folder.exports(chosen, port, origin)?;
        let mut command = Command::new(self.file().ok_or("lighttpd is not installed")?);
        command.arg("-D").arg("-f").arg(folder.path().join("lighttpd.conf"));
        Running::start(command, folder, port)
    }

    fn is_disturbed_by_others(&self) -> bool {
        true
    }
}
