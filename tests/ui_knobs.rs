//! The controls of proxy, clients, load and faults: what each of them sets, and what is refused.
use keepalive::study::params;
use keepalive::ui::knobs::{BREAKS, CROWD, FAULTS, Knob, PATH, PROXY, used};
use keepalive::ui::state::{Model, Msg};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// With a proxy and a load every control is there.
const ALL: &str = "scenario=http11-default&proxy=textbook&load=every:1s";

#[track_caller]
fn check(link: &str, msgs: impl IntoIterator<Item = Msg>, expected: &str) -> Model {
    let mut model = Model::new(link);
    for msg in msgs {
        model.update(msg);
    }
    assert_eq!(model.link(), format!("v=1&scenario={expected}"));
    model
}

fn set(key: &str, value: &str) -> Msg {
    Msg::Set(key.into(), value.into())
}

fn knobs() -> impl Iterator<Item = &'static Knob> {
    [PROXY, CROWD, PATH, FAULTS, &[BREAKS]].into_iter().flatten()
}

#[test_everywhere(unsupported = test)]
fn every_form_of_every_control_can_be_set_and_is_read_back() {
    for knob in knobs() {
        for (index, form) in knob.forms.iter().enumerate() {
            let mut model = Model::new(ALL);
            let before = model.field(knob.key).0;
            let value = knob.chosen(&before, form);
            model.update(set(knob.key, &value));
            let (text, problem) = model.field(knob.key);
            assert_eq!(problem, None, "{} = {value}", knob.key);
            assert_eq!(knob.read(&text).0, Some(index), "{} = {value}, shown as {text}", knob.key);
            // As it is understood, not as it was typed.
            model.update(Msg::Leave(knob.key.into()));
            assert_eq!(knob.read(&model.field(knob.key).0).0, Some(index), "{}", knob.key);
        }
    }
}

#[test_everywhere(unsupported = test)]
fn what_is_typed_stays_when_it_means_the_same_in_another_form() {
    let load = CROWD.iter().find(|knob| knob.key == "load").expect("a row of the table");
    let form = |word: &str| load.forms.iter().find(|form| form.word == word).expect("a form");
    assert_eq!(load.chosen("every:7ms", form("random")), "poisson:7ms");
    assert_eq!(load.chosen("every:7ms", form("once")), "none");
    assert_eq!(load.chosen("every:7ms", form("quantiles")), "gaps:0.1s,2s,90s");
    // Several faults are one text, to be typed as it stands in a link.
    let several = "restart:5s,abrupt;address:9s";
    assert_eq!(FAULTS[0].read(several), (None, several));
}

#[test_everywhere(unsupported = test)]
fn a_proxy_comes_with_its_settings_and_goes_with_them() {
    let plain = "scenario=http11-default";
    let with = [set("proxy", "textbook"), set("proxy.rtt", "7ms")];
    let model = check(plain, with.clone(), "http11-default&proxy=textbook&proxy.rtt=7ms");
    assert!(model.more && model.show.behind_proxy().is_some());
    let gone = check(plain, with.into_iter().chain([set("proxy", "none")]), "http11-default");
    assert!(gone.more, "what stood open is not closed under the hand");
    assert!(gone.show.behind_proxy().is_none());
}

#[test_everywhere(unsupported = test)]
fn a_load_and_a_fault_are_set_and_undone() {
    let plain = "scenario=http11-default";
    check(
        plain,
        [set("load", "poisson:20ms"), set("load.count", "30"), set("faults", "restart:1s,abrupt")],
        "http11-default&load=poisson:20ms&load.count=30&faults=restart:1s,abrupt",
    );
    check(plain, [set("clients", "3"), Msg::Undo], "http11-default");
    check(plain, [set("x.breaks", "never")], "http11-default&x1.breaks=never");
}

#[test_everywhere(unsupported = test)]
fn more_than_the_page_can_run_is_refused_with_the_bound() {
    let mut model = Model::new("scenario=none&exchanges=200&load=every:1s");
    for (text, words) in [("501", "at most 500 rounds"), ("0", "1 to 1000000")] {
        model.update(Msg::Type("load.count".into(), text.into()));
        let (kept, problem) = model.field("load.count");
        assert_eq!(kept, text);
        assert!(problem.is_some_and(|problem| problem.contains(words)), "{text}: {problem:?}");
    }
    assert_eq!(model.scenario().count(), 200 * 100, "as it was before");
}

#[test_everywhere(unsupported = test)]
fn the_controls_stand_open_where_one_of_them_is_used() {
    for (link, expected) in [
        ("scenario=http11-default", false),
        ("scenario=http11-default&rtt=9ms&tls=1.3&bandwidth=1Mbit", false),
        ("scenario=http11-default&clients=2", true),
        ("scenario=http11-default&ports=3", true),
        (ALL, true),
    ] {
        let model = Model::new(link);
        assert_eq!((used(model.scenario()), model.more), (expected, expected), "{link}");
    }
    // What means nothing without a proxy or a load has no value, and so no control.
    let plain = Model::new("scenario=http11-default");
    let there = knobs().filter(|knob| params::get(plain.scenario(), knob.key).is_some());
    let absent =
        there.filter(|knob| knob.key.starts_with("proxy") || knob.key.starts_with("load."));
    assert_eq!(absent.map(|knob| knob.key).collect::<Vec<_>>(), [""; 0]);
}
