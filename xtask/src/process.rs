//! Running other programs: visibly, silently, or with one line of progress.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Runs `command` with its output going straight to the terminal.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command))) }
}

/// What `command` prints, if it can be started and succeeds. Standard input is empty.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    if !output.status.success() {
        return None;
    }
    String::from_utf8(output.stdout).ok()
}

/// Runs `command` and hands each line of its output (both streams, in order) to `line`, which
/// decides what the terminal sees. True if the command succeeded.
pub fn each_line(command: &mut Command, mut line: impl FnMut(&str)) -> Outcome<bool> {
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    let both = writer.try_clone().map_err(|error| error.to_string())?;
    command.stdout(both).stderr(writer).stdin(Stdio::null());
    let mut child = command.spawn().map_err(|error| cannot_start(command, &error))?;
    // The command holds the pipe's writing ends; while it does, reading never ends.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes).map_err(|error| error.to_string())? > 0 {
        line(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
    Ok(child.wait().map_err(|error| error.to_string())?.success())
}

/// One long step of the set-up: a line that says what and how long, and the output kept in
/// `log`, of which the end is shown if the step fails.
pub struct Step<'a> {
    pub what: &'a str,
    pub about: &'a str,
    pub log: PathBuf,
}

impl Step<'_> {
    #[expect(clippy::disallowed_methods, reason = "it tells a person how long the step took")]
    pub fn run(&self, command: &mut Command) -> Outcome {
        if let Some(folder) = self.log.parent() {
            fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        }
        let log = File::create(&self.log).map_err(|e| format!("{}: {e}", self.log.display()))?;
        let both = log.try_clone().map_err(|error| error.to_string())?;
        let start = Instant::now();
        let live = std::io::stderr().is_terminal();
        eprintln!("  {:<28} installing, about {}", self.what, self.about);
        let mut child = command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(both)
            .spawn()
            .map_err(|error| cannot_start(command, &error))?;
        let mut told = 0;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
                break status;
            }
            thread::sleep(Duration::from_millis(200));
            let seconds = start.elapsed().as_secs();
            if live {
                let last: String = tail(&self.log, 1).concat().chars().take(60).collect();
                eprint!("\r\x1b[2K    {} {last}", spoken(seconds));
                drop(std::io::stderr().flush());
            } else if seconds >= told + 60 {
                told = seconds;
                eprintln!("    {} {}", spoken(seconds), tail(&self.log, 1).concat());
            }
        };
        if live {
            eprint!("\r\x1b[2K");
        }
        if status.success() {
            eprintln!("  {:<28} installed in {}", self.what, spoken(start.elapsed().as_secs()));
            return Ok(());
        }
        Err(format!(
            "{} could not be installed (`{}`).\n{}\nThe whole output: {}",
            self.what,
            shown(command),
            tail(&self.log, 15).join("\n"),
            self.log.display(),
        ))
    }
}

/// Seconds as a person says them.
pub fn spoken(seconds: u64) -> String {
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// The last lines of a log that may still be growing.
fn tail(path: &Path, lines: usize) -> Vec<String> {
    let Ok(mut file) = File::open(path) else { return Vec::new() };
    let length = file.metadata().map_or(0, |data| data.len());
    let mut bytes = Vec::new();
    if file.seek(SeekFrom::Start(length.saturating_sub(4096))).is_err()
        || file.read_to_end(&mut bytes).is_err()
    {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    all[all.len().saturating_sub(lines)..].iter().map(|line| (*line).to_owned()).collect()
}

/// The program `name` on this machine's PATH.
pub fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).map(|folder| folder.join(&name)).find(|file| file.is_file())
}

/// PATH with `folders` in front.
pub fn path_with(folders: &[PathBuf]) -> OsString {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().cloned().chain(std::env::split_paths(&old));
    std::env::join_paths(all).unwrap_or(old)
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", shown(command))
}
