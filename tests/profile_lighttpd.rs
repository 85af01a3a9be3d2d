//! lighttpd: request, application, answer, verdict. What is expected here was measured on 1.4.69;
//! where other versions differ, their sources say so.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Idle, RequestSeen, StrayLine};
use keepalive::sim::{Planned, Scenario, Start, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 1.4.69 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("lighttpd 1.4.69", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

/// The answer with so many before it.
#[track_caller]
fn later(product: &str, served: u64, expected: &str) {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let seen = RequestSeen { served, ..seen(&request, &app) };
    assert_eq!(told(&server(product).answer(&seen)), expected, "{product} after {served}");
}

const KEPT: &str = "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default";
const NEGOTIATED: &str =
    "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-negotiated";
const CLOSED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
const CLOSED_10: &str =
    "HTTP/1.0 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.0 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn old_clients_are_answered_in_their_version() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: Close", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: Keep-Alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Connection: close", CLOSED_10);
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NOT_ASKED);
    check("GET / HTTP/1.1 | Host: a | Proxy-Connection: close", KEPT);
}

#[test_everywhere(unsupported = test)]
fn a_word_ends_at_a_space_or_a_semicolon_too() {
    for text in ["close", "keep-alive, close", "close, keep-alive", ", close", "close;x", "close x"]
    {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), CLOSED);
    }
    for text in ["closed", "not-close", "\"close\"", "keep-alive close", "foo", "TE", ""] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), KEPT);
    }
    for text in ["keep-alive;q=1", "keep-alive close", "TE, keep-alive", "keep-alive,TE"] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NEGOTIATED);
    }
    for text in ["keep-alived", "keepalive", "x keep-alive", "foo", ""] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NOT_ASKED);
    }
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive,\r\n close", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn the_last_connection_line_that_says_anything_decides() {
    let lines = |first, second| {
        format!("GET / HTTP/1.1 | Host: a | Connection: {first} | Connection: {second}")
    };
    check(&lines("keep-alive", "close"), CLOSED);
    check(&lines("close", "keep-alive"), KEPT);
    check(&lines("close", "foo"), CLOSED);
    check("GET / HTTP/1.0 | Connection: close | Connection: keep-alive", NEGOTIATED);
}

/// An error page of lighttpd's own.
fn page(version: &str, status: u16, bytes: u64, rule: &str) -> String {
    format!(
        "HTTP/{version} {status} | Content-Length: {bytes} | Connection: close -> close, {rule}"
    )
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_an_error_and_the_connection_ends() {
    for (asked, rule) in [
        ("GET a HTTP/1.1 | Host: a", "malformed-request-line"),
        ("CONNECT a:80 HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET / HTTP/1.1", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host:", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | Host: b", "host-missing-or-repeated"),
        ("GET http://b/ HTTP/1.1 | Host: a", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | X Y: z", "space-before-colon"),
        ("GET / HTTP/1.1 | Host: a | X : z", "space-before-colon"),
        ("GET / HTTP/1.1 | Host: a | X(Y: z", "malformed-field"),
        ("GET / HTTP/1.1 | Host: a | X: \u{1}", "control-character"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: +5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: 5, 5", "invalid-content-length"),
        (
            "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 5",
            "repeated-content-length",
        ),
        (
            "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5",
            "transfer-encoding-with-content-length",
        ),
        ("GET / HTTP/1.1 | Host: a | Content-Length: 5", "body-not-taken"),
    ] {
        check(asked, &page("1.1", 400, 345, rule));
    }
    for (asked, status, bytes, rule) in [
        ("POST / HTTP/1.1 | Host: a", 411, 353, "length-required"),
        ("POST / HTTP/1.1 | Host: a | Content-Length:", 411, 353, "length-required"),
        ("get / HTTP/1.1 | Host: a", 501, 353, "unknown-method"),
        ("BREW / HTTP/1.1 | Host: a", 501, 353, "unknown-method"),
        ("POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip", 501, 353, "unknown-coding"),
    ] {
        check(asked, &page("1.1", status, bytes, rule));
    }
    // Before the version is read, or if it cannot be, the answer is HTTP/1.0.
    for version in ["HTTP/1.2", "HTTP/2.0", "HTTP/0.8", "HTTP/1"] {
        check(&format!("GET / {version} | Host: a"), &page("1.0", 505, 375, "not-http1"));
    }
    for version in ["HTTP/1.10", "http/1.1"] {
        check(&format!("GET / {version} | Host: a"), &page("1.0", 400, 345, "malformed-version"));
    }
    let long = |bytes| format!("GET / HTTP/1.1 | Host: a | X: {}", "b".repeat(bytes));
    check(&long(8_100), KEPT);
    check(&long(8_192), &page("1.0", 431, 385, "request-too-large"));
    for asked in [
        "GET / HTTP/1.0 | Connection: upgrade | Upgrade: x",
        "POST / HTTP/1.0 | Transfer-Encoding: chunked",
        "GET / HTTP/1.0 | Host: a b",
    ] {
        let (request, app) = (request(asked), app("200 known 5"));
        let told = told(&server("lighttpd").answer(&seen(&request, &app)));
        assert!(told.starts_with("HTTP/1.0 400 | Content-Length: 345 | "), "{asked}: {told}");
    }
}

#[test_everywhere(unsupported = test)]
fn names_of_hosts() {
    for host in ["a", "A", "a.", "a:", "a-", "a.1b", "a.b:80", "1.2.3.4", "[::1]", "[::1]:80"] {
        check(&format!("GET / HTTP/1.1 | Host: {host}"), KEPT);
    }
    let refused = page("1.1", 400, 345, "host-missing-or-repeated");
    for host in [
        "a:b", "a_b", "a..b", "-a", ".a", "a,b", "a b", "a:99999", "1", "1.2.3", "a.1", "\u{e9}",
        "a%41", "[]",
    ] {
        check(&format!("GET / HTTP/1.1 | Host: {host}"), &refused);
    }
    check("GET / HTTP/1.1 | Host: a | Host: A", KEPT);
    check("GET http://a/ HTTP/1.1", KEPT);
}

#[test_everywhere(unsupported = test)]
fn what_is_collected_has_a_length() {
    let new = "GET / HTTP/1.1 | Host: a";
    let old = "GET / HTTP/1.0 | Connection: keep-alive";
    for application in ["200 known 9", "200 streamed 9", "200 known 9 | Transfer-Encoding: chunked"]
    {
        with(
            "lighttpd",
            new,
            application,
            "HTTP/1.1 200 | Content-Length: 9 -> keep, http11-default",
        );
        with(
            "lighttpd",
            old,
            application,
            "HTTP/1.0 200 | Content-Length: 9 | Connection: keep-alive -> keep, http10-negotiated",
        );
    }
    let head = "HEAD / HTTP/1.1 | Host: a";
    with("lighttpd", head, "200 streamed 9", "HTTP/1.1 200 -> keep, http11-default");
    with(
        "lighttpd",
        head,
        "200 known 9",
        "HTTP/1.1 200 | Content-Length: 9 -> keep, http11-default",
    );
    with(
        "lighttpd",
        new,
        "205 known 9",
        "HTTP/1.1 205 | Content-Length: 0 -> keep, http11-default",
    );
    for status in [204, 304] {
        let application = format!("{status} known 9 | Content-Length: 9");
        let expected = format!("HTTP/1.1 {status} -> keep, http11-default");
        with("lighttpd", new, &application, &expected);
    }
    for mode in ["lighttpd; server.stream-response-body = 1", "lighttpd 1.4.35"] {
        with(
            mode,
            new,
            "200 streamed 9",
            "HTTP/1.1 200 | Transfer-Encoding: chunked -> keep, http11-default",
        );
        let closes = "HTTP/1.0 200 | Connection: close -> close, close-delimited";
        with(mode, old, "200 streamed 9", closes);
        with(mode, old, "200 known 5", NEGOTIATED);
    }
}

#[test_everywhere(unsupported = test)]
fn what_the_application_says_of_its_connection_is_dropped() {
    for own in ["close", "keep-alive", "x-hop"] {
        let application = format!("200 known 5 | Connection: {own}");
        with("lighttpd", "GET / HTTP/1.1 | Host: a", &application, KEPT);
        with("lighttpd", "GET / HTTP/1.0 | Connection: keep-alive", &application, NEGOTIATED);
    }
    for status in [301, 400, 404, 408, 411, 413, 500, 501, 503] {
        let expected = format!("HTTP/1.1 {status} | Content-Length: 5 -> keep, http11-default");
        with("lighttpd", "GET / HTTP/1.1 | Host: a", &format!("{status} known 5"), &expected);
    }
    with(
        "lighttpd",
        "OPTIONS * HTTP/1.1 | Host: a",
        "404 known 5",
        "HTTP/1.1 200 | Content-Length: 0 -> keep, http11-default",
    );
    with(
        "lighttpd",
        "GET / HTTP/1.1 | Host: a | Connection: Upgrade, HTTP2-Settings | Upgrade: h2c | HTTP2-Settings: AAMAAABkAAQAAP__",
        "200 known 5",
        "HTTP/1.1 101 | Connection: Upgrade -> tunnel, switched-protocols",
    );
}

#[test_everywhere(unsupported = test)]
fn one_request_more_than_the_limit_is_served() {
    let last = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, keep-alive-requests";
    for limit in [0, 1, 3, 1000] {
        let product = format!("lighttpd; server.max-keep-alive-requests = {limit}");
        if limit > 0 {
            later(&product, limit - 1, KEPT);
        }
        later(&product, limit, last);
    }
    for (version, limit) in [
        ("1.4.4", 128),
        ("1.4.20", 16),
        ("1.4.46", 100),
        ("1.4.64", 100),
        ("1.4.65", 1000),
        ("1.4", 1000),
    ] {
        later(&format!("lighttpd {version}"), limit - 1, KEPT);
        later(&format!("lighttpd {version}"), limit, last);
    }
}

#[test_everywhere(unsupported = test)]
fn the_idle_wait_lasts_one_second_longer_than_it_says() {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let after = |product: &str| server(product).answer(&seen(&request, &app)).after;
    for (product, seconds) in [
        ("lighttpd", 6),
        ("lighttpd 1.4.4", 31),
        ("lighttpd; server.max-keep-alive-idle = 1", 2),
        ("lighttpd; server.max-keep-alive-idle = 3; server.max-read-idle = 1", 4),
    ] {
        assert_eq!(after(product), After::Keep(Idle::after(Us::from_secs(seconds))), "{product}");
    }
    assert_eq!(server("lighttpd").stray_line(), StrayLine::Skip);
    with(
        "lighttpd; server.max-keep-alive-idle = 0",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, keep-alive-idle-0",
    );
    let reason = server("lighttpd").idle_reason(Us::from_secs(6));
    assert!(reason.fact.contains("more than 5\u{a0}s"), "{}", reason.fact);
}

#[test_everywhere(unsupported = test)]
fn a_body_that_is_too_long() {
    let product = "lighttpd; server.max-request-size = 4";
    let post = |bytes: u64| format!("POST / HTTP/1.1 | Host: a | Content-Length: {bytes}");
    with(product, &post(4096), "200 known 5", KEPT);
    with(product, &post(4097), "200 known 5", &page("1.1", 413, 357, "body-too-large"));
}

#[test_everywhere(unsupported = test)]
fn what_is_not_complete_is_waited_for_and_never_answered() {
    let product = "lighttpd; server.max-read-idle = 1; server.max-keep-alive-idle = 3";
    let outcome = |exchanges: Vec<Planned>| {
        let until = Some(Us::from_secs(20));
        let scenario =
            Scenario { server: chosen(product), exchanges, until, ..Scenario::default() };
        let timeline = run(&scenario).expect("the scenario is right");
        let last = timeline.exchanges.last().expect("there is one").outcome.as_str();
        let close = timeline.connections[0].close.as_ref().map(|close| close.at.0 / 1_000);
        (last, close, timeline.connections[0].close.as_ref().map(|close| close.because[0].rule))
    };
    let head = Some("head-timeout");
    let simple = Planned { request: request("GET /"), ..Planned::default() };
    assert_eq!(outcome(vec![simple.clone()]), ("failed", Some(2_000), head));
    let first = Planned { request: request("GET / HTTP/1.1 | Host: a"), ..Planned::default() };
    let at = |start, planned: &Planned| Planned {
        start: Start::At(Us::from_ms(start)),
        ..planned.clone()
    };
    assert_eq!(outcome(vec![first.clone(), at(300, &simple)]), ("failed", Some(4_300), head));
    let part = Planned {
        request: request("POST / HTTP/1.1 | Host: a | Content-Length: 9"),
        body_bytes: 5,
        ..Planned::default()
    };
    assert_eq!(outcome(vec![first.clone(), at(300, &part)]), ("failed", Some(2_300), head));
    assert_eq!(outcome(vec![first]), ("answered", Some(4_000), Some("idle-timeout")));
}

#[test_everywhere(unsupported = test)]
fn the_path_names_what_decided() {
    let (request, app) = (request("GET / HTTP/1.0"), app("200 known 5"));
    assert_eq!(
        path(&server("lighttpd").answer(&seen(&request, &app))),
        [
            "Is server.max-keep-alive-idle above 0? yes",
            "Is a request left under server.max-keep-alive-requests? yes",
            "Does a message say close? no",
            "Is it HTTP/1.1 or later? no",
            "Did both sides of HTTP/1.0 ask for keep-alive? no!",
        ]
    );
}
