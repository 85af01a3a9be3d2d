//! nginx as a proxy before the application.
use super::{Kind, Program, Server, Variant};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use keepalive::profile::Chosen;
use std::path::PathBuf;
use std::process::Command;

pub struct Nginx;

impl Program for Nginx {
    fn product(&self) -> &'static str {
        "nginx"
    }

    fn packages(&self) -> &'static [&'static str] {
        &["nginx-light"]
    }

    fn file(&self) -> Option<PathBuf> {
        process::find(&["nginx"])
    }

    fn version(&self) -> Result<String, String> {
        let said = output(Command::new("nginx").arg("-v"))?;
        Ok(said.rsplit('/').next().unwrap_or_default().trim().to_owned())
    }

    fn how(&self) -> &'static str {
        "As a reverse proxy before an origin on the same machine, HTTP/1.1 to the origin."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| {
            settings.iter().fold(Chosen::new("nginx", "1.22"), |chosen, (name, value)| {
                chosen.with(name, value)
            })
        };
        let mut plan = vec![
            matrix::full("default", with(&[("keepalive_timeout", "2s")])),
            matrix::brief("announced", with(&[("keepalive_timeout", "2s 7s")])),
            matrix::short("off", with(&[("keepalive_timeout", "0")])),
            matrix::short(
                "no-chunks",
                with(&[("chunked_transfer_encoding", "off"), ("keepalive_timeout", "2s")]),
            ),
        ];
        for limit in ["0", "1", "2", "3"] {
            let chosen = with(&[("keepalive_requests", limit), ("keepalive_timeout", "2s")]);
            plan.push(matrix::limits(&format!("requests-{limit}"), chosen));
        }
        plan.push(matrix::limits(
            "time",
            with(&[("keepalive_time", "1s"), ("keepalive_timeout", "2s")]),
        ));
        for (timeout, ms) in
            [("1s", 1000), ("1500ms", 1500), ("2s 1s", 2000), ("3s 10s", 3000), ("4", 4000)]
        {
            plan.push(matrix::idle(
                &format!("idle-{timeout}"),
                with(&[("keepalive_timeout", timeout)]),
                ms,
            ));
        }
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

impl Server for Nginx {
    /// The application is to be asked in HTTP/1.1.
    fn start(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        self.start_before(&chosen.clone().with("proxy_http_version", "1.1"), origin)
    }

    fn start_before(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        let folder = Folder::new("nginx")?;
        let port = free_port()?;
        folder.exports(chosen, port, origin)?;
        let main = "daemon off;\nmaster_process on;\nworker_processes 1;\npid nginx.pid;\nerror_log stderr;\n\
            events { worker_connections 1024; }\n\
            http {\n  access_log off;\n  client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fcgi;\n  \
            uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n  include keepalive.conf;\n}\n";
        let main = folder.file("nginx.conf", main)?;
        let mut command = Command::new(self.file().ok_or("nginx is not installed")?);
        command.arg("-p").arg(folder.path()).arg("-c").arg(main).args(["-e", "stderr"]);
        Running::start(command, folder, port)
    }
}
