//! Sun's Java Web Server of 1998: an output buffer decides whether the length of an answer is
//! known, and with it whether the connection can be kept.
//!
//! That it answers with HTTP/1.0 is inferred: a server that could send chunks would not need the
//! buffer to keep a connection.
use super::shared::{
    Host, Manner, Opening, Outcome, Own, Unknown, Verdict, asks_keep_alive, reason,
};
use super::{Answer, App, Content, Idle, RequestSeen};
use crate::profile::setting::TimeUnit;
use crate::profile::{
    Cited, Config, ConfigError, Kind, MakeRule, Product, ServerRule, Setting, VersionInfo,
};
use crate::protocol::reason::Branch;
use crate::protocol::{Clause, Framing, Policy, Reason, Step, Strength, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "java-web-server",
    name: "Java Web Server",
    gist: "An answer that fits its 4 kB buffer gets a length and keeps the connection; a longer one closes it.",
    versions: &[VersionInfo { id: "1.1", note: "1998" }],
    settings: &[BUFFER, KEEP_ALIVE, TIMEOUT],
    source: KEEP_ALIVE_PAGE,
    rule: MakeRule::Server(configure),
};

const KEEP_ALIVE_PAGE: &Clause = &Clause {
    document: "HTTP Keep Alive (1998)",
    section: "server side",
    url: "https://web.archive.org/web/2000/http://www.io.com/~maus/HttpKeepAlive.html",
    gist: "A servlet that sets no length is buffered: up to 4 kB the length is found and keep-alive is used, beyond that it is not.",
};

const TUNING_PAGE: &Clause = &Clause {
    document: "Java Web Server help",
    section: "Service Tuning",
    url: "http://itu.dk/~sestoft/javaservlets/administration/tuning.html",
    gist: "Connection persistence: five requests on a connection, and 30 s until an idle one is dropped.",
};

const BUFFER: Setting = Setting {
    name: "output buffer",
    kind: Kind::Number { min: 0, max: 1_048_576, unit: "bytes" },
    defaults: &[Cited { value: "4096", since: "", source: KEEP_ALIVE_PAGE }],
    versions: &[],
    gist: "Output up to this size is held back to find its length.",
    special: "A detail of the servlet engine, fixed at 4 kB; it can be changed here only",
};

const KEEP_ALIVE: Setting = Setting {
    name: "Keep Alive",
    kind: Kind::Number { min: 1, max: 1_000_000, unit: "requests" },
    defaults: &[Cited { value: "5", since: "", source: TUNING_PAGE }],
    versions: &[],
    gist: "Requests on one connection before the server closes it.",
    special: "",
};

const TIMEOUT: Setting = Setting {
    name: "Timeout",
    kind: Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[],
        min_us: 1_000_000,
        max_us: 86_400_000_000,
    },
    defaults: &[Cited { value: "30", since: "", source: TUNING_PAGE }],
    versions: &[],
    gist: "How long an idle connection lives before the server drops it.",
    special: "",
};

struct JavaWebServer {
    /// Bytes.
    buffer: u64,
    requests: u64,
    idle: Idle,
    policy: Policy,
}

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    let number = |setting: &Setting| u64::try_from(config.number(setting.name)).unwrap_or(0);
    Ok(Box::new(JavaWebServer {
        buffer: number(&BUFFER),
        requests: number(&KEEP_ALIVE),
        idle: Idle::after(config.time(TIMEOUT.name)),
        policy: Policy::default(),
    }))
}

impl JavaWebServer {
    /// A client "supports keep-alive" if it says so, or if its version means so.
    fn manner(&self, seen: &RequestSeen<'_>) -> Manner<'_> {
        let can = seen.request.version.is_at_least_http11() || asks_keep_alive(seen.request);
        Manner {
            version: Version::Http10,
            host: Host::NotMissed,
            unknown: Unknown::Buffer(self.buffer),
            confirms: can.then_some("Keep-Alive"),
            policy: &self.policy,
        }
    }

    /// The servlet engine's question comes before those of HTTP: it decides whether there is a
    /// length at all.
    fn explain_buffer(&self, verdict: &mut Verdict, app: &App, framing: Framing) {
        let Content::Streamed(bytes) = app.content else { return };
        if app.headers.has("content-length") {
            return; // setContentLength() was called: nothing is held back
        }
        let fits = bytes <= self.buffer;
        let fact = if fits {
            format!("{bytes} bytes fit the output buffer of {}", self.buffer)
        } else {
            format!("{bytes} bytes do not fit the output buffer of {}", self.buffer)
        };
        verdict.path.insert(
            0,
            Step {
                question: "Does the output fit the buffer?",
                answer: if fits { "yes" } else { "no" },
                fact: fact.clone().into(),
                clause: KEEP_ALIVE_PAGE,
                branch: Branch::Continues,
            },
        );
        if framing == Framing::CloseDelimited && !fits {
            let because = reason("buffer-overflow", fact, KEEP_ALIVE_PAGE, Strength::Practice);
            verdict.because.insert(0, because);
        }
    }

    fn requests_left(&self, answer: u64) -> Own {
        let fact = format!("answer {answer} of {} (Keep Alive)", self.requests);
        if answer < self.requests {
            return Own::Keeps("yes", fact.into());
        }
        Own::Closes("no", reason("max-requests", fact, TUNING_PAGE, Strength::May))
    }
}

impl ServerRule for JavaWebServer {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let mut opening = Opening::new(seen, &self.manner(seen));
        opening.ask_wire();
        opening.verdict.ask("Are requests left on this connection?", TUNING_PAGE, || {
            self.requests_left(seen.served + 1)
        });
        if !opening.refused {
            self.explain_buffer(&mut opening.verdict, seen.app, opening.framing);
        }
        // In HTTP/1.0 silence means close.
        if matches!(opening.verdict.outcome, Outcome::Close | Outcome::Reset) {
            opening.draft.say_nothing();
        }
        opening.finish(self.idle)
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        Some(seen.served)
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("no request came for {limit} (Timeout)");
        reason("idle-timeout", fact, TUNING_PAGE, Strength::May)
    }
}
