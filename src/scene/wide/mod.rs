//! The wide figure: time runs to the right, runs and lanes lie below each other.
mod follow;
mod idle;
mod lanes;
mod messages;
mod meters;

use crate::scene::canvas::{Canvas, Detail};
use crate::scene::plan::{self, ABOVE, Row, Rows};
use crate::scene::shape::{Anchor, Bounds, Pen};
use crate::scene::story::Story;
use crate::scene::text::{Label, Type, width};
use crate::scene::{Fold, Mode, Scene, Viewport, compare, ruler, words};
use crate::sim::{Connection, Side, Timeline, Us};
use crate::study::Run;

/// The width of a folded strip.
const STRIP: f64 = 56.0;
/// The ruler's line.
const RULER: f64 = 30.0;
const TICK_PX: f64 = 80.0;

const SMALL: Type = Type::Small;
const BOLD: Type = Type::SmallBold;

pub fn build(show: &crate::study::Show, view: &Viewport, least: Detail) -> Scene {
    let left = if view.width >= 860.0 { 104.0 } else { 76.0 };
    let place = (left, view.width - 20.0);
    let mut canvas = Canvas::new(show, view, Pen { tall: false }, (place, STRIP), least);
    canvas.labels.limits = Bounds::new(4.0, 0.0, view.width - 6.0, f64::MAX);
    let mut figure =
        Wide { canvas, view: *view, place, explained: false, named: false, client_waits: false };
    figure.fold_labels();
    let bottom = figure.runs();
    let bottom = figure.meters(bottom);
    figure.finish(bottom)
}

struct Wide<'a> {
    canvas: Canvas<'a>,
    view: Viewport,
    place: (f64, f64),
    /// TIME_WAIT has had its half sentence.
    explained: bool,
    /// The handshakes have their names.
    named: bool,
    /// In the run being drawn the client has an idle limit too.
    client_waits: bool,
}

/// What a run leaves for the comparison.
struct Placed {
    done: Option<Us>,
    connections: usize,
}

impl Wide<'_> {
    #[inline(never)]
    fn runs(&mut self) -> f64 {
        let show = self.canvas.show;
        let mut y = RULER + 2.0;
        let mut placed = Vec::new();
        let mut last_of: Option<(&Timeline, _)> = None;
        for (index, run) in show.drawn() {
            let header = if run.label.is_empty() { y + 4.0 } else { y + 30.0 };
            let story = self.canvas.stories[index];
            let first_hop = run.hop == 0;
            if first_hop {
                placed.push(Placed { done: story.done, connections: story.connections });
            }
            // The sum of the saved time stands beside the second header.
            let ends: Vec<_> = placed.iter().map(|p| (p.done, p.connections)).collect();
            if first_hop && placed.len() > 1 {
                compare::dimension(&mut self.canvas, header - 4.0, &ends, self.place);
            }
            y = match &run.result {
                Ok(timeline) => {
                    let (bottom, rows) = self.run(index, run, timeline, &story, header);
                    match &last_of {
                        Some((of, above)) if run.hop == 1 => {
                            self.follow(of, timeline, above, &rows);
                        }
                        _ => {}
                    }
                    last_of = Some((timeline, rows));
                    bottom
                }
                Err(error) => {
                    self.header(run, header);
                    let text = format!("This run cannot start. {error}");
                    let at = (16.0, header + 26.0);
                    self.canvas.label(Label::new("f", SMALL, at, Anchor::Start, &text));
                    header + 36.0
                }
            };
        }
        y
    }

    #[inline(never)]
    fn header(&mut self, run: &Run, y: f64) {
        if run.label.is_empty() {
            return;
        }
        self.canvas.label(Label::new("h m", Type::Head, (16.0, y), Anchor::Start, run.name));
        let x = if run.name.is_empty() { 16.0 } else { 34.0 };
        self.canvas.label(Label::new("h k-halo", Type::Head, (x, y), Anchor::Start, &run.label));
        let x = x + width(&run.label, Type::Head) + 12.0;
        if !run.apart.eq_ignore_ascii_case(&run.label) {
            let apart = Label::new("c m k-halo", Type::Code, (x, y), Anchor::Start, &run.apart);
            self.canvas.label(apart);
        }
    }

    /// Draws a run whose header stands at `header`; returns where the next may begin.
    #[inline(never)]
    fn run(
        &mut self,
        index: usize,
        run: &Run,
        timeline: &Timeline,
        story: &Story,
        header: f64,
    ) -> (f64, Rows) {
        self.header(run, header);
        // The sum of the saved time stands beside the second header.
        let room = if run.hop == 0 && index > 0 { 7.0 } else { 3.0 };
        let top = header + 5.0 + ABOVE + room;
        let rows = plan::wide(timeline, top, self.closeness(run));
        self.canvas.lanes(index, run, timeline, &rows);
        let mut idles = timeline.connections.iter().flat_map(|connection| &connection.idle);
        self.client_waits = idles.any(|idle| idle.side == Side::Client && idle.due.is_some());
        let client_waits = self.client_waits;
        self.canvas.countdowns(timeline, &rows, |row| Self::inside(row, client_waits));
        let bottom = rows.rows.last().map_or(top, |row| row.server);
        self.lane_labels(timeline, &rows);
        if Self::has_bands(&rows) {
            self.close_labels(timeline, &rows);
            self.message_labels(timeline, &rows);
        } else {
            self.message_labels(timeline, &rows);
            self.close_labels(timeline, &rows);
        }
        self.idle_labels(timeline, &rows);
        self.retries(timeline, &rows);
        (self.summary(run, story, timeline, &rows, bottom), rows)
    }

    fn closeness(&self, run: &Run) -> plan::Closeness {
        let lanes = self.canvas.show.timelines().map(|timeline| timeline.connections.len());
        plan::Closeness {
            px_per_rtt: self.canvas.px_per_rtt(run),
            zoomed: self.view.range.is_some(),
            lanes: lanes.sum(),
        }
    }

    /// The baseline of words inside a lane: between the timers of client and server.
    fn inside(row: &Row, client_waits: bool) -> f64 {
        match (client_waits, row.height() >= 36.0) {
            (true, true) => row.client + (row.height() * 0.25).min(16.0) + 12.0,
            (true, false) => row.middle() + 4.0,
            (false, _) => row.client + (row.height() * 0.35).clamp(11.0, 18.0),
        }
    }

    fn tall_lanes(rows: &Rows) -> bool {
        rows.rows.first().is_some_and(|row| row.height() >= 36.0)
    }

    /// Has this lane room of its own for labels, above and below?
    fn has_bands(rows: &Rows) -> bool {
        rows.rows.len() <= 3 && Self::tall_lanes(rows)
    }

    /// The sums of a run, where the picture is empty: under the staircase, or below the lanes.
    #[inline(never)]
    fn summary(
        &mut self,
        run: &Run,
        story: &Story,
        timeline: &Timeline,
        rows: &Rows,
        bottom: f64,
    ) -> f64 {
        let below = if Self::has_bands(rows) { 8.0 } else { 6.0 };
        if self.view.mode == Mode::Embed && !self.canvas.show.compares() {
            return bottom + if Self::has_bands(rows) { 28.0 } else { 16.0 };
        }
        let lines = words::summary(run, story);
        #[expect(clippy::cast_precision_loss, reason = "a few lines")]
        let height = 26.0 + 17.0 * lines.len() as f64;
        let x = self.place.0;
        let wide = lines.iter().map(|line| width(line, SMALL)).fold(160.0, f64::max);
        let under = self.free_below_staircase(timeline, rows, wide, height);
        let free = |top: f64| {
            self.canvas.labels.has_room(&Bounds::new(x, top + 2.0, x + wide, top + height))
        };
        let below = if free(bottom + below) { below } else { 26.0 };
        let top = under.unwrap_or(bottom + below);
        let from = story.done.unwrap_or(story.end);
        let big = words::count(story.connections, "connection", "connections");
        let big = Label::new("big k-halo", Type::Big, (x, top + 20.0), Anchor::Start, &big);
        self.canvas.label(big.from(from));
        let mut y = top + 39.0;
        for line in &lines {
            self.canvas
                .label(Label::new("m k-halo", SMALL, (x, y), Anchor::Start, line).from(from));
            y += 17.0;
        }
        match under {
            Some(_) => bottom + if Self::has_bands(rows) { 28.0 } else { 6.0 },
            None => y - 17.0 + 12.0,
        }
    }

    /// The top of a free rectangle at the left, among rows whose connections begin further right.
    #[inline(never)]
    fn free_below_staircase(
        &self,
        timeline: &Timeline,
        rows: &Rows,
        wide: f64,
        height: f64,
    ) -> Option<f64> {
        if rows.packed || rows.rows.len() < 2 {
            return None;
        }
        let needed = self.place.0 + wide + 110.0;
        let begins = |connection: &Connection| self.canvas.axis.x_from_time(connection.opened());
        let blocked = timeline.connections.iter().zip(&rows.of).filter(|(c, _)| begins(c) < needed);
        let reach = if Self::has_bands(rows) { 18.0 } else { 4.0 };
        let last = blocked.map(|(_, row)| rows.rows[*row].server).fold(0.0, f64::max) + reach;
        let bottom = rows.rows.last()?.server + if Self::has_bands(rows) { 16.0 } else { 0.0 };
        let top = bottom - height;
        let top = (top > last).then_some(top - ((top - last) / 2.0).min(12.0))?;
        let area = Bounds::new(self.place.0, top, self.place.0 + wide, bottom);
        self.canvas.labels.has_room(&area).then_some(top)
    }

    #[inline(never)]
    fn finish(mut self, bottom: f64) -> Scene {
        let height = (bottom + 4.0).max(RULER + 90.0);
        self.ruler(height);
        let plot = Bounds::new(self.place.0 - 4.0, RULER + 1.0, self.place.1 + 10.0, height);
        self.canvas.finish(self.view.width, height, plot)
    }

    /// What each strip leaves out.
    #[inline(never)]
    fn fold_labels(&mut self) {
        let folds: Vec<_> = self.canvas.axis.folds().copied().collect();
        for fold in folds {
            let middle = f64::midpoint(fold.place.0, fold.place.1);
            let plus = format!("+{}", words::rough(fold.span.length()));
            self.canvas.label(Label::new("b m", BOLD, (middle, 20.0), Anchor::Middle, &plus));
            self.canvas.label(Label::new("m", SMALL, (middle, 46.0), Anchor::Middle, "left out"));
        }
    }

    #[inline(never)]
    fn ruler(&mut self, height: f64) {
        let pen = self.canvas.pen;
        let mut ticks = ruler::ticks(&self.canvas.axis, TICK_PX);
        ticks.retain(|tick| tick.x + width(&tick.text, SMALL) / 2.0 < self.view.width);
        let (mut grid, mut marks, mut line) = (pen.path(), pen.path(), pen.path());
        for tick in &ticks {
            let x = tick.x.round() + 0.5;
            grid = grid.to(x, RULER).line(x, height);
            marks = marks.to(x, RULER - 5.0).line(x, RULER);
        }
        for piece in self.canvas.axis.pieces().iter().filter(|piece| !piece.folded) {
            line = line.to(piece.place.0, RULER + 0.5).line(piece.place.1, RULER + 0.5);
        }
        let folds: Vec<_> = self.canvas.axis.folds().copied().collect();
        self.canvas.back.push(grid.shape("k-grid"));
        for fold in folds {
            let bounds = Bounds::new(fold.place.0, 0.0, fold.place.1, height);
            let name = words::fold_name(fold.span);
            self.canvas.folds.push(Fold { span: fold.span, bounds, name });
        }
        self.canvas.back.push(line.shape("k-tick"));
        self.canvas.back.push(marks.shape("k-tick"));
        self.canvas.ticks = ticks;
    }
}
