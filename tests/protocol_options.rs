//! The list of connection options, and what it means for each version.
mod cases;

use cases::check_all;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn close_ends_every_version() {
    check_all(
        r#"
        GET / HTTP/1.1|Connection: close => - :: closes close-in-request server none/content-length
        GET / HTTP/1.1|Connection: close => HTTP/1.1 200|Content-Length: 5 :: closes close-in-request server none/content-length +close-not-repeated
        GET / HTTP/1.1 => HTTP/1.1 200|Content-Length: 5|Connection: close :: closes close-in-response server none/content-length
        GET / HTTP/1.1|Connection: close => HTTP/1.1 200|Content-Length: 5|Connection: close :: closes close-in-request server
        - => HTTP/1.1 200|Connection: close|Content-Length: 0 :: closes close-in-response server
        - => HTTP/1.1 200|Connection: close :: closes close-in-response none/close-delimited +close-delimited
        - => HTTP/1.1 200|Connection: close|Transfer-Encoding: chunked :: closes close-in-response none/chunked
        - => HTTP/1.1 204|Connection: close :: closes close-in-response none/none
        - => HTTP/1.1 304|Connection: close :: closes close-in-response none/none
        - => HTTP/1.0 200|Connection: close|Content-Length: 3 :: closes close-in-response server
        GET / HTTP/1.0|Connection: close => - :: closes close-in-request server +http10-not-asked
        GET / HTTP/1.2|Connection: close => - :: closes close-in-request
        GET / HTTP/1.9|Connection: close => HTTP/1.1 200|Content-Length: 0 :: closes close-in-request
        POST / HTTP/1.1|Connection: close|Content-Length: 5 => - :: closes close-in-request content-length/content-length
        POST / HTTP/1.1|Connection: close|Transfer-Encoding: chunked => - :: closes close-in-request chunked/content-length
        HEAD / HTTP/1.1|Connection: close => HTTP/1.1 200 :: closes close-in-request none/none
        HEAD / HTTP/1.1 => HTTP/1.1 200|Connection: close :: closes close-in-response none/none
        GET / HTTP/1.1|Connection: keep-alive => HTTP/1.1 200|Connection: close|Content-Length: 5 :: closes close-in-response server
        GET / HTTP/1.1|Connection: close => HTTP/1.1 200|Connection: keep-alive|Content-Length: 5 :: closes close-in-request server
        - => HTTP/1.1 500|Connection: close|Content-Length: 5 :: closes close-in-response
        - => HTTP/1.1 400|Connection: close|Content-Length: 0 :: closes close-in-response
        - => HTTP/1.1 413|Connection: close|Content-Length: 0 :: closes close-in-response
        - => HTTP/1.1 408|Connection: close|Content-Length: 0 :: closes close-in-response
        - => HTTP/1.1 503|Connection: close :: closes close-in-response none/close-delimited
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn options_are_whole_words_in_any_case() {
    check_all(
        r#"
        GET / HTTP/1.1|Connection: Close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: CLOSE => - :: closes close-in-request
        GET / HTTP/1.1|Connection: cLOSe => - :: closes close-in-request
        GET / HTTP/1.1|CONNECTION: close => - :: closes close-in-request
        GET / HTTP/1.1|connection: close => - :: closes close-in-request
        GET / HTTP/1.1|cOnNeCtIoN: ClOsE => - :: closes close-in-request
        GET / HTTP/1.1|Connection: disclosed => - :: keeps http11-default +unknown-option
        GET / HTTP/1.1|Connection: close-ish => - :: keeps http11-default
        GET / HTTP/1.1|Connection: closed => - :: keeps http11-default
        GET / HTTP/1.1|Connection: not-close => - :: keeps http11-default
        GET / HTTP/1.1|Connection: clos => - :: keeps http11-default
        GET / HTTP/1.1|Connection: close=true => - :: keeps http11-default +malformed-option-skipped
        GET / HTTP/1.1|Connection: close;q=1 => - :: keeps http11-default +malformed-option-skipped
        GET / HTTP/1.1|Connection: "close" => - :: keeps http11-default +malformed-option-skipped
        GET / HTTP/1.1|Connection: close keep-alive => - :: keeps http11-default +malformed-option-skipped
        GET / HTTP/1.1|Connection: close/1.0 => - :: keeps http11-default
        GET / HTTP/1.1|Connection: x{y => - :: keeps http11-default +malformed-option-skipped
        GET / HTTP/1.1|Connection: x{y, close => - :: closes close-in-request
        GET / HTTP/1.1|X-Connection: close => - :: keeps http11-default
        GET / HTTP/1.1|Connection-Close: close => - :: keeps http11-default
        GET / HTTP/1.1|Keep-Alive: close => - :: keeps http11-default +keep-alive-field-ignored
        GET / HTTP/1.1|Close: close => - :: keeps http11-default
        - => HTTP/1.1 200|Content-Length: 1|Connection: cLoSe :: closes close-in-response
        - => HTTP/1.1 200|Content-Length: 1|Connection: disclosed :: keeps http11-default
        - => HTTP/1.0 200|Content-Length: 10|Connection: keep--alive :: closes http10-not-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: keepalive :: closes http10-not-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: keep_alive :: closes http10-not-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: keep-alive=true :: closes http10-not-confirmed +malformed-option-skipped
        - => HTTP/1.0 200|Content-Length: 10|Connection: keep-alive-ish :: closes http10-not-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: KEEP-ALIVE :: keeps http10-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: Keep-alive :: keeps http10-confirmed
        GET / HTTP/1.1|Connection: keep-alive=true => - :: closes malformed-option server refuse_malformed_options=true
        GET / HTTP/1.1|Connection: keep-alive => - :: keeps http11-default refuse_malformed_options=true
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn options_are_one_list() {
    check_all(
        r#"
        GET / HTTP/1.1|Connection: keep-alive, close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: close, keep-alive => - :: closes close-in-request
        GET / HTTP/1.1|Connection: close,keep-alive => - :: closes close-in-request
        GET / HTTP/1.1|Connection: keep-alive ,close => - :: closes close-in-request
        GET / HTTP/1.1|Connection:   close   => - :: closes close-in-request
        GET / HTTP/1.1|Connection: \tclose\t => - :: closes close-in-request
        GET / HTTP/1.1|Connection:close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: , ,close, => - :: closes close-in-request
        GET / HTTP/1.1|Connection: ,close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: close,,,, => - :: closes close-in-request
        GET / HTTP/1.1|Connection: yadda, cLOSe, dumdy => - :: closes close-in-request
        GET / HTTP/1.1|Connection: yadda, kEEP-alive, dumdy => - :: keeps http11-default
        GET / HTTP/1.1|Connection: yadda, keep-alive, close, dumdy => - :: closes close-in-request
        GET / HTTP/1.1|Connection: a, b, c => - :: keeps http11-default +unknown-option
        GET / HTTP/1.1|Connection: => - :: keeps http11-default
        GET / HTTP/1.1|Connection: , => - :: keeps http11-default
        GET / HTTP/1.1|Connection: keep-alive|Connection: close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: close|Connection: keep-alive => - :: closes close-in-request +lines-are-one-list
        GET / HTTP/1.1|Connection: blah, blah, blah|Connection: keep-alive|Connection: close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: upgrade|Host: a|Connection: close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: keep-alive|Connection: keep-alive => - :: keeps http11-default
        GET / HTTP/1.1|Connection: TE, close|TE: trailers => - :: closes close-in-request
        GET / HTTP/1.1|Connection: TE|TE: trailers => - :: keeps http11-default
        GET / HTTP/1.1|Connection: Something, Upgrade, ,Keep-Alive => - :: keeps http11-default
        GET / HTTP/1.1|Connection: Keep-Alive, Upgrade, HTTP2-Settings|Upgrade: h2c => - :: keeps http11-default +upgrade-declined
        - => HTTP/1.1 200|Content-Length: 2|Connection: yadda, close, dumdy|Proxy-Connection: keep-alive :: closes close-in-response
        - => HTTP/1.1 200|Content-Length: 2|Connection: yadda, dumdy|Proxy-Connection: close :: keeps http11-default +proxy-connection-ignored
        - => HTTP/1.1 200|Content-Length: 2|Connection: |Proxy-Connection: close :: keeps http11-default
        - => HTTP/1.0 200|Content-Length: 2|Connection: foo, Keep-Alive, bar :: keeps http10-confirmed
        - => HTTP/1.0 200|Content-Length: 2|Connection: keep-alive, close :: closes close-in-response
        - => HTTP/1.0 200|Content-Length: 2|Connection: close|Connection: keep-alive :: closes close-in-response
        - => HTTP/1.0 200|Content-Length: 2|Connection: foo|Connection: keep-alive :: keeps http10-confirmed
        GET / HTTP/1.1|Connection:\r\n close => - :: closes close-in-request +folded-line
        GET / HTTP/1.1|Connection: keep-alive,\r\n close => - :: closes close-in-request
        GET / HTTP/1.1|Connection: keep-alive,\r\n\tupgrade => - :: keeps http11-default +folded-line
        - => HTTP/1.0 200|Content-Length: 2|Connection:\r\n keep-alive :: keeps http10-confirmed
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn the_version_is_the_default() {
    check_all(
        r#"
        - => - :: keeps http11-default nobody none/content-length
        GET / HTTP/1.1 => - :: keeps http11-default nobody none/content-length +host-missing-or-repeated
        GET / HTTP/1.1|Host: a => - :: keeps http11-default none/content-length
        GET / HTTP/1.1|Host: a => HTTP/1.1 200|Content-Length: 5 :: keeps http11-default nobody none/content-length
        GET / HTTP/1.1|Host: a|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: keeps http11-default +keep-alive-redundant
        GET / HTTP/1.1|Host: a|Keep-Alive: 300|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5 :: keeps http11-default +keep-alive-field-hint
        GET / HTTP/1.1|Host: a|Keep-Alive: timeout=5 => HTTP/1.1 200|Content-Length: 5 :: keeps http11-default +keep-alive-field-ignored
        - => HTTP/1.1 200|Content-Length: 5|Connection: Keep-Alive|Keep-Alive: timeout=5, max=1 :: keeps http11-default
        - => HTTP/1.1 200|Content-Length: 5|Connection: Keep-Alive|Keep-Alive: timeout=0 :: keeps http11-default
        GET / HTTP/1.2 => - :: keeps http11-default
        GET / HTTP/1.2 => HTTP/1.1 200|Content-Length: 0 :: keeps http11-default
        GET / HTTP/1.9 => HTTP/1.2 200|Content-Length: 0 :: keeps http11-default
        - => HTTP/1.2 200|Content-Length: 0 :: keeps http11-default
        GET / HTTP/0.9 => - :: closes http09 server none/close-delimited
        GET / HTTP/0.9 => HTTP/0.9 200 :: closes http09 server none/close-delimited
        GET / HTTP/0.9|Connection: keep-alive => - :: closes http09 server
        GET / HTTP/0.9|Connection: keep-alive => HTTP/1.0 200|Connection: keep-alive|Content-Length: 5 :: closes http09 server none/content-length
        - => HTTP/0.9 200 :: closes http09 none/close-delimited
        POST / HTTP/0.9 => - :: closes malformed-request-line server
        GET / HTTP/2.0 => - :: closes not-http1 server
        GET / HTTP/2.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 0 :: closes not-http1 server
        PRI * HTTP/2.0 => - :: closes not-http1 server none/content-length
        GET / HTTP/3.0 => - :: closes not-http1
        GET / HTTP/0.8 => - :: closes not-http1
        - => HTTP/2.0 200|Content-Length: 0 :: closes not-http1 client
        GET / HTTP/1 => - :: closes malformed-version server
        GET / http/1.1 => - :: closes malformed-version server
        GET / HTTP/1.10 => - :: closes malformed-version
        GET / HTTP/11.1 => - :: closes malformed-version
        GET / HTTP/1,1 => - :: closes malformed-version
        GET / HTTP/.1 => - :: closes malformed-version
        GET / HTTP/a.b => - :: closes malformed-version
        GET / FTP/1.1 => - :: closes malformed-version
        GET / HTTP/ => - :: closes malformed-version
        - => HTTP/1 200|Content-Length: 0 :: closes malformed-version client
        - => ICY 200|Content-Length: 0 :: closes malformed-version client
        - => http/1.1 200|Content-Length: 0 :: closes malformed-version
    "#,
    );
}

/// The table itself can fail: by the verdict, the rule, who closes, the framing and the notes.
#[test_everywhere(unsupported = test)]
#[should_panic(expected = "expected switches")]
fn a_wrong_case_fails() {
    check_all("GET / HTTP/1.1|Connection: close => - :: switches");
}

#[test_everywhere(unsupported = test)]
#[should_panic(expected = "expected +no-such-note")]
fn a_missing_note_fails() {
    check_all("GET / HTTP/1.1 => - :: keeps http11-default none/content-length +no-such-note");
}
