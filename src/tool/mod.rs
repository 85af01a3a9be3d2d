//! The calculators: typed inputs in, plain results out, as text in HTML and SVG. They stand in the
//! module that is loaded on demand (`embed/tools.rs` puts them into the page); what every visitor
//! loads must not name this room.
//!
//! | file | what it holds |
//! |---|---|
//! | [`form`] | fields, what was typed into them, the form as HTML |
//! | [`gaps`] | times between requests: a list or a distribution |
//! | [`danger`] | how often a request meets a connection that the server has just closed |
//! | [`connections`] | how many connections, workers and ports a load takes |
//! | [`tune`] | one setting against what it costs |
//! | [`plot`] | curves on axes, as SVG |
//! | [`words`] | numbers and times for people |
pub mod connections;
pub mod danger;
pub mod form;
pub mod gaps;
pub mod plot;
pub mod tune;
pub mod words;

pub use form::{Answer, Asked, Field, Kind, Preset, Problem, Reader, Tool};

/// Every tool, in the order of the sheet.
pub const TOOLS: &[&Tool] = &[&danger::TOOL, &connections::TOOL, &tune::TOOL];

/// The tool with this id.
pub fn tool(id: &str) -> Option<&'static Tool> {
    TOOLS.iter().copied().find(|tool| tool.id == id)
}
