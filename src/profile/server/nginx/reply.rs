//! The answer: what stands in it, how it is framed, and the fields in nginx's order.
use super::request::{Asked, HTTP10, HTTP11};
use crate::profile::server::shared::{Own, PIECE, chunked_bytes, reason};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::trim;
use crate::protocol::{Field, Framing, Headers, Response, Strength, Version, clause};

/// What is answered, before it is decided whether the connection stays.
pub struct Reply<'a> {
    status: u16,
    version: u16,
    framing: Framing,
    content: Content,
    /// The origin's fields. None: nginx answers by itself.
    app: Option<&'a Headers>,
}

impl<'a> Reply<'a> {
    pub fn of(seen: &RequestSeen<'a>, asked: &Asked, chunked: bool) -> Self {
        let own = asked.fault.as_ref().map(|fault| (fault.status, page(fault.status)));
        let (status, content) = own.unwrap_or((seen.app.status, length_of(seen)));
        let app = own.is_none().then_some(&seen.app.headers);
        // The one fault of HTTP/0.9 is answered in HTTP/0.9.
        let simple = seen.request.version == Version::Http09;
        let version = if simple { 9 } else { asked.version };
        let framing = match content {
            _ if simple => Framing::CloseDelimited,
            _ if seen.request.method == "HEAD" || is_bodiless(status) => Framing::None,
            Content::Known(bytes) => Framing::ContentLength(bytes),
            Content::Empty => Framing::ContentLength(0),
            Content::Streamed(_) if version >= HTTP11 && chunked => Framing::Chunked,
            Content::Streamed(_) => Framing::CloseDelimited,
        };
        Self { status, version, framing, content, app }
    }

    pub fn is_close_delimited(&self) -> bool {
        self.framing == Framing::CloseDelimited
    }

    /// Is the length known?
    pub fn length(&self) -> Own {
        let fact = match self.framing {
            Framing::None => "it has no body",
            Framing::ContentLength(0) => "Content-Length: 0",
            Framing::ContentLength(bytes) => {
                return Own::Keeps("yes", ["Content-Length: ", &bytes.to_string()].concat().into());
            }
            Framing::Chunked => "chunked: the last chunk is the end",
            Framing::CloseDelimited | Framing::Invalid if self.version == HTTP10 => {
                let fact =
                    "the length is not known beforehand, and an HTTP/1.0 client reads no chunks";
                let clause = clause::BODY_LENGTH;
                return Own::Closes("no", reason("close-delimited", fact, clause, Strength::Must));
            }
            Framing::CloseDelimited | Framing::Invalid => {
                return Own::Closes("no", Cause::CloseDelimited.rule().reason());
            }
        };
        Own::Keeps("yes", fact.into())
    }

    /// The head, the framing, and the bytes of body on the wire.
    pub fn compose(
        &self,
        seen: &RequestSeen<'_>,
        kept: bool,
        announced_s: Option<u64>,
    ) -> (Response, Framing, u64) {
        let mut response = Response::new(Version::Http11, self.status);
        let bytes = self.content.bytes();
        if seen.request.version == Version::Http09 {
            response.version = Version::Http09;
            return (response, self.framing, bytes);
        }
        let fields = &mut response.headers;
        fields.0.reserve_exact(4 + self.app.map_or(0, Headers::len));
        self.length_fields(fields);
        match (self.status, kept) {
            (101, _) => fields.push("Connection", "upgrade"),
            (_, false) => fields.push("Connection", "close"),
            (_, true) => {
                fields.push("Connection", "keep-alive");
                if let Some(seconds) = announced_s {
                    fields.push("Keep-Alive", ["timeout=", &seconds.to_string()].concat());
                }
            }
        }
        for Field { name, value } in self.app.into_iter().flat_map(Headers::iter) {
            if !NOT_PASSED_ON.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                fields.push(name.as_str(), value.as_str());
            }
        }
        let body = match self.framing {
            Framing::None => 0,
            Framing::ContentLength(length) => length.min(bytes),
            Framing::Chunked => chunked_bytes(bytes, PIECE),
            Framing::CloseDelimited | Framing::Invalid => bytes,
        };
        (response, self.framing, body)
    }

    fn length_fields(&self, fields: &mut Headers) {
        let kind = match self.app {
            Some(app) => app.first("content-type"),
            None => Some("text/html"),
        };
        if let Some(kind) = kind.filter(|_| !is_bodiless(self.status)) {
            fields.push("Content-Type", kind);
        }
        let length = match self.content {
            Content::Known(bytes) => Some(bytes),
            Content::Empty => Some(0),
            Content::Streamed(_) => None,
        };
        if let Some(bytes) = length.filter(|_| !is_bodiless(self.status)) {
            fields.push("Content-Length", bytes.to_string());
        }
        if self.framing == Framing::Chunked {
            fields.push("Transfer-Encoding", "chunked");
        }
    }
}

/// Fields of the origin that are nginx's own business, or written already.
const NOT_PASSED_ON: [&str; 7] = [
    "connection",
    "content-length",
    "content-type",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
];

const fn is_bodiless(status: u16) -> bool {
    matches!(status, 100..=199 | 204 | 304)
}

/// What the origin produces; its own Content-Length makes the length known.
fn length_of(seen: &RequestSeen<'_>) -> Content {
    let own = seen.app.headers.first("content-length");
    match own.and_then(|value| trim(value).parse().ok()) {
        Some(bytes) => Content::Known(bytes),
        None => seen.app.content,
    }
}

/// nginx's own page, in the size of 1.22.1.
const fn page(status: u16) -> Content {
    Content::Known(match status {
        413 => 183,
        414 => 177,
        501 => 165,
        505 => 187,
        _ => 157,
    })
}
