//! How times, numbers and flags are written in parameters: for people, exact, and read tolerantly.
use crate::time::{Us, decimal};

/// Two hexadecimal digits as a byte.
pub fn hex_pair(digits: Option<&[u8]>) -> Option<u8> {
    let [high, low] = digits? else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()
}

/// Units of time, the one that is written first where several fit.
const UNITS: [(&str, u64); 5] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000)];

/// Exact and short: `60ms`, `2.133s`, `0.5ms`.
pub fn write_time(time: Us) -> String {
    match time.0 {
        0 => "0s".into(),
        us @ 1..1_000_000 => decimal(us, 1_000, 3) + "ms",
        us => decimal(us, 1_000_000, 6) + "s",
    }
}

/// Reads a time. A bare number means milliseconds, as in the JSON contract. None for what is no time;
/// digits beyond a microsecond are dropped.
pub fn read_time(text: &str) -> Option<Us> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = match unit.trim() {
        "" => 1_000,
        unit => UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?.1,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if whole.is_empty() && part.is_empty() || part.contains('.') {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
    let mut us = whole.checked_mul(unit)?;
    let mut scale = unit;
    for digit in part.bytes() {
        // Exact: every unit of more than a microsecond is a multiple of ten of them.
        let value = u64::from(digit - b'0') * scale / 10;
        us = us.checked_add(value)?;
        scale /= 10;
    }
    Some(Us(us))
}

/// `20Mbit`; `none` for a wire on which bytes take no time.
pub fn write_bandwidth(bps: Option<u64>) -> String {
    let Some(bps) = bps else { return "none".into() };
    let scale = [("Gbit", 1_000_000_000), ("Mbit", 1_000_000), ("kbit", 1_000)];
    match scale.iter().find(|(_, unit)| bps >= *unit && bps % (unit / 1_000) == 0) {
        Some((name, unit)) => decimal(bps, *unit, 3) + name,
        None => bps.to_string(),
    }
}

/// Reads a bandwidth: a number, perhaps with k, M or G, perhaps with `bit`, `bps` or `bit/s` behind.
pub fn read_bandwidth(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text == "none" {
        return Some(None);
    }
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let unit = unit.trim().to_ascii_lowercase();
    let unit = unit.trim_end_matches("/s").trim_end_matches("ps").trim_end_matches("bit");
    let scale = match unit.trim_end_matches('b') {
        "" => 1,
        "k" => 1_000,
        "m" => 1_000_000,
        "g" => 1_000_000_000,
        _ => return None,
    };
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.len() > 3 {
        return None;
    }
    // Thousandths of the unit: three digits behind the point, zeros where none stand.
    let thousandths =
        format!("{whole}{part:0<3}").parse::<u64>().ok().filter(|_| !whole.is_empty());
    thousandths?.checked_mul(scale).map(|bps| Some(bps / 1_000))
}

pub fn write_flag(flag: bool) -> String {
    if flag { "1" } else { "0" }.into()
}

pub fn read_flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "on" | "yes" | "true" => Some(true),
        "0" | "off" | "no" | "false" => Some(false),
        _ => None,
    }
}
