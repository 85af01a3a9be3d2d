//! Node's `http.Server`. Measured on 20.20.2; what differs in other versions is what its manual,
//! its list of changes and its source say.
//!
//! Two programs decide: the parser (llhttp) whether another request may follow, and the answer
//! (`_storeHeader`) whether the connection is closed. The application can overrule the second, not
//! the first: a connection can be left open on which nothing more is understood.
mod reply;
mod request;
mod settings;

use super::shared::opening::surplus;
use super::shared::{Outcome, Own, Verdict, reason};
use super::{After, Answer, Hold, Idle, RequestSeen};
use crate::profile::llhttp::KEEP_ALIVE;
use crate::profile::{Config, ConfigError, MakeRule, Product, ServerRule};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{
    Clause, Framing, Note, Reason, Request, Response, Strength, Version, clause, framing,
};
use crate::time::Us;
use reply::{Reply, Says, Writes};
use request::{Asked, OwnAnswer, reason_of};
use settings::{
    BUFFER, CONNECT, HEADERS, HOST, PARSER, REQUESTS, SETTINGS, SOCKET, STORE_HEADER, Settings,
    TIMEOUT, VERSIONS,
};

pub const PRODUCT: Product = Product {
    id: "node",
    name: "Node.js",
    gist: "Announces 5 s and waits 6; after maxRequestsPerSocket it says close, but stays open.",
    versions: VERSIONS,
    settings: SETTINGS,
    source: STORE_HEADER,
    rule: MakeRule::Server(configure),
};

#[expect(clippy::unnecessary_wraps, reason = "every product has this form")]
fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(Node(Settings::of(config))))
}

struct Node(Settings);

impl ServerRule for Node {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let asked = self.read(seen);
        if let Some(fault) = &asked.fault {
            let mut verdict = Verdict::open();
            verdict.refuse(fault);
            return bare(fault.status, seen, verdict);
        }
        if seen.request.version == Version::Http09 {
            return late_head(seen);
        }
        let extra = surplus(seen, framing::request(seen.request));
        let Some(broken) = broken_rest(&asked, extra) else {
            return self.take(seen, &asked, None);
        };
        // What follows is looked at before an application that takes its time has answered.
        if seen.app.after > Us::ZERO && asked.own.is_none() {
            let mut verdict = Verdict::open();
            verdict.ask(WHOLE, PARSER, || Own::Closes("no", broken));
            return bare(400, seen, verdict);
        }
        self.take(seen, &asked, Some(broken))
    }

    fn hold(&self, seen: &RequestSeen<'_>) -> Hold {
        let simple = seen.request.version == Version::Http09;
        let slow = self.0.socket > Us::ZERO && seen.app.after > self.0.socket;
        let interim = matches!(seen.app.status, 100 | 102..=199);
        let connects = seen.request.method == "CONNECT";
        if !simple && !slow && !interim && !connects && !seen.pipelined {
            return Hold::Nothing;
        }
        let asked = self.read(seen);
        if asked.fault.is_some() {
            Hold::Nothing
        } else if seen.pipelined && !asked.lasts() {
            // Its answer waits for the one before to be out; the error that follows comes first.
            let fact = "another request follows the last one: the parser's error ends the connection before the answer is out";
            Hold::HangsUp(Us::ZERO, practice("after-the-last", fact, PARSER))
        } else if simple {
            Hold::Waits(self.head_wait())
        } else if connects {
            let fact = "the application does not listen for CONNECT";
            Hold::HangsUp(Us::ZERO, practice("connect-not-heard", fact, CONNECT))
        } else if interim && asked.own.is_none() {
            // The application has given its answer, and it is none: the idle wait begins.
            match self.idle().limit {
                Some(limit) => Hold::HangsUp(seen.app.after + limit, self.idle_reason(limit)),
                None => Hold::Waits(Idle::never()),
            }
        } else if slow && asked.own.is_none() {
            let fact = ["the application did nothing for ", &self.0.socket.to_string()].concat();
            Hold::HangsUp(
                self.0.socket,
                reason("socket-timeout", fact + " (server.timeout)", SOCKET, Strength::May),
            )
        } else {
            Hold::Nothing
        }
    }

    /// The limit of requests is one of HTTP/1.1.
    fn counts(&self, request: &Request) -> bool {
        request.version == Version::Http11
    }

    fn hears_no_more(&self, seen: &RequestSeen<'_>) -> bool {
        let short = match framing::request(seen.request) {
            Framing::ContentLength(length) => length > seen.body_bytes,
            _ => false,
        };
        short || !self.read(seen).lasts()
    }

    fn refusal(&self, seen: &RequestSeen<'_>) -> Answer {
        let mut verdict = Verdict::open();
        verdict.ask(WHOLE, PARSER, || {
            let fact = "the parser has done with this connection: the request before it was the last, or not whole";
            Own::Closes("no", practice("after-the-last", fact, PARSER))
        });
        bare(400, seen, verdict)
    }

    fn phase(&self, seen: &RequestSeen<'_>) -> Option<u64> {
        Some(seen.served.min(self.0.max_requests))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        if self.0.keep_alive == Us::ZERO {
            let fact = format!("nothing came for {limit} (server.timeout)");
            return reason("idle-timeout", fact, SOCKET, Strength::May);
        }
        let plus = if self.0.buffer > Us::ZERO { " and the buffer behind it" } else { "" };
        let fact = format!("no request came for {limit} (server.keepAliveTimeout{plus})");
        reason("idle-timeout", fact, TIMEOUT, Strength::May)
    }
}

const WHOLE: &str = "Can what follows be read?";

/// What comes behind the request in the same breath, and cannot be read.
fn broken_rest(asked: &Asked, extra: u64) -> Option<Reason> {
    if asked.endless {
        return Some(Cause::RequestNotChunkedLast.rule().reason());
    }
    if extra > 0 {
        let fact = [&extra.to_string(), " bytes follow that no field announces"].concat();
        return Some(reason("surplus-bytes", fact, clause::BODY_LENGTH, Strength::Must));
    }
    None
}

impl Node {
    fn read(&self, seen: &RequestSeen<'_>) -> Asked {
        Asked::read(seen.request, &self.0, seen.served + 1)
    }

    fn is_last_allowed(&self, seen: &RequestSeen<'_>, asked: &Asked) -> bool {
        let limit = self.0.max_requests;
        asked.new && limit > 0 && seen.served + 1 >= limit
    }

    /// The answer to a request that the parser took.
    fn take(&self, seen: &RequestSeen<'_>, asked: &Asked, broken: Option<Reason>) -> Answer {
        let reply = Reply::of(seen, asked);
        let mut verdict = self.decide(asked, &reply);
        let hint = self.hint();
        let limit = self.is_last_allowed(seen, asked);
        let kept = Writes::KeepAlive(hint.as_deref().filter(|_| !reply.says_own_hint()));
        let writes = match (reply.says, verdict.keeps()) {
            (Some(_), _) => Writes::Nothing,
            (None, true) if limit => Writes::Close,
            (None, true) => kept,
            (None, false) => Writes::Close,
        };
        let (response, framing, body_bytes) = reply.compose(asked, &seen.request.method, writes);
        self.note(&mut verdict, asked, &reply, limit);
        if let Some(broken) = broken {
            verdict.ask(WHOLE, PARSER, || Own::Closes("no", broken));
        }
        let after = if verdict.keeps() { After::Keep(self.idle()) } else { After::Close };
        let Verdict { because, notes, path, .. } = verdict;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }

    fn decide(&self, asked: &Asked, reply: &Reply<'_>) -> Verdict {
        let mut verdict = Verdict::open();
        if asked.own == Some(OwnAnswer::NoHost) {
            verdict.ask("Is the request addressed as it must be?", HOST, || {
                Own::Closes("no", reason_of(OwnAnswer::NoHost))
            });
        }
        match reply.says {
            Some(says) => verdict.ask(
                "Does the application's own Connection field leave it open?",
                STORE_HEADER,
                || match says {
                    Says::Close => Own::Closes("no", Cause::CloseInResponse.rule().reason()),
                    Says::Other => {
                        Own::Keeps("yes", "it says no close, and the request is not asked".into())
                    }
                },
            ),
            None => ask_request(&mut verdict, asked, reply),
        }
        verdict.ask(Question::Length.text(), clause::BODY_LENGTH, || length(asked, reply));
        if verdict.keeps() {
            verdict.because = vec![why_kept(asked, reply), self.why_waiting()];
        }
        verdict
    }

    fn why_waiting(&self) -> Reason {
        if self.0.keep_alive == Us::ZERO {
            return practice("keep-alive-on", "keepAliveTimeout is 0: no wait of its own", TIMEOUT);
        }
        practice("keep-alive-on", "Node keeps connections unless something is said", TIMEOUT)
    }

    fn hint(&self) -> Option<String> {
        if self.0.keep_alive == Us::ZERO {
            return None;
        }
        let seconds = (self.0.keep_alive.0 / 1_000_000).to_string();
        Some(match self.0.max_requests {
            0 => ["timeout=", &seconds].concat(),
            max => ["timeout=", &seconds, ", max=", &max.to_string()].concat(),
        })
    }

    fn idle(&self) -> Idle {
        match (self.0.keep_alive, self.0.socket) {
            (Us::ZERO, Us::ZERO) => Idle::never(),
            (Us::ZERO, socket) => Idle::after(socket),
            (keep_alive, _) => Idle::after(keep_alive + self.0.buffer),
        }
    }

    fn head_wait(&self) -> Idle {
        let limit = (self.0.head > Us::ZERO).then_some(self.0.head);
        Idle { limit, checked_every: Some(self.0.checked_every) }
    }

    /// What is worth knowing although it did not decide.
    fn note(&self, verdict: &mut Verdict, asked: &Asked, reply: &Reply<'_>, limit: bool) {
        let kept = verdict.keeps();
        let mut note = |rule, fact: &'static str, clause| {
            verdict.notes.push(Note { rule, fact: fact.into(), clause });
        };
        if kept && limit && reply.says.is_none() {
            note(
                "says-close-stays-open",
                "the answer says close, and Node leaves the connection open for the client to close",
                REQUESTS,
            );
        }
        if let Some(own) = asked.own.filter(|own| *own != OwnAnswer::NoHost) {
            let Reason { rule, fact, clause, .. } = reason_of(own);
            verdict.notes.push(Note { rule, fact, clause });
            return;
        }
        if kept && !asked.lasts() {
            note(
                "open-but-deaf",
                "the connection stays, but the parser takes nothing more: the next request gets 400",
                PARSER,
            );
        }
        if asked.said.by_proxy_field {
            note("proxy-connection", "Proxy-Connection is read like Connection", PARSER);
        }
        if kept && !asked.new && asked.said.close && reply.says.is_none() {
            note("close-not-heeded", "below HTTP/1.1 keep-alive wins over close", KEEP_ALIVE);
        }
        if kept && self.0.buffer > Us::ZERO && self.0.keep_alive > Us::ZERO {
            note("waits-longer", "the server waits longer than it announces", BUFFER);
        }
    }
}

fn ask_request(verdict: &mut Verdict, asked: &Asked, reply: &Reply<'_>) {
    if reply.contradicts() {
        verdict.ask("Can the answer be in chunks?", STORE_HEADER, || {
            let fact = "the application wants chunks in an answer that has no body";
            Own::Closes("no", practice("chunked-without-body", fact, STORE_HEADER))
        });
    }
    if asked.new {
        verdict.ask(Question::Close.text(), KEEP_ALIVE, || {
            if asked.said.close {
                Own::Closes("yes", Cause::CloseInRequest.rule().reason())
            } else {
                Own::Keeps("no", "".into())
            }
        });
    }
    verdict.ask(Question::Version.text(), KEEP_ALIVE, || {
        if asked.new {
            return Own::Keeps("yes", "HTTP/1.1".into());
        }
        Own::Keeps("no", "Node treats every other version like HTTP/1.0".into())
    });
    if asked.new {
        return;
    }
    verdict.ask(Question::Asked.text(), KEEP_ALIVE, || {
        if asked.said.keep_alive {
            Own::Keeps("yes", "the request asks".into())
        } else {
            Own::Closes("no", Cause::Http10NotAsked.rule().reason())
        }
    });
    verdict.ask("Has the application set a length?", STORE_HEADER, || {
        if reply.has_length || asked.knows_chunks {
            return Own::Keeps("yes", "".into());
        }
        let fact = "no Content-Length is set, and Node adds none for HTTP/1.0";
        Own::Closes("no", practice("no-length-set", fact, STORE_HEADER))
    });
}

fn length(asked: &Asked, reply: &Reply<'_>) -> Own {
    if reply.is_close_delimited(asked) {
        return Own::Closes("no", Cause::CloseDelimited.rule().reason());
    }
    Own::Keeps("yes", if reply.has_length { "Content-Length" } else { "" }.into())
}

fn why_kept(asked: &Asked, reply: &Reply<'_>) -> Reason {
    if reply.says.is_some() {
        let fact = "the application sets Connection itself, and does not say close";
        return practice("application-keeps", fact, STORE_HEADER);
    }
    let cause = if asked.new { Cause::Http11Default } else { Cause::Http10Negotiated };
    cause.rule().reason()
}

/// What the parser's errors get: two lines, no body, and the end.
fn bare(status: u16, seen: &RequestSeen<'_>, verdict: Verdict) -> Answer {
    let headless = seen.request.method == "HEAD";
    let Verdict { because, notes, path, .. } = verdict;
    Answer {
        response: Response::new(Version::Http11, status).with("Connection", "close"),
        framing: if headless { Framing::None } else { Framing::CloseDelimited },
        body_bytes: 0,
        after: After::Close,
        because,
        notes,
        path,
    }
}

/// HTTP/0.9 is not known as such: after its line Node waits for fields.
fn late_head(seen: &RequestSeen<'_>) -> Answer {
    let mut verdict = Verdict::open();
    verdict.ask(Question::Readable.text(), PARSER, || {
        let fact = "the request has no version: Node waits for fields, and at last answers 408";
        Own::Closes("no", practice("head-timeout", fact, HEADERS))
    });
    debug_assert_eq!(verdict.outcome, Outcome::Close);
    bare(408, seen, verdict)
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    reason(rule, fact, clause, Strength::Practice)
}
