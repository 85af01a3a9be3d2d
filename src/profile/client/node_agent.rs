//! Node's `http.Agent`: an agent made with `new http.Agent(options)`. Measured on 20.20.2.
//!
//! An agent made without options closes after every answer; the one that `http.get` uses by itself
//! (`http.globalAgent`) has been made with `keepAlive: true, timeout: 5000` since version 19.
use super::shared::{add_missing, host_of, idle_reason};
use super::{ClientAfter, ClientRule, ClientSees, Picks};
use crate::profile::llhttp::{KEEP_ALIVE, Reads, Said, has_word};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::cause::Cause;
use crate::protocol::{Clause, Reason, Request, Response, Strength, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "node-agent",
    name: "Node.js http.Agent",
    gist: "Keeps connections only if made with keepAlive; heeds a hint only where it makes the wait shorter.",
    versions: &[
        VersionInfo { id: "18", note: "2022: a hint is taken as it is; not measured" },
        VersionInfo { id: "20.0", note: "2023: a hint is taken as it is" },
        VersionInfo {
            id: "20.19",
            note: "a second less than the hint; measured: 20.20.2. The first release that does lies after 20.9",
        },
        VersionInfo { id: "22.0", note: "2024" },
        VersionInfo {
            id: "22.10",
            note: "a second less than the hint; the first release that does is not certain",
        },
        VersionInfo { id: "22.20", note: "2025: the second can be set" },
        VersionInfo { id: "24.0", note: "2025: the second cannot be set" },
        VersionInfo { id: "24.7", note: "2025: it can be set" },
        VersionInfo { id: "26", note: "2026" },
    ],
    settings: &[
        KEEPS,
        ms("timeout", NO_TIMEOUT, "How long an idle connection is kept.", "0: without limit"),
        amount(
            "maxSockets",
            "How many connections it opens to one server at the same time.",
            "Infinity: no limit",
        ),
        amount(
            "maxTotalSockets",
            "How many connections it opens in all.",
            "Infinity: no limit; here there is one server only",
        ),
        FREE,
        SCHEDULING,
        ms(
            "agentKeepAliveTimeoutBuffer",
            &[Cited { value: "1000", since: "", source: OPTIONS }],
            "What is subtracted from the server's hint.",
            "Felt since 22.20 and 24.7. In 20.19, 22.10 and 24 it is always a second, before them nothing",
        ),
        ms(
            "keepAliveMsecs",
            &[Cited { value: "1000", since: "", source: OPTIONS }],
            "When the system's own probes of the TCP connection begin.",
            "closes nothing while the server is there",
        ),
    ],
    source: KEEP_SOCKET,
    rule: MakeRule::Client(configure),
};

const OPTIONS: &Clause = &Clause {
    document: "Node.js manual",
    section: "new Agent([options])",
    url: "https://nodejs.org/api/http.html#new-agentoptions",
    gist: "keepAlive is false unless it is set; timeout is also how long an idle connection is kept.",
};

const KEEP_SOCKET: &Clause = &Clause {
    document: "Node.js 20.20.2 source",
    section: "Agent.prototype.keepSocketAlive",
    url: "https://github.com/nodejs/node/blob/v20.20.2/lib/_http_agent.js",
    gist: "A hint counts if the Keep-Alive field begins with timeout=; it can shorten the agent's timeout, not set one.",
};

const NO_TIMEOUT: &[Cited] = &[Cited { value: "0", since: "", source: OPTIONS }];

const KEEPS: Setting = Setting {
    name: "keepAlive",
    kind: Kind::Flag { on: "true", off: "false" },
    defaults: &[Cited { value: "false", since: "", source: OPTIONS }],
    versions: &[],
    gist: "Whether a connection that nobody needs is kept.",
    special: "http.globalAgent has true and a timeout of 5000 since version 19",
};

const FREE: Setting = Setting {
    name: "maxFreeSockets",
    kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "connections" },
    defaults: &[Cited { value: "256", since: "", source: OPTIONS }],
    versions: &[],
    gist: "How many idle connections it keeps; one more is closed.",
    special: "0 counts as 256",
};

const SCHEDULING: Setting = Setting {
    name: "scheduling",
    kind: Kind::Choice(&["lifo", "fifo"]),
    defaults: &[Cited { value: "lifo", since: "", source: OPTIONS }],
    versions: &[],
    gist: "Which idle connection is taken first: the one used last, or the one idle longest.",
    special: "",
};

const fn ms(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Milliseconds,
        suffixes: &[],
        min_us: 0,
        max_us: 2_147_483_647_000,
    };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

const fn amount(name: &'static str, gist: &'static str, special: &'static str) -> Setting {
    Setting {
        name,
        kind: Kind::Text { placeholder: "Infinity" },
        defaults: &[Cited { value: "Infinity", since: "", source: OPTIONS }],
        versions: &[],
        gist,
        special,
    }
}

struct Agent {
    keep_alive: bool,
    timeout: Option<Us>,
    /// None: without limit.
    connections: Option<u32>,
    idle_room: u32,
    fifo: bool,
    /// What is subtracted from a hint. None: the hint is taken as it is.
    margin: Option<Us>,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let per_server = amount_of(config, "maxSockets")?;
    let in_all = amount_of(config, "maxTotalSockets")?;
    let timeout = config.time("timeout");
    Ok(Box::new(Agent {
        keep_alive: config.flag(KEEPS.name),
        timeout: (timeout > Us::ZERO).then_some(timeout),
        connections: per_server.into_iter().chain(in_all).min(),
        idle_room: match u32::try_from(config.number(FREE.name)) {
            Ok(0) | Err(_) => 256,
            Ok(room) => room,
        },
        fifo: config.text(SCHEDULING.name) == "fifo",
        margin: match config.version_id() {
            "18" | "20.0" | "22.0" => None,
            "20.19" | "22.10" | "24.0" => Some(Us::from_secs(1)),
            _ => Some(config.time("agentKeepAliveTimeoutBuffer")),
        },
    }))
}

/// None: without limit.
fn amount_of(config: &Config, name: &'static str) -> Result<Option<u32>, ConfigError> {
    match config.text(name).trim() {
        "Infinity" | "0" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| ConfigError::new(name, "is neither a number nor Infinity")),
    }
}

/// What the server's hint makes of the agent's own limit.
enum Hinted {
    Limit(Option<Us>),
    /// So little time is left that the connection is not used again.
    TooShort,
}

impl Agent {
    /// Does it say keep-alive unless the request says something else?
    const fn asks(&self) -> bool {
        self.keep_alive || self.connections.is_some()
    }

    /// A limit that is not set cannot be made shorter.
    fn hinted(&self, response: &Response) -> Hinted {
        let Some(seconds) = response.headers.first("keep-alive").and_then(hint) else {
            return Hinted::Limit(self.timeout);
        };
        let hint = Us(seconds.saturating_mul(1_000_000));
        let Some(margin) = self.margin else {
            let shorter = self.timeout.map(|timeout| timeout.min(hint));
            return Hinted::Limit(shorter.filter(|limit| *limit > Us::ZERO));
        };
        if hint <= margin {
            return Hinted::TooShort;
        }
        Hinted::Limit(self.timeout.map(|timeout| timeout.min(hint - margin)))
    }
}

/// The number behind `timeout=` at the beginning of the field.
fn hint(field: &str) -> Option<u64> {
    let rest = field.trim_start_matches([' ', '\t']).strip_prefix("timeout=")?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest[..digits].parse().ok()
}

/// Methods that are sent without a length, even with a body.
const BODILESS: [&str; 6] = ["GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"];

impl ClientRule for Agent {
    fn max_connections(&self) -> u32 {
        self.connections.unwrap_or(u32::MAX)
    }

    /// HTTP/1.1 whatever was composed, with Host, Connection and a length. A body of GET or DELETE
    /// gets no length: the application has to set it.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut request = composed.clone();
        request.version = Version::Http11;
        request.method.make_ascii_uppercase();
        let headers = &mut request.headers;
        add_missing(headers, "Host", host_of(composed));
        add_missing(headers, "Connection", if self.asks() { "keep-alive" } else { "close" });
        let framed = headers.has("content-length") || headers.has("transfer-encoding");
        if !framed && !BODILESS.contains(&request.method.as_str()) {
            headers.push("Content-Length", body_bytes.to_string());
        }
        Some(request)
    }

    fn picks(&self) -> Picks {
        if self.fifo { Picks::FirstFreed } else { Picks::LastFreed }
    }

    fn pipelines(&self, _request: &Request) -> Option<u32> {
        Some(1)
    }

    fn idle_room(&self) -> u32 {
        self.idle_room
    }

    fn no_room_reason(&self) -> Reason {
        reason("no-idle-room", "maxFreeSockets connections are idle already", OPTIONS)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        match Reads::of(sees.request, response) {
            Reads::UntilClose => return ClientAfter::AwaitClose,
            Reads::Ends => return ClientAfter::Close(ended(response)),
            Reads::Lasts => {}
        }
        // A close that the application put there itself is sent, and not heeded here.
        let says_close = sees.request.headers.all("connection").any(|line| has_word(line, "close"));
        if says_close && !self.asks() {
            return ClientAfter::Close(reason("agent-keeps-none", "keepAlive is false", OPTIONS));
        }
        if !self.keep_alive {
            // Only a request that waits already can have it.
            return ClientAfter::Keep { idle_limit: Some(Us::ZERO) };
        }
        match self.hinted(response) {
            Hinted::Limit(idle_limit) => ClientAfter::Keep { idle_limit },
            Hinted::TooShort => ClientAfter::Close(reason(
                "hint-too-short",
                "the server's hint leaves no time once the margin is subtracted",
                KEEP_SOCKET,
            )),
        }
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        if limit == Us::ZERO {
            return reason("agent-keeps-none", "keepAlive is false, and no request waits", OPTIONS);
        }
        idle_reason(limit, "timeout, or the server's hint")
    }
}

/// Why an answer is the last one, for a client with this parser.
pub(super) fn ended(response: &Response) -> Reason {
    let new = response.version == Version::Http11;
    let cause = if new { Cause::CloseInResponse } else { Cause::Http10NotConfirmed };
    if Said::of(&response.headers).lasts(&response.version) {
        let fact =
            "the answer to HEAD tells no length, and the parser expects a body until it is told";
        return reason("head-without-length", fact, KEEP_ALIVE);
    }
    let Reason { rule, fact, .. } = cause.rule().reason();
    Reason { rule, fact, clause: KEEP_ALIVE, strength: Strength::Practice }
}

fn reason(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength: Strength::Practice }
}
