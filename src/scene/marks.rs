//! The marks of one connection, as blocks in its lane: handshakes, requests, the server's work,
//! answers, idle timers, the close and what it leaves behind.
use super::axis::Axis;
use super::plan::Row;
use super::shape::{Bounds, Class, Pen, Shape};
use super::words;
use crate::sim::{
    Close, CloseHow, Connection, EventKey, EventKind, Exchange, Side, Span, Timeline, Us,
};

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

    pub fn x(&self, at: Us) -> f64 {
        self.axis.x_from_time(at)
    }

    pub fn reach(&self, span: Span, least: f64) -> Reach {
        let (x0, x1) = (self.x(span.from), self.x(span.to));
        (x0, x1.max(x0 + least))
    }

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
            super::packets::exchanges(self, connection, row, &mut lane.marks);
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
    pub fn pole(&self, connection: &Connection, close: &Close) -> Us {
        let rides = rides(self.timeline, connection, close);
        if rides && !self.packets { close.known } else { close.at }
    }

    pub fn exchange(&self, index: u32) -> Option<&'a Exchange> {
        self.timeline.exchanges.get(index as usize)
    }

    pub fn mark(&self, kind: MarkKind, key: EventKey, at: Us, along: Reach, across: Reach) -> Mark {
        let bounds = self.pen.bounds(along, across);
        Mark { kind, key, at, name: String::new(), shapes: Vec::new(), bounds }
    }

    /// The open connection, from SYN to the close. Returns where it ends.
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

    fn edges(&self, row: Row, client: Reach, server: Reach, ground: &mut Vec<Shape>) {
        let tube = self.pen.path().to(client.0, row.client).line(client.1, row.client);
        let tube = tube.line(server.1, row.server).line(server.0, row.server).close();
        ground.push(tube.shape("k-tube"));
        let (above, below) = (row.client + 0.5, row.server - 0.5);
        let edges = self.pen.path().to(client.0, above).line(client.1, above);
        ground.push(edges.to(server.0, below).line(server.1, below).shape("k-edge"));
    }

    fn handshakes(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
        let key = |kind| EventKey { connection: connection.id, kind, exchange: None };
        let spans = [
            (MarkKind::Tcp, EventKind::Syn, Some(connection.tcp)),
            (MarkKind::Tls, EventKind::TlsOpen, connection.tls),
        ];
        for (kind, event, span) in spans {
            let Some(span) = span.filter(|span| self.sees(span.from, span.to)) else { continue };
            let (x0, x1) = self.reach(span, 1.5);
            // A hair of ground between two blocks.
            let along = (x0, if x1 - x0 > 4.0 { x1 - 0.75 } else { x1 });
            let mut mark = self.mark(kind, key(event), span.from, along, (row.client, row.server));
            mark.name = words::handshake_name(connection, kind == MarkKind::Tls, span);
            if self.packets {
                super::packets::handshake(self, kind, span, row, &mut mark.shapes);
            } else if kind == MarkKind::Tcp {
                self.tcp(along, row, &mut mark.shapes);
            } else {
                self.tls(along, row, &mut mark.shapes);
            }
            marks.push(mark);
        }
    }

    fn tcp(&self, along: Reach, row: Row, shapes: &mut Vec<Shape>) {
        shapes.push(self.pen.rect("k-tcp", along, (row.client, row.server), 1.5));
        let width = along.1 - along.0;
        if self.glyphs && width >= 14.0 && row.height() >= 12.0 {
            // The way of the two packets: there and back.
            let (x0, x1) = (along.0 + 4.0, along.1 - 4.0);
            let path = self.pen.path().to(x0, row.client + 3.0);
            let path =
                path.line(f64::midpoint(x0, x1), row.server - 3.0).line(x1, row.client + 3.0);
            shapes.push(path.shape("k-tcp-g"));
        }
    }

    fn tls(&self, along: Reach, row: Row, shapes: &mut Vec<Shape>) {
        shapes.push(self.pen.rect("k-tls", along, (row.client, row.server), 1.5));
        let (x, y) = self.pen.xy(f64::midpoint(along.0, along.1), row.middle());
        if self.glyphs && along.1 - along.0 >= 12.5 && row.height() >= 11.0 {
            shapes.push(lock(x, y));
        }
    }

    fn exchanges(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
        let (mut request_end, mut answer_end) = (f64::MIN, f64::MIN);
        for index in self.visible(connection) {
            let Some(exchange) = self.exchange(index) else { continue };
            let draw = Draw { connection, row, index, exchange };
            if exchange.connection == Some(connection.id) {
                self.request(&draw, &mut request_end, marks);
                self.work(&draw, answer_end, marks);
                self.answer(&draw, &mut answer_end, marks);
            }
            self.lost(&draw, marks);
        }
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

    fn request(&self, draw: &Draw<'_>, before: &mut f64, marks: &mut Vec<Mark>) {
        let (Some(sent), row) = (draw.exchange.request_sent, draw.row) else { return };
        let to = draw.exchange.request_received.unwrap_or(sent.to);
        let (x0, x1) = self.reach(Span::new(sent.from, to), 3.0);
        let along = (x0.max(*before).min(x1 - 1.0), x1);
        *before = x1;
        let half = (row.client, row.middle());
        let mut mark =
            self.mark(MarkKind::Request, draw.key(EventKind::RequestSent), sent.from, along, half);
        mark.name = words::request_name(draw.connection, draw.index, draw.exchange);
        self.block("k-req", "k-req-g", along, half, true, &mut mark.shapes);
        marks.push(mark);
    }

    fn answer(&self, draw: &Draw<'_>, before: &mut f64, marks: &mut Vec<Mark>) {
        let (Some(sent), row) = (draw.exchange.response_sent, draw.row) else { return };
        let to = draw.exchange.response_received.map_or(sent.to, |span| span.to);
        let (x0, x1) = self.reach(Span::new(sent.from, to), 3.0);
        let along = (x0.max(*before).min(x1 - 1.0), x1);
        *before = x1;
        let half = (row.middle(), row.server);
        let mut mark =
            self.mark(MarkKind::Answer, draw.key(EventKind::Answer), sent.from, along, half);
        mark.name = words::answer_name(draw.index, draw.exchange);
        self.block("k-resp", "k-resp-g", along, half, false, &mut mark.shapes);
        marks.push(mark);
    }

    /// A message: a block with a triangle that points where it goes.
    fn block(
        &self,
        class: Class,
        glyph: Class,
        along: Reach,
        half: Reach,
        down: bool,
        shapes: &mut Vec<Shape>,
    ) {
        shapes.push(self.pen.rect(class, along, half, 1.5));
        if self.glyphs && along.1 - along.0 >= 10.0 && half.1 - half.0 >= 6.0 {
            let (x, y) = (f64::midpoint(along.0, along.1), f64::midpoint(half.0, half.1));
            let tip = if down { 2.0 } else { -2.0 };
            let path = self.pen.path().to(x - 3.0, y - tip).line(x + 3.0, y - tip).line(x, y + tip);
            shapes.push(path.close().shape(glyph));
        }
    }

    pub fn work(&self, draw: &Draw<'_>, before: f64, marks: &mut Vec<Mark>) {
        let Some(work) = draw.exchange.work else { return };
        let (x0, x1) = self.reach(work, 0.0);
        let along = (x0.max(before) + 0.5, x1 - 0.5);
        if along.1 - along.0 < 1.0 {
            return;
        }
        let row = draw.row;
        let top = if self.packets { row.server - 12.0 } else { row.middle() + 0.5 };
        let half = (top, row.server - 0.5);
        let mut mark =
            self.mark(MarkKind::Work, draw.key(EventKind::RequestReceived), work.from, along, half);
        mark.name = words::work_name(draw.index, work);
        mark.shapes.push(self.pen.rect("k-wait", along, half, 1.0));
        marks.push(mark);
    }

    /// A request that met a closed socket.
    pub fn lost(&self, draw: &Draw<'_>, marks: &mut Vec<Mark>) {
        let Some(lost) = draw.exchange.lost.filter(|lost| lost.connection == draw.connection.id)
        else {
            return;
        };
        let row = draw.row;
        let sent = self.reach(Span::new(lost.sent.from, lost.met), 3.0);
        let x = self.x(lost.met);
        let half = row.height().min(16.0) / 2.0;
        let across = (row.client, row.server + if self.packets { half } else { 0.0 });
        let mut mark = self.mark(
            MarkKind::Lost,
            draw.key(EventKind::RequestLost),
            lost.sent.from,
            (sent.0, x + half),
            across,
        );
        mark.name = words::lost_name(draw.index, lost);
        if self.packets {
            super::packets::message(
                self,
                "f-fault",
                "p-fault",
                {
                    let arrives = lost.met + self.rtt.half();
                    (Span::new(lost.met, lost.met), Span::new(arrives, arrives))
                },
                row,
                false,
                &mut mark.shapes,
            );
            super::packets::message(
                self,
                "f-req",
                "p-req",
                (lost.sent, Span::new(lost.met, lost.met)),
                row,
                true,
                &mut mark.shapes,
            );
        } else {
            mark.shapes.push(self.pen.rect("k-req", sent, (row.client, row.middle()), 1.5));
        }
        let centre = (x, row.server - if self.packets { 0.0 } else { half });
        self.cross(centre, half, &mut mark.shapes);
        marks.push(mark);
    }

    /// The square with a cross that says: here something went wrong.
    fn cross(&self, (x, y): (f64, f64), half: f64, shapes: &mut Vec<Shape>) {
        shapes.push(self.pen.rect("k-fault", (x - half, x + half), (y - half, y + half), 2.0));
        let arm = half * 0.44;
        let path = self.pen.path().to(x - arm, y - arm).line(x + arm, y + arm);
        shapes.push(path.to(x + arm, y - arm).line(x - arm, y + arm).shape("k-fault-x"));
    }

    fn fuses(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
        for idle in connection.idle.iter().filter(|idle| self.sees(idle.span.from, idle.span.to)) {
            let fuse = super::fuse::Fuse::new(idle, row);
            let shapes = if fuse.is_worth_drawing(self.axis) {
                fuse.draw(self.pen, self.axis)
            } else {
                Vec::new()
            };
            if shapes.is_empty() {
                continue;
            }
            let along = self.reach(idle.span, 1.0);
            let key = idle_key(self.timeline, connection, idle.side, idle.span.from);
            let mut mark = self.mark(MarkKind::Idle, key, idle.span.from, along, fuse.across());
            mark.name = words::idle_name(idle);
            mark.shapes = shapes;
            marks.push(mark);
        }
    }

    fn closing(&self, connection: &Connection, close: &Close, row: Row, marks: &mut Vec<Mark>) {
        let key = |kind| EventKey { connection: connection.id, kind, exchange: None };
        let x = self.x(self.pole(connection, close)) + if self.packets { 0.0 } else { 0.75 };
        if self.sees(close.at, close.done.max(close.known)) {
            let kind = if close.how == CloseHow::Rst { MarkKind::Rst } else { MarkKind::Fin };
            let mut mark = self.mark(
                kind,
                key(EventKind::Close),
                close.at,
                (x - 1.0, x + 7.0),
                (row.client, row.server),
            );
            mark.name = words::close_name(close);
            if self.packets {
                let rides = rides(self.timeline, connection, close);
                super::packets::close(self, close, rides, row, &mut mark.shapes);
            } else if kind == MarkKind::Rst {
                let half = row.height().min(16.0) / 2.0;
                let y =
                    if close.by == Side::Server { row.server - half } else { row.client + half };
                mark.shapes
                    .push(self.pen.path().to(x, row.client).line(x, row.server).shape("k-rst"));
                self.cross((x + half, y), half, &mut mark.shapes);
            } else {
                mark.shapes.push(self.flag(x, close.by, row));
            }
            marks.push(mark);
        }
        let Some(wait) = close.time_wait.filter(|_| !self.shared) else { return };
        if self.sees(wait.span.from, wait.span.to) {
            let along = self.reach(wait.span, 1.0);
            let along = (along.0.max(self.axis.place().0 - 2.0), along.1.min(self.axis.place().1));
            let thick = if row.height() >= 24.0 { 8.0 } else { row.height().min(6.0) };
            let across = match wait.side {
                Side::Server => (row.server - thick, row.server),
                Side::Client => (row.client, row.client + thick),
            };
            let mut mark = self.mark(
                MarkKind::TimeWait,
                key(EventKind::TimeWait),
                wait.span.from,
                along,
                across,
            );
            mark.name = words::time_wait_name(wait);
            mark.shapes.push(self.pen.rect("k-tw", along, across, 0.0));
            let edge = if wait.side == Side::Server { across.1 - 0.5 } else { across.0 + 0.5 };
            mark.shapes
                .push(self.pen.path().to(along.0, edge).line(along.1, edge).shape("k-tw-edge"));
            marks.push(mark);
        }
    }

    /// A pole across the lane, with a pennant on the edge of the side that closes.
    pub fn flag(&self, x: f64, by: Side, row: Row) -> Shape {
        let (foot, tip, inward) = match by {
            Side::Server => (row.client, row.server, -1.0),
            Side::Client => (row.server, row.client, 1.0),
        };
        let height = row.height().min(6.0);
        let path = self.pen.path().to(x, foot).line(x, tip).line(x + 7.0, tip);
        let path =
            path.line(x + 4.5, tip + inward * height / 2.0).line(x + 7.0, tip + inward * height);
        path.line(x, tip + inward * height).shape("k-fin")
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
pub fn lock(x: f64, y: f64) -> Shape {
    let mut d = String::from("M");
    super::num::push_pair(&mut d, x - 3.4, y - 0.2);
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
