//! The close view: every message as a packet on its way from edge to edge.
use super::marks::{Artist, Draw, Mark, MarkKind};
use super::plan::Row;
use super::shape::{Class, Shape};
use super::words;
use crate::sim::{Close, CloseHow, Connection, EventKind, Side, Span, Us};

/// A handshake: there and back, once for each round trip.
pub fn handshake(
    artist: &Artist<'_>,
    kind: MarkKind,
    span: Span,
    row: Row,
    shapes: &mut Vec<Shape>,
) {
    let (fill, line) = if kind == MarkKind::Tcp { ("f-tcp", "p-tcp") } else { ("f-tls", "p-tls") };
    let rtt = artist.rtt;
    let trips = if rtt == Us::ZERO { 1 } else { (span.length().0 / rtt.0).clamp(1, 2) };
    let half = Us(span.length().0 / trips / 2);
    for trip in 0..trips {
        let there = span.from + half * (trip * 2);
        let back = there + half;
        message(artist, fill, line, (at(there), at(back)), row, true, shapes);
        message(artist, fill, line, (at(back), at(back + half)), row, false, shapes);
    }
}

const fn at(instant: Us) -> Span {
    Span::new(instant, instant)
}

/// A message put on the wire during `times.0` and taken off during `times.1`: a band, and an arrow
/// for its first byte. `down`: from client to server.
pub fn message(
    artist: &Artist<'_>,
    fill: Class,
    line: Class,
    times: (Span, Span),
    row: Row,
    down: bool,
    shapes: &mut Vec<Shape>,
) {
    let (from, to) = if down { (row.client, row.server) } else { (row.server, row.client) };
    let (x0, x1) = (artist.x(times.0.from), artist.x(times.1.from));
    let (end0, end1) = (artist.x(times.0.to), artist.x(times.1.to));
    if end0 - x0 >= 2.0 || end1 - x1 >= 2.0 {
        let band = artist.pen.path().to(x0, from).line(x1, to).line(end1, to).line(end0, from);
        shapes.push(band.close().shape(if fill == "f-resp" {
            "k-band-resp"
        } else {
            "k-band-req"
        }));
    }
    let length = (x1 - x0).hypot(to - from).max(0.1);
    let (along, across) = ((x1 - x0) / length, (to - from) / length);
    // The head ends at the edge; the stroke stops inside the head.
    let neck = (x1 - along * 8.0, to - across * 8.0);
    shapes.push(artist.pen.path().to(x0, from).line(neck.0, neck.1).shape(line));
    let back = (x1 - along * 10.0, to - across * 10.0);
    let (side_along, side_across) = (-across * 4.2, along * 4.2);
    let head = artist.pen.path().to(x1, to).line(back.0 + side_along, back.1 + side_across);
    shapes.push(head.line(back.0 - side_along, back.1 - side_across).close().shape(fill));
}

/// The exchanges of a connection.
pub fn exchanges(artist: &Artist<'_>, connection: &Connection, row: Row, marks: &mut Vec<Mark>) {
    for index in artist.visible(connection) {
        let Some(exchange) = artist.exchange(index) else { continue };
        let draw = Draw { connection, row, index, exchange };
        if exchange.connection == Some(connection.id) {
            artist.work(&draw, f64::MIN, marks);
            request(artist, &draw, marks);
            answer(artist, &draw, marks);
        }
        artist.lost(&draw, marks);
    }
}

fn request(artist: &Artist<'_>, draw: &Draw<'_>, marks: &mut Vec<Mark>) {
    let Some(sent) = draw.exchange.request_sent else { return };
    let last = draw.exchange.request_received.unwrap_or(sent.to);
    // The first byte needs as long as the last one.
    let first = last - sent.length();
    let along = (artist.x(sent.from), artist.x(last).max(artist.x(sent.from) + 3.0));
    let across = (row_top(draw), draw.row.server);
    let mut mark =
        artist.mark(MarkKind::Request, draw.key(EventKind::RequestSent), sent.from, along, across);
    mark.name = words::request_name(draw.connection, draw.index, draw.exchange);
    message(
        artist,
        "f-req",
        "p-req",
        (sent, Span::new(first, last)),
        draw.row,
        true,
        &mut mark.shapes,
    );
    marks.push(mark);
}

fn row_top(draw: &Draw<'_>) -> f64 {
    draw.row.client
}

fn answer(artist: &Artist<'_>, draw: &Draw<'_>, marks: &mut Vec<Mark>) {
    let Some(sent) = draw.exchange.response_sent else { return };
    let received = draw.exchange.response_received.unwrap_or(sent);
    let along = (artist.x(sent.from), artist.x(received.to).max(artist.x(sent.from) + 3.0));
    let across = (row_top(draw), draw.row.server);
    let mut mark =
        artist.mark(MarkKind::Answer, draw.key(EventKind::Answer), sent.from, along, across);
    mark.name = words::answer_name(draw.index, draw.exchange);
    message(artist, "f-resp", "p-resp", (sent, received), draw.row, false, &mut mark.shapes);
    marks.push(mark);
}

/// FIN or RST on its way, the other side's FIN back, and the flag where the first one starts.
pub fn close(artist: &Artist<'_>, close: &Close, rides: bool, row: Row, shapes: &mut Vec<Shape>) {
    let (fill, line) = match close.how {
        CloseHow::Fin => ("f-fin", "p-fin"),
        CloseHow::Rst => ("f-fault", "p-fault"),
    };
    let down = close.by == Side::Client;
    // With the last bytes of an answer FIN is no packet of its own.
    if !rides {
        message(artist, fill, line, (at(close.at), at(close.known)), row, down, shapes);
    }
    if close.how == CloseHow::Fin {
        message(artist, fill, line, (at(close.known), at(close.done)), row, !down, shapes);
        let x = artist.x(close.at);
        let edge = if down { row.client } else { row.server };
        let out = if down { -1.0 } else { 1.0 };
        let path = artist
            .pen
            .path()
            .to(x, edge)
            .line(x, edge + 13.0 * out)
            .line(x + 7.0, edge + 13.0 * out);
        let path = path.line(x + 4.5, edge + 10.0 * out).line(x + 7.0, edge + 7.0 * out);
        shapes.push(path.line(x, edge + 7.0 * out).shape("k-fin"));
    }
}
