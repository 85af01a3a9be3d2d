//! What the rules of several servers do alike: check a request, frame an answer's body, ask the
//! product's own questions behind those of HTTP, and put the verdict into words on the wire.
//!
//! A server's `answer` reads as a walk through this file: [`fault`], [`Draft::new`], [`Verdict::of`],
//! [`Verdict::ask`] for each question, [`Draft::finish`].
use super::{After, Answer, App, Content, Idle, RequestSeen};
use crate::protocol::reason::Branch;
use crate::protocol::{
    Clause, Framing, Headers, Judgement, Note, Policy, Reason, Request, Response, Role, Step,
    Strength, Version, clause, judge,
};
use std::borrow::Cow;

/// A request that is refused, with the status that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub status: u16,
    pub because: Reason,
}

impl Fault {
    pub fn new(status: u16, because: Reason) -> Self {
        Self { status, because }
    }
}

/// A reason, in one line.
pub fn reason(
    rule: &'static str,
    fact: impl Into<Cow<'static, str>>,
    clause: Clause,
    strength: Strength,
) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength }
}

/// One thing that can be wrong with the head of a request.
pub type Check = fn(&Request) -> Option<Fault>;

/// The checks of RFC 9112, in the order in which a server meets them. What is wrong with the length
/// of a body is found by the framing rules instead.
pub const CHECKS: &[Check] = &[request_line, major_version, field_names, host];

/// The first of the checks that fails.
pub fn fault(request: &Request, checks: &[Check]) -> Option<Fault> {
    checks.iter().find_map(|check| check(request))
}

/// The start line: a method that is a token, a target without white space, a version (§3).
pub fn request_line(request: &Request) -> Option<Fault> {
    let wrong = |fact: &'static str| {
        let because = reason("bad-request-line", fact, clause::REQUEST_LINE, Strength::Should);
        Some(Fault::new(400, because))
    };
    if !is_token(&request.method) {
        return wrong("the method is no word");
    }
    if request.target.is_empty() || request.target.contains(|c: char| c.is_ascii_whitespace()) {
        return wrong("the target is empty or contains a space");
    }
    match request.version {
        Version::Malformed(_) => wrong("the version cannot be read"),
        Version::Http09 if request.method != "GET" => wrong("HTTP/0.9 knows only GET"),
        _ => None,
    }
}

/// A major version other than 1 is not this protocol: 505 (RFC 9110 §15.6.6).
pub fn major_version(request: &Request) -> Option<Fault> {
    let fact = match request.version {
        Version::Other { major: 1, .. } => return None,
        Version::Other { .. } => "the request's major version is not 1",
        _ => return None,
    };
    Some(Fault::new(505, reason("unsupported-version", fact, clause::VERSION, Strength::Should)))
}

/// White space before the colon, or a name that is no token (§5.1).
pub fn field_names(request: &Request) -> Option<Fault> {
    let bad = request.headers.iter().find(|field| !is_token(&field.name))?;
    let fact = if bad.name.ends_with([' ', '\t']) {
        "a space stands before the colon of a field"
    } else {
        "the name of a field is no word"
    };
    Some(Fault::new(400, reason("bad-field-name", fact, clause::FIELD_SYNTAX, Strength::Must)))
}

/// HTTP/1.1: exactly one Host field (§3.2). HTTP/1.0 may leave it out, but not repeat it.
pub fn host(request: &Request) -> Option<Fault> {
    if request.version == Version::Http09 {
        return None;
    }
    let fact = match request.headers.all("host").take(2).count() {
        0 if request.version.is_at_least_http11() => "an HTTP/1.1 request has no Host field",
        2 => "the request has more than one Host field",
        _ => return None,
    };
    Some(Fault::new(400, reason("bad-host", fact, clause::HOST, Strength::Must)))
}

/// A field continued on the next line (§5.2), for servers that refuse it.
pub fn folded_field(request: &Request) -> Option<Fault> {
    request.headers.iter().find(|field| field.value.contains(['\r', '\n']))?;
    let fact = "a field goes on in the next line";
    Some(Fault::new(400, reason("folded-field", fact, clause::LINE_FOLDING, Strength::Must)))
}

/// Transfer-Encoding beside Content-Length (§6.1), for servers that refuse it.
pub fn two_lengths(request: &Request) -> Option<Fault> {
    let both = request.headers.has("transfer-encoding") && request.headers.has("content-length");
    let fact = "the request has both Transfer-Encoding and Content-Length";
    let because = || reason("te-with-cl", fact, clause::TRANSFER_ENCODING, Strength::May);
    both.then(|| Fault::new(400, because()))
}

/// A word of RFC 9110 §5.6.2.
pub fn is_token(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(word)
}

/// Does the request ask for HTTP/1.0 keep-alive?
pub fn asks_keep_alive(request: &Request) -> bool {
    option(&request.headers, "keep-alive")
}

/// Is the word among the connection options? Allocates nothing.
pub fn option(headers: &Headers, word: &str) -> bool {
    let said =
        |value: &str| value.split(',').any(|member| member.trim().eq_ignore_ascii_case(word));
    headers.all("connection").any(said)
}

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
    pub fn refusal(version: Version, request: &Request, fault: &Fault) -> Self {
        let app = App { status: fault.status, content: Content::Empty, ..App::default() };
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
        if self.response.version == Version::Http09 || option(&self.response.headers, "close") {
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
        if option(&self.response.headers, "keep-alive") {
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

/// What will happen to the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Keep,
    Close,
    Reset,
    Tunnel,
}

/// A verdict in the making: that of HTTP, then the product's own questions.
pub struct Verdict {
    pub outcome: Outcome,
    pub because: Vec<Reason>,
    pub notes: Vec<Note>,
    pub path: Vec<Step>,
}

/// The answer to a product's own question.
pub enum Own {
    /// Nothing stands against keeping the connection: "yes" or "no", and the fact.
    Keeps(&'static str, Cow<'static, str>),
    /// The connection closes after the answer.
    Closes(&'static str, Reason),
    /// As [`Own::Closes`], at once and without reading what is left of the request.
    Resets(&'static str, Reason),
}

impl Verdict {
    pub fn of(judgement: Judgement) -> Self {
        let outcome = match (judgement.switched, judgement.persist) {
            (true, _) => Outcome::Tunnel,
            (false, true) => Outcome::Keep,
            (false, false) => Outcome::Close,
        };
        let Judgement { because, notes, path, .. } = judgement;
        Self { outcome, because, notes, path }
    }

    pub fn keeps(&self) -> bool {
        self.outcome == Outcome::Keep
    }

    /// Puts a question of the product's own behind those already asked. It is looked at only while
    /// the connection would stay; otherwise it is listed as not reached.
    pub fn ask(&mut self, question: &'static str, clause: Clause, look: impl FnOnce() -> Own) {
        let mut step = Step {
            question,
            answer: "",
            fact: Cow::Borrowed(""),
            clause,
            branch: Branch::NotReached,
        };
        if self.keeps() {
            step.branch = Branch::Decides;
            match look() {
                Own::Keeps(answer, fact) => (step.answer, step.fact) = (answer, fact),
                Own::Closes(answer, reason) => self.end(Outcome::Close, &mut step, answer, reason),
                Own::Resets(answer, reason) => self.end(Outcome::Reset, &mut step, answer, reason),
            }
            // The last question reached is the one that decided.
            let before = self.path.iter_mut().filter(|step| step.branch == Branch::Decides);
            before.for_each(|step| step.branch = Branch::Continues);
        }
        self.path.push(step);
    }

    fn end(&mut self, outcome: Outcome, step: &mut Step, answer: &'static str, reason: Reason) {
        self.outcome = outcome;
        step.answer = answer;
        step.fact = reason.fact.clone();
        step.clause = reason.clause;
        // What HTTP said in favour of keeping it did not decide: only the reason against it stays.
        self.because.clear();
        self.because.push(reason);
    }

    /// A request that was refused closes for that reason, whatever HTTP says of the rest.
    pub fn refuse(&mut self, question: &'static str, fault: &Fault) {
        let mut reason = Some(fault.because.clone());
        self.ask(question, fault.because.clause, || {
            Own::Closes("no", reason.take().unwrap_or_else(|| fault.because.clone()))
        });
        // HTTP had decided already (the length makes no sense, say): the refusal is named too.
        if let Some(reason) = reason {
            self.because.push(reason);
        }
    }
}

/// Bytes that the client sends beyond what the request's fields announce.
pub fn surplus(seen: &RequestSeen<'_>, request: Framing) -> u64 {
    match request {
        Framing::None => seen.body_bytes,
        Framing::ContentLength(length) => seen.body_bytes.saturating_sub(length),
        Framing::Chunked | Framing::CloseDelimited | Framing::Invalid => 0,
    }
}

/// The answer to an empty line in the place of a request, for servers that refuse it.
pub fn refuse_stray_line(version: Version) -> Answer {
    let fact = "an empty line stands where a request should begin";
    let because = reason("stray-line", fact, clause::MESSAGE_PARSING, Strength::Practice);
    let path = vec![Step {
        question: "Does a request begin here?",
        answer: "no",
        fact: fact.into(),
        clause: clause::MESSAGE_PARSING,
        branch: Branch::Decides,
    }];
    Answer {
        response: Response::new(version, 400)
            .with("Content-Length", "0")
            .with("Connection", "close"),
        framing: Framing::ContentLength(0),
        body_bytes: 0,
        after: After::Close,
        because: vec![because],
        notes: Vec::new(),
        path,
    }
}
