//! A study, run: with the names, the emphasis and the instant that its entry knows.
use super::{Stop, entry};
use crate::profile::{Chosen, product};
use crate::sim::{Timeline, Us};
use crate::study::{Focus, RUN_NAMES, Run, Show, Study};

impl Study {
    /// Runs it.
    pub fn show(&self) -> Show {
        let mut runs: Vec<Run> =
            (0..self.run_count()).map(|index| Run::new(self.scenario_of(index))).collect();
        if let [upper, lower] = runs.as_mut_slice() {
            (upper.name, lower.name) = (RUN_NAMES[0], RUN_NAMES[1]);
            lower.of = 1;
            super::labels::label(self, upper, lower);
        }
        split_hops(&mut runs);
        let focus = focus(self);
        let mut show = Show { study: self.clone(), runs, focus, stop: Us::ZERO };
        show.stop = stop(&show, entry(&self.entry).map_or(Stop::SlowerDone, |entry| entry.stop));
        show
    }
}

/// Gives each run with a proxy its second hop, and both their names.
fn split_hops(runs: &mut Vec<Run>) {
    for index in 0..runs.len() {
        let Some(mut second) = runs[index].split_hop(index) else { continue };
        let names = |from: &Chosen, to: &Chosen| {
            let name = |chosen: &Chosen| product(&chosen.product).map_or("", |known| known.name);
            format!("{} → {}", name(from), name(to))
        };
        let first = &mut runs[index];
        second.label = names(&second.scenario.client, &second.scenario.server);
        if let Some(proxy) = first.scenario.proxy.as_ref().filter(|_| first.label.is_empty()) {
            first.label = names(&first.scenario.client, &proxy.chosen);
        }
        runs.push(second);
    }
}

fn focus(study: &Study) -> Focus {
    let compares = study.versus.is_some();
    match entry(&study.entry).map(|entry| entry.focus) {
        // Without a second run there is nothing to have saved against.
        Some(Focus::Saved) | None if !compares => Focus::Exchange(0),
        None => Focus::Saved,
        Some(focus) => focus,
    }
}

fn stop(show: &Show, rule: Stop) -> Us {
    let latest =
        |moment: &dyn Fn(&Timeline) -> Option<Us>| show.timelines().filter_map(moment).max();
    let at = match rule {
        Stop::SlowerDone => latest(&Timeline::done),
        Stop::Answered(index) => latest(&|timeline| timeline.answered(index)),
        Stop::Closed(id) => latest(&|timeline| timeline.closed(id)),
        Stop::End => Some(show.end()),
        Stop::At(at) => Some(at),
    };
    at.or_else(|| latest(&Timeline::done)).unwrap_or(show.end()).min(show.end())
}
