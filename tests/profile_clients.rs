//! The clients: what they send, what they make of an answer, what they repeat.
mod profiles;

use keepalive::profile::{Answer, ClientAfter, ClientRule, ClientSees, Config, MakeRule};
use keepalive::protocol::{Response, Version};
use profiles::{app, chosen, headers, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn client(text: &str) -> Box<dyn ClientRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Client(make) => make(&config).expect("the settings are right"),
        MakeRule::Server(_) => panic!("a server"),
    }
}

/// What a client makes of an answer with this head: `keep 300 s`, `close: rule`, `await close`.
fn makes_of(rule: &dyn ClientRule, asked: &str, answered: &str) -> String {
    let request = request(asked);
    let mut lines = answered.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let response = Response {
        version: Version::parse(start[0]),
        status: start[1].parse().expect("a status"),
        headers: headers(lines),
    };
    let template = app("200 known 5");
    let textbook = server("textbook").answer(&seen(&request, &template));
    let answer = Answer { response, ..textbook };
    match rule.after(&ClientSees { request: &request, answer: &answer }) {
        ClientAfter::Keep { idle_limit: Some(limit) } => format!("keep {} s", limit.as_secs()),
        ClientAfter::Keep { idle_limit: None } => "keep".into(),
        ClientAfter::Close(reason) => format!("close: {}", reason.rule),
        ClientAfter::AwaitClose => "await close".into(),
    }
}

/// What stands on the wire, its lines joined with ` | `.
fn sends(product: &str, composed: &str) -> String {
    let composed = request(composed);
    let sent = client(product).rewrite_with_body(&composed, 0).unwrap_or(composed);
    sent.wire().trim_end().replace("\r\n", " | ")
}

#[test_everywhere(unsupported = test)]
fn a_script_sends_what_is_written() {
    assert_eq!(sends("script", "GET / HTTP/1.1"), "GET / HTTP/1.1");
    assert_eq!(client("script").max_connections(), 1);
}

#[test_everywhere(unsupported = test)]
fn a_crawler_speaks_http10_and_asks_for_nothing() {
    assert_eq!(
        sends("http10-crawler", "GET / HTTP/1.1 | Host: a | Connection: keep-alive | X: y"),
        "GET / HTTP/1.0 | Host: a | X: y"
    );
    assert_eq!(
        sends("http10-crawler", "GET / HTTP/1.0 | Keep-Alive: timeout=5 | Proxy-Connection: x"),
        "GET / HTTP/1.0 | Proxy-Connection: x"
    );
    assert_eq!(client("http10-crawler").max_connections(), 1);
    assert_eq!(client("http10-crawler; connections = 4").max_connections(), 4);
}

#[test_everywhere(unsupported = test)]
fn an_old_client_asks_for_keep_alive_unless_something_else_is_said() {
    assert_eq!(
        sends("http10-keepalive", "GET / HTTP/1.1 | Host: a"),
        "GET / HTTP/1.0 | Host: a | Connection: Keep-Alive"
    );
    assert_eq!(
        sends("http10-keepalive", "GET / HTTP/1.0 | Connection: close"),
        "GET / HTTP/1.0 | Connection: close"
    );
}

#[test_everywhere(unsupported = test)]
fn a_browser_always_sends_host_and_connection() {
    assert_eq!(
        sends("browser", "GET / HTTP/1.0"),
        "GET / HTTP/1.1 | Host: example.com | Connection: keep-alive"
    );
    assert_eq!(
        sends("browser", "GET http://b.example:8080/x HTTP/1.1"),
        "GET http://b.example:8080/x HTTP/1.1 | Host: b.example:8080 | Connection: keep-alive"
    );
    let composed = "GET / HTTP/1.1 | Host: a | Connection: close";
    assert_eq!(sends("browser", composed), composed);
    assert_eq!(
        sends("browser", "POST / HTTP/1.1 | Host: a | Connection: keep-alive"),
        "POST / HTTP/1.1 | Host: a | Connection: keep-alive | Content-Length: 0"
    );
}

#[track_caller]
fn check(product: &str, answered: &str, expected: &str) {
    let rule = client(product);
    let composed = request("GET / HTTP/1.1 | Host: a");
    let sent = rule.rewrite_with_body(&composed, 0).unwrap_or(composed).wire();
    let sent = sent.trim_end().replace("\r\n", " | ");
    assert_eq!(makes_of(rule.as_ref(), &sent, answered), expected);
}

#[test_everywhere(unsupported = test)]
fn a_browser_keeps_a_connection_for_its_own_time() {
    check("browser", "HTTP/1.1 200 | Content-Length: 5", "keep 300 s");
    check("browser firefox", "HTTP/1.1 200 | Content-Length: 5", "keep 115 s");
    check(
        "browser; network.http.keep-alive.timeout = 7",
        "HTTP/1.1 200 | Content-Length: 5",
        "keep 7 s",
    );
    check("browser", "HTTP/1.1 200 | Transfer-Encoding: chunked", "keep 300 s");
    check("browser", "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive", "keep 300 s");
}

#[test_everywhere(unsupported = test)]
fn a_browser_closes_what_it_cannot_use_again() {
    check(
        "browser",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close",
        "close: close-in-response",
    );
    check("browser", "HTTP/1.0 200 | Content-Length: 5", "close: http10-not-confirmed");
    check("browser", "HTTP/1.1 200", "await close");
    check(
        "browser",
        "HTTP/1.1 200 | Content-Length: 5 | Content-Length: 6",
        "close: different-content-lengths",
    );
}

#[test_everywhere(unsupported = test)]
fn in_chromium_the_first_word_decides() {
    let answered =
        |version: &str, fields: &str| format!("{version} 200 | Content-Length: 5 | {fields}");
    let chromium = |version, fields: &str, expected| {
        check("browser chromium", &answered(version, fields), expected);
    };
    chromium("HTTP/1.1", "Connection: keep-alive, close", "keep 300 s");
    chromium("HTTP/1.1", "Connection: x | Connection: Close", "close: close-in-response");
    chromium("HTTP/1.1", "Connection: closed", "keep 300 s");
    chromium("HTTP/1.1", "Proxy-Connection: close", "close: close-in-response");
    chromium("HTTP/1.0", "Proxy-Connection: keep-alive", "keep 300 s");
    chromium("HTTP/1.0", "Connection: close, keep-alive", "close: close-in-response");
    chromium("HTTP/1.0", "Keep-Alive: timeout=5", "close: http10-not-confirmed");
    let both = answered("HTTP/1.1", "Connection: keep-alive, close");
    check("browser firefox", &both, "close: close-in-response");
}

#[test_everywhere(unsupported = test)]
fn an_old_client_looks_for_the_option_not_for_the_version() {
    check("http10-keepalive", "HTTP/1.1 200 | Content-Length: 5", "close: http10-not-confirmed");
    check("http10-keepalive", "HTTP/1.1 200 | Content-Length: 5 | Connection: Keep-Alive", "keep");
    check("http10-keepalive", "HTTP/1.0 200 | Connection: Keep-Alive", "await close");
    check("http10-crawler", "HTTP/1.1 200 | Content-Length: 5", "await close");
}

#[test_everywhere(unsupported = test)]
fn what_is_repeated_when_a_connection_dies() {
    let (get, post) = (request("GET / HTTP/1.1"), request("POST / HTTP/1.1"));
    let repeats = |product: &str| {
        let rule = client(product);
        (rule.retries(&get), rule.retries(&post))
    };
    assert_eq!(repeats("browser chromium"), (true, true));
    assert_eq!(repeats("browser firefox"), (true, true));
    assert_eq!(repeats("browser; repeats = idempotent requests"), (true, false));
    assert_eq!(repeats("browser; repeats = nothing"), (false, false));
    assert_eq!(repeats("http10-keepalive"), (true, false));
    assert_eq!(repeats("http10-crawler"), (false, false));
    assert_eq!(repeats("script"), (false, false));
}

#[test_everywhere(unsupported = test)]
fn the_number_of_connections_has_bounds() {
    let name = "network.http.max-persistent-connections-per-server";
    assert_eq!(client("browser").max_connections(), 6);
    assert_eq!(client(&format!("browser; {name} = 32")).max_connections(), 32);
    let wrong = Config::parse(&chosen(&format!("browser; {name} = 33"))).err();
    assert_eq!(wrong.map(|error| error.at).as_deref(), Some(name));
}
