//! The figure with its controls: what `scene` draws, the playhead that moves over it, and what pointer
//! and keyboard do with both.
//!
//! | file | what it holds |
//! |---|---|
//! | [`stage`] | the component: its properties, messages and state |
//! | [`figure`] | a scene as SVG nodes; drawn anew only when the visible set changes |
//! | [`live`] | what moves: direct writes to the nodes, from one animation frame loop |
//! | [`pointer`], [`keyboard`] | what hand and keys mean |
//! | [`controls`], [`tip`] | the bar below the figure, the legend; the tooltip |
mod controls;
mod figure;
mod keyboard;
mod live;
mod pointer;
mod stage;
mod tip;

pub use stage::{Stage, StageMsg, StageProps};
