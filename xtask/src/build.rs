//! Builds and serves the page.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::process::run;
use crate::setup::{Setup, cargo_home};
use crate::{Outcome, budget, root};

/// Where the finished page lies.
pub fn dist() -> PathBuf {
    root().join("dist")
}

pub fn build_command(args: &[&str]) -> Outcome {
    let siblings = match args {
        [] => false,
        ["--br"] => true,
        _ => return Err(format!("`build` takes --br or nothing, not {args:?}")),
    };
    build()?;
    if siblings {
        for file in files(&dist())? {
            let bytes = read(&file)?;
            let mut name = file.into_os_string();
            name.push(".br");
            write(Path::new(&name), &budget::brotli(&bytes)?)?;
        }
    }
    println!("dist/ is ready: any static host can serve it, under any path.");
    Ok(())
}

/// Leaves the finished page in `dist/`.
pub fn build() -> Outcome {
    let mut setup = Setup::new(false)?;
    setup.page()?;
    let mut trunk = trunk(&setup);
    trunk.args(["build", "--release", "--dist"]).arg(dist());
    run(&mut trunk)?;
    minify(&setup)?;
    no_machine_paths()
}

pub fn serve(args: &[&str]) -> Outcome {
    let mut port = None;
    let mut release = false;
    let mut rest = args.iter();
    while let Some(word) = rest.next() {
        match *word {
            "--release" => release = true,
            "--port" => {
                let number = rest.next().ok_or("--port needs a number")?;
                port = Some(number.parse().map_err(|_| format!("`{number}` is no port"))?);
            }
            other => return Err(format!("`serve` does not know {other}")),
        }
    }
    let mut setup = Setup::new(false)?;
    setup.page()?;
    let port = free_port(port)?;
    let mut trunk = trunk(&setup);
    trunk.args(["serve", "--address", "127.0.0.1", "--port", &port.to_string()]);
    // Apart from `build`'s folder: both may run at once.
    trunk.arg("--dist").arg(root().join("target/serve"));
    if release {
        trunk.arg("--release");
    } else {
        trunk.args(["--cargo-profile", "preview"]);
    }
    fs::create_dir_all(root().join("target/serve")).map_err(|error| error.to_string())?;
    // trunk listens as soon as the first build is done.
    thread::spawn(move || {
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            thread::sleep(Duration::from_millis(100));
        }
        println!("\n  The explainer is at http://127.0.0.1:{port}/   (Ctrl-C ends)\n");
        drop(std::io::stdout().flush());
    });
    run(&mut trunk)
}

fn trunk(setup: &Setup) -> Command {
    let mut trunk = setup.command("trunk");
    // All tools are on PATH already; trunk is not to fetch any.
    trunk.env("TRUNK_OFFLINE", "true").env("TRUNK_SKIP_VERSION_CHECK", "true");
    // trunk takes NO_COLOR for a flag of its own and wants `true`, not any text.
    trunk.env_remove("NO_COLOR");
    trunk
}

/// The port asked for, which must be free, or the first free one from 8080 on.
fn free_port(wanted: Option<u16>) -> Outcome<u16> {
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    match wanted {
        Some(port) if free(&port) => Ok(port),
        Some(port) => Err(format!("port {port} is in use; name another with --port")),
        None => (8080..8180).find(free).ok_or_else(|| "ports 8080 to 8179 are in use".to_owned()),
    }
}

/// Scripts and sheets without what only their readers need. trunk's own minifier does not
/// understand the glue that wasm-bindgen writes.
fn minify(setup: &Setup) -> Outcome {
    for file in files(&dist())? {
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if !matches!(kind, "js" | "css") {
            continue;
        }
        let mut esbuild = setup.command("esbuild");
        esbuild.arg(&file).args(["--minify", "--log-level=warning", "--allow-overwrite"]);
        esbuild.arg(format!("--outfile={}", file.display()));
        // Sheets keep `light-dark()`: it is what the fallbacks are written for.
        esbuild.arg(if kind == "js" { "--format=esm" } else { "--target=esnext" });
        run(&mut esbuild)?;
    }
    Ok(())
}

/// Fails if the page tells where it was built.
fn no_machine_paths() -> Outcome {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let places: Vec<PathBuf> =
        [Some(cargo_home()), Some(root()), home].into_iter().flatten().collect();
    for file in files(&dist())? {
        let bytes = read(&file)?;
        for place in &places {
            let text = format!("{}/", place.display());
            if text.len() > 2 && bytes.windows(text.len()).any(|part| part == text.as_bytes()) {
                return Err(format!("{} contains the path {text}", file.display()));
            }
        }
    }
    Ok(())
}

/// Every file below `folder`, in a settled order.
pub fn files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let say = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(say)? {
        let path = entry.map_err(say)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

pub fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, bytes: &[u8]) -> Outcome {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}
