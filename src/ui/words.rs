//! Sentences of the page that belong to no picture.
use super::state::TableView;
use crate::scene::words::{Piece, about, connection_name, rows};
use crate::sim::{Close, CloseHow, Connection, EventKind, Exchange, Outcome, Scenario, Timeline};
use crate::study::text;
use crate::study::{Pick, Run, Show};

/// The heading of the details.
pub fn why_title(pick: Pick, run: &Run, timeline: &Timeline) -> String {
    let name = connection_name(run, pick.key.connection);
    let number = pick.key.exchange.map_or(0, |index| index + 1);
    let exchange = pick.key.exchange.and_then(|index| timeline.exchanges.get(index as usize));
    let answer = exchange.and_then(|exchange| exchange.answer.as_deref());
    match pick.key.kind {
        EventKind::Close | EventKind::CloseKnown => format!("Why {name} closes"),
        EventKind::Syn | EventKind::TcpOpen | EventKind::TlsOpen => format!("{name} opens"),
        EventKind::TimeWait | EventKind::TimeWaitEnd => format!("{name} waits in TIME_WAIT"),
        EventKind::RequestLost => format!("Request {number} meets a closed connection"),
        _ => match answer {
            Some(answer) if answer.persists() => {
                format!("Why {name} stays open after answer {number}")
            }
            Some(_) => format!("Why {name} closes after answer {number}"),
            None => format!("Request {number} on {name}"),
        },
    }
}

pub fn after_close(connection: &Connection, close: &Close) -> String {
    let who = connection.who(close.by);
    match (close.how, close.time_wait) {
        (CloseHow::Rst, _) => format!("The {who} reset it: nothing is left to wait for."),
        (CloseHow::Fin, Some(wait)) => format!(
            "The {} closed first, so it keeps the port in TIME_WAIT for {}.",
            connection.who(wait.side),
            about(wait.span.length())
        ),
        (CloseHow::Fin, None) => format!("The {who} closed first."),
    }
}

/// Why there is no answer to show.
pub fn outcome(exchange: &Exchange) -> &'static str {
    match exchange.outcome {
        Outcome::Failed => "No answer: the connection died under the request.",
        Outcome::Unanswered if exchange.request_sent.is_none() => {
            "Not sent: its moment never came."
        }
        _ => "No answer by the end of the run.",
    }
}

/// What is computed from what.
pub fn simulated(scenario: &Scenario) -> String {
    let network = &scenario.network;
    let tls = match network.tls.round_trips() {
        0 => String::new(),
        1 => format!(", TLS {} with one round trip", network.tls.as_str()),
        trips => format!(", TLS {} with {trips} round trips", network.tls.as_str()),
    };
    let bandwidth = match network.bandwidth_bps {
        Some(_) => format!(", {}/s", text::write_bandwidth(network.bandwidth_bps)),
        None => String::new(),
    };
    format!("Times are simulated from the settings shown: RTT {}{bandwidth}{tls}.", network.rtt)
}

/// The event table as Markdown.
pub fn markdown(show: &Show, view: TableView) -> String {
    let mut text = String::from(
        "| Time, s | Connection | By | Event | Decision | Clause |\n|---:|---|---|---|---|---|\n",
    );
    for row in rows(show) {
        let pick = row.pick;
        if !(view.all || row.decides) || view.run.is_some_and(|run| run != pick.run) {
            continue;
        }
        let Some(run) = show.runs.get(pick.run) else { continue };
        let event: String = row
            .event
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.to_string(),
                Piece::Code(text) => format!("`{text}`"),
            })
            .collect();
        let decision =
            if row.decision.is_empty() { String::new() } else { format!("**{}** ", row.decision) };
        let clause =
            row.clause.map(|clause| format!("[{clause}]({})", clause.url)).unwrap_or_default();
        let cells = [
            row.time(),
            connection_name(run, pick.key.connection),
            row.who.into(),
            event,
            decision + &row.because,
            clause,
        ];
        for cell in cells {
            text.push_str("| ");
            text.push_str(&cell.replace('|', "\\|"));
            text.push(' ');
        }
        text.push_str("|\n");
    }
    text
}
