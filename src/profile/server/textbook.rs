//! A server that follows the specifications. Where they leave a choice, the choice is a setting.
use super::shared::{
    Draft, Host, Manner, Opening, Outcome, Own, PIECE, Plain, Unknown, Verdict, asks_keep_alive,
    reason, refuse_stray_line,
};
use super::{Answer, Held, Idle, RequestSeen, StrayLine, Workers};
use crate::profile::open::{by, choice, number, time};
use crate::profile::{
    ClientRule, Config, ConfigError, MakeRule, Product, ServerRule, Setting, VersionInfo,
};
use crate::protocol::{Clause, Policy, Reason, Request, Strength, Version, clause};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "textbook",
    name: "Textbook server",
    gist: "Follows RFC 9112; every choice that the specification leaves open is a setting.",
    versions: &[VersionInfo { id: "rfc9112", note: "2022" }],
    settings: SETTINGS,
    source: clause::PERSISTENCE,
    rule: MakeRule::Server(configure),
};

/// No specification names a number here: the value is this explainer's.
const NO_NUMBER: &Clause = &Clause {
    document: "RFC 9112",
    section: "9.5",
    url: clause::TIMEOUTS.url,
    gist: "No length of the wait and no number of requests is prescribed; this default is the explainer's own.",
};

const SETTINGS: &[Setting] = &[
    choice(
        "persistence",
        &["on", "off"],
        &[by("on", clause::PERSISTENCE)],
        "Whether the server keeps connections at all; without, every answer says close.",
        "",
    ),
    time(
        "idle timeout",
        &[by("15", NO_NUMBER)],
        "How long the server waits for the next request before it closes.",
        "0 waits without limit",
    ),
    number(
        "max requests",
        (0, 1_000_000, "requests"),
        &[by("0", NO_NUMBER)],
        "Answers on one connection; the last one says close.",
        "0 sets no limit",
    ),
    time(
        "max age",
        &[by("0", NO_NUMBER)],
        "Age from which a connection gets its last answer.",
        "0 sets no limit",
    ),
    choice(
        "HTTP/1.0 keep-alive",
        &["honour", "ignore"],
        &[by("honour", clause::HTTP10_KEEP_ALIVE)],
        "Whether an HTTP/1.0 client that asks with Connection: keep-alive may stay.",
        "",
    ),
    choice(
        "announce Keep-Alive",
        &["no", "yes"],
        &[by("no", clause::KEEP_ALIVE_FIELD)],
        "Whether kept answers carry a Keep-Alive field with the limits: a hint, no promise.",
        "",
    ),
    choice(
        "says close",
        &["yes", "no"],
        &[by("yes", clause::TEARDOWN)],
        "Whether the last answer tells the client that the connection will close.",
        "with persistence off it is said in any case: there it is a MUST",
    ),
    choice(
        "version in answers",
        &["HTTP/1.1", "of the request", "HTTP/1.0"],
        &[by("HTTP/1.1", clause::VERSION)],
        "The version in the status line: the server's own, the client's, or an old server's.",
        "",
    ),
    choice(
        "unknown length",
        &["chunked", "close"],
        &[by("chunked", clause::CHUNKED)],
        "How a body of unknown length ends for HTTP/1.1: with a last chunk or with the close.",
        "an HTTP/1.0 client always gets the close: it cannot read chunks",
    ),
    choice(
        "unread body",
        &["drain", "close", "reset"],
        &[by("drain", clause::PERSISTENCE)],
        "What happens to a body that the application refuses (413 or 417).",
        "reset closes without reading it, and the answer may be lost",
    ),
    choice(
        "missing Host",
        &["close", "keep"],
        &[by("close", clause::HOST)],
        "What follows the 400 to an HTTP/1.1 request without exactly one Host field.",
        "",
    ),
    choice(
        "Transfer-Encoding with Content-Length",
        &["process", "refuse"],
        &[by("process", clause::TRANSFER_ENCODING)],
        "A request with both: read in chunks, or refused with 400. Both close.",
        "",
    ),
    choice(
        "repeated Content-Length",
        &["accept", "refuse"],
        &[by("accept", clause::BODY_LENGTH)],
        "One and the same Content-Length twice: counted once, or refused with 400.",
        "",
    ),
    choice(
        "folded field",
        &["unfold", "refuse"],
        &[by("unfold", clause::LINE_FOLDING)],
        "A field that goes on in the next line: joined with a space, or refused with 400.",
        "",
    ),
    choice(
        "empty line before request",
        &["skip", "refuse"],
        &[by("skip", clause::MESSAGE_PARSING)],
        "What an empty line before a request is: nothing, or a broken request.",
        "",
    ),
    number(
        "workers",
        (0, 1_000_000, "workers"),
        &[by("0", NO_NUMBER)],
        "How many connections, or requests, it serves at the same time; others wait.",
        "0 sets no limit",
    ),
    choice(
        "workers held by",
        &["connection", "request"],
        &[by("connection", NO_NUMBER)],
        "Whether a worker belongs to a connection to its end, or to a request until its answer.",
        "without effect where workers is 0",
    ),
    number(
        "backlog",
        (1, 1_000_000, "connections"),
        &[by("511", NO_NUMBER)],
        "How many connections wait to be taken when all workers are busy.",
        "511 as in several servers; one more gets no answer to its SYN",
    ),
];

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    let is = |name: &str, word: &str| config.text(name) == word;
    let limit = |name: &str| Some(config.time(name)).filter(|&limit| limit > Us::ZERO);
    Ok(Box::new(Textbook {
        policy: Policy {
            support_persistence: is("persistence", "on"),
            honour_http10_keep_alive: is("HTTP/1.0 keep-alive", "honour"),
            refuse_two_lengths: is("Transfer-Encoding with Content-Length", "refuse"),
            refuse_repeated_length: is("repeated Content-Length", "refuse"),
            refuse_folded_lines: is("folded field", "refuse"),
            ..Policy::default()
        },
        idle: Idle { limit: limit("idle timeout"), checked_every: None },
        max_requests: u64::try_from(config.number("max requests")).unwrap_or(0),
        max_age: limit("max age"),
        announces: is("announce Keep-Alive", "yes"),
        says_close: is("says close", "yes") || is("persistence", "off"),
        version: match config.text("version in answers") {
            "of the request" => Speaks::AsAsked,
            "HTTP/1.0" => Speaks::Always(Version::Http10),
            _ => Speaks::Always(Version::Http11),
        },
        unknown: if is("unknown length", "close") {
            Unknown::Close
        } else {
            Unknown::Chunks(PIECE)
        },
        unread: match config.text("unread body") {
            "close" => Unread::Closes,
            "reset" => Unread::Resets,
            _ => Unread::Drained,
        },
        host: if is("missing Host", "keep") { Host::Refused } else { Host::RefusedAndClosed },
        stray_line: if is("empty line before request", "refuse") {
            StrayLine::Refuse
        } else {
            StrayLine::Skip
        },
        workers: workers(config),
    }))
}

fn workers(config: &Config) -> Option<Workers> {
    let count = u32::try_from(config.number("workers")).ok().filter(|&count| count > 0)?;
    let held = match config.text("workers held by") {
        "request" => Held::Request,
        _ => Held::Connection,
    };
    Some(Workers { count, held, backlog: u32::try_from(config.number("backlog")).unwrap_or(511) })
}

struct Textbook {
    policy: Policy,
    idle: Idle,
    /// 0: no limit.
    max_requests: u64,
    max_age: Option<Us>,
    announces: bool,
    says_close: bool,
    version: Speaks,
    unknown: Unknown,
    unread: Unread,
    host: Host,
    stray_line: StrayLine,
    workers: Option<Workers>,
}

/// What becomes of a request body that the application refuses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unread {
    Drained,
    Closes,
    Resets,
}

/// The version that a server puts into its status lines.
enum Speaks {
    Always(Version),
    /// HTTP/1.0 to a client of that version, HTTP/1.1 to any other.
    AsAsked,
}

impl Textbook {
    fn version(&self, request: &Request) -> Version {
        match &self.version {
            Speaks::Always(version) => version.clone(),
            Speaks::AsAsked if request.version == Version::Http10 => Version::Http10,
            Speaks::AsAsked => Version::Http11,
        }
    }

    /// The server's own questions, behind those of HTTP.
    fn ask(&self, verdict: &mut Verdict, seen: &RequestSeen<'_>) {
        if self.max_requests > 0 {
            verdict.ask("Are requests left on this connection?", clause::TIMEOUTS, || {
                self.requests_left(seen.served + 1)
            });
        }
        if let Some(limit) = self.max_age {
            verdict.ask("Is the connection young enough?", clause::TIMEOUTS, || {
                young(seen.age, limit)
            });
        }
    }

    fn requests_left(&self, answer: u64) -> Own {
        let fact = format!("answer {answer} of {} (max requests)", self.max_requests);
        if answer < self.max_requests {
            return Own::Keeps("yes", fact.into());
        }
        Own::Closes("no", reason("max-requests", fact, clause::TIMEOUTS, Strength::May))
    }

    /// Says in the answer what was decided.
    fn say(&self, opening: &mut Opening, served: u64) {
        let draft = &mut opening.draft;
        match opening.verdict.outcome {
            Outcome::Keep if self.announces => self.announce(draft, served),
            Outcome::Keep | Outcome::Tunnel => {}
            Outcome::Close | Outcome::Reset if self.says_close => draft.say_close("close"),
            Outcome::Close | Outcome::Reset => draft.say_nothing(),
        }
    }

    fn announce(&self, draft: &mut Draft, served: u64) {
        if let Some(hint) = self.hint(served) {
            draft.say_keep_alive("keep-alive");
            draft.response.headers.push("Keep-Alive", hint);
        }
    }

    /// The text of the Keep-Alive field; None if there is no limit to tell.
    fn hint(&self, served: u64) -> Option<String> {
        let timeout = self.idle.limit.map(|limit| limit.0 / 1_000_000);
        let left = self.max_requests.checked_sub(served + 1).filter(|_| self.max_requests > 0);
        match (timeout, left) {
            (Some(timeout), Some(left)) => Some(format!("timeout={timeout}, max={left}")),
            (Some(timeout), None) => Some(format!("timeout={timeout}")),
            (None, Some(left)) => Some(format!("max={left}")),
            (None, None) => None,
        }
    }
}

fn young(age: Us, limit: Us) -> Own {
    let fact = format!("{age} old, the limit is {limit} (max age)");
    if age < limit {
        return Own::Keeps("yes", fact.into());
    }
    Own::Closes("no", reason("max-age", fact, clause::TIMEOUTS, Strength::May))
}

impl ServerRule for Textbook {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let version = self.version(seen.request);
        let old = seen.request.version == Version::Http10 || version == Version::Http10;
        let asked = self.policy.honour_http10_keep_alive && old && asks_keep_alive(seen.request);
        // The application refuses the body before it has read it.
        let unread = matches!(seen.app.status, 413 | 417) && self.unread != Unread::Drained;
        let policy = Policy { drain_unread_body: !unread, ..self.policy };
        let mut opening = Opening::new(
            seen,
            &Manner {
                version,
                host: self.host,
                unknown: self.unknown,
                confirms: asked.then_some("keep-alive"),
                policy: &policy,
            },
        );
        opening.ask_wire();
        self.ask(&mut opening.verdict, seen);
        if unread && self.unread == Unread::Resets && opening.verdict.outcome == Outcome::Close {
            opening.verdict.outcome = Outcome::Reset;
        }
        self.say(&mut opening, seen.served);
        opening.finish(self.idle)
    }

    /// The age is told to the microsecond; the number of the answer only where it is limited.
    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        match (self.max_age, self.max_requests) {
            (Some(_), _) => None,
            (None, 0) => Some(0),
            (None, _) => Some(seen.served),
        }
    }

    fn stray_line(&self) -> StrayLine {
        self.stray_line
    }

    fn refusal(&self, seen: &RequestSeen<'_>) -> Answer {
        refuse_stray_line(self.version(seen.request))
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(Plain))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("no request came for {limit} (idle timeout)");
        reason("idle-timeout", fact, clause::TIMEOUTS, Strength::May)
    }

    fn workers(&self) -> Option<Workers> {
        self.workers
    }
}
