//! The textbook server, setting by setting: request, application, answer, verdict.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Idle, RequestSeen, StrayLine};
use keepalive::sim::Us;
use profiles::{app, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

#[test_everywhere(unsupported = test)]
fn http11_stays_and_close_ends_it() {
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default",
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a | Connection: close",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request",
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5 | Connection: close",
        "HTTP/1.1 200 | Connection: close | Content-Length: 5 -> close, close-in-response",
    );
    check(
        "textbook; says close = no",
        "GET / HTTP/1.1 | Host: a | Connection: close",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 -> close, close-in-request",
    );
}

#[test_everywhere(unsupported = test)]
fn http10_stays_only_if_both_say_so() {
    check(
        "textbook",
        "GET / HTTP/1.0",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked",
    );
    check(
        "textbook",
        "GET / HTTP/1.0 | Connection: Keep-Alive",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-negotiated",
    );
    check(
        "textbook; HTTP/1.0 keep-alive = ignore",
        "GET / HTTP/1.0 | Connection: Keep-Alive",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-honoured",
    );
}

#[test_everywhere(unsupported = test)]
fn http09_gets_a_body_and_nothing_else() {
    check("textbook", "GET /", "200 known 5", "no head, 5 bytes -> close, http09");
}

#[test_everywhere(unsupported = test)]
fn the_version_of_the_answer_is_a_choice() {
    check(
        "textbook; version in answers = of the request",
        "GET / HTTP/1.0 | Connection: keep-alive",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-negotiated",
    );
    check(
        "textbook; version in answers = HTTP/1.0",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: close -> close, http10-not-confirmed",
    );
    check(
        "textbook; version in answers = HTTP/1.0",
        "GET / HTTP/1.1 | Host: a | Connection: keep-alive",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-confirmed",
    );
}

#[test_everywhere(unsupported = test)]
fn an_unknown_length_is_chunked_or_ended_by_the_close() {
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "200 streamed 5000",
        "HTTP/1.1 200 | Transfer-Encoding: chunked -> keep, http11-default",
    );
    check(
        "textbook; unknown length = close",
        "GET / HTTP/1.1 | Host: a",
        "200 streamed 5000",
        "HTTP/1.1 200 | Connection: close -> close, close-delimited",
    );
    check(
        "textbook",
        "GET / HTTP/1.0 | Connection: keep-alive",
        "200 streamed 5000",
        "HTTP/1.1 200 | Connection: close -> close, close-delimited",
    );
}

#[test_everywhere(unsupported = test)]
fn answers_without_a_body_carry_the_fields_they_may() {
    check(
        "textbook",
        "HEAD / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default",
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "204 empty",
        "HTTP/1.1 204 -> keep, http11-default",
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "304 empty",
        "HTTP/1.1 304 -> keep, http11-default",
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "205 empty",
        "HTTP/1.1 205 | Content-Length: 0 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn a_switched_connection_is_no_longer_http() {
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a | Connection: upgrade | Upgrade: websocket",
        "101 empty | Connection: upgrade | Upgrade: websocket",
        "HTTP/1.1 101 | Connection: upgrade | Upgrade: websocket -> tunnel, switched-protocols",
    );
    check(
        "textbook",
        "CONNECT a:443 HTTP/1.1 | Host: a:443",
        "200 empty",
        "HTTP/1.1 200 -> tunnel, tunnel",
    );
    check(
        "textbook",
        "CONNECT a:443 HTTP/1.1 | Host: a:443",
        "407 empty",
        "HTTP/1.1 407 | Content-Length: 0 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn malformed_requests_are_answered_and_closed() {
    let refused = |asked, rule| {
        let head = "HTTP/1.1 400 | Content-Length: 0 | Connection: close -> close, ";
        check("textbook", asked, "200 known 5", &format!("{head}{rule}"));
    };
    refused("GET / HTTP/1.1", "host-missing-or-repeated");
    refused("GET / HTTP/1.1 | Host: a | Host: a", "host-missing-or-repeated");
    refused("GET / HTTP/1.1 | Host: a | Connection : close", "space-before-colon");
    refused("GE{T / HTTP/1.1 | Host: a", "malformed-request-line");
    refused("GET / HTTP/1 | Host: a", "malformed-version");
    refused("POST / HTTP/1.1 | Host: a | Content-Length: five", "invalid-content-length");
    refused(
        "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Content-Length: 6",
        "different-content-lengths",
    );
    refused("POST / HTTP/1.1 | Host: a | Transfer-Encoding: gzip", "not-chunked-last");
    refused("POST / HTTP/1.0 | Transfer-Encoding: chunked", "transfer-encoding-in-http10");
    check(
        "textbook",
        "PRI * HTTP/2.0",
        "200 known 5",
        "HTTP/1.1 505 | Content-Length: 0 | Connection: close -> close, not-http1",
    );
}

#[test_everywhere(unsupported = test)]
fn a_missing_host_may_leave_the_connection_open() {
    check(
        "textbook; missing Host = keep",
        "GET / HTTP/1.1",
        "200 known 5",
        "HTTP/1.1 400 | Content-Length: 0 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn two_lengths_are_processed_or_refused_and_close_in_any_case() {
    let both = "POST / HTTP/1.1 | Host: a | Content-Length: 5 | Transfer-Encoding: chunked";
    check(
        "textbook",
        both,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, transfer-encoding-with-content-length",
    );
    check(
        "textbook; Transfer-Encoding with Content-Length = refuse",
        both,
        "200 known 5",
        "HTTP/1.1 400 | Content-Length: 0 | Connection: close -> close, transfer-encoding-with-content-length",
    );
}

#[test_everywhere(unsupported = test)]
fn a_folded_field_is_unfolded_or_refused() {
    let folded = "GET / HTTP/1.1 | Host: a | Connection: keep-alive,\r\n close";
    check(
        "textbook",
        folded,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, close-in-request",
    );
    check(
        "textbook; folded field = refuse",
        folded,
        "200 known 5",
        "HTTP/1.1 400 | Content-Length: 0 | Connection: close -> close, folded-line",
    );
}

#[test_everywhere(unsupported = test)]
fn a_body_that_nobody_wants_is_drained_or_ends_the_connection() {
    let upload = "POST / HTTP/1.1 | Host: a | Content-Length: 100000";
    check(
        "textbook",
        upload,
        "413 empty",
        "HTTP/1.1 413 | Content-Length: 0 -> keep, http11-default",
    );
    check(
        "textbook; unread body = close",
        upload,
        "413 empty",
        "HTTP/1.1 413 | Content-Length: 0 | Connection: close -> close, body-unread",
    );
    check(
        "textbook; unread body = reset",
        upload,
        "413 empty",
        "HTTP/1.1 413 | Content-Length: 0 | Connection: close -> reset, body-unread",
    );
    check(
        "textbook; unread body = reset",
        upload,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn without_persistence_every_answer_says_close() {
    check(
        "textbook; persistence = off; says close = no",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, persistence-not-supported",
    );
}

#[track_caller]
fn served(product: &str, served: u64, expected: &str) {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let seen = RequestSeen { served, age: Us::from_secs(served), ..seen(&request, &app) };
    assert_eq!(told(&server(product).answer(&seen)), expected);
}

#[test_everywhere(unsupported = test)]
fn limits_end_the_connection_with_the_answer_that_reaches_them() {
    let kept = "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default";
    let last = "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, max-requests";
    served("textbook; max requests = 3", 1, kept);
    served("textbook; max requests = 3", 2, last);
    served("textbook; max requests = 1", 0, last);
    served("textbook; max age = 3", 2, kept);
    served(
        "textbook; max age = 3",
        3,
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, max-age",
    );
}

#[test_everywhere(unsupported = test)]
fn the_limits_can_be_announced() {
    let announces = "textbook; announce Keep-Alive = yes; idle timeout = 5; max requests = 3";
    served(
        announces,
        0,
        "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive | Keep-Alive: timeout=5, max=2 -> keep, http11-default",
    );
    served(
        announces,
        2,
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, max-requests",
    );
}

#[test_everywhere(unsupported = test)]
fn the_idle_limit_can_be_left_out() {
    let kept = |product: &str| {
        let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
        server(product).answer(&seen(&request, &app)).after
    };
    assert_eq!(kept("textbook; idle timeout = 0"), After::Keep(Idle::never()));
    assert_eq!(kept("textbook; idle timeout = 250ms"), After::Keep(Idle::after(Us::from_ms(250))));
}

#[test_everywhere(unsupported = test)]
fn an_empty_line_is_skipped_or_refused() {
    assert_eq!(server("textbook").stray_line(), StrayLine::Skip);
    let strict = server("textbook; empty line before request = refuse");
    assert_eq!(strict.stray_line(), StrayLine::Refuse);
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    assert_eq!(
        told(&strict.refusal(&seen(&request, &app))),
        "HTTP/1.1 400 | Content-Length: 0 | Connection: close -> close, stray-line"
    );
}

#[test_everywhere(unsupported = test)]
fn what_stands_on_the_wire_counts_more_than_what_is_said() {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let surplus = RequestSeen { body_bytes: 7, ..seen(&request, &app) };
    assert_eq!(
        told(&server("textbook").answer(&surplus)),
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, surplus-bytes"
    );
    check(
        "textbook",
        "GET / HTTP/1.1 | Host: a",
        "200 known 5 | Content-Length: 8",
        "HTTP/1.1 200 | Content-Length: 8 | Connection: close -> close, incomplete-answer",
    );
}

#[test_everywhere(unsupported = test)]
fn the_path_names_the_question_that_decided() {
    let (request, app) = (request("GET / HTTP/1.1 | Host: a"), app("200 known 5"));
    let answer = server("textbook; max requests = 1").answer(&seen(&request, &app));
    let path = path(&answer);
    assert_eq!(path.first().map(String::as_str), Some("Does a message say close? no"));
    assert_eq!(path.last().map(String::as_str), Some("Are requests left on this connection? no!"));
}

#[test_everywhere(unsupported = test)]
fn chunks_add_their_sizes_to_the_body() {
    let on_wire = |bytes: u64| {
        let request = request("GET / HTTP/1.1 | Host: a");
        let app = app(&format!("200 streamed {bytes}"));
        server("textbook").answer(&seen(&request, &app)).body_bytes
    };
    assert_eq!(on_wire(0), "0\r\n\r\n".len() as u64);
    assert_eq!(on_wire(5), "5\r\nhello\r\n0\r\n\r\n".len() as u64);
    assert_eq!(on_wire(16), "10\r\n0123456789abcdef\r\n0\r\n\r\n".len() as u64);
    let one_piece = 8192 + "2000\r\n\r\n0\r\n\r\n".len() as u64;
    assert_eq!(on_wire(8192), one_piece);
    assert_eq!(on_wire(8193), one_piece + "1\r\nx\r\n".len() as u64);
}
