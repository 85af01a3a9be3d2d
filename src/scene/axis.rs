//! Simulated time on the page: which pixel is which moment. Long stretches in which nothing
//! happens may be folded into a strip; everywhere else one scale holds.
use crate::sim::{Span, Us};

/// A stretch of the axis on which pixels and time grow together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    pub span: Span,
    /// First and last pixel.
    pub place: (f64, f64),
    /// A strip that stands for time left out.
    pub folded: bool,
}

/// The axis: pieces without gaps, in order of time. "x" is the pixel along time, whichever way time runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pieces: Vec<Piece>,
    /// Pixels for a microsecond outside the folds.
    scale: f64,
}

/// How long the playhead takes over a folded strip, on the screen.
const FOLD_CROSSING_MS: f64 = 400.0;

impl Axis {
    /// Shows `range` between the two pixels of `place`; each of `folds` (in order, apart from each
    /// other) becomes a strip of `strip` pixels, unless it would be narrower to scale.
    pub fn new(range: Span, folds: &[Span], place: (f64, f64), strip: f64) -> Self {
        let range = Span::new(range.from, range.to.max(range.from + Us(1)));
        let mut folds: Vec<Span> = folds
            .iter()
            .map(|fold| Span::new(fold.from.max(range.from), fold.to.min(range.to)))
            .filter(|fold| fold.from < fold.to)
            .collect();
        loop {
            let scale = scale_of(range, &folds, place, strip);
            let before = folds.len();
            folds.retain(|fold| px(fold.length()) * scale > strip);
            if folds.len() == before {
                return Self { pieces: pieces(range, &folds, place.0, scale, strip), scale };
            }
        }
    }

    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The strips.
    pub fn folds(&self) -> impl Iterator<Item = &Piece> {
        self.pieces.iter().filter(|piece| piece.folded)
    }

    #[inline(never)]
    pub fn range(&self) -> Span {
        match (self.pieces.first(), self.pieces.last()) {
            (Some(first), Some(last)) => Span::new(first.span.from, last.span.to),
            _ => Span::default(),
        }
    }

    /// First and last pixel.
    #[inline(never)]
    pub fn place(&self) -> (f64, f64) {
        match (self.pieces.first(), self.pieces.last()) {
            (Some(first), Some(last)) => (first.place.0, last.place.1),
            _ => (0.0, 0.0),
        }
    }

    /// Pixels that a length of time takes outside the folds.
    #[inline(never)]
    pub fn px(&self, length: Us) -> f64 {
        px(length) * self.scale
    }

    /// The pixel of a moment. Moments outside the range lie outside the place, at the scale of the
    /// axis but at most 100 pixels away.
    #[inline(never)]
    pub fn x_from_time(&self, at: Us) -> f64 {
        let (range, place) = (self.range(), self.place());
        if at < range.from {
            return place.0 - self.px(range.from - at).min(100.0);
        }
        let index = self.pieces.partition_point(|piece| piece.span.to < at);
        match self.pieces.get(index) {
            Some(piece) => {
                let share = px(at - piece.span.from) / px(piece.span.length()).max(1.0);
                piece.place.0 + share * (piece.place.1 - piece.place.0)
            }
            None => place.1 + self.px(at - range.to).min(100.0),
        }
    }

    /// The moment of a pixel, to the nearest microsecond. Pixels outside the place belong to its
    /// ends.
    #[inline(never)]
    pub fn time_from_x(&self, x: f64) -> Us {
        let (range, place) = (self.range(), self.place());
        if x <= place.0 || x.is_nan() {
            return range.from;
        }
        let index = self.pieces.partition_point(|piece| piece.place.1 < x);
        match self.pieces.get(index) {
            Some(piece) => {
                let width = (piece.place.1 - piece.place.0).max(f64::MIN_POSITIVE);
                let share = (x - piece.place.0) / width;
                piece.span.from + us(share * px(piece.span.length()))
            }
            None => range.to,
        }
    }

    /// Is this moment in time that is left out?
    pub fn is_folded(&self, at: Us) -> bool {
        self.folds().any(|fold| fold.span.contains(at))
    }

    /// Where the clock stands after so many milliseconds on the screen, at so many simulated
    /// seconds a second. A folded strip is crossed in 0.4 s however much time it holds.
    #[inline(never)]
    pub fn advance(&self, at: Us, elapsed_ms: f64, rate: f64) -> Us {
        let mut at = at;
        let mut left = elapsed_ms.clamp(0.0, 10_000.0);
        for piece in &self.pieces {
            if at >= piece.span.to {
                continue;
            }
            let us_per_ms = if piece.folded && piece.span.from <= at {
                px(piece.span.length()) / FOLD_CROSSING_MS
            } else {
                rate * 1_000.0
            };
            let needed = px(piece.span.to - at) / us_per_ms.max(f64::MIN_POSITIVE);
            if needed > left {
                return at + us(left * us_per_ms);
            }
            at = piece.span.to;
            left -= needed;
        }
        at + us(left * rate * 1_000.0)
    }
}

#[inline(never)]
fn scale_of(range: Span, folds: &[Span], place: (f64, f64), strip: f64) -> f64 {
    let left_out: f64 = folds.iter().map(|fold| px(fold.length())).sum();
    #[expect(clippy::cast_precision_loss, reason = "a handful of folds")]
    let room = place.1 - place.0 - strip * folds.len() as f64;
    room.max(1.0) / (px(range.length()) - left_out).max(1.0)
}

fn pieces(range: Span, folds: &[Span], start: f64, scale: f64, strip: f64) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(folds.len() * 2 + 1);
    let (mut at, mut x) = (range.from, start);
    let mut add = |to: Us, folded: bool| {
        if at < to {
            let span = Span::new(at, to);
            let width = if folded { strip } else { px(span.length()) * scale };
            pieces.push(Piece { span, place: (x, x + width), folded });
            (at, x) = (to, x + width);
        }
    };
    for fold in folds {
        add(fold.from, false);
        add(fold.to, true);
    }
    add(range.to, false);
    pieces
}

/// Microseconds as a floating-point number: exact far beyond any run.
#[expect(clippy::cast_precision_loss, reason = "runs last hours: far below 2^53 microseconds")]
fn px(length: Us) -> f64 {
    length.0 as f64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what fits")]
fn us(length: f64) -> Us {
    Us(length.clamp(0.0, 9e15).round() as u64)
}
