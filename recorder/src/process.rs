//! Starts programs in the foreground, with a folder of their own, and ends them by their number.
use keepalive::conf::{Place, export};
use keepalive::profile::Chosen;
use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long a program may take until it listens.
const START: Duration = Duration::from_secs(20);

/// A folder that is removed with its owner.
pub struct Folder(PathBuf);

impl Folder {
    /// # Errors
    /// If it cannot be made.
    pub fn new(name: &str) -> Result<Self, String> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let unique = format!("keepalive-record-{}-{name}-{number}", std::process::id());
        let path = std::env::temp_dir().join(unique);
        fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file into it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn file(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(path)
    }

    /// Writes the files that a user would take from the page for these settings.
    ///
    /// # Errors
    /// If there is no file for this product, or it cannot be written.
    pub fn exports(
        &self,
        chosen: &Chosen,
        listen_port: u16,
        origin_port: u16,
    ) -> Result<(), String> {
        let files = export(chosen, &Place { listen_port, origin_port })
            .map_err(|error| error.to_string())?;
        files.iter().try_for_each(|file| self.file(&file.file_name, &file.text).map(drop))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left in the system's folder for temporary files does no harm.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that runs; it ends with this value.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
    /// Its files, as long as it runs.
    _folder: Folder,
}

impl Running {
    /// Starts `command` and waits until something listens on `port`.
    ///
    /// # Errors
    /// If it cannot be started, ends at once, or does not listen: the message holds what it said.
    pub fn start(mut command: Command, folder: Folder, port: u16) -> Result<Self, String> {
        let said = folder.path().join("said.txt");
        let file = fs::File::create(&said).map_err(|error| error.to_string())?;
        let copy = file.try_clone().map_err(|error| error.to_string())?;
        // httpd ends its whole process group when it is asked to end.
        command.process_group(0);
        command.stdin(Stdio::null()).stdout(file).stderr(copy);
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut running = Self { child, address, _folder: folder };
        let begin = Instant::now();
        loop {
            if TcpStream::connect(address).is_ok() {
                return Ok(running);
            }
            let ended = running.child.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || begin.elapsed() > START {
                let text = fs::read_to_string(&said).unwrap_or_default();
                let last = text
                    .lines()
                    .rev()
                    .find(|line| !line.trim().is_empty())
                    .unwrap_or("it said nothing");
                let what = if ended.is_some() { "ended at once" } else { "does not listen" };
                return Err(format!("{name} {what}: {last}"));
            }
            sleep(Duration::from_millis(30));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Its children end with it only if it is asked; by force only if asking was not enough.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).stderr(Stdio::null()).status();
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(3) {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port of the loopback that was free a moment ago.
///
/// # Errors
/// If none can be had.
pub fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    listener.local_addr().map(|address| address.port()).map_err(|error| error.to_string())
}

/// The first of these programs that is installed.
pub fn find(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    let system = ["/usr/sbin", "/usr/local/sbin", "/usr/bin"].map(PathBuf::from);
    let places = folders.iter().chain(&system);
    places
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|path| path.is_file())
}

/// Does this program run as root?
pub fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout.starts_with(b"0\n"))
}

/// What a program says when it is asked something; both streams.
///
/// # Errors
/// If it cannot be run.
pub fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let both = [output.stdout, output.stderr].concat();
    Ok(String::from_utf8_lossy(&both).into_owned())
}
