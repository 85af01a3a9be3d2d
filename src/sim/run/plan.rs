//! The wishes of a scenario, put into the queue before the run.
use super::{Engine, Exchange, Happening, NONE, Random, Start};
use crate::protocol::Request;
use crate::sim::{Arrivals, Fault, Planned, Scenario, ScenarioError, Service};
use crate::time::Us;
use std::rc::Rc;

/// What a run needs of its scenario, beside the products.
pub(super) fn check(scenario: &Scenario) -> Result<(), ScenarioError> {
    let within = |at: &str, value: u32, most: u32| {
        let problem = || format!("{value} is not between 1 and {most}");
        (1..=most).contains(&value).then_some(()).ok_or_else(|| ScenarioError::new(at, problem()))
    };
    within("clients", scenario.clients, Scenario::MOST_CLIENTS)?;
    within("origins", scenario.origins, Scenario::MOST_ORIGINS)?;
    // Counted in 64 bits: where addresses have 32, the product of the two may not fit.
    let rounds = scenario.load.as_ref().map_or(1, |load| u64::from(load.count));
    let count = rounds.saturating_mul(scenario.exchanges.len() as u64);
    if count > Scenario::MOST_EXCHANGES as u64 {
        let problem = format!(
            "{count} exchanges are more than a run can hold ({})",
            Scenario::MOST_EXCHANGES
        );
        return Err(ScenarioError::new("exchanges", problem));
    }
    let gaps = scenario.load.as_ref().and_then(|load| match &load.arrivals {
        Arrivals::Gaps(gaps) => Some(gaps),
        Arrivals::Every(_) | Arrivals::Poisson(_) => None,
    });
    if gaps.is_some_and(|gaps| gaps.is_empty() || gaps.windows(2).any(|two| two[0] > two[1])) {
        let problem = "the quantiles of the gaps have to rise, and there has to be one";
        return Err(ScenarioError::new("load", problem));
    }
    Ok(())
}

/// Servers that a run has behind its last name.
pub(super) fn hosts(scenario: &Scenario) -> u32 {
    let moves = |fault: &&Fault| matches!(fault, Fault::AddressChange { .. });
    let moves = scenario.faults.iter().filter(moves).count();
    scenario.origins.max(1) + u32::try_from(moves).unwrap_or(0)
}

/// When the next round of a load comes, after the one before.
fn gap(arrivals: &Arrivals, random: &mut Random) -> Us {
    match arrivals {
        Arrivals::Every(gap) => *gap,
        Arrivals::Poisson(mean) => random.exponential(*mean),
        Arrivals::Gaps(quantiles) => random.quantile(quantiles),
    }
}

impl Engine<'_> {
    /// Puts the wishes of the scenario into the queue.
    pub(super) fn plan(&mut self) -> Result<(), ScenarioError> {
        for (index, fault) in (0..).zip(&self.scenario.faults) {
            let (Fault::Restart { at, .. } | Fault::AddressChange { at }) = *fault;
            self.queue.put(at, Happening::Fault { index });
        }
        let length = self.scenario.exchanges.len();
        if length == 0 {
            return Ok(());
        }
        let requests = self.requests()?;
        let mut follows = false;
        let mut base = Us::ZERO;
        for index in 0..self.count {
            let (round, place) = match &self.scenario.load {
                Some(_) => (index / length, index % length),
                None => (index, index),
            };
            if let (Some(load), 0) = (&self.scenario.load, place)
                && index > 0
            {
                base += gap(&load.arrivals, &mut self.random);
            }
            let number = u32::try_from(index).unwrap_or(NONE);
            let client = u32::try_from(round).unwrap_or(0) % self.scenario.clients;
            self.exchanges.push(Exchange::planned(Rc::clone(&requests[place]), client));
            match self.scenario.exchanges[place].start {
                Start::At(at) => self.queue.put(base + at, Happening::Want { exchange: number }),
                Start::After { .. } => follows = true,
            }
        }
        if follows {
            self.link_followers(length);
        }
        self.draw_works();
        if self.hops.len() > 1 {
            self.exchanges.extend_from_within(..);
            self.forwarded = vec![None; length];
        }
        Ok(())
    }

    /// Each request of the pattern as this client sends it. Most scenarios repeat a request: one
    /// copy serves neighbours that are alike.
    fn requests(&self) -> Result<Vec<Rc<Request>>, ScenarioError> {
        let planned = &self.scenario.exchanges;
        let mut requests: Vec<Rc<Request>> = Vec::with_capacity(planned.len());
        let mut last: Option<&Planned> = None;
        for (index, exchange) in planned.iter().enumerate() {
            if matches!(exchange.start, Start::After { exchange: before, .. } if before >= index) {
                let problem = "can only follow an exchange that stands before it";
                return Err(ScenarioError::new(format!("exchanges[{index}].start"), problem));
            }
            let alike = last.is_some_and(|last| {
                last.request == exchange.request && last.body_bytes == exchange.body_bytes
            });
            let request = match requests.last() {
                Some(sent) if alike => Rc::clone(sent),
                _ => {
                    let client = &self.hops[0].client;
                    let sent = client.rewrite_with_body(&exchange.request, exchange.body_bytes);
                    Rc::new(sent.unwrap_or_else(|| exchange.request.clone()))
                }
            };
            requests.push(request);
            last = Some(exchange);
        }
        Ok(requests)
    }

    /// Each list in the order of the scenario.
    fn link_followers(&mut self, length: usize) {
        self.first_follower = vec![NONE; self.count];
        self.next_follower = vec![NONE; self.count];
        for index in (0..self.count).rev() {
            let place = index % length;
            if let Start::After { exchange: before, .. } = self.scenario.exchanges[place].start {
                let before = index - place + before;
                let number = u32::try_from(index).unwrap_or(NONE);
                let first = std::mem::replace(&mut self.first_follower[before], number);
                self.next_follower[index] = first;
            }
        }
    }

    fn draw_works(&mut self) {
        let drawn = self.scenario.load.as_ref().map(|load| load.service);
        if drawn != Some(Service::Exponential) {
            return;
        }
        let mut works = Vec::with_capacity(self.count);
        for exchange in 0..self.count {
            let mean = self.planned(u32::try_from(exchange).unwrap_or(0)).app.after;
            works.push(self.random.exponential(mean));
        }
        self.works = works;
    }

    /// How long the application works on an exchange.
    pub(super) fn work_of(&self, exchange: u32) -> Us {
        match self.works.get(self.plain(exchange) as usize) {
            Some(work) => *work,
            None => self.planned(exchange).app.after,
        }
    }
}
