//! What part of a run is looked at, and how large it is drawn.
use crate::sim::{Span, Us};

/// Whether the figure stands alone or in somebody's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    #[default]
    Page,
    Embed,
}

/// A view of a show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// In CSS pixels. Below [`Viewport::TALL_BELOW`] time runs down.
    pub width: f64,
    pub mode: Mode,
    /// The stretch of time in view; None: all of it.
    pub range: Option<Span>,
    /// Long stretches in which nothing happens are left out.
    pub folded: bool,
    /// Counts of connections, workers and ports stand below the lanes; not in the tall figure.
    pub meters: bool,
    /// Shows everything up to here although the story ends before.
    pub at_least: Us,
}

impl Viewport {
    /// Narrower than this, time runs down.
    pub const TALL_BELOW: f64 = 640.0;

    pub fn new(width: f64, mode: Mode) -> Self {
        Self { width, mode, range: None, folded: true, meters: false, at_least: Us::ZERO }
    }

    pub fn is_tall(&self) -> bool {
        self.width < Self::TALL_BELOW
    }
}
