//! The JSON functions on the shapes of the contract.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::contract::judge::judge;
use keepalive::contract::keys::{self, Keys};
use keepalive::contract::products::products;
use keepalive::contract::simulate::simulate;
use keepalive::contract::{JudgeQuestion, SimulateQuestion};
use keepalive::protocol::policy::{CHOICES, NAMES};
use keepalive::protocol::{Cause, Policy};
use serde_json::{Value, json};

fn judged(question: Value) -> Value {
    let question: JudgeQuestion = serde_json::from_value(question).expect("a question");
    serde_json::to_value(judge(question).expect("an answer")).expect("JSON")
}

fn judge_error(question: Value) -> String {
    match serde_json::from_value::<JudgeQuestion>(question) {
        Err(error) => error.to_string(),
        Ok(question) => judge(question).expect_err("an error").detail,
    }
}

fn simulated(question: Value) -> Value {
    let question: SimulateQuestion = serde_json::from_value(question).expect("a question");
    serde_json::to_value(simulate(question).expect("an answer")).expect("JSON")
}

fn simulate_error(question: Value) -> String {
    match serde_json::from_value::<SimulateQuestion>(question) {
        Err(error) => error.to_string(),
        Ok(question) => simulate(question).expect_err("an error").detail,
    }
}

/// The textbook server with one setting, one exchange, and whatever else is put over it.
fn scenario(over: Value) -> Value {
    let mut scenario = json!({
        "server": {"product": "textbook", "version": "", "settings": {"idle timeout": "2"}},
        "client": {"product": "script", "settings": {}},
        "proxy": null,
        "network": {"rtt_ms": 0, "tls": "none"},
        "exchanges": [exchange(json!({}))],
        "until_ms": 5000,
    });
    put_over(&mut scenario, over);
    scenario
}

fn exchange(over: Value) -> Value {
    let mut exchange = json!({
        "at_ms": 0,
        "request": {"method": "GET", "target": "/", "version": "HTTP/1.1", "headers": [["Host", "a"]],
            "body_bytes": 0, "trailing_crlf": false},
        "response": {"status": 200, "content": {"known": 5}, "after_ms": 0},
    });
    put_over(&mut exchange, over);
    exchange
}

fn put_over(value: &mut Value, over: Value) {
    let (Value::Object(value), Value::Object(over)) = (value, over) else { return };
    for (key, over) in over {
        value.insert(key, over);
    }
}

#[test]
fn the_example_of_the_contract() {
    let answer = judged(json!({
        "role": "server",
        "request": {"method": "GET", "target": "/", "version": "HTTP/1.0",
            "headers": [["Connection", "keep-alive"]]},
        "response": {"version": "HTTP/1.1", "status": 200,
            "headers": [["Connection", "keep-alive"], ["Content-Length", "5"]]},
    }));
    assert_eq!(answer["persist"], json!(true));
    assert_eq!(answer["switched"], json!(false));
    assert_eq!(answer["framing"], json!({"request": "none", "response": "content-length"}));
    assert_eq!(
        answer["because"][0],
        json!({"rule": "http10-negotiated", "fact": "request and response both carry keep-alive",
            "clause": "RFC 9112 §9.3", "strength": "MAY"})
    );
    assert_eq!(answer["because"][1]["rule"], json!("length-known"));
    assert_eq!(answer["who_closes"], Value::Null);
    assert_eq!(answer["notes"][0]["rule"], json!("http10-extension"));
    assert_eq!(answer["notes"][0]["clause"], json!("RFC 2068 §19.7.1"));
    let mut keys: Vec<_> =
        answer.as_object().map(|answer| answer.keys().cloned().collect()).unwrap_or_default();
    keys.sort();
    assert_eq!(keys, ["because", "framing", "notes", "persist", "switched", "who_closes"]);
}

#[test]
fn everything_may_be_left_out_or_null() {
    for question in [
        json!({}),
        json!({"role": "client"}),
        json!({"request": null, "response": null, "policy": null}),
        json!({"policy": {}}),
        json!({"request": {}, "response": null}),
    ] {
        assert_eq!(judged(question)["because"][0]["rule"], json!("http11-default"));
    }
}

#[test]
fn roles_and_policies_are_read() {
    let asks = json!({"method": "GET", "target": "/", "version": "HTTP/1.0", "headers": [["Connection", "keep-alive"]]});
    for (role, persist) in
        [("server", true), ("client", true), ("proxy", false), ("proxy-upstream", true)]
    {
        let answer = judged(json!({"role": role, "request": asks}));
        assert_eq!(answer["persist"], json!(persist), "{role}");
    }
    let answer = judged(
        json!({"request": asks, "policy": {"honour_http10_keep_alive": false, "drain_unread_body": true}}),
    );
    assert_eq!(answer["because"][0]["rule"], json!("http10-not-honoured"));
    assert_eq!(answer["who_closes"], json!("server"));
}

#[test]
fn every_choice_can_be_set() {
    let mut policy = Policy::default();
    for (choice, name) in CHOICES.iter().zip(NAMES) {
        assert_eq!(choice.name, *name);
        assert_eq!(policy.choice_mut(name).copied(), Some(choice.default), "{name}");
        assert!(choice.meaning.ends_with('.') && !choice.meaning.starts_with(' '), "{name}");
        judged(json!({"policy": {*name: !choice.default}}));
    }
    assert_eq!(policy.choice_mut("nonsense"), None);
}

#[test]
fn the_readme_lists_every_choice() {
    let readme = include_str!("../README.md");
    for choice in CHOICES {
        let row = format!("| `{}` | {} | {} |", choice.name, choice.default, choice.meaning);
        assert!(readme.contains(&row), "missing: {row}");
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    let cases = [
        (json!({"rôle": "server"}), "unknown field `rôle`"),
        (json!({"role": "origin"}), "unknown variant `origin`"),
        (json!({"request": {"metod": "GET"}}), "unknown field `metod`"),
        (json!({"request": "GET / HTTP/1.1"}), "expected struct"),
        (json!({"request": {"headers": [["Host"]]}}), "invalid length 1"),
        (json!({"request": {"headers": [["Host", 1]]}}), "expected a string"),
        (json!({"request": {"headers": {"Host": "a"}}}), "expected a sequence"),
        (json!({"response": {"status": 99}}), "response.status: 99"),
        (json!({"response": {"status": 1000}}), "response.status: 1000"),
        (json!({"response": {"status": "200"}}), "expected u16"),
        (json!({"response": {"reason": "OK"}}), "unknown field `reason`"),
        (json!({"policy": {"drain": true}}), "unknown field `drain`"),
        (json!({"policy": {"drain_unread_body": 1}}), "expected a boolean"),
        (json!({"policy": []}), "an object of choices"),
    ];
    for (question, expected) in cases {
        let error = judge_error(question.clone());
        assert!(error.contains(expected), "{question}: {error}");
    }
}

/// The list of keys for JavaScript is the one that serde reads off the structs.
#[test]
fn the_list_of_keys_is_that_of_the_structs() {
    fn check(place: &[&str], keys: &Keys, error: &dyn Fn(Value) -> String) {
        let mut question = json!({"no such key": 1});
        for key in place.iter().rev() {
            question = match *key {
                "[]" => json!([question]),
                key => json!({key: question}),
            };
        }
        let error_here = error(question.clone());
        assert!(error_here.contains(&keys.unknown("no such key")), "{question}: {error_here}");
        for (name, inner) in keys.inner {
            let list: &[&str] = if *name == "exchanges" { &["[]"] } else { &[] };
            check(&[place, &[name], list].concat(), inner, error);
        }
    }
    check(&[], &keys::JUDGE, &judge_error);
    check(&[], &keys::SIMULATE, &simulate_error);
}

#[test]
fn malformed_messages_are_judged() {
    let answer =
        judged(json!({"request": {"version": "HTTP/x", "headers": [["A b", "\u{0}"], ["", ""]]}}));
    assert_eq!(answer["persist"], json!(false));
    assert_eq!(answer["because"][0]["rule"], json!("malformed-version"));
    assert_eq!(answer["framing"]["request"], json!("none"));
}

#[test]
fn a_run_has_the_shape_of_the_contract() {
    let answer = simulated(scenario(json!({})));
    let exchange = &answer["exchanges"][0];
    assert_eq!(exchange["index"], json!(0));
    assert_eq!(exchange["connection"], json!(1));
    assert_eq!(exchange["outcome"], json!("answered"));
    assert_eq!(
        exchange["response"],
        json!({"version": "HTTP/1.1", "status": 200, "headers": [["Content-Length", "5"]]})
    );
    assert_eq!(exchange["persist"], json!(true));
    assert_eq!(exchange["because"][0]["rule"], json!("http11-default"));
    let connection = &answer["connections"][0];
    assert_eq!(connection["connection"], json!(1));
    assert_eq!(connection["opened_ms"], json!(0));
    assert_eq!(connection["exchanges"], json!([0]));
    assert_eq!(connection["closed"]["at_ms"], json!(2000));
    assert_eq!(connection["closed"]["by"], json!("server"));
    assert_eq!(connection["closed"]["how"], json!("fin"));
    assert_eq!(connection["closed"]["because"][0]["rule"], json!("idle-timeout"));
}

#[test]
fn times_are_whole_numbers_or_fractions() {
    let late = |at_ms: f64| scenario(json!({"exchanges": [exchange(json!({"at_ms": at_ms}))]}));
    assert_eq!(simulated(late(0.5))["connections"][0]["opened_ms"], json!(0.5));
    assert_eq!(simulated(late(0.5))["connections"][0]["closed"]["at_ms"], json!(2000.5));
    assert_eq!(simulated(late(1.0))["connections"][0]["opened_ms"].to_string(), "1");
    assert_eq!(simulated(late(2.0004))["connections"][0]["opened_ms"].to_string(), "2");
}

#[test]
fn a_connection_that_is_still_open_is_not_closed() {
    let answer = simulated(scenario(json!({"until_ms": 1000})));
    assert_eq!(answer["connections"][0]["closed"], Value::Null);
    let late = exchange(
        json!({"at_ms": 900, "response": {"status": 200, "content": "empty", "after_ms": 500}}),
    );
    let answer = simulated(scenario(json!({"until_ms": 1000, "exchanges": [late]})));
    assert_eq!(answer["exchanges"][0]["outcome"], json!("unanswered"));
    assert_eq!(answer["exchanges"][0]["response"], Value::Null);
    assert_eq!(answer["exchanges"][0]["persist"], json!(false));
    assert_eq!(answer["exchanges"][0]["because"], json!([]));
}

#[test]
fn content_becomes_framing() {
    let header = |version: &str, content: Value| {
        let request =
            json!({"method": "GET", "target": "/", "version": version, "headers": [["Host", "a"]]});
        let response = json!({"status": 200, "content": content});
        let exchange = exchange(json!({"request": request, "response": response}));
        simulated(scenario(json!({"exchanges": [exchange]})))["exchanges"][0]["response"]["headers"]
            [0]
        .clone()
    };
    assert_eq!(header("HTTP/1.1", json!({"known": 7})), json!(["Content-Length", "7"]));
    assert_eq!(header("HTTP/1.1", json!({"streamed": 7})), json!(["Transfer-Encoding", "chunked"]));
    assert_eq!(header("HTTP/1.1", json!("empty")), json!(["Content-Length", "0"]));
    assert_eq!(header("HTTP/1.0", json!({"streamed": 7})), json!(["Connection", "close"]));
}

#[test]
fn the_network_is_read() {
    let opened = |network: Value| {
        let answer = simulated(scenario(json!({"network": network})));
        answer["connections"][0]["closed"]["at_ms"].clone()
    };
    assert_eq!(opened(json!({"rtt_ms": 100})), json!(2150));
    assert_eq!(opened(json!({"rtt_ms": 100, "tls": "1.3"})), json!(2250));
    assert_eq!(opened(json!({"rtt_ms": 100, "tls": "1.2", "bandwidth_mbit": null})), json!(2350));
    assert_eq!(opened(Value::Null), json!(2000));
    let slow = opened(json!({"bandwidth_mbit": 0.001}));
    assert!(slow.as_f64() > Some(2000.0), "{slow}");
}

#[test]
fn settings_are_read_leniently() {
    for value in [json!("3"), json!(3), json!("3s"), json!("3000ms")] {
        let server =
            json!({"product": "textbook", "version": null, "settings": {"idle timeout": value}});
        let answer = simulated(scenario(json!({"server": server})));
        assert_eq!(answer["connections"][0]["closed"]["at_ms"], json!(3000), "{value}");
    }
    for value in [json!("off"), json!(false)] {
        let server = json!({"product": "textbook", "settings": {"persistence": value}});
        let answer = simulated(scenario(json!({"server": server})));
        assert_eq!(answer["exchanges"][0]["persist"], json!(false), "{value}");
    }
    let server =
        json!({"product": "apache-httpd", "settings": {"KeepAlive": true, "KeepAliveTimeout": 1}});
    let answer = simulated(scenario(json!({"server": server, "client": null})));
    assert_eq!(answer["exchanges"][0]["persist"], json!(true));
}

#[test]
fn what_is_wrong_with_a_scenario_is_named() {
    let cases = [
        (json!({"exchange": []}), "unknown field `exchange`"),
        (json!({"server": {"product": "netscape"}}), "server.product: no product \"netscape\""),
        (json!({"server": {"product": "textbook", "version": "1"}}), "server.version"),
        (
            json!({"server": {"product": "textbook", "settings": {"KeepAlive": "On"}}}),
            "server.KeepAlive",
        ),
        (
            json!({"server": {"product": "textbook", "settings": {"idle timeout": "soon"}}}),
            "server.idle timeout",
        ),
        (
            json!({"server": {"product": "textbook", "settings": {"idle timeout": -1}}}),
            "server.idle timeout",
        ),
        (json!({"server": {"product": "textbook", "setting": {}}}), "unknown field `setting`"),
        (json!({"server": {"product": "script"}}), "server.product"),
        (json!({"client": {"product": "textbook"}}), "client.product"),
        (json!({"proxy": {"product": "java-httpserver"}}), "proxy.product: java-httpserver is no"),
        (json!({"proxy": {"product": "curl"}}), "proxy.product: curl is a client"),
        (json!({"proxy": {"product": "textbook", "clients": 0}}), "clients: 0 is not between 1"),
        (
            json!({"proxy": {"product": "textbook", "network": {"tls": "9"}}}),
            "proxy.network.tls: \"9\" is none",
        ),
        (json!({"network": {"rtt_ms": -1}}), "network.rtt_ms"),
        (json!({"network": {"rtt_ms": 1e300}}), "network.rtt_ms"),
        (json!({"network": {"tls": "1.1"}}), "network.tls"),
        (json!({"network": {"bandwidth_mbit": 0}}), "network.bandwidth_mbit"),
        (json!({"network": {"latency": 1}}), "unknown field `latency`"),
        (json!({"until_ms": -5}), "until_ms"),
        (json!({"exchanges": [exchange(json!({"at_ms": -5}))]}), "exchanges[0].at_ms"),
        (
            json!({"exchanges": [exchange(json!({"response": {"status": 42}}))]}),
            "exchanges[0].response.status",
        ),
        (
            json!({"exchanges": [exchange(json!({"response": {"content": {"known": -1}}}))]}),
            "invalid value",
        ),
        (
            json!({"exchanges": [exchange(json!({"response": {"content": {"known": u64::MAX}}}))]}),
            "exchanges[0].response.content",
        ),
        (
            json!({"exchanges": [exchange(json!({"response": {"content": "big"}}))]}),
            "unknown variant `big`",
        ),
        (
            json!({"exchanges": [exchange(json!({"request": {"body_bytes": u64::MAX}}))]}),
            "exchanges[0].request.body_bytes",
        ),
        (
            json!({"exchanges": [exchange(json!({"request": {"target": "/\r\nX: y"}}))]}),
            "exchanges[0].request: a line break",
        ),
        (
            json!({"exchanges": [exchange(json!({"request": {"headers": [["A", "b\r\nC: d"]]}}))]}),
            "exchanges[0].request.headers",
        ),
        (
            json!({"exchanges": [exchange(json!({"request": {"headers": [["A\n", "b"]]}}))]}),
            "exchanges[0].request.headers",
        ),
    ];
    for (over, expected) in cases {
        let error = simulate_error(scenario(over.clone()));
        assert!(error.contains(expected), "{over}: {error}");
    }
    assert!(simulate_error(json!({"exchanges": []})).contains("missing field `server`"));
    assert!(
        simulate_error(json!({"server": {"product": "textbook"}}))
            .contains("missing field `exchanges`")
    );
}

#[test]
fn malformed_requests_are_sent() {
    for headers in [
        json!([["Host ", "a"]]),
        json!([]),
        json!([["Host", "a"], ["A", "b\r\n c"]]),
        json!([["", "b"]]),
    ] {
        let request = json!({"headers": headers});
        let answer =
            simulated(scenario(json!({"exchanges": [exchange(json!({"request": request}))]})));
        assert_eq!(answer["exchanges"][0]["outcome"], json!("answered"), "{headers}");
    }
}

#[test]
fn products_say_everything_about_their_settings() {
    let products = products();
    for product in &products {
        assert!(
            !product.versions.is_empty() && product.source.url.starts_with("https://"),
            "{}",
            product.id
        );
        for setting in &product.settings {
            let name = format!("{} {}", product.id, setting.name);
            assert!(!setting.versions.is_empty(), "{name}");
            let by_version: usize =
                setting.defaults.iter().map(|default| default.versions.len()).sum();
            assert_eq!(by_version, setting.versions.len(), "{name}: each version has one default");
            assert!(
                setting.defaults.iter().all(|default| default.source.url.starts_with("http")),
                "{name}"
            );
            assert_eq!(setting.min.is_some(), matches!(setting.kind, "number" | "time"), "{name}");
        }
    }
    let first_client = products.iter().position(|product| product.role == "client");
    let last_server = products.iter().rposition(|product| product.role == "server");
    assert!(last_server < first_client, "servers come first");
}

#[test]
fn ids_of_rules_are_stable_words() {
    for cause in Cause::ALL {
        let id = cause.rule().id;
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
    }
}
