//! Exchanges that are special by their method, status or fields: interim answers, switching,
//! tunnels, timeouts, bodies that nobody reads.
mod cases;

use cases::check_all;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn interim_answers_change_nothing() {
    check_all(
        r#"
        - => HTTP/1.1 100 :: keeps http11-default none/none +interim-answer
        - => HTTP/1.1 102 :: keeps none/none
        - => HTTP/1.1 103|Link: x :: keeps none/none
        - => HTTP/1.1 199 :: keeps none/none
        - => HTTP/1.1 100|Connection: close :: keeps none/none +close-in-interim-answer
        - => HTTP/1.1 100|Content-Length: 5 :: keeps none/none
        - => HTTP/1.1 100|Transfer-Encoding: chunked :: keeps none/none
        - => HTTP/1.0 100 :: keeps http11-default none/none
        GET / HTTP/1.1|Connection: close => HTTP/1.1 100 :: closes close-in-request none/none
        GET / HTTP/1.0 => HTTP/1.1 100 :: closes http10-not-asked none/none
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 100 :: keeps http10-negotiated @server none/none
        POST / HTTP/1.1|Expect: 100-continue|Content-Length: 5 => HTTP/1.1 100 :: keeps content-length/none drain_unread_body=false
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn upgrades() {
    check_all(
        r#"
        GET / HTTP/1.1|Upgrade: websocket|Connection: upgrade => HTTP/1.1 101|Upgrade: websocket|Connection: upgrade :: switches switched-protocols nobody none/none
        GET / HTTP/1.1|Upgrade: h2c|Connection: Upgrade, HTTP2-Settings => HTTP/1.1 101|Upgrade: h2c|Connection: upgrade :: switches
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade, close => HTTP/1.1 101|Upgrade: foo|Connection: upgrade :: switches switched-protocols +switch-over-close
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 101|Upgrade: foo|Connection: upgrade, close :: switches
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 101|Upgrade: foo|Content-Length: 5 :: switches none/none
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 101|Upgrade: foo|Transfer-Encoding: chunked :: switches none/none
        POST / HTTP/1.1|Upgrade: foo|Connection: upgrade|Content-Length: 5 => HTTP/1.1 101|Upgrade: foo :: switches content-length/none
        - => HTTP/1.1 101 :: switches
        GET / HTTP/1.1 => HTTP/1.1 101|Upgrade: foo :: switches +switch-unasked
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 200|Content-Length: 5 :: keeps http11-default +upgrade-declined
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => - :: keeps http11-default
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 200 :: closes close-delimited
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade, close => HTTP/1.1 200|Content-Length: 5 :: closes close-in-request
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 426|Upgrade: bar|Connection: upgrade|Content-Length: 0 :: keeps
        GET / HTTP/1.1|Upgrade: foo => HTTP/1.1 200|Content-Length: 5 :: keeps +upgrade-without-option
        GET / HTTP/1.1|Connection: upgrade => HTTP/1.1 200|Content-Length: 5 :: keeps
        GET / HTTP/1.0|Upgrade: foo|Connection: upgrade => HTTP/1.1 200|Content-Length: 5 :: closes http10-not-asked +upgrade-in-http10
        GET / HTTP/1.0|Upgrade: foo|Connection: upgrade, keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: keeps http10-negotiated @server +upgrade-in-http10
        POST / HTTP/1.1|Upgrade: foo|Connection: upgrade|Transfer-Encoding: chunked|Content-Length: 5 => HTTP/1.1 101|Upgrade: foo :: closes transfer-encoding-with-content-length
        GET / HTTP/1.1|Upgrade: foo|Connection: upgrade => HTTP/1.1 101|Upgrade: foo :: switches support_persistence=false
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn tunnels() {
    check_all(
        r#"
        CONNECT a:443 HTTP/1.1|Host: a:443 => HTTP/1.1 200 :: switches tunnel nobody none/none
        CONNECT a:443 HTTP/1.1|Host: a:443 => HTTP/1.1 204 :: switches tunnel
        CONNECT a:443 HTTP/1.1|Host: a:443 => HTTP/1.1 299 :: switches
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 200|Content-Length: 5 :: switches none/none
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 200|Transfer-Encoding: chunked :: switches none/none
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 200|Connection: close :: switches tunnel
        CONNECT a:443 HTTP/1.1|Connection: close => HTTP/1.1 200 :: switches
        CONNECT a:443 HTTP/1.0 => HTTP/1.0 200 :: switches
        CONNECT a:443 HTTP/1.0 => HTTP/1.1 200 :: switches
        CONNECT a:443 HTTP/1.1 => - :: switches
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 407|Content-Length: 5 :: keeps none/content-length
        CONNECT a:443 HTTP/1.1|Proxy-Connection: keep-alive => HTTP/1.1 407|Proxy-Authenticate: Basic|Content-Length: 0 :: keeps
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 407|Connection: close|Content-Length: 5 :: closes close-in-response
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 407 :: closes close-delimited none/close-delimited
        CONNECT a:443 HTTP/1.1 => HTTP/1.0 407|Content-Length: 5 :: closes http10-not-confirmed
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 403|Transfer-Encoding: chunked :: keeps none/chunked
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 502|Content-Length: 0 :: keeps
        CONNECT a:443 HTTP/1.1 => HTTP/1.1 100 :: keeps none/none
        CONNECT a:443 HTTP/1.0 => HTTP/1.0 407|Content-Length: 5 :: closes http10-not-asked
        connect a:443 HTTP/1.1 => HTTP/1.1 200|Content-Length: 5 :: keeps
        GET / HTTP/1.1 => HTTP/1.1 200|Content-Length: 0 :: keeps
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn statuses_and_bodies() {
    check_all(
        r#"
        GET / HTTP/1.1 => HTTP/1.1 400|Content-Length: 0 :: keeps +status-alone
        GET / HTTP/1.1 => HTTP/1.1 404|Content-Length: 3 :: keeps +status-alone
        GET / HTTP/1.1 => HTTP/1.1 500|Content-Length: 3 :: keeps +status-alone
        GET / HTTP/1.1 => HTTP/1.1 501|Content-Length: 0 :: keeps
        GET / HTTP/1.1 => HTTP/1.1 503|Transfer-Encoding: chunked :: keeps
        GET / HTTP/1.1 => HTTP/1.1 505|Content-Length: 0 :: keeps
        GET / HTTP/1.1 => HTTP/1.1 408|Content-Length: 0 :: closes request-timeout server
        GET / HTTP/1.1 => HTTP/1.1 408 :: closes close-delimited
        GET / HTTP/1.1 => HTTP/1.1 408|Content-Length: 0 :: keeps close_after_408=false
        POST / HTTP/1.1|Content-Length: 5 => HTTP/1.1 413|Content-Length: 0 :: keeps +too-large
        POST / HTTP/1.1|Content-Length: 5 => HTTP/1.1 413|Content-Length: 0 :: closes body-unread server @server,proxy drain_unread_body=false
        POST / HTTP/1.1|Content-Length: 5 => - :: closes body-unread server @server,proxy drain_unread_body=false
        POST / HTTP/1.1|Transfer-Encoding: chunked => - :: closes body-unread @server,proxy drain_unread_body=false
        POST / HTTP/1.1|Content-Length: 5 => - :: keeps @client,proxy-upstream drain_unread_body=false
        POST / HTTP/1.1|Content-Length: 0 => - :: keeps drain_unread_body=false
        GET / HTTP/1.1 => - :: keeps drain_unread_body=false
        POST / HTTP/1.0|Connection: keep-alive|Content-Length: 5 => - :: closes body-unread @server drain_unread_body=false
        POST / HTTP/1.1|Content-Length: 5|Expect: 100-continue => HTTP/1.1 417|Content-Length: 0 :: keeps +expect-refused
        POST / HTTP/1.1|Content-Length: 5|Expect: 100-continue => HTTP/1.1 417|Content-Length: 0 :: closes body-unread @server drain_unread_body=false
        POST / HTTP/1.1|Content-Length: 5|Expect: 100-continue => HTTP/1.1 401|Content-Length: 0|Connection: close :: closes close-in-response
        POST / HTTP/1.1|Content-Length: 5|Expect: 100-continue => HTTP/1.1 200|Content-Length: 0 :: keeps
        GET / HTTP/1.1|Expect: 100-continue => HTTP/1.1 200|Content-Length: 0 :: keeps
        POST / HTTP/1.1|Content-Length: 5|Expect: nonsense => HTTP/1.1 417|Content-Length: 0 :: keeps
        POST / HTTP/1.0|Connection: keep-alive|Content-Length: 5|Expect: 100-continue => HTTP/1.1 200|Content-Length: 0|Connection: keep-alive :: keeps @server +expect-in-http10
        POST / HTTP/1.0|Content-Length: 5|Expect: 100-continue => - :: closes http10-not-asked
    "#,
    );
}
