//! Parameters of a scenario: each key is set and read back; what cannot be says why.
use keepalive::sim::{Scenario, Us};
use keepalive::study::text::{read_bandwidth, read_time, write_bandwidth, write_time};
use keepalive::study::{exchange, params};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn scenario() -> Scenario {
    Scenario { exchanges: (0..3).map(exchange::fresh).collect(), ..Scenario::default() }
}

/// Sets a parameter and reads it back.
#[track_caller]
fn check(key: &str, value: &str, expected: &str) {
    let mut scenario = scenario();
    params::set(&mut scenario, key, value).expect("the value is sound");
    assert_eq!(params::get(&scenario, key).as_deref(), Some(expected), "{key}={value}");
}

/// The message for a value that cannot be.
#[track_caller]
fn wrong(key: &str, value: &str, expected: &str) {
    let mut changed = scenario();
    let error = params::set(&mut changed, key, value).expect_err("the value is wrong");
    assert_eq!(error.to_string(), expected);
    assert_eq!(changed, scenario(), "an error changes nothing");
}

#[test_everywhere(unsupported = test)]
fn network() {
    check("rtt", "60ms", "60ms");
    check("rtt", "60", "60ms");
    check("rtt", "0.06 s", "60ms");
    check("tls", "1.3", "1.3");
    check("tls", "none", "none");
    check("bandwidth", "20Mbit", "20Mbit");
    check("bandwidth", "56k", "56kbit");
    check("bandwidth", "1.5 Mbit/s", "1.5Mbit");
    check("bandwidth", "none", "none");
    check("until", "15min", "900s");
    check("until", "end", "end");
    check("seed", "7", "7");
    wrong("rtt", "61s", "rtt: at most 60s");
    wrong("rtt", "-1ms", "rtt: a time is wanted, such as 60ms or 5s, up to 24h");
    wrong("tls", "1.1", "tls: none, 1.2 or 1.3 is wanted");
    wrong("bandwidth", "10", "bandwidth: bits per second are wanted, 1kbit to 1000Gbit, or none");
    wrong("until", "25h", "until: a time is wanted, such as 60ms or 5s, up to 24h");
    wrong("seed", "x", "seed: a whole number is wanted");
}

#[test_everywhere(unsupported = test)]
fn products_and_settings() {
    check("server", "textbook@rfc9112", "textbook@rfc9112");
    check("server.idle timeout", "5", "5");
    check("client", "browser@chromium", "browser@chromium");
    wrong("server", "abacus", "server: no server called \"abacus\" is known here");
    wrong("server", "browser", "server: no server called \"browser\" is known here");
    wrong("server.KeepAlife", "On", "server.KeepAlife: Textbook server has no such setting");
    wrong("server.persistence", "maybe", "server.persistence: \"maybe\" is none of on, off");
    let mut unset = scenario();
    params::set(&mut unset, "server.persistence", "off").expect("sound");
    params::set(&mut unset, "server.persistence", "unset").expect("sound");
    assert_eq!(unset, scenario());
}

#[test_everywhere(unsupported = test)]
fn an_attribute_without_capitals_and_spaces_finds_its_setting() {
    let mut by_attribute = scenario();
    params::set(&mut by_attribute, "server.http/1.0_keep-alive", "ignore").expect("found");
    let mut by_name = scenario();
    params::set(&mut by_name, "server.HTTP/1.0 keep-alive", "ignore").expect("found");
    assert_eq!(by_attribute, by_name);
}

#[test_everywhere(unsupported = test)]
fn exchanges() {
    check("x2", "POST /cart 1.0", "POST /cart HTTP/1.0");
    check("x2", "GET /", "GET / HTTP/1.1");
    check("x2.target", "/a?b=c d", "/a?b=c d");
    check("x2.version", "1.0", "1.0");
    check("x2.version", "HTTP/2.0", "2.0");
    check("x2.version", "http/1.1", "http/1.1");
    check("x2.version", "raw:1.1", "raw:1.1");
    check("x.version", "0.9", "0.9");
    check("x1-3.body", "12", "12");
    check("x2.crlf", "yes", "1");
    check("x2.pipeline", "1", "1");
    check("x1.at", "2.5s", "2.5s");
    check("x2.gap", "250ms", "250ms");
    check("x3.after", "1", "1");
    check("x3.after", "1,250ms", "1,250ms");
    check("x2.status", "404", "404");
    check("x2.content", "12288", "12288");
    check("x2.content", "streamed:4097", "streamed:4097");
    check("x2.content", "empty", "empty");
    check("x2.delay", "28ms", "28ms");
    check("exchanges", "12", "12");
    check("x7.target", "/new", "/new");
    wrong("x1.gap", "1s", "x1.gap: exchange 1 has none before it: give it a time with at");
    wrong("x2.after", "2", "x2.after: an exchange can only follow one that stands before it");
    wrong("x2.status", "99", "x2.status: a status is wanted, 100 to 999");
    wrong(
        "x2.target",
        "/a\r\nX: y",
        "x2.target: a line break or control character cannot stand there",
    );
    wrong("x20000.target", "/", "x20000.target: at most 10000 exchanges");
    wrong("exchanges", "10001", "exchanges: a number of exchanges is wanted, 0 to 10000");
    wrong("x2.colour", "red", "x2.colour: no such parameter");
    wrong("x0.target", "/", "x0.target: no such parameter");
    wrong("x3-2.target", "/", "x3-2.target: no such parameter");
    wrong("y", "", "y: no such parameter");
}

#[test_everywhere(unsupported = test)]
fn headers() {
    check("x1.headers", "", "");
    check("x1.headers", "Host: a; Connection: close", "Host:a;Connection:close");
    check(
        "x1.headers",
        "Content-Type: text/html; charset=utf-8",
        "Content-Type:text/html; charset=utf-8",
    );
    check("x1.headers", "A:b~3Bc:d", "A:b~3Bc:d");
    check("x1.headers", "Connection~20:close", "Connection~20:close");
    check("x1.headers", "Connection:~0D~0A close", "Connection:~0D~0A close");
    check("x1.headers", "A:~20b~20", "A:~20b~20");
    check(
        "x1.headers",
        "Connection:a;Connection:b;connection:",
        "Connection:a;Connection:b;connection:",
    );
    check("x1.headers", "A:/~home", "A:/~7Ehome");
    check("x1.answer-headers", "X: 1", "X:1");
    wrong(
        "x1.headers",
        "no field",
        "x1.headers: \"no field\" is no field: a name, a colon and a value are wanted",
    );
    wrong(
        "x1.headers",
        "A: b~0D~0AEvil: 1",
        "x1.headers: the value of A holds a line break or control character",
    );
    wrong("x1.headers", "A~00: b", "x1.headers: the name \"A\\0\" cannot stand on a line");
}

#[test_everywhere(unsupported = test)]
fn several_at_once_regardless_of_their_order() {
    let forwards =
        [("exchanges", "2"), ("x.version", "1.0"), ("x2.version", "1.1"), ("x4.at", "9s")];
    let mut backwards = forwards;
    backwards.reverse();
    let (first, errors) = params::apply(&scenario(), &forwards);
    assert_eq!(errors, []);
    assert_eq!(params::apply(&scenario(), &backwards).0, first);
    let versions: Vec<_> = first.exchanges.iter().map(|x| x.request.version.to_string()).collect();
    assert_eq!(versions, ["HTTP/1.0", "HTTP/1.1", "HTTP/1.0", "HTTP/1.0"]);
}

#[test_everywhere(unsupported = test)]
fn what_differs_is_said_once() {
    let changes = [("server.idle timeout", "5"), ("x.version", "1.0"), ("x2-3.at", "7s")];
    let (other, _) = params::apply(&scenario(), &changes);
    let told: Vec<String> = params::diff(&scenario(), &other)
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    assert_eq!(told, ["server.idle timeout=5", "x.version=1.0", "x2-3.at=7s"]);
}

#[test_everywhere(unsupported = test)]
fn times_and_bandwidths_are_exact() {
    for (us, text) in [(0, "0s"), (1, "0.001ms"), (60_000, "60ms"), (2_133_421, "2.133421s")] {
        assert_eq!(write_time(Us(us)), text);
        assert_eq!(read_time(text), Some(Us(us)));
    }
    let readings = [("1.5min", 90_000_000), ("2h", 7_200_000_000), ("7us", 7), (".5s", 500_000)];
    for (text, us) in readings {
        assert_eq!(read_time(text), Some(Us(us)), "{text}");
    }
    for text in ["", ".", "s", "1.2.3s", "1 fortnight", "99999999999999999999s", "١s"] {
        assert_eq!(read_time(text), None, "{text}");
    }
    for bps in [1_000, 56_000, 1_544_000, 20_000_000, 1_234_567, 10_000_000_000] {
        assert_eq!(read_bandwidth(&write_bandwidth(Some(bps))), Some(Some(bps)));
    }
    for text in ["", "M", "1..2M", "1.2345M", "fast"] {
        assert_eq!(read_bandwidth(text), None, "{text}");
    }
}
