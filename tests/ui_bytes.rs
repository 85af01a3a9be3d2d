//! Which bytes decided: the lines of the composer, the deciding part between brackets.
use keepalive::ui::bytes::{Line, request_lines, response_lines};
use keepalive::ui::state::Model;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn text(lines: &[Line]) -> String {
    let line = |line: &Line| match line.decides.as_str() {
        "" => line.before.clone(),
        decides => format!("{}[{decides}]{}", line.before, line.after),
    };
    lines.iter().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn check(link: &str, request: &str, response: &str) {
    let model = Model::new(link);
    assert_eq!(model.notices, Vec::<String>::new());
    let timeline = model.show.main().and_then(|run| run.timeline()).expect("it runs");
    let exchange = &timeline.exchanges[0];
    let answer = exchange.answer.as_deref().expect("it is answered");
    assert_eq!(text(&request_lines(&exchange.request, Some(answer))), request);
    assert_eq!(text(&response_lines(&exchange.request, answer)), response);
}

#[test_everywhere(unsupported = test)]
fn the_version_and_the_length() {
    check(
        "scenario=none&x1=GET /&x1.headers=Host:a",
        "GET / [HTTP/1.1] | Host: a",
        "[HTTP/1.1] 200 OK | [Content-Length: 5]",
    );
    check(
        "scenario=none&x1=GET /&x1.headers=Host:a&x1.content=streamed:9",
        "GET / [HTTP/1.1] | Host: a",
        "[HTTP/1.1] 200 OK | [Transfer-Encoding: chunked]",
    );
}

#[test_everywhere(unsupported = test)]
fn a_close_decides_alone() {
    check(
        "scenario=none&x1=GET /&x1.headers=Host:a;Connection:close",
        "GET / HTTP/1.1 | Host: a | [Connection: close]",
        "HTTP/1.1 200 OK | Content-Length: 5 | Connection: close",
    );
    check(
        "scenario=none&x1=GET /&x1.headers=Host:a&server.persistence=off",
        "GET / HTTP/1.1 | Host: a",
        "HTTP/1.1 200 OK | Content-Length: 5 | [Connection: close]",
    );
}

#[test_everywhere(unsupported = test)]
fn what_cannot_be_read() {
    check(
        "scenario=none&x1=GET /&x1.headers=Host:a;Connection~20:close",
        "GET / HTTP/1.1 | Host: a | [Connection : close]",
        "HTTP/1.1 400 Bad Request | Content-Length: 0 | [Connection: close]",
    );
}

#[test_everywhere(unsupported = test)]
fn older_versions() {
    check(
        "scenario=none&x1=GET / 1.0&x1.headers=Connection:keep-alive",
        "GET / HTTP/1.0 | [Connection: keep-alive]",
        "[HTTP/1.1] 200 OK | [Content-Length: 5] | [Connection: keep-alive]",
    );
    check(
        "scenario=none&x1=GET / 1.0&x1.headers=Host:a",
        "GET / [HTTP/1.0] | Host: a",
        "HTTP/1.1 200 OK | Content-Length: 5 | [Connection: close]",
    );
    check("scenario=none&x1=GET / 0.9&x1.headers=Host:a", "[GET /]", "");
}
