//! What holds for every run with two hops, several clients and servers, load and faults.
//! [`laws_sim`](../laws_sim/index.html) has the laws of plain runs.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::profile::{
    App, Chosen, ClientRule, Config, Content, Held, MakeRule, PRODUCTS, ServerRule,
};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{
    Arrivals, Breaks, Close, Connection, Exchange, Fault, Forgets, Forgotten, Load, Network,
    Outcome, Planned, Proxy, Restart, Scenario, Service, Side, Span, Start, Timeline, Tls, Us, run,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::{collection::vec, option};

fn server_rule(chosen: &Chosen) -> Option<Box<dyn ServerRule>> {
    let config = Config::parse(chosen).expect("known");
    match config.product.rule {
        MakeRule::Server(make) => make(&config).ok(),
        MakeRule::Client(_) => None,
    }
}

fn client_rule(chosen: &Chosen) -> Option<Box<dyn ClientRule>> {
    let config = Config::parse(chosen).expect("known");
    match config.product.rule {
        MakeRule::Client(make) => make(&config).ok(),
        MakeRule::Server(_) => None,
    }
}

fn products(fits: fn(&Chosen) -> bool) -> impl Strategy<Value = Chosen> {
    let all = PRODUCTS
        .iter()
        .flat_map(|product| product.versions.iter().map(|v| Chosen::new(product.id, v.id)));
    select(all.filter(fits).collect::<Vec<_>>())
}

fn servers() -> impl Strategy<Value = Chosen> {
    let textbook = (0_u64..20, 0_u64..4).prop_map(|(idle, requests)| {
        Chosen::new("textbook", "")
            .with("idle timeout", &idle.to_string())
            .with("max requests", &requests.to_string())
    });
    prop_oneof![products(|chosen| server_rule(chosen).is_some()), textbook, crowded()]
}

/// With few workers and little room before them.
fn crowded() -> impl Strategy<Value = Chosen> {
    let held = select(vec!["connection", "request"]);
    (1_u32..4, held, 1_u32..4).prop_map(|(workers, held, backlog)| {
        Chosen::new("textbook", "")
            .with("workers", &workers.to_string())
            .with("workers held by", held)
            .with("backlog", &backlog.to_string())
    })
}

fn proxies() -> impl Strategy<Value = Chosen> {
    let known =
        products(|chosen| server_rule(chosen).is_some_and(|rule| rule.upstream().is_some()));
    let reuse = select(vec!["never", "safe", "aggressive", "always"]);
    let haproxy = reuse.prop_map(|reuse| Chosen::new("haproxy", "").with("http-reuse", reuse));
    prop_oneof![3 => known, 1 => crowded(), 1 => haproxy]
}

fn times(to_ms: u64) -> impl Strategy<Value = Us> {
    (0..to_ms).prop_map(Us::from_ms)
}

prop_compose! {
    fn networks()(
        rtt in times(300),
        tls in select(Tls::ALL.to_vec()),
        (resumes, slow_start) in any::<(bool, bool)>(),
        bandwidth_bps in option::weighted(0.3, 100_000_u64..100_000_000),
        loss_ppm in prop_oneof![2 => Just(0), 1 => 0_u32..400_000],
        forgets in option::weighted(0.3, (times(20_000), select(vec![Forgotten::Dropped, Forgotten::Reset]))),
        probes_every in option::weighted(0.2, times(20_000)),
        ports in option::weighted(0.3, 1_u32..6),
    ) -> Network {
        let forgets = forgets.map(|(after, then)| Forgets { after, then });
        Network { rtt, tls, resumes, bandwidth_bps, slow_start, loss_ppm, forgets, probes_every, ports }
    }
}

fn requests() -> impl Strategy<Value = Request> {
    let version = prop_oneof![6 => Just(Version::Http11), 2 => Just(Version::Http10)];
    let method = select(vec!["GET", "GET", "GET", "HEAD", "POST", "PUT"]);
    let option = select(vec!["", "", "", "close", "keep-alive"]);
    (method, version, option).prop_map(|(method, version, option)| {
        let mut request = Request::new(method, "/", version).with("Host", "a.example");
        if !option.is_empty() {
            request.headers.push("Connection", option);
        }
        request
    })
}

prop_compose! {
    fn planned()(
        request in requests(),
        content in prop_oneof![
            (0_u64..60_000).prop_map(Content::Known),
            (0_u64..60_000).prop_map(Content::Streamed),
            Just(Content::Empty),
        ],
        (at, after) in (times(30_000), times(2_000)),
        body_bytes in prop_oneof![3 => Just(0_u64), 1 => 0_u64..9_000],
        pipeline in proptest::bool::weighted(0.2),
        breaks in option::weighted(0.2, select(vec![
            Breaks::NeverAnswers, Breaks::ResetBefore, Breaks::ResetAfter, Breaks::EndsEarly,
        ])),
        follow in any::<bool>(),
    ) -> (bool, Planned) {
        let app = App { status: 200, content, after, ..App::default() };
        let request = match body_bytes {
            0 => request,
            _ => request.with("Content-Length", &body_bytes.to_string()),
        };
        (follow, Planned { start: Start::At(at), request, body_bytes, pipeline, app, breaks, ..Planned::default() })
    }
}

fn exchanges() -> impl Strategy<Value = Vec<Planned>> {
    vec(planned(), 1..9).prop_map(|list| {
        let follow =
            |(index, (follow, planned)): (usize, (bool, Planned))| match index.checked_sub(1) {
                Some(exchange) if follow => {
                    Planned { start: Start::After { exchange, gap: Us::from_ms(40) }, ..planned }
                }
                _ => planned,
            };
        list.into_iter().enumerate().map(follow).collect()
    })
}

fn loads() -> impl Strategy<Value = Load> {
    let arrivals = prop_oneof![
        times(3_000).prop_map(Arrivals::Every),
        times(3_000).prop_map(Arrivals::Poisson),
        vec(times(9_000), 1..5).prop_map(|mut gaps| {
            gaps.sort();
            Arrivals::Gaps(gaps)
        }),
    ];
    let service = select(vec![Service::AsPlanned, Service::Exponential]);
    (1_u32..8, arrivals, service).prop_map(|(count, arrivals, service)| Load {
        count,
        arrivals,
        service,
    })
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = (times(30_000), select(vec![None, Some(Restart::Graceful), Some(Restart::Abrupt)]));
    let fault = fault.prop_map(|(at, how)| match how {
        Some(how) => Fault::Restart { at, how },
        None => Fault::AddressChange { at },
    });
    prop_oneof![1 => Just(Vec::new()), 1 => vec(fault, 1..3)]
}

prop_compose! {
    fn scenarios()(
        server in servers(),
        client in products(|chosen| client_rule(chosen).is_some()),
        proxy in option::of((proxies(), networks())),
        (clients, origins) in (1_u32..6, 1_u32..4),
        network in networks(),
        exchanges in exchanges(),
        load in option::of(loads()),
        faults in faults(),
        seed in any::<u64>(),
    ) -> Scenario {
        let proxy = proxy.map(|(chosen, network)| Proxy { chosen, network });
        let until = Some(Us::from_secs(3_000));
        Scenario { server, client, proxy, clients, origins, network, exchanges, load, faults, until, seed }
    }
}

fn play(scenario: &Scenario) -> Timeline {
    run(scenario).expect("generated scenarios are well-formed")
}

/// How the requester of a hop speaks.
fn rules(scenario: &Scenario) -> Vec<Box<dyn ClientRule>> {
    let proxy = scenario.proxy.as_ref().and_then(|proxy| server_rule(&proxy.chosen)?.upstream());
    client_rule(&scenario.client).into_iter().chain(proxy).collect()
}

fn path(scenario: &Scenario, hop: usize) -> Network {
    match &scenario.proxy {
        Some(proxy) if hop == 1 => proxy.network,
        _ => scenario.network,
    }
}

/// Exchanges of a connection whose last try went over it.
fn on<'a>(
    timeline: &'a Timeline,
    connection: &'a Connection,
) -> impl Iterator<Item = (u32, &'a Exchange)> {
    // Where a request stands twice the record is that of its last try.
    let list = connection.exchanges.iter().enumerate();
    let each = list.filter(|(place, index)| !connection.exchanges[place + 1..].contains(index));
    let each = each.map(|(_, &index)| (index, timeline.on(connection, index)));
    each.filter_map(|(index, exchange)| Some((index, exchange?)))
        .filter(|(_, exchange)| exchange.connection == Some(connection.id))
}

/// When a side of a connection knows that it is closed.
fn knows(close: &Close, side: Side) -> Us {
    if close.by == side { close.at } else { close.known }
}

/// The moments of an exchange's last try, in the order in which they have to come.
fn moments(exchange: &Exchange) -> Vec<Us> {
    let mut list: Vec<Us> = exchange.wanted.into_iter().collect();
    if let Some(lost) = exchange.lost {
        list.extend([lost.sent.from, lost.sent.to, lost.known]);
        if Some(lost.connection) == exchange.connection {
            return list;
        }
    }
    let span = |span: Option<Span>| span.map_or_else(Vec::new, |span| vec![span.from, span.to]);
    list.extend(span(exchange.request_sent));
    list.extend(exchange.request_received);
    list.extend(span(exchange.work));
    list.extend(span(exchange.response_sent));
    list
}

fn has_second_try(exchange: &Exchange) -> bool {
    exchange.lost.is_some_and(|lost| {
        exchange.connection.is_some_and(|connection| connection != lost.connection)
    })
}

fn law(
    scenario: &Scenario,
    holds: fn(&Scenario, &Timeline) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    holds(scenario, &play(scenario))
}

fn settled_once(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    prop_assert_eq!(timeline.exchanges.len(), scenario.count());
    let two = scenario.proxy.is_some();
    prop_assert_eq!(timeline.forwarded.len(), if two { scenario.count() } else { 0 });
    for exchange in timeline.exchanges.iter().chain(&timeline.forwarded) {
        let answered = matches!(exchange.outcome, Outcome::Answered | Outcome::Retried);
        let received = exchange.response_received.is_some_and(|span| span.to <= timeline.end);
        prop_assert_eq!(answered, received && exchange.failure.is_none(), "{:?}", exchange);
        prop_assert_eq!(exchange.outcome == Outcome::Failed, exchange.failure.is_some());
        if answered {
            prop_assert_eq!(exchange.outcome == Outcome::Retried, exchange.lost.is_some());
        }
    }
    Ok(())
}

fn none_is_forgotten(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    let never =
        |index: usize| scenario.planned(index).and_then(|x| x.breaks) == Some(Breaks::NeverAnswers);
    for hop in 0..=1 {
        for (index, exchange) in timeline.of_hop(hop).iter().enumerate() {
            let waits = exchange.outcome == Outcome::Unanswered && exchange.wanted.is_some();
            if timeline.cut || !waits {
                continue;
            }
            let Some(id) = exchange.connection else {
                // It waits its turn behind one that has no end.
                let before = timeline.of_hop(hop).iter();
                let before = before.filter(|before| before.client == exchange.client);
                let held = before
                    .clone()
                    .any(|x| x.connection.is_some() && x.outcome == Outcome::Unanswered);
                prop_assert!(held, "exchange {index} of hop {hop} is not even sent: {exchange:?}");
                continue;
            };
            let connection = &timeline.connections[id as usize - 1];
            let gone = connection
                .close
                .as_ref()
                .is_some_and(|close| knows(close, Side::Client) < timeline.end);
            let held = never(index)
                || hop == 0
                    && timeline
                        .forwarded
                        .get(index)
                        .is_some_and(|x| x.outcome == Outcome::Unanswered);
            prop_assert!(
                !gone || held,
                "exchange {index} of hop {hop}: {exchange:?} on {connection:?}"
            );
        }
    }
    Ok(())
}

fn time_goes_on(_: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    for exchange in timeline.exchanges.iter().chain(&timeline.forwarded) {
        let moments = moments(exchange);
        prop_assert!(moments.is_sorted(), "{:?} in {:?}", moments, exchange);
        if let (Some(sent), Some(received)) = (exchange.response_sent, exchange.response_received) {
            prop_assert!(sent.from <= received.from && sent.to <= received.to);
        }
    }
    for connection in &timeline.connections {
        let shakes = [Some(connection.tcp), connection.tls];
        let mut opening: Vec<Us> =
            shakes.into_iter().flatten().flat_map(|span| [span.from, span.to]).collect();
        opening.extend(connection.idle.first().map(|wait| wait.span.from));
        prop_assert!(opening.is_sorted(), "{:?}", connection);
        for side in [Side::Client, Side::Server] {
            let waits = connection.idle.iter().filter(|wait| wait.side == side);
            let bounds: Vec<Us> = waits.flat_map(|wait| [wait.span.from, wait.span.to]).collect();
            prop_assert!(bounds.is_sorted(), "{:?}", connection);
        }
        if let Some(close) = &connection.close {
            prop_assert!(!close.because.is_empty());
            prop_assert!(
                connection.tcp.from <= close.at
                    && close.at <= close.known
                    && close.at <= close.done
            );
        }
    }
    Ok(())
}

fn first_in_first_out(_: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    for connection in &timeline.connections {
        let answers: Vec<Span> = on(timeline, connection)
            .filter_map(|(_, exchange)| exchange.response_received)
            .collect();
        for two in answers.windows(2) {
            prop_assert!(two[0].to <= two[1].from, "{:?}", connection);
        }
        let sent: Vec<Us> = on(timeline, connection)
            .filter_map(|(_, exchange)| Some(exchange.request_sent?.from))
            .collect();
        prop_assert!(sent.is_sorted(), "{:?}", connection);
    }
    Ok(())
}

fn nothing_after_a_known_close(
    scenario: &Scenario,
    timeline: &Timeline,
) -> Result<(), TestCaseError> {
    let rules = rules(scenario);
    for connection in &timeline.connections {
        let Some(close) = &connection.close else { continue };
        // Who does not look at what is idle finds out by sending.
        let looks = rules[usize::from(connection.hop)].watches_idle() || close.by == Side::Client;
        for (index, exchange) in on(timeline, connection) {
            let asked = exchange.request_sent.filter(|_| looks).map(|span| span.from);
            prop_assert!(
                asked.is_none_or(|at| at <= knows(close, Side::Client)),
                "{index}: {connection:?}"
            );
            let answered = exchange.response_sent.map(|span| span.from);
            // The server has no part in a reset by a box on the path.
            let answered = answered.filter(|_| connection.forgotten.is_none());
            prop_assert!(
                answered.is_none_or(|at| at <= knows(close, Side::Server)),
                "{index}: {connection:?}"
            );
        }
    }
    Ok(())
}

fn idle_means_idle(_: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    for connection in &timeline.connections {
        for wait in connection.idle.iter().filter(|wait| wait.side == Side::Server) {
            for (index, exchange) in on(timeline, connection) {
                let Some(from) = exchange.request_received else { continue };
                let over = connection.close.as_ref().map_or(timeline.end, |close| close.at);
                let to = exchange.response_sent.map_or(over, |sent| sent.to);
                let apart = to <= wait.span.from || from >= wait.span.to;
                prop_assert!(apart, "{index} {from:?} to {to:?}, idle {wait:?}");
            }
        }
    }
    Ok(())
}

fn sent_again_by_the_rule(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    let rules = rules(scenario);
    for (hop, rule) in (0..).zip(&rules) {
        for exchange in timeline.of_hop(hop).iter().filter(|exchange| has_second_try(exchange)) {
            prop_assert!(rule.retries(&exchange.request), "{:?}", exchange);
            let lost = exchange.lost.map_or(0, |lost| lost.connection) as usize - 1;
            let reused = timeline.connections[lost].exchanges.len() > 1;
            prop_assert!(reused || rule.retries_at_first(), "{:?}", exchange);
        }
    }
    Ok(())
}

fn done_once(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    let last = u8::from(scenario.proxy.is_some());
    for (index, exchange) in timeline.of_hop(last).iter().enumerate() {
        let again =
            has_second_try(exchange) || (last == 1 && has_second_try(&timeline.exchanges[index]));
        prop_assert!(exchange.performed <= 1 || again, "{:?}", exchange);
        let breaks = scenario.planned(index).and_then(|planned| planned.breaks);
        if breaks == Some(Breaks::ResetBefore) && !again {
            prop_assert_eq!(exchange.performed, 0);
        }
    }
    Ok(())
}

fn hop_by_hop(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    let mut each = timeline.exchanges.iter().zip(&timeline.forwarded);
    for (asked, forwarded) in each.by_ref() {
        prop_assert_eq!(asked.performed, 0);
        if let Some(wanted) = forwarded.wanted {
            let came = asked.request_received.or(asked.lost.map(|lost| lost.met));
            prop_assert!(came.is_some_and(|came| came <= wanted), "{:?} {:?}", asked, forwarded);
        }
        let status = asked.answer.as_ref().map(|answer| answer.response.status);
        if status == Some(200) && asked.response_sent.is_some() {
            let answered = matches!(forwarded.outcome, Outcome::Answered | Outcome::Retried);
            prop_assert!(answered && forwarded.performed >= 1, "{:?} {:?}", asked, forwarded);
            let came = forwarded.response_received.map(|span| span.to);
            prop_assert!(came <= asked.response_sent.map(|span| span.from));
        }
    }
    for connection in &timeline.connections {
        prop_assert!(connection.hop == 0 || scenario.proxy.is_some());
        prop_assert!(connection.hop == 1 || connection.client < scenario.clients);
        for (_, exchange) in on(timeline, connection) {
            prop_assert_eq!(exchange.client, connection.client);
        }
    }
    Ok(())
}

/// How many of these stretches of time there are at once, at most.
fn most_at_once(spans: impl Iterator<Item = Span>) -> usize {
    let mut steps: Vec<(Us, bool)> = spans
        .filter(|span| span.from < span.to)
        .flat_map(|span| [(span.from, true), (span.to, false)])
        .collect();
    steps.sort();
    let mut now = 0_usize;
    steps
        .iter()
        .map(|&(_, more)| {
            now = if more { now + 1 } else { now - 1 };
            now
        })
        .max()
        .unwrap_or(0)
}

fn ports_are_limited(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    for hop in 0..=1 {
        let Some(ports) = path(scenario, usize::from(hop)).ports else { continue };
        // Each client is a system of its own; the proxy is one.
        let systems = if hop == 0 { scenario.clients } else { 1 };
        for system in 0..systems {
            let own = |connection: &&Connection| {
                connection.hop == hop && (hop == 1 || connection.client == system)
            };
            let held = |connection: &Connection| {
                let gone = connection.close.as_ref().map_or(Us::NEVER, |close| {
                    let waits = close.time_wait.filter(|wait| wait.side == Side::Client);
                    waits.map_or(knows(close, Side::Client), |wait| wait.span.to)
                });
                Span::new(connection.opened(), gone)
            };
            let most = most_at_once(timeline.connections.iter().filter(own).map(held));
            prop_assert!(most <= ports as usize, "{most} of {ports} ports");
        }
    }
    Ok(())
}

/// Until when at least a worker is held that this exchange took.
fn worked(timeline: &Timeline, connection: &Connection, exchange: &Exchange) -> Option<Span> {
    let work = exchange.work?;
    let over = connection.close.as_ref().map_or(timeline.end, |close| knows(close, Side::Server));
    let to = exchange.response_sent.map_or(work.to, |sent| sent.to);
    Some(Span::new(work.from, to.min(over)))
}

fn workers_are_limited(scenario: &Scenario, timeline: &Timeline) -> Result<(), TestCaseError> {
    let proxy = scenario.proxy.as_ref().map(|proxy| &proxy.chosen);
    for (hop, chosen) in (0..).zip(proxy.into_iter().chain([&scenario.server])) {
        let Some(workers) = server_rule(chosen).and_then(|rule| rule.workers()) else { continue };
        let origins = timeline.connections.iter().map(|connection| connection.origin).max();
        for origin in 0..=origins.unwrap_or(0) {
            let own = timeline
                .connections
                .iter()
                .filter(|connection| (connection.hop, connection.origin) == (hop, origin));
            let most = match workers.held {
                Held::Connection => most_at_once(own.clone().filter_map(|connection| {
                    let close = connection.close.as_ref();
                    let to = close.map_or(timeline.end, |close| knows(close, Side::Server));
                    Some(Span::new(connection.admitted?, to))
                })),
                Held::Request => most_at_once(own.clone().flat_map(|connection| {
                    on(timeline, connection)
                        .filter_map(|(_, exchange)| worked(timeline, connection, exchange))
                })),
            };
            prop_assert!(most <= workers.count as usize, "{most} of {workers:?}");
            first_come_first_served(own)?;
        }
    }
    Ok(())
}

/// Connections leave the listen queue in the order in which they came into it.
fn first_come_first_served<'a>(
    connections: impl Iterator<Item = &'a Connection>,
) -> Result<(), TestCaseError> {
    let refused = |connection: &&Connection| {
        let close = connection.close.as_ref();
        close.is_none_or(|close| close.because[0].rule != "syn-unanswered")
    };
    let mut queue: Vec<&Connection> = connections.filter(refused).collect();
    queue.sort_by_key(|connection| connection.tcp.to);
    for two in queue.windows(2).filter(|two| two[0].tcp.to < two[1].tcp.to) {
        let Some(later) = two[1].admitted else { continue };
        prop_assert!(two[0].admitted.is_some_and(|first| first <= later), "{:?}", two);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_same_seed_gives_the_same_timeline(scenario in scenarios()) {
        prop_assert_eq!(play(&scenario), play(&scenario));
    }

    #[test]
    fn every_exchange_is_settled_once(scenario in scenarios()) {
        law(&scenario, settled_once)?;
    }

    #[test]
    fn nothing_waits_for_what_cannot_come(scenario in scenarios()) {
        law(&scenario, none_is_forgotten)?;
    }

    #[test]
    fn time_never_runs_backwards(scenario in scenarios()) {
        law(&scenario, time_goes_on)?;
    }

    #[test]
    fn answers_come_in_the_order_of_the_requests(scenario in scenarios()) {
        law(&scenario, first_in_first_out)?;
    }

    #[test]
    fn nothing_is_sent_on_what_is_known_to_be_closed(scenario in scenarios()) {
        law(&scenario, nothing_after_a_known_close)?;
    }

    #[test]
    fn idle_clocks_run_only_while_nothing_is_under_way(scenario in scenarios()) {
        law(&scenario, idle_means_idle)?;
    }

    #[test]
    fn requests_are_sent_again_only_by_the_rule(scenario in scenarios()) {
        law(&scenario, sent_again_by_the_rule)?;
    }

    #[test]
    fn what_is_done_twice_was_sent_twice(scenario in scenarios()) {
        law(&scenario, done_once)?;
    }

    #[test]
    fn each_forwarded_exchange_belongs_to_one_that_was_received(scenario in scenarios()) {
        law(&scenario, hop_by_hop)?;
    }

    #[test]
    fn workers_are_held_within_their_number_and_taken_in_turn(scenario in scenarios()) {
        law(&scenario, workers_are_limited)?;
    }

    #[test]
    fn ports_in_use_and_in_time_wait_are_within_the_limit(scenario in scenarios()) {
        law(&scenario, ports_are_limited)?;
    }
}
