//! Go's `net/http`: a client made with a `Transport` like `http.DefaultTransport`. Read in its source,
//! not recorded here.
use super::pooled::{Hints, Names, Pooled, Scope};
use super::shared::{host_of, put_composed, put_missing};
use super::{ClientRule, Picks};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::{Clause, Headers, Request, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "go",
    name: "Go net/http client",
    gist: "Keeps idle connections for 90 s, two to a server, and heeds no hint; repeats GET, not PUT.",
    versions: &[VersionInfo { id: "1", note: "documented, not recorded; read: 1.19" }],
    settings: &[IDLE, ROOM, MOST, DISABLE, READS, TIMEOUT],
    source: TRANSPORT,
    rule: MakeRule::Client(configure),
};

const TRANSPORT: &Clause = &Clause {
    document: "Go package net/http",
    section: "Transport",
    url: "https://pkg.go.dev/net/http#Transport",
    gist: "DefaultTransport keeps idle connections for 90 s; two to a server unless MaxIdleConnsPerHost is set; open ones without limit.",
};

const BODY: &Clause = &Clause {
    document: "Go package net/http",
    section: "Client.Do",
    url: "https://pkg.go.dev/net/http#Client.Do",
    gist: "A connection may not be used again if the body was not read to its end and closed.",
};

const IDLE: Setting = Setting {
    name: "Transport.IdleConnTimeout",
    kind: SECONDS,
    defaults: &[Cited { value: "90", since: "", source: TRANSPORT }],
    versions: &[],
    gist: "How long an idle connection is kept.",
    special: "0: without limit, as in a Transport made by hand",
};

const ROOM: Setting = Setting {
    name: "Transport.MaxIdleConnsPerHost",
    kind: COUNT,
    defaults: &[Cited { value: "0", since: "", source: TRANSPORT }],
    versions: &[],
    gist: "How many idle connections to one server it keeps; one more is closed.",
    special: "0 means 2",
};

const MOST: Setting = Setting {
    name: "Transport.MaxConnsPerHost",
    kind: COUNT,
    defaults: &[Cited { value: "0", since: "", source: TRANSPORT }],
    versions: &[],
    gist: "How many connections to one server there are at the same time; more requests wait.",
    special: "0: without limit",
};

const DISABLE: Setting = Setting {
    name: "Transport.DisableKeepAlives",
    kind: Kind::Flag { on: "true", off: "false" },
    defaults: &[Cited { value: "false", since: "", source: TRANSPORT }],
    versions: &[],
    gist: "Whether each request says close and has a connection of its own.",
    special: "",
};

const READS: Setting = Setting {
    name: "reads bodies",
    kind: Kind::Flag { on: "yes", off: "no" },
    defaults: &[Cited { value: "yes", since: "", source: BODY }],
    versions: &[],
    gist: "Whether the program reads every answer to its end before it closes the body.",
    special: "no setting of Go but a habit of the program; without, connections are not used again",
};

const TIMEOUT: Setting = Setting {
    name: "Transport.ResponseHeaderTimeout",
    kind: SECONDS,
    defaults: &[Cited { value: "0", since: "", source: TRANSPORT }],
    versions: &[],
    gist: "How long it waits for the answer once the request is written.",
    special: "0: without limit",
};

const COUNT: Kind = Kind::Number { min: 0, max: i32::MAX as i64, unit: "connections" };

/// In the program a duration; here a number of seconds, or of milliseconds with `ms`.
const SECONDS: Kind = Kind::Time {
    unit: TimeUnit::Seconds,
    suffixes: &[("ms", 1_000), ("s", 1_000_000)],
    min_us: 0,
    max_us: 86_400_000_000,
};

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let limit = |name: &str| Some(config.time(name)).filter(|&limit| limit > Us::ZERO);
    let count = |name: &str| u32::try_from(config.number(name)).ok().filter(|&count| count > 0);
    Ok(Box::new(Pooled {
        connections: count(MOST.name).unwrap_or(u32::MAX),
        idle_limit: limit(IDLE.name),
        idle_room: count(ROOM.name).unwrap_or(2),
        hints: Hints::Ignored,
        margin: Us::ZERO,
        picks: Picks::LastUsed,
        notices_close: true,
        drains: config.flag(READS.name),
        scope: Scope::Shared,
        depth: 1,
        repeats: is_replayable,
        gives_up_after: limit(TIMEOUT.name),
        sweeper: None,
        writes: if config.flag(DISABLE.name) { writes_close } else { writes },
        source: TRANSPORT,
        names: Names { idle_limit: IDLE.name, idle_room: ROOM.name, gives_up: TIMEOUT.name },
    }))
}

/// PUT and DELETE are not, although they are idempotent; with a key that says so any request is.
fn is_replayable(request: &Request) -> bool {
    matches!(request.method.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE")
        || request.headers.has("idempotency-key")
        || request.headers.has("x-idempotency-key")
}

/// HTTP/1.1 whatever was composed; nothing about the connection.
fn writes(composed: &Request, body_bytes: u64) -> Option<Request> {
    let said = &composed.headers;
    let mut headers = Headers::new();
    put_missing(&mut headers, said, "Host", host_of(composed));
    put_missing(&mut headers, said, "User-Agent", "Go-http-client/1.1");
    let framed = said.has("transfer-encoding");
    let posts = matches!(composed.method.as_str(), "POST" | "PUT" | "PATCH");
    if !framed && (body_bytes > 0 || posts) {
        put_missing(&mut headers, said, "Content-Length", &body_bytes.to_string());
    }
    put_composed(&mut headers, said);
    put_missing(&mut headers, said, "Accept-Encoding", "gzip");
    Some(Request { version: Version::Http11, headers, ..composed.clone() })
}

fn writes_close(composed: &Request, body_bytes: u64) -> Option<Request> {
    let mut request = writes(composed, body_bytes)?;
    super::shared::add_missing(&mut request.headers, "Connection", "close");
    Some(request)
}
