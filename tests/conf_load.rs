//! The files that are exported, read by the real programs where they are installed. Nothing is
//! started: each program only checks its configuration.
#![cfg(not(target_arch = "wasm32"))]

mod conf_support;

use conf_support::{known, samples};
use keepalive::conf::{Export, Place, export};
use keepalive::profile::{Chosen, product};
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

/// Ports that a check may bind for a moment.
const PLACE: Place = Place { listen_port: 18_471, origin_port: 18_472 };

/// Calls `check` with the files of a product: nothing set, each setting alone, all together.
fn each(id: &str, version: &str, check: &mut dyn FnMut(&[Export])) {
    if product(id).is_none() {
        println!("skipped: {id} is not among the products");
        return;
    }
    let bare = Chosen::new(id, version);
    let (mut all, mut files) = (bare.clone(), vec![bare.clone()]);
    for setting in known(&bare) {
        for value in samples(setting, &bare) {
            files.push(bare.clone().with(setting.name, &value));
            all.set(setting.name, &value);
        }
    }
    files.push(all);
    for chosen in files {
        let files = export(&chosen, &PLACE).expect("what is valid can be exported");
        check(&files);
    }
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
    let mut check = |files: &[Export]| {
        let [file] = files else { panic!("one file: {files:?}") };
        let exported = put(&folder, "keepalive.conf", &file.text);
        let main = format!(
            "pid {here}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n  access_log off;\n\
             {temporary}  include {exported};\n}}\n"
        );
        let main = put(&folder, "nginx.conf", &main);
        let arguments = ["-t", "-q", "-p", &here.to_string(), "-c", &main];
        accepts(&nginx, &arguments, &file.text);
    };
    each("nginx", "1.0", &mut check);
    each("nginx", "1.22", &mut check);
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
    let mut main = format!(
        "ServerRoot {here}\nServerName localhost\nListen 127.0.0.1:18471\nPidFile {here}/pid\n\
         ErrorLog {here}/error.log\n"
    );
    for module in ["mpm_event", "env", "authz_core", "reqtimeout"] {
        let line = format!("LoadModule {module}_module {modules}/mod_{module}.so");
        writeln!(main, "{line}").expect("a string takes every text");
    }
    each("apache-httpd", "2.4", &mut |files| {
        let [file] = files else { panic!("one file: {files:?}") };
        let exported = put(&folder, "keepalive.conf", &file.text);
        let main = put(&folder, "httpd.conf", &format!("{main}Include {exported}\n"));
        accepts(&httpd, &["-t", "-f", &main], &file.text);
    });
}

#[test]
fn haproxy_reads_its_file() {
    let Some(haproxy) = installed("haproxy") else { return };
    let folder = folder("haproxy");
    each("haproxy", "2.6", &mut |files| {
        let [file] = files else { panic!("one file: {files:?}") };
        let exported = put(&folder, "haproxy.cfg", &file.text);
        accepts(&haproxy, &["-c", "-f", &exported], &file.text);
    });
}

#[test]
fn lighttpd_reads_its_file() {
    let Some(lighttpd) = installed("lighttpd") else { return };
    let folder = folder("lighttpd");
    each("lighttpd", "1.4.69", &mut |files| {
        let [file] = files else { panic!("one file: {files:?}") };
        let exported = put(&folder, "lighttpd.conf", &file.text);
        accepts(&lighttpd, &["-tt", "-f", &exported], &file.text);
    });
}

#[test]
fn node_reads_its_files() {
    let Some(node) = installed("node") else { return };
    let folder = folder("node");
    for id in ["node", "node-agent", "node-fetch"] {
        // One start of Node takes long: all at once, and nothing set.
        let mut seen = 0;
        let mut last = None;
        each(id, "", &mut |files| {
            let [file] = files else { panic!("one file: {files:?}") };
            if seen == 0 {
                let exported = put(&folder, &file.file_name, &file.text);
                accepts(&node, &["--check", &exported], &file.text);
            }
            seen += 1;
            last = Some(file.clone());
        });
        let Some(file) = last else { continue };
        let exported = put(&folder, &file.file_name, &file.text);
        accepts(&node, &["--check", &exported], &file.text);
    }
}

#[test]
fn java_reads_its_files() {
    let (Some(java), Some(javac)) = (installed("java"), installed("javac")) else { return };
    let folder = folder("java");
    let here = folder.display().to_string();
    for id in ["java-httpserver", "java-httpurlconnection", "java-net-http"] {
        let mut last = Vec::new();
        each(id, "", &mut |files| last = files.to_vec());
        for file in last {
            let exported = put(&folder, &file.file_name, &file.text);
            if file.file_name.contains(".java") {
                accepts(&javac, &["-d", &here, &exported], &file.text);
            } else {
                accepts(&java, &[&format!("@{exported}"), "-version"], &file.text);
            }
        }
    }
}

#[test]
fn python_reads_its_files() {
    let Some(python) = installed("python3") else { return };
    let folder = folder("python");
    for id in ["python-http-client", "python-requests"] {
        let mut last = Vec::new();
        each(id, "", &mut |files| last = files.to_vec());
        for file in last {
            let exported = put(&folder, &file.file_name, &file.text);
            let parse = "import ast, sys; ast.parse(open(sys.argv[1]).read())";
            accepts(&python, &["-c", parse, &exported], &file.text);
        }
    }
}
