//! Settings of the two textbook products: choices that the specifications leave open. Each has one
//! default for its only version, cited.
use super::setting::TimeUnit;
use super::{Cited, Kind, Setting};
use crate::protocol::Clause;

/// Cited for the only version there is.
pub const fn by(value: &'static str, source: &'static Clause) -> Cited {
    Cited { value, since: "", source }
}

const fn setting(
    name: &'static str,
    kind: Kind,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind, defaults, versions: &[], gist, special }
}

pub const fn number(
    name: &'static str,
    (min, max, unit): (i64, i64, &'static str),
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    setting(name, Kind::Number { min, max, unit }, defaults, gist, special)
}

pub const fn choice(
    name: &'static str,
    words: &'static [&'static str],
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    setting(name, Kind::Choice(words), defaults, gist, special)
}

pub const fn time(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[("ms", 1_000), ("s", 1_000_000)],
        min_us: 0,
        max_us: 86_400_000_000,
    };
    setting(name, kind, defaults, gist, special)
}
