//! The parameters of the two ends: product, version, settings.
use super::{Problem, UNSET};
use crate::profile::{Chosen, Product, Setting, product};
use crate::sim::{Network, Proxy, Scenario, Us, run};

/// Who takes part, as keys name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Server,
    Client,
    Proxy,
}

/// What stands in the place of a proxy where there is none.
static NO_PROXY: Chosen =
    Chosen { product: String::new(), version: String::new(), settings: Vec::new() };

/// The value of `proxy` that takes it away.
const NONE: &str = "none";

impl Part {
    pub const ALL: [Self; 3] = [Self::Server, Self::Client, Self::Proxy];

    /// Who takes part in this scenario.
    pub fn of_scenario(scenario: &Scenario) -> &'static [Self] {
        if scenario.proxy.is_some() { &Self::ALL } else { &Self::ALL[..2] }
    }

    /// Is it a server's product, or a client's?
    pub const fn serves(self) -> bool {
        !matches!(self, Self::Client)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Proxy => "proxy",
        }
    }

    /// Splits `server.KeepAlive`.
    pub fn split(key: &str) -> Option<(Self, &str)> {
        let (part, name) = key.split_once('.')?;
        Self::ALL.into_iter().find(|known| known.as_str() == part).map(|part| (part, name))
    }

    /// Without a proxy its part has an empty product.
    pub fn of(self, scenario: &Scenario) -> &Chosen {
        match self {
            Self::Server => &scenario.server,
            Self::Client => &scenario.client,
            Self::Proxy => scenario.proxy.as_ref().map_or(&NO_PROXY, |proxy| &proxy.chosen),
        }
    }

    /// A proxy that is not there is put there, close to the server.
    pub fn of_mut(self, scenario: &mut Scenario) -> &mut Chosen {
        match self {
            Self::Server => &mut scenario.server,
            Self::Client => &mut scenario.client,
            Self::Proxy => &mut scenario.proxy.get_or_insert_with(near).chosen,
        }
    }
}

fn near() -> Proxy {
    let network = Network { rtt: Us::from_ms(2), ..Network::PLAIN };
    Proxy { chosen: NO_PROXY.clone(), network }
}

/// Another product begins without settings; another version of the same one keeps those it knows.
pub(super) fn set_product(scenario: &mut Scenario, part: Part, value: &str) -> Result<(), Problem> {
    if part == Part::Proxy && value == NONE {
        scenario.proxy = None;
        return Ok(());
    }
    let (id, version) = value.split_once('@').unwrap_or((value, ""));
    let is_part = |known: &&Product| known.is_server() == part.serves();
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
    let chosen = part.of(scenario);
    let Some(known) = product(&chosen.product) else {
        if part == Part::Proxy && chosen.product.is_empty() {
            return Err(Problem::wrong("there is no proxy: give it a product with proxy first"));
        }
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
    *part.of_mut(scenario) = with;
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
    if chosen.product.is_empty() {
        NONE.into()
    } else if chosen.version.is_empty() {
        chosen.product.clone()
    } else {
        format!("{}@{}", chosen.product, chosen.version)
    }
}
