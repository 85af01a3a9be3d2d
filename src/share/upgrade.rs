//! Links of older versions. A link that was ever published opens for ever: when the grammar changes
//! in a way that an old link would be read wrongly, [`CURRENT`] goes up by one and [`STEPS`] gets one
//! function that rewrites the pairs of the version before.

/// The version that is written.
pub const CURRENT: u32 = 1;

/// Decoded keys and values, in the order of the link.
pub type Pairs = Vec<(String, String)>;

/// `STEPS[0]` turns the pairs of version 1 into those of version 2, and so on.
pub const STEPS: [fn(&mut Pairs); CURRENT as usize - 1] = [];

/// Rewrites pairs of a known version into those of the current one.
pub fn upgrade(pairs: &mut Pairs, version: u32) {
    for step in STEPS.iter().skip(version.saturating_sub(1) as usize) {
        step(pairs);
    }
}
