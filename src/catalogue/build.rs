//! What the entries are built from.
use crate::profile::{App, Chosen, Content};
use crate::protocol::{Request, Version};
use crate::sim::{Network, Planned, Scenario, Start, Tls, Us};
use crate::study::{Study, Versus};

/// The host of every example (RFC 2606).
pub(super) const HOST: &str = "shop.example";

/// A visitor some thousand kilometres away, over TLS.
pub(super) const FAR: Network = Network {
    rtt: Us::from_ms(60),
    tls: Tls::V13,
    bandwidth_bps: Some(20_000_000),
    ..Network::PLAIN
};

/// The same distance in the clear.
pub(super) const PLAIN: Network =
    Network { rtt: Us::from_ms(60), tls: Tls::None, bandwidth_bps: None, ..Network::PLAIN };

/// A modem in 1996, seen as latency only: each visitor has a line of his own.
pub(super) const MODEM: Network =
    Network { rtt: Us::from_ms(200), tls: Tls::None, bandwidth_bps: None, ..Network::PLAIN };

pub(super) const AT_ONCE: Start = Start::At(Us::ZERO);

/// A study with a second run above it; without changes, of one run.
pub(super) fn study(id: &str, scenario: Scenario, changes: &[(&str, &str)]) -> Study {
    let changes: Vec<_> =
        changes.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
    let versus = (!changes.is_empty()).then_some(Versus { changes });
    Study { entry: id.into(), scenario, versus, at: None, pick: None }
}

pub(super) fn scenario(
    server: Chosen,
    client: Chosen,
    network: Network,
    exchanges: Vec<Planned>,
) -> Scenario {
    Scenario { server, client, network, exchanges, ..Scenario::default() }
}

/// A plain HTTP/1.1 request; the answer's length is known.
pub(super) fn get(target: &str, bytes: u64, work_ms: u64, start: Start) -> Planned {
    let request = Request::new("GET", target, Version::Http11).with("Host", HOST);
    let app = App { content: Content::Known(bytes), after: Us::from_ms(work_ms), ..App::default() };
    Planned { start, request, app, ..Planned::default() }
}

/// One page after the other, each so long after the answer before it.
pub(super) fn pages(gaps_ms: &[u64]) -> Vec<Planned> {
    let first = get("/", 4_800, 10, AT_ONCE);
    let rest = gaps_ms.iter().enumerate().map(|(before, gap)| {
        let start = Start::After { exchange: before, gap: Us::from_ms(*gap) };
        get(&format!("/page{}", before + 2), 4_800, 10, start)
    });
    std::iter::once(first).chain(rest).collect()
}

/// Bytes of the images, in the order in which the page names them.
const IMAGES: [u64; 10] =
    [9_200, 11_800, 7_400, 12_600, 10_100, 8_300, 13_000, 6_900, 11_200, 9_700];

/// A page, then its ten images as soon as it is there.
pub(super) fn page_with_images(suffix: &str) -> Vec<Planned> {
    let page = get("/", 12_288, 28, AT_ONCE);
    let images = IMAGES.iter().zip(1..).map(|(bytes, number)| {
        let start = Start::After { exchange: 0, gap: Us::ZERO };
        get(&format!("/img/{number}.{suffix}"), *bytes, 8, start)
    });
    std::iter::once(page).chain(images).collect()
}
