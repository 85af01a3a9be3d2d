//! The Java Web Server of 1998: the buffer decides.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Idle, RequestSeen};
use keepalive::sim::Us;
use profiles::{app, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const ASKING: &str = "GET / HTTP/1.0 | Connection: Keep-Alive";

#[track_caller]
fn check(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

#[test_everywhere(unsupported = test)]
fn what_fits_the_buffer_gets_a_length_and_keeps_the_connection() {
    check(
        "java-web-server",
        ASKING,
        "200 streamed 4096",
        "HTTP/1.0 200 | Content-Length: 4096 | Connection: Keep-Alive -> keep, http10-negotiated",
    );
    check("java-web-server", ASKING, "200 streamed 4097", "HTTP/1.0 200 -> close, buffer-overflow");
    check(
        "java-web-server; output buffer = 8192",
        ASKING,
        "200 streamed 4097",
        "HTTP/1.0 200 | Content-Length: 4097 | Connection: Keep-Alive -> keep, http10-negotiated",
    );
}

#[test_everywhere(unsupported = test)]
fn a_length_set_by_the_servlet_needs_no_buffer() {
    check(
        "java-web-server",
        ASKING,
        "200 known 100000",
        "HTTP/1.0 200 | Content-Length: 100000 | Connection: Keep-Alive -> keep, http10-negotiated",
    );
    check(
        "java-web-server",
        ASKING,
        "200 streamed 100000 | Content-Length: 100000",
        "HTTP/1.0 200 | Content-Length: 100000 | Connection: Keep-Alive -> keep, http10-negotiated",
    );
}

#[test_everywhere(unsupported = test)]
fn the_client_has_to_support_it() {
    check(
        "java-web-server",
        "GET / HTTP/1.0",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 -> close, http10-not-asked",
    );
    check(
        "java-web-server",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: Keep-Alive -> keep, http10-confirmed",
    );
    check(
        "java-web-server",
        "GET / HTTP/1.1 | Host: a | Connection: close",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 -> close, close-in-request",
    );
}

#[test_everywhere(unsupported = test)]
fn the_path_begins_with_the_buffer() {
    let told = |application| {
        let (request, app) = (request(ASKING), app(application));
        let answer = server("java-web-server").answer(&seen(&request, &app));
        (path(&answer).swap_remove(0), answer.path[0].fact.clone().into_owned())
    };
    assert_eq!(
        told("200 streamed 12288"),
        (
            "Does the output fit the buffer? no".into(),
            "12288 bytes do not fit the output buffer of 4096".into()
        )
    );
    assert_eq!(
        told("200 streamed 100"),
        (
            "Does the output fit the buffer? yes".into(),
            "100 bytes fit the output buffer of 4096".into()
        )
    );
    assert_eq!(told("200 known 100").0, "Does a message say close? no");
}

#[test_everywhere(unsupported = test)]
fn five_requests_and_thirty_seconds() {
    let (request, app) = (request(ASKING), app("200 known 5"));
    let after = |served| {
        let seen = RequestSeen { served, ..seen(&request, &app) };
        server("java-web-server").answer(&seen).after
    };
    assert_eq!(after(3), After::Keep(Idle::after(Us::from_secs(30))));
    assert_eq!(after(4), After::Close);
}
