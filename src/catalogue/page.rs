//! What keep-alive saves: one page with ten images.
use super::build::{FAR, MODEM, page_with_images, scenario, study};
use super::{Entry, Group, Origin, Stop};
use crate::profile::Chosen;
use crate::study::{Focus, Study};

const WITH_AND_WITHOUT: Option<[&str; 2]> = Some(["Without keep-alive", "With keep-alive"]);

pub const TEN_IMAGES: Entry = Entry {
    id: "page-ten-images",
    title: "One page, ten images",
    look_for: "Count the connections: eleven without keep-alive, one with it, and each new one costs two round trips.",
    origin: Origin::Iis1Disable,
    group: Group::Saves,
    build: ten_images,
    stop: Stop::SlowerDone,
    focus: Focus::Saved,
    labels: WITH_AND_WITHOUT,
};

pub const SIX_CONNECTIONS: Entry = Entry {
    id: "page-six-connections",
    title: "The same page, six at once",
    look_for: "A browser opens six connections at once, so keep-alive saves less than it does one at a time, but it still saves.",
    origin: Origin::WhyDisable,
    group: Group::Saves,
    build: six_connections,
    stop: Stop::SlowerDone,
    focus: Focus::Saved,
    labels: WITH_AND_WITHOUT,
};

pub const ONE_OR_SIX: Entry = Entry {
    id: "page-one-or-six",
    title: "One kept connection, or six",
    look_for: "Six kept connections finish first, but each of the six pays for its own handshakes.",
    origin: Origin::WhyDisable,
    group: Group::Saves,
    build: one_or_six,
    stop: Stop::SlowerDone,
    focus: Focus::Saved,
    labels: Some(["One at a time", "Six at once"]),
};

pub const IIS1_SWITCHED_OFF: Entry = Entry {
    id: "iis1-allowkeepalives-0",
    title: "IIS 1.0 with AllowKeepAlives 0",
    look_for: "The fix against too many open connections gives every image a connection of its own again.",
    origin: Origin::Iis1Disable,
    group: Group::Saves,
    build: iis1_switched_off,
    stop: Stop::SlowerDone,
    focus: Focus::Connections,
    labels: Some(["Keep-alive switched off", "As installed"]),
};

fn apache() -> Chosen {
    Chosen::new("apache-httpd", "2.4")
}

fn ten_images() -> Study {
    let scenario = scenario(apache(), Chosen::new("script", ""), FAR, page_with_images("webp"));
    study(TEN_IMAGES.id, scenario, &[("server.KeepAlive", "Off")])
}

fn six_connections() -> Study {
    let scenario = scenario(apache(), Chosen::new("browser", ""), FAR, page_with_images("webp"));
    study(SIX_CONNECTIONS.id, scenario, &[("server.KeepAlive", "Off")])
}

fn one_or_six() -> Study {
    let scenario = scenario(apache(), Chosen::new("browser", ""), FAR, page_with_images("webp"));
    study(ONE_OR_SIX.id, scenario, &[("client", "script")])
}

fn iis1_switched_off() -> Study {
    let client = Chosen::new("http10-keepalive", "");
    let scenario = scenario(Chosen::new("iis", "1.0"), client, MODEM, page_with_images("gif"));
    study(IIS1_SWITCHED_OFF.id, scenario, &[("server.AllowKeepAlives", "0")])
}
