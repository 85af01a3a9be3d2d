//! Does a setting matter here? Asked of the simulation itself: if no other value of it changes the
//! run, the page says so.
use super::steps;
use crate::profile::{Kind, Setting};
use crate::sim::{Scenario, Timeline, run};
use crate::study::params::Part;

/// With more exchanges than this the question would cost more than an edit may.
const MOST_EXCHANGES: usize = 200;

/// False only if every value tried gives the same run.
pub fn matters(scenario: &Scenario, timeline: &Timeline, part: Part, setting: &Setting) -> bool {
    if !(1..=MOST_EXCHANGES).contains(&scenario.count()) {
        return true;
    }
    let values = values(setting);
    values.is_empty()
        || values.iter().any(|value| {
            let mut other = scenario.clone();
            part.of_mut(&mut other).set(setting.name, value);
            // Heads are compared too: an announced limit is an effect that a client may read.
            run(&other).is_ok_and(|result| !same(&result, timeline))
        })
}

/// Does the same happen, for the same reasons? Questions that were not reached are no matter.
fn same(one: &Timeline, other: &Timeline) -> bool {
    let exchanges = one.exchanges.iter().zip(&other.exchanges);
    one.connections == other.connections
        && exchanges.into_iter().all(|(one, other)| {
            let answers = match (&one.answer, &other.answer) {
                (Some(one), Some(other)) => {
                    one.response == other.response
                        && one.after == other.after
                        && one.because == other.because
                }
                (one, other) => one.is_none() && other.is_none(),
            };
            answers
                && one.outcome == other.outcome
                && one.response_received == other.response_received
        })
}

/// Values that lie far apart.
fn values(setting: &Setting) -> Vec<String> {
    match &setting.kind {
        Kind::Flag { on, off } => vec![(*on).into(), (*off).into()],
        Kind::Choice(words) => words.iter().map(|word| (*word).into()).collect(),
        Kind::Text { .. } => Vec::new(),
        Kind::Number { .. } | Kind::Time { .. } => {
            let mut steps = steps::of(setting);
            let last = steps.pop();
            steps.truncate(4);
            steps.extend(last);
            steps
        }
    }
}
