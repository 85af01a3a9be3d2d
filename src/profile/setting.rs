//! What a setting is: its own name, unit, bounds, and a default that cannot be written without its source.
use crate::protocol::Clause;

/// A value with the versions it holds for and the place that says so.
pub struct Cited {
    /// Written as the product's documentation writes it.
    pub value: &'static str,
    /// The first of the product's version ids that it holds for; empty for all.
    pub since: &'static str,
    pub source: &'static Clause,
}

/// One setting of a product.
pub struct Setting {
    /// The product's own name for it: `KeepAliveTimeout`.
    pub name: &'static str,
    pub kind: Kind,
    /// Oldest first; the last one whose `since` is not newer than the chosen version holds.
    pub defaults: &'static [Cited],
    /// The version ids that know it; empty for all.
    pub versions: &'static [&'static str],
    /// What it does, in one plain sentence.
    pub gist: &'static str,
    /// What 0 or another special value means; may be empty.
    pub special: &'static str,
}

/// What a value of a setting looks like, so that a form can be built and a text be checked.
pub enum Kind {
    /// Two words.
    Flag { on: &'static str, off: &'static str },
    /// A whole number within bounds (both included).
    Number { min: i64, max: i64, unit: &'static str },
    /// A time. `unit` is what a bare number means; `suffixes` are those the product accepts.
    Time { unit: TimeUnit, suffixes: &'static [(&'static str, u64)], min_us: u64, max_us: u64 },
    /// One of several words.
    Choice(&'static [&'static str]),
    /// Free text with a syntax of its own (`keepalive_timeout 75s 20s`): the rule parses it.
    Text { placeholder: &'static str },
}

/// The unit of a bare number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    Milliseconds,
    Seconds,
}

impl TimeUnit {
    pub const fn us(self) -> u64 {
        match self {
            Self::Milliseconds => 1_000,
            Self::Seconds => 1_000_000,
        }
    }

    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
        }
    }
}
