//! A run with many exchanges in one line.
use super::about;
use crate::study::stats::Stats;
use crate::time::decimal;

/// How long was waited, and how many connections were open. None: nothing was answered.
pub fn waits(stats: &Stats) -> Option<String> {
    let wait = stats.latency?;
    let [mean, p50, p95, p99] = [wait.mean, wait.p50, wait.p95, wait.p99].map(about);
    let [open, little, opened] =
        [stats.open.mean, stats.little(), stats.opened_per_second()].map(two_places);
    let lives = about(stats.lifetime);
    Some(format!(
        "Waits: mean {mean}, p50 {p50}, p95 {p95}, p99 {p99}. Open connections: mean {open}; by Little's law {opened} opened per second × {lives} each = {little}."
    ))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count: not negative, and a cast beyond the range stops at its end"
)]
fn two_places(value: f64) -> String {
    decimal((value * 100.0).round() as u64, 100, 2)
}
