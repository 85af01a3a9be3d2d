//! Go's client and hyper's, by their sources: what they send, keep and repeat.
mod clients;
mod profiles;

use clients::{client, makes, runs, sends};
use profiles::request;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const GET: &str = "GET / HTTP/1.1 | Host: a";
const KEPT: &str = "HTTP/1.1 200 | Content-Length: 5";
const HINT: &str = "HTTP/1.1 200 | Content-Length: 5 | Keep-Alive: timeout=5";

#[test_everywhere(unsupported = test)]
fn they_speak_http11_and_ask_for_nothing() {
    sends(
        "go",
        "GET / HTTP/1.0 | Host: a",
        0,
        "GET / HTTP/1.1 | User-Agent: Go-http-client/1.1 | Host: a | Accept-Encoding: gzip",
    );
    sends(
        "go",
        "POST / HTTP/1.1",
        0,
        "POST / HTTP/1.1 | Host: example.com | User-Agent: Go-http-client/1.1 | Content-Length: 0 | Accept-Encoding: gzip",
    );
    sends("hyper", GET, 0, GET);
    sends(
        "hyper",
        "POST / HTTP/1.0 | X: y",
        3,
        "POST / HTTP/1.1 | X: y | host: example.com | content-length: 3",
    );
}

#[test_everywhere(unsupported = test)]
fn they_keep_for_their_own_time_and_heed_no_hint() {
    for product in ["go", "hyper"] {
        makes(product, GET, KEPT, "keep 90000 ms");
        makes(product, GET, HINT, "keep 90000 ms");
        makes(product, GET, "HTTP/1.0 200 | Content-Length: 5", "close: http10-not-confirmed");
        makes(product, GET, "HTTP/1.1 200", "await close");
    }
    makes("go; Transport.IdleConnTimeout = 0", GET, KEPT, "keep");
    makes("go; Transport.IdleConnTimeout = 7", GET, KEPT, "keep 7000 ms");
    makes("go; reads bodies = no", GET, KEPT, "close: answer-unread");
    makes("go; Transport.DisableKeepAlives = true", GET, KEPT, "close: close-in-request");
    makes("hyper; pool_idle_timeout = 0", GET, KEPT, "keep");
}

#[test_everywhere(unsupported = test)]
fn what_they_send_again() {
    let repeats = |product: &str| {
        ["GET", "PUT", "POST"].map(|method| {
            let rule = client(product);
            rule.retries(&request(&format!("{method} / HTTP/1.1")))
        })
    };
    assert_eq!(repeats("go"), [true, false, false]);
    assert!(client("go").retries(&request("POST / HTTP/1.1 | Idempotency-Key: 7")));
    assert!(!client("go").retries_at_first());
    assert_eq!(repeats("hyper"), [false; 3]);
}

#[test_everywhere(unsupported = test)]
fn go_has_room_for_two_idle_connections() {
    let run = |product: &str, expected| {
        let timeout = "Transport.IdleConnTimeout = 1";
        runs("textbook", &format!("{product}; {timeout}"), &[0, 0, 0], expected);
    };
    run("go", "1: 0, client 1000 ms; 2: 1, client 1000 ms; 3: 2, client 0 ms");
    run(
        "go; Transport.MaxIdleConnsPerHost = 3",
        "1: 0, client 1000 ms; 2: 1, client 1000 ms; 3: 2, client 1000 ms",
    );
    run("go; Transport.MaxConnsPerHost = 1", "1: 0 1 2, client 1000 ms");
}

#[test_everywhere(unsupported = test)]
fn hyper_looks_once_in_every_idle_timeout() {
    let run = |at: &[u64], expected| {
        runs("textbook", "hyper; pool_idle_timeout = 1", at, expected);
    };
    // Put into the pool at 0 and at 600 ms; looked at after 1 s and 2 s.
    run(&[0, 600], "1: 0 1, client 2000 ms");
    // Idle too long, but not yet closed: a new one.
    run(&[0, 600, 1700], "1: 0 1, client 2000 ms; 2: 2, client 3000 ms");
}
