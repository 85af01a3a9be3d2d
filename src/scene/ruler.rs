//! The ruler: ticks at 1, 2 or 5 of a power of ten, and their words.
use super::axis::Axis;
use crate::sim::Us;
use crate::time::decimal;

/// A mark on the ruler.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: Us,
    /// The pixel along time.
    pub x: f64,
    pub text: String,
}

/// The first step of 1, 2, 5, 10, ... microseconds that takes at least `least_px` on this axis; from a
/// minute up 1, 2, 5, 10, 15, 30 minutes and hours.
#[inline(never)]
pub fn step(axis: &Axis, least_px: f64) -> Us {
    const LONG: [u64; 9] = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 18_000];
    let mut unit = 1_u64;
    while unit <= 10_000_000 {
        for times in [1, 2, 5] {
            let step = Us(unit * times);
            if step.0 < 60_000_000 && axis.px(step) >= least_px {
                return step;
            }
        }
        unit *= 10;
    }
    let long = LONG.into_iter().map(Us::from_secs).find(|step| axis.px(*step) >= least_px);
    long.unwrap_or(Us::from_secs(36_000))
}

/// Every tick outside the folds.
pub fn ticks(axis: &Axis, least_px: f64) -> Vec<Tick> {
    let step = step(axis, least_px);
    let range = axis.range();
    let mut ticks = Vec::new();
    for piece in axis.pieces().iter().filter(|piece| !piece.folded) {
        let mut at = Us(piece.span.from.0.div_ceil(step.0) * step.0);
        // Beside a strip a label would hang over its edge.
        let clear = |x: f64| {
            (piece.span.from == range.from || x - piece.place.0 > least_px * 0.3)
                && (piece.span.to == range.to || piece.place.1 - x > least_px * 0.3)
        };
        while at <= piece.span.to {
            let x = axis.x_from_time(at);
            if clear(x) {
                ticks.push(Tick { at, x, text: words(at, step) });
            }
            at += step;
        }
    }
    ticks
}

/// A moment with as many decimals as the step needs: `0.2 s`, `5.006 s`, `2 ms`, `4 min`.
#[inline(never)]
pub fn words(at: Us, step: Us) -> String {
    const NBSP: char = '\u{a0}';
    let (unit, name) = match (at.0, step.0) {
        (0, _) => return format!("0{NBSP}s"),
        // Tenths of an hour at the finest: 20 min is no decimal number of hours.
        (7_200_000_000.., 360_000_000..) if step.0.is_multiple_of(360_000_000) => {
            (3_600_000_000, "h")
        }
        (_, 60_000_000..) => (60_000_000, "min"),
        (..1_000_000, ..10_000) => (1_000, "ms"),
        _ => (1_000_000, "s"),
    };
    let mut places = 0;
    let mut rest = unit;
    while !step.0.is_multiple_of(rest) && rest > 1 {
        rest = (rest / 10).max(1);
        places += 1;
    }
    let mut text = fixed(at.0, unit, places);
    text.push(NBSP);
    text.push_str(name);
    text
}

/// `value / unit` with exactly so many decimals (at most 6).
#[inline(never)]
pub fn fixed(value: u64, unit: u64, places: u32) -> String {
    let mut text = decimal(value, unit, places);
    if places > 0 {
        let have = text.find('.').map_or(0, |dot| text.len() - dot - 1);
        if have == 0 {
            text.push('.');
        }
        for _ in have..places as usize {
            text.push('0');
        }
    }
    text
}
