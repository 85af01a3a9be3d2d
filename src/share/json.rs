//! One run as the JSON text that `keepalive simulate` and the JavaScript `simulate` take.
//! Written by hand: a JSON library would be the largest part of the page.
use crate::profile::{Chosen, Content};
use crate::protocol::Headers;
use crate::sim::{Network, Planned, Proxy, Start, Us};
use crate::study::Run;
use crate::time::decimal;

/// Exchanges of a load that are written down.
const MOST: usize = 10_000;

/// The question, on one line. A load is written exchange by exchange; faults have no place in it. What starts after another exchange stands at the instant at which it
/// started in this run: JSON knows only times.
pub fn question(run: &Run) -> String {
    let scenario = &run.scenario;
    let mut object = Object::new();
    object.value("server", &chosen(&scenario.server));
    object.value("client", &chosen(&scenario.client));
    if let Some(between) = &scenario.proxy {
        object.value("proxy", &proxy(between, scenario.clients));
    }
    object.value("network", &network(&scenario.network));
    let wanted = |index: usize| run.timeline()?.exchanges.get(index)?.wanted;
    let loaded = scenario.load.is_some();
    let exchanges = (0..scenario.count().min(MOST)).filter_map(|index| {
        let planned = scenario.planned(index)?;
        let at = match planned.start {
            Start::At(at) if !loaded => at,
            Start::At(gap) | Start::After { gap, .. } => wanted(index).unwrap_or(gap),
        };
        Some(exchange(planned, at))
    });
    object.value("exchanges", &array(exchanges));
    if let Some(until) = scenario.until {
        object.value("until_ms", &ms(until));
    }
    object.end()
}

fn chosen(chosen: &Chosen) -> String {
    product(chosen).end()
}

fn proxy(proxy: &Proxy, clients: u32) -> String {
    let mut object = product(&proxy.chosen);
    object.value("clients", &clients.to_string());
    object.value("network", &network(&proxy.network));
    object.end()
}

fn product(chosen: &Chosen) -> Object {
    let mut settings = Object::new();
    for (name, value) in &chosen.settings {
        settings.text(name, value);
    }
    let mut object = Object::new();
    object.text("product", &chosen.product);
    if !chosen.version.is_empty() {
        object.text("version", &chosen.version);
    }
    object.value("settings", &settings.end());
    object
}

fn network(network: &Network) -> String {
    let mut object = Object::new();
    object.value("rtt_ms", &ms(network.rtt));
    object.text("tls", network.tls.as_str());
    if let Some(bps) = network.bandwidth_bps {
        object.value("bandwidth_mbit", &decimal(bps, 1_000_000, 6));
    }
    object.end()
}

fn exchange(planned: &Planned, at: Us) -> String {
    let mut request = Object::new();
    request.text("method", &planned.request.method);
    request.text("target", &planned.request.target);
    request.text("version", &planned.request.version.to_string());
    request.value("headers", &headers(&planned.request.headers));
    request.value("body_bytes", &planned.body_bytes.to_string());
    request.value("trailing_crlf", if planned.trailing_crlf { "true" } else { "false" });
    let mut response = Object::new();
    response.value("status", &planned.app.status.to_string());
    response.value("content", &content(planned.app.content));
    response.value("after_ms", &ms(planned.app.after));
    response.value("headers", &headers(&planned.app.headers));
    let mut object = Object::new();
    object.value("at_ms", &ms(at));
    if planned.pipeline {
        object.value("pipeline", "true");
    }
    object.value("request", &request.end());
    object.value("response", &response.end());
    object.end()
}

fn content(content: Content) -> String {
    match content {
        Content::Known(bytes) => format!("{{\"known\":{bytes}}}"),
        Content::Streamed(bytes) => format!("{{\"streamed\":{bytes}}}"),
        Content::Empty => "\"empty\"".into(),
    }
}

fn headers(headers: &Headers) -> String {
    array(headers.iter().map(|field| format!("[{},{}]", quoted(&field.name), quoted(&field.value))))
}

fn ms(time: Us) -> String {
    decimal(time.0, 1_000, 3)
}

fn array(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

/// An object being written.
struct Object(String);

impl Object {
    fn new() -> Self {
        Self("{".into())
    }

    fn value(&mut self, name: &str, json: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.0 += &quoted(name);
        self.0.push(':');
        self.0 += json;
    }

    fn text(&mut self, name: &str, text: &str) {
        self.value(name, &quoted(text));
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

/// A JSON string.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if (c as u32) < 0x20 => out += &format!("\\u{:04x}", c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
