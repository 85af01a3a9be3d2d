//! Clients of the 1990s, which speak HTTP/1.0: a crawler that asks for nothing, and a browser-like
//! one that asks for keep-alive. They model a kind of client, not one program.
use super::shared::{add_missing, by_the_rules, idle_reason};
use crate::profile::{
    Cited, ClientAfter, ClientRule, ClientSees, Config, Kind, MakeRule, Product, Setting,
    VersionInfo,
};
use crate::protocol::{Policy, Reason, Request, Version, clause};
use crate::time::Us;

pub const CRAWLER: Product = Product {
    id: "http10-crawler",
    name: "HTTP/1.0 crawler",
    gist: "Speaks HTTP/1.0 and does not ask for keep-alive: one request on each connection.",
    versions: &[VersionInfo { id: "1", note: "1996" }],
    settings: &[CONNECTIONS],
    source: clause::HTTP10_CLOSE,
    rule: MakeRule::Client(|config| Ok(Box::new(Http10::new(config, false)))),
};

pub const KEEP_ALIVE: Product = Product {
    id: "http10-keepalive",
    name: "HTTP/1.0 client with keep-alive",
    gist: "Speaks HTTP/1.0 and asks with Connection: Keep-Alive; the server decides.",
    versions: &[VersionInfo { id: "1", note: "1996" }],
    settings: &[CONNECTIONS],
    source: clause::HTTP10_KEEP_ALIVE,
    rule: MakeRule::Client(|config| Ok(Box::new(Http10::new(config, true)))),
};

const CONNECTIONS: Setting = Setting {
    name: "connections",
    kind: Kind::Number { min: 1, max: 32, unit: "connections" },
    defaults: &[Cited { value: "1", since: "", source: clause::HTTP10_CLOSE }],
    versions: &[],
    gist: "How many connections it opens to one server at the same time.",
    special: "",
};

struct Http10 {
    asks: bool,
    connections: u32,
    policy: Policy,
}

impl Http10 {
    fn new(config: &Config, asks: bool) -> Self {
        let connections = u32::try_from(config.number(CONNECTIONS.name)).unwrap_or(1);
        Self {
            asks,
            connections,
            policy: Policy { http10_needs_confirmation: true, ..Policy::default() },
        }
    }
}

impl ClientRule for Http10 {
    fn max_connections(&self) -> u32 {
        self.connections
    }

    /// HTTP/1.0 whatever was composed. The crawler drops the fields that would ask for keep-alive;
    /// the other adds its own unless the request already says something there.
    fn rewrite(&self, composed: &Request) -> Option<Request> {
        let mut request = composed.clone();
        request.version = Version::Http10;
        if self.asks {
            add_missing(&mut request.headers, "Connection", "Keep-Alive");
        } else {
            request.headers.remove("Connection");
            request.headers.remove("Keep-Alive");
        }
        Some(request)
    }

    /// The crawler reads until the server closes: that is the end of every answer it knows.
    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        if self.asks { by_the_rules(sees, &self.policy, None) } else { ClientAfter::AwaitClose }
    }

    /// Only one that keeps connections can meet a dead one.
    fn retries(&self, request: &Request) -> bool {
        self.asks && request.is_idempotent()
    }

    /// Never asked: it waits without limit.
    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, "no limit")
    }
}
