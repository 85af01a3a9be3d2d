//! Who has to ask for keep-alive, and who gets it without asking.
use super::build::{AT_ONCE, PLAIN, get, pages, scenario, study};
use super::{Entry, Group, Origin, Stop};
use crate::profile::Chosen;
use crate::protocol::Version;
use crate::sim::{Planned, Start, Us};
use crate::study::{Focus, Study};

pub const HTTP10: Entry = Entry {
    id: "http10-negotiation",
    title: "HTTP/1.0 has to ask",
    look_for: "The client says Connection: Keep-Alive, the server says it back, and only then the connection stays.",
    origin: Origin::Page1998,
    group: Group::Asks,
    build: http10,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(0),
    labels: Some(["Does not ask", "Asks"]),
};

pub const HTTP11: Entry = Entry {
    id: "http11-default",
    title: "HTTP/1.1 stays open by itself",
    look_for: "Asking changes nothing for request 2; only Connection: close in request 3 ends the connection.",
    origin: Origin::Page1998,
    group: Group::Asks,
    build: http11,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(0),
    labels: None,
};

pub const CRAWLER_ASKS: Entry = Entry {
    id: "crawler-asks",
    title: "An HTTP/1.0 crawler that asks",
    look_for: "KeepAlive On is not for HTTP/1.1 alone: a crawler that asks keeps one connection for all its pages.",
    origin: Origin::ForceForCrawlers,
    group: Group::Asks,
    build: crawler_asks,
    stop: Stop::SlowerDone,
    focus: Focus::Connections,
    labels: Some(["Does not ask", "Asks"]),
};

pub const CRAWLER_HIGH_TIMEOUT: Entry = Entry {
    id: "crawler-high-timeout",
    title: "A high KeepAliveTimeout instead",
    look_for: "Both pictures are the same: a longer wait does nothing for a client that never asked to stay.",
    origin: Origin::ForceForCrawlers,
    group: Group::Asks,
    build: crawler_high_timeout,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(0),
    labels: None,
};

pub const IIS4_CHECK_BOX: Entry = Entry {
    id: "iis4-check-box",
    title: "The check box of IIS 4.0",
    look_for: "Clearing the box closes the two HTTP/1.0 connections; requests 3 and 4 speak HTTP/1.1 and share one all the same.",
    origin: Origin::Iis4CheckBox,
    group: Group::Asks,
    build: iis4_check_box,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(2),
    labels: Some(["Box checked", "Box cleared"]),
};

fn http10() -> Study {
    let client = Chosen::new("http10-keepalive", "");
    let scenario = scenario(Chosen::new("textbook", ""), client, PLAIN, pages(&[100, 100]));
    study(HTTP10.id, scenario, &[("client", "http10-crawler")])
}

fn http11() -> Study {
    let mut exchanges = pages(&[100, 100, 100]);
    exchanges[1].request.headers.push("Connection", "keep-alive");
    exchanges[2].request.headers.push("Connection", "close");
    let client = Chosen::new("script", "");
    study(HTTP11.id, scenario(Chosen::new("textbook", ""), client, PLAIN, exchanges), &[])
}

fn crawler_asks() -> Study {
    let client = Chosen::new("http10-keepalive", "");
    let scenario =
        scenario(Chosen::new("apache-httpd", "2.2"), client, PLAIN, pages(&[50, 50, 50, 50]));
    study(CRAWLER_ASKS.id, scenario, &[("client", "http10-crawler")])
}

fn crawler_high_timeout() -> Study {
    let server = Chosen::new("apache-httpd", "2.2").with("KeepAliveTimeout", "300");
    let client = Chosen::new("http10-crawler", "");
    let scenario = scenario(server, client, PLAIN, pages(&[50, 50, 50, 50]));
    study(CRAWLER_HIGH_TIMEOUT.id, scenario, &[("server.KeepAliveTimeout", "5")])
}

fn iis4_check_box() -> Study {
    let server = Chosen::new("iis", "4.0").with("AllowKeepAlives", "0");
    let old = |target: &str, start| {
        let mut planned = get(target, 4_800, 10, start);
        planned.request.version = Version::Http10;
        planned.request.headers.push("Connection", "Keep-Alive");
        planned
    };
    let after = |exchange| Start::After { exchange, gap: Us::from_ms(100) };
    let exchanges: Vec<Planned> = vec![
        old("/", AT_ONCE),
        old("/page2", after(0)),
        get("/page3", 4_800, 10, after(1)),
        get("/page4", 4_800, 10, after(2)),
    ];
    let scenario = scenario(server, Chosen::new("script", ""), PLAIN, exchanges);
    study(IIS4_CHECK_BOX.id, scenario, &[("server.AllowKeepAlives", "1")])
}
