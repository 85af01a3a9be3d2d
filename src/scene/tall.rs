//! The tall figure, for narrow screens: time runs down, runs and connections stand side by side.
use super::canvas::{Canvas, Detail};
use super::marks::MarkKind;
use super::plan;
use super::shape::{Anchor, Bounds, Pen};
use super::story::Story;
use super::text::{Label, Type, width};
use super::{Fold, Front, Mark, Scene, Viewport, ruler, words};
use crate::sim::{Connection, EventKey, EventKind, IdleEnd, Side, Timeline, Us};
use crate::study::{Run, Show};

const STRIP: f64 = 36.0;
/// Where time begins.
const TOP: f64 = 48.0;
const TICK_PX: f64 = 40.0;
/// Room for the columns of TIME_WAIT beside a run.
const WAITING: f64 = 66.0;

pub fn build(show: &Show, view: &Viewport, least: Detail) -> Scene {
    let length = length(show);
    let mut canvas =
        Canvas::new(show, view, Pen { tall: true }, ((TOP, TOP + length), STRIP), least);
    let ticks = ruler::ticks(&canvas.axis, TICK_PX);
    let folds = canvas.axis.folds().count();
    // Left of this are the ruler's words.
    let widest = ticks.iter().map(|tick| width(&tick.text, Type::Small)).fold(0.0, f64::max);
    let left = (widest + 10.0).clamp(if folds > 0 { 50.0 } else { 40.0 }, 72.0);
    canvas.ticks = ticks;
    canvas.labels.limits = Bounds::new(0.0, 0.0, view.width, TOP + length + 14.0);
    let mut figure = Tall { canvas, width: view.width, left, bottom: TOP + length };
    figure.fold_labels();
    figure.runs();
    figure.finish()
}

/// How long the time axis is: short enough that the end of a usual run is in the first view of a
/// phone, longer where there is much to see.
fn length(show: &Show) -> f64 {
    let of = |run: &Timeline| run.exchanges.len().max(run.connections.len());
    let most = show.timelines().map(of).max();
    #[expect(clippy::cast_precision_loss, reason = "clamped right away")]
    let wanted = most.unwrap_or(0) as f64 * 26.0;
    wanted.clamp(440.0, 1_400.0)
}

struct Tall<'a> {
    canvas: Canvas<'a>,
    width: f64,
    left: f64,
    bottom: f64,
}

/// The columns of a run and what is left beside them.
struct Band {
    right: f64,
    /// Where the words of this run begin.
    words: f64,
}

impl Tall<'_> {
    fn runs(&mut self) {
        let show = self.canvas.show;
        let count = show.runs.len().max(1);
        let mut done = Vec::new();
        for (place, (index, run)) in show.drawn().into_iter().enumerate() {
            let (left, right) = self.band(place, count);
            let story = self.canvas.stories[index];
            if run.hop == 0 {
                done.push(story.done);
            }
            self.header(run, &story, left, right, count);
            match &run.result {
                Ok(timeline) => self.run(index, run, timeline, (left, right)),
                Err(error) => {
                    let text = format!("cannot start: {}", error.at);
                    let at = (left, TOP + 20.0);
                    self.canvas.label(Label::new("f", Type::Small, at, Anchor::Start, &text));
                }
            }
        }
        if let [Some(a), Some(b)] = *done.as_slice() {
            self.saved(a, b);
        }
    }

    /// The share of the width that a run has.
    fn band(&self, index: usize, count: usize) -> (f64, f64) {
        let (left, right) = (self.left + 4.0, self.width - 4.0);
        #[expect(clippy::cast_precision_loss, reason = "two runs")]
        let (index, count) = (index as f64, count as f64);
        let each = (right - left) / count;
        (left + index * each + if index > 0.0 { 12.0 } else { 0.0 }, left + (index + 1.0) * each)
    }

    #[inline(never)]
    fn header(&mut self, run: &Run, story: &Story, left: f64, right: f64, count: usize) {
        let text = format!("{}  {}", run.name, run.label);
        let mut short = text.trim();
        let fits = |text: &str| width(text, Type::Head) <= right - left;
        if !fits(short) {
            // What the ends are instead of what they are called, or the first word alone: "Without".
            let ends = match (run.hop, &run.scenario.proxy) {
                (0, Some(_)) if run.name.is_empty() => "client → proxy",
                (1, _) => "proxy → server",
                _ => "",
            };
            short = match ends {
                "" => short.rsplit_once(' ').map_or(short, |(first, _)| first),
                ends if fits(ends) => ends,
                ends => ends.split_once(' ').map_or(ends, |(first, _)| first),
            };
        }
        self.canvas.label(Label::new("h", Type::Head, (left, 16.0), Anchor::Start, short));
        let connections = words::count(story.connections, "connection", "connections");
        let y = if count > 1 || !short.is_empty() { 34.0 } else { 24.0 };
        self.canvas.label(Label::new("m", Type::Small, (left, y), Anchor::Start, &connections));
    }

    #[inline(never)]
    fn run(&mut self, index: usize, run: &Run, timeline: &Timeline, band: (f64, f64)) {
        let (rows, columns_end) = plan::tall(timeline, band.0, band.1, self.canvas.px_per_rtt(run));
        self.canvas.lanes(index, run, timeline, &rows);
        let waits = if self.canvas.detail == Detail::Density {
            0.0
        } else {
            self.waits(index, timeline, columns_end)
        };
        let band = Band { right: band.1, words: columns_end + waits + 8.0 };
        // Beside several columns nobody could tell whose number it is.
        if rows.rows.len() == 1 {
            self.canvas.countdowns(timeline, &rows, |row| row.server + 8.0);
        }
        if self.canvas.show.drawn().last().is_some_and(|(last, _)| *last == index) {
            self.labels(timeline, &band);
        }
    }

    /// TIME_WAIT beside the columns, since these are used again. Returns its width.
    #[inline(never)]
    fn waits(&mut self, run: usize, timeline: &Timeline, left: f64) -> f64 {
        let range = self.canvas.axis.range();
        let waits: Vec<_> = timeline
            .connections
            .iter()
            .filter_map(|c| Some((c.id, c.close.as_ref()?.time_wait?)))
            .filter(|(_, wait)| wait.span.from <= range.to && range.from <= wait.span.to)
            .collect();
        if waits.is_empty() {
            return 0.0;
        }
        #[expect(clippy::cast_precision_loss, reason = "a width")]
        let pitch = (WAITING / waits.len() as f64).clamp(1.5, 7.0);
        let pen = self.canvas.pen;
        let lanes = self.canvas.groups.last_mut().map(|group| &mut group.lanes);
        let mut x = left + 4.0;
        if let Some(lanes) = lanes {
            for (id, wait) in &waits {
                let along = (
                    self.canvas.axis.x_from_time(wait.span.from),
                    self.canvas.axis.x_from_time(wait.span.to).min(self.bottom),
                );
                let across = (x, x + pitch - 1.0);
                let key = EventKey { connection: *id, kind: EventKind::TimeWait, exchange: None };
                let edge = pen.path().to(along.0, across.1 + 0.5).line(along.1, across.1 + 0.5);
                let mark = Mark {
                    kind: MarkKind::TimeWait,
                    key,
                    at: wait.span.from,
                    name: timeline
                        .connections
                        .get((*id as usize).wrapping_sub(1))
                        .map_or_else(String::new, |c| words::time_wait_name(c, *wait)),
                    shapes: vec![pen.rect("k-tw", along, across, 0.0), edge.shape("k-tw-edge")],
                    bounds: pen.bounds(along, across),
                };
                if let Some(lane) =
                    lanes.iter_mut().find(|lane| lane.connection == *id && lane.run == run)
                {
                    lane.marks.push(mark);
                }
                x += pitch;
                if x > left + WAITING + 4.0 {
                    break;
                }
            }
        }
        x - left
    }

    #[inline(never)]
    fn labels(&mut self, timeline: &Timeline, band: &Band) {
        if self.canvas.detail == Detail::Density {
            return;
        }
        let last = self.canvas.show.runs.len() < 2;
        for connection in &timeline.connections {
            self.close_label(connection, band);
            if connection.id == 1 {
                self.handshakes(connection, band);
            }
        }
        for (index, exchange) in timeline.exchanges.iter().enumerate().take(200) {
            let (Some(sent), Some(to)) = (exchange.request_sent, exchange.response_received) else {
                continue;
            };
            let number = index + 1;
            let text = if last || index == 0 {
                format!("{number} {}", words::request_line(exchange))
            } else {
                number.to_string()
            };
            if !self.beside(sent.from, to.to, &text, "k-halo", band) {
                self.beside(sent.from, to.to, &number.to_string(), "k-halo", band);
            }
        }
        self.idle_label(timeline, band);
    }

    #[inline(never)]
    fn handshakes(&mut self, connection: &Connection, band: &Band) {
        let (tcp, ready) = (connection.tcp, connection.ready());
        let narrow = self.canvas.axis.px(ready - tcp.from) < 36.0;
        match connection.tls {
            Some(_) if narrow => {
                self.beside(tcp.from, ready, "TCP, TLS", "m k-halo", band);
            }
            Some(tls) => {
                self.beside(tcp.from, tcp.to, "TCP", "m k-halo", band);
                self.beside(tls.from, tls.to, "TLS", "m k-halo", band);
            }
            None => {
                self.beside(tcp.from, tcp.to, "TCP", "m k-halo", band);
            }
        }
    }

    /// A label right of the columns, in the middle of a stretch of time.
    #[inline(never)]
    fn beside(&mut self, from: Us, to: Us, text: &str, class: &'static str, band: &Band) -> bool {
        let axis = &self.canvas.axis;
        let y = f64::midpoint(axis.x_from_time(from), axis.x_from_time(to)) + 4.0;
        let inside = y > TOP && y < self.bottom + 4.0;
        let label = Label::new(class, Type::Small, (band.words, y), Anchor::Start, text).from(from);
        inside && label.bounds.x1 <= band.right + 2.0 && self.canvas.label(label)
    }

    #[inline(never)]
    fn close_label(&mut self, connection: &Connection, band: &Band) {
        let Some(close) = &connection.close else { return };
        let idle = connection.idle.iter().rev().find(|idle| idle.side == close.by);
        if !idle.is_some_and(|idle| idle.end == IdleEnd::Expired) {
            return;
        }
        let y = self.canvas.axis.x_from_time(close.at) + 4.0;
        if y < TOP || y > self.bottom + 4.0 {
            return;
        }
        let text = words::close_label(connection, close, idle);
        let put = |text: &str, y| {
            Label::new("b k-halo", Type::SmallBold, (band.words, y), Anchor::Start, text)
                .from(close.at)
        };
        let whole = put(&text, y);
        if whole.bounds.x1 <= band.right + 2.0 && self.canvas.label(whole) {
            return;
        }
        if let Some((first, second)) = text.split_once(": ") {
            let lines = [put(&format!("{first}:"), y - 8.0), put(second, y + 8.0)];
            let fit = lines.iter().all(|line| {
                line.bounds.x1 <= band.right + 2.0 && self.canvas.labels.has_room(&line.bounds)
            });
            if fit {
                self.canvas.labels.placed.extend(lines);
            }
        }
    }

    #[inline(never)]
    fn idle_label(&mut self, timeline: &Timeline, band: &Band) {
        let idles = timeline
            .connections
            .iter()
            .flat_map(|c| &c.idle)
            .filter(|idle| idle.side == Side::Server);
        let Some(longest) = idles.max_by_key(|idle| idle.span.length()) else { return };
        let axis = &self.canvas.axis;
        let (y0, y1) = (axis.x_from_time(longest.span.from), axis.x_from_time(longest.span.to));
        if y1 - y0 < 60.0 {
            return;
        }
        let put = |text: &str, y| {
            let at = (band.words, y);
            Label::new("m k-halo", Type::Small, at, Anchor::Start, text).from(longest.span.from)
        };
        let lines = [put("idle,", y0 + 34.0), put("still open", y0 + 50.0)];
        let labels = &mut self.canvas.labels;
        let fits =
            |label: &Label| label.bounds.x1 <= band.right + 2.0 && labels.has_room(&label.bounds);
        if lines.iter().all(fits) {
            labels.placed.extend(lines);
        } else {
            labels.place(put("idle", y0 + 34.0));
        }
    }

    /// The time between the ends of two runs, as an arrow between their columns.
    #[inline(never)]
    fn saved(&mut self, a: Us, b: Us) {
        let (early, late) = (a.min(b), a.max(b));
        let axis = &self.canvas.axis;
        let (y0, y1) = (axis.x_from_time(early), axis.x_from_time(late));
        if early == late || y0 < TOP || y1 > self.bottom || y1 - y0 < 24.0 {
            return;
        }
        let left = self.band(1, 2).0;
        let x = left - 20.0;
        super::compare::arrows(&mut self.canvas, x, (y0, y1), (y0 + 10.0, y0 + 10.0), late);
        let pen = self.canvas.pen;
        let line = pen.path().to(y0, x - 6.0).line(y0, left);
        self.canvas.front.push(Front { shape: line.shape("k-dim"), from: Some(early) });
        let done = words::about_like(early, late);
        let label =
            Label::new("b k-halo", Type::SmallBold, (x - 8.0, y0 + 4.0), Anchor::End, &done);
        self.canvas.label(label.from(early));
        let verb = if b < a { "saved" } else { "more" };
        let middle = f64::midpoint(y0, y1);
        let words_left = self.width - 4.0;
        let big = Label::new(
            "big k-halo",
            Type::Big,
            (words_left, middle),
            Anchor::End,
            &words::about_like(late - early, late),
        );
        let small =
            Label::new("b k-halo", Type::SmallBold, (words_left, middle + 18.0), Anchor::End, verb);
        if self.canvas.label(big.from(late)) {
            self.canvas.label(small.from(late));
        }
    }

    #[inline(never)]
    fn fold_labels(&mut self) {
        let folds: Vec<_> = self.canvas.axis.folds().copied().collect();
        for fold in folds {
            let y = f64::midpoint(fold.place.0, fold.place.1);
            let text = format!("+{}", words::rough(fold.span.length()));
            let put =
                |class, kind, y, text: &str| Label::new(class, kind, (2.0, y), Anchor::Start, text);
            self.canvas.label(put("b m", Type::SmallBold, y - 2.0, &text));
            self.canvas.label(put("m k-halo", Type::Small, y + 13.0, "left out"));
            let bounds = Bounds::new(0.0, fold.place.0, self.width, fold.place.1);
            self.canvas.folds.push(Fold {
                span: fold.span,
                bounds,
                name: words::fold_name(fold.span),
            });
        }
    }

    #[inline(never)]
    fn finish(mut self) -> Scene {
        let pen = self.canvas.pen;
        let mut grid = pen.path();
        for tick in &self.canvas.ticks {
            let y = tick.x.round() + 0.5;
            grid = grid.to(y, self.left - 4.0).line(y, self.width);
        }
        self.canvas.back.push(grid.shape("k-grid"));
        let height = self.bottom + 14.0;
        let plot = Bounds::new(self.left - 4.0, TOP - 1.0, self.width, height);
        self.canvas.finish(self.width, height, plot)
    }
}
