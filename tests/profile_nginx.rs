//! nginx: request, application, answer, verdict. What is expected here was measured on 1.22.1;
//! where other versions differ, its list of changes says so.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{
    After, Chosen, Config, ConfigError, Idle, MakeRule, RequestSeen, StrayLine,
};
use keepalive::protocol::Framing;
use keepalive::sim::{Planned, Scenario, Start, Us, run};
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// The answer of 1.22 with its default settings to a page of five bytes.
#[track_caller]
fn check(asked: &str, expected: &str) {
    with("nginx 1.22", asked, "200 known 5", expected);
}

#[track_caller]
fn with(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

/// The answer to a request with so many before it, on a connection of this age.
#[track_caller]
fn later(product: &str, served: u64, age_ms: u64, expected: &str) {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let seen = RequestSeen { served, age: Us::from_ms(age_ms), ..seen(&request, &app) };
    assert_eq!(told(&server(product).answer(&seen)), expected);
}

const KEPT: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive -> keep, http11-default";
const NEGOTIATED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-negotiated";
const CLOSED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request";
const NOT_ASKED: &str =
    "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked";

#[test_everywhere(unsupported = test)]
fn every_answer_says_what_happens() {
    check("GET / HTTP/1.1 | Host: a", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: keep-alive", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: CLOSE", CLOSED);
    check("GET / HTTP/1.0", NOT_ASKED);
    check("GET / HTTP/1.0 | Connection: Keep-Alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Keep-Alive: 300", NOT_ASKED);
    check("GET / HTTP/1.0 | Proxy-Connection: keep-alive", NOT_ASKED);
    check("GET / HTTP/1.1 | Host: a | Proxy-Connection: close", KEPT);
    check("GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: h2c", KEPT);
}

#[test_everywhere(unsupported = test)]
fn letters_count_not_words() {
    for text in ["closed", "disclose", "not-close", "close;q=1", "\"close\"", "keep-alive, close"] {
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), CLOSED);
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), CLOSED);
    }
    for text in ["keep-alive2", "xkeep-alivex", "keep-alive=true", "keep-alive, Upgrade"] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NEGOTIATED);
    }
    for text in ["clos", "keep", "keepalive", "keep--alive", "keep alive", "foo", "TE", ""] {
        check(&format!("GET / HTTP/1.0 | Connection: {text}"), NOT_ASKED);
        check(&format!("GET / HTTP/1.1 | Host: a | Connection: {text}"), KEPT);
    }
}

#[test_everywhere(unsupported = test)]
fn the_last_connection_line_that_says_anything_decides() {
    let lines = |first, second| {
        format!("GET / HTTP/1.1 | Host: a | Connection: {first} | Connection: {second}")
    };
    check(&lines("keep-alive", "close"), CLOSED);
    check(&lines("close", "keep-alive"), KEPT);
    check(&lines("close", "foo"), CLOSED);
    check(&lines("close", ""), CLOSED);
    check("GET / HTTP/1.0 | Connection: close | Connection: keep-alive", NEGOTIATED);
    check("GET / HTTP/1.0 | Connection: keep-alive | Connection: foo", NEGOTIATED);
}

#[test_everywhere(unsupported = test)]
fn versions() {
    for version in ["HTTP/1.2", "HTTP/1.9", "HTTP/1.10", "HTTP/1.01"] {
        check(&format!("GET / {version} | Host: a"), KEPT);
    }
    check("GET / HTTP/1.00 | Host: a | Connection: keep-alive", NEGOTIATED);
    check("GET /", "no head, 5 bytes -> close, http09");
    // Its own page, without a head.
    check("POST /", "no head, 157 bytes -> close, malformed-request-line");
    let page = |status, bytes, rule| {
        format!(
            "HTTP/1.1 {status} | Content-Type: text/html | Content-Length: {bytes} \
             | Connection: close -> close, {rule}"
        )
    };
    for version in ["HTTP/2.0", "HTTP/2", "HTTP/3.0", "HTTP/10.1"] {
        check(&format!("GET / {version} | Host: a"), &page(505, 187, "not-http1"));
    }
    for version in ["HTTP/1", "http/1.1", "HTTP/01.1", "HTTP/1.1000", "HTTP/0.1", "FTP/1.1"] {
        check(&format!("GET / {version} | Host: a"), &page(400, 157, "malformed-version"));
    }
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read_gets_an_error_and_the_connection_ends() {
    let page = |status, bytes, rule| {
        format!(
            "HTTP/1.1 {status} | Content-Type: text/html | Content-Length: {bytes} \
             | Connection: close -> close, {rule}"
        )
    };
    for (asked, rule) in [
        ("get / HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET a.txt HTTP/1.1 | Host: a", "malformed-request-line"),
        ("OPTIONS * HTTP/1.1 | Host: a", "malformed-request-line"),
        ("GET / HTTP/1.1", "host-missing-or-repeated"),
        ("GET / HTTP/1.0 | Host:", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | Host: a", "host-missing-or-repeated"),
        ("GET / HTTP/1.0 | Host: a | Host: b", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a b", "host-missing-or-repeated"),
        ("GET http://a/ HTTP/1.1", "host-missing-or-repeated"),
        ("GET / HTTP/1.1 | Host: a | Connection : close", "space-before-colon"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: +5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: 5, 5", "invalid-content-length"),
        ("POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 5", "field-repeated"),
        ("GET / HTTP/1.1 | Host: a | Expect: x | Expect: x", "field-repeated"),
        ("POST / HTTP/1.0 | Transfer-Encoding: chunked", "transfer-encoding-in-http10"),
        (
            "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5",
            "transfer-encoding-with-content-length",
        ),
    ] {
        check(asked, &page(400, 157, rule));
    }
    for coding in ["gzip", "gzip, chunked", "identity"] {
        let asked = format!("POST / HTTP/1.1 | Host: a | Transfer-Encoding: {coding}");
        check(&asked, &page(501, 165, "unknown-coding"));
    }
    check("TRACE / HTTP/1.1 | Host: a", &page(405, 157, "method-not-allowed"));
    check("CONNECT / HTTP/1.1 | Host: a", &page(405, 157, "method-not-allowed"));
    check("POST / HTTP/1.1 | Host: a | Content-Length: 2000000", &page(413, 183, "body-too-large"));
}

#[test_everywhere(unsupported = test)]
fn what_looks_odd_and_is_fine() {
    for asked in [
        "GET / HTTP/1.1 | Host: a@b",
        "GET / HTTP/1.1 | Host: a:x",
        "GET / HTTP/1.1 | Host: 1",
        "GET http://a/ HTTP/1.1 | Host: b",
        "GET / HTTP/1.1 | Host: a | X(: 1",
        "GET / HTTP/1.1 | Host: a | X_Y: 1",
        "GET /#x HTTP/1.1 | Host: a",
        "FOO / HTTP/1.1 | Host: a",
        "POST / HTTP/1.1 | Host: a | Content-Length: 5",
        "POST / HTTP/1.1 | Host: a | Transfer-Encoding: Chunked",
        "POST / HTTP/1.1 | Host: a | Expect: 100-continue",
        "POST / HTTP/1.1 | Host: a | Expect: foo | Content-Length: 5",
    ] {
        check(asked, KEPT);
    }
}

#[test_everywhere(unsupported = test)]
fn a_length_that_is_not_known_beforehand() {
    let streamed = |product, asked, expected| with(product, asked, "200 streamed 6", expected);
    let new = "GET / HTTP/1.1 | Host: a";
    streamed(
        "nginx 1.22",
        new,
        "HTTP/1.1 200 | Transfer-Encoding: chunked | Connection: keep-alive -> keep, http11-default",
    );
    let closes = "HTTP/1.1 200 | Connection: close -> close, close-delimited";
    streamed("nginx 1.22", "GET / HTTP/1.0 | Connection: keep-alive", closes);
    streamed("nginx 1.22; chunked_transfer_encoding = off", new, closes);
    streamed(
        "nginx 1.22; chunked_transfer_encoding = off",
        "HEAD / HTTP/1.1 | Host: a",
        "HTTP/1.1 200 | Connection: keep-alive -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn answers_without_a_body_and_errors_of_the_origin() {
    for status in ["204 empty", "304 empty", "304 streamed 3"] {
        with(
            "nginx 1.22",
            "GET / HTTP/1.0 | Connection: keep-alive",
            status,
            &format!(
                "HTTP/1.1 {} | Connection: keep-alive -> keep, http10-negotiated",
                &status[..3]
            ),
        );
    }
    with(
        "nginx 1.22",
        "HEAD / HTTP/1.1 | Host: a",
        "200 empty",
        "HTTP/1.1 200 | Content-Length: 0 | Connection: keep-alive -> keep, http11-default",
    );
    for status in [400, 404, 408, 413, 500, 501, 502, 503] {
        with(
            "nginx 1.22",
            "GET / HTTP/1.1 | Host: a",
            &format!("{status} known 5"),
            &format!(
                "HTTP/1.1 {status} | Content-Length: 5 | Connection: keep-alive \
                 -> keep, http11-default"
            ),
        );
    }
}

#[test_everywhere(unsupported = test)]
fn fields_of_the_origin() {
    for own in ["Connection: close", "Connection: Upgrade", "Keep-Alive: timeout=9", "Server: x"] {
        let application = format!("200 known 5 | {own}");
        with("nginx 1.22", "GET / HTTP/1.1 | Host: a", &application, KEPT);
    }
    with(
        "nginx 1.22",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5 | X-A: 1 | Content-Type: text/plain",
        "HTTP/1.1 200 | Content-Type: text/plain | Content-Length: 5 | Connection: keep-alive \
         | X-A: 1 -> keep, http11-default",
    );
    with(
        "nginx 1.22",
        "GET / HTTP/1.1 | Host: a | Connection: Upgrade | Upgrade: x",
        "101 empty | Upgrade: x",
        "HTTP/1.1 101 | Connection: upgrade | Upgrade: x -> tunnel, switched-protocols",
    );
}

#[test_everywhere(unsupported = test)]
fn the_limit_counts_requests() {
    let two = "nginx 1.22; keepalive_requests = 3";
    let last = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, keepalive-requests";
    later(two, 0, 0, KEPT);
    later(two, 1, 0, KEPT);
    later(two, 2, 0, last);
    later("nginx 1.22; keepalive_requests = 0", 0, 0, last);
    later("nginx 1.22; keepalive_requests = 1", 0, 0, last);
    later("nginx 1.22", 998, 0, KEPT);
    later("nginx 1.22", 999, 0, last);
    later("nginx 1.18", 99, 0, last);
}

#[test_everywhere(unsupported = test)]
fn the_age_is_looked_at_when_a_request_is_taken_up() {
    let old = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, keepalive-time";
    later("nginx 1.22; keepalive_time = 300ms", 0, 300, KEPT);
    later("nginx 1.22; keepalive_time = 300ms", 0, 301, old);
    later("nginx 1.22; keepalive_time = 0", 0, 0, KEPT);
    later("nginx 1.22", 5, 3_600_000, KEPT);
    later("nginx 1.22", 5, 3_600_001, old);
    later("nginx 1.18", 5, 3_600_001, KEPT);
}

#[test_everywhere(unsupported = test)]
fn what_is_announced_is_the_second_value() {
    let new = "GET / HTTP/1.1 | Host: a";
    let announced = |value: &str, hint: &str| {
        let product = format!("nginx 1.22; keepalive_timeout = {value}");
        let expected = format!(
            "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive{hint} -> keep, http11-default"
        );
        with(&product, new, "200 known 5", &expected);
    };
    announced("2 7", " | Keep-Alive: timeout=7");
    announced("1m30s 1m30s", " | Keep-Alive: timeout=90");
    announced("2 1d", " | Keep-Alive: timeout=86400");
    announced("3 0", "");
    announced("3", "");
    for value in ["0", "0 9"] {
        with(
            &format!("nginx 1.22; keepalive_timeout = {value}"),
            new,
            "200 known 5",
            "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, keepalive-timeout-0",
        );
    }
}

#[test_everywhere(unsupported = test)]
fn browsers_that_are_known_to_be_buggy() {
    let agents = [
        ("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)", true, false),
        ("Mozilla/4.0 (compatible; MSIE 5.5; Windows 98)", true, false),
        ("Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", false, false),
        ("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1)", false, false),
        ("Opera/9 MSIE 6.0 ", false, false),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_6) Version/5 Safari/533", false, true),
        ("Mozilla/5.0 (Windows) Safari/533", false, false),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_6) Chrome/9 Safari/533", false, false),
    ];
    let kept = |product: &str, method: &str, agent: &str| {
        let (request, app) = (
            request(&format!("{method} / HTTP/1.1 | Host: a | User-Agent: {agent}")),
            app("200 known 5"),
        );
        server(product).answer(&seen(&request, &app)).persists()
    };
    for (agent, after_post, safari) in agents {
        assert_eq!(kept("nginx 1.22", "POST", agent), !after_post, "{agent}");
        assert!(kept("nginx 1.22", "GET", agent), "{agent}");
        assert!(kept("nginx 1.22; keepalive_disable = none", "POST", agent), "{agent}");
        let both = "nginx 1.22; keepalive_disable = msie6 safari";
        assert_eq!(kept(both, "GET", agent), !safari, "{agent}");
    }
    // Until 1.1.17 Safari was meant by default, on every system.
    assert!(!kept("nginx 1.0.15", "GET", "Mozilla/5.0 (Windows) Safari/533"));
    assert!(kept("nginx 1.4.6", "GET", "Mozilla/5.0 (Windows) Safari/533"));
}

#[test_everywhere(unsupported = test)]
fn before_1_21_1_less_is_an_error() {
    for asked in [
        "GET / HTTP/1.1 | Host: a | X : close",
        "POST / HTTP/1.1 | Host: a | Transfer-Encoding: chunked | Content-Length: 5",
    ] {
        with("nginx 1.20.2", asked, "200 known 5", KEPT);
    }
    let old = "POST / HTTP/1.0 | Connection: keep-alive | Transfer-Encoding: chunked";
    with("nginx 1.20.2", old, "200 known 5", NEGOTIATED);
}

#[test_everywhere(unsupported = test)]
fn without_lingering_unread_bytes_end_in_a_reset() {
    let ends = |product: &str, body_bytes| {
        let (request, app) =
            (request("POST / HTTP/1.1 | Host: a | Content-Length: x"), app("200 known 5"));
        let seen = RequestSeen { body_bytes, ..seen(&request, &app) };
        server(product).answer(&seen).after
    };
    assert_eq!(ends("nginx 1.22", 20_000), After::Close);
    assert_eq!(ends("nginx 1.22; lingering_close = off", 20_000), After::Reset);
    assert_eq!(ends("nginx 1.22; lingering_close = off", 300), After::Close);
}

/// When the server closes after one POST, in milliseconds, and its reason.
fn idle_close(settings: &[(&str, &str)], trailing_crlf: bool) -> Option<(u64, &'static str)> {
    let mut server = Chosen::new("nginx", "1.22");
    settings.iter().for_each(|(name, value)| server.set(name, value));
    let post = Planned {
        start: Start::At(Us::ZERO),
        request: request("POST / HTTP/1.1 | Host: a | Content-Length: 5"),
        body_bytes: 5,
        trailing_crlf,
        ..Planned::default()
    };
    let exchanges = vec![post];
    let scenario =
        Scenario { server, exchanges, until: Some(Us::from_secs(200)), ..Scenario::default() };
    let timeline = run(&scenario).expect("it is well formed");
    let close = timeline.connections.first()?.close.as_ref()?;
    Some((close.at.0 / 1_000, close.because.first()?.rule))
}

#[test_everywhere(unsupported = test)]
fn a_stray_line_end_starts_the_other_clock() {
    assert_eq!(idle_close(&[], false), Some((75_000, "idle-timeout")));
    assert_eq!(idle_close(&[], true), Some((60_000, "head-timeout")));
    let short = [("keepalive_timeout", "3"), ("client_header_timeout", "1")];
    assert_eq!(idle_close(&short, false), Some((3_000, "idle-timeout")));
    assert_eq!(idle_close(&short, true), Some((1_000, "head-timeout")));
    let limit = Idle::after(Us::from_secs(60));
    assert_eq!(server("nginx").stray_line(), StrayLine::Begins(limit));
}

#[test_everywhere(unsupported = test)]
fn times_as_nginx_writes_them() {
    let idle = |value: &str| {
        let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
        let rule = server(&format!("nginx; keepalive_timeout = {value}"));
        match rule.answer(&seen(&request, &app)).after {
            After::Keep(Idle { limit: Some(Us(us)), .. }) => us / 1_000,
            after => panic!("{after:?}"),
        }
    };
    for (text, ms) in [
        ("75s", 75_000),
        ("75", 75_000),
        ("1m30s", 90_000),
        ("1m30", 90_000),
        ("500ms", 500),
        ("1h", 3_600_000),
        ("1d1ms", 86_400_001),
        ("2w", 1_209_600_000),
    ] {
        assert_eq!(idle(text), ms, "{text}");
    }
}

#[test_everywhere(unsupported = test)]
fn bad_values_are_named() {
    let wrong = |product: &str| {
        let made = Config::parse(&chosen(product)).and_then(|config| match config.product.rule {
            MakeRule::Server(make) => make(&config).map(|_| ()),
            MakeRule::Client(_) => Ok(()),
        });
        match made {
            Err(ConfigError { at, problem }) => format!("{at}: {problem}"),
            Ok(()) => "fine".into(),
        }
    };
    for value in ["1.5", "s", "1s1m", "5x", "-1", "1y", "1M"] {
        let told = wrong(&format!("nginx; keepalive_timeout = {value}"));
        assert!(told.starts_with("keepalive_timeout: "), "{value}: {told}");
        assert!(told.contains("is no time; nginx reads numbers with w d h m s ms"), "{told}");
    }
    for value in ["2s 1500ms", "500ms 500ms", "3 x"] {
        let told = wrong(&format!("nginx; keepalive_timeout = {value}"));
        assert!(told.contains("the second value is a number of whole seconds"), "{told}");
    }
    assert!(wrong("nginx; keepalive_timeout = 1 2 3").ends_with("takes one value or two"));
    assert!(
        wrong("nginx; keepalive_disable = msie7")
            .ends_with("takes none, or a list of msie6 and safari")
    );
    assert_eq!(
        wrong("nginx 1.18; keepalive_time = 1h"),
        "keepalive_time: nginx 1.18 does not have it"
    );
    assert_eq!(wrong("nginx 1.31.4; keepalive_min_timeout = 5s"), "fine");
    assert!(wrong("nginx 0.7").starts_with("version: nothing is known of nginx 0.7"));
    for (product, id) in [("nginx 1.18.0", 2), ("nginx 1.21.6", 3), ("nginx 1.26", 4), ("nginx", 6)]
    {
        assert_eq!(Config::parse(&chosen(product)).expect("known").version, id, "{product}");
    }
}

#[test_everywhere(unsupported = test)]
fn the_path_reads_like_the_procedure() {
    let walked = |product: &str, asked: &str| {
        let (request, app) = (request(asked), app("200 known 5"));
        path(&server(product).answer(&seen(&request, &app)))
    };
    assert_eq!(
        walked("nginx 1.22", "GET / HTTP/1.1 | Host: a"),
        [
            "Does a message say close? no",
            "Is it HTTP/1.1 or later? yes",
            "Is the length of the answer known? yes",
            "Is keepalive_timeout above 0? yes",
            "Is a request left under keepalive_requests? yes",
            "Is the connection younger than keepalive_time? yes!",
        ]
    );
    assert_eq!(
        walked("nginx 1.22", "GET / HTTP/1.1 | Host: a | Connection: disclose"),
        ["Does a message say close? yes!"]
    );
}

#[test_everywhere(unsupported = test)]
fn surplus_bytes_are_taken_for_a_request() {
    let (request, app) = (request("POST / HTTP/1.1 | Host: a"), app("200 known 5"));
    let seen = RequestSeen { body_bytes: 5, ..seen(&request, &app) };
    let answer = server("nginx 1.22").answer(&seen);
    assert_eq!(
        told(&answer),
        "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive -> close, surplus-bytes"
    );
    assert_eq!((answer.framing, answer.body_bytes), (Framing::ContentLength(5), 5));
}
