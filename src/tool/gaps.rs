//! The times between an answer and the next request of the same client: a list, or a distribution.
use super::words;
use crate::sim::Us;

/// Gaps, as typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Gaps {
    /// Each length and how often it stands there, rising.
    List(Vec<(Us, u32)>),
    /// So large a share is shorter than each of these lengths, rising, from a share of 0 to 1. Between
    /// two of them every length is equally likely.
    Curve(Vec<(Us, f64)>),
    /// At random with this mean, as between independent visitors.
    Exponential(Us),
}

/// What can be typed, for messages.
pub const SYNTAX: &str = "times such as 0.5s x 3, 2s, 90s; shares such as 25% < 1s, 99% < 90s, 100% < 10min; exponential 20s; or uniform 1s to 30s";
/// Entries of a list or curve.
const MOST: usize = 1_000;
/// No gap is longer: a day.
const LONGEST: Us = Us::from_secs(24 * 3600);

impl Gaps {
    /// Reads gaps; a bare number means seconds.
    ///
    /// # Errors
    /// Says which part is not understood.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let word = text.split_whitespace().next().unwrap_or_default();
        let rest = text.get(word.len()..).unwrap_or_default();
        match word.to_ascii_lowercase().as_str() {
            "" => Err(format!("nothing stands there: {SYNTAX}")),
            "exponential" | "exp" => match time(rest)? {
                Us::ZERO => Err("a mean of 0 is no distribution".into()),
                mean => Ok(Self::Exponential(mean)),
            },
            "uniform" => uniform(rest),
            _ if text.contains('%') => curve(text),
            _ => list(text),
        }
    }

    /// The share of gaps that are at least `from` and shorter than `to`.
    pub fn between(&self, from: Us, to: Us) -> f64 {
        if from < to { self.below(to) - self.below(from) } else { 0.0 }
    }

    /// The share of gaps that are shorter.
    pub fn below(&self, limit: Us) -> f64 {
        match self {
            Self::List(list) => {
                let count =
                    |list: &[(Us, u32)]| list.iter().map(|(_, n)| f64::from(*n)).sum::<f64>();
                let shorter = list.partition_point(|(gap, _)| *gap < limit);
                count(&list[..shorter]) / count(list).max(1.0)
            }
            Self::Curve(points) => {
                let next = points.partition_point(|(gap, _)| *gap < limit);
                match (next.checked_sub(1).and_then(|at| points.get(at)), points.get(next)) {
                    (None, _) => 0.0,
                    (Some((_, share)), None) => *share,
                    (Some((from, low)), Some((to, high))) => {
                        let part = (limit - *from).as_secs() / (*to - *from).as_secs();
                        low + (high - low) * part
                    }
                }
            }
            Self::Exponential(mean) => -(-limit.as_secs() / mean.as_secs()).exp_m1(),
        }
    }

    /// How long, in seconds, the gaps are in the mean if none is counted beyond `limit`: so long a
    /// connection waits that is closed after it.
    pub fn mean_up_to(&self, limit: Us) -> f64 {
        match self {
            Self::List(list) => {
                let all: f64 = list.iter().map(|(_, n)| f64::from(*n)).sum();
                let one = |(gap, n): &(Us, u32)| (*gap).min(limit).as_secs() * f64::from(*n);
                list.iter().map(one).sum::<f64>() / all.max(1.0)
            }
            // The area above the curve.
            Self::Curve(points) => {
                let mut sum = 0.0;
                let mut before = (Us::ZERO, 0.0);
                for &(at, share) in points.iter().chain([&(limit, self.below(limit))]) {
                    if at > limit {
                        continue;
                    }
                    if at > before.0 {
                        sum += (at - before.0).as_secs() * (1.0 - f64::midpoint(before.1, share));
                    }
                    if at >= before.0 {
                        before = (at, share);
                    }
                }
                sum
            }
            Self::Exponential(mean) => mean.as_secs() * self.below(limit),
        }
    }

    /// The gap that this share of all is not longer than: 0.5 is the middle one.
    pub fn quantile(&self, share: f64) -> Us {
        match self {
            Self::List(list) => {
                let shorter = list.iter().find(|(gap, _)| self.below(*gap + Us(1)) >= share);
                shorter.or(list.last()).map_or(Us::ZERO, |(gap, _)| *gap)
            }
            Self::Curve(points) => {
                let next = points.partition_point(|(_, known)| *known < share);
                match (next.checked_sub(1).and_then(|at| points.get(at)), points.get(next)) {
                    (Some((from, low)), Some((to, high))) => seconds(
                        from.as_secs() + (*to - *from).as_secs() * (share - low) / (high - low),
                    ),
                    (_, Some((at, _))) | (Some((at, _)), None) => *at,
                    (None, None) => Us::ZERO,
                }
            }
            Self::Exponential(mean) => seconds(-mean.as_secs() * (-share).ln_1p()),
        }
    }
}

fn seconds(seconds: f64) -> Us {
    Us::from_ms_f64(seconds * 1_000.0).unwrap_or(LONGEST)
}

fn time(text: &str) -> Result<Us, String> {
    words::read_seconds(text)
        .filter(|time| *time <= LONGEST)
        .ok_or_else(|| format!("“{}” is no time up to 24h", words::clip(text.trim())))
}

fn uniform(text: &str) -> Result<Gaps, String> {
    let (from, to) = text.split_once("to").unwrap_or(("0s", text));
    let (from, to) = (time(from)?, time(to)?);
    if from < to {
        Ok(Gaps::Curve(vec![(from, 0.0), (to, 1.0)]))
    } else {
        Err("the second time must be longer than the first".into())
    }
}

fn list(text: &str) -> Result<Gaps, String> {
    let mut list: Vec<(Us, u32)> = Vec::new();
    for part in parts(text)? {
        let (gap, times) = part.split_once(['x', '×', '*']).unwrap_or((part, "1"));
        let times =
            times.trim().parse::<u32>().ok().filter(|times| (1..=1_000_000).contains(times));
        let times = times.ok_or_else(|| {
            format!("“{}”: behind the x a number is wanted, 1 to 1000000", words::clip(part))
        })?;
        list.push((time(gap).map_err(|problem| format!("{problem}: {SYNTAX}"))?, times));
    }
    list.sort_unstable();
    Ok(Gaps::List(list))
}

fn curve(text: &str) -> Result<Gaps, String> {
    let mut points: Vec<(Us, f64)> = vec![(Us::ZERO, 0.0)];
    for part in parts(text)? {
        let wrong = || format!("“{}”: a share below a time is wanted, 25% < 1s", words::clip(part));
        let (share, at) = part.split_once('<').ok_or_else(wrong)?;
        let share =
            share.trim().strip_suffix('%').and_then(|share| share.trim().parse::<f64>().ok());
        let share = share.filter(|share| (0.0..=100.0).contains(share)).ok_or_else(wrong)? / 100.0;
        let at = time(at)?;
        let rises = points.last().is_some_and(|(last, known)| at > *last && share >= *known);
        if !rises {
            return Err(format!(
                "“{}”: both numbers must rise from one to the next",
                words::clip(part)
            ));
        }
        points.push((at, share));
    }
    match points.last() {
        Some((_, 1.0)) => Ok(Gaps::Curve(points)),
        _ => Err("the last share must be 100%: no gap is longer".into()),
    }
}

fn parts(text: &str) -> Result<Vec<&str>, String> {
    let parts: Vec<&str> =
        text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect();
    match parts.len() {
        0 => Err(format!("nothing stands there: {SYNTAX}")),
        1..=MOST => Ok(parts),
        _ => Err(format!("at most {MOST} entries")),
    }
}
