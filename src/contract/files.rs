//! Configuration files as they stand in JSON: what is exported, and what is understood of a text.
use super::settings::ProductIn;
use crate::conf::{self, Place};
use crate::profile::{Chosen, ConfigError};
use serde::{Serialize, Serializer};

/// One file, ready to be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileOut {
    pub file_name: String,
    pub text: String,
    pub goes_to: &'static str,
    pub reload: &'static str,
}

impl From<conf::Export> for FileOut {
    fn from(conf::Export { file_name, text, goes_to, reload }: conf::Export) -> Self {
        Self { file_name, text, goes_to, reload }
    }
}

/// The files of a choice, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum ExportOut {
    Files {
        files: Vec<FileOut>,
    },
    None {
        /// The setting that is wrong, or `product`, or `version`.
        at: String,
        problem: String,
    },
}

/// The files with which the real product behaves as chosen.
pub fn export(chosen: ProductIn) -> ExportOut {
    match conf::export(&Chosen::from(chosen), &Place::default()) {
        Ok(files) => ExportOut::Files { files: files.into_iter().map(FileOut::from).collect() },
        Err(ConfigError { at, problem }) => ExportOut::None { at, problem },
    }
}

/// What a text sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ImportOut {
    /// Null: no product was recognised.
    pub chosen: Option<ChosenOut>,
    pub understood: Vec<LineOut>,
    pub ignored: Vec<LineOut>,
}

/// A chosen product, as a question takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChosenOut {
    pub product: String,
    /// Empty: the newest.
    pub version: String,
    #[serde(serialize_with = "in_order")]
    pub settings: Vec<(String, String)>,
}

fn in_order<S: Serializer>(settings: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(settings.iter().map(|(name, value)| (name, value)))
}

/// A line of the text, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineOut {
    pub line: usize,
    pub text: String,
    /// What it sets, or why it sets nothing.
    pub note: String,
}

impl From<conf::Import> for ImportOut {
    fn from(import: conf::Import) -> Self {
        let lines = |lines: Vec<conf::Line>| {
            let out = |conf::Line { number, text, note }| LineOut { line: number, text, note };
            lines.into_iter().map(out).collect()
        };
        let chosen = import.chosen.map(|chosen| {
            let Chosen { product, version, settings } = chosen;
            ChosenOut { product, version, settings }
        });
        Self { chosen, understood: lines(import.understood), ignored: lines(import.ignored) }
    }
}

/// What a piece of a configuration file sets. Every text is taken.
pub fn import(text: &str) -> ImportOut {
    conf::import(text).into()
}
