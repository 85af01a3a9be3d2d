//! The one setting that a scenario is about, for the bar below the figure: a switch, a choice, or a
//! limit and its double.
use crate::catalogue;
use crate::profile::{Chosen, Config, Kind, Setting, config, setting::TimeUnit};
use crate::study::Study;
use crate::study::params::Part;

/// A few values of one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toggle {
    /// The setting's own name.
    pub name: &'static str,
    /// Its key in the link grammar.
    pub key: String,
    /// Values as the product writes them, each with what is shown of it.
    pub options: Vec<(String, String)>,
}

/// The setting that the scenario is about. None: it is about none, or about something else now.
pub fn toggle(study: &Study) -> Option<Toggle> {
    let base = catalogue::study(&study.entry);
    let part = Part::Server;
    let (ours, theirs) = (part.of(&study.scenario), part.of(&base.scenario));
    if ours.product != theirs.product {
        return None;
    }
    let config = Config::parse(theirs).ok()?;
    let apart = base.versus.iter().flat_map(|versus| &versus.changes);
    let apart = apart.filter_map(|(key, _)| key.strip_prefix("server."));
    let set = theirs.settings.iter().map(|(name, _)| name.as_str());
    let time =
        config.product.settings.iter().filter(|setting| matches!(setting.kind, Kind::Time { .. }));
    let mut named = apart.chain(set).chain(time.map(|setting| setting.name));
    named.find_map(|name| of(&config, theirs, name))
}

fn of(config: &Config, chosen: &Chosen, name: &str) -> Option<Toggle> {
    let setting = config.setting(name).ok()?;
    let value = chosen.value(name).unwrap_or(config.default_of(setting).value);
    let values: Vec<String> = match &setting.kind {
        Kind::Flag { on, off } => vec![(*off).into(), (*on).into()],
        Kind::Choice(words) if words.len() <= 3 => {
            words.iter().map(|word| (*word).into()).collect()
        }
        Kind::Number { .. } | Kind::Time { .. } => vec![value.into(), doubled(setting, value)?],
        _ => return None,
    };
    let options = values.into_iter().map(|value| (value.clone(), value + unit(setting))).collect();
    Some(Toggle { name: setting.name, key: format!("server.{}", setting.name), options })
}

/// Twice a number without a suffix, if that is allowed.
fn doubled(setting: &Setting, value: &str) -> Option<String> {
    let double = value.trim().parse::<u64>().ok().filter(|number| *number > 0)?.checked_mul(2)?;
    let double = double.to_string();
    config::check(setting, &double).is_ok().then_some(double)
}

fn unit(setting: &Setting) -> &'static str {
    match setting.kind {
        Kind::Time { unit: TimeUnit::Seconds, .. } => "\u{a0}s",
        Kind::Time { unit: TimeUnit::Milliseconds, .. } => "\u{a0}ms",
        _ => "",
    }
}
