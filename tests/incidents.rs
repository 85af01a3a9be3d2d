//! Each incident is run: its link shows what its text says, and with the knob turned it is gone.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue::incidents::INCIDENTS;
use keepalive::share::link;
use keepalive::sim::{CloseHow, Connection, Exchange, Failure, Outcome, Side, Timeline, Us, run};

/// The run that a link is about: in a comparison the one above, in which the knob is turned.
fn shown(fragment: &str) -> Timeline {
    let parsed = link::parse(fragment);
    assert_eq!(parsed.messages, [], "{fragment}");
    run(&parsed.study.scenario_of(0)).expect("the scenario is sound")
}

fn on(timeline: &Timeline, hop: u8) -> Vec<&Connection> {
    timeline.connections.iter().filter(|it| it.hop == hop).collect()
}

/// Connections of a hop.
fn count(timeline: &Timeline, hop: u8) -> usize {
    on(timeline, hop).len()
}

fn failures(timeline: &Timeline, failure: Failure) -> usize {
    timeline.exchanges.iter().filter(|it| it.failure == Some(failure)).count()
}

fn all_answered(timeline: &Timeline) -> bool {
    timeline.exchanges.iter().all(|it| it.outcome == Outcome::Answered)
}

fn status(exchange: &Exchange) -> u16 {
    exchange.answer.as_ref().map_or(0, |answer| answer.response.status)
}

fn statuses(timeline: &Timeline) -> Vec<u16> {
    timeline.exchanges.iter().map(status).collect()
}

/// From the wish to the last byte of the answer.
fn took(exchange: &Exchange) -> Us {
    exchange.response_received.expect("it is answered").to - exchange.wanted.expect("it was wanted")
}

/// When the last answer has come.
fn done(timeline: &Timeline) -> Us {
    timeline.done().expect("something was answered")
}

/// How many exchanges each server behind the name performed.
fn shares(timeline: &Timeline) -> Vec<usize> {
    let servers = timeline.connections.iter().map(|it| it.origin).max().map_or(0, |last| last + 1);
    (0..servers)
        .map(|server| {
            on(timeline, 0)
                .iter()
                .filter(|it| it.origin == server)
                .map(|it| it.exchanges.len())
                .sum()
        })
        .collect()
}

fn closed_by(connection: &Connection) -> Option<(Side, CloseHow)> {
    connection.close.as_ref().map(|close| (close.by, close.how))
}

/// Does the link show the incident, and the turned knob its end?
fn holds(id: &str, it: &Timeline, then: &Timeline) -> bool {
    let falls = |before: usize, after: usize| {
        count(it, 0) == before && count(then, 0) == after && all_answered(it) && all_answered(then)
    };
    let behind = |before: usize, after: usize| {
        count(it, 1) == before && count(then, 1) == after && all_answered(it) && all_answered(then)
    };
    match id {
        "idle-race-502" => {
            statuses(it) == [200, 502]
                && it.forwarded[1].failure == Some(Failure::Lost)
                && it.forwarded[1].performed == 0
                && statuses(then) == [200, 200]
        }
        "tcp-vs-http-keepalive" => {
            let first = &it.connections[0];
            falls(2, 1)
                && closed_by(first) == Some((Side::Server, CloseHow::Fin))
                && first.forgotten.is_none()
        }
        "nginx-upstream" => behind(10, 1),
        "unread-body" | "client-per-call" | "http10-ab" => falls(5, 1),
        "retry-post" => {
            let post = |timeline: &Timeline| {
                (timeline.exchanges[1].outcome, timeline.exchanges[1].performed)
            };
            post(it) == (Outcome::Retried, 2) && post(then) == (Outcome::Failed, 1)
        }
        "ka-header-http11" | "h2-forbidden" => falls(1, 1) && done(it) == done(then),
        "fetch-keepalive" => falls(1, 1),
        "ka-timeout-hint" => {
            let says = |timeline: &Timeline| {
                let answer = timeline.exchanges[0].answer.as_ref().expect("it is answered");
                answer.response.headers.iter().any(|field| field.value.contains("timeout=5"))
            };
            says(it) && failures(it, Failure::Lost) == 1 && all_answered(then)
        }
        "prefork-exhaustion" => {
            let last = it.exchanges.len() - 1;
            took(&it.exchanges[last]) > Us::from_secs(5)
                && it.exchanges[..last].iter().all(|it| took(it) < Us::from_ms(200))
                && then.exchanges.iter().all(|it| took(it) < Us::from_ms(200))
        }
        "time-wait-ports" => {
            failures(it, Failure::NoPort) == 2
                && count(it, 0) == 10
                && all_answered(then)
                && count(then, 0) == 1
        }
        "nat-silent-drop" => {
            it.connections[0].forgotten.is_some()
                && failures(it, Failure::Lost) == 1
                && then.connections[0].forgotten.is_none()
                && all_answered(then)
        }
        "k8s-pinning" => shares(it) == [12] && shares(then) == [4, 4, 4],
        "dns-pinning" => shares(it) == [10] && shares(then) == [6, 0, 4],
        "graceful-shutdown" => failures(it, Failure::Lost) == 1 && all_answered(then),
        "max-requests" | "no-length" | "reference-wrong" | "ignored-setting"
        | "python-http-server" => falls(3, 1),
        "reset-eats-response" => {
            closed_by(&it.connections[0]) == Some((Side::Server, CloseHow::Rst))
                && closed_by(&then.connections[0]).is_none_or(|(_, how)| how == CloseHow::Fin)
        }
        "who-closes" => {
            falls(2, 1) && closed_by(&it.connections[0]) == Some((Side::Server, CloseHow::Fin))
        }
        "pool-size" => behind(10, 6),
        "hop-by-hop" => {
            let forwards =
                |it: &Exchange| it.request.headers.iter().any(|field| field.value == "close");
            count(it, 0) == 3
                && count(it, 1) == 1
                && !it.forwarded.iter().any(forwards)
                && count(then, 1) == 3
        }
        "connection-auth" => {
            let users = |connection: &&Connection| {
                let clients = connection.exchanges.iter().map(|index| index % 2);
                clients.collect::<std::collections::BTreeSet<_>>().len()
            };
            on(it, 1).iter().map(users).max() == Some(2)
                && on(then, 1).iter().all(|it| users(it) == 1)
        }
        "parallel-and-preconnect" => {
            falls(1, 6) && done(it) > Us::from_ms(1_400) && done(then) < Us::from_ms(400)
        }
        "default-drift" => falls(2, 1),
        "upgrade-map" => behind(5, 1),
        _ => panic!("{id} has no claim here"),
    }
}

#[test]
fn every_incident_is_what_its_run_shows() {
    let told = |timeline: &Timeline| {
        let ends = timeline
            .connections
            .iter()
            .map(|it| (it.hop, it.origin, it.exchanges.clone(), closed_by(it)));
        let outcomes =
            timeline.exchanges.iter().map(|it| (it.outcome, it.failure, status(it), it.performed));
        format!("{:?} {:?}", ends.collect::<Vec<_>>(), outcomes.collect::<Vec<_>>())
    };
    let runs = INCIDENTS.iter().map(|it| (it.id, shown(it.link), shown(it.fixed)));
    let wrong: Vec<String> = runs
        .filter(|(id, it, then)| !holds(id, it, then))
        .map(|(id, it, then)| format!("{id}\n  shown: {}\n  turned: {}", told(&it), told(&then)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
