//! IIS 1.0, 4.0 and 10.0: what its switch and its timeout do to which client.
#[path = "profiles/answers.rs"]
mod answers;
mod profiles;

use answers::{path, told};
use keepalive::profile::{After, Config, Idle};
use keepalive::sim::Us;
use profiles::{app, chosen, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(product: &str, asked: &str, application: &str, expected: &str) {
    let (request, app) = (request(asked), app(application));
    assert_eq!(told(&server(product).answer(&seen(&request, &app))), expected);
}

const OLD: &str = "GET / HTTP/1.0";
const OLD_ASKING: &str = "GET / HTTP/1.0 | Connection: Keep-Alive";
const NEW: &str = "GET / HTTP/1.1 | Host: a";
const NEW_ASKING: &str = "GET / HTTP/1.1 | Host: a | Connection: keep-alive";

#[test_everywhere(unsupported = test)]
fn iis_1_keeps_those_who_ask() {
    let kept = "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive -> keep, ";
    check("iis 1.0", OLD_ASKING, "200 known 5", &format!("{kept}http10-negotiated"));
    check("iis 1.0", NEW_ASKING, "200 known 5", &format!("{kept}http10-confirmed"));
    check(
        "iis 1.0",
        OLD,
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 -> close, http10-not-asked",
    );
    check(
        "iis 1.0",
        NEW,
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 -> close, http10-not-confirmed",
    );
    check("iis 1.0", OLD_ASKING, "200 streamed 5", "HTTP/1.0 200 -> close, close-delimited");
}

#[test_everywhere(unsupported = test)]
fn allow_keep_alives_0_turns_iis_1_off() {
    let closed = "HTTP/1.0 200 | Content-Length: 5 -> close, iis-keep-alives-off";
    check("iis 1.0; AllowKeepAlives = 0", OLD_ASKING, "200 known 5", closed);
    check("iis 1.0; AllowKeepAlives = 0", NEW_ASKING, "200 known 5", closed);
}

#[test_everywhere(unsupported = test)]
fn iis_1_is_older_than_the_host_field() {
    check(
        "iis 1.0",
        "GET / HTTP/1.1 | Connection: keep-alive",
        "200 known 5",
        "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-confirmed",
    );
    check(
        "iis 4.0",
        "GET / HTTP/1.1",
        "200 known 5",
        "HTTP/1.1 400 | Content-Length: 0 | Connection: close -> close, host-missing-or-repeated",
    );
}

#[test_everywhere(unsupported = test)]
fn only_http10_clients_feel_the_check_box_of_iis_4() {
    let off = "iis 4.0; AllowKeepAlives = 0";
    let new = "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default";
    check("iis 4.0", NEW, "200 known 5", new);
    check(off, NEW, "200 known 5", new);
    check(off, NEW_ASKING, "200 known 5", new);
    check(
        "iis 4.0",
        OLD_ASKING,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive -> keep, http10-negotiated",
    );
    check(
        off,
        OLD_ASKING,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, iis-keep-alives-off",
    );
    check(
        off,
        OLD,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, http10-not-asked",
    );
}

#[test_everywhere(unsupported = test)]
fn the_path_tells_why_the_check_box_is_not_felt() {
    let (request, app) = (request(NEW), app("200 known 5"));
    let answer = server("iis 4.0; AllowKeepAlives = 0").answer(&seen(&request, &app));
    assert_eq!(path(&answer).last().map(String::as_str), Some("Does the server allow it? yes!"));
    let fact = answer.path.last().map(|step| step.fact.as_ref());
    assert_eq!(fact, Some("AllowKeepAlives 0, but an HTTP/1.1 client does not feel it"));
}

#[test_everywhere(unsupported = test)]
fn in_iis_4_an_extension_chunks_for_itself() {
    check(
        "iis 4.0",
        NEW,
        "200 streamed 5",
        "HTTP/1.1 200 | Connection: close -> close, close-delimited",
    );
    check(
        "iis 4.0",
        NEW,
        "200 streamed 5 | Transfer-Encoding: chunked",
        "HTTP/1.1 200 | Transfer-Encoding: chunked -> keep, http11-default",
    );
}

#[test_everywhere(unsupported = test)]
fn iis_10_closes_for_everyone_without_allow_keep_alive() {
    check("iis", NEW, "200 known 5", "HTTP/1.1 200 | Content-Length: 5 -> keep, http11-default");
    check(
        "iis 10.0",
        NEW,
        "200 streamed 5",
        "HTTP/1.1 200 | Transfer-Encoding: chunked -> keep, http11-default",
    );
    check(
        "iis 10.0; allowKeepAlive = false",
        NEW,
        "200 known 5",
        "HTTP/1.1 200 | Content-Length: 5 | Connection: close -> close, iis-keep-alives-off",
    );
}

#[test_everywhere(unsupported = test)]
fn idle_limits_and_time_wait() {
    let (request, app) = (request(NEW_ASKING), app("200 known 5"));
    let of = |product: &str| {
        let rule = server(product);
        (rule.answer(&seen(&request, &app)).after, rule.time_wait())
    };
    let keeps = |s, wait| (After::Keep(Idle::after(Us::from_secs(s))), Us::from_secs(wait));
    assert_eq!(of("iis 1.0"), keeps(900, 240));
    assert_eq!(of("iis 1.0; ConnectionTimeOut = 600"), keeps(600, 240));
    assert_eq!(of("iis 4.0; TcpTimedWaitDelay = 30"), keeps(900, 30));
    assert_eq!(of("iis 10.0"), keeps(120, 120));
    assert_eq!(of("iis 10.0; connectionTimeout = 01:00:30"), keeps(3630, 120));
}

#[track_caller]
fn refused(text: &str, at: &str) {
    let choice = chosen(text);
    let made = Config::parse(&choice).and_then(|config| match config.product.rule {
        keepalive::profile::MakeRule::Server(make) => make(&config).map(|_| ()),
        keepalive::profile::MakeRule::Client(_) => Ok(()),
    });
    assert_eq!(made.err().map(|error| error.at).as_deref(), Some(at));
}

#[test_everywhere(unsupported = test)]
fn settings_belong_to_their_version() {
    refused("iis 10.0; AllowKeepAlives = 0", "AllowKeepAlives");
    refused("iis 1.0; allowKeepAlive = false", "allowKeepAlive");
    refused("iis 4.0; ConnectionTimeOut = 5", "ConnectionTimeOut");
    refused("iis 1.0; AllowKeepAlives = yes", "AllowKeepAlives");
    refused("iis 10.0; connectionTimeout = 120", "connectionTimeout");
    refused("iis 10.0; connectionTimeout = 00:60:00", "connectionTimeout");
    refused("iis 7.5", "version");
}
