//! Apache httpd with a CGI program as its application.
use super::{Kind, Program, Server, Variant};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use keepalive::profile::Chosen;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Httpd;

impl Program for Httpd {
    fn product(&self) -> &'static str {
        "apache-httpd"
    }

    fn packages(&self) -> &'static [&'static str] {
        &["apache2-bin"]
    }

    fn file(&self) -> Option<PathBuf> {
        process::find(&["apache2", "httpd"])
    }

    fn version(&self) -> Result<String, String> {
        let said = output(Command::new(self.file().ok_or("it is not installed")?).arg("-v"))?;
        let words = said.split('/').nth(1).unwrap_or_default();
        Ok(words.split_whitespace().next().unwrap_or_default().to_owned())
    }

    fn how(&self) -> &'static str {
        "With the event and prefork MPM; the application is a CGI program."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| {
            settings.iter().fold(Chosen::new("apache-httpd", "2.4"), |chosen, (name, value)| {
                chosen.with(name, value)
            })
        };
        let mut plan = vec![
            matrix::full("default", with(&[("KeepAliveTimeout", "2")])),
            matrix::brief("prefork", with(&[("mpm", "prefork"), ("KeepAliveTimeout", "2")])),
            matrix::short("off", with(&[("KeepAlive", "Off")])),
            matrix::brief(
                "no-limit",
                with(&[("MaxKeepAliveRequests", "0"), ("KeepAliveTimeout", "2")]),
            ),
            matrix::brief("zero", with(&[("KeepAliveTimeout", "0")])),
        ];
        for limit in ["1", "2", "3"] {
            let chosen = with(&[("MaxKeepAliveRequests", limit), ("KeepAliveTimeout", "2")]);
            plan.push(matrix::limits(&format!("requests-{limit}"), chosen));
        }
        for (timeout, ms) in [("1", 1000), ("500ms", 500), ("1500ms", 1500), ("3", 3000)] {
            plan.push(matrix::idle(
                &format!("idle-{timeout}"),
                with(&[("KeepAliveTimeout", timeout)]),
                ms,
            ));
        }
        let prefork = with(&[("mpm", "prefork"), ("KeepAliveTimeout", "1")]);
        plan.push(matrix::idle("idle-prefork", prefork, 1000));
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

/// Where Debian and others keep the modules.
const MODULES: [&str; 3] =
    ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/libexec/apache2"];

/// What httpd does with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Program,
    /// It passes it on to this port.
    Server(u16),
}

impl Server for Httpd {
    fn start(&self, chosen: &Chosen, _origin: u16) -> Result<Running, String> {
        self.start_with(chosen, Behind::Program)
    }

    fn start_before(&self, chosen: &Chosen, origin: u16) -> Result<Running, String> {
        self.start_with(chosen, Behind::Server(origin))
    }
}

impl Httpd {
    fn start_with(&self, chosen: &Chosen, behind: Behind) -> Result<Running, String> {
        let folder = Folder::new("httpd")?;
        let port = free_port()?;
        let mpm = chosen.value("mpm").unwrap_or("event");
        let mut text = format!(
            "ServerName a\nServerRoot {}\nListen 127.0.0.1:{port}\nPidFile pid\nErrorLog error.log\n",
            folder.path().display()
        );
        load_modules(&mut text, mpm, behind)?;
        // It gives up the rights of root, if it has them, and then needs somebody to be.
        if process::is_root() {
            text.push_str("User nobody\nGroup nogroup\n");
        }
        match behind {
            Behind::Program => application(&mut text, mpm, &folder)?,
            Behind::Server(_) => processes(&mut text, mpm, chosen),
        }
        let origin = if let Behind::Server(origin) = behind { origin } else { 0 };
        folder.exports(chosen, port, origin)?;
        text.push_str("Include keepalive.conf\n");
        let told = std::fs::read_to_string(folder.path().join("keepalive.conf"));
        if behind != Behind::Program && !told.is_ok_and(|told| told.contains("ProxyPass /")) {
            text.push_str(&format!("ProxyPass / http://127.0.0.1:{origin}/\n"));
        }
        let file = folder.file("httpd.conf", &text)?;
        let mut command = Command::new(self.file().ok_or("apache2 is not installed")?);
        command.arg("-f").arg(file).args(["-D", "FOREGROUND"]);
        Running::start(command, folder, port)
    }
}

fn load_modules(text: &mut String, mpm: &str, behind: Behind) -> Result<(), String> {
    let modules = MODULES
        .iter()
        .map(Path::new)
        .find(|path| path.is_dir())
        .ok_or("its modules are not found")?;
    let mpm = format!("mpm_{mpm}");
    let last: &[&str] = match behind {
        Behind::Program => &["alias", "cgi"],
        Behind::Server(_) => &["proxy", "proxy_http", "slotmem_shm"],
    };
    for module in [mpm.as_str(), "authz_core", "setenvif", "env"].iter().chain(last) {
        text.push_str(&format!(
            "LoadModule {module}_module {}/mod_{module}.so\n",
            modules.display()
        ));
    }
    Ok(())
}

/// A CGI program, as fast as it gets: enough processes wait.
fn application(text: &mut String, mpm: &str, folder: &Folder) -> Result<(), String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    std::fs::create_dir_all(folder.path().join("docs")).map_err(|error| error.to_string())?;
    if mpm == "prefork" {
        text.push_str("StartServers 24\nMinSpareServers 16\nMaxSpareServers 40\n");
    }
    text.push_str("DocumentRoot docs\nSetEnv ap_trust_cgilike_cl 1\nScriptAlias /app program\n<Directory />\n  Require all granted\n</Directory>\n");
    std::fs::copy(own, folder.path().join("program")).map_err(|error| error.to_string())?;
    Ok(())
}

/// As many processes as are started, and no more: otherwise spare threads ask for others.
fn processes(text: &mut String, mpm: &str, chosen: &Chosen) {
    if let Some(number) = chosen.value("StartServers").filter(|_| mpm != "prefork") {
        let threads = number.parse().unwrap_or(1) * 25;
        text.push_str(&format!(
            "ServerLimit {number}\nMaxRequestWorkers {threads}\nMinSpareThreads 5\nMaxSpareThreads {threads}\n"
        ));
    }
}
