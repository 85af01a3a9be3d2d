//! Shows for the tests of the scene: small, and built from the textbook server alone, so that a
//! product's correction changes no picture here.
#![allow(dead_code, reason = "each test file uses its part of this module")]
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{Network, Planned, Scenario, Start, Timeline, Tls, Us};
use keepalive::study::{Focus, Run, Show, Study, Versus};

pub const FAR: Network = Network {
    rtt: Us::from_ms(60),
    tls: Tls::V13,
    bandwidth_bps: Some(20_000_000),
    ..Network::PLAIN
};
pub const NEAR: Network =
    Network { rtt: Us::from_ms(4), tls: Tls::None, bandwidth_bps: None, ..Network::PLAIN };

pub fn get(target: &str, bytes: u64, work_ms: u64, start: Start) -> Planned {
    let request = Request::new("GET", target, Version::Http11).with("Host", "shop.example");
    let app = App { content: Content::Known(bytes), after: Us::from_ms(work_ms), ..App::default() };
    Planned { start, request, app, ..Planned::default() }
}

pub fn at(ms: u64) -> Start {
    Start::At(Us::from_ms(ms))
}

fn page() -> Vec<Planned> {
    const IMAGES: [u64; 10] =
        [9_200, 11_800, 7_400, 12_600, 10_100, 8_300, 13_000, 6_900, 11_200, 9_700];
    let after = Start::After { exchange: 0, gap: Us::ZERO };
    let images = IMAGES.iter().zip(1..);
    let images = images.map(|(bytes, n)| get(&format!("/img/{n}.webp"), *bytes, 8, after));
    std::iter::once(get("/", 12_288, 28, at(0))).chain(images).collect()
}

pub fn textbook(settings: &[(&str, &str)]) -> Chosen {
    settings
        .iter()
        .fold(Chosen::new("textbook", ""), |chosen, (name, value)| chosen.with(name, value))
}

pub fn scenario(server: Chosen, network: Network, exchanges: Vec<Planned>) -> Scenario {
    Scenario { server, network, exchanges, ..Scenario::default() }
}

/// One run.
pub fn show(scenario: Scenario) -> Show {
    let run = Run::new(scenario.clone());
    let stop = run.timeline().and_then(Timeline::done).unwrap_or_default();
    Show { study: Study::of(scenario), runs: vec![run], focus: Focus::Exchange(0), stop }
}

/// Two runs, the first drawn above.
pub fn beside(above: Scenario, below: Scenario, labels: [&str; 2], apart: [&str; 2]) -> Show {
    let mut study = Study::of(below.clone());
    study.versus = Some(Versus::default());
    let runs = [(above, "A", 0), (below, "B", 1)].map(|(scenario, name, index)| Run {
        name,
        label: labels[index].into(),
        apart: apart[index].into(),
        ..Run::new(scenario)
    });
    let stop = runs.iter().filter_map(|run| run.timeline()?.done()).max().unwrap_or_default();
    Show { study, runs: runs.into(), focus: Focus::Saved, stop }
}

/// A page with ten images, without and with keep-alive.
pub fn ten_images() -> Show {
    let off = scenario(textbook(&[("persistence", "off")]), FAR, page());
    let on = scenario(textbook(&[("idle timeout", "5")]), FAR, page());
    let labels = ["Without keep-alive", "With keep-alive"];
    beside(off, on, labels, ["persistence off", "persistence on"])
}

/// The same with a browser that opens six connections.
pub fn six_at_once() -> Show {
    let browser = |mut scenario: Scenario| {
        scenario.client = Chosen::new("browser", "");
        scenario
    };
    let off = scenario(textbook(&[("persistence", "off")]), FAR, page());
    let on = scenario(textbook(&[("idle timeout", "5")]), FAR, page());
    let labels = ["Without keep-alive", "With keep-alive"];
    beside(browser(off), browser(on), labels, ["persistence off", ""])
}

/// Three requests: one in time, one too late.
pub fn too_late() -> Show {
    let exchanges = vec![
        get("/a", 2_000, 20, at(0)),
        get("/b", 2_000, 20, at(3_300)),
        get("/c", 2_000, 20, at(9_500)),
    ];
    show(scenario(textbook(&[("idle timeout", "5")]), FAR, exchanges))
}

/// One request, then 900 s of nothing.
pub fn long_wait() -> Show {
    let exchanges = vec![get("/", 2_000, 20, at(0)), get("/logo.gif", 2_000, 20, at(300))];
    show(scenario(textbook(&[("idle timeout", "900")]), FAR, exchanges))
}

/// A request that crosses the server's close.
pub fn race() -> Show {
    let mut order = get("/order", 200, 3, at(0));
    order.request = Request::new("POST", "/order", Version::Http11)
        .with("Host", "a")
        .with("Content-Length", "0");
    order.start = Start::At(Us(5_009_800));
    let mut scenario = scenario(
        textbook(&[("idle timeout", "5")]),
        NEAR,
        vec![get("/health", 2, 3, at(0)), order],
    );
    scenario.client = Chosen::new("browser", "");
    show(scenario)
}

/// So many requests, one after the other.
pub fn many(exchanges: usize, persistence: &str) -> Show {
    let after = |index: usize| match index.checked_sub(1) {
        Some(exchange) => Start::After { exchange, gap: Us::from_ms(1) },
        None => at(0),
    };
    let list = (0..exchanges).map(|index| get("/", 500, 2, after(index))).collect();
    show(scenario(textbook(&[("persistence", persistence)]), NEAR, list))
}

pub fn empty() -> Show {
    show(Scenario::default())
}

/// A setting that cannot be read.
pub fn wrong() -> Show {
    show(scenario(textbook(&[("idle timeout", "soon")]), NEAR, vec![get("/", 5, 1, at(0))]))
}

/// Every show, by name.
pub fn all() -> Vec<(&'static str, Show)> {
    vec![
        ("ten-images", ten_images()),
        ("six-at-once", six_at_once()),
        ("too-late", too_late()),
        ("long-wait", long_wait()),
        ("race", race()),
        ("many-kept", many(300, "on")),
        ("many-closed", many(300, "off")),
        ("empty", empty()),
        ("wrong", wrong()),
    ]
}

/// Is every element closed, and nothing left that XML forbids? A small reader: it knows what
/// the writer writes.
pub fn is_well_formed(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        if rest[..start].contains('>') || bare_ampersand(&rest[..start]) {
            return false;
        }
        let Some(end) = rest[start..].find('>') else { return false };
        let tag = &rest[start + 1..start + end];
        rest = &rest[start + end + 1..];
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
        if !tag.matches('"').count().is_multiple_of(2) || bare_ampersand(tag) || tag.contains('<') {
            return false;
        }
        if name == "style" && !tag.starts_with('/') {
            let Some(end) = rest.find("</style>") else { return false };
            rest = &rest[end + "</style>".len()..];
        } else if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return false;
            }
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    open.is_empty() && !text.chars().any(|c| c.is_control() && c != '\n')
}

fn bare_ampersand(text: &str) -> bool {
    text.split('&').skip(1).any(|after| {
        !["lt;", "gt;", "amp;", "quot;"].iter().any(|entity| after.starts_with(entity))
    })
}
