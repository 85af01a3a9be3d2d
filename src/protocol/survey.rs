//! One look at the fields of a message: everything that the rules ask about, found in one pass.
use super::connection::members;
use super::syntax::{check_name, has_control, has_stray_control, is_folded, is_word};
use super::{Field, Headers, Malformed, Options};

/// What the fields of one message say about its connection and its length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Survey {
    pub options: Options,
    /// Field lines named Connection; more than two count as two.
    pub connection_lines: u8,
    pub codings: Codings,
    pub length: Length,
    /// Field lines named Host; more than two count as two.
    pub hosts: u8,
    /// An Upgrade field is there.
    pub upgrade: bool,
    /// `Expect: 100-continue` is there.
    pub expects: bool,
    /// A Keep-Alive field is there.
    pub keep_alive_field: bool,
    pub proxy_connection: bool,
    /// A value goes on in a next line.
    pub folded: bool,
    /// White space stands before a colon.
    pub space_before_colon: bool,
    /// It stands before the colon of Content-Length or Transfer-Encoding.
    pub space_in_framing: bool,
    /// A name that is no token.
    pub malformed_name: bool,
    /// A value has a control character in it.
    pub control_character: bool,
}

/// What the Transfer-Encoding fields say, all lines joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Codings {
    pub present: bool,
    /// The last coding is `chunked`.
    pub chunked_last: bool,
    /// `chunked` stands there more than once.
    pub chunked_twice: bool,
    /// A coding is none of the registered ones.
    pub unknown: bool,
    chunked: bool,
}

/// What the Content-Length fields say, all lines joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Length {
    #[default]
    Absent,
    Valid(u64),
    /// One number, said more than once.
    Repeated(u64),
    /// No number, or one beyond 2^63.
    Invalid,
    /// Two numbers that are not equal.
    Differing,
}

impl Survey {
    pub fn of(headers: &Headers) -> Self {
        let mut survey = Self::default();
        for field in headers.iter() {
            survey.read(field);
        }
        survey
    }

    #[inline]
    fn read(&mut self, Field { name, value }: &Field) {
        if has_control(value) {
            self.folded |= is_folded(value);
            self.control_character |= has_stray_control(value);
        }
        // A name that is known needs no check.
        if !self.read_named(name, value) {
            self.read_odd(name, value);
        }
    }

    fn read_odd(&mut self, name: &str, value: &str) {
        match check_name(name) {
            Ok(()) => {}
            Err(Malformed::SpaceBeforeColon) => {
                let name = name.trim_end_matches([' ', '\t']);
                self.space_before_colon = true;
                self.space_in_framing |= name.eq_ignore_ascii_case("content-length")
                    || name.eq_ignore_ascii_case("transfer-encoding");
                self.read_named(name, value);
            }
            Err(_) => self.malformed_name = true,
        }
    }

    /// Reads a field that the rules ask about; false for any other. The length of the name tells most
    /// of them apart before a letter is compared.
    #[inline]
    fn read_named(&mut self, name: &str, value: &str) -> bool {
        match name.len() {
            4 if is_word(name, b"host") => self.hosts = (self.hosts + 1).min(2),
            6 if is_word(name, b"expect") => self.expects |= expects_100(value),
            7 if is_word(name, b"upgrade") => self.upgrade = true,
            10 if is_word(name, b"connection") => {
                self.connection_lines = (self.connection_lines + 1).min(2);
                self.options.read(value);
            }
            10 if is_word(name, b"keep-alive") => self.keep_alive_field = true,
            14 if is_word(name, b"content-length") => self.length = self.length.and(value),
            16 if is_word(name, b"proxy-connection") => self.proxy_connection = true,
            17 if is_word(name, b"transfer-encoding") => self.codings.read(value),
            _ => return false,
        }
        true
    }
}

fn expects_100(value: &str) -> bool {
    members(value).any(|member| member.eq_ignore_ascii_case("100-continue"))
}

/// The registered codings, with their old spellings. `identity` was removed in RFC 7230.
const CODINGS: [&str; 5] = ["gzip", "deflate", "compress", "x-gzip", "x-compress"];

impl Codings {
    /// Adds one more line of the field. A line without a coding still counts as the field.
    fn read(&mut self, value: &str) {
        self.present = true;
        for member in members(value) {
            self.chunked_last = member.eq_ignore_ascii_case("chunked");
            if self.chunked_last {
                self.chunked_twice |= self.chunked;
                self.chunked = true;
            } else {
                self.unknown |= !CODINGS.iter().any(|known| member.eq_ignore_ascii_case(known));
            }
        }
    }
}

impl Length {
    /// Joined with one more line of the field.
    fn and(self, value: &str) -> Self {
        if let (Self::Absent, Some(number)) = (self, number(value)) {
            return Self::Valid(number);
        }
        let mut length = self;
        let mut empty = true;
        for member in members(value) {
            empty = false;
            length = match (length, number(member)) {
                (_, None) | (Self::Invalid, _) => return Self::Invalid,
                (Self::Absent, Some(number)) => Self::Valid(number),
                (Self::Valid(one) | Self::Repeated(one), Some(number)) if one == number => {
                    Self::Repeated(one)
                }
                _ => Self::Differing,
            };
        }
        if empty { Self::Invalid } else { length }
    }
}

/// Digits and nothing else. Counts beyond 2^63 - 1 are refused: the signed counters that most
/// implementations use would overflow.
fn number(text: &str) -> Option<u64> {
    let mut number = 0_u64;
    for &b in text.as_bytes() {
        let digit = b.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(u64::from(digit))?;
    }
    (!text.is_empty() && number <= i64::MAX as u64).then_some(number)
}
