//! What may stand on a line: words, field names, values, start lines.
use super::{Clause, Field, Headers, Request, Response, Version, clause};

/// What makes a head malformed. It can be put on the wire all the same; a server answers 400, a
/// client gives the connection up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Malformed {
    /// The method is no token.
    Method,
    /// The target is empty, or has white space or a control character in it.
    Target,
    /// The text in the place of the version is no version.
    Version,
    /// HTTP/0.9 knows GET only.
    SimpleMethod,
    /// White space between a field's name and the colon.
    SpaceBeforeColon,
    /// A field's name is empty or no token.
    Name,
    /// A control character in a value, a bare CR or LF included.
    ControlCharacter,
}

impl Malformed {
    /// What is wrong, as a clause of a sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Method => "the method is not a word",
            Self::Target => "the target is empty or has a space in it",
            Self::Version => "the version cannot be read",
            Self::SimpleMethod => "HTTP/0.9 knows only GET",
            Self::SpaceBeforeColon => "there is white space before the colon of a field",
            Self::Name => "the name of a field is not a word",
            Self::ControlCharacter => "a control character stands in the value of a field",
        }
    }

    pub const fn clause(self) -> &'static Clause {
        match self {
            Self::Method | Self::Target => clause::REQUEST_LINE,
            Self::Version | Self::SimpleMethod => clause::VERSION,
            Self::SpaceBeforeColon => clause::FIELD_SYNTAX,
            Self::Name => clause::FIELD_NAMES,
            Self::ControlCharacter => clause::FIELD_VALUES,
        }
    }
}

/// Checks the start line and the fields of a request, in the order of the wire. The length of the
/// body and the Host field have rules of their own.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_request(request: &Request) -> Result<(), Malformed> {
    if let Some(fault) = check_start(request) {
        return Err(fault);
    }
    if request.version == Version::Http09 {
        return Ok(());
    }
    check_fields(&request.headers)
}

/// Checks the version and the fields of a response. White space before a colon is no fault there:
/// a recipient removes it (RFC 9112 §5.1).
///
/// # Errors
/// The first thing that is wrong.
pub fn check_response(response: &Response) -> Result<(), Malformed> {
    match response.version {
        Version::Malformed(_) => Err(Malformed::Version),
        Version::Http09 => Ok(()),
        _ => match check_fields(&response.headers) {
            Err(Malformed::SpaceBeforeColon) => Ok(()),
            checked => checked,
        },
    }
}

/// The fault of a request line, if it has one.
#[inline]
pub(super) fn check_start(request: &Request) -> Option<Malformed> {
    if !is_token(&request.method) {
        return Some(Malformed::Method);
    }
    let target = request.target.as_str();
    if target.is_empty() || has_control(target) || target.as_bytes().contains(&b' ') {
        return Some(Malformed::Target);
    }
    match request.version {
        Version::Malformed(_) => Some(Malformed::Version),
        Version::Http09 if request.method != "GET" => Some(Malformed::SimpleMethod),
        _ => None,
    }
}

fn check_fields(headers: &Headers) -> Result<(), Malformed> {
    headers.iter().try_for_each(|Field { name, value }| {
        check_name(name)?;
        if has_stray_control(value) { Err(Malformed::ControlCharacter) } else { Ok(()) }
    })
}

/// Checks a field's name.
///
/// # Errors
/// If it is no token.
pub fn check_name(name: &str) -> Result<(), Malformed> {
    if is_token(name) {
        Ok(())
    } else if is_token(name.trim_end_matches([' ', '\t'])) {
        Err(Malformed::SpaceBeforeColon)
    } else {
        Err(Malformed::Name)
    }
}

/// Is this one word of the grammar (RFC 9110 §5.6.2)?
#[inline]
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().fold(true, |all, b| all & TOKEN[b as usize])
}

const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let b = byte as u8;
        table[byte] = b.is_ascii_alphanumeric()
            || matches!(
                b,
                b'!' | b'#'
                    | b'$'
                    | b'%'
                    | b'&'
                    | b'\''
                    | b'*'
                    | b'+'
                    | b'-'
                    | b'.'
                    | b'^'
                    | b'_'
                    | b'`'
                    | b'|'
                    | b'~'
            );
        byte += 1;
    }
    table
};

/// Without the optional white space at both ends, a line fold included.
pub fn trim(text: &str) -> &str {
    let bytes = text.as_bytes();
    let is_space = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
    let from = bytes.iter().take_while(|b| is_space(b)).count();
    let to = bytes.iter().rposition(|b| !is_space(b)).map_or(from, |last| last + 1);
    // Both ends are next to ASCII, so they cut no character.
    text.get(from..to).unwrap_or(text)
}

/// A control character other than a tab, or a CR or LF that is no line fold.
pub fn has_stray_control(value: &str) -> bool {
    has_control(value) && has_stray_slow(value.as_bytes())
}

/// Does the value go on in a next line (RFC 9112 §5.2)?
pub fn is_folded(value: &str) -> bool {
    has_control(value) && value.contains(['\r', '\n'])
}

/// Is there any control character, a tab included? Eight bytes at a time, without a branch: every byte
/// of every message passes here.
#[inline]
pub(super) fn has_control(value: &str) -> bool {
    let bytes = value.as_bytes();
    let word = |eight: &[u8; 8]| control_bits(u64::from_ne_bytes(*eight));
    let (words, rest) = bytes.as_chunks::<8>();
    let found = match bytes.last_chunk::<8>() {
        // Some bytes are looked at twice, which is cheaper than looking at them one by one.
        Some(last) => words.iter().fold(word(last), |found, eight| found | word(eight)),
        None => {
            let mut eight = [b' '; 8];
            eight.iter_mut().zip(rest).for_each(|(slot, &b)| *slot = b);
            word(&eight)
        }
    };
    found != 0
}

/// Not zero if one of the eight bytes is below 0x20, or 0x7F. Bytes with their high bit set are neither.
const fn control_bits(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES * 0x80;
    let below_space = word.wrapping_sub(ONES * 0x20) & !word;
    let delete = word ^ (ONES * 0x7f);
    let is_delete = delete.wrapping_sub(ONES) & !delete;
    (below_space | is_delete) & HIGH
}

/// Is this the word, in any case? The word is written in lower case; its length is known to the
/// compiler, which compares all bytes at once.
#[inline]
pub(super) fn is_word<const N: usize>(text: &str, lower: &[u8; N]) -> bool {
    let bytes = text.as_bytes();
    let Some(bytes) = bytes.first_chunk::<N>().filter(|_| bytes.len() == N) else { return false };
    let mut different = 0;
    for (b, wanted) in bytes.iter().zip(lower) {
        let case = if wanted.is_ascii_lowercase() { 0x20 } else { 0 };
        different |= (b ^ wanted) & !case;
    }
    different == 0
}

fn has_stray_slow(mut bytes: &[u8]) -> bool {
    loop {
        bytes = match bytes {
            [] => return false,
            [b'\r', b'\n', b' ' | b'\t', rest @ ..] | [b'\n', b' ' | b'\t', rest @ ..] => rest,
            [b, rest @ ..] if *b == b'\t' || (*b >= b' ' && *b != 0x7f) => rest,
            _ => return true,
        };
    }
}

/// Why a field cannot be written as one line at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    EmptyName,
    /// A line that begins with white space belongs to the line before it.
    SpaceFirst,
    /// A colon in the name would end it there.
    ColonInName,
    ControlInName,
    ControlInValue,
    LineBreak,
}

impl Problem {
    /// For people: what is wrong with the input.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmptyName => "a field needs a name",
            Self::SpaceFirst => "a line that begins with a space belongs to the line before it",
            Self::ColonInName => "the first colon ends the name",
            Self::ControlInName => "a control character cannot stand in a name",
            Self::ControlInValue => "a control character cannot stand in a value",
            Self::LineBreak => "a line break would begin another field",
        }
    }
}

/// May this be written as one field line? What is malformed but can be sent, such as a space before
/// the colon, is fine here.
///
/// # Errors
/// If the line would not come out as the one field that was meant.
pub fn can_stand_on_a_line(name: &str, value: &str) -> Result<(), Problem> {
    let is_control = |c: char| c.is_ascii_control() && c != '\t';
    if name.is_empty() {
        Err(Problem::EmptyName)
    } else if name.contains(['\r', '\n']) || value.contains(['\r', '\n']) {
        Err(Problem::LineBreak)
    } else if name.starts_with([' ', '\t']) {
        Err(Problem::SpaceFirst)
    } else if name.contains(':') {
        Err(Problem::ColonInName)
    } else if name.contains(is_control) {
        Err(Problem::ControlInName)
    } else if value.contains(is_control) {
        Err(Problem::ControlInValue)
    } else {
        Ok(())
    }
}
