//! The answer: what stands in it, how it is framed, and the fields in HAProxy's order.
use super::request::Asked;
use crate::profile::server::shared::{Own, PIECE, chunked_bytes, reason};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::cause::Cause;
use crate::protocol::connection::members;
use crate::protocol::syntax::trim;
use crate::protocol::{Field, Framing, Headers, Response, Strength, Version, clause, framing};

/// What is answered, before it is decided whether the connection stays.
pub struct Reply {
    pub status: u16,
    /// HAProxy's own page, which is sent as it is: nothing about the connection is added.
    raw: bool,
    headers: Headers,
    /// Bytes of body that there are.
    bytes: u64,
    /// Only the close ends it.
    streamed: bool,
    bodiless: bool,
    /// An upgrade that the origin speaks of stays in Connection, and nothing is added to it.
    upgrade: bool,
    /// 101 that both sides agreed on, or a tunnel to somewhere.
    pub tunnel: bool,
    htx: bool,
}

/// Why HAProxy answers in the place of the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instead {
    /// The origin's answer cannot be passed on.
    BadAnswer,
    /// The origin was waited for in vain.
    Silence,
}

impl Reply {
    /// The answer of the origin, or HAProxy's own.
    pub fn of(seen: &RequestSeen<'_>, asked: &Asked, instead: Option<Instead>, htx: bool) -> Self {
        let method = seen.request.method.as_str();
        if let Some(fault) = &asked.fault {
            return Self::own(fault.status, true, htx);
        }
        match instead {
            Some(Instead::BadAnswer) => return Self::own(502, false, htx),
            Some(Instead::Silence) => return Self::own(504, false, htx),
            None => {}
        }
        let status = seen.app.status;
        let mut reply = Self {
            status,
            raw: false,
            headers: Headers::new(),
            bytes: seen.app.content.bytes(),
            streamed: false,
            bodiless: method == "HEAD" || matches!(status, 100..=199 | 204 | 304),
            upgrade: false,
            tunnel: status == 101 || method == "CONNECT" && matches!(status, 200..=299),
            htx,
        };
        reply.pass_on(&seen.app.headers);
        reply.frame(seen.app.content, asked.new);
        reply
    }

    pub fn own(status: u16, raw: bool, htx: bool) -> Self {
        let bytes = match status {
            400 => 90,
            413 => 106,
            422 => 116,
            504 => 92,
            _ => 107,
        };
        let mut headers = Headers::new();
        let name = if htx && !raw { "content-length" } else { "Content-length" };
        headers.push(name, bytes.to_string());
        if status == 400 {
            headers.push("Connection", "close");
        }
        Self {
            status,
            raw,
            headers,
            bytes,
            streamed: false,
            bodiless: false,
            upgrade: false,
            tunnel: false,
            htx,
        }
    }

    /// The origin's fields. Of Connection only what HAProxy has no use for is passed on.
    fn pass_on(&mut self, fields: &Headers) {
        let coded = fields.has("transfer-encoding");
        let no_length = coded || matches!(self.status, 100..=199 | 204);
        for Field { name, value } in fields.iter() {
            let mut value = value.clone();
            if name.eq_ignore_ascii_case("connection") {
                value = rest_of(&value);
                self.upgrade |= members(&value).any(|word| word.eq_ignore_ascii_case("upgrade"));
                if value.is_empty() {
                    continue;
                }
            } else if name.eq_ignore_ascii_case("content-length") {
                if no_length || self.headers.has("content-length") {
                    continue;
                }
            } else if name.eq_ignore_ascii_case("transfer-encoding") && self.status == 204 {
                continue;
            }
            self.headers.push(self.spelled(name), value);
        }
    }

    fn spelled(&self, name: &str) -> String {
        if self.htx { name.to_ascii_lowercase() } else { name.to_owned() }
    }

    /// The field that tells the length. The origin chunks what it streams to an HTTP/1.1 client.
    fn frame(&mut self, content: Content, new: bool) {
        let said = self.headers.has("content-length") || self.headers.has("transfer-encoding");
        if said || matches!(self.status, 100..=199 | 204 | 304) {
            return;
        }
        match content {
            Content::Streamed(_) if new => {
                self.headers.push(self.spelled("Transfer-Encoding"), "chunked");
            }
            Content::Streamed(_) => self.streamed = !self.bodiless,
            Content::Known(_) | Content::Empty => {
                self.headers.push(self.spelled("Content-Length"), self.bytes.to_string());
            }
        }
    }

    /// Bytes that are promised and will not come.
    pub fn missing(&self) -> u64 {
        let length = self.headers.first("content-length").and_then(|text| trim(text).parse().ok());
        if self.bodiless { 0 } else { length.unwrap_or(0_u64).saturating_sub(self.bytes) }
    }

    /// Is the length known?
    pub fn length(&self) -> Own {
        if self.streamed {
            let fact = "the length is not known beforehand, and HTTP/1.0 knows no chunks";
            let clause = clause::BODY_LENGTH;
            return Own::Closes("no", reason("close-delimited", fact, clause, Strength::Must));
        }
        if self.missing() > 0 {
            let fact = "the origin sends fewer bytes than it promises, and closes";
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
    pub fn compose(self, method: &str, new: bool, says: Says) -> (Response, Framing, u64) {
        let mut response = Response::new(Version::Http11, self.status);
        let name = if self.htx { "connection" } else { "Connection" };
        response.headers = self.headers;
        let quiet = self.raw || self.tunnel || self.upgrade;
        match says {
            _ if quiet => {}
            Says::Kept if !new => response.headers.push(name, "keep-alive"),
            Says::Kept => {}
            Says::Closed => response.headers.push(name, "close"),
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

/// What the answer says about the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    Kept,
    Closed,
}

/// A Connection field without close and keep-alive.
pub fn rest_of(value: &str) -> String {
    let read = |word: &&str| {
        !word.eq_ignore_ascii_case("close") && !word.eq_ignore_ascii_case("keep-alive")
    };
    members(value).filter(read).collect::<Vec<_>>().join(",")
}

/// What is wrong with an origin's answer. 101 has to be wanted by both sides.
pub fn wrong(seen: &RequestSeen<'_>, asked: &Asked) -> Option<Cause> {
    let headers = &seen.app.headers;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let lengths: Vec<&str> = headers.all("content-length").map(trim).collect();
    if lengths.iter().any(|text| !digits(text) || text.parse::<u64>().is_err()) {
        return Some(Cause::ResponseBadLength);
    }
    if lengths.windows(2).any(|two| two[0].parse::<u64>() != two[1].parse::<u64>()) {
        return Some(Cause::ResponseDifferentLengths);
    }
    let codings = || headers.all("transfer-encoding").flat_map(members);
    if codings().any(|word| !word.eq_ignore_ascii_case("chunked")) || codings().count() > 1 {
        return Some(Cause::ResponseChunkedTwice);
    }
    let upgrade = |value: &str| members(value).any(|word| word.eq_ignore_ascii_case("upgrade"));
    let agreed = asked.upgrade && headers.all("connection").any(upgrade);
    (seen.app.status == 101 && !agreed).then_some(Cause::Switched)
}
