//! The engine, with the textbook server and the script client: moments, order, closes, races.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{
    CloseHow, EventKind, Network, Outcome, Planned, Scenario, Side, Start, Timeline, Tls, Us, run,
};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

fn get(at_ms: u64) -> Planned {
    Planned {
        start: Start::At(Us::from_ms(at_ms)),
        request: Request::new("GET", "/", Version::Http11).with("Host", "a.example"),
        app: App { content: Content::Known(5), ..App::default() },
        ..Planned::default()
    }
}

fn scenario(exchanges: Vec<Planned>) -> Scenario {
    Scenario { exchanges, ..Scenario::default() }
}

fn play(scenario: &Scenario) -> Timeline {
    run(scenario).expect("the scenario is well-formed")
}

/// One line for each exchange: outcome, connection, moments in ms.
fn told(timeline: &Timeline) -> Vec<String> {
    let line = |exchange: &keepalive::sim::Exchange| {
        let connection = exchange.connection.map_or("-".into(), |id| format!("C{id}"));
        let sent = exchange.request_sent.map_or(-1.0, |span| span.from.as_ms());
        let got = exchange.response_received.map_or(-1.0, |span| span.to.as_ms());
        format!("{} {connection} {sent}..{got}", exchange.outcome.as_str())
    };
    timeline.exchanges.iter().map(line).collect()
}

#[track_caller]
fn check(scenario: &Scenario, expected: &[&str]) {
    assert_eq!(told(&play(scenario)), expected);
}

#[test_everywhere(unsupported = test)]
fn a_round_trip_for_the_handshake_and_one_for_the_exchange() {
    let network = Network { rtt: Us::from_ms(60), ..Network::default() };
    check(&Scenario { network, ..scenario(vec![get(0)]) }, &["answered C1 60..120"]);
}

#[test_everywhere(unsupported = test)]
fn tls_adds_its_round_trips() {
    let with = |tls| Network { rtt: Us::from_ms(60), tls, bandwidth_bps: None, ..Network::PLAIN };
    let tls12 = Scenario { network: with(Tls::V12), ..scenario(vec![get(0)]) };
    check(&tls12, &["answered C1 180..240"]);
    let tls13 = Scenario { network: with(Tls::V13), ..scenario(vec![get(0)]) };
    check(&tls13, &["answered C1 120..180"]);
}

#[test_everywhere(unsupported = test)]
fn a_kept_connection_is_used_again() {
    let network = Network { rtt: Us::from_ms(60), ..Network::default() };
    check(
        &Scenario { network, ..scenario(vec![get(0), get(1000)]) },
        &["answered C1 60..120", "answered C1 1000..1060"],
    );
}

#[test_everywhere(unsupported = test)]
fn a_closed_connection_is_not() {
    let mut first = get(0);
    first.request.headers.push("Connection", "close");
    let network = Network { rtt: Us::from_ms(60), ..Network::default() };
    let run = play(&Scenario { network, ..scenario(vec![first, get(1000)]) });
    assert_eq!(told(&run), ["answered C1 60..120", "answered C2 1060..1120"]);
    let close = run.connections[0].close.as_ref().expect("C1 is closed");
    assert_eq!((close.by, close.how), (Side::Server, CloseHow::Fin));
    // FIN rides with the last byte; the client's own FIN is back a round trip later.
    assert_eq!(
        (close.at, close.known, close.done),
        (Us::from_ms(90), Us::from_ms(120), Us::from_ms(150))
    );
    assert_eq!(close.time_wait.expect("the closer waits").side, Side::Server);
}

#[test_everywhere(unsupported = test)]
fn the_next_request_waits_for_the_answer_before_it() {
    let mut slow = get(0);
    slow.app.after = Us::from_ms(500);
    check(&scenario(vec![slow, get(10)]), &["answered C1 0..500", "answered C1 500..500"]);
}

#[test_everywhere(unsupported = test)]
fn a_pipelined_request_does_not_wait_but_its_answer_does() {
    let mut slow = get(0);
    slow.app.after = Us::from_ms(500);
    let behind = Planned { pipeline: true, ..get(10) };
    check(&scenario(vec![slow, behind]), &["answered C1 0..500", "answered C1 10..500"]);
}

#[test_everywhere(unsupported = test)]
fn what_is_pipelined_behind_a_close_is_not_answered() {
    let mut last = get(0);
    last.request.headers.push("Connection", "close");
    last.app.after = Us::from_ms(500);
    let behind = Planned { pipeline: true, ..get(10) };
    check(&scenario(vec![last, behind]), &["answered C1 0..500", "failed C1 10..-1"]);
}

#[test_everywhere(unsupported = test)]
fn one_exchange_can_follow_another() {
    let next = Planned { start: Start::After { exchange: 0, gap: Us::from_ms(250) }, ..get(0) };
    check(&scenario(vec![get(100), next]), &["answered C1 100..100", "answered C1 350..350"]);
}

#[test_everywhere(unsupported = test)]
fn an_exchange_cannot_follow_a_later_one() {
    let first = Planned { start: Start::After { exchange: 1, gap: Us::ZERO }, ..get(0) };
    let error = run(&scenario(vec![first, get(0)])).expect_err("this would go round in a circle");
    assert_eq!(error.at, "exchanges[0].start");
}

#[test_everywhere(unsupported = test)]
fn the_idle_clock_closes_and_says_so() {
    let run = play(&Scenario {
        server: Chosen::new("textbook", "").with("idle timeout", "2"),
        ..scenario(vec![get(0), get(1500), get(4000)])
    });
    assert_eq!(told(&run)[2], "answered C2 4000..4000");
    let close = run.connections[0].close.as_ref().expect("idle for 2 s");
    assert_eq!((close.by, close.at), (Side::Server, Us::from_ms(3500)));
    assert!(!close.because.is_empty());
}

#[test_everywhere(unsupported = test)]
fn a_request_that_crosses_the_close_is_lost() {
    // The FIN leaves at 30 + 60 + 2000 ms; it is known 30 ms later. The request leaves in between.
    let run = play(&Scenario {
        server: Chosen::new("textbook", "").with("idle timeout", "2"),
        network: Network { rtt: Us::from_ms(60), ..Network::default() },
        ..scenario(vec![get(0), get(2100)])
    });
    assert_eq!(told(&run)[1], "failed C1 2100..-1");
    let lost = run.exchanges[1].lost.expect("it met a closed socket");
    assert_eq!((lost.met, lost.known), (Us::from_ms(2130), Us::from_ms(2120)));
    // The reset took the server's wait with it.
    assert_eq!(run.connections[0].close.as_ref().and_then(|close| close.time_wait), None);
}

#[test_everywhere(unsupported = test)]
fn bytes_take_time_and_share_the_path() {
    let mut page = get(0);
    page.app.content = Content::Known(100_000);
    let network = Network { bandwidth_bps: Some(8_000_000), ..Network::default() };
    let run = play(&Scenario { network, ..scenario(vec![page]) });
    let sent = run.exchanges[0].response_sent.expect("answered");
    // A megabyte a second: the body alone takes 100 ms.
    assert!((100_000..100_300).contains(&sent.length().0), "{sent:?}");
}

#[test_everywhere(unsupported = test)]
fn the_run_can_be_cut() {
    let run =
        play(&Scenario { until: Some(Us::from_ms(3000)), ..scenario(vec![get(0), get(5000)]) });
    assert!(run.cut);
    assert_eq!(run.exchanges[1].outcome, Outcome::Unanswered);
    assert_eq!(run.connections[0].close, None);
    assert!(run.events().iter().all(|event| event.at <= run.end));
}

#[test_everywhere(unsupported = test)]
fn events_stand_in_order_and_cause_before_effect() {
    let kinds: Vec<_> = play(&scenario(vec![get(0)])).events().iter().map(|e| e.key.kind).collect();
    let expected = [
        EventKind::Syn,
        EventKind::TcpOpen,
        EventKind::RequestSent,
        EventKind::RequestReceived,
        EventKind::Answer,
        EventKind::AnswerSent,
        EventKind::AnswerReceived,
    ];
    assert_eq!(kinds[..7], expected);
}

#[test_everywhere(unsupported = test)]
fn netstat_tells_both_ends() {
    let run = play(&Scenario {
        server: Chosen::new("textbook", "").with("idle timeout", "2"),
        network: Network { rtt: Us::from_ms(60), ..Network::default() },
        ..scenario(vec![get(0)])
    });
    let rtt = Us::from_ms(60);
    let at = |ms, side| {
        let sockets = run.sockets(side, Us::from_ms(ms), rtt);
        sockets.iter().map(|socket| socket.state.as_str()).collect::<Vec<_>>().join(" ")
    };
    let table = [
        (10, "SYN_SENT", ""),
        (40, "SYN_SENT", "SYN_RECV"),
        (70, "ESTABLISHED", "SYN_RECV"),
        (95, "ESTABLISHED", "ESTABLISHED"),
        (2095, "ESTABLISHED", "FIN_WAIT1"),
        (2130, "LAST_ACK", "FIN_WAIT1"),
        (2160, "LAST_ACK", "TIME_WAIT"),
        (2190, "", "TIME_WAIT"),
        (62_190, "", ""),
    ];
    for (ms, client, server) in table {
        assert_eq!(
            (at(ms, Side::Client), at(ms, Side::Server)),
            (client.into(), server.into()),
            "{ms} ms"
        );
    }
}

#[test_everywhere(unsupported = test)]
fn wrong_choices_name_the_place() {
    let error = |server: Chosen| {
        run(&Scenario { server, ..scenario(vec![]) }).map(|_| ()).expect_err("wrong").at
    };
    assert_eq!(error(Chosen::new("nonesuch", "")), "server.product");
    assert_eq!(error(Chosen::new("script", "")), "server.product");
    assert_eq!(error(Chosen::new("textbook", "999")), "server.version");
    assert_eq!(error(Chosen::new("textbook", "").with("nonesuch", "1")), "server.nonesuch");
}
