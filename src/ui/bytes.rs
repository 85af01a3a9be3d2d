//! Messages as they stand on the wire, line by line, with the lines that decided.
use crate::profile::{Answer, Content};
use crate::protocol::reason::Branch;
use crate::protocol::{Framing, Headers, Options, Request, Version};
use crate::scene::words;
use crate::sim::Planned;

/// One line of a head, in three parts: the middle one decided. It is empty if the line did not.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Line {
    pub before: String,
    pub decides: String,
    pub after: String,
}

impl Line {
    fn plain(text: String) -> Self {
        Self { before: text, ..Self::default() }
    }

    /// The first line of a message: what decides in it is the version.
    fn start(text: String, version: &str, decides: bool) -> Self {
        match text.find(version).filter(|_| decides && !version.is_empty()) {
            Some(at) => Self {
                before: text[..at].into(),
                decides: version.into(),
                after: text[at + version.len()..].into(),
            },
            None => Self::plain(text),
        }
    }
}

/// The lines of a request, the last one empty (HTTP/0.9 has a single line).
pub fn request_lines(request: &Request, answer: Option<&Answer>) -> Vec<Line> {
    let decides = Decides::of(request, answer);
    let line = format!("{} {}", request.method, request.target);
    if request.version == Version::Http09 {
        return vec![Line { decides: line, ..Line::default() }];
    }
    let version = request.version.to_string();
    let mut lines = vec![Line::start(format!("{line} {version}"), &version, decides.start)];
    push_fields(&mut lines, &request.headers, &decides.request);
    let refused = answer.is_some_and(|answer| answer.response.status == 400);
    for (line, field) in lines.iter_mut().skip(1).zip(request.headers.iter()) {
        // White space before the colon is refused on its own account.
        if refused && field.name.ends_with([' ', '\t']) {
            line.decides = std::mem::take(&mut line.before);
        }
    }
    lines
}

/// The lines of an answer's head; none for an answer to HTTP/0.9.
pub fn response_lines(request: &Request, answer: &Answer) -> Vec<Line> {
    let version = &answer.response.version;
    if *version == Version::Http09 {
        return Vec::new();
    }
    let decides = Decides::of(request, Some(answer));
    let wire = answer.response.wire();
    let start = wire.split("\r\n").next().unwrap_or_default().to_owned();
    let mut lines = vec![Line::start(start, &version.to_string(), decides.status)];
    push_fields(&mut lines, &answer.response.headers, &decides.response);
    lines
}

fn push_fields(lines: &mut Vec<Line>, headers: &Headers, names: &[&str]) {
    for field in headers.iter() {
        let text = format!("{}: {}", field.name, field.value);
        lines.push(if names.iter().any(|name| field.is(name)) {
            Line { decides: text, ..Line::default() }
        } else {
            Line::plain(text)
        });
    }
    lines.push(Line::default());
}

/// What follows the head of a request, in words; empty for nothing.
pub fn request_body(planned: &Planned) -> String {
    let mut text = match planned.body_bytes {
        0 => String::new(),
        bytes => words::bytes(bytes),
    };
    if planned.trailing_crlf {
        text += if text.is_empty() { "CR LF too many" } else { ", then CR LF too many" };
    }
    text
}

/// What follows the head of an answer, in words.
pub fn response_body(answer: &Answer, content: Content) -> String {
    let bytes = words::bytes(content.bytes());
    match answer.framing {
        Framing::Chunked => format!("{bytes}, in chunks; the last one is empty"),
        Framing::CloseDelimited => format!("{bytes}; only the close shows that it is all"),
        _ if answer.body_bytes == 0 => String::new(),
        _ => words::bytes(answer.body_bytes),
    }
}

/// Which lines of the two heads decided.
#[derive(Default)]
struct Decides {
    start: bool,
    status: bool,
    request: Vec<&'static str>,
    response: Vec<&'static str>,
}

impl Decides {
    /// A `close` decides alone. Without one it is the version, or `keep-alive` where the version is
    /// old, and what shows where the answer ends.
    fn of(request: &Request, answer: Option<&Answer>) -> Self {
        let mut decides = Self::default();
        let asks = Options::of(&request.headers);
        if asks.close {
            decides.request.push("connection");
            return decides;
        }
        let Some(answer) = answer else {
            decides.start = true;
            return decides;
        };
        // Before anything else: a request that cannot be read is refused.
        for (name, word) in [
            ("host", "Host"),
            ("content-length", "Content-Length"),
            ("transfer-encoding", "Transfer-Encoding"),
        ] {
            let about = |step: &&crate::protocol::Step| {
                step.branch == Branch::Decides && step.fact.contains(word)
            };
            if answer.response.status == 400 && answer.path.iter().any(|step| about(&step)) {
                decides.request.push(name);
            }
        }
        let says = Options::of(&answer.response.headers);
        let is_new = request.version.is_at_least_http11();
        if says.close {
            decides.response.push("connection");
            // An old client that did not ask: that is why the server says it.
            decides.start = !is_new && !asks.keep_alive;
            return decides;
        }
        if is_new {
            decides.start = true;
        } else {
            decides.request.push("connection");
            decides.response.push("connection");
            decides.start = !asks.keep_alive;
        }
        decides.status = answer.response.version != Version::Http09;
        decides.response.extend(["content-length", "transfer-encoding"]);
        decides
    }
}
