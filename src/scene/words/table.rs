//! The event table: everything that happens, one row each, complete. It is also the form for print
//! and for who cannot see the figure.
use super::verdict::connection_of;
use super::{bytes, capital, column};
use crate::order;
use crate::profile::After;
use crate::protocol::{Clause, clause};
use crate::sim::{
    Close, CloseHow, Connection, Event, EventKey, EventKind, Exchange, IdleEnd, IdleSpan, Side,
    Timeline, Us,
};
use crate::study::{Pick, Run, Show};
use std::borrow::Cow;

/// A stretch of text; bytes of the wire are set in the monospaced family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(Cow<'static, str>),
    Code(String),
}

/// The text without its families.
pub fn plain(pieces: &[Piece]) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.as_ref(),
        Piece::Code(text) => text.as_str(),
    });
    texts.collect()
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub at: Us,
    pub pick: Pick,
    pub by: Side,
    /// `client`, `proxy` or `server`.
    pub who: &'static str,
    pub event: Vec<Piece>,
    /// "Stays open." and the like; empty where nothing is decided.
    pub decision: &'static str,
    pub because: String,
    pub clause: Option<&'static Clause>,
    /// Something is decided here: the rows that the short table shows.
    pub decides: bool,
}

impl Row {
    /// Seconds with three decimals.
    pub fn time(&self) -> String {
        column(self.at)
    }
}

/// `A·C1`, or `C1` where there is one run.
pub fn connection_name(run: &Run, connection: u32) -> String {
    let letter = if run.hop == 0 { 'C' } else { 'U' };
    match run.name {
        "" => format!("{letter}{connection}"),
        name => format!("{name}·{letter}{connection}"),
    }
}

/// Every event of every run, in order of time.
pub fn rows(show: &Show) -> Vec<Row> {
    let mut rows = Vec::new();
    for (run, timeline) in show.runs.iter().enumerate() {
        let Some(timeline) = timeline.timeline() else { continue };
        rows.extend(timeline.events().iter().map(|event| row(timeline, run, event)));
    }
    if show.runs.len() > 1 {
        order::sort(&mut rows, |row| (row.at.0, 0));
    }
    rows
}

/// The row of one event.
pub fn row(timeline: &Timeline, run: usize, event: &Event) -> Row {
    let EventKey { connection, kind, exchange } = event.key;
    let link = timeline.connections.get((connection as usize).wrapping_sub(1));
    let index = exchange.unwrap_or_default();
    let asked = exchange.and_then(|index| timeline.exchanges.get(index as usize));
    let mut row = Row {
        at: event.at,
        pick: Pick { run, key: event.key },
        by: event.by,
        who: link.map_or(event.by.as_str(), |link| link.who(event.by)),
        event: what(kind, index, asked, link),
        decision: "",
        because: String::new(),
        clause: None,
        decides: false,
    };
    match kind {
        EventKind::Syn => row.clause = Some(clause::TCP_HANDSHAKE),
        EventKind::Answer => decide(&mut row, asked),
        EventKind::AnswerSent => starts_timer(&mut row, link, Side::Server),
        EventKind::AnswerReceived => starts_timer(&mut row, link, Side::Client),
        EventKind::RequestLost => {
            row.decision = "Answered by a reset.";
            row.because = "Nobody reads on this connection any more.".into();
            row.clause = Some(clause::RETRY);
            row.decides = true;
        }
        EventKind::Close => closes(timeline, &mut row, link),
        EventKind::TimeWait => waits(&mut row, link),
        _ => {}
    }
    row
}

fn what(
    kind: EventKind,
    index: u32,
    asked: Option<&Exchange>,
    link: Option<&Connection>,
) -> Vec<Piece> {
    let number = index + 1;
    let text = |text: &'static str| vec![Piece::Text(text.into())];
    let line = || Piece::Code(asked.map(super::request_line).unwrap_or_default());
    match kind {
        EventKind::Syn => text("asks for a connection: SYN"),
        EventKind::TcpOpen => text("TCP connection open"),
        EventKind::TlsOpen => text("TLS handshake complete"),
        EventKind::RequestSent => vec![Piece::Text(format!("request {number}: ").into()), line()],
        EventKind::RequestReceived => vec![Piece::Text(format!("has request {number}").into())],
        EventKind::Answer => {
            let answer = asked.and_then(|exchange| exchange.answer.as_ref());
            let status =
                answer.map(|answer| answer.response.status.to_string()).unwrap_or_default();
            let size =
                answer.map(|answer| format!(", {}", bytes(answer.body_bytes))).unwrap_or_default();
            vec![
                Piece::Text(format!("answer {number}: ").into()),
                Piece::Code(status),
                Piece::Text(" to ".into()),
                line(),
                Piece::Text(size.into()),
            ]
        }
        EventKind::AnswerSent => {
            vec![Piece::Text(format!("last byte of answer {number} sent").into())]
        }
        EventKind::AnswerReceived => vec![Piece::Text(format!("has answer {number}").into())],
        EventKind::RequestLost => {
            vec![Piece::Text(format!("request {number} meets a closed socket").into())]
        }
        EventKind::Close => text(match link.and_then(|link| link.close.as_ref()) {
            Some(Close { how: CloseHow::Rst, .. }) => "sends RST",
            _ => "sends FIN",
        }),
        EventKind::CloseKnown => text("learns of the close"),
        EventKind::TimeWait => text("has the other side’s FIN, sends the last ACK"),
        EventKind::TimeWaitEnd => text("the port is free again"),
    }
}

fn decide(row: &mut Row, asked: Option<&Exchange>) {
    let Some(answer) = asked.and_then(|exchange| exchange.answer.as_ref()) else { return };
    row.decision = match answer.after {
        After::Keep(_) => "Stays open.",
        After::Close => "Closes.",
        After::Reset => "Cuts.",
        After::Tunnel => "No longer HTTP.",
    };
    row.decides = true;
    if let Some(reason) = answer.because.first() {
        row.because = format!("{}.", capital(&reason.fact));
        row.clause = Some(reason.clause);
    }
}

/// The wait of one side that begins at an instant. The waits stand in order of their beginning.
fn idle_from(link: &Connection, side: Side, at: Us) -> Option<&IdleSpan> {
    let first = link.idle.partition_point(|idle| idle.span.from < at);
    let here = link.idle.get(first..)?.iter().take_while(|idle| idle.span.from == at);
    here.into_iter().find(|idle| idle.side == side)
}

fn starts_timer(row: &mut Row, link: Option<&Connection>, side: Side) {
    let Some(idle) = link.and_then(|link| idle_from(link, side, row.at)) else { return };
    row.because = match idle.due {
        Some(due) => format!("Starts the idle timer, {}.", due - idle.span.from),
        None if side == Side::Server => "Waits for the next request, without limit.".into(),
        None => return,
    };
    row.decides = ends_by_itself(idle);
    row.clause = Some(clause::TIMEOUTS);
}

/// A wait of the server that no request ends.
fn ends_by_itself(idle: &IdleSpan) -> bool {
    idle.side == Side::Server && idle.end != IdleEnd::Request
}

/// Behind an answer a close only does what that answer decided.
fn is_behind_answer(timeline: &Timeline, link: &Connection, close: &Close) -> bool {
    let mut answers = link.exchanges.iter().rev().take(2);
    close.by == Side::Server
        && answers.any(|index| {
            timeline.exchanges.get(*index as usize).is_some_and(|exchange| {
                let closes = exchange.answer.as_ref().is_some_and(|answer| !answer.persists());
                closes && exchange.response_sent.is_some_and(|sent| sent.to == close.at)
            })
        })
}

/// Is something decided here? What [`row`] says, without its words.
pub fn decides(timeline: &Timeline, event: &Event) -> bool {
    let link = timeline.connections.get((event.key.connection as usize).wrapping_sub(1));
    let asked = event.key.exchange.and_then(|index| timeline.exchanges.get(index as usize));
    let close = link.and_then(|link| link.close.as_ref());
    match (event.key.kind, link) {
        (EventKind::Answer, _) => asked.is_some_and(|exchange| exchange.answer.is_some()),
        (EventKind::RequestLost, _) => true,
        (EventKind::AnswerSent, Some(link)) => {
            idle_from(link, Side::Server, event.at).is_some_and(ends_by_itself)
        }
        (EventKind::Close, Some(link)) => {
            close.is_some_and(|close| !is_behind_answer(timeline, link, close))
        }
        (EventKind::TimeWait, _) => close.is_some_and(|close| close.time_wait.is_some()),
        _ => false,
    }
}

fn closes(timeline: &Timeline, row: &mut Row, link: Option<&Connection>) {
    let Some((link, close)) = link.and_then(|link| Some((link, link.close.as_ref()?))) else {
        return;
    };
    if is_behind_answer(timeline, link, close) {
        return;
    }
    row.decision = if close.how == CloseHow::Rst { "Cuts." } else { "Closes." };
    row.decides = true;
    if let Some(reason) = close.because.first() {
        row.because = format!("{}.", capital(&reason.fact));
        row.clause = Some(reason.clause);
    }
}

fn waits(row: &mut Row, link: Option<&Connection>) {
    let wait = link.and_then(|link| link.close.as_ref()?.time_wait);
    let Some(wait) = wait else { return };
    row.because = format!("Waits {} in TIME_WAIT: it closed first.", wait.span.length());
    row.clause = Some(clause::TIME_WAIT);
    row.decides = true;
}

/// What is worth saying aloud when an event is reached: decisions, not packets.
pub fn announcement(show: &Show, run: usize, event: &Event) -> Option<String> {
    let shown = show.runs.get(run)?;
    let row = row(shown.timeline()?, run, event);
    if !row.decides {
        return None;
    }
    let name = connection_name(shown, event.key.connection);
    let mut text = format!("{name}, {}: {}", row.who, plain(&row.event));
    for part in [row.decision, row.because.as_str()] {
        if !part.is_empty() {
            text.push_str(if text.ends_with('.') { " " } else { ". " });
            text.push_str(part);
        }
    }
    Some(text)
}

/// The exchange and connection that an event belongs to.
pub fn exchange_of(timeline: &Timeline, key: EventKey) -> Option<(u32, &Exchange)> {
    if let Some(index) = key.exchange {
        return Some((index, timeline.exchanges.get(index as usize)?));
    }
    let link = timeline.connections.get((key.connection as usize).checked_sub(1)?)?;
    let last = *link.exchanges.last()?;
    let exchange = timeline.exchanges.get(last as usize)?;
    connection_of(timeline, exchange).map(|_| (last, exchange))
}
