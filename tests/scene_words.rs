//! The sentences: snapshots of verdicts, tables and tooltips. After a change that is meant to change
//! them: `INSTA_UPDATE=always cargo test --test scene_words`, and read the difference.
#![cfg(not(target_arch = "wasm32"))]
mod scene_support;

use keepalive::catalogue::ENTRIES;
use keepalive::scene::words;
use keepalive::sim::{EventKey, EventKind, Us};
use keepalive::study::{Pick, Show};
use std::fmt::Write;

fn verdict(name: &str, show: &Show) -> String {
    let said = words::verdict(show);
    let clause = said.clause.map(|clause| format!(" [{clause}]")).unwrap_or_default();
    format!("{name}\n  {}: {}\n  {}{clause}\n\n", said.sign.name(), said.text, said.why)
}

#[test]
fn verdicts_of_the_catalogue() {
    let all: String =
        ENTRIES.iter().map(|entry| verdict(entry.id, &(entry.build)().show())).collect();
    insta::assert_snapshot!("verdicts_of_the_catalogue", all);
}

#[test]
fn verdicts_of_everything_else() {
    let all: String = scene_support::all().iter().map(|(name, show)| verdict(name, show)).collect();
    insta::assert_snapshot!("verdicts_of_everything_else", all);
}

/// Every row of the table, as text.
fn table(show: &Show) -> String {
    let mut text = String::new();
    for row in words::rows(show) {
        let run = &show.runs[row.pick.run];
        let name = words::connection_name(run, row.pick.key.connection);
        let mark = if row.decides { '*' } else { ' ' };
        let (time, by, event) = (row.time(), row.by.as_str(), words::plain(&row.event));
        let clause = row.clause.map(|clause| format!(" [{clause}]")).unwrap_or_default();
        let because = [row.decision, &row.because].join(" ");
        let because = because.trim();
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{time:>8} {mark} {name:<5} {by:<6} {event} | {because}{clause}");
    }
    text
}

#[test]
fn the_table_of_a_request_that_came_too_late() {
    insta::assert_snapshot!("table_too_late", table(&scene_support::too_late()));
}

#[test]
fn the_table_of_a_race() {
    insta::assert_snapshot!("table_race", table(&scene_support::race()));
}

#[test]
fn the_table_names_both_runs() {
    let text = table(&scene_support::ten_images());
    assert!(text.contains(" A·C11 ") && text.contains(" B·C1 "));
    assert!(!text.contains(" C1 "));
}

#[test]
fn every_kind_of_mark_has_its_tooltip() {
    let show = scene_support::race();
    let mut text = String::new();
    for row in words::rows(&show) {
        let Some(tip) = words::tip(&show, row.pick) else { continue };
        let clause = tip.clause.map(|clause| format!(" [{clause}]")).unwrap_or_default();
        let _ = writeln!(text, "{}{clause}\n  {}", tip.title, tip.lines.join("\n  "));
    }
    insta::assert_snapshot!("tooltips_race", text);
}

#[test]
fn an_event_of_another_show_has_no_tooltip() {
    let key = EventKey { connection: 7, kind: EventKind::Answer, exchange: Some(9) };
    assert_eq!(words::tip(&scene_support::too_late(), Pick { run: 0, key }), None);
    assert_eq!(words::tip(&scene_support::too_late(), Pick { run: 3, key }), None);
}

#[test]
fn decisions_are_said_aloud_and_packets_are_not() {
    let show = scene_support::too_late();
    let timeline = show.runs[0].timeline().expect("it runs");
    let said: Vec<String> =
        timeline.events().iter().filter_map(|e| words::announcement(&show, 0, e)).collect();
    insta::assert_snapshot!("said_too_late", said.join("\n"));
}

#[track_caller]
fn check(given: String, wanted: &str) {
    assert_eq!(given, wanted.replace(' ', "\u{a0}"));
}

#[test]
fn numbers_have_their_units() {
    check(words::clock(Us(178_200)), "0.178 s");
    check(words::clock(Us::from_secs(900)), "900.0 s");
    check(words::about(Us(933_000)), "0.93 s");
    check(words::about(Us(28_000)), "28 ms");
    check(words::about(Us::from_secs(60)), "60 s");
    check(words::about(Us::from_ms(6_100)), "6.1 s");
    check(words::about(Us::from_secs(900)), "15 min");
    check(words::tenths(Us(3_840_000)), "3.8 s");
    check(words::tenths(Us(250_000)), "250 ms");
    check(words::tenths(Us::from_secs(897)), "14:57 min");
    check(words::rough(Us(3_412_000)), "3.4 s");
    check(words::rough(Us::from_secs(899)), "899 s");
    check(words::bytes(1), "1 byte");
    check(words::bytes(12_288), "12.3 kB");
    check(words::count(1, "connection", "connections"), "1 connection");
    check(words::count(12_000, "exchange", "exchanges"), "12 000 exchanges");
}

#[test]
fn what_decides_is_known_without_words() {
    let catalogue = ENTRIES.iter().map(|entry| (entry.build)().show());
    let others = scene_support::all().into_iter().map(|(_, show)| show);
    let mut decided = 0;
    for show in catalogue.chain(others) {
        for (index, run) in show.runs.iter().enumerate() {
            let Some(timeline) = run.timeline() else { continue };
            for event in timeline.events() {
                let row = words::row(timeline, index, &event);
                assert_eq!(words::decides(timeline, &event), row.decides, "{event:?}");
                decided += usize::from(row.decides);
            }
        }
    }
    assert!(decided > 100);
}

/// The close behind a refused empty line has its own reason: the answer before it kept the connection.
#[test]
fn a_refused_empty_line_is_told_in_the_table() {
    let study = keepalive::catalogue::study("post-extra-crlf");
    let text = table(&study.show());
    let closes = text.lines().find(|line| line.contains("A·C1  server sends FIN"));
    let closes = closes.expect("the first connection is closed by the server");
    assert!(closes.contains('*') && closes.contains("Closes. The server answers 400"), "{closes}");
    assert!(closes.ends_with("[RFC 9112 §2.2]"), "{closes}");
}

/// Without latency only waits take time, and the ruler counts in what a person can read.
#[test]
fn without_latency_the_ruler_counts_no_microseconds() {
    use keepalive::scene::{Mode, Scene, Viewport};
    let mut study = keepalive::catalogue::study("http11-default");
    for rtt in [0, 40] {
        study.scenario.network.rtt = Us(rtt);
        study.scenario.exchanges.iter_mut().for_each(|planned| planned.app.after = Us::ZERO);
        for width in [1_214.0, 358.0] {
            let scene = Scene::build(&study.show(), &Viewport::new(width, Mode::Page));
            assert!(!scene.ticks.is_empty());
            for tick in &scene.ticks {
                assert!(tick.at.0.is_multiple_of(1_000), "{} µs of latency: {}", rtt, tick.text);
            }
        }
    }
}

#[test]
fn verdicts_of_odd_answers_are_one_sentence() {
    let told = |status| {
        let mut study = keepalive::catalogue::study("http11-default");
        study.scenario.exchanges[0].app.status = status;
        words::verdict(&study.show()).text
    };
    assert_eq!(
        told(101),
        "After answer\u{a0}1 the connection carries no more HTTP: behind a 101 the connection speaks another protocol."
    );
    assert!(told(408).starts_with("The server closes after answer\u{a0}1: a 408 says that"));
}

#[test]
fn two_requests_are_both() {
    let mut study = keepalive::catalogue::study("post-extra-crlf");
    study.versus = None;
    assert_eq!(words::verdict(&study.show()).text, "Both requests use one connection.");
}

#[track_caller]
fn says(link: &str, text: &str, why: &str) {
    let parsed = keepalive::share::link::parse(link);
    assert_eq!(parsed.messages, [], "{link}");
    let said = words::verdict(&parsed.study.show());
    let plain = |text: &str| text.replace('\u{a0}', " ");
    assert_eq!((plain(&said.text).as_str(), plain(&said.why).as_str()), (text, why), "{link}");
}

#[test]
fn what_many_clients_and_proxies_run_into() {
    says(
        "v=1&scenario=none&server=apache-httpd@2.4&server.mpm=prefork&server.MaxRequestWorkers=4\
         &clients=5&rtt=40ms&exchanges=5&x2.at=100ms&x3.at=200ms&x4.at=300ms&x5.at=400ms",
        "Request 5 waited 4.64 s for a worker.",
        "Four workers were held when it came, each by an idle connection.",
    );
    says(
        "v=1&scenario=none&server=node&proxy=textbook&rtt=60ms&proxy.rtt=20ms&exchanges=2\
         &x2.method=POST&x2.at=6.085s",
        "Request 2 crossed the server’s close: the client gets 502.",
        "The proxy sent it at 6.115 s on a connection that still was open to it; it met a closed \
         socket at 6.125 s. No request came for 6 s (server.keepAliveTimeout and the buffer behind it).",
    );
    says(
        "v=1&scenario=none&exchanges=1&x1.method=POST&x1.breaks=reset-after",
        "The server reset the connection under request 1.",
        "It had done what was asked; the client sees the same bytes either way and cannot tell.",
    );
    says(
        "v=1&scenario=none&server.workers=1&server.workers+held+by=connection&server.idle+timeout=0\
         &clients=2&exchanges=2&x2.at=1s&until=10s",
        "Request 2 waited 9 s for a worker.",
        "One worker was held when it came, by an idle connection.",
    );
    says(
        "v=1&scenario=none&exchanges=1&x1.delay=5s&faults=restart:1s,abrupt",
        "The connection was reset under request 1.",
        "The server was started anew and knows none of its connections.",
    );
    says(
        "v=1&scenario=none&proxy=textbook&exchanges=1&x1.delay=5s&faults=restart:1s,abrupt",
        "The proxy’s connection was reset under request 1: the client gets 502.",
        "The server was started anew and knows none of its connections.",
    );
    says(
        "v=1&scenario=none&forgets=5s,reset&rtt=20ms&exchanges=2&x2.gap=8s",
        "The connection was reset under request 2.",
        "A box on the path has forgotten the idle connection.",
    );
}
