//! A balancer that somebody else runs: what its documentation says, and nothing that it does not.
//! Where nothing is said it is the textbook's proxy: connections to servers are shared by all, and no
//! request is sent twice.
use super::shared::upstream::Plain;
use super::shared::{Host, Manner, Opening, Own, PIECE, Unknown, asks_keep_alive, reason};
use super::{Answer, Idle, NoAnswer, RequestSeen};
use crate::profile::setting::TimeUnit;
use crate::profile::{
    Cited, ClientAfter, ClientRule, ClientSees, Config, ConfigError, Kind, MakeRule, Picks,
    Product, ServerRule, Setting, VersionInfo,
};
use crate::protocol::{Clause, Note, Policy, Reason, Request, Strength, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "load-balancer",
    name: "Managed load balancer",
    gist: "Keeps connections to servers for 60 s (AWS) or 600 s (Google); a server that closes sooner makes it answer 502.",
    versions: &[
        VersionInfo { id: "gcp", note: "Google Cloud, external, global" },
        VersionInfo { id: "aws-alb", note: "AWS Application Load Balancer" },
    ],
    settings: &[IDLE, KEEP_ALIVE, CLIENT_TIMEOUT],
    source: AWS_IDLE,
    rule: MakeRule::Server(configure),
};

const AWS_ATTRIBUTES: &str = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html";

const AWS_IDLE: &Clause = &Clause {
    document: "AWS Application Load Balancer guide",
    section: "Connection idle timeout",
    url: AWS_ATTRIBUTES,
    gist: "A connection to a client or to a server that carries nothing is closed: 60 s unless set.",
};
const AWS_KEEP_ALIVE: &Clause = &Clause {
    document: "AWS Application Load Balancer guide",
    section: "HTTP client keepalive duration",
    url: AWS_ATTRIBUTES,
    gist: "How long a client's connection is kept in all, idle or not: 3600 s, from 60 s to 7 days.",
};
const AWS_502: &Clause = &Clause {
    document: "AWS Application Load Balancer guide",
    section: "HTTP 502: Bad gateway",
    url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html",
    gist: "A server that closes with a request under way makes 502: its keep-alive time has to be longer than the idle timeout.",
};
const GOOGLE_BACKEND: &Clause = &Clause {
    document: "Google Cloud load balancing",
    section: "Backend HTTP keepalive timeout",
    url: "https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends",
    gist: "An idle connection to a server is kept for 600 s, which cannot be changed.",
};
const GOOGLE_CLIENT: &Clause = &Clause {
    document: "Google Cloud load balancing",
    section: "Client HTTP keepalive timeout",
    url: "https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-client",
    gist: "An idle connection of a client is kept for 610 s, from 5 s to 1200 s.",
};

const fn seconds(least: u64, most: u64) -> Kind {
    Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[("s", 1_000_000)],
        min_us: least * 1_000_000,
        max_us: most * 1_000_000,
    }
}

const IDLE: Setting = Setting {
    name: "idle_timeout",
    kind: seconds(1, 4000),
    defaults: &[Cited { value: "60", since: "", source: AWS_IDLE }],
    versions: &["aws-alb"],
    gist: "How long a connection, to clients or to servers, may carry nothing.",
    special: "a server should wait longer than this",
};

const KEEP_ALIVE: Setting = Setting {
    name: "client_keep_alive.seconds",
    kind: seconds(60, 604_800),
    defaults: &[Cited { value: "3600", since: "", source: AWS_KEEP_ALIVE }],
    versions: &["aws-alb"],
    gist: "How old a client's connection may be; then an answer says close.",
    special: "",
};

const CLIENT_TIMEOUT: Setting = Setting {
    name: "httpKeepAliveTimeoutSec",
    kind: seconds(5, 1200),
    defaults: &[Cited { value: "610", since: "", source: GOOGLE_CLIENT }],
    versions: &["gcp"],
    gist: "How long a client's connection may be idle.",
    special: "for servers it is always 600 s",
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(match config.version_id() {
        "gcp" => Balancer {
            idle: config.time(CLIENT_TIMEOUT.name),
            age: None,
            upstream: Upstream { idle: Us::from_secs(600), source: GOOGLE_BACKEND },
        },
        _ => Balancer {
            idle: config.time(IDLE.name),
            age: Some(config.time(KEEP_ALIVE.name)),
            upstream: Upstream { idle: config.time(IDLE.name), source: AWS_IDLE },
        },
    }))
}

struct Balancer {
    /// For clients.
    idle: Us,
    age: Option<Us>,
    upstream: Upstream,
}

impl ServerRule for Balancer {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let old = seen.request.version == Version::Http10;
        let manner = Manner {
            version: Version::Http11,
            host: Host::RefusedAndClosed,
            unknown: Unknown::Chunks(PIECE),
            confirms: (old && asks_keep_alive(seen.request)).then_some("keep-alive"),
            policy: &Policy::default(),
        };
        let mut opening = Opening::new(seen, &manner);
        opening.ask_wire();
        if let Some(limit) = self.age {
            opening.verdict.ask("Is the connection young enough?", AWS_KEEP_ALIVE, || {
                let fact = format!("{} old, the limit is {limit}", seen.age);
                if seen.age < limit {
                    return Own::Keeps("yes", fact.into());
                }
                Own::Closes("no", reason("max-age", fact, AWS_KEEP_ALIVE, Strength::Practice))
            });
        }
        if !opening.verdict.keeps() {
            opening.draft.say_close("close");
        }
        opening.finish(Idle::after(self.idle))
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(self.upstream))
    }

    /// 502 or 504 as a textbook's proxy, with the page that says what to do about it.
    fn gateway_error(&self, seen: &RequestSeen<'_>, why: NoAnswer) -> Option<Answer> {
        let mut answer = self.answer(seen);
        if why == NoAnswer::Lost && self.age.is_some() {
            let fact = "the server closed a connection that a request was sent on";
            answer.notes.push(Note { rule: "server-closed", fact: fact.into(), clause: AWS_502 });
        }
        Some(answer)
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let source = if self.age.is_some() { AWS_IDLE } else { GOOGLE_CLIENT };
        reason("idle-timeout", format!("no request came for {limit}"), source, Strength::May)
    }
}

#[derive(Clone, Copy)]
struct Upstream {
    idle: Us,
    source: &'static Clause,
}

impl ClientRule for Upstream {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        Plain.rewrite_with_body(composed, body_bytes)
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        match Plain.after(sees) {
            ClientAfter::Keep { .. } => ClientAfter::Keep { idle_limit: Some(self.idle) },
            other => other,
        }
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("the balancer had no use for it for {limit}");
        Reason {
            rule: "client-idle-limit",
            fact: fact.into(),
            clause: self.source,
            strength: Strength::May,
        }
    }
}
