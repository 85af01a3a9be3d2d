//! Keep-Alive Explainer: when an HTTP connection stays open, who closes it, and why.
//!
//! The map: [`protocol`] holds the rules of HTTP, [`profile`] the products, [`conf`] their own
//! files, [`sim`] runs them against each other, `scene` turns a run into shapes and sentences,
//! `catalogue` holds the scenarios, `share` the links, `contract` the JSON functions; `ui` and
//! `embed` are the page. [`order`] and [`time`] serve all. ARCHITECTURE.md says who may know whom.

/// The version that links, exports and the page itself name.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub mod catalogue;
pub mod conf;
pub mod contract;
pub mod order;
pub mod profile;
pub mod proof;
pub mod protocol;
pub mod scene;
pub mod share;
pub mod sim;
pub mod study;
pub mod time;
pub mod tool;
pub mod ui;

#[cfg(target_arch = "wasm32")]
pub mod embed;
