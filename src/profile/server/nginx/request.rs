//! What nginx reads out of a request's head, in its own order: the request line, the fields one by
//! one, then what is missing and the lengths. The first thing that is wrong is answered.
use super::settings::{BODY_SIZE, SPECIAL_RESPONSE, Settings};
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::{Field, Headers, Request, Strength, Version, clause};

/// A request as nginx sees it.
pub struct Asked {
    /// Answered at once, without asking the server behind.
    pub fault: Option<Fault>,
    /// The version as a number that can be compared: 1001 is HTTP/1.1.
    pub version: u16,
    /// What the last line of Connection that says anything says.
    pub connection: Option<Said>,
    /// A line before it said close.
    pub overruled: bool,
    /// The letters of close stand inside another word.
    pub inside: bool,
    pub browser: Option<Browser>,
}

/// What a Connection line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    Close,
    KeepAlive,
}

/// A browser that `keepalive_disable` may forbid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Msie6,
    Safari,
    /// Safari on another system than macOS.
    SafariElsewhere,
}

pub const HTTP10: u16 = 1000;
pub const HTTP11: u16 = 1001;

impl Asked {
    pub fn read(request: &Request, settings: &Settings) -> Self {
        let mut asked = Self {
            fault: None,
            version: HTTP10,
            connection: None,
            overruled: false,
            inside: false,
            browser: None,
        };
        asked.fault = match start_line(request) {
            Ok(version) => {
                asked.version = version;
                fields(&request.headers, settings.strict)
                    .or_else(|| whole(request, version, settings.strict))
            }
            Err(fault) => Some(fault),
        };
        for line in request.headers.all("connection") {
            asked.read_connection(line);
        }
        asked.browser = request.headers.first("user-agent").and_then(browser);
        asked
    }

    /// Letters, not words: `disclose` says close here.
    fn read_connection(&mut self, line: &str) {
        let said = if has(line, "close") {
            self.inside = !line.split([',', ' ']).any(|word| word.eq_ignore_ascii_case("close"));
            Said::Close
        } else if has(line, "keep-alive") {
            self.overruled |= self.connection == Some(Said::Close);
            Said::KeepAlive
        } else {
            return;
        };
        self.connection = Some(said);
    }
}

/// Are these letters anywhere in the text, in any case?
fn has(text: &str, letters: &str) -> bool {
    let (text, letters) = (text.as_bytes(), letters.as_bytes());
    text.windows(letters.len()).any(|part| part.eq_ignore_ascii_case(letters))
}

/// The version, as a number.
fn start_line(request: &Request) -> Result<u16, Fault> {
    let target = request.target.as_str();
    let word = |b: u8| b.is_ascii_uppercase() || b == b'_' || b == b'-';
    if request.method.is_empty() || !request.method.bytes().all(word) {
        return Err(Fault::of(400, Cause::RequestMethod));
    }
    let scheme = |(name, _): (&str, &str)| name.starts_with(|c: char| c.is_ascii_alphabetic());
    let path = target.starts_with('/') || target.split_once("://").is_some_and(scheme);
    if !path || target.bytes().any(|b| b <= b' ' || b == 0x7f) {
        return Err(Fault::of(400, Cause::RequestTarget));
    }
    if request.method.len() + target.len() > 8192 - " HTTP/1.1 ".len() {
        let fact = "the request line is longer than 8 kB";
        return Err(own(414, "request-too-large", fact));
    }
    match number(&request.version) {
        Err(505) => Err(Fault::of(505, Cause::RequestNotHttp1)),
        Err(status) => Err(Fault::of(status, Cause::RequestVersion)),
        Ok(9) if request.method != "GET" => Err(Fault::of(400, Cause::RequestSimple)),
        Ok(version) => Ok(version),
    }
}

/// `HTTP/1.` and up to three digits. Any other major version is 505.
fn number(version: &Version) -> Result<u16, u16> {
    match version {
        Version::Http09 => Ok(9),
        Version::Http10 => Ok(HTTP10),
        Version::Http11 => Ok(HTTP11),
        Version::Other { major: 0, .. } => Err(400),
        Version::Other { major: 1, minor } => Ok(HTTP10 + u16::from(*minor)),
        Version::Other { .. } => Err(505),
        Version::Malformed(text) => {
            let digits = text.strip_prefix("HTTP/").ok_or(400_u16)?;
            match digits.as_bytes() {
                [b'2'..=b'9', ..] | [b'1', b'0'..=b'9', ..] => Err(505),
                [b'1', b'.', minor @ ..] if (1..=3).contains(&minor.len()) => {
                    digits[2..].parse().map(|minor: u16| HTTP10 + minor).or(Err(400))
                }
                _ => Err(400),
            }
        }
    }
}

/// Fields that may stand only once.
const ONCE: [&str; 10] = [
    "authorization",
    "content-length",
    "content-range",
    "expect",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "transfer-encoding",
];

fn fields(headers: &Headers, strict: bool) -> Option<Fault> {
    headers.iter().enumerate().find_map(|(at, field)| one_field(headers, at, field, strict))
}

fn one_field(headers: &Headers, at: usize, field: &Field, strict: bool) -> Option<Fault> {
    let name = field.name.as_bytes();
    if name.is_empty() {
        return Some(Fault::of(400, Cause::RequestFieldName));
    }
    if name.iter().any(|&b| b <= b' ' || b == 0x7f) {
        // Before 1.21.1 such a line was passed over.
        return strict.then(|| Fault::of(400, Cause::RequestSpaceBeforeColon));
    }
    if field.value.contains(['\r', '\n']) && strict {
        return Some(Fault::of(400, Cause::RequestFolded));
    }
    if field.value.contains('\0') {
        return Some(Fault::of(400, Cause::RequestControl));
    }
    if name.len() + field.value.len() + 4 > 8192 {
        return Some(own(400, "request-too-large", "a field of the request is longer than 8 kB"));
    }
    let seen =
        || headers.0[..at].iter().any(|before| before.name.eq_ignore_ascii_case(&field.name));
    if field.is("host") {
        return (seen() || !is_host(&field.value))
            .then(|| host("the Host field is repeated, or no name that nginx reads"));
    }
    let once = ONCE.iter().any(|once| field.is(once)) && seen();
    once.then(|| own(400, "field-repeated", "a field that may stand only once is repeated"))
}

fn host(fact: &'static str) -> Fault {
    Fault::new(400, reason("host-missing-or-repeated", fact, clause::HOST, Strength::Must))
}

/// No white space, no slash, no two dots in a row, and something before the port.
fn is_host(text: &str) -> bool {
    let text = text.trim_matches(' ');
    let name = match text.strip_prefix('[') {
        Some(_) => text,
        None => text.split(':').next().unwrap_or(""),
    };
    let bad = |b: u8| b <= b' ' || b == 0x7f || b == b'/';
    !matches!(name, "" | ".") && !text.contains("..") && !text.bytes().any(bad)
}

/// What can be said when all fields are there.
fn whole(request: &Request, version: u16, strict: bool) -> Option<Fault> {
    let headers = &request.headers;
    if version < HTTP10 {
        return None;
    }
    if version > HTTP10 && !headers.has("host") {
        return Some(host("the HTTP/1.1 request has no Host field"));
    }
    let length = match headers.first("content-length").map(|text| text.trim_matches(' ')) {
        None => 0,
        Some(text) if text.bytes().all(|b| b.is_ascii_digit()) => match text.parse::<i64>() {
            Ok(length) => length,
            Err(_) => return Some(Fault::of(400, Cause::RequestBadLength)),
        },
        Some(_) => return Some(Fault::of(400, Cause::RequestBadLength)),
    };
    if let Some(coding) = headers.first("transfer-encoding") {
        if version < HTTP11 && strict {
            return Some(Fault::of(400, Cause::RequestCodingInHttp10));
        }
        if !coding.trim_matches(' ').eq_ignore_ascii_case("chunked") {
            return Some(own(501, "unknown-coding", "nginx knows no transfer coding but chunked"));
        }
        if headers.has("content-length") && strict {
            return Some(Fault::of(400, Cause::RequestTwoLengths));
        }
    }
    if matches!(request.method.as_str(), "CONNECT" | "TRACE") {
        return Some(own(405, "method-not-allowed", "nginx takes neither CONNECT nor TRACE"));
    }
    (length > 1024 * 1024).then(|| {
        let fact = "the request body is longer than 1 MiB (client_max_body_size)";
        Fault::new(413, reason("body-too-large", fact, BODY_SIZE, Strength::Practice))
    })
}

fn own(status: u16, rule: &'static str, fact: &'static str) -> Fault {
    Fault::new(status, reason(rule, fact, SPECIAL_RESPONSE, Strength::Practice))
}

/// Internet Explorer up to 6 without its second service pack; Safari, unless it is Chrome or has
/// the engine of Firefox.
fn browser(agent: &str) -> Option<Browser> {
    if agent.contains("Opera") {
        return None;
    }
    if let Some((_, version)) = agent.split_once("MSIE ") {
        let old = match version.as_bytes() {
            [b'4' | b'5', b'.', _, ..] => true,
            [b'6', b'.', ..] => !version[2..].contains("SV1"),
            _ => false,
        };
        return old.then_some(Browser::Msie6);
    }
    let safari = agent.contains("Safari/")
        && !["Gecko/", "Chrome/"].iter().any(|other| agent.contains(other));
    let mac = agent.contains("Mac OS X");
    safari.then_some(if mac { Browser::Safari } else { Browser::SafariElsewhere })
}
