//! What would change a verdict: said only where a run says so.
use keepalive::catalogue::{self, ENTRIES};
use keepalive::share::link::{parse, write};
use keepalive::sim::{EventKey, EventKind, run};
use keepalive::study::params::Part;
use keepalive::study::what_if::what_if;
use keepalive::study::{Pick, Study};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(study: &Study, pick: Pick, expected: &[[&str; 2]]) {
    let told: Vec<[String; 2]> =
        what_if(study, pick).into_iter().map(|found| [found.label, found.effect]).collect();
    assert_eq!(told, expected);
}

/// About what the verdict is about.
#[track_caller]
fn natural(id: &str, expected: &[[&str; 2]]) {
    let study = catalogue::study(id);
    let pick = study.show().picked().expect("something is picked");
    check(&study, pick, expected);
}

#[test_everywhere(unsupported = test)]
fn a_page_over_one_connection() {
    natural(
        "page-ten-images",
        &[
            ["Add `Connection: close`", "closes; request 2 opens C2"],
            ["Make it HTTP/1.0", "closes; request 2 opens C2"],
            ["Set `KeepAlive Off`", "closes; 11 connections instead of 1"],
            ["Leave out the length", "stays open, sent in chunks"],
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn the_same_in_the_run_above() {
    let study = catalogue::study("page-ten-images");
    let key = EventKey { connection: 2, kind: EventKind::Answer, exchange: Some(1) };
    check(
        &study,
        Pick { run: 0, key },
        &[
            ["Set `KeepAlive On`", "stays open; 1 connection instead of 11"],
            ["Leave out the length", "still closes, sent in chunks"],
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn only_asking_helps_a_crawler() {
    natural(
        "crawler-high-timeout",
        &[
            ["Let the client ask for keep-alive", "stays open; 1 connection instead of 5"],
            ["Leave out the length", "still closes, ended by the close"],
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn a_request_that_came_too_late() {
    natural(
        "idle-too-late",
        &[
            [
                "Set `KeepAliveTimeout 10`",
                "request 3 uses C1 again; all done after 9.44\u{a0}s instead of 9.56\u{a0}s",
            ],
            ["Add `Connection: close`", "closes; the request says close"],
            ["Make it HTTP/1.0", "closes; the HTTP/1.0 request does not ask for keep-alive"],
            ["Set `KeepAlive Off`", "closes; request 2 opens C2"],
            ["Leave out the length", "stays open, sent in chunks"],
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn a_limit_is_written_as_its_product_writes_it() {
    let study = catalogue::study("idle-too-late");
    let study = study.with_product(Part::Server, "nginx", "").expect("known");
    let study = study.with("server.keepalive_timeout", "5s").expect("sound");
    let pick = study.show().picked().expect("the close");
    let found = what_if(&study, pick);
    assert_eq!(found[0].label, "Set `keepalive_timeout 10s`");
    assert!(found[0].effect.starts_with("request 3 uses C1 again"), "{}", found[0].effect);
}

#[test_everywhere(unsupported = test)]
fn the_buffer() {
    natural(
        "java-4k-buffer",
        &[
            ["Set `output buffer 40960`", "stays open; request 3 uses C1 again"],
            ["Make the length known", "stays open; request 3 uses C1 again"],
            [
                "Let the client not ask",
                "request 2 opens C2; all done after 0.59\u{a0}s instead of 0.53\u{a0}s",
            ],
        ],
    );
}

#[test_everywhere(unsupported = test)]
fn nothing_is_said_of_a_run_that_cannot_run() {
    let mut study = catalogue::study("http11-default");
    let key = EventKey { connection: 1, kind: EventKind::Answer, exchange: Some(0) };
    let pick = Pick { run: 0, key };
    assert!(!what_if(&study, pick).is_empty());
    let beyond = EventKey { exchange: Some(99), ..key };
    assert_eq!(what_if(&study, Pick { run: 0, key: beyond }), []);
    study.scenario.server.product = "abacus".into();
    assert_eq!(what_if(&study, pick), []);
}

#[test_everywhere(unsupported = test)]
fn every_suggestion_is_a_study_that_runs_differently() {
    for entry in ENTRIES {
        let show = catalogue::study(entry.id).show();
        for (which, shown) in show.runs.iter().enumerate() {
            let timeline = shown.timeline().expect("runs");
            for event in timeline.events().into_iter().step_by(7) {
                let found = what_if(&show.study, Pick { run: which, key: event.key });
                assert!(found.len() <= 5);
                for suggestion in found {
                    let link = write(&suggestion.study);
                    let opened = parse(&link);
                    assert_eq!(opened.messages, [], "{link}");
                    let other = run(&opened.study.scenario_of(which)).expect("runs");
                    assert_ne!(&other, timeline, "{link}");
                    assert!(!suggestion.effect.is_empty());
                }
            }
        }
    }
}
