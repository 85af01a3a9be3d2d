//! Servers: what a rule is asked, and what it answers.
pub mod blind_proxy;
pub mod haproxy;
pub mod httpd;
pub mod iis;
pub mod java_httpserver;
pub mod java_web_server;
pub mod lighttpd;
pub mod load_balancer;
pub mod nginx;
pub mod node;
pub mod shared;
pub mod textbook;

use super::client::ClientRule;
use crate::protocol::{Framing, Headers, Note, Reason, Request, Response, Step};
use crate::time::Us;

/// What the application behind the server produces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Content {
    /// So many bytes, and the length is known before the first one is sent.
    Known(u64),
    /// So many bytes, produced bit by bit: the length is not known beforehand.
    Streamed(u64),
    Empty,
}

impl Content {
    pub const fn bytes(self) -> u64 {
        match self {
            Self::Known(bytes) | Self::Streamed(bytes) => bytes,
            Self::Empty => 0,
        }
    }
}

/// The application's answer, before the server's rule turns it into a response.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct App {
    pub status: u16,
    pub content: Content,
    /// Fields that the application sets itself, in its own order and case.
    pub headers: Headers,
    /// From the whole request read to the first byte of the answer.
    pub after: Us,
}

impl Default for App {
    fn default() -> Self {
        Self { status: 200, content: Content::Known(5), headers: Headers::new(), after: Us::ZERO }
    }
}

/// What a server sees when a request's head (and the body it announces) is there.
#[derive(Clone, Copy, Debug)]
pub struct RequestSeen<'a> {
    /// The head as it stood on the wire: it may be malformed, and the rule answers that too.
    pub request: &'a Request,
    /// Bytes of body that the client really sends.
    pub body_bytes: u64,
    pub app: &'a App,
    /// Answers already sent on this connection, to requests that the rule counts.
    pub served: u64,
    /// From the connection's acceptance to the moment at which the server takes up this request.
    pub age: Us,
    /// Another request is waiting behind this one.
    pub pipelined: bool,
}

/// A server's answer to one request, and what it does with the connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The head as it stands on the wire. Version 0.9 means: no head at all, only the body.
    pub response: Response,
    pub framing: Framing,
    /// Bytes of body on the wire (chunk sizes included).
    pub body_bytes: u64,
    pub after: After,
    /// Why it is kept or closed, the decisive reason first. Never empty.
    pub because: Vec<Reason>,
    pub notes: Vec<Note>,
    /// The questions in the order in which this product asks them.
    pub path: Vec<Step>,
}

impl Answer {
    pub fn persists(&self) -> bool {
        matches!(self.after, After::Keep(_))
    }
}

/// What happens to the connection after the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum After {
    /// Stays open for another request.
    Keep(Idle),
    /// FIN right behind the last byte.
    Close,
    /// FIN or RST at once although request bytes are unread: the answer may be lost.
    Reset,
    /// No longer HTTP (101, 2xx to CONNECT).
    Tunnel,
}

/// How long a server waits for the next request, from the last byte it has sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Idle {
    /// None: without limit.
    pub limit: Option<Us>,
    /// The clock looks only every so often: the close comes at the first look after the limit.
    /// Looks are counted from the server's start, which is the start of the run.
    pub checked_every: Option<Us>,
}

impl Idle {
    pub const fn after(limit: Us) -> Self {
        Self { limit: Some(limit), checked_every: None }
    }

    pub const fn never() -> Self {
        Self { limit: None, checked_every: None }
    }

    /// When the wait that begins at `since` ends; None: never.
    pub fn ends(self, since: Us) -> Option<Us> {
        let due = since + self.limit?;
        Some(match self.checked_every {
            Some(Us(every)) if every > 0 => Us(due.0.div_ceil(every).saturating_mul(every)),
            _ => due,
        })
    }
}

/// What a server does with an empty line where a request should begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StrayLine {
    /// Skips it (RFC 9112 §2.2).
    Skip,
    /// Takes it for a broken request: 400 and close.
    Refuse,
    /// Skips it, but takes it for the beginning of the next request: from the moment it is there
    /// and the answer before it is out, this clock runs instead of the idle one, and
    /// [`ServerRule::head_reason`] says why it closed. (nginx: `client_header_timeout`.)
    Begins(Idle),
}

/// What stands between a request and its answer, besides the application's work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    Nothing,
    /// The request is not whole for this server: it waits for the rest. The answer, which says that
    /// the rest did not come, leaves when the wait ends; never, if it has no end.
    Waits(Idle),
    /// The connection is closed without an answer, so long after the request came.
    HangsUp(Us, Reason),
}

/// Places in which a server serves: processes, threads, or connections it can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Workers {
    /// How many there are; at least 1.
    pub count: u32,
    pub held: Held,
    /// Connections that wait to be taken, at most; one more gets no answer to its SYN.
    pub backlog: u32,
}

/// What a worker is held by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A connection, from the moment it is taken to its end, idle or not.
    Connection,
    /// A request, from its arrival to the last byte of the answer.
    Request,
}

/// Why a proxy has no answer of the server to pass on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoAnswer {
    /// No connection could be opened.
    Unreachable,
    /// The connection was closed before the whole answer had come.
    Lost,
    /// Too late.
    TooLate,
}

/// A server product with its settings: pure, asked once for each request.
pub trait ServerRule {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer;

    /// Asked before the answer. Most products answer what they get.
    fn hold(&self, _seen: &RequestSeen<'_>) -> Hold {
        Hold::Nothing
    }

    /// Is this one of the requests that [`RequestSeen::served`] counts?
    fn counts(&self, _request: &Request) -> bool {
        true
    }

    /// Does the server, although it keeps the connection after this request, understand nothing
    /// that comes behind it? The next request is then answered by [`ServerRule::refusal`].
    fn hears_no_more(&self, _seen: &RequestSeen<'_>) -> bool {
        false
    }

    /// A number that changes whenever the count of answers, the connection's age or what waits
    /// behind could make a difference to [`ServerRule::answer`]: as long as it stays, the answer to
    /// the same request from the same application is the same. None: ask each time.
    fn phase(&self, _seen: &RequestSeen<'_>) -> Option<u64> {
        None
    }

    fn stray_line(&self) -> StrayLine {
        StrayLine::Skip
    }

    /// The answer to a stray line that is refused, or to a request that is not understood.
    /// Called only if [`ServerRule::stray_line`] or [`ServerRule::hears_no_more`] says so.
    fn refusal(&self, seen: &RequestSeen<'_>) -> Answer {
        self.answer(seen)
    }

    /// Why the server closes an idle connection; `limit` is what [`Idle`] said.
    fn idle_reason(&self, limit: Us) -> Reason;

    /// Why the server closes a connection on which a request has begun but not come to its end;
    /// `limit` is what [`StrayLine::Begins`] said.
    fn head_reason(&self, limit: Us) -> Reason {
        self.idle_reason(limit)
    }

    /// How many connections may be idle at a time: one more is closed instead of becoming idle.
    /// None: without limit.
    fn idle_room(&self) -> Option<u32> {
        None
    }

    /// Why a connection is closed for which [`ServerRule::idle_room`] leaves no room.
    fn no_room_reason(&self) -> Reason {
        self.idle_reason(Us::ZERO)
    }

    /// Its workers, if there is a limit that a run can meet.
    fn workers(&self) -> Option<Workers> {
        None
    }

    /// The side on which it speaks to servers, if it can stand before one.
    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        None
    }

    /// A proxy that only passes bytes on: the client's connection ends when the server's does, and
    /// what the client sends behind its first request is not read before.
    fn only_relays(&self) -> bool {
        false
    }

    /// Its answer if none came from the server behind it; None: it closes the client's connection
    /// without one. `seen.app` is what it says by itself: 502 or 504 with a short text.
    fn gateway_error(&self, seen: &RequestSeen<'_>, _why: NoAnswer) -> Option<Answer> {
        Some(self.answer(seen))
    }

    /// How long the server's system keeps a port in TIME_WAIT: 60 s on Linux.
    fn time_wait(&self) -> Us {
        Us::from_secs(60)
    }
}
