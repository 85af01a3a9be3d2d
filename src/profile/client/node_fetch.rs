//! Node's `fetch`, which is undici. Measured on Node 20.20.2 with undici 6.24.1; the settings are
//! those of undici's `Agent`.
use super::node_agent::ended;
use super::shared::{host_of, idle_reason};
use super::{ClientAfter, ClientRule, ClientSees, Picks};
use crate::profile::llhttp::{Reads, has_word};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::{Clause, Field, Headers, Reason, Request, Response, Strength, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "node-fetch",
    name: "Node.js fetch (undici)",
    gist: "Keeps a connection for 4 s, or two seconds less than the server's hint; none after HEAD.",
    versions: &[
        VersionInfo { id: "18", note: "undici 5: a second less than the hint" },
        VersionInfo { id: "20.0", note: "undici 5: a second less than the hint" },
        VersionInfo {
            id: "20.19",
            note: "two seconds less than the hint, since undici 6.14.1; measured: 20.20.2",
        },
        VersionInfo { id: "22", note: "undici 6; before 6.14.1 one second less, not two" },
        VersionInfo { id: "24", note: "undici 7" },
        VersionInfo { id: "26", note: "undici 8" },
    ],
    settings: &[
        ms(
            "keepAliveTimeout",
            1,
            &[Cited { value: "4000", since: "", source: CLIENT }],
            "How long an idle connection is kept if the server gives no hint.",
            "",
        ),
        ms(
            "keepAliveMaxTimeout",
            1,
            &[Cited { value: "600000", since: "", source: CLIENT }],
            "How long an idle connection is kept at most, whatever the server's hint.",
            "",
        ),
        ms(
            "keepAliveTimeoutThreshold",
            0,
            &[
                Cited { value: "1000", since: "18", source: CLIENT },
                Cited { value: "2000", since: "20.19", source: CLIENT },
            ],
            "What is subtracted from the server's hint.",
            "a hint that is not longer than this closes the connection after the answer",
        ),
        PIPELINING,
        CONNECTIONS,
    ],
    source: H1,
    rule: MakeRule::Client(configure),
};

const CLIENT: &Clause = &Clause {
    document: "undici manual",
    section: "Client",
    url: "https://undici.nodejs.org/#/docs/api/Client",
    gist: "Idle connections are kept for keepAliveTimeout, or for the server's hint minus a threshold, up to a maximum.",
};

const POOL: &Clause = &Clause {
    document: "undici manual",
    section: "Pool",
    url: "https://undici.nodejs.org/#/docs/api/Pool",
    gist: "As many connections to a server as connections says; without limit by default.",
};

const H1: &Clause = &Clause {
    document: "undici 6.24.1 source",
    section: "lib/dispatcher/client-h1.js",
    url: "https://github.com/nodejs/undici/blob/v6.24.1/lib/dispatcher/client-h1.js",
    gist: "HEAD, and a body where none is expected, end the connection; a hint is looked for anywhere in Keep-Alive.",
};

const PIPELINING: Setting = Setting {
    name: "pipelining",
    kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "requests" },
    defaults: &[Cited { value: "1", since: "", source: CLIENT }],
    versions: &[],
    gist: "How many requests are under way on one connection at the same time.",
    special: "0: none is kept, each request says close. Only GET and HEAD go behind another",
};

const CONNECTIONS: Setting = Setting {
    name: "connections",
    kind: Kind::Text { placeholder: "null" },
    defaults: &[Cited { value: "null", since: "", source: POOL }],
    versions: &[],
    gist: "How many connections it opens to one server at the same time.",
    special: "null and 0: no limit",
};

const fn ms(
    name: &'static str,
    min_ms: u64,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Milliseconds,
        suffixes: &[],
        min_us: min_ms * 1_000,
        max_us: 2_147_483_647_000,
    };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

struct Fetch {
    idle_limit: Us,
    longest: Us,
    threshold: Us,
    pipelining: u32,
    connections: u32,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let connections = match config.text(CONNECTIONS.name).trim() {
        "null" | "0" => u32::MAX,
        text => text
            .parse()
            .map_err(|_| ConfigError::new(CONNECTIONS.name, "is neither a number nor null"))?,
    };
    Ok(Box::new(Fetch {
        idle_limit: config.time("keepAliveTimeout"),
        longest: config.time("keepAliveMaxTimeout"),
        threshold: config.time("keepAliveTimeoutThreshold"),
        pipelining: u32::try_from(config.number(PIPELINING.name)).unwrap_or(1),
        connections,
    }))
}

/// Methods that come with a body.
const WITH_BODY: [&str; 6] = ["PUT", "POST", "PATCH", "QUERY", "PROPFIND", "PROPPATCH"];

/// Fields that it writes itself, or does not let an application write.
const ITS_OWN: [&str; 7] = [
    "host",
    "connection",
    "keep-alive",
    "content-length",
    "transfer-encoding",
    "upgrade",
    "expect",
];

/// What `fetch` adds to every request unless it stands there.
const ADDED: [(&str, &str); 5] = [
    ("accept", "*/*"),
    ("accept-language", "*"),
    ("sec-fetch-mode", "cors"),
    ("user-agent", "node"),
    ("accept-encoding", "gzip, deflate"),
];

impl Fetch {
    /// Will the connection be closed after the answer, for what is asked alone?
    fn is_last(&self, request: &Request) -> bool {
        let close = request.headers.all("connection").any(|line| has_word(line, "close"));
        self.pipelining == 0 || request.method == "HEAD" || close
    }

    fn has_odd_body(request: &Request) -> bool {
        let length = request.headers.first("content-length").unwrap_or("0");
        length != "0" && !WITH_BODY.contains(&request.method.as_str())
    }

    fn limit(&self, response: &Response) -> Us {
        let lines: Vec<_> = response.headers.all("keep-alive").collect();
        match hint(&lines.concat()) {
            Some(hint) => Us(hint.0.saturating_sub(self.threshold.0)).min(self.longest),
            None => self.idle_limit,
        }
    }
}

/// The number behind the first `timeout=` that has one.
fn hint(field: &str) -> Option<Us> {
    field.split("timeout=").skip(1).find_map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse().ok().map(|seconds: u64| Us(seconds.saturating_mul(1_000_000)))
    })
}

impl ClientRule for Fetch {
    fn max_connections(&self) -> u32 {
        self.connections
    }

    /// HTTP/1.1 whatever was composed. It writes the fields about the connection itself; an
    /// application may say close.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut headers = Headers::new();
        let host = composed.headers.first("host").unwrap_or_else(|| host_of(composed));
        headers.push("host", host);
        let last = self.is_last(composed);
        headers.push("connection", if last { "close" } else { "keep-alive" });
        for Field { name, value } in composed.headers.iter() {
            if !ITS_OWN.iter().any(|own| name.eq_ignore_ascii_case(own)) {
                headers.push(name.as_str(), value.as_str());
            }
        }
        for (name, value) in ADDED {
            super::shared::add_missing(&mut headers, name, value);
        }
        if body_bytes > 0 || WITH_BODY.contains(&composed.method.as_str()) {
            headers.push("content-length", body_bytes.to_string());
        }
        let Request { method, target, .. } = composed.clone();
        Some(Request { method, target, version: Version::Http11, headers })
    }

    fn picks(&self) -> Picks {
        Picks::FirstPlace
    }

    fn pipelines(&self, request: &Request) -> Option<u32> {
        let safe = matches!(request.method.as_str(), "GET" | "HEAD");
        Some(if safe { self.pipelining.max(1) } else { 1 })
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        match Reads::of(sees.request, response) {
            Reads::UntilClose => return ClientAfter::AwaitClose,
            Reads::Ends => return ClientAfter::Close(ended(response)),
            Reads::Lasts => {}
        }
        if self.is_last(sees.request) {
            let fact = match (self.pipelining, sees.request.method.as_str()) {
                (0, _) => "pipelining is 0",
                (_, "HEAD") => "undici closes after HEAD: a server might send a body all the same",
                _ => "the request says close",
            };
            return ClientAfter::Close(reason("last-request", fact));
        }
        if Self::has_odd_body(sees.request) {
            let fact = "the request had a body that its method does not expect";
            return ClientAfter::Close(reason("unexpected-body", fact));
        }
        match self.limit(response) {
            Us::ZERO => ClientAfter::Close(reason(
                "hint-too-short",
                "the server's hint is not longer than keepAliveTimeoutThreshold",
            )),
            limit => ClientAfter::Keep { idle_limit: Some(limit) },
        }
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, "keepAliveTimeout, or the server's hint")
    }
}

fn reason(rule: &'static str, fact: &'static str) -> Reason {
    Reason { rule, fact: fact.into(), clause: H1, strength: Strength::Practice }
}
