//! The answer: what stands in it, how it is framed, and the fields in httpd's order.
use super::request::{Asked, HTTP10, HTTP11};
use super::{Variables, status_line};
use crate::profile::server::shared::{Own, PIECE, chunked_bytes, reason};
use crate::profile::server::{Content, RequestSeen};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::trim;
use crate::protocol::{Field, Framing, Headers, Response, Strength, Version, clause};

/// What is answered, before it is decided whether the connection stays.
pub struct Reply<'a> {
    pub status: u16,
    /// The request's version, as the variables leave it.
    pub version: u16,
    pub framing: Framing,
    content: Content,
    /// The application's fields. None: httpd answers by itself.
    app: Option<&'a Headers>,
    head_only: bool,
    force_response: bool,
}

/// The type of httpd's own pages.
const PAGE: &str = "text/html; charset=iso-8859-1";

impl<'a> Reply<'a> {
    pub fn of(seen: &RequestSeen<'a>, asked: &Asked, variables: &Variables) -> Self {
        let request = seen.request;
        let own = own(seen, asked);
        let (status, content) = own.unwrap_or((seen.app.status, length_of(seen)));
        let version = if variables.downgrade { HTTP10 } else { asked.version };
        let head_only = request.method == "HEAD";
        // Once the connection is marked for closing, httpd does not think of chunks any more.
        let chunks = version >= HTTP11 && !asked.two_lengths && !asked.owes_100;
        let framing = match content {
            _ if version < HTTP10 && asked.fault.is_none() => Framing::CloseDelimited,
            _ if head_only || matches!(status, 100..=199 | 204 | 304) => Framing::None,
            Content::Known(bytes) => Framing::ContentLength(bytes),
            Content::Empty => Framing::ContentLength(0),
            Content::Streamed(_) if chunks => Framing::Chunked,
            Content::Streamed(_) => Framing::CloseDelimited,
        };
        let app = own.is_none().then_some(&seen.app.headers);
        let force_response = variables.force_response;
        Self { status, version, framing, content, app, head_only, force_response }
    }

    pub fn is_of_application(&self) -> bool {
        self.app.is_some()
    }

    /// Does the application's own Connection field say close?
    pub fn app_closes(&self) -> bool {
        let mut lines = self.app.into_iter().flat_map(|headers| headers.all("connection"));
        lines.any(|line| super::request::find_token(line, "close").is_some())
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
            Framing::CloseDelimited | Framing::Invalid if self.version < HTTP11 => {
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

    /// The head, the framing, and the bytes of body on the wire. `said`: the head says that the
    /// connection stays; `hint` is the Keep-Alive field of a client that asked.
    pub fn compose(
        &self,
        seen: &RequestSeen<'_>,
        said: bool,
        hint: Option<String>,
    ) -> (Response, Framing, u64) {
        let mut response = Response::new(status_line(self.force_response), self.status);
        let bytes = self.content.bytes();
        if self.framing == Framing::CloseDelimited && seen.request.version == Version::Http09 {
            response.version = Version::Http09;
            return (response, self.framing, bytes);
        }
        let fields = &mut response.headers;
        fields.0.reserve_exact(4 + self.app.map_or(0, Headers::len));
        self.app_fields(fields);
        self.own_fields(fields, said, hint);
        let body = match self.framing {
            Framing::None => 0,
            Framing::ContentLength(length) => length.min(bytes),
            Framing::Chunked => chunked_bytes(bytes, PIECE),
            Framing::CloseDelimited | Framing::Invalid => bytes,
        };
        (response, self.framing, body)
    }

    /// The application's fields, without those that are httpd's business.
    fn app_fields(&self, fields: &mut Headers) {
        for Field { name, value } in self.app.into_iter().flat_map(Headers::iter) {
            let is = |known| name.eq_ignore_ascii_case(known);
            if is("content-length") || is("transfer-encoding") || is("content-type") {
                continue;
            }
            if is("connection") && fields.has("connection") {
                merge(fields, value);
            } else {
                fields.push(name.as_str(), value.as_str());
            }
        }
    }

    fn own_fields(&self, fields: &mut Headers, said: bool, hint: Option<String>) {
        let length = match self.content {
            Content::Known(bytes) => Some(bytes),
            Content::Empty => Some(0),
            Content::Streamed(_) => None,
        };
        // HEAD: httpd's own pages come without a length, and a length of 0 is left out, as it may
        // come from an application that did not look.
        let bodiless = matches!(self.status, 100..=199 | 204 | 304);
        let meant = |bytes| !self.head_only || (bytes > 0 && self.app.is_some());
        if let Some(bytes) = length.filter(|&bytes| !bodiless && meant(bytes)) {
            fields.push("Content-Length", bytes.to_string());
        }
        if self.status == 101 && self.app.is_some() {
            if !fields.has("connection") {
                fields.push("Connection", "Upgrade");
            }
        } else {
            self.say(fields, said, hint);
        }
        if self.framing == Framing::Chunked {
            fields.push("Transfer-Encoding", "chunked");
        }
        let kind = match self.app {
            Some(app) => app.first("content-type"),
            // Only the echo of TRACE has no length.
            None if length.is_none() => Some("message/http"),
            None => Some(PAGE).filter(|_| length != Some(0)),
        };
        if let Some(kind) = kind.filter(|_| !bodiless) {
            fields.push("Content-Type", kind);
        }
    }

    /// What is said about the connection. To a client that did not ask: nothing, while it stays.
    fn say(&self, fields: &mut Headers, said: bool, hint: Option<String>) {
        if let Some(hint) = hint {
            match fields.0.iter_mut().find(|field| field.is("keep-alive")) {
                Some(field) => field.value = hint,
                None => fields.push("Keep-Alive", hint),
            }
            merge(fields, "Keep-Alive");
        } else if !said && !self.app_closes() {
            merge(fields, "close");
        }
    }
}

/// Adds a word to the Connection field; the application may have written one.
fn merge(fields: &mut Headers, word: &str) {
    match fields.0.iter_mut().find(|field| field.is("connection")) {
        Some(field) => {
            field.value.push_str(", ");
            field.value.push_str(word);
        }
        None => fields.push("Connection", word),
    }
}

/// What the application produces; its own Content-Length makes the length known.
fn length_of(seen: &RequestSeen<'_>) -> Content {
    let own = seen.app.headers.first("content-length");
    match own.and_then(|value| trim(value).parse().ok()) {
        Some(bytes) => Content::Known(bytes),
        None => seen.app.content,
    }
}

/// What httpd answers without asking the application: status and page, in the size of 2.4.71.
fn own(seen: &RequestSeen<'_>, asked: &Asked) -> Option<(u16, Content)> {
    let request = seen.request;
    let (status, bytes) = match (&asked.fault, request.method.as_str()) {
        (Some(fault), _) => match fault.status {
            414 => (414, 288),
            417 => (417, 392 + request.headers.first("expect").map_or(0, str::len) as u64),
            status => (status, 266),
        },
        (None, "CONNECT") => (405, 264),
        (None, "OPTIONS") if request.target == "*" => (200, 0),
        (None, "TRACE") if has_body(&request.headers) => (413, 357),
        // The request comes back as the body of the answer, in pieces.
        (None, "TRACE") => return Some((200, Content::Streamed(request.wire_bytes()))),
        _ => return None,
    };
    Some((status, Content::Known(bytes)))
}

fn has_body(headers: &Headers) -> bool {
    headers.has("transfer-encoding")
        || headers.first("content-length").is_some_and(|value| trim(value) != "0")
}
