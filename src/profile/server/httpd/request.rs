//! What httpd reads out of a request's head, in its own way and order: the request line, the
//! fields, the lengths, then Host and Expect. The first thing that is wrong is answered.
use super::settings::READ_REQUEST;
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::trim;
use crate::protocol::{Field, Headers, Request, Strength, Version, clause};

/// A request as httpd sees it.
pub struct Asked {
    /// Answered at once, without asking the application.
    pub fault: Option<Fault>,
    /// The version as a number that can be compared: 1001 is HTTP/1.1.
    pub version: u16,
    /// The connection options that count.
    pub close: Option<Word>,
    pub keep_alive: Option<Word>,
    /// The request came through a proxy that says so.
    pub via: bool,
    /// The client may still wait for a 100 Continue when the answer is made: none was sent.
    pub owes_100: bool,
    /// Both Transfer-Encoding and Content-Length.
    pub two_lengths: bool,
}

/// How a connection option was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Whole,
    /// Only its beginning, which httpd takes for the whole.
    Part,
}

pub const HTTP10: u16 = 1000;
pub const HTTP11: u16 = 1001;

impl Asked {
    pub fn read(request: &Request, old: bool) -> Self {
        let headers = &request.headers;
        let chunked = headers.has("transfer-encoding");
        let two_lengths = chunked && headers.has("content-length");
        let version = number(&request.version);
        let fault = fault(request, version);
        let expects = fault.is_none() && expects_100(headers);
        Self {
            fault,
            version,
            close: option(headers, "close"),
            keep_alive: option(headers, "keep-alive"),
            via: headers.has("via"),
            owes_100: expects && !sends_100(headers, chunked, version),
            two_lengths: two_lengths && !old,
        }
    }
}

fn number(version: &Version) -> u16 {
    match *version {
        Version::Http09 => 9,
        Version::Http10 => HTTP10,
        Version::Http11 => HTTP11,
        Version::Other { major, minor } => u16::from(major) * 1000 + u16::from(minor),
        // Refused; the answer speaks HTTP/1.0 with itself.
        Version::Malformed(_) => HTTP10,
    }
}

/// Is the word in the Connection fields? All lines are read as one.
fn option(headers: &Headers, sought: &str) -> Option<Word> {
    let mut found = headers.all("connection").filter_map(|line| find_token(line, sought));
    let first = found.next()?;
    Some(if first == Word::Part {
        found.find(|&word| word == Word::Whole).unwrap_or(first)
    } else {
        first
    })
}

/// Looks for a word in a list. Words end at any character that cannot stand in one, and only as
/// many letters are compared as the list has: `clos` is found where `close` is sought, `closed` not.
pub fn find_token(line: &str, sought: &str) -> Option<Word> {
    let stop = |c: char| !(c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c));
    let mut words = line.split(stop).filter(|word| !word.is_empty());
    let begins =
        |word: &str| sought.get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
    let word = words.find(|word| begins(word))?;
    Some(if word.len() == sought.len() { Word::Whole } else { Word::Part })
}

fn expects_100(headers: &Headers) -> bool {
    headers.first("expect").is_some_and(|value| trim(value).eq_ignore_ascii_case("100-continue"))
}

/// The 100 goes out when the body is read: not without a body, and not to HTTP/1.0.
fn sends_100(headers: &Headers, chunked: bool, version: u16) -> bool {
    let length = headers.first("content-length").is_some_and(|value| trim(value) != "0");
    version >= HTTP11 && (chunked || length)
}

type Check = fn(&Request, u16) -> Option<Fault>;

/// In the order in which httpd comes across them.
const CHECKS: &[Check] = &[
    |request, _| Fault::of_head(request),
    start_line,
    |request, _| too_large(request),
    |request, _| length(&request.headers),
    |request, _| coding(&request.headers),
    host,
    |request, _| expectation(&request.headers),
];

fn fault(request: &Request, version: u16) -> Option<Fault> {
    CHECKS.iter().find_map(|check| check(request, version))
}

/// What [`Fault::of_head`] lets pass and httpd does not.
fn start_line(request: &Request, version: u16) -> Option<Fault> {
    if version < HTTP10 && request.version != Version::Http09 {
        return Some(Fault::of(400, Cause::RequestVersion));
    }
    let target = request.target.as_str();
    let whole = request.method == "OPTIONS" && target == "*";
    let known = match request.method.as_str() {
        "CONNECT" => !target.starts_with('/'),
        _ => target.starts_with('/') || target.contains("://") || whole,
    };
    if known && !target.contains('#') {
        return None;
    }
    let fact = "the target of the request is no path that httpd reads";
    let clause = clause::REQUEST_LINE;
    Some(Fault::new(400, reason("malformed-request-line", fact, clause, Strength::Should)))
}

/// The limits that are compiled in: 8190 bytes in a line, 100 fields.
fn too_large(request: &Request) -> Option<Fault> {
    const LINE: usize = 8190;
    let long = |field: &Field| field.name.len() + field.value.len() + 2 > LINE;
    let line = request.method.len() + request.target.len() + " HTTP/1.1 ".len();
    let fields = &request.headers;
    let (status, fact) = match () {
        () if line > LINE => (414, "the request line is longer than 8190 bytes"),
        () if fields.len() > 100 => (400, "the request has more than 100 fields"),
        () if fields.iter().any(long) => (400, "a field of the request is longer than 8190 bytes"),
        () => return None,
    };
    let because = reason("request-too-large", fact, READ_REQUEST, Strength::Practice);
    Some(Fault::new(status, because))
}

/// Digits, once. A repeated field becomes a list, and a list is no number.
fn length(headers: &Headers) -> Option<Fault> {
    let mut lines = headers.all("content-length");
    let first = trim(lines.next()?);
    let digits = !first.is_empty() && first.bytes().all(|b| b.is_ascii_digit());
    if digits && lines.next().is_none() && first.parse::<i64>().is_ok() {
        return None;
    }
    let repeated = digits && headers.all("content-length").count() > 1;
    Some(Fault::of(
        400,
        if repeated { Cause::RequestRepeatedLength } else { Cause::RequestBadLength },
    ))
}

/// The last coding has to be `chunked`; what stands before it is not looked at.
fn coding(headers: &Headers) -> Option<Fault> {
    let last = headers.all("transfer-encoding").last()?;
    let member = last.rsplit(',').next().unwrap_or("");
    if trim(member).eq_ignore_ascii_case("chunked") {
        return None;
    }
    Some(Fault::of(400, Cause::RequestNotChunkedLast))
}

/// A wrong name is refused in every version, a missing one from HTTP/1.1 on.
fn host(request: &Request, version: u16) -> Option<Fault> {
    if version < HTTP10 {
        return None;
    }
    let mut lines = request.headers.all("host").map(trim);
    let (first, second) = (lines.next(), lines.next());
    let in_target = request.target.contains("://") || request.method == "CONNECT";
    let named = in_target || first.is_some_and(|name| !name.is_empty());
    let fact = match first {
        _ if second.is_some() => "the request has more than one Host field",
        Some(name) if !in_target && !name.is_empty() && !is_host(name) => {
            "the Host field is no name that httpd reads"
        }
        None if version == HTTP11 => "an HTTP/1.1 request has no Host field",
        _ if !named && version >= HTTP11 => "the request names no host",
        _ => return None,
    };
    Some(Fault::new(400, reason("host-missing-or-repeated", fact, clause::HOST, Strength::Must)))
}

/// `name`, `name:port`, `[v6]:port`. A name of digits only is none, and so is a top level
/// that begins with a digit.
fn is_host(text: &str) -> bool {
    let end = text.rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
    let name = match text[..end].strip_suffix(':') {
        Some(_) if !matches!(text[end..].parse::<u32>(), Ok(1..=65535)) => return false,
        Some(name) => name,
        None => text,
    };
    if let Some(literal) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return literal.chars().all(|c| c.is_ascii_hexdigit() || ":.".contains(c));
    }
    let letter = |c: char| c.is_ascii_alphabetic() || c == '-' || c == '_';
    let known = |c: char| letter(c) || c.is_ascii_digit() || c == '.';
    if name.is_empty() || !name.chars().all(known) || name.contains("..") {
        return false;
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    if !name.contains(letter) {
        let zero = |part: &str| part.len() > 1 && part.starts_with('0');
        return name.split('.').count() == 4 && !name.split('.').any(zero);
    }
    let top = name.rsplit('.').next().unwrap_or("");
    top == name || top.is_empty() || top.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// `100-continue` is the only expectation that httpd knows.
fn expectation(headers: &Headers) -> Option<Fault> {
    let mut lines = headers.all("expect").map(trim);
    let (first, second) = (lines.next()?, lines.next());
    if first.is_empty() || (second.is_none() && first.eq_ignore_ascii_case("100-continue")) {
        return None;
    }
    let fact = "the expectation is not 100-continue";
    Some(Fault::new(417, reason("unknown-expectation", fact, clause::EXPECT, Strength::May)))
}
