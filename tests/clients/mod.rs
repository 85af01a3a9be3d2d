//! How the tests of clients write down what they send, what they make of an answer, and how a run
//! with them ends.
use crate::profiles::{app, body_of, chosen, headers, request, seen, server};
use keepalive::profile::{Answer, ClientAfter, ClientRule, ClientSees, Config, MakeRule};
use keepalive::protocol::{Response, Version};
use keepalive::sim::{Outcome, Planned, Scenario, Start, Timeline, Us, run};

pub fn client(text: &str) -> Box<dyn ClientRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Client(make) => make(&config).expect("the settings are right"),
        MakeRule::Server(_) => panic!("a server"),
    }
}

/// What stands on the wire, its lines joined with ` | `.
#[track_caller]
pub fn sends(product: &str, composed: &str, body_bytes: u64, expected: &str) {
    let composed = request(composed);
    let sent = client(product).rewrite_with_body(&composed, body_bytes).unwrap_or(composed);
    assert_eq!(sent.wire().trim_end().replace("\r\n", " | "), expected);
}

/// What a client makes of the answer with this head to what it sends for a request like this one.
#[track_caller]
pub fn makes(product: &str, composed: &str, answered: &str, expected: &str) {
    let rule = client(product);
    let composed = request(composed);
    let sent = rule.rewrite_with_body(&composed, body_of(&composed)).unwrap_or(composed);
    let mut lines = answered.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let response = Response {
        version: Version::parse(start[0]),
        status: start[1].parse().expect("a status"),
        headers: headers(lines),
    };
    let template = app("200 known 5");
    let textbook = server("textbook").answer(&seen(&sent, &template));
    let answer = Answer { response, ..textbook };
    let told = match rule.after(&ClientSees { request: &sent, answer: &answer }) {
        ClientAfter::Keep { idle_limit: Some(limit) } => format!("keep {} ms", limit.0 / 1_000),
        ClientAfter::Keep { idle_limit: None } => "keep".into(),
        ClientAfter::Close(reason) => format!("close: {}", reason.rule),
        ClientAfter::AwaitClose => "await close".into(),
    };
    assert_eq!(told, expected, "{product} {answered}");
}

/// A run with exchanges at these moments (ms), without a way between the ends.
#[track_caller]
pub fn runs(server: &str, client: &str, at_ms: &[u64], expected: &str) {
    let exchanges = at_ms.iter().map(|&at| (at, 0)).collect::<Vec<_>>();
    assert_eq!(told(&ran(server, client, &exchanges)), expected, "{client}");
}

/// Exchanges at these moments, each of which takes the server so long (both in ms).
pub fn ran(server: &str, client: &str, exchanges: &[(u64, u64)]) -> Timeline {
    let planned = exchanges.iter().map(|&(at, after)| {
        let mut one = Planned { start: Start::At(Us::from_ms(at)), ..Planned::default() };
        one.request.headers.push("Host", "a");
        one.app.after = Us::from_ms(after);
        one
    });
    let last = exchanges.iter().map(|(at, _)| *at).max().unwrap_or(0);
    let scenario = Scenario {
        server: chosen(server),
        client: chosen(client),
        exchanges: planned.collect(),
        until: Some(Us::from_ms(last + 5000)),
        ..Scenario::default()
    };
    run(&scenario).expect("the scenario is right")
}

/// `1: 0 1, client 2000 ms; 2: 2 failed, open`: connections with their exchanges and their ends.
pub fn told(timeline: &Timeline) -> String {
    let connection = |connection: &keepalive::sim::Connection| {
        let mut text = format!("{}:", connection.id);
        for &index in &connection.exchanges {
            text.push_str(&format!(" {index}"));
            let exchange = &timeline.exchanges[index as usize];
            if exchange.outcome != Outcome::Answered && exchange.connection == Some(connection.id) {
                text.push_str(&format!(" {}", exchange.outcome.as_str()));
            }
        }
        match &connection.close {
            Some(close) => format!("{text}, {} {} ms", close.by.as_str(), close.at.0 / 1_000),
            None => format!("{text}, open"),
        }
    };
    timeline.connections.iter().map(connection).collect::<Vec<_>>().join("; ")
}
