//! Messages that are malformed but can stand on the wire.
mod cases;

use cases::{check_all, request, response};
use keepalive::protocol::{
    Malformed, Problem, can_stand_on_a_line, check_request, check_response, syntax,
};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn malformed_requests_close() {
    check_all(
        r#"
        GET / HTTP/1.1|Host : a => - :: closes space-before-colon server none/content-length
        GET / HTTP/1.1|Connection : keep-alive => - :: closes space-before-colon
        GET / HTTP/1.1|Connection\t: keep-alive => - :: closes space-before-colon
        GET / HTTP/1.1|Connection : close => - :: closes space-before-colon
        POST / HTTP/1.1|Content-Length : 5 => - :: closes space-before-colon invalid/content-length
        POST / HTTP/1.1|Transfer-Encoding : chunked => - :: closes space-before-colon invalid/content-length
        GET / HTTP/1.0|Connection : keep-alive => - :: closes space-before-colon
        GET / HTTP/1.1|Foo : a => HTTP/1.1 400|Content-Length: 0 :: closes space-before-colon
        GET / HTTP/1.1|: a => - :: closes malformed-field server
        GET / HTTP/1.1| : a => - :: closes malformed-field
        GET / HTTP/1.1| Foo: a => - :: closes malformed-field
        GET / HTTP/1.1|Foo Bar: a => - :: closes malformed-field
        GET / HTTP/1.1|Foo(bar): a => - :: closes malformed-field
        GET / HTTP/1.1|Foo@bar: a => - :: closes malformed-field
        GET / HTTP/1.1|Foo"bar": a => - :: closes malformed-field
        GET / HTTP/1.1|Föö: a => - :: closes malformed-field
        GET / HTTP/1.1|Foo\0: a => - :: closes malformed-field
        GET / HTTP/1.1|Foo_bar: a => - :: keeps
        GET / HTTP/1.1|!#$%&'*+-.^_`~: a => - :: keeps
        GET / HTTP/1.1|Foo: a\0b => - :: closes control-character server
        GET / HTTP/1.1|Foo: a\rb => - :: closes control-character
        GET / HTTP/1.1|Foo: a\nb => - :: closes control-character
        GET / HTTP/1.1|Foo: a\r\nb => - :: closes control-character
        GET / HTTP/1.1|Foo: a\0b => - :: keeps refuse_control_characters=false
        GET / HTTP/1.1|Foo: a\tb => - :: keeps
        GET / HTTP/1.1|Foo: grüße => - :: keeps
        GET / HTTP/1.1|Foo: a\r\n b => - :: keeps +folded-line
        GET / HTTP/1.1|Foo: a\r\n\tb => - :: keeps +folded-line
        GET / HTTP/1.1|Foo: a\n b => - :: keeps +folded-line
        GET / HTTP/1.1|Foo:\r\n => - :: closes control-character
        GET / HTTP/1.1|Foo: a\r\n b => - :: closes folded-line server refuse_folded_lines=true
        GE(T / HTTP/1.1 => - :: closes malformed-request-line server
        G,T / HTTP/1.1 => - :: closes malformed-request-line
        GÉT / HTTP/1.1 => - :: closes malformed-request-line
        M-SEARCH * HTTP/1.1 => - :: keeps
        get / HTTP/1.1 => - :: keeps
        XYZZY / HTTP/1.1 => - :: keeps
        GET  HTTP/1.1 => - :: closes malformed-request-line
        GET /a b HTTP/1.1 => - :: closes malformed-request-line
        GET /a\tb HTTP/1.1 => - :: closes malformed-request-line
        GET /\0 HTTP/1.1 => - :: closes malformed-request-line
        GET /ü HTTP/1.1 => - :: keeps
        GET http://a/ HTTP/1.1|Host: a => - :: keeps
        GET / HTTP/1.1|Host: a|Host: b => - :: keeps +host-missing-or-repeated
        GET / HTTP/1.1|Host: a|Host: a => HTTP/1.1 400|Content-Length: 0 :: keeps +host-missing-or-repeated
        GET / HTTP/1.1 => - :: closes host-missing-or-repeated server close_without_host=true
        GET / HTTP/1.1|Host: a|Host: b => - :: closes host-missing-or-repeated close_without_host=true
        GET / HTTP/1.1|Host: a => - :: keeps close_without_host=true
        - => HTTP/1.1 200|Content-Length: 0 :: keeps close_without_host=true
        GET / HTTP/1.0|Connection: keep-alive => - :: keeps http10-negotiated @server close_without_host=true
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn malformed_responses_close() {
    check_all(
        r#"
        - => HTTP/1.1 200|Content-Length: 5|: x :: closes malformed-field client
        - => HTTP/1.1 200|Content-Length: 5|Foo Bar: x :: closes malformed-field client
        - => HTTP/1.1 200|Content-Length: 5| Foo: x :: closes malformed-field
        - => HTTP/1.1 200|Content-Length: 5|Foo: a\0b :: closes control-character client
        - => HTTP/1.1 200|Content-Length: 5|Foo: a\rb :: closes control-character
        - => HTTP/1.1 200|Content-Length: 5|Foo: a\0b :: keeps refuse_control_characters=false
        - => HTTP/1.1 200|Content-Length: 5|Foo: a\r\n b :: keeps +folded-line
        - => HTTP/1.1 200|Content-Length: 5|Foo : x :: keeps +space-before-colon-removed
        - => HTTP/1.1 200|Content-Length: 5|Connection : close :: closes close-in-response
        - => HTTP/1.1 200|Content-Length : 5 :: keeps none/content-length
        - => HTTP/1.1 101|: x :: closes malformed-field
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn checks_name_what_is_wrong() {
    let of = |text: &str| check_request(&request(text).unwrap());
    assert_eq!(of("GET / HTTP/1.1|Host: a"), Ok(()));
    assert_eq!(of("G(T / HTTP/1.1"), Err(Malformed::Method));
    assert_eq!(of("GET /a b HTTP/1.1"), Err(Malformed::Target));
    assert_eq!(of("GET / HTTP/1.1.1"), Err(Malformed::Version));
    assert_eq!(of("POST / HTTP/0.9"), Err(Malformed::SimpleMethod));
    assert_eq!(of("GET / HTTP/0.9|: there are no fields"), Ok(()));
    assert_eq!(of("GET / HTTP/1.1|A : b"), Err(Malformed::SpaceBeforeColon));
    assert_eq!(of("GET / HTTP/1.1|: b"), Err(Malformed::Name));
    assert_eq!(of("GET / HTTP/1.1|A: \u{7f}"), Err(Malformed::ControlCharacter));
    let of = |text: &str| check_response(&response(text).unwrap());
    assert_eq!(of("HTTP/1.1 200|A : b"), Ok(()));
    assert_eq!(of("HTTP/1.1 200|A B: b"), Err(Malformed::Name));
    assert_eq!(of("HTTP/1.1.1 200"), Err(Malformed::Version));
    for fault in [Malformed::Method, Malformed::SpaceBeforeColon, Malformed::ControlCharacter] {
        assert!(!fault.as_str().is_empty() && fault.clause().url.starts_with("https://"));
    }
}

#[test_everywhere(unsupported = test)]
fn what_can_stand_on_a_line() {
    let cases = [
        ("Host", "a", Ok(())),
        ("Host ", "a", Ok(())),
        ("Foo Bar", "a\tb", Ok(())),
        ("Grüße", "grüße", Ok(())),
        ("", "a", Err(Problem::EmptyName)),
        (" Host", "a", Err(Problem::SpaceFirst)),
        ("a:b", "c", Err(Problem::ColonInName)),
        ("a\nb", "c", Err(Problem::LineBreak)),
        ("a", "b\r\n c", Err(Problem::LineBreak)),
        ("a\u{1}", "b", Err(Problem::ControlInName)),
        ("a", "b\0", Err(Problem::ControlInValue)),
        ("a", "b\u{7f}", Err(Problem::ControlInValue)),
    ];
    for (name, value, expected) in cases {
        assert_eq!(can_stand_on_a_line(name, value), expected, "{name:?}: {value:?}");
    }
    assert!(Problem::LineBreak.as_str().contains("line break"));
    assert!(syntax::is_token("a-b") && !syntax::is_token("a b") && !syntax::is_token(""));
}
