//! The command line: one line out for each line in.
#![cfg(not(target_arch = "wasm32"))]

use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Output, Stdio};

fn start(arguments: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_keepalive"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts")
}

fn run(arguments: &[&str], input: &str) -> Output {
    let mut child = start(arguments);
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stdin.write_all(input.as_bytes())));
    let output = child.wait_with_output().expect("an end");
    writer.join().expect("written");
    output
}

fn lines(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn ids_come_back_as_they_were() {
    let ids = [r#""a1""#, "7", "-1.5", "null", "[1,2]", r#"{"x":1}"#, "true", r#""""#];
    let input: String = ids.iter().map(|id| format!("{{\"id\":{id}}}\n")).collect();
    let output = run(&["judge"], &input);
    assert!(output.status.success());
    let found: Vec<String> = lines(&output).iter().map(|line| line["id"].to_string()).collect();
    assert_eq!(found, ids);
}

#[test]
fn a_bad_line_is_answered_and_the_rest_goes_on() {
    let input = "{\"id\":1}\nnonsense\n{\"id\":2,\"rolle\":1}\n[1]\n\n   \n{\"id\":3}\r\n{\"id\":4";
    let output = run(&["judge"], input);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let gist: Vec<_> = lines
        .iter()
        .map(|line| (line["id"].to_string(), line["error"]["kind"].as_str() == Some("input")))
        .collect();
    let expected =
        [("1", false), ("null", true), ("2", true), ("null", true), ("3", false), ("null", true)];
    assert_eq!(gist, expected.map(|(id, wrong)| (id.to_owned(), wrong)));
    assert!(lines[2]["error"]["detail"].as_str().is_some_and(|detail| detail.contains("rolle")));
}

#[test]
fn bytes_that_are_no_text_are_answered() {
    let mut child = start(&["judge"]);
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"{\"id\":\"\xff\"}\n{\"id\":1}\n").expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("an end");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines(&output)[1]["id"], Value::from(1));
}

#[test]
fn ten_thousand_lines_stay_in_order() {
    let line = |id: usize| {
        format!(
            "{{\"id\":{id},\"request\":{{\"method\":\"GET\",\"target\":\"/\",\"version\":\"HTTP/1.0\",\"headers\":[]}}}}\n"
        )
    };
    let input: String = (0..10_000).map(line).collect();
    let output = run(&["judge"], &input);
    assert!(output.status.success());
    let ids = lines(&output).into_iter().map(|line| line["id"].as_u64());
    assert!(ids.eq((0..10_000).map(Some)));
}

#[test]
fn a_reader_that_asks_line_by_line_gets_its_answer() {
    let mut child = start(&["judge"]);
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
    for id in 0..3 {
        stdin.write_all(format!("{{\"id\":{id}}}\n").as_bytes()).expect("written");
        let mut line = String::new();
        stdout.read_line(&mut line).expect("an answer");
        assert!(line.starts_with(&format!("{{\"id\":{id},")), "{line}");
    }
    drop(stdin);
    assert!(child.wait().expect("an end").success());
}

#[test]
fn a_closed_pipe_is_no_error() {
    let mut child = start(&["judge"]);
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().expect("a pipe");
    let writer = std::thread::spawn(move || {
        for _ in 0..100_000 {
            if stdin.write_all(b"{\"id\":1}\n").is_err() {
                break;
            }
        }
    });
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
    assert!(child.wait().expect("an end").success());
    assert_eq!(said, "");
    writer.join().expect("written");
}

#[test]
fn simulate_answers_with_its_shape() {
    let input = r#"{"id":"s1","server":{"product":"textbook","settings":{"idle timeout":2}},"exchanges":[{"at_ms":0,"request":{"method":"GET","target":"/","version":"HTTP/1.1","headers":[["Host","a"]]},"response":{"status":200,"content":{"known":5},"after_ms":0}}],"until_ms":5000}"#;
    let output = run(&["simulate"], input);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with(r#"{"id":"s1","exchanges":[{"index":0,"connection":1,"outcome":"answered","response":{"version":"HTTP/1.1","status":200,"headers":[["Content-Length","5"]]},"persist":true,"#), "{text}");
    assert!(text.contains(r#""connections":[{"connection":1,"opened_ms":0,"exchanges":[0],"closed":{"at_ms":2000,"by":"server","how":"fin","#), "{text}");
    assert!(text.ends_with("}\n"));
}

#[test]
fn a_figure_is_one_svg_file() {
    for arguments in [&["figure"][..], &["figure", "--width", "600", "--look", "dark"]] {
        let output = run(arguments, "");
        assert!(output.status.success(), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.contains("<svg") && text.trim_end().ends_with("</svg>"), "{arguments:?}");
    }
    for wrong in [&["figure", "--width", "9"][..], &["figure", "--look"], &["figure", "--x"]] {
        let output = run(wrong, "");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(output.stdout.is_empty(), "{wrong:?}");
    }
    let output = run(&["figure", "no-such-scenario"], "");
    assert_eq!(
        output.status.code(),
        Some(1),
        "what is wrong with a link is said, and the rest is drawn"
    );
}

#[test]
fn words_for_people() {
    let help = run(&["--help"], "");
    let text = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(
        help.status.success()
            && text.contains("keepalive judge")
            && text.contains("drain_unread_body = true")
    );
    let version = run(&["--version"], "");
    assert_eq!(
        String::from_utf8_lossy(&version.stdout),
        format!("keepalive {}\n", keepalive::VERSION)
    );
    let listed = run(&["products"], "");
    assert!(String::from_utf8_lossy(&listed.stdout).contains("textbook"));
    let listed: Value =
        serde_json::from_slice(&run(&["products", "--json"], "").stdout).expect("JSON");
    assert_eq!(listed[0]["id"], Value::from("textbook"));
    for wrong in [&[][..], &["juge"], &["judge", "x"], &["products", "--yaml"]] {
        let output = run(wrong, "");
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("usage"), "{wrong:?}");
    }
}
