//! A chosen product with its settings: the text a user or a link brings, and its parsed form.
use super::{Cited, Kind, Product, Setting, product};
use crate::time::Us;
use std::fmt;

/// A product, a version and settings, as text: plain data, may be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Chosen {
    pub product: String,
    /// Empty: the newest known.
    pub version: String,
    /// Name and value, as the product's documentation writes them. Unset means the default.
    pub settings: Vec<(String, String)>,
}

impl Chosen {
    pub fn new(product: &str, version: &str) -> Self {
        Self { product: product.into(), version: version.into(), settings: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.set(name, value);
        self
    }

    pub fn set(&mut self, name: &str, value: &str) {
        match self.settings.iter_mut().find(|(known, _)| known == name) {
            Some((_, slot)) => *slot = value.into(),
            None => self.settings.push((name.into(), value.into())),
        }
    }

    pub fn unset(&mut self, name: &str) {
        self.settings.retain(|(known, _)| known != name);
    }

    pub fn value(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A product and version that exist, with settings that exist: values are read through the getters,
/// which parse them by the setting's kind.
pub struct Config {
    pub product: &'static Product,
    /// Index into the product's versions.
    pub version: usize,
    /// The version as asked for (`2.4.62`); the id of the version when nothing was asked.
    pub version_text: String,
    settings: Vec<(String, String)>,
}

/// What is wrong with a choice. The message names what and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The setting, or `product`, or `version`.
    pub at: String,
    pub problem: String,
}

impl ConfigError {
    pub fn new(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { at: at.into(), problem: problem.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

impl Config {
    /// Resolves names; values are checked too, so that a wrong one is reported even if unused.
    pub fn parse(chosen: &Chosen) -> Result<Self, ConfigError> {
        let product = product(&chosen.product).ok_or_else(|| {
            ConfigError::new("product", format!("no product {:?} is known here", chosen.product))
        })?;
        let version = resolve_version(product, &chosen.version)?;
        let version_text = if chosen.version.is_empty() {
            product.versions[version].id.to_owned()
        } else {
            chosen.version.clone()
        };
        let config = Self { product, version, version_text, settings: chosen.settings.clone() };
        for (name, value) in &config.settings {
            let setting = config.setting(name)?;
            check(setting, value)?;
        }
        Ok(config)
    }

    /// The version's id.
    pub fn version_id(&self) -> &'static str {
        self.product.versions[self.version].id
    }

    /// The setting with this name, if the chosen version has it.
    pub fn setting(&self, name: &str) -> Result<&'static Setting, ConfigError> {
        let setting =
            self.product.settings.iter().find(|setting| setting.name == name).ok_or_else(|| {
                ConfigError::new(name, format!("{} has no such setting", self.product.name))
            })?;
        if setting.versions.is_empty() || setting.versions.contains(&self.version_id()) {
            Ok(setting)
        } else {
            let text = format!("{} {} does not have it", self.product.name, self.version_text);
            Err(ConfigError::new(name, text))
        }
    }

    /// The default that holds for the chosen version.
    pub fn default_of(&self, setting: &'static Setting) -> &'static Cited {
        let index = |id: &str| self.product.versions.iter().position(|v| v.id == id).unwrap_or(0);
        setting
            .defaults
            .iter()
            .rev()
            .find(|cited| cited.since.is_empty() || index(cited.since) <= self.version)
            .unwrap_or(&setting.defaults[0])
    }

    /// The text set for this name, or the default of the version. Empty for a name that is not in the table.
    pub fn text(&self, name: &str) -> &str {
        if let Some((_, value)) = self.settings.iter().find(|(known, _)| known == name) {
            return value;
        }
        self.product
            .settings
            .iter()
            .find(|setting| setting.name == name)
            .map_or("", |setting| self.default_of(setting).value)
    }

    /// The names of what is set, in the order in which it is set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.settings.iter().map(|(name, _)| name.as_str())
    }

    pub fn is_set(&self, name: &str) -> bool {
        self.settings.iter().any(|(known, _)| known == name)
    }

    pub fn flag(&self, name: &str) -> bool {
        match self.product.settings.iter().find(|setting| setting.name == name) {
            Some(Setting { kind: Kind::Flag { on, .. }, .. }) => {
                self.text(name).eq_ignore_ascii_case(on)
            }
            _ => false,
        }
    }

    pub fn number(&self, name: &str) -> i64 {
        self.text(name).trim().parse().unwrap_or(0)
    }

    pub fn time(&self, name: &str) -> Us {
        match self.product.settings.iter().find(|setting| setting.name == name) {
            Some(setting) => parse_time(setting, self.text(name)).unwrap_or(Us::ZERO),
            None => Us::ZERO,
        }
    }
}

/// The index of the version that a text means: the one that it names, else the newest before it that
/// has the same major number (what is told apart are the versions from which on something is
/// different), else the newest of those that it begins, else the longest id that begins it.
fn resolve_version(product: &Product, text: &str) -> Result<usize, ConfigError> {
    let versions = product.versions;
    // As some programs say it themselves: `v20.20.2`.
    let bare = text.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let text = bare.unwrap_or(text);
    if text.is_empty() {
        return Ok(versions.len() - 1);
    }
    let begins = |start: &str, whole: &str| {
        whole.strip_prefix(start).is_some_and(|rest| rest.starts_with(['.', '-']))
    };
    let named = versions.iter().position(|version| version.id == text);
    let named = named.or_else(|| version_before(product, text));
    let named = named.or_else(|| versions.iter().rposition(|version| begins(text, version.id)));
    let named = named.or_else(|| {
        let fits = versions.iter().enumerate().filter(|(_, version)| begins(version.id, text));
        fits.max_by_key(|(_, version)| version.id.len()).map(|(index, _)| index)
    });
    named.ok_or_else(|| {
        let known: Vec<_> = versions.iter().map(|version| version.id).collect();
        ConfigError::new(
            "version",
            format!("nothing is known of {} {text}; known: {}", product.name, known.join(", ")),
        )
    })
}

fn version_before(product: &Product, text: &str) -> Option<usize> {
    let text = numbers(text)?;
    let before = |id| numbers(id).is_some_and(|id| id[0] == text[0] && id <= text);
    product.versions.iter().rposition(|version| before(version.id))
}

/// `1.19.10` as numbers, without what a packager put behind it: `-1`, `+6`, `~deb12`.
fn numbers(text: &str) -> Option<Vec<u32>> {
    let release = text.split(['-', '+', '~']).next()?;
    release.split('.').map(|part| part.parse().ok()).collect()
}

/// Checks a text against the kind of its setting. The message says the bounds.
pub fn check(setting: &Setting, text: &str) -> Result<(), ConfigError> {
    let wrong = |problem: String| Err(ConfigError::new(setting.name, problem));
    match &setting.kind {
        Kind::Flag { on, off } => {
            if text.eq_ignore_ascii_case(on) || text.eq_ignore_ascii_case(off) {
                Ok(())
            } else {
                wrong(format!("{text:?} is neither {on} nor {off}"))
            }
        }
        Kind::Number { min, max, .. } => match text.trim().parse::<i64>() {
            Ok(number) if (*min..=*max).contains(&number) => Ok(()),
            Ok(number) => wrong(format!("{number} is outside {min} to {max}")),
            Err(_) => wrong(format!("{text:?} is not a whole number")),
        },
        Kind::Time { .. } => parse_time(setting, text).map(|_| ()),
        Kind::Choice(words) => {
            if words.contains(&text) {
                Ok(())
            } else {
                wrong(format!("{text:?} is none of {}", words.join(", ")))
            }
        }
        Kind::Text { .. } => Ok(()),
    }
}

/// Reads a time by the setting's unit and suffixes.
pub fn parse_time(setting: &Setting, text: &str) -> Result<Us, ConfigError> {
    let wrong = |problem: String| Err(ConfigError::new(setting.name, problem));
    let Kind::Time { unit, suffixes, min_us, max_us } = &setting.kind else {
        return wrong("is no time".into());
    };
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits);
    let scale = match suffixes.iter().find(|(known, _)| *known == suffix) {
        _ if suffix.is_empty() => Some(unit.us()),
        Some((_, us)) => Some(*us),
        None => None,
    };
    let (Some(scale), Ok(number)) = (scale, number.parse::<u64>()) else {
        let known: Vec<_> = suffixes.iter().map(|(known, _)| *known).collect();
        let or = if known.is_empty() { "" } else { ", or with one of " };
        let units = known.join(" ");
        return wrong(format!("{text:?} is no time: a number of {}{or}{units}", unit.symbol()));
    };
    let us = number.saturating_mul(scale);
    if (*min_us..=*max_us).contains(&us) {
        Ok(Us(us))
    } else {
        wrong(format!("{text} is outside {} to {}", Us(*min_us), Us(*max_us)))
    }
}
