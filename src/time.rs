//! Simulated time: whole microseconds since the start of a run. Nothing here reads a clock.
use std::fmt;
use std::ops::{Add, AddAssign, Mul, Sub};

/// A moment or a length of time, in microseconds. Never negative; arithmetic saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Us(pub u64);

impl Us {
    pub const ZERO: Self = Self(0);
    /// Later than anything that happens.
    pub const NEVER: Self = Self(u64::MAX);

    pub const fn from_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(1_000))
    }

    pub const fn from_secs(s: u64) -> Self {
        Self(s.saturating_mul(1_000_000))
    }

    /// Rounds to the nearest microsecond. None for a negative or non-finite number, or one beyond
    /// 1e12 ms (about 31 years).
    pub fn from_ms_f64(ms: f64) -> Option<Self> {
        ((0.0..=1e12).contains(&ms)).then(|| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range was checked"
            )]
            Self((ms * 1_000.0).round() as u64)
        })
    }

    #[expect(clippy::cast_precision_loss, reason = "runs last hours: far below 2^53 microseconds")]
    pub fn as_ms(self) -> f64 {
        self.0 as f64 / 1_000.0
    }

    #[expect(clippy::cast_precision_loss, reason = "runs last hours: far below 2^53 microseconds")]
    pub fn as_secs(self) -> f64 {
        self.0 as f64 / 1_000_000.0
    }

    pub const fn half(self) -> Self {
        Self(self.0 / 2)
    }
}

impl Add for Us {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Us {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Us {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<u64> for Us {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0.saturating_mul(times))
    }
}

/// For people: `178 ms`, `2.13 s`, `15 min`. A no-break space stands between number and unit.
impl fmt::Display for Us {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let us = self.0;
        match us {
            0 => f.write_str("0\u{a0}s"),
            1..1_000 => write!(f, "{us}\u{a0}µs"),
            1_000..1_000_000 => write!(f, "{}\u{a0}ms", decimal(us, 1_000, 1)),
            1_000_000..10_000_000 => write!(f, "{}\u{a0}s", decimal(us, 1_000_000, 2)),
            10_000_000..120_000_000 => write!(f, "{}\u{a0}s", decimal(us, 1_000_000, 1)),
            120_000_000..7_200_000_000 => write!(f, "{}\u{a0}min", decimal(us, 60_000_000, 1)),
            _ => write!(f, "{}\u{a0}h", decimal(us, 3_600_000_000, 1)),
        }
    }
}

/// `value / unit`, rounded to at most `places` decimals, without trailing zeros.
pub fn decimal(value: u64, unit: u64, places: u32) -> String {
    let scale = 10_u64.pow(places);
    let scaled = (u128::from(value) * u128::from(scale) + u128::from(unit) / 2) / u128::from(unit);
    let (whole, rest) = (scaled / u128::from(scale), scaled % u128::from(scale));
    let text = format!("{whole}.{rest:0width$}", width = places as usize);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
