//! Times as nginx writes them: `75`, `75s`, `1m30s`, `1h 30m`, `500ms`.

/// What a number counts at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    /// No fractions; months and years are known here.
    Seconds,
}

/// Longest first; each may come once, and none after a shorter one. Months count 30 days.
const UNITS: [(&str, u64); 8] = [
    ("y", 31_536_000_000),
    ("M", 2_592_000_000),
    ("w", 604_800_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

/// Reads a time, in the unit that is asked for. None if it is not written as nginx wants it, or too
/// long to be counted.
pub fn parse(text: &str, unit: Unit) -> Option<u64> {
    let mut known = match unit {
        Unit::Milliseconds => UNITS[2..].iter(),
        Unit::Seconds => UNITS[..7].iter(),
    };
    let mut rest = text;
    let mut total: u64 = 0;
    let mut done = false;
    while !rest.is_empty() {
        if done {
            return None;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let letters = rest[digits..].bytes().take_while(u8::is_ascii_alphabetic).count();
        let number: u64 = rest[..digits].parse().ok()?;
        let name = &rest[digits..digits + letters];
        // A number without a unit counts seconds, and nothing may follow it.
        let (_, ms) =
            known.find(|(known, _)| *known == if name.is_empty() { "s" } else { name })?;
        done = name.is_empty();
        total = total.checked_add(number.checked_mul(*ms)?)?;
        rest = rest[digits + letters..].trim_start_matches(' ');
    }
    let total = (!text.is_empty()).then_some(total)?;
    Some(if unit == Unit::Seconds { total / 1_000 } else { total })
}
