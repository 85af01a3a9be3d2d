//! Apache httpd 2.2 and 2.4. Its whole decision is one condition in its source, `ap_set_keepalive`;
//! here it is a list of questions. The behaviour of 2.4 was measured on 2.4.71 (event, worker and
//! prefork); that of 2.2 is the same condition, read in its source and its manual.
//!
//! The application behind it: a static file or a proxied origin where the length is known, a CGI
//! program that prints bit by bit where it is not. Fields that the application sets are those of
//! a CGI program or of `Header set`; a proxied origin's Connection field would not come through.
mod reply;
mod request;
mod settings;
mod upstream;
mod workers;

use super::shared::{Fault, Outcome, Own, Verdict, reason};
use super::{After, Answer, App, Content, Idle, NoAnswer, RequestSeen, Workers};
use crate::profile::{ClientRule, Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Clause, Note, Reason, Strength, Version, clause};
use crate::time::Us;
use reply::Reply;
use request::{Asked, HTTP10, HTTP11, Word};
use settings::{
    DOWNGRADE, DROPS_CONNECTION, FIND_TOKEN, FORCE_RESPONSE, KEEP_ALIVE, MAX_REQUESTS, Mpm,
    NOKEEPALIVE, READ_REQUEST, SET_KEEPALIVE, SETTINGS, Settings, TIMEOUT_OF_KEEP_ALIVE,
};
use upstream::Upstream;

pub const PRODUCT: Product = Product {
    id: "apache-httpd",
    name: "Apache httpd",
    gist: "Keeps connections for 5 s; says so only to clients that ask, and counts the kept answers down.",
    versions: &[
        VersionInfo { id: "2.2", note: "2005 to 2017" },
        VersionInfo { id: "2.4", note: "since 2012; measured: 2.4.71" },
    ],
    settings: SETTINGS,
    source: SET_KEEPALIVE,
    rule: MakeRule::Server(configure),
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    let settings = Settings::of(config)?;
    let upstream = Upstream::of(config, &settings)?;
    Ok(Box::new(Httpd(settings, upstream)))
}

struct Httpd(Settings, Upstream);

/// What the variables make of one request.
struct Variables {
    nokeepalive: bool,
    downgrade: bool,
    force_response: bool,
}

impl ServerRule for Httpd {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = Asked::read(seen.request, self.0.is_old());
        let variables = self.variables(&asked);
        let reply = Reply::of(seen, &asked, &variables);
        let mut verdict = self.decide(seen, &asked, &reply, &variables);
        let said = verdict.keeps();
        let hint = (said && asked.keep_alive.is_some()).then(|| self.hint(seen.served));
        let (response, framing, body_bytes) = reply.compose(seen, said, hint);
        if let Some(fault) = &asked.fault {
            // The answer is written by now, and may have said that the connection stays.
            let question = "Is the request taken further?";
            verdict.ask(question, READ_REQUEST, || taken_further(fault));
        }
        self.note(&mut verdict, &asked, seen.served);
        let after = match verdict.outcome {
            Outcome::Keep => After::Keep(Idle::after(self.0.idle)),
            Outcome::Tunnel => After::Tunnel,
            Outcome::Close | Outcome::Reset => After::Close,
        };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        Some(if self.0.max_requests == 0 { 0 } else { seen.served })
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(self.1.clone()))
    }

    /// 503 if the server cannot be reached; 502 if it is silent or closes. If it closes, a client
    /// whose connection has had an answer gets nothing, so that it tries again by itself.
    fn gateway_error(&self, seen: &RequestSeen<'_>, why: NoAnswer) -> Option<Answer> {
        let (status, bytes) = match why {
            NoAnswer::Lost if seen.served > 0 => return None,
            NoAnswer::Unreachable => (503, 339),
            NoAnswer::Lost | NoAnswer::TooLate => (502, 381),
        };
        let app = App { status, content: Content::Known(bytes), ..App::default() };
        Some(self.answer(&RequestSeen { app: &app, ..*seen }))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let held = match self.0.mpm {
            Mpm::Prefork => "the wait tied up a process",
            Mpm::Worker => "the wait tied up a thread",
            Mpm::Event => "the wait tied up no thread",
        };
        let fact = format!("no request came for {limit} (KeepAliveTimeout); {held}");
        reason("idle-timeout", fact, TIMEOUT_OF_KEEP_ALIVE[self.0.manual], Strength::May)
    }

    fn workers(&self) -> Option<Workers> {
        self.0.workers
    }
}

impl Httpd {
    /// A request that is refused at the door never meets the variables.
    fn variables(&self, asked: &Asked) -> Variables {
        let met = asked.fault.is_none();
        let downgrade = met && self.0.downgrade && asked.version > HTTP10;
        let old = downgrade || asked.version == HTTP10;
        Variables {
            nokeepalive: met && self.0.nokeepalive,
            downgrade,
            force_response: met && self.0.force_response && old,
        }
    }

    /// Kept answers that are left, this one included.
    fn left(&self, served: u64) -> i64 {
        self.0.max_requests.saturating_sub(i64::try_from(served).unwrap_or(i64::MAX))
    }

    /// The Keep-Alive field: whole seconds, and what is left unless there is no limit.
    fn hint(&self, served: u64) -> String {
        let seconds = (self.0.idle.0 / 1_000_000).to_string();
        if self.0.max_requests == 0 {
            ["timeout=", &seconds].concat()
        } else {
            ["timeout=", &seconds, ", max=", &self.left(served).to_string()].concat()
        }
    }

    fn decide(
        &self,
        seen: &RequestSeen<'_>,
        asked: &Asked,
        reply: &Reply<'_>,
        variables: &Variables,
    ) -> Verdict {
        let mut verdict = Verdict::open();
        if let Some(fault) = asked.fault.as_ref().filter(|fault| fault.status != 417) {
            verdict.refuse(fault);
        }
        let simple = seen.request.version == Version::Http09; // without a head nothing can be switched
        if seen.app.status == 101 && reply.is_of_application() && !simple {
            switch(&mut verdict);
            return verdict;
        }
        ask_http(&mut verdict, asked, reply, variables);
        self.ask_httpd(&mut verdict, seen, asked, reply, variables);
        if verdict.keeps() {
            let cause = if reply.version >= HTTP11 {
                Cause::Http11Default
            } else {
                Cause::Http10Negotiated
            };
            let fact = "KeepAlive is On, and MaxKeepAliveRequests leaves room";
            let own = reason("keep-alive-on", fact, KEEP_ALIVE[self.0.manual], Strength::Practice);
            verdict.because = vec![cause.rule().reason(), own];
        }
        verdict
    }

    /// What the configuration has to say.
    fn ask_httpd(
        &self,
        verdict: &mut Verdict,
        seen: &RequestSeen<'_>,
        asked: &Asked,
        reply: &Reply<'_>,
        variables: &Variables,
    ) {
        let manual = self.0.manual;
        verdict.ask("Is KeepAlive On?", KEEP_ALIVE[manual], || {
            yes_or(self.0.keep_alive, "KeepAlive On", || {
                practice("keep-alive-off", "KeepAlive is Off", KEEP_ALIVE[manual])
            })
        });
        if self.0.idle == Us::ZERO {
            let page = TIMEOUT_OF_KEEP_ALIVE[manual];
            verdict.ask("Is KeepAliveTimeout above 0?", page, || {
                Own::Closes("no", practice("keep-alive-timeout-0", "KeepAliveTimeout is 0", page))
            });
        }
        verdict.ask("Is there room under MaxKeepAliveRequests?", MAX_REQUESTS[manual], || {
            self.room(seen.served)
        });
        verdict.ask("Does the status allow it?", DROPS_CONNECTION, || status(reply.status));
        if variables.nokeepalive {
            verdict.ask("Does nokeepalive allow it?", NOKEEPALIVE, || nokeepalive(asked.via));
        }
    }

    fn room(&self, served: u64) -> Own {
        let (limit, left) = (self.0.max_requests, self.left(served));
        if limit == 0 {
            return Own::Keeps("yes", "MaxKeepAliveRequests 0: no limit".into());
        }
        if left > 0 {
            let (this, all) = ((served + 1).to_string(), limit.to_string());
            return Own::Keeps("yes", ["kept answer ", &this, " of ", &all].concat().into());
        }
        let page = MAX_REQUESTS[self.0.manual];
        let fact = if limit < 0 {
            "MaxKeepAliveRequests is negative: no answer keeps the connection".into()
        } else {
            format!("{served} answers have kept the connection, MaxKeepAliveRequests is {limit}")
        };
        Own::Closes("no", reason("max-keep-alive-requests", fact, page, Strength::Practice))
    }

    /// What is worth knowing although it did not decide.
    fn note(&self, verdict: &mut Verdict, asked: &Asked, served: u64) {
        let kept = verdict.keeps();
        let mut note = |rule, fact: &'static str, clause| {
            verdict.notes.push(Note { rule, fact: fact.into(), clause });
        };
        if asked.keep_alive == Some(Word::Part) {
            note(
                "part-of-a-word",
                "the request names only the beginning of keep-alive; httpd takes it for the whole",
                FIND_TOKEN,
            );
        }
        if asked.version >= 2000 && asked.fault.is_none() {
            note("any-version", "httpd takes every version above 1.1 for HTTP/1.1", SET_KEEPALIVE);
        }
        if kept && asked.keep_alive.is_some() && !self.0.idle.0.is_multiple_of(1_000_000) {
            note(
                "whole-seconds",
                "the timeout that is announced leaves out the part of a second",
                SET_KEEPALIVE,
            );
        }
        if kept && self.0.max_requests > 0 && self.left(served) == 1 {
            note(
                "one-more",
                "MaxKeepAliveRequests counts the answers that keep the connection: one more request is served",
                SET_KEEPALIVE,
            );
        }
    }
}

/// The questions of HTTP, as httpd answers them.
fn ask_http(verdict: &mut Verdict, asked: &Asked, reply: &Reply<'_>, variables: &Variables) {
    let put = |verdict: &mut Verdict, question: Question, look: &dyn Fn() -> Own| {
        verdict.ask(question.text(), question.clause(), look);
    };
    put(verdict, Question::Close, &|| close(asked, reply));
    put(verdict, Question::Version, &|| {
        let new = reply.version >= HTTP11;
        let fact = match asked.version {
            _ if variables.downgrade => "downgrade-1.0 is set: the request counts as HTTP/1.0",
            9 => "the request is HTTP/0.9",
            HTTP10 => "the request is HTTP/1.0",
            HTTP11 => "HTTP/1.1",
            _ => "later than HTTP/1.1",
        };
        Own::Keeps(if new { "yes" } else { "no" }, fact.into())
    });
    if reply.version < HTTP11 {
        put(verdict, Question::Asked, &|| match (asked.keep_alive, asked.version) {
            (Some(_), _) => Own::Keeps("yes", "the request asks, and httpd confirms".into()),
            (None, 9) => Own::Closes("no", Cause::Http09.rule().reason()),
            (None, _) if variables.downgrade => Own::Closes("no", downgraded()),
            (None, _) => Own::Closes("no", Cause::Http10NotAsked.rule().reason()),
        });
    }
    if asked.two_lengths {
        verdict.ask("Does the request have one length only?", clause::TRANSFER_ENCODING, || {
            Own::Closes("no", Cause::RequestTwoLengths.rule().reason())
        });
    }
    if asked.owes_100 {
        verdict.ask("Has the client its 100 Continue?", SET_KEEPALIVE, || {
            let fact =
                "the client expects 100 Continue and none was sent: its body could still come";
            Own::Closes("no", practice("no-100-continue", fact, SET_KEEPALIVE))
        });
    }
    if variables.force_response {
        verdict.ask("May the answer be HTTP/1.1?", FORCE_RESPONSE, || {
            let fact =
                "force-response-1.0 is set: the answer is HTTP/1.0, and httpd closes after it";
            Own::Closes("no", practice("force-response", fact, FORCE_RESPONSE))
        });
    }
    put(verdict, Question::Length, &|| reply.length());
}

fn close(asked: &Asked, reply: &Reply<'_>) -> Own {
    match (asked.close, reply.app_closes()) {
        (Some(Word::Whole), _) => Own::Closes("yes", Cause::CloseInRequest.rule().reason()),
        (Some(Word::Part), _) => {
            let fact = "the request names the beginning of close, which httpd takes for close";
            Own::Closes("yes", practice("close-in-request", fact, FIND_TOKEN))
        }
        (None, true) => Own::Closes("yes", Cause::CloseInResponse.rule().reason()),
        (None, false) => Own::Keeps("no", "".into()),
    }
}

fn downgraded() -> Reason {
    let fact = "downgrade-1.0 is set, and the request does not ask for keep-alive";
    practice("http10-not-asked", fact, DOWNGRADE)
}

/// 101: what follows is another protocol.
fn switch(verdict: &mut Verdict) {
    let switched = Cause::Switched.rule();
    verdict
        .ask(Question::StaysHttp.text(), switched.clause, || Own::Closes("no", switched.reason()));
    if verdict.outcome == Outcome::Close && verdict.because.len() == 1 {
        verdict.outcome = Outcome::Tunnel;
    }
}

fn status(status: u16) -> Own {
    let fact = match status {
        400 => "httpd keeps no connection after 400",
        408 => "httpd keeps no connection after 408",
        411 => "httpd keeps no connection after 411",
        413 => "httpd keeps no connection after 413",
        414 => "httpd keeps no connection after 414",
        500 => "httpd keeps no connection after 500",
        501 => "httpd keeps no connection after 501",
        503 => "httpd keeps no connection after 503",
        _ => return Own::Keeps("yes", "".into()),
    };
    Own::Closes("no", practice("status-drops-connection", fact, DROPS_CONNECTION))
}

fn nokeepalive(via: bool) -> Own {
    if via {
        return Own::Keeps("yes", "the request has a Via field: nokeepalive is not applied".into());
    }
    Own::Closes("no", practice("nokeepalive", "nokeepalive is set", NOKEEPALIVE))
}

fn taken_further(fault: &Fault) -> Own {
    let fact = "417 ends the connection, although the answer does not say so";
    let because = fault.because.clone();
    Own::Closes("no", Reason { fact: fact.into(), clause: READ_REQUEST, ..because })
}

fn yes_or(holds: bool, fact: &'static str, otherwise: impl FnOnce() -> Reason) -> Own {
    if holds { Own::Keeps("yes", fact.into()) } else { Own::Closes("no", otherwise()) }
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}

/// The version of a status line: httpd writes its own, whatever was asked.
const fn status_line(force_response: bool) -> Version {
    if force_response { Version::Http10 } else { Version::Http11 }
}
