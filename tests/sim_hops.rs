//! The engine with two hops, several clients and servers, workers, load and faults.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{
    Arrivals, Breaks, Failure, Fault, Forgets, Forgotten, Load, Network, Outcome, Planned, Proxy,
    Restart, Scenario, Service, Start, Timeline, Us, run,
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

fn post(at_ms: u64) -> Planned {
    let mut planned = get(at_ms);
    planned.request.method = "POST".into();
    planned
}

fn far(rtt_ms: u64) -> Network {
    Network { rtt: Us::from_ms(rtt_ms), ..Network::PLAIN }
}

fn idle(server: &str, seconds: &str) -> Chosen {
    Chosen::new(server, "").with("idle timeout", seconds)
}

fn through_proxy(exchanges: Vec<Planned>) -> Scenario {
    let proxy = Proxy { chosen: Chosen::new("textbook", ""), network: far(10) };
    Scenario { proxy: Some(proxy), network: far(60), exchanges, ..Scenario::default() }
}

fn play(scenario: &Scenario) -> Timeline {
    run(scenario).expect("the scenario is well-formed")
}

/// Hop, client, origin and exchanges of each connection.
fn lanes(timeline: &Timeline) -> Vec<String> {
    let lane = |connection: &keepalive::sim::Connection| {
        let keepalive::sim::Connection { hop, client, origin, exchanges, .. } = connection;
        format!("h{hop} c{client} o{origin} {exchanges:?}")
    };
    timeline.connections.iter().map(lane).collect()
}

#[track_caller]
fn check(scenario: &Scenario, expected: &[&str]) {
    assert_eq!(lanes(&play(scenario)), expected);
}

#[test_everywhere(unsupported = test)]
fn each_hop_takes_its_own_time() {
    let run = play(&through_proxy(vec![get(0)]));
    // 60 ms handshake, 30 there; 10 + 10 at the second hop; 30 back.
    let ms = |us: Us| us.as_ms();
    assert_eq!(run.forwarded[0].wanted.map(ms), Some(90.0));
    assert_eq!(run.forwarded[0].response_received.map(|span| ms(span.to)), Some(110.0));
    assert_eq!(run.exchanges[0].response_received.map(|span| ms(span.to)), Some(140.0));
    assert_eq!(run.exchanges[0].work.map(|work| (ms(work.from), ms(work.to))), Some((90.0, 110.0)));
    assert_eq!((run.exchanges[0].performed, run.forwarded[0].performed), (0, 1));
}

#[test_everywhere(unsupported = test)]
fn ten_clients_share_one_connection_to_the_server() {
    let exchanges = (0..4).map(|n| get(n * 1_000)).collect();
    let scenario = Scenario { clients: 4, ..through_proxy(exchanges) };
    check(
        &scenario,
        &["h0 c0 o0 [0]", "h1 c0 o0 [0, 1, 2, 3]", "h0 c1 o0 [1]", "h0 c2 o0 [2]", "h0 c3 o0 [3]"],
    );
}

#[test_everywhere(unsupported = test)]
fn fields_of_one_hop_end_there() {
    let mut asked = get(0);
    for (name, value) in [("Connection", "keep-alive, X-Mine"), ("Keep-Alive", "timeout=5")] {
        asked.request.headers.push(name, value);
    }
    asked.request.headers.push("X-Mine", "1");
    let run = play(&through_proxy(vec![asked]));
    let names: Vec<_> = run.forwarded[0].request.headers.iter().map(|f| f.name.clone()).collect();
    assert_eq!(names, ["Host"]);
    assert_eq!(run.exchanges[0].request.headers.len(), 4);
}

#[test_everywhere(unsupported = test)]
fn a_proxy_gets_a_502_where_a_post_crosses_the_close() {
    // The server closes at 105 + 5000 ms; the second request arrives 3 ms later.
    let at = |planned: fn(u64) -> Planned| Scenario {
        server: idle("textbook", "5"),
        ..through_proxy(vec![get(0), planned(5_073)])
    };
    let run_of = |planned| {
        let run = play(&at(planned));
        let status = run.exchanges[1].answer.as_ref().map(|answer| answer.response.status);
        (run.exchanges[1].outcome, run.forwarded[1].outcome, status)
    };
    assert_eq!(run_of(post), (Outcome::Answered, Outcome::Failed, Some(502)));
    assert_eq!(run_of(get), (Outcome::Answered, Outcome::Retried, Some(200)));
}

#[test_everywhere(unsupported = test)]
fn connections_go_round_the_servers_and_stay() {
    let exchanges = (0..6).map(|n| get(n * 100)).collect();
    let scenario = Scenario { origins: 3, clients: 2, exchanges, ..Scenario::default() };
    check(&scenario, &["h0 c0 o0 [0, 2, 4]", "h0 c1 o1 [1, 3, 5]"]);
}

#[test_everywhere(unsupported = test)]
fn a_pooled_connection_does_not_notice_a_new_address() {
    let faults = vec![Fault::AddressChange { at: Us::from_ms(150) }];
    let mut exchanges: Vec<Planned> = (0..3).map(|n| get(n * 100)).collect();
    exchanges[2].request.headers.push("Connection", "close");
    exchanges.push(get(300));
    let scenario = Scenario { faults, exchanges, ..Scenario::default() };
    check(&scenario, &["h0 c0 o0 [0, 1, 2]", "h0 c0 o1 [3]"]);
}

#[test_everywhere(unsupported = test)]
fn a_forgotten_connection_is_reset_or_silent() {
    let with = |then| {
        let forgets = Some(Forgets { after: Us::from_secs(5), then });
        let network = Network { forgets, ..far(20) };
        let server = idle("textbook", "60");
        play(&Scenario {
            server,
            network,
            exchanges: vec![get(0), get(8_000)],
            ..Scenario::default()
        })
    };
    let reset = with(Forgotten::Reset);
    assert_eq!(reset.exchanges[1].failure, Some(Failure::Lost));
    assert_eq!(reset.connections[0].forgotten, Some(Us::from_ms(5_030)));
    let silent = with(Forgotten::Dropped);
    assert_eq!(silent.exchanges[1].failure, Some(Failure::GaveUp));
    // The server closes after its 60 s; its FIN is lost too, and the client learns nothing.
    let close = silent.connections[0].close.as_ref().map(|close| (close.at, close.known));
    assert_eq!(close, Some((Us::from_ms(60_030), Us::from_ms(932_600))));
}

#[test_everywhere(unsupported = test)]
fn probes_keep_the_middlebox_awake_and_the_server_closes_all_the_same() {
    let forgets = Some(Forgets { after: Us::from_secs(5), then: Forgotten::Reset });
    let network = Network { forgets, probes_every: Some(Us::from_secs(3)), ..far(20) };
    let server = idle("textbook", "60");
    let exchanges = vec![get(0), get(8_000), get(80_000)];
    let run = play(&Scenario { server, network, exchanges, ..Scenario::default() });
    assert_eq!(lanes(&run), ["h0 c0 o0 [0, 1]", "h0 c0 o0 [2]"]);
    assert_eq!(run.connections[0].close.as_ref().map(|close| close.at), Some(Us::from_ms(68_010)));
}

#[test_everywhere(unsupported = test)]
fn two_truths_look_alike_to_the_client() {
    let broken = |breaks| {
        let exchange = Planned { breaks: Some(breaks), ..post(0) };
        let run =
            play(&Scenario { network: far(20), exchanges: vec![exchange], ..Scenario::default() });
        let record = &run.exchanges[0];
        (record.outcome, record.failure, record.performed, record.lost.map(|lost| lost.known))
    };
    let lost = (Outcome::Failed, Some(Failure::Lost));
    let known = Some(Us::from_ms(40));
    assert_eq!(broken(Breaks::ResetBefore), (lost.0, lost.1, 0, known));
    assert_eq!(broken(Breaks::ResetAfter), (lost.0, lost.1, 1, known));
    assert_eq!(broken(Breaks::EndsEarly), (Outcome::Failed, Some(Failure::CutShort), 1, None));
    assert_eq!(broken(Breaks::NeverAnswers), (Outcome::Unanswered, None, 1, None));
}

#[test_everywhere(unsupported = test)]
fn a_graceful_restart_finishes_what_is_under_way() {
    let restart = |how| {
        let faults = vec![Fault::Restart { at: Us::from_ms(1_000), how }];
        let mut slow = get(900);
        slow.app.after = Us::from_ms(500);
        let mut run =
            Scenario { faults, clients: 2, exchanges: vec![get(0), slow], ..Scenario::default() };
        run.server = idle("textbook", "60");
        let run = play(&run);
        let ends = run.connections.iter().filter_map(|c| c.close.as_ref());
        let ends: Vec<_> = ends.map(|c| (c.at.as_ms(), c.how.as_str())).collect();
        (run.exchanges[1].outcome, ends)
    };
    assert_eq!(
        restart(Restart::Graceful),
        (Outcome::Answered, vec![(1_000.0, "fin"), (1_400.0, "fin")])
    );
    assert_eq!(
        restart(Restart::Abrupt),
        (Outcome::Failed, vec![(1_000.0, "rst"), (1_000.0, "rst")])
    );
}

#[test_everywhere(unsupported = test)]
fn ports_in_time_wait_are_not_free() {
    let network = Network { ports: Some(3), ..Network::PLAIN };
    let client = Chosen::new("curl", "");
    let mut exchanges: Vec<Planned> = (0..5).map(|n| get(n * 1_000)).collect();
    exchanges.push(get(61_500));
    for exchange in &mut exchanges {
        exchange.request.headers.push("Connection", "close");
        exchange.app.headers.push("Connection", "close");
    }
    let server = Chosen::new("textbook", "").with("says close", "no");
    let run = play(&Scenario { server, client, network, exchanges, ..Scenario::default() });
    let by_client = run.connections.iter().filter_map(|c| c.close.as_ref());
    let by_client = by_client.filter(|c| c.by == keepalive::sim::Side::Client).count();
    let failures: Vec<_> = run.exchanges.iter().map(|e| e.failure).collect();
    let none = Some(Failure::NoPort);
    if by_client > 0 {
        assert_eq!(failures, [None, None, None, none, none, None]);
    } else {
        assert_eq!(failures, [None; 6], "TIME_WAIT is the server's: the client's ports are free");
    }
}

#[test_everywhere(unsupported = test)]
fn slow_start_costs_round_trips_on_a_new_connection_only() {
    let network = Network { slow_start: true, ..far(100) };
    let mut exchanges = vec![get(0), get(500)];
    for exchange in &mut exchanges {
        exchange.app.content = Content::Known(60_000);
    }
    let run = play(&Scenario { network, exchanges, ..Scenario::default() });
    let took = |index: usize| {
        let exchange = &run.exchanges[index];
        exchange
            .response_received
            .map(|got| (got.to - exchange.request_sent.unwrap_or_default().from).as_ms())
    };
    // 10 + 20 segments, then the rest of 42: two more round trips; warm, none.
    assert_eq!((took(0), took(1)), (Some(300.0), Some(100.0)));
}

#[test_everywhere(unsupported = test)]
fn a_load_repeats_the_pattern_and_is_the_same_each_time() {
    let load = Load {
        count: 500,
        arrivals: Arrivals::Poisson(Us::from_ms(20)),
        service: Service::Exponential,
    };
    let mut one = get(0);
    one.app.after = Us::from_ms(5);
    let follow =
        Planned { start: Start::After { exchange: 0, gap: Us::from_ms(1) }, ..one.clone() };
    let scenario = Scenario {
        load: Some(load),
        clients: 7,
        exchanges: vec![one, follow],
        seed: 3,
        ..Scenario::default()
    };
    let run = play(&scenario);
    assert_eq!(run.exchanges.len(), 1_000);
    assert!(run.exchanges.iter().all(|exchange| exchange.outcome == Outcome::Answered));
    assert_eq!(run, play(&scenario));
    let other = play(&Scenario { seed: 4, ..scenario });
    assert_ne!(run.end, other.end);
    let mean = run.exchanges[998].wanted.unwrap_or_default().as_ms() / 499.0;
    assert!((18.0..22.0).contains(&mean), "{mean}");
}

#[test_everywhere(unsupported = test)]
fn who_only_relays_closes_behind_an_error_of_its_own() {
    let mut early = get(0);
    early.breaks = Some(Breaks::EndsEarly);
    let mut scenario = Scenario {
        client: Chosen::new("http10-crawler", ""),
        ..through_proxy(vec![early, get(0)])
    };
    if let Some(proxy) = &mut scenario.proxy {
        proxy.chosen = Chosen::new("haproxy", "1.3");
    }
    let outcomes: Vec<Outcome> = play(&scenario).exchanges.iter().map(|x| x.outcome).collect();
    assert_eq!(outcomes, [Outcome::Answered; 2], "the second waits for the first one's close");
}

#[test_everywhere(unsupported = test)]
fn a_lost_message_holds_up_what_is_sent_behind_it() {
    let each = |at| Planned { pipeline: true, ..get(at) };
    let network = Network { loss_ppm: 300_000, ..far(60) };
    for seed in 0..20 {
        let exchanges = (0..10).map(each).collect();
        let run = play(&Scenario { network, seed, exchanges, ..Scenario::default() });
        let came: Vec<_> = run.exchanges.iter().map(|x| x.request_received).collect();
        assert!(came.iter().all(Option::is_some) && came.is_sorted(), "seed {seed}: {came:?}");
    }
}

#[test_everywhere(unsupported = test)]
fn a_restart_spares_what_is_still_being_opened() {
    // The SYN is with the server at 30 ms, and the handshake is done there at 90 ms.
    for (at, left) in [(60, Outcome::Answered), (95, Outcome::Failed)] {
        let faults = vec![Fault::Restart { at: Us::from_ms(at), how: Restart::Abrupt }];
        let mut slow = post(0);
        slow.app.after = Us::from_ms(100);
        let scenario =
            Scenario { faults, network: far(60), exchanges: vec![slow], ..Scenario::default() };
        assert_eq!(play(&scenario).exchanges[0].outcome, left, "restarted at {at} ms");
    }
}
