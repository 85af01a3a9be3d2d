//! What depends on where the playhead stands: its place and words, the numbers that count down,
//! packets on their way, labels that would be in its way.
use super::{Countdown, Scene, words};
use crate::sim::Us;

/// Numbers that count down, at most.
pub const MOST_COUNTDOWNS: usize = 8;
/// Half the width of the playhead's flag.
pub const FLAG: f64 = 34.0;

/// The picture at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The playhead along time; beyond the figure if the instant is not in view.
    pub x: f64,
    pub flag: String,
    /// (text, along, across)
    pub left: Vec<(String, f64, f64)>,
}

impl Moment {
    pub fn of(scene: &Scene, at: Us) -> Self {
        let x = scene.axis.x_from_time(at);
        let running = scene.countdowns.iter().filter(|countdown| countdown.span.contains(at));
        let text = |countdown: &Countdown| {
            let left = words::tenths(countdown.due - at);
            (format!("{left} left"), x + if scene.pen.tall { 24.0 } else { 10.0 }, countdown.across)
        };
        Self { x, flag: words::clock(at), left: running.take(MOST_COUNTDOWNS).map(text).collect() }
    }

    /// Is a tick's label under the flag?
    pub fn hides_tick(&self, x: f64) -> bool {
        (x - self.x).abs() < 52.0
    }

    /// May a label be seen now? While the run plays, what has not happened yet is not told; and a
    /// number that counts down stands before everything.
    pub fn shows(&self, label: &super::Label, at: Us, playing: bool, tall: bool) -> bool {
        if playing && label.from.is_some_and(|from| from > at) {
            return false;
        }
        !self.left.iter().any(|(text, along, across)| {
            let (x, y) = if tall { (*across, *along) } else { (*along, *across) };
            let wide = super::text::width(text, super::text::Type::SmallBold) + 4.0;
            label.bounds.overlaps(&super::Bounds::new(x - 4.0, y - 10.0, x + wide, y + 3.0))
        })
    }
}
