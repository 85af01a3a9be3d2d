//! The parameters of a scenario, each a key and a value: set one, read one, list what differs.
//! Links, the attributes of the element and the changes of a comparison all go through here.
use super::exchange::{self, Change, MOST, Which, moment};
use super::text::{read_bandwidth, write_bandwidth, write_time};
use crate::profile::{Chosen, Product, Setting, product};
use crate::sim::{Scenario, Tls, Us, run};
use std::fmt;

/// Takes a setting back to its default.
pub const UNSET: &str = "unset";
/// The greatest round-trip time.
pub const LONGEST_RTT: Us = Us::from_secs(60);
/// Bits per second.
pub const BANDWIDTHS: std::ops::RangeInclusive<u64> = 1_000..=1_000_000_000_000;
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
        "rtt" => moment(value).and_then(|rtt| {
            let fits = rtt <= LONGEST_RTT;
            fits.then(|| scenario.network.rtt = rtt).ok_or_else(|| Problem::wrong("at most 60s"))
        }),
        "tls" => Tls::parse(value)
            .map(|tls| scenario.network.tls = tls)
            .ok_or_else(|| Problem::wrong("none, 1.2 or 1.3 is wanted")),
        "bandwidth" => read_bandwidth(value)
            .filter(|bps| bps.is_none_or(|bps| BANDWIDTHS.contains(&bps)))
            .map(|bps| scenario.network.bandwidth_bps = bps)
            .ok_or_else(|| {
                Problem::wrong("bits per second are wanted, 1kbit to 1000Gbit, or none")
            }),
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

/// One of the two ends, as keys name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Server,
    Client,
}

impl Part {
    pub const BOTH: [Self; 2] = [Self::Server, Self::Client];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
        }
    }

    /// Splits `server.KeepAlive`.
    pub fn split(key: &str) -> Option<(Self, &str)> {
        let (part, name) = key.split_once('.')?;
        Self::BOTH.into_iter().find(|known| known.as_str() == part).map(|part| (part, name))
    }

    pub const fn of(self, scenario: &Scenario) -> &Chosen {
        match self {
            Self::Server => &scenario.server,
            Self::Client => &scenario.client,
        }
    }

    pub const fn of_mut(self, scenario: &mut Scenario) -> &mut Chosen {
        match self {
            Self::Server => &mut scenario.server,
            Self::Client => &mut scenario.client,
        }
    }
}

/// Another product begins without settings; another version of the same one keeps those it knows.
fn set_product(scenario: &mut Scenario, part: Part, value: &str) -> Result<(), Problem> {
    let (id, version) = value.split_once('@').unwrap_or((value, ""));
    let is_part = |known: &&Product| known.is_server() == (part == Part::Server);
    let Some(known) = product(id).filter(is_part) else {
        return Err(Problem::Wrong(format!("no {} called {id:?} is known here", part.as_str())));
    };
    let mut chosen = Chosen::new(known.id, version);
    check(part, &chosen)?;
    if part.of(scenario).product == id {
        for (name, value) in &part.of(scenario).settings {
            let with = chosen.clone().with(name, value);
            if check(part, &with).is_ok() {
                chosen = with;
            }
        }
    }
    *part.of_mut(scenario) = chosen;
    Ok(())
}

fn set_setting(
    scenario: &mut Scenario,
    part: Part,
    name: &str,
    value: &str,
) -> Result<(), Problem> {
    let chosen = part.of_mut(scenario);
    let Some(known) = product(&chosen.product) else {
        return Err(Problem::Wrong(format!("the product {:?} is not known here", chosen.product)));
    };
    let Some(setting) = find_setting(known, name) else {
        return Err(Problem::Wrong(format!("{} has no such setting", known.name)));
    };
    let mut with = chosen.clone();
    if value == UNSET {
        with.unset(setting.name);
    } else {
        with.set(setting.name, value);
        check(part, &with)?;
    }
    *chosen = with;
    Ok(())
}

/// The setting with this name. Attributes of an element lose their capitals and cannot hold spaces:
/// if nothing fits exactly, case is ignored, and `_` and `-` stand for a space.
pub fn find_setting(product: &'static Product, name: &str) -> Option<&'static Setting> {
    let exact = product.settings.iter().find(|setting| setting.name == name);
    let plain = |text: &str| text.to_ascii_lowercase().replace([' ', '_'], "-");
    exact.or_else(|| {
        let wanted = plain(name);
        let mut fitting = product.settings.iter().filter(|setting| plain(setting.name) == wanted);
        fitting.next().filter(|_| fitting.next().is_none())
    })
}

/// Lets the product look at its settings.
///
/// # Errors
/// In the product's words, with the bound.
pub fn check(part: Part, chosen: &Chosen) -> Result<(), Problem> {
    let mut empty = Scenario::default();
    *part.of_mut(&mut empty) = chosen.clone();
    run(&empty).map(|_| ()).map_err(|error| Problem::Wrong(error.problem))
}

/// The value of a parameter as [`set`] would take it. None for a key that means nothing here, a
/// setting that is not set, or several exchanges that differ.
pub fn get(scenario: &Scenario, key: &str) -> Option<String> {
    match key {
        "server" => Some(write_product(&scenario.server)),
        "client" => Some(write_product(&scenario.client)),
        "rtt" => Some(write_time(scenario.network.rtt)),
        "tls" => Some(scenario.network.tls.as_str().into()),
        "bandwidth" => Some(write_bandwidth(scenario.network.bandwidth_bps)),
        "until" => Some(scenario.until.map_or_else(|| "end".into(), write_time)),
        "seed" => Some(scenario.seed.to_string()),
        "exchanges" => Some(scenario.exchanges.len().to_string()),
        _ => get_other(scenario, key),
    }
}

fn get_other(scenario: &Scenario, key: &str) -> Option<String> {
    if let Some((part, name)) = Part::split(key) {
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

fn write_product(chosen: &Chosen) -> String {
    if chosen.version.is_empty() {
        chosen.product.clone()
    } else {
        format!("{}@{}", chosen.product, chosen.version)
    }
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
    order.sort_by_key(|(rank, ..)| *rank);
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
        "server" | "client" => 0,
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

/// The changes that turn one scenario into the other, in the order of a link.
pub fn diff(base: &Scenario, other: &Scenario) -> Vec<(String, String)> {
    let mut changes = Vec::new();
    for part in Part::BOTH {
        diff_product(part, part.of(base), part.of(other), &mut changes);
    }
    for key in ["rtt", "tls", "bandwidth", "until", "seed", "exchanges"] {
        let value = get(other, key).unwrap_or_default();
        if get(base, key).as_ref() != Some(&value) {
            changes.push((key.into(), value));
        }
    }
    diff_exchanges(base, other, &mut changes);
    changes
}

fn diff_product(part: Part, base: &Chosen, other: &Chosen, changes: &mut Vec<(String, String)>) {
    let name = part.as_str();
    let mut start = base.clone();
    if (&base.product, &base.version) != (&other.product, &other.version) {
        let value = write_product(other);
        let mut scenario = Scenario::default();
        *part.of_mut(&mut scenario) = base.clone();
        if set_product(&mut scenario, part, &value).is_ok() {
            start = part.of(&scenario).clone();
        }
        changes.push((name.into(), value));
    }
    for (key, value) in &other.settings {
        if start.value(key) != Some(value) {
            changes.push((format!("{name}.{key}"), value.clone()));
        }
    }
    for (key, _) in start.settings.iter().filter(|(key, _)| other.value(key).is_none()) {
        changes.push((format!("{name}.{key}"), UNSET.into()));
    }
}

/// Neighbours that take the same new value share a key.
fn diff_exchanges(base: &Scenario, other: &Scenario, changes: &mut Vec<(String, String)>) {
    let mut runs: [Vec<(usize, usize, String)>; exchange::FIELDS.len()] = Default::default();
    let mut fresh = exchange::fresh(0);
    for (index, planned) in other.exchanges.iter().enumerate() {
        let before = base.exchanges.get(index).unwrap_or_else(|| {
            fresh.start = exchange::fresh_start(index);
            &fresh
        });
        // Most are as they were; texts are made only of what differs.
        if planned == before {
            continue;
        }
        for (field, runs) in exchange::FIELDS.into_iter().zip(&mut runs) {
            let now = exchange::read_field(planned, index, field);
            let changed =
                now.filter(|now| exchange::read_field(before, index, field).as_ref() != Some(now));
            match (changed, runs.last_mut()) {
                (None, _) => {}
                (Some(now), Some((_, to, value))) if *value == now && *to + 1 == index => {
                    *to = index;
                }
                (Some(now), _) => runs.push((index, index, now)),
            }
        }
    }
    let last = other.exchanges.len().saturating_sub(1);
    for (field, runs) in exchange::FIELDS.into_iter().zip(runs) {
        for (from, to, value) in runs {
            let all = from == 0 && to == last && last > 0;
            let key = if all { format!("x.{field}") } else { exchange::write_key(from, to, field) };
            changes.push((key, value));
        }
    }
}
