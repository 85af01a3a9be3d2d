//! The words in the picture: short, at the mark, each said once.
use super::{NBSP, about, count};
use crate::scene::marks::rides;
use crate::scene::ruler::fixed;
use crate::scene::story::Story;
use crate::sim::{Close, CloseHow, Connection, IdleEnd, IdleSpan, Side, Span, Timeline, Us};
use crate::study::{Run, Show};
use std::borrow::Cow;

/// `server closes: 5 s idle`, for the flag.
#[inline(never)]
pub fn close_label(connection: &Connection, close: &Close, idle: Option<&IdleSpan>) -> String {
    let who = connection.who(close.by);
    let verb = if close.how == CloseHow::Rst { "resets" } else { "closes" };
    match idle.filter(|idle| idle.end == IdleEnd::Expired) {
        Some(idle) => format!("{who} {verb}: {} idle", idle.span.length()),
        None => format!("{who} {verb}"),
    }
}

/// A time that counts down: tenths of a second, whole seconds from a minute up, milliseconds below one second.
#[inline(never)]
pub fn tenths(left: Us) -> String {
    match left.0 {
        0..1_000_000 => format!("{}{NBSP}ms", left.0 / 1_000),
        1_000_000..60_000_000 => format!("{}{NBSP}s", fixed(left.0, 1_000_000, 1)),
        60_000_000..7_200_000_000 => {
            let seconds = left.0 / 1_000_000;
            format!("{}:{:02}{NBSP}min", seconds / 60, seconds % 60)
        }
        _ => format!("{}{NBSP}h", fixed(left.0, 3_600_000_000, 1)),
    }
}

/// A long time in few characters, for a narrow strip: `3.5 s`, `15 min`.
#[inline(never)]
pub fn rough(length: Us) -> String {
    match length.0 {
        1_000_000..100_000_000 => {
            format!("{}{NBSP}s", crate::time::decimal(length.0, 1_000_000, 1))
        }
        100_000_000..1_000_000_000 => format!("{}{NBSP}s", length.0 / 1_000_000),
        _ => length.to_string(),
    }
}

/// What a folded strip says when it is pointed at.
pub fn fold_name(span: Span) -> String {
    format!("{} in which nothing happens are left out. Show them", rough(span.length()))
}

/// A time with the unit and places of a longer one beside it: `0.93 s` next to `2.13 s`.
#[inline(never)]
pub fn about_like(length: Us, longest: Us) -> String {
    match longest.0 {
        ..1_000_000 | 10_000_000.. => about(length),
        _ => format!("{}{NBSP}s", fixed(length.0, 1_000_000, 2)),
    }
}

/// The sums of a run, below the number of its connections.
#[inline(never)]
pub fn summary(run: &Run, story: &Story) -> Vec<String> {
    let mut lines = Vec::new();
    let network = &run.scenario.network;
    if network.rtt > Us::ZERO && story.round_trips > 0 {
        let trips = usize::try_from(story.round_trips).unwrap_or(usize::MAX);
        lines.push(format!("{} spent on handshakes", count(trips, "round trip", "round trips")));
    }
    let first = run.timeline().and_then(|timeline| timeline.connections.first());
    let sides = [(story.waiting_server, Side::Server), (story.waiting_client, Side::Client)];
    for (waiting, side) in sides {
        let side = first.map_or(side.as_str(), |link| link.who(side));
        if waiting > 0 {
            lines.push(format!(
                "{waiting} {side} {} in TIME_WAIT",
                if waiting == 1 { "socket ends" } else { "sockets end" }
            ));
        }
    }
    if story.unanswered > 0 {
        lines.push(format!("{} without an answer", count(story.unanswered, "request", "requests")));
    }
    lines
}

/// What the time between two runs consists of, where it is nothing but handshakes: `20 round trips × 60 ms`.
pub fn saved_trips(show: &Show, stories: &[Story]) -> Option<String> {
    let ([a, b, ..], [first, second, ..]) = (show.runs.as_slice(), stories) else { return None };
    if !show.compares() {
        return None;
    }
    let rtt = b.scenario.network.rtt;
    let trips = first.round_trips.abs_diff(second.round_trips);
    let apart = Us(first.done?.0.abs_diff(second.done?.0));
    // Not when connections open side by side: then they share their round trips.
    let same =
        a.scenario.network == b.scenario.network && (rtt * trips).0.abs_diff(apart.0) < 2_000;
    (same && trips > 0).then(|| format!("{trips} round trips × {rtt}"))
}

/// What a request teaches, where it does: `in time`, `too late, starts over`.
#[inline(never)]
pub fn request_note(
    timeline: &Timeline,
    connection: &Connection,
    index: u32,
) -> Option<Cow<'static, str>> {
    let exchange = timeline.exchanges.get(index as usize)?;
    if exchange.lost.is_some() {
        return Some(
            if exchange.lost?.connection == connection.id { "lost" } else { "sent again" }.into(),
        );
    }
    let sent = exchange.request_sent?.from;
    if connection.exchanges.first() == Some(&index) {
        let before = timeline.connections.get((connection.id as usize).checked_sub(2)?)?;
        let idle = before.idle.iter().rev().find(|idle| idle.end == IdleEnd::Expired)?;
        let close = before.close.as_ref()?;
        let alone = timeline.exchanges.len() <= 12;
        return (alone && idle.side == close.by && close.at <= exchange.wanted?)
            .then(|| "too late, starts over".into());
    }
    let ended = |idle: &&IdleSpan| {
        idle.side == Side::Server
            && idle.end == IdleEnd::Request
            && idle.span.to >= sent
            && idle.span.from <= sent
    };
    let idle = connection.idle.iter().find(ended)?;
    let limit = idle.due? - idle.span.from;
    // Worth a word only where time was getting short.
    (idle.span.length().0 * 4 > limit.0).then(|| "in time".into())
}

/// The name of a packet in the close view.
pub struct Packet {
    pub at: Us,
    pub by: Side,
    pub text: Cow<'static, str>,
    pub short: Cow<'static, str>,
    pub closes: bool,
}

/// Every packet of a connection that deserves a name.
#[inline(never)]
pub fn packets(timeline: &Timeline, connection: &Connection, rtt: Us) -> Vec<Packet> {
    let mut list = Vec::new();
    let mut put = |at, by, text: Cow<'static, str>, short: Cow<'static, str>, closes| {
        list.push(Packet { at, by, text, short, closes });
    };
    let close = connection.close.as_ref();
    let rider = close.filter(|close| rides(timeline, connection, close));
    put(connection.tcp.from, Side::Client, "SYN".into(), "SYN".into(), false);
    put(connection.tcp.from + rtt.half(), Side::Server, "SYN, ACK".into(), "SYN".into(), false);
    if let Some(tls) = connection.tls {
        put(tls.from, Side::Client, "TLS hello".into(), "TLS".into(), false);
        put(tls.from + rtt.half(), Side::Server, "TLS hello".into(), "TLS".into(), false);
    }
    for index in &connection.exchanges {
        let Some(exchange) = timeline.exchanges.get(*index as usize) else { continue };
        let number = index + 1;
        let sent = match exchange.lost {
            Some(lost) if lost.connection == connection.id => Some(lost.sent.from),
            _ => exchange.request_sent.map(|span| span.from),
        };
        if let Some(at) = sent {
            let mut text = format!("{number} {}", super::request_line(exchange));
            if let Some(note) = request_note(timeline, connection, *index) {
                text.push_str(": ");
                text.push_str(&note);
            }
            put(at, Side::Client, text.into(), number.to_string().into(), false);
        }
        if let Some(lost) = exchange.lost.filter(|lost| lost.connection == connection.id) {
            put(lost.met, Side::Server, "RST: nobody reads it any more".into(), "RST".into(), true);
        }
        let here = exchange.connection == Some(connection.id);
        if let (true, Some(span), Some(answer)) = (here, exchange.response_sent, &exchange.answer) {
            let status = answer.response.status;
            let last = rider.is_some_and(|close| close.at == span.to);
            let refused = |close: &&Close| close.because.iter().any(|r| r.rule == "stray-line");
            let (text, short) = if last && close.as_ref().is_some_and(refused) {
                // What came behind the request ended the connection, with an answer of its own.
                (
                    format!("{number}: {status}, then 400 and FIN, server closes"),
                    format!("{status}, FIN"),
                )
            } else if last {
                (format!("{number}: {status} and FIN, server closes"), format!("{status}, FIN"))
            } else {
                (format!("{number}: {status}"), status.to_string())
            };
            put(span.from, Side::Server, text.into(), short.into(), last);
        }
    }
    if let Some(close) = &connection.close {
        let idle = connection.idle.iter().rev().find(|idle| idle.side == close.by);
        let (name, other): (_, Cow<'static, str>) = if close.how == CloseHow::Rst {
            ("RST", "".into())
        } else {
            ("FIN", "FIN back".into())
        };
        let text = format!("{name}, {}", close_label(connection, close, idle));
        if rider.is_none() {
            put(close.at, close.by, text.into(), name.into(), true);
        }
        if !other.is_empty() {
            put(close.known, close.by.other(), other, "FIN".into(), false);
        }
    }
    list
}
