//! The list of connection options (RFC 9110 §7.6.1).
use super::Headers;

/// What the Connection fields of one message say, all lines joined in order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Options {
    pub close: bool,
    pub keep_alive: bool,
    pub upgrade: bool,
    /// Every member that is a token, lower case, in order.
    pub all: Vec<String>,
    /// Members that are no tokens, as written.
    pub malformed: Vec<String>,
}

impl Options {
    pub fn of(headers: &Headers) -> Self {
        let mut options = Self::default();
        for value in headers.all("connection") {
            for member in value.split(',').map(str::trim).filter(|member| !member.is_empty()) {
                let member = member.to_ascii_lowercase();
                options.close |= member == "close";
                options.keep_alive |= member == "keep-alive";
                options.upgrade |= member == "upgrade";
                options.all.push(member);
            }
        }
        options
    }
}
