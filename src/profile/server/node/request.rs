//! What Node's parser (llhttp) and its server read out of a request's head.
use super::settings::{ON_INCOMING, PARSER, Settings};
use crate::profile::llhttp::{Said, has_word};
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::{check_name, is_token};
use crate::protocol::{Field, Headers, Malformed, Request, Strength, Version};

/// A request as Node sees it.
pub struct Asked {
    /// Refused by the parser: a status line, `Connection: close`, and the end.
    pub fault: Option<Fault>,
    /// Exactly HTTP/1.1: any other version known here counts as HTTP/1.0.
    pub new: bool,
    pub said: Said,
    /// An answer in chunks is understood: HTTP/1.1, or `TE: chunked` in an older one.
    pub knows_chunks: bool,
    /// The coding of the body is not chunked: the error comes after the head was handed on.
    pub endless: bool,
    /// The application is not asked.
    pub own: Option<OwnAnswer>,
}

/// Answers of the server itself to a request that the parser took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwnAnswer {
    NoHost,
    TooMany,
    Expectation,
}

impl OwnAnswer {
    pub const fn status(self) -> u16 {
        match self {
            Self::NoHost => 400,
            Self::TooMany => 503,
            Self::Expectation => 417,
        }
    }
}

impl Asked {
    /// `number` is the request's number on its connection, from 1.
    pub fn read(request: &Request, settings: &Settings, number: u64) -> Self {
        let headers = &request.headers;
        let new = request.version == Version::Http11;
        Self {
            fault: fault(request),
            new,
            said: Said::of(headers),
            knows_chunks: new || headers.first("te").is_some_and(|te| has_word(te, "chunked")),
            endless: headers
                .all("transfer-encoding")
                .last()
                .is_some_and(|line| !line.trim().is_empty() && !ends_chunked(line)),
            own: if new { own_answer(headers, settings, number) } else { None },
        }
    }

    /// Will the parser take another request behind this one?
    pub const fn lasts(&self) -> bool {
        if self.new { !self.said.close } else { self.said.keep_alive }
    }
}

fn own_answer(headers: &Headers, settings: &Settings, number: u64) -> Option<OwnAnswer> {
    if settings.needs_host && !headers.has("host") {
        return Some(OwnAnswer::NoHost);
    }
    if settings.max_requests > 0 && number > settings.max_requests {
        return Some(OwnAnswer::TooMany);
    }
    let expected = headers.first("expect")?;
    (!has_word(expected, "100-continue")).then_some(OwnAnswer::Expectation)
}

/// The methods that the parser knows.
const METHODS: [&str; 35] = [
    "ACL",
    "BIND",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LINK",
    "LOCK",
    "M-SEARCH",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MOVE",
    "NOTIFY",
    "OPTIONS",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PURGE",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "SOURCE",
    "SUBSCRIBE",
    "TRACE",
    "UNBIND",
    "UNLINK",
    "UNLOCK",
    "UNSUBSCRIBE",
];

/// `--max-http-header-size`.
const LONGEST_HEAD: u64 = 16 * 1024;

fn fault(request: &Request) -> Option<Fault> {
    let bad = |cause| Some(Fault::of(400, cause));
    if !METHODS.contains(&request.method.as_str()) {
        if is_token(&request.method) {
            return own(400, "unknown-method", "Node's parser does not know the method");
        }
        return bad(Cause::RequestMethod);
    }
    if !is_target(request) {
        return bad(Cause::RequestTarget);
    }
    match request.version {
        Version::Http09 => return None,
        Version::Http10 | Version::Http11 | Version::Other { major: 2, minor: 0 } => {}
        Version::Other { .. } => return bad(Cause::RequestNotHttp1),
        Version::Malformed(_) => return bad(Cause::RequestVersion),
    }
    if request.wire_bytes() > LONGEST_HEAD {
        return own(431, "request-too-large", "the head of the request is longer than 16 kB");
    }
    request.headers.iter().find_map(field_fault).or_else(|| length_fault(&request.headers))
}

fn own(status: u16, rule: &'static str, fact: &'static str) -> Option<Fault> {
    Some(Fault::new(status, reason(rule, fact, PARSER, Strength::Practice)))
}

/// A path, a star, or letters with `://` behind them; printable, and ASCII only.
fn is_target(request: &Request) -> bool {
    let target = request.target.as_str();
    let scheme =
        |(name, _): (&str, &str)| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    let begins = target.starts_with(['/', '*']) || target.split_once("://").is_some_and(scheme);
    (begins || request.method == "CONNECT" && !target.is_empty())
        && target.bytes().all(|b| b.is_ascii_graphic())
}

fn field_fault(field: &Field) -> Option<Fault> {
    let cause = match check_name(&field.name) {
        Err(Malformed::SpaceBeforeColon) => Cause::RequestSpaceBeforeColon,
        Err(_) => Cause::RequestFieldName,
        Ok(()) if field.value.contains(['\r', '\n']) => Cause::RequestFolded,
        Ok(()) if field.value.bytes().any(|b| b < b' ' && b != b'\t' || b == 0x7f) => {
            Cause::RequestControl
        }
        Ok(()) => return None,
    };
    Some(Fault::of(400, cause))
}

fn length_fault(headers: &Headers) -> Option<Fault> {
    let bad = |cause| Some(Fault::of(400, cause));
    let mut lengths = headers.all("content-length");
    if let Some(length) = lengths.next() {
        let length = length.trim_matches([' ', '\t']);
        let digits = !length.is_empty() && length.bytes().all(|b| b.is_ascii_digit());
        if !digits || length.parse::<u64>().is_err() {
            return bad(Cause::RequestBadLength);
        }
        if lengths.next().is_some() {
            return bad(Cause::RequestRepeatedLength);
        }
        if headers.has("transfer-encoding") {
            return bad(Cause::RequestTwoLengths);
        }
    }
    let mut words = headers.all("transfer-encoding").flat_map(|line| line.split(','));
    // Nothing may follow chunked, not even an empty member of the list.
    let early = words.any(ends_chunked) && words.next().is_some();
    if early { bad(Cause::RequestNotChunkedLast) } else { None }
}

fn ends_chunked(line: &str) -> bool {
    let last = line.rsplit(',').next().unwrap_or("");
    last.trim_matches([' ', '\t']).eq_ignore_ascii_case("chunked")
}

/// Why the server itself answered.
pub fn reason_of(own: OwnAnswer) -> crate::protocol::Reason {
    let (rule, fact) = match own {
        OwnAnswer::NoHost => {
            ("host-missing-or-repeated", "the HTTP/1.1 request has no Host field: 400 and close")
        }
        OwnAnswer::TooMany => {
            ("max-requests-per-socket", "there were maxRequestsPerSocket requests before it: 503")
        }
        OwnAnswer::Expectation => ("expectation", "Expect says something that Node does not know"),
    };
    reason(rule, fact, ON_INCOMING, Strength::Practice)
}
