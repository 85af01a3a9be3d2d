//! Names of lanes, and who closes them.
use super::{BOLD, SMALL, Wide};
use crate::scene::canvas::Detail;
use crate::scene::marks::rides;
use crate::scene::plan::{Row, Rows};
use crate::scene::shape::Anchor;
use crate::scene::text::{Label, width};
use crate::scene::words;
use crate::sim::{Close, Connection, IdleSpan, Side, Timeline};

impl Wide<'_> {
    /// The name of each connection, left of its first mark, so that it travels with the staircase.
    #[inline(never)]
    pub(super) fn lane_labels(&mut self, timeline: &Timeline, rows: &Rows) {
        if rows.packed || rows.rows.first().is_some_and(|row| row.height() < 12.0) {
            return;
        }
        for (connection, row) in timeline.connections.iter().zip(&rows.of) {
            let row = rows.rows[*row];
            let x = self.canvas.axis.x_from_time(connection.opened());
            if x > self.place.1 - 30.0 {
                continue;
            }
            if Self::has_bands(rows) && x < self.place.0 + 60.0 && self.place.0 > 100.0 {
                self.margin_label(connection, row);
                continue;
            }
            let at = (x.max(self.place.0) - 8.0, row.middle() + 4.0);
            let from = connection.opened();
            let name =
                |text: String| Label::new("m k-halo", SMALL, at, Anchor::End, &text).from(from);
            let long = format!("{}{} :{}", connection.letter(), connection.id, connection.port);
            let first = connection.id == 1 || row.height() >= 36.0;
            let longs = first.then(|| name(long)).filter(|_| self.place.0 > 100.0 || x > 140.0);
            self.canvas.labels.place_one_of(longs.into_iter().chain([name(format!(
                "{}{}",
                connection.letter(),
                connection.id
            ))]));
        }
    }

    #[inline(never)]
    pub(super) fn margin_label(&mut self, connection: &Connection, row: Row) {
        let mut put = |x, y, anchor, text: &str| {
            self.canvas.labels.place(Label::new("m", SMALL, (x, y), anchor, text));
        };
        let edge = self.place.0 - 8.0;
        put(edge, row.client + 10.0, Anchor::End, connection.who(Side::Client));
        put(
            16.0,
            row.middle() + 4.0,
            Anchor::Start,
            &format!("{}{} :{}", connection.letter(), connection.id, connection.port),
        );
        put(edge, row.server - 3.0, Anchor::End, connection.who(Side::Server));
    }

    /// Who closes, and what TIME_WAIT is where it comes first.
    #[inline(never)]
    pub(super) fn close_labels(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || rows.packed {
            return;
        }
        for (connection, row_index) in timeline.connections.iter().zip(&rows.of) {
            let Some(close) = &connection.close else { continue };
            let (row, x) = (rows.rows[*row_index], self.canvas.axis.x_from_time(close.at));
            if x < self.place.0 || x > self.place.1 {
                continue;
            }
            if rows.packets {
                self.time_wait(connection, close, row.server + 16.0);
            } else if Self::has_bands(rows) {
                self.close_in_band(timeline, connection, close, row);
            } else if *row_index == 0 {
                self.close_beside(connection, close, row);
                return;
            }
        }
    }

    #[inline(never)]
    pub(super) fn close_in_band(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        close: &Close,
        row: Row,
    ) {
        let idle = last_idle(connection, close.by);
        let text = words::close_label(connection, close, idle);
        let x = self.canvas.axis.x_from_time(close.at);
        let y = row.client - 7.0;
        let put = |x, anchor| Label::new("b k-halo", BOLD, (x, y), anchor, &text).from(close.at);
        let right = self.place.1;
        // From the flag on, where nothing else is said; else as near as there is room.
        let pole = if rides(timeline, connection, close) { close.known } else { close.at };
        let candidates = [
            put(self.canvas.axis.x_from_time(pole) - 2.0, Anchor::Start),
            put(x, Anchor::Middle),
            put((x + width(&text, BOLD) / 2.0).min(right), Anchor::End),
            put(x + 6.0, Anchor::End),
        ];
        let fits = candidates.into_iter().filter(|label| label.bounds.x1 <= right + 8.0);
        self.canvas.labels.place_one_of(fits.collect::<Vec<_>>());
        self.time_wait(connection, close, row.server + 16.0);
    }

    #[inline(never)]
    pub(super) fn time_wait(&mut self, connection: &Connection, close: &Close, y: f64) {
        let Some(wait) = close.time_wait.filter(|_| !self.explained) else { return };
        let x = self.canvas.axis.x_from_time(wait.span.from);
        if x > self.place.1 - 20.0 {
            return;
        }
        let lasts = wait.span.length();
        let texts = [
            format!(
                "TIME_WAIT: the {} keeps the port for {lasts}, for packets that come late",
                connection.who(wait.side)
            ),
            format!("TIME_WAIT: keeps the port for {lasts}"),
        ];
        let right = self.place.1;
        let labels = texts.iter().flat_map(|text| {
            let put = |x, anchor| {
                Label::new("m k-halo", SMALL, (x, y), anchor, text).from(wait.span.from)
            };
            [put(x, Anchor::Start), put(right, Anchor::End)]
        });
        let fits = labels.filter(|label| label.bounds.x1 <= right + 4.0 && label.bounds.x0 > 100.0);
        let fits: Vec<_> = fits.collect();
        self.explained |= self.canvas.labels.place_one_of(fits);
    }

    /// For lanes without room of their own: one sentence above the first.
    #[inline(never)]
    pub(super) fn close_beside(&mut self, connection: &Connection, close: &Close, row: Row) {
        let y = row.client - 7.0;
        let in_band = self.canvas.labels.placed.iter().filter(|label| (label.y - y).abs() < 1.0);
        let after = in_band.map(|label| label.bounds.x1 + 12.0).fold(0.0, f64::max);
        let x = (self.canvas.axis.x_from_time(close.done) + 2.0).max(after);
        let who = words::close_label(connection, close, last_idle(connection, close.by));
        let mut texts = Vec::new();
        if let Some(wait) = close.time_wait.filter(|_| !self.explained) {
            let lasts = wait.span.length();
            texts.push(format!("{who} (FIN), then keeps the port for {lasts} in TIME_WAIT, for packets that come late"));
            texts.push(format!("{who}, then keeps the port for {lasts} in TIME_WAIT"));
        }
        texts.push(who);
        let labels = texts.iter().enumerate().map(|(index, text)| {
            (index, Label::new("m k-halo", SMALL, (x, y), Anchor::Start, text).from(close.at))
        });
        let right = self.place.1;
        let mut fits = labels.filter(|(_, label)| label.bounds.x1 <= right);
        let placed = fits.find(|(_, label)| self.canvas.labels.place(label.clone()));
        self.explained |= placed.is_some_and(|(index, _)| index + 1 < texts.len());
    }
}

/// The wait that a side's timer ended, if it did.
fn last_idle(connection: &Connection, side: Side) -> Option<&IdleSpan> {
    connection.idle.iter().rev().find(|idle| idle.side == side)
}
