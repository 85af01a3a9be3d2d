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
fn what_goes_wrong_on_the_path() {
    check("resumes", "yes", "1");
    check("slow-start", "1", "1");
    check("loss", "0.5%", "0.5%");
    check("loss", "100", "100%");
    check("loss", "0.0001 %", "0.0001%");
    check("forgets", "350s,reset", "350s,reset");
    check("forgets", "5min", "300s,dropped");
    check("forgets", "none", "none");
    check("probes", "2h", "7200s");
    check("probes", "none", "none");
    check("ports", "28232", "28232");
    check("ports", "none", "none");
    wrong("resumes", "2", "resumes: 1 or 0 is wanted");
    wrong("slow-start", "", "slow-start: 1 or 0 is wanted");
    let loss = "loss: a share is wanted, 0% to 100%, such as 0.5%";
    for value in ["100.1%", "-1%", "0.00001%", "NaN", "%", "", "1e2"] {
        wrong("loss", value, loss);
    }
    wrong("forgets", "5s,eaten", "forgets: dropped or reset is wanted behind the time");
    wrong("forgets", "soon", "forgets: a time is wanted, such as 60ms or 5s, up to 24h");
    wrong("probes", "0s", "probes: more than 0");
    let ports = "ports: a number of ports is wanted, 1 to 65535, or none";
    for value in ["0", "65536", "-1", "many"] {
        wrong("ports", value, ports);
    }
}

#[test_everywhere(unsupported = test)]
fn who_takes_part_how_often_and_what_goes_wrong() {
    check("clients", "10000", "10000");
    check("origins", "16", "16");
    check("load", "every:0.1s", "every:100ms");
    check("load", "poisson:20", "poisson:20ms");
    check("load", "gaps:0s,2s,2s,90s", "gaps:0s,2s,2s,90s");
    check("load", "none", "none");
    check("faults", "restart:5s", "restart:5s,graceful");
    check("faults", "restart:5s,abrupt;address:10s", "restart:5s,abrupt;address:10s");
    check("faults", "none", "none");
    for word in ["never", "reset-before", "reset-after", "early", "no"] {
        check("x2.breaks", word, word);
    }
    for value in ["0", "10001", "1.5", "-1", "NaN"] {
        wrong("clients", value, "clients: a whole number is wanted, 1 to 10000");
    }
    wrong("origins", "17", "origins: a whole number is wanted, 1 to 16");
    wrong("load", "often", "load: every:, poisson: or gaps: with times is wanted, or none");
    wrong("load", "every:25h", "load: a time is wanted, such as 60ms or 5s, up to 24h");
    wrong("load", "gaps:", "load: a time is wanted, such as 60ms or 5s, up to 24h");
    wrong("load", "gaps:2s,1s", "load: the quantiles have to rise");
    let many = "address:1s;".repeat(200) + "address:1s";
    wrong("faults", &many, "faults: at most 200 can stand here");
    wrong("load", &("gaps:0s".to_owned() + &",1s".repeat(200)), "load: at most 200 can stand here");
    let first = "there is no load: give it arrivals with load first";
    wrong("load.count", "5", &format!("load.count: {first}"));
    wrong("load.service", "planned", &format!("load.service: {first}"));
    let faults = "restart:TIME,graceful, restart:TIME,abrupt or address:TIME is wanted, or none";
    wrong("faults", "restart:5s,soon", &format!("faults: {faults}"));
    wrong("faults", "quake:5s", &format!("faults: {faults}"));
    wrong("faults", "restart", "faults: a time is wanted, such as 60ms or 5s, up to 24h");
    let breaks = "x2.breaks: never, reset-before, reset-after, early or no is wanted";
    wrong("x2.breaks", "often", breaks);
}

#[test_everywhere(unsupported = test)]
fn a_load_has_rounds_and_a_service() {
    let mut with = scenario();
    for (key, value) in [("load", "every:1s"), ("load.count", "7"), ("load.service", "exponential")]
    {
        params::set(&mut with, key, value).expect("sound");
        assert_eq!(params::get(&with, key).as_deref(), Some(value));
    }
    let before = with.clone();
    for (key, value) in [("load.count", "0"), ("load.count", "1000001"), ("load.service", "slow")] {
        params::set(&mut with, key, value).expect_err("cannot be");
        assert_eq!(with, before, "{key}={value}");
    }
    params::set(&mut with, "load", "poisson:2s").expect("sound");
    assert_eq!(params::get(&with, "load.count").as_deref(), Some("7"), "only the arrivals change");
}

#[test_everywhere(unsupported = test)]
fn a_proxy_has_a_path_of_its_own() {
    check("proxy", "textbook@rfc9112", "textbook@rfc9112");
    check("proxy", "none", "none");
    let absent = "there is no proxy: give it a product with proxy first";
    for key in ["proxy.rtt", "proxy.tls", "proxy.persistence"] {
        wrong(key, "1", &format!("{key}: {absent}"));
    }
    wrong("proxy", "browser", "proxy: no proxy called \"browser\" is known here");
    wrong("proxy", "iis", "proxy: iis is no proxy here");
    let mut with = scenario();
    params::set(&mut with, "proxy", "textbook").expect("sound");
    let near = with.clone();
    let path = [("rtt", "5ms"), ("tls", "1.2"), ("resumes", "1"), ("bandwidth", "1Gbit")];
    let rest = [("slow-start", "1"), ("loss", "1%"), ("forgets", "4s,reset"), ("ports", "3")];
    for (name, value) in path.into_iter().chain(rest).chain([("probes", "9s")]) {
        let key = format!("proxy.{name}");
        params::set(&mut with, &key, value).expect("sound");
        assert_eq!(params::get(&with, &key).as_deref(), Some(value), "{key}");
        assert_ne!(params::get(&with, name).as_deref(), Some(value), "{name} is the client's path");
    }
    params::set(&mut with, "proxy.ports", "0").expect_err("no port at all");
    params::set(&mut with, "proxy", "none").expect("sound");
    assert_eq!(with, scenario(), "its path goes with it");
    assert_ne!(near, scenario());
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
