//! What can stand on the x axis: every setting of the open products that is a time or a number.
use crate::profile::setting::TimeUnit;
use crate::profile::{Config, Kind, Setting};
use crate::study::Study;
use crate::study::params::Part;
use crate::study::text::read_time;
use crate::tool::form::Reader;
use crate::tool::words::{clip, number, read_seconds};

/// A setting that can take many values.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// As in links: `server.KeepAliveTimeout`.
    pub key: String,
    /// `KeepAliveTimeout (Apache httpd)`.
    pub label: String,
    pub unit: Unit,
    /// What a special value means, in the product's own words.
    pub special: &'static str,
    min: f64,
    max: f64,
}

/// How values are written. Times are seconds along the axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Seconds,
    Milliseconds,
    /// `15s`
    WithSuffix,
    Count,
}

const SECONDS: [f64; 18] = [
    0.0, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0,
    600.0, 900.0,
];
const COUNTS: [f64; 13] =
    [1.0, 2.0, 3.0, 4.0, 6.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1_000.0, 2_000.0];
/// Points of one plot.
const MOST: usize = 60;

impl Unit {
    pub const fn is_time(self) -> bool {
        !matches!(self, Self::Count)
    }

    fn write(self, value: f64) -> String {
        match self {
            Self::Seconds if value.fract() != 0.0 => format!("{}ms", (value * 1_000.0).round()),
            Self::Seconds | Self::Count => value.to_string(),
            Self::Milliseconds => (value * 1_000.0).round().to_string(),
            Self::WithSuffix if value.fract() != 0.0 => format!("{}ms", (value * 1_000.0).round()),
            Self::WithSuffix => format!("{value}s"),
        }
    }
}

/// What the open study offers; what is about idle connections stands first.
pub fn axes(study: &Study) -> Vec<Axis> {
    let scenario = &study.scenario;
    let mut axes = Vec::new();
    for part in Part::of_scenario(scenario) {
        let Ok(config) = Config::parse(part.of(scenario)) else { continue };
        let own = config.product.settings.iter();
        let own = own.filter(|setting| config.setting(setting.name).is_ok());
        axes.extend(own.filter_map(|setting| axis(*part, &config, setting)));
    }
    let about = |axis: &Axis| {
        let key = axis.key.to_lowercase();
        let idle = key.contains("idle") || key.contains("alive");
        !(idle && axis.unit.is_time())
    };
    axes.sort_by_key(|axis| (about(axis), !axis.key.starts_with("server.")));
    axes
}

fn axis(part: Part, config: &Config, setting: &'static Setting) -> Option<Axis> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "bounds of settings: far below 2^53 microseconds, or not reached"
    )]
    let (unit, min, max) = match &setting.kind {
        Kind::Time { unit, min_us, max_us, .. } => {
            let unit =
                if matches!(unit, TimeUnit::Seconds) { Unit::Seconds } else { Unit::Milliseconds };
            (unit, *min_us as f64 / 1e6, *max_us as f64 / 1e6)
        }
        Kind::Number { min, max, .. } => (Unit::Count, (*min).max(0) as f64, *max as f64),
        // Some write times as text: `75s`.
        Kind::Text { .. } => {
            let default = config.default_of(setting).value;
            let has_unit = default.ends_with(|c: char| c.is_ascii_alphabetic());
            read_time(default).filter(|_| has_unit)?;
            (Unit::WithSuffix, 0.0, 86_400.0)
        }
        Kind::Flag { .. } | Kind::Choice(_) => return None,
    };
    Some(Axis {
        key: [part.as_str(), setting.name].join("."),
        label: format!("{} ({})", setting.name, config.product.name),
        unit,
        special: setting.special,
        min,
        max,
    })
}

/// The axis that was asked for, or the first.
pub(super) fn chosen(reader: &mut Reader, study: &Study) -> Option<Axis> {
    let axes = axes(study);
    let key = reader.text("setting");
    let found = axes.iter().find(|axis| axis.key == key).or(axes.first()).cloned();
    if found.is_none() {
        let text = "Neither server nor client has a setting that is a number or a time.";
        reader.wrong("setting", text.into());
    }
    found
}

/// The values that were asked for, or a usual range.
pub(super) fn values(reader: &mut Reader, axis: Option<&Axis>) -> Vec<(f64, String)> {
    let Some(axis) = axis else { return Vec::new() };
    let text = reader.text("values");
    let mut values = if text.is_empty() { axis.usual() } else { Vec::new() };
    for part in text.split([',', ';', ' ']).map(str::trim).filter(|part| !part.is_empty()) {
        let value = if axis.unit.is_time() {
            read_seconds(part).map(|time| time.as_secs())
        } else {
            part.parse::<u32>().ok().map(f64::from)
        };
        match value.filter(|value| (axis.min..=axis.max).contains(value)) {
            Some(value) => values.push(value),
            None => {
                let text = format!(
                    "“{}” is none of its values, {} to {}.",
                    clip(part),
                    number(axis.min),
                    number(axis.max)
                );
                reader.wrong("values", text);
                return Vec::new();
            }
        }
    }
    values.sort_by(f64::total_cmp);
    values.dedup();
    if !(2..=MOST).contains(&values.len()) {
        reader.wrong("values", format!("A plot needs 2 to {MOST} values."));
    }
    values.into_iter().map(|value| (value, axis.unit.write(value))).collect()
}

impl Axis {
    /// Where 0 means that there is no limit it does not stand before 1.
    fn usual(&self) -> Vec<f64> {
        let table: &[f64] = if self.unit.is_time() { &SECONDS } else { &COUNTS };
        let endless = self.special.starts_with('0') && self.special.contains("limit");
        let min = if endless { self.min.max(0.001) } else { self.min };
        table.iter().copied().filter(|value| (min..=self.max).contains(value)).collect()
    }
}
