//! One run: kept or closed, too late or in time, and what follows.
use super::{
    Sign, Verdict, connection_of, connections_in_words, reason_clause, reason_line,
    requests_in_words,
};
use crate::profile::After;
use crate::protocol::clause;
use crate::scene::story::answered_at;
use crate::scene::words::{about, capital, spelled};
use crate::sim::{CloseHow, Connection, Exchange, IdleEnd, IdleSpan, Side, Span, Timeline, Us};
use crate::study::Run;

/// Kept or closed after one answer, and why.
pub(super) fn exchange(run: &Run, timeline: &Timeline, index: usize) -> Option<Verdict> {
    let exchange = timeline.exchanges.get(index)?;
    let answer = exchange.answer.as_ref()?;
    let fact =
        answer.because.first().map(|reason| format!(": {}", reason.fact)).unwrap_or_default();
    let number = if timeline.exchanges.len() == 1 {
        "the answer".into()
    } else {
        format!("answer\u{a0}{}", index + 1)
    };
    let who = connection_of(timeline, exchange).map_or("server", |link| link.who(Side::Server));
    let (sign, text) = match answer.after {
        After::Keep(_) => match closed_by_client(timeline, exchange) {
            Some(close_fact) => {
                (Sign::Closed, format!("The client closes after {number}{close_fact}."))
            }
            None => (Sign::Kept, format!("The connection stays open after {number}{fact}.")),
        },
        After::Close => (Sign::Closed, format!("The {who} closes after {number}{fact}.")),
        After::Reset => {
            (Sign::Fault, format!("The {who} cuts the connection after {number}{fact}."))
        }
        After::Tunnel => {
            (Sign::Kept, format!("After {number} the connection carries no more HTTP{fact}."))
        }
    };
    let why = next_line(run, timeline, exchange, index);
    Some(Verdict::new(sign, text, why, answer.because.first().map(|reason| reason.clause)))
}

pub(super) fn closed_by_client(timeline: &Timeline, exchange: &Exchange) -> Option<String> {
    let close = connection_of(timeline, exchange)?.close.as_ref()?;
    let at_once = close.by == Side::Client && Some(close.at) == answered_at(exchange);
    at_once.then(|| {
        close.because.first().map(|reason| format!(": {}", reason.fact)).unwrap_or_default()
    })
}

/// What follows from it: who waits how long, or what the next request has to pay.
pub(super) fn next_line(
    run: &Run,
    timeline: &Timeline,
    exchange: &Exchange,
    index: usize,
) -> String {
    let next = timeline.exchanges.get(index + 1);
    let connection = connection_of(timeline, exchange);
    let later = next.and_then(|next| Some((next.connection?, next)));
    if let Some(next) = next.filter(|next| next.client != exchange.client) {
        let which = next.client + 1;
        return format!(
            "Request\u{a0}{} is client\u{a0}{which}\u{2019}s, on a connection of its own.",
            index + 2
        );
    }
    if let (Some((there, next)), Some(here)) = (later, exchange.connection) {
        let trips = 1 + run.scenario.network.tls.round_trips();
        let opens = connection_of(timeline, next)
            .is_some_and(|c| c.exchanges.first() == u32::try_from(index + 1).ok().as_ref());
        return match (there == here, opens) {
            (true, _) => format!("Request\u{a0}{} goes out on the same connection.", index + 2),
            (false, true) if run.scenario.network.rtt > Us::ZERO => format!(
                "Request\u{a0}{} has to open a new one and pays for it: {}.",
                index + 2,
                round_trips(trips, run.scenario.network.rtt)
            ),
            (false, true) => format!("Request\u{a0}{} has to open a new one.", index + 2),
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

pub(super) fn waiting(connection: Option<&Connection>) -> String {
    let close = connection.and_then(|connection| connection.close.as_ref());
    match close.and_then(|close| close.time_wait) {
        Some(wait) => format!(
            "It closed first, so the {} of TIME_WAIT are on the {}.",
            wait.span.length(),
            connection.map_or("server", |link| link.who(wait.side))
        ),
        None => String::new(),
    }
}

pub(super) fn round_trips(trips: u64, rtt: Us) -> String {
    let number = spelled(usize::try_from(trips).unwrap_or(usize::MAX));
    format!(
        "{number} more {}, {}",
        if trips == 1 { "round trip" } else { "round trips" },
        rtt * trips
    )
}

/// A request that came after the connection before it had closed.
pub(super) fn too_late(run: &Run, timeline: &Timeline, index: usize) -> Option<Verdict> {
    let exchange = timeline.exchanges.get(index)?;
    let before = timeline.exchanges.get(index.checked_sub(1)?)?;
    let connection = connection_of(timeline, before)?;
    let waited = exchange.wanted? - answered_at(before)?;
    let number = index + 1;
    let came = format!("Request\u{a0}{number} came after {}", about(waited));
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
    let who = connection.who(idle.side);
    let text = format!("{came}. The {who} had closed after {limit}.");
    let trips = 1 + run.scenario.network.tls.round_trips();
    let why = match run.scenario.network.rtt {
        Us::ZERO => "So it has to open a new connection.".into(),
        rtt => format!("So it pays for a new connection: {}.", round_trips(trips, rtt)),
    };
    Some(Verdict::new(Sign::Closed, text, why, Some(clause::TIMEOUTS)))
}

/// Connections that stay open although nobody asks any more.
pub(super) fn idle(timeline: &Timeline, other: Option<&Timeline>) -> Option<Verdict> {
    let waits = |connection: &Connection| {
        let last = connection.idle.iter().rev().find(|idle| idle.side == Side::Server)?;
        (last.end != IdleEnd::Request).then_some((last.span, last.due))
    };
    let limit = |(span, due): (Span, Option<Us>)| due.map(|due| due - span.from);
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
        (None, Some(due)) => {
            let theirs = other.and_then(|other| other.connections.iter().find_map(waits));
            let instead = theirs.and_then(limit).filter(|theirs| *theirs != due - span.from);
            let instead = instead.map(|limit| format!(" instead of {limit}")).unwrap_or_default();
            format!(
                "{who} open for {}{instead} after the last answer; then the server closes.",
                due - span.from
            )
        }
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
pub(super) fn connections(_run: &Run, timeline: &Timeline) -> Option<Verdict> {
    let (requests, connections) = (timeline.exchanges.len(), timeline.connections.len());
    if requests < 2 {
        return None;
    }
    let (sign, text) = match connections {
        0 => return None,
        1 if requests == 2 => (Sign::Kept, "Both requests use one connection.".into()),
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
