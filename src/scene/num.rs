//! Numbers as text, by whole-number arithmetic: the general formatting of floating point would
//! cost more bytes in the page than everything else here together.

/// Appends a coordinate, rounded to a tenth of a pixel: `12`, `12.5`, `-3.1`. Beyond ten million,
/// or not a number: `0`.
#[inline(never)]
pub fn push(text: &mut String, value: f64) {
    if !(-1e7..=1e7).contains(&value) {
        text.push('0');
        return;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked")]
    let tenths = (value * 10.0).round() as i64;
    if tenths < 0 {
        text.push('-');
    }
    let tenths = tenths.unsigned_abs();
    push_whole(text, tenths / 10);
    if !tenths.is_multiple_of(10) {
        text.push('.');
        push_whole(text, tenths % 10);
    }
}

/// `x` and `y` with a space between.
#[inline(never)]
pub fn push_pair(text: &mut String, x: f64, y: f64) {
    push(text, x);
    text.push(' ');
    push(text, y);
}

pub fn push_whole(text: &mut String, value: u64) {
    if value >= 10 {
        push_whole(text, value / 10);
    }
    text.push((b'0' + (value % 10) as u8) as char);
}

/// A coordinate as text.
#[inline(never)]
pub fn text(value: f64) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

/// A whole number in groups of three, with no-break spaces: `10 000`. Four digits stand together.
#[inline(never)]
pub fn grouped(value: u64) -> String {
    let mut text = String::new();
    push_whole(&mut text, value);
    if value < 10_000 {
        return text;
    }
    let mut at = text.len();
    while at > 3 {
        at -= 3;
        text.insert(at, '\u{a0}');
    }
    text
}
