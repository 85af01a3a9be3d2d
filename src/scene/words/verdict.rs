//! The verdict: one sentence, the largest on the page; one grey line that says why; the clause.
use super::{about, about_like, capital, clock, count, spelled};
use crate::profile::{After, PRODUCTS};
use crate::protocol::{Clause, Reason, clause};
use crate::scene::story::{Story, answered_at};
use crate::sim::{CloseHow, Connection, Exchange, IdleEnd, IdleSpan, Side, Timeline, Us};
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
    pub clause: Option<Clause>,
}

impl Verdict {
    fn new(sign: Sign, text: String, why: String, clause: Option<Clause>) -> Self {
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
    if let Some(verdict) = fault(timeline) {
        return verdict;
    }
    let other = (show.runs.len() > 1).then(|| show.runs.first()).flatten();
    let other = other.and_then(|run| Some((run, run.timeline()?)));
    let told = match (show.focus, other) {
        (Focus::Saved, Some(other)) => saved(other, (run, timeline)),
        (Focus::Connections, Some(other)) => two_counts(other, (run, timeline)),
        (Focus::Exchange(index), Some(other)) => either(other, (run, timeline), index),
        (Focus::Exchange(index), None) => exchange(run, timeline, index),
        (Focus::TooLate(index), _) => too_late(run, timeline, index),
        (Focus::Idle, _) => idle(timeline),
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

/// A request without an answer comes before everything else.
fn fault(timeline: &Timeline) -> Option<Verdict> {
    let (index, lost) =
        timeline.exchanges.iter().enumerate().find(|(_, e)| answered_at(e).is_none())?;
    let number = index + 1;
    let (text, why) = match lost.lost {
        Some(lost) => (
            format!("Request {number} crossed the close of its connection and got no answer."),
            format!(
                "It was sent at {} and met a closed socket at {}. This client does not send it again.",
                clock(lost.sent.from),
                clock(lost.met)
            ),
        ),
        None if lost.request_sent.is_some() => (
            format!("Request {number} got no answer before the run ended."),
            format!("The run ends at {}.", clock(timeline.end)),
        ),
        None => (
            format!("Request {number} was never sent in this run."),
            format!("The run ends at {}.", clock(timeline.end)),
        ),
    };
    Some(Verdict::new(Sign::Fault, text, why, Some(clause::RETRY)))
}

type Ran<'a> = (&'a Run, &'a Timeline);

/// One run against the other: who is done first, and what it cost to open connections.
fn saved(a: Ran<'_>, b: Ran<'_>) -> Option<Verdict> {
    let stories = (Story::of(a.0), Story::of(b.0));
    let (done_a, done_b) = (stories.0.done?, stories.1.done?);
    let (fast, slow, early, late) = if done_b <= done_a {
        ((b, stories.1), (a, stories.0), done_b, done_a)
    } else {
        ((a, stories.0), (b, stories.1), done_a, done_b)
    };
    let what = what_is_loaded(fast.0.1);
    let (few, many) = (fast.1.connections, slow.1.connections);
    let (soon, then) = (about_like(early, late), about_like(late, late));
    let text = if early == late && few == many {
        let connections = count(few, "connection", "connections");
        format!("Both runs need {connections} and {then}: here it makes no difference.")
    } else if early == late {
        format!(
            "{} instead of {many} in the same time, {then}.",
            capital(&connections_in_words(few))
        )
    } else if few < many {
        let (who, s) = (capital(&connections_in_words(few)), if few == 1 { "s" } else { "" });
        format!("{who}, kept open, load{s} {what} in {soon} instead of {then}.")
    } else {
        let takes = if what.starts_with("these") { "take" } else { "takes" };
        format!("{} {what} {takes} {soon} instead of {then}.", opening(label_of(fast.0.0)))
    };
    let why = why_saved(fast.0, &fast.1, slow.0, &slow.1);
    let reason = first_answer(fast.0.1).and_then(|answer| Some(answer.because.first()?.clause));
    Some(Verdict::new(Sign::Kept, text, why, reason.or(Some(clause::PERSISTENCE))))
}

fn why_saved(fast: Ran<'_>, fewer: &Story, slow: Ran<'_>, more: &Story) -> String {
    let network = &fast.0.scenario.network;
    let trips = 1 + network.tls.round_trips();
    let trips_in_words = spelled(usize::try_from(trips).unwrap_or(usize::MAX));
    let plural = if trips == 1 { "round trip" } else { "round trips" };
    if network.rtt > Us::ZERO && fewer.connections > more.connections && side_by_side(fast.1) {
        return format!(
            "There requests do not wait for each other. Each connection pays for its own handshakes: {trips_in_words} {plural}, {}.",
            network.rtt * trips
        );
    }
    if network.rtt == Us::ZERO || fewer.connections >= more.connections {
        return reason_line(slow.1, 0).unwrap_or_default();
    }
    let cost = format!(
        "Opening a connection costs {trips_in_words} {plural} ({}) before anything is asked.",
        network.rtt * trips
    );
    let who = match fewer.connections {
        1 => "only the first".to_owned(),
        n => format!("only {} of them", spelled(n)),
    };
    let (slow_label, fast_label) = (opening(label_of(slow.0)), with_colon(&lower_label(fast.0)));
    let each = if more.connections == more.exchanges {
        format!(" {slow_label} every request pays that; {fast_label} {who}.")
    } else {
        let (often, once) = (spelled(more.connections), spelled(fewer.connections));
        format!(" {slow_label} {often} times; {fast_label} {once}.")
    };
    let beside = if fewer.connections > 1 && side_by_side(fast.1) {
        " Connections that open side by side share that wait, so the gain is smaller."
    } else {
        ""
    };
    format!("{cost}{each}{beside}")
}

fn two_counts(a: Ran<'_>, b: Ran<'_>) -> Option<Verdict> {
    let (many, few) = (a.1.connections.len(), b.1.connections.len());
    if a.1.exchanges.len() < 2 {
        return either(a, b, 0);
    }
    let text = if many == few {
        format!(
            "{} in both runs: here it makes no difference.",
            capital(&connections_in_words(few))
        )
    } else {
        format!(
            "{}: {}. {}: {}.",
            named(label_of(a.0)),
            connections_in_words(many),
            named(label_of(b.0)),
            spelled(few)
        )
    };
    let sign = if few == many && few > 1 { Sign::Closed } else { Sign::Kept };
    let (more, less) = if few <= many { (a, b) } else { (b, a) };
    // Where the first answers agree, a later close made the difference.
    let later = first_close(more.1).filter(|_| many != few && fact(a.1, 0) == fact(b.1, 0));
    let (why, clause) = match later {
        Some(close) => (two_closes(more, close, less), Some(close.clause)),
        None if many == few => (reason_line(b.1, 0).unwrap_or_default(), reason_clause(b.1, 0)),
        None => (two_facts(a, b, 0), reason_clause(less.1, 0)),
    };
    Some(Verdict::new(sign, text, why, clause))
}

/// One exchange in both runs: kept or closed.
fn either(a: Ran<'_>, b: Ran<'_>, index: usize) -> Option<Verdict> {
    let (kept_a, kept_b) = (kept(a.1, index)?, kept(b.1, index)?);
    let says = |kept: bool| if kept { "it stays open" } else { "it closes" };
    let text = if kept_a == kept_b {
        let says = if kept_b { "The connection stays open" } else { "The connection closes" };
        format!("{says} after answer {} in both runs: here it makes no difference.", index + 1)
    } else {
        format!(
            "{}: the connection {} after answer {}. {}: {}.",
            named(label_of(a.0)),
            &says(kept_a)[3..],
            index + 1,
            named(label_of(b.0)),
            says(kept_b)
        )
    };
    let sign = if kept_b { Sign::Kept } else { Sign::Closed };
    let why = two_facts(a, b, index);
    Some(Verdict::new(sign, text, why, reason_clause(b.1, index)))
}

/// Kept or closed after one answer, and why.
fn exchange(run: &Run, timeline: &Timeline, index: usize) -> Option<Verdict> {
    let exchange = timeline.exchanges.get(index)?;
    let answer = exchange.answer.as_ref()?;
    let fact =
        answer.because.first().map(|reason| format!(": {}", reason.fact)).unwrap_or_default();
    let number = if timeline.exchanges.len() == 1 {
        "the answer".into()
    } else {
        format!("answer {}", index + 1)
    };
    let (sign, text) = match answer.after {
        After::Keep(_) => match closed_by_client(timeline, exchange) {
            Some(close_fact) => {
                (Sign::Closed, format!("The client closes after {number}{close_fact}."))
            }
            None => (Sign::Kept, format!("The connection stays open after {number}{fact}.")),
        },
        After::Close => (Sign::Closed, format!("The server closes after {number}{fact}.")),
        After::Reset => {
            (Sign::Fault, format!("The server cuts the connection after {number}{fact}."))
        }
        After::Tunnel => (
            Sign::Kept,
            format!("After {number} the connection is a tunnel and carries no more HTTP{fact}."),
        ),
    };
    let why = next_line(run, timeline, exchange, index);
    Some(Verdict::new(sign, text, why, answer.because.first().map(|reason| reason.clause)))
}

fn closed_by_client(timeline: &Timeline, exchange: &Exchange) -> Option<String> {
    let close = connection_of(timeline, exchange)?.close.as_ref()?;
    let at_once = close.by == Side::Client && Some(close.at) == answered_at(exchange);
    at_once.then(|| {
        close.because.first().map(|reason| format!(": {}", reason.fact)).unwrap_or_default()
    })
}

/// What follows from it: who waits how long, or what the next request has to pay.
fn next_line(run: &Run, timeline: &Timeline, exchange: &Exchange, index: usize) -> String {
    let next = timeline.exchanges.get(index + 1);
    let connection = connection_of(timeline, exchange);
    let later = next.and_then(|next| Some((next.connection?, next)));
    if let (Some((there, next)), Some(here)) = (later, exchange.connection) {
        let trips = 1 + run.scenario.network.tls.round_trips();
        let opens = connection_of(timeline, next)
            .is_some_and(|c| c.exchanges.first() == u32::try_from(index + 1).ok().as_ref());
        return match (there == here, opens) {
            (true, _) => format!("Request {} goes out on the same connection.", index + 2),
            (false, true) if run.scenario.network.rtt > Us::ZERO => format!(
                "Request {} has to open a new one and pays for it: {}.",
                index + 2,
                round_trips(trips, run.scenario.network.rtt)
            ),
            (false, true) => format!("Request {} has to open a new one.", index + 2),
            (false, false) => String::new(),
        };
    }
    let wait = connection
        .and_then(|connection| connection.idle.iter().rev().find(|idle| idle.side == Side::Server));
    match wait {
        Some(IdleSpan { due: Some(due), span, .. }) => {
            format!("The server now waits {} for another request, then closes.", *due - span.from)
        }
        Some(_) => "The server now waits for another request, without limit.".into(),
        None => waiting(connection),
    }
}

fn waiting(connection: Option<&Connection>) -> String {
    let close = connection.and_then(|connection| connection.close.as_ref());
    match close.and_then(|close| close.time_wait) {
        Some(wait) => format!(
            "It closed first, so the {} of TIME_WAIT are on the {}.",
            wait.span.length(),
            wait.side.as_str()
        ),
        None => String::new(),
    }
}

fn round_trips(trips: u64, rtt: Us) -> String {
    let number = spelled(usize::try_from(trips).unwrap_or(usize::MAX));
    format!(
        "{number} more {}, {}",
        if trips == 1 { "round trip" } else { "round trips" },
        rtt * trips
    )
}

/// A request that came after the connection before it had closed.
fn too_late(run: &Run, timeline: &Timeline, index: usize) -> Option<Verdict> {
    let exchange = timeline.exchanges.get(index)?;
    let before = timeline.exchanges.get(index.checked_sub(1)?)?;
    let connection = connection_of(timeline, before)?;
    let waited = exchange.wanted? - answered_at(before)?;
    let number = index + 1;
    let came = format!("Request {number} came after {}", about(waited));
    let idle = connection.idle.iter().rev().find(|idle| idle.end == IdleEnd::Expired);
    let wait = idle.and_then(|idle| Some((idle, idle.due? - idle.span.from)));
    let same = exchange.connection == before.connection;
    if same {
        let last = connection
            .idle
            .iter()
            .rev()
            .find(|idle| idle.side == Side::Server && idle.end == IdleEnd::Request);
        let text = match last.and_then(|idle| Some(idle.due? - idle.span.from)) {
            Some(limit) => format!("{came}, in time: the server waits {limit}."),
            None => format!("{came}, in time: the server waits without limit."),
        };
        let why = "So it uses the open connection and pays for no handshake.".into();
        return Some(Verdict::new(Sign::Kept, text, why, Some(clause::TIMEOUTS)));
    }
    let (idle, limit) = wait?;
    let who = idle.side.as_str();
    let text = format!("{came}. The {who} had closed after {limit}.");
    let trips = 1 + run.scenario.network.tls.round_trips();
    let why = match run.scenario.network.rtt {
        Us::ZERO => "So it has to open a new connection.".into(),
        rtt => format!("So it pays for a new connection: {}.", round_trips(trips, rtt)),
    };
    Some(Verdict::new(Sign::Closed, text, why, Some(clause::TIMEOUTS)))
}

/// Connections that stay open although nobody asks any more.
fn idle(timeline: &Timeline) -> Option<Verdict> {
    let waits = |connection: &Connection| {
        let last = connection.idle.iter().rev().find(|idle| idle.side == Side::Server)?;
        (last.end != IdleEnd::Request).then_some((last.span, last.due))
    };
    let waiting: Vec<_> = timeline.connections.iter().filter_map(waits).collect();
    let (span, due) = *waiting.first()?;
    let many = waiting.len();
    let who = if many == 1 {
        "The connection stays".into()
    } else {
        format!("{} stay", capital(&connections_in_words(many)))
    };
    let closer = timeline.connections.iter().find_map(|c| c.close.as_ref());
    let client = closer.filter(|close| close.by == Side::Client && close.how == CloseHow::Fin);
    let text = match (client, due) {
        (Some(close), _) => format!(
            "{who} open for {} after the last answer; then the client closes.",
            (close.at - span.from)
        ),
        (None, Some(due)) => format!(
            "{who} open for {} after the last answer; then the server closes.",
            due - span.from
        ),
        (None, None) => {
            format!("{who} open after the last answer: the server waits without limit.")
        }
    };
    let why = closer.and_then(|close| close.because.first());
    let line = why.map(|reason| {
        format!("{}. Until then netstat lists a socket on each side.", capital(&reason.fact))
    });
    let line = line.unwrap_or_else(|| "netstat lists a socket on each side all the time.".into());
    Some(Verdict::new(
        Sign::Kept,
        text,
        line,
        why.map(|reason| reason.clause).or(Some(clause::TIMEOUTS)),
    ))
}

/// How many connections a run takes.
fn connections(_run: &Run, timeline: &Timeline) -> Option<Verdict> {
    let (requests, connections) = (timeline.exchanges.len(), timeline.connections.len());
    if requests < 2 {
        return None;
    }
    let (sign, text) = match connections {
        0 => return None,
        1 => (Sign::Kept, format!("All {} use one connection.", requests_in_words(requests))),
        n if n == requests => (
            Sign::Closed,
            format!("Each of the {} opens a connection of its own.", requests_in_words(requests)),
        ),
        n => (
            Sign::Kept,
            format!("{} use {}.", capital(&requests_in_words(requests)), connections_in_words(n)),
        ),
    };
    let why = reason_line(timeline, 0).unwrap_or_default();
    Some(Verdict::new(sign, text, why, reason_clause(timeline, 0)))
}

/// What decided in each of two runs: `Asks: the answer carries keep-alive.`
fn two_facts(a: Ran<'_>, b: Ran<'_>, index: usize) -> String {
    let (first, second) = (fact(a.1, index), fact(b.1, index));
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            format!("{} {first}. {} {second}.", opening(label_of(a.0)), opening(label_of(b.0)))
        }
        _ => reason_line(b.1, index).unwrap_or_default(),
    }
}

/// Why the first connection was closed; in the other run too, if for the same kind of reason.
fn two_closes(more: Ran<'_>, close: &Reason, less: Ran<'_>) -> String {
    let mut why = format!("{} {}.", opening(label_of(more.0)), close.fact);
    if let Some(other) = first_close(less.1).filter(|other| other.rule == close.rule) {
        why += &format!(" {} {}.", opening(label_of(less.0)), other.fact);
    }
    why
}

/// Why the first connection was closed after a wait, or for what came behind an answer.
fn first_close(timeline: &Timeline) -> Option<&Reason> {
    timeline.connections.first()?.close.as_ref()?.because.first()
}

fn fact(timeline: &Timeline, index: usize) -> Option<String> {
    let exchange = timeline.exchanges.get(index)?;
    if closed_by_client(timeline, exchange).is_some() {
        let close = connection_of(timeline, exchange)?.close.as_ref()?;
        return Some(close.because.first()?.fact.to_string());
    }
    Some(exchange.answer.as_ref()?.because.first()?.fact.to_string())
}

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

fn reason_clause(timeline: &Timeline, index: usize) -> Option<Clause> {
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
