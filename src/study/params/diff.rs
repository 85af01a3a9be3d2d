//! What differs between two scenarios, as parameters.
use super::{Part, UNSET, crowd, get, path, set_product, write_product};
use crate::profile::Chosen;
use crate::sim::Scenario;
use crate::study::exchange;

/// The changes that turn one scenario into the other, in the order of a link.
pub fn diff(base: &Scenario, other: &Scenario) -> Vec<(String, String)> {
    let mut changes = Vec::new();
    for part in Part::ALL {
        diff_product(part, part.of(base), part.of(other), &mut changes);
    }
    // What is there only together with something else is left out with it.
    let plain = path::NAMES.into_iter().chain(crowd::KEYS).chain(["until", "seed", "exchanges"]);
    let mut fresh = base.clone();
    if other.load.is_some() && base.load.is_none() {
        let arrivals = get(other, "load").unwrap_or_default();
        // A load that stands in a scenario can be written and read.
        let _ = crowd::set(&mut fresh, "load", &arrivals);
    }
    for key in plain {
        let Some(value) = get(other, key) else { continue };
        let before = get(if key == "load" { base } else { &fresh }, key);
        if before.as_ref() != Some(&value) {
            changes.push((key.into(), value));
        }
    }
    diff_proxy_path(base, other, &mut changes);
    diff_exchanges(base, other, &mut changes);
    changes
}

fn diff_proxy_path(base: &Scenario, other: &Scenario, changes: &mut Vec<(String, String)>) {
    let Some(proxy) = &other.proxy else { return };
    let mut fresh = base.clone();
    Part::Proxy.of_mut(&mut fresh);
    let before = fresh.proxy.map(|proxy| proxy.network).unwrap_or_default();
    for name in path::NAMES {
        let value = path::get(&proxy.network, name);
        if let Some(value) = value.filter(|value| path::get(&before, name).as_ref() != Some(value))
        {
            changes.push((format!("proxy.{name}"), value));
        }
    }
}

fn diff_product(part: Part, base: &Chosen, other: &Chosen, changes: &mut Vec<(String, String)>) {
    let name = part.as_str();
    let mut start = base.clone();
    if (&base.product, &base.version) != (&other.product, &other.version) {
        let value = write_product(other);
        let mut scenario = Scenario::default();
        if !base.product.is_empty() {
            *part.of_mut(&mut scenario) = base.clone();
        }
        if set_product(&mut scenario, part, &value).is_ok() {
            start = part.of(&scenario).clone();
        }
        changes.push((name.into(), value));
        if other.product.is_empty() {
            return;
        }
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
