//! Edits of the list of exchanges: plain functions on plain data.
use crate::protocol::{Field, Headers};
use crate::sim::{Planned, Scenario, Start, Us};
use std::ops::RangeInclusive;

/// Neighbours that differ in nothing but target and body are listed as one line from this many on.
const GROUP_FROM: usize = 3;

/// Exchanges that are listed as one line: indices of the first and the last.
pub type Group = RangeInclusive<usize>;

/// Splits the list into lines of the composer.
pub fn groups(exchanges: &[Planned]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut from = 0;
    while from < exchanges.len() {
        let alike = exchanges[from + 1..]
            .iter()
            .enumerate()
            .take_while(|(offset, other)| alike(&exchanges[from], other, from, from + 1 + offset))
            .count();
        if alike + 1 >= GROUP_FROM {
            groups.push(from..=from + alike);
            from += alike + 1;
        } else {
            groups.push(from..=from);
            from += 1;
        }
    }
    groups
}

/// Do two exchanges differ in nothing but target, body and answer size?
fn alike(one: &Planned, other: &Planned, index: usize, other_index: usize) -> bool {
    let start = match (one.start, other.start) {
        (Start::After { exchange: a, gap: x }, Start::After { exchange: b, gap: y }) => {
            x == y && (a == b || a + 1 == index && b + 1 == other_index)
        }
        (Start::At(a), Start::At(b)) => a == b,
        _ => false,
    };
    start
        && one.request.method == other.request.method
        && one.request.version == other.request.version
        && one.request.headers == other.request.headers
        && one.pipeline == other.pipeline
        && one.trailing_crlf == other.trailing_crlf
        && one.app.status == other.app.status
        && std::mem::discriminant(&one.app.content) == std::mem::discriminant(&other.app.content)
}

/// Puts an exchange behind another one, and mends whatever waits for a later one.
pub fn insert(scenario: &mut Scenario, at: usize, planned: Planned) {
    let at = at.min(scenario.exchanges.len());
    shift(&mut scenario.exchanges, |exchange| exchange + usize::from(exchange >= at));
    scenario.exchanges.insert(at, planned);
    mend(&mut scenario.exchanges);
}

/// Takes exchanges out. What waited for one of them waits for the one before it.
pub fn remove(scenario: &mut Scenario, group: &Group) {
    let (from, to) = (*group.start(), *group.end());
    if to >= scenario.exchanges.len() {
        return;
    }
    let count = to - from + 1;
    scenario.exchanges.drain(from..=to);
    shift(&mut scenario.exchanges, |exchange| match exchange {
        later if later > to => later - count,
        gone if gone >= from => from.saturating_sub(1),
        earlier => earlier,
    });
    mend(&mut scenario.exchanges);
}

/// So many more exchanges like this one, each sent when the one before it is over.
pub fn repeat(scenario: &mut Scenario, index: usize, more: usize) {
    let Some(model) = scenario.exchanges.get(index).cloned() else { return };
    shift(&mut scenario.exchanges, |exchange| exchange + if exchange > index { more } else { 0 });
    let copies = (0..more).map(|copy| Planned {
        start: Start::After { exchange: index + copy, gap: gap(model.start) },
        ..model.clone()
    });
    scenario.exchanges.splice(index + 1..index + 1, copies);
    mend(&mut scenario.exchanges);
}

fn gap(start: Start) -> Us {
    match start {
        Start::At(_) => Us::ZERO,
        Start::After { gap, .. } => gap,
    }
}

fn shift(exchanges: &mut [Planned], moved: impl Fn(usize) -> usize) {
    for planned in exchanges {
        if let Start::After { exchange, .. } = &mut planned.start {
            *exchange = moved(*exchange);
        }
    }
}

/// An exchange can only wait for one that stands before it; the first waits for none.
fn mend(exchanges: &mut [Planned]) {
    for (index, planned) in exchanges.iter_mut().enumerate() {
        if let Start::After { exchange, gap } = planned.start
            && exchange >= index
        {
            planned.start = match index.checked_sub(1) {
                Some(exchange) => Start::After { exchange, gap },
                None => Start::At(gap),
            };
        }
    }
}

/// Which of an exchange's two lists of fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    Request,
    /// Those that the application sets itself.
    Answer,
}

impl Heads {
    pub fn of(self, planned: &Planned) -> &Headers {
        match self {
            Self::Request => &planned.request.headers,
            Self::Answer => &planned.app.headers,
        }
    }

    pub fn of_mut(self, planned: &mut Planned) -> &mut Headers {
        match self {
            Self::Request => &mut planned.request.headers,
            Self::Answer => &mut planned.app.headers,
        }
    }
}

/// One change to a list of fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadEdit {
    /// Adds a field at the end.
    Add(String, String),
    /// Adds a field that stands there once; takes it away if it stands there just so.
    Toggle(&'static str, String),
    /// Puts a field in the place of the one with this index.
    Change(usize, Field),
    Remove(usize),
    /// Lets a field and the one before it change places.
    Up(usize),
}

impl HeadEdit {
    pub fn make(&self, headers: &mut Headers) {
        match self {
            Self::Add(name, value) => headers.push(name.as_str(), value.as_str()),
            Self::Toggle(name, value) => {
                let stood = has(headers, name, value);
                headers.remove(name);
                if !stood {
                    headers.push(*name, value.as_str());
                }
            }
            Self::Change(index, field) => {
                if let Some(slot) = headers.0.get_mut(*index) {
                    *slot = field.clone();
                }
            }
            Self::Remove(index) => {
                if *index < headers.0.len() {
                    headers.0.remove(*index);
                }
            }
            Self::Up(index) => {
                if *index > 0 && *index < headers.0.len() {
                    headers.0.swap(*index - 1, *index);
                }
            }
        }
    }
}

/// Does the field stand there with this value?
pub fn has(headers: &Headers, name: &str, value: &str) -> bool {
    headers.all(name).any(|known| known.eq_ignore_ascii_case(value))
}
