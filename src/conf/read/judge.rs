//! Which statements set something, and which of those that set the same thing holds.
use super::hold::{Taken, choose, place, which_hold};
use super::statement::{Statement, Statements};
use super::{Import, Line};
use crate::conf::recipe::{Recipe, Spot, Syntax};
use crate::profile::{Chosen, Config, ConfigError, Kind, MakeRule, Product, Setting, product};

/// How much of a text is understood if it is taken for one product's file. First, if anything is
/// set: statements that set something, where a setting named in full and a word that stands in
/// such files only count more. Then the statements that name a setting, right or wrong, and those
/// words.
pub type Score = (usize, usize);

/// So many of those words make it a product's file even if it sets nothing: the defaults hold.
const ENOUGH_SIGNS: usize = 2;

/// A statement that sets something.
pub struct Said<'a> {
    pub statement: &'a Statement<'a>,
    pub setting: &'static Setting,
    pub value: String,
    /// One bit for each version of the product that takes it.
    pub versions: u32,
}

/// Takes the text for this file.
pub fn judge(recipe: &Recipe, text: &str, statements: &Statements<'_>) -> (Score, Import) {
    let signs = recipe.signs.iter().filter(|sign| text.contains(**sign)).count();
    let Some(product) = product(recipe.product) else {
        return Default::default();
    };
    let about = About { recipe, product, settings: settings(recipe, product) };
    let mut notes = Vec::with_capacity(statements.list.len());
    let mut said = Vec::new();
    let (mut named, mut full) = (0, 0);
    for statement in &statements.list {
        let found = about.find(statement);
        named += usize::from(found.is_some());
        notes.push(match (statement.trouble, found) {
            ("", Some((setting, value, is_full))) => match about.value(statement, setting, value) {
                Ok((value, versions)) => {
                    full += usize::from(is_full);
                    said.push(Said { statement, setting, value, versions });
                    Note::Said
                }
                Err(problem) => Note::Wrong(problem),
            },
            ("", None) if statement.quiet => Note::Silent,
            ("", None) => Note::Ignored("unknown here"),
            (trouble, _) => Note::Ignored(trouble),
        });
    }
    let sets = if said.is_empty() { 0 } else { said.len() + 2 * (full + signs) };
    let score = (sets, named + signs);
    let mut import = import(&about, statements, notes, &said);
    if signs >= ENOUGH_SIGNS && import.chosen.is_none() {
        import.chosen = Some(Chosen::new(product.id, ""));
    }
    (score, import)
}

/// What became of a statement.
enum Note {
    Silent,
    /// The next one of those that set something.
    Said,
    Ignored(&'static str),
    Wrong(String),
}

fn import(
    about: &About<'_>,
    statements: &Statements<'_>,
    notes: Vec<Note>,
    said: &[Said<'_>],
) -> Import {
    let taken = Taken::of(about.recipe.syntax, said);
    let holds = which_hold(about, said, &taken);
    let (chosen, mut lost) = choose(about, said, &holds);
    let mut import = Import { chosen, ..Import::default() };
    let mut index = 0;
    for (statement, note) in statements.list.iter().zip(notes) {
        let problem = match note {
            Note::Silent => continue,
            Note::Ignored(note) => note.into(),
            Note::Wrong(problem) => problem,
            Note::Said => {
                index += 1;
                match explain(about, said, index - 1, &taken, &holds, &mut lost) {
                    Ok(note) => {
                        import.understood.push(line(statement, note));
                        continue;
                    }
                    Err(problem) => problem,
                }
            }
        };
        let same = |line: &Line| line.number == statement.line && line.note == problem;
        if !import.ignored.last().is_some_and(same) {
            import.ignored.push(line(statement, problem));
        }
    }
    import
}

/// What a statement that can set something sets, or why it does not.
fn explain(
    about: &About<'_>,
    all: &[Said<'_>],
    index: usize,
    taken: &Taken,
    holds: &[Option<usize>],
    lost: &mut Vec<(usize, String)>,
) -> Result<String, String> {
    let said = &all[index];
    if let Some(other) = taken.instead_of(said.statement) {
        return Err(format!("stands in another block than what was taken, from line {other}"));
    }
    if let Some(at) = lost.iter().position(|(lost, _)| *lost == index) {
        return Err(lost.swap_remove(at).1);
    }
    let name = said.setting.name;
    Ok(match holds[place(about, said.setting)] {
        Some(winner) if winner != index => {
            format!("line {} holds instead", all[winner].statement.line)
        }
        _ if said.value.is_empty() => name.into(),
        _ => format!("{name} = {}", said.value),
    })
}

/// The settings that can stand in such a file.
fn settings(recipe: &Recipe, product: &'static Product) -> Vec<&'static Setting> {
    let version = |setting: &Setting| {
        let known = |id: &&str| setting.versions.contains(id);
        recipe.versions.is_empty()
            || setting.versions.is_empty()
            || recipe.versions.iter().any(known)
    };
    // Commands and XML are given for one part of what the product reads.
    let part = matches!(recipe.syntax, Syntax::Batch | Syntax::Xml);
    let row = |setting: &Setting| part || recipe.row(setting.name).is_some();
    product.settings.iter().filter(|setting| version(setting) && row(setting)).collect()
}

pub struct About<'r> {
    pub recipe: &'r Recipe,
    pub product: &'static Product,
    pub settings: Vec<&'static Setting>,
}

/// A setting, the text of its value, and whether it was named in full.
type Found<'s> = (&'static Setting, &'s str, bool);

impl About<'_> {
    fn find<'s>(&self, said: &'s Statement<'_>) -> Option<Found<'s>> {
        if said.name.is_empty() {
            return None;
        }
        self.settings.iter().find_map(|setting| self.matches(setting, said))
    }

    fn matches<'s>(&self, setting: &'static Setting, said: &'s Statement<'_>) -> Option<Found<'s>> {
        let (own, name, value) = (setting.name, said.name.as_str(), said.value.as_str());
        let is = match self.recipe.syntax {
            Syntax::Haproxy => return self.keyword(setting, said),
            Syntax::Nginx | Syntax::Lighttpd | Syntax::Calls | Syntax::Xml => own == name,
            Syntax::Httpd => own.eq_ignore_ascii_case(name),
            Syntax::Registry => own.eq_ignore_ascii_case(name) && has_key(own, said.section),
            Syntax::Batch => own.trim_end_matches('s').eq_ignore_ascii_case(name),
            Syntax::Options => own.trim_start_matches('-') == name.trim_start_matches('-'),
            Syntax::Braces | Syntax::Hash => {
                let (row, _) = self.recipe.row(own)?;
                if !row.line.contains("{key}") {
                    let flag = |name: &'s str| name.trim_start_matches("-D");
                    return (flag(own) == flag(name)).then_some((setting, value, true));
                }
                // Whatever the variable is called that holds the server.
                last(own) == last(name) && !name.starts_with('-')
            }
        };
        is.then_some((setting, value, own == name))
    }

    /// HAProxy's keywords have one word or more; what follows is the value.
    fn keyword<'s>(&self, setting: &'static Setting, said: &'s Statement<'_>) -> Option<Found<'s>> {
        let (row, _) = self.recipe.row(setting.name)?;
        let section = setting.name.split_once(' ').filter(|(first, _)| *first == said.section);
        let own = match (section, row.spot, said.section) {
            (Some((_, rest)), ..) => rest,
            (None, Spot::Option, "server") | (None, Spot::Other, "global") => setting.name,
            (None, Spot::Main, section) if !["server", "global"].contains(&section) => setting.name,
            _ => return None,
        };
        let rest = said.name.strip_prefix(own)?;
        if said.section == "server" && rest.is_empty() {
            return Some((setting, &said.value, true));
        }
        (rest.is_empty() || rest.starts_with(' ')).then_some((setting, rest.trim_start(), true))
    }

    /// The value as the setting's own table writes it, and the versions that take it.
    fn value(
        &self,
        said: &Statement<'_>,
        setting: &'static Setting,
        value: &str,
    ) -> Result<(String, u32), String> {
        let mut value = value;
        if value.len() > 200 {
            return Err("is too long to be a value".into());
        }
        if let Kind::Flag { on, off } = setting.kind {
            let is = |word: &str| value.eq_ignore_ascii_case(word);
            let bare = matches!(self.recipe.syntax, Syntax::Haproxy | Syntax::Options);
            value = match () {
                () if said.off || is(off) => off,
                () if is(on) || bare && value.is_empty() => on,
                () if self.recipe.syntax == Syntax::Batch && is("true") => on,
                () if self.recipe.syntax == Syntax::Batch && is("false") => off,
                () => value,
            };
        } else if let Kind::Choice(words) = setting.kind
            && !words.contains(&value)
        {
            // A constant of Java, with its class before it.
            value = last(value);
        } else if said.off {
            return Err("is taken away: the default holds".into());
        }
        let mut versions = 0;
        let mut problem = String::new();
        for (index, version) in self.product.versions.iter().enumerate() {
            if !(self.recipe.versions.is_empty() || self.recipe.versions.contains(&version.id)) {
                continue;
            }
            let chosen = Chosen::new(self.product.id, version.id).with(setting.name, value);
            match valid(&chosen) {
                Ok(()) => versions |= bit(index),
                Err(error) => problem = error.problem,
            }
        }
        if versions == 0 { Err(problem) } else { Ok((value.into(), versions)) }
    }
}

/// Products have few versions; more than this many are not told apart here.
pub const fn bit(index: usize) -> u32 {
    1 << if index < 31 { index } else { 31 }
}

pub fn valid(chosen: &Chosen) -> Result<(), ConfigError> {
    let config = Config::parse(chosen)?;
    match config.product.rule {
        MakeRule::Server(make) => make(&config).map(drop),
        MakeRule::Client(make) => make(&config).map(drop),
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Is this the key under which Windows looks for the value?
fn has_key(name: &str, key: &str) -> bool {
    let service = if name.starts_with("Tcp") { "tcpip" } else { "w3svc" };
    let key = key.to_ascii_lowercase();
    let mut parts = key.rsplit('\\');
    let end = (parts.next(), parts.next(), parts.next());
    end == (Some("parameters"), Some(service), Some("services"))
}

fn line(statement: &Statement<'_>, note: String) -> Line {
    let text = statement.text;
    let mut end = text.len().min(160);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut text = text[..end].to_owned();
    if end < statement.text.len() {
        text.push('…');
    }
    Line { number: statement.line, text, note }
}
