//! A client with a pool of connections, whatever its name: what the textbook client, Go and hyper
//! have in common. Each of them says what it fills in, and where that stands.
use super::shared::{by_the_rules, hint, practice};
use super::{ClientAfter, ClientRule, ClientSees, Picks, Sweeper};
use crate::protocol::{Clause, Policy, Reason, Request, Version};
use crate::time::Us;

/// A pool, as one product has it with its settings.
pub struct Pooled {
    /// Connections to one server; `u32::MAX`: without limit.
    pub connections: u32,
    /// How long one may be idle; None: without limit.
    pub idle_limit: Option<Us>,
    /// How many may be idle; `u32::MAX`: without limit.
    pub idle_room: u32,
    pub hints: Hints,
    /// What is subtracted from a hint.
    pub margin: Us,
    pub picks: Picks,
    pub notices_close: bool,
    /// Reads every answer to its end; otherwise one with a body makes the connection useless.
    pub drains: bool,
    pub scope: Scope,
    /// Requests under way on one connection. From 1.
    pub depth: u32,
    /// Is this request sent again when a reused connection dies under it?
    pub repeats: fn(&Request) -> bool,
    pub gives_up_after: Option<Us>,
    /// None: each connection has a clock of its own.
    pub sweeper: Option<Sweeper>,
    /// The request as it goes out; the number is that of the bytes of its body.
    pub writes: fn(&Request, u64) -> Option<Request>,
    /// Where the product says how long and how many connections it keeps.
    pub source: &'static Clause,
    /// Its own names for both.
    pub names: Names,
}

/// What a product calls the limits of its pool.
pub struct Names {
    pub idle_limit: &'static str,
    pub idle_room: &'static str,
    pub gives_up: &'static str,
}

/// Whether `Keep-Alive: timeout=` in an answer shortens the wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hints {
    Ignored,
    Heeded,
    /// Only in answers of HTTP/1.0.
    HeededIn10,
}

/// Who shares the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All calls.
    Shared,
    /// Nobody: each call makes a client of its own, and closes it when it has its answer.
    Call,
    /// Nobody, and no call closes its client: the connection stays until its idle limit.
    CallLeftOpen,
}

/// Never sends anything again.
pub const fn never(_request: &Request) -> bool {
    false
}

/// Sends anything again.
pub const fn always(_request: &Request) -> bool {
    true
}

impl Pooled {
    /// How long a connection is kept behind this answer; `Us::ZERO`: not at all.
    fn limit(&self, sees: &ClientSees<'_>) -> Option<Us> {
        let response = &sees.answer.response;
        let heeds = match self.hints {
            Hints::Ignored => false,
            Hints::Heeded => true,
            Hints::HeededIn10 => response.version == Version::Http10,
        };
        let hinted = hint(&response.headers).filter(|_| heeds);
        let hinted = hinted.map(|hint| Us(hint.0.saturating_sub(self.margin.0)));
        match (self.idle_limit, hinted) {
            (Some(own), Some(hinted)) => Some(own.min(hinted)),
            (own, hinted) => own.or(hinted),
        }
    }

    /// Why a connection that HTTP would keep is closed all the same; otherwise how long it is kept.
    fn own(&self, sees: &ClientSees<'_>) -> Result<Option<Us>, Reason> {
        let close = |rule, fact: &'static str| Err(practice(rule, fact, self.source));
        if self.scope == Scope::Call {
            return close("client-per-call", "the call ends, and its client with it");
        }
        if !self.drains && sees.answer.body_bytes > 0 {
            let fact =
                "the body of the answer was not read: its bytes stand before the next answer";
            return close("answer-unread", fact);
        }
        match self.limit(sees) {
            Some(Us::ZERO) => close(
                "hint-too-short",
                "the server's hint leaves no time once the margin is subtracted",
            ),
            limit => Ok(limit),
        }
    }
}

impl ClientRule for Pooled {
    fn max_connections(&self) -> u32 {
        if self.scope == Scope::Shared { self.connections } else { u32::MAX }
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        (self.writes)(composed, body_bytes)
    }

    fn picks(&self) -> Picks {
        self.picks
    }

    /// What must not be done twice is not sent behind others (RFC 9112 §9.3.2).
    fn pipelines(&self, request: &Request) -> Option<u32> {
        Some(if request.is_idempotent() { self.depth } else { 1 })
    }

    fn reuses(&self) -> bool {
        self.scope == Scope::Shared
    }

    fn idle_room(&self) -> u32 {
        if self.scope == Scope::Shared { self.idle_room } else { u32::MAX }
    }

    fn no_room_reason(&self) -> Reason {
        let fact = ["as many connections as ", self.names.idle_room, " allows are idle already"];
        practice("no-idle-room", fact.concat(), self.source)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        match by_the_rules(sees, &Policy::default(), None) {
            ClientAfter::Keep { .. } => match self.own(sees) {
                Ok(idle_limit) => ClientAfter::Keep { idle_limit },
                Err(because) => ClientAfter::Close(because),
            },
            after => after,
        }
    }

    fn retries(&self, request: &Request) -> bool {
        (self.repeats)(request)
    }

    fn watches_idle(&self) -> bool {
        self.notices_close
    }

    fn sweeper(&self) -> Option<Sweeper> {
        self.sweeper
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        super::shared::idle_reason(limit, self.names.idle_limit)
    }

    fn gives_up_after(&self) -> Option<Us> {
        self.gives_up_after
    }

    fn give_up_reason(&self, limit: Us) -> Reason {
        let fact = format!("no answer came for {limit} ({})", self.names.gives_up);
        practice("client-gives-up", fact, self.source)
    }
}
