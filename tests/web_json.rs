//! The JSON functions as JavaScript calls them.
#![cfg(target_arch = "wasm32")]
use keepalive::embed::json::{exported, imported, judge, simulate};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// Runs a function on JSON text, and gives JSON text back.
fn through(function: impl Fn(JsValue) -> JsValue, question: &str) -> String {
    let question = js_sys::JSON::parse(question).expect("the test's own JSON");
    String::from(js_sys::JSON::stringify(&function(question)).expect("plain data"))
}

fn judged(question: &str) -> String {
    through(|value| judge(value.unchecked_ref()).into(), question)
}

fn simulated(question: &str) -> String {
    through(|value| simulate(value.unchecked_ref()).into(), question)
}

#[track_caller]
fn check(answer: &str, parts: &[&str]) {
    for part in parts {
        assert!(answer.contains(part), "{part} is not in {answer}");
    }
}

#[wasm_bindgen_test]
fn judge_answers_with_the_same_id() {
    let question = r#"{"id":{"a":[1]},"request":{"method":"GET","target":"/","version":"HTTP/1.0",
        "headers":[["Connection","keep-alive"]]}}"#;
    check(&judged(question), &[r#""persist":true"#, r#""id":{"a":[1]}"#, "http10-negotiated"]);
}

#[wasm_bindgen_test]
fn null_stays_null() {
    check(
        &judged(r#"{"id":null,"request":null,"response":null}"#),
        &[r#""who_closes":null"#, r#""id":null"#],
    );
}

#[wasm_bindgen_test]
fn an_unknown_key_is_named() {
    check(&judged(r#"{"id":7,"rol":"client"}"#), &[r#""kind":"input""#, "rol", r#""id":7"#]);
    check(&judged("[]"), &[r#""kind":"input""#]);
    check(&judged("5"), &[r#""kind":"input""#]);
}

#[wasm_bindgen_test]
fn simulate_runs_a_product() {
    let question = r#"{"id":"s1","server":{"product":"apache-httpd","version":"2.4","settings":{"KeepAliveTimeout":"2"}},
        "client":{"product":"script","settings":{}},"proxy":null,"network":{"rtt_ms":0,"tls":"none"},
        "exchanges":[{"at_ms":0,"request":{"method":"GET","target":"/","version":"HTTP/1.1",
        "headers":[["Host","a"]],"body_bytes":0,"trailing_crlf":false},
        "response":{"status":200,"content":{"known":5},"after_ms":0}}],"until_ms":5000}"#;
    check(
        &simulated(question),
        &[r#""outcome":"answered""#, r#""at_ms":2000"#, r#""by":"server""#, r#""how":"fin""#],
    );
}

#[wasm_bindgen_test]
fn simulate_names_what_it_does_not_know() {
    let question = r#"{"id":1,"server":{"product":"nonesuch"},"exchanges":[]}"#;
    check(&simulated(question), &[r#""kind":"input""#, "nonesuch"]);
}

fn json(value: &JsValue) -> String {
    String::from(js_sys::JSON::stringify(value).expect("plain data"))
}

#[wasm_bindgen_test]
fn files_are_exported() {
    let exported =
        |question: &str| through(|value| exported(value.unchecked_ref()).into(), question);
    let question = r#"{"product":"nginx","version":"","settings":{"keepalive_timeout":"7s"}}"#;
    check(
        &exported(question),
        &[r#"{"files":[{"file_name":"keepalive.conf""#, "    keepalive_timeout 7s;\\n", "nginx -t"],
    );
    check(
        &exported(r#"{"product":"textbook"}"#),
        &[r#"{"at":"product","problem":"Textbook server has no file"#],
    );
    check(&exported(r#"{"product":"nginx","setings":{}}"#), &["problem", "setings"]);
    check(&exported("5"), &["problem", "not an object"]);
}

#[wasm_bindgen_test]
fn files_are_imported() {
    let found = json(&imported("http {\n  keepalive_timeout 9s;\n  sendfile on;\n}\n"));
    assert_eq!(
        found,
        r#"{"chosen":{"product":"nginx","version":"","settings":{"keepalive_timeout":"9s"}},"#
            .to_owned()
            + r#""understood":[{"line":2,"text":"keepalive_timeout 9s;","note":"keepalive_timeout = 9s"}],"#
            + r#""ignored":[{"line":3,"text":"sendfile on;","note":"unknown here"}]}"#
    );
    check(&json(&imported("")), &[r#"{"chosen":null,"understood":[],"ignored":[]}"#]);
}
