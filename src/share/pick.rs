//! A selected event in a link: `pick=B.C1.answer.2` is the answer to exchange 2 on connection 1 of
//! the second run. Without a comparison the run is left out.
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
    if let Some(run) = RUN_NAMES.get(pick.run).filter(|_| compares) {
        text = format!("{run}.");
    }
    text += &format!("C{}.{name}", pick.key.connection);
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
    let connection = parts.next()?.strip_prefix(['C', 'c'])?.parse().ok().filter(|id| *id > 0)?;
    let kind_name = parts.next()?;
    let kind = KINDS.iter().find(|(_, name)| *name == kind_name)?.0;
    let exchange = match parts.next() {
        Some(number) => Some(number.parse::<u32>().ok()?.checked_sub(1)?),
        None => None,
    };
    let pick = Pick { run: run.unwrap_or(0), key: EventKey { connection, kind, exchange } };
    parts.next().is_none().then_some(pick)
}
