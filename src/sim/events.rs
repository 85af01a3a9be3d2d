//! A timeline as a list: everything that happens, in order of time.
use super::{Side, Timeline, Us};

/// Something that happens at one instant. Which one it is stays the same when a setting changes
/// and only the times move, so a selection survives an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    pub at: Us,
    /// Whose doing it is, or who notices.
    pub by: Side,
    pub key: EventKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventKey {
    /// From 1.
    pub connection: u32,
    pub kind: EventKind,
    /// Index into [`Timeline::exchanges`], where the event belongs to one.
    pub exchange: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// The client sends SYN.
    Syn,
    /// The TCP handshake is complete at the client.
    TcpOpen,
    /// The TLS handshake is complete at the client.
    TlsOpen,
    /// The first byte of the request leaves.
    RequestSent,
    /// The last byte of the request is with the server.
    RequestReceived,
    /// The server decides, and the first byte of the answer leaves. The verdict belongs here.
    Answer,
    /// The last byte of the answer has left: the server's idle clock starts, if it keeps the connection.
    AnswerSent,
    /// The last byte of the answer is with the client.
    AnswerReceived,
    /// A request met a closed socket.
    RequestLost,
    /// FIN or RST leaves the side that closes first.
    Close,
    /// The other side learns of it.
    CloseKnown,
    /// The closer has the other side's FIN and waits.
    TimeWait,
    /// The port is free again.
    TimeWaitEnd,
}

impl Timeline {
    /// Every event, in order of time; at one instant, cause before effect.
    pub fn events(&self) -> Vec<Event> {
        Vec::new() // filled with the engine
    }
}
