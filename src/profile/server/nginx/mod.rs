//! nginx. The behaviour of 1.22 was measured on 1.22.1; what differs in other versions is what its
//! list of changes says.
//!
//! The application behind it is an origin that it passes requests on to (`proxy_pass`): such an
//! origin can have any status, any fields, and answers of unknown length. What the origin says
//! about its own connection stays between the two, and a 500 of the origin is an answer like any
//! other; only nginx's own 400, 413, 414, 500 and 501 end the client's connection.
mod reply;
mod request;
mod settings;
mod time;
mod upstream;

use super::shared::opening::surplus;
use super::shared::{Outcome, Own, Verdict, reason};
use super::{After, Answer, Idle, RequestSeen, StrayLine};
use crate::profile::{ClientRule, Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Clause, Note, Options, Reason, Strength, clause, framing};
use crate::time::Us;
use reply::Reply;
use request::{Asked, Browser, HTTP10, HTTP11, Said};
use settings::{
    CHUNKED, CONNECTION, DISABLE, HANDLER, HEADER_TIMEOUT, LINGERING, PROXIED, REQUESTS, SETTINGS,
    Settings, TIME, TIMEOUT,
};
use upstream::Upstream;

pub const PRODUCT: Product = Product {
    id: "nginx",
    name: "nginx",
    gist: "Keeps connections for 75 s and says so in every answer; it looks for letters, not for words, in Connection.",
    versions: &[
        VersionInfo { id: "1.0", note: "2011: 100 requests, none kept for Safari" },
        VersionInfo { id: "1.1.18", note: "2012: Safari too" },
        VersionInfo { id: "1.15.3", note: "2018: limits for connections to servers" },
        VersionInfo { id: "1.19.10", note: "2021: 1000 requests, for one hour" },
        VersionInfo { id: "1.22", note: "2022, stricter about requests; measured: 1.22.1" },
        VersionInfo { id: "1.27.4", note: "2025: keepalive_min_timeout" },
        VersionInfo {
            id: "1.29.7",
            note: "2026: keeps connections to servers; stands for all after",
        },
    ],
    settings: SETTINGS,
    source: HANDLER,
    rule: MakeRule::Server(configure),
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(Nginx(Settings::of(config)?, Upstream::of(config)?)))
}

struct Nginx(Settings, Upstream);

impl ServerRule for Nginx {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = Asked::read(seen.request, &self.0);
        let reply = Reply::of(seen, &asked, self.0.chunked);
        let mut verdict = self.decide(seen, &asked, &reply);
        let (response, framing, body_bytes) =
            reply.compose(seen, verdict.keeps(), self.0.announced_s);
        // The answer is written by now: what follows the request is read after it.
        let extra = surplus(seen, framing::request(seen.request));
        if extra > 0 && asked.fault.is_none() {
            ask_end(&mut verdict, extra);
        }
        self.note(&mut verdict, seen, &asked);
        let after = match verdict.outcome {
            Outcome::Keep => After::Keep(Idle::after(self.0.idle)),
            Outcome::Tunnel => After::Tunnel,
            Outcome::Close | Outcome::Reset if self.resets(seen, &asked) => After::Reset,
            Outcome::Close | Outcome::Reset => After::Close,
        };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    /// A line end is skipped, but a request has begun with it.
    fn stray_line(&self) -> StrayLine {
        StrayLine::Begins(Idle::after(self.0.header_timeout))
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        let old = self.0.time.is_some_and(|limit| is_beyond(seen.age, limit));
        Some(seen.served << 1 | u64::from(old))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("no request came for {limit} (keepalive_timeout)");
        reason("idle-timeout", fact, TIMEOUT, Strength::May)
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(self.1.clone()))
    }

    fn head_reason(&self, limit: Us) -> Reason {
        let fact = format!(
            "a line end began a request, and its head did not come for {limit} (client_header_timeout); \
             no 408 is sent"
        );
        reason("head-timeout", fact, HEADER_TIMEOUT, Strength::May)
    }
}

/// nginx counts milliseconds.
fn is_beyond(age: Us, limit: Us) -> bool {
    age.0 / 1_000 > limit.0 / 1_000
}

impl Nginx {
    fn decide(&self, seen: &RequestSeen<'_>, asked: &Asked, reply: &Reply<'_>) -> Verdict {
        let mut verdict = Verdict::open();
        if let Some(fault) = &asked.fault {
            verdict.refuse(fault);
        } else if seen.app.status == 101 {
            let switched = Cause::Switched.rule();
            verdict.ask(Question::StaysHttp.text(), switched.clause, || {
                Own::Closes("no", switched.reason())
            });
            verdict.outcome = Outcome::Tunnel;
            return verdict;
        }
        self.ask_http(&mut verdict, asked, reply);
        self.ask_nginx(&mut verdict, seen, asked);
        if verdict.keeps() {
            let new = asked.version >= HTTP11;
            let cause = if new { Cause::Http11Default } else { Cause::Http10Negotiated };
            let fact = "keepalive_timeout is above 0, and keepalive_requests leaves room";
            let own = reason("keepalive-on", fact, TIMEOUT, Strength::Practice);
            verdict.because = vec![cause.rule().reason(), own];
        }
        verdict
    }

    fn ask_http(&self, verdict: &mut Verdict, asked: &Asked, reply: &Reply<'_>) {
        let put = |verdict: &mut Verdict, question: Question, look: &dyn Fn() -> Own| {
            verdict.ask(question.text(), question.clause(), look);
        };
        put(verdict, Question::Close, &|| close(asked));
        put(verdict, Question::Version, &|| match asked.version {
            9 => Own::Keeps("no", "the request is HTTP/0.9".into()),
            HTTP10 => Own::Keeps("no", "the request is HTTP/1.0".into()),
            HTTP11 => Own::Keeps("yes", "HTTP/1.1".into()),
            _ => Own::Keeps("yes", "later than HTTP/1.1".into()),
        });
        if asked.version <= HTTP10 {
            put(verdict, Question::Asked, &|| match (asked.connection, asked.version) {
                (_, 9) => Own::Closes("no", Cause::Http09.rule().reason()),
                (Some(Said::KeepAlive), _) => {
                    Own::Keeps("yes", "the request asks, and nginx confirms".into())
                }
                _ => Own::Closes("no", Cause::Http10NotAsked.rule().reason()),
            });
        }
        put(verdict, Question::Length, &|| {
            if reply.is_close_delimited() && asked.version >= HTTP11 {
                let fact =
                    "the length is not known beforehand, and chunked_transfer_encoding is off";
                return Own::Closes("no", practice("close-delimited", fact, CHUNKED));
            }
            reply.length()
        });
    }

    /// What the configuration has to say.
    fn ask_nginx(&self, verdict: &mut Verdict, seen: &RequestSeen<'_>, asked: &Asked) {
        verdict.ask("Is keepalive_timeout above 0?", TIMEOUT, || {
            if self.0.idle == Us::ZERO {
                let fact = "keepalive_timeout is 0";
                return Own::Closes("no", practice("keepalive-timeout-0", fact, TIMEOUT));
            }
            Own::Keeps("yes", self.0.idle.to_string().into())
        });
        verdict.ask("Is a request left under keepalive_requests?", REQUESTS, || {
            let (this, limit) = (seen.served + 1, self.0.requests);
            let fact = ["request ", &this.to_string(), " of ", &limit.to_string()].concat();
            if this < limit {
                return Own::Keeps("yes", fact.into());
            }
            Own::Closes("no", reason("keepalive-requests", fact, REQUESTS, Strength::Practice))
        });
        if let Some(limit) = self.0.time {
            verdict.ask("Is the connection younger than keepalive_time?", TIME, || {
                if !is_beyond(seen.age, limit) {
                    return Own::Keeps("yes", limit.to_string().into());
                }
                let fact = format!("the connection is older than {limit} (keepalive_time)");
                Own::Closes("no", reason("keepalive-time", fact, TIME, Strength::Practice))
            });
        }
        if let Some(fact) = self.forbidden(seen, asked) {
            verdict.ask("Does keepalive_disable spare the browser?", DISABLE, || {
                Own::Closes("no", practice("keepalive-disable", fact, DISABLE))
            });
        }
    }

    /// Why this browser gets no kept connection.
    fn forbidden(&self, seen: &RequestSeen<'_>, asked: &Asked) -> Option<&'static str> {
        match asked.browser? {
            Browser::Msie6 if self.0.msie6 && seen.request.method == "POST" => Some(
                "the browser is an old Internet Explorer, and the request is POST (keepalive_disable msie6)",
            ),
            Browser::Safari if self.0.safari => {
                Some("the browser is Safari (keepalive_disable safari)")
            }
            Browser::SafariElsewhere if self.0.safari && self.0.any_safari => {
                Some("the browser is Safari (keepalive_disable safari)")
            }
            _ => None,
        }
    }

    /// Without lingering, what does not fit into the first buffer is never read, and the system
    /// answers it with a reset. Of a request with a proper length the body is read all the same.
    fn resets(&self, seen: &RequestSeen<'_>, asked: &Asked) -> bool {
        const HEADER_BUFFER: u64 = 1024;
        let unread = matches!(&asked.fault, Some(fault) if matches!(fault.status, 400 | 501 | 505));
        !self.0.lingers && unread && seen.request.wire_bytes() + seen.body_bytes > HEADER_BUFFER
    }

    /// What is worth knowing although it did not decide.
    fn note(&self, verdict: &mut Verdict, seen: &RequestSeen<'_>, asked: &Asked) {
        let kept = verdict.keeps();
        let mut note = |rule, fact: &'static str, clause| {
            verdict.notes.push(Note { rule, fact: fact.into(), clause });
        };
        if asked.overruled {
            note(
                "last-line-decides",
                "an earlier Connection line says close; nginx heeds the last line only",
                CONNECTION,
            );
        }
        if kept && self.0.announced_s.is_some_and(|seconds| Us::from_secs(seconds) != self.0.idle) {
            note(
                "announced-not-applied",
                "the Keep-Alive field announces the second value of keepalive_timeout; the first one is applied",
                TIMEOUT,
            );
        }
        if asked.fault.is_none() && Options::of(&seen.app.headers) != Options::default() {
            note("own-hop", "what the application says in Connection is not passed on", PROXIED);
        }
        if !self.0.lingers && !kept {
            note(
                "no-lingering",
                "lingering_close is off: a client that still sends gets a reset",
                LINGERING,
            );
        }
    }
}

fn close(asked: &Asked) -> Own {
    match asked.connection {
        Some(Said::Close) if asked.inside => {
            let fact = "the letters of close stand in a Connection line, inside another word";
            Own::Closes("yes", practice("close-in-request", fact, CONNECTION))
        }
        Some(Said::Close) => Own::Closes("yes", Cause::CloseInRequest.rule().reason()),
        Some(Said::KeepAlive) if asked.overruled => {
            Own::Keeps("no", "the last Connection line says keep-alive".into())
        }
        _ => Own::Keeps("no", "".into()),
    }
}

/// Bytes that no field announces are read as the next request: 400, and the connection ends.
fn ask_end(verdict: &mut Verdict, extra: u64) {
    let clause = clause::BODY_LENGTH;
    verdict.ask("Does the request end where its fields say?", clause, || {
        let fact = ["", &extra.to_string(), " bytes follow that no field announces"].concat();
        Own::Closes("no", reason("surplus-bytes", fact, clause, Strength::Must))
    });
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}
