//! The parameters of the two ends: product, version, settings.
use super::{Problem, UNSET};
use crate::profile::{Chosen, Product, Setting, product};
use crate::sim::{Scenario, run};

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
pub(super) fn set_product(scenario: &mut Scenario, part: Part, value: &str) -> Result<(), Problem> {
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

pub(super) fn set_setting(
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

/// `apache-httpd@2.4`
pub(super) fn write_product(chosen: &Chosen) -> String {
    if chosen.version.is_empty() {
        chosen.product.clone()
    } else {
        format!("{}@{}", chosen.product, chosen.version)
    }
}
