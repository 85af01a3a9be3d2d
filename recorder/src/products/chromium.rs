//! Headless Chromium with a page of ours, which fetches what a case says: a browser process for each
//! case, so that no pool outlives its case.
use super::{Client, Kind, Program, Variant};
use crate::case::Case;
use crate::driver::job;
use crate::matrix_clients as matrix;
use crate::origin::request;
use crate::process::{self, Folder, output};
use crate::textbook::Textbook;
use keepalive::proof::Seen;
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

pub struct Chromium;

/// Says that it is there, takes the job, and fetches. Fields that a page cannot set are left out.
const PAGE: &str = r#"<!doctype html><title>case</title><script>
const job = fetch("/job").then((answer) => answer.json());
job.then(({ port, exchanges }) => exchanges.forEach(({ at, method, target, headers, body }) => {
  setTimeout(async () => {
    const options = { method, headers, cache: "no-store", credentials: "omit" };
    if (body > 0) options.body = new Blob(["x".repeat(body)]);
    const answer = await fetch(`http://127.0.0.1:${port}${target}`, options);
    await answer.arrayBuffer();
  }, at);
}));
</script>"#;

/// How long the browser may take until its page asks for the job.
const START: Duration = Duration::from_secs(60);

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    // Any method may be sent to the other port, without asking there first.
    "--disable-web-security",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
];

impl Program for Chromium {
    fn product(&self) -> &'static str {
        "browser"
    }

    fn packages(&self) -> &'static [&'static str] {
        &["chromium"]
    }

    fn file(&self) -> Option<PathBuf> {
        process::find(&["chromium", "chromium-browser", "google-chrome"])
    }

    fn version(&self) -> Result<String, String> {
        let file = self.file().ok_or("chromium is not installed")?;
        let said = output(Command::new(file).arg("--version"))?;
        let mut words = said.split_whitespace();
        let number = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
        number.map(|number| format!("Chromium {number}")).ok_or("it says no version".into())
    }

    fn how(&self) -> &'static str {
        "Headless, a page that fetches from another port of the same machine, one browser for each case."
    }

    fn plan(&self) -> Vec<Variant> {
        matrix::chromium()
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Client(self)
    }
}

impl Client for Chromium {
    fn run(&self, case: &Case) -> Result<Seen, String> {
        let folder = Folder::new(&format!("chromium-{}", case.id.replace('/', "-")))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let page = listener.local_addr().map_err(|error| error.to_string())?;
        let mut command = Command::new(self.file().ok_or("chromium is not installed")?);
        command.args(FLAGS).arg(format!("--user-data-dir={}", folder.path().display()));
        command.arg(format!("http://{page}/"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| format!("chromium: {error}"))?;
        let seen = watch(case, &listener);
        end(&mut child);
        seen
    }
}

/// Asked to end, it takes the processes that it has started with it.
fn end(child: &mut Child) {
    let pid = child.id().to_string();
    let _ = Command::new("kill").args(["-TERM", &pid]).stderr(Stdio::null()).status();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(5) {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Serves the page until it asks for the job; the run begins then.
fn watch(case: &Case, listener: &TcpListener) -> Result<Seen, String> {
    let broken = |error: std::io::Error| error.to_string();
    listener.set_nonblocking(true).map_err(broken)?;
    let begin = Instant::now();
    while begin.elapsed() < START {
        let Ok((mut stream, _)) = listener.accept() else {
            sleep(Duration::from_millis(10));
            continue;
        };
        stream.set_nonblocking(false).map_err(broken)?;
        stream.set_read_timeout(Some(Duration::from_secs(2))).map_err(broken)?;
        // A connection that is opened in advance may never carry anything.
        let Ok(Some(head)) = request(&mut stream, &mut Vec::new()) else { continue };
        if head.line.contains(" /job ") {
            let server = Textbook::start(case)?;
            answer(&mut stream, "application/json", &job(case, server.port).to_string());
            drop(stream);
            let until = Duration::from_micros(case.scenario.until.map_or(0, |until| until.0));
            sleep(until.saturating_sub(server.elapsed()));
            return Ok(server.finish_client());
        }
        answer(&mut stream, "text/html", if head.line.contains(" / ") { PAGE } else { "" });
    }
    Err("chromium did not ask for its job".into())
}

/// What goes wrong here shows in the wait for the job.
fn answer(stream: &mut TcpStream, kind: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
