//! A client that follows the specifications. Where they leave a choice about its pool of connections,
//! the choice is a setting.
use super::pooled::{Hints, Names, Pooled, Scope, always, never};
use super::shared::{add_missing, host_of};
use super::{ClientRule, Picks};
use crate::profile::open::{by, choice, number, time};
use crate::profile::{Config, ConfigError, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::{Clause, Request, Version, clause};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "textbook-client",
    name: "Textbook client",
    gist: "Follows RFC 9112 with a pool of connections; every choice about the pool is a setting.",
    versions: &[VersionInfo { id: "rfc9112", note: "2022" }],
    settings: SETTINGS,
    source: clause::PERSISTENCE,
    rule: MakeRule::Client(configure),
};

/// No specification names a number or a habit here: the value is this explainer's.
const OPEN: &Clause = &Clause {
    document: "RFC 9112",
    section: "9.5",
    url: clause::TIMEOUTS.url,
    gist: "A client's pool is its own affair; this default is a choice of this explainer.",
};

const BROWSERS: &Clause = &Clause {
    document: "RFC 9112",
    section: "9.4",
    url: clause::CONCURRENCY.url,
    gist: "No number is prescribed; six is what browsers have, and a choice of this explainer.",
};

const CONNECTIONS: &str = "connections";
const IDLE: &str = "idle timeout";
const ROOM: &str = "idle room";
const HINT: &str = "hint";
const MARGIN: &str = "hint margin";
const ORDER: &str = "order";
const CHECKS: &str = "checks before reuse";
const DRAINS: &str = "drains";
const POOL: &str = "pool";
const PIPELINING: &str = "pipelining";
const RETRIES: &str = "retries";
const TIMEOUT: &str = "response timeout";

const SETTINGS: &[Setting] = &[
    number(
        CONNECTIONS,
        (1, 10_000, "connections"),
        &[by("6", BROWSERS)],
        "How many connections it has to one server at the same time; more requests wait.",
        "",
    ),
    time(
        IDLE,
        &[by("90", OPEN)],
        "How long it keeps an idle connection before it closes it itself.",
        "0 keeps it without limit",
    ),
    number(
        ROOM,
        (0, 10_000, "connections"),
        &[by("0", OPEN)],
        "How many idle connections it keeps; one more is closed.",
        "0 sets no limit",
    ),
    choice(
        HINT,
        &["ignore", "honour", "honour for 1.0 only"],
        &[by("ignore", clause::KEEP_ALIVE_FIELD)],
        "Whether Keep-Alive: timeout= in an answer shortens the idle timeout.",
        "",
    ),
    time(
        MARGIN,
        &[by("1", OPEN)],
        "What it subtracts from the hint, so that it closes before the server does.",
        "a hint that is not longer than the margin closes the connection at once",
    ),
    choice(
        ORDER,
        &["newest used first", "oldest first"],
        &[by("newest used first", OPEN)],
        "Which idle connection is taken: the one used last, or the one idle longest.",
        "oldest first keeps all of them in use, and each nearer to its end",
    ),
    choice(
        CHECKS,
        &["yes", "no"],
        &[by("yes", clause::TIMEOUTS)],
        "Whether it notices that the server has closed an idle connection.",
        "no: it sends into the closed connection. Neither sees a close that is still on its way",
    ),
    choice(
        DRAINS,
        &["yes", "no"],
        &[by("yes", clause::PERSISTENCE)],
        "Whether the application reads every answer to its end.",
        "no: a connection with an unread body is closed instead of being used again",
    ),
    choice(
        POOL,
        &["shared", "per call", "per call, left open"],
        &[by("shared", OPEN)],
        "Whether calls share one pool, or each makes a client of its own.",
        "left open: nobody closes that client, and its connection stays until its idle timeout",
    ),
    number(
        PIPELINING,
        (1, 100, "requests"),
        &[by("1", clause::PIPELINING)],
        "Requests under way on one connection, for methods that may be repeated.",
        "1: it waits for each answer",
    ),
    choice(
        RETRIES,
        &["idempotent", "never", "always"],
        &[by("idempotent", clause::IDEMPOTENT)],
        "What it sends again, once, when a connection used before dies without an answer.",
        "always: POST too, which may then have been done twice",
    ),
    time(
        TIMEOUT,
        &[by("0", OPEN)],
        "How long it waits for an answer before it closes the connection.",
        "0 waits without limit",
    ),
];

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let is = |name: &str, word: &str| config.text(name) == word;
    let limit = |name: &str| Some(config.time(name)).filter(|&limit| limit > Us::ZERO);
    let count = |name: &str| u32::try_from(config.number(name)).ok().filter(|&count| count > 0);
    Ok(Box::new(Pooled {
        connections: count(CONNECTIONS).unwrap_or(1),
        idle_limit: limit(IDLE),
        idle_room: count(ROOM).unwrap_or(u32::MAX),
        hints: match config.text(HINT) {
            "honour" => Hints::Heeded,
            "honour for 1.0 only" => Hints::HeededIn10,
            _ => Hints::Ignored,
        },
        margin: config.time(MARGIN),
        picks: if is(ORDER, "oldest first") { Picks::FirstFreed } else { Picks::LastFreed },
        notices_close: is(CHECKS, "yes"),
        drains: is(DRAINS, "yes"),
        scope: match config.text(POOL) {
            "per call" => Scope::Call,
            "per call, left open" => Scope::CallLeftOpen,
            _ => Scope::Shared,
        },
        depth: count(PIPELINING).unwrap_or(1),
        repeats: match config.text(RETRIES) {
            "never" => never,
            "always" => always,
            _ => Request::is_idempotent,
        },
        gives_up_after: limit(TIMEOUT),
        sweeper: None,
        writes,
        source: OPEN,
        names: Names { idle_limit: IDLE, idle_room: ROOM, gives_up: TIMEOUT },
    }))
}

/// As composed, with what HTTP/1.1 demands: one Host, and the length of a body.
fn writes(composed: &Request, body_bytes: u64) -> Option<Request> {
    let headers = &composed.headers;
    let framed = headers.has("content-length") || headers.has("transfer-encoding");
    let hostless = composed.version == Version::Http11 && !headers.has("host");
    if !hostless && (framed || body_bytes == 0) {
        return None;
    }
    let mut request = composed.clone();
    if hostless {
        add_missing(&mut request.headers, "Host", host_of(composed));
    }
    if !framed && body_bytes > 0 {
        request.headers.push("Content-Length", body_bytes.to_string());
    }
    Some(request)
}
