//! HTTP/1.0: both sides have to ask, and proxies must not.
mod cases;

use cases::check_all;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn the_request_has_to_ask() {
    check_all(
        r#"
        GET / HTTP/1.0 => - :: closes http10-not-asked server none/content-length
        GET / HTTP/1.0|Host: a => HTTP/1.1 200|Content-Length: 5 :: closes http10-not-asked server
        GET / HTTP/1.0 => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-asked server
        GET / HTTP/1.0 => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: closes http10-not-asked server
        GET / HTTP/1.0 => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: closes http10-not-asked server
        GET / HTTP/1.0|Keep-Alive: timeout=5 => HTTP/1.1 200|Content-Length: 5 :: closes http10-not-asked +keep-alive-field-ignored
        GET / HTTP/1.0|Proxy-Connection: keep-alive => HTTP/1.1 200|Content-Length: 5 :: closes http10-not-asked +proxy-connection-ignored
        GET / HTTP/1.0|Connection: foo => - :: closes http10-not-asked
        GET / HTTP/1.0|Connection: => - :: closes http10-not-asked
        GET / HTTP/1.0|Connection: keep-alive-ish => - :: closes http10-not-asked
        GET / HTTP/1.0|Connection: keep-alive=true => - :: closes http10-not-asked
        GET / HTTP/1.0|Connection: persist => - :: closes http10-not-asked
        GET / HTTP/1.0 => HTTP/1.1 200|Content-Length: 5|Connection: close :: closes close-in-response
        GET / HTTP/1.0|Content-Length: 5 => - :: closes http10-not-asked content-length/content-length
        HEAD / HTTP/1.0 => HTTP/1.1 200 :: closes http10-not-asked none/none
        GET / HTTP/1.0 => HTTP/1.1 204 :: closes http10-not-asked none/none
        GET / HTTP/1.0 => HTTP/1.1 304 :: closes http10-not-asked none/none
        GET / HTTP/1.0|Connection: keep-alive => - :: keeps http10-negotiated @server,client,proxy-upstream nobody
        GET / HTTP/1.0|Connection: Keep-Alive => - :: keeps http10-negotiated @server,client,proxy-upstream
        GET / HTTP/1.0|CONNECTION: KEEP-ALIVE => - :: keeps http10-negotiated @server,client,proxy-upstream
        GET / HTTP/1.0|Connection: foo, keep-alive => - :: keeps http10-negotiated @server,client,proxy-upstream
        GET / HTTP/1.0|Connection: foo|Connection: keep-alive => - :: keeps http10-negotiated @server,client,proxy-upstream
        GET / HTTP/1.0|Connection: keep-alive, close => - :: closes close-in-request
        GET / HTTP/1.0|Connection: close|Connection: keep-alive => - :: closes close-in-request
        GET / HTTP/1.0|Connection: keep-alive|Content-Length: 10 => - :: keeps http10-negotiated @server,client,proxy-upstream content-length/content-length
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn the_answer_has_to_confirm() {
    check_all(
        r#"
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream none/content-length
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-confirmed @server,client,proxy-upstream server
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5|Connection: close :: closes close-in-response
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: close :: closes close-in-response
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Connection: keep-alive :: closes close-delimited @server,client,proxy-upstream none/close-delimited
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Connection: keep-alive :: closes close-delimited @server,client,proxy-upstream none/close-delimited
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Connection: keep-alive|Transfer-Encoding: chunked :: closes chunked-to-http10 @server,client,proxy-upstream none/chunked
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Connection: keep-alive|Transfer-Encoding: chunked :: closes transfer-encoding-in-http10 none/invalid
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 204|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream none/none
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 304|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream none/none
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 204 :: closes http10-not-confirmed @server,client,proxy-upstream none/none
        HEAD / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream none/none
        HEAD / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Connection: keep-alive|Content-Length: 500 :: keeps http10-negotiated @server,client,proxy-upstream none/none
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5 :: keeps http10-asked @server,client,proxy-upstream +http10-unconfirmed
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5 :: closes http10-not-confirmed @server,client,proxy-upstream client http10_needs_confirmation=true
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: keeps http10-negotiated @server,client,proxy-upstream http10_needs_confirmation=true
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-confirmed server none/content-length
        GET / HTTP/1.1|Host: a|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-confirmed server
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: keeps http10-confirmed nobody +http10-extension
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5|Connection: Keep-Alive|Keep-Alive: timeout=15, max=100 :: keeps http10-confirmed +keep-alive-field-hint
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Connection: keep-alive :: closes close-delimited none/close-delimited
        GET / HTTP/1.1|Host: a => HTTP/1.0 200 :: closes http10-not-confirmed none/close-delimited +close-delimited
        GET / HTTP/1.1|Host: a => HTTP/1.0 204|Connection: keep-alive :: keeps http10-confirmed none/none
        GET / HTTP/1.1|Host: a => HTTP/1.0 304|Connection: keep-alive|Content-Length: 9 :: keeps http10-confirmed none/none
        HEAD / HTTP/1.1|Host: a => HTTP/1.0 200|Connection: keep-alive :: keeps http10-confirmed none/none
        HEAD / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-confirmed none/none
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5|Proxy-Connection: keep-alive :: closes http10-not-confirmed
        GET / HTTP/1.1|Host: a => HTTP/1.0 200|Content-Length: 5|Keep-Alive: timeout=5 :: closes http10-not-confirmed +keep-alive-field-ignored
        GET / HTTP/1.1|Host: a => HTTP/1.0 404|Content-Length: 0|Connection: keep-alive :: keeps http10-confirmed
        - => HTTP/1.0 200|Content-Length: 10 :: closes http10-not-confirmed
        - => HTTP/1.0 200|Content-Length: 10|Connection: keep-alive :: keeps http10-confirmed
        - => HTTP/1.0 204 :: closes http10-not-confirmed
        - => HTTP/1.0 401|Connection: keep-alive|Content-Length: 3 :: keeps http10-confirmed
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn roles_and_choices() {
    check_all(
        r#"
        GET / HTTP/1.0|Connection: keep-alive => - :: closes http10-client-of-proxy server @proxy
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: closes http10-client-of-proxy server @proxy
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: closes http10-client-of-proxy server @proxy
        GET / HTTP/1.0 => - :: closes http10-not-asked server @proxy
        GET / HTTP/1.1 => - :: keeps http11-default @proxy
        GET / HTTP/1.1 => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: keeps http10-confirmed @proxy-upstream
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: keeps http10-negotiated @proxy-upstream
        GET / HTTP/1.1 => HTTP/1.0 200|Content-Length: 5 :: closes http10-not-confirmed @proxy-upstream
        GET / HTTP/1.0|Connection: keep-alive => - :: closes http10-not-honoured server @server honour_http10_keep_alive=false
        GET / HTTP/1.0|Connection: keep-alive => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: closes http10-not-honoured server @server honour_http10_keep_alive=false
        GET / HTTP/1.1 => HTTP/1.0 200|Content-Length: 5|Connection: keep-alive :: closes http10-not-honoured client @client,proxy-upstream honour_http10_keep_alive=false
        GET / HTTP/1.1 => HTTP/1.1 200|Content-Length: 5|Connection: keep-alive :: keeps http11-default honour_http10_keep_alive=false
        GET / HTTP/1.1|Connection: keep-alive => - :: keeps http11-default honour_http10_keep_alive=false
        GET / HTTP/1.1 => - :: closes persistence-not-supported server @server,proxy support_persistence=false
        GET / HTTP/1.1 => - :: closes persistence-not-supported client @client,proxy-upstream support_persistence=false
        GET / HTTP/1.0|Connection: keep-alive => - :: closes persistence-not-supported support_persistence=false
        GET / HTTP/1.1|Connection: close => - :: closes persistence-not-supported support_persistence=false
    "#,
    );
}
