//! What lighttpd reads out of a request's head, in its own order: the size, the version, the
//! method, the target, the fields one by one, then what they say together.
use super::settings::{PARSE, READ_STATE, REQUEST_SIZE, Settings};
use crate::profile::server::shared::{Fault, reason};
use crate::protocol::cause::Cause;
use crate::protocol::syntax::trim;
use crate::protocol::{Clause, Field, Request, Strength, Version, clause};

/// A request as lighttpd sees it.
#[derive(Default)]
pub struct Asked {
    /// Answered at once, without asking the server behind.
    pub fault: Option<Fault>,
    /// HTTP/1.1; what cannot be read is answered as HTTP/1.0.
    pub new: bool,
    /// What the version says, or the last Connection line that says something.
    pub keep: bool,
    /// A line before it said close.
    pub overruled: bool,
    /// A Connection line said something.
    pub told: bool,
    /// The connection goes on in HTTP/2.
    pub h2c: bool,
    /// lighttpd itself answers, without a body.
    pub options: bool,
    length: Option<u64>,
    chunked: bool,
    has_host: bool,
}

impl Asked {
    pub fn read(request: &Request, settings: &Settings) -> Self {
        let mut asked = Self::default();
        let fault = asked
            .start_line(request)
            .or_else(|| asked.fields(request))
            .or_else(|| asked.whole(request))
            .or_else(|| asked.size(settings))
            .or_else(|| no_tunnel(request));
        asked.fault = fault;
        asked.options = request.method == "OPTIONS" && request.target == "*";
        asked.h2c = asked.new && asked.length.unwrap_or(0) == 0 && wants_h2c(request);
        asked
    }

    /// Bytes of body that the request announces and that were not sent.
    pub fn missing(&self, body_bytes: u64) -> bool {
        self.length.is_some_and(|length| length > body_bytes)
    }

    fn start_line(&mut self, request: &Request) -> Option<Fault> {
        const MOST: u64 = 8192;
        if request.wire_bytes() > MOST {
            let fact = "the head of the request is longer than 8 kB";
            return Some(fault(431, "request-too-large", fact, READ_STATE));
        }
        match &request.version {
            Version::Http11 => self.new = true,
            Version::Http10 | Version::Http09 => {}
            Version::Other { major: 1, .. } | Version::Other { .. } => {
                return Some(Fault::of(505, Cause::RequestNotHttp1));
            }
            Version::Malformed(text) => return Some(version_fault(text)),
        }
        self.keep = self.new;
        if !METHODS.contains(&request.method.as_str()) {
            let fact = "lighttpd does not know the method";
            return Some(fault(501, "unknown-method", fact, PARSE));
        }
        self.target(request)
    }

    fn target(&mut self, request: &Request) -> Option<Fault> {
        let target = request.target.as_str();
        let digits = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || c == ':');
        let known = match (request.method.as_str(), target.split_once("://")) {
            _ if target.starts_with('/') => true,
            ("OPTIONS", _) if target == "*" => true,
            ("CONNECT", _) if digits(target) => true,
            (_, Some((scheme, rest))) => {
                let http = ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known));
                self.has_host = http && rest.find('/').is_some_and(|end| (1..1024).contains(&end));
                self.has_host
            }
            _ => false,
        };
        let control = |b: u8| b < b' ' || b == 0x7f;
        let bad = !known || target.bytes().any(control);
        bad.then(|| Fault::of(400, Cause::RequestTarget))
    }

    fn fields(&mut self, request: &Request) -> Option<Fault> {
        let in_target = self.has_host.then(|| authority(&request.target));
        let mut host = in_target.map(str::to_ascii_lowercase);
        let mut once: Vec<&Field> = Vec::new();
        for field in request.headers.iter() {
            if let Some(cause) = malformed(field) {
                return Some(Fault::of(400, cause));
            }
            let value = trim(&field.value);
            if value.is_empty() {
                continue;
            }
            if field.is("host") {
                match &host {
                    None if value.len() >= 1024 => {
                        return Some(wrong_host("the Host field is too long"));
                    }
                    None => host = Some(value.to_ascii_lowercase()),
                    Some(first) if first.eq_ignore_ascii_case(value) => {}
                    Some(_) => return Some(wrong_host("the request names two hosts")),
                }
            } else if ONCE.iter().any(|name| field.is(name)) {
                if once.iter().any(|seen| {
                    seen.name.eq_ignore_ascii_case(&field.name)
                        && !trim(&seen.value).eq_ignore_ascii_case(value)
                }) {
                    let fact = "a field that may stand only once stands there with two values";
                    return Some(fault(400, "field-repeated", fact, PARSE));
                }
                once.push(field);
            } else if field.is("connection") {
                self.connection(value);
            } else if let Some(fault) = self.framing_field(field, value) {
                return Some(fault);
            }
        }
        self.has_host = host.is_some();
        let wrong = host.is_some_and(|host| !is_host(&host));
        wrong.then(|| wrong_host("the Host field is no name that lighttpd reads"))
    }

    fn connection(&mut self, value: &str) {
        if has_word(value, "close") {
            self.keep = false;
            self.told = true;
        } else if has_word(value, "keep-alive") {
            self.overruled |= self.told && !self.keep;
            self.keep = true;
            self.told = true;
        }
    }

    fn framing_field(&mut self, field: &Field, value: &str) -> Option<Fault> {
        if field.is("content-length") {
            if self.length.is_some() {
                return Some(Fault::of(400, Cause::RequestRepeatedLength));
            }
            let digits = value.bytes().all(|b| b.is_ascii_digit());
            match value.parse::<i64>() {
                Ok(length) if digits => self.length = u64::try_from(length).ok(),
                _ => return Some(Fault::of(400, Cause::RequestBadLength)),
            }
        } else if field.is("transfer-encoding") {
            if !self.new {
                return Some(Fault::of(400, Cause::RequestCodingInHttp10));
            }
            if !value.eq_ignore_ascii_case("chunked") {
                let fact = "lighttpd knows no transfer coding but chunked";
                return Some(fault(501, "unknown-coding", fact, PARSE));
            }
            self.chunked = true;
        }
        None
    }

    /// What can be said when all fields are there.
    fn whole(&self, request: &Request) -> Option<Fault> {
        let headers = &request.headers;
        if self.new && !self.has_host {
            return Some(wrong_host("the HTTP/1.1 request has no Host field"));
        }
        if !self.new && ["upgrade", "http2-settings"].iter().any(|name| filled(request, name)) {
            let fact = "an HTTP/1.0 request speaks of another protocol";
            return Some(fault(400, "upgrade-in-http10", fact, PARSE));
        }
        if !self.chunked && self.length.unwrap_or(0) == 0 {
            let nothing = request.method == "POST" && self.length.is_none();
            return nothing
                .then(|| fault(411, "length-required", "POST does not say how long it is", PARSE));
        }
        if self.chunked && headers.has("content-length") {
            return Some(Fault::of(400, Cause::RequestTwoLengths));
        }
        matches!(request.method.as_str(), "GET" | "HEAD").then(|| {
            let fact = "lighttpd takes no body behind GET and HEAD";
            fault(400, "body-not-taken", fact, PARSE)
        })
    }

    fn size(&self, settings: &Settings) -> Option<Fault> {
        let length = self.length.unwrap_or(0);
        settings.body_bytes.filter(|most| length > *most).map(|_| {
            let fact = "the request body is longer than server.max-request-size";
            fault(413, "body-too-large", fact, REQUEST_SIZE)
        })
    }
}

fn no_tunnel(request: &Request) -> Option<Fault> {
    let fact = "lighttpd is no tunnel";
    (request.method == "CONNECT").then(|| fault(405, "method-not-allowed", fact, PARSE))
}

/// Is this word there? It may stand before white space, a comma or a semicolon, in a place where a
/// member of the list begins.
pub fn has_word(list: &str, word: &str) -> bool {
    // The line ends are those of a line that goes on.
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    list.split(',').any(|member| {
        let member = member.trim_start_matches(SPACE);
        let Some((begin, rest)) = member.split_at_checked(word.len()) else { return false };
        begin.eq_ignore_ascii_case(word)
            && (rest.is_empty() || rest.starts_with(SPACE) || rest.starts_with(';'))
    })
}

/// The version stands at the end of the line; whatever is there instead is looked at once more.
fn version_fault(text: &str) -> Fault {
    let digits = text.strip_prefix("HTTP/").map(str::as_bytes);
    match digits {
        None | Some([b'1', b'.', b'0' | b'1', ..]) => Fault::of(400, Cause::RequestVersion),
        Some(_) => Fault::of(505, Cause::RequestNotHttp1),
    }
}

fn malformed(field: &Field) -> Option<Cause> {
    const SEPARATORS: &[u8] = b"()<>@,:;\\\"/[]?={}";
    let name = field.name.as_bytes();
    if name.is_empty() {
        return Some(Cause::RequestFieldName);
    }
    if name.iter().any(|b| matches!(b, b' ' | b'\t')) {
        return Some(Cause::RequestSpaceBeforeColon);
    }
    if name.iter().any(|b| *b < b' ' || *b >= 0x7f || SEPARATORS.contains(b)) {
        return Some(Cause::RequestFieldName);
    }
    // A line that goes on is put together with spaces.
    let value = field.value.replace("\r\n ", " ").replace("\r\n\t", " ");
    let control = |b: u8| b < b' ' && b != b'\t' || b == 0x7f;
    value.bytes().any(control).then_some(Cause::RequestControl)
}

fn filled(request: &Request, name: &str) -> bool {
    request.headers.all(name).any(|value| !trim(value).is_empty())
}

/// `Upgrade: h2c` with the field that belongs to it, and both named in Connection.
fn wants_h2c(request: &Request) -> bool {
    let named = |name, word| request.headers.all(name).any(|value| has_word(value, word));
    named("upgrade", "h2c")
        && named("connection", "http2-settings")
        && filled(request, "http2-settings")
}

fn authority(target: &str) -> &str {
    let rest = target.split_once("://").map_or("", |(_, rest)| rest);
    rest.split('/').next().unwrap_or("")
}

/// `name`, `name:port`, `[v6]:port`; a name whose last part is a number has to be four numbers.
fn is_host(text: &str) -> bool {
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, port)) = rest.split_once(']') else { return false };
        let known = |c: char| c.is_ascii_hexdigit() || c == '.' || c == ':';
        let port = port.strip_prefix(':').or((port.is_empty()).then_some(""));
        return !address.is_empty()
            && address.chars().all(known)
            && address.matches(':').count() < 8
            && address.contains(':')
            && port.is_some_and(is_port);
    }
    let (name, port) = text.split_once(':').unwrap_or((text, ""));
    let name = name.strip_suffix('.').unwrap_or(name);
    let labels: Vec<&str> = name.split('.').collect();
    let letter = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    let label =
        |text: &&str| !text.is_empty() && !text.starts_with('-') && text.bytes().all(letter);
    let number = labels.last().is_some_and(|last| all_digits(last));
    let four = labels.len() == 4 && labels.iter().all(|label| all_digits(label));
    labels.iter().all(label) && (!number || four) && is_port(port)
}

/// Nothing, or a number from 1 to 65535.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.bytes().all(|b| b.is_ascii_digit()) && matches!(text.parse::<u32>(), Ok(1..=65535))
}

/// Fields that may stand only once, unless they say the same.
const ONCE: [&str; 3] = ["content-type", "if-modified-since", "http2-settings"];

/// The methods of HTTP and of WebDAV.
const METHODS: [&str; 39] = [
    "GET",
    "HEAD",
    "QUERY",
    "POST",
    "PUT",
    "DELETE",
    "CONNECT",
    "OPTIONS",
    "TRACE",
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "COPY",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "ORDERPATCH",
    "PATCH",
    "PROPFIND",
    "PROPPATCH",
    "REBIND",
    "REPORT",
    "SEARCH",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];

fn fault(status: u16, rule: &'static str, fact: &'static str, clause: &'static Clause) -> Fault {
    Fault::new(status, reason(rule, fact, clause, Strength::Practice))
}

fn wrong_host(fact: &'static str) -> Fault {
    Fault::new(400, reason("host-missing-or-repeated", fact, clause::HOST, Strength::Must))
}
