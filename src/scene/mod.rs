//! What to draw and what to say: a show and a viewport in, plain shapes and sentences out. No
//! screen, no clock. The live figure, the poster, the exports and the tests all come from here.
//!
//! | file | what it holds |
//! |---|---|
//! | [`viewport`] | what part of a run is looked at, and how large |
//! | [`story`] | what a run amounts to; which time holds nothing |
//! | [`axis`], [`ruler`] | time and pixels, both ways; ticks |
//! | [`plan`] | where the lanes lie |
//! | [`marks`], [`fuse`], [`packets`], [`density`] | one connection: as blocks, as packets, from far away |
//! | [`wide`], [`tall`], [`compare`] | the whole figure with its labels: time to the right, time down, two runs |
//! | [`text`] | how wide labels are, and that they never overlap |
//! | [`moment`], [`pace`] | what depends on the playhead; how fast it goes |
//! | [`zoom`] | closer, further, along |
//! | [`legend`] | the marks that occur |
//! | [`words`] | every sentence |
//! | [`svg`], [`theme`] | the figure as a file of its own |
pub mod axis;
mod canvas;
pub mod compare;
pub mod density;
pub mod fuse;
pub mod legend;
pub mod marks;
pub mod moment;
pub mod num;
pub mod pace;
pub mod packets;
pub mod plan;
pub mod ruler;
pub mod shape;
pub mod story;
pub mod svg;
pub mod tall;
pub mod text;
pub mod theme;
pub mod viewport;
pub mod wide;
pub mod words;
pub mod zoom;

pub use axis::Axis;
use canvas::Detail;
pub use marks::{Lane, Mark, MarkKind};
pub use moment::Moment;
pub use ruler::Tick;
pub use shape::{Anchor, Bounds, Pen, Shape};
pub use text::Label;
pub use viewport::{Mode, Viewport};

use crate::sim::{Side, Span, Us};
use crate::study::{Pick, Show};

/// Nodes of a picture, at most: see the budgets in `tests/laws_scene.rs`.
const MOST_NODES: usize = 800;

/// Everything to be drawn, but for what moves with the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub pen: Pen,
    pub width: f64,
    pub height: f64,
    pub axis: Axis,
    /// The axis without zoom.
    pub whole: Axis,
    /// Where the marks lie: they are clipped to it, and the veil covers it.
    pub plot: Bounds,
    pub ticks: Vec<Tick>,
    /// Grid, ruler, strips of folded time: behind everything.
    pub back: Vec<Shape>,
    pub folds: Vec<Fold>,
    pub groups: Vec<Group>,
    /// Above the veil.
    pub front: Vec<Front>,
    pub labels: Vec<Label>,
    pub countdowns: Vec<Countdown>,
    pub meters: Vec<Meter>,
    /// Messages on their way, in order of departure.
    pub flights: Vec<Flight>,
    /// The marks that occur, in the order of the legend.
    pub legend: Vec<MarkKind>,
    /// Where the story ends and play stops.
    pub end: Us,
    /// A round trip, for the packets on their way.
    pub rtt: Us,
}

/// A strip that stands for time left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Fold {
    pub span: Span,
    pub bounds: Bounds,
    /// "3.5 s in which nothing happens are left out."
    pub name: String,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub run: usize,
    /// What assistive technology reads.
    pub name: String,
    pub lanes: Vec<Lane>,
}

/// A shape above the veil; while the run plays it appears at `from`.
#[derive(Clone, Debug, PartialEq)]
pub struct Front {
    pub shape: Shape,
    pub from: Option<Us>,
}

/// A number that counts down beside the playhead while an idle timer runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Countdown {
    pub side: Side,
    pub span: Span,
    pub due: Us,
    /// Across: the baseline in the wide figure, the left edge of the text in the tall one.
    pub across: f64,
}

/// The value of a meter below the lanes, at the instant of the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct Meter {
    /// So many from that moment on, in order of time.
    pub steps: Vec<(Us, u32)>,
    /// How many there can be.
    pub of: Option<u32>,
    /// Where it is written.
    pub at: (f64, f64),
}

/// A message on its way from edge to edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    /// From the departure of the first byte to its arrival.
    pub span: Span,
    /// Across: where it leaves and where it arrives.
    pub across: (f64, f64),
    pub class: shape::Class,
}

impl Scene {
    /// Draws a show.
    pub fn build(show: &Show, view: &Viewport) -> Self {
        let draw = |detail| {
            if view.is_tall() {
                tall::build(show, view, detail)
            } else {
                wide::build(show, view, detail)
            }
        };
        let scene = draw(Detail::Full);
        // How much there is to draw was estimated; with much that is unusual it can be more.
        [Detail::Plain, Detail::Density].into_iter().fold(scene, |scene, detail| {
            if scene.nodes() > MOST_NODES { draw(detail) } else { scene }
        })
    }

    /// Every mark with its run.
    pub fn marks(&self) -> impl Iterator<Item = (usize, &Mark)> {
        let lanes = self.groups.iter().flat_map(|group| &group.lanes);
        lanes.flat_map(|lane| lane.marks.iter().map(move |mark| (lane.run, mark)))
    }

    /// The mark that shows this event; None: it is not in view or too small to be drawn alone.
    pub fn mark(&self, pick: Pick) -> Option<&Mark> {
        let shown = marks::shown_by(pick.key);
        let of_run = || self.marks().filter(|(run, _)| *run == pick.run).map(|(_, mark)| mark);
        of_run().find(|mark| mark.key == pick.key).or_else(|| {
            of_run().find(|mark| {
                let key = mark.key;
                mark.kind == shown
                    && key.connection == pick.key.connection
                    && (key.exchange == pick.key.exchange || pick.key.exchange.is_none())
            })
        })
    }

    /// The mark under a point, or the nearest within `slop` pixels.
    pub fn hit(&self, x: f64, y: f64, slop: f64) -> Option<Pick> {
        let away = |b: &Bounds| {
            let dx = (b.x0 - x).max(x - b.x1).max(0.0);
            let dy = (b.y0 - y).max(y - b.y1).max(0.0);
            dx.hypot(dy)
        };
        let near = self.marks().filter(|(_, mark)| away(&mark.bounds) <= slop);
        // The smaller of two that lie over each other is the one that is meant.
        let area = |b: &Bounds| b.width() * b.height();
        let best = near.min_by(|(_, a), (_, b)| {
            let (a, b) = (&a.bounds, &b.bounds);
            away(a).total_cmp(&away(b)).then(area(a).total_cmp(&area(b)))
        });
        best.map(|(run, mark)| Pick { run, key: mark.key })
    }

    /// Numbers that change with the playhead: those that count down, and those of the meters.
    pub fn numbers(&self) -> usize {
        self.countdowns.len().min(moment::MOST_COUNTDOWNS) + self.meters.len()
    }

    /// Nodes that the figure takes in a document.
    pub fn nodes(&self) -> usize {
        let lane = |lane: &Lane| {
            1 + lane.ground.len()
                + lane.marks.iter().map(|mark| 1 + mark.shapes.len()).sum::<usize>()
        };
        let group = |group: &Group| 1 + group.lanes.iter().map(lane).sum::<usize>();
        self.back.len()
            + self.ticks.len()
            + self.folds.len() * 2
            + self.groups.iter().map(group).sum::<usize>()
            + self.front.len()
            + self.labels.len()
            + self.numbers()
            + 12
    }
}
