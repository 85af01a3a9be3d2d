//! Where a message ends (RFC 9112 §6.3).

/// How the end of a message's body is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Framing {
    /// There is no body: the message ends at its empty line.
    None,
    /// `Content-Length` tells.
    ContentLength(u64),
    /// The last chunk tells.
    Chunked,
    /// Only the close of the connection tells (responses only).
    CloseDelimited,
    /// The fields contradict each other or make no sense.
    Invalid,
}

impl Framing {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ContentLength(_) => "content-length",
            Self::Chunked => "chunked",
            Self::CloseDelimited => "close-delimited",
            Self::Invalid => "invalid",
        }
    }
}
