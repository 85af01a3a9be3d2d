//! Which scenarios are run with a client: what an answer can say, what the client can send, when the
//! next request comes, and who has closed meanwhile.
use crate::case::{Build, Case, get};
use crate::products::Variant;
use keepalive::profile::{App, Chosen, Content};
use keepalive::sim::{Network, Planned, Scenario};
use keepalive::time::Us;

const KNOWN: Content = Content::Known(5);
const STREAMED: Content = Content::Streamed(9);

/// The textbook server's ways.
const NEW: &[(&str, &str)] = &[];
const OLD: &[(&str, &str)] = &[("version in answers", "HTTP/1.0")];
const IMPATIENT: &[(&str, &str)] = &[("idle timeout", "1")];
const MUTE: &[(&str, &str)] = &[("says close", "no"), ("max requests", "2")];
const UNTIL_CLOSE: &[(&str, &str)] = &[("unknown length", "close")];

/// Connection fields that the application sets.
const SAYS: &[(&str, &[&str])] = &[
    ("ka", &["keep-alive"]),
    ("KA", &["Keep-Alive"]),
    ("close", &["close"]),
    ("Close", &["Close"]),
    ("ka-close", &["keep-alive, close"]),
    ("close-ka", &["close, keep-alive"]),
    ("ka+close", &["keep-alive", "close"]),
    ("close+ka", &["close", "keep-alive"]),
    ("other", &["x-hop"]),
    ("other-ka", &["x-hop, keep-alive"]),
    ("closed", &["closed"]),
    ("disclose", &["x-disclose"]),
    ("keep-alived", &["keep-alived"]),
    ("xkeep-alive", &["xkeep-alive"]),
    ("quoted", &["\"close\""]),
    ("param", &["close; x=1"]),
    ("blank", &["close x"]),
    ("comma", &[", close"]),
    ("upgrade", &["Upgrade"]),
];

/// Other fields that the application sets.
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    ("hint", &[("Keep-Alive", "timeout=1, max=1")]),
    ("hint-0", &[("Keep-Alive", "timeout=0")]),
    ("ka-hint", &[("Connection", "keep-alive"), ("Keep-Alive", "timeout=1")]),
    ("close-hint", &[("Connection", "close"), ("Keep-Alive", "timeout=9")]),
    ("proxy-ka", &[("Proxy-Connection", "keep-alive")]),
    ("proxy-close", &[("Proxy-Connection", "close")]),
    ("ka-proxy-close", &[("Connection", "keep-alive"), ("Proxy-Connection", "close")]),
];

const STATUSES: [u16; 11] = [201, 204, 206, 301, 304, 400, 401, 404, 408, 500, 503];

/// How a client is asked.
struct Client {
    chosen: Chosen,
    /// What it is given to send beside GET.
    methods: &'static [&'static str],
    /// Can the program set Connection itself?
    sets_connection: bool,
}

struct Table<'a> {
    client: &'a Client,
    server: Chosen,
    name: String,
    rtt_ms: u64,
    cases: Vec<Case>,
}

impl Table<'_> {
    fn add(&mut self, id: &str, exchanges: Vec<Planned>, until_ms: u64) {
        let scenario = Scenario {
            server: self.server.clone(),
            client: self.client.chosen.clone(),
            network: Network { rtt: Us::from_ms(self.rtt_ms), ..Network::default() },
            exchanges,
            until: Some(Us::from_ms(until_ms)),
            ..Scenario::default()
        };
        self.cases.push(Case { id: format!("{}/{id}", self.name), scenario });
    }

    /// One exchange, and another that shows what has become of the connection.
    fn then(&mut self, id: &str, first: Planned) {
        let app = App { content: Content::Empty, ..App::default() };
        self.add(id, vec![first, Planned { app, ..plain() }.at(300)], 700);
    }
}

fn variant(
    client: &Client,
    name: &str,
    server: &[(&str, &str)],
    fill: impl FnOnce(&mut Table<'_>),
) -> Variant {
    // The server waits longer than any case lasts, unless the case is about its wait.
    let patient = Chosen::new("textbook", "").with("idle timeout", "60");
    let server = server.iter().fold(patient, |server, (name, value)| server.with(name, value));
    let mut table = Table { client, server, name: name.into(), rtt_ms: 0, cases: Vec::new() };
    fill(&mut table);
    Variant { name: name.into(), chosen: client.chosen.clone(), cases: table.cases }
}

/// Every client adds the host by itself.
fn plain() -> Planned {
    Planned::default()
}

fn slow(ms: u64) -> Planned {
    let mut planned = plain();
    planned.app.after = Us::from_ms(ms);
    planned
}

/// What the answer says. `ask` is what makes a server of HTTP/1.0 stay.
fn answers(table: &mut Table<'_>, ask: &dyn Fn() -> Planned) {
    for (word, lines) in SAYS {
        let says = |planned: Planned| {
            lines.iter().fold(planned, |planned, line| planned.sets("Connection", line))
        };
        table.then(&format!("says-{word}"), says(ask()));
        if ["close", "ka-close", "close-ka", "disclose"].contains(word) {
            table.then(&format!("streamed-says-{word}"), says(ask().answers(200, STREAMED)));
            table.then(&format!("head-says-{word}"), says(ask().method("HEAD")));
        }
    }
    for (word, fields) in FIELDS {
        let planned = fields.iter().fold(ask(), |planned, (name, value)| planned.sets(name, value));
        table.then(&format!("field-{word}"), planned);
    }
    for (kind, content) in [("known", KNOWN), ("streamed", STREAMED), ("empty", Content::Empty)] {
        table.then(kind, ask().answers(200, content));
        table.then(&format!("head-{kind}"), ask().method("HEAD").answers(200, content));
    }
    table.then("large", ask().answers(200, Content::Known(200_000)));
    for status in STATUSES {
        let content = if matches!(status, 204 | 304) { Content::Empty } else { KNOWN };
        table.then(&status.to_string(), ask().answers(status, content));
    }
}

/// What the client sends.
fn sends(table: &mut Table<'_>) {
    for method in table.client.methods {
        for bytes in [0, 9, 70_000] {
            let mut sent = plain().method(method);
            sent.body_bytes = bytes;
            if *method != "HEAD" || bytes == 0 {
                table.then(&format!("{method}-{bytes}"), sent);
            }
        }
    }
    if table.client.sets_connection {
        for line in ["close", "keep-alive", "x-hop", "Close", "keep-alive, close"] {
            table.then(&format!("asks-{line}"), plain().with("Connection", line));
            table.then(
                &format!("post-asks-{line}"),
                plain().method("POST").body(9).with("Connection", line),
            );
        }
        table.then("asks-hint", plain().with("Keep-Alive", "timeout=3"));
    }
    table.then("te", plain().with("TE", "trailers"));
    table.add("alone", vec![plain()], 500);
    table.add("three", vec![plain(), plain().at(200), plain().at(400)], 800);
    table.add("slow", vec![slow(300), plain().at(500)], 900);
    let close = plain().sets("Connection", "close");
    table.add("middle-closes", vec![plain(), close.at(200), plain().at(400)], 800);
}

/// Wanted while another is under way.
fn crowd(table: &mut Table<'_>) {
    let several = |works: &[u64], then: &[u64]| {
        let first = works.iter().enumerate().map(|(i, work)| slow(*work).at(40 * i as u64));
        first.chain(then.iter().map(|at| plain().at(*at))).collect::<Vec<_>>()
    };
    table.add("two", several(&[300, 300], &[900]), 1300);
    table.add("three", several(&[300, 400, 500], &[1800, 2000]), 2400);
    table.add("backwards", several(&[500, 300, 100], &[1800, 2000]), 2400);
    table.add("five", several(&[200, 260, 320, 380, 440], &[2400, 2600]), 3000);
    table.add("again", several(&[200, 260, 320], &[1500]), 1900);
    let mut closes = several(&[200, 300, 400], &[1500, 1700]);
    closes[2] = closes[2].clone().sets("Connection", "close");
    table.add("last-closes", closes, 2100);
}

/// The server closes what is idle; the next request comes before, after, and twice after.
fn dead(table: &mut Table<'_>) {
    table.add("alone", vec![plain()], 1800);
    table.add("before", vec![plain(), plain().at(700)], 2300);
    table.add("after", vec![plain(), plain().at(1500)], 3000);
    table.add("after-twice", vec![plain(), plain().at(1500), plain().at(1900)], 3400);
    table.add("both", vec![plain(), plain().at(600), plain().at(2100)], 3500);
    for method in table.client.methods {
        let mut sent = plain().method(method).at(1500);
        sent.body_bytes = if *method == "HEAD" { 0 } else { 9 };
        table.add(&format!("after-{method}"), vec![plain(), sent, plain().at(1900)], 3400);
    }
    let several =
        vec![slow(200), slow(200).at(40), slow(200).at(80), plain().at(2000), plain().at(2200)];
    table.add("crowd", several, 3600);
}

/// The next request crosses the server's close on the way.
fn race(table: &mut Table<'_>) {
    table.rtt_ms = 400;
    // Opened at 400, asked at 600, answered at 800: the server closes at 1600, which is known at 1800.
    for method in ["GET"].iter().chain(table.client.methods) {
        let mut sent = plain().method(method).at(1650);
        sent.body_bytes = if ["GET", "HEAD"].contains(method) { 0 } else { 9 };
        table.add(method, vec![plain(), sent], 3600);
    }
    table.add("then", vec![plain(), plain().at(1650), plain().at(2900)], 5000);
}

const METHODS: &[&str] = &["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"];

/// What every client is asked. Variants with several methods know what is repeated.
fn usual(client: &Client) -> Vec<Variant> {
    let asks = || plain().with("Connection", "keep-alive");
    let mut plan = vec![
        variant(client, "answers", NEW, |table| answers(table, &plain)),
        variant(client, "sends", NEW, sends),
        variant(client, "crowd", NEW, crowd),
        variant(client, "dead", IMPATIENT, dead),
        variant(client, "race", IMPATIENT, race),
        variant(client, "mute", MUTE, |table| {
            table.add("three", vec![plain(), plain().at(200), plain().at(400)], 800);
            table.add("five", (0..5).map(|i| plain().at(200 * i)).collect(), 1200);
        }),
        variant(client, "until-close", UNTIL_CLOSE, |table| {
            table.then("streamed", plain().answers(200, STREAMED));
            table.then(
                "streamed-ka",
                plain().answers(200, STREAMED).sets("Connection", "keep-alive"),
            );
            table.then("head", plain().method("HEAD").answers(200, STREAMED));
        }),
    ];
    plan.push(variant(client, "old", OLD, |table| {
        if table.client.sets_connection {
            answers(table, &asks);
        } else {
            answers(table, &plain);
        }
    }));
    plan
}

fn with(product: &str, version: &str, settings: &[(&str, &str)]) -> Client {
    let plain = Chosen::new(product, version);
    let chosen = settings.iter().fold(plain, |chosen, (name, value)| chosen.with(name, value));
    Client { chosen, methods: METHODS, sets_connection: true }
}

/// The heart of it, for settings that change what is kept.
fn few(table: &mut Table<'_>) {
    table.then("plain", plain());
    table.then("streamed", plain().answers(200, STREAMED));
    table.then("close", plain().sets("Connection", "close"));
    table.then("post", plain().method("POST").body(9));
    table.then("404", plain().answers(404, KNOWN));
    table.add("three", vec![plain(), plain().at(200), plain().at(400)], 800);
}

pub fn curl(version: &str) -> Vec<Variant> {
    let with = |settings: &[(&str, &str)]| with("curl", version, settings);
    let mut plan = usual(&with(&[]));
    let idle = |gaps: &'static [u64]| {
        move |table: &mut Table<'_>| {
            for gap in gaps {
                table.add(&format!("gap-{gap}"), vec![plain(), plain().at(*gap)], gap + 500);
            }
            table.add("alone", vec![plain()], 2600);
            table.add("often", (0..6).map(|i| plain().at(700 * i)).collect(), 4000);
        }
    };
    for (name, value) in [("age-0", "0"), ("age-1", "1"), ("age-2", "2")] {
        let client = with(&[("CURLOPT_MAXAGE_CONN", value)]);
        plan.push(variant(&client, name, NEW, idle(&[400, 800, 1300, 1700, 2300, 2700, 3300])));
    }
    for (name, value) in [("lifetime-1", "1"), ("lifetime-2", "2")] {
        let client = with(&[("CURLOPT_MAXLIFETIME_CONN", value)]);
        plan.push(variant(&client, name, NEW, idle(&[400, 1300, 1700, 2300, 2700, 3300])));
    }
    let old = with(&[("--http1.0", "")]);
    plan.push(variant(&old, "http1.0", NEW, |table| {
        answers(table, &|| plain().with("Connection", "keep-alive"));
    }));
    plan.push(variant(&old, "http1.0-plain", NEW, few));
    plan.push(variant(&with(&[("--http1.1", "")]), "http1.1", NEW, few));
    plan.push(variant(&with(&[("--no-keepalive", "")]), "no-keepalive", NEW, few));
    plan.push(variant(&with(&[("CURLOPT_FORBID_REUSE", "1")]), "forbid", NEW, few));
    let fresh =
        |connects: &str| with(&[("CURLOPT_FRESH_CONNECT", "1"), ("CURLOPT_MAXCONNECTS", connects)]);
    let many = |table: &mut Table<'_>| {
        few(table);
        table.add("eight", (0..8).map(|i| plain().at(250 * i)).collect(), 2300);
    };
    for connects in ["0", "1", "2", "5"] {
        plan.push(variant(&fresh(connects), &format!("fresh-{connects}"), NEW, many));
    }
    plan.push(variant(&with(&[("CURLOPT_MAXCONNECTS", "1")]), "connects-1", NEW, few));
    // Each exchange chooses its version.
    plan.push(variant(&with(&[]), "versions", NEW, |table| {
        let old = || get("HTTP/1.0").answers(200, KNOWN);
        table.then("old", old());
        table.then("old-asks", old().with("Connection", "keep-alive"));
        table.then("old-streamed", old().with("Connection", "keep-alive").answers(200, STREAMED));
        table.add("new-then-old", vec![plain(), old().at(200), plain().at(400)], 800);
    }));
    plan
}

pub fn http_client(version: &str) -> Vec<Variant> {
    let client = with("python-http-client", version, &[]);
    let mut plan = usual(&client);
    let once = with("python-http-client", version, &[("auto_open", "0")]);
    plan.push(variant(&once, "once", NEW, few));
    plan.push(variant(&once, "once-dead", IMPATIENT, dead));
    plan
}

pub fn requests(version: &str) -> Vec<Variant> {
    let with = |settings: &[(&str, &str)]| with("python-requests", version, settings);
    let mut plan = usual(&with(&[]));
    let none = with(&[("requests.Session", "no")]);
    plan.push(variant(&none, "none", NEW, |table| {
        few(table);
        crowd(table);
    }));
    for size in ["0", "1", "2"] {
        let client = with(&[("pool_maxsize", size)]);
        plan.push(variant(&client, &format!("size-{size}"), NEW, crowd));
    }
    for size in ["1", "2"] {
        let client = with(&[("pool_maxsize", size), ("pool_block", "True")]);
        plan.push(variant(&client, &format!("block-{size}"), NEW, crowd));
    }
    let retries = with(&[("max_retries", "2")]);
    plan.push(variant(&retries, "retries-race", IMPATIENT, race));
    plan.push(variant(&retries, "retries-dead", IMPATIENT, dead));
    plan
}

pub fn chromium() -> Vec<Variant> {
    let chosen = Chosen::new("browser", "chromium");
    let client = Client { chosen, methods: METHODS, sets_connection: false };
    let mut plan = usual(&client);
    plan.push(variant(&client, "many", NEW, |table| {
        let at_once = |count: u64| (0..count).map(|i| slow(600).at(30 * i)).collect::<Vec<_>>();
        table.add("six", at_once(6), 1200);
        table.add("seven", at_once(7), 1900);
        table.add("nine", at_once(9), 2100);
        let mut closes = at_once(8);
        closes[0] = closes[0].clone().sets("Connection", "close");
        table.add("first-closes", closes, 2100);
        let each = (0..9).map(|i| slow(600).sets("Connection", "close").at(30 * i));
        table.add("each-closes", each.collect(), 2100);
    }));
    plan
}
