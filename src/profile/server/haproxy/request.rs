//! What HAProxy reads out of a request's head, in its own order: the request line, the fields one
//! by one, then what they say together. The first thing that is wrong is answered.
use super::settings::{HANDLE_HEADERS, PARSER, Settings};
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::connection::members;
use crate::protocol::syntax::{is_token, trim};
use crate::protocol::{Field, Request, Strength, Version, clause};

/// A request as HAProxy sees it.
#[derive(Default)]
pub struct Asked {
    /// Answered at once, without asking the server behind.
    pub fault: Option<Fault>,
    /// HTTP/1.1 or any later version, HTTP/2.0 and above included.
    pub new: bool,
    pub close: bool,
    pub keep_alive: bool,
    pub upgrade: bool,
    /// The length of the body is given twice, or in a way that HTTP/1.0 does not know.
    pub doubtful: bool,
    length: Option<u64>,
    chunked: bool,
    other_coding: bool,
    coded: bool,
    websocket: bool,
}

impl Asked {
    pub fn read(request: &Request, settings: &Settings) -> Self {
        let mut asked = Self::default();
        let fault = asked
            .start_line(request)
            .or_else(|| asked.fields(request, connection_field(request, settings)))
            .or_else(|| asked.whole(request, settings));
        asked.fault = fault;
        asked
    }

    /// Bytes of body that the request announces and that were not sent.
    pub fn missing(&self, body_bytes: u64) -> bool {
        self.length.is_some_and(|length| !self.chunked && length > body_bytes)
    }

    fn start_line(&mut self, request: &Request) -> Option<Fault> {
        let visible = |b: u8| (0x21..=0x7e).contains(&b);
        match &request.version {
            _ if !is_token(&request.method) => return Some(Fault::of(400, Cause::RequestMethod)),
            _ if request.target.is_empty() || !request.target.bytes().all(visible) => {
                return Some(Fault::of(400, Cause::RequestTarget));
            }
            Version::Http09 => {
                return Some(own(400, "http09-refused", "HAProxy takes no request of HTTP/0.9"));
            }
            Version::Malformed(_) => return Some(Fault::of(400, Cause::RequestVersion)),
            Version::Http10 | Version::Other { major: 0, .. } => {}
            Version::Http11 | Version::Other { .. } => self.new = true,
        }
        None
    }

    fn fields(&mut self, request: &Request, connection: &str) -> Option<Fault> {
        // Fields that are only read, or repeat what is there already, take no place.
        const MOST: usize = 100;
        let mut host: Option<&str> = None;
        let mut places = 0;
        for field in request.headers.iter() {
            let value = trim(&field.value);
            if field.name.is_empty() || !is_token(&field.name) {
                let spaced = is_token(field.name.trim_end_matches([' ', '\t']));
                let cause = [Cause::RequestFieldName, Cause::RequestSpaceBeforeColon];
                return Some(Fault::of(400, cause[usize::from(spaced)]));
            }
            if has_bare_line_end(&field.value) {
                return Some(Fault::of(400, Cause::RequestControl));
            }
            if field.is("host") {
                match host {
                    None => host = Some(value),
                    Some(first) if first.eq_ignore_ascii_case(value) => continue,
                    Some(_) => return Some(wrong_host("the request has two Host fields")),
                }
            } else if field.is(connection) {
                self.connection(value);
                let read = |member: &str| {
                    ["close", "keep-alive"].iter().any(|word| member.eq_ignore_ascii_case(word))
                };
                if members(value).all(read) {
                    continue;
                }
            } else if let Some(fault) = self.framing_field(field, value) {
                return Some(fault);
            }
            places += 1;
        }
        (places > MOST).then(|| too_large("the request has more than 100 fields"))
    }

    fn connection(&mut self, value: &str) {
        for member in members(value) {
            self.close |= member.eq_ignore_ascii_case("close");
            self.keep_alive |= member.eq_ignore_ascii_case("keep-alive");
            self.upgrade |= member.eq_ignore_ascii_case("upgrade");
        }
    }

    fn framing_field(&mut self, field: &Field, value: &str) -> Option<Fault> {
        if field.is("content-length") {
            match (lengths(value), self.length) {
                (None, _) => return Some(Fault::of(400, Cause::RequestBadLength)),
                (Some(new), Some(old)) if new != old => {
                    return Some(Fault::of(400, Cause::RequestDifferentLengths));
                }
                (length, _) => self.length = length,
            }
        } else if field.is("transfer-encoding") {
            self.coded = true;
            for member in members(value) {
                if self.chunked {
                    let again = member.eq_ignore_ascii_case("chunked");
                    let cause = [Cause::RequestNotChunkedLast, Cause::RequestChunkedTwice];
                    return Some(Fault::of(400, cause[usize::from(again)]));
                }
                self.chunked = member.eq_ignore_ascii_case("chunked");
                self.other_coding |= !self.chunked;
            }
        } else if field.is("upgrade") {
            self.websocket = members(value).any(|name| name.eq_ignore_ascii_case("websocket"));
        }
        None
    }

    /// What can be said when all fields are there.
    fn whole(&mut self, request: &Request, settings: &Settings) -> Option<Fault> {
        if let Some(fault) = address(request) {
            return Some(fault);
        }
        if self.coded {
            self.doubtful = self.length.is_some() || !self.new;
            if !self.chunked {
                return Some(Fault::of(400, Cause::RequestNotChunkedLast));
            }
        }
        if size(request) > LARGEST {
            return Some(too_large("the head of the request is longer than 15 kB"));
        }
        if !settings.htx {
            return None;
        }
        let body = self.chunked || self.length.is_some_and(|length| length > 0);
        let plain = matches!(request.method.as_str(), "GET" | "HEAD" | "DELETE");
        if !self.new && body && plain {
            let fact = "HTTP/1.0 with a body behind GET, HEAD or DELETE is not taken";
            return Some(own(413, "body-not-taken", fact));
        }
        if self.other_coding {
            return Some(own(
                422,
                "unknown-coding",
                "HAProxy knows no transfer coding but chunked",
            ));
        }
        // Beside a body an upgrade is not passed on.
        self.upgrade &= !body;
        let key = || request.headers.first("sec-websocket-key").is_some_and(|key| key.len() == 24);
        (self.upgrade && self.websocket && !key()).then(|| {
            let fact = "the request asks for WebSocket without the key that belongs to it";
            Fault::new(400, reason("websocket-key", fact, HANDLE_HEADERS, Strength::Practice))
        })
    }
}

/// Where the options stand: in old versions, proxies could be told by another field.
fn connection_field(request: &Request, settings: &Settings) -> &'static str {
    let to_proxy = !request.target.starts_with(['/', '*']);
    if settings.proxy_header && to_proxy { "proxy-connection" } else { "connection" }
}

/// A line end that no white space follows: it would end the field.
fn has_bare_line_end(value: &str) -> bool {
    let folded = value.replace("\r\n ", "").replace("\r\n\t", "");
    folded.contains(['\r', '\n'])
}

/// One number, however often it stands there.
fn lengths(value: &str) -> Option<u64> {
    let mut parts = value.split(',').map(trim);
    let first = parts.next()?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let length = first.parse().ok().filter(|_| digits(first))?;
    let rest: Vec<&str> = parts.collect();
    // Nothing may stand between two commas, but behind the last one.
    let rest = rest.strip_suffix(&[""]).unwrap_or(&rest);
    rest.iter().all(|part| digits(part) && part.parse() == Ok(length)).then_some(length)
}

/// The host of the target and the Host field have to be the same, where both are there.
fn address(request: &Request) -> Option<Fault> {
    let host = request.headers.first("host").map(trim);
    let target = request.target.as_str();
    if request.method == "CONNECT" {
        let Some((name, port)) = target.rsplit_once(':').filter(|(_, port)| !port.is_empty())
        else {
            return Some(Fault::of(400, Cause::RequestTarget));
        };
        let same = |host: &str| match split_port(host) {
            (other, Some(number)) => other.eq_ignore_ascii_case(name) && number == port,
            (other, None) => is_default(port) && other.eq_ignore_ascii_case(name),
        };
        return (!host.is_none_or(same)).then(|| wrong_host(OTHER_HOST));
    }
    if target.starts_with(['/', '*']) {
        return None;
    }
    let (scheme, authority) = match target.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest.split(['/', '?', '#']).next().unwrap_or("")),
        None => (None, target),
    };
    let host =
        host.filter(|host| !authority.is_empty() && !host.eq_ignore_ascii_case(authority))?;
    let ((name, port), (other, number)) = (split_port(authority), split_port(host));
    let usual = |port: Option<&str>| port.is_none_or(is_default);
    let same = scheme.is_some()
        && (port.is_some() || number.is_some())
        && usual(port)
        && usual(number)
        && name.eq_ignore_ascii_case(other);
    (!same).then(|| wrong_host(OTHER_HOST))
}

const OTHER_HOST: &str = "the Host field is another host than that of the target";

fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (name, Some(port)),
        _ => (text, None),
    }
}

fn is_default(port: &str) -> bool {
    matches!(port, "" | "80" | "443")
}

/// Room for a head: a buffer of 16 kB, less what is kept free for rewriting.
const LARGEST: usize = 15_328;

/// What the head takes in that room: each part has a descriptor of eight bytes.
fn size(request: &Request) -> usize {
    let line = 8 + 24 + request.method.len() + request.target.len() + 8;
    let field = |field: &Field| 8 + field.name.len() + field.value.len();
    line + request.headers.iter().map(field).sum::<usize>() + 9
}

fn own(status: u16, rule: &'static str, fact: &'static str) -> Fault {
    let clause = if status == 400 { PARSER } else { HANDLE_HEADERS };
    Fault::new(status, reason(rule, fact, clause, Strength::Practice))
}

fn too_large(fact: &'static str) -> Fault {
    own(400, "request-too-large", fact)
}

fn wrong_host(fact: &'static str) -> Fault {
    Fault::new(400, reason("host-missing-or-repeated", fact, clause::HOST, Strength::Must))
}
