//! Handshakes, requests, the server's work and answers, as blocks.
use super::{Artist, Draw, Mark, MarkKind, Reach, lock};
use crate::scene::plan::Row;
use crate::scene::shape::{Class, Shape};
use crate::scene::words;
use crate::sim::{Connection, EventKey, EventKind, Span};

impl Artist<'_> {
    #[inline(never)]
    pub(super) fn handshakes(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
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
                crate::scene::packets::handshake(self, kind, span, row, &mut mark.shapes);
            } else if kind == MarkKind::Tcp {
                self.tcp(along, row, &mut mark.shapes);
            } else {
                self.tls(along, row, &mut mark.shapes);
            }
            marks.push(mark);
        }
    }

    pub(super) fn tcp(&self, along: Reach, row: Row, shapes: &mut Vec<Shape>) {
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

    pub(super) fn tls(&self, along: Reach, row: Row, shapes: &mut Vec<Shape>) {
        shapes.push(self.pen.rect("k-tls", along, (row.client, row.server), 1.5));
        let (x, y) = self.pen.xy(f64::midpoint(along.0, along.1), row.middle());
        if self.glyphs && along.1 - along.0 >= 12.5 && row.height() >= 11.0 {
            shapes.push(lock(x, y));
        }
    }

    #[inline(never)]
    pub(super) fn exchanges(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
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

    #[inline(never)]
    pub(super) fn request(&self, draw: &Draw<'_>, before: &mut f64, marks: &mut Vec<Mark>) {
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

    #[inline(never)]
    pub(super) fn answer(&self, draw: &Draw<'_>, before: &mut f64, marks: &mut Vec<Mark>) {
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
    #[inline(never)]
    pub(super) fn block(
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

    #[inline(never)]
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
    #[inline(never)]
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
            crate::scene::packets::message(
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
            crate::scene::packets::message(
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
}
