//! What the server reads out of a request's head, in its own order: the request line cut at its
//! first two spaces, the target, the names of fields, the lengths.
use super::settings::REJECT;
use crate::profile::server::RequestSeen;
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::is_token;
use crate::protocol::{Field, Headers, Request, Strength, Version};

/// A request as the server sees it.
pub struct Asked {
    /// Answered without asking the application, with a page of so many bytes.
    pub fault: Option<(Fault, u64)>,
    /// The version is HTTP/1.0, in any case. Everything else counts as 1.1: 2.0 and 0.9 too.
    pub old: bool,
    pub connection: Said,
    /// A line of Connection that is not looked at says close.
    pub overlooked: bool,
    /// The target is a URI without a path, such as `a:443`.
    pub opaque: bool,
    /// How long the body is; None: chunked.
    pub length: Option<u64>,
}

/// What the first Connection line says, as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Nothing,
    Close,
    KeepAlive,
    /// Something else; an empty line, too, or a list with `close` in it.
    Other,
}

impl Asked {
    pub fn read(request: &Request) -> Self {
        let (old, line_fault) = start_line(request);
        let mut asked = Self {
            fault: line_fault,
            old,
            connection: Said::Nothing,
            overlooked: false,
            opaque: false,
            length: Some(0),
        };
        if asked.fault.is_none() {
            asked.fault = fields(&request.headers);
            let chunked = request.headers.has("transfer-encoding");
            asked.length = if chunked { None } else { length(&request.headers) };
        }
        if asked.fault.is_none() && !has_context(request) {
            asked.opaque = scheme(target(request)).is_some_and(|(_, rest)| !rest.starts_with('/'));
            asked.fault = Some(own(404, 50, "the target does not begin with a slash"));
        }
        asked.connection = request.headers.first("connection").map_or(Said::Nothing, said);
        asked.overlooked = asked.connection != Said::Close
            && request.headers.all("connection").any(|line| {
                line.split(',').any(|word| blank_trim(word).eq_ignore_ascii_case("close"))
            });
        asked
    }

    /// Does anything follow that no field announces?
    pub fn has_surplus(&self, seen: &RequestSeen<'_>) -> bool {
        self.length.is_some_and(|length| seen.body_bytes > length)
    }
}

fn said(line: &str) -> Said {
    let line = blank_trim(line);
    if line.eq_ignore_ascii_case("close") {
        Said::Close
    } else if line.eq_ignore_ascii_case("keep-alive") {
        Said::KeepAlive
    } else {
        Said::Other
    }
}

/// Without the white space, line folds and control characters at both ends.
fn blank_trim(text: &str) -> &str {
    text.trim_matches(|c: char| c <= ' ')
}

fn own(status: u16, page: u64, fact: &'static str) -> (Fault, u64) {
    (Fault::new(status, reason("request-rejected", fact, REJECT, Strength::Practice)), page)
}

/// What stands behind the first space, as far as the next one.
fn target(request: &Request) -> &str {
    let text = match request.method.split_once(' ') {
        Some((_, rest)) => rest,
        None => &request.target,
    };
    text.split(' ').next().unwrap_or("")
}

/// Is it HTTP/1.0, and what is wrong with the line?
fn start_line(request: &Request) -> (bool, Option<(Fault, u64)>) {
    if request.version == Version::Http09 {
        let fact = "the request line has no version: HTTP/0.9 is not understood";
        return (false, Some(own(400, 40, fact)));
    }
    let whole = !request.method.contains(' ') && !request.target.contains(' ');
    let old = match &request.version {
        Version::Http10 => whole,
        Version::Malformed(text) => whole && text.eq_ignore_ascii_case("http/1.0"),
        _ => false,
    };
    let wrong = !is_uri(target(request));
    (old, wrong.then(|| own(400, 49, "the target is no URI as java.net.URI reads them")))
}

/// As java.net.URI reads a target, as far as it matters for one that a client would send.
fn is_uri(text: &str) -> bool {
    let rest = match scheme(text) {
        Some((name, rest)) => {
            let letter = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
            let named = name.starts_with(|c: char| c.is_ascii_alphabetic());
            if !named || !name.bytes().all(letter) || rest.is_empty() {
                return false;
            }
            rest
        }
        None => text,
    };
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, tail) = rest.split_at(end);
    rest != "//" && legal(path, b"") && legal(tail, b"?[]#")
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    let colon = text.find([':', '/', '?', '#'])?;
    text[colon..].strip_prefix(':').map(|rest| (&text[..colon], rest))
}

/// Letters, digits, marks, and percent signs with two digits of a hexadecimal number.
fn legal(text: &str, also: &[u8]) -> bool {
    let bytes = text.as_bytes();
    bytes.iter().enumerate().all(|(at, &b)| match b {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
        0x80.. => true,
        _ => b.is_ascii_alphanumeric() || b"-_.!~*'();:@&=+$,/".contains(&b) || also.contains(&b),
    })
}

/// The application answers for every path, and a path begins with a slash.
fn has_context(request: &Request) -> bool {
    let target = target(request);
    let rest = scheme(target).map_or(target, |(_, rest)| rest);
    let path = match rest.strip_prefix("//") {
        Some(authority) => authority.find(['/', '?', '#']).map_or("", |at| &authority[at..]),
        None => rest,
    };
    path.starts_with('/')
}

/// What is wrong with the fields; their names first.
fn fields(headers: &Headers) -> Option<(Fault, u64)> {
    if let Some(field) = headers.iter().find(|Field { name, .. }| !is_token(name)) {
        let space = is_token(field.name.trim_end_matches([' ', '\t']));
        let cause = if space { Cause::RequestSpaceBeforeColon } else { Cause::RequestFieldName };
        return Some((Fault::of(400, cause), 62));
    }
    let codings = headers.all("transfer-encoding").count();
    match headers.all("content-length").count() {
        0 => {}
        _ if codings > 0 => return Some((Fault::of(400, Cause::RequestTwoLengths), 65)),
        1 => {}
        _ => return Some((Fault::of(400, Cause::RequestRepeatedLength), 65)),
    }
    if let Some(coding) = headers.first("transfer-encoding") {
        let chunked = codings == 1 && blank_trim(coding).eq_ignore_ascii_case("chunked");
        let fact = "no transfer coding is known here but chunked, alone";
        return (!chunked).then(|| own(501, 63, fact));
    }
    length(headers).is_none().then(|| (Fault::of(400, Cause::RequestBadLength), 52))
}

/// What Content-Length says; None: no number.
fn length(headers: &Headers) -> Option<u64> {
    let Some(text) = headers.first("content-length") else { return Some(0) };
    blank_trim(text).parse::<i64>().ok().and_then(|length| u64::try_from(length).ok())
}
