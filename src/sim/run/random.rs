//! Chance, from a seed: the same numbers natively and in wasm, because nothing is used but
//! whole-number arithmetic and the four operations that IEEE 754 defines to the last bit.
use crate::time::Us;

/// A SplitMix64 generator (Steele, Lea and Flood, 2014).
pub(super) struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Above 0 and at most 1, in steps of 2^-53.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Does something happen that happens so often in a million times?
    pub fn happens(&mut self, per_million: u32) -> bool {
        per_million > 0 && self.next() % 1_000_000 < u64::from(per_million)
    }

    /// A time from the exponential distribution with this mean.
    pub fn exponential(&mut self, mean: Us) -> Us {
        let times = -ln(self.unit());
        scaled(mean, times)
    }

    /// A time from a distribution that is given by its quantiles in equal steps.
    pub fn quantile(&mut self, quantiles: &[Us]) -> Us {
        let Some(last) = quantiles.len().checked_sub(1).filter(|last| *last > 0) else {
            return quantiles.first().copied().unwrap_or_default();
        };
        #[expect(clippy::cast_precision_loss, reason = "a few quantiles")]
        let place = self.unit() * last as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and the number of quantiles"
        )]
        let step = (place as usize).min(last - 1);
        #[expect(clippy::cast_precision_loss, reason = "a few quantiles")]
        let share = place - step as f64;
        quantiles[step] + scaled(quantiles[step + 1] - quantiles[step], share)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "times of a run are far below 2^53 microseconds, and the product is not negative"
)]
fn scaled(time: Us, times: f64) -> Us {
    Us((time.0 as f64 * times + 0.5) as u64)
}

/// The natural logarithm of a number above 0 and at most 1. The standard library's differs in its
/// last digits from system to system.
fn ln(x: f64) -> f64 {
    // x = m * 2^e with m between 0.7 and 1.42.
    let mut m = x;
    let mut e = 0.0;
    while m < std::f64::consts::FRAC_1_SQRT_2 {
        m *= 2.0;
        e -= 1.0;
    }
    // ln m = 2 artanh s, as a series: s is at most 0.18.
    let s = (m - 1.0) / (m + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    let mut odd = 25.0;
    while odd > 0.0 {
        sum = sum * square + 1.0 / odd;
        odd -= 2.0;
    }
    2.0 * s * sum + e * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_that_of_the_library() {
        for x in [1.0, 0.999, 0.5, 0.3, 1e-3, 1e-9, 1.2e-16] {
            assert!((ln(x) - f64::ln(x)).abs() <= 1e-14 * f64::ln(x).abs(), "{x}");
        }
    }

    #[test]
    fn the_mean_of_many_is_the_mean() {
        let mut random = Random::new(7);
        let sum: u64 = (0..100_000).map(|_| random.exponential(Us::from_ms(20)).0).sum();
        assert!((sum / 100_000).abs_diff(20_000) < 200, "{sum}");
    }

    #[test]
    fn quantiles_are_met() {
        let mut random = Random::new(7);
        let quantiles = [Us(0), Us(10), Us(1_000)];
        let low = (0..10_000).filter(|_| random.quantile(&quantiles) <= Us(10)).count();
        assert!(low.abs_diff(5_000) < 200, "{low}");
    }
}
