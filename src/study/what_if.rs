//! What would change it: one thing is altered, the scenario is run again, and what came of it is said
//! in words. Nothing is stored: a suggestion stands here only because its run was different.
mod candidates;
mod consequence;

use super::{Pick, Study};
use crate::order;
use crate::sim::{Timeline, run};
use candidates::{Alters, Candidate, candidates};
use consequence::{Weight, compare};

/// One thing that could be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// What to do; code stands between backticks: "Add `Connection: close`".
    pub label: String,
    /// What would come of it: "closes; request 2 opens C2".
    pub effect: String,
    /// The study with that done.
    pub study: Study,
}

/// So many are worth reading.
const MOST: usize = 5;
/// And so many of one kind.
const MOST_OF_A_KIND: usize = 2;

/// Alterations that would change the verdict on the selected exchange, the connections, or when all is
/// done, the most instructive first. Empty for a run that cannot be run.
pub fn what_if(study: &Study, pick: Pick) -> Vec<WhatIf> {
    let scenario = study.scenario_seen(pick.run);
    let Ok(before) = run(&scenario) else { return Vec::new() };
    let Some(index) = meant(&before, pick) else { return Vec::new() };
    let mut found: Vec<(Weight, Alters, WhatIf)> = Vec::new();
    for Candidate { alters, label, study } in candidates(study, pick.run, &scenario, &before, index)
    {
        let Ok(after) = run(&study.scenario_seen(pick.run)) else { continue };
        let Some((weight, effect)) = compare(&before, &after, index, scenario.network.rtt) else {
            continue;
        };
        // About a close that came later than the answer: what saves the connection comes first.
        let saves = pick.key.exchange.is_none() && weight == Weight::Connections;
        let weight = if saves { Weight::Close } else { weight };
        let same = |other: &(Weight, Alters, WhatIf)| other.1 == alters && other.2.effect == effect;
        if !found.iter().any(same) {
            found.push((weight, alters, WhatIf { label, effect, study }));
        }
    }
    order::sort(&mut found, |(weight, alters, _)| (*weight as u64, *alters as u64));
    best(found)
}

/// The first few, not too many of a kind.
fn best(found: Vec<(Weight, Alters, WhatIf)>) -> Vec<WhatIf> {
    let mut kinds: Vec<Alters> = Vec::new();
    let mut list = Vec::new();
    for (_, alters, what_if) in found {
        if kinds.iter().filter(|kind| **kind == alters).count() < MOST_OF_A_KIND {
            kinds.push(alters);
            list.push(what_if);
        }
    }
    list.truncate(MOST);
    list
}

/// The exchange that a selection is about: its own, or the last one on its connection.
fn meant(timeline: &Timeline, pick: Pick) -> Option<usize> {
    let of_connection = || {
        let id = usize::try_from(pick.key.connection).ok()?.checked_sub(1)?;
        timeline.connections.get(id)?.exchanges.last().copied()
    };
    let index = usize::try_from(pick.key.exchange.or_else(of_connection)?).ok()?;
    (index < timeline.exchanges.len()).then_some(index)
}
