//! What came out of a run: connections and exchanges, with all their moments. Everything that is
//! drawn, listed or told is derived from this.
//!
//! A message has two stretches of time, because the wire has a length: it is put on the wire
//! (`sent`) and taken off at the other end (`received`).
use crate::profile::Answer;
use crate::protocol::{Reason, Request};
use crate::time::Us;
use std::rc::Rc;

/// One of the two ends of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    Client,
    Server,
}

impl Side {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    pub const fn other(self) -> Self {
        match self {
            Self::Client => Self::Server,
            Self::Server => Self::Client,
        }
    }
}

/// From the first byte (or packet) to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    pub from: Us,
    pub to: Us,
}

impl Span {
    pub const fn new(from: Us, to: Us) -> Self {
        Self { from, to }
    }

    pub fn length(self) -> Us {
        self.to - self.from
    }

    pub fn contains(self, at: Us) -> bool {
        self.from <= at && at < self.to
    }
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Timeline {
    /// In order of opening; `connections[i].id == i + 1`.
    pub connections: Vec<Connection>,
    /// In the order of the scenario. With a proxy: as the clients see them.
    pub exchanges: Vec<Exchange>,
    /// With a proxy: the same exchanges as the proxy has them with the server. Else empty.
    pub forwarded: Vec<Exchange>,
    /// Where the run was cut (the scenario's `until`), or the last thing that happened.
    pub end: Us,
    /// The run hit its limit although something could still have happened.
    pub cut: bool,
}

/// One TCP connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// From 1.
    pub id: u32,
    /// 0: the only hop, or the one between client and proxy; 1: between proxy and server.
    pub hop: u8,
    /// A proxy stands at one of its ends.
    pub proxied: bool,
    /// Which of the clients (or of the proxy's workers) has opened it. From 0.
    pub client: u32,
    /// Which of the servers behind the name it goes to. From 0.
    pub origin: u32,
    /// The client's port.
    pub port: u16,
    /// SYN sent to SYN-ACK received, at the client.
    pub tcp: Span,
    /// The TLS handshake, at the client. None without TLS.
    pub tls: Option<Span>,
    /// When the server took it out of its listen queue. None: it still waits there.
    pub admitted: Option<Us>,
    /// When a middlebox forgot it.
    pub forgotten: Option<Us>,
    /// Indices into [`Timeline::exchanges`], in the order in which the requests were sent here.
    /// A retried exchange stands on both connections.
    pub exchanges: Vec<u32>,
    /// Idle waits, of either side, in order of their beginning.
    pub idle: Vec<IdleSpan>,
    /// None: still open at the end of the run.
    pub close: Option<Close>,
}

impl Timeline {
    /// The exchanges of a hop.
    pub fn of_hop(&self, hop: u8) -> &[Exchange] {
        if hop == 0 { &self.exchanges } else { &self.forwarded }
    }

    /// An exchange as it went over this connection.
    pub fn on(&self, connection: &Connection, index: u32) -> Option<&Exchange> {
        self.of_hop(connection.hop).get(index as usize)
    }
}

impl Timeline {
    /// Takes the second hop out, as a timeline of its own; None: there is none. In both the
    /// connections are numbered from 1 anew.
    pub fn split_hop(&mut self) -> Option<Self> {
        if self.forwarded.is_empty() {
            return None;
        }
        let mut exchanges = std::mem::take(&mut self.forwarded);
        let (first, second): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.connections).into_iter().partition(|c| c.hop == 0);
        let connections = renumbered(second, &mut exchanges);
        self.connections = renumbered(first, &mut self.exchanges);
        Some(Self { connections, exchanges, forwarded: Vec::new(), end: self.end, cut: self.cut })
    }
}

fn renumbered(mut connections: Vec<Connection>, exchanges: &mut [Exchange]) -> Vec<Connection> {
    let ids: Vec<u32> = connections.iter().map(|connection| connection.id).collect();
    let new = |id: u32| {
        let place = ids.binary_search(&id).unwrap_or(0);
        u32::try_from(place + 1).unwrap_or(u32::MAX)
    };
    for (id, connection) in (1..).zip(&mut connections) {
        connection.id = id;
    }
    for exchange in exchanges {
        exchange.connection = exchange.connection.map(new);
        if let Some(lost) = &mut exchange.lost {
            lost.connection = new(lost.connection);
        }
    }
    connections
}

impl Connection {
    /// Who stands at this end: `client`, `proxy` or `server`.
    pub const fn who(&self, side: Side) -> &'static str {
        match (self.hop, side) {
            (0, Side::Server) if self.proxied => "proxy",
            (1.., Side::Client) => "proxy",
            _ => side.as_str(),
        }
    }

    /// The letter before its number: `C1`, or `U1` (upstream) behind a proxy.
    pub const fn letter(&self) -> char {
        if self.hop == 0 { 'C' } else { 'U' }
    }

    pub fn opened(&self) -> Us {
        self.tcp.from
    }

    /// When the client can send its first request.
    pub fn ready(&self) -> Us {
        self.tls.map_or(self.tcp.to, |tls| tls.to)
    }
}

/// A side waits, holding a connection that carries nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleSpan {
    pub side: Side,
    /// The server's clock starts when its last byte is sent, the client's when it has arrived.
    pub span: Span,
    /// When the wait would end by itself; None: never.
    pub due: Option<Us>,
    pub end: IdleEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdleEnd {
    /// The next request ended it.
    Request,
    /// The limit was reached: this side closes.
    Expired,
    /// The other side closed.
    PeerClosed,
    /// The run ended.
    Cut,
}

/// How a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Close {
    /// Who closed first.
    pub by: Side,
    pub how: CloseHow,
    /// When the first FIN or RST was sent.
    pub at: Us,
    /// When the other side learned of it.
    pub known: Us,
    /// When the closer had the other side's FIN: from then on TIME_WAIT.
    pub done: Us,
    pub because: Vec<Reason>,
    /// None after a reset: nothing is left to wait for.
    pub time_wait: Option<TimeWait>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseHow {
    Fin,
    Rst,
}

impl CloseHow {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fin => "fin",
            Self::Rst => "rst",
        }
    }
}

/// The closer's system keeps the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeWait {
    pub side: Side,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    Answered,
    /// Answered at the second try, on another connection.
    Retried,
    /// The connection died under it.
    Failed,
    /// No answer by the end of the run.
    Unanswered,
}

impl Outcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Retried => "retried",
            Self::Failed => "failed",
            Self::Unanswered => "unanswered",
        }
    }
}

/// Why an exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Failure {
    /// The connection was closed or reset under it.
    Lost,
    /// No connection could be opened: nobody took the SYN, or the server closed before the handshakes
    /// were done.
    Refused,
    /// No port was free to open a connection from.
    NoPort,
    /// Whoever waited for the answer had waited long enough.
    GaveUp,
    /// The answer ended before its length.
    CutShort,
    /// The client does not open another connection.
    OneConnection,
}

/// One exchange, by its last try. Moments that did not come are None.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    pub outcome: Outcome,
    /// With [`Outcome::Failed`]: why.
    pub failure: Option<Failure>,
    /// Which of the clients wanted it. From 0.
    pub client: u32,
    /// How often a server's application has done what was asked.
    pub performed: u8,
    /// The connection of the last try; None if it never came to be sent.
    pub connection: Option<u32>,
    /// The connection of a first try that died.
    pub lost: Option<Lost>,
    /// When the client wanted to send; None: that moment never came.
    pub wanted: Option<Us>,
    /// The head as this client really sends it.
    pub request: Rc<Request>,
    /// The request leaves the client.
    pub request_sent: Option<Span>,
    /// The request's last byte is with the server.
    pub request_received: Option<Us>,
    /// From here the server works on it (later than received where an answer before it was pending).
    pub work: Option<Span>,
    /// The answer leaves the server.
    pub response_sent: Option<Span>,
    /// The answer arrives at the client.
    pub response_received: Option<Span>,
    pub answer: Option<Rc<Answer>>,
}

/// A try whose connection died before an answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lost {
    pub connection: u32,
    pub sent: Span,
    /// When the request met the closed socket.
    pub met: Us,
    /// When the client knew.
    pub known: Us,
}
