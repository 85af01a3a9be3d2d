//! What the wide and the tall figure have in common: where shapes and labels are put.
use super::axis::Axis;
use super::density::Columns;
use super::marks::{Artist, Lane, MarkKind};
use super::plan::{Row, Rows};
use super::shape::{Pen, Shape};
use super::story::Story;
use super::text::{Label, Labels};
use super::words;
use super::{Bounds, Countdown, Flight, Fold, Front, Group, Meter, Scene, Tick, Viewport, story};
use crate::order;
use crate::sim::{CloseHow, Connection, IdleSpan, Side, Span, Timeline, Us};
use crate::study::{Run, Show};

/// A figure under construction.
pub struct Canvas<'a> {
    pub show: &'a Show,
    pub pen: Pen,
    pub axis: Axis,
    /// Without zoom.
    pub whole: Axis,
    /// Where the story ends.
    pub end: Us,
    pub labels: Labels,
    pub ticks: Vec<Tick>,
    pub back: Vec<Shape>,
    pub folds: Vec<Fold>,
    pub groups: Vec<Group>,
    pub front: Vec<Front>,
    pub countdowns: Vec<Countdown>,
    pub meters: Vec<Meter>,
    pub flights: Vec<Flight>,
    pub detail: Detail,
    pub rtt: Us,
    /// The sums of each run.
    pub stories: Vec<Story>,
}

/// Idle waits of a connection that are looked at.
const MOST_WAITS: usize = 64;

/// How much of each connection is drawn. A picture holds 800 nodes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Blocks with their symbols.
    Full,
    /// Blocks alone.
    Plain,
    /// Rows as a whole.
    Density,
}

impl Detail {
    /// Chosen by what is in view.
    #[inline(never)]
    fn of(show: &Show, range: Span) -> Self {
        let (mut connections, mut exchanges) = (0, 0);
        for timeline in show.runs.iter().filter_map(|run| run.result.as_ref().ok()) {
            let seen = |from: Us, to: Us| from <= range.to && range.from <= to;
            let alive = timeline.connections.iter().filter(|connection| {
                let close = connection.close.as_ref();
                seen(connection.opened(), close.map_or(Us::NEVER, |close| close.done))
            });
            connections += alive.count();
            let asked = timeline.exchanges.iter().filter(|exchange| {
                let from = exchange.request_sent.map_or(Us::NEVER, |span| span.from);
                seen(from, exchange.response_received.map_or(from, |span| span.to))
            });
            exchanges += asked.count();
        }
        match (connections * 15 + exchanges * 8, connections * 10 + exchanges * 8) {
            (..=620, _) => Self::Full,
            (_, ..=620) => Self::Plain,
            _ => Self::Density,
        }
    }
}

impl<'a> Canvas<'a> {
    /// An empty canvas whose axis runs over `place`. `strip`: the width of a fold.
    #[inline(never)]
    pub fn new(
        show: &'a Show,
        view: &Viewport,
        pen: Pen,
        (place, strip): ((f64, f64), f64),
        least: Detail,
    ) -> Self {
        let end = story::end(show);
        let to = end.max(view.at_least);
        let folds = if view.folded { story::folds(show, to) } else { Vec::new() };
        let whole = story::range(to, &folds);
        let whole = Axis::new(whole, &folds, place, strip);
        let axis = view
            .range
            .map_or_else(|| whole.clone(), |range| Axis::new(range, &folds, place, strip));
        let rtt = show.runs.iter().map(|run| run.scenario.network.rtt).max().unwrap_or(Us::ZERO);
        Self {
            show,
            pen,
            detail: Detail::of(show, axis.range()).max(least),
            axis,
            whole,
            end,
            labels: Labels::default(),
            ticks: Vec::new(),
            back: Vec::new(),
            folds: Vec::new(),
            groups: Vec::new(),
            front: Vec::new(),
            countdowns: Vec::new(),
            meters: Vec::new(),
            flights: Vec::new(),
            rtt,
            stories: show.runs.iter().map(Story::of).collect(),
        }
    }

    pub fn px_per_rtt(&self, run: &Run) -> f64 {
        self.axis.px(run.scenario.network.rtt)
    }

    /// Draws the connections of a run into its rows.
    #[inline(never)]
    pub fn lanes(&mut self, index: usize, run: &Run, timeline: &Timeline, rows: &Rows) {
        let artist = Artist {
            pen: self.pen,
            axis: &self.axis,
            timeline,
            run: index,
            glyphs: self.detail == Detail::Full,
            packets: rows.packets && self.detail == Detail::Full,
            shared: rows.packed,
            rtt: run.scenario.network.rtt,
        };
        let lanes = if self.detail == Detail::Density {
            far_away(&artist, timeline, rows)
        } else {
            let near = timeline.connections.iter().zip(&rows.of).filter(|(connection, _)| {
                let until = connection.close.as_ref().map_or(Us::NEVER, |close| {
                    // TIME_WAIT is drawn only where the row is not used again.
                    let wait = close.time_wait.filter(|_| !rows.packed);
                    wait.map_or(close.done, |wait| wait.span.to)
                });
                artist.sees(connection.opened(), until)
            });
            near.map(|(connection, row)| artist.lane(connection, rows.rows[*row])).collect()
        };
        if self.detail != Detail::Density {
            let latency = run.scenario.network.rtt.half();
            for (connection, row) in timeline.connections.iter().zip(&rows.of) {
                flights(timeline, connection, rows.rows[*row], latency, &mut self.flights);
            }
            let range = self.axis.range();
            self.flights
                .retain(|flight| flight.span.from <= range.to && range.from <= flight.span.to);
            order::sort(&mut self.flights, |flight| (flight.span.from.0, 0));
        }
        self.groups.push(Group {
            run: index,
            name: words::run_name(run, &self.stories[index]),
            lanes,
        });
    }

    /// The numbers that count down in the lanes of a run. Where client and server both wait, the
    /// one that gives up first is told.
    #[inline(never)]
    pub fn countdowns(&mut self, timeline: &Timeline, rows: &Rows, across: impl Fn(&Row) -> f64) {
        if self.detail == Detail::Density {
            return;
        }
        let range = self.axis.range();
        for (connection, row) in timeline.connections.iter().zip(&rows.of) {
            let across = across(&rows.rows[*row]);
            let seen = connection.idle.iter().filter(|idle| {
                let in_view = idle.span.from <= range.to && range.from <= idle.span.to;
                in_view && self.axis.px(idle.span.length()) > 24.0
            });
            // More than that are never seen at once.
            let seen: Vec<&IdleSpan> = seen.take(MOST_WAITS).collect();
            for (idle, due) in seen.iter().filter_map(|idle| Some((*idle, idle.due?))) {
                let sooner = |other: &&&IdleSpan| {
                    let meet = other.span.from < idle.span.to && idle.span.from < other.span.to;
                    other.side != idle.side && meet && other.due.is_some_and(|other| other < due)
                };
                if !seen.iter().any(|other| sooner(&other)) {
                    let (side, span) = (idle.side, idle.span);
                    self.countdowns.push(Countdown { side, span, due, across });
                }
            }
        }
    }

    #[inline(never)]
    pub fn front(&mut self, shape: Shape, from: Us) {
        self.front.push(Front { shape, from: Some(from) });
    }

    #[inline(never)]
    pub fn label(&mut self, label: Label) -> bool {
        self.labels.place(label)
    }

    #[inline(never)]
    pub fn finish(self, width: f64, height: f64, plot: Bounds) -> Scene {
        let mut legend: Vec<MarkKind> = MarkKind::ALL.to_vec();
        let kinds = super::legend::kinds(self.show, self.axis.range());
        legend.retain(|kind| kinds.contains(kind));
        Scene {
            pen: self.pen,
            width,
            height,
            axis: self.axis,
            whole: self.whole,
            plot,
            ticks: self.ticks,
            back: self.back,
            folds: self.folds,
            groups: self.groups,
            front: self.front,
            labels: self.labels.placed,
            countdowns: self.countdowns,
            meters: self.meters,
            flights: self.flights,
            legend,
            end: self.end,
            rtt: self.rtt,
        }
    }
}

/// Each row as a whole.
fn far_away(artist: &Artist<'_>, timeline: &Timeline, rows: &Rows) -> Vec<Lane> {
    let mut columns: Vec<(Columns<'_>, usize, u32)> =
        rows.rows.iter().map(|row| (Columns::new(artist, *row), 0, 0)).collect();
    for (connection, row) in timeline.connections.iter().zip(&rows.of) {
        let (columns, count, id) = &mut columns[*row];
        columns.add(connection);
        *count += connection.exchanges.len();
        *id = connection.id;
    }
    let lanes = columns.into_iter().zip(&rows.rows).map(|((columns, exchanges, id), row)| Lane {
        run: artist.run,
        connection: if rows.packed { 0 } else { id },
        name: words::row_name(if rows.packed { 0 } else { id }, exchanges),
        ground: columns.shapes(),
        marks: Vec::new(),
        bounds: artist.pen.bounds(artist.axis.place(), (row.client, row.server)),
    });
    lanes.collect()
}

/// The messages of a connection that can be seen on their way.
fn flights(
    timeline: &Timeline,
    connection: &Connection,
    row: Row,
    latency: Us,
    list: &mut Vec<Flight>,
) {
    if latency == Us::ZERO {
        return;
    }
    let mut put = |from: Us, down: bool, class| {
        let across = if down { (row.client, row.server) } else { (row.server, row.client) };
        list.push(Flight { span: Span::new(from, from + latency), across, class });
    };
    let handshakes = [(Some(connection.tcp), "p-tcp"), (connection.tls, "p-tls")];
    for (span, class) in handshakes.into_iter().filter_map(|(span, class)| Some((span?, class))) {
        let mut at = span.from;
        let mut down = true;
        while at < span.to {
            put(at, down, class);
            at += latency;
            down = !down;
        }
    }
    for exchange in connection.exchanges.iter().filter_map(|i| timeline.exchanges.get(*i as usize))
    {
        if let Some(lost) = exchange.lost.filter(|lost| lost.connection == connection.id) {
            put(lost.sent.from, true, "p-req");
            put(lost.met, false, "p-fault");
        }
        if exchange.connection == Some(connection.id) {
            if let Some(sent) = exchange.request_sent {
                put(sent.from, true, "p-req");
            }
            if let Some(sent) = exchange.response_sent {
                put(sent.from, false, "p-resp");
            }
        }
    }
    if let Some(close) = &connection.close {
        let fin = close.how == CloseHow::Fin;
        put(close.at, close.by == Side::Client, if fin { "p-fin" } else { "p-fault" });
        if fin {
            put(close.known, close.by != Side::Client, "p-fin");
        }
    }
}
