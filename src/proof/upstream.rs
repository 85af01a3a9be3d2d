//! Recordings of proxies between clients and a server that follows the textbook: what reached the
//! server on which connection, and what the clients got.
//!
//! A file is JSON Lines: first a [`Sheet`](super::Sheet), then lines that say with which products, each
//! followed by the cases that were run with them.
use super::{is_idle_slack, number_of_clients};
use crate::contract::settings::ProductIn;
use crate::profile::{App, Chosen, Content};
use crate::protocol::{Request, Version};
use crate::sim::{
    self, Breaks, Connection, Exchange, Outcome, Planned, Proxy, Scenario, Side, Start, Timeline,
};
use crate::time::Us;
use serde::{Deserialize, Serialize};

/// A line of a file: either the products of the cases behind it, or a case.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Line {
    With(With),
    Case(Recorded),
}

/// The products of cases.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct With {
    pub proxy: ProductIn,
    /// The server behind it: a textbook server.
    pub server: ProductIn,
}

/// A case and what was seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub id: String,
    pub run: Run,
    pub seen: Told,
    /// Two runs of it differed: kept for the record, not compared.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unstable: bool,
}

/// What clients ask of a proxy: exchange i belongs to client i modulo their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    #[serde(default = "number_of_clients", skip_serializing_if = "is_one")]
    pub clients: u32,
    /// When each exchange is wanted, in ms.
    pub at_ms: Vec<u64>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub method: String,
    /// What the clients say in Connection.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub connection: String,
    /// Clients that speak HTTP/1.0.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub old: bool,
    /// How long the server works on each, in ms.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub work_ms: u64,
    /// The length of the answers is not known beforehand.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub streamed: bool,
    /// An exchange, and what goes wrong with it at the server: `reset`, `silent` or `half`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaks: Option<(usize, String)>,
    pub until_ms: u64,
    /// Which request goes where is chance: how many connections there are is compared, and who closed
    /// how many of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub crowd: bool,
}

fn is_one(number: &u32) -> bool {
    *number == 1
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What was seen, or is predicted, on both sides of the proxy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// What the client got for each exchange: `200 keep-alive kept`; `nothing` if the connection was
    /// closed without an answer. One text if it is the same for all.
    pub got: Vec<String>,
    /// The version and the Connection field of each request that reached the server.
    pub asked: Vec<String>,
    /// The connections to the server that carried something, in order.
    pub up: Vec<Carried>,
}

/// A connection to the server: its exchanges, who closed it, and when, in ms of the run. `open` has
/// no time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried(pub Vec<u32>, pub String, #[serde(default)] pub u64);

impl Told {
    /// In the shape in which two of them are compared.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        for texts in [&mut self.got, &mut self.asked] {
            if texts.windows(2).all(|two| two[0] == two[1]) {
                texts.truncate(1);
            }
        }
        self.up.sort_by(|one, other| one.0.cmp(&other.0));
        self
    }

    /// Where two of them differ; empty: nowhere. Moments may differ by what a busy machine makes of
    /// them.
    pub fn differences(&self, other: &Self, crowd: bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut put = |what: &str, one: String, other: String| {
            if one != other {
                found.push(format!("{what}: predicted {one}; seen {other}"));
            }
        };
        put("got", self.got.join(", "), other.got.join(", "));
        put("asked", self.asked.join(", "), other.asked.join(", "));
        put("connections", self.connections(crowd), other.connections(crowd));
        let same = self.up.len() == other.up.len();
        for (one, other) in self.up.iter().zip(&other.up).filter(|_| same && !crowd) {
            let late = !is_idle_slack(one.2, other.2);
            if one.1 == other.1 && late {
                put(
                    "moment",
                    format!("{} at {}", one.1, one.2),
                    format!("{} at {}", other.1, other.2),
                );
            }
        }
        found
    }

    fn connections(&self, crowd: bool) -> String {
        if !crowd {
            let one = |carried: &Carried| format!("{:?} {}", carried.0, carried.1);
            return self.up.iter().map(one).collect::<Vec<_>>().join(", ");
        }
        let mut ends: Vec<&str> = self.up.iter().map(|carried| carried.1.as_str()).collect();
        ends.sort_unstable();
        format!("{}: {}", ends.len(), ends.join(" "))
    }
}

/// The scenario of a case.
pub fn scenario(with: &With, run: &Run) -> Scenario {
    Scenario {
        server: Chosen::from(with.server.clone()),
        proxy: Some(Proxy {
            chosen: Chosen::from(with.proxy.clone()),
            network: sim::Network::PLAIN,
        }),
        clients: run.clients,
        exchanges: (0..run.at_ms.len()).map(|index| planned(run, index)).collect(),
        until: Some(Us::from_ms(run.until_ms)),
        ..Scenario::default()
    }
}

fn planned(run: &Run, index: usize) -> Planned {
    let method = if run.method.is_empty() { "GET" } else { run.method.as_str() };
    let version = if run.old { Version::Http10 } else { Version::Http11 };
    let mut request = Request::new(method, &format!("/{index}"), version);
    request.headers.push("Host", "a");
    if !run.connection.is_empty() {
        request.headers.push("Connection", run.connection.as_str());
    }
    if method == "POST" {
        request.headers.push("Content-Length", "2");
    }
    let broken = run.breaks.as_ref().filter(|(broken, _)| *broken == index);
    Planned {
        start: Start::At(Us::from_ms(run.at_ms[index])),
        body_bytes: if method == "POST" { 2 } else { 0 },
        request,
        app: App {
            content: if run.streamed { Content::Streamed(5) } else { Content::Known(5) },
            after: Us::from_ms(run.work_ms),
            ..App::default()
        },
        breaks: broken.map(|(_, how)| match how.as_str() {
            "silent" => Breaks::NeverAnswers,
            "half" => Breaks::EndsEarly,
            _ => Breaks::ResetBefore,
        }),
        ..Planned::default()
    }
}

/// What a run comes to.
pub fn told(timeline: &Timeline) -> Told {
    let answered =
        |exchange: &Exchange| matches!(exchange.outcome, Outcome::Answered | Outcome::Retried);
    let got = |exchange: &Exchange| match &exchange.answer {
        Some(answer) if answered(exchange) => {
            let says = answer.response.headers.first("connection").unwrap_or("-");
            let kept = if answer.persists() { "kept" } else { "closed" };
            format!("{} {} {kept}", answer.response.status, says.to_ascii_lowercase())
        }
        _ => exchange.outcome.as_str().replace("failed", "nothing"),
    };
    let asked = |exchange: &Exchange| {
        let says = exchange.request.headers.first("connection").unwrap_or("-");
        format!("{} {}", exchange.request.version, says.to_ascii_lowercase())
    };
    let reached = timeline.forwarded.iter().filter(|exchange| exchange.request_received.is_some());
    let up = timeline.connections.iter();
    let up = up.filter(|one| one.hop == 1 && !one.exchanges.is_empty()).map(carried);
    Told {
        got: timeline.exchanges.iter().map(got).collect(),
        asked: reached.map(asked).collect(),
        up: up.collect(),
    }
    .in_order()
}

fn carried(connection: &Connection) -> Carried {
    let exchanges = connection.exchanges.clone();
    match &connection.close {
        None => Carried(exchanges, "open".into(), 0),
        Some(close) => {
            let by = match close.by {
                Side::Client => "proxy",
                Side::Server => "server",
            };
            Carried(exchanges, by.into(), close.at.0 / 1_000)
        }
    }
}
