//! What holds for every run, whatever the scenario.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::profile::{App, Chosen, Content, PRODUCTS};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{
    Network, Outcome, Planned, Scenario, Side, Span, Start, Timeline, Tls, Us, run,
};
use proptest::prelude::*;

fn products(server: bool) -> impl Strategy<Value = Chosen> {
    let all: Vec<Chosen> = PRODUCTS
        .iter()
        .filter(|product| product.is_server() == server)
        .flat_map(|product| product.versions.iter().map(|v| Chosen::new(product.id, v.id)))
        .collect();
    proptest::sample::select(all)
}

fn requests() -> impl Strategy<Value = Request> {
    let version = prop_oneof![
        4 => Just(Version::Http11),
        3 => Just(Version::Http10),
        1 => Just(Version::Http09),
        1 => Just(Version::Other { major: 1, minor: 2 }),
    ];
    let method = proptest::sample::select(vec!["GET", "HEAD", "POST", "PUT"]);
    let option =
        proptest::sample::select(vec!["", "close", "keep-alive", "Keep-Alive, Upgrade", "x"]);
    (method, version, option, any::<bool>()).prop_map(|(method, version, option, host)| {
        let mut request = Request::new(method, "/", version);
        if host {
            request.headers.push("Host", "a.example");
        }
        if !option.is_empty() {
            request.headers.push("Connection", option);
        }
        request
    })
}

fn contents() -> impl Strategy<Value = Content> {
    prop_oneof![
        (0_u64..10_000).prop_map(Content::Known),
        (0_u64..10_000).prop_map(Content::Streamed),
        Just(Content::Empty),
    ]
}

prop_compose! {
    fn planned()(
        request in requests(),
        content in contents(),
        at in 0_u64..30_000,
        after in 0_u64..2_000,
        status in proptest::sample::select(vec![200_u16, 204, 304, 404, 500]),
        follow in any::<bool>(),
        pipeline in proptest::bool::weighted(0.2),
        trailing_crlf in proptest::bool::weighted(0.1),
    ) -> (bool, Planned) {
        let app = App { status, content, after: Us::from_ms(after), ..App::default() };
        let start = Start::At(Us::from_ms(at));
        (follow, Planned { start, request, body_bytes: 0, trailing_crlf, pipeline, app, breaks: None })
    }
}

prop_compose! {
    fn scenarios()(
        server in products(true),
        client in products(false),
        rtt in 0_u64..300,
        tls in proptest::sample::select(Tls::ALL.to_vec()),
        bandwidth_bps in proptest::option::of(100_000_u64..100_000_000),
        planned in proptest::collection::vec(planned(), 0..12),
    ) -> Scenario {
        let exchanges = planned.into_iter().enumerate().map(|(index, (follow, planned))| {
            match index.checked_sub(1) {
                Some(exchange) if follow => {
                    let gap = Us::from_ms(40);
                    Planned { start: Start::After { exchange, gap }, ..planned }
                }
                _ => planned,
            }
        });
        Scenario {
            server,
            client,
            network: Network { rtt: Us::from_ms(rtt), tls, bandwidth_bps, ..Network::default() },
            exchanges: exchanges.collect(),
            until: Some(Us::from_secs(2_000)),
            ..Scenario::default()
        }
    }
}

fn play(scenario: &Scenario) -> Timeline {
    run(scenario).expect("generated scenarios are well-formed")
}

/// Adds to every moment of an exchange.
fn moments(timeline: &Timeline) -> Vec<Us> {
    timeline.events().iter().map(|event| event.at).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_same_scenario_gives_the_same_timeline(scenario in scenarios()) {
        prop_assert_eq!(play(&scenario), play(&scenario));
    }

    #[test]
    fn every_exchange_is_settled_once(scenario in scenarios()) {
        let timeline = play(&scenario);
        prop_assert_eq!(timeline.exchanges.len(), scenario.exchanges.len());
        for exchange in &timeline.exchanges {
            match exchange.outcome {
                Outcome::Answered => {
                    prop_assert!(exchange.response_received.is_some() && exchange.lost.is_none());
                }
                Outcome::Retried => {
                    let lost = exchange.lost.expect("a retry follows a loss");
                    prop_assert_ne!(Some(lost.connection), exchange.connection);
                    prop_assert!(exchange.response_received.is_some());
                }
                Outcome::Failed => prop_assert!(exchange.lost.is_some()),
                Outcome::Unanswered => prop_assert!(timeline.cut),
            }
        }
    }

    #[test]
    fn no_request_leaves_on_a_connection_known_to_be_closed(scenario in scenarios()) {
        let timeline = play(&scenario);
        for connection in &timeline.connections {
            let Some(close) = &connection.close else { continue };
            let known = if close.by == Side::Client { close.at } else { close.known };
            // It does not look at what is idle, and finds out by sending: measured.
            let looks_not = ["java-httpurlconnection", "python-http-client"];
            if looks_not.contains(&&*scenario.client.product) && close.by == Side::Server {
                continue;
            }
            for &index in &connection.exchanges {
                let exchange = &timeline.exchanges[index as usize];
                let sent = match exchange.lost {
                    Some(lost) if lost.connection == connection.id => lost.sent,
                    _ => exchange.request_sent.expect("it stands on the connection"),
                };
                prop_assert!(sent.from <= known, "exchange {} at {} after {}", index, sent.from, known);
            }
        }
    }

    #[test]
    fn every_close_and_every_answer_has_a_reason(scenario in scenarios()) {
        let timeline = play(&scenario);
        for connection in &timeline.connections {
            if let Some(close) = &connection.close {
                prop_assert!(!close.because.is_empty());
                prop_assert!(close.at <= close.known);
            }
        }
        for answer in timeline.exchanges.iter().filter_map(|exchange| exchange.answer.as_ref()) {
            prop_assert!(!answer.because.is_empty());
        }
    }

    #[test]
    fn answers_of_a_connection_never_overlap(scenario in scenarios()) {
        let timeline = play(&scenario);
        for connection in &timeline.connections {
            let spans: Vec<Span> = connection.exchanges.iter()
                .map(|&index| &timeline.exchanges[index as usize])
                .filter(|exchange| exchange.connection == Some(connection.id))
                .filter_map(|exchange| exchange.response_sent)
                .collect();
            for pair in spans.windows(2) {
                prop_assert!(pair[0].to <= pair[1].from);
            }
        }
    }

    #[test]
    fn idle_clocks_run_only_while_nothing_is_under_way(scenario in scenarios()) {
        let timeline = play(&scenario);
        for connection in &timeline.connections {
            for wait in connection.idle.iter().filter(|wait| wait.side == Side::Server) {
                for &index in &connection.exchanges {
                    let exchange = &timeline.exchanges[index as usize];
                    if exchange.connection != Some(connection.id) { continue }
                    let (Some(from), Some(sent)) = (exchange.request_received, exchange.response_sent) else {
                        continue;
                    };
                    prop_assert!(sent.to <= wait.span.from || from >= wait.span.to);
                }
            }
        }
    }

    #[test]
    fn saying_close_never_adds_reuse(scenario in scenarios(), which in any::<proptest::sample::Index>()) {
        prop_assume!(!scenario.exchanges.is_empty());
        let mut closing = scenario.clone();
        let index = which.index(closing.exchanges.len());
        closing.exchanges[index].request.headers.push("Connection", "close");
        let kept = |timeline: &Timeline| {
            timeline.exchanges[index].answer.as_ref().is_some_and(|answer| answer.persists())
        };
        prop_assert!(kept(&play(&scenario)) || !kept(&play(&closing)));
    }

    #[test]
    fn a_later_start_shifts_everything(scenario in scenarios(), looks in 0_u64..20) {
        // A clock that looks only every so often is bound to the start of the run: no product looks
        // more seldom than every 30 s, and 30 s is a whole number of looks for all.
        let ms = looks * 30_000;
        let mut later = scenario.clone();
        for exchange in &mut later.exchanges {
            if let Start::At(at) = &mut exchange.start {
                *at += Us::from_ms(ms);
            }
        }
        later.until = scenario.until.map(|until| until + Us::from_ms(ms));
        let shifted: Vec<Us> = moments(&play(&scenario)).iter().map(|&at| at + Us::from_ms(ms)).collect();
        prop_assert_eq!(shifted, moments(&play(&later)));
    }
}
