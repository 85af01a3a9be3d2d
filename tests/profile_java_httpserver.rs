//! The HTTP server that comes with Java: request, application, answer, verdict. What is expected
//! here was measured on 17.0.15 and, where it differs, on 25.0.3.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Chosen, Config, Hold, Idle, RequestSeen, StrayLine};
use keepalive::sim::{Planned, Scenario, Start, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 17 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("java-httpserver 17", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected, "{asked}");
}

const KEPT: &str = "HTTP/1.1 200 | Content-length: 5 -> keep, http11-default";
const NEGOTIATED: &str = "HTTP/1.1 200 | Connection: keep-alive | Keep-alive: timeout=30, max=200 \
                          | Content-length: 5 -> keep, http10-negotiated";
const SILENTLY_KEPT: &str = "HTTP/1.1 200 | Content-length: 5 -> keep, connection-not-close";
const CLOSED: &str = "HTTP/1.1 200 | Content-length: 5 -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.1 200 | Connection: close | Content-length: 5 -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn only_http10_is_told_anything() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1", KEPT);
    check("GET / HTTP/1.1 | Connection: keep-alive", KEPT);
    check("GET / HTTP/1.1 | Connection: close", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Keep-Alive: 300", NOT_ASKED);
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: Keep-Alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Connection: CLOSE", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn the_whole_first_line_counts() {
    for text in ["foo", "closed", "keep-alive, close", "close, keep-alive", "", "TE", "Upgrade"] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), SILENTLY_KEPT);
        check(&format!("GET / HTTP/1.1 | Connection: {text}"), KEPT);
    }
    for text in ["  close\t", "\r\n close"] {
        check(&format!("GET / HTTP/1.1 | Connection: {text}"), CLOSED);
    }
    check("GET / HTTP/1.1 | Connection: keep-alive | Connection: close", KEPT);
    check("GET / HTTP/1.0 | Connection: keep-alive | Connection: close", NEGOTIATED);
    check("GET / HTTP/1.0 | Connection: close | Connection: keep-alive", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn every_version_but_one_is_1_1() {
    for version in ["HTTP/1.2", "HTTP/2.0", "HTTP/1", "FOO"] {
        check(&format!("GET / {version}"), KEPT);
    }
    check("GET / http/1.0", NOT_ASKED);
    check("GET /a b HTTP/1.0", KEPT);
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_a_page_and_the_connection_ends() {
    let page = |status, bytes, rule| {
        format!(
            "HTTP/1.1 {status} | Content-Length: {bytes} | Content-Type: text/html \
             | Connection: close -> close, {rule}"
        )
    };
    for (asked, status, bytes, rule) in [
        ("GET /", 400, 40, "request-rejected"),
        ("GET /a{b HTTP/1.1", 400, 49, "request-rejected"),
        ("GET /%zz HTTP/1.1", 400, 49, "request-rejected"),
        ("GET 1.2.3.4:443 HTTP/1.1", 400, 49, "request-rejected"),
        ("GET // HTTP/1.1", 400, 49, "request-rejected"),
        ("GET * HTTP/1.1", 404, 50, "request-rejected"),
        ("GET http://a HTTP/1.1", 404, 50, "request-rejected"),
        ("GET a.txt HTTP/1.1", 404, 50, "request-rejected"),
        ("GET / HTTP/1.1 | X : y", 400, 62, "space-before-colon"),
        ("GET / HTTP/1.1 | X@: y", 400, 62, "malformed-field"),
        ("GET / HTTP/1.1 | Content-Length: x", 400, 52, "invalid-content-length"),
        ("GET / HTTP/1.1 | Content-Length: -1", 400, 52, "invalid-content-length"),
        (
            "GET / HTTP/1.1 | Content-Length: 0 | Content-Length: 0",
            400,
            65,
            "repeated-content-length",
        ),
        (
            "GET / HTTP/1.1 | Content-Length: 0 | Transfer-Encoding: chunked",
            400,
            65,
            "transfer-encoding-with-content-length",
        ),
        ("GET / HTTP/1.1 | Transfer-Encoding: gzip, chunked", 501, 63, "request-rejected"),
        ("HEAD / HTTP/1.1 | Transfer-Encoding: gzip", 501, 63, "request-rejected"),
    ] {
        check(asked, &page(status, bytes, rule));
    }
    for asked in [
        "GET http://a/ HTTP/1.1",
        "GET //a/b HTTP/1.1",
        "GET /?a[b]#c HTTP/1.1",
        "get / HTTP/1.1",
        "GET / HTTP/1.1 | Host: a | Host: b",
        "GET / HTTP/1.1 | Content-Length: +0",
        "GET / HTTP/1.1 | Expect: 100-continue",
        "POST / HTTP/1.0 | Connection: foo | Transfer-Encoding: chunked",
    ] {
        let kept = if asked.contains("1.0") { SILENTLY_KEPT } else { KEPT };
        check(asked, kept);
    }
}

#[test_everywhere(unsupported = test)]
fn what_the_application_gives() {
    let new = |application, expected| {
        with("java-httpserver 17", "GET / HTTP/1.1", application, expected);
    };
    let old = |application, expected| {
        with(
            "java-httpserver 17",
            "GET / HTTP/1.0 | Connection: keep-alive",
            application,
            expected,
        );
    };
    new("200 streamed 5", "HTTP/1.1 200 | Transfer-encoding: chunked -> keep, http11-default");
    new("200 empty", "HTTP/1.1 200 | Content-length: 0 -> keep, http11-default");
    new("204 empty", "HTTP/1.1 204 -> keep, http11-default");
    new("304 known 5", "HTTP/1.1 304 -> keep, http11-default");
    new("101 empty", "HTTP/1.1 101 -> keep, http11-default");
    new("500 known 5", "HTTP/1.1 500 | Content-length: 5 -> keep, http11-default");
    old(
        "200 streamed 5",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-alive: timeout=30, max=200 -> close, close-delimited",
    );
    old(
        "204 empty",
        "HTTP/1.1 204 | Connection: keep-alive | Keep-alive: timeout=30, max=200 -> keep, http10-negotiated",
    );
    with(
        "java-httpserver 17",
        "HEAD / HTTP/1.1",
        "200 known 5",
        "HTTP/1.1 200 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn fields_of_the_application() {
    let both = |asked: &str, field: &str, expected: &str| {
        with("java-httpserver 17", asked, &format!("200 known 5 | {field}"), expected);
    };
    let (new, old) = ("GET / HTTP/1.1", "GET / HTTP/1.0 | Connection: keep-alive");
    both(
        new,
        "Connection: Close",
        "HTTP/1.1 200 | Connection: Close | Content-length: 5 -> close, close-in-response",
    );
    both(
        new,
        "Connection: close, x",
        "HTTP/1.1 200 | Connection: close, x | Content-length: 5 -> keep, http11-default",
    );
    both(
        old,
        "Connection: close",
        "HTTP/1.1 200 | Connection: keep-alive | Connection: close | Keep-alive: timeout=30, max=200 \
         | Content-length: 5 -> close, close-in-response",
    );
    both(
        old,
        "Keep-Alive: timeout=3",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-alive: timeout=30, max=200 \
         | Keep-alive: timeout=3 | Content-length: 5 -> keep, http10-negotiated",
    );
    // The order is that of a hash table.
    both(
        new,
        "X: y | ETag: 1 | Content-Type: t | Via: v | Server: s | Content-Length: 9",
        "HTTP/1.1 200 | Server: s | Via: v | Content-type: t | Etag: 1 | X: y | Content-length: 5 \
         -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn settings() {
    let old = "GET / HTTP/1.0 | Connection: keep-alive";
    let announced = |product: &str, field: &str, end: &str| {
        let expected = format!(
            "HTTP/1.1 200 | Connection: keep-alive | Keep-alive: {field} | Content-length: 5 -> {end}"
        );
        with(product, old, "200 known 5", &expected);
    };
    let kept = "keep, http10-negotiated";
    announced(
        "java-httpserver 17; -Dsun.net.httpserver.idleInterval = 7",
        "timeout=7, max=200",
        kept,
    );
    announced(
        "java-httpserver 17; -Dsun.net.httpserver.idleInterval = 0",
        "timeout=30, max=200",
        kept,
    );
    announced("java-httpserver 21; -Dsun.net.httpserver.idleInterval = 7", "timeout=7", kept);
    announced("java-httpserver", "timeout=30", kept);
    announced(
        "java-httpserver 17.0.15; -Dsun.net.httpserver.maxIdleConnections = 0",
        "timeout=30, max=0",
        "close, max-idle-connections",
    );
    announced(
        "java-httpserver 17; -Dsun.net.httpserver.maxIdleConnections = 1",
        "timeout=30, max=1",
        kept,
    );
}

#[test_everywhere(unsupported = test)]
fn bodies_that_are_left_unread() {
    let ends = |product: &str, bytes: u64| {
        let (request, app) =
            (request(&format!("POST / HTTP/1.1 | Content-Length: {bytes}")), app("200 known 5"));
        match server(product).answer(&seen(&request, &app)).after {
            After::Keep(_) => "keep",
            After::Close => "fin",
            After::Reset => "rst",
            After::Tunnel => "tunnel",
        }
    };
    for (drain, bytes, expected) in [
        ("100", 99, "keep"),
        ("100", 100, "fin"),
        ("100", 8000, "fin"),
        ("100", 70_000, "rst"),
        ("65536", 65_535, "keep"),
        ("65536", 65_536, "fin"),
        ("65536", 100_000, "rst"),
        ("0", 0, "fin"),
    ] {
        let product = format!("java-httpserver 17; -Dsun.net.httpserver.drainAmount = {drain}");
        assert_eq!(ends(&product, bytes), expected, "{drain}, {bytes}");
        assert_eq!(ends("java-httpserver 17", bytes), "keep", "{bytes}");
    }
}

#[test_everywhere(unsupported = test)]
fn what_was_never_taken_from_the_socket_ends_in_a_reset() {
    for (body_bytes, expected) in [(7_000, After::Close), (9_000, After::Reset)] {
        let (request, app) = (request("POST / HTTP/1.1 | Content-Length: x"), app("200 known 5"));
        let seen = RequestSeen { body_bytes, ..seen(&request, &app) };
        assert_eq!(server("java-httpserver 17").answer(&seen).after, expected);
    }
}

/// When the server closes each connection of a run, in milliseconds, and why.
fn closes(settings: &str, planned: Planned, client: &str, count: u64) -> Vec<(u64, &'static str)> {
    let server = chosen(&format!("java-httpserver 17; {settings}"));
    let at = |index| Planned { start: Start::At(Us::from_ms(index)), ..planned.clone() };
    let exchanges = (0..count).map(at).collect();
    let (client, until) = (Chosen::new(client, ""), Some(Us::from_secs(200)));
    let scenario = Scenario { server, client, exchanges, until, ..Scenario::default() };
    let timeline = run(&scenario).expect("it is well formed");
    let close = |connection: &keepalive::sim::Connection| {
        let close = connection.close.as_ref()?;
        Some((close.at.0 / 1_000, close.because.first()?.rule))
    };
    timeline.connections.iter().filter_map(close).collect()
}

fn post(trailing_crlf: bool) -> Planned {
    let request = request("POST / HTTP/1.1 | Content-Length: 5");
    Planned { request, body_bytes: 5, trailing_crlf, ..Planned::default() }
}

#[test_everywhere(unsupported = test)]
fn the_idle_close_comes_at_a_look() {
    let once = |settings: &str| closes(settings, post(false), "script", 1);
    assert_eq!(once(""), [(40_000, "idle-timeout")]);
    let (idle, tick) =
        ("-Dsun.net.httpserver.idleInterval = ", "-Dsun.net.httpserver.clockTick = ");
    assert_eq!(once(&format!("{idle}1; {tick}5000")), [(5_000, "idle-timeout")]);
    assert_eq!(once(&format!("{idle}2; {tick}1500")), [(3_000, "idle-timeout")]);
    assert_eq!(once(&format!("{idle}1; {tick}1000")), [(2_000, "idle-timeout")]);
    assert_eq!(once(&format!("{tick}0")), [(40_000, "idle-timeout")]);
}

#[test_everywhere(unsupported = test)]
fn two_stray_bytes_stop_the_idle_clock() {
    assert_eq!(closes("", post(true), "script", 1), []);
    let limit = "-Dsun.net.httpserver.maxReqTime = 3";
    assert_eq!(closes(limit, post(true), "script", 1), [(4_000, "head-timeout")]);
    let StrayLine::Begins(Idle { limit, .. }) = server("java-httpserver").stray_line() else {
        panic!("it is skipped");
    };
    assert_eq!(limit, None);
    // Bytes that no field announces do the same.
    let surplus = Planned { body_bytes: 8, ..post(false) };
    assert_eq!(closes("", surplus, "script", 1), []);
}

#[test_everywhere(unsupported = test)]
fn what_never_comes_is_waited_for_and_what_has_no_path_gets_no_answer() {
    let holds = |settings: &str, asked: &str, body_bytes| {
        let (request, app) = (request(asked), app("200 known 5"));
        let rule = server(&format!("java-httpserver 17; {settings}"));
        match rule.hold(&RequestSeen { body_bytes, ..seen(&request, &app) }) {
            Hold::Nothing => "answers".into(),
            Hold::Waits(idle) => format!("waits {:?}", idle.limit),
            Hold::HangsUp(after, reason) => format!("hangs up after {}: {}", after.0, reason.rule),
        }
    };
    let post = "POST / HTTP/1.1 | Content-Length: 5";
    assert_eq!(holds("", post, 5), "answers");
    assert_eq!(holds("", post, 3), "waits None");
    let limit = "-Dsun.net.httpserver.maxReqTime = 3";
    assert_eq!(holds(limit, post, 3), "hangs up after 4000000: head-timeout");
    assert_eq!(holds("", "POST / HTTP/1.1 | X : y | Content-Length: 5", 3), "answers");
    for target in ["a:443", "mailto:x"] {
        let asked = format!("CONNECT {target} HTTP/1.1");
        assert_eq!(holds("", &asked, 0), "hangs up after 0: no-path");
    }
    assert_eq!(holds("", "GET http://a HTTP/1.1", 0), "answers");
}

#[test_everywhere(unsupported = test)]
fn one_connection_more_than_may_be_idle_is_closed() {
    let most = "-Dsun.net.httpserver.maxIdleConnections = 2";
    let app = keepalive::profile::App { after: Us::from_ms(50), ..app("200 known 5") };
    let slow = Planned { app, ..post(false) };
    let ended = closes(most, slow.clone(), "browser", 4);
    let crowded = ended.iter().filter(|(_, rule)| *rule == "max-idle-connections");
    assert_eq!(crowded.count(), 2, "{ended:?}");
    assert_eq!(closes("", slow, "browser", 4).len(), 4);
}

#[test_everywhere(unsupported = test)]
fn newer_versions_take_up_what_waits_although_none_may_be_idle() {
    let kept = |version: &str, pipelined| {
        let product =
            format!("java-httpserver {version}; -Dsun.net.httpserver.maxIdleConnections = 0");
        let (request, app) = (request("GET / HTTP/1.1"), app("200 known 5"));
        server(&product).answer(&RequestSeen { pipelined, ..seen(&request, &app) }).persists()
    };
    assert!(!kept("17", true));
    assert!(kept("25", true));
    assert!(!kept("25", false));
}

#[test_everywhere(unsupported = test)]
fn versions_that_are_known() {
    for (text, index) in [("17", 0), ("17.0.15", 0), ("21.0.4", 1), ("25", 2), ("", 2)] {
        let chosen = Chosen::new("java-httpserver", text);
        assert_eq!(Config::parse(&chosen).expect("known").version, index, "{text}");
    }
}

#[test_everywhere(unsupported = test)]
fn the_path_reads_like_the_procedure() {
    let (request, app) = (request("GET / HTTP/1.0 | Connection: foo"), app("200 known 5"));
    assert_eq!(
        path(&server("java-httpserver 17").answer(&seen(&request, &app))),
        [
            "Is the first Connection field the word close? no",
            "Is it HTTP/1.0? yes",
            "Has the HTTP/1.0 request a Connection field? yes",
            "Is the length of the answer known? yes",
            "Does the application say close? no!",
        ]
    );
}
