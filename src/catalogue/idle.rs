//! How long an idle connection lives, and what that costs.
use super::build::{FAR, MODEM, PLAIN, get, pages, scenario, study};
use super::{Entry, Group, Origin, Stop};
use crate::profile::Chosen;
use crate::sim::{Network, Planned, Start, Us};
use crate::study::{Focus, Study};

pub const TOO_LATE: Entry = Entry {
    id: "idle-too-late",
    title: "Idle for five seconds",
    look_for: "The server's clock starts anew after each answer; request 3 comes after it ran out and pays for a new connection.",
    origin: Origin::Page1998,
    group: Group::Idle,
    build: too_late,
    stop: Stop::Answered(2),
    focus: Focus::TooLate(2),
    labels: None,
};

pub const IIS1_IDLE: Entry = Entry {
    id: "iis1-idle-900",
    title: "IIS 1.0: idle for 15 minutes",
    look_for: "Eight visitors have left, and netstat lists eight ESTABLISHED connections until the 900 s are over.",
    origin: Origin::Iis1Disable,
    group: Group::Idle,
    build: iis1_idle,
    stop: Stop::At(Us::from_secs(600)),
    focus: Focus::Idle,
    labels: None,
};

pub const CRAWLER_TIMEOUT_COST: Entry = Entry {
    id: "crawler-timeout-cost",
    title: "What a high KeepAliveTimeout costs",
    look_for: "Six clients that asked and left hold six places on the server for five minutes instead of five seconds.",
    origin: Origin::WhyDisable,
    group: Group::Idle,
    build: crawler_timeout_cost,
    stop: Stop::At(Us::from_secs(60)),
    focus: Focus::Idle,
    labels: None,
};

pub const APACHE_OR_NGINX: Entry = Entry {
    id: "apache-or-nginx",
    title: "Apache or nginx, a reader who pauses",
    look_for: "Ten seconds between pages are too long for Apache's 5 s and nothing for nginx's 75 s.",
    origin: Origin::WhyDisable,
    group: Group::Idle,
    build: apache_or_nginx,
    stop: Stop::SlowerDone,
    focus: Focus::Connections,
    labels: Some(["nginx", "Apache httpd"]),
};

pub const LIMIT_OF_THREE: Entry = Entry {
    id: "limit-of-three",
    title: "A limit of three requests",
    look_for: "The same number means three answers on a connection to nginx and four to Apache, which counts the kept ones.",
    origin: Origin::WhyDisable,
    group: Group::Idle,
    build: limit_of_three,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(2),
    labels: Some(["nginx", "Apache httpd"]),
};

fn too_late() -> Study {
    let client = Chosen::new("script", "");
    let scenario =
        scenario(Chosen::new("apache-httpd", "2.4"), client, FAR, pages(&[3_000, 6_100]));
    study(TOO_LATE.id, scenario, &[])
}

/// Visitors who come one after the other, before the first has his answer: none can use a
/// connection of another.
fn visitors(count: u64, every_ms: u64) -> Vec<Planned> {
    let one = |number| get("/", 4_800, 150, Start::At(Us::from_ms(number * every_ms)));
    (0..count).map(one).collect()
}

fn visited(server: Chosen, count: u64, network: Network) -> crate::sim::Scenario {
    let client = Chosen::new("http10-keepalive", "").with("connections", &count.to_string());
    scenario(server, client, network, visitors(count, 40))
}

fn iis1_idle() -> Study {
    study(IIS1_IDLE.id, visited(Chosen::new("iis", "1.0"), 8, MODEM), &[])
}

fn crawler_timeout_cost() -> Study {
    let server = Chosen::new("apache-httpd", "2.2").with("KeepAliveTimeout", "300");
    let scenario = visited(server, 6, Network { rtt: Us::from_ms(100), ..PLAIN });
    study(CRAWLER_TIMEOUT_COST.id, scenario, &[("server.KeepAliveTimeout", "5")])
}

fn apache_or_nginx() -> Study {
    let client = Chosen::new("browser", "");
    let exchanges = pages(&[10_000, 10_000]);
    let scenario = scenario(Chosen::new("apache-httpd", "2.4"), client, FAR, exchanges);
    study(APACHE_OR_NGINX.id, scenario, &[("server", "nginx")])
}

fn limit_of_three() -> Study {
    let server = Chosen::new("apache-httpd", "2.4").with("MaxKeepAliveRequests", "3");
    let client = Chosen::new("script", "");
    let scenario = scenario(server, client, PLAIN, pages(&[50, 50, 50, 50]));
    let changes = [("server", "nginx"), ("server.keepalive_requests", "3")];
    study(LIMIT_OF_THREE.id, scenario, &changes)
}
