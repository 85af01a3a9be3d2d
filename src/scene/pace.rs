//! How fast a run is played: simulated time to real time.
use super::Scene;
use crate::sim::Us;

/// A speed as a ratio to real time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub simulated: u32,
    pub real: u32,
}

impl Rate {
    /// Simulated seconds in a second.
    pub fn per_second(self) -> f64 {
        f64::from(self.simulated) / f64::from(self.real)
    }

    /// `1/4×`, `20×`
    pub fn label(self) -> String {
        match self.real {
            1 => format!("{}×", self.simulated),
            real => format!("{}/{real}×", self.simulated),
        }
    }
}

const fn rate(simulated: u32, real: u32) -> Rate {
    Rate { simulated, real }
}

/// Every speed, slowest first.
pub const RATES: [Rate; 9] = [
    rate(1, 1_000),
    rate(1, 100),
    rate(1, 10),
    rate(1, 4),
    rate(1, 1),
    rate(4, 1),
    rate(20, 1),
    rate(100, 1),
    rate(1_000, 1),
];

/// So many speeds are offered at a time.
const OFFERED: usize = 5;
/// On the screen a round trip should take about this.
const ROUND_TRIP_S: f64 = 0.3;
/// And the whole story no longer than this.
const LONGEST_S: f64 = 40.0;

/// The speed, as an index of [`RATES`], at which a round trip can be followed and the story does not drag.
pub fn usual(scene: &Scene) -> usize {
    let drawn: f64 = scene
        .whole
        .pieces()
        .iter()
        .filter(|piece| !piece.folded)
        .map(|piece| piece.span.to.min(scene.end) - piece.span.from)
        .map(Us::as_secs)
        .sum();
    let wanted =
        if scene.rtt > Us::ZERO { scene.rtt.as_secs() / ROUND_TRIP_S } else { drawn / 12.0 };
    let wanted = wanted.max(drawn / LONGEST_S);
    let away = |rate: &Rate| (rate.per_second() / wanted.max(1e-9)).ln().abs();
    let best = RATES.iter().enumerate().min_by(|a, b| away(a.1).total_cmp(&away(b.1)));
    best.map_or(4, |(index, _)| index)
}

/// The speeds offered around the usual one: it stands second.
pub fn offered(usual: usize) -> std::ops::Range<usize> {
    let from = usual.saturating_sub(1).min(RATES.len() - OFFERED);
    from..from + OFFERED
}
