//! The HTTP server that comes with Java, `com.sun.net.httpserver`. The behaviour of 17 was measured
//! on 17.0.15, that of 25 on 25.0.3; what changed between them is what the list of bugs says.
//!
//! The application behind it is a handler that knows the length of its answer and passes it on
//! (`known`), passes 0 (`streamed`: not known), or -1 (`empty`), and that adds its own fields.
mod reply;
mod request;
mod settings;

use super::shared::{Own, Verdict, reason};
use super::{After, Answer, Hold, Idle, RequestSeen, StrayLine, Workers};
use crate::profile::{Config, ConfigError, MakeRule, Product, ServerRule, VersionInfo};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Clause, Note, Reason, Strength};
use crate::time::Us;
use reply::{Body, compose, page};
use request::{Asked, Said};
use settings::{
    BLANK_LINES, DRAIN, EXCHANGE, IDLE_TASK, MAX_DROPPED, SEND_HEADERS, SETTINGS, Settings,
    WRITE_FINISHED,
};

pub const PRODUCT: Product = Product {
    id: "java-httpserver",
    name: "Java HttpServer",
    gist: "Compares the whole Connection field with one word, answers close with silence, and looks for idle connections every 10 s.",
    versions: &[
        VersionInfo { id: "17", note: "2021; measured: 17.0.15" },
        VersionInfo { id: "21", note: "2023: no more max= in Keep-Alive" },
        VersionInfo { id: "25", note: "2025; measured: 25.0.3" },
    ],
    settings: SETTINGS,
    source: EXCHANGE,
    rule: MakeRule::Server(configure),
};

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(JavaHttpServer(Settings::of(config))))
}

struct JavaHttpServer(Settings);

/// The server takes this much from the socket at a time. What it has not taken when it closes is
/// answered by the system with a reset.
const BUFFER: u64 = 8192;

/// A wait that begins at a look is not over at the look that comes one limit later: the answer has
/// taken a moment.
const MOMENT: Us = Us(1);

impl ServerRule for JavaHttpServer {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = Asked::read(seen.request);
        let body = Body::of(seen, &asked);
        let mut verdict = Verdict::open();
        let (response, framing, body_bytes) = if let Some((fault, bytes)) = &asked.fault {
            verdict.refuse(fault);
            page(&seen.request.method, fault.status, *bytes)
        } else {
            compose(seen, &asked, body, &self.0)
        };
        self.decide(&mut verdict, seen, &asked, body);
        self.note(&mut verdict, &asked, body);
        let after = if verdict.keeps() {
            After::Keep(self.wait(seen, &asked))
        } else if self.leaves_bytes(seen, &asked) {
            After::Reset
        } else {
            After::Close
        };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    fn hold(&self, seen: &RequestSeen<'_>) -> Hold {
        let asked = Asked::read(seen.request);
        if asked.opaque {
            let fact = "the target has a scheme and no path: the server gives up without a word";
            return Hold::HangsUp(Us::ZERO, practice("no-path", fact, EXCHANGE));
        }
        let missing =
            asked.fault.is_none() && asked.length.is_some_and(|length| seen.body_bytes < length);
        match self.0.request_time {
            _ if !missing => Hold::Nothing,
            None => Hold::Waits(Idle::never()),
            Some(limit) => Hold::HangsUp(limit + self.0.timer, self.head_reason(limit)),
        }
    }

    /// A line end is skipped, but a request has begun with it, and that is no idle wait any more.
    fn stray_line(&self) -> StrayLine {
        StrayLine::Begins(self.begun())
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        Some(u64::from(seen.pipelined))
    }

    fn idle_reason(&self, _limit: Us) -> Reason {
        let fact = format!(
            "no request came for {} (idleInterval), seen at a look every {} (clockTick)",
            self.0.idle, self.0.tick
        );
        reason("idle-timeout", fact, IDLE_TASK, Strength::May)
    }

    fn head_reason(&self, _limit: Us) -> Reason {
        let limit = self.0.request_time.unwrap_or_default();
        let fact = format!("a request has begun and did not come for {limit} (maxReqTime)");
        reason("head-timeout", fact, BLANK_LINES, Strength::May)
    }

    fn idle_room(&self) -> Option<u32> {
        Some(u32::try_from(self.0.most_idle).unwrap_or(0))
    }

    fn no_room_reason(&self) -> Reason {
        no_room(self.0.most_idle)
    }

    fn workers(&self) -> Option<Workers> {
        self.0.workers
    }
}

fn no_room(most: i64) -> Reason {
    let fact = ["maxIdleConnections allows ", &most.to_string(), " idle connections"].concat();
    reason("max-idle-connections", fact, WRITE_FINISHED, Strength::Practice)
}

impl JavaHttpServer {
    /// The wait for the next request. What follows a request without being announced begins one.
    fn wait(&self, seen: &RequestSeen<'_>, asked: &Asked) -> Idle {
        if asked.has_surplus(seen) {
            return self.begun();
        }
        Idle { limit: Some(self.0.idle + MOMENT), checked_every: Some(self.0.tick) }
    }

    fn begun(&self) -> Idle {
        let limit = self.0.request_time.map(|limit| limit + MOMENT);
        Idle { limit, checked_every: Some(self.0.timer) }
    }

    fn decide(&self, verdict: &mut Verdict, seen: &RequestSeen<'_>, asked: &Asked, body: Body) {
        verdict.ask("Is the first Connection field the word close?", EXCHANGE, || {
            match asked.connection {
                Said::Close => Own::Closes("yes", Cause::CloseInRequest.rule().reason()),
                Said::Other if asked.overlooked => {
                    Own::Keeps("no", "it is a list, and lists are not taken apart".into())
                }
                _ => Own::Keeps("no", "".into()),
            }
        });
        verdict.ask("Is it HTTP/1.0?", EXCHANGE, || {
            let (answer, fact) =
                if asked.old { ("yes", "") } else { ("no", "every other version counts as 1.1") };
            Own::Keeps(answer, fact.into())
        });
        if asked.old {
            verdict.ask("Has the HTTP/1.0 request a Connection field?", EXCHANGE, || old(asked));
        }
        verdict.ask(Question::Length.text(), SEND_HEADERS, || body.length());
        verdict.ask("Does the application say close?", SEND_HEADERS, || application(seen));
        if let Some(most) = self.0.drain {
            verdict.ask(Question::Read.text(), DRAIN, || drained(asked, most));
        }
        let begun = seen.pipelined || asked.has_surplus(seen);
        if self.0.most_idle <= 0 && (self.0.counts_first || !begun) {
            verdict.ask("Is there room among the idle connections?", WRITE_FINISHED, || {
                Own::Closes("no", no_room(self.0.most_idle))
            });
        }
        if verdict.keeps() {
            let cause = if asked.old { Cause::Http10Negotiated } else { Cause::Http11Default };
            verdict.because = vec![match asked.connection {
                Said::Other if asked.old => {
                    let fact = "the HTTP/1.0 request has a Connection field, and it is not close";
                    practice("connection-not-close", fact, EXCHANGE)
                }
                _ => cause.rule().reason(),
            }];
        }
    }

    /// Has the server taken less from the socket than the client has sent?
    fn leaves_bytes(&self, seen: &RequestSeen<'_>, asked: &Asked) -> bool {
        let head = seen.request.wire_bytes();
        let body = match (asked.length, self.0.drain) {
            _ if asked.fault.is_some() => 0,
            (None, _) => seen.body_bytes,
            (Some(length), None) => length,
            (Some(length), Some(most)) => length.min(u64::try_from(most).unwrap_or(0)),
        };
        let taken = (head + body).div_ceil(BUFFER) * BUFFER;
        head + seen.body_bytes > taken
    }

    /// What is worth knowing although it did not decide.
    fn note(&self, verdict: &mut Verdict, asked: &Asked, body: Body) {
        let kept = verdict.keeps();
        let mut note = |rule, fact: &'static str, clause| {
            verdict.notes.push(Note { rule, fact: fact.into(), clause });
        };
        let told = asked.fault.is_none() && asked.old && asked.connection == Said::KeepAlive;
        if kept && asked.overlooked {
            note("close-overlooked", "the request says close, but not alone and first", EXCHANGE);
        }
        if told && matches!(body, Body::Close(_)) {
            let fact = "the answer says keep-alive, and its end is the close";
            note("announced-not-done", fact, SEND_HEADERS);
        }
        if told && self.0.says_max {
            let fact = "max in Keep-Alive is how many connections may be idle, not how many requests are left";
            note("max-is-no-count", fact, MAX_DROPPED);
        }
        if asked.fault.is_none() && asked.connection == Said::Close {
            note("silent-close", "the answer does not say that it is the last", EXCHANGE);
        }
    }
}

fn old(asked: &Asked) -> Own {
    match asked.connection {
        Said::Nothing => Own::Closes("no", Cause::Http10NotAsked.rule().reason()),
        Said::KeepAlive => Own::Keeps("yes", "keep-alive, and the answer confirms".into()),
        Said::Close | Said::Other => Own::Keeps("yes", "the answer says nothing of it".into()),
    }
}

fn application(seen: &RequestSeen<'_>) -> Own {
    if seen.app.headers.all("connection").any(|line| line.eq_ignore_ascii_case("close")) {
        return Own::Closes("yes", Cause::CloseInResponse.rule().reason());
    }
    Own::Keeps("no", "".into())
}

/// The end of the body is found only by reading beyond it: a body of exactly `most` bytes counts
/// as not read, and with 0 nothing is read that would show the end of no body at all.
fn drained(asked: &Asked, most: i64) -> Own {
    let most = u64::try_from(most).unwrap_or(0);
    match asked.length {
        Some(length) if length >= most => {
            let fact = "the application did not read the body, and drainAmount is no more than it";
            Own::Closes("no", practice("drain-amount", fact, DRAIN))
        }
        None if most == 0 => {
            let fact = "the application did not read the body, and drainAmount is 0";
            Own::Closes("no", practice("drain-amount", fact, DRAIN))
        }
        _ => Own::Keeps("yes", "what the application left is drained".into()),
    }
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}
