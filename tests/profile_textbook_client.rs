//! The textbook client: every choice about a pool, alone.
mod clients;
mod profiles;

use clients::{client, makes, runs, sends};
use keepalive::profile::Config;
use keepalive::sim::Us;
use profiles::{chosen, request};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(settings: &str, answered: &str, expected: &str) {
    makes(&format!("textbook-client; {settings}"), "GET / HTTP/1.1 | Host: a", answered, expected);
}

#[test_everywhere(unsupported = test)]
fn it_sends_what_is_composed_and_what_http11_demands() {
    let sends = |composed, body, expected| sends("textbook-client", composed, body, expected);
    sends("GET / HTTP/1.1 | Host: b", 0, "GET / HTTP/1.1 | Host: b");
    sends("GET / HTTP/1.1", 0, "GET / HTTP/1.1 | Host: example.com");
    sends("GET / HTTP/1.0", 0, "GET / HTTP/1.0");
    sends("POST / HTTP/1.1 | Host: b", 3, "POST / HTTP/1.1 | Host: b | Content-Length: 3");
    sends("POST / HTTP/1.0", 3, "POST / HTTP/1.0 | Content-Length: 3");
    let chunked = "POST / HTTP/1.1 | Host: b | Transfer-Encoding: chunked";
    sends(chunked, 3, chunked);
}

#[test_everywhere(unsupported = test)]
fn the_idle_timeout_can_be_any_and_none() {
    const KEPT: &str = "HTTP/1.1 200 | Content-Length: 5";
    check("", KEPT, "keep 90000 ms");
    check("idle timeout = 250ms", KEPT, "keep 250 ms");
    check("idle timeout = 0", KEPT, "keep");
    check("", "HTTP/1.1 200 | Content-Length: 5 | Connection: close", "close: close-in-response");
    check("", "HTTP/1.1 200", "await close");
}

#[test_everywhere(unsupported = test)]
fn a_hint_shortens_the_wait_and_never_makes_it_longer() {
    let check = |settings, hint: &str, expected| {
        check(
            settings,
            &format!("HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: {hint}"),
            expected,
        );
    };
    check("hint = ignore", "timeout=5", "keep 90000 ms");
    check("hint = honour", "timeout=5", "keep 4000 ms");
    check("hint = honour", "max=3, Timeout=5", "keep 4000 ms");
    check("hint = honour", "timeout=\"5\"", "keep 4000 ms");
    check("hint = honour", "timeout=soon", "keep 90000 ms");
    check("hint = honour", "timeout=500", "keep 90000 ms");
    check("hint = honour", "timeout=1", "close: hint-too-short");
    check("hint = honour", "timeout=18446744073709551615", "keep 90000 ms");
    check("hint = honour; hint margin = 0", "timeout=1", "keep 1000 ms");
    check("hint = honour; hint margin = 4500ms", "timeout=5", "keep 500 ms");
    check("hint = honour; idle timeout = 0", "timeout=5", "keep 4000 ms");
    check("hint = honour; idle timeout = 0", "max=5", "keep");
    check("hint = honour for 1.0 only", "timeout=5", "keep 90000 ms");
}

#[test_everywhere(unsupported = test)]
fn a_hint_in_an_old_answer() {
    let old = "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive | Keep-Alive: timeout=5";
    check("hint = honour for 1.0 only", old, "keep 4000 ms");
    check("hint = honour", old, "keep 4000 ms");
    check("", old, "keep 90000 ms");
}

#[test_everywhere(unsupported = test)]
fn what_is_not_read_to_its_end_is_not_used_again() {
    let template = "HTTP/1.1 200 | Content-Length: 5";
    check("drains = no", template, "close: answer-unread");
    check("drains = yes", template, "keep 90000 ms");
    // There is nothing to read.
    let exchanges = [0, 100];
    runs(
        "textbook",
        "textbook-client; drains = no",
        &exchanges,
        "1: 0, client 0 ms; 2: 1, client 100 ms",
    );
    runs("textbook", "textbook-client", &exchanges, "1: 0 1, open");
}

#[test_everywhere(unsupported = test)]
fn a_client_per_call_never_uses_a_connection_again() {
    let run = |pool: &str, expected| {
        let product = format!("textbook-client; connections = 1; idle timeout = 2; pool = {pool}");
        runs("textbook", &product, &[0, 100, 100], expected);
    };
    run("shared", "1: 0 1 2, client 2100 ms");
    run("per call", "1: 0, client 0 ms; 2: 1, client 100 ms; 3: 2, client 100 ms");
    run("per call, left open", "1: 0, client 2000 ms; 2: 1, client 2100 ms; 3: 2, client 2100 ms");
}

#[test_everywhere(unsupported = test)]
fn the_order_decides_which_connection_grows_old() {
    // Two at once, then one after the other, each before the first one's idle timeout is over.
    let run = |settings: &str, expected| {
        let product = format!("textbook-client; idle timeout = 1; {settings}");
        runs("textbook", &product, &[0, 0, 600, 900, 1500], expected);
    };
    run("", "1: 0, client 1000 ms; 2: 1 2 3 4, client 2500 ms");
    run("order = oldest first", "1: 0 2 4, client 2500 ms; 2: 1 3, client 1900 ms");
}

#[test_everywhere(unsupported = test)]
fn what_there_is_no_room_for_is_closed() {
    let run = |settings: &str, expected| {
        let product = format!("textbook-client; idle timeout = 1; {settings}");
        runs("textbook", &product, &[0, 0, 0], expected);
    };
    run("idle room = 1", "1: 0, client 1000 ms; 2: 1, client 0 ms; 3: 2, client 0 ms");
    run("idle room = 2", "1: 0, client 1000 ms; 2: 1, client 1000 ms; 3: 2, client 0 ms");
    run("connections = 2", "1: 0 2, client 1000 ms; 2: 1, client 1000 ms");
}

#[test_everywhere(unsupported = test)]
fn a_client_that_does_not_look_sends_into_a_closed_connection() {
    let run = |settings: &str, expected| {
        let product = format!("textbook-client; {settings}");
        runs("textbook; idle timeout = 1", &product, &[0, 2000], expected);
    };
    run("", "1: 0, server 1000 ms; 2: 1, server 3000 ms");
    run("checks before reuse = no", "1: 0 1, server 1000 ms; 2: 1 retried, server 3000 ms");
    run("checks before reuse = no; retries = never", "1: 0 1 failed, server 1000 ms");
}

#[test_everywhere(unsupported = test)]
fn what_is_sent_again() {
    let repeats = |settings: &str| {
        let rule = client(&format!("textbook-client; {settings}"));
        ["GET", "PUT", "POST"].map(|method| rule.retries(&request(&format!("{method} / HTTP/1.1"))))
    };
    assert_eq!(repeats(""), [true, true, false]);
    assert_eq!(repeats("retries = never"), [false; 3]);
    assert_eq!(repeats("retries = always"), [true; 3]);
    assert!(!client("textbook-client").retries_at_first());
}

#[test_everywhere(unsupported = test)]
fn how_many_are_under_way() {
    let depth = |settings: &str, method: &str| {
        let rule = client(&format!("textbook-client; {settings}"));
        rule.pipelines(&request(&format!("{method} / HTTP/1.1")))
    };
    assert_eq!(depth("", "GET"), Some(1));
    assert_eq!(depth("pipelining = 8", "GET"), Some(8));
    assert_eq!(depth("pipelining = 8", "POST"), Some(1));
    let product = "textbook-client; connections = 1; pipelining = 2; idle timeout = 1";
    runs("textbook", product, &[0, 0, 0], "1: 0 1 2, client 1000 ms");
}

#[test_everywhere(unsupported = test)]
fn it_can_lose_patience() {
    assert_eq!(client("textbook-client").gives_up_after(), None);
    let rule = client("textbook-client; response timeout = 3");
    assert_eq!(rule.gives_up_after(), Some(Us::from_secs(3)));
    let because = rule.give_up_reason(Us::from_secs(3));
    assert_eq!(because.fact, "no answer came for 3\u{a0}s (response timeout)");
}

#[test_everywhere(unsupported = test)]
fn every_number_has_bounds() {
    let wrong = |setting: &str, value: &str| {
        let text = format!("textbook-client; {setting} = {value}");
        let error = Config::parse(&chosen(&text)).err();
        assert_eq!(error.map(|error| error.at).as_deref(), Some(setting), "{text}");
    };
    wrong("connections", "0");
    wrong("connections", "10001");
    wrong("idle timeout", "-1");
    wrong("idle timeout", "86401");
    wrong("idle timeout", "NaN");
    wrong("idle room", "-1");
    wrong("hint margin", "a second");
    wrong("hint", "yes");
    wrong("pipelining", "0");
    wrong("retries", "sometimes");
    wrong("response timeout", "1e3");
    let rule = client("textbook-client; connections = 10000");
    assert_eq!(rule.max_connections(), 10_000);
}
