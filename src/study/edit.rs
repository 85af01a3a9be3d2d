//! Changes of a study. Each gives a new study and leaves the old one as it was.
use super::exchange::{self, Which};
use super::params::{self, ParamError, Part};
use super::{Pick, Study, Versus};
use crate::profile::{App, Chosen};
use crate::protocol::Request;
use crate::sim::{Planned, Start, Us};

impl Study {
    /// With one parameter of the link grammar set, in the scenario itself.
    ///
    /// # Errors
    /// If there is no such key or the value cannot be; the message names the bound.
    pub fn with(&self, key: &str, value: &str) -> Result<Self, ParamError> {
        let mut study = self.clone();
        params::set(&mut study.scenario, key, value)?;
        study.settle();
        Ok(study)
    }

    /// With one parameter of one run set: in the comparison's changes for the upper run, else in the
    /// scenario itself.
    ///
    /// # Errors
    /// As [`Study::with`].
    pub fn with_in(&self, run: usize, key: &str, value: &str) -> Result<Self, ParamError> {
        let Some(versus) = self.versus.as_ref().filter(|_| run == 0) else {
            return self.with(key, value);
        };
        let mut scenario = self.scenario_of(run);
        params::set(&mut scenario, key, value)?;
        let key = params::canonical(&scenario, key);
        let mut changes = versus.changes.clone();
        changes.retain(|(known, _)| *known != key);
        if params::get(&self.scenario, &key).as_deref() != Some(value) {
            changes.push((key, value.into()));
        }
        let mut study = self.clone();
        study.versus = Some(Versus { changes });
        Ok(study)
    }

    /// With another server, client or proxy (`none` takes it away): settings of the same name that the new product accepts stay,
    /// in the scenario and in the comparison.
    ///
    /// # Errors
    /// If the product or version is not known.
    pub fn with_product(&self, part: Part, id: &str, version: &str) -> Result<Self, ParamError> {
        let mut study = self.clone();
        let before = part.of(&self.scenario).settings.clone();
        let value = if version.is_empty() { id.to_owned() } else { format!("{id}@{version}") };
        params::set(&mut study.scenario, part.as_str(), &value)?;
        if part == Part::Proxy && study.scenario.proxy.is_none() {
            study.settle();
            return Ok(study);
        }
        let chosen = part.of_mut(&mut study.scenario);
        for (name, value) in before {
            let with: Chosen = chosen.clone().with(&name, &value);
            if params::check(part, &with).is_ok() {
                *chosen = with;
            }
        }
        study.settle();
        Ok(study)
    }

    /// With another exchange in the place of one.
    #[must_use]
    pub fn with_exchange(&self, index: usize, planned: Planned) -> Self {
        let mut study = self.clone();
        if let Some(slot) = study.scenario.exchanges.get_mut(index) {
            *slot = planned;
        }
        study.settle();
        study
    }

    /// With one more exchange at the end: like the last one, sent when that is over.
    #[must_use]
    pub fn add_exchange(&self) -> Self {
        let mut study = self.clone();
        let index = study.scenario.exchanges.len();
        let mut planned = exchange::fresh(index);
        if let Some(last) = study.scenario.exchanges.last() {
            planned = Planned { start: planned.start, pipeline: false, ..last.clone() };
        }
        if index < exchange::MOST {
            study.scenario.exchanges.push(planned);
        }
        study
    }

    /// Without an exchange. Those that waited for it wait for what it waited for.
    #[must_use]
    pub fn remove_exchange(&self, index: usize) -> Self {
        let mut study = self.clone();
        let exchanges = &mut study.scenario.exchanges;
        if index >= exchanges.len() {
            return study;
        }
        let gone = exchanges.remove(index).start;
        for planned in &mut exchanges[index..] {
            planned.start = match (planned.start, gone) {
                (Start::After { exchange, gap }, _) if exchange > index => {
                    Start::After { exchange: exchange - 1, gap }
                }
                (Start::After { exchange, gap }, Start::At(at)) if exchange == index => {
                    Start::At(at + gap)
                }
                (Start::After { exchange, gap }, Start::After { exchange: before, gap: more })
                    if exchange == index =>
                {
                    Start::After { exchange: before, gap: gap + more }
                }
                (start, _) => start,
            };
        }
        study.forget_exchanges(index);
        study.settle();
        study
    }

    /// With two neighbours exchanged: what was sent is sent in the other order, at the same times.
    #[must_use]
    pub fn swap_exchanges(&self, index: usize) -> Self {
        let mut study = self.clone();
        if let Some([first, second]) = study.scenario.exchanges.get_mut(index..index + 2) {
            std::mem::swap(first, second);
            std::mem::swap(&mut first.start, &mut second.start);
            study.forget_exchanges(index);
        }
        study.settle();
        study
    }

    /// Sends a request at this instant: the past stays as it was, the future is new.
    #[must_use]
    pub fn send_now(&self, at: Us, request: Request, body_bytes: u64, app: App) -> Self {
        let mut study = self.clone();
        let planned =
            Planned { start: Start::At(at), request, body_bytes, app, ..Planned::default() };
        if study.scenario.exchanges.len() < exchange::MOST {
            study.scenario.exchanges.push(planned);
        }
        // A run that had ended by then goes on.
        study.scenario.until = study.scenario.until.filter(|until| *until > at);
        study.at = Some(at);
        study
    }

    /// With a second run that differs in these parameters; none of them: without one.
    #[must_use]
    pub fn compared(&self, changes: Vec<(String, String)>) -> Self {
        let mut study = self.clone();
        study.versus = (!changes.is_empty()).then_some(Versus { changes });
        study.pick = None;
        study.settle();
        study
    }

    /// Drops changes of the comparison that mean nothing any more, and the comparison with the last.
    pub fn settle(&mut self) {
        let Some(versus) = &mut self.versus else { return };
        let (_, errors) = params::apply(&self.scenario, &versus.changes);
        versus.changes.retain(|(key, _)| !errors.iter().any(|error| error.key == *key));
        if versus.changes.is_empty() {
            self.versus = None;
            self.pick = self.pick.map(|pick| Pick { run: 0, ..pick });
        }
    }

    /// From this index on exchanges have other numbers: what named them by number is dropped.
    pub fn forget_exchanges(&mut self, from: usize) {
        let moved = |which: Which| matches!(which, Which::Range(_, to) if to >= from);
        if let Some(versus) = &mut self.versus {
            versus
                .changes
                .retain(|(key, _)| exchange::split_key(key).is_none_or(|(which, _)| !moved(which)));
        }
        let index = u32::try_from(from).unwrap_or(u32::MAX);
        self.pick = self.pick.filter(|pick| pick.key.exchange.is_none_or(|at| at < index));
    }
}
