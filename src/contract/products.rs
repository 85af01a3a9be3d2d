//! The products with their settings, as `keepalive products --json` lists them.
use crate::profile::{Cited, Kind, PRODUCTS, Product, Setting};
use crate::protocol::Clause;
use serde::Serialize;

/// A product that can be named in a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProductOut {
    pub id: &'static str,
    pub name: &'static str,
    /// `server` or `client`.
    pub role: &'static str,
    pub gist: &'static str,
    pub source: SourceOut,
    /// Oldest first; the last one is meant where a question names none.
    pub versions: Vec<VersionOut>,
    pub settings: Vec<SettingOut>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VersionOut {
    pub id: &'static str,
    pub note: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SettingOut {
    pub name: &'static str,
    pub kind: &'static str,
    /// What a bare number means; null where there is no unit.
    pub unit: Option<&'static str>,
    /// Suffixes that a time may carry.
    pub suffixes: Vec<&'static str>,
    /// Bounds of a number, in `unit`, both included.
    pub min: Option<Number>,
    pub max: Option<Number>,
    /// The words of a choice or flag.
    pub values: Vec<&'static str>,
    /// The newest version's default.
    pub default: &'static str,
    /// Every default with the versions it holds for.
    pub defaults: Vec<DefaultOut>,
    /// The versions that know the setting.
    pub versions: Vec<&'static str>,
    pub gist: &'static str,
    pub special: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DefaultOut {
    pub value: &'static str,
    pub versions: Vec<&'static str>,
    pub source: SourceOut,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SourceOut {
    pub document: &'static str,
    pub section: &'static str,
    pub url: &'static str,
}

/// A bound: a whole number where it is one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Number {
    Whole(i64),
    Fraction(f64),
}

impl Number {
    #[expect(clippy::cast_precision_loss, reason = "bounds are far below 2^53")]
    fn of(us: u64, unit: u64) -> Self {
        match i64::try_from(us / unit) {
            Ok(whole) if us.is_multiple_of(unit) => Self::Whole(whole),
            _ => Self::Fraction(us as f64 / unit as f64),
        }
    }
}

/// Every product, servers first.
pub fn products() -> Vec<ProductOut> {
    PRODUCTS.iter().map(|product| product_out(product)).collect()
}

fn product_out(product: &'static Product) -> ProductOut {
    let version =
        |version: &crate::profile::VersionInfo| VersionOut { id: version.id, note: version.note };
    ProductOut {
        id: product.id,
        name: product.name,
        role: if product.is_server() { "server" } else { "client" },
        gist: product.gist,
        source: source(product.source),
        versions: product.versions.iter().map(version).collect(),
        settings: product.settings.iter().map(|setting| setting_out(product, setting)).collect(),
    }
}

fn source(clause: &'static Clause) -> SourceOut {
    SourceOut { document: clause.document, section: clause.section, url: clause.url }
}

fn setting_out(product: &'static Product, setting: &'static Setting) -> SettingOut {
    let knows = |id: &str| setting.versions.is_empty() || setting.versions.contains(&id);
    let versions: Vec<_> =
        product.versions.iter().map(|version| version.id).filter(|id| knows(id)).collect();
    let defaults: Vec<_> = setting
        .defaults
        .iter()
        .map(|cited| default_out(product, setting, cited, &versions))
        .collect();
    let newest = defaults.iter().rev().find(|default| !default.versions.is_empty());
    let mut out = SettingOut {
        name: setting.name,
        kind: "text",
        unit: None,
        suffixes: Vec::new(),
        min: None,
        max: None,
        values: Vec::new(),
        default: newest.map_or(setting.defaults[0].value, |default| default.value),
        defaults,
        versions,
        gist: setting.gist,
        special: setting.special,
    };
    describe(&mut out, &setting.kind);
    out
}

/// The versions for which this default is the last one that is not newer.
fn default_out(
    product: &'static Product,
    setting: &'static Setting,
    cited: &'static Cited,
    versions: &[&'static str],
) -> DefaultOut {
    let since =
        |cited: &Cited| product.versions.iter().position(|v| v.id == cited.since).unwrap_or(0);
    let holds = |id: &str| {
        let index = product.versions.iter().position(|version| version.id == id).unwrap_or(0);
        let held = setting.defaults.iter().rev().find(|default| since(default) <= index);
        held.is_some_and(|held| std::ptr::eq(held, cited))
    };
    DefaultOut {
        value: cited.value,
        versions: versions.iter().copied().filter(|id| holds(id)).collect(),
        source: source(cited.source),
    }
}

fn describe(out: &mut SettingOut, kind: &'static Kind) {
    match kind {
        Kind::Flag { on, off } => {
            out.kind = "flag";
            out.values = vec![on, off];
        }
        Kind::Number { min, max, unit } => {
            out.kind = "number";
            out.unit = Some(*unit).filter(|unit| !unit.is_empty());
            (out.min, out.max) = (Some(Number::Whole(*min)), Some(Number::Whole(*max)));
        }
        Kind::Time { unit, suffixes, min_us, max_us } => {
            out.kind = "time";
            out.unit = Some(unit.symbol());
            out.suffixes = suffixes.iter().map(|(suffix, _)| *suffix).collect();
            let scaled = |us: u64| Some(Number::of(us, unit.us()));
            (out.min, out.max) = (scaled(*min_us), scaled(*max_us));
        }
        Kind::Choice(words) => {
            out.kind = "choice";
            out.values = words.to_vec();
        }
        Kind::Text { .. } => {}
    }
}
