//! The list of connection options (RFC 9110 §7.6.1).
use super::Headers;
use super::syntax::{is_token, is_word, trim};

/// What the Connection fields of one message say: all lines are one list, joined in order, and
/// there is no "first wins" or "last wins".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Options {
    pub close: bool,
    pub keep_alive: bool,
    pub upgrade: bool,
    /// A word other than these three: it names a field that is for this hop only.
    pub others: bool,
    /// A member that is no token (`keep-alive=true`). It says nothing.
    pub malformed: bool,
}

impl Options {
    pub fn of(headers: &Headers) -> Self {
        let mut options = Self::default();
        for value in headers.all("connection") {
            options.read(value);
        }
        options
    }

    /// Adds what one more line of the field says.
    pub fn read(&mut self, value: &str) {
        for member in members(value) {
            match known(member) {
                Some(Known::Close) => self.close = true,
                Some(Known::KeepAlive) => self.keep_alive = true,
                Some(Known::Upgrade) => self.upgrade = true,
                None if is_token(member) => self.others = true,
                None => self.malformed = true,
            }
        }
    }
}

/// The members of a comma-separated list, without the white space around them; empty ones are
/// skipped (RFC 9110 §5.6.1).
pub fn members(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        loop {
            let list = rest?;
            let comma = list.bytes().position(|b| b == b',');
            let (member, after) = match comma.and_then(|at| list.split_at_checked(at)) {
                Some((member, after)) => (member, after.get(1..)),
                None => (list, None),
            };
            rest = after;
            let member = trim(member);
            if !member.is_empty() {
                return Some(member);
            }
        }
    })
}

enum Known {
    Close,
    KeepAlive,
    Upgrade,
}

/// Whole words, in any case: `disclosed` and `close-ish` are words of their own.
fn known(member: &str) -> Option<Known> {
    match member.len() {
        5 if is_word(member, b"close") => Some(Known::Close),
        10 if is_word(member, b"keep-alive") => Some(Known::KeepAlive),
        7 if is_word(member, b"upgrade") => Some(Known::Upgrade),
        _ => None,
    }
}
