//! A timeline as a list: everything that happens, in order of time.
use super::{Connection, Exchange, Side, Timeline, Us};
use crate::order;

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
        let mut list =
            List(Vec::with_capacity(self.connections.len() * 6 + self.exchanges.len() * 5));
        for connection in &self.connections {
            list.connection(connection);
        }
        for (index, exchange) in self.exchanges.iter().enumerate() {
            list.exchange(u32::try_from(index).unwrap_or(u32::MAX), exchange);
        }
        // Spans are known to their ends even where the run is cut before.
        list.0.retain(|event| event.at <= self.end || event.key.kind >= EventKind::TimeWait);
        // Kinds stand in the order of cause and effect. Stable: connections stay in their order.
        order::sort(&mut list.0, |event| (event.at.0, event.key.kind as u64));
        list.0
    }
}

struct List(Vec<Event>);

impl List {
    fn put(&mut self, at: Us, by: Side, connection: u32, exchange: Option<u32>, kind: EventKind) {
        self.0.push(Event { at, by, key: EventKey { connection, kind, exchange } });
    }

    fn connection(&mut self, connection: &Connection) {
        let id = connection.id;
        self.put(connection.tcp.from, Side::Client, id, None, EventKind::Syn);
        self.put(connection.tcp.to, Side::Client, id, None, EventKind::TcpOpen);
        if let Some(tls) = connection.tls {
            self.put(tls.to, Side::Client, id, None, EventKind::TlsOpen);
        }
        let Some(close) = &connection.close else {
            return;
        };
        self.put(close.at, close.by, id, None, EventKind::Close);
        self.put(close.known, close.by.other(), id, None, EventKind::CloseKnown);
        if let Some(wait) = close.time_wait {
            self.put(wait.span.from, wait.side, id, None, EventKind::TimeWait);
            self.put(wait.span.to, wait.side, id, None, EventKind::TimeWaitEnd);
        }
    }

    fn exchange(&mut self, index: u32, exchange: &Exchange) {
        if let Some(lost) = exchange.lost {
            let id = lost.connection;
            if exchange.connection != Some(id) {
                self.put(lost.sent.from, Side::Client, id, Some(index), EventKind::RequestSent);
            }
            self.put(lost.met, Side::Server, id, Some(index), EventKind::RequestLost);
        }
        let Some(id) = exchange.connection else {
            return;
        };
        let mut put = |at, by, kind| self.put(at, by, id, Some(index), kind);
        if let Some(sent) = exchange.request_sent {
            put(sent.from, Side::Client, EventKind::RequestSent);
        }
        if let Some(at) = exchange.request_received {
            put(at, Side::Server, EventKind::RequestReceived);
        }
        if let Some(sent) = exchange.response_sent {
            put(sent.from, Side::Server, EventKind::Answer);
            put(sent.to, Side::Server, EventKind::AnswerSent);
        }
        if let Some(received) = exchange.response_received {
            put(received.to, Side::Client, EventKind::AnswerReceived);
        }
    }
}
