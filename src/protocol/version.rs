//! The version in a request line or status line.
use std::fmt;

/// A protocol version as it stood on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub enum Version {
    /// The simple request of 1991: `GET /` and nothing more. No fields, no version on the wire.
    Http09,
    /// `HTTP/1.0`
    Http10,
    /// `HTTP/1.1`
    #[default]
    Http11,
    /// Any other well-formed `HTTP/x.y`, such as `HTTP/1.2` or `HTTP/2.0`.
    Other { major: u8, minor: u8 },
    /// Text in the place of the version that is no version (`HTTP/1`, `http/1.1`): kept as written.
    Malformed(Box<str>),
}

impl Version {
    /// Reads the text of a version. Never fails: what is no version becomes [`Version::Malformed`].
    pub fn parse(text: &str) -> Self {
        let digits = text.strip_prefix("HTTP/").map(str::as_bytes);
        match digits {
            Some([major @ b'0'..=b'9', b'.', minor @ b'0'..=b'9']) => {
                match (major - b'0', minor - b'0') {
                    (0, 9) => Self::Http09,
                    (1, 0) => Self::Http10,
                    (1, 1) => Self::Http11,
                    (major, minor) => Self::Other { major, minor },
                }
            }
            _ => Self::Malformed(text.into()),
        }
    }

    /// Is this HTTP/1.1 or a later minor version of HTTP/1 (which a recipient treats like 1.1)?
    pub fn is_at_least_http11(&self) -> bool {
        matches!(self, Self::Http11 | Self::Other { major: 1, .. })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http09 => f.write_str("HTTP/0.9"),
            Self::Http10 => f.write_str("HTTP/1.0"),
            Self::Http11 => f.write_str("HTTP/1.1"),
            Self::Other { major, minor } => write!(f, "HTTP/{major}.{minor}"),
            Self::Malformed(text) => f.write_str(text),
        }
    }
}
