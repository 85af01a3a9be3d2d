//! hyper, the library below reqwest: its client with a pool (`hyper-util`, before 1.0 `hyper`). Read in
//! its source, not recorded here.
use super::pooled::{Hints, Names, Pooled, Scope, never};
use super::shared::{host_of, put_composed, put_missing};
use super::{ClientRule, Picks, Sweeper};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::{Clause, Headers, Request, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "hyper",
    name: "hyper and reqwest (Rust)",
    gist: "Keeps idle connections for 90 s, as many as there are, and heeds no hint; what it has sent it does not repeat.",
    versions: &[VersionInfo { id: "1", note: "documented, not recorded; read: hyper-util 0.1" }],
    settings: &[IDLE, ROOM],
    source: POOL,
    rule: MakeRule::Client(configure),
};

const POOL: &Clause = &Clause {
    document: "hyper-util source",
    section: "client/legacy/pool.rs",
    url: "https://github.com/hyperium/hyper-util/blob/master/src/client/legacy/pool.rs",
    gist: "The connection returned last is taken first, unless closed or idle too long; a task looks once in every idle timeout.",
};

const BUILDER: &Clause = &Clause {
    document: "hyper-util manual",
    section: "client::legacy::Builder",
    url: "https://docs.rs/hyper-util/latest/hyper_util/client/legacy/struct.Builder.html",
    gist: "Idle connections are kept for 90 s, without a limit of their number.",
};

const IDLE: Setting = Setting {
    name: "pool_idle_timeout",
    kind: Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[("ms", 1_000), ("s", 1_000_000)],
        min_us: 0,
        max_us: 86_400_000_000,
    },
    defaults: &[Cited { value: "90", since: "", source: BUILDER }],
    versions: &[],
    gist: "How long an idle connection may be used again; it is closed up to as long after.",
    special: "0 stands for None: without limit",
};

const ROOM: Setting = Setting {
    name: "pool_max_idle_per_host",
    kind: Kind::Number { min: 0, max: i64::MAX, unit: "connections" },
    defaults: &[Cited { value: "9223372036854775807", since: "", source: BUILDER }],
    versions: &[],
    gist: "How many idle connections to one server it keeps; one more is closed.",
    special: "the default is the greatest number there is; 0 keeps none",
};

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let idle_limit = Some(config.time(IDLE.name)).filter(|&limit| limit > Us::ZERO);
    Ok(Box::new(Pooled {
        connections: u32::MAX,
        idle_limit,
        idle_room: u32::try_from(config.number(ROOM.name)).unwrap_or(u32::MAX),
        hints: Hints::Ignored,
        margin: Us::ZERO,
        // A request that waits for a new connection would take one that becomes free before; here
        // it waits.
        picks: Picks::LastFreed,
        notices_close: true,
        drains: true,
        scope: Scope::Shared,
        depth: 1,
        // Only what was never written, and that goes on another connection unnoticed.
        repeats: never,
        gives_up_after: None,
        sweeper: idle_limit.map(|every| Sweeper { every, lingers: true }),
        writes,
        source: POOL,
        names: Names { idle_limit: IDLE.name, idle_room: ROOM.name, gives_up: "" },
    }))
}

/// HTTP/1.1 whatever was composed; nothing about the connection.
fn writes(composed: &Request, body_bytes: u64) -> Option<Request> {
    let said = &composed.headers;
    let mut headers = Headers::new();
    put_composed(&mut headers, said);
    put_missing(&mut headers, said, "host", host_of(composed));
    if body_bytes > 0 && !said.has("transfer-encoding") {
        put_missing(&mut headers, said, "content-length", &body_bytes.to_string());
    }
    Some(Request { version: Version::Http11, headers, ..composed.clone() })
}
