//! Changes of a study: what stays, what goes, and that the past is never touched.
use keepalive::catalogue;
use keepalive::profile::App;
use keepalive::protocol::{Request, Version};
use keepalive::share::link::write;
use keepalive::sim::{Start, Us};
use keepalive::study::Study;
use keepalive::study::params::Part;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

#[track_caller]
fn check(study: &Study, expected: &str) {
    assert_eq!(write(study), format!("v=1&scenario={expected}"));
}

#[test_everywhere(unsupported = test)]
fn a_setting_of_either_run() {
    let study = catalogue::study("iis4-check-box");
    check(
        &study.with("server.ConnectionTimeout", "5").expect("sound"),
        "iis4-check-box&server.ConnectionTimeout=5",
    );
    let upper = study.with_in(0, "server.ConnectionTimeout", "5").expect("sound");
    check(&upper, "iis4-check-box&vs.server.AllowKeepAlives=1&vs.server.ConnectionTimeout=5");
    let back = upper.with_in(0, "server.AllowKeepAlives", "0").expect("sound");
    check(&back, "iis4-check-box&vs.server.ConnectionTimeout=5");
    assert!(study.with("server.ConnectionTimeout", "soon").is_err());
}

#[test_everywhere(unsupported = test)]
fn another_product_keeps_what_it_knows() {
    let study = catalogue::study("iis4-check-box");
    let older = study.with_product(Part::Server, "iis", "1.0").expect("known");
    check(&older, "iis4-check-box&server=iis@1.0");
    assert_eq!(older.scenario.server.value("AllowKeepAlives"), Some("0"));
    let other = study.with_product(Part::Server, "textbook", "").expect("known");
    check(&other, "iis4-check-box&server=textbook&vs=off");
    assert_eq!(other.scenario.server.settings, []);
    assert!(study.with_product(Part::Server, "abacus", "").is_err());
    assert!(study.with_product(Part::Client, "iis", "").is_err());
}

#[test_everywhere(unsupported = test)]
fn exchanges_come_and_go() {
    let study = catalogue::study("http11-default");
    let starts = |study: &Study| -> Vec<Start> {
        study.scenario.exchanges.iter().map(|planned| planned.start).collect()
    };
    let after = |exchange, ms| Start::After { exchange, gap: Us::from_ms(ms) };
    let more = study.add_exchange();
    assert_eq!(starts(&more)[4], after(3, 0));
    let fewer = study.remove_exchange(1);
    assert_eq!(starts(&fewer), [Start::At(Us::ZERO), after(0, 200), after(1, 100)]);
    let first = study.remove_exchange(0);
    assert_eq!(starts(&first)[0], Start::At(Us::from_ms(100)));
    assert_eq!(study.remove_exchange(9), study);
    let swapped = study.swap_exchanges(1);
    assert_eq!(starts(&swapped), starts(&study));
    assert_eq!(swapped.scenario.exchanges[1].request, study.scenario.exchanges[2].request);
    let edited = study.with_exchange(0, study.scenario.exchanges[2].clone());
    assert_eq!(edited.scenario.exchanges[0].request.headers.first("Connection"), Some("close"));
}

#[test_everywhere(unsupported = test)]
fn a_comparison_by_number_goes_with_its_exchange() {
    let study = catalogue::study("http11-default");
    let change = |key: &str| vec![(key.to_owned(), "1.0".to_owned())];
    let compared = study.compared(change("x3.version"));
    assert!(compared.remove_exchange(1).versus.is_none());
    assert!(compared.remove_exchange(3).versus.is_some());
    assert!(study.compared(change("x.version")).remove_exchange(1).versus.is_some());
    assert!(study.compared(change("nonsense")).versus.is_none());
}

#[test_everywhere(unsupported = test)]
fn send_now_leaves_the_past_as_it_was() {
    for entry in catalogue::ENTRIES {
        let study = (entry.build)();
        let before = study.show();
        let now = before.stop;
        let request = Request::new("GET", "/now", Version::Http11).with("Host", "shop.example");
        let sent = study.send_now(now, request, 0, App::default());
        let after = sent.show();
        assert_eq!(after.at(), now);
        for (then, run) in before.timelines().zip(after.timelines()) {
            let past = |timeline: &keepalive::sim::Timeline| {
                let events = timeline.events().into_iter();
                events.filter(|event| event.at < now).collect::<Vec<_>>()
            };
            assert_eq!(past(then), past(run), "{}", entry.id);
            let new = run.exchanges.last().expect("it was added");
            assert_eq!(new.wanted, Some(now), "{}", entry.id);
            assert!(new.response_received.is_some(), "{}", entry.id);
        }
    }
}

#[test_everywhere(unsupported = test)]
fn sending_after_the_end_goes_on() {
    let study = catalogue::study("http11-default").with("until", "1s").expect("sound");
    let request = Request::new("GET", "/", Version::Http11).with("Host", "shop.example");
    let sent = study.send_now(Us::from_secs(3), request, 0, App::default());
    assert_eq!(sent.scenario.until, None);
    assert!(sent.show().runs[0].timeline().expect("runs").answered(4).is_some());
}
