//! Idle timers, the close and what it leaves behind.
use super::{Artist, Mark, MarkKind, idle_key, rides};
use crate::scene::plan::Row;
use crate::scene::shape::Shape;
use crate::scene::words;
use crate::sim::{Close, CloseHow, Connection, EventKey, EventKind, Side};

impl Artist<'_> {
    /// The square with a cross that says: here something went wrong.
    #[inline(never)]
    pub(super) fn cross(&self, (x, y): (f64, f64), half: f64, shapes: &mut Vec<Shape>) {
        shapes.push(self.pen.rect("k-fault", (x - half, x + half), (y - half, y + half), 2.0));
        let arm = half * 0.44;
        let path = self.pen.path().to(x - arm, y - arm).line(x + arm, y + arm);
        shapes.push(path.to(x + arm, y - arm).line(x - arm, y + arm).shape("k-fault-x"));
    }

    #[inline(never)]
    pub(super) fn fuses(&self, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
        for idle in connection.idle.iter().filter(|idle| self.sees(idle.span.from, idle.span.to)) {
            let fuse = crate::scene::fuse::Fuse::new(idle, row);
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
            mark.name = words::idle_name(connection, idle);
            mark.shapes = shapes;
            marks.push(mark);
        }
    }

    #[inline(never)]
    pub(super) fn closing(
        &self,
        connection: &Connection,
        close: &Close,
        row: Row,
        marks: &mut Vec<Mark>,
    ) {
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
            mark.name = words::close_name(connection, close);
            if self.packets {
                let rides = rides(self.timeline, connection, close);
                crate::scene::packets::close(self, close, rides, row, &mut mark.shapes);
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
            mark.name = words::time_wait_name(connection, wait);
            mark.shapes.push(self.pen.rect("k-tw", along, across, 0.0));
            let edge = if wait.side == Side::Server { across.1 - 0.5 } else { across.0 + 0.5 };
            mark.shapes
                .push(self.pen.path().to(along.0, edge).line(along.1, edge).shape("k-tw-edge"));
            marks.push(mark);
        }
    }

    /// A pole across the lane, with a pennant on the edge of the side that closes.
    #[inline(never)]
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
