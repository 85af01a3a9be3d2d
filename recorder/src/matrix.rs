//! Which scenarios are run against a server: what can stand in a request and in an answer, one
//! thing changed at a time, then a seeded mixture in which everything can meet everything.
use crate::case::{Build, Case, get, to_server};
use crate::products::Variant;
use keepalive::profile::{Chosen, Content};
use keepalive::sim::Planned;
use keepalive::time::Us;

const KNOWN: Content = Content::Known(5);
const STREAMED: Content = Content::Streamed(9);

const VERSIONS: [&str; 6] = ["HTTP/0.9", "HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "HTTP/1"];

/// Connection fields, by name; several lines are several fields.
const CONNECTION: &[(&str, &[&str])] = &[
    ("none", &[]),
    ("ka", &["keep-alive"]),
    ("KA", &["Keep-Alive"]),
    ("close", &["close"]),
    ("Close", &["Close"]),
    ("ka-close", &["keep-alive, close"]),
    ("close-ka", &["close, keep-alive"]),
    ("ka+close", &["keep-alive", "close"]),
    ("close+ka", &["close", "keep-alive"]),
    ("unknown", &["x-hop"]),
    ("ka-unknown", &["keep-alive, x-hop"]),
    ("unknown-ka", &["x-hop,keep-alive"]),
    ("closed", &["closed"]),
    ("not-close", &["not-close"]),
    ("keep-alived", &["keep-alived"]),
    ("xkeep-alive", &["xkeep-alive"]),
    ("quoted", &["\"close\""]),
    ("param", &["keep-alive; timeout=5"]),
    ("empty", &[""]),
    ("comma", &[","]),
    ("comma-ka", &[", keep-alive ,"]),
    ("upgrade", &["Upgrade"]),
    ("ka-upgrade", &["keep-alive, Upgrade"]),
    ("te", &["TE"]),
    ("te-close", &["TE, close"]),
    ("spaces", &["  keep-alive  "]),
    ("tab", &["keep-alive\t,\tx"]),
    ("two", &["keep-alive", "keep-alive"]),
];

/// Other fields that some programs look at.
const OTHERS: &[(&str, &[(&str, &str)])] = &[
    ("proxy-ka", &[("Proxy-Connection", "keep-alive")]),
    ("proxy-close", &[("Proxy-Connection", "close")]),
    ("proxy-ka-close", &[("Proxy-Connection", "keep-alive"), ("Connection", "close")]),
    ("proxy-close-ka", &[("Proxy-Connection", "close"), ("Connection", "keep-alive")]),
    ("hint", &[("Keep-Alive", "timeout=1, max=2")]),
    ("ka-hint", &[("Connection", "keep-alive"), ("Keep-Alive", "timeout=1, max=2")]),
    ("ka-300", &[("Connection", "keep-alive"), ("Keep-Alive", "300")]),
    ("hint-named", &[("Connection", "keep-alive, Keep-Alive"), ("Keep-Alive", "timeout=60")]),
    ("te-trailers", &[("Connection", "TE"), ("TE", "trailers")]),
    (
        "upgrade-h2c",
        &[
            ("Connection", "Upgrade, HTTP2-Settings"),
            ("Upgrade", "h2c"),
            ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
        ],
    ),
    ("upgrade-ws", &[("Connection", "Upgrade"), ("Upgrade", "websocket")]),
    ("msie6", &[("User-Agent", "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)")]),
    ("via", &[("Via", "1.1 proxy")]),
    ("via10-ka", &[("Via", "1.0 proxy"), ("Connection", "keep-alive")]),
];

const METHODS: [&str; 8] = ["HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "BREW"];

const STATUSES: [u16; 26] = [
    201, 202, 203, 204, 205, 206, 301, 302, 303, 304, 307, 400, 401, 403, 404, 405, 408, 410, 411,
    413, 414, 429, 500, 501, 502, 503,
];

/// Fields that an application sets.
const SETS: &[(&str, &str, &str)] = &[
    ("close", "Connection", "close"),
    ("ka", "Connection", "keep-alive"),
    ("Close", "Connection", "Close"),
    ("other", "Connection", "x-hop"),
    ("ka-close", "Connection", "keep-alive, close"),
    ("hint", "Keep-Alive", "timeout=99"),
    ("proxy", "Proxy-Connection", "keep-alive"),
];

/// Everything: for the usual settings.
pub fn full(name: &str, chosen: Chosen) -> Variant {
    let mut table = Table::new(name, chosen);
    for version in VERSIONS {
        let words = CONNECTION.iter().filter(|(word, _)| match version {
            // No field stands in a request of HTTP/0.9; the last is malformed.
            "HTTP/0.9" | "HTTP/1" => ["none", "ka", "close"].contains(word),
            "HTTP/1.2" | "HTTP/2.0" => SHORT.contains(word),
            _ => true,
        });
        for (word, lines) in words {
            for (kind, content) in [("known", KNOWN), ("streamed", STREAMED)] {
                let usual = ["HTTP/1.0", "HTTP/1.1"].contains(&version);
                if kind == "known" || usual && SHORT.contains(word) {
                    let planned = asking(version, lines).answers(200, content);
                    table.one(&format!("{version}-{word}-{kind}"), planned);
                }
            }
        }
    }
    for (version, asked) in USUAL {
        let base = || asking(version, asked);
        let label =
            |what: &str| format!("{version}{}-{what}", if asked.is_empty() { "" } else { "-ka" });
        // These bring their own Connection field.
        for (word, fields) in OTHERS.iter().filter(|_| asked.is_empty()) {
            let planned = fields
                .iter()
                .fold(get(version), |planned, (name, value)| planned.with(name, value));
            table.one(&label(word), planned);
        }
        // Who does not ask is not kept: a few of them are enough.
        let asks = version == "HTTP/1.1" || !asked.is_empty();
        for method in METHODS.into_iter().filter(|method| asks || *method == "POST") {
            let kinds = [("known", KNOWN), ("streamed", STREAMED), ("empty", Content::Empty)];
            let all = ["HEAD", "POST", "OPTIONS"].contains(&method);
            for (kind, content) in kinds.into_iter().take(if all { 3 } else { 1 }) {
                table.one(
                    &label(&format!("{method}-{kind}")),
                    base().method(method).answers(200, content),
                );
            }
        }
        for status in STATUSES.into_iter().filter(|status| asks || status % 100 == 4) {
            table.one(&label(&format!("{status}")), base().answers(status, KNOWN));
            if [201, 204, 205, 304, 404, 500].contains(&status) {
                let empty = base().answers(status, Content::Empty);
                table.one(&label(&format!("{status}-empty")), empty);
            }
        }
        for (word, name, value) in SETS {
            table.one(&label(&format!("sets-{word}")), base().sets(name, value));
            if asks && word.contains("close") {
                table.one(
                    &label(&format!("sets-{word}-streamed")),
                    base().sets(name, value).answers(200, STREAMED),
                );
            }
        }
        if asks {
            bodies(&mut table, &label, &base);
            malformed(&mut table, &label, &base);
        }
        sequences(&mut table, &label, &base);
    }
    mixture(&mut table, 110, 60);
    table.variant()
}

/// The two ways in which a connection is usually asked for.
const USUAL: [(&str, &[&str]); 3] =
    [("HTTP/1.1", &[]), ("HTTP/1.0", &["keep-alive"]), ("HTTP/1.0", &[])];

/// The heart of it: for settings that may change every answer.
pub fn short(name: &str, chosen: Chosen) -> Variant {
    let mut table = Table::new(name, chosen);
    for version in &VERSIONS[1..3] {
        for (word, lines) in CONNECTION.iter().filter(|(word, _)| SHORT.contains(word)) {
            for (kind, content) in [("known", KNOWN), ("streamed", STREAMED)] {
                table.one(
                    &format!("{version}-{word}-{kind}"),
                    asking(version, lines).answers(200, content),
                );
            }
        }
    }
    for (version, asked) in &USUAL[..2] {
        let base = || asking(version, asked);
        let label =
            |what: &str| format!("{version}{}-{what}", if asked.is_empty() { "" } else { "-ka" });
        for (word, name, value) in &SETS[..3] {
            table.one(&label(&format!("sets-{word}")), base().sets(name, value));
        }
        sequences(&mut table, &label, &base);
    }
    mixture(&mut table, 16, 10);
    table.variant()
}

/// A glance: for settings that should change nothing but one thing.
pub fn brief(name: &str, chosen: Chosen) -> Variant {
    let mut table = Table::new(name, chosen);
    for (version, asked) in &USUAL[..2] {
        let base = || asking(version, asked);
        let label =
            |what: &str| format!("{version}{}-{what}", if asked.is_empty() { "" } else { "-ka" });
        table.one(&label("known"), base());
        table.one(&label("streamed"), base().answers(200, STREAMED));
        sequences(&mut table, &label, &base);
    }
    table.variant()
}

const SHORT: [&str; 7] = ["none", "ka", "close", "ka-close", "unknown", "closed", "upgrade"];

/// Exactly which answer says what, when the number of answers is limited.
pub fn limits(name: &str, chosen: Chosen) -> Variant {
    let mut table = Table::new(name, chosen);
    for (version, asked) in &USUAL[..2] {
        let label = if asked.is_empty() { (*version).to_owned() } else { format!("{version}-ka") };
        let five =
            |gap: u64| (0..6).map(|i| asking(version, asked).at(i * gap)).collect::<Vec<_>>();
        table.add(&format!("{label}-six"), five(240), 1900);
        let piped =
            five(0).into_iter().enumerate().map(|(i, one)| if i == 0 { one } else { one.piped() });
        table.add(&format!("{label}-piped"), piped.collect(), 900);
        let mut close = five(240);
        close[1] = close[1].clone().with("Connection", "close");
        table.add(&format!("{label}-close"), close, 1900);
        let mut head = five(240);
        head[1] = head[1].clone().method("HEAD");
        head[2] = head[2].clone().answers(404, KNOWN);
        table.add(&format!("{label}-mixed"), head, 1900);
    }
    let mixed = (0..6).map(|i| {
        asking(if i % 2 == 0 { "HTTP/1.1" } else { "HTTP/1.0" }, &["keep-alive"]).at(i * 240)
    });
    table.add("both-versions", mixed.collect(), 1900);
    mixture(&mut table, 8, 5);
    table.variant()
}

/// When an idle connection is closed, and what happens just before and just after.
pub fn idle(name: &str, chosen: Chosen, limit_ms: u64) -> Variant {
    let mut table = Table::new(name, chosen);
    let until = limit_ms * 2 + 2500;
    for (version, asked) in &USUAL[..2] {
        let label = if asked.is_empty() { (*version).to_owned() } else { format!("{version}-ka") };
        let one = || asking(version, asked);
        table.add(&format!("{label}-alone"), vec![one()], until);
        table.add(
            &format!("{label}-before"),
            vec![one(), one().at(limit_ms.saturating_sub(350))],
            until,
        );
        table.add(&format!("{label}-after"), vec![one(), one().at(limit_ms + 1400)], until + 1000);
        table.add(
            &format!("{label}-slow"),
            vec![slow(one(), 300), one().at(limit_ms + 650)],
            until + 1000,
        );
        table.add(&format!("{label}-post"), vec![one().method("POST").body(9)], until);
        table.add(&format!("{label}-streamed"), vec![one().answers(200, STREAMED)], until);
        let mut crlf = one().method("POST").body(9);
        crlf.trailing_crlf = true;
        table.add(&format!("{label}-crlf"), vec![crlf], until);
        table.add(&format!("{label}-three"), vec![one(), one().at(200), one().at(500)], until);
    }
    table.variant()
}

fn slow(mut planned: Planned, ms: u64) -> Planned {
    planned.app.after = Us::from_ms(ms);
    planned
}

fn asking(version: &str, lines: &[&str]) -> Planned {
    lines.iter().fold(get(version), |planned, line| planned.with("Connection", line))
}

fn bodies(table: &mut Table, label: &dyn Fn(&str) -> String, base: &dyn Fn() -> Planned) {
    let post = |bytes| base().method("POST").body(bytes);
    for bytes in [0, 1, 9, 4000, 70_000] {
        table.one(&label(&format!("post-{bytes}")), post(bytes));
    }
    table.one(&label("get-body"), base().body(9));
    table.one(&label("post-no-length"), base().method("POST"));
    table.one(&label("post-404"), post(9).answers(404, KNOWN));
    table.one(&label("expect"), post(9).with("Expect", "100-continue"));
    table.one(&label("expect-403"), post(9).with("Expect", "100-continue").answers(403, KNOWN));
    table.one(&label("expect-else"), post(9).with("Expect", "x-else"));
    let crlf = || Planned { trailing_crlf: true, ..post(9) };
    table.one(&label("crlf"), crlf());
    table.add(&label("crlf-then"), vec![crlf(), base().at(300)], 900);
    table.add(&label("crlf-piped"), vec![crlf(), base().piped()], 900);
    table.one(
        &label("two-lengths"),
        base().method("POST").with("Content-Length", "0").with("Content-Length", "0"),
    );
    table.one(&label("bad-length"), base().method("POST").with("Content-Length", "x"));
    table.one(
        &label("other-lengths"),
        base().method("POST").with("Content-Length", "0").with("Content-Length", "1"),
    );
    table.one(
        &label("chunked-and-length"),
        base().method("POST").with("Transfer-Encoding", "gzip").with("Content-Length", "0"),
    );
    for bytes in [0, 5000, 100_000] {
        table.one(&label(&format!("known-{bytes}")), base().answers(200, Content::Known(bytes)));
        table.one(
            &label(&format!("streamed-{bytes}")),
            base().answers(200, Content::Streamed(bytes)),
        );
    }
}

fn malformed(table: &mut Table, label: &dyn Fn(&str) -> String, base: &dyn Fn() -> Planned) {
    let without_host = || {
        let mut planned = base();
        planned.request.headers.remove("Host");
        planned
    };
    table.one(&label("no-host"), without_host());
    table.one(&label("two-hosts"), base().with("Host", "b"));
    table.one(&label("bad-host"), without_host().with("Host", "a b"));
    table.one(&label("bad-name"), base().with("X Y", "z"));
    table.one(&label("colon-space"), base().with("X-Y ", "z"));
    table.one(&label("underscore"), base().with("X_Y", "z"));
    table.one(&label("empty-value"), base().with("X-Y", ""));
    table.one(&label("lower-method"), base().method("get"));
    let target = |target: &str| {
        let mut planned = base();
        planned.request.target = target.into();
        planned
    };
    table.one(&label("absolute"), target("http://a/app"));
    table.one(&label("no-slash"), target("app"));
    table.one(&label("space"), target("/a b"));
    if label("").starts_with("HTTP/1.1") {
        table.one(&label("long"), target(&format!("/{}", "a".repeat(9000))));
    }
}

fn sequences(table: &mut Table, label: &dyn Fn(&str) -> String, base: &dyn Fn() -> Planned) {
    let then = |first: Planned| vec![first, base().at(300)];
    table.add(&label("twice"), then(base()), 900);
    table.add(&label("close-then"), then(base().with("Connection", "close")), 900);
    table.add(&label("sets-close-then"), then(base().sets("Connection", "close")), 900);
    table.add(&label("head-then"), then(base().method("HEAD")), 900);
    table.add(&label("404-then"), then(base().answers(404, KNOWN)), 900);
    table.add(&label("400-then"), then(base().answers(400, KNOWN)), 900);
    table.add(&label("500-then"), then(base().answers(500, KNOWN)), 900);
    table.add(&label("304-then"), then(base().answers(304, Content::Empty)), 900);
    table.add(&label("streamed-then"), then(base().answers(200, STREAMED)), 900);
    table.add(&label("post-then"), then(base().method("POST").body(9)), 900);
    table.add(&label("piped"), vec![base(), base().piped(), base().piped()], 900);
    table.add(
        &label("piped-close"),
        vec![base(), base().with("Connection", "close").piped(), base().piped()],
        900,
    );
    table.add(&label("piped-404"), vec![base().answers(404, KNOWN), base().piped()], 900);
    table.add(&label("piped-slow"), vec![slow(base(), 100), base().piped()], 900);
}

/// Exchanges in which everything can meet everything: a rule that only knows the tables above fails here.
fn mixture(table: &mut Table, seed: u64, count: u64) {
    seeded(table, 0x9E37_79B9 ^ seed, count);
}

/// Cases that stand in no file, for these settings: does the rule hold for what it was not made from?
pub fn fresh(variant: &Variant, seed: u64) -> Variant {
    let mut table = Table::new(&variant.name, variant.chosen.clone());
    let name = variant
        .name
        .bytes()
        .fold(seed, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte)));
    seeded(&mut table, name, 60);
    table.variant()
}

fn seeded(table: &mut Table, seed: u64, count: u64) {
    let mut random = Random(seed);
    for number in 0..count {
        let exchanges = 1 + random.below(3);
        let piped = random.below(5) == 0;
        let mut list = Vec::new();
        for index in 0..exchanges {
            let planned = any(&mut random);
            list.push(if index > 0 && piped { planned.piped() } else { planned.at(index * 300) });
        }
        table.add(&format!("mix-{number}"), list, 300 * exchanges + 400);
    }
}

fn any(random: &mut Random) -> Planned {
    let version =
        random.of(&["HTTP/1.0", "HTTP/1.0", "HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.2"]);
    let (_, lines) = random.of(CONNECTION);
    let mut planned = asking(version, lines);
    let content = random.of(&[KNOWN, KNOWN, STREAMED, Content::Empty, Content::Known(5000)]);
    let status = random.of(&[200, 200, 200, 200, 204, 206, 301, 304, 400, 404, 413, 500, 503]);
    planned = planned.answers(status, content);
    if random.below(4) == 0 {
        planned = planned.method(random.of(&["HEAD", "OPTIONS", "DELETE"]));
    } else if random.below(4) == 0 {
        let bytes = random.of(&[0, 9, 3000]);
        planned = planned.method("POST").body(bytes);
        planned.trailing_crlf = random.below(4) == 0;
    }
    if random.below(5) == 0 {
        let (_, name, value) = random.of(SETS);
        planned = planned.sets(name, value);
    }
    if random.below(6) == 0 {
        let (_, fields) = random.of(OTHERS);
        planned = fields.iter().fold(planned, |planned, (name, value)| planned.with(name, value));
    }
    planned
}

/// A small generator of numbers: the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        let index = self.below(choices.len() as u64);
        choices[usize::try_from(index).unwrap_or(0)]
    }
}

/// The cases of one variant, as they are added.
pub struct Table {
    name: String,
    chosen: Chosen,
    cases: Vec<Case>,
}

impl Table {
    pub fn new(name: &str, chosen: Chosen) -> Self {
        Self { name: name.into(), chosen, cases: Vec::new() }
    }

    /// One exchange, and long enough to see whether the connection stays.
    pub fn one(&mut self, id: &str, planned: Planned) {
        self.add(id, vec![planned], 450);
    }

    pub fn add(&mut self, id: &str, exchanges: Vec<Planned>, until_ms: u64) {
        let id = format!("{}/{id}", self.name);
        self.cases.push(Case { id, scenario: to_server(&self.chosen, exchanges, until_ms) });
    }

    pub fn variant(self) -> Variant {
        Variant { name: self.name, chosen: self.chosen, cases: self.cases }
    }
}
