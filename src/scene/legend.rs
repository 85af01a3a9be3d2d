//! The legend: the marks that occur, each drawn once, with a few words.
use super::marks::MarkKind;
use super::shape::{Pen, Shape};
use crate::sim::{CloseHow, Exchange, Span, Us};
use crate::study::Show;

/// The kinds of mark that occur within a stretch of time.
pub fn kinds(show: &Show, range: Span) -> Vec<MarkKind> {
    let mut kinds = Vec::new();
    let mut add = |kind, from: Us, to: Us| {
        if from <= range.to && range.from <= to && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    for timeline in show.runs.iter().filter_map(|run| run.result.as_ref().ok()) {
        for connection in &timeline.connections {
            add(MarkKind::Tcp, connection.tcp.from, connection.tcp.to);
            if let Some(tls) = connection.tls {
                add(MarkKind::Tls, tls.from, tls.to);
            }
            for idle in &connection.idle {
                add(MarkKind::Idle, idle.span.from, idle.span.to);
            }
            if let Some(close) = &connection.close {
                let kind = if close.how == CloseHow::Rst { MarkKind::Rst } else { MarkKind::Fin };
                add(kind, close.at, close.known);
                if let Some(wait) = close.time_wait {
                    add(MarkKind::TimeWait, wait.span.from, wait.span.to);
                }
            }
        }
        for exchange in &timeline.exchanges {
            of_exchange(exchange, &mut add);
        }
    }
    kinds
}

fn of_exchange(exchange: &Exchange, add: &mut impl FnMut(MarkKind, Us, Us)) {
    if let Some(sent) = exchange.request_sent {
        add(MarkKind::Request, sent.from, sent.to);
    }
    if let Some(work) = exchange.work.filter(|work| work.length() > Us::ZERO) {
        add(MarkKind::Work, work.from, work.to);
    }
    if let Some(sent) = exchange.response_sent {
        add(MarkKind::Answer, sent.from, sent.to);
    }
    if let Some(lost) = exchange.lost {
        add(MarkKind::Lost, lost.sent.from, lost.known);
    }
}

/// The words beside a mark.
pub const fn words(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Tcp => "TCP handshake",
        MarkKind::Tls => "TLS handshake",
        MarkKind::Request => "request to server",
        MarkKind::Work => "server works",
        MarkKind::Answer => "answer to client",
        MarkKind::Idle => "idle timer",
        MarkKind::Fin => "FIN, on the closer’s side",
        MarkKind::Rst => "reset",
        MarkKind::TimeWait => "TIME_WAIT",
        MarkKind::Lost => "request lost",
    }
}

/// A word or two, where there is little room.
pub const fn short(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Tcp => "TCP",
        MarkKind::Tls => "TLS",
        MarkKind::Request => "request",
        MarkKind::Work => "server works",
        MarkKind::Answer => "answer",
        MarkKind::Idle => "idle timer",
        MarkKind::Fin => "FIN",
        MarkKind::Rst => "reset",
        MarkKind::TimeWait => "TIME_WAIT",
        MarkKind::Lost => "lost",
    }
}

/// What the mark means, for who meets it for the first time.
pub const fn gist(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Tcp => "Opening a connection: SYN there, SYN and ACK back, one round trip",
        MarkKind::Tls => "Agreeing on keys: one round trip with TLS 1.3, two with TLS 1.2",
        MarkKind::Request => "From the first byte the client sends to the last one the server has",
        MarkKind::Work => "The server has the request and prepares its answer",
        MarkKind::Answer => "From the first byte the server sends to the last one the client has",
        MarkKind::Idle => {
            "What is left of the time a side waits for the next request; it stands on that side’s edge"
        }
        MarkKind::Fin => "The packet that says: I send no more",
        MarkKind::Rst => "The packet that says: this connection does not exist any more",
        MarkKind::TimeWait => {
            "Who closes first keeps the port for a while, for packets that come late"
        }
        MarkKind::Lost => "The request met a closed connection",
    }
}

/// The mark as it is drawn in a lane, 26 by 16 pixels.
pub fn sample(kind: MarkKind) -> Vec<Shape> {
    let pen = Pen { tall: false };
    let edges =
        || pen.path().to(0.0, 1.5).line(26.0, 1.5).to(0.0, 14.5).line(26.0, 14.5).shape("k-edge");
    match kind {
        MarkKind::Tcp => vec![
            pen.rect("k-tcp", (0.0, 25.3), (1.0, 15.0), 1.5),
            pen.path().to(4.0, 4.0).line(12.6, 12.0).line(21.2, 4.0).shape("k-tcp-g"),
        ],
        MarkKind::Tls => {
            vec![pen.rect("k-tls", (0.0, 25.3), (1.0, 15.0), 1.5), super::marks::lock(12.6, 7.5)]
        }
        MarkKind::Request => vec![
            pen.rect("k-req", (2.0, 24.0), (1.0, 8.0), 1.5),
            pen.path().to(10.0, 2.7).line(16.0, 2.7).line(13.0, 6.5).close().shape("k-req-g"),
            edges(),
        ],
        MarkKind::Work => vec![pen.rect("k-wait", (2.0, 24.0), (8.5, 14.0), 1.0), edges()],
        MarkKind::Answer => vec![
            pen.rect("k-resp", (2.0, 24.0), (8.0, 15.0), 1.5),
            pen.path().to(10.0, 13.3).line(16.0, 13.3).line(13.0, 9.5).close().shape("k-resp-g"),
            edges(),
        ],
        MarkKind::Idle => vec![
            pen.path().to(0.0, 15.0).line(0.0, 3.0).line(26.0, 15.0).close().shape("k-fuse"),
            pen.path().to(0.0, 3.0).line(26.0, 15.0).shape("k-fuse-l"),
            pen.path().to(0.0, 15.5).line(26.0, 15.5).shape("k-edge"),
        ],
        MarkKind::Fin => vec![
            pen.path().to(0.0, 1.5).line(9.0, 1.5).to(0.0, 14.5).line(9.0, 14.5).shape("k-edge"),
            pen.path()
                .to(9.0, 1.0)
                .line(9.0, 15.0)
                .line(16.0, 15.0)
                .line(13.5, 12.0)
                .line(16.0, 9.0)
                .line(9.0, 9.0)
                .shape("k-fin"),
        ],
        MarkKind::TimeWait => vec![
            pen.rect("k-tw", (0.0, 26.0), (8.0, 15.0), 0.0),
            pen.path().to(0.0, 14.5).line(26.0, 14.5).shape("k-tw-edge"),
        ],
        MarkKind::Rst | MarkKind::Lost => vec![
            pen.rect("k-fault", (5.0, 21.0), (0.0, 16.0), 2.0),
            pen.path()
                .to(9.5, 4.5)
                .line(16.5, 11.5)
                .to(16.5, 4.5)
                .line(9.5, 11.5)
                .shape("k-fault-x"),
        ],
    }
}
