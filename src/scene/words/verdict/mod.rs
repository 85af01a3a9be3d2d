//! The verdict: one sentence, the largest on the page; one grey line that says why; the clause.
mod one;
mod queued;
mod two;

use one::{closed_by_client, connections, exchange, idle, too_late};
use two::{either, saved, two_counts};

use crate::profile::PRODUCTS;
use crate::protocol::{Clause, clause};
use crate::scene::story::answered_at;
use crate::scene::words::{capital, clock, spelled};
use crate::sim::{CloseHow, Connection, Exchange, Failure, Lost, Timeline};
use crate::study::{Focus, Run, Show};

/// The sign beside the sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sign {
    /// A connection is kept.
    Kept,
    /// A connection is closed.
    Closed,
    /// A request is lost, or the scenario cannot run.
    Fault,
}

impl Sign {
    /// What assistive technology reads.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "Kept open",
            Self::Closed => "Closed",
            Self::Fault => "Fault",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub sign: Sign,
    /// Who did what, with the number.
    pub text: String,
    /// Why, in a line; may be empty.
    pub why: String,
    /// Where it stands.
    pub clause: Option<&'static Clause>,
}

impl Verdict {
    fn new(sign: Sign, text: String, why: String, clause: Option<&'static Clause>) -> Self {
        Self { sign, text, why, clause }
    }
}

/// What a show says, about what it is meant to show.
pub fn verdict(show: &Show) -> Verdict {
    if let Some(error) = show.runs.iter().find_map(|run| run.result.as_ref().err()) {
        let text = format!("This cannot run: {}.", error.problem);
        return Verdict::new(Sign::Fault, text, format!("The place: {}.", error.at), None);
    }
    let Some((run, timeline)) = show.main().and_then(|run| Some((run, run.timeline()?))) else {
        return Verdict::new(Sign::Closed, "Nothing has been run.".into(), String::new(), None);
    };
    if timeline.exchanges.is_empty() {
        let why = "Compose one, or pick a scenario.".into();
        return Verdict::new(Sign::Closed, "No request yet.".into(), why, None);
    }
    if let Some(verdict) = gateway(show, timeline).or_else(|| fault(timeline)) {
        return verdict;
    }
    // What an entry of the catalogue is about, it says itself.
    let own = show.study.entry.is_empty() && !show.compares();
    if let Some(verdict) = own.then(|| queued::verdict(timeline)).flatten() {
        return verdict;
    }
    let other = show.other().and_then(|run| Some((run, run.timeline()?)));
    let told = match (show.focus, other) {
        (Focus::Saved, Some(other)) => saved(other, (run, timeline)),
        (Focus::Connections, Some(other)) => two_counts(other, (run, timeline)),
        (Focus::Exchange(index), Some(other)) => either(other, (run, timeline), index),
        (Focus::Exchange(index), None) => exchange(run, timeline, index),
        (Focus::TooLate(index), _) => too_late(run, timeline, index),
        (Focus::Idle, other) => idle(timeline, other.map(|(_, timeline)| timeline)),
        (Focus::Saved | Focus::Connections, None) => None,
    };
    told.or_else(|| connections(run, timeline))
        .or_else(|| exchange(run, timeline, 0))
        .unwrap_or_else(|| {
            Verdict::new(
                Sign::Closed,
                "No request was answered in this run.".into(),
                String::new(),
                None,
            )
        })
}

/// A proxy that had no answer to pass on comes before everything else.
fn gateway(show: &Show, timeline: &Timeline) -> Option<Verdict> {
    let behind = show.behind_proxy()?.timeline()?;
    let failed = |(_, asked): &(usize, &Exchange)| asked.failure.is_some();
    let (index, asked) = behind.exchanges.iter().enumerate().find(failed)?;
    let number = index + 1;
    let answer = timeline.exchanges.get(index)?.answer.as_ref();
    let gets = match answer {
        Some(answer) => format!("the client gets {}", answer.response.status),
        None => "the proxy closes, and the client gets nothing".into(),
    };
    let (text, why, clause) = match (asked.failure?, asked.lost) {
        (Failure::Lost, Some(lost)) => {
            let link = died_on(behind, lost)?;
            let fact = end_fact(link).unwrap_or_default();
            if is_reset(link) {
                let text = format!(
                    "The proxy\u{2019}s connection was reset under request\u{a0}{number}: {gets}."
                );
                return Some(Verdict::new(Sign::Fault, text, fact, Some(clause::RETRY)));
            }
            (
                format!("Request\u{a0}{number} crossed the server\u{2019}s close: {gets}."),
                format!(
                    "The proxy sent it at {} on a connection that still was open to it; it met a closed socket at {}. {fact}",
                    clock(lost.sent.from),
                    clock(lost.met)
                ),
                clause::TIMEOUTS,
            )
        }
        (Failure::GaveUp, _) => (
            format!("The server did not answer request\u{a0}{number} in time: {gets}."),
            "The proxy had waited as long as it waits.".into(),
            clause::RETRY,
        ),
        (Failure::Refused | Failure::NoPort | Failure::OneConnection, _) => (
            format!("The proxy found no way to the server for request\u{a0}{number}: {gets}."),
            String::new(),
            clause::RETRY,
        ),
        (Failure::Lost | Failure::CutShort, _) => (
            format!("The server\u{2019}s answer to request\u{a0}{number} broke off: {gets}."),
            String::new(),
            clause::RETRY,
        ),
    };
    Some(Verdict::new(Sign::Fault, text, why, Some(clause)))
}

/// A request without an answer comes before everything else.
fn fault(timeline: &Timeline) -> Option<Verdict> {
    let (index, lost) =
        timeline.exchanges.iter().enumerate().find(|(_, e)| answered_at(e).is_none())?;
    let number = index + 1;
    let alike = |e: &&Exchange| e.failure == lost.failure && answered_at(e).is_none();
    let many = timeline.exchanges.iter().filter(alike).count();
    if many > MANY {
        return Some(many_faults(timeline, lost, index, many));
    }
    // It did not come to anything because nobody was free to take its connection.
    if connection_of(timeline, lost).is_some_and(|link| link.admitted.is_none())
        && let Some(verdict) = queued::verdict(timeline)
    {
        return Some(verdict);
    }
    let (text, why) = match lost.lost {
        _ if lost.failure == Some(Failure::NoPort) => (
            format!("Request\u{a0}{number} found no free port to open a connection from."),
            format!(
                "{} failed so: each port was in use or in TIME_WAIT.",
                capital(&requests_in_words(many))
            ),
        ),
        _ if lost.failure == Some(Failure::Refused) => (
            format!("Request\u{a0}{number} found nobody who took its SYN."),
            "The server\u{2019}s listen queue was full each time the SYN was sent again.".into(),
        ),
        _ if lost.failure == Some(Failure::GaveUp) => (
            format!("Request\u{a0}{number} waited in vain, and the client gave up."),
            given_up(timeline, lost),
        ),
        _ if lost.failure == Some(Failure::CutShort) => (
            format!("The answer to request\u{a0}{number} ended before its length."),
            "The server closed in the middle of the body.".into(),
        ),
        Some(_) if broke_down(timeline, lost) => (
            format!("The server reset the connection under request\u{a0}{number}."),
            format!(
                "It had {} what was asked; the client sees the same bytes either way and cannot tell.",
                if lost.performed > 0 { "done" } else { "not done" }
            ),
        ),
        Some(at) if died_on(timeline, at).is_some_and(is_reset) => (
            format!("The connection was reset under request\u{a0}{number}."),
            died_on(timeline, at).and_then(end_fact).unwrap_or_default(),
        ),
        Some(at) => (
            format!("Request\u{a0}{number} crossed the close of its connection and got no answer."),
            format!(
                "It was sent at {} and met a closed socket at {}. {}",
                clock(at.sent.from),
                clock(at.met),
                if lost.connection == Some(at.connection) {
                    "This client does not send it again."
                } else {
                    "It was sent once more, and lost again."
                }
            ),
        ),
        None if lost.request_sent.is_some() => (
            format!("Request\u{a0}{number} got no answer before the run ended."),
            format!("The run ends at {}.", clock(timeline.end)),
        ),
        None => (
            format!("Request\u{a0}{number} was never sent in this run."),
            format!("The run ends at {}.", clock(timeline.end)),
        ),
    };
    Some(Verdict::new(Sign::Fault, text, why, Some(clause::RETRY)))
}

/// From so many failures of one kind the number is told.
const MANY: usize = 3;

fn many_faults(timeline: &Timeline, first: &Exchange, index: usize, many: usize) -> Verdict {
    let what = match (first.failure, first.lost) {
        (Some(Failure::NoPort), _) => "found no free port to open a connection from",
        (Some(Failure::Refused), _) => "found nobody who took their SYN",
        (Some(Failure::GaveUp), _) => "waited in vain until the client gave up",
        (Some(Failure::CutShort), _) => "got an answer that ended before its length",
        (Some(Failure::OneConnection), _) => "had no connection left",
        (Some(Failure::Lost), _) | (None, Some(_)) => "lost their connection and got no answer",
        (None, None) => "got no answer before the run ended",
    };
    let all = crate::scene::num::grouped(timeline.exchanges.len() as u64);
    let text = format!("{} of {all} requests {what}.", crate::scene::num::grouped(many as u64));
    let why = format!(
        "The first is request\u{a0}{}, wanted at {}.",
        index + 1,
        clock(first.wanted.unwrap_or_default())
    );
    Verdict::new(Sign::Fault, text, why, Some(clause::RETRY))
}

/// The connection on which a first try was lost.
fn died_on(timeline: &Timeline, lost: Lost) -> Option<&Connection> {
    timeline.connections.get((lost.connection as usize).checked_sub(1)?)
}

fn is_reset(link: &Connection) -> bool {
    link.close.as_ref().is_some_and(|close| close.how == CloseHow::Rst)
}

/// Why a connection ended, as a sentence.
fn end_fact(link: &Connection) -> Option<String> {
    let reason = link.close.as_ref()?.because.first()?;
    Some(format!("{}.", capital(&reason.fact)))
}

/// Did the server break down over this request?
fn broke_down(timeline: &Timeline, exchange: &Exchange) -> bool {
    let close = exchange.lost.and_then(|lost| died_on(timeline, lost)?.close.as_ref());
    close.is_some_and(|close| close.because.first().is_some_and(|r| r.rule == "reset-by-server"))
}

/// Why an answer that was waited for never came.
fn given_up(timeline: &Timeline, exchange: &Exchange) -> String {
    let link = connection_of(timeline, exchange);
    match link.and_then(|link| link.forgotten) {
        Some(at) => format!(
            "A box on the path had forgotten the connection at {} and drops what comes on it.",
            clock(at)
        ),
        None => "Nothing came back on its connection.".into(),
    }
}

type Ran<'a> = (&'a Run, &'a Timeline);

/// A label at the beginning of a sentence: a bare setting becomes "With persistence off".
fn opening(label: &str) -> String {
    with_colon(&named(label))
}

/// A label that may begin a sentence. Products keep their names as they write them.
fn named(label: &str) -> String {
    let product = PRODUCTS.iter().any(|product| label.starts_with(product.name));
    if label.starts_with(char::is_lowercase) && !product {
        format!("With {label}")
    } else {
        label.to_owned()
    }
}

/// A label before a sentence. "With keep-alive" goes on without a colon.
fn with_colon(label: &str) -> String {
    let open = label.starts_with("With") || label.starts_with("with");
    if open { label.to_owned() } else { format!("{label}:") }
}

/// The deciding fact about one answer, as a sentence: whose decision, and why.
fn reason_line(timeline: &Timeline, index: usize) -> Option<String> {
    let exchange = timeline.exchanges.get(index)?;
    let answer = exchange.answer.as_ref()?;
    let reason = answer.because.first()?;
    if let Some(fact) = closed_by_client(timeline, exchange) {
        return Some(format!("The client closes{fact}."));
    }
    let verb = if answer.persists() { "The connection stays open" } else { "The server closes" };
    Some(format!("{verb}: {}.", reason.fact))
}

fn reason_clause(timeline: &Timeline, index: usize) -> Option<&'static Clause> {
    Some(timeline.exchanges.get(index)?.answer.as_ref()?.because.first()?.clause)
}

fn kept(timeline: &Timeline, index: usize) -> Option<bool> {
    let exchange = timeline.exchanges.get(index)?;
    Some(exchange.answer.as_ref()?.persists() && closed_by_client(timeline, exchange).is_none())
}

fn first_answer(timeline: &Timeline) -> Option<&crate::profile::Answer> {
    timeline.exchanges.iter().find_map(|exchange| exchange.answer.as_deref())
}

pub fn connection_of<'a>(timeline: &'a Timeline, exchange: &Exchange) -> Option<&'a Connection> {
    timeline.connections.get((exchange.connection? as usize).checked_sub(1)?)
}

/// Were two connections opening at the same time?
fn side_by_side(timeline: &Timeline) -> bool {
    timeline.connections.windows(2).any(|pair| pair[1].opened() < pair[0].ready())
}

fn what_is_loaded(timeline: &Timeline) -> String {
    let page = timeline.exchanges.first().is_some_and(|e| {
        let target = &e.request.target;
        target == "/" || target.ends_with(".html") || target.ends_with(".htm")
    });
    match timeline.exchanges.len() {
        1 => "this request".into(),
        _ if page => "this page".into(),
        n => format!("these {}", requests_in_words(n)),
    }
}

fn connections_in_words(number: usize) -> String {
    format!("{} {}", spelled(number), if number == 1 { "connection" } else { "connections" })
}

fn requests_in_words(number: usize) -> String {
    format!("{} {}", spelled(number), if number == 1 { "request" } else { "requests" })
}

fn label_of(run: &Run) -> &str {
    match run.label.as_str() {
        "" => run.name,
        label => label,
    }
}

/// "With keep-alive" inside a sentence: "with keep-alive". A name such as IIS stays as it is.
fn lower_label(run: &Run) -> String {
    lower(&named(label_of(run)))
}

/// The first letter small, if the word is none that keeps its capital.
fn lower(text: &str) -> String {
    let first = text.split_whitespace().next().unwrap_or_default();
    let known =
        ["With", "Without", "The", "It", "One", "Asking", "Not", "A", "An", "No", "Each", "All"];
    let mut text = text.to_owned();
    if known.contains(&first.trim_end_matches(':'))
        && let Some(letter) = text.get_mut(..1)
    {
        letter.make_ascii_lowercase();
    }
    text
}
