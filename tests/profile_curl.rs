//! curl: what it sends, what it makes of an answer, which connection the next transfer gets.
mod clients;
mod profiles;

use clients::{makes, runs, sends, told};
use keepalive::sim::{Planned, Scenario, Start, Timeline, Us, run};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(version: &str, answered: &str, expected: &str) {
    makes(&format!("curl {version}"), "GET / HTTP/1.1 | Host: a", answered, expected);
}

#[test_everywhere(unsupported = test)]
fn what_it_sends() {
    let send = |composed, body, expected| sends("curl 7.88.1", composed, body, expected);
    send(
        "GET / HTTP/1.1 | Host: a",
        0,
        "GET / HTTP/1.1 | User-Agent: curl/7.88.1 | Accept: */* | Host: a",
    );
    send(
        "GET / HTTP/1.0 | Connection: keep-alive | Accept: x",
        0,
        "GET / HTTP/1.0 | Host: example.com | User-Agent: curl/7.88.1 | Connection: keep-alive | Accept: x",
    );
    send(
        "POST / HTTP/1.2 | Host: a",
        0,
        "POST / HTTP/1.1 | User-Agent: curl/7.88.1 | Accept: */* | Host: a | Content-Length: 0",
    );
    send(
        "PUT / HTTP/1.1 | Host: a | Content-Length: 9",
        9,
        "PUT / HTTP/1.1 | User-Agent: curl/7.88.1 | Accept: */* | Host: a | Content-Length: 9",
    );
    let old = "GET / HTTP/1.0 | User-Agent: curl/8.5.0 | Accept: */* | Host: a";
    sends("curl 8.5.0; --http1.0", "GET / HTTP/1.1 | Host: a", 0, old);
    let new = "GET / HTTP/1.1 | User-Agent: curl/8.5.0 | Accept: */* | Host: a";
    sends("curl 8.5.0; --http1.1", "GET / HTTP/1.0 | Host: a", 0, new);
}

#[test_everywhere(unsupported = test)]
fn it_looks_for_text_not_for_words() {
    let cases = [
        ("keep-alive", "keep", "keep"),
        ("close", "close: close-in-response", "close: close-in-response"),
        ("Close", "close: close-in-response", "close: close-in-response"),
        ("not-closed", "close: close-in-response", "keep"),
        ("x, close", "close: close-in-response", "close: close-in-response"),
        ("keep-alive, close", "close: close-in-response", "close: close-in-response"),
        ("close x", "close: close-in-response", "close: close-in-response"),
        ("x-hop", "keep", "keep"),
    ];
    for (field, text, words) in cases {
        let answered = format!("HTTP/1.1 200 | Content-Length: 5 | Connection: {field}");
        check("7.88.1", &answered, text);
        check("8.17", &answered, text);
        check("8.20", &answered, words);
    }
}

#[test_everywhere(unsupported = test)]
fn an_http10_answer_has_to_say_keep_alive() {
    let answered = |fields: &str| format!("HTTP/1.0 200 | Content-Length: 5{fields}");
    for version in ["7.88.1", "8.10", "8.20"] {
        check(version, &answered(""), "close: http10-not-confirmed");
        check(version, &answered(" | Connection: Keep-Alive"), "keep");
        check(version, &answered(" | Keep-Alive: timeout=5"), "close: http10-not-confirmed");
        check(version, &answered(" | Proxy-Connection: keep-alive"), "close: http10-not-confirmed");
        check(version, &answered(" | Connection: close | Connection: keep-alive"), "keep");
        let last = answered(" | Connection: keep-alive | Connection: close");
        check(version, &last, "close: close-in-response");
    }
    // In one line: which of the two is looked for first.
    let both = answered(" | Connection: close, keep-alive");
    check("7.88.1", &both, "keep");
    check("8.5", &both, "keep");
    check("8.8", &both, "close: close-in-response");
    check("8.20", &both, "close: close-in-response");
}

#[test_everywhere(unsupported = test)]
fn without_a_length_the_answer_lasts_until_the_close() {
    check("7.88.1", "HTTP/1.1 200", "await close");
    check("7.88.1", "HTTP/1.0 200 | Connection: keep-alive", "await close");
    check("7.88.1", "HTTP/1.1 200 | Transfer-Encoding: gzip | Content-Length: 5", "await close");
    check("7.88.1", "HTTP/1.1 200 | Transfer-Encoding: chunked", "keep");
    for bodiless in ["HTTP/1.1 204", "HTTP/1.1 304"] {
        check("7.88.1", bodiless, "keep");
    }
    makes("curl 7.88.1", "HEAD / HTTP/1.1 | Host: a", "HTTP/1.1 200", "keep");
}

const KEEPS: &str = "textbook; idle timeout = 0";

#[test_everywhere(unsupported = test)]
fn limits_are_looked_at_when_the_next_transfer_begins() {
    runs(KEEPS, "curl 7.88.1", &[0, 117_900], "1: 0 1, open");
    // Whole seconds, and more than the limit: 118.9 s counts as 118.
    runs(KEEPS, "curl 7.88.1", &[0, 118_900], "1: 0 1, open");
    runs(KEEPS, "curl 7.88.1", &[0, 119_000], "1: 0, client 119000 ms; 2: 1, open");
    runs(KEEPS, "curl 8.17", &[0, 118_900], "1: 0, client 118900 ms; 2: 1, open");
    runs(KEEPS, "curl 7.64", &[0, 1_000_000], "1: 0 1, open");
    let limited = "curl 7.88.1; CURLOPT_MAXLIFETIME_CONN = 2";
    runs(KEEPS, limited, &[0, 1000, 2900, 3100], "1: 0 1 2, client 3100 ms; 2: 3, open");
}

#[test_everywhere(unsupported = test)]
fn zero_is_a_second_or_no_limit() {
    let zero = |version: &str| format!("curl {version}; CURLOPT_MAXAGE_CONN = 0");
    runs(KEEPS, &zero("7.88.1"), &[0, 900, 2000], "1: 0 1, client 2000 ms; 2: 2, open");
    runs(KEEPS, &zero("8.17"), &[0, 900, 2000, 900_000], "1: 0 1 2 3, open");
    runs(KEEPS, "curl 8.17", &[0, 86_400_000], "1: 0, client 86400000 ms; 2: 1, open");
}

#[test_everywhere(unsupported = test)]
fn options_against_reuse() {
    let forbids = "curl 7.88.1; CURLOPT_FORBID_REUSE = 1";
    runs(KEEPS, forbids, &[0, 500], "1: 0, client 0 ms; 2: 1, client 500 ms");
    let fresh = "curl 7.88.1; CURLOPT_FRESH_CONNECT = 1";
    runs(KEEPS, fresh, &[0, 500], "1: 0, open; 2: 1, open");
    let two = "curl 7.88.1; CURLOPT_FRESH_CONNECT = 1; CURLOPT_MAXCONNECTS = 2";
    runs(KEEPS, two, &[0, 500, 900], "1: 0, client 900 ms; 2: 1, open; 3: 2, open");
    // TCP's own keepalive has nothing to do with it.
    runs(KEEPS, "curl 7.88.1; --no-keepalive", &[0, 500], "1: 0 1, open");
}

#[test_everywhere(unsupported = test)]
fn one_transfer_after_the_other() {
    runs(KEEPS, "curl 7.88.1", &[0, 0, 0], "1: 0 1 2, open");
    // The server has closed meanwhile: that is seen before anything is sent.
    let server = "textbook; idle timeout = 2";
    runs(server, "curl 7.88.1", &[0, 3000], "1: 0, server 2000 ms; 2: 1, server 5000 ms");
}

/// A run whose requests have one more field.
fn asking(server: &str, client: &str, field: &str, at_ms: &[u64]) -> Timeline {
    let planned = at_ms.iter().map(|&at| Planned {
        start: Start::At(Us::from_ms(at)),
        request: profiles::request(&format!("GET / HTTP/1.1 | Host: a | {field}")),
        ..Planned::default()
    });
    let scenario = Scenario {
        server: profiles::chosen(server),
        client: profiles::chosen(client),
        exchanges: planned.collect(),
        until: Some(Us::from_secs(5)),
        ..Scenario::default()
    };
    run(&scenario).expect("the scenario is right")
}

#[test_everywhere(unsupported = test)]
fn to_an_old_server_it_speaks_http10() {
    let stays = "textbook; version in answers = HTTP/1.0; idle timeout = 0";
    let timeline = asking(stays, "curl", "Connection: keep-alive", &[0, 500]);
    assert_eq!(told(&timeline), "1: 0 1, open");
    let version = |index: usize| timeline.exchanges[index].request.version.to_string();
    assert_eq!([version(0), version(1)], ["HTTP/1.1", "HTTP/1.0"]);
}

#[test_everywhere(unsupported = test)]
fn it_repeats_any_request() {
    for method in ["GET", "POST", "PATCH"] {
        assert!(
            clients::client("curl").retries(&profiles::request(&format!("{method} / HTTP/1.1")))
        );
    }
}
