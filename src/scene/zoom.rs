//! Zooming and panning: which stretch of time is in view.
use super::axis::Axis;
use crate::sim::{Span, Us};

/// The shortest stretch that can be shown.
const SHORTEST: Us = Us(200);

/// `factor` times closer, with `focus` staying where it is. `whole`: the axis of the whole picture.
/// None: all of it is in view.
pub fn zoom(whole: &Axis, now: Span, factor: f64, focus: Us) -> Option<Span> {
    let (from, to) = (whole.x_from_time(now.from), whole.x_from_time(now.to));
    let focus = whole.x_from_time(focus).clamp(from, to);
    place(whole, focus - (focus - from) / factor, focus + (to - focus) / factor)
}

/// Moved by a share of what is in view: positive is later.
pub fn pan(whole: &Axis, now: Span, share: f64) -> Option<Span> {
    let (from, to) = (whole.x_from_time(now.from), whole.x_from_time(now.to));
    let by = (to - from) * share;
    place(whole, from + by, to + by)
}

/// Moved as little as needed for `at` to be in view, a tenth from the edge. None: nothing changes.
pub fn follow(whole: &Axis, now: Span, at: Us) -> Option<Span> {
    let (from, to) = (whole.x_from_time(now.from), whole.x_from_time(now.to));
    let (x, margin) = (whole.x_from_time(at), (to - from) * 0.1);
    let out = x > to - margin * 0.2 || x < from;
    out.then(|| pan(whole, now, (x - margin - from) / (to - from)))?
}

/// Pixels of the whole picture as a stretch of time, kept inside it.
fn place(whole: &Axis, from: f64, to: f64) -> Option<Span> {
    let (start, end) = whole.place();
    let length = to - from;
    if length >= (end - start) * 0.999 {
        return None;
    }
    let from = from.clamp(start, end - length);
    let span = Span::new(whole.time_from_x(from), whole.time_from_x(from + length));
    if span.length() >= SHORTEST {
        return Some(span);
    }
    let from = span.from.min(whole.range().to - SHORTEST);
    Some(Span::new(from, from + SHORTEST))
}
