//! What is being looked at: a scenario, perhaps beside a second run of it, at one instant. The page,
//! the link, the exports and the tests all speak of a [`Study`]; a [`Show`] is a study with its runs.
//!
//! | file | what it holds |
//! |---|---|
//! | [`params`] | the parameters of a scenario: set one, read one, list what differs |
//! | [`exchange`] | the parameters of one exchange (`x2.version`) |
//! | [`fields`] | a list of header fields on one line |
//! | [`text`] | how times, bandwidths and flags are written |
//! | [`differ`] | one request, and what every server product does with it |
//! | [`edit`] | changes of a study, each giving a new one |
//! | [`stats`] | a run in numbers: open connections, workers, waits |
//! | [`what_if`] | what would change a verdict, found by running it |
//!
//! `Study::show` stands in the catalogue, which knows what each scenario is about.
pub mod differ;
pub mod edit;
pub mod exchange;
pub mod fields;
pub mod params;
pub mod stats;
pub mod text;
pub mod what_if;

use crate::order;
use crate::sim::{EventKey, EventKind, Scenario, ScenarioError, Timeline, Us, run};
use std::borrow::Cow;

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
    /// Behind them the second hop of each run that has a proxy, as a run of its own.
    pub runs: Vec<Run>,
    /// What the verdict is about.
    pub focus: Focus,
    /// The most instructive instant.
    pub stop: Us,
}

/// One run, named.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// `A` and `B` in a comparison; empty otherwise. Connections are then called `A·C1`.
    pub name: &'static str,
    /// "Without keep-alive", or what sets it apart.
    pub label: String,
    /// The settings that set it apart, as the product writes them: `KeepAlive Off`. Empty where the
    /// label says it already.
    pub apart: String,
    /// Index of the run whose second hop this is, or its own.
    pub of: usize,
    /// 1: what the proxy of a run does with its server.
    pub hop: u8,
    pub scenario: Scenario,
    pub result: Result<Timeline, ScenarioError>,
}

/// The names of the runs of a comparison, in their order.
pub const RUN_NAMES: [&str; 2] = ["A", "B"];

/// What the verdict sentence is about. The words are computed from the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Focus {
    /// The time that one run saves against the other. Only in a comparison.
    Saved,
    /// How many connections there are, in each run.
    Connections,
    /// An exchange (an index): kept or closed after it, and why.
    Exchange(usize),
    /// An exchange (an index) that came too late for the connection of the one before it.
    TooLate(usize),
    /// Idle connections that stay open, and for how long.
    Idle,
}

impl Run {
    pub fn new(scenario: Scenario) -> Self {
        let result = run(&scenario);
        let (label, apart) = (String::new(), String::new());
        Self { name: "", label, apart, of: 0, hop: 0, scenario, result }
    }

    /// Takes the second hop out, as a run of its own: there the proxy is the client.
    pub fn split_hop(&mut self, of: usize) -> Option<Self> {
        let proxy = self.scenario.proxy.clone()?;
        let second = self.result.as_mut().ok()?.split_hop()?;
        let scenario = Scenario {
            client: proxy.chosen,
            network: proxy.network,
            proxy: None,
            exchanges: Vec::new(),
            ..self.scenario.clone()
        };
        let (name, label, apart) = (self.name, self.label.clone(), String::new());
        Some(Self { name, label, apart, of, hop: 1, scenario, result: Ok(second) })
    }

    /// The timeline, if the scenario could be run.
    pub fn timeline(&self) -> Option<&Timeline> {
        self.result.as_ref().ok()
    }
}

impl Study {
    /// A study of one scenario that began with no catalogue entry.
    pub const fn of(scenario: Scenario) -> Self {
        Self { entry: String::new(), scenario, versus: None, at: None, pick: None }
    }

    /// The scenario of one run: the index is that of [`Show::runs`].
    pub fn scenario_of(&self, run: usize) -> Scenario {
        self.scenario_seen(run).into_owned()
    }

    /// The same, copied only where it differs.
    pub fn scenario_seen(&self, run: usize) -> Cow<'_, Scenario> {
        match &self.versus {
            // The second hops stand behind both runs, in the same order.
            Some(versus) if run.is_multiple_of(2) => {
                Cow::Owned(params::apply(&self.scenario, &versus.changes).0)
            }
            _ => Cow::Borrowed(&self.scenario),
        }
    }

    /// How many runs there are to see.
    pub const fn run_count(&self) -> usize {
        if self.versus.is_some() { 2 } else { 1 }
    }

    /// Index of the run that `scenario` itself gives.
    pub const fn main_run(&self) -> usize {
        self.run_count() - 1
    }
}

impl Show {
    /// The run of the study's own scenario.
    pub fn main(&self) -> Option<&Run> {
        self.runs.get(self.study.main_run())
    }

    /// The other run of a comparison.
    pub fn other(&self) -> Option<&Run> {
        self.compares().then(|| self.runs.first()).flatten()
    }

    pub const fn compares(&self) -> bool {
        self.study.versus.is_some()
    }

    /// What the proxy of the study's own scenario does with its server.
    pub fn behind_proxy(&self) -> Option<&Run> {
        let main = self.study.main_run();
        self.runs.iter().find(|run| run.hop == 1 && run.of == main)
    }

    /// The runs with their indices, as they are drawn: each with its second hop below it.
    pub fn drawn(&self) -> Vec<(usize, &Run)> {
        let mut list: Vec<(usize, &Run)> = self.runs.iter().enumerate().collect();
        order::sort(&mut list, |(_, run)| (run.of as u64, run.hop.into()));
        list
    }

    /// The last instant of all runs.
    pub fn end(&self) -> Us {
        self.timelines().map(|timeline| timeline.end).max().unwrap_or_default()
    }

    /// The last instant at which anything changes: a port that was kept in TIME_WAIT is free again.
    pub fn last(&self) -> Us {
        let connections = self.timelines().flat_map(|timeline| &timeline.connections);
        let closes = connections.filter_map(|connection| connection.close.as_ref());
        let free = closes.map(|close| close.time_wait.map_or(close.done, |wait| wait.span.to));
        free.max().unwrap_or_default().max(self.end())
    }

    /// Where the playhead stands: where the study says, or at the most instructive instant.
    pub fn at(&self) -> Us {
        self.study.at.unwrap_or(self.stop).min(self.last())
    }

    /// What the details panel shows: what was selected, if it still is there, or what the verdict is about.
    pub fn picked(&self) -> Option<Pick> {
        let there = |pick: &Pick| {
            let timeline = self.runs.get(pick.run).and_then(Run::timeline);
            timeline.is_some_and(|timeline| timeline.event(pick.key).is_some())
        };
        self.study.pick.filter(there).or_else(|| self.natural_pick())
    }

    fn natural_pick(&self) -> Option<Pick> {
        let run = self.study.main_run();
        let timeline = self.runs.get(run)?.timeline()?;
        let close_before = |index: usize| {
            let connection = timeline.exchanges.get(index.checked_sub(1)?)?.connection?;
            Some(EventKey { connection, kind: EventKind::Close, exchange: None })
        };
        let key = match self.focus {
            Focus::Exchange(index) => timeline.answer_key(index),
            Focus::TooLate(index) => close_before(index),
            // Where the answer kept the connection, it is the later close that cost another one.
            Focus::Connections if timeline.connections.len() > 1 && timeline.keeps(0) => {
                close_before(1)
            }
            Focus::Saved | Focus::Connections | Focus::Idle => timeline.answer_key(0),
        };
        Some(Pick { run, key: key? })
    }

    /// The timelines of the runs that could be run.
    pub fn timelines(&self) -> impl Iterator<Item = &Timeline> {
        self.runs.iter().filter_map(Run::timeline)
    }
}

impl Timeline {
    /// When the last answer had come; None if none came.
    pub fn done(&self) -> Option<Us> {
        (0..self.exchanges.len()).filter_map(|index| self.answered(index)).max()
    }

    /// When the last byte of an exchange's answer had come.
    pub fn answered(&self, index: usize) -> Option<Us> {
        let received = self.exchanges.get(index)?.response_received?;
        (received.to <= self.end).then_some(received.to)
    }

    /// When a connection (from 1) was closed.
    pub fn closed(&self, id: u32) -> Option<Us> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        self.connections.get(index)?.close.as_ref().map(|close| close.at)
    }

    /// When an event happens in this timeline; None if it does not.
    pub fn event(&self, key: EventKey) -> Option<Us> {
        self.events().into_iter().find(|event| event.key == key).map(|event| event.at)
    }

    /// Does the server keep the connection after this answer?
    fn keeps(&self, index: usize) -> bool {
        let answer = self.exchanges.get(index).and_then(|exchange| exchange.answer.as_ref());
        answer.is_some_and(|answer| answer.persists())
    }

    fn answer_key(&self, index: usize) -> Option<EventKey> {
        let connection = self.exchanges.get(index)?.connection?;
        let exchange = u32::try_from(index).ok();
        Some(EventKey { connection, kind: EventKind::Answer, exchange })
    }
}
