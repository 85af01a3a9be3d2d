//! Values that a slider steps through: round ones, denser where they are small.
use crate::profile::{Config, Kind, Setting, config, setting::TimeUnit};
use crate::study::text::{write_bandwidth, write_time};
use crate::time::Us;

/// Milliseconds, for round trips.
const RTT_MS: [u64; 17] = [0, 1, 2, 5, 10, 20, 30, 40, 50, 60, 80, 100, 150, 200, 300, 500, 1000];
const BANDWIDTH_KBIT: [u64; 13] =
    [14, 56, 128, 512, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 1_000_000, 0];
const TIMES_MS: [u64; 26] = [
    0, 100, 200, 500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 20_000,
    30_000, 45_000, 60_000, 75_000, 90_000, 120_000, 180_000, 300_000, 600_000, 900_000, 3_600_000,
    86_400_000,
];
const NUMBERS: [i64; 16] = [0, 1, 2, 3, 4, 5, 6, 10, 15, 20, 50, 100, 200, 500, 1_000, 10_000];

pub fn rtt() -> Vec<String> {
    RTT_MS.iter().map(|ms| write_time(Us::from_ms(*ms))).collect()
}

pub fn bandwidth() -> Vec<String> {
    let value = |kbit: &u64| (*kbit > 0).then_some(kbit * 1_000);
    BANDWIDTH_KBIT.iter().map(|kbit| write_bandwidth(value(kbit))).collect()
}

/// The steps of a setting, each written as the product reads it. Empty: it is no number.
pub fn of(setting: &Setting) -> Vec<String> {
    let steps: Vec<String> = match &setting.kind {
        Kind::Number { .. } => NUMBERS.iter().map(ToString::to_string).collect(),
        Kind::Time { unit, suffixes, .. } => {
            TIMES_MS.iter().filter_map(|ms| write(*unit, suffixes, *ms)).collect()
        }
        _ => return Vec::new(),
    };
    steps.into_iter().filter(|step| config::check(setting, step).is_ok()).collect()
}

fn write(unit: TimeUnit, suffixes: &[(&str, u64)], ms: u64) -> Option<String> {
    if (ms * 1_000).is_multiple_of(unit.us()) {
        return Some((ms * 1_000 / unit.us()).to_string());
    }
    suffixes.iter().any(|(name, _)| *name == "ms").then(|| format!("{ms}ms"))
}

/// The step nearest below a value, compared as what it means.
pub fn now(config: &Config, setting: &'static Setting, steps: &[String]) -> usize {
    let value = |text: &str| match &setting.kind {
        Kind::Time { .. } => config::parse_time(setting, text).map_or(0, |us| us.0),
        _ => text.trim().parse::<u64>().unwrap_or(0),
    };
    below(steps, value(config.text(setting.name)), value)
}

/// The last step that is not greater.
pub fn below(steps: &[String], now: u64, value: impl Fn(&str) -> u64) -> usize {
    steps.iter().rposition(|step| value(step) <= now).unwrap_or(0)
}
