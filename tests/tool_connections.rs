//! How many connections a load takes: the calculation against long runs of the simulation.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::share::link;
use keepalive::sim::{Arrivals, Scenario, Us, run};
use keepalive::study::Study;
use keepalive::study::stats::Stats;
use keepalive::tool::connections::{Demand, TOOL, measured};
use keepalive::tool::{Answer, Asked};

const PAGE: Demand = Demand {
    arrivals: 20.0,
    elements: 10,
    parallel: 6,
    service: Us::from_ms(20),
    rtt: Us::from_ms(50),
    idle: Us::from_secs(5),
    client_closes: false,
    clients: 0,
    memory_kb: 20.0,
    workers: 256,
};

#[track_caller]
fn near(what: &str, theory: f64, found: f64, share: f64) {
    let off = (found / theory - 1.0).abs();
    assert!(off < share, "{what}: {theory} calculated, {found} in the run, {off} apart");
}

/// Within a small share of what a run shows. Pages that come evenly have the same mean as those that
/// come at random, and need no long run to show it.
#[track_caller]
fn check(demand: &Demand, share: f64) {
    let need = demand.need();
    let (mut scenario, settled) = demand.scenario().expect("short enough");
    let load = scenario.load.as_mut().expect("it is a load");
    if demand.clients > 0 {
        load.count += 10_000;
    } else {
        load.arrivals =
            Arrivals::Every(Us::from_ms_f64(1_000.0 / demand.arrivals).expect("a time"));
    }
    let timeline = run(&scenario).expect("it runs");
    assert!(!timeline.cut);
    let over = measured(&timeline, settled).expect("it settles");
    let stats = Stats::between(&timeline, 0, over);
    let side = usize::from(!demand.client_closes);
    near("open", need.open, stats.open.mean, share);
    near("by connection", need.held_by_connection, stats.held_by_connection.mean, share);
    near("by request", need.held_by_request, stats.held_by_request.mean, share);
    near("opened", need.opened_per_second, stats.opened_per_second(), share);
    near("TIME_WAIT", need.time_wait, stats.time_wait[side].mean, share);
    near("Little", stats.little(), stats.open.mean, share);
}

#[test]
fn visitors_who_do_not_come_back() {
    check(&PAGE, 0.01);
    check(&Demand { idle: Us::from_secs(15), ..PAGE }, 0.01);
    check(&Demand { client_closes: true, ..PAGE }, 0.01);
    check(&Demand { elements: 0, arrivals: 50.0, ..PAGE }, 0.01);
    check(&Demand { elements: 3, parallel: 1, ..PAGE }, 0.01);
    check(&Demand { rtt: Us::ZERO, service: Us::from_ms(100), idle: Us::from_ms(1), ..PAGE }, 0.01);
}

#[test]
fn visitors_who_come_back() {
    // Two take turns, ten seconds apart in the mean: some of them after the limit, some before.
    let back = Demand { clients: 2, arrivals: 0.2, idle: Us::from_secs(10), ..PAGE };
    check(&Demand { elements: 0, ..back }, 0.05);
    let always_open = Demand { clients: 100, idle: Us::from_secs(15), elements: 0, ..PAGE };
    let need = always_open.need();
    near("open", 100.0, need.open, 0.001);
    assert!(need.opened_per_second < 0.001, "{need:?}");
}

#[test]
fn what_workers_bear() {
    let idle = PAGE.bearable().expect("without idle wait they are enough");
    let at = |idle| Demand { idle, ..PAGE }.need().held_by_connection;
    assert!(at(idle) <= 256.0 && at(idle + Us::from_ms(2)) > 256.0, "{idle}");
    assert_eq!(Demand { workers: 1, ..PAGE }.bearable(), None);
}

fn ask(changes: &[(&str, &str)]) -> Answer {
    let mut pairs = TOOL.defaults();
    for (name, value) in changes {
        let slot = pairs.iter_mut().find(|(known, _)| known == name).expect("a field");
        slot.1 = (*value).to_owned();
    }
    (TOOL.answer)(&Asked { pairs: &pairs, study: &Study::of(Scenario::default()), width: 700.0 })
}

#[test]
fn what_is_said() {
    let answer = ask(&[]);
    assert_eq!(answer.problems, []);
    assert!(answer.say.contains("visitors wait for a place"), "{}", answer.say);
    assert!(answer.more.contains("in a run"), "{}", answer.more);
    let long = ask(&[("idle", "900")]);
    assert!(long.more.contains("No run stands beside it"), "{}", long.more);
}

#[track_caller]
fn wrong(field: &'static str, value: &str, part: &str) {
    let answer = ask(&[(field, value)]);
    let problem = answer.problems.iter().find(|problem| problem.field == field);
    let text = problem.map(|problem| problem.text.as_str()).unwrap_or_default();
    assert!(text.contains(part), "{field}={value}: {text}");
}

#[test]
fn bad_input_is_named_with_its_bound() {
    wrong("arrivals", "0", "0.001 to");
    wrong("arrivals", "NaN", "0.001 to");
    wrong("elements", "2.5", "A whole number");
    wrong("elements", "501", "0 to 500");
    wrong("idle", "0", "1\u{a0}ms to");
    wrong("service", "2h", "60\u{a0}min");
    wrong("clients", "3", "would overlap");
    wrong("workers", "", "A number is wanted");
}

#[test]
fn examples_are_sound() {
    for preset in TOOL.presets {
        assert_eq!(ask(preset.values).problems, [], "{}", preset.label);
        assert_eq!(link::parse(preset.link).messages, [], "{}", preset.label);
    }
}
