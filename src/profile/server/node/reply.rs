//! The answer: what stands in it, how it is framed, and the fields in Node's order.
//!
//! The application is taken to set Content-Length where it knows the length beforehand
//! (`response.setHeader`), and to write several times where it does not. To HTTP/1.1 a single
//! `response.end(text)` gives the same; to HTTP/1.0 it gives no length, and the connection closes.
use super::request::{Asked, OwnAnswer};
use crate::profile::llhttp::has_word;
use crate::profile::server::shared::{PIECE, chunked_bytes};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::{Framing, Headers, Response, Version, framing};

/// What is answered, before it is decided whether the connection stays.
pub struct Reply<'a> {
    pub status: u16,
    content: Content,
    /// The application's fields; none if Node answers by itself.
    app: Option<&'a Headers>,
    /// What the Connection field says that stands there already.
    pub says: Option<Says>,
    /// The answer tells its length by itself.
    pub has_length: bool,
    has_body: bool,
    chunked: bool,
    has_coding: bool,
}

/// What the application's own Connection field says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Close,
    /// Anything else: Node takes it for keep-alive.
    Other,
}

/// The Connection field that Node writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Writes<'a> {
    Nothing,
    Close,
    /// With the Keep-Alive field, if there is one.
    KeepAlive(Option<&'a str>),
}

impl<'a> Reply<'a> {
    pub fn of(seen: &RequestSeen<'a>, asked: &Asked) -> Self {
        let (status, content, app) = match asked.own {
            Some(own) => (own.status(), Content::Streamed(0), None),
            None => (seen.app.status, seen.app.content, Some(&seen.app.headers)),
        };
        let fields = |name: &'static str| app.into_iter().flat_map(move |app| app.all(name));
        let unnamed = asked.own == Some(OwnAnswer::NoHost);
        let says = if unnamed || fields("connection").any(|line| has_word(line, "close")) {
            Some(Says::Close)
        } else {
            fields("connection").next().map(|_| Says::Other)
        };
        let bodiless = matches!(status, 100..=199 | 204 | 304);
        Self {
            status,
            content,
            app,
            says,
            has_length: matches!(content, Content::Known(_))
                || fields("content-length").next().is_some(),
            has_body: !bodiless && seen.request.method != "HEAD",
            chunked: fields("transfer-encoding").any(|line| has_word(line, "chunked")),
            has_coding: fields("transfer-encoding").next().is_some(),
        }
    }

    /// 204 or 304 in chunks: Node thinks better of it.
    pub const fn contradicts(&self) -> bool {
        self.chunked && matches!(self.status, 204 | 304)
    }

    /// Only the close can end it: nothing tells the length, and the client knows no chunks.
    pub const fn is_close_delimited(&self, asked: &Asked) -> bool {
        !self.has_length && !self.has_coding && self.has_body && !asked.knows_chunks
    }

    pub fn says_own_hint(&self) -> bool {
        self.app.is_some_and(|app| app.has("keep-alive"))
    }

    /// The head, the framing, and the bytes of body on the wire.
    pub fn compose(
        &self,
        asked: &Asked,
        method: &str,
        writes: Writes<'_>,
    ) -> (Response, Framing, u64) {
        let mut response = Response::new(Version::Http11, self.status);
        let fields = &mut response.headers;
        fields.0.extend(self.app.into_iter().flat_map(Headers::iter).cloned());
        let own_length = fields.has("content-length");
        if let Content::Known(bytes) = self.content
            && !own_length
        {
            fields.push("Content-Length", bytes.to_string());
        }
        match writes {
            Writes::Nothing if self.says.is_none() || self.app.is_some() => {}
            Writes::Nothing | Writes::Close => fields.push("Connection", "close"),
            Writes::KeepAlive(hint) => {
                fields.push("Connection", "keep-alive");
                if let Some(hint) = hint {
                    fields.push("Keep-Alive", hint);
                }
            }
        }
        if !self.has_length && !self.has_coding {
            match self.content {
                _ if !self.has_body || !asked.knows_chunks => {}
                Content::Streamed(_) => fields.push("Transfer-Encoding", "chunked"),
                Content::Empty | Content::Known(_) => fields.push("Content-Length", "0"),
            }
        }
        // As whoever reads the answer will see it: what the application writes is not checked.
        let framing = framing::response(&response, method);
        let bytes = self.content.bytes();
        let body = match framing {
            Framing::None => 0,
            Framing::Chunked => chunked_bytes(bytes, PIECE),
            Framing::ContentLength(length) => bytes.min(length),
            Framing::CloseDelimited | Framing::Invalid => bytes,
        };
        (response, framing, body)
    }
}
