//! Node's http.Server: request, application, answer, verdict. What is expected here was measured on
//! 20.20.2; where other versions differ, its manual and its source say so.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, App, Config, Hold, Idle, RequestSeen};
use keepalive::sim::{CloseHow, Outcome, Planned, Scenario, Side, Start, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 20.20.2 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("node 20.20.2", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

const KEPT: &str = "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive \
                    | Keep-Alive: timeout=5 -> keep, http11-default";
const NEGOTIATED: &str = "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive \
                          | Keep-Alive: timeout=5 -> keep, http10-negotiated";
const CLOSED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn every_answer_says_what_happens() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: CLOSE", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: Keep-Alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Keep-Alive: 300", NOT_ASKED);
    check("GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: h2c", KEPT);
}

#[test_everywhere(unsupported = test)]
fn proxy_connection_is_read_like_connection() {
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NEGOTIATED);
    check("GET / HTTP/1.1 | Host: a | Proxy-Connection: close", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn whole_words_count_and_a_tab_spoils_one() {
    for text in ["close", "foo, close", "close , TE", ",close,", "close, close", "\tclose"] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), CLOSED);
    }
    for text in ["closed", "close;", "close foo", "foo close", "\"close\"", "close\t, foo", ""] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), KEPT);
    }
    for text in ["clos,keep-alive", "keep-alive , TE", "KEEP-ALIVE"] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NEGOTIATED);
    }
    for text in ["keep-alived", "keep-alive;q=1", "keep-alive\t, foo", "keep-alive keep-alive"] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NOT_ASKED);
    }
}

#[test_everywhere(unsupported = test)]
fn close_wins_in_http11_and_keep_alive_below() {
    for (first, second) in [("close", "keep-alive"), ("keep-alive", "close")] {
        let one = format!("Connection: {first}, {second}");
        let two = format!("Connection: {first} | Connection: {second}");
        for fields in [one, two] {
            check(&format!("GET / HTTP/1.1 | Host: a | {fields}"), CLOSED);
            check(&format!("GET / HTTP/1.0 | {fields}"), NEGOTIATED);
        }
    }
}

#[test_everywhere(unsupported = test)]
fn http2_in_the_request_line_is_http10() {
    check("GET / HTTP/2.0 | Host: a", NOT_ASKED);
    check("GET / HTTP/2.0 | Connection: keep-alive", NEGOTIATED);
}

/// What the parser refuses gets two lines.
#[track_caller]
fn refused(asked: &str, status: u16, rule: &str) {
    check(asked, &format!("HTTP/1.1 {status} | Connection: close -> close, {rule}"));
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_two_lines_and_the_end() {
    for version in ["HTTP/1.2", "HTTP/1.9", "HTTP/3.0", "HTTP/0.8"] {
        refused(&format!("GET / {version} | Host: a"), 400, "not-http1");
    }
    for version in ["HTTP/1.10", "http/1.1", "HTTP/2", "HTTP/1.01"] {
        refused(&format!("GET / {version} | Host: a"), 400, "malformed-version");
    }
    for method in ["get", "FOO", "PRI", "GETX"] {
        refused(&format!("{method} / HTTP/1.1 | Host: a"), 400, "unknown-method");
    }
    for (asked, rule) in [
        ("GET a.txt HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET h1://a HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET / HTTP/1.1 | Host: a | Connection : close", "space-before-colon"),
        ("GET / HTTP/1.1 | Host: a | X(: 1", "malformed-field"),
        ("GET / HTTP/1.1 | Host: a | X: a\u{1}b", "control-character"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: +5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length:", "invalid-content-length"),
        (
            "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 5",
            "repeated-content-length",
        ),
        (
            "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5",
            "transfer-encoding-with-content-length",
        ),
        ("POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked, gzip", "not-chunked-last"),
    ] {
        refused(asked, 400, rule);
    }
    let long = "y".repeat(17_000);
    refused(&format!("GET / HTTP/1.1 | Host: a | X: {long}"), 431, "request-too-large");
}

#[test_everywhere(unsupported = test)]
fn what_looks_odd_and_is_fine() {
    for asked in [
        "GET / HTTP/1.1 | Host:",
        "GET / HTTP/1.1 | Host: a | Host: b",
        "GET HTTP://A/ HTTP/1.1 | Host: a",
        "OPTIONS * HTTP/1.1 | Host: a",
        "M-SEARCH / HTTP/1.1 | Host: a",
        "POST / HTTP/1.1 | Host: a | Content-Length: 5",
        "POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip, chunked",
        "POST / HTTP/1.1 | Host: a | Expect: foo 100-continue | Content-Length: 5",
    ] {
        check(asked, KEPT);
    }
}

#[test_everywhere(unsupported = test)]
fn a_missing_host_is_an_error_since_20() {
    let refused = "HTTP/1.1 400 | Connection: close | Transfer-Encoding: chunked -> close, \
                   host-missing-or-repeated";
    check("GET / HTTP/1.1", refused);
    check("GET / HTTP/1.0", NOT_ASKED);
    let kept = KEPT;
    with("node 18.20.8", "GET / HTTP/1.1", "200 known 5", kept);
    with("node 20.20.2; requireHostHeader = false", "GET / HTTP/1.1", "200 known 5", kept);
}

#[test_everywhere(unsupported = test)]
fn an_unknown_expectation_is_an_error_and_the_connection_stays() {
    check(
        "GET / HTTP/1.1 | Host: a | Expect: 100-continued",
        "HTTP/1.1 417 | Connection: keep-alive | Keep-Alive: timeout=5 \
         | Transfer-Encoding: chunked -> keep, http11-default",
    );
    check("GET / HTTP/1.0 | Expect: foo", NOT_ASKED);
}

#[test_everywhere(unsupported = test)]
fn a_length_that_is_not_known_beforehand() {
    let new = "GET / HTTP/1.1 | Host: a";
    let old = "GET / HTTP/1.0 | Connection: keep-alive";
    let node = |asked: &str, application: &str, expected: &str| {
        with("node 20.20.2", asked, application, expected)
    };
    node(
        new,
        "200 streamed 6",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-Alive: timeout=5 \
         | Transfer-Encoding: chunked -> keep, http11-default",
    );
    node(
        new,
        "200 empty",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-Alive: timeout=5 | Content-Length: 0 \
         -> keep, http11-default",
    );
    // Node writes no length of its own for HTTP/1.0, not even that of an empty answer or of none.
    for application in ["200 streamed 6", "200 empty", "204 empty", "304 empty"] {
        let status = &application[..3];
        node(
            old,
            application,
            &format!("HTTP/1.1 {status} | Connection: close -> close, no-length-set"),
        );
    }
    node(
        "GET / HTTP/1.0 | Connection: keep-alive | TE: chunked",
        "200 streamed 6",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-Alive: timeout=5 \
         | Transfer-Encoding: chunked -> keep, http10-negotiated",
    );
    node(
        "HEAD / HTTP/1.1 | Host: a",
        "200 streamed 6",
        "HTTP/1.1 200 | Connection: keep-alive | Keep-Alive: timeout=5 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn the_application_overrules_the_request() {
    let node = |asked, says: &str, expected: &str| {
        let application = format!("200 known 5 | Connection: {says}");
        let told = format!("HTTP/1.1 200 | Connection: {says} | Content-Length: 5 -> {expected}");
        with("node 20.20.2", asked, &application, &told);
    };
    for says in ["close", "Close", "keep-alive, close", "not-close", "close-x"] {
        node("GET / HTTP/1.1 | Host: a", says, "close, close-in-response");
        node("GET / HTTP/1.0 | Connection: keep-alive", says, "close, close-in-response");
    }
    for says in ["keep-alive", "foo", "closed", "upgrade"] {
        node("GET / HTTP/1.1 | Host: a | Connection: close", says, "keep, application-keeps");
        node("GET / HTTP/1.0", says, "keep, application-keeps");
    }
    with(
        "node 20.20.2",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5 | Keep-Alive: x",
        "HTTP/1.1 200 | Keep-Alive: x | Content-Length: 5 | Connection: keep-alive \
         -> keep, http11-default",
    );
    with(
        "node 20.20.2",
        "GET / HTTP/1.1 | Host: a",
        "204 empty | Transfer-Encoding: chunked",
        "HTTP/1.1 204 | Transfer-Encoding: chunked | Connection: close -> close, chunked-without-body",
    );
}

/// The answer to a request with so many before it.
#[track_caller]
fn later(asked: &str, served: u64, expected: &str) {
    let (request, app) = (request(asked), app("200 known 5"));
    let seen = RequestSeen { served, ..seen(&request, &app) };
    let rule = server("node 20.20.2; server.maxRequestsPerSocket = 2");
    assert_eq!(told(&rule.answer(&seen)), expected);
}

#[test_everywhere(unsupported = test)]
fn the_last_request_allowed_gets_close_and_an_open_connection() {
    let new = "GET / HTTP/1.1 | Host: a";
    let max = |rest: &str| {
        "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive | Keep-Alive: timeout=5, max=2"
            .to_owned()
            + rest
    };
    later(new, 0, &max(" -> keep, http11-default"));
    later(new, 1, "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> keep, http11-default");
    let refused = "HTTP/1.1 503 | Connection: close | Transfer-Encoding: chunked -> ";
    later(new, 2, &format!("{refused}keep, http11-default"));
    later(&format!("{new} | Connection: close"), 2, &format!("{refused}close, close-in-request"));
    let old = "GET / HTTP/1.0 | Connection: keep-alive";
    later(old, 5, &max(" -> keep, http10-negotiated"));
}

#[test_everywhere(unsupported = test)]
fn requests_of_http10_are_not_counted() {
    let page = app("200 known 5");
    let (new, old) = ("GET / HTTP/1.1 | Host: a", "GET / HTTP/1.0 | Connection: keep-alive");
    let exchanges = [old, new, old, new, new];
    let exchanges: Vec<_> =
        (0..).zip(exchanges).map(|(at, asked)| (at * 100, asked, page.clone())).collect();
    assert_eq!(
        told_run("node 20.20.2; server.maxRequestsPerSocket = 2", 1_000, &exchanges),
        ["200 on 1", "200 on 1", "200 on 1", "200 on 1", "503 on 1"]
    );
}

#[track_caller]
fn waits(product: &str, expected: Idle) {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    assert_eq!(server(product).answer(&seen(&request, &app)).after, After::Keep(expected));
}

#[test_everywhere(unsupported = test)]
fn it_waits_a_second_longer_than_it_says() {
    let after = |ms| Idle::after(Us::from_ms(ms));
    waits("node 20.20.2", after(6_000));
    waits("node 20.20.2; server.keepAliveTimeout = 400", after(1_400));
    waits("node 20.20.2; server.keepAliveTimeoutBuffer = 3000", after(6_000));
    waits("node 24.6.0; server.keepAliveTimeoutBuffer = 3000", after(8_000));
    waits("node 20.9.0", after(5_000));
    waits("node 18", after(5_000));
    waits("node main", after(66_000));
    waits("node 20.20.2; server.keepAliveTimeout = 0", Idle::never());
    waits("node 20.20.2; server.keepAliveTimeout = 0; server.timeout = 500", after(500));
    waits("node 20.20.2; server.timeout = 500", after(6_000));
}

#[test_everywhere(unsupported = test)]
fn the_hint_is_in_whole_seconds_and_missing_without_a_wait() {
    let get = "GET / HTTP/1.1 | Host: a";
    let hint = |ms, rest| {
        let product = format!("node 20.20.2; server.keepAliveTimeout = {ms}");
        let told = "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive".to_owned();
        with(&product, get, "200 known 5", &(told + rest + " -> keep, http11-default"));
    };
    hint(999, " | Keep-Alive: timeout=0");
    hint(1_500, " | Keep-Alive: timeout=1");
    hint(0, "");
}

#[test_everywhere(unsupported = test)]
fn versions_are_found_by_what_they_do() {
    for (text, id) in [
        ("20.20.2", "20.19"),
        ("20.9.0", "20.0"),
        ("20", "20.19"),
        ("22.22.0", "22.19"),
        ("24.5.0", "24.0"),
        ("18.20.8", "18"),
        ("", "26"),
    ] {
        let config = Config::parse(&chosen(&format!("node {text}"))).expect("a version");
        assert_eq!(config.version_id(), id, "{text}");
    }
    assert!(Config::parse(&chosen("node 16.20.0")).is_err());
}

/// A run of requests, each written so long after the start.
fn told_run(product: &str, until_ms: u64, exchanges: &[(u64, &str, App)]) -> Vec<String> {
    let planned = exchanges.iter().map(|(at_ms, asked, app)| Planned {
        start: Start::At(Us::from_ms(*at_ms)),
        request: request(asked),
        app: app.clone(),
        ..Planned::default()
    });
    let scenario = Scenario {
        server: chosen(product),
        exchanges: planned.collect(),
        until: Some(Us::from_ms(until_ms)),
        ..Scenario::default()
    };
    let timeline = run(&scenario).expect("a run");
    let exchanges = timeline.exchanges.iter().map(|exchange| {
        let status = exchange.answer.as_ref().map_or(0, |answer| answer.response.status);
        let answered = exchange.outcome == Outcome::Answered;
        let shown = if answered { status.to_string() } else { exchange.outcome.as_str().into() };
        format!("{shown} on {}", exchange.connection.unwrap_or(0))
    });
    let closes = timeline.connections.iter().filter_map(|connection| connection.close.as_ref());
    let closes = closes.map(|close| {
        assert_eq!((close.by, close.how), (Side::Server, CloseHow::Fin));
        format!("closed at {} ms, {}", close.at.0 / 1_000, close.because[0].rule)
    });
    exchanges.chain(closes).collect()
}

#[test_everywhere(unsupported = test)]
fn a_connection_can_be_open_and_deaf() {
    let (get, close) = ("GET / HTTP/1.1 | Host: a", "GET / HTTP/1.1 | Host: a | Connection: close");
    let keeps = app("200 known 5 | Connection: keep-alive");
    assert_eq!(
        told_run("node 20.20.2", 9_000, &[(0, close, keeps.clone())]),
        ["200 on 1", "closed at 6000 ms, idle-timeout"]
    );
    let page = app("200 known 5");
    assert_eq!(
        told_run("node 20.20.2", 9_000, &[(0, close, keeps), (100, get, page)]),
        ["200 on 1", "400 on 1", "closed at 100 ms, after-the-last"]
    );
}

#[test_everywhere(unsupported = test)]
fn what_gets_no_answer() {
    let page = app("200 known 5");
    let get = "GET / HTTP/1.1 | Host: a";
    assert_eq!(
        told_run("node 20.20.2", 9_000, &[(0, "CONNECT a:80 HTTP/1.1 | Host: a", page.clone())]),
        ["failed on 1", "closed at 0 ms, connect-not-heard"]
    );
    let slow = App { after: Us::from_ms(800), ..page.clone() };
    assert_eq!(
        told_run("node 20.20.2; server.timeout = 500", 9_000, &[(0, get, slow)]),
        ["failed on 1", "closed at 500 ms, socket-timeout"]
    );
    assert_eq!(
        told_run("node 20.20.2", 9_000, &[(0, get, app("103 empty"))]),
        ["failed on 1", "closed at 6000 ms, idle-timeout"]
    );
    // A line without a version is the beginning of a head.
    let brief = "node 20.20.2; server.headersTimeout = 700; connectionsCheckingInterval = 250";
    assert_eq!(
        told_run(brief, 9_000, &[(0, "GET /", page.clone())]),
        ["408 on 1", "closed at 750 ms, head-timeout"]
    );
    assert_eq!(told_run("node 20.20.2", 9_000, &[(0, "GET /", page)]), ["unanswered on 1"]);
}

#[test_everywhere(unsupported = test)]
fn what_follows_a_request_and_is_none() {
    let long = request("POST / HTTP/1.1 | Host: a | Content-Length: 5");
    let rule = server("node 20.20.2");
    let page = app("200 known 5");
    let surplus = RequestSeen { body_bytes: 9, ..seen(&long, &page) };
    let said = KEPT.split(" -> ").next().unwrap_or("");
    assert_eq!(told(&rule.answer(&surplus)), format!("{said} -> close, surplus-bytes"));
    // An application that has not answered yet is not waited for.
    let slow = App { after: Us::from_ms(50), ..page.clone() };
    let late = RequestSeen { body_bytes: 9, ..seen(&long, &slow) };
    assert_eq!(
        told(&rule.answer(&late)),
        "HTTP/1.1 400 | Connection: close -> close, surplus-bytes"
    );
    let short = RequestSeen { body_bytes: 2, ..seen(&long, &page) };
    assert!(rule.hears_no_more(&short));
    assert_eq!(rule.hold(&short), Hold::Nothing);
}

#[test_everywhere(unsupported = test)]
fn a_last_request_in_the_middle_of_a_pipeline_takes_its_answer_with_it() {
    let (close, page) =
        (request("GET / HTTP/1.1 | Host: a | Connection: close"), app("200 known 5"));
    let rule = server("node 20.20.2");
    let alone = seen(&close, &page);
    assert_eq!(rule.hold(&alone), Hold::Nothing);
    let followed = rule.hold(&RequestSeen { pipelined: true, ..alone });
    assert!(matches!(followed, Hold::HangsUp(Us::ZERO, reason) if reason.rule == "after-the-last"));
}

#[test_everywhere(unsupported = test)]
fn the_questions_in_nodes_order() {
    let (asked, page) = (request("GET / HTTP/1.0 | Connection: keep-alive"), app("200 empty"));
    assert_eq!(
        path(&server("node 20.20.2").answer(&seen(&asked, &page))),
        [
            "Is it HTTP/1.1 or later? no",
            "Did both sides of HTTP/1.0 ask for keep-alive? yes",
            "Has the application set a length? no!",
        ]
    );
}
