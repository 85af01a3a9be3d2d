//! Every sentence about a run: who did what, with the number. No praise, no alarm.
//!
//! Requests are numbered from 1 in the order of the scenario, everywhere; connections from 1 in the
//! order of opening, in a comparison with the letter of their run: `A·C1`.
mod labels;
mod names;
mod table;
mod tip;
mod verdict;
mod waits;

pub use labels::*;
pub use names::*;
pub use table::*;
pub use tip::{Tip, tip};
pub use verdict::{Sign, Verdict, verdict};
pub use waits::waits;

use super::num;
use super::ruler::fixed;
use crate::sim::Us;

/// A no-break space: it stands between a number and its unit.
pub const NBSP: char = '\u{a0}';

/// A moment on the clock: `0.178 s`; without decimals that say nothing from a minute up: `900.3 s`.
#[inline(never)]
pub fn clock(at: Us) -> String {
    let places = if at.0 < 60_000_000 { 3 } else { 1 };
    with_unit(fixed(at.0, 1_000_000, places), "s")
}

/// A moment in seconds with three decimals and no unit, for a column that names it: `0.178`.
#[inline(never)]
pub fn column(at: Us) -> String {
    fixed(at.0, 1_000_000, 3)
}

/// A time for a sentence: `28 ms`, `0.93 s`, `6.1 s`, `15 min`.
#[inline(never)]
pub fn about(length: Us) -> String {
    match length.0 {
        100_000..1_000_000 => with_unit(fixed(length.0, 1_000_000, 2), "s"),
        _ => length.to_string(),
    }
}

/// Bytes, in thousands from 1000 up: `5 bytes`, `12.3 kB`, `1.2 MB`.
#[inline(never)]
pub fn bytes(count: u64) -> String {
    match count {
        1 => with_unit("1".into(), "byte"),
        0..1_000 => with_unit(count.to_string(), "bytes"),
        1_000..1_000_000 => with_unit(crate::time::decimal(count, 1_000, 1), "kB"),
        _ => with_unit(crate::time::decimal(count, 1_000_000, 1), "MB"),
    }
}

/// `1 connection`, `11 connections`.
#[inline(never)]
pub fn count(number: usize, one: &str, many: &str) -> String {
    with_unit(num::grouped(number as u64), if number == 1 { one } else { many })
}

/// A number as a word up to twelve: "one", "eleven"; then in figures.
#[inline(never)]
pub fn spelled(number: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS.get(number).map_or_else(|| num::grouped(number as u64), |word| (*word).to_owned())
}

#[inline(never)]
fn with_unit(mut number: String, unit: &str) -> String {
    number.push(NBSP);
    number.push_str(unit);
    number
}

/// The text with a capital first letter.
#[inline(never)]
pub fn capital(text: &str) -> String {
    // Our own sentences begin with a letter of English; the tables for all others weigh kilobytes.
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
