//! `http.Agent` and `fetch`: one process for each case, so that no pool outlives its case.
use super::{PACKAGES, chosen, node, version};
use crate::case::{Build, Case, get};
use crate::process::Folder;
use crate::products::{Client, Kind, Program, Variant};
use crate::textbook::Textbook;
use keepalive::profile::{Chosen, Content};
use keepalive::proof::Seen;
use keepalive::sim::{Planned, Scenario, Start};
use keepalive::time::Us;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Sends what one line on its standard input says.
const CLIENT: &str = include_str!("client.mjs");

/// One of the two.
pub struct NodeClient {
    product: &'static str,
    how: &'static str,
}

pub const AGENT: NodeClient = NodeClient {
    product: "node-agent",
    how: "http.request with new http.Agent(options), one program for each case.",
};

pub const FETCH: NodeClient = NodeClient {
    product: "node-fetch",
    how: "fetch with an Agent of the undici that Node carries, one program for each case.",
};

impl Program for NodeClient {
    fn product(&self) -> &'static str {
        self.product
    }

    fn packages(&self) -> &'static [&'static str] {
        PACKAGES
    }

    fn file(&self) -> Option<PathBuf> {
        node()
    }

    fn version(&self) -> Result<String, String> {
        version()
    }

    fn how(&self) -> &'static str {
        self.how
    }

    fn plan(&self) -> Vec<Variant> {
        if self.product == AGENT.product { agent_plan() } else { fetch_plan() }
    }

    fn kind(&self) -> Kind<'_> {
        Kind::Client(self)
    }
}

impl Client for NodeClient {
    fn run(&self, case: &Case) -> Result<Seen, String> {
        let folder = Folder::new(&format!("{}-{}", self.product, unique()))?;
        let mut child = self.start(case, &folder)?;
        let seen = watch(case, &mut child);
        let _ = child.kill();
        let _ = child.wait();
        seen
    }
}

/// Cases run at the same time.
fn unique() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl NodeClient {
    fn start(&self, case: &Case, folder: &Folder) -> Result<Child, String> {
        let client = folder.file("client.mjs", CLIENT)?;
        folder.exports(&case.scenario.client, 0, 0)?;
        let mut command = Command::new(node().ok_or("node is not installed")?);
        command.arg(client).arg(self.product).arg(options(&case.scenario.client).to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        command.spawn().map_err(|error| format!("node: {error}"))
    }
}

/// Waits until the program is ready, then has it send the exchanges; the run begins then.
fn watch(case: &Case, child: &mut Child) -> Result<Seen, String> {
    let broken = || "node ended before it was ready".to_owned();
    let mut said = String::new();
    let out = child.stdout.take().ok_or_else(broken)?;
    BufReader::new(out).read_line(&mut said).map_err(|error| error.to_string())?;
    if said.trim() != "ready" {
        return Err(broken());
    }
    let server = Textbook::start(case)?;
    let mut input = child.stdin.take().ok_or_else(broken)?;
    writeln!(input, "{}", job(case, server.port)).map_err(|error| error.to_string())?;
    let until = Duration::from_micros(case.scenario.until.map_or(0, |until| until.0));
    sleep(until.saturating_sub(server.elapsed()));
    Ok(server.finish())
}

/// The settings as undici's Agent takes them.
fn options(client: &Chosen) -> Value {
    let value = |text: &str| text.parse::<u64>().map_or(Value::Null, Value::from);
    client.settings.iter().map(|(name, text)| (name.clone(), value(text))).collect()
}

fn job(case: &Case, port: u16) -> Value {
    let one = |(index, planned): (usize, &Planned)| {
        let at = match planned.start {
            Start::At(at) => at.0 / 1_000,
            Start::After { .. } => 0,
        };
        // A field that stands twice is a list of its values.
        let mut headers = serde_json::Map::new();
        for field in planned.request.headers.iter().filter(|field| !field.is("host")) {
            let values = headers.entry(field.name.clone()).or_insert_with(|| json!([]));
            if let Value::Array(values) = values {
                values.push(json!(field.value));
            }
        }
        for value in headers.values_mut() {
            match value {
                Value::Array(values) if values.len() == 1 => *value = values.remove(0),
                _ => {}
            }
        }
        json!({
            "at": at,
            "method": planned.request.method,
            "target": format!("/{index}"),
            "headers": headers,
            "body": planned.body_bytes,
        })
    };
    let exchanges: Vec<Value> = case.scenario.exchanges.iter().enumerate().map(one).collect();
    json!({"port": port, "exchanges": exchanges})
}

/// Cases with one choice of settings at both ends.
struct Table {
    variant: Variant,
    server: Chosen,
}

impl Table {
    fn new(name: &str, client: Chosen, server: &[(&str, &str)]) -> Self {
        // The server waits longer than any case lasts, unless the case is about its wait.
        let plain = Chosen::new("textbook", "").with("idle timeout", "30");
        let server = server.iter().fold(plain, |server, (name, value)| server.with(name, value));
        let variant = Variant { name: name.into(), chosen: client, cases: Vec::new() };
        Self { variant, server }
    }

    fn add(&mut self, id: &str, exchanges: Vec<Planned>, until_ms: u64) {
        let id = format!("{}/{id}", self.variant.name);
        let scenario = Scenario {
            server: self.server.clone(),
            client: self.variant.chosen.clone(),
            exchanges,
            until: Some(Us::from_ms(until_ms)),
            ..Scenario::default()
        };
        self.variant.cases.push(Case { id, scenario });
    }
}

const ASKED_AGAIN_MS: u64 = 300;

fn ask() -> Planned {
    get("HTTP/1.1").answers(200, Content::Known(5))
}

fn again() -> Planned {
    ask().at(ASKED_AGAIN_MS)
}

fn slow(ms: u64) -> Planned {
    let mut planned = ask();
    planned.app.after = Us::from_ms(ms);
    planned
}

/// One thing in the answer or in the request that is unusual, then an ordinary request.
fn answers(table: &mut Table) {
    let mut then = |id: &str, first: Planned| table.add(id, vec![first, again()], 800);
    then("plain", ask());
    for (kind, content) in [("streamed", Content::Streamed(9)), ("empty", Content::Empty)] {
        then(kind, ask().answers(200, content));
        then(&format!("head-{kind}"), ask().method("HEAD").answers(200, content));
    }
    then("head", ask().method("HEAD"));
    for status in [201, 204, 206, 301, 304, 400, 401, 403, 404, 500, 502, 503] {
        let content = match status {
            204 | 304 => Content::Empty,
            _ => Content::Known(5),
        };
        then(&status.to_string(), ask().answers(status, content));
    }
    for (word, value) in [
        ("close", "close"),
        ("Close", "Close"),
        ("ka", "keep-alive"),
        ("both", "keep-alive, close"),
        ("other", "x-hop"),
        ("closed", "closed"),
        ("proxy", "proxy-close"),
    ] {
        then(&format!("says-{word}"), ask().sets("Connection", value));
        then(&format!("head-says-{word}"), ask().method("HEAD").sets("Connection", value));
        then(
            &format!("204-says-{word}"),
            ask().answers(204, Content::Empty).sets("Connection", value),
        );
    }
    then("proxy-field", ask().sets("Proxy-Connection", "keep-alive"));
    for method in ["POST", "PUT", "PATCH"] {
        for bytes in [0, 9, 70_000] {
            let mut sent = ask().method(method);
            sent.body_bytes = bytes;
            then(&format!("{method}-{bytes}"), sent);
        }
    }
    for method in ["DELETE", "OPTIONS"] {
        then(method, ask().method(method));
    }
    then("asks-close", ask().with("Connection", "close"));
    then("asks-ka", ask().with("Connection", "keep-alive"));
    then("asks-te", ask().with("TE", "trailers"));
    table.add("three", vec![ask(), again(), ask().at(600)], 1000);
    table.add("overlap", vec![slow(400), ask().at(100), ask().at(700)], 1100);
}

/// What the server announces, and when the client closes.
fn hints(table: &mut Table, longest_ms: u64) {
    for (id, value) in [
        ("1", "timeout=1"),
        ("2", "timeout=2"),
        ("3", "timeout=3"),
        ("4", "timeout=4"),
        ("9", "timeout=9"),
        ("0", "timeout=0"),
        ("max-first", "max=5, timeout=3"),
        ("max-last", "timeout=3, max=5"),
        ("max", "max=5"),
        ("case", "Timeout=3"),
        ("spaces", "timeout = 3"),
        ("quotes", "timeout=\"3\""),
        ("unit", "timeout=3s"),
        ("fraction", "timeout=3.5"),
        ("word", "timeout=long"),
    ] {
        table.add(id, vec![ask().sets("Keep-Alive", value)], longest_ms);
    }
    let hinted = || ask().sets("Keep-Alive", "timeout=3");
    let mut lines = ask().sets("Keep-Alive", "max=1");
    lines = lines.sets("Keep-Alive", "timeout=3");
    table.add("two-lines", vec![lines], longest_ms);
    table.add("then-none", vec![hinted(), again()], longest_ms);
    table.add("none-then", vec![ask(), hinted().at(ASKED_AGAIN_MS)], longest_ms);
    table.add("used-late", vec![hinted(), ask().at(900), ask().at(1500)], longest_ms);
    table.add("post", vec![hinted().method("POST")], longest_ms);
}

/// Several at a time, and which connection is taken afterwards.
fn crowd(table: &mut Table) {
    let later = |ms: &[u64]| ms.iter().map(|&at| ask().at(at)).collect::<Vec<_>>();
    let both = |mut first: Vec<Planned>, then: Vec<Planned>| {
        first.extend(then);
        first
    };
    let slows = |ms: &[u64]| ms.iter().map(|&after| slow(after)).collect::<Vec<_>>();
    table.add("in-order", both(slows(&[60, 120, 180]), later(&[500, 700, 900])), 1300);
    table.add("backwards", both(slows(&[180, 120, 60]), later(&[500, 700, 900])), 1300);
    table.add("again", both(slows(&[60, 120, 180, 240]), later(&[600, 600, 600])), 1300);
    table.add("five", slows(&[60, 120, 180, 240, 300]), 1300);
    let mut close = slows(&[60, 120, 180]);
    close[0] = close[0].clone().sets("Connection", "close");
    table.add("first-closes", both(close, later(&[500, 700, 900])), 1300);
    let mut head = slows(&[60, 120, 180]);
    head[1] = head[1].clone().method("HEAD");
    table.add("second-is-head", both(head, later(&[500, 700])), 1300);
}

/// Who closes an idle connection, and when.
fn idle(table: &mut Table, limit_ms: u64) {
    let until = limit_ms + 1300;
    table.add("alone", vec![ask()], until);
    table.add("before", vec![ask(), ask().at(limit_ms.saturating_sub(300))], until + limit_ms);
    table.add("after", vec![ask(), ask().at(limit_ms + 350)], until + limit_ms);
    table.add("slow", vec![slow(400)], until + 400);
    table.add("post", vec![ask().method("POST")], until);
    table.add("streamed", vec![ask().answers(200, Content::Streamed(9))], until);
}

const OLD: &[(&str, &str)] = &[("version in answers", "HTTP/1.0")];
const IMPATIENT: &[(&str, &str)] = &[("idle timeout", "1")];

fn agent_plan() -> Vec<Variant> {
    const KEEPS: (&str, &str) = ("keepAlive", "true");
    let with = |settings: &[(&str, &str)]| chosen("node-agent", settings);
    let mut tables = Vec::new();
    let mut put = |name: &str, settings: &[(&str, &str)], server, fill: &dyn Fn(&mut Table)| {
        let mut table = Table::new(name, with(settings), server);
        fill(&mut table);
        tables.push(table.variant);
    };
    put("default", &[], &[], &answers);
    put("keeps", &[KEEPS], &[], &answers);
    put("old", &[KEEPS], OLD, &answers);
    put("one", &[("maxSockets", "1")], &[], &crowd);
    put("crowd", &[KEEPS], &[], &crowd);
    put("fifo", &[KEEPS, ("scheduling", "fifo")], &[], &crowd);
    put("two", &[KEEPS, ("maxSockets", "2")], &[], &crowd);
    put("free-1", &[KEEPS, ("maxFreeSockets", "1")], &[], &crowd);
    put("free-2", &[KEEPS, ("maxFreeSockets", "2"), ("scheduling", "fifo")], &[], &crowd);
    put("hint", &[KEEPS, ("timeout", "2500")], &[], &|table| hints(table, 3300));
    put("hint-only", &[KEEPS], &[], &|table| hints(table, 2400));
    put("hint-short", &[KEEPS, ("timeout", "1200")], &[], &|table| hints(table, 2000));
    for ms in [500, 1000, 2200] {
        let text = ms.to_string();
        put(&format!("idle-{ms}"), &[KEEPS, ("timeout", &text)], &[], &|table| idle(table, ms));
    }
    put("server-first", &[KEEPS, ("timeout", "4000")], IMPATIENT, &|table| idle(table, 1000));
    tables
}

fn fetch_plan() -> Vec<Variant> {
    let with = |settings: &[(&str, &str)]| chosen("node-fetch", settings);
    let mut tables = Vec::new();
    let mut put = |name: &str, settings: &[(&str, &str)], server, fill: &dyn Fn(&mut Table)| {
        let mut table = Table::new(name, with(settings), server);
        fill(&mut table);
        tables.push(table.variant);
    };
    put("default", &[], &[], &answers);
    put("old", &[], OLD, &answers);
    put("no-pipelining", &[("pipelining", "0")], &[], &answers);
    put("crowd", &[], &[], &crowd);
    put("two", &[("connections", "2")], &[], &crowd);
    put("one", &[("connections", "1")], &[], &crowd);
    put("brief", &[("keepAliveTimeout", "250")], &[], &crowd);
    const BRIEF: (&str, &str) = ("keepAliveTimeout", "2500");
    put("hint", &[BRIEF], &[], &|table| hints(table, 3300));
    put("hint-cap", &[BRIEF, ("keepAliveMaxTimeout", "1500")], &[], &|table| hints(table, 3300));
    put("hint-margin", &[BRIEF, ("keepAliveTimeoutThreshold", "500")], &[], &|table| {
        hints(table, 3300);
    });
    for ms in [500, 1000, 2200] {
        let text = ms.to_string();
        put(&format!("idle-{ms}"), &[("keepAliveTimeout", &text)], &[], &|table| idle(table, ms));
    }
    put("idle-default", &[], &[], &|table| idle(table, 4000));
    put("server-first", &[], IMPATIENT, &|table| idle(table, 1000));
    tables
}
