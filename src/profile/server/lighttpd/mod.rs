//! lighttpd 1.4. The behaviour of today was measured on 1.4.69; what differs in earlier versions is
//! what their sources say.
//!
//! The application behind it is an origin that it passes requests on to (`mod_proxy`). Unless it is
//! told to stream, it collects an answer before it sends the first byte, and so it knows every
//! length, whatever the origin knew. What the origin says about its own connection is dropped; of
//! a CGI program, lighttpd would heed `Connection: close`.
mod reply;
mod request;
mod settings;

use super::shared::opening::surplus;
use super::shared::{Outcome, Own, Verdict, reason};
use super::{After, Answer, Hold, Idle, RequestSeen, Workers};
use crate::profile::{Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Clause, Note, Options, Reason, Request, Strength, Version, framing};
use crate::time::Us;
use reply::Reply;
use request::Asked;
use settings::{
    IDLE, PROXIED, READ_IDLE, REQUESTS, SETTINGS, SINGLE_HEADER, Settings, TIMEOUT, WRITE_HEADER,
};

pub const PRODUCT: Product = Product {
    id: "lighttpd",
    name: "lighttpd",
    gist: "Small and old: keeps connections for 5 s, which last 6; collects answers, so that every length is known.",
    versions: &[
        VersionInfo { id: "1.4.4", note: "2005: 128 requests, 30 s" },
        VersionInfo { id: "1.4.5", note: "2005: 16 requests, 5 s" },
        VersionInfo { id: "1.4.40", note: "2016: collects answers before it sends them" },
        VersionInfo { id: "1.4.46", note: "2017: 100 requests" },
        VersionInfo { id: "1.4.65", note: "2022: 1000 requests; measured: 1.4.69" },
    ],
    settings: SETTINGS,
    source: WRITE_HEADER,
    rule: MakeRule::Server(configure),
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(Lighttpd(Settings::of(config))))
}

struct Lighttpd(Settings);

/// lighttpd compares whole seconds, and more of them than the limit have to pass. A server with
/// nothing else to do sleeps for whole seconds from the last thing that happened: it closes one
/// second after the limit.
const TICK: Us = Us::from_secs(1);

fn passed(limit: Us) -> Idle {
    Idle::after(limit + TICK)
}

impl ServerRule for Lighttpd {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = Asked::read(seen.request, &self.0);
        let reply = Reply::of(seen, &asked, &self.0);
        let mut verdict = self.decide(seen, &asked, &reply);
        note(&mut verdict, seen, &asked);
        let incomplete = verdict.because.first().is_some_and(|why| why.rule == "incomplete-answer");
        let kept = verdict.keeps() || incomplete;
        let (response, framing, body_bytes) = reply.compose(&seen.request.method, kept);
        let after = match verdict.outcome {
            Outcome::Keep => After::Keep(passed(self.0.idle)),
            Outcome::Tunnel => After::Tunnel,
            Outcome::Close | Outcome::Reset => After::Close,
        };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    /// A line without a version is the beginning of a head; a body that is not all there is waited
    /// for, too. Nothing is said at the end of the wait.
    fn hold(&self, seen: &RequestSeen<'_>) -> Hold {
        let asked = Asked::read(seen.request, &self.0);
        let limit = match seen.request.version {
            Version::Http09 if seen.served == 0 => self.0.read_idle,
            Version::Http09 => self.0.idle,
            _ if asked.fault.is_none() && asked.missing(seen.body_bytes) => self.0.read_idle,
            _ => return Hold::Nothing,
        };
        Hold::HangsUp(limit + TICK, self.head_reason(limit + TICK))
    }

    /// Bytes that no field announces stand before the method of the next request.
    fn hears_no_more(&self, seen: &RequestSeen<'_>) -> bool {
        let asked = Asked::read(seen.request, &self.0);
        asked.fault.is_none() && surplus(seen, framing::request(seen.request)) > 0
    }

    fn refusal(&self, seen: &RequestSeen<'_>) -> Answer {
        let method = ["?", &seen.request.method].concat();
        let request = Request { method, ..seen.request.clone() };
        self.answer(&RequestSeen { request: &request, ..*seen })
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        Some(seen.served)
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let limit = limit - TICK;
        let fact = format!(
            "no request came for more than {limit} (server.max-keep-alive-idle), counted in whole seconds"
        );
        reason("idle-timeout", fact, TIMEOUT, Strength::May)
    }

    fn workers(&self) -> Option<Workers> {
        self.0.workers
    }

    fn head_reason(&self, limit: Us) -> Reason {
        let limit = limit - TICK;
        let fact = format!(
            "the rest of the request did not come for more than {limit}; nothing is answered"
        );
        reason("head-timeout", fact, READ_IDLE, Strength::May)
    }
}

impl Lighttpd {
    fn decide(&self, seen: &RequestSeen<'_>, asked: &Asked, reply: &Reply) -> Verdict {
        let mut verdict = Verdict::open();
        if let Some(fault) = &asked.fault {
            verdict.refuse(fault);
        } else if reply.switched {
            let switched = Cause::Switched.rule();
            verdict.ask(Question::StaysHttp.text(), switched.clause, || {
                Own::Closes("no", switched.reason())
            });
            verdict.outcome = Outcome::Tunnel;
            return verdict;
        }
        self.ask_lighttpd(&mut verdict, seen);
        ask_http(&mut verdict, asked, reply);
        if verdict.keeps() {
            let cause = if asked.new { Cause::Http11Default } else { Cause::Http10Negotiated };
            let fact = "server.max-keep-alive-idle is above 0, and a request is left";
            let own = reason("keep-alive-on", fact, WRITE_HEADER, Strength::Practice);
            verdict.because = vec![cause.rule().reason(), own];
        }
        verdict
    }

    /// What the configuration has to say.
    fn ask_lighttpd(&self, verdict: &mut Verdict, seen: &RequestSeen<'_>) {
        verdict.ask("Is server.max-keep-alive-idle above 0?", IDLE, || {
            if self.0.idle == Us::ZERO {
                let fact = "server.max-keep-alive-idle is 0";
                return Own::Closes("no", practice("keep-alive-idle-0", fact, WRITE_HEADER));
            }
            Own::Keeps("yes", self.0.idle.to_string().into())
        });
        verdict.ask("Is a request left under server.max-keep-alive-requests?", REQUESTS, || {
            let (this, limit) = (seen.served + 1, self.0.requests);
            let fact = ["request ", &this.to_string(), " of ", &limit.to_string()].concat();
            if this <= limit {
                return Own::Keeps("yes", fact.into());
            }
            Own::Closes("no", reason("keep-alive-requests", fact, REQUESTS, Strength::Practice))
        });
    }
}

fn ask_http(verdict: &mut Verdict, asked: &Asked, reply: &Reply) {
    let put = |verdict: &mut Verdict, question: Question, look: &dyn Fn() -> Own| {
        verdict.ask(question.text(), question.clause(), look);
    };
    put(verdict, Question::Close, &|| match (asked.told, asked.keep) {
        (true, false) => Own::Closes("yes", Cause::CloseInRequest.rule().reason()),
        (true, true) if asked.overruled => {
            Own::Keeps("no", "the last Connection line says keep-alive".into())
        }
        _ => Own::Keeps("no", "".into()),
    });
    put(verdict, Question::Version, &|| match asked.new {
        true => Own::Keeps("yes", "HTTP/1.1".into()),
        false => Own::Keeps("no", "the request is HTTP/1.0".into()),
    });
    if !asked.new {
        put(verdict, Question::Asked, &|| match asked.keep {
            true => Own::Keeps("yes", "the request asks, and lighttpd confirms".into()),
            false => Own::Closes("no", Cause::Http10NotAsked.rule().reason()),
        });
    }
    put(verdict, Question::Length, &|| reply.length());
}

/// What is worth knowing although it did not decide.
fn note(verdict: &mut Verdict, seen: &RequestSeen<'_>, asked: &Asked) {
    let mut note = |rule, fact: &'static str, clause: &'static Clause| {
        verdict.notes.push(Note { rule, fact: fact.into(), clause });
    };
    if asked.overruled {
        note(
            "last-line-decides",
            "an earlier Connection line says close; lighttpd heeds the last line that says anything",
            SINGLE_HEADER,
        );
    }
    if asked.fault.is_some() {
        return;
    }
    if Options::of(&seen.app.headers) != Options::default() {
        note("own-hop", "what the application says in Connection is dropped", PROXIED);
    }
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}
