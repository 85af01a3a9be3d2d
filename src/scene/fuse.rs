//! The idle timer, drawn as a fuse: it stands on the edge of the side that holds it, and burns down
//! to nothing at the limit.
use super::axis::Axis;
use super::plan::Row;
use super::shape::{Pen, Shape};
use crate::sim::{IdleSpan, Side, Us};

/// One idle wait with its place in the lane.
pub struct Fuse<'a> {
    idle: &'a IdleSpan,
    /// Its foot, just inside the edge.
    foot: f64,
    /// The full height, with the sign of the direction into the lane.
    full: f64,
}

impl<'a> Fuse<'a> {
    pub fn new(idle: &'a IdleSpan, row: Row) -> Self {
        let small = row.height() < 36.0;
        // Both may stand in one lane, and words between them.
        let (share, most) = match idle.side {
            Side::Server => (if small { 0.3 } else { 0.38 }, 26.0),
            Side::Client => (if small { 0.22 } else { 0.25 }, 16.0),
        };
        let full = (row.height() * share).min(most);
        match idle.side {
            Side::Server => Self { idle, foot: row.server - 1.0, full: -full },
            Side::Client => Self { idle, foot: row.client + 1.0, full },
        }
    }

    /// From the smaller to the larger.
    pub fn across(&self) -> (f64, f64) {
        let top = self.foot + self.full;
        (self.foot.min(top), self.foot.max(top))
    }

    /// What is left of the limit, from 1 to 0. A wait without limit stays low and even.
    fn left(&self, at: Us) -> f64 {
        match self.idle.due {
            Some(due) => {
                let limit = due - self.idle.span.from;
                ((due - at).as_secs() / limit.as_secs().max(1e-6)).clamp(0.0, 1.0)
            }
            None => 0.22,
        }
    }

    /// Between two requests that follow each other at once a fuse is only noise.
    pub fn is_worth_drawing(&self, axis: &Axis) -> bool {
        let burnt = 1.0 - self.left(self.idle.span.to);
        axis.px(self.idle.span.length()) >= 40.0 || (self.idle.due.is_some() && burnt > 0.08)
    }

    /// Nothing inside a fold: the fuse goes on at the other side at what is left there.
    pub fn draw(&self, pen: Pen, axis: &Axis) -> Vec<Shape> {
        let (mut area, mut slope) = (pen.path(), pen.path());
        let range = axis.range();
        for piece in axis.pieces().iter().filter(|piece| !piece.folded) {
            let from = self.idle.span.from.max(piece.span.from);
            let to = self.idle.span.to.min(piece.span.to);
            if from >= to || from > range.to {
                continue;
            }
            let (x0, x1) = (axis.x_from_time(from), axis.x_from_time(to));
            let (y0, y1) = (self.height_at(from), self.height_at(to));
            area = area.to(x0, self.foot).line(x0, y0).line(x1, y1).line(x1, self.foot).close();
            slope = slope.to(x0, y0).line(x1, y1);
        }
        if area.is_empty() {
            return Vec::new();
        }
        let line = if self.idle.due.is_some() { "k-fuse-l" } else { "k-fuse-n" };
        vec![area.shape("k-fuse"), slope.shape(line)]
    }

    pub fn height_at(&self, at: Us) -> f64 {
        self.foot + self.full * self.left(at)
    }
}
