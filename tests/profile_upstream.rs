//! The side of proxies that speaks to servers: what they send, what they make of an answer, what they
//! send again. What is expected of nginx 1.22, HAProxy 2.6 and httpd 2.4 was measured.
mod profiles;

use keepalive::profile::client::Found;
use keepalive::profile::{
    Answer, App, ClientAfter, ClientRule, ClientSees, NoAnswer, Processes, RequestSeen, Shares,
    Used,
};
use keepalive::protocol::{Response, Version, framing};
use keepalive::sim::Us;
use profiles::{app, body_of, headers, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn upstream(product: &str) -> Box<dyn ClientRule> {
    server(product).upstream().expect("it can stand before a server")
}

/// What the proxy sends for a request: its lines joined with ` | `.
#[track_caller]
fn sends(product: &str, asked: &str, expected: &str) {
    let asked = request(asked);
    let sent = upstream(product).rewrite_with_body(&asked, body_of(&asked)).unwrap_or(asked);
    assert_eq!(sent.wire().trim_end().replace("\r\n", " | "), expected, "{product}");
}

/// What becomes of the connection after this answer to GET.
#[track_caller]
fn makes(product: &str, answered: &str, expected: &str) {
    let rule = upstream(product);
    let asked = request("GET / HTTP/1.1 | Host: a");
    let sent = rule.rewrite_with_body(&asked, 0).unwrap_or(asked);
    let mut lines = answered.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let response = Response {
        version: Version::parse(start[0]),
        status: start[1].parse().expect("a status"),
        headers: headers(lines),
    };
    let template = app("200 known 5");
    let answer = server("textbook").answer(&seen(&sent, &template));
    let framing = framing::response(&response, "GET");
    let answer = Answer { response, framing, ..answer };
    let told = match rule.after(&ClientSees { request: &sent, answer: &answer }) {
        ClientAfter::Keep { idle_limit: Some(limit) } => format!("keep {} ms", limit.0 / 1000),
        ClientAfter::Keep { idle_limit: None } => "keep".into(),
        ClientAfter::Close(reason) => format!("close: {}", reason.rule),
        ClientAfter::AwaitClose => "await close".into(),
    };
    assert_eq!(told, expected, "{product}: {answered}");
}

/// The methods that are sent again when a kept connection dies.
#[track_caller]
fn retries(product: &str, expected: &str) {
    let rule = upstream(product);
    let again = |method: &&str| rule.retries(&request(&format!("{method} / HTTP/1.1 | Host: a")));
    let methods: Vec<_> =
        ["GET", "HEAD", "PUT", "DELETE", "POST", "PATCH"].into_iter().filter(again).collect();
    assert_eq!(methods.join(" "), expected, "{product}");
}

const OK: &str = "HTTP/1.1 200 | Content-Length: 5";
const NGINX: &str = "nginx 1.22; proxy_http_version = 1.1; proxy_set_header Connection = \"\"";

fn nginx(rest: &str) -> String {
    format!("{NGINX}; {rest}")
}

#[test_everywhere(unsupported = test)]
fn nginx_sends() {
    let asked = "GET /x HTTP/1.1 | Host: a | Connection: keep-alive, X-Foo | Keep-Alive: timeout=5 \
                 | X-Foo: bar | TE: trailers | User-Agent: me";
    let plain = "GET /x HTTP/1.0 | Host: origin | Connection: close | X-Foo: bar | User-Agent: me";
    sends("nginx 1.22", asked, plain);
    sends("nginx 1.0", asked, plain);
    let kept = "GET /x HTTP/1.1 | Host: origin | X-Foo: bar | User-Agent: me";
    sends(NGINX, asked, kept);
    sends("nginx 1.29.7", asked, kept);
    sends(
        "nginx 1.22; proxy_set_header Connection = keep-alive",
        "POST / HTTP/1.1 | Host: a | Content-Length: 2",
        "POST / HTTP/1.0 | Host: origin | Connection: keep-alive | Content-Length: 2",
    );
}

#[test_everywhere(unsupported = test)]
fn nginx_keeps() {
    makes("nginx 1.22", OK, "close: keep-alive-off");
    makes(NGINX, OK, "close: keep-alive-off");
    let kept = nginx("keepalive = 32");
    makes(&kept, OK, "keep 60000 ms");
    makes(&kept, "HTTP/1.0 200 | Content-Length: 5", "close: response-http10");
    makes(
        &kept,
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close",
        "close: close-in-response",
    );
    makes(&kept, "HTTP/1.1 200", "await close");
    makes(&nginx("keepalive = 4; upstream keepalive_timeout = 1s"), OK, "keep 1000 ms");
    makes("nginx 1.29.7", OK, "keep 60000 ms");
    makes("nginx 1.29.7; keepalive = 0", OK, "close: keep-alive-off");
    makes("nginx 1.1.18; keepalive = 8", OK, "keep");
    assert_eq!(upstream("nginx 1.29.7").idle_room(), 32);
}

#[test_everywhere(unsupported = test)]
fn nginx_wears_connections_out() {
    let used = |rest: &str, answers: u64, age_ms: u64| {
        let used = Used { answers, age: Us::from_ms(age_ms) };
        upstream(&nginx(rest)).used_up(&used).map(|reason| reason.rule)
    };
    assert_eq!(used("upstream keepalive_requests = 2", 1, 0), None);
    assert_eq!(used("upstream keepalive_requests = 2", 2, 0), Some("keepalive-requests"));
    assert_eq!(used("keepalive = 1", 999, 0), None);
    assert_eq!(used("keepalive = 1", 1000, 0), Some("keepalive-requests"));
    assert_eq!(used("upstream keepalive_time = 1s", 1, 1000), None);
    assert_eq!(used("upstream keepalive_time = 1s", 1, 1001), Some("keepalive-time"));
}

#[test_everywhere(unsupported = test)]
fn nginx_sends_again() {
    retries("nginx 1.22", "GET HEAD PUT DELETE");
    retries("nginx 1.22; proxy_next_upstream = off", "");
    retries("nginx 1.22; proxy_next_upstream = timeout", "");
    retries(
        "nginx 1.22; proxy_next_upstream = error non_idempotent",
        "GET HEAD PUT DELETE POST PATCH",
    );
}

#[test_everywhere(unsupported = test)]
fn haproxy_sends() {
    let asked = "GET /x HTTP/1.1 | Host: a | Connection: keep-alive, X-Foo | Keep-Alive: timeout=5 \
                 | X-Foo: bar | TE: trailers | User-Agent: me";
    sends(
        "haproxy 2.6",
        asked,
        "GET /x HTTP/1.1 | host: a | connection: X-Foo | keep-alive: timeout=5 | x-foo: bar \
         | te: trailers | user-agent: me",
    );
    let plain = "GET / HTTP/1.1 | Host: a";
    sends(
        "haproxy 2.6; option http-server-close",
        plain,
        "GET / HTTP/1.1 | host: a | connection: close",
    );
    sends(
        "haproxy 2.6; option http-server-close; option http-pretend-keepalive",
        plain,
        "GET / HTTP/1.1 | host: a",
    );
    sends("haproxy 2.6", "GET / HTTP/1.0", "GET / HTTP/1.0 | connection: keep-alive");
    sends("haproxy 2.6; option http-server-close", "GET / HTTP/1.0", "GET / HTTP/1.0");
    sends("haproxy 1.5", plain, plain);
    sends("haproxy 1.4", asked, &asked.replace("                 ", ""));
}

#[test_everywhere(unsupported = test)]
fn haproxy_keeps() {
    makes("haproxy 2.6", OK, "keep 10000 ms");
    makes("haproxy 2.6; pool-purge-delay = 1s", OK, "keep 2000 ms");
    makes("haproxy 2.6; http-reuse = never", OK, "keep");
    makes("haproxy 2.6; option http-server-close", OK, "close: http-server-close");
    makes("haproxy 2.6; option httpclose", OK, "close: httpclose");
    makes("haproxy 2.6", "HTTP/1.0 200 | Content-Length: 5", "close: http10-not-confirmed");
    makes(
        "haproxy 2.6",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close",
        "close: close-in-response",
    );
    makes("haproxy 2.6", "HTTP/1.1 200", "await close");
    makes("haproxy 1.5", OK, "keep");
    let shares = |product: &str| upstream(product).shares();
    assert_eq!(shares("haproxy 2.6"), Shares::Safe);
    assert_eq!(shares("haproxy 2.6; http-reuse = always"), Shares::Always);
    assert_eq!(shares("haproxy 1.9"), Shares::Safe);
    assert_eq!(shares("haproxy 1.6"), Shares::Never);
    assert_eq!(shares("haproxy 1.6; http-reuse = aggressive"), Shares::Aggressive);
    assert_eq!(shares("haproxy 1.5"), Shares::Never);
    assert_eq!(upstream("haproxy 2.6; pool-max-conn = 2").idle_room(), 2);
    assert_eq!(upstream("haproxy 2.6; pool-purge-delay = 0").idle_room(), 0);
    assert!(upstream("haproxy 2.6").keeps_what_it_needs());
}

#[test_everywhere(unsupported = test)]
fn haproxy_sends_again() {
    retries("haproxy 2.6", "");
    let all = "GET HEAD PUT DELETE POST PATCH";
    retries("haproxy 2.6; retry-on = empty-response", all);
    retries("haproxy 2.6; retry-on = all-retryable-errors", all);
    retries("haproxy 2.6; retry-on = empty-response; retries = 0", "");
}

#[test_everywhere(unsupported = test)]
fn httpd_sends() {
    let asked = "GET /x HTTP/1.1 | Host: a | Connection: keep-alive, X-Foo | Keep-Alive: timeout=5 \
                 | X-Foo: bar | TE: trailers | User-Agent: me";
    let sent = |version: &str, last: &str| {
        format!(
            "GET /x {version} | Host: origin | User-Agent: me | X-Forwarded-For: 127.0.0.1 \
             | X-Forwarded-Host: a | X-Forwarded-Server: a{last}"
        )
    };
    sends("apache-httpd 2.4", asked, &sent("HTTP/1.1", " | Connection: Keep-Alive"));
    for closes in ["disablereuse = On", "enablereuse = Off", "proxy-nokeepalive = set"] {
        let product = format!("apache-httpd 2.4; {closes}");
        sends(&product, asked, &sent("HTTP/1.1", " | Connection: close"));
    }
    sends("apache-httpd 2.4; force-proxy-request-1.0 = set", asked, &sent("HTTP/1.0", ""));
}

#[test_everywhere(unsupported = test)]
fn httpd_keeps() {
    makes("apache-httpd 2.4", OK, "keep");
    makes(
        "apache-httpd 2.4",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive",
        "close: response-http10",
    );
    makes("apache-httpd 2.4; disablereuse = On", OK, "close: keep-alive-off");
    retries("apache-httpd 2.4", "");
    let rule = upstream("apache-httpd 2.4; ttl = 2");
    let old = |ms| rule.finds_too_old(&Found { idle: Us::from_ms(ms), age: Us::from_ms(ms) });
    assert!(old(1_999).is_none() && old(2_000).is_some());
    let of = |product: &str| {
        let rule = upstream(product);
        (rule.max_connections(), rule.processes())
    };
    let processes = |at_start, one_each| Some(Processes { at_start, one_each });
    assert_eq!(of("apache-httpd 2.4"), (25, processes(3, false)));
    assert_eq!(of("apache-httpd 2.4; mpm = prefork"), (1, processes(5, true)));
    assert_eq!(of("apache-httpd 2.4; max = 2; StartServers = 1"), (2, processes(1, false)));
}

/// The answer to a request, the first on its connection or not, that the server does not answer.
#[track_caller]
fn instead(product: &str, why: NoAnswer, served: u64, expected: &str) {
    let (asked, app) = (request("GET / HTTP/1.1 | Host: a"), app("502 known 5"));
    let app = App { status: if why == NoAnswer::TooLate { 504 } else { 502 }, ..app };
    let seen = RequestSeen { served, ..seen(&asked, &app) };
    let told = server(product).gateway_error(&seen, why).map_or("nothing".into(), |answer| {
        let kept = if answer.persists() { "kept" } else { "closed" };
        let says = answer.response.headers.first("connection").unwrap_or("-");
        format!("{} {says} {kept}", answer.response.status)
    });
    assert_eq!(told, expected, "{product} {why:?}");
}

#[test_everywhere(unsupported = test)]
fn a_client_is_told_that_the_server_does_not_answer() {
    use NoAnswer::{Lost, TooLate, Unreachable};
    for served in [0, 1] {
        instead("nginx 1.22", Lost, served, "502 keep-alive kept");
        instead("nginx 1.22", Unreachable, served, "502 keep-alive kept");
        instead("nginx 1.22", TooLate, served, "504 keep-alive kept");
        instead("haproxy 2.6", Unreachable, served, "503 - kept");
        instead("haproxy 2.6", TooLate, served, "504 - kept");
        instead("apache-httpd 2.4", Unreachable, served, "503 close closed");
        instead("apache-httpd 2.4", TooLate, served, "502 - kept");
    }
    instead("haproxy 2.6", Lost, 0, "502 - kept");
    instead("haproxy 2.6", Lost, 1, "nothing");
    instead("apache-httpd 2.4", Lost, 0, "502 - kept");
    instead("apache-httpd 2.4", Lost, 1, "nothing");
}
