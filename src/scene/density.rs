//! Far away: so many marks that a pixel holds several. Then a row is a handful of paths, whatever
//! it holds; each two-pixel column says which kinds of mark fall into it.
use super::fuse::Fuse;
use super::marks::Artist;
use super::plan::Row;
use super::shape::{Class, Shape};
use crate::sim::{CloseHow, Connection, Side, Span};

/// The width of a column, in pixels.
const COLUMN: f64 = 2.0;

const OPEN: u8 = 1;
const TCP: u8 = 2;
const TLS: u8 = 4;
const REQUEST: u8 = 8;
const ANSWER: u8 = 16;
const CLOSE: u8 = 32;
const FAULT: u8 = 64;

/// The columns of one row.
pub struct Columns<'a> {
    artist: &'a Artist<'a>,
    row: Row,
    start: f64,
    kinds: Vec<u8>,
    fuses: Vec<Shape>,
}

impl<'a> Columns<'a> {
    pub fn new(artist: &'a Artist<'a>, row: Row) -> Self {
        let (start, end) = artist.axis.place();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few thousand pixels"
        )]
        let count = ((end - start) / COLUMN).ceil().clamp(1.0, 20_000.0) as usize;
        Self { artist, row, start, kinds: vec![0; count], fuses: Vec::new() }
    }

    fn set(&mut self, span: Span, kind: u8) {
        if !self.artist.sees(span.from, span.to) {
            return;
        }
        let (x0, x1) = (self.artist.x(span.from), self.artist.x(span.to));
        let last = self.kinds.len() - 1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let column = |x: f64| (((x - self.start) / COLUMN).max(0.0) as usize).min(last);
        for slot in &mut self.kinds[column(x0)..=column(x1)] {
            *slot |= kind;
        }
    }

    /// Adds a connection with everything of it that is in view.
    pub fn add(&mut self, connection: &Connection) {
        let artist = self.artist;
        let until = connection.close.as_ref().map_or(artist.axis.range().to, |close| close.known);
        self.set(Span::new(connection.opened(), until), OPEN);
        self.set(connection.tcp, TCP);
        if let Some(tls) = connection.tls {
            self.set(tls, TLS);
        }
        for exchange in artist.visible(connection).filter_map(|index| artist.exchange(index)) {
            if exchange.connection == Some(connection.id) {
                if let (Some(sent), Some(to)) = (exchange.request_sent, exchange.request_received) {
                    self.set(Span::new(sent.from, to), REQUEST);
                }
                if let (Some(sent), Some(to)) = (exchange.response_sent, exchange.response_received)
                {
                    self.set(Span::new(sent.from, to.to), ANSWER);
                }
            }
            if let Some(lost) = exchange.lost.filter(|lost| lost.connection == connection.id) {
                self.set(Span::new(lost.met, lost.met), FAULT);
            }
        }
        if let Some(close) = &connection.close {
            let kind = if close.how == CloseHow::Rst { FAULT } else { CLOSE };
            self.set(Span::new(close.at, close.at), kind);
        }
        for idle in &connection.idle {
            let wide = artist.axis.px(idle.span.length()) >= 12.0;
            if wide && idle.side == Side::Server && artist.sees(idle.span.from, idle.span.to) {
                self.fuses.extend(Fuse::new(idle, self.row).draw(artist.pen, artist.axis));
            }
        }
    }

    /// One path for each kind that occurs, the ground first.
    pub fn shapes(self) -> Vec<Shape> {
        let row = self.row;
        let full = (row.client, row.server);
        let middle = row.middle();
        let layers: [(u8, Class, (f64, f64)); 7] = [
            (OPEN, "k-tube", full),
            (TCP, "k-tcp", full),
            (TLS, "k-tls", full),
            (REQUEST, "k-req", (row.client, middle)),
            (ANSWER, "k-resp", (middle, row.server)),
            (CLOSE, "k-shut", (row.server - row.height() * 0.3, row.server)),
            (FAULT, "k-fault", full),
        ];
        let mut shapes = Vec::new();
        for (kind, class, across) in layers {
            let path = self.layer(kind, across);
            shapes.extend(path.map(|path| path.shape(class)));
            if kind == OPEN {
                shapes.extend(merged(&self.fuses));
            }
        }
        shapes
    }

    fn layer(&self, kind: u8, across: (f64, f64)) -> Option<super::shape::Path> {
        let mut path = self.artist.pen.path();
        let mut x = self.start;
        let mut from = None;
        for has in self.kinds.iter().map(|kinds| kinds & kind != 0).chain([false]) {
            match (from, has) {
                (None, true) => from = Some(x),
                (Some(start), false) => {
                    path = path.rect((start, x), across);
                    from = None;
                }
                _ => {}
            }
            x += COLUMN;
        }
        (!path.is_empty()).then_some(path)
    }
}

/// The same classes in one path each.
fn merged(shapes: &[Shape]) -> Vec<Shape> {
    let mut merged: Vec<(Class, String)> = Vec::new();
    for shape in shapes {
        let Shape::Path { class, d } = shape else { continue };
        match merged.iter_mut().find(|(known, _)| known == class) {
            Some((_, all)) => all.push_str(d),
            None => merged.push((class, d.clone())),
        }
    }
    merged.into_iter().map(|(class, d)| Shape::Path { class, d }).collect()
}
