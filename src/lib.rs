//! Keep-Alive Explainer: when an HTTP connection stays open, who closes it, and why.

/// The version that links, exports and the page itself name.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[cfg(target_arch = "wasm32")]
pub mod embed;
#[cfg(target_arch = "wasm32")]
pub mod ui;
