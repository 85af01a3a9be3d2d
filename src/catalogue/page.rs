//! One page with ten images.
use super::{Entry, Group, Origin, Stop};
use crate::profile::{App, Chosen, Content};
use crate::protocol::{Request, Version};
use crate::sim::{Network, Planned, Scenario, Start, Tls, Us};
use crate::study::{Focus, Study, Versus};

pub const TEN_IMAGES: Entry = Entry {
    id: "page-ten-images",
    title: "One page, ten images",
    look_for: "Count the connections: eleven without keep-alive, one with it, and each costs two round trips.",
    origin: Origin::Iis1Disable,
    group: Group::Saves,
    build: ten_images,
    stop: Stop::SlowerDone,
    focus: Focus::Saved,
    labels: Some(["Without keep-alive", "With keep-alive"]),
};

/// Bytes of the images, in the order in which the page names them.
const IMAGES: [u64; 10] =
    [9_200, 11_800, 7_400, 12_600, 10_100, 8_300, 13_000, 6_900, 11_200, 9_700];

fn ten_images() -> Study {
    study("page-ten-images", Chosen::new("script", ""))
}

fn study(id: &str, client: Chosen) -> Study {
    let scenario = Scenario {
        server: Chosen::new("apache-httpd", "2.4"),
        client,
        network: far(),
        exchanges: page(),
        ..Scenario::default()
    };
    let changes = vec![("server.KeepAlive".into(), "Off".into())];
    Study { entry: id.into(), scenario, versus: Some(Versus { changes }), at: None, pick: None }
}

/// A visitor some thousand kilometres away.
fn far() -> Network {
    Network { rtt: Us::from_ms(60), tls: Tls::V13, bandwidth_bps: Some(20_000_000) }
}

/// The page, then its images as soon as it is there.
fn page() -> Vec<Planned> {
    let page = get("/", 12_288, 28, Start::At(Us::ZERO));
    let images = IMAGES.iter().zip(1..).map(|(bytes, number)| {
        let start = Start::After { exchange: 0, gap: Us::ZERO };
        get(&format!("/img/{number}.webp"), *bytes, 8, start)
    });
    std::iter::once(page).chain(images).collect()
}

fn get(target: &str, bytes: u64, work_ms: u64, start: Start) -> Planned {
    let request = Request::new("GET", target, Version::Http11).with("Host", "shop.example");
    let app = App { content: Content::Known(bytes), after: Us::from_ms(work_ms), ..App::default() };
    Planned { start, request, app, ..Planned::default() }
}
