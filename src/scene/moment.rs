//! What depends on where the playhead stands: its place and words, the numbers that count down,
//! packets on their way, labels that would be in its way.
use super::shape::Class;
use super::{Countdown, Meter, Scene, num, words};
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
    /// Numbers that count down, and the values of the meters: (text, along, across).
    pub left: Vec<(String, f64, f64)>,
}

impl Meter {
    /// `3`, or `3 of 256`.
    pub fn value(&self, at: Us) -> String {
        let before = self.steps.partition_point(|(from, _)| *from <= at);
        let now = before.checked_sub(1).map_or(0, |last| self.steps[last].1);
        let mut text = String::new();
        num::push_whole(&mut text, now.into());
        if let Some(of) = self.of {
            text.push_str(" of ");
            num::push_whole(&mut text, of.into());
        }
        text
    }
}

impl Moment {
    pub fn of(scene: &Scene, at: Us) -> Self {
        let x = scene.axis.x_from_time(at);
        let running = scene.countdowns.iter().filter(|countdown| countdown.span.contains(at));
        let text = |countdown: &Countdown| {
            let left = words::tenths(countdown.due - at);
            let text = format!("{left} left");
            if scene.pen.tall {
                // On a narrow screen it does not fit beside the last lane.
                let room =
                    scene.width - super::text::width(&text, super::text::Type::SmallBold) - 4.0;
                (text, x + 24.0, countdown.across.min(room))
            } else {
                (text, x + 10.0, countdown.across)
            }
        };
        let meters = scene.meters.iter().map(|meter| (meter.value(at), meter.at.0, meter.at.1));
        let left = running.take(MOST_COUNTDOWNS).map(text).chain(meters).collect();
        Self { x, flag: words::clock(at), left }
    }

    /// Is a tick's label under the flag?
    pub fn hides_tick(&self, x: f64) -> bool {
        (x - self.x).abs() < 52.0
    }

    /// Messages on their way: the stroke of each, from its tail to its head, in x and y.
    pub fn flights(scene: &Scene, at: Us) -> impl Iterator<Item = (Class, [(f64, f64); 2])> {
        let started = scene.flights.partition_point(|flight| flight.span.from <= at);
        let x = scene.axis.x_from_time(at);
        let pen = scene.pen;
        // All take half a round trip: the ones under way stand together at the end.
        let recent = scene.flights[..started].iter().rev().take(200);
        recent.filter(move |flight| flight.span.contains(at)).map(move |flight| {
            let share =
                (at - flight.span.from).as_secs() / flight.span.length().as_secs().max(1e-9);
            let (from, to) = flight.across;
            let tail = (share - 0.35).max(0.0);
            let head = pen.xy(x, from + (to - from) * share);
            let back = scene.axis.px(flight.span.length()).min(18.0) * (share - tail);
            (flight.class, [pen.xy(x - back, from + (to - from) * tail), head])
        })
    }

    /// May a label be seen now? While the run plays, what has not happened yet is not told; and a
    /// number that counts down stands before everything.
    pub fn shows(&self, label: &super::Label, at: Us, playing: bool, tall: bool) -> bool {
        if playing && label.from.is_some_and(|from| from > at) {
            return false;
        }
        // Under the flag.
        let b = &label.bounds;
        let flag = !tall && b.y0 < 27.0 && b.x0 < self.x + FLAG && self.x - FLAG < b.x1;
        !flag
            && !self.left.iter().any(|(text, along, across)| {
                let (x, y) = if tall { (*across, *along) } else { (*along, *across) };
                let wide = super::text::width(text, super::text::Type::SmallBold) + 4.0;
                label.bounds.overlaps(&super::Bounds::new(x - 4.0, y - 10.0, x + wide, y + 3.0))
            })
    }
}
