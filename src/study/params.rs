//! The parameters of a scenario, each a key and a value: set one, read one, list what differs.
//! Links, the attributes of the element and the changes of a comparison all go through here.
mod crowd;
mod diff;
mod part;
mod path;

pub use diff::diff;
pub use part::{Part, check, find_setting};
pub use path::{BANDWIDTHS, LONGEST_RTT};

use super::exchange::{self, Change, MOST, Which, moment};
use super::text::write_time;
use crate::profile::product;
use crate::sim::Scenario;
use part::{set_product, set_setting, write_product};
use std::fmt;

/// Takes a setting back to its default.
pub const UNSET: &str = "unset";
/// Bytes that one link may write into exchanges: a hostile one could ask for a long header in each of
/// thousands, many times over.
const MOST_WRITTEN: usize = 32 << 20;
/// What a change costs beside the bytes of its value.
const CHANGE: usize = 64;

/// What is wrong with one parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such key.
    Unknown,
    /// The value cannot be: in words, with the bound.
    Wrong(String),
}

impl Problem {
    pub fn wrong(text: &str) -> Self {
        Self::Wrong(text.into())
    }
}

/// One parameter and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParamError {
    pub key: String,
    pub problem: Problem,
}

impl fmt::Display for ParamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.problem {
            Problem::Unknown => write!(f, "{}: no such parameter", self.key),
            Problem::Wrong(text) => write!(f, "{}: {text}", self.key),
        }
    }
}

/// Sets one parameter. On an error the scenario is as it was.
///
/// # Errors
/// If there is no such key, or the value cannot be.
pub fn set(scenario: &mut Scenario, key: &str, value: &str) -> Result<(), ParamError> {
    let mut budget = MOST_WRITTEN;
    set_within(scenario, key, value, &mut budget)
}

fn set_within(
    scenario: &mut Scenario,
    key: &str,
    value: &str,
    budget: &mut usize,
) -> Result<(), ParamError> {
    let done = match key {
        "server" => set_product(scenario, Part::Server, value),
        "client" => set_product(scenario, Part::Client, value),
        "proxy" => set_product(scenario, Part::Proxy, value),
        "until" if value == "end" => {
            scenario.until = None;
            Ok(())
        }
        "until" => moment(value).map(|until| scenario.until = Some(until)),
        "seed" => {
            let seed = value.parse().map(|seed| scenario.seed = seed);
            seed.map_err(|_| Problem::wrong("a whole number is wanted"))
        }
        "exchanges" => set_count(scenario, value),
        _ if path::NAMES.contains(&key) => path::set(&mut scenario.network, key, value),
        _ if crowd::KEYS.contains(&key) => crowd::set(scenario, key, value),
        _ => set_other(scenario, key, value, budget),
    };
    done.map_err(|problem| ParamError { key: key.into(), problem })
}

fn set_other(
    scenario: &mut Scenario,
    key: &str,
    value: &str,
    budget: &mut usize,
) -> Result<(), Problem> {
    if let Some((part, name)) = Part::split(key) {
        if part == Part::Proxy && path::NAMES.contains(&name) {
            let Some(proxy) = &mut scenario.proxy else {
                return Err(Problem::wrong(
                    "there is no proxy: give it a product with proxy first",
                ));
            };
            return path::set(&mut proxy.network, name, value);
        }
        return set_setting(scenario, part, name, value);
    }
    let Some((which, field)) = exchange::split_key(key) else { return Err(Problem::Unknown) };
    let change = Change::parse(field, value)?;
    let (from, to) = match (which, scenario.exchanges.len().checked_sub(1)) {
        (Which::All, None) => return Err(Problem::wrong("there is no exchange to change")),
        (Which::All, Some(last)) => (0, last),
        (Which::Range(from, to), _) => (from, to),
    };
    // The first of them has the fewest before it: what fits there fits everywhere.
    change.fits(from)?;
    let cost = (to - from + 1).saturating_mul(CHANGE + value.len());
    let Some(left) = budget.checked_sub(cost) else {
        return Err(Problem::wrong("too much for one link"));
    };
    *budget = left;
    grow(scenario, to + 1)?;
    for index in from..=to {
        change.make(&mut scenario.exchanges[index], index);
    }
    Ok(())
}

fn grow(scenario: &mut Scenario, count: usize) -> Result<(), Problem> {
    if count > MOST {
        return Err(Problem::Wrong(format!("at most {MOST} exchanges")));
    }
    for index in scenario.exchanges.len()..count {
        scenario.exchanges.push(exchange::fresh(index));
    }
    Ok(())
}

fn set_count(scenario: &mut Scenario, value: &str) -> Result<(), Problem> {
    let wanted = value.parse::<usize>().ok().filter(|count| *count <= MOST);
    let count = wanted
        .ok_or_else(|| Problem::Wrong(format!("a number of exchanges is wanted, 0 to {MOST}")))?;
    scenario.exchanges.truncate(count);
    grow(scenario, count)
}

/// The value of a parameter as [`set`] would take it. None for a key that means nothing here, a
/// setting that is not set, or several exchanges that differ.
pub fn get(scenario: &Scenario, key: &str) -> Option<String> {
    match key {
        "server" => Some(write_product(&scenario.server)),
        "client" => Some(write_product(&scenario.client)),
        "proxy" => Some(write_product(Part::Proxy.of(scenario))),
        "until" => Some(scenario.until.map_or_else(|| "end".into(), write_time)),
        "seed" => Some(scenario.seed.to_string()),
        "exchanges" => Some(scenario.exchanges.len().to_string()),
        _ if path::NAMES.contains(&key) => path::get(&scenario.network, key),
        _ if crowd::KEYS.contains(&key) => crowd::get(scenario, key),
        _ => get_other(scenario, key),
    }
}

fn get_other(scenario: &Scenario, key: &str) -> Option<String> {
    if let Some((part, name)) = Part::split(key) {
        if part == Part::Proxy && path::NAMES.contains(&name) {
            return path::get(&scenario.proxy.as_ref()?.network, name);
        }
        let chosen = part.of(scenario);
        let setting = find_setting(product(&chosen.product)?, name)?;
        return chosen.value(setting.name).map(Into::into);
    }
    let (which, field) = exchange::split_key(key)?;
    let (from, to) = match which {
        Which::All => (0, scenario.exchanges.len().checked_sub(1)?),
        Which::Range(from, to) => (from, to),
    };
    let mut values = (from..=to).map(|index| {
        scenario
            .exchanges
            .get(index)
            .and_then(|planned| exchange::read_field(planned, index, field))
    });
    let first = values.next()??;
    values.all(|value| value.as_ref() == Some(&first)).then_some(first)
}

/// The key as [`diff`] would write it: a setting by its own name.
pub fn canonical(scenario: &Scenario, key: &str) -> String {
    let setting = Part::split(key).and_then(|(part, name)| {
        let known = product(&part.of(scenario).product)?;
        Some(format!("{}.{}", part.as_str(), find_setting(known, name)?.name))
    });
    setting.unwrap_or_else(|| key.into())
}

/// The scenario with changes, and what was wrong with those that could not be made. The order does
/// not matter: products go first, then counts, then what holds for all exchanges, for several, for one.
pub fn apply<K: AsRef<str>, V: AsRef<str>>(
    scenario: &Scenario,
    changes: &[(K, V)],
) -> (Scenario, Vec<ParamError>) {
    let mut scenario = scenario.clone();
    let mut errors = Vec::new();
    let mut budget = MOST_WRITTEN;
    let mut order: Vec<(usize, &str, &str)> = changes
        .iter()
        .map(|(key, value)| (rank(key.as_ref()), key.as_ref(), value.as_ref()))
        .collect();
    crate::order::sort(&mut order, |(rank, ..)| (*rank as u64, 0));
    // Exchanges that are named exist before anything is said about all of them.
    let ends = order.iter().filter_map(|(_, key, _)| match exchange::split_key(key) {
        Some((Which::Range(_, to), _)) if to < MOST => Some(to + 1),
        _ => None,
    });
    let named = ends.max().unwrap_or(0);
    let mut grown = false;
    for (rank, key, value) in order {
        if rank > RANK_COUNT && !grown {
            grown = true;
            // Within the bound: checked above.
            let _ = grow(&mut scenario, named);
        }
        if let Err(error) = set_within(&mut scenario, key, value, &mut budget) {
            errors.push(error);
        }
    }
    (scenario, errors)
}

const RANK_COUNT: usize = 2;

/// Later ones overrule earlier ones.
fn rank(key: &str) -> usize {
    match key {
        "server" | "client" | "proxy" | "load" => 0,
        "exchanges" => RANK_COUNT,
        _ => match exchange::split_key(key) {
            None => 1,
            Some((Which::All, field)) => 3 + usize::from(!field.is_empty()),
            Some((Which::Range(from, to), field)) => {
                let narrow = MOST.saturating_sub(to - from) * 2;
                5 + narrow + usize::from(!field.is_empty())
            }
        },
    }
}
