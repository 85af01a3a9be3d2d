//! The first half of every answer: the request is checked, the answer drafted and judged by HTTP.
use super::{Draft, Own, Unknown, Verdict, reason, refusal, wrong_host};
use crate::profile::server::{After, Answer, Idle, RequestSeen};
use crate::protocol::reason::Branch;
use crate::protocol::{
    Framing, Judgement, Policy, Response, Step, Strength, Version, clause, framing,
};

/// How a server speaks, as far as the beginning of every answer needs it.
pub struct Manner<'a> {
    /// The version in the status line.
    pub version: Version,
    pub host: Host,
    pub unknown: Unknown,
    /// How it spells `keep-alive` to this client; None: it says nothing of the kind.
    pub confirms: Option<&'static str>,
    pub policy: &'a Policy,
}

/// What a request without a Host field, or with two of them, gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Its answer: the server is older than the field.
    NotMissed,
    /// 400; the connection may stay.
    Refused,
    /// 400 and close.
    RefusedAndClosed,
}

/// An answer as far as all servers agree: checked, framed, judged by the rules of HTTP.
pub struct Opening {
    pub draft: Draft,
    pub verdict: Verdict,
    pub framing: Framing,
    /// Bytes that follow the request and that no field announces.
    pub surplus: u64,
    /// The server answers by itself: the request cannot be processed.
    pub refused: bool,
}

impl Opening {
    pub fn new(seen: &RequestSeen<'_>, manner: &Manner<'_>) -> Self {
        let request = seen.request;
        let host = if manner.host == Host::NotMissed { None } else { wrong_host(request) };
        let (mut draft, mut judgement) = drafted(seen, manner, host.as_ref().map(|_| 400));
        let mut refused = host.is_some();
        if let Some(status) = refusal(judgement.against, judgement.request_framing) {
            (draft, judgement) = drafted(seen, manner, Some(status));
            refused = true;
        }
        let surplus = surplus(seen, judgement.request_framing);
        // As whoever reads the answer will see it, not as strict as this server may be itself.
        let framing = framing::response(&draft.response, &request.method);
        let mut verdict = Verdict::of(judgement);
        if let Some(reason) = host.filter(|_| manner.host == Host::RefusedAndClosed) {
            verdict.ask("Is the request addressed as it must be?", clause::HOST, || {
                Own::Closes("no", reason)
            });
        }
        Self { draft, verdict, framing, surplus, refused }
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
    refused: Option<u16>,
) -> (Draft, Judgement) {
    let version = manner.version.clone();
    let mut draft = match refused {
        Some(status) => Draft::refusal(version, seen.request, status),
        None => Draft::new(version, seen.request, seen.app, manner.unknown),
    };
    if let Some(spelling) = manner.confirms {
        draft.say_keep_alive(spelling);
    }
    let judgement = draft.judge(seen.request, manner.policy);
    (draft, judgement)
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
    let fact = "the server answers 400 to the empty line that stands where a request should begin";
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
