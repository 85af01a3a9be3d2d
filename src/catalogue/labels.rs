//! What the two runs of a comparison are called: by the catalogue while its comparison stands
//! untouched, else by what sets them apart, in the product's own words.
use super::entry;
use crate::profile::{Chosen, Config, Content, product};
use crate::protocol::Headers;
use crate::sim::{Planned, Scenario};
use crate::study::exchange::{self, Which};
use crate::study::params::Part;
use crate::study::{Run, Study, text};

/// At most so many differences are named.
const MOST: usize = 3;

/// Names both runs; the upper one is the second run of the study.
pub(super) fn label(study: &Study, upper: &mut Run, lower: &mut Run) {
    upper.apart = apart(study, &upper.scenario, &lower.scenario);
    lower.apart = apart(study, &lower.scenario, &upper.scenario);
    let base = super::study(&study.entry);
    let own = entry(&study.entry).and_then(|entry| entry.labels).filter(|_| {
        base.versus == study.versus && base.scenario.server.product == study.scenario.server.product
    });
    for (index, run) in [upper, lower].into_iter().enumerate() {
        match own {
            Some(labels) => run.label = labels[index].into(),
            None => run.label = std::mem::take(&mut run.apart),
        }
    }
}

/// What a run has that the other has not, by the parameters in which they differ.
fn apart(study: &Study, run: &Scenario, other: &Scenario) -> String {
    let changes = study.versus.iter().flat_map(|versus| &versus.changes);
    let mut parts: Vec<String> = Vec::new();
    for (key, _) in changes {
        let part = describe(key, run, other);
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.truncate(MOST);
    parts.join(", ")
}

fn describe(key: &str, run: &Scenario, other: &Scenario) -> String {
    let part = Part::ALL.into_iter().find(|part| key == part.as_str());
    if let Some(part) = part {
        return product_name(part.of(run), part.of(other));
    }
    if let Some((part, name)) = Part::split(key) {
        return setting(part.of(run), part.of(other), name);
    }
    match key {
        "rtt" => format!("{} round trip", run.network.rtt),
        "tls" if run.network.tls.round_trips() == 0 => "no TLS".into(),
        "tls" => format!("TLS {}", run.network.tls.as_str()),
        "bandwidth" => bandwidth(run.network.bandwidth_bps),
        "exchanges" => format!("{} requests", run.exchanges.len()),
        _ => match exchange::split_key(key) {
            Some((which, field)) => exchanges(which, field, run, other),
            None => String::new(),
        },
    }
}

/// `nginx`; with the version where that is the difference.
fn product_name(chosen: &Chosen, other: &Chosen) -> String {
    let name = product(&chosen.product).map_or(chosen.product.as_str(), |product| product.name);
    if chosen.product == other.product && chosen.version != other.version {
        format!("{name} {}", chosen.version)
    } else {
        name.into()
    }
}

/// `KeepAlive Off`: the value that holds, set or not. Beside another product, which is named already,
/// only what is set.
fn setting(chosen: &Chosen, other: &Chosen, name: &str) -> String {
    match Config::parse(chosen) {
        Ok(config) if chosen.product == other.product || config.is_set(name) => {
            format!("{name} {}", config.text(name)).trim_end().into()
        }
        _ => String::new(),
    }
}

/// `20 Mbit/s`
fn bandwidth(bps: Option<u64>) -> String {
    let text = text::write_bandwidth(bps);
    match text.find(|c: char| c.is_ascii_alphabetic()) {
        Some(0) => "bytes take no time".into(),
        Some(unit) => format!("{}\u{a0}{}/s", &text[..unit], &text[unit..]),
        None => format!("{text}\u{a0}bit/s"),
    }
}

/// What the first of the named exchanges has that its counterpart has not.
fn exchanges(which: Which, field: &str, run: &Scenario, other: &Scenario) -> String {
    let first = match which {
        Which::All => 0,
        Which::Range(from, _) => from,
    };
    let (Some(planned), theirs) = (run.exchanges.get(first), other.exchanges.get(first)) else {
        return String::new();
    };
    match field {
        "headers" => header(planned, theirs),
        "version" => planned.request.version.to_string(),
        "content" => match planned.app.content {
            Content::Known(bytes) => format!("{bytes} bytes"),
            Content::Streamed(bytes) => format!("{bytes} bytes, length not known"),
            Content::Empty => "no body".into(),
        },
        "crlf" if planned.trailing_crlf => "CR LF after the body".into(),
        "crlf" => "nothing after the body".into(),
        "" | "method" | "target" => {
            format!("{} {}", planned.request.method, planned.request.target)
        }
        _ => exchange::read_field(planned, first, field)
            .map_or_else(String::new, |value| format!("{field} {value}")),
    }
}

/// The lines that only one has: `Connection: close`, or `no Connection`.
fn header(planned: &Planned, theirs: Option<&Planned>) -> String {
    let none = Headers::new();
    let theirs = theirs.map_or(&none, |planned| &planned.request.headers);
    let own = planned.request.headers.iter().find(|field| !theirs.0.contains(field));
    match (own, theirs.iter().find(|field| !planned.request.headers.0.contains(field))) {
        (Some(field), _) => format!("{}: {}", field.name, field.value),
        (None, Some(field)) => format!("no {}", field.name),
        (None, None) => String::new(),
    }
}
