//! HAProxy. The behaviour of 2.6 was measured on 2.6.12; what differs in other versions is what
//! their manuals say.
//!
//! Behind it stands an origin that answers in HTTP/1.1, in chunks if it does not know the length
//! and the request that reached it is HTTP/1.1: HAProxy passes the version on, 1.1 for anything
//! later. It takes nothing out of a body and puts nothing into it. What the origin says about its own
//! connection stays between the two.
mod reply;
mod request;
mod settings;
mod upstream;

use super::shared::opening::surplus;
use super::shared::{Outcome, Own, Verdict, reason};
use super::{After, Answer, Hold, Idle, NoAnswer, RequestSeen, StrayLine};
use crate::profile::{ClientRule, Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Clause, Note, Options, Reason, Strength, framing};
use crate::time::Us;
use reply::{Instead, Reply, Says, wrong};
use request::Asked;
use settings::{
    CLIENT_MODE, CLIENT_TIME, HTTPCLOSE, IDLE_EXPIRATION, Mode, PARSER, PROXY_HEADER, REQUEST_TIME,
    RESPONSE_VALUE, SERVER_CLOSE, SERVER_TIME, SETTINGS, Settings, TUNNEL,
};
use upstream::Upstream;

pub const PRODUCT: Product = Product {
    id: "haproxy",
    name: "HAProxy",
    gist: "A proxy: keeps clients whatever the server behind it says of its own connection, and without a limit unless one is set.",
    versions: &[
        VersionInfo { id: "1.3", note: "2006: no keep-alive of its own" },
        VersionInfo { id: "1.4", note: "2010: http-server-close keeps clients" },
        VersionInfo { id: "1.5", note: "2014: keeps clients without being told" },
        VersionInfo { id: "1.6", note: "2015: http-ignore-probes" },
        VersionInfo { id: "1.9", note: "2018: a new core; httpclose closes by itself" },
        VersionInfo { id: "2.0", note: "2019; stands for all up to 2.4" },
        VersionInfo { id: "2.5", note: "2021: without forceclose and http-tunnel" },
        VersionInfo { id: "2.6", note: "2022; measured: 2.6.12" },
        VersionInfo { id: "3.0", note: "2024: nothing else is known; stands for all after" },
    ],
    settings: SETTINGS,
    source: CLIENT_MODE,
    rule: MakeRule::Server(configure),
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(Haproxy(Settings::of(config), Upstream::of(config)?)))
}

struct Haproxy(Settings, Upstream);

impl ServerRule for Haproxy {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = Asked::read(seen.request, &self.0);
        let instead = self.instead(seen, &asked);
        let reply = Reply::of(seen, &asked, instead, self.0.htx);
        self.answer_with(seen, &asked, reply, instead)
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(self.1.clone()))
    }

    /// In tunnel mode it looks at the first request only.
    fn only_relays(&self) -> bool {
        self.0.mode == Mode::Tunnel
    }

    /// 503 if the server cannot be reached, 504 if it is silent, 502 if it closes; in the last case
    /// a client whose connection has had an answer gets nothing, so that it tries again by itself.
    fn gateway_error(&self, seen: &RequestSeen<'_>, why: NoAnswer) -> Option<Answer> {
        let asked = Asked::read(seen.request, &self.0);
        let status = match why {
            NoAnswer::Lost if seen.served > 0 => return None,
            NoAnswer::Unreachable => 503,
            NoAnswer::Lost => 502,
            NoAnswer::TooLate => 504,
        };
        let reply = Reply::own(status, false, self.0.htx);
        Some(self.answer_with(seen, &asked, reply, None))
    }

    /// A line end is skipped, but a request has begun with it.
    fn stray_line(&self) -> StrayLine {
        StrayLine::Begins(Idle { limit: self.0.head, checked_every: None })
    }

    fn hold(&self, seen: &RequestSeen<'_>) -> Hold {
        let asked = Asked::read(seen.request, &self.0);
        match self.0.server {
            Some(limit) if self.instead(seen, &asked) == Some(Instead::Silence) => {
                Hold::Waits(Idle::after(limit))
            }
            // The body is passed on as it comes, and it is the server whose silence is counted.
            None if asked.fault.is_none() && asked.missing(seen.body_bytes) => {
                Hold::Waits(Idle::never())
            }
            _ => Hold::Nothing,
        }
    }

    fn phase(&self, _seen: &RequestSeen<'_>) -> Option<u64> {
        Some(0)
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!(
            "no request came for {limit} (the shorter of timeout client and timeout http-keep-alive)"
        );
        reason("idle-timeout", fact, IDLE_EXPIRATION, Strength::May)
    }

    fn head_reason(&self, limit: Us) -> Reason {
        let fact = format!(
            "a line end began a request, and its head did not come for {limit}: 408, and the end"
        );
        reason("head-timeout", fact, REQUEST_TIME, Strength::May)
    }
}

impl Haproxy {
    fn answer_with(
        &self,
        seen: &RequestSeen<'_>,
        asked: &Asked,
        reply: Reply,
        instead: Option<Instead>,
    ) -> Answer {
        let mut verdict = self.decide(seen, asked, &reply, instead);
        note(&mut verdict, seen, asked);
        if self.0.unwatched && verdict.keeps() {
            let fact =
                "without timeout client, no other clock for clients runs: it is never closed";
            let (rule, clause) = ("unwatched", CLIENT_TIME);
            verdict.notes.push(Note { rule, fact: fact.into(), clause });
        }
        let method = &seen.request.method;
        let kept = verdict.keeps();
        // What is missing at the end of an answer is not known while its head is written.
        let incomplete = verdict.because.first().is_some_and(|why| why.rule == "incomplete-answer");
        let says = if kept || incomplete { Says::Kept } else { Says::Closed };
        let (response, framing, body_bytes) = reply.compose(method, asked.new, says);
        let begun = surplus(seen, framing::request(seen.request)) > 0;
        let after = match verdict.outcome {
            Outcome::Keep => {
                let limit = if begun { self.0.head } else { self.0.idle };
                After::Keep(Idle { limit, checked_every: None })
            }
            Outcome::Tunnel => After::Tunnel,
            Outcome::Close | Outcome::Reset => After::Close,
        };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    /// Does HAProxy answer in the place of the origin?
    fn instead(&self, seen: &RequestSeen<'_>, asked: &Asked) -> Option<Instead> {
        if asked.fault.is_some() {
            return None;
        }
        let late = |limit: Us| seen.app.after > limit || asked.missing(seen.body_bytes);
        if self.0.server.is_some_and(late) {
            return Some(Instead::Silence);
        }
        wrong(seen, asked).map(|_| Instead::BadAnswer)
    }

    fn decide(
        &self,
        seen: &RequestSeen<'_>,
        asked: &Asked,
        reply: &Reply,
        instead: Option<Instead>,
    ) -> Verdict {
        let mut verdict = Verdict::open();
        if let Some(fault) = &asked.fault {
            verdict.refuse(fault);
        } else if reply.tunnel {
            let connect = seen.request.method == "CONNECT";
            let rule = if connect { Cause::Tunnel.rule() } else { Cause::Switched.rule() };
            verdict
                .ask(Question::StaysHttp.text(), rule.clause, || Own::Closes("no", rule.reason()));
            verdict.outcome = Outcome::Tunnel;
            return verdict;
        }
        ask_http(&mut verdict, asked, reply);
        self.ask_haproxy(&mut verdict, seen, asked, instead);
        if verdict.keeps() {
            let cause = if asked.new { Cause::Http11Default } else { Cause::Http10Negotiated };
            let clause = match self.0.mode {
                Mode::Tunnel => TUNNEL,
                Mode::ServerClose => SERVER_CLOSE,
                Mode::KeepAlive | Mode::Close => CLIENT_MODE,
            };
            let fact = "no option closes the connections of clients";
            let own = reason("client-side-kept", fact, clause, Strength::Practice);
            verdict.because = vec![cause.rule().reason(), own];
        }
        verdict
    }

    /// What the configuration and the origin have to say.
    fn ask_haproxy(
        &self,
        verdict: &mut Verdict,
        seen: &RequestSeen<'_>,
        asked: &Asked,
        instead: Option<Instead>,
    ) {
        if self.0.mode == Mode::Tunnel {
            verdict.ask("Does the server behind it close?", TUNNEL, || {
                if Options::of(&seen.app.headers).close {
                    let fact = "the server behind it closes, and its end is passed on";
                    return Own::Closes("yes", practice("origin-closes", fact, TUNNEL));
                }
                Own::Keeps("no", "".into())
            });
        } else {
            verdict.ask("Does an option close clients' connections?", HTTPCLOSE, || {
                if self.0.mode == Mode::Close {
                    let fact = "option httpclose is set";
                    return Own::Closes("yes", practice("httpclose", fact, HTTPCLOSE));
                }
                Own::Keeps("no", "".into())
            });
        }
        if instead == Some(Instead::Silence) && asked.missing(seen.body_bytes) {
            verdict.ask("Was the whole request there?", SERVER_TIME, || {
                Own::Closes("no", Cause::BodyUnread.rule().reason())
            });
        }
    }
}

fn ask_http(verdict: &mut Verdict, asked: &Asked, reply: &Reply) {
    let put = |verdict: &mut Verdict, question: Question, look: &dyn Fn() -> Own| {
        verdict.ask(question.text(), question.clause(), look);
    };
    if asked.doubtful {
        verdict.ask("Is the length of the request beyond doubt?", PARSER, || {
            let fact = "Transfer-Encoding stands beside Content-Length, or in HTTP/1.0";
            Own::Closes("no", practice("doubtful-length", fact, PARSER))
        });
    }
    put(verdict, Question::Close, &|| {
        if asked.close {
            return Own::Closes("yes", Cause::CloseInRequest.rule().reason());
        }
        Own::Keeps("no", "".into())
    });
    put(verdict, Question::Version, &|| match asked.new {
        true => Own::Keeps("yes", "HTTP/1.1 or anything later".into()),
        false => Own::Keeps("no", "earlier than HTTP/1.1".into()),
    });
    if !asked.new {
        put(verdict, Question::Asked, &|| match asked.keep_alive {
            true => Own::Keeps("yes", "the request asks, and HAProxy confirms".into()),
            false => Own::Closes("no", Cause::Http10NotAsked.rule().reason()),
        });
    }
    put(verdict, Question::Length, &|| reply.length());
}

/// What is worth knowing although it did not decide.
fn note(verdict: &mut Verdict, seen: &RequestSeen<'_>, asked: &Asked) {
    if asked.fault.is_some() {
        return;
    }
    let mut note = |rule, fact: &'static str, clause: &'static Clause| {
        verdict.notes.push(Note { rule, fact: fact.into(), clause });
    };
    if Options::of(&seen.app.headers) != Options::default() {
        note(
            "own-hop",
            "close and keep-alive of the server behind it are not passed on; other words are",
            RESPONSE_VALUE,
        );
    }
    if seen.request.headers.has("proxy-connection") {
        note("proxy-connection", "Proxy-Connection is not heeded", PROXY_HEADER);
    }
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}
