//! The two HTTP clients that come with Java: what they make of an answer, which connection a request
//! takes, and when they close. What is expected here was measured on 17.0.15 and 25.0.3.
mod profiles;

use keepalive::profile::{Answer, App, ClientAfter, ClientRule, ClientSees, Config, MakeRule};
use keepalive::protocol::{Response, Version, framing};
use keepalive::sim::{CloseHow, Outcome, Planned, Scenario, Side, Start, Timeline, Us, run};
use profiles::{app, chosen, headers, request, seen, server};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn client(text: &str) -> Box<dyn ClientRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Client(make) => make(&config).expect("the settings are right"),
        MakeRule::Server(_) => panic!("a server"),
    }
}

/// What a client makes of an answer with this head: `keep 5 s`, `close: rule`, `await close`.
#[track_caller]
fn check(product: &str, method: &str, answered: &str, expected: &str) {
    let request = request(&format!("{method} / HTTP/1.1 | Host: a"));
    let mut lines = answered.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let response = Response {
        version: Version::parse(start[0]),
        status: start[1].parse().expect("a status"),
        headers: headers(lines),
    };
    let template = app("200 known 5");
    let textbook = server("textbook").answer(&seen(&request, &template));
    let framing = framing::response(&response, method);
    let answer = Answer { response, framing, ..textbook };
    let rule = client(product);
    let told = match rule.after(&ClientSees { request: &request, answer: &answer }) {
        ClientAfter::Keep { idle_limit: Some(limit) } => format!("keep {} s", limit.as_secs()),
        ClientAfter::Keep { idle_limit: None } => "keep".into(),
        ClientAfter::Close(reason) => format!("close: {}", reason.rule),
        ClientAfter::AwaitClose => "await close".into(),
    };
    assert_eq!(told, expected, "{product}: {answered}");
}

const URL: &str = "java-httpurlconnection 17";
const NET: &str = "java-net-http 17";

#[test_everywhere(unsupported = test)]
fn to_urlconnection_every_word_but_keep_alive_is_close() {
    let five = |fields: &str, expected: &str| {
        check(URL, "GET", &format!("HTTP/1.1 200 | Content-Length: 5{fields}"), expected);
    };
    five("", "keep 5 s");
    five(" | Connection: Keep-Alive", "keep 5 s");
    five(" | Connection: close", "close: close-in-response");
    for text in ["foo", "", "Upgrade", "keep-alive, x", "Upgrade, keep-alive"] {
        five(&format!(" | Connection: {text}"), "close: connection-not-keep-alive");
    }
    five(" | Connection: keep-alive | Connection: close", "close: close-in-response");
    five(" | Connection: close | Connection: keep-alive", "keep 5 s");
}

#[test_everywhere(unsupported = test)]
fn urlconnection_takes_hints_only_beside_keep_alive() {
    let hint = |fields: &str, expected: &str| {
        check(URL, "GET", &format!("HTTP/1.1 200 | Content-Length: 5 | {fields}"), expected);
    };
    hint("Connection: keep-alive | Keep-Alive: timeout=9, max=100", "keep 9 s");
    hint("Connection: keep-alive | Keep-Alive: timeout=0", "keep 0 s");
    hint("Connection: keep-alive | Keep-Alive: timeout=x", "keep 5 s");
    hint("Connection: keep-alive | Keep-Alive: timeout=9, max=1", "close: max-in-response");
    hint("Connection: keep-alive | Keep-Alive: max=0", "close: max-in-response");
    hint("Connection: keep-alive | Keep-Alive: max=-1", "keep 5 s");
    hint("Connection: keep-alive | Keep-Alive: max=2", "keep 5 s");
    hint("Keep-Alive: timeout=9, max=1", "keep 5 s");
}

#[test_everywhere(unsupported = test)]
fn urlconnection_and_the_rest_of_the_answer() {
    check(URL, "GET", "HTTP/1.0 200 | Content-Length: 5", "close: http10-not-confirmed");
    check(URL, "GET", "HTTP/1.0 200 | Content-Length: 5 | Connection: keep-alive", "keep 5 s");
    let chunked = "Transfer-Encoding: chunked | Connection: keep-alive";
    check(URL, "GET", &format!("HTTP/1.0 200 | {chunked}"), "keep 5 s");
    check(URL, "GET", "HTTP/1.2 200 | Content-Length: 5", "keep 5 s");
    check(URL, "GET", "HTTP/2.0 200 | Content-Length: 5", "close: response-not-http1");
    check(URL, "GET", "HTTP/1.1 200", "await close");
    check(URL, "GET", "HTTP/1.1 200 | Content-Length: x", "await close");
    check(URL, "HEAD", "HTTP/1.1 200", "keep 5 s");
    check(URL, "GET", "HTTP/1.1 204", "keep 5 s");
    check(URL, "GET", "HTTP/1.1 304", "keep 5 s");
    check(URL, "GET", "HTTP/1.1 404 | Content-Length: 5", "keep 5 s");
}

#[test_everywhere(unsupported = test)]
fn settings_of_urlconnection() {
    let plain = "HTTP/1.1 200 | Content-Length: 5";
    let with = |setting: &str, answered: &str, expected: &str| {
        check(&format!("{URL}; {setting}"), "GET", answered, expected);
    };
    with("http.keepAlive = false", plain, "close: keep-alive-off");
    with("http.keepAlive.time.server = 2", plain, "keep 2 s");
    let hint = "HTTP/1.1 200 | Content-Length: 5 | Connection: keep-alive | Keep-Alive: timeout=9";
    with("http.keepAlive.time.server = 2", hint, "keep 9 s");
    let error = "HTTP/1.1 500 | Content-Length: 5";
    with("sun.net.http.errorstream.enableBuffering = true", error, "keep 5 s");
    with("sun.net.http.errorstream.enableBuffering = false", error, "await close");
    with("sun.net.http.errorstream.enableBuffering = false", plain, "keep 5 s");
    for (value, most) in [("2", 2), ("0", 5), ("-1", 5)] {
        let rule = client(&format!("{URL}; http.maxConnections = {value}"));
        assert_eq!(rule.idle_room(), most, "{value}");
    }
}

#[test_everywhere(unsupported = test)]
fn net_http_looks_for_close_only() {
    let five = |version: &str, fields: &str, expected: &str| {
        check(NET, "GET", &format!("{version} 200 | Content-Length: 5{fields}"), expected);
    };
    let kept = "keep 1199.5 s";
    five("HTTP/1.1", "", kept);
    five("HTTP/1.0", "", kept);
    five("HTTP/1.1", " | Connection: foo, close", kept);
    five("HTTP/1.1", " | Connection: keep-alive | Connection: close", kept);
    five("HTTP/1.1", " | Connection: close | Connection: keep-alive", "close: close-in-response");
    five("HTTP/1.1", " | Connection: Close", "close: close-in-response");
    let hint = " | Connection: keep-alive | Keep-Alive: timeout=1, max=1";
    five("HTTP/1.1", hint, kept);
    five("HTTP/2.0", "", "await close");
    check(NET, "GET", "HTTP/1.1 200", "await close");
    check("java-net-http", "GET", "HTTP/1.1 200 | Content-Length: 5", "keep 29.5 s");
    let three = "java-net-http; jdk.httpclient.keepalive.timeout = 3";
    check(three, "GET", "HTTP/1.1 200 | Content-Length: 5", "keep 2.5 s");
}

#[test_everywhere(unsupported = test)]
fn what_stands_on_the_wire() {
    let sends = |product: &str, composed: &str, bytes| {
        let composed = request(composed);
        let sent = client(product).rewrite_with_body(&composed, bytes).unwrap_or(composed);
        sent.wire().trim_end().replace("\r\n", " | ")
    };
    assert_eq!(
        sends(URL, "GET / HTTP/1.0 | X: y | Connection: foo", 0),
        "GET / HTTP/1.1 | X: y | Host: example.com | Connection: keep-alive"
    );
    assert_eq!(
        sends(URL, "POST / HTTP/1.1 | Host: a | Connection: close", 5),
        "POST / HTTP/1.1 | Host: a | Connection: close | Content-Length: 5"
    );
    assert_eq!(
        sends(&format!("{URL}; http.keepAlive = false"), "GET / HTTP/1.1 | Host: a", 0),
        "GET / HTTP/1.1 | Host: a | Connection: close"
    );
    let first = "java-net-http; HttpClient.version = HTTP_1_1";
    assert_eq!(
        sends(first, "POST / HTTP/1.1 | Host: a | Connection: close", 5),
        "POST / HTTP/1.1 | Content-Length: 5 | Host: a"
    );
    assert!(sends(NET, "GET / HTTP/1.1", 0).contains("| Connection: Upgrade, HTTP2-Settings |"));
}

/// Requests at these moments (ms) with answers after so long, to a textbook server.
fn play(
    client: &str,
    server: &str,
    wanted: &[(u64, u64)],
    answer: &App,
    until_ms: u64,
) -> Timeline {
    let planned = |&(at, after): &(u64, u64)| Planned {
        start: Start::At(Us::from_ms(at)),
        request: request("GET / HTTP/1.1 | Host: a"),
        app: App { after: Us::from_ms(after), ..answer.clone() },
        ..Planned::default()
    };
    let scenario = Scenario {
        server: chosen(server),
        client: chosen(client),
        exchanges: wanted.iter().map(planned).collect(),
        until: Some(Us::from_ms(until_ms)),
        ..Scenario::default()
    };
    run(&scenario).expect("it is well formed")
}

const PATIENT: &str = "textbook; idle timeout = 900";

/// What each connection carried, and when (ms) the client closed it; 0: it did not.
fn carried(timeline: &Timeline) -> Vec<(&[u32], u64)> {
    let close = |connection: &keepalive::sim::Connection| {
        let close = connection.close.as_ref().filter(|close| close.by == Side::Client);
        close.map_or(0, |close| close.at.0 / 1_000)
    };
    let lines = timeline.connections.iter();
    lines.map(|connection| (connection.exchanges.as_slice(), close(connection))).collect()
}

#[track_caller]
fn sweeps(client: &str, wanted: &[u64], hint: &str, expected: &[(&[u32], u64)]) {
    let wanted: Vec<_> = wanted.iter().map(|&at| (at, 0)).collect();
    let timeline = play(client, PATIENT, &wanted, &app(&format!("200 known 5{hint}")), 60_000);
    assert_eq!(carried(&timeline), expected, "{client}: {wanted:?}{hint}");
}

#[test_everywhere(unsupported = test)]
fn five_seconds_idle_are_ten_on_the_sweepers_clock() {
    let hint = |seconds: u64| format!(" | Connection: keep-alive | Keep-Alive: timeout={seconds}");
    sweeps(URL, &[0], "", &[(&[0], 10_000)]);
    sweeps(URL, &[0, 3_000], "", &[(&[0, 1], 10_000)]);
    sweeps(URL, &[0, 4_800], "", &[(&[0, 1], 10_000)]);
    sweeps(URL, &[0], &hint(2), &[(&[0], 5_000)]);
    sweeps(URL, &[0], &hint(7), &[(&[0], 10_000)]);
    sweeps(URL, &[0], &hint(0), &[(&[0], 0)]);
    // Beyond its limit, and not yet swept: it is not used again.
    sweeps(URL, &[0, 2_900], &hint(2), &[(&[0], 5_000), (&[1], 5_000)]);
    sweeps(URL, &[0, 3_100], &hint(2), &[(&[0], 5_000), (&[1], 10_000)]);
    // The sweeper ends with the last connection, and begins anew with the next.
    sweeps(URL, &[0, 5_300], &hint(2), &[(&[0], 5_000), (&[1], 10_300)]);
    sweeps("java-httpurlconnection 25", &[0, 5_300], &hint(2), &[(&[0], 5_000), (&[1], 10_000)]);
}

#[test_everywhere(unsupported = test)]
fn which_connection_is_taken_and_which_goes() {
    let wanted = [(0, 100), (0, 200), (0, 300), (1_000, 0)];
    let taken = |client: &str| {
        let timeline = play(client, PATIENT, &wanted, &app("200 known 5"), 2_000);
        timeline.exchanges[3].connection
    };
    assert_eq!(taken(URL), Some(3));
    assert_eq!(taken(NET), Some(1));
    let two = |client: &str| {
        let timeline = play(client, PATIENT, &wanted[..3], &app("200 known 5"), 2_000);
        let reason = |connection: &keepalive::sim::Connection| {
            let close = connection.close.as_ref()?;
            Some((connection.id, close.at.0 / 1_000, close.because.first()?.rule))
        };
        timeline.connections.iter().filter_map(reason).collect::<Vec<_>>()
    };
    let first_goes = [(1, 300, "max-idle-connections")];
    assert_eq!(two(&format!("{URL}; http.maxConnections = 2")), first_goes);
    assert_eq!(two(&format!("{NET}; jdk.httpclient.connectionPoolSize = 2")), first_goes);
    assert_eq!(two(URL), []);
}

#[test_everywhere(unsupported = test)]
fn a_server_that_closes_is_noticed_by_one_and_not_by_the_other() {
    let answers = |client: &str| {
        let wanted = [(0, 0), (2_000, 0)];
        let timeline =
            play(client, "textbook; idle timeout = 1", &wanted, &app("200 known 5"), 4_000);
        assert!(
            timeline.connections[0]
                .close
                .as_ref()
                .is_some_and(|close| { close.by == Side::Server && close.how == CloseHow::Fin })
        );
        let carried: Vec<_> = timeline.connections.iter().map(|c| c.exchanges.clone()).collect();
        (timeline.exchanges[1].outcome, carried)
    };
    assert_eq!(answers(NET), (Outcome::Answered, vec![vec![0], vec![1]]));
    assert_eq!(answers(URL), (Outcome::Retried, vec![vec![0, 1], vec![1]]));
}

#[test_everywhere(unsupported = test)]
fn what_is_sent_again() {
    let (get, post, put) =
        (request("GET / HTTP/1.1"), request("POST / HTTP/1.1"), request("PUT / HTTP/1.1"));
    let again = |product: &str| {
        let rule = client(product);
        assert!(rule.retries_at_first());
        [rule.retries(&get), rule.retries(&post), rule.retries(&put)]
    };
    assert_eq!(again(URL), [true, true, true]);
    assert_eq!(again(&format!("{URL}; sun.net.http.retryPost = false")), [true, false, true]);
    assert_eq!(again(NET), [true, false, false]);
    let all = format!("{NET}; jdk.httpclient.enableAllMethodRetry = true");
    assert_eq!(again(&all), [true, true, true]);
}
