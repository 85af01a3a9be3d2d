//! A study, run: with the names, the emphasis and the instant that its entry knows.
use super::{Stop, entry};
use crate::sim::{Timeline, Us};
use crate::study::{Focus, RUN_NAMES, Run, Show, Study};

impl Study {
    /// Runs it.
    pub fn show(&self) -> Show {
        let mut runs: Vec<Run> =
            (0..self.run_count()).map(|index| Run::new(self.scenario_of(index))).collect();
        if let [upper, lower] = runs.as_mut_slice() {
            (upper.name, lower.name) = (RUN_NAMES[0], RUN_NAMES[1]);
            super::labels::label(self, upper, lower);
        }
        let focus = focus(self);
        let mut show = Show { study: self.clone(), runs, focus, stop: Us::ZERO };
        show.stop = stop(&show, entry(&self.entry).map_or(Stop::SlowerDone, |entry| entry.stop));
        show
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
