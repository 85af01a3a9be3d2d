//! What assistive technology reads for each mark: the moment, then who did what.
use super::{about, bytes, clock};
use crate::profile::After;
use crate::scene::story::Story;
use crate::sim::{Close, CloseHow, Connection, Exchange, IdleEnd, IdleSpan, Lost, Span, TimeWait};
use crate::study::Run;

pub fn lane_name(connection: &Connection) -> String {
    let which = if connection.hop == 0 { "Connection" } else { "Upstream connection" };
    format!("{which} {}, client port {}", connection.id, connection.port)
}

/// A row that is drawn as a whole; `connection` is 0 where several share it.
pub fn row_name(connection: u32, exchanges: usize) -> String {
    let exchanges = super::count(exchanges, "exchange", "exchanges");
    match connection {
        0 => format!("Several connections in one row, {exchanges}; zoom in to see each"),
        id => format!("Connection {id}, {exchanges}; zoom in to see each"),
    }
}

/// One run of a comparison, or the only one.
#[inline(never)]
pub fn run_name(run: &Run, story: &Story) -> String {
    let connections = super::count(story.connections, "connection", "connections");
    let done = story.done.map(|at| format!(", done at {}", about(at))).unwrap_or_default();
    match run.label.as_str() {
        "" => format!("{connections}{done}"),
        _ if run.name.is_empty() => format!("{}. {connections}{done}", run.label),
        label => format!("Run {}: {label}. {connections}{done}", run.name),
    }
}

pub fn handshake_name(_connection: &Connection, tls: bool, span: Span) -> String {
    let which = if tls { "TLS" } else { "TCP" };
    format!("{}, {which} handshake, {}", clock(span.from), about(span.length()))
}

/// `GET /img/1.webp`
#[inline(never)]
pub fn request_line(exchange: &Exchange) -> String {
    format!("{} {}", exchange.request.method, exchange.request.target)
}

pub fn request_name(connection: &Connection, index: u32, exchange: &Exchange) -> String {
    let at = exchange.request_sent.map(|span| clock(span.from)).unwrap_or_default();
    let again =
        if connection.exchanges.first() == Some(&index) { "" } else { " on the same connection" };
    format!(
        "{at}, request {}: the {} sends {}{again}",
        index + 1,
        connection.who(crate::sim::Side::Client),
        request_line(exchange)
    )
}

pub fn work_name(index: u32, work: Span) -> String {
    format!(
        "{}, the server works on request {} for {}",
        clock(work.from),
        index + 1,
        about(work.length())
    )
}

pub fn answer_name(index: u32, exchange: &Exchange) -> String {
    let at = exchange.response_sent.map(|span| clock(span.from)).unwrap_or_default();
    let Some(answer) = &exchange.answer else {
        return format!("{at}, the server answers request {}", index + 1);
    };
    let after = match answer.after {
        After::Keep(_) => "the connection stays open",
        After::Close => "the server closes the connection",
        After::Reset => "the server resets the connection",
        After::Tunnel => "the connection becomes a tunnel",
    };
    let (status, size) = (answer.response.status, bytes(answer.body_bytes));
    format!("{at}, answer {}: {status}, {size}; {after}", index + 1)
}

pub fn lost_name(index: u32, lost: Lost) -> String {
    format!(
        "{}, request {} meets a closed connection; the client knows at {}",
        clock(lost.met),
        index + 1,
        clock(lost.known)
    )
}

pub fn idle_name(connection: &Connection, idle: &IdleSpan) -> String {
    let (at, who) = (clock(idle.span.from), connection.who(idle.side));
    let end = match idle.end {
        IdleEnd::Request => {
            format!("; the next request ends the wait after {}", about(idle.span.length()))
        }
        IdleEnd::Expired => "; nothing comes".to_owned(),
        IdleEnd::PeerClosed => format!("; the {} closes first", connection.who(idle.side.other())),
        IdleEnd::Cut => String::new(),
    };
    match idle.due {
        Some(due) => {
            let limit = about(due - idle.span.from);
            format!("{at}, idle: the timer of the {who} starts at {limit}{end}")
        }
        None => format!("{at}, idle: the {who} waits without limit{end}"),
    }
}

pub fn close_name(connection: &Connection, close: &Close) -> String {
    let verb = if close.how == CloseHow::Rst { "resets" } else { "closes" };
    let why = close.because.first().map(|reason| format!(": {}", reason.fact)).unwrap_or_default();
    format!("{}, the {} {verb} the connection{why}", clock(close.at), connection.who(close.by))
}

pub fn time_wait_name(connection: &Connection, wait: TimeWait) -> String {
    format!(
        "{}, TIME_WAIT: the {} keeps the port for {}",
        clock(wait.span.from),
        connection.who(wait.side),
        about(wait.span.length())
    )
}
