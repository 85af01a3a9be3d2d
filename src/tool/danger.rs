//! The danger window: how often a request goes out on a connection that the server has closed, or is
//! closing at that moment.
//!
//! The server's clock starts when its last byte is sent, the client's when that byte has arrived. With
//! a one-way latency `d` the client's next request, sent after a gap `g`, is with the server `g + 2d`
//! after the server's clock has started; the server's FIN is with the client after a gap of exactly
//! the server's limit.
mod view;

pub use view::scenario;

use super::form::{Field, Kind, Preset, Reader, Tool};
use super::gaps::Gaps;
use crate::sim::{Scenario, Us};

pub const TOOL: Tool = Tool {
    id: "danger",
    lead: "A pooled connection is in danger while the client still keeps it and the server does not. How many of your requests fall into that window?",
    fields: FIELDS,
    presets: PRESETS,
    answer: view::answer,
    extra: "",
};

const LONGEST: Us = Us::from_secs(24 * 3600);

const FIELDS: &[Field] = &[
    Field {
        name: "client",
        label: "Client keeps an idle connection",
        kind: Kind::TimeOrNone { min: Us(0), max: LONGEST },
        value: "90",
        note: "Its pool’s idle limit; nothing if it has none.",
    },
    Field {
        name: "server",
        label: "Server keeps it",
        kind: Kind::Time { min: Us(0), max: LONGEST },
        value: "6.007",
        note: "As it really closes, from its last byte on.",
    },
    Field {
        name: "hint",
        label: "Server announces",
        kind: Kind::TimeOrNone { min: Us(0), max: LONGEST },
        value: "5",
        note: "Keep-Alive: timeout=…; nothing if it does not say.",
    },
    Field {
        name: "heeds",
        label: "Client heeds it",
        kind: Kind::Choice(&[("no", "no"), ("yes", "yes, if it is shorter")]),
        value: "no",
        note: "Many clients do not read the hint.",
    },
    Field {
        name: "margin",
        label: "and takes off",
        kind: Kind::Time { min: Us(0), max: Us::from_secs(3600) },
        value: "0",
        note: "A margin that it subtracts from the hint.",
    },
    Field {
        name: "rtt",
        label: "Round trip",
        kind: Kind::Time { min: Us(0), max: Us::from_secs(60) },
        value: "0.001",
        note: "There and back, between client and server.",
    },
    Field {
        name: "looks",
        label: "Client notices a close",
        kind: Kind::Choice(&[
            ("yes", "yes, when it has arrived"),
            ("no", "no, it sends without looking"),
        ]),
        value: "no",
        note: "One that notices opens another connection instead.",
    },
    Field {
        name: "requests",
        label: "Requests a day",
        kind: Kind::Number { min: 0.0, max: 1e12, unit: "" },
        value: "286",
        note: "Each comes after one gap.",
    },
    Field {
        name: "gaps",
        label: "Gaps between them",
        kind: Kind::Gaps,
        value: PUBLISHED_GAPS,
        note: "From an answer to the next request on the same pool: 0.5s x 3, 2s, 90s · 25% < 1s, 99% < 90s, 100% < 10min · exponential 20s · uniform 1s to 30s",
    },
];

/// The shares that were published; the last edge is ours, and between the edges every length is
/// equally likely, which is ours too.
const PUBLISHED_GAPS: &str = "25.2% < 1s, 69% < 5s, 99.8% < 90s, 100% < 10min";

const PRESETS: &[Preset] = &[
    Preset {
        label: "Node announces 5 s, the pool keeps 90 s",
        values: &[
            ("client", "90"),
            ("server", "6.007"),
            ("hint", "5"),
            ("heeds", "no"),
            ("margin", "0"),
            ("rtt", "0.001"),
            ("looks", "no"),
            ("requests", "286"),
            ("gaps", PUBLISHED_GAPS),
        ],
        note: "A <a href=\"https://github.com/duolahypercho/codex-router/pull/165\">published case</a>: Node said 5 s and closed after 6.007 s, the client’s pool kept 90 s. Of 5 999 gaps 25.2 % were below 1 s, 43.8 % from 1 to 5 s and 30.8 % from 5 to 90 s; 84 requests failed in three weeks. Ours are the shape between these edges, the end at 10 min and the number of requests a day (5 999 in three weeks). So few failures in so wide a window mean that most closes were noticed, or the request was sent again.",
        link: "v=1&scenario=none&server=node&client=textbook-client&client.checks+before+reuse=no&client.retries=never&rtt=1ms&exchanges=2&x2.gap=30s",
    },
    Preset {
        label: "Load balancer 60 s, server 5 s",
        values: &[
            ("client", "60"),
            ("server", "5"),
            ("hint", ""),
            ("heeds", "no"),
            ("margin", "0"),
            ("rtt", "0.002"),
            ("looks", "yes"),
            ("requests", "1000000"),
            ("gaps", "exponential 3s"),
        ],
        note: "A balancer that keeps connections for 60 s before a server that closes after 5 s: the balancer notices a close, so that only requests that cross it fail, now and then, with a 502. The gaps and the number of requests are an example.",
        link: "v=1&scenario=none&server.idle+timeout=5s&client=textbook-client&client.idle+timeout=60s&client.retries=never&rtt=2ms&exchanges=2&x2.gap=4.999s",
    },
    Preset {
        label: "Load balancer 60 s, server 65 s",
        values: &[
            ("client", "60"),
            ("server", "65"),
            ("hint", ""),
            ("heeds", "no"),
            ("margin", "0"),
            ("rtt", "0.002"),
            ("looks", "yes"),
            ("requests", "1000000"),
            ("gaps", "exponential 3s"),
        ],
        note: "The usual cure: whoever sends the requests closes first.",
        link: "v=1&scenario=none&server.idle+timeout=65s&client=textbook-client&client.idle+timeout=60s&client.retries=never&rtt=2ms&exchanges=2&x2.gap=61s",
    },
];

/// What becomes of a request that comes after a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It goes on the pooled connection and is answered there.
    Reused,
    /// The client has closed the connection itself and opens another.
    ClientClosed,
    /// The server has closed it, the client has noticed and opens another.
    Noticed,
    /// The server has closed it, and the client sends all the same.
    Unseen,
    /// Sent while the server's FIN was on its way: it meets a closed socket.
    Crosses,
}

/// The two ends and the way between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// The client's own idle limit; None: it keeps a connection as long as it is open.
    pub client: Option<Us>,
    /// When the server closes, from its last byte on.
    pub server: Us,
    /// What it announces.
    pub hint: Option<Us>,
    /// Does the client heed that, and what does it take off?
    pub heeds: Option<Us>,
    pub rtt: Us,
    /// Does the client notice a FIN that has arrived?
    pub looks: bool,
}

/// What a pool makes of its gaps.
#[derive(Clone, Debug, PartialEq)]
pub struct Danger {
    /// Shares of all requests.
    pub reused: f64,
    pub client_closed: f64,
    pub noticed: f64,
    pub unseen: f64,
    /// Between the server's limit and the client's: the danger window. Whether it has noticed or not,
    /// the client meant to keep the connection.
    pub stale: f64,
    pub crosses: f64,
    /// Those that fail if nobody tries again.
    pub at_risk: f64,
    pub errors_per_day: f64,
    /// That at least one fails on a day.
    pub chance: f64,
    /// Between what the server announces and the client's limit: what a published figure counts.
    pub beyond_hint: Option<f64>,
    pub remedies: Vec<Remedy>,
}

/// A change after which nothing is at risk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Remedy {
    /// The client's limit is at most this.
    Client { at_most: Us, new_connections: f64 },
    /// The server's limit is at least this; so many seconds a connection then waits in the mean.
    Server { at_least: Us, waits: f64, waited: f64 },
    /// The client heeds the hint, with at least this margin.
    Heed { margin: Us },
}

impl Pool {
    /// The client's limit, the hint considered.
    pub fn limit(&self) -> Us {
        let own = self.client.unwrap_or(Us::NEVER);
        match (self.heeds, self.hint) {
            (Some(margin), Some(hint)) => own.min(hint - margin),
            _ => own,
        }
    }

    /// The way there and back, in whole microseconds each.
    fn way(&self) -> Us {
        self.rtt.half() * 2
    }

    pub fn fate(&self, gap: Us) -> Fate {
        if gap >= self.server && self.looks && self.server < self.limit() {
            Fate::Noticed
        } else if gap >= self.limit() {
            Fate::ClientClosed
        } else if gap >= self.server {
            Fate::Unseen
        } else if gap + self.way() > self.server {
            Fate::Crosses
        } else {
            Fate::Reused
        }
    }

    /// The shortest gap that may meet a closed socket.
    fn opens(&self) -> Us {
        if self.way() > self.server { Us::ZERO } else { self.server - self.way() + Us(1) }
    }

    pub fn danger(&self, gaps: &Gaps, requests: f64) -> Danger {
        let limit = self.limit();
        let stale = gaps.between(self.server, limit);
        let crosses = gaps.between(self.opens(), self.server.min(limit));
        let (noticed, unseen) = if self.looks { (stale, 0.0) } else { (0.0, stale) };
        let past_client = 1.0 - gaps.below(limit);
        let sees_first = self.looks && self.server < limit;
        let at_risk = crosses + unseen;
        let past = |hint: Us| gaps.between(hint, self.client.unwrap_or(Us::NEVER));
        Danger {
            reused: gaps.below(limit.min(self.opens()).min(self.server)),
            client_closed: if sees_first { 0.0 } else { past_client },
            noticed: if sees_first { noticed + past_client } else { 0.0 },
            unseen,
            stale,
            crosses,
            at_risk,
            errors_per_day: at_risk * requests,
            chance: chance(at_risk, requests),
            beyond_hint: self.hint.map(past),
            remedies: if at_risk > 0.0 { self.remedies(gaps) } else { Vec::new() },
        }
    }

    /// What would make it nothing, whatever the gaps.
    fn remedies(&self, gaps: &Gaps) -> Vec<Remedy> {
        let safe = (self.way() < self.server).then(|| self.server - self.way());
        let mut remedies = Vec::new();
        if let Some(at_most) = safe {
            let new_connections = 1.0 - gaps.below(at_most);
            remedies.push(Remedy::Client { at_most, new_connections });
        }
        let limit = self.limit();
        if limit < Scenario::LONGEST {
            let at_least = limit + self.way();
            let (waits, waited) = (gaps.mean_up_to(limit), gaps.mean_up_to(limit.min(self.server)));
            remedies.push(Remedy::Server { at_least, waits, waited });
        }
        if let (Some(hint), Some(safe)) = (self.hint, safe) {
            remedies.push(Remedy::Heed { margin: hint - safe });
        }
        remedies
    }
}

/// That one of so many comes to pass, each with this probability.
fn chance(each: f64, many: f64) -> f64 {
    if many > 0.0 { -(many * (-each.min(1.0)).ln_1p()).exp_m1() } else { 0.0 }
}

/// What was typed: the pool, its gaps, and requests a day.
pub fn read(reader: &mut Reader) -> (Pool, Gaps, f64) {
    let margin = reader.time("margin");
    let pool = Pool {
        client: reader.time_or_none("client"),
        server: reader.time("server"),
        hint: reader.time_or_none("hint"),
        heeds: reader.is("heeds", "yes").then_some(margin),
        rtt: reader.time("rtt"),
        looks: reader.is("looks", "yes"),
    };
    let gaps = reader.gaps("gaps");
    (pool, gaps, reader.number("requests"))
}
