//! A scenario to run, and how it stands in a file.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Headers, Request, Version};
use keepalive::sim::{Network, Planned, Scenario, Start};
use keepalive::time::Us;
use serde_json::{Map, Value, json};

/// A scenario with a name that says what it is about.
#[derive(Clone, Debug)]
pub struct Case {
    pub id: String,
    pub scenario: Scenario,
}

/// One exchange of a matrix, built up from `GET / HTTP/1.1` with a Host field.
pub fn get(version: &str) -> Planned {
    let version = Version::parse(version);
    let mut request = Request::new("GET", "/", version);
    request.headers.push("Host", "a");
    Planned { request, ..Planned::default() }
}

/// Small steps that change one thing each.
pub trait Build: Sized {
    fn with(self, name: &str, value: &str) -> Self;
    fn method(self, method: &str) -> Self;
    fn body(self, bytes: u64) -> Self;
    fn at(self, ms: u64) -> Self;
    fn answers(self, status: u16, content: Content) -> Self;
    fn sets(self, name: &str, value: &str) -> Self;
    fn piped(self) -> Self;
}

impl Build for Planned {
    fn with(mut self, name: &str, value: &str) -> Self {
        self.request.headers.push(name, value);
        self
    }

    fn method(mut self, method: &str) -> Self {
        self.request.method = method.into();
        self
    }

    /// A body with its Content-Length.
    fn body(mut self, bytes: u64) -> Self {
        self.body_bytes = bytes;
        self.with("Content-Length", &bytes.to_string())
    }

    fn at(mut self, ms: u64) -> Self {
        self.start = Start::At(Us::from_ms(ms));
        self
    }

    fn answers(mut self, status: u16, content: Content) -> Self {
        self.app = App { status, content, ..self.app };
        self
    }

    /// The application sets this field itself.
    fn sets(mut self, name: &str, value: &str) -> Self {
        self.app.headers.push(name, value);
        self
    }

    fn piped(mut self) -> Self {
        self.pipeline = true;
        self
    }
}

/// A scenario for a recorded server: the script talks to it.
pub fn to_server(server: &Chosen, exchanges: Vec<Planned>, until_ms: u64) -> Scenario {
    Scenario {
        server: server.clone(),
        exchanges,
        until: Some(Us::from_ms(until_ms)),
        ..Scenario::default()
    }
}

/// The scenario as the JSON functions take it; what is default is left out.
pub fn json(scenario: &Scenario) -> Value {
    let mut line = Map::new();
    line.insert("server".into(), product(&scenario.server));
    if scenario.client != Chosen::new("script", "") {
        line.insert("client".into(), product(&scenario.client));
    }
    if scenario.network != Network::default() {
        line.insert("network".into(), json!({"rtt_ms": scenario.network.rtt.as_ms()}));
    }
    line.insert("exchanges".into(), scenario.exchanges.iter().map(exchange).collect());
    if let Some(until) = scenario.until {
        line.insert("until_ms".into(), json!(ms(until)));
    }
    Value::Object(line)
}

/// A product with its settings.
pub fn product(chosen: &Chosen) -> Value {
    let mut value = Map::from_iter([("product".into(), json!(chosen.product))]);
    if !chosen.version.is_empty() {
        value.insert("version".into(), json!(chosen.version));
    }
    if !chosen.settings.is_empty() {
        let pairs = chosen.settings.iter().map(|(name, text)| (name.clone(), json!(text)));
        value.insert("settings".into(), Value::Object(pairs.collect()));
    }
    Value::Object(value)
}

fn exchange(planned: &Planned) -> Value {
    let mut value = Map::new();
    if let Start::At(at) = planned.start
        && at != Us::ZERO
    {
        value.insert("at_ms".into(), json!(ms(at)));
    }
    if planned.pipeline {
        value.insert("pipeline".into(), json!(true));
    }
    for (name, part) in [("request", request(planned)), ("response", answer(&planned.app))] {
        if part.as_object().is_some_and(|part| !part.is_empty()) {
            value.insert(name.into(), part);
        }
    }
    Value::Object(value)
}

fn request(planned: &Planned) -> Value {
    let Request { method, target, version, headers } = &planned.request;
    let mut value = Map::new();
    if method != "GET" {
        value.insert("method".into(), json!(method));
    }
    if target != "/" {
        value.insert("target".into(), json!(target));
    }
    if *version != Version::Http11 {
        value.insert("version".into(), json!(version.to_string()));
    }
    if !headers.is_empty() {
        value.insert("headers".into(), pairs(headers));
    }
    if planned.body_bytes > 0 {
        value.insert("body_bytes".into(), json!(planned.body_bytes));
    }
    if planned.trailing_crlf {
        value.insert("trailing_crlf".into(), json!(true));
    }
    Value::Object(value)
}

fn answer(app: &App) -> Value {
    let mut value = Map::new();
    match app.content {
        Content::Known(bytes) => value.insert("content".into(), json!({"known": bytes})),
        Content::Streamed(bytes) => value.insert("content".into(), json!({"streamed": bytes})),
        Content::Empty => None,
    };
    if app.status != 200 {
        value.insert("status".into(), json!(app.status));
    }
    if app.after != Us::ZERO {
        value.insert("after_ms".into(), json!(ms(app.after)));
    }
    if !app.headers.is_empty() {
        value.insert("headers".into(), pairs(&app.headers));
    }
    Value::Object(value)
}

fn pairs(headers: &Headers) -> Value {
    headers.iter().map(|field| json!([field.name, field.value])).collect()
}

const fn ms(time: Us) -> u64 {
    time.0 / 1_000
}
