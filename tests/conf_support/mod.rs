//! Valid values of settings, for the tests of configuration files.
use keepalive::conf::{Place, export};
use keepalive::profile::{Chosen, Config, Kind, Setting, product};

/// The settings that the chosen version has.
pub fn known(chosen: &Chosen) -> Vec<&'static Setting> {
    let config = Config::parse(chosen).expect("a product and version that exist");
    let all = product(&chosen.product).map_or(&[][..], |product| product.settings);
    all.iter().filter(|setting| config.setting(setting.name).is_ok()).collect()
}

/// A few values that the setting may have: the ends, something small, the defaults.
pub fn samples(setting: &Setting, chosen: &Chosen) -> Vec<String> {
    let text = |text: &&str| (*text).to_owned();
    let mut values: Vec<String> = match &setting.kind {
        Kind::Flag { on, off } => [on, off].map(text).into(),
        Kind::Number { min, max, .. } => [*min, *max, 3].map(|number| number.to_string()).into(),
        Kind::Time { unit, suffixes, min_us, max_us } => {
            let mut times =
                [*min_us, *max_us, 2_000_000].map(|us| (us / unit.us()).to_string()).to_vec();
            times.extend(suffixes.iter().map(|(suffix, _)| format!("2{suffix}")));
            times
        }
        Kind::Choice(words) => words.iter().map(text).collect(),
        Kind::Text { placeholder } => vec![(*placeholder).to_owned()],
    };
    values.extend(setting.defaults.iter().map(|cited| cited.value.to_owned()));
    values.retain(|value| {
        export(&chosen.clone().with(setting.name, value), &Place::default()).is_ok()
    });
    values
}
