//! The same scenario gives the same timeline natively and in wasm, to the last byte: each run of
//! the catalogue, and a dozen with chance in them, is written out, and the fingerprint of the text is
//! compared with a checked-in one.
//!
//! After a change that is meant to change timelines: `UPDATE_FINGERPRINTS=1 cargo test --test same_everywhere`.
use keepalive::catalogue::ENTRIES;
use keepalive::sim::{Scenario, Timeline, run};
use keepalive::study::params;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const KNOWN: &str = include_str!("fingerprints.txt");

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What the catalogue has little of: two hops, chance, faults. As links write it; each run has its
/// own name for a line of the list.
const MORE: [(&str, &str); 14] = [
    ("poisson", "load=poisson:20ms load.count=300 clients=7"),
    (
        "poisson, another seed",
        "load=poisson:20ms load.count=300 clients=7 seed=18446744073709551615",
    ),
    (
        "exponential service",
        "load=every:30ms load.count=300 clients=5 x.delay=25ms load.service=exponential",
    ),
    ("gaps by quantiles", "load=gaps:0.1s,2s,7.5s,90s load.count=200 server.idle_timeout=5"),
    ("loss", "loss=3% rtt=60ms load=poisson:50ms load.count=300 clients=3"),
    (
        "loss and bandwidth",
        "loss=1.5% rtt=33ms bandwidth=2Mbit slow-start=1 x.content=123457 exchanges=20 client=browser",
    ),
    ("proxy", "proxy=textbook rtt=60ms proxy.rtt=2ms load=poisson:10ms load.count=300 clients=20"),
    (
        "proxy, loss on both",
        "proxy=textbook rtt=60ms loss=2% proxy.loss=5% proxy.rtt=11ms load=poisson:40ms load.count=300 clients=20",
    ),
    (
        "graceful restart",
        "faults=restart:2s,graceful load=poisson:25ms load.count=200 clients=4 x.delay=30ms",
    ),
    (
        "abrupt restart behind a proxy",
        "proxy=textbook faults=restart:2s,abrupt;address:3s load=poisson:25ms load.count=200 clients=4 x.delay=30ms origins=3",
    ),
    (
        "forgotten and reset",
        "forgets=3s,reset load=gaps:0s,1s,9s load.count=100 server.idle_timeout=60",
    ),
    (
        "forgotten in silence",
        "forgets=3s,dropped load=gaps:0s,1s,9s load.count=100 server.idle_timeout=60 until=6000s",
    ),
    (
        "few ports",
        "ports=5 client=node-agent server.persistence=off load=poisson:100ms load.count=300 x.delay=250ms load.service=exponential",
    ),
    (
        "everything breaks",
        "exchanges=8 x2.breaks=reset-before x3.breaks=reset-after x5.breaks=early x7.breaks=never until=90s tls=1.3 resumes=1 rtt=48.123ms client=browser proxy=textbook",
    ),
];

fn scenario(parameters: &str) -> Scenario {
    let pairs: Vec<(&str, &str)> =
        parameters.split(' ').map(|pair| pair.split_once('=').expect("a pair")).collect();
    let mut one = Scenario::default();
    params::set(&mut one, "exchanges", "1").expect("sound");
    let (made, errors) = params::apply(&one, &pairs);
    assert_eq!(errors, [], "{parameters}");
    made
}

fn line(name: &str, index: usize, timeline: &Timeline) -> String {
    let hash = fingerprint(&format!("{timeline:?}{:?}", timeline.events()));
    format!("{name} {index} {hash:016x}\n")
}

fn fingerprints() -> String {
    let mut lines = String::new();
    for entry in ENTRIES {
        for (index, run) in (entry.build)().show().runs.iter().enumerate() {
            let timeline = run.result.as_ref().expect("every entry of the catalogue runs");
            lines.push_str(&line(entry.id, index, timeline));
        }
    }
    for (name, parameters) in MORE {
        let timeline = run(&scenario(parameters)).expect("it runs");
        assert!(timeline.exchanges.len() > 7, "{name}");
        lines.push_str(&line(name, 0, &timeline));
    }
    lines
}

#[test_everywhere(unsupported = test)]
fn timelines_are_the_same_in_both_worlds() {
    let now = fingerprints();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_FINGERPRINTS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fingerprints.txt");
        std::fs::write(path, &now).expect("the file can be written");
        return;
    }
    assert_eq!(now, KNOWN);
}
