//! The files that are exported, read by the real programs where they are installed. Nothing is
//! started: each program only checks its configuration.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::conf::{Place, export};
use keepalive::profile::Chosen;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("conf_load").join(name);
    fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}

/// Where the program is; None, with a line that says so, if it is not installed.
fn installed(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.extend(["/usr/sbin", "/usr/bin", "/usr/local/sbin"].map(PathBuf::from));
    let found = folders.iter().map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        println!("skipped: {program} is not installed");
    }
    found
}

/// Runs a check and fails with what the program said.
#[track_caller]
fn accepts(program: &Path, arguments: &[&str], about: &str) {
    let done = Command::new(program).args(arguments).output().expect("it can be run");
    let said =
        String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{} {}: {said}\n{about}",
        program.display(),
        arguments.join(" ")
    );
}

/// The only file of a choice.
fn text(chosen: &Chosen) -> String {
    let files = export(chosen, &Place::default()).expect("it can be exported");
    assert_eq!(files.len(), 1);
    files.into_iter().map(|file| file.text).collect()
}

fn put(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    fs::write(&file, text).expect("the file can be written");
    file.display().to_string()
}

#[test]
fn nginx_reads_its_file() {
    let Some(nginx) = installed("nginx") else { return };
    let folder = folder("nginx");
    let here = folder.display();
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("  {kind}_temp_path {here}/{kind};\n"))
        .concat();
    let all = Chosen::new("nginx", "1.22")
        .with("keepalive_timeout", "2s 7")
        .with("keepalive_requests", "3")
        .with("keepalive_time", "1h")
        .with("keepalive_disable", "msie6 safari")
        .with("chunked_transfer_encoding", "off")
        .with("client_header_timeout", "10s")
        .with("lingering_close", "always")
        .with("lingering_time", "3s")
        .with("lingering_timeout", "1s");
    for chosen in [Chosen::new("nginx", "1.22"), Chosen::new("nginx", "1.0"), all] {
        let exported = text(&chosen);
        let file = put(&folder, "keepalive.conf", &exported);
        let main = format!(
            "pid {here}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n  access_log off;\n\
             {temporary}  include {file};\n}}\n"
        );
        let main = put(&folder, "nginx.conf", &main);
        let arguments = ["-t", "-q", "-p", &here.to_string(), "-c", &main];
        accepts(&nginx, &arguments, &exported);
    }
}

#[test]
fn httpd_reads_its_file() {
    let Some(httpd) = installed("apache2").or_else(|| installed("httpd")) else { return };
    let modules = ["/usr/lib/apache2/modules", "/usr/lib64/httpd/modules"];
    let Some(modules) = modules.into_iter().find(|folder| Path::new(folder).is_dir()) else {
        println!("skipped: the modules of httpd are not in a known folder");
        return;
    };
    let folder = folder("httpd");
    let here = folder.display();
    let all = Chosen::new("apache-httpd", "2.4")
        .with("KeepAlive", "On")
        .with("KeepAliveTimeout", "500ms")
        .with("MaxKeepAliveRequests", "3")
        .with("TimeOut", "10")
        .with("mpm", "worker")
        .with("nokeepalive", "set")
        .with("downgrade-1.0", "unset")
        .with("force-response-1.0", "set");
    for chosen in [Chosen::new("apache-httpd", ""), all] {
        let exported = text(&chosen);
        let file = put(&folder, "keepalive.conf", &exported);
        let mut main = format!(
            "ServerRoot {here}\nServerName localhost\nListen 127.0.0.1:8080\nPidFile {here}/pid\n\
             ErrorLog {here}/error.log\n"
        );
        for module in ["mpm_event", "env", "authz_core", "reqtimeout"] {
            let line = format!("LoadModule {module}_module {modules}/mod_{module}.so");
            writeln!(main, "{line}").expect("a string takes every text");
        }
        let main = put(&folder, "httpd.conf", &format!("{main}Include {file}\n"));
        accepts(&httpd, &["-t", "-f", &main], &exported);
    }
}
