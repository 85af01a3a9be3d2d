//! Writing the files.
use super::recipe::{Part, Recipe, Row, Spot, recipes, why_none};
use super::{Export, Place};
use crate::profile::{Chosen, Config, ConfigError, Kind, MakeRule, Setting};

/// The files with which the real product behaves as chosen. Settings that are not set stand there
/// with their defaults, as comments, so that a reader sees what there is to set.
///
/// # Errors
/// If the choice is wrong, if a value cannot stand in such a file, or if the product has none; the
/// message says why.
pub fn export(chosen: &Chosen, place: &Place) -> Result<Vec<Export>, ConfigError> {
    let config = Config::parse(chosen)?;
    // Texts with a grammar of their own are read by the rule only.
    match config.product.rule {
        MakeRule::Server(make) => drop(make(&config)?),
        MakeRule::Client(make) => drop(make(&config)?),
    }
    let said = settings(&config, chosen)?;
    let mut files: Vec<_> = recipes().filter(|recipe| recipe.is_for(&config)).collect();
    if files.is_empty() {
        let problem = format!("{} {}", config.product.name, why_none(config.product.id));
        return Err(ConfigError::new("product", problem));
    }
    let has = |file: &Recipe, said: &Said| file.row(said.setting.name).is_some();
    if let Some(lost) = said.iter().find(|said| !files.iter().any(|file| has(file, said))) {
        return Err(ConfigError::new(lost.setting.name, "is set in no file"));
    }
    // If nothing is set, all of them show what could be.
    let shows = |file: &Recipe| said.is_empty() || said.iter().any(|said| has(file, said));
    files.retain(|file| file.always || shows(file));
    let unsaid = unsaid(&config, &said);
    let file = |recipe| File { recipe, config: &config, place, said: &said, unsaid: &unsaid };
    Ok(files.into_iter().map(|recipe| file(recipe).write()).collect())
}

/// A setting with the value that is written.
struct Said {
    setting: &'static Setting,
    /// One line, without anything that means something in a file.
    value: String,
    /// What holds if it is not set.
    default: &'static str,
}

fn settings(config: &Config, chosen: &Chosen) -> Result<Vec<Said>, ConfigError> {
    let said = chosen.settings.iter().map(|(name, value)| {
        let setting = config.setting(name)?;
        let words: Vec<_> = value.split_whitespace().collect();
        // An empty text may be written as two quotes.
        let value = if words == ["\"\""] { String::new() } else { words.join(" ") };
        let may_stand = |c: char| c.is_ascii_alphanumeric() || ".,:/=*+-_@ ".contains(c);
        if !value.chars().all(may_stand) {
            return Err(ConfigError::new(
                setting.name,
                format!("{value:?} cannot stand in a file"),
            ));
        }
        Ok(Said { setting, value, default: config.default_of(setting).value })
    });
    said.collect()
}

/// The settings that are not set, at their defaults.
fn unsaid(config: &Config, said: &[Said]) -> Vec<Said> {
    let known = config.product.settings.iter().filter(|setting| {
        config.setting(setting.name).is_ok()
            && !said.iter().any(|it| it.setting.name == setting.name)
    });
    let at_default = |setting| {
        let default = config.default_of(setting).value;
        Said { setting, value: default.to_owned(), default }
    };
    known.map(at_default).collect()
}

struct File<'a> {
    recipe: &'static Recipe,
    config: &'a Config,
    place: &'a Place,
    said: &'a [Said],
    unsaid: &'a [Said],
}

impl File<'_> {
    fn write(&self) -> Export {
        let mut text = String::new();
        for part in self.recipe.parts {
            self.part(part, &mut text);
        }
        let end = self.recipe.syntax.line_end();
        let Recipe { file_name, goes_to, reload, .. } = *self.recipe;
        Export {
            file_name: file_name.into(),
            text: if end == "\n" { text } else { text.replace('\n', end) },
            goes_to,
            reload,
        }
    }

    fn part(&self, part: &Part, out: &mut String) {
        match *part {
            Part::Title => {
                let version = &self.config.version_text;
                self.comment("", &[self.config.product.name, " ", version, TITLE], out);
            }
            Part::Text(text) => self.text(text, out),
            Part::Lacking(name, text) => {
                if !self.said.iter().any(|said| said.setting.name == name) {
                    self.text(text, out);
                }
            }
            Part::If(spot, text) => {
                if self.at(spot, self.said).chain(self.at(spot, self.unsaid)).next().is_some() {
                    self.text(text, out);
                }
            }
            Part::Set(spot, text) => {
                if self.at(spot, self.said).next().is_some() {
                    self.text(text, out);
                }
            }
            Part::SetInline(spot, text) => {
                if self.at(spot, self.said).next().is_some() {
                    self.inline(spot, text, out);
                }
                self.named(spot, out);
            }
            Part::Settings(spot, indent) => self.settings(spot, indent, out),
            Part::Inline(spot, text) => {
                self.inline(spot, text, out);
                self.named(spot, out);
            }
        }
    }

    /// What could stand in a line with others, in comments.
    fn named(&self, spot: Spot, out: &mut String) {
        for (said, ..) in self.at(spot, self.unsaid) {
            let Setting { name, gist, .. } = *said.setting;
            self.comment("", &[name, ": ", gist, " Default: ", default_of(said)], out);
        }
    }

    fn inline(&self, spot: Spot, text: &str, out: &mut String) {
        self.text(text, out);
        for (said, row, rest) in self.at(spot, self.said) {
            out.push(' ');
            fill(line_of(row, said), said, rest, out);
        }
        out.push('\n');
    }

    fn settings(&self, spot: Spot, indent: &str, out: &mut String) {
        for (said, row, rest) in self.at(spot, self.said) {
            self.comment(indent, &[said.setting.gist, " Default: ", default_of(said)], out);
            out.push_str(indent);
            fill(line_of(row, said), said, rest, out);
            out.push('\n');
        }
        let written = |name| {
            let parts = self.recipe.parts.iter();
            parts.clone().any(|part| matches!(part, Part::Lacking(lacking, _) if *lacking == name))
        };
        for (said, row, rest) in self.at(spot, self.unsaid) {
            if !written(said.setting.name) {
                self.shown(indent, said, row, rest, out);
            }
        }
    }

    /// A setting that is not set: its line as a comment, with the default. A switch that is off by
    /// default is shown as it would be switched on.
    fn shown(&self, indent: &str, said: &Said, row: &'static Row, rest: &str, out: &mut String) {
        // After the line that opens a block none needs to be free.
        if !["\n\n", "{\n", "(\n", "]\n", ">\n"].iter().any(|end| out.ends_with(end)) {
            out.push('\n');
        }
        // Some stand in a comment even if they are set: no line says them.
        let (open, _) = self.recipe.syntax.comment();
        let is_comment = row.line.starts_with(open);
        let is_off = line_of(row, said) != row.line;
        let (label, default) =
            if is_comment || is_off { (" Default: ", default_of(said)) } else { ("", "") };
        self.comment(indent, &[said.setting.gist, label, default], out);
        if is_comment || is_off && said.value == "0" {
            return;
        }
        let mut line = String::new();
        match said.setting.kind {
            Kind::Flag { on, .. } if is_off => {
                fill(row.line, &Said { value: on.to_owned(), ..*said }, rest, &mut line);
            }
            _ => fill(row.line, said, rest, &mut line),
        }
        for line in line.lines() {
            self.comment(indent, &[line], out);
        }
    }

    /// Those of the settings that have their place in this spot.
    fn at<'s>(
        &self,
        spot: Spot,
        settings: &'s [Said],
    ) -> impl Iterator<Item = (&'s Said, &'static Row, &'s str)> {
        settings.iter().filter_map(move |said| {
            let (row, rest) = self.recipe.row(said.setting.name)?;
            (row.spot == spot).then_some((said, row, rest))
        })
    }

    fn text(&self, text: &str, out: &mut String) {
        let listen = self.place.listen_port.to_string();
        let origin = self.place.origin_port.to_string();
        expand(text, &[("listen", &listen), ("origin", &origin)], out);
    }

    fn comment(&self, indent: &str, texts: &[&str], out: &mut String) {
        let (open, close) = self.recipe.syntax.comment();
        out.push_str(indent);
        out.push_str(open);
        for text in texts {
            out.push_str(text);
        }
        out.push_str(close);
        out.push('\n');
    }
}

const TITLE: &str =
    ", as set in the Keep-Alive Explainer. What is commented out keeps its default.";

/// The default, in words where it has none of its own.
fn default_of(said: &Said) -> &'static str {
    match (said.default, &said.setting.kind) {
        ("", Kind::Flag { .. }) => "on",
        ("", _) => "none",
        (default, _) => default,
    }
}

fn line_of(row: &'static Row, said: &Said) -> &'static str {
    let off = match said.setting.kind {
        Kind::Flag { off, .. } => said.value.eq_ignore_ascii_case(off),
        // A default of 0 that only leaving the line out can say.
        _ if said.value == "0" => said.default == "0",
        _ => ["no", "off", "false"].contains(&said.value.as_str()),
    };
    if off && !row.off.is_empty() { row.off } else { row.line }
}

fn fill(line: &str, said: &Said, rest: &str, out: &mut String) {
    let (name, value) = (said.setting.name, said.value.as_str());
    let key = name.rsplit('.').next().unwrap_or(name);
    let number: u32 = value.parse().unwrap_or(0);
    let dword = format!("{number:08x}");
    let literal = if is_literal(value) { value.to_owned() } else { format!("\"{value}\"") };
    let argument = if matches!(said.setting.kind, Kind::Flag { .. }) { "" } else { value };
    let known = [
        ("argument", argument),
        ("name", name),
        ("rest", rest),
        ("key", key),
        ("value", value),
        ("dword", &dword),
        ("literal", &literal),
    ];
    expand(line, &known, out);
    // A keyword whose value is empty.
    out.truncate(out.trim_end_matches(' ').len());
}

/// A number, or a word that means something in JavaScript, C or Python.
fn is_literal(value: &str) -> bool {
    const WORDS: [&str; 8] =
        ["true", "false", "null", "Infinity", "undefined", "True", "False", "None"];
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = value.split_once('.').unwrap_or((value, "0"));
    let number = digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction);
    number || WORDS.contains(&value)
}

/// Puts values into `{name}`; braces around anything else stay.
fn expand(text: &str, known: &[(&str, &str)], out: &mut String) {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let found = after.split_once('}').and_then(|(name, behind)| {
            let (_, value) = known.iter().find(|(known, _)| *known == name)?;
            Some((value, behind))
        });
        match found {
            Some((value, behind)) => {
                out.push_str(value);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}
