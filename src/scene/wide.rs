//! The wide figure: time runs to the right, runs and lanes lie below each other.
use super::canvas::{Canvas, Detail};
use super::marks::rides;
use super::plan::{self, ABOVE, Row, Rows};
use super::shape::{Anchor, Bounds, Pen};
use super::story::Story;
use super::text::{Label, Type, width};
use super::{Fold, Mode, Scene, Viewport, compare, ruler, words};
use crate::order;
use crate::sim::{Close, Connection, IdleEnd, IdleSpan, Side, Timeline, Us};
use crate::study::Run;

/// The width of a folded strip.
const STRIP: f64 = 56.0;
/// The ruler's line.
const RULER: f64 = 30.0;
const TICK_PX: f64 = 80.0;

const SMALL: Type = Type::Small;
const BOLD: Type = Type::SmallBold;

pub fn build(show: &crate::study::Show, view: &Viewport) -> Scene {
    let left = if view.width >= 860.0 { 104.0 } else { 76.0 };
    let place = (left, view.width - 20.0);
    let mut canvas = Canvas::new(show, view, Pen { tall: false }, place, STRIP);
    canvas.labels.limits = Bounds::new(4.0, 0.0, view.width - 6.0, f64::MAX);
    let mut figure =
        Wide { canvas, view: *view, place, explained: false, named: false, client_waits: false };
    figure.fold_labels();
    let bottom = figure.runs();
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
    fn runs(&mut self) -> f64 {
        let show = self.canvas.show;
        let mut y = RULER + 2.0;
        let mut placed = Vec::new();
        for (index, run) in show.runs.iter().enumerate() {
            let header = if run.label.is_empty() { y + 4.0 } else { y + 30.0 };
            let story = self.canvas.stories[index];
            placed.push(Placed { done: story.done, connections: story.connections });
            // The sum of the saved time stands beside the second header.
            let ends: Vec<_> = placed.iter().map(|p| (p.done, p.connections)).collect();
            if index > 0 {
                compare::dimension(&mut self.canvas, header - 4.0, &ends, self.place);
            }
            y = match &run.result {
                Ok(timeline) => self.run(index, run, timeline, &story, header),
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
    fn run(
        &mut self,
        index: usize,
        run: &Run,
        timeline: &Timeline,
        story: &Story,
        header: f64,
    ) -> f64 {
        self.header(run, header);
        let top = header + 5.0 + ABOVE + if index > 0 { 7.0 } else { 3.0 };
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
        self.summary(run, story, timeline, &rows, bottom)
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

    /// The name of each connection, left of its first mark, so that it travels with the staircase.
    fn lane_labels(&mut self, timeline: &Timeline, rows: &Rows) {
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
            let long = format!("C{} :{}", connection.id, connection.port);
            let first = connection.id == 1 || row.height() >= 36.0;
            let longs = first.then(|| name(long)).filter(|_| self.place.0 > 100.0 || x > 140.0);
            self.canvas
                .labels
                .place_one_of(longs.into_iter().chain([name(format!("C{}", connection.id))]));
        }
    }

    fn margin_label(&mut self, connection: &Connection, row: Row) {
        let mut put = |x, y, anchor, text: &str| {
            self.canvas.labels.place(Label::new("m", SMALL, (x, y), anchor, text));
        };
        let edge = self.place.0 - 8.0;
        put(edge, row.client + 10.0, Anchor::End, "client");
        put(
            16.0,
            row.middle() + 4.0,
            Anchor::Start,
            &format!("C{} :{}", connection.id, connection.port),
        );
        put(edge, row.server - 3.0, Anchor::End, "server");
    }

    /// Who closes, and what TIME_WAIT is where it comes first.
    fn close_labels(&mut self, timeline: &Timeline, rows: &Rows) {
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
                self.time_wait(close, row.server + 16.0);
            } else if Self::has_bands(rows) {
                self.close_in_band(timeline, connection, close, row);
            } else if *row_index == 0 {
                self.close_beside(connection, close, row);
                return;
            }
        }
    }

    fn close_in_band(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        close: &Close,
        row: Row,
    ) {
        let idle = last_idle(connection, close.by);
        let text = words::close_label(close, idle);
        let x = self.canvas.axis.x_from_time(close.at);
        let y = row.client - 7.0;
        let put = |x, anchor| Label::new("b k-halo", BOLD, (x, y), anchor, &text).from(close.at);
        let right = self.place.1;
        let behind_answer = rides(timeline, connection, close);
        let beside = behind_answer.then(|| {
            let pole = self.canvas.axis.x_from_time(close.known);
            put(pole - 2.0, Anchor::Start)
        });
        let candidates = [
            put(x, Anchor::Middle),
            put((x + width(&text, BOLD) / 2.0).min(right), Anchor::End),
            put(x - 2.0, Anchor::Start),
            put(x + 6.0, Anchor::End),
        ];
        let candidates = beside.into_iter().chain(candidates);
        let fits = candidates.filter(|label| label.bounds.x1 <= right + 8.0);
        self.canvas.labels.place_one_of(fits.collect::<Vec<_>>());
        self.time_wait(close, row.server + 16.0);
    }

    fn time_wait(&mut self, close: &Close, y: f64) {
        let Some(wait) = close.time_wait.filter(|_| !self.explained) else { return };
        let x = self.canvas.axis.x_from_time(wait.span.from);
        if x > self.place.1 - 20.0 {
            return;
        }
        let lasts = wait.span.length();
        let texts = [
            format!(
                "TIME_WAIT: the {} keeps the port for {lasts}, for packets that come late",
                wait.side.as_str()
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
    fn close_beside(&mut self, connection: &Connection, close: &Close, row: Row) {
        let y = row.client - 7.0;
        let in_band = self.canvas.labels.placed.iter().filter(|label| (label.y - y).abs() < 1.0);
        let after = in_band.map(|label| label.bounds.x1 + 12.0).fold(0.0, f64::max);
        let x = (self.canvas.axis.x_from_time(close.done) + 2.0).max(after);
        let who = words::close_label(close, last_idle(connection, close.by));
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

    /// Handshakes and requests by name, on the client's side; statuses below where there is room.
    fn message_labels(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || rows.packed {
            return;
        }
        let bands = Self::has_bands(rows);
        for (connection, row_index) in timeline.connections.iter().zip(&rows.of) {
            if !bands && *row_index > 0 {
                return;
            }
            let row = rows.rows[*row_index];
            if rows.packets {
                self.packet_labels(timeline, connection, row, bands);
                continue;
            }
            if connection.id == 1 {
                self.handshake_labels(connection, row);
            }
            self.request_labels(timeline, connection, row, bands);
        }
    }

    /// TCP and TLS over their blocks; side by side at the seam where the blocks are narrow.
    fn handshake_labels(&mut self, connection: &Connection, row: Row) {
        let x = |at| self.canvas.axis.x_from_time(at);
        let (start, seam, end) =
            (x(connection.tcp.from), x(connection.tcp.to), x(connection.ready()));
        if start < self.place.0 || start > self.place.1 || end - start < 40.0 || self.named {
            return;
        }
        let y = row.client - 7.0;
        let put =
            |x, anchor, text, from| Label::new("m k-halo", SMALL, (x, y), anchor, text).from(from);
        let wide = connection.tls.is_none() || (seam - start).min(end - seam) > 27.0;
        let tcp = if wide {
            put(f64::midpoint(start, seam), Anchor::Middle, "TCP", connection.tcp.from)
        } else {
            put(seam - 2.0, Anchor::End, "TCP", connection.tcp.from)
        };
        self.named = self.canvas.label(tcp);
        if let Some(tls) = connection.tls {
            let tls = if wide {
                put(f64::midpoint(seam, end), Anchor::Middle, "TLS", tls.from)
            } else {
                put(seam + 2.0, Anchor::Start, "TLS", tls.from)
            };
            self.canvas.label(tls);
        }
    }

    fn request_labels(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        row: Row,
        bands: bool,
    ) {
        let y = row.client - 7.0;
        let place = self.place;
        let visible = connection.exchanges.iter().filter_map(|index| {
            let exchange = timeline.exchanges.get(*index as usize)?;
            let from = exchange.request_sent?.from;
            let to = exchange.response_received.map_or(from, |span| span.to);
            let axis = &self.canvas.axis;
            let (x0, x1) = (axis.x_from_time(from), axis.x_from_time(to));
            (x1 >= place.0 && x0 <= place.1).then_some((
                *index,
                exchange,
                from,
                x0.max(place.0),
                x1,
            ))
        });
        let visible: Vec<_> = visible.take(400).collect();
        let long =
            |index: u32, exchange| format!("{} {}", index + 1, words::request_line(exchange));
        // Either every request has its whole name, or the first alone: the others have their numbers.
        let spacious = bands
            && visible.windows(2).all(|pair| {
                let ((index, exchange, ..), (.., x0, _)) = (&pair[0], &pair[1]);
                width(&long(*index, exchange), SMALL) + 8.0 < x0 - pair[0].3
            });
        for (index, exchange, from, x0, x1) in &visible {
            let note = words::request_note(timeline, connection, *index);
            let long = long(*index, exchange);
            let noted = note.map(|note| format!("{long}: {note}"));
            let middle = f64::midpoint(*x0, *x1);
            let put = |x, anchor, text: &str| {
                Label::new("k-halo", SMALL, (x, y), anchor, text).from(*from)
            };
            let mut candidates = Vec::new();
            if *index == 0 || spacious || noted.is_some() {
                for text in noted.iter().chain([&long]) {
                    candidates.push(put(middle, Anchor::Middle, text));
                    candidates.push(put(*x0, Anchor::Start, text));
                    candidates.push(put(*x0 + 6.0, Anchor::Start, text));
                    candidates.push(put(*x0 + 60.0, Anchor::End, text));
                }
            }
            // A long label may not push the number of the next request away.
            let limit = if spacious || !bands { place.1 } else { *x1 + 16.0 };
            candidates.retain(|label| label.bounds.x1 <= limit && label.bounds.x0 >= place.0 - 4.0);
            candidates.push(put(middle, Anchor::Middle, &(index + 1).to_string()));
            self.canvas.labels.place_one_of(candidates);
        }
    }

    /// In the close view every packet has its name, on the edge of who sends it.
    fn packet_labels(
        &mut self,
        timeline: &Timeline,
        connection: &Connection,
        row: Row,
        bands: bool,
    ) {
        let mut list = words::packets(timeline, connection, self.canvas.rtt);
        // Who closes comes first, should two want the same place.
        order::sort(&mut list, |packet| (u64::from(!packet.closes), packet.at.0));
        for packet in list {
            let x = self.canvas.axis.x_from_time(packet.at);
            if x < self.place.0 - 1.0 || x > self.place.1 {
                continue;
            }
            // Below the lane is room only where no other lane is.
            if packet.by == Side::Server && !bands {
                continue;
            }
            let y = if packet.by == Side::Client { row.client - 7.0 } else { row.server + 16.0 };
            let class = if packet.closes { "b k-halo" } else { "k-halo" };
            let kind = if packet.closes { BOLD } else { SMALL };
            let put = |text: &str, x, anchor| {
                Label::new(class, kind, (x, y), anchor, text).from(packet.at)
            };
            // Who closes is told in full, on the other side of its packet if need be.
            let other = packet.closes.then(|| put(&packet.text, x + 12.0, Anchor::End));
            let labels = [Some(put(&packet.text, x - 2.0, Anchor::Start)), other];
            let short = put(&packet.short, x - 2.0, Anchor::Start);
            self.canvas.labels.place_one_of(labels.into_iter().flatten().chain([short]));
        }
    }

    /// What the idle timers say: where the longest begins, what was left when a request came.
    fn idle_labels(&mut self, timeline: &Timeline, rows: &Rows) {
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
                    began = self.timer_start(idle, row, x0);
                }
                self.idle_words(timeline, connection, idle, row, (x0, x1.min(self.place.1)));
            }
        }
    }

    /// A mark where the timer starts: when the last byte is sent, before the client has it.
    fn timer_start(&mut self, idle: &IdleSpan, row: Row, x: f64) -> bool {
        let pen = self.canvas.pen;
        let y = row.server + 16.0;
        let texts = match idle.due {
            Some(due) => {
                let limit = due - idle.span.from;
                [
                    format!("{limit} timer starts: the server’s last byte is sent"),
                    format!("{limit} timer starts"),
                ]
            }
            None => {
                ["from here the server waits, without limit".into(), "waits without limit".into()]
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

    fn idle_words(
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

    /// From a request that was lost to the connection on which it is sent again.
    fn retries(&mut self, timeline: &Timeline, rows: &Rows) {
        if self.canvas.detail == Detail::Density || rows.packed {
            return;
        }
        let row = |id: u32| rows.of.get((id as usize).wrapping_sub(1)).map(|row| rows.rows[*row]);
        for exchange in &timeline.exchanges {
            let (Some(lost), Some(again)) = (exchange.lost, exchange.connection) else { continue };
            let target = timeline.connections.get((again as usize).wrapping_sub(1));
            let (Some(from), Some(to), Some(target)) = (row(lost.connection), row(again), target)
            else {
                continue;
            };
            if lost.connection == again || to.client < from.server {
                continue;
            }
            let x0 = self.canvas.axis.x_from_time(lost.known);
            let x1 = self.canvas.axis.x_from_time(target.opened()).max(x0 + 4.0);
            if x0 < self.place.0 || x1 > self.place.1 {
                continue;
            }
            let (y0, y1) = (from.server + 2.0, to.client - 5.0);
            let pen = self.canvas.pen;
            let bend = (y1 - y0) * 0.6;
            let path =
                pen.path().to(x0, y0).curve((x0, y0 + bend), (x1, y1 - bend), (x1, y1 - 4.0));
            // A request that may not be repeated is a guess.
            let class = if exchange.request.is_idempotent() { "k-retry" } else { "k-guess" };
            self.canvas.front(path.shape(class), target.opened());
            let head =
                pen.path().to(x1, y1 + 3.0).line(x1 - 4.0, y1 - 6.0).line(x1 + 4.0, y1 - 6.0);
            self.canvas.front(head.close().shape("k-dim-f"), target.opened());
            self.canvas.labels.taken.push(Bounds::new(
                x0.min(x1) - 2.0,
                y1 - 8.0,
                x1 + 5.0,
                y1 + 4.0,
            ));
        }
    }

    /// How long nothing was asked, below the lane.
    fn gap(&mut self, connection: &Connection, idle: &IdleSpan, row: Row, x: (f64, f64)) {
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

    /// The sums of a run, where the picture is empty: under the staircase, or below the lanes.
    fn summary(
        &mut self,
        run: &Run,
        story: &Story,
        timeline: &Timeline,
        rows: &Rows,
        bottom: f64,
    ) -> f64 {
        let below = if Self::has_bands(rows) { 8.0 } else { 6.0 };
        if self.view.mode == Mode::Embed && self.canvas.show.runs.len() < 2 {
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

    fn finish(mut self, bottom: f64) -> Scene {
        let height = (bottom + 4.0).max(RULER + 90.0);
        self.ruler(height);
        let plot = Bounds::new(self.place.0 - 4.0, RULER + 1.0, self.place.1 + 10.0, height);
        self.canvas.finish(self.view.width, height, plot)
    }

    /// What each strip leaves out.
    fn fold_labels(&mut self) {
        let folds: Vec<_> = self.canvas.axis.folds().copied().collect();
        for fold in folds {
            let middle = f64::midpoint(fold.place.0, fold.place.1);
            let plus = format!("+{}", words::rough(fold.span.length()));
            self.canvas.label(Label::new("b m", BOLD, (middle, 20.0), Anchor::Middle, &plus));
            self.canvas.label(Label::new("m", SMALL, (middle, 46.0), Anchor::Middle, "left out"));
        }
    }

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

/// The wait that a side's timer ended, if it did.
fn last_idle(connection: &Connection, side: Side) -> Option<&IdleSpan> {
    connection.idle.iter().rev().find(|idle| idle.side == side)
}
