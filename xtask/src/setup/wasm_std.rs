//! The standard library for wasm32-unknown-unknown: what the toolchain has, else `rustup target
//! add`, else one built from Debian's packages, for machines that reach package registries only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Setup, apt, cargo_home};
use crate::Outcome;
use crate::process::{output, which};

pub const TARGET: &str = "wasm32-unknown-unknown";
/// Counted up when the recipe below changes, so that folders of the old one are not used.
const RECIPE: u32 = 1;
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-clippy"];

/// Where the standard library for wasm32 is.
pub enum WasmStd {
    /// In the toolchain that is in use anyway.
    Here,
    /// In a toolchain of our own, in this folder.
    Debian(PathBuf),
}

/// Is this a machine that must fetch from nowhere but the package registries?
pub fn registries_only() -> bool {
    std::env::var_os("KAE_WASM_STD").is_some_and(|value| value == "debian")
}

pub fn ensure(setup: &mut Setup) -> Outcome<WasmStd> {
    if registries_only() {
        return debian(setup).map(WasmStd::Debian);
    }
    let what = format!("std for {TARGET}");
    if here() {
        setup.found(&what, "in this toolchain");
        return Ok(WasmStd::Here);
    }
    if let Some(toolchain) = debian_rustc().and_then(|rustc| finished(setup, &rustc)) {
        setup.found(&what, &toolchain.display().to_string());
        return Ok(WasmStd::Debian(toolchain));
    }
    let mut error = "rustup is not on this machine".to_owned();
    if which("rustup").is_some() {
        setup.lock()?;
        let mut add = Command::new("rustup");
        match setup.step(&what, "10 s").run(add.args(["target", "add", TARGET])) {
            Ok(()) if here() => return Ok(WasmStd::Here),
            Ok(()) => "rustup added the target to another toolchain than the one in use"
                .clone_into(&mut error),
            Err(failure) => error = failure,
        }
    }
    if apt::here() {
        eprintln!("  {what:<28} not from rustup; trying Debian's packages");
        return debian(setup).map(WasmStd::Debian);
    }
    Err(format!("the target {TARGET} is needed (`rustup target add {TARGET}`).\n{error}"))
}

/// Does the toolchain in use know wasm32?
fn here() -> bool {
    host_sysroot().is_some_and(|sysroot| library(&sysroot, TARGET).is_dir())
}

fn host_sysroot() -> Option<PathBuf> {
    let text =
        output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(crate::root()))?;
    Some(PathBuf::from(text.trim()))
}

fn library(sysroot: &Path, target: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(target).join("lib")
}

/// Debian's compiler, as it is installed at this moment.
struct Rustc {
    release: String,
    host: String,
    /// Differs whenever the distribution moves its compiler: then the library is built anew.
    key: String,
}

fn debian_rustc() -> Option<Rustc> {
    let text = output(Command::new("/usr/bin/rustc").arg("-vV"))?;
    let line = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)).map(|value| value.trim().to_owned())
    };
    let (release, host, hash) = (line("release:")?, line("host:")?, line("commit-hash:")?);
    // A rebuild of the same version by the distribution shows in the file alone.
    let size = fs::metadata("/usr/bin/rustc").ok()?.len();
    let built = fs::metadata("/usr/bin/rustc").ok()?.modified().ok()?;
    let built = built.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    let hash = hash.chars().take(9).collect::<String>();
    Some(Rustc { key: format!("{release}-{hash}-{size}-{built}-r{RECIPE}"), release, host })
}

/// The toolchain folder built for `rustc`, if it is complete.
fn finished(setup: &Setup, rustc: &Rustc) -> Option<PathBuf> {
    let folder = setup.cache().join("wasm-std").join(&rustc.key);
    let whole = folder.join("complete").is_file() && linker(&folder, &rustc.host).is_file();
    whole.then_some(folder)
}

fn linker(sysroot: &Path, host: &str) -> PathBuf {
    sysroot.join("lib/rustlib").join(host).join("bin/rust-lld")
}

fn debian(setup: &mut Setup) -> Outcome<PathBuf> {
    let installed = || {
        let source = Path::new("/usr/lib/rustlib/src/rust/library/std").is_dir();
        let tools = ["/usr/bin/cargo", "/usr/bin/cargo-clippy", "/usr/bin/clippy-driver"];
        let tools = tools.iter().all(|tool| Path::new(tool).is_file());
        debian_rustc().filter(|_| source && tools)
    };
    let rustc = match installed() {
        Some(rustc) => rustc,
        None => {
            apt::install(setup, "rustc with std's source", "1 min", &DEBIAN_PACKAGES)?;
            installed().ok_or("Debian's rustc is installed but does not answer")?
        }
    };
    let what = format!("std for wasm32, {}", rustc.release);
    if let Some(folder) = finished(setup, &rustc) {
        setup.found(&what, &folder.display().to_string());
        return Ok(folder);
    }
    setup.lock()?;
    if let Some(folder) = finished(setup, &rustc) {
        return Ok(folder);
    }
    let shelf = setup.cache().join("wasm-std");
    // What was built for a compiler that is gone is of no more use.
    if shelf.exists() {
        fs::remove_dir_all(&shelf).map_err(|error| format!("{}: {error}", shelf.display()))?;
    }
    let folder = shelf.join(&rustc.key);
    build(setup, &rustc, &what, &folder)
        .map_err(|error| format!("{what} in {}: {error}", folder.display()))?;
    Ok(folder)
}

/// Compiles std and lays the folders of a toolchain around it.
fn build(setup: &Setup, rustc: &Rustc, what: &str, folder: &Path) -> Outcome {
    let say = |error: std::io::Error| error.to_string();
    let lld = host_sysroot().map(|sysroot| linker(&sysroot, &rustc.host));
    let lld = lld.filter(|lld| lld.is_file()).ok_or(
        "no rust-lld was found. Debian's packages lack it; a toolchain installed by rustup has it",
    )?;
    let scratch = folder.join("scratch");
    fs::create_dir_all(scratch.join("src")).map_err(say)?;
    let manifest = "[package]\nname = \"nothing\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(scratch.join("Cargo.toml"), manifest).map_err(say)?;
    fs::write(scratch.join("src/lib.rs"), "").map_err(say)?;

    let source = fs::canonicalize("/usr/lib/rustlib/src/rust").map_err(say)?;
    let flags = [
        "-Cembed-bitcode=yes".to_owned(), // without it there is no link-time optimisation
        format!("--remap-path-prefix={}=/rust", source.display()),
        "--remap-path-prefix=/usr/lib/rustlib/src/rust=/rust".to_owned(),
        format!("--remap-path-prefix={}=/cargo", cargo_home().display()),
    ];
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.args(["build", "--release", "--target", TARGET]);
    cargo.arg("-Zbuild-std=std,panic_abort,panic_unwind,test,proc_macro");
    cargo.current_dir(&scratch).env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")).env_remove("RUSTFLAGS");
    cargo.env("CARGO_TARGET_DIR", scratch.join("target"));
    for name in ["RUSTUP_TOOLCHAIN", "CARGO", "LD_LIBRARY_PATH"] {
        cargo.env_remove(name);
    }
    setup.step(what, "40 s").run(&mut cargo)?;

    let into = library(folder, TARGET);
    fs::create_dir_all(&into).map_err(say)?;
    let built = scratch.join("target").join(TARGET).join("release/deps");
    for entry in fs::read_dir(built).map_err(say)? {
        let path = entry.map_err(say)?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
        if name.ends_with(".rlib") && !name.starts_with("libnothing-") {
            fs::copy(&path, into.join(name)).map_err(say)?;
        }
    }
    fs::remove_dir_all(&scratch).map_err(say)?;

    let host = library(folder, &rustc.host);
    let own_linker = linker(folder, &rustc.host);
    for file in [&host, &own_linker] {
        fs::create_dir_all(file.parent().unwrap_or(file)).map_err(say)?;
    }
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).map_err(say)?;
    link(&library(Path::new("/usr"), &rustc.host), &host)?;
    link(&lld, &own_linker)?;
    link(Path::new("/usr/bin/cargo"), &bin.join("cargo"))?;
    // Copied: through a link it would look for the driver beside the link's end.
    fs::copy("/usr/bin/cargo-clippy", bin.join("cargo-clippy")).map_err(say)?;
    let root = folder.display();
    for name in ["rustc", "rustdoc"] {
        let text = format!("#!/bin/sh\nexec /usr/bin/{name} --sysroot '{root}' \"$@\"\n");
        script(&bin.join(name), &text)?;
    }
    let text = format!("#!/bin/sh\nSYSROOT='{root}' exec /usr/bin/clippy-driver \"$@\"\n");
    script(&bin.join("clippy-driver"), &text)?;
    fs::write(folder.join("complete"), "").map_err(say)
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Outcome {
    std::os::unix::fs::symlink(to, at).map_err(|error| format!("{}: {error}", at.display()))
}

#[cfg(unix)]
fn script(at: &Path, text: &str) -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    fs::write(at, text)
        .and_then(|()| fs::set_permissions(at, fs::Permissions::from_mode(0o755)))
        .map_err(|error| format!("{}: {error}", at.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, at: &Path) -> Outcome {
    Err(format!("{}: Debian's packages are for Debian", at.display()))
}

#[cfg(not(unix))]
fn script(at: &Path, _: &str) -> Outcome {
    Err(format!("{}: Debian's packages are for Debian", at.display()))
}
