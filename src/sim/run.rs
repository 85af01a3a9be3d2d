//! The engine.
use super::{Scenario, ScenarioError, Timeline};

/// Runs a scenario.
///
/// # Errors
/// If a product, version, setting or exchange cannot be understood: the error says which.
pub fn run(_scenario: &Scenario) -> Result<Timeline, ScenarioError> {
    todo!("the engine")
}
