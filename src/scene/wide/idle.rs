//! What the idle timers say.
use super::{SMALL, Wide};
use crate::order;
use crate::scene::canvas::Detail;
use crate::scene::plan::{Row, Rows};
use crate::scene::shape::{Anchor, Bounds};
use crate::scene::text::{Label, width};
use crate::scene::{compare, words};
use crate::sim::{Connection, IdleEnd, IdleSpan, Side, Timeline};

impl Wide<'_> {
    /// What the idle timers say: where the longest begins, what was left when a request came.
    #[inline(never)]
    pub(super) fn idle_labels(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || !Self::has_bands(rows) {
            return;
        }
        let mut began = false;
        for (connection, row) in timeline.connections.iter().zip(&rows.of) {
            let row = rows.rows[*row];
            let axis = &self.canvas.axis;
            let (start, end) = self.place;
            let has_room = |idle: &&IdleSpan| {
                let (x0, x1) = (axis.x_from_time(idle.span.from), axis.x_from_time(idle.span.to));
                idle.side == Side::Server && x0 >= start && x0 <= end - 40.0 && x1 - x0 >= 40.0
            };
            let mut idles: Vec<&IdleSpan> = connection.idle.iter().filter(has_room).collect();
            order::sort(&mut idles, |idle| (!idle.span.length().0, 0)); // the longest first
            for idle in idles.into_iter().take(12) {
                let axis = &self.canvas.axis;
                let (x0, x1) = (axis.x_from_time(idle.span.from), axis.x_from_time(idle.span.to));
                if !began {
                    began = self.timer_start(connection.who(Side::Server), idle, row, x0);
                }
                self.idle_words(timeline, connection, idle, row, (x0, x1.min(self.place.1)));
            }
        }
    }

    /// A mark where the timer starts: when the last byte is sent, before the client has it.
    #[inline(never)]
    pub(super) fn timer_start(&mut self, who: &str, idle: &IdleSpan, row: Row, x: f64) -> bool {
        let pen = self.canvas.pen;
        let y = row.server + 16.0;
        let texts = match idle.due {
            Some(due) => {
                let limit = due - idle.span.from;
                [
                    format!("{limit} timer starts: the {who}’s last byte is sent"),
                    format!("{limit} timer starts"),
                ]
            }
            None => {
                [format!("from here the {who} waits, without limit"), "waits without limit".into()]
            }
        };
        let from = idle.span.from;
        let labels = texts.iter().map(|text| {
            Label::new("m k-halo", SMALL, (x + 6.0, y), Anchor::Start, text).from(from)
        });
        let placed = self.canvas.labels.place_one_of(labels.collect::<Vec<_>>());
        if placed {
            let path = pen.path().to(x, row.server).line(x, row.server + 16.0);
            self.canvas.front(path.shape("k-start"), from);
        }
        placed
    }

    #[inline(never)]
    pub(super) fn idle_words(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        idle: &IdleSpan,
        row: Row,
        x: (f64, f64),
    ) {
        let y = Self::inside(&row, self.client_waits);
        let last_answer = timeline.exchanges.iter().filter_map(|e| Some(e.response_received?.to));
        let from = last_answer.filter(|at| *at >= idle.span.from).min().unwrap_or(idle.span.from);
        let start = self.canvas.axis.x_from_time(from).max(x.0) + 12.0;
        if idle.end == IdleEnd::Request {
            // Worth a word only where a good part of the limit is gone.
            let limit = idle.due.map(|due| due - idle.span.from);
            if limit.is_some_and(|limit| idle.span.length().0 * 5 < limit.0) {
                return;
            }
            let asked = connection.exchanges.iter().filter_map(|index| {
                Some(timeline.exchanges.get(*index as usize)?.request_sent?.from)
            });
            let next = asked.filter(|at| *at >= idle.span.from).min().unwrap_or(idle.span.to);
            if let Some(due) = idle.due.filter(|_| row.height() < 60.0) {
                let text = format!("{} left", words::tenths(due - idle.span.to));
                let at = (self.canvas.axis.x_from_time(next) - 8.0, y);
                let label = Label::new("m", SMALL, at, Anchor::End, &text);
                if label.bounds.x0 > start {
                    self.canvas.label(label.from(idle.span.to));
                }
            }
            self.gap(connection, idle, row, x);
            return;
        }
        for text in ["idle, ready for the next request", "idle"] {
            let label = Label::new("m", SMALL, (start, y), Anchor::Start, text);
            if label.bounds.x1 < x.1 - 12.0 {
                // Behind the number that counts down, so that the two never meet.
                let from = self.canvas.axis.time_from_x(label.bounds.x1 + 8.0);
                self.canvas.label(label.from(from));
                return;
            }
        }
    }

    /// How long nothing was asked, below the lane.
    #[inline(never)]
    pub(super) fn gap(
        &mut self,
        connection: &Connection,
        idle: &IdleSpan,
        row: Row,
        x: (f64, f64),
    ) {
        let text = format!("{} idle", words::tenths(idle.span.length()));
        let (y, middle) = (row.server + 12.0, f64::midpoint(x.0, x.1));
        let half = width(&text, SMALL) / 2.0 + 6.0;
        let folded = self.canvas.axis.folds().any(|fold| idle.span.contains(fold.span.from));
        if middle - half - 24.0 < x.0 || connection.exchanges.len() > 12 || folded {
            return;
        }
        let label = Label::new("k-halo", SMALL, (middle, y + 4.0), Anchor::Middle, &text)
            .from(idle.span.to);
        let line = Bounds::new(x.0, y - 4.0, x.1, y + 4.0);
        if self.canvas.labels.has_room(&line) && self.canvas.label(label) {
            compare::arrows(&mut self.canvas, y, x, (middle - half, middle + half), idle.span.to);
            self.canvas.labels.taken.push(line);
        }
    }
}
