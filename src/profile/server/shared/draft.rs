//! The answer as it will stand on the wire: the application's fields, the framing, what is said about
//! the connection.
use super::{Outcome, Verdict};
use crate::profile::server::{After, Answer, App, Content, Idle};
use crate::protocol::{
    Framing, Headers, Judgement, Options, Policy, Request, Response, Role, Version, judge,
};

/// What the application's answer becomes on the wire.
pub struct Draft {
    pub response: Response,
    /// Bytes of body on the wire, chunk sizes included.
    pub body_bytes: u64,
    /// Bytes that the application's own Content-Length promises and its content lacks.
    pub missing: u64,
}

/// How a server frames a body whose length nobody knows beforehand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// In chunks of so many bytes where both versions are at least 1.1; otherwise the close ends it.
    Chunks(u64),
    /// The close ends it, for every client.
    Close,
    /// Held back until so many bytes; a body that fits gets a Content-Length, a longer one ends
    /// with the close.
    Buffer(u64),
}

/// The size of the pieces that a stream is cut into where no product says otherwise.
pub const PIECE: u64 = 8192;

impl Draft {
    /// The answer in this version, with the application's own fields and the framing.
    pub fn new(version: Version, request: &Request, app: &App, unknown: Unknown) -> Self {
        let simple = request.version == Version::Http09;
        let version = if simple { Version::Http09 } else { version };
        let mut response = Response { version, status: app.status, headers: Headers::new() };
        if simple {
            return Self { response, body_bytes: app.content.bytes(), missing: 0 };
        }
        response.headers.0.reserve_exact(app.headers.len() + 3);
        response.headers.0.extend(app.headers.iter().cloned());
        let (body_bytes, missing) = frame(&mut response, request, app.content, unknown);
        Self { response, body_bytes, missing }
    }

    /// The answer to a request that is refused: no body.
    pub fn refusal(version: Version, request: &Request, status: u16) -> Self {
        let app = App { status, content: Content::Empty, ..App::default() };
        Self::new(version, request, &app, Unknown::Close)
    }

    /// The server's verdict by the rules of HTTP alone.
    pub fn judge(&self, request: &Request, policy: &Policy) -> Judgement {
        judge(Some(request), Some(&self.response), Role::Server, policy)
    }

    /// Puts `Connection: keep-alive` into the answer, unless the application wrote that field itself.
    pub fn say_keep_alive(&mut self, spelling: &'static str) {
        if self.response.version != Version::Http09 && !self.response.headers.has("connection") {
            self.response.headers.push("Connection", spelling);
        }
    }

    /// Puts `Connection: close` into the answer, in the place of anything else said there.
    pub fn say_close(&mut self, spelling: &'static str) {
        if self.response.version == Version::Http09 || Options::of(&self.response.headers).close {
            return;
        }
        self.response.headers.remove("keep-alive");
        match self.response.headers.0.iter_mut().find(|field| field.is("connection")) {
            Some(field) => field.value = spelling.into(),
            None => self.response.headers.push("Connection", spelling),
        }
    }

    /// Takes back what [`Draft::say_keep_alive`] said.
    pub fn say_nothing(&mut self) {
        self.response.headers.remove("keep-alive");
        if Options::of(&self.response.headers).keep_alive {
            self.response.headers.remove("connection");
        }
    }

    /// The answer with the verdict.
    pub fn finish(self, framing: Framing, verdict: Verdict, idle: Idle) -> Answer {
        let Verdict { outcome, because, notes, path } = verdict;
        let after = match outcome {
            Outcome::Keep => After::Keep(idle),
            Outcome::Close => After::Close,
            Outcome::Reset => After::Reset,
            Outcome::Tunnel => After::Tunnel,
        };
        let Self { response, body_bytes, .. } = self;
        Answer { response, framing, body_bytes, after, because, notes, path }
    }
}

/// Adds the field that tells where the body ends, unless the application wrote one itself.
/// Returns the bytes of body on the wire, and those promised but missing.
fn frame(
    response: &mut Response,
    request: &Request,
    content: Content,
    unknown: Unknown,
) -> (u64, u64) {
    if never_has_length(request, response.status) {
        return (0, 0);
    }
    let bytes = content.bytes();
    let sent = if response.headers.has("transfer-encoding") {
        chunked_bytes(bytes, PIECE)
    } else if let Some(length) = response.headers.first("content-length") {
        let promised = length.trim().parse().unwrap_or(bytes);
        if has_body(request, response.status) {
            return (bytes.min(promised), promised.saturating_sub(bytes));
        }
        bytes
    } else if response.status == 304 {
        0 // it may carry the length of a 200; leaving it out is usual
    } else {
        add_length(response, request, content, unknown)
    };
    (if has_body(request, response.status) { sent } else { 0 }, 0)
}

fn add_length(
    response: &mut Response,
    request: &Request,
    content: Content,
    unknown: Unknown,
) -> u64 {
    let bytes = content.bytes();
    let chunks = request.version.is_at_least_http11() && response.version.is_at_least_http11();
    match (content, unknown) {
        (Content::Streamed(_), Unknown::Chunks(piece)) if chunks => {
            response.headers.push("Transfer-Encoding", "chunked");
            return chunked_bytes(bytes, piece);
        }
        (Content::Streamed(_), Unknown::Buffer(room)) if bytes <= room => {}
        (Content::Streamed(_), _) => return bytes,
        (Content::Known(_) | Content::Empty, _) => {}
    }
    response.headers.push("Content-Length", bytes.to_string());
    bytes
}

fn has_body(request: &Request, status: u16) -> bool {
    request.method != "HEAD" && status != 304
}

/// Answers that end at their empty line and must not carry a length (RFC 9112 §6.1, §6.2).
fn never_has_length(request: &Request, status: u16) -> bool {
    matches!(status, 100..=199 | 204)
        || (request.method == "CONNECT" && matches!(status, 200..=299))
}

/// What so many bytes become in chunks of at most `piece` bytes: each with its size in hexadecimal
/// and two line ends, and a last chunk of size zero.
pub const fn chunked_bytes(bytes: u64, piece: u64) -> u64 {
    const LAST: u64 = 5;
    if bytes == 0 || piece == 0 {
        return bytes + LAST;
    }
    let (full, rest) = (bytes / piece, bytes % piece);
    let tail = if rest == 0 { 0 } else { hex_digits(rest) + 4 };
    bytes + full * (hex_digits(piece) + 4) + tail + LAST
}

const fn hex_digits(number: u64) -> u64 {
    (67 - number.leading_zeros() as u64) / 4
}
