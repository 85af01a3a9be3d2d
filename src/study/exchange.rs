//! The parameters of one exchange: `x2.version=HTTP/1.0`.
//!
//! | field | value |
//! |---|---|
//! | `method`, `target`, `version` | as they stand on the wire; the version may be short (`1.0`) |
//! | `headers` | the request's fields on one line, see [`super::fields`] |
//! | `body` | bytes of body that are sent, whatever the fields say |
//! | `crlf` | `1`: two surplus bytes CR LF behind the body |
//! | `pipeline` | `1`: sent without waiting for the answers before it |
//! | `at` | when the client wants to send: a time |
//! | `gap` | instead of `at`: so long after the answer to the exchange before |
//! | `after` | instead of `at`: after the answer to that exchange, perhaps with a gap: `1`, `1,250ms` |
//! | `status` | the application's answer: 100 to 999 |
//! | `content` | bytes with their length known (`12288`) or not (`streamed:4097`), or `empty` |
//! | `delay` | how long the application works: a time |
//! | `answer-headers` | fields that the application sets |
//! | `breaks` | what goes wrong at the server: `never` (no answer), `reset-before`, `reset-after` (the work is done), `early` (half an answer); `no` |
use super::fields;
use super::params::Problem;
use super::text::{read_flag, read_time, write_flag, write_time};
use crate::profile::{App, Content};
use crate::protocol::{Headers, Request, Version};
use crate::sim::{Breaks, Planned, Scenario, Start, Us};

/// More exchanges than this no link holds.
pub const MOST: usize = 10_000;
/// No message in a link has more bytes.
pub const MOST_BYTES: u64 = 1_000_000_000_000;

/// The fields, in the order in which a link names them.
pub const FIELDS: [&str; 15] = [
    "method",
    "target",
    "version",
    "headers",
    "body",
    "crlf",
    "pipeline",
    "at",
    "gap",
    "after",
    "status",
    "content",
    "delay",
    "answer-headers",
    "breaks",
];

/// Words for what goes wrong.
const BREAKS: [(&str, Breaks); 4] = [
    ("never", Breaks::NeverAnswers),
    ("reset-before", Breaks::ResetBefore),
    ("reset-after", Breaks::ResetAfter),
    ("early", Breaks::EndsEarly),
];
/// The word for: nothing.
const BREAKS_NOT: &str = "no";

/// What an exchange is before a parameter says otherwise: a plain request that every server
/// understands, sent when the one before it is over.
pub fn fresh(index: usize) -> Planned {
    let request = Request::new("GET", "/", Version::Http11).with("Host", "shop.example");
    Planned { start: fresh_start(index), request, ..Planned::default() }
}

/// When a fresh exchange starts: right after the one before it.
pub const fn fresh_start(index: usize) -> Start {
    match index.checked_sub(1) {
        Some(exchange) => Start::After { exchange, gap: Us::ZERO },
        None => Start::At(Us::ZERO),
    }
}

/// Which exchanges a key means; the numbers are indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    All,
    /// Both included.
    Range(usize, usize),
}

/// Splits `x2-11.version`. None: the key is no exchange's.
pub fn split_key(key: &str) -> Option<(Which, &str)> {
    let rest = key.strip_prefix('x')?;
    let (which, field) = rest.split_once('.').unwrap_or((rest, ""));
    if which.is_empty() {
        return Some((Which::All, field));
    }
    let number = |text: &str| -> Option<usize> {
        let digits = (1..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<usize>().ok().filter(|number| digits && *number > 0).map(|number| number - 1)
    };
    let (from, to) = match which.split_once('-') {
        Some((from, to)) => (number(from)?, number(to)?),
        None => (number(which)?, number(which)?),
    };
    (from <= to).then_some((Which::Range(from, to), field))
}

/// The key of a field for the exchanges from one index to another.
pub fn write_key(from: usize, to: usize, field: &str) -> String {
    let dot = if field.is_empty() { "" } else { "." };
    if from == to {
        format!("x{}{dot}{field}", from + 1)
    } else {
        format!("x{}-{}{dot}{field}", from + 1, to + 1)
    }
}

/// A value that was understood.
#[derive(Clone, Debug)]
pub enum Change {
    Line { method: String, target: String, version: Option<Version> },
    Method(String),
    Target(String),
    Version(Version),
    Headers(Headers),
    Body(u64),
    Crlf(bool),
    Pipeline(bool),
    At(Us),
    Gap(Us),
    After { exchange: usize, gap: Us },
    Status(u16),
    Content(Content),
    Delay(Us),
    AnswerHeaders(Headers),
    Breaks(Option<Breaks>),
}

impl Change {
    /// Understands a value.
    ///
    /// # Errors
    /// If there is no such field, or the value is none for it: the message names the bound.
    pub fn parse(field: &str, value: &str) -> Result<Self, Problem> {
        Ok(match field {
            "" => request_line(value)?,
            "method" => Self::Method(word(value)?),
            "target" => Self::Target(word(value)?),
            "version" => Self::Version(version(&word(value)?)),
            "headers" => Self::Headers(fields::read(value).map_err(Problem::Wrong)?),
            "body" => Self::Body(bytes(value)?),
            "crlf" => Self::Crlf(flag(value)?),
            "pipeline" => Self::Pipeline(flag(value)?),
            "at" => Self::At(moment(value)?),
            "gap" => Self::Gap(moment(value)?),
            "after" => after(value)?,
            "status" => Self::Status(status(value)?),
            "content" => Self::Content(content(value)?),
            "delay" => Self::Delay(moment(value)?),
            "answer-headers" => Self::AnswerHeaders(fields::read(value).map_err(Problem::Wrong)?),
            "breaks" => Self::Breaks(breaks(value)?),
            _ => return Err(Problem::Unknown),
        })
    }

    /// Can the change be made to the exchange with this index? Only what comes before it can be waited for.
    ///
    /// # Errors
    /// Says why not.
    pub fn fits(&self, index: usize) -> Result<(), Problem> {
        match self {
            Self::Gap(_) if index == 0 => {
                Err(Problem::wrong("exchange 1 has none before it: give it a time with at"))
            }
            Self::After { exchange, .. } if *exchange >= index => {
                Err(Problem::wrong("an exchange can only follow one that stands before it"))
            }
            _ => Ok(()),
        }
    }

    pub fn make(&self, planned: &mut Planned, index: usize) {
        let Planned { request, app, .. } = planned;
        match self.clone() {
            Self::Line { method, target, version } => {
                request.method = method;
                request.target = target;
                if let Some(version) = version {
                    request.version = version;
                }
            }
            Self::Method(method) => request.method = method,
            Self::Target(target) => request.target = target,
            Self::Version(version) => request.version = version,
            Self::Headers(headers) => request.headers = headers,
            Self::Body(bytes) => planned.body_bytes = bytes,
            Self::Crlf(flag) => planned.trailing_crlf = flag,
            Self::Pipeline(flag) => planned.pipeline = flag,
            Self::At(at) => planned.start = Start::At(at),
            Self::Gap(gap) => {
                planned.start = Start::After { exchange: index.saturating_sub(1), gap };
            }
            Self::After { exchange, gap } => planned.start = Start::After { exchange, gap },
            Self::Status(status) => app.status = status,
            Self::Content(content) => app.content = content,
            Self::Delay(delay) => app.after = delay,
            Self::AnswerHeaders(headers) => app.headers = headers,
            Self::Breaks(breaks) => planned.breaks = breaks,
        }
    }
}

/// The value of a field. None for a field that the exchange has not: it starts at a time and the
/// question was for its gap.
pub fn read_field(planned: &Planned, index: usize, field: &str) -> Option<String> {
    let Planned { start, request, app, .. } = planned;
    Some(match (field, start) {
        ("", _) => format!("{} {} {}", request.method, request.target, request.version),
        ("method", _) => request.method.clone(),
        ("target", _) => request.target.clone(),
        ("version", _) => write_version(&request.version),
        ("headers", _) => fields::write(&request.headers),
        ("body", _) => planned.body_bytes.to_string(),
        ("crlf", _) => write_flag(planned.trailing_crlf),
        ("pipeline", _) => write_flag(planned.pipeline),
        ("at", Start::At(at)) => write_time(*at),
        ("gap", Start::After { exchange, gap }) if exchange + 1 == index => write_time(*gap),
        ("after", Start::After { exchange, gap }) if exchange + 1 != index => {
            let number = exchange + 1;
            if *gap == Us::ZERO {
                number.to_string()
            } else {
                format!("{number},{}", write_time(*gap))
            }
        }
        ("status", _) => app.status.to_string(),
        ("content", _) => write_content(app),
        ("delay", _) => write_time(app.after),
        ("answer-headers", _) => fields::write(&app.headers),
        ("breaks", _) => {
            let named = BREAKS.iter().find(|(_, breaks)| Some(*breaks) == planned.breaks);
            named.map_or(BREAKS_NOT, |(word, _)| word).into()
        }
        _ => return None,
    })
}

fn write_content(app: &App) -> String {
    match app.content {
        Content::Known(bytes) => bytes.to_string(),
        Content::Streamed(bytes) => format!("streamed:{bytes}"),
        Content::Empty => "empty".into(),
    }
}

/// What comes before a version that is to be taken as it stands, although it looks like a short one.
const RAW: &str = "raw:";

/// Short where nothing is lost: `1.0` for `HTTP/1.0`.
fn write_version(version: &Version) -> String {
    match version {
        Version::Malformed(text) if is_short(text) || text.starts_with(RAW) => {
            format!("{RAW}{text}")
        }
        Version::Malformed(text) => text.to_string(),
        version => version.to_string().trim_start_matches("HTTP/").into(),
    }
}

fn version(text: &str) -> Version {
    match text.strip_prefix(RAW) {
        Some(raw) => Version::parse(raw),
        None if is_short(text) => Version::parse(&format!("HTTP/{text}")),
        None => Version::parse(text),
    }
}

/// `1.0`
fn is_short(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9', b'.', b'0'..=b'9'])
}

/// `GET /`, `POST /cart 1.0`, `GET / HTTP/1.1`.
fn request_line(value: &str) -> Result<Change, Problem> {
    let value = word(value.trim_matches(' '))?;
    let (method, rest) = value.split_once(' ').unwrap_or((&value, "/"));
    let is_version = |text: &str| text.starts_with("HTTP/") || is_short(text);
    let (target, version_text) = match rest.rsplit_once(' ') {
        Some((target, last)) if is_version(last) => (target, Some(version(last))),
        _ => (rest, None),
    };
    Ok(Change::Line {
        method: method.into(),
        target: target.trim_matches(' ').into(),
        version: version_text,
    })
}

/// Text of the request line: anything that can stand on a line.
fn word(value: &str) -> Result<String, Problem> {
    if value.contains(|c: char| c.is_ascii_control()) {
        return Err(Problem::wrong("a line break or control character cannot stand there"));
    }
    Ok(value.into())
}

fn bytes(value: &str) -> Result<u64, Problem> {
    let number = value.trim().parse::<u64>().ok().filter(|bytes| *bytes <= MOST_BYTES);
    number.ok_or_else(|| Problem::wrong("a number of bytes is wanted, 0 to 1000000000000"))
}

fn flag(value: &str) -> Result<bool, Problem> {
    read_flag(value).ok_or_else(|| Problem::wrong("1 or 0 is wanted"))
}

/// A time within the longest run.
pub fn moment(value: &str) -> Result<Us, Problem> {
    read_time(value)
        .filter(|time| *time <= Scenario::LONGEST)
        .ok_or_else(|| Problem::wrong("a time is wanted, such as 60ms or 5s, up to 24h"))
}

fn after(value: &str) -> Result<Change, Problem> {
    let (number, gap) = value.split_once([',', ' ']).unwrap_or((value, "0s"));
    let number = number.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let exchange = number.ok_or_else(|| {
        Problem::wrong("the number of an exchange is wanted, perhaps with a time: 1,250ms")
    })?;
    Ok(Change::After { exchange, gap: moment(gap)? })
}

fn breaks(value: &str) -> Result<Option<Breaks>, Problem> {
    let named = BREAKS.iter().find(|(word, _)| *word == value).map(|(_, breaks)| *breaks);
    if named.is_none() && value != BREAKS_NOT {
        return Err(Problem::wrong("never, reset-before, reset-after, early or no is wanted"));
    }
    Ok(named)
}

fn status(value: &str) -> Result<u16, Problem> {
    let number = value.trim().parse::<u16>().ok().filter(|status| (100..=999).contains(status));
    number.ok_or_else(|| Problem::wrong("a status is wanted, 100 to 999"))
}

fn content(value: &str) -> Result<Content, Problem> {
    let value = value.trim();
    if value == "empty" {
        return Ok(Content::Empty);
    }
    match value.strip_prefix("streamed") {
        Some(number) => Ok(Content::Streamed(bytes(number.trim_start_matches([':', ' ']))?)),
        None => Ok(Content::Known(bytes(value)?)),
    }
}
