//! Finds or installs what the commands need, one line per piece. When all is there it costs a
//! few file look-ups and says nothing.
//!
//! Everything that is installed lands in one folder per user, shared by all clones; node packages
//! alone lie in the clone. A piece that the machine already has in a fitting version is used.

mod apt;
mod cargo_tool;
mod wasm_std;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{self, Step, path_with, which};
use crate::{Outcome, root};
use cargo_tool::CargoTool;
pub use wasm_std::WasmStd;

const TRUNK: &str = "0.21.14";
const WASM_PACK: &str = "0.15.1";
/// Older Node lacks what the page tests use.
const NODE_AT_LEAST: u32 = 20;

/// What is known so far about this machine.
pub struct Setup {
    /// Say what was found, too.
    talkative: bool,
    cache: PathBuf,
    /// Folders that come first on PATH for every tool.
    path: Vec<PathBuf>,
    std: Option<WasmStd>,
    /// Held from the first installation on, so that two clones never install at once.
    lock: Option<File>,
}

impl Setup {
    pub fn new(talkative: bool) -> Outcome<Self> {
        let cache = cache_folder()?;
        fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
        Ok(Self { talkative, cache, path: Vec::new(), std: None, lock: None })
    }

    /// Everything that any command needs.
    pub fn everything(&mut self) -> Outcome {
        self.page()?;
        self.wasm_pack()?;
        self.browser()?;
        eprintln!("  all there.");
        Ok(())
    }

    /// To build the page.
    pub fn page(&mut self) -> Outcome {
        self.wasm_std()?;
        self.wasm_bindgen()?;
        self.node_packages()?;
        self.cargo_tool(&CargoTool {
            package: "trunk",
            binary: "trunk",
            version: TRUNK,
            why: "bundles and serves the page",
            about: "9 min",
            locked: true,
        })
    }

    /// To run Rust tests in the browser.
    pub fn wasm_tests(&mut self) -> Outcome<Browser> {
        self.wasm_std()?;
        self.wasm_bindgen()?;
        self.wasm_pack()?;
        self.browser()
    }

    fn wasm_pack(&mut self) -> Outcome {
        self.cargo_tool(&CargoTool {
            package: "wasm-pack",
            binary: "wasm-pack",
            version: WASM_PACK,
            why: "runs Rust tests in a browser",
            about: "2 min",
            locked: true,
        })
    }

    /// The standard library for wasm32, and the toolchain that has it.
    pub fn wasm_std(&mut self) -> Outcome {
        if self.std.is_none() {
            let std = wasm_std::ensure(self)?;
            if let WasmStd::Debian(toolchain) = &std {
                self.path.insert(0, toolchain.join("bin"));
            }
            self.std = Some(std);
        }
        Ok(())
    }

    fn wasm_bindgen(&mut self) -> Outcome {
        let lock = root().join("Cargo.lock");
        let version = fs::read_to_string(&lock)
            .ok()
            .and_then(|text| locked_version(&text, "wasm-bindgen"))
            .ok_or_else(|| format!("{} names no wasm-bindgen", lock.display()))?;
        self.cargo_tool(&CargoTool {
            package: "wasm-bindgen-cli",
            binary: "wasm-bindgen",
            version: &version,
            why: "joins wasm and JavaScript",
            about: "3 min",
            // Its own lock file names versions that not every registry mirror carries.
            locked: false,
        })
    }

    fn cargo_tool(&mut self, tool: &CargoTool) -> Outcome {
        if let Some(folder) = cargo_tool::ensure(self, tool)? {
            self.path.push(folder);
        }
        Ok(())
    }

    /// esbuild, wasm-opt, Playwright and axe.
    pub fn node_packages(&mut self) -> Outcome {
        self.node()?;
        let modules = root().join("node_modules");
        let lock = root().join("package-lock.json");
        let wanted = fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
        let stamp = modules.join(".installed-from.json");
        if fs::read(&stamp).is_ok_and(|found| found == wanted) {
            self.found("node packages", "wasm-opt, esbuild, Playwright, axe");
        } else {
            self.lock()?;
            let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
            // No package needs its install script: what is used here ships its binaries.
            npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(root());
            self.step("node packages", "10 s").run(&mut npm)?;
            fs::write(&stamp, wanted).map_err(|error| format!("{}: {error}", stamp.display()))?;
        }
        self.path.push(modules.join(".bin"));
        Ok(())
    }

    fn node(&mut self) -> Outcome {
        let fits = || {
            let text = process::output(Command::new("node").arg("--version"))?;
            let major: u32 = text.trim().trim_start_matches('v').split('.').next()?.parse().ok()?;
            (major >= NODE_AT_LEAST && which("npm").is_some()).then_some(text.trim().to_owned())
        };
        if let Some(version) = fits() {
            self.found("node", &version);
            return Ok(());
        }
        let advice =
            format!("Node {NODE_AT_LEAST} or newer with npm is needed: https://nodejs.org");
        if !apt::here() {
            return Err(advice);
        }
        apt::install(self, "node", "30 s", &["nodejs", "npm"])?;
        fits().map(drop).ok_or(advice)
    }

    /// The browser and its driver.
    pub fn browser(&mut self) -> Outcome<Browser> {
        if let Some(browser) = Browser::find() {
            self.found("browser", &browser.chromium.display().to_string());
            return Ok(browser);
        }
        if !apt::here() {
            return Err(
                "Chromium (or Chrome) and chromedriver on PATH are needed for tests in the \
                        browser; KAE_CHROMIUM and KAE_CHROMEDRIVER can name them."
                    .to_owned(),
            );
        }
        apt::install(self, "chromium, chromium-driver", "30 s", &["chromium", "chromium-driver"])?;
        Browser::find().ok_or_else(|| "chromium was installed but is not on PATH".to_owned())
    }

    /// A command that sees all tools, and the toolchain that knows wasm32.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.program(program));
        self.apply(&mut command);
        command
    }

    /// The program as `command`'s own PATH finds it; a child's PATH is not searched everywhere.
    fn program(&self, name: &str) -> PathBuf {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        let own = self.path.iter().map(|folder| folder.join(&file)).find(|path| path.is_file());
        own.or_else(|| which(name)).unwrap_or_else(|| PathBuf::from(name))
    }

    fn apply(&self, command: &mut Command) {
        command.current_dir(root()).env("PATH", path_with(&self.path));
        if let Some(WasmStd::Debian(_)) = &self.std {
            // Set by the cargo that runs this program; they would lead back to its toolchain.
            for name in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH"] {
                command.env_remove(name);
            }
        }
        // No path of the building machine in what is built.
        let flags = format!("--remap-path-prefix={}=/cargo", cargo_home().display());
        command.env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("RUSTFLAGS");
    }

    pub fn cache(&self) -> &Path {
        &self.cache
    }

    fn found(&self, what: &str, version: &str) {
        if self.talkative {
            eprintln!("  {what:<28} found: {version}");
        }
    }

    fn step<'a>(&self, what: &'a str, about: &'a str) -> Step<'a> {
        let name: String =
            what.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        Step { what, about, log: self.cache.join("log").join(format!("{name}.txt")) }
    }

    /// Waits until no other clone is installing.
    fn lock(&mut self) -> Outcome {
        if self.lock.is_none() {
            let path = self.cache.join("lock");
            let file = File::create(&path).map_err(|e| format!("{}: {e}", path.display()))?;
            if file.try_lock().is_err() {
                eprintln!("  another set-up is running; waiting for it");
                file.lock().map_err(|error| format!("{}: {error}", path.display()))?;
            }
            self.lock = Some(file);
        }
        Ok(())
    }
}

/// The browser that tests run in.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

impl Browser {
    fn find() -> Option<Self> {
        let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
        let names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
        let chromium =
            named("KAE_CHROMIUM").or_else(|| names.into_iter().find_map(which)).or_else(|| {
                let mac = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";
                Some(PathBuf::from(mac)).filter(|path| path.is_file())
            })?;
        let driver = named("KAE_CHROMEDRIVER").or_else(|| which("chromedriver"))?;
        Some(Self { chromium, driver })
    }
}

fn cache_folder() -> Outcome<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    variable("KAE_CACHE")
        .map(PathBuf::from)
        .or_else(|| variable("XDG_CACHE_HOME").map(|home| own_folder(&home)))
        .or_else(|| variable("HOME").map(|home| own_folder(&PathBuf::from(home).join(".cache"))))
        .or_else(|| variable("LOCALAPPDATA").map(|home| own_folder(&home)))
        .ok_or_else(|| "no home folder is known; set KAE_CACHE".to_owned())
}

fn own_folder(parent: &(impl AsRef<Path> + ?Sized)) -> PathBuf {
    parent.as_ref().join("keepalive-explainer")
}

pub fn cargo_home() -> PathBuf {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = || std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    named.or_else(|| home().map(|home| PathBuf::from(home).join(".cargo"))).unwrap_or_default()
}

/// The version of `package` in a Cargo.lock.
fn locked_version(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?;
    Some(version.trim_end_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::locked_version;

    #[test]
    fn the_lock_file_gives_the_version_of_exactly_this_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }
}
