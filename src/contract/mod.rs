//! The JSON functions: what they take and give, as serde structs, and the pure functions on them.
//! The same structs serve the command line (`serde_json`) and the page (`serde-wasm-bindgen`), so
//! neither is named here.
//!
//! | file | what it holds |
//! |---|---|
//! | [`judge`] | one exchange by the rules of HTTP alone |
//! | [`simulate`] | a scenario against real products' rules |
//! | [`products`] | the products with their settings |
//! | [`message`] | heads of messages as they stand in JSON |
//! | [`reason`] | reasons and notes as they stand in JSON |
//! | [`files`] | configuration files |
//! | [`keys`] | the keys that a question may have |
pub mod files;
pub mod judge;
pub mod keys;
pub mod message;
pub mod ms;
pub mod products;
pub mod reason;
pub mod settings;
pub mod simulate;

pub use judge::{JudgeAnswer, JudgeQuestion};
pub use simulate::{SimulateAnswer, SimulateQuestion};

use serde::Serialize;
use std::fmt;

/// A question that cannot be answered, because of what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// Always `input`.
    pub kind: &'static str,
    /// What is wrong, and where.
    pub detail: String,
}

impl InputError {
    pub fn new(detail: impl Into<String>) -> Self {
        Self { kind: "input", detail: detail.into() }
    }

    pub fn at(place: &str, problem: impl fmt::Display) -> Self {
        Self::new(format!("{place}: {problem}"))
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for InputError {}
