//! What is being looked at: a scenario, perhaps beside a second run of it, at one instant. The page,
//! the link, the exports and the tests all speak of a [`Study`]; a [`Show`] is a study with its runs.
use crate::sim::{EventKey, Scenario, ScenarioError, Timeline, Us, run};

/// The whole state that a link holds. Plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// The catalogue entry it began with; empty for none.
    pub entry: String,
    /// What the composer and the settings edit.
    pub scenario: Scenario,
    /// A second run, drawn above, that differs from `scenario` in these parameters only.
    pub versus: Option<Versus>,
    /// Where the playhead stands. None: the most instructive instant, which the catalogue knows.
    pub at: Option<Us>,
    /// What the details panel shows. None: what the verdict is about.
    pub pick: Option<Pick>,
}

/// The differences of the second run, as parameters of the link grammar (`server.KeepAlive` = `Off`).
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Versus {
    pub changes: Vec<(String, String)>,
}

/// A selected event in one of the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pick {
    /// Index into [`Show::runs`].
    pub run: usize,
    pub key: EventKey,
}

/// A study with its runs: the input of everything that draws or tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    pub study: Study,
    /// With a comparison: the second run (`versus`) first, as it is drawn above; then the scenario itself.
    pub runs: Vec<Run>,
}

/// One run, named.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// `A` and `B` in a comparison; empty otherwise. Connections are then called `A·C1`.
    pub name: &'static str,
    /// "Without keep-alive", or what sets it apart.
    pub label: String,
    /// The settings that set it apart, as the product writes them: `KeepAlive Off`.
    pub apart: String,
    pub scenario: Scenario,
    pub result: Result<Timeline, ScenarioError>,
}

impl Run {
    pub fn new(scenario: Scenario) -> Self {
        let result = run(&scenario);
        Self { name: "", label: String::new(), apart: String::new(), scenario, result }
    }
}
