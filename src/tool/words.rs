//! Numbers and times as the tools write and read them, and text that is safe in HTML.
use crate::scene::num;
use crate::study::text::read_time;
use crate::time::{Us, decimal};

/// A time; a bare number means seconds.
pub fn read_seconds(text: &str) -> Option<Us> {
    let text = text.trim();
    let is_bare = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_bare { read_time(&format!("{text}s")) } else { read_time(text) }
}

/// To a thousandth: `6.007 s`, `60 ms`, `15 min`.
pub fn time(time: Us) -> String {
    match time.0 {
        0 => "0\u{a0}s".into(),
        us @ 1..1_000_000 => decimal(us, 1_000, 3) + "\u{a0}ms",
        us @ 1_000_000..600_000_000 => decimal(us, 1_000_000, 3) + "\u{a0}s",
        _ => time.to_string(),
    }
}

/// A share of one: `30.8 %`, `0.04 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    let places = match percent {
        _ if percent <= 0.0 => 0,
        _ if percent < 0.001 => return "below 0.001\u{a0}%".into(),
        _ if percent < 0.1 => 3,
        _ if percent < 1.0 => 2,
        _ => 1,
    };
    format!("{}\u{a0}%", trimmed(percent, places))
}

/// A count or rate with three digits that mean something: `0.042`, `18.5`, `12 300`.
pub fn number(value: f64) -> String {
    match value {
        _ if !value.is_finite() => "more than can be told".into(),
        _ if value >= 1_000.0 => {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at least a thousand; beyond u64 it saturates"
            )]
            let whole = value.round() as u64;
            num::grouped(whole)
        }
        _ if value >= 100.0 => trimmed(value, 0),
        _ if value >= 10.0 => trimmed(value, 1),
        _ if value >= 1.0 => trimmed(value, 2),
        _ => trimmed(value, 3),
    }
}

fn trimmed(value: f64, places: usize) -> String {
    let text = format!("{value:.places$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// With a capital at its beginning and a full stop behind it.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    format!("{}{}.", first.map(String::from).unwrap_or_default(), chars.as_str())
}

/// The beginning of a long text.
pub fn clip(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(at, _)| &text[..at])
}

/// Text in HTML, in an attribute too.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
