//! What two runs have to do with each other: the time that one saves.
use super::canvas::Canvas;
use super::shape::{Anchor, Bounds};
use super::text::{Label, Type, width};
use super::words;
use crate::sim::Us;

/// When each run is done, and on how many connections.
type Ends = [(Option<Us>, usize)];

/// The line between the ends of two runs, with the difference in its gap, at the height `y`.
#[inline(never)]
pub fn dimension(canvas: &mut Canvas<'_>, y: f64, ends: &Ends, place: (f64, f64)) {
    let [.., (Some(a), _), (Some(b), _)] = *ends else { return };
    let (early, late) = (a.min(b), a.max(b));
    let (x0, x1) = (canvas.axis.x_from_time(early), canvas.axis.x_from_time(late));
    if early == late || x0 < place.0 || x1 > place.1 || x1 - x0 < 8.0 {
        return;
    }
    let verb = if b < a { "saved" } else { "more" };
    let number = format!("{} {verb}", words::about_like(late - early, late));
    let half = width(&number, Type::Big) / 2.0 + 10.0;
    let middle = f64::midpoint(x0, x1);
    let inside = middle - half - 24.0 > x0;
    let done = |at: Us| format!("done {}", words::about_like(at, late));
    let after = x1 + 8.0 + width(&done(late), Type::SmallBold) + 12.0;
    let ends = [
        Label::new("b k-halo", Type::SmallBold, (x0 - 8.0, y + 4.0), Anchor::End, &done(early))
            .from(early),
        Label::new("b k-halo", Type::SmallBold, (x1 + 8.0, y + 4.0), Anchor::Start, &done(late))
            .from(late),
    ];
    let place_ends = ends.map(|label| canvas.label(label));
    let at = if inside { (middle, y + 7.0) } else { (after, y + 7.0) };
    let anchor = if inside { Anchor::Middle } else { Anchor::Start };
    let label = Label::new("big k-halo", Type::Big, at, anchor, &number).from(late);
    let gap = if inside { (middle - half, middle + half) } else { (middle, middle) };
    canvas.label(label);
    arrows(canvas, y, (x0, x1), gap, late);
    let pen = canvas.pen;
    let guide = pen.path().to(x0, y - 8.0).line(x0, y + 36.0).to(x1, y - 30.0).line(x1, y + 8.0);
    canvas.front(guide.shape("k-guide"), late);
    if place_ends[0] {
        canvas.labels.taken.push(Bounds::new(x0 - 1.0, y - 6.0, x1 + 1.0, y + 6.0));
    }
    if let Some(text) = words::saved_trips(canvas.show, &canvas.stories).filter(|_| inside) {
        let at = (middle, y + 25.0);
        canvas.label(Label::new("m k-halo", Type::Small, at, Anchor::Middle, &text).from(late));
    }
}

/// A line with arrowheads at both ends and a gap for its number. Along time, at `y` across.
#[inline(never)]
pub fn arrows(canvas: &mut Canvas<'_>, y: f64, ends: (f64, f64), gap: (f64, f64), from: Us) {
    let pen = canvas.pen;
    let (x0, x1) = (ends.0 + 1.0, ends.1 - 1.0);
    let line = pen.path().to(x0 + 6.0, y).line(gap.0, y).to(gap.1, y).line(x1 - 6.0, y);
    canvas.front(line.shape("k-dim"), from);
    let heads = pen.path().to(x0, y).line(x0 + 7.0, y - 3.2).line(x0 + 7.0, y + 3.2).close();
    let heads = heads.to(x1, y).line(x1 - 7.0, y - 3.2).line(x1 - 7.0, y + 3.2).close();
    canvas.front(heads.shape("k-dim-f"), from);
}
