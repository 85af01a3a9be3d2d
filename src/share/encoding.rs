//! Form encoding: how keys and values stand in a link.
use crate::study::text::hex_pair;
use std::borrow::Cow;

/// Bytes that stand in a link as they are. Everything else is percent-encoded. Quotes, brackets,
/// `*` and `!` are not among them, because programs that make links clickable stop at them.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~/:@,;=?".contains(&byte)
}

/// Appends `key=value` to a link.
pub fn push_pair(link: &mut String, key: &str, value: &str) {
    if !link.is_empty() {
        link.push('&');
    }
    push_encoded(link, key, true);
    link.push('=');
    push_encoded(link, value, false);
}

fn push_encoded(link: &mut String, text: &str, is_key: bool) {
    for byte in text.bytes() {
        match byte {
            b' ' => link.push('+'),
            b'=' | b'?' if is_key => push_percent(link, byte),
            byte if is_plain(byte) => link.push(char::from(byte)),
            byte => push_percent(link, byte),
        }
    }
}

fn push_percent(link: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    link.push('%');
    link.push(char::from(HEX[usize::from(byte >> 4)]));
    link.push(char::from(HEX[usize::from(byte & 15)]));
}

/// Programs that make links clickable leave punctuation at the end outside: it is encoded there.
pub fn guard_end(link: &mut String) {
    if link.ends_with(['.', ',', ';', ':', '?', '~', '_']) {
        let last = link.pop().unwrap_or_default();
        push_percent(link, last as u8);
    }
}

/// The pairs of a link, still encoded. A part without `=` is a key with an empty value.
pub fn pairs(link: &str) -> impl Iterator<Item = (&str, &str)> {
    link.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once('=').unwrap_or((part, "")))
}

/// Undoes form encoding. The flag says whether it was sound: a `%` that begins no byte stays as it
/// is, and bytes that are no UTF-8 become replacement characters.
pub fn decode(text: &str) -> (Cow<'_, str>, bool) {
    if !text.contains(['%', '+']) {
        return (Cow::Borrowed(text), true);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut sound = true;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'+' => out.push(b' '),
            b'%' => match hex_pair(bytes.get(at..at + 2)) {
                Some(byte) => {
                    out.push(byte);
                    at += 2;
                }
                None => {
                    sound = false;
                    out.push(b'%');
                }
            },
            byte => out.push(byte),
        }
    }
    match String::from_utf8(out) {
        Ok(text) => (Cow::Owned(text), sound),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned().into(), false),
    }
}
