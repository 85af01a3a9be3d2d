//! The first half of every answer: the request is checked, the answer drafted and judged by HTTP.
use super::{Check, Draft, Fault, Own, Unknown, Verdict, fault, reason};
use crate::profile::server::{After, Answer, Idle, RequestSeen};
use crate::protocol::reason::Branch;
use crate::protocol::{Framing, Judgement, Policy, Response, Step, Strength, Version, clause};

/// How a server speaks, as far as the beginning of every answer needs it.
pub struct Manner<'a> {
    /// The version in the status line.
    pub version: Version,
    pub checks: &'a [Check],
    pub unknown: Unknown,
    /// How it spells `keep-alive` to this client; None: it says nothing of the kind.
    pub confirms: Option<&'static str>,
    pub policy: &'a Policy,
}

/// An answer as far as all servers agree: checked, framed, judged by the rules of HTTP.
pub struct Opening {
    pub draft: Draft,
    pub verdict: Verdict,
    pub framing: Framing,
    /// Bytes that follow the request and that no field announces.
    pub surplus: u64,
    pub refused: bool,
}

impl Opening {
    pub fn new(seen: &RequestSeen<'_>, manner: &Manner<'_>) -> Self {
        let mut refused = fault(seen.request, manner.checks);
        let (mut draft, mut judgement) = drafted(seen, manner, refused.as_ref());
        if refused.is_none() && judgement.request_framing == Framing::Invalid {
            refused = Some(bad_length());
            (draft, judgement) = drafted(seen, manner, refused.as_ref());
        }
        let surplus = surplus(seen, judgement.request_framing);
        let framing = judgement.response_framing;
        let mut verdict = Verdict::of(judgement);
        if let Some(fault) = &refused {
            verdict.refuse("Can the request be understood?", fault);
        }
        Self { draft, verdict, framing, surplus, refused: refused.is_some() }
    }

    /// What really stands on the wire can contradict the fields: asked only where it does.
    pub fn ask_wire(&mut self) {
        if self.surplus > 0 {
            let fact = format!("{} bytes follow that no field announces", self.surplus);
            self.verdict.ask(
                "Does the request end where its fields say?",
                clause::BODY_LENGTH,
                || {
                    Own::Closes(
                        "no",
                        reason("surplus-bytes", fact, clause::BODY_LENGTH, Strength::Must),
                    )
                },
            );
        }
        if self.draft.missing > 0 {
            let fact = format!("{} bytes fewer than Content-Length says", self.draft.missing);
            self.verdict.ask("Is the answer complete?", clause::BODY_LENGTH, || {
                Own::Closes(
                    "no",
                    reason("incomplete-answer", fact, clause::BODY_LENGTH, Strength::Must),
                )
            });
        }
    }

    pub fn finish(self, idle: Idle) -> Answer {
        self.draft.finish(self.framing, self.verdict, idle)
    }
}

fn drafted(
    seen: &RequestSeen<'_>,
    manner: &Manner<'_>,
    fault: Option<&Fault>,
) -> (Draft, Judgement) {
    let version = manner.version.clone();
    let mut draft = match fault {
        Some(fault) => Draft::refusal(version, seen.request, fault),
        None => Draft::new(version, seen.request, seen.app, manner.unknown),
    };
    if let Some(spelling) = manner.confirms {
        draft.say_keep_alive(spelling);
    }
    let judgement = draft.judge(seen.request, manner.policy);
    (draft, judgement)
}

/// The framing rules found that the request's length makes no sense.
fn bad_length() -> Fault {
    let fact = "the fields do not say where the request body ends";
    Fault::new(400, reason("bad-request-length", fact, clause::BODY_LENGTH, Strength::Must))
}

/// Bytes that the client sends beyond what the request's fields announce.
pub fn surplus(seen: &RequestSeen<'_>, request: Framing) -> u64 {
    match request {
        Framing::None => seen.body_bytes,
        Framing::ContentLength(length) => seen.body_bytes.saturating_sub(length),
        Framing::Chunked | Framing::CloseDelimited | Framing::Invalid => 0,
    }
}

/// The answer to an empty line in the place of a request, for servers that refuse it.
pub fn refuse_stray_line(version: Version) -> Answer {
    let fact = "an empty line stands where a request should begin";
    let because = reason("stray-line", fact, clause::MESSAGE_PARSING, Strength::Practice);
    let path = vec![Step {
        question: "Does a request begin here?",
        answer: "no",
        fact: fact.into(),
        clause: clause::MESSAGE_PARSING,
        branch: Branch::Decides,
    }];
    Answer {
        response: Response::new(version, 400)
            .with("Content-Length", "0")
            .with("Connection", "close"),
        framing: Framing::ContentLength(0),
        body_bytes: 0,
        after: After::Close,
        because: vec![because],
        notes: Vec::new(),
        path,
    }
}
