//! What a file looks like around the settings, and how a setting stands in it.
use super::{clients, iis, servers};
use crate::profile::Config;

/// One file of a product.
pub struct Recipe {
    /// The product's id.
    pub product: &'static str,
    /// The version ids that have this file; empty for all.
    pub versions: &'static [&'static str],
    pub file_name: &'static str,
    /// Where it belongs, for people.
    pub goes_to: &'static str,
    /// How it comes into effect, for people.
    pub reload: &'static str,
    pub syntax: Syntax,
    /// Words that stand in such files and hardly in others: they decide when the same setting is
    /// found for several products.
    pub signs: &'static [&'static str],
    /// It is useful even if none of its settings is set.
    pub always: bool,
    pub parts: &'static [Part],
    /// How settings are written, the first fitting row for each. A setting without a row does not
    /// stand in this file.
    pub rows: &'static [Row],
}

/// The grammar of a file, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Httpd,
    Nginx,
    Haproxy,
    Lighttpd,
    /// `.reg`.
    Registry,
    /// `web.config`.
    Xml,
    /// A batch file of Windows.
    Batch,
    /// JavaScript, Java, C.
    Braces,
    /// Python, shell, Java's argument files.
    Hash,
    /// curl's configuration file and command line.
    Options,
    /// Calls of libcurl.
    Calls,
}

impl Syntax {
    pub const ALL: [Self; 11] = [
        Self::Httpd,
        Self::Nginx,
        Self::Haproxy,
        Self::Lighttpd,
        Self::Registry,
        Self::Xml,
        Self::Batch,
        Self::Braces,
        Self::Hash,
        Self::Options,
        Self::Calls,
    ];

    /// What a comment begins and ends with.
    pub const fn comment(self) -> (&'static str, &'static str) {
        match self {
            Self::Httpd
            | Self::Nginx
            | Self::Haproxy
            | Self::Lighttpd
            | Self::Hash
            | Self::Options => ("# ", ""),
            Self::Registry => ("; ", ""),
            Self::Xml => ("<!-- ", " -->"),
            Self::Batch => ("rem ", ""),
            Self::Braces | Self::Calls => ("// ", ""),
        }
    }

    /// Old programs of Windows want both characters at the end of a line.
    pub const fn line_end(self) -> &'static str {
        match self {
            Self::Registry | Self::Xml | Self::Batch => "\r\n",
            _ => "\n",
        }
    }
}

/// A piece of a file. Texts are whole lines; `{listen}` and `{origin}` are ports.
pub enum Part {
    /// What this file is, in a comment.
    Title,
    Text(&'static str),
    /// Only if this setting is not set: what has to stand there all the same.
    Lacking(&'static str, &'static str),
    /// Only if the version has a setting with its place in this spot.
    If(Spot, &'static str),
    /// Only if a setting is set that has its place in this spot.
    Set(Spot, &'static str),
    /// As [`Part::Inline`], under the same condition.
    SetInline(Spot, &'static str),
    /// The settings of this spot behind so much white space, each under its comment; those that are
    /// not set follow with their defaults, as comments.
    Settings(Spot, &'static str),
    /// One line: this text, and the settings of the spot that are set behind it, without comments.
    Inline(Spot, &'static str),
}

/// Where in a file a setting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    /// Where most of them stand.
    Main,
    /// In HAProxy's `global`; in another key of the registry.
    Other,
    Frontend,
    Backend,
    /// Behind HAProxy's `server`; in the object of options.
    Option,
}

/// How a setting becomes a line.
pub struct Row {
    /// The setting's name; with `*` at the end every name that begins so.
    pub name: &'static str,
    pub spot: Spot,
    /// `{name}`: the setting's name, `{rest}`: what `*` stands for, `{key}`: what follows the last
    /// point of the name. `{value}`: the value, `{dword}`: as eight hexadecimal digits,
    /// `{literal}`: in quotes unless it is a number or a word of the language, `{argument}`: the
    /// value unless it only switches something on.
    pub line: &'static str,
    /// The line if the value switches it off, or is a default of 0. Empty: the same line.
    pub off: &'static str,
}

/// A row for settings that are written alike, on or off.
pub const fn row(name: &'static str, spot: Spot, line: &'static str) -> Row {
    Row { name, spot, line, off: "" }
}

impl Recipe {
    pub fn is_for(&self, config: &Config) -> bool {
        self.product == config.product.id
            && (self.versions.is_empty() || self.versions.contains(&config.version_id()))
    }

    /// The row for a setting, and what `*` stands for.
    pub fn row<'n>(&self, name: &'n str) -> Option<(&'static Row, &'n str)> {
        self.rows.iter().find_map(|row| match row.name.strip_suffix('*') {
            Some(start) => Some((row, name.strip_prefix(start)?)),
            None => (row.name == name).then_some((row, "")),
        })
    }
}

/// All files, in the order in which they are shown.
pub fn recipes() -> impl Iterator<Item = &'static Recipe> {
    servers::RECIPES.iter().chain(iis::RECIPES).chain(clients::RECIPES)
}

/// Why a product has no file.
pub fn why_none(product: &str) -> &'static str {
    match product {
        "textbook" | "textbook-client" => "has no file: it is the specifications alone, no program",
        "script" => "has no file: it is the list of requests itself",
        "browser" => "has no file: a browser's settings are its own, and not read from a text",
        "http10-crawler" | "http10-keepalive" => {
            "has no file: it stands for old clients, which had nothing to set"
        }
        "blind-proxy" => "has no file: it stands for old proxies, which knew nothing of all this",
        "load-balancer" => "has no file: it is set at whoever runs it",
        "go" | "hyper" => "has no file: its settings stand in the program",
        "java-web-server" => {
            "has no file that is known here: it was set in its own administration pages"
        }
        _ => "has no file that is known here",
    }
}
