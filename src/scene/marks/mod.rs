//! The marks of one connection, as blocks in its lane: handshakes, requests, the server's work,
//! answers, idle timers, the close and what it leaves behind.
mod close;
mod messages;

use crate::scene::axis::Axis;
use crate::scene::plan::Row;
use crate::scene::shape::{Bounds, Pen, Shape};
use crate::scene::words;
use crate::sim::{Close, Connection, EventKey, EventKind, Exchange, Side, Span, Timeline, Us};

/// What a mark stands for. The legend lists these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MarkKind {
    Tcp,
    Tls,
    Request,
    Work,
    Answer,
    Idle,
    Fin,
    Rst,
    TimeWait,
    Lost,
}

impl MarkKind {
    pub const ALL: [Self; 10] = [
        Self::Tcp,
        Self::Tls,
        Self::Request,
        Self::Work,
        Self::Answer,
        Self::Idle,
        Self::Fin,
        Self::Rst,
        Self::TimeWait,
        Self::Lost,
    ];

    /// A word without spaces, for classes and attributes.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls => "tls",
            Self::Request => "request",
            Self::Work => "work",
            Self::Answer => "answer",
            Self::Idle => "idle",
            Self::Fin => "fin",
            Self::Rst => "rst",
            Self::TimeWait => "time-wait",
            Self::Lost => "lost",
        }
    }
}

/// Something that can be selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub kind: MarkKind,
    /// The event it is about.
    pub key: EventKey,
    /// When it begins.
    pub at: Us,
    /// What assistive technology reads.
    pub name: String,
    pub shapes: Vec<Shape>,
    pub bounds: Bounds,
}

/// One connection as drawn, or one row of many that are too small to tell apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    /// Index into the runs.
    pub run: usize,
    /// From 1; 0 for a row of several.
    pub connection: u32,
    /// What assistive technology reads.
    pub name: String,
    /// The tube and its edges, behind the marks.
    pub ground: Vec<Shape>,
    pub marks: Vec<Mark>,
    pub bounds: Bounds,
}

/// Draws the connections of one run.
pub struct Artist<'a> {
    pub pen: Pen,
    pub axis: &'a Axis,
    pub timeline: &'a Timeline,
    pub run: usize,
    /// Draw symbols inside the blocks.
    pub glyphs: bool,
    /// Messages as packets on their way.
    pub packets: bool,
    /// The row is used again: nothing may be drawn in it after the close.
    pub shared: bool,
    pub rtt: Us,
}

/// The pixels along time that a block takes.
pub type Reach = (f64, f64);

impl<'a> Artist<'a> {
    /// Is any of it in view?
    pub fn sees(&self, from: Us, to: Us) -> bool {
        let range = self.axis.range();
        from <= range.to && range.from <= to
    }

    #[inline(never)]
    pub fn x(&self, at: Us) -> f64 {
        self.axis.x_from_time(at)
    }

    #[inline(never)]
    pub fn reach(&self, span: Span, least: f64) -> Reach {
        let (x0, x1) = (self.x(span.from), self.x(span.to));
        (x0, x1.max(x0 + least))
    }

    #[inline(never)]
    pub fn lane(&self, connection: &Connection, row: Row) -> Lane {
        let mut lane = Lane {
            run: self.run,
            connection: connection.id,
            name: words::lane_name(connection),
            ground: Vec::new(),
            marks: Vec::new(),
            bounds: Bounds::default(),
        };
        let end = self.tube(connection, row, &mut lane.ground);
        lane.bounds = self.pen.bounds((self.x(connection.opened()), end), (row.client, row.server));
        self.handshakes(connection, row, &mut lane.marks);
        self.fuses(connection, row, &mut lane.marks);
        if self.packets {
            crate::scene::packets::exchanges(self, connection, row, &mut lane.marks);
        } else {
            self.exchanges(connection, row, &mut lane.marks);
        }
        if let Some(close) = &connection.close {
            self.closing(connection, close, row, &mut lane.marks);
        }
        lane
    }

    /// Where the flag of the close stands: at the end of the last answer if it rode with that, else
    /// where it was sent.
    #[inline(never)]
    pub fn pole(&self, connection: &Connection, close: &Close) -> Us {
        let rides = rides(self.timeline, connection, close);
        if rides && !self.packets { close.known } else { close.at }
    }

    pub fn exchange(&self, index: u32) -> Option<&'a Exchange> {
        self.timeline.exchanges.get(index as usize)
    }

    #[inline(never)]
    pub fn mark(&self, kind: MarkKind, key: EventKey, at: Us, along: Reach, across: Reach) -> Mark {
        let bounds = self.pen.bounds(along, across);
        Mark { kind, key, at, name: String::new(), shapes: Vec::new(), bounds }
    }

    /// The open connection, from SYN to the close. Returns where it ends.
    #[inline(never)]
    fn tube(&self, connection: &Connection, row: Row, ground: &mut Vec<Shape>) -> f64 {
        let from = self.x(connection.opened());
        let view_end = self.axis.place().1;
        let Some(close) = &connection.close else {
            self.edges(row, (from, view_end + 2.0), (from, view_end + 2.0), ground);
            return view_end;
        };
        let pole = self.x(self.pole(connection, close)).max(from + 1.0);
        let (mut client, mut server) = (pole, pole);
        if self.packets {
            let other = self.x(close.known).max(pole);
            match close.by {
                Side::Client => server = other,
                Side::Server => client = other,
            }
        }
        self.edges(row, (from, client), (from, server), ground);
        let done = self.x(close.done);
        if !self.shared && done > pole + 1.0 {
            let path = self.pen.path().to(client, row.client + 0.5).line(done, row.client + 0.5);
            let path = path.to(server, row.server - 0.5).line(done, row.server - 0.5);
            ground.push(path.shape("k-edge-dash"));
        }
        client.max(server)
    }

    #[inline(never)]
    fn edges(&self, row: Row, client: Reach, server: Reach, ground: &mut Vec<Shape>) {
        let tube = self.pen.path().to(client.0, row.client).line(client.1, row.client);
        let tube = tube.line(server.1, row.server).line(server.0, row.server).close();
        ground.push(tube.shape("k-tube"));
        let (above, below) = (row.client + 0.5, row.server - 0.5);
        let edges = self.pen.path().to(client.0, above).line(client.1, above);
        ground.push(edges.to(server.0, below).line(server.1, below).shape("k-edge"));
    }

    /// The exchanges of a connection that are in view: they follow each other in time.
    pub fn visible(&self, connection: &'a Connection) -> impl Iterator<Item = u32> + use<'a> {
        let range = self.axis.range();
        let timeline = self.timeline;
        let ends = move |index: &u32| {
            let exchange = timeline.exchanges.get(*index as usize);
            exchange.map_or(Us::ZERO, |e| end_of(e, connection.id))
        };
        let begins = move |index: &u32| {
            let exchange = timeline.exchanges.get(*index as usize);
            exchange.map_or(Us::ZERO, |e| begin_of(e, connection.id))
        };
        let all = &connection.exchanges;
        let first = all.partition_point(|index| ends(index) < range.from);
        let last = all.partition_point(|index| begins(index) <= range.to);
        all[first..last.max(first)].iter().copied()
    }
}

/// What is being drawn: one exchange on one connection.
pub struct Draw<'a> {
    pub connection: &'a Connection,
    pub row: Row,
    pub index: u32,
    pub exchange: &'a Exchange,
}

impl Draw<'_> {
    pub fn key(&self, kind: EventKind) -> EventKey {
        EventKey { connection: self.connection.id, kind, exchange: Some(self.index) }
    }
}

/// Did the close go out with the last byte of an answer?
#[inline(never)]
pub fn rides(timeline: &Timeline, connection: &Connection, close: &Close) -> bool {
    let mut last = connection.exchanges.iter().rev().take(2);
    close.by == Side::Server
        && last.any(|index| {
            let exchange = timeline.exchanges.get(*index as usize);
            let sent = exchange.and_then(|exchange| exchange.response_sent);
            sent.is_some_and(|sent| sent.to == close.at)
        })
}

/// A padlock around a point, as one outline.
#[inline(never)]
pub fn lock(x: f64, y: f64) -> Shape {
    let mut d = String::from("M");
    crate::scene::num::push_pair(&mut d, x - 3.4, y - 0.2);
    d.push_str("h.8v-1.2a2.6 2.6 0 0 1 5.2 0v1.2h.8v4.8h-6.8zm2 0h2.8v-1.2a1.4 1.4 0 0 0-2.8 0z");
    Shape::Path { class: "k-tls-g", d }
}

fn begin_of(exchange: &Exchange, connection: u32) -> Us {
    match exchange.lost {
        Some(lost) if lost.connection == connection => lost.sent.from,
        _ => exchange.request_sent.map_or(Us::ZERO, |span| span.from),
    }
}

fn end_of(exchange: &Exchange, connection: u32) -> Us {
    match exchange.lost {
        Some(lost) if lost.connection == connection => lost.known,
        _ => {
            let received = exchange.response_received.map(|span| span.to);
            // Unfinished: it may reach to the end of the run.
            received.unwrap_or(Us::NEVER)
        }
    }
}

/// The kind of mark that shows an event.
pub const fn shown_by(key: EventKey) -> MarkKind {
    match key.kind {
        EventKind::Syn | EventKind::TcpOpen => MarkKind::Tcp,
        EventKind::TlsOpen => MarkKind::Tls,
        EventKind::RequestSent => MarkKind::Request,
        EventKind::RequestReceived => MarkKind::Work,
        EventKind::Answer | EventKind::AnswerSent | EventKind::AnswerReceived => MarkKind::Answer,
        EventKind::RequestLost => MarkKind::Lost,
        EventKind::Close | EventKind::CloseKnown => MarkKind::Fin,
        EventKind::TimeWait | EventKind::TimeWaitEnd => MarkKind::TimeWait,
    }
}

/// The event with which an idle wait begins: the answer before it, or the opening.
#[inline(never)]
pub fn idle_key(timeline: &Timeline, connection: &Connection, side: Side, from: Us) -> EventKey {
    let moment = |index: &u32| {
        let exchange = timeline.exchanges.get(*index as usize)?;
        match side {
            Side::Server => exchange.response_sent.map(|span| span.to),
            Side::Client => exchange.response_received.map(|span| span.to),
        }
    };
    let after =
        connection.exchanges.partition_point(|index| moment(index).is_some_and(|at| at <= from));
    let kind = if side == Side::Server { EventKind::AnswerSent } else { EventKind::AnswerReceived };
    match after.checked_sub(1).and_then(|before| connection.exchanges.get(before)) {
        Some(index) => EventKey { connection: connection.id, kind, exchange: Some(*index) },
        None => EventKey { connection: connection.id, kind: EventKind::TcpOpen, exchange: None },
    }
}
