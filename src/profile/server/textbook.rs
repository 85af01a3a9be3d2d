//! A server that follows the specifications. Where they leave a choice, the choice is a setting.
use super::shared::{
    CHECKS, Check, Draft, Manner, Opening, Outcome, Own, PIECE, Unknown, Verdict, asks_keep_alive,
    folded_field, reason, refuse_stray_line, two_lengths,
};
use super::{Answer, Idle, RequestSeen, StrayLine};
use crate::profile::{
    Cited, Config, ConfigError, Kind, MakeRule, Product, ServerRule, Setting, VersionInfo,
    setting::TimeUnit,
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
const NO_NUMBER: Clause = Clause {
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
    choice(
        "HTTP/1.0 keep-alive",
        &["honour", "ignore"],
        &[by("honour", clause::HTTP10_KEEP_ALIVE)],
        "Whether an HTTP/1.0 client that asks with Connection: keep-alive may stay.",
        "",
    ),
    Setting {
        name: "idle timeout",
        kind: Kind::Time {
            unit: TimeUnit::Seconds,
            suffixes: &[("ms", 1_000), ("s", 1_000_000)],
            min_us: 0,
            max_us: 86_400_000_000,
        },
        defaults: &[by("15", NO_NUMBER)],
        versions: &[],
        gist: "How long the server waits for the next request before it closes.",
        special: "0 waits without limit",
    },
    number(
        "max requests",
        "requests",
        &[by("0", NO_NUMBER)],
        "Answers on one connection; the last one says close.",
        "0 sets no limit",
    ),
    Setting {
        name: "max age",
        kind: Kind::Time {
            unit: TimeUnit::Seconds,
            suffixes: &[("ms", 1_000), ("s", 1_000_000)],
            min_us: 0,
            max_us: 86_400_000_000,
        },
        defaults: &[by("0", NO_NUMBER)],
        versions: &[],
        gist: "Age from which a connection gets its last answer.",
        special: "0 sets no limit",
    },
    choice(
        "announce Keep-Alive",
        &["no", "yes"],
        &[by("no", clause::KEEP_ALIVE_2068)],
        "Whether kept answers carry a Keep-Alive field with the limits: a hint, no promise.",
        "",
    ),
    choice(
        "says close",
        &["yes", "no"],
        &[by("yes", clause::TEARDOWN)],
        "Whether the last answer tells the client that the connection will close.",
        "without persistence it is said in any case: there it is a MUST",
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
        "Transfer-Encoding with Content-Length",
        &["process", "refuse"],
        &[by("process", clause::TRANSFER_ENCODING)],
        "A request with both lengths: read as chunks and then closed, or refused with 400.",
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
];

/// Cited for the only version there is.
const fn by(value: &'static str, source: Clause) -> Cited {
    Cited { value, since: "", source }
}

const fn choice(
    name: &'static str,
    words: &'static [&'static str],
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind: Kind::Choice(words), defaults, versions: &[], gist, special }
}

const fn number(
    name: &'static str,
    unit: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Number { min: 0, max: 1_000_000, unit };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    let is = |name: &str, word: &str| config.text(name) == word;
    let limit = |name: &str| Some(config.time(name)).filter(|&limit| limit > Us::ZERO);
    let optional: [(bool, Check); 2] = [
        (is("Transfer-Encoding with Content-Length", "refuse"), two_lengths),
        (is("folded field", "refuse"), folded_field),
    ];
    let strict = optional.into_iter().filter(|(on, _)| *on).map(|(_, check)| check);
    Ok(Box::new(Textbook {
        persistence: is("persistence", "on"),
        policy: Policy {
            honour_http10_keep_alive: is("HTTP/1.0 keep-alive", "honour"),
            ..Policy::default()
        },
        drains: is("unread body", "drain"),
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
        resets: is("unread body", "reset"),
        checks: CHECKS.iter().copied().chain(strict).collect(),
        stray_line: if is("empty line before request", "refuse") {
            StrayLine::Refuse
        } else {
            StrayLine::Skip
        },
    }))
}

struct Textbook {
    persistence: bool,
    policy: Policy,
    drains: bool,
    idle: Idle,
    /// 0: no limit.
    max_requests: u64,
    max_age: Option<Us>,
    announces: bool,
    says_close: bool,
    version: Speaks,
    unknown: Unknown,
    resets: bool,
    checks: Vec<Check>,
    stray_line: StrayLine,
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
        verdict.ask("Does the server keep connections?", clause::PERSISTENCE, || {
            if self.persistence {
                return Own::Keeps("yes", "persistence on".into());
            }
            let fact = "the server's persistence is off";
            Own::Closes("no", reason("persistence-off", fact, clause::PERSISTENCE, Strength::Must))
        });
        if seen.body_bytes > 0 && matches!(seen.app.status, 413 | 417) {
            verdict.ask(
                "Does the server read the rest of the request?",
                clause::PERSISTENCE,
                || self.rest_read(),
            );
        }
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

    fn rest_read(&self) -> Own {
        let because =
            |fact: &'static str| reason("unread-body", fact, clause::PERSISTENCE, Strength::Must);
        match (self.drains, self.resets) {
            (true, _) => Own::Keeps("yes", "read and thrown away".into()),
            (false, false) => Own::Closes("no", because("part of the request is not read")),
            (false, true) => {
                Own::Resets("no", because("the server closes on what it has not read"))
            }
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
        let mut opening = Opening::new(
            seen,
            &Manner {
                version,
                checks: &self.checks,
                unknown: self.unknown,
                confirms: asked.then_some("keep-alive"),
                policy: &self.policy,
            },
        );
        opening.ask_wire();
        self.ask(&mut opening.verdict, seen);
        self.say(&mut opening, seen.served);
        opening.finish(self.idle)
    }

    fn stray_line(&self) -> StrayLine {
        self.stray_line
    }

    fn refusal(&self, seen: &RequestSeen<'_>) -> Answer {
        refuse_stray_line(self.version(seen.request))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("no request came for {limit} (idle timeout)");
        reason("idle-timeout", fact, clause::TIMEOUTS, Strength::May)
    }
}
