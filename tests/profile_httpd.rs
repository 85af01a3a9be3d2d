//! Apache httpd: request, application, answer, verdict. What is expected here was measured on
//! 2.4.71; where 2.2 differs, its source and manual say so.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Config, ConfigError, Idle, RequestSeen, StrayLine};
use keepalive::protocol::Framing;
use keepalive::sim::Us;
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 2.4 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("apache-httpd", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

/// The answer to the request that has so many answers before it.
#[track_caller]
fn after(product: &str, served: u64, asked: &str, expected: &str) {
    let (request, app) = (request(asked), app("200 known 5"));
    let seen = RequestSeen { served, ..seen(&request, &app) };
    assert_eq!(told(&server(product).answer(&seen)), expected);
}

const KEPT: &str = "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default";
const KEPT_AND_SAID: &str = "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=5, max=100 \
                             | Connection: Keep-Alive -> keep, http11-default";
const NEGOTIATED: &str = "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=5, max=100 \
                          | Connection: Keep-Alive -> keep, http10-negotiated";
const CLOSED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn it_speaks_of_keep_alive_only_to_those_who_ask() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive", KEPT_AND_SAID);
    check("GET / HTTP/1.1 | Host: a | Connection: KEEP-ALIVE", KEPT_AND_SAID);
    check("GET / HTTP/1.1 | Host: a | Connection: TE, keep-alive", KEPT_AND_SAID);
    check("GET / HTTP/1.1 | Host: a | Connection: close", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: keep-alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Connection: close", CLOSED);
}

#[test_everywhere(unsupported = test)]
fn other_fields_change_nothing() {
    check("GET / HTTP/1.1 | Host: a | Keep-Alive: timeout=1, max=1", KEPT);
    check("GET / HTTP/1.1 | Host: a | Proxy-Connection: close", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: h2c", KEPT);
    check("GET / HTTP/1.0 | Keep-Alive: 300", NOT_ASKED);
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: keep-alive | Keep-Alive: timeout=1", NEGOTIATED);
}

#[test_everywhere(unsupported = test)]
fn all_connection_lines_are_one_and_close_wins() {
    for (first, second) in [("keep-alive", "close"), ("close", "keep-alive")] {
        check(
            &format!("GET / HTTP/1.1 | Host: a | Connection: {first} | Connection: {second}"),
            CLOSED,
        );
        check(&format!("GET / HTTP/1.0 | Connection: {first}, {second}"), CLOSED);
    }
    check("GET / HTTP/1.0 | Connection: foo | Connection: keep-alive", NEGOTIATED);
    check("GET / HTTP/1.1 | Host: a | Connection: ,,close,", CLOSED);
    check("GET / HTTP/1.1 | Host: a | Connection: close;q=1", CLOSED);
    check("GET / HTTP/1.1 | Host: a | Connection: \"close\"", CLOSED);
    check("GET / HTTP/1.1 | Host: a | Connection:", KEPT);
}

#[test_everywhere(unsupported = test)]
fn the_beginning_of_a_word_is_enough() {
    for word in ["clos", "c", "x, cl"] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {word}"), CLOSED);
    }
    for word in ["keep", "k", "keep alive", "keep-alive=true", "keep-alive;x"] {
        check(&format!("GET / HTTP/1.0 | Connection: {word}"), NEGOTIATED);
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {word}"), KEPT_AND_SAID);
    }
    for word in ["closed", "disclose", "close-ish", "keepalive", "keep-alive2", "keep--alive"] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {word}"), KEPT);
        check(&format!("GET / HTTP/1.0 | Connection: {word}"), NOT_ASKED);
    }
}

#[test_everywhere(unsupported = test)]
fn versions() {
    check("GET / HTTP/1.2 | Host: a", KEPT);
    check("GET / HTTP/2.0 | Host: a", KEPT);
    check("GET /", "no head, 5 bytes -> close, http09");
    let page = "HTTP/1.1 400 | Content-Length: 266 | Connection: close \
                | Content-Type: text/html; charset=iso-8859-1 -> close, ";
    for version in ["HTTP/1", "http/1.1", "HTTP/1.11", "HTTP/0.1", "FTP/1.1"] {
        check(&format!("GET / {version} | Host: a"), &format!("{page}malformed-version"));
    }
    check("POST /", &format!("{page}malformed-request-line"));
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_400_and_the_connection_ends() {
    let page = "HTTP/1.1 400 | Content-Length: 266 | Connection: close \
                | Content-Type: text/html; charset=iso-8859-1 -> close, ";
    for (asked, rule) in [
        ("GET / HTTP/1.1", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host:", "host-missing-or-repeated"),
        ("GET / HTTP/1.2", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | Host: a", "host-missing-or-repeated"),
        ("GET / HTTP/1.0 | Host: a | Host: b", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a..b", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a:x", "host-missing-or-repeated"),
        ("GET http://a/ HTTP/1.1", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | Connection : close", "space-before-colon"),
        ("GET / HTTP/1.1 | Host: a | X Y: 1", "malformed-field"),
        ("GET a.txt HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET /#x HTTP/1.1 | Host: a", "malformed-request-line"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: +5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: 5, 5", "invalid-content-length"),
        (
            "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 5",
            "repeated-content-length",
        ),
        ("POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip", "not-chunked-last"),
        ("POST / HTTP/1.0 | Transfer-Encoding: identity", "not-chunked-last"),
    ] {
        check(asked, &format!("{page}{rule}"));
    }
    for fine in ["a_b", "a:8080", "[::1]", "a.", "1.2.3.4"] {
        check(&format!("GET / HTTP/1.1 | Host: {fine}"), KEPT);
    }
    check("GET / HTTP/1.0 | Host: | Connection: keep-alive", NEGOTIATED);
}

#[test_everywhere(unsupported = test)]
fn a_length_that_is_not_known_beforehand() {
    let two_four = "apache-httpd";
    with(
        two_four,
        "GET / HTTP/1.1 | Host: a",
        "200 streamed 6",
        "HTTP/1.1 200 | Transfer-Encoding: chunked -> keep, http11-default",
    );
    with(
        two_four,
        "GET / HTTP/1.1 | Host: a | Connection: close",
        "200 streamed 6",
        "HTTP/1.1 200 | Connection: close | Transfer-Encoding: chunked -> close, close-in-request",
    );
    with(
        two_four,
        "GET / HTTP/1.0 | Connection: keep-alive",
        "200 streamed 6",
        "HTTP/1.1 200 | Connection: close -> close, close-delimited",
    );
    with(
        two_four,
        "HEAD / HTTP/1.0 | Connection: keep-alive",
        "200 streamed 6",
        "HTTP/1.1 200 | Keep-Alive: timeout=5, max=100 | Connection: Keep-Alive \
         -> keep, http10-negotiated",
    );
}

#[test_everywhere(unsupported = test)]
fn answers_without_a_body() {
    for status in ["204 empty", "204 known 5", "304 empty", "304 streamed 3"] {
        let code = &status[..3];
        with(
            "apache-httpd",
            "GET / HTTP/1.0 | Connection: keep-alive",
            status,
            &format!(
                "HTTP/1.1 {code} | Keep-Alive: timeout=5, max=100 | Connection: Keep-Alive \
                 -> keep, http10-negotiated"
            ),
        );
    }
    check("HEAD / HTTP/1.1 | Host: a", KEPT);
    with(
        "apache-httpd",
        "HEAD / HTTP/1.1 | Host: a",
        "200 empty",
        "HTTP/1.1 200 -> keep, http11-default",
    );
    with(
        "apache-httpd",
        "GET / HTTP/1.1 | Host: a",
        "200 empty",
        "HTTP/1.1 200 | Content-Length: 0 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn some_statuses_always_end_the_connection() {
    for status in [400, 408, 411, 413, 414, 500, 501, 503] {
        with(
            "apache-httpd",
            "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
            &format!("{status} known 5"),
            &format!(
                "HTTP/1.1 {status} | Content-Length: 5 | Connection: close \
                 -> close, status-drops-connection"
            ),
        );
    }
    for status in [201, 301, 404, 405, 417, 502, 504, 505] {
        with(
            "apache-httpd",
            "GET / HTTP/1.1 | Host: a",
            &format!("{status} known 5"),
            &format!("HTTP/1.1 {status} | Content-Length: 5 -> keep, http11-default"),
        );
    }
}

#[test_everywhere(unsupported = test)]
fn fields_of_the_application() {
    let asks = "GET / HTTP/1.1 | Host: a | Connection: keep-alive";
    for (own, expected) in [
        ("Connection: close", "Connection: close | Content-Length: 5 -> close, close-in-response"),
        ("Connection: clo", "Connection: clo | Content-Length: 5 -> close, close-in-response"),
        (
            "Connection: Upgrade",
            "Connection: Upgrade, Keep-Alive | Content-Length: 5 \
             | Keep-Alive: timeout=5, max=100 -> keep, http11-default",
        ),
        (
            "Connection: a | Connection: b",
            "Connection: a, b, Keep-Alive | Content-Length: 5 \
             | Keep-Alive: timeout=5, max=100 -> keep, http11-default",
        ),
        (
            "X-A: 1 | Keep-Alive: timeout=99",
            "X-A: 1 | Keep-Alive: timeout=5, max=100 | Content-Length: 5 \
             | Connection: Keep-Alive -> keep, http11-default",
        ),
        (
            "Content-Type: text/plain",
            "Content-Length: 5 | Keep-Alive: timeout=5, max=100 | Connection: Keep-Alive \
             | Content-Type: text/plain -> keep, http11-default",
        ),
    ] {
        let application = format!("200 known 5 | {own}");
        with("apache-httpd", asks, &application, &format!("HTTP/1.1 200 | {expected}"));
    }
    with(
        "apache-httpd",
        "GET / HTTP/1.0",
        "200 known 5 | Connection: keep-alive",
        "HTTP/1.1 200 | Connection: keep-alive, close | Content-Length: 5 \
         -> close, http10-not-asked",
    );
    with(
        "apache-httpd",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5 | Keep-Alive: timeout=99",
        "HTTP/1.1 200 | Keep-Alive: timeout=99 | Content-Length: 5 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn bodies_of_requests() {
    check("POST / HTTP/1.1 | Host: a | Content-Length: 5", KEPT);
    check("POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip, chunked", KEPT);
    check("POST / HTTP/1.0 | Connection: keep-alive | Transfer-Encoding: chunked", NEGOTIATED);
    let both = "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5";
    check(
        both,
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close \
         -> close, transfer-encoding-with-content-length",
    );
    // Marked for closing before the length is looked at: no chunks.
    with(
        "apache-httpd",
        both,
        "200 streamed 4",
        "HTTP/1.1 200 | Connection: close -> close, transfer-encoding-with-content-length",
    );
}

#[test_everywhere(unsupported = test)]
fn expectations() {
    check("POST / HTTP/1.1 | Host: a | Expect: 100-continue | Content-Length: 5", KEPT);
    check("GET / HTTP/1.1 | Host: a | Expect:", KEPT);
    let owed = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, no-100-continue";
    check("GET / HTTP/1.1 | Host: a | Expect: 100-continue", owed);
    check("POST / HTTP/1.1 | Host: a | Expect: 100-continue | Content-Length: 0", owed);
    check(
        "POST / HTTP/1.0 | Connection: keep-alive | Expect: 100-continue | Content-Length: 5",
        owed,
    );
    // It does not say close, and closes.
    check(
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive | Expect: foo",
        "HTTP/1.1 417 | Content-Length: 395 | Keep-Alive: timeout=5, max=100 \
         | Connection: Keep-Alive | Content-Type: text/html; charset=iso-8859-1 \
         -> close, unknown-expectation",
    );
    with(
        "apache-httpd; KeepAlive = Off",
        "HEAD / HTTP/1.1 | Host: a | Expect: foo",
        "200 known 5",
        "HTTP/1.1 417 | Connection: close | Content-Type: text/html; charset=iso-8859-1 \
         -> close, keep-alive-off",
    );
}

#[test_everywhere(unsupported = test)]
fn methods_that_the_server_answers_itself() {
    check(
        "CONNECT a:80 HTTP/1.1 | Host: a",
        "HTTP/1.1 405 | Content-Length: 264 | Content-Type: text/html; charset=iso-8859-1 \
         -> keep, http11-default",
    );
    check(
        "TRACE / HTTP/1.1 | Host: a",
        "HTTP/1.1 200 | Transfer-Encoding: chunked | Content-Type: message/http -> keep, http11-default",
    );
    check(
        "OPTIONS * HTTP/1.1 | Host: a",
        "HTTP/1.1 200 | Content-Length: 0 -> keep, http11-default",
    );
    check("FOO / HTTP/1.1 | Host: a", KEPT);
}

#[test_everywhere(unsupported = test)]
fn switched_protocols() {
    with(
        "apache-httpd",
        "GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: x",
        "101 empty | Upgrade: x",
        "HTTP/1.1 101 | Upgrade: x | Connection: Upgrade -> tunnel, switched-protocols",
    );
}

#[test_everywhere(unsupported = test)]
fn the_limit_counts_kept_answers() {
    let asks = "GET / HTTP/1.0 | Connection: keep-alive";
    for (served, left) in [(0, 3), (1, 2), (2, 1)] {
        after(
            "apache-httpd; MaxKeepAliveRequests = 3",
            served,
            asks,
            &format!(
                "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=5, max={left} \
                 | Connection: Keep-Alive -> keep, http10-negotiated"
            ),
        );
    }
    let used =
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, max-keep-alive-requests";
    after("apache-httpd; MaxKeepAliveRequests = 3", 3, asks, used);
    after("apache-httpd; MaxKeepAliveRequests = -1", 0, asks, used);
    after("apache-httpd", 100, "GET / HTTP/1.1 | Host: a", used);
    after(
        "apache-httpd; MaxKeepAliveRequests = 0",
        5000,
        asks,
        "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=5 | Connection: Keep-Alive \
         -> keep, http10-negotiated",
    );
}

#[test_everywhere(unsupported = test)]
fn switched_off() {
    for (setting, rule) in
        [("KeepAlive = Off", "keep-alive-off"), ("KeepAliveTimeout = 0", "keep-alive-timeout-0")]
    {
        for asked in ["GET / HTTP/1.1 | Host: a", "GET / HTTP/1.0 | Connection: keep-alive"] {
            with(
                &format!("apache-httpd; {setting}"),
                asked,
                "200 known 5",
                &format!("HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, {rule}"),
            );
        }
    }
}

#[test_everywhere(unsupported = test)]
fn variables() {
    let new = "GET / HTTP/1.1 | Host: a";
    let old = "GET / HTTP/1.0 | Connection: keep-alive";
    let set = |name: &str| format!("apache-httpd; {name} = set");
    let five = "200 known 5";
    let closed = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, ";
    with(&set("nokeepalive"), new, five, &format!("{closed}nokeepalive"));
    with(&set("nokeepalive"), old, five, &format!("{closed}nokeepalive"));
    // A proxy on the way: the variable is not applied.
    with(&set("nokeepalive"), "GET / HTTP/1.1 | Host: a | Via: 1.0 p", five, KEPT);

    with(&set("downgrade-1.0"), new, five, &format!("{closed}http10-not-asked"));
    with(
        &set("downgrade-1.0"),
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
        five,
        NEGOTIATED,
    );
    with(
        &set("downgrade-1.0"),
        new,
        "200 streamed 4",
        "HTTP/1.1 200 | Connection: close -> close, http10-not-asked",
    );

    with(&set("force-response-1.0"), new, five, KEPT);
    with(
        &set("force-response-1.0"),
        old,
        five,
        "HTTP/1.0 200 | Content-Length: 5 | Connection: close -> close, force-response",
    );
    with(
        "apache-httpd; force-response-1.0 = set; downgrade-1.0 = set",
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
        five,
        "HTTP/1.0 200 | Content-Length: 5 | Connection: close -> close, force-response",
    );
}

#[test_everywhere(unsupported = test)]
fn idle_times() {
    let idle = |product: &str| {
        let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
        server(product).answer(&seen(&request, &app)).after
    };
    let ms = |limit| After::Keep(Idle::after(Us::from_ms(limit)));
    assert_eq!(idle("apache-httpd"), ms(5_000));
    assert_eq!(idle("apache-httpd 2.4.71; KeepAliveTimeout = 500ms"), ms(500));
    assert_eq!(idle("apache-httpd 2.4; KeepAliveTimeout = 1mi"), ms(60_000));
    assert_eq!(idle("apache-httpd 2.2; KeepAliveTimeout = 500ms"), ms(500_000));
    assert_eq!(idle("apache-httpd; mpm = prefork; KeepAliveTimeout = 2s"), ms(2_000));
    assert_eq!(server("apache-httpd").stray_line(), StrayLine::Skip);
    with(
        "apache-httpd; KeepAliveTimeout = 500ms",
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=0, max=100 \
         | Connection: Keep-Alive -> keep, http11-default",
    );
    let reason = server("apache-httpd; mpm = prefork").idle_reason(Us::from_secs(5));
    assert!(reason.fact.ends_with("tied up a process"), "{}", reason.fact);
}

#[test_everywhere(unsupported = test)]
fn an_old_version_reads_two_lengths_as_chunks_and_stays() {
    let both = "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5";
    with("apache-httpd 2.2", both, "200 known 5", KEPT);
    with(
        "apache-httpd 2.2.34",
        "GET / HTTP/1.0 | Connection: keep-alive",
        "200 known 5",
        NEGOTIATED,
    );
}

#[test_everywhere(unsupported = test)]
fn defaults_of_the_versions() {
    let text = |product: &str, name: &str| {
        Config::parse(&chosen(product)).expect("it is known").text(name).to_owned()
    };
    assert_eq!(text("apache-httpd 2.2", "TimeOut"), "300");
    assert_eq!(text("apache-httpd 2.4", "TimeOut"), "60");
    assert_eq!(text("apache-httpd 2.2", "mpm"), "prefork");
    assert_eq!(text("apache-httpd", "mpm"), "event");
    assert_eq!(text("apache-httpd", "KeepAliveTimeout"), "5");
    assert_eq!(text("apache-httpd", "MaxKeepAliveRequests"), "100");
}

#[test_everywhere(unsupported = test)]
fn bad_values_are_named() {
    let wrong = |product: &str| match Config::parse(&chosen(product)) {
        Err(ConfigError { at, problem }) => format!("{at}: {problem}"),
        Ok(_) => "fine".into(),
    };
    assert_eq!(
        wrong("apache-httpd; KeepAlive = maybe"),
        "KeepAlive: \"maybe\" is neither On nor Off"
    );
    assert_eq!(
        wrong("apache-httpd; KeepAliveTimeout = 5 apples"),
        "KeepAliveTimeout: \"5 apples\" is no time: a number of s, or with one of ms s mi min h"
    );
    assert_eq!(
        wrong("apache-httpd; MaxKeepAliveRequests = many"),
        "MaxKeepAliveRequests: \"many\" is not a whole number"
    );
    assert_eq!(
        wrong("apache-httpd 1.3"),
        "version: nothing is known of Apache httpd 1.3; known: 2.2, 2.4"
    );
    assert_eq!(wrong("apache-httpd 2.3.6"), "fine");
}

#[test_everywhere(unsupported = test)]
fn the_path_reads_like_the_procedure() {
    let walked = |product: &str, asked: &str, application: &str| {
        let (request, app) = (request(asked), app(application));
        path(&server(product).answer(&seen(&request, &app)))
    };
    assert_eq!(
        walked("apache-httpd", "GET / HTTP/1.0 | Connection: keep-alive", "200 known 5"),
        [
            "Does a message say close? no",
            "Is it HTTP/1.1 or later? no",
            "Did both sides of HTTP/1.0 ask for keep-alive? yes",
            "Is the length of the answer known? yes",
            "Is KeepAlive On? yes",
            "Is there room under MaxKeepAliveRequests? yes",
            "Does the status allow it? yes!",
        ]
    );
    assert_eq!(
        walked("apache-httpd; KeepAlive = Off", "GET / HTTP/1.1 | Host: a", "200 known 5").last(),
        Some(&"Is KeepAlive On? no!".to_owned())
    );
    assert_eq!(
        walked("apache-httpd", "GET / HTTP/1.1", "200 known 5"),
        ["Can both messages be understood? no!"]
    );
}

#[test_everywhere(unsupported = test)]
fn the_framing_follows_the_fields() {
    let framing = |asked: &str, application: &str| {
        let (request, app) = (request(asked), app(application));
        let answer = server("apache-httpd").answer(&seen(&request, &app));
        (answer.framing, answer.body_bytes)
    };
    assert_eq!(framing("GET / HTTP/1.1 | Host: a", "200 known 5"), (Framing::ContentLength(5), 5));
    assert_eq!(framing("GET / HTTP/1.1 | Host: a", "200 streamed 6"), (Framing::Chunked, 16));
    assert_eq!(framing("GET / HTTP/1.0", "200 streamed 6"), (Framing::CloseDelimited, 6));
    assert_eq!(framing("HEAD / HTTP/1.1 | Host: a", "200 known 5"), (Framing::None, 0));
}
