//! What a run amounts to: when it is done, where its story ends, which stretches of time hold nothing.
use crate::order;
use crate::sim::{Connection, Exchange, Side, Span, Timeline, Us};
use crate::study::{Run, Show};

/// The sums of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Story {
    pub connections: usize,
    pub exchanges: usize,
    /// Round trips spent on TCP and TLS handshakes.
    pub round_trips: u64,
    /// When the last answer is complete at the client. None: there was none.
    pub done: Option<Us>,
    /// Sockets that end in TIME_WAIT on each side.
    pub waiting_client: usize,
    pub waiting_server: usize,
    /// Exchanges without an answer.
    pub unanswered: usize,
    /// When everything worth watching is over; what is left is the waiting of TIME_WAIT.
    pub end: Us,
}

impl Story {
    pub fn of(run: &Run) -> Self {
        let Ok(timeline) = &run.result else { return Self::default() };
        let trips = 1 + run.scenario.network.tls.round_trips();
        let waiting = |side| {
            let waits = timeline.connections.iter().filter_map(|c| c.close.as_ref()?.time_wait);
            waits.filter(|wait| wait.side == side).count()
        };
        Self {
            connections: timeline.connections.len(),
            exchanges: timeline.exchanges.len(),
            round_trips: trips * timeline.connections.len() as u64,
            done: timeline.exchanges.iter().filter_map(answered_at).max(),
            waiting_client: waiting(Side::Client),
            waiting_server: waiting(Side::Server),
            unanswered: timeline.exchanges.iter().filter(|e| answered_at(e).is_none()).count(),
            end: end_of(timeline),
        }
    }
}

/// When the answer is complete at the client.
pub fn answered_at(exchange: &Exchange) -> Option<Us> {
    exchange.response_received.map(|span| span.to)
}

/// The last moment of a connection that is worth watching.
fn last_of(connection: &Connection) -> Us {
    let closed = connection.close.as_ref().map(|close| close.known.max(close.done));
    closed.unwrap_or(connection.ready())
}

fn end_of(timeline: &Timeline) -> Us {
    let connections = timeline.connections.iter().map(last_of);
    let exchanges = timeline.exchanges.iter().filter_map(last_of_exchange);
    let end = connections.chain(exchanges).max().unwrap_or(Us::ZERO);
    // A run that was cut short shows its waiting up to the cut.
    if timeline.cut { end.max(timeline.end) } else { end }
}

fn last_of_exchange(exchange: &Exchange) -> Option<Us> {
    answered_at(exchange)
        .or(exchange.request_received)
        .or(exchange.request_sent.map(|span| span.to))
        .max(exchange.lost.map(|lost| lost.known))
}

/// Where the story of everything that is shown ends.
pub fn end(show: &Show) -> Us {
    let ends = show.timelines().map(end_of);
    ends.max().unwrap_or(Us::ZERO)
}

/// A gap that takes more than this share of the time that is drawn is folded.
const DOMINATES: f64 = 0.6;
/// An exchange that would take less than this share of the picture could not be told from a line.
const LEGIBLE: f64 = 1.0 / 400.0;
/// A gap is worth a strip if it lasts so many times as long as an exchange.
const LONG: u64 = 20;
const MOST_FOLDS: usize = 5;
/// What stays of a gap before and after the fold, in shares of the time that is drawn.
const BEFORE: f64 = 0.11;
const AFTER: f64 = 0.05;

/// The stretches to fold, in order: those in which nothing happens, if one of them takes most of the
/// picture or if what happens would be too small to be seen. Nothing that happens is ever inside a fold.
pub fn folds(show: &Show, end: Us) -> Vec<Span> {
    let mut gaps = gaps(show, end);
    order::sort(&mut gaps, |gap| (!gap.length().0, 0)); // the longest first
    let exchange = usual_exchange(show);
    let long = gaps.iter().filter(|gap| gap.length().0 > exchange.0 * LONG).count();
    let mut drawn = end.0;
    let mut chosen = Vec::new();
    for gap in gaps.into_iter().take(MOST_FOLDS) {
        let length = gap.length().0;
        let tiny =
            long <= MOST_FOLDS && length > exchange.0 * LONG && share(exchange.0, drawn) < LEGIBLE;
        if share(length, drawn) < DOMINATES && !tiny {
            break;
        }
        drawn -= length;
        chosen.push(gap);
    }
    // Beside waits of whole seconds microseconds are no scale: the ruler would count them.
    let drawn = drawn.max(20_000);
    let mut folds: Vec<Span> = chosen
        .into_iter()
        .map(|gap| Span::new(gap.from + part(drawn, BEFORE), gap.to - part(drawn, AFTER)))
        .filter(|fold| fold.to > fold.from + Us(drawn / 5))
        .collect();
    order::sort(&mut folds, |fold| (fold.from.0, 0));
    folds
}

/// How long the first answered exchange takes; without one a handshake.
fn usual_exchange(show: &Show) -> Us {
    let mut timelines = show.timelines();
    let of = |timeline: &Timeline| {
        let took = |e: &Exchange| Some(answered_at(e)? - e.request_sent?.from);
        let answered = timeline.exchanges.iter().find_map(took);
        answered.or_else(|| Some(timeline.connections.first()?.tcp.length()))
    };
    timelines.find_map(of).unwrap_or_default().max(Us(100))
}

/// The stretches between the instants at which something happens, but for the very short ones.
fn gaps(show: &Show, end: Us) -> Vec<Span> {
    let mut busy = Busy::new(end);
    for timeline in show.timelines() {
        for connection in &timeline.connections {
            busy.mark([connection.opened(), connection.tcp.to, connection.ready()]);
            if let Some(close) = &connection.close {
                busy.mark([close.at, close.known, close.done]);
            }
        }
        for exchange in &timeline.exchanges {
            let sent = [exchange.request_sent, exchange.response_sent, exchange.response_received];
            busy.mark(sent.into_iter().flatten().flat_map(|span| [span.from, span.to]));
            busy.mark(exchange.request_received);
            let lost = exchange.lost;
            busy.mark(lost.into_iter().flat_map(|lost| [lost.sent.from, lost.met, lost.known]));
        }
    }
    busy.gaps()
}

/// When something happens, by slices of the story: for each the first and the last instant. Every gap
/// that is longer than a slice is found, without sorting what may be a million instants.
struct Busy {
    slice: u64,
    slices: Vec<Option<(Us, Us)>>,
    end: Us,
}

impl Busy {
    const SLICES: u64 = 4_096;

    fn new(end: Us) -> Self {
        let mut busy = Self {
            slice: end.0 / Self::SLICES + 1,
            slices: vec![None; usize::try_from(Self::SLICES).unwrap_or(1) + 1],
            end,
        };
        busy.mark([Us::ZERO, end]);
        busy
    }

    fn mark(&mut self, instants: impl IntoIterator<Item = Us>) {
        for at in instants.into_iter().filter(|at| *at <= self.end) {
            let slot = usize::try_from(at.0 / self.slice).ok();
            if let Some(slot) = slot.and_then(|slot| self.slices.get_mut(slot)) {
                let (first, last) = slot.unwrap_or((at, at));
                *slot = Some((first.min(at), last.max(at)));
            }
        }
    }

    fn gaps(&self) -> Vec<Span> {
        let mut before = Us::ZERO;
        let mut gaps = Vec::new();
        for (first, last) in self.slices.iter().flatten() {
            if *first > before {
                gaps.push(Span::new(before, *first));
            }
            before = *last;
        }
        gaps
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share of a run of hours")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a run of hours"
)]
fn part(whole: u64, share: f64) -> Us {
    Us((whole as f64 * share) as u64)
}

/// The range that the whole picture shows: the story, and a little more on the right.
pub fn range(end: Us, folds: &[Span]) -> Span {
    if end == Us::ZERO {
        return Span::new(Us::ZERO, Us::from_secs(1));
    }
    let folded: u64 = folds.iter().map(|fold| fold.length().0).sum();
    Span::new(Us::ZERO, end + part(end.0.saturating_sub(folded).max(1_000), 0.055))
}
