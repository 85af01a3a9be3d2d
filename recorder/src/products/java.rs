//! What comes with Java: an HTTP server and two clients, all in one program of ours.
use super::{Client, Kind, Program, Server, Variant};
use crate::case::{Build, Case, get};
use crate::matrix;
use crate::process::{self, Folder, Running, free_port, output};
use crate::textbook::Textbook;
use keepalive::profile::{Chosen, Content};
use keepalive::proof::Seen;
use keepalive::sim::{Planned, Scenario, Start};
use keepalive::time::Us;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const SOURCE: &str = include_str!("Recorded.java");
const PACKAGES: &[&str] = &["openjdk-17-jdk-headless"];

fn java() -> Option<PathBuf> {
    process::find(&["java"])
}

/// `17.0.15`
fn version() -> Result<String, String> {
    let said = output(Command::new(java().ok_or("java is not installed")?).arg("-version"))?;
    let quoted = said.split('"').nth(1).ok_or("java -version says no version")?;
    Ok(quoted.to_owned())
}

fn major() -> String {
    let version = version().unwrap_or_default();
    version.split('.').next().unwrap_or_default().to_owned()
}

/// The program with the flags that the page exports for these settings.
fn program(folder: &Folder, chosen: &Chosen, arguments: &[&str]) -> Result<Command, String> {
    folder.exports(chosen, 1, 1)?;
    let mut command = Command::new(java().ok_or("java is not installed")?);
    command.arg("-XX:TieredStopAtLevel=1");
    command.arg(format!("@{}", folder.path().join("keepalive.args").display()));
    command.arg("-cp").arg(classes()?).arg("Recorded").args(arguments);
    Ok(command)
}

/// Our program, compiled once; the folder goes when the recorder ends, or the system's folder for
/// temporary files is emptied.
fn classes() -> Result<PathBuf, String> {
    static CLASSES: OnceLock<Result<Folder, String>> = OnceLock::new();
    let made = CLASSES.get_or_init(|| {
        let folder = Folder::new("java-classes")?;
        let source = folder.file("Recorded.java", SOURCE)?;
        let compiler = process::find(&["javac"]).ok_or("javac is not installed")?;
        let mut command = Command::new(compiler);
        command.arg("-d").arg(folder.path()).arg(source);
        let said = output(&mut command)?;
        if folder.path().join("Recorded.class").is_file() { Ok(folder) } else { Err(said) }
    });
    made.as_ref().map(|folder| folder.path().to_owned()).map_err(Clone::clone)
}

fn with(product: &str, settings: &[(&str, &str)]) -> Chosen {
    settings
        .iter()
        .fold(Chosen::new(product, &major()), |chosen, (name, value)| chosen.with(name, value))
}

pub struct HttpServer;

impl Program for HttpServer {
    fn product(&self) -> &'static str {
        "java-httpserver"
    }

    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn file(&self) -> Option<PathBuf> {
        java()
    }

    fn version(&self) -> Result<String, String> {
        version()
    }

    fn how(&self) -> &'static str {
        "A handler that reads request bodies, unless drainAmount is set, and adds the application's fields; a thread for each request."
    }

    fn plan(&self) -> Vec<Variant> {
        const P: &str = "-Dsun.net.httpserver.";
        let with = |settings: &[(&str, &str)]| {
            let own =
                Chosen::new("java-httpserver", &major()).with(&format!("{P}clockTick"), "100");
            settings
                .iter()
                .fold(own, |chosen, (name, value)| chosen.with(&format!("{P}{name}"), value))
        };
        let mut plan = vec![matrix::full("default", with(&[("idleInterval", "2")]))];
        plan.push(matrix::brief("none-idle", with(&[("maxIdleConnections", "0")])));
        plan.push(matrix::brief("drain-0", with(&[("drainAmount", "0")])));
        plan.push(unread("unread", with(&[("drainAmount", "5000")])));
        plan.push(matrix::brief("time", with(&[("maxReqTime", "1"), ("idleInterval", "2")])));
        for seconds in ["1", "2", "3"] {
            let ms = 1000 * seconds.parse::<u64>().unwrap_or(1);
            let name = format!("idle-{seconds}");
            plan.push(matrix::idle(&name, with(&[("idleInterval", seconds)]), ms));
        }
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Server(self)
    }
}

/// Bodies around the amount that is drained.
fn unread(name: &str, chosen: Chosen) -> Variant {
    let mut table = matrix::Table::new(name, chosen);
    for bytes in [0, 9, 4999, 5000, 5001, 20_000] {
        for (kind, content) in [
            ("known", Content::Known(5)),
            ("streamed", Content::Streamed(9)),
            ("empty", Content::Empty),
        ] {
            let planned = get("HTTP/1.1").method("POST").body(bytes).answers(200, content);
            table.one(&format!("{bytes}-{kind}"), planned);
        }
    }
    table.variant()
}

impl Server for HttpServer {
    fn start(&self, chosen: &Chosen, _origin: u16) -> Result<Running, String> {
        let folder = Folder::new("java")?;
        let port = free_port()?;
        let command = program(&folder, chosen, &["server", &port.to_string()])?;
        Running::start(command, folder, port)
    }
}

pub struct HttpUrlConnection;

impl Program for HttpUrlConnection {
    fn product(&self) -> &'static str {
        "java-httpurlconnection"
    }

    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn file(&self) -> Option<PathBuf> {
        java()
    }

    fn version(&self) -> Result<String, String> {
        version()
    }

    fn how(&self) -> &'static str {
        "An application that reads answers to their end, errors too unless enableBuffering is set, with a thread for each request."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| with("java-httpurlconnection", settings);
        let mut plan = vec![
            answers("default", with(&[])),
            waits("waits", with(&[]), Hints::Heeded),
            crowd("crowd", with(&[])),
            crowd("two-idle", with(&[("http.maxConnections", "2")])),
            dead("dead", with(&[])),
            dead("no-retry", with(&[("sun.net.http.retryPost", "false")])),
            few("off", with(&[("http.keepAlive", "false")])),
            few("buffers", with(&[("sun.net.http.errorstream.enableBuffering", "true")])),
            few("forgets", with(&[("sun.net.http.errorstream.enableBuffering", "false")])),
        ];
        for seconds in ["0", "2", "7"] {
            let chosen = with(&[("http.keepAlive.time.server", seconds)]);
            plan.push(waits(&format!("time-{seconds}"), chosen, Hints::Heeded));
        }
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Client(self)
    }
}

impl Client for HttpUrlConnection {
    fn run(&self, case: &Case) -> Result<Seen, String> {
        run("url", case)
    }
}

pub struct NetHttp;

impl Program for NetHttp {
    fn product(&self) -> &'static str {
        "java-net-http"
    }

    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn file(&self) -> Option<PathBuf> {
        java()
    }

    fn version(&self) -> Result<String, String> {
        version()
    }

    fn how(&self) -> &'static str {
        "One HttpClient as it is made by default; runs begin in the middle of a second, because idle times count from full seconds."
    }

    fn plan(&self) -> Vec<Variant> {
        let with = |settings: &[(&str, &str)]| with("java-net-http", settings);
        const TIME: &str = "jdk.httpclient.keepalive.timeout";
        const POOL: &str = "jdk.httpclient.connectionPoolSize";
        let mut plan = vec![
            answers("default", with(&[])),
            crowd("crowd", with(&[])),
            dead("dead", with(&[])),
            few("pool", with(&[(POOL, "2")])),
        ];
        for seconds in ["1", "2", "4"] {
            plan.push(waits(&format!("time-{seconds}"), with(&[(TIME, seconds)]), Hints::Ignored));
        }
        plan
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Client(self)
    }
}

impl Client for NetHttp {
    fn run(&self, case: &Case) -> Result<Seen, String> {
        run("net", case)
    }
}

/// The cases of a client, as they are added.
struct Cases {
    name: String,
    chosen: Chosen,
    cases: Vec<Case>,
}

impl Cases {
    fn new(name: &str, chosen: Chosen) -> Self {
        Self { name: name.into(), chosen, cases: Vec::new() }
    }

    fn add(&mut self, id: &str, server: &Chosen, exchanges: Vec<Planned>, until_ms: u64) {
        let scenario = Scenario {
            server: server.clone(),
            client: self.chosen.clone(),
            exchanges,
            until: Some(Us::from_ms(until_ms)),
            ..Scenario::default()
        };
        self.cases.push(Case { id: format!("{}/{id}", self.name), scenario });
    }

    fn variant(self) -> Variant {
        Variant { name: self.name, chosen: self.chosen, cases: self.cases }
    }
}

/// A textbook server that waits long.
fn textbook() -> Chosen {
    Chosen::new("textbook", "").with("idle timeout", "900")
}

fn one() -> Planned {
    get("HTTP/1.1")
}

/// What stands in the first answer, and whether the second request goes on the same connection.
fn answers(name: &str, chosen: Chosen) -> Variant {
    let mut cases = Cases::new(name, chosen);
    let old = textbook().with("version in answers", "HTTP/1.0");
    let announcing = textbook().with("announce Keep-Alive", "yes").with("idle timeout", "8");
    let two = |first: Planned| vec![first, one().at(500)];
    for (word, fields) in FIELDS {
        let first = fields.iter().fold(one(), |planned, (name, value)| planned.sets(name, value));
        cases.add(&format!("1.1-{word}"), &textbook(), two(first.clone()), 1_200);
        cases.add(&format!("1.0-{word}"), &old, two(first.clone()), 1_200);
        let streamed = first.answers(200, Content::Streamed(9));
        cases.add(&format!("1.1-{word}-streamed"), &textbook(), two(streamed), 1_200);
    }
    for status in [201, 204, 206, 301, 304, 400, 401, 404, 500, 503] {
        for (kind, content) in [("known", Content::Known(5)), ("empty", Content::Empty)] {
            let first = one().answers(status, content);
            cases.add(&format!("{status}-{kind}"), &textbook(), two(first), 1_200);
        }
    }
    for method in ["HEAD", "DELETE", "OPTIONS"] {
        cases.add(method, &textbook(), two(one().method(method)), 1_200);
    }
    for bytes in [0, 5, 20_000] {
        let post = one().method("POST").body(bytes);
        cases.add(&format!("POST-{bytes}"), &textbook(), two(post), 1_200);
    }
    let asks = one().with("Connection", "close");
    cases.add("announced", &announcing, two(one()), 1_200);
    cases.add("large", &textbook(), two(one().answers(200, Content::Known(200_000))), 1_200);
    if cases.chosen.product == "java-httpurlconnection" {
        cases.add("asks-close", &textbook(), two(asks), 1_200);
    }
    cases.variant()
}

/// Fields of an answer.
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    ("none", &[]),
    ("close", &[("Connection", "close")]),
    ("Close", &[("Connection", "Close")]),
    ("ka", &[("Connection", "keep-alive")]),
    ("KA", &[("Connection", "Keep-Alive")]),
    ("unknown", &[("Connection", "x-hop")]),
    ("ka-unknown", &[("Connection", "keep-alive, x-hop")]),
    ("upgrade", &[("Connection", "Upgrade")]),
    ("hint", &[("Keep-Alive", "timeout=9, max=1")]),
    ("ka-hint", &[("Connection", "keep-alive"), ("Keep-Alive", "timeout=9, max=9")]),
    ("ka-max-1", &[("Connection", "keep-alive"), ("Keep-Alive", "timeout=9, max=1")]),
    ("ka-max-0", &[("Connection", "keep-alive"), ("Keep-Alive", "max=0")]),
    ("ka-time-0", &[("Connection", "keep-alive"), ("Keep-Alive", "timeout=0")]),
];

/// Does a client heed what the server announces?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hints {
    Heeded,
    Ignored,
}

/// How long an idle connection stays.
fn waits(name: &str, chosen: Chosen, hints: Hints) -> Variant {
    let mut cases = Cases::new(name, chosen);
    let hint = |seconds: u64| {
        let value = format!("timeout={seconds}");
        one().sets("Connection", "keep-alive").sets("Keep-Alive", &value)
    };
    cases.add("alone", &textbook(), vec![one()], 13_000);
    cases.add("again", &textbook(), vec![one(), one().at(1_000)], 13_000);
    cases.add("again-later", &textbook(), vec![one(), one().at(4_000)], 14_000);
    cases.add("after", &textbook(), vec![one(), one().at(6_000)], 18_000);
    cases.add("hint-7", &textbook(), vec![hint(7)], 13_000);
    if hints == Hints::Ignored {
        return cases.variant();
    }
    cases.add("hint-2", &textbook(), vec![hint(2)], 13_000);
    for seconds in [2, 7] {
        let then = vec![hint(seconds), one().at(1_000)];
        cases.add(&format!("hint-{seconds}-then"), &textbook(), then, 14_000);
        let later = vec![hint(seconds), one().at(2_700)];
        cases.add(&format!("hint-{seconds}-later"), &textbook(), later, 14_000);
    }
    cases.variant()
}

/// Several at a time.
fn crowd(name: &str, chosen: Chosen) -> Variant {
    let mut cases = Cases::new(name, chosen);
    let slow = |ms: u64| {
        let mut planned = one();
        planned.app.after = Us::from_ms(ms);
        planned
    };
    for count in [2_u64, 3, 7] {
        // Each is opened, and comes back, in its turn.
        let mut list: Vec<Planned> =
            (0..count).map(|index| slow(700 + 100 * index).at(60 * index)).collect();
        cases.add(&format!("{count}"), &textbook(), list.clone(), 4_000);
        list.push(one().at(2_500));
        cases.add(&format!("{count}-then"), &textbook(), list.clone(), 4_000);
        list.push(one().at(3_000));
        cases.add(&format!("{count}-then-then"), &textbook(), list, 4_000);
    }
    cases.variant()
}

/// What happens when the server has closed meanwhile.
fn dead(name: &str, chosen: Chosen) -> Variant {
    let mut cases = Cases::new(name, chosen);
    let server = Chosen::new("textbook", "").with("idle timeout", "1");
    for (method, bytes) in
        [("GET", 0), ("HEAD", 0), ("POST", 5), ("PUT", 5), ("DELETE", 0), ("OPTIONS", 0)]
    {
        let asked = || {
            let planned = one().method(method);
            if bytes > 0 { planned.body(bytes) } else { planned }
        };
        cases.add(&format!("{method}-before"), &server, vec![one(), asked().at(500)], 2_500);
        cases.add(&format!("{method}-after"), &server, vec![one(), asked().at(2_000)], 4_000);
    }
    cases.variant()
}

fn few(name: &str, chosen: Chosen) -> Variant {
    let mut cases = Cases::new(name, chosen);
    let two = |first: Planned| vec![first, one().at(500)];
    cases.add("two", &textbook(), two(one()), 1_500);
    for (status, bytes) in [(404, 5), (404, 0), (500, 3_000)] {
        let first = one().answers(status, Content::Known(bytes));
        cases.add(&format!("{status}-{bytes}"), &textbook(), two(first), 1_500);
    }
    let streamed = one().answers(500, Content::Streamed(9));
    cases.add("500-streamed", &textbook(), two(streamed), 1_500);
    cases.add("close", &textbook(), two(one().sets("Connection", "close")), 1_500);
    cases.variant()
}

/// Runs one case in a program of its own.
fn run(kind: &str, case: &Case) -> Result<Seen, String> {
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let folder = Folder::new(&format!("java-{}", RUNS.fetch_add(1, Ordering::Relaxed)))?;
    let mut command = program(&folder, &case.scenario.client, &[kind])?;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let (Some(mut input), Some(said)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("no way to talk to java".into());
    };
    let talk = || {
        let lines: String = case.scenario.exchanges.iter().map(line).collect();
        input.write_all(format!("{lines}\n").as_bytes())?;
        let mut ready = String::new();
        BufReader::new(said).read_line(&mut ready)?;
        Ok::<_, std::io::Error>(ready)
    };
    let ready = talk().map_err(|error| error.to_string())?;
    if ready.trim() != "ready" {
        let _ = child.kill();
        let _ = child.wait();
        return Err("java does not get ready".into());
    }
    if kind == "net" {
        middle_of_a_second();
    }
    let textbook = Textbook::start(case)?;
    writeln!(input, "{}", textbook.port).map_err(|error| error.to_string())?;
    let until = Duration::from_micros(case.scenario.until.map_or(2_000_000, |until| until.0));
    sleep(until.saturating_sub(textbook.elapsed()));
    let seen = textbook.finish();
    drop(input);
    let _ = child.kill();
    let _ = child.wait();
    Ok(seen)
}

/// One exchange for the program.
fn line(planned: &Planned) -> String {
    let at = if let Start::At(at) = planned.start { at.0 / 1_000 } else { 0 };
    let mut text = format!("{at}\t{}\t{}", planned.request.method, planned.body_bytes);
    for field in planned.request.headers.iter() {
        let own = ["host", "content-length"].iter().any(|name| field.is(name));
        if !own {
            text.push_str(&format!("\t{}:{}", field.name, field.value));
        }
    }
    text.push('\n');
    text
}

fn middle_of_a_second() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ms = now.subsec_millis();
    sleep(Duration::from_millis(u64::from((1_480 - ms) % 1_000)));
}
