//! The tooltip: what it is, when, how long, how much, what was decided.
use super::{about, bytes, capital, clock, connection_name, request_line};
use crate::protocol::{Clause, message::reason_phrase};
use crate::scene::marks::{MarkKind, shown_by};
use crate::sim::{Connection, EventKind, Exchange, IdleEnd, IdleSpan, Side, Timeline};
use crate::study::{Pick, Show};

/// The words of a tooltip.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Tip {
    pub title: String,
    pub lines: Vec<String>,
    pub clause: Option<&'static Clause>,
}

/// What there is to say about an event in few words. None: it does not exist in this show.
pub fn tip(show: &Show, pick: Pick) -> Option<Tip> {
    let run = show.runs.get(pick.run)?;
    let timeline = run.timeline()?;
    let link = timeline.connections.get((pick.key.connection as usize).checked_sub(1)?)?;
    let index = pick.key.exchange.unwrap_or_default();
    let asked = pick.key.exchange.and_then(|index| timeline.exchanges.get(index as usize));
    let mut tip = match (pick.key.kind, shown_by(pick.key)) {
        (EventKind::AnswerSent, _) => idle(link, Side::Server, asked?.response_sent?.to),
        (EventKind::AnswerReceived, _) => idle(link, Side::Client, asked?.response_received?.to),
        (_, MarkKind::Tcp) => handshake(link, false),
        (_, MarkKind::Tls) => handshake(link, true),
        (_, MarkKind::Request) => request(timeline, link, index, asked?),
        (_, MarkKind::Work) => work(index, asked?),
        (_, MarkKind::Answer) => answer(index, asked?),
        (_, MarkKind::Lost) => lost(index, asked?),
        (_, MarkKind::TimeWait) => time_wait(link),
        _ => close(link),
    }?;
    tip.lines.insert(0, format!("{}, client port {}", connection_name(run, link.id), link.port));
    Some(tip)
}

fn handshake(link: &Connection, tls: bool) -> Option<Tip> {
    let (name, span) = if tls { ("TLS", link.tls?) } else { ("TCP", link.tcp) };
    let gist = if tls {
        "Both sides agree on keys before anything is asked."
    } else {
        "SYN there, SYN and ACK back: one round trip before anything can be asked."
    };
    let took = format!("{}, client to server and back", about(span.length()));
    Some(Tip {
        title: format!("{name} handshake, {}", clock(span.from)),
        lines: vec![took, gist.into()],
        clause: None,
    })
}

fn request(timeline: &Timeline, link: &Connection, index: u32, asked: &Exchange) -> Option<Tip> {
    let lost = asked.lost.filter(|lost| lost.connection == link.id);
    let sent = lost.map(|lost| lost.sent).or(asked.request_sent)?;
    let arrived = lost.map(|lost| lost.met).or(asked.request_received);
    let arrived = arrived.map(|at| format!("{}, ", about(at - sent.from))).unwrap_or_default();
    let size = bytes(asked.request.wire_bytes());
    let mut lines = vec![request_line(asked), format!("{arrived}{size} of head, client to server")];
    let note = super::request_note(timeline, link, index);
    lines.extend(note.map(|note| format!("{}.", capital(&note))));
    let first = link.exchanges.first() == Some(&index);
    lines.push(
        if first {
            "The first on this connection."
        } else {
            "On the connection that was kept open."
        }
        .into(),
    );
    Some(Tip { title: format!("Request {}, {}", index + 1, clock(sent.from)), lines, clause: None })
}

fn work(index: u32, asked: &Exchange) -> Option<Tip> {
    let work = asked.work?;
    let title = format!("Server works, {}", clock(work.from));
    Some(Tip {
        title,
        lines: vec![format!("{} on request {}", about(work.length()), index + 1)],
        clause: None,
    })
}

fn answer(index: u32, asked: &Exchange) -> Option<Tip> {
    let (sent, answer) = (asked.response_sent?, asked.answer.as_ref()?);
    let status = answer.response.status;
    let phrase = reason_phrase(status);
    let title = format!("Answer {}: {status} {phrase}, {}", index + 1, clock(sent.from));
    let to = asked.response_received.map_or(sent.to, |span| span.to);
    let mut lines =
        vec![format!("{}, {}, on its way back", about(to - sent.from), bytes(answer.body_bytes))];
    let reason = answer.because.first();
    let verdict = if answer.persists() { "Stays open" } else { "Closes" };
    lines.extend(reason.map(|reason| format!("{verdict}: {}.", reason.fact)));
    Some(Tip { title, lines, clause: reason.map(|reason| reason.clause) })
}

fn idle(link: &Connection, side: Side, at: crate::sim::Us) -> Option<Tip> {
    let starts = |idle: &&IdleSpan| idle.side == side && idle.span.from == at;
    let idle = link.idle.iter().find(starts)?;
    let title = format!("Idle, {} timer, {}", link.who(side), clock(at));
    let limit = match idle.due {
        Some(due) => format!(
            "Limit {}, counted from the last byte {}.",
            due - idle.span.from,
            if side == Side::Server { "sent" } else { "received" }
        ),
        None => "No limit.".into(),
    };
    let length = about(idle.span.length());
    let end = match idle.end {
        IdleEnd::Request => format!("A request ends the wait after {length}."),
        IdleEnd::Expired => format!("Nothing comes: the {} closes after {length}.", link.who(side)),
        IdleEnd::PeerClosed => {
            format!("The {} closes first, after {length}.", link.who(side.other()))
        }
        IdleEnd::Cut => "It lasts to the end of the run.".into(),
    };
    Some(Tip { title, lines: vec![limit, end], clause: Some(crate::protocol::clause::TIMEOUTS) })
}

fn lost(index: u32, asked: &Exchange) -> Option<Tip> {
    let lost = asked.lost?;
    let title = format!("Request {} lost, {}", index + 1, clock(lost.met));
    let lines = vec![
        "It met a connection that the server had closed; it is thrown away unread.".into(),
        format!("The client knows at {}.", clock(lost.known)),
    ];
    Some(Tip { title, lines, clause: Some(crate::protocol::clause::RETRY) })
}

fn close(link: &Connection) -> Option<Tip> {
    let close = link.close.as_ref()?;
    let verb = if close.how == crate::sim::CloseHow::Rst { "resets" } else { "closes" };
    let reason = close.because.first();
    let mut lines: Vec<String> =
        reason.map(|reason| format!("{}.", capital(&reason.fact))).into_iter().collect();
    lines.push(format!("The {} knows at {}.", link.who(close.by.other()), clock(close.known)));
    let title = format!("{} {verb}, {}", capital(link.who(close.by)), clock(close.at));
    Some(Tip { title, lines, clause: reason.map(|reason| reason.clause) })
}

fn time_wait(link: &Connection) -> Option<Tip> {
    let wait = link.close.as_ref()?.time_wait?;
    let lines = vec![
        format!("{} on the {}: who closes first waits.", wait.span.length(), link.who(wait.side)),
        "The port stays taken, so that packets that come late are not mistaken for a new connection’s.".into(),
    ];
    let title = format!("TIME_WAIT, {}", clock(wait.span.from));
    Some(Tip { title, lines, clause: Some(crate::protocol::clause::TIME_WAIT) })
}
