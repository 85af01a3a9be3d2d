//! A product with its settings, as they stand in JSON.
use crate::profile::{Chosen, Kind, Product, product};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::fmt;

/// A chosen product.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductIn {
    pub product: String,
    /// Missing, null or empty: the newest known.
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub settings: Option<SettingsIn>,
}

impl From<ProductIn> for Chosen {
    fn from(chosen: ProductIn) -> Self {
        let known = product(&chosen.product);
        let mut into = Self::new(&chosen.product, chosen.version.as_deref().unwrap_or(""));
        for (name, value) in chosen.settings.unwrap_or_default().0 {
            let text = value.text(known, &name);
            into.set(&name, &text);
        }
        into
    }
}

/// Names and values, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SettingsIn(pub Vec<(String, Value)>);

impl<'de> Deserialize<'de> for SettingsIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Settings;
        impl<'de> Visitor<'de> for Settings {
            type Value = SettingsIn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of settings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SettingsIn, A::Error> {
                let mut settings = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    settings.push(entry);
                }
                Ok(SettingsIn(settings))
            }
        }
        deserializer.deserialize_map(Settings)
    }
}

/// The value of a setting: text as the product's documentation writes it; a bare number or a
/// boolean is taken for what it obviously means.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Flag(bool),
}

/// How products write a yes and a no where a setting is a choice of words.
const WORDS: [[&str; 2]; 3] = [["on", "off"], ["yes", "no"], ["true", "false"]];

impl Value {
    fn text(self, product: Option<&Product>, name: &str) -> String {
        let on = match self {
            Self::Text(text) => return text,
            Self::Flag(on) => on,
        };
        let settings = product.map_or(&[][..], |product| product.settings);
        let word = match settings.iter().find(|setting| setting.name == name).map(|s| &s.kind) {
            Some(Kind::Flag { on: yes, off: no }) => [*yes, *no][usize::from(!on)],
            Some(Kind::Choice(words)) => WORDS
                .map(|pair| pair[usize::from(!on)])
                .into_iter()
                .find(|word| words.contains(word))
                .unwrap_or(WORDS[2][usize::from(!on)]),
            _ => WORDS[2][usize::from(!on)],
        };
        word.to_owned()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl Visitor<'_> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the text of a setting")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }

            fn visit_bool<E: Error>(self, on: bool) -> Result<Value, E> {
                Ok(Value::Flag(on))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
        }
        deserializer.deserialize_any(Any)
    }
}
