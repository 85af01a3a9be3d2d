//! Where the lanes lie: how high, how far apart, which connection in which row.
use crate::sim::{Timeline, Us};

/// A row across time: from the client's edge to the server's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    pub client: f64,
    pub server: f64,
}

impl Row {
    pub fn height(&self) -> f64 {
        self.server - self.client
    }

    pub fn middle(&self) -> f64 {
        f64::midpoint(self.client, self.server)
    }
}

/// The rows of one run.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Rows {
    pub rows: Vec<Row>,
    /// For each connection its row.
    pub of: Vec<usize>,
    /// Several connections share a row, one after the other.
    pub packed: bool,
    /// Messages are drawn as packets on their way, not as blocks.
    pub packets: bool,
}

/// Up to so many connections each has a lane of its own.
const MOST_LANES: usize = 40;
/// Rows that connections share, at most.
const MOST_ROWS: usize = 24;

/// Heights by number of lanes.
struct Size {
    up_to: usize,
    height: f64,
    /// Between two lanes; what is drawn above and below a lane has its room here.
    gap: f64,
}

/// Room for the labels above a lane and below it.
pub const ABOVE: f64 = 22.0;
pub const BELOW: f64 = 24.0;

/// From so many pixels a round trip messages are packets on their way.
const CLOSE_PX: f64 = 40.0;
/// The same where there are many lanes: these stay blocks until somebody looks closer.
const VERY_CLOSE_PX: f64 = 100.0;
/// A picture of so many lanes shows packets unasked.
const FEW_LANES: usize = 3;

const SIZES: [Size; 4] = [
    Size { up_to: 3, height: 40.0, gap: ABOVE + BELOW },
    Size { up_to: 7, height: 24.0, gap: 7.0 },
    Size { up_to: 20, height: 14.0, gap: 5.0 },
    Size { up_to: usize::MAX, height: 8.0, gap: 3.0 },
];

/// What decides how a run's lanes are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Closeness {
    pub px_per_rtt: f64,
    /// The reader has zoomed in.
    pub zoomed: bool,
    /// Lanes in the whole picture.
    pub lanes: usize,
}

#[expect(clippy::cast_precision_loss, reason = "a number of lanes")]
fn lanes(count: usize) -> f64 {
    count as f64
}

/// Height and gap of the lanes that show packets, if they do.
fn packets(count: usize, close: Closeness) -> Option<(f64, f64)> {
    let few = close.lanes <= FEW_LANES && close.px_per_rtt >= CLOSE_PX;
    let wanted = VERY_CLOSE_PX.min(CLOSE_PX * lanes(count));
    let looked_at = close.zoomed && close.px_per_rtt >= wanted;
    if !(few || looked_at) {
        return None;
    }
    match (close.lanes, count) {
        (1, _) => Some((128.0, ABOVE + BELOW)),
        (2, _) | (_, 1) => Some((96.0, ABOVE + BELOW)),
        (_, 2..=3) => Some((80.0, ABOVE + BELOW)),
        (_, 4..=7) => Some((40.0, 8.0)),
        (_, 8..=20) => Some((36.0, 6.0)),
        _ => None,
    }
}

/// The rows of the wide figure, from `top` down.
pub fn wide(timeline: &Timeline, top: f64, close: Closeness) -> Rows {
    let lanes = timeline.connections.len();
    let packed = lanes > MOST_LANES;
    let (of, count) =
        if packed { pack(timeline, MOST_ROWS) } else { ((0..lanes).collect(), lanes) };
    let size = SIZES.iter().find(|size| count <= size.up_to).unwrap_or(&SIZES[3]);
    let packets = packets(count, close).filter(|_| !packed);
    let (height, gap) = packets.unwrap_or((size.height, size.gap));
    let mut rows = Vec::with_capacity(count);
    let mut y = top;
    for _ in 0..count {
        rows.push(Row { client: y, server: y + height });
        y += height + gap;
    }
    Rows { rows, of, packed, packets: packets.is_some() }
}

/// The columns of the tall figure between `left` and `right`: connections that follow each other
/// share one. Also where the last column ends.
pub fn tall(timeline: &Timeline, left: f64, right: f64, px_per_rtt: f64) -> (Rows, f64) {
    const WIDEST: f64 = 56.0;
    let (of, count) = pack(timeline, 8);
    #[expect(clippy::cast_precision_loss, reason = "at most eight columns")]
    let columns = count.max(1) as f64;
    // What stands beside the columns needs its room too.
    let room = (right - left - 72.0).max((right - left) * 0.4);
    let gap = if count > 3 { 3.0 } else { 6.0 };
    let packets = count == 1 && px_per_rtt >= CLOSE_PX;
    let widest = if packets { 110.0 } else { WIDEST };
    let width = ((room - gap * (columns - 1.0)) / columns).clamp(6.0, widest);
    let mut rows = Vec::with_capacity(count);
    let mut x = left;
    for _ in 0..count {
        rows.push(Row { client: x, server: x + width });
        x += width + gap;
    }
    (Rows { rows, of, packed: true, packets }, x - gap)
}

/// Puts each connection into the first row that is free when it opens. Beyond `most` rows it shares
/// the one that is free first.
fn pack(timeline: &Timeline, most: usize) -> (Vec<usize>, usize) {
    let mut free_at: Vec<Us> = Vec::new();
    let mut of = Vec::with_capacity(timeline.connections.len());
    for connection in &timeline.connections {
        let until = connection.close.as_ref().map_or(Us::NEVER, |close| close.known);
        let free = free_at.iter().position(|at| *at <= connection.opened());
        let row = match free {
            Some(row) => row,
            None if free_at.len() < most => {
                free_at.push(Us::ZERO);
                free_at.len() - 1
            }
            None => {
                let first = free_at.iter().enumerate().min_by_key(|(_, at)| **at);
                first.map_or(0, |(row, _)| row)
            }
        };
        free_at[row] = free_at[row].max(until);
        of.push(row);
    }
    (of, free_at.len())
}
