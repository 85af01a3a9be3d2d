//! A selected event in a link: `pick=B.C1.answer.2` is the answer to exchange 2 on connection 1 of
//! the second run. Without a comparison the run is left out. `U1` is a connection behind a proxy.
use crate::sim::{EventKey, EventKind};
use crate::study::{Pick, RUN_NAMES};

const KINDS: [(EventKind, &str); 13] = [
    (EventKind::Syn, "syn"),
    (EventKind::TcpOpen, "tcp"),
    (EventKind::TlsOpen, "tls"),
    (EventKind::RequestSent, "request"),
    (EventKind::RequestReceived, "request-received"),
    (EventKind::Answer, "answer"),
    (EventKind::AnswerSent, "answer-sent"),
    (EventKind::AnswerReceived, "answer-received"),
    (EventKind::RequestLost, "lost"),
    (EventKind::Close, "close"),
    (EventKind::CloseKnown, "close-known"),
    (EventKind::TimeWait, "time-wait"),
    (EventKind::TimeWaitEnd, "time-wait-end"),
];

pub fn write(pick: &Pick, compares: bool) -> String {
    let name = KINDS.iter().find(|(kind, _)| *kind == pick.key.kind).map_or("", |(_, name)| name);
    let mut text = String::new();
    let runs = if compares { RUN_NAMES.len() } else { 1 };
    let (run, letter) = if pick.run < runs { (pick.run, 'C') } else { (pick.run - runs, 'U') };
    if let Some(run) = RUN_NAMES.get(run).filter(|_| compares) {
        text = format!("{run}.");
    }
    text += &format!("{letter}{}.{name}", pick.key.connection);
    if let Some(exchange) = pick.key.exchange {
        text += &format!(".{}", u64::from(exchange) + 1);
    }
    text
}

/// None for a text that names no event.
pub fn read(text: &str) -> Option<Pick> {
    let mut parts = text.split('.').peekable();
    let first = *parts.peek()?;
    let run = RUN_NAMES.iter().position(|name| name.eq_ignore_ascii_case(first));
    if run.is_some() {
        parts.next();
    }
    let named = parts.next()?;
    let upstream = named.starts_with(['U', 'u']);
    let number = named.strip_prefix(['C', 'c', 'U', 'u'])?;
    let connection = number.parse().ok().filter(|id| *id > 0)?;
    let kind_name = parts.next()?;
    let kind = KINDS.iter().find(|(_, name)| *name == kind_name)?.0;
    let exchange = match parts.next() {
        Some(number) => Some(number.parse::<u32>().ok()?.checked_sub(1)?),
        None => None,
    };
    // Second hops stand behind the runs.
    let behind = if !upstream {
        0
    } else if run.is_some() {
        RUN_NAMES.len()
    } else {
        1
    };
    let pick =
        Pick { run: run.unwrap_or(0) + behind, key: EventKey { connection, kind, exchange } };
    parts.next().is_none().then_some(pick)
}
