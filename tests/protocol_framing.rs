//! Where messages end, and what that means for the connection.
mod cases;

use cases::check_all;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[test_everywhere(unsupported = test)]
fn lengths_of_requests() {
    check_all(
        r#"
        GET / HTTP/1.1 => - :: keeps none/content-length
        POST / HTTP/1.1 => - :: keeps none/content-length
        POST / HTTP/1.1|Content-Length: 0 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 5 => - :: keeps content-length/content-length
        PUT / HTTP/1.1|content-length: 5 => - :: keeps content-length/content-length
        GET / HTTP/1.1|Content-Length: 5 => - :: keeps content-length/content-length
        HEAD / HTTP/1.1|Content-Length: 5 => HTTP/1.1 200 :: keeps content-length/none
        POST / HTTP/1.1|Content-Length: 005 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length:   5   => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: \t5 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 9223372036854775807 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 9223372036854775808 => - :: closes invalid-content-length invalid/content-length
        POST / HTTP/1.1|Content-Length: 18446744073709551615 => - :: closes invalid-content-length invalid/content-length
        POST / HTTP/1.1|Content-Length: 18446744073709551616 => - :: closes invalid-content-length invalid/content-length
        POST / HTTP/1.1|Content-Length: 99999999999999999999999999999999 => - :: closes invalid-content-length server
        POST / HTTP/1.1|Content-Length: => - :: closes invalid-content-length server invalid/content-length
        POST / HTTP/1.1|Content-Length: , => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: +5 => - :: closes invalid-content-length invalid/content-length
        POST / HTTP/1.1|Content-Length: -5 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: -1 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: -0 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5 5 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 4 2 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 0x5 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5.0 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 1e3 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5a => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: a5 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 1_000 => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5; => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: "5" => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: chunked => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: ٣ => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5, 5 => - :: keeps content-length/content-length +content-length-repeated
        POST / HTTP/1.1|Content-Length: 5,5,5 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 5|Content-Length: 5 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 5|content-length: 5 => - :: keeps content-length/content-length
        POST / HTTP/1.1|Content-Length: 5, 6 => - :: closes different-content-lengths invalid/content-length server
        POST / HTTP/1.1|Content-Length: 5|Content-Length: 6 => - :: closes different-content-lengths invalid/content-length server
        POST / HTTP/1.1|Content-Length: 0|Content-Length: 5 => - :: closes different-content-lengths
        POST / HTTP/1.1|Content-Length: 5|Content-Length: => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5|Content-Length: x => - :: closes invalid-content-length
        POST / HTTP/1.1|Content-Length: 5, 5, 6 => - :: closes different-content-lengths
        POST / HTTP/1.1|Content-Length: 6, 5, 6 => - :: closes different-content-lengths
        POST / HTTP/1.1|Content-Length: 5, 5 => - :: closes repeated-content-length server invalid/content-length refuse_repeated_length=true
        POST / HTTP/1.1|Content-Length: 5 => - :: keeps refuse_repeated_length=true
        POST / HTTP/1.1|Content-Length-X: 5 => - :: keeps none/content-length
        POST / HTTP/1.1|X-Content-Length: 5|Transfer-Encodings: chunked => - :: keeps none/content-length
        POST / HTTP/1.0|Connection: keep-alive|Content-Length: x => - :: closes invalid-content-length
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn codings_of_requests() {
    check_all(
        r#"
        POST / HTTP/1.1|Transfer-Encoding: chunked => - :: keeps http11-default chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: Chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|transfer-encoding: CHUNKED => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: gzip, chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: deflate, chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: deflate,\r\n chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: gzip|Transfer-Encoding: chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: , chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked, => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked|Transfer-Encoding: => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: foo, chunked => - :: keeps chunked/content-length +unknown-coding
        POST / HTTP/1.1|Transfer-Encoding: identity, chunked => - :: keeps chunked/content-length +unknown-coding
        GET / HTTP/1.1|Transfer-Encoding: chunked => - :: keeps chunked/content-length
        POST / HTTP/1.2|Transfer-Encoding: chunked => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked|Trailer: X => - :: keeps chunked/content-length
        POST / HTTP/1.1|Transfer-Encoding: gzip => - :: closes not-chunked-last server invalid/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked, gzip => - :: closes not-chunked-last invalid/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked|Transfer-Encoding: deflate => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: identity => - :: closes not-chunked-last invalid/content-length
        POST / HTTP/1.1|Transfer-Encoding: chunked, identity => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: => - :: closes not-chunked-last invalid/content-length
        POST / HTTP/1.1|Transfer-Encoding: , => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: xchunked => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: chunkedx => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: chunked;q=1 => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: "chunked" => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: chun ked => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: bogus => - :: closes not-chunked-last
        POST / HTTP/1.1|Transfer-Encoding: chunked, chunked => - :: closes chunked-twice invalid/content-length server
        POST / HTTP/1.1|Transfer-Encoding: chunked|Transfer-Encoding: chunked => - :: closes chunked-twice
        POST / HTTP/1.1|Transfer-Encoding: chunked, gzip, chunked => - :: closes chunked-twice
        POST / HTTP/1.1|Transfer-Encoding: chunked|Content-Length: 5 => - :: closes transfer-encoding-with-content-length server chunked/content-length
        POST / HTTP/1.1|Content-Length: 5|Transfer-Encoding: chunked => - :: closes transfer-encoding-with-content-length chunked/content-length
        POST / HTTP/1.1|Content-Length: 0|Transfer-Encoding: chunked => - :: closes transfer-encoding-with-content-length
        POST / HTTP/1.1|Content-Length: x|Transfer-Encoding: chunked => - :: closes transfer-encoding-with-content-length
        POST / HTTP/1.1|Content-Length: 5|Transfer-Encoding: chunked => HTTP/1.1 200|Content-Length: 2|Connection: keep-alive :: closes transfer-encoding-with-content-length
        POST / HTTP/1.1|Content-Length: 5|Transfer-Encoding: chunked => - :: closes transfer-encoding-with-content-length invalid/content-length refuse_two_lengths=true
        POST / HTTP/1.1|Content-Length: 5|Transfer-Encoding: identity => - :: closes not-chunked-last invalid/content-length
        POST / HTTP/1.1|Content-Length: 5|Transfer-Encoding: gzip => - :: closes not-chunked-last invalid/content-length
        POST / HTTP/1.0|Transfer-Encoding: chunked => - :: closes transfer-encoding-in-http10 invalid/content-length server
        POST / HTTP/1.0|Connection: keep-alive|Transfer-Encoding: chunked => - :: closes transfer-encoding-in-http10
        POST / HTTP/1.0|Connection: keep-alive|Transfer-Encoding: chunked|Content-Length: 5 => - :: closes transfer-encoding-in-http10
        POST / HTTP/1.0|Connection: keep-alive|Transfer-Encoding: identity|Content-Length: 5 => - :: closes transfer-encoding-in-http10
        GET / HTTP/1.1|TE: chunked => - :: keeps none/content-length
        GET / HTTP/1.1|TE: gzip, trailers|Connection: TE => - :: keeps none/content-length
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn ends_of_responses() {
    check_all(
        r#"
        - => HTTP/1.1 200|Content-Length: 5 :: keeps http11-default none/content-length
        - => HTTP/1.1 200|Content-Length: 0 :: keeps none/content-length
        - => HTTP/1.1 200 :: closes close-delimited server none/close-delimited
        - => HTTP/1.1 200|Connection: keep-alive :: closes close-delimited server none/close-delimited
        - => HTTP/1.1 404 :: closes close-delimited
        - => HTTP/1.1 301 :: closes close-delimited
        - => HTTP/1.1 500|Connection: keep-alive :: closes close-delimited
        - => HTTP/1.1 206|Content-Type: multipart/byteranges; boundary=x :: closes close-delimited none/close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: chunked :: keeps none/chunked
        - => HTTP/1.1 200|transfer-encoding: Chunked :: keeps none/chunked
        - => HTTP/1.1 200|Transfer-Encoding: gzip, chunked :: keeps none/chunked
        - => HTTP/1.1 200|Transfer-Encoding: gzip|Transfer-Encoding: chunked :: keeps none/chunked
        - => HTTP/1.1 200|Transfer-Encoding: chunked, gzip :: closes close-delimited none/close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: gzip :: closes close-delimited none/close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: identity :: closes close-delimited none/close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: identity|Content-Length: 5 :: closes close-delimited none/close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: :: closes close-delimited
        - => HTTP/1.1 200|Transfer-Encoding: chunked, chunked :: closes chunked-twice none/invalid client
        - => HTTP/1.1 200|Transfer-Encoding: chunked|Content-Length: 5 :: keeps none/chunked +transfer-encoding-overrides
        - => HTTP/1.1 200|Transfer-Encoding: chunked|Content-Length: 5 :: closes transfer-encoding-with-content-length none/invalid refuse_two_lengths=true
        - => HTTP/1.1 200|Content-Length: 5|Content-Length: 5 :: keeps none/content-length
        - => HTTP/1.1 200|Content-Length: 10|Content-Length: 11 :: closes different-content-lengths none/invalid client
        - => HTTP/1.1 200|Content-Length: 10, 11 :: closes different-content-lengths
        - => HTTP/1.1 200|Content-Length: 42, 42 :: keeps none/content-length
        - => HTTP/1.1 200|Content-Length: +5 :: closes invalid-content-length none/invalid client
        - => HTTP/1.1 200|Content-Length: -1 :: closes invalid-content-length
        - => HTTP/1.1 200|Content-Length: :: closes invalid-content-length
        - => HTTP/1.1 200|Content-Length: abc :: closes invalid-content-length
        - => HTTP/1.1 200|Content-Length: 18446744073709551616 :: closes invalid-content-length
        - => HTTP/1.0 200|Transfer-Encoding: chunked :: closes transfer-encoding-in-http10 none/invalid
        - => HTTP/1.0 200|Transfer-Encoding: bogus|Content-Length: 10 :: closes transfer-encoding-in-http10
        - => HTTP/1.0 200|Transfer-Encoding: chunked|Connection: keep-alive|Content-Length: 4 :: closes transfer-encoding-in-http10
        - => HTTP/1.2 200|Transfer-Encoding: chunked :: keeps none/chunked
        - => HTTP/1.1 200|Content-Length-X: 0|Transfer-Encoding: chunked :: keeps none/chunked
    "#,
    );
}

#[test_everywhere(unsupported = test)]
fn responses_that_end_at_their_head() {
    check_all(
        r#"
        HEAD / HTTP/1.1 => HTTP/1.1 200 :: keeps none/none
        HEAD / HTTP/1.1 => HTTP/1.1 200|Content-Length: 500 :: keeps none/none +length-without-body
        HEAD / HTTP/1.1 => HTTP/1.1 200|Transfer-Encoding: chunked :: keeps none/none
        HEAD / HTTP/1.1 => HTTP/1.1 404|Content-Length: 9 :: keeps none/none
        HEAD / HTTP/1.1 => HTTP/1.1 200|Content-Length: x :: keeps none/none
        HEAD / HTTP/1.1 => HTTP/1.1 200|Content-Length: 5|Connection: close :: closes close-in-response none/none
        head / HTTP/1.1 => HTTP/1.1 200 :: closes close-delimited
        - => HTTP/1.1 204 :: keeps none/none
        - => HTTP/1.1 204|Content-Length: 0 :: keeps none/none
        - => HTTP/1.1 204|Connection: keep-alive :: keeps none/none
        - => HTTP/1.1 204|Content-Length: 10 :: keeps none/none +length-on-204
        - => HTTP/1.1 204|Transfer-Encoding: chunked :: keeps none/none +length-on-204
        - => HTTP/1.1 204|Content-Length: 10 :: closes length-without-content none/none client close_after_204_with_length=true
        - => HTTP/1.1 204|Transfer-Encoding: chunked :: closes length-without-content none/none close_after_204_with_length=true
        - => HTTP/1.1 304 :: keeps none/none
        - => HTTP/1.1 304|Content-Length: 500 :: keeps none/none +length-without-body
        - => HTTP/1.1 304|Transfer-Encoding: chunked :: keeps none/none
        - => HTTP/1.0 304|Transfer-Encoding: chunked|Connection: keep-alive :: closes transfer-encoding-in-http10 none/none
        - => HTTP/1.1 205 :: closes close-delimited none/close-delimited +length-on-205
        - => HTTP/1.1 205|Content-Length: 0 :: keeps none/content-length
        - => HTTP/1.1 205|Transfer-Encoding: chunked :: keeps none/chunked
        - => HTTP/1.1 203 :: closes close-delimited
        - => HTTP/1.1 303 :: closes close-delimited
        - => HTTP/1.1 305|Content-Length: 0 :: keeps
        POST / HTTP/1.1|Content-Length: 5 => HTTP/1.1 204 :: keeps content-length/none
        PUT / HTTP/1.1|Content-Length: 5 => HTTP/1.1 201|Content-Length: 0 :: keeps content-length/content-length
        DELETE / HTTP/1.1 => HTTP/1.1 204 :: keeps none/none
        OPTIONS * HTTP/1.1 => HTTP/1.1 200|Content-Length: 0 :: keeps none/content-length
    "#,
    );
}
