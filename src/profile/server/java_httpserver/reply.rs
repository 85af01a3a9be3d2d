//! The answer: its framing, and the fields as the server spells and orders them.
use super::request::{Asked, Said};
use super::settings::Settings;
use crate::profile::server::shared::{Own, chunked_bytes, reason};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::cause::Cause;
use crate::protocol::{Field, Framing, Headers, Response, Strength, Version, clause, framing};

/// How the body is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// None, and no field about it: 1xx, 204, 304, and answers to HEAD.
    Nothing,
    Length(u64),
    Chunks(u64),
    /// For HTTP/1.0: the close is the end.
    Close(u64),
}

impl Body {
    pub fn of(seen: &RequestSeen<'_>, asked: &Asked) -> Self {
        if seen.request.method == "HEAD" || matches!(seen.app.status, 100..=199 | 204 | 304) {
            return Self::Nothing;
        }
        match seen.app.content {
            // A length of 0 that is known is passed on as -1: 0 would mean that it is not known.
            Content::Empty => Self::Length(0),
            Content::Known(bytes) => Self::Length(bytes),
            Content::Streamed(bytes) if asked.old => Self::Close(bytes),
            Content::Streamed(bytes) => Self::Chunks(bytes),
        }
    }

    /// Is the length known?
    pub fn length(self) -> Own {
        match self {
            Self::Nothing => Own::Keeps("yes", "it has no body".into()),
            Self::Length(bytes) => {
                Own::Keeps("yes", ["Content-length: ", &bytes.to_string()].concat().into())
            }
            Self::Chunks(_) => Own::Keeps("yes", "chunked: the last chunk is the end".into()),
            Self::Close(_) => {
                let fact = Cause::CloseDelimited.rule().fact;
                let clause = clause::BODY_LENGTH;
                Own::Closes("no", reason("close-delimited", fact, clause, Strength::Must))
            }
        }
    }
}

/// The application's answer.
pub fn compose(
    seen: &RequestSeen<'_>,
    asked: &Asked,
    body: Body,
    settings: &Settings,
) -> (Response, Framing, u64) {
    let mut fields = Headers::new();
    if asked.old {
        match asked.connection {
            Said::Nothing => fields.push("Connection", "close"),
            Said::KeepAlive => {
                fields.push("Connection", "keep-alive");
                fields.push("Keep-alive", announced(settings));
            }
            Said::Close | Said::Other => {}
        }
    }
    for Field { name, value } in seen.app.headers.iter() {
        fields.push(spelled(name), value.as_str());
    }
    let bytes = match body {
        Body::Nothing => 0,
        Body::Length(bytes) => {
            fields.remove("content-length");
            fields.push("Content-length", bytes.to_string());
            bytes
        }
        Body::Chunks(bytes) => {
            fields.remove("transfer-encoding");
            fields.push("Transfer-encoding", "chunked");
            const CHUNK: u64 = 4096;
            chunked_bytes(bytes, CHUNK)
        }
        Body::Close(bytes) => bytes,
    };
    // Stable: what is said twice stays in its order.
    fields.0.sort_by_key(|field| bucket(&field.name));
    let response = Response { version: Version::Http11, status: seen.app.status, headers: fields };
    let framing = framing::response(&response, &seen.request.method);
    (response, framing, if framing == Framing::None { 0 } else { bytes })
}

/// The server's own page. It is really sent to HEAD, too, but nobody reads it there.
pub fn page(method: &str, status: u16, bytes: u64) -> (Response, Framing, u64) {
    let response = Response::new(Version::Http11, status)
        .with("Content-Length", &bytes.to_string())
        .with("Content-Type", "text/html")
        .with("Connection", "close");
    let framing = framing::response(&response, method);
    (response, framing, if framing == Framing::None { 0 } else { bytes })
}

fn announced(settings: &Settings) -> String {
    let timeout = ["timeout=", &(settings.idle.0 / 1_000_000).to_string()].concat();
    if !settings.says_max {
        return timeout;
    }
    [timeout.as_str(), ", max=", &settings.most_idle.to_string()].concat()
}

/// The first letter large, all others small.
fn spelled(name: &str) -> String {
    let mut name = name.to_ascii_lowercase();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    name
}

/// The fields leave in the order of a hash table of 32 places.
fn bucket(name: &str) -> u32 {
    let hash = name.bytes().fold(0_u32, |hash, b| hash.wrapping_mul(31).wrapping_add(b.into()));
    (hash ^ hash >> 16) & 31
}
