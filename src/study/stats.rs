//! What a run comes to in numbers: how many connections were open, how many workers they held, how
//! long people waited. Counts are means over time, not over events; sums are whole microseconds, so
//! that they are the same everywhere. O(n log n) in connections and exchanges.
use crate::order;
use crate::sim::{Connection, Exchange, Outcome, Side, Span, Timeline, Us};

/// A count over a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Level {
    /// Weighted by time.
    pub mean: f64,
    pub peak: u32,
}

/// How long the clients waited: from the wish to send to the last byte of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Latency {
    pub mean: Us,
    pub p50: Us,
    pub p95: Us,
    pub p99: Us,
    pub max: Us,
}

/// What became of the exchanges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Outcomes {
    /// At the first try.
    pub answered: u32,
    pub retried: u32,
    pub failed: u32,
    pub unanswered: u32,
}

/// The numbers of one hop over a stretch of time.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Stats {
    pub over: Span,
    pub outcomes: Outcomes,
    /// None if nothing was answered.
    pub latency: Option<Latency>,
    /// Open connections, from the client's SYN to the first FIN or RST.
    pub open: Level,
    /// Workers held if each connection holds one from the moment it is taken, idle or not.
    pub held_by_connection: Level,
    /// Workers held if a request holds one from its arrival to the last byte of the answer.
    pub held_by_request: Level,
    /// Sockets in TIME_WAIT with the client and with the server.
    pub time_wait: [Level; 2],
    /// Ports towards the server that are open or in TIME_WAIT: mean over all clients together, peak
    /// of the client that had the most.
    pub ports: Level,
    /// Connections opened, and closed by either side.
    pub opened: u32,
    pub closed: u32,
    /// Of the requests that were sent, the share that went on a connection which had carried one before.
    pub reused: f64,
    /// From a connection's SYN to its end: mean over those that were opened.
    pub lifetime: Us,
}

impl Stats {
    /// Of the whole run. Hop 0 is the only one, or the one between clients and proxy.
    pub fn of(timeline: &Timeline, hop: u8) -> Self {
        Self::between(timeline, hop, Span::new(Us::ZERO, timeline.end))
    }

    /// Of a part of the run: exchanges count where they were wanted, connections where they were opened.
    pub fn between(timeline: &Timeline, hop: u8, over: Span) -> Self {
        let connections: Vec<&Connection> =
            timeline.connections.iter().filter(|connection| connection.hop == hop).collect();
        let exchanges = timeline.of_hop(hop);
        let level = |span: fn(&Connection, Us) -> Option<Span>| {
            let spans = connections.iter().filter_map(|connection| span(connection, timeline.end));
            level(spans, over)
        };
        let mut stats = Self {
            over,
            open: level(|connection, end| Some(open(connection, end))),
            held_by_connection: level(held),
            held_by_request: self::level(
                exchanges.iter().filter_map(|it| worked(it, timeline.end)),
                over,
            ),
            time_wait: [
                level(|connection, _| waits(connection, Side::Client)),
                level(|connection, _| waits(connection, Side::Server)),
            ],
            ports: ports(&connections, timeline.end, over),
            ..Self::default()
        };
        stats.count_exchanges(exchanges);
        stats.count_connections(&connections, timeline);
        stats
    }

    fn count_exchanges(&mut self, exchanges: &[Exchange]) {
        let mut waited = Vec::new();
        for exchange in exchanges.iter().filter(|it| counts(it, self.over)) {
            let outcomes = &mut self.outcomes;
            let count = match exchange.outcome {
                Outcome::Answered => &mut outcomes.answered,
                Outcome::Retried => &mut outcomes.retried,
                Outcome::Failed => &mut outcomes.failed,
                Outcome::Unanswered => &mut outcomes.unanswered,
            };
            *count += 1;
            let answered = matches!(exchange.outcome, Outcome::Answered | Outcome::Retried);
            if let (true, Some(wanted), Some(received)) =
                (answered, exchange.wanted, exchange.response_received)
            {
                waited.push(received.to - wanted);
            }
        }
        self.latency = Latency::of(waited);
    }

    fn count_connections(&mut self, connections: &[&Connection], timeline: &Timeline) {
        let (mut sent, mut again) = (0_u64, 0_u64);
        let mut lived = 0_u128;
        for connection in connections {
            let span = open(connection, timeline.end);
            if within(span.from, self.over) {
                self.opened += 1;
                lived += u128::from(span.length().0);
            }
            let close = connection.close.as_ref();
            self.closed += u32::from(close.is_some_and(|close| within(close.at, self.over)));
            let counted = |index: &&u32| {
                timeline.on(connection, **index).is_some_and(|it| counts(it, self.over))
            };
            sent += connection.exchanges.iter().filter(counted).count() as u64;
            again += connection.exchanges.iter().skip(1).filter(counted).count() as u64;
        }
        self.reused = share(again, sent);
        self.lifetime = mean(lived, u64::from(self.opened));
    }

    /// Connections opened per second.
    pub fn opened_per_second(&self) -> f64 {
        per_second(self.opened, self.over)
    }

    /// Connections closed per second.
    pub fn closed_per_second(&self) -> f64 {
        per_second(self.closed, self.over)
    }

    /// By Little's law: as many connections are open in the mean as are opened per second, times how
    /// long each one lives. Near [`Stats::open`] if the stretch is long against a lifetime.
    pub fn little(&self) -> f64 {
        self.opened_per_second() * self.lifetime.as_secs()
    }
}

impl Outcomes {
    /// All exchanges that were wanted.
    pub const fn all(self) -> u32 {
        self.answered + self.retried + self.failed + self.unanswered
    }
}

impl Latency {
    /// None of nothing.
    pub fn of(mut waited: Vec<Us>) -> Option<Self> {
        sort(&mut waited);
        let max = *waited.last()?;
        let sum = waited.iter().map(|wait| u128::from(wait.0)).sum();
        let rank = |percent| percentile(&waited, percent).unwrap_or(max);
        let mean = mean(sum, waited.len() as u64);
        Some(Self { mean, p50: rank(50), p95: rank(95), p99: rank(99), max })
    }
}

/// The smallest of the sorted values that is not exceeded by so many percent of them (nearest rank).
pub fn percentile(sorted: &[Us], percent: usize) -> Option<Us> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The times without a request under way: for each client, from the moment everything it asked for
/// had come to its next wish. In order of clients, then of time.
pub fn gaps(timeline: &Timeline, hop: u8) -> Vec<Us> {
    let mut wishes: Vec<(u64, Us, Option<Us>)> = timeline
        .of_hop(hop)
        .iter()
        .filter_map(|it| {
            let over = it.response_received.map(|received| received.to);
            Some((u64::from(it.client), it.wanted?, over.or(it.lost.map(|lost| lost.known))))
        })
        .collect();
    order::sort(&mut wishes, |(client, wanted, _)| (*client, wanted.0));
    let mut gaps = Vec::new();
    let mut before: Option<(u64, Us)> = None;
    for (client, wanted, over) in wishes {
        let same = before.filter(|(of, _)| *of == client);
        if let Some((_, free)) = same
            && wanted >= free
        {
            gaps.push(wanted - free);
        }
        let free = same.map_or(Us::ZERO, |(_, free)| free);
        before = Some((client, over.unwrap_or(Us::NEVER).max(free)));
    }
    gaps
}

/// Upper edges of [`histogram`], the last one open.
pub const EDGES: [Us; 13] = [
    Us::from_ms(10),
    Us::from_ms(100),
    Us::from_ms(500),
    Us::from_secs(1),
    Us::from_secs(2),
    Us::from_secs(5),
    Us::from_secs(10),
    Us::from_secs(15),
    Us::from_secs(30),
    Us::from_secs(60),
    Us::from_secs(120),
    Us::from_secs(300),
    Us::from_secs(900),
];

/// How many of the values are below each edge and not below the one before; the last count is of
/// what is beyond them all.
pub fn histogram(values: &[Us]) -> [u32; EDGES.len() + 1] {
    let mut counts = [0; EDGES.len() + 1];
    for value in values {
        counts[EDGES.partition_point(|edge| edge <= value)] += 1;
    }
    counts
}

/// A count after each of its changes, in order of time: so many from that moment on.
pub fn steps(spans: impl Iterator<Item = Span>) -> Vec<(Us, u32)> {
    let mut steps: Vec<(Us, u32)> = Vec::new();
    let mut now = 0_u32;
    for (at, begins) in changes(spans) {
        now = if begins { now + 1 } else { now.saturating_sub(1) };
        match steps.last_mut() {
            Some((last, count)) if *last == at => *count = now,
            _ => steps.push((at, now)),
        }
    }
    steps
}

/// Mean and peak of how many spans there are at a time.
pub fn level(spans: impl Iterator<Item = Span>, over: Span) -> Level {
    let clipped: Vec<Span> = spans.filter_map(|span| clip(span, over)).collect();
    let sum: u128 = clipped.iter().map(|span| u128::from(span.length().0)).sum();
    let peak = steps(clipped.into_iter()).iter().map(|(_, count)| *count).max().unwrap_or(0);
    Level { mean: ratio(sum, u128::from(over.length().0)), peak }
}

/// A connection as [`Stats::open`] counts it; `end`: that of the run.
pub fn open(connection: &Connection, end: Us) -> Span {
    let to = connection.close.as_ref().map_or(end, |close| close.at.min(end));
    Span::new(connection.opened(), to.max(connection.opened()))
}

/// A worker as [`Stats::held_by_connection`] counts it: until the server has closed or heard of the close.
pub fn held(connection: &Connection, end: Us) -> Option<Span> {
    let from = connection.admitted.filter(|from| *from <= end)?;
    let over = connection.close.as_ref().map_or(end, |close| match close.by {
        Side::Server => close.at,
        Side::Client => close.known,
    });
    Some(Span::new(from, over.min(end).max(from)))
}

/// A worker as [`Stats::held_by_request`] counts it.
pub fn worked(exchange: &Exchange, end: Us) -> Option<Span> {
    let work = exchange.work?;
    let to = exchange.response_sent.map_or(work.to, |sent| sent.to).min(end);
    (work.from <= end).then(|| Span::new(work.from, to.max(work.from)))
}

/// TIME_WAIT of a connection on one side.
pub fn waits(connection: &Connection, side: Side) -> Option<Span> {
    let wait = connection.close.as_ref()?.time_wait?;
    (wait.side == side).then_some(wait.span)
}

/// A client's port, from SYN to the end of TIME_WAIT if it is the client's.
pub fn port(connection: &Connection, end: Us) -> Span {
    let open = open(connection, end);
    let free = waits(connection, Side::Client).map_or(open.to, |wait| wait.to);
    Span::new(open.from, free.max(open.to))
}

fn ports(connections: &[&Connection], end: Us, over: Span) -> Level {
    let mut all = connections.to_vec();
    order::sort(&mut all, |connection| (u64::from(connection.client), 0));
    let mut sum = Level::default();
    for one in all.chunk_by(|before, next| before.client == next.client) {
        let own = level(one.iter().map(|connection| port(connection, end)), over);
        sum.mean += own.mean;
        sum.peak = sum.peak.max(own.peak);
    }
    sum
}

/// Beginnings (true) and ends, in order of time; at one moment, ends first.
fn changes(spans: impl Iterator<Item = Span>) -> Vec<(Us, bool)> {
    let mut changes: Vec<(Us, bool)> = Vec::new();
    for span in spans.filter(|span| span.from < span.to) {
        changes.push((span.from, true));
        changes.push((span.to, false));
    }
    order::sort(&mut changes, |(at, begins)| (at.0, u64::from(*begins)));
    changes
}

fn clip(span: Span, over: Span) -> Option<Span> {
    let clipped = Span::new(span.from.max(over.from), span.to.min(over.to));
    (clipped.from < clipped.to).then_some(clipped)
}

/// Is it in the stretch? The last instant of a run belongs to it.
fn within(at: Us, over: Span) -> bool {
    over.from <= at && at <= over.to
}

fn counts(exchange: &Exchange, over: Span) -> bool {
    exchange.wanted.is_some_and(|wanted| within(wanted, over))
}

fn sort(list: &mut [Us]) {
    order::sort(list, |time| (time.0, 0));
}

fn mean(sum: u128, count: u64) -> Us {
    let mean = (sum + u128::from(count) / 2).checked_div(u128::from(count)).unwrap_or(0);
    Us(u64::try_from(mean).unwrap_or(u64::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "sums of run times: the ratio is for people")]
fn ratio(part: u128, whole: u128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

fn share(part: u64, whole: u64) -> f64 {
    ratio(u128::from(part), u128::from(whole))
}

fn per_second(count: u32, over: Span) -> f64 {
    ratio(u128::from(count) * 1_000_000, u128::from(over.length().0))
}
