//! The answer: what stands in it, how it is framed, and the fields in lighttpd's order.
use super::request::Asked;
use super::settings::Settings;
use crate::profile::server::shared::{Own, PIECE, chunked_bytes, reason};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::syntax::trim;
use crate::protocol::{Field, Framing, Headers, Response, Strength, Version, clause, framing};

/// What is answered, before it is decided whether the connection stays.
pub struct Reply {
    status: u16,
    headers: Headers,
    /// Bytes of body that there are.
    bytes: u64,
    /// Only the close ends it.
    streamed: bool,
    bodiless: bool,
    /// 101: another protocol follows.
    pub switched: bool,
    new: bool,
}

impl Reply {
    pub fn of(seen: &RequestSeen<'_>, asked: &Asked, settings: &Settings) -> Self {
        let method = seen.request.method.as_str();
        if let Some(fault) = &asked.fault {
            return Self::own(fault.status, page(fault.status), method, asked.new);
        }
        if asked.h2c {
            let mut reply = Self::own(101, 0, method, true);
            reply.headers.remove("content-length");
            return Self { switched: true, ..reply };
        }
        if asked.options {
            return Self::own(200, 0, method, asked.new);
        }
        let status = seen.app.status;
        let mut reply = Self {
            status,
            headers: Headers::new(),
            bytes: if status == 205 { 0 } else { seen.app.content.bytes() },
            streamed: false,
            bodiless: method == "HEAD" || matches!(status, 100..=199 | 204 | 304),
            switched: status == 101,
            new: asked.new,
        };
        reply.pass_on(&seen.app.headers);
        reply.frame(seen, method == "HEAD", settings.streams);
        reply
    }

    fn own(status: u16, bytes: u64, method: &str, new: bool) -> Self {
        let mut headers = Headers::new();
        headers.push("Content-Length", bytes.to_string());
        let bodiless = method == "HEAD";
        Self { status, headers, bytes, streamed: false, bodiless, switched: false, new }
    }

    /// The fields of the server behind, but those of its own connection and framing.
    fn pass_on(&mut self, fields: &Headers) {
        let no_length = fields.has("transfer-encoding") || matches!(self.status, 204 | 205 | 304);
        for Field { name, value } in fields.iter() {
            let is = |known: &str| name.eq_ignore_ascii_case(known);
            let own = ["connection", "transfer-encoding", "upgrade"].iter().any(|name| is(name));
            let again = is("content-length") && (no_length || self.headers.has("content-length"));
            if !own && !again {
                self.headers.push(name.as_str(), value.as_str());
            }
        }
    }

    /// The field that tells the length. What is collected has one.
    fn frame(&mut self, seen: &RequestSeen<'_>, head: bool, streams: bool) {
        if self.headers.has("content-length") || matches!(self.status, 204 | 304) {
            return;
        }
        let coded = head && seen.app.headers.has("transfer-encoding");
        let streamed = matches!(seen.app.content, Content::Streamed(_)) && self.status != 205;
        let streamed = streamed || coded;
        match streamed {
            // Nobody counts a body that is not sent.
            true if head => return,
            true if streams && self.new => {
                self.headers.push("Transfer-Encoding", "chunked");
                return;
            }
            true if streams => {
                self.streamed = true;
                return;
            }
            _ if head && self.status == 205 => return,
            _ => {}
        }
        self.headers.push("Content-Length", self.bytes.to_string());
    }

    /// Is the length known?
    pub fn length(&self) -> Own {
        if self.streamed {
            let fact = "the length is not known beforehand, and an HTTP/1.0 client reads no chunks";
            let clause = clause::BODY_LENGTH;
            return Own::Closes("no", reason("close-delimited", fact, clause, Strength::Must));
        }
        let length = self.headers.first("content-length").and_then(|text| trim(text).parse().ok());
        if !self.bodiless && length.is_some_and(|length: u64| length > self.bytes) {
            let fact = "the server behind it sends fewer bytes than it promises";
            let clause = clause::BODY_LENGTH;
            return Own::Closes("no", reason("incomplete-answer", fact, clause, Strength::Must));
        }
        let fact = match () {
            () if self.bodiless => "it has no body",
            () if self.headers.has("transfer-encoding") => "chunked: the last chunk is the end",
            () => "Content-Length",
        };
        Own::Keeps("yes", fact.into())
    }

    /// The head, the framing, and the bytes of body on the wire.
    pub fn compose(self, method: &str, kept: bool) -> (Response, Framing, u64) {
        let version = if self.new { Version::Http11 } else { Version::Http10 };
        let mut response = Response::new(version, self.status);
        response.headers = self.headers;
        let says = match (self.switched, kept) {
            (true, _) => Some("Upgrade"),
            (_, false) => Some("close"),
            (_, true) if !self.new => Some("keep-alive"),
            (_, true) => None,
        };
        if let Some(says) = says {
            response.headers.push("Connection", says);
        }
        let framing = framing::response(&response, method);
        let body = match framing {
            Framing::None => 0,
            Framing::ContentLength(length) => length.min(self.bytes),
            Framing::Chunked => chunked_bytes(self.bytes, PIECE),
            Framing::CloseDelimited | Framing::Invalid => self.bytes,
        };
        (response, framing, body)
    }
}

/// lighttpd's own page: its text holds the status line twice.
const fn page(status: u16) -> u64 {
    let text = match status {
        405 => "405 Method Not Allowed",
        411 => "411 Length Required",
        413 => "413 Payload Too Large",
        431 => "431 Request Header Fields Too Large",
        501 => "501 Not Implemented",
        505 => "505 HTTP Version Not Supported",
        _ => "400 Bad Request",
    };
    315 + 2 * text.len() as u64
}
