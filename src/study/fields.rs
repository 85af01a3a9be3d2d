//! A list of header fields on one line: `Host:shop.example;Connection:close`.
//!
//! Fields are separated by `;`, but only where a name and a colon follow, so that
//! `Content-Type:text/html;charset=utf-8` needs no care. What cannot stand as it is stands as `~` and
//! two hexadecimal digits: `~3B` is a semicolon, `~0D~0A` a line break, `~7E` a tilde.
use super::text::hex_pair;
use crate::protocol::{Field, Headers};

/// Can this byte stand in a field's name (RFC 9110 §5.6.2)? A tilde can too, but not here.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|".contains(&byte)
}

/// Does a field begin here: a name (escapes and spaces behind it allowed) and a colon?
fn begins_field(text: &str) -> bool {
    let text = text.trim_start_matches(' ');
    let in_name = |byte: u8| is_name_byte(byte) || byte == b'~' || !byte.is_ascii();
    let name = text.bytes().take_while(|byte| in_name(*byte)).count();
    text[name..].trim_start_matches(' ').starts_with(':')
}

/// Writes the list.
pub fn write(headers: &Headers) -> String {
    let mut line = String::new();
    for (index, field) in headers.iter().enumerate() {
        if index > 0 {
            line.push(';');
        }
        for c in field.name.chars() {
            match c {
                c if c.is_ascii() && !is_name_byte(c as u8) => push_escape(&mut line, c),
                c => line.push(c),
            }
        }
        line.push(':');
        push_value(&mut line, &field.value);
    }
    line
}

fn push_value(line: &mut String, value: &str) {
    let inner = value.trim_matches(' ');
    let leading = value.len() - value.trim_start_matches(' ').len();
    let trailing = if inner.is_empty() { 0 } else { value.len() - leading - inner.len() };
    (0..leading).for_each(|_| push_escape(line, ' '));
    for (at, c) in inner.char_indices() {
        match c {
            '~' => push_escape(line, c),
            // A field can begin behind it only if there is a colon.
            ';' if inner[at..].contains(':') => push_escape(line, c),
            c if c.is_ascii_control() => push_escape(line, c),
            c => line.push(c),
        }
    }
    (0..trailing).for_each(|_| push_escape(line, ' '));
}

fn push_escape(line: &mut String, c: char) {
    line.push_str(&format!("~{:02X}", u32::from(c)));
}

/// Reads the list. An empty text is an empty list.
///
/// # Errors
/// If a part has no colon, or a name or value cannot stand on a line.
pub fn read(text: &str) -> Result<Headers, String> {
    let mut headers = Headers::new();
    let mut rest = text.trim_matches(' ');
    while !rest.is_empty() {
        let end = rest
            .match_indices(';')
            .map(|(at, _)| at)
            .find(|at| begins_field(&rest[at + 1..]))
            .unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        rest = behind.strip_prefix(';').unwrap_or("");
        let Some((name, value)) = part.split_once(':') else {
            return Err(format!(
                "{:?} is no field: a name, a colon and a value are wanted",
                clip(part)
            ));
        };
        let field = Field::new(unescape(name.trim_matches(' ')), unescape(value.trim_matches(' ')));
        check(&field)?;
        headers.0.push(field);
    }
    Ok(headers)
}

/// Can the field stand on a line? A name may be odd (a space before the colon is sent, and the server
/// answers it), but neither may hold control characters; a value may be folded onto the next line.
///
/// # Errors
/// Names what cannot stand there.
pub fn check(field: &Field) -> Result<(), String> {
    if field.name.contains(|c: char| c.is_ascii_control() || c == ':') {
        return Err(format!("the name {:?} cannot stand on a line", clip(&field.name)));
    }
    let unfolded = field.value.replace("\r\n ", " ").replace("\r\n\t", " ");
    if unfolded.contains(|c: char| c.is_ascii_control() && c != '\t') {
        let name = clip(&field.name);
        return Err(format!("the value of {name} holds a line break or control character"));
    }
    Ok(())
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('~') {
        out.push_str(before);
        match hex_pair(behind.as_bytes().get(..2)) {
            Some(byte) => {
                out.push(char::from(byte));
                rest = &behind[2..];
            }
            None => {
                out.push('~');
                rest = behind;
            }
        }
    }
    out + rest
}

/// The beginning of a text, for a message.
pub fn clip(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}
