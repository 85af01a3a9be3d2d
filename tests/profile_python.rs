//! Python's http.client and requests: what they send, what they make of an answer, what happens
//! when the server has closed meanwhile.
mod clients;
mod profiles;

use clients::{makes, ran, runs, sends, told};
use keepalive::sim::Outcome;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const PLAIN: &str = "python-http-client 3.11";
const SESSION: &str = "python-requests 2.28.1";

#[track_caller]
fn both(answered: &str, expected: &str) {
    for product in [PLAIN, SESSION] {
        makes(product, "GET / HTTP/1.1 | Host: a", answered, expected);
    }
}

#[test_everywhere(unsupported = test)]
fn what_http_client_sends() {
    let send = |composed, body, expected| sends(PLAIN, composed, body, expected);
    send("GET / HTTP/1.0 | Host: a", 0, "GET / HTTP/1.1 | Accept-Encoding: identity | Host: a");
    send(
        "POST / HTTP/1.1 | Connection: close",
        0,
        "POST / HTTP/1.1 | Host: example.com | Accept-Encoding: identity | Content-Length: 0 | Connection: close",
    );
    send(
        "DELETE / HTTP/1.1 | Host: a",
        7,
        "DELETE / HTTP/1.1 | Accept-Encoding: identity | Content-Length: 7 | Host: a",
    );
    send(
        "DELETE / HTTP/1.1 | Host: a",
        0,
        "DELETE / HTTP/1.1 | Accept-Encoding: identity | Host: a",
    );
}

#[test_everywhere(unsupported = test)]
fn what_requests_sends() {
    let own = "User-Agent: python-requests/2.28.1 | Accept-Encoding: gzip, deflate | Accept: */*";
    let send = |product, composed, start: &str, end: &str| {
        sends(product, composed, 0, &format!("{start} | {own} | {end}"));
    };
    let get = "GET / HTTP/1.1";
    send(SESSION, "GET / HTTP/1.0 | Host: a", get, "Connection: keep-alive | Host: a");
    send(SESSION, "GET / HTTP/1.1 | Host: a | Connection: x", get, "Host: a | Connection: x");
    // It asks for what it will not use.
    let without = "python-requests; requests.Session = no";
    send(without, "GET / HTTP/1.1 | Host: a", get, "Connection: keep-alive | Host: a");
    let length = "Connection: keep-alive | Host: a | Content-Length: 0";
    send(SESSION, "OPTIONS / HTTP/1.1 | Host: a", "OPTIONS / HTTP/1.1", length);
}

#[test_everywhere(unsupported = test)]
fn http11_closes_at_the_text_close() {
    let answered = |fields: &str| format!("HTTP/1.1 200 | Content-Length: 5{fields}");
    both(&answered(""), "keep");
    both(&answered(" | Connection: Close"), "close: close-in-response");
    both(&answered(" | Connection: undisclosed"), "close: close-in-response");
    both(&answered(" | Connection: keep-alive, close"), "close: close-in-response");
    // The first line of a name counts.
    both(&answered(" | Connection: keep-alive | Connection: close"), "keep");
    both(&answered(" | Proxy-Connection: close"), "keep");
    both(&answered(" | Keep-Alive: timeout=1, max=0"), "keep");
}

#[test_everywhere(unsupported = test)]
fn http10_stays_with_any_sign_of_keep_alive() {
    let answered = |fields: &str| format!("HTTP/1.0 200 | Content-Length: 5{fields}");
    both(&answered(""), "close: http10-not-confirmed");
    both(&answered(" | Connection: keep-alive"), "keep");
    both(&answered(" | Connection: close, keep-alive"), "keep");
    both(&answered(" | Proxy-Connection: Keep-Alive"), "keep");
    both(&answered(" | Connection: close | Keep-Alive: anything"), "keep");
    both(&answered(" | Keep-Alive: "), "close: http10-not-confirmed");
}

#[test_everywhere(unsupported = test)]
fn without_a_length_the_answer_lasts_until_the_close() {
    both("HTTP/1.1 200", "await close");
    both("HTTP/1.1 200 | Content-Length: five", "await close");
    both("HTTP/1.1 200 | Transfer-Encoding: gzip, chunked", "await close");
    both("HTTP/1.1 200 | Transfer-Encoding: Chunked", "keep");
    both("HTTP/1.1 204", "keep");
    makes(PLAIN, "HEAD / HTTP/1.1 | Host: a", "HTTP/1.1 200", "keep");
}

const SHORT: &str = "textbook; idle timeout = 2";

#[test_everywhere(unsupported = test)]
fn http_client_does_not_look() {
    runs(SHORT, PLAIN, &[0, 1000], "1: 0 1, server 3000 ms");
    runs(SHORT, PLAIN, &[0, 3000], "1: 0 1 failed, server 2000 ms");
    let third = "1: 0 1 failed, server 2000 ms; 2: 2, server 6000 ms";
    runs(SHORT, PLAIN, &[0, 3000, 4000], third);
}

#[test_everywhere(unsupported = test)]
fn without_auto_open_the_first_connection_is_the_last() {
    let once = &format!("{PLAIN}; auto_open = 0");
    runs(SHORT, once, &[0, 1000], "1: 0 1, server 3000 ms");
    let timeline = ran(SHORT, once, &[(0, 0), (3000, 0), (4000, 0)]);
    assert_eq!(told(&timeline), "1: 0 1 failed, server 2000 ms");
    assert_eq!(timeline.exchanges[2].outcome, Outcome::Failed);
    assert_eq!(timeline.exchanges[2].connection, None);
}

#[test_everywhere(unsupported = test)]
fn requests_looks_before_it_sends() {
    runs(SHORT, SESSION, &[0, 3000], "1: 0, server 2000 ms; 2: 1, server 5000 ms");
}

#[test_everywhere(unsupported = test)]
fn without_a_session_nothing_is_kept() {
    let without = "python-requests; requests.Session = no";
    runs(SHORT, without, &[0, 500], "1: 0, client 0 ms; 2: 1, client 500 ms");
}

/// Three threads at once.
const THREE: &[(u64, u64)] = &[(0, 300), (10, 400), (20, 500)];

#[test_everywhere(unsupported = test)]
fn threads_share_the_pool() {
    let keeps = "textbook; idle timeout = 0";
    let check = |settings: &str, expected: &str| {
        assert_eq!(told(&ran(keeps, &format!("{SESSION}{settings}"), THREE)), expected);
    };
    check("", "1: 0, open; 2: 1, open; 3: 2, open");
    check("; pool_maxsize = 2", "1: 0, open; 2: 1, open; 3: 2, client 520 ms");
    check("; pool_maxsize = 0", "1: 0, open; 2: 1, open; 3: 2, open");
    check("; pool_maxsize = 1; pool_block = True", "1: 0 1 2, open");
    check("; pool_maxsize = 2; pool_block = True", "1: 0 2, open; 2: 1, open");
}

#[test_everywhere(unsupported = test)]
fn the_connection_used_last_is_taken_first() {
    let keeps = "textbook; idle timeout = 0";
    let timeline = ran(keeps, SESSION, &[(0, 500), (10, 100), (1000, 0)]);
    assert_eq!(told(&timeline), "1: 0 2, open; 2: 1, open");
}

/// The place of the connection that is gone lies on top.
#[test_everywhere(unsupported = test)]
fn after_a_close_a_new_connection_is_opened_beside_an_idle_one() {
    let silent = "textbook; idle timeout = 0; max requests = 2";
    // The second connection is closed after its second answer; the first is still idle.
    let four = &[(0, 300), (10, 600), (1000, 0), (1500, 0)];
    let timeline = ran(silent, SESSION, four);
    assert_eq!(told(&timeline), "1: 0, open; 2: 1 2, server 1000 ms; 3: 3, open");
}

#[test_everywhere(unsupported = test)]
fn what_is_repeated() {
    let repeats = |product: &str, method: &str| {
        let request = profiles::request(&format!("{method} / HTTP/1.1"));
        clients::client(product).retries(&request)
    };
    assert!(!repeats(PLAIN, "GET"));
    assert!(!repeats(SESSION, "GET"));
    let three = &format!("{SESSION}; max_retries = 3");
    assert!(repeats(three, "GET") && repeats(three, "DELETE"));
    assert!(!repeats(three, "POST") && !repeats(three, "PATCH"));
}

#[test_everywhere(unsupported = test)]
fn a_pool_of_no_size_cannot_block() {
    use keepalive::profile::{Config, MakeRule};
    let chosen = profiles::chosen("python-requests; pool_maxsize = 0; pool_block = True");
    let config = Config::parse(&chosen).expect("each value is right");
    let MakeRule::Client(make) = config.product.rule else { panic!("a server") };
    assert_eq!(make(&config).err().map(|error| error.at).as_deref(), Some("pool_maxsize"));
}
