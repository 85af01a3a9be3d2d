//! A whole study as a link, and back. Reading never fails: what cannot be read is named in a message,
//! and the rest works.
use super::encoding::{decode, guard_end, pairs, push_pair};
use super::pick;
use super::see::{self, See};
use super::upgrade::{self, CURRENT, Pairs};
use crate::catalogue::{
    self,
    cards::{Card, Shelf},
};
use crate::study::params::{self, ParamError, Problem};
use crate::study::text::write_time;
use crate::study::{Study, Versus, exchange, fields};
use std::collections::BTreeSet;

/// Bytes of a link that are read; a longer one is cut at the last whole parameter.
pub const LONGEST: usize = 32 * 1024;
/// Messages about one link; the last one says how many are not shown.
const MOST_MESSAGES: usize = 20;
/// The value of `scenario` for a study that began with no catalogue entry.
const NO_ENTRY: &str = "none";
/// Keys that stand beside a study in the query of `embed.html` or on the element, and mean how it
/// is shown. They are none of a link's business.
pub const DISPLAY_KEYS: [&str; 8] =
    ["theme", "controls", "lang", "palette", "autoplay", "id", "title", "speed"];

/// What a link says.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    pub study: Study,
    /// The sheet that stands open over the page.
    pub see: Option<See>,
    /// What could not be read, and what became of it. Empty for a sound link.
    pub messages: Vec<LinkMessage>,
}

/// Something about a link that its reader should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkMessage {
    /// The parameter it is about; empty for the link as a whole.
    pub key: String,
    /// A whole sentence.
    pub text: String,
}

/// Reads a link: a fragment or query, with or without its `#` or `?`.
pub fn parse(link: &str) -> Parsed {
    let mut reader = Reader::default();
    let mut pairs = reader.pairs(link);
    reader.version(&mut pairs);
    let see = reader.see(&mut pairs);
    let study = reader.study(pairs);
    Parsed { study, see, messages: reader.messages() }
}

/// Reads parameters that are already decoded, such as the attributes of an element.
pub fn parse_pairs<K: AsRef<str>, V: AsRef<str>>(pairs: &[(K, V)]) -> Parsed {
    let mut reader = Reader::default();
    let own = |(key, value): &(K, V)| (key.as_ref().to_owned(), value.as_ref().to_owned());
    let mut pairs: Pairs = pairs.iter().map(own).collect();
    reader.version(&mut pairs);
    let see = reader.see(&mut pairs);
    let study = reader.study(pairs);
    Parsed { study, see, messages: reader.messages() }
}

/// Writes a study as a link, without `#` or `?`. Only what differs from its catalogue entry is named.
pub fn write(study: &Study) -> String {
    write_seen(study, None)
}

/// The same with the sheet that stands open.
pub fn write_seen(study: &Study, see: Option<See>) -> String {
    let mut link = String::new();
    for (key, value) in write_pairs(study) {
        push_pair(&mut link, &key, &value);
    }
    if let Some(see) = see {
        push_pair(&mut link, "see", &see::write(see));
    }
    guard_end(&mut link);
    link
}

/// The parameters of a link, not yet encoded.
pub fn write_pairs(study: &Study) -> Pairs {
    let base = catalogue::study(&study.entry);
    let entry = if base.entry.is_empty() { NO_ENTRY } else { &base.entry };
    let mut pairs: Pairs =
        vec![("v".into(), CURRENT.to_string()), ("scenario".into(), entry.into())];
    pairs.extend(params::diff(&base.scenario, &study.scenario));
    if study.versus != base.versus {
        match &study.versus {
            None => pairs.push(("vs".into(), "off".into())),
            Some(versus) if versus.changes.is_empty() => pairs.push(("vs".into(), "on".into())),
            Some(versus) => {
                let prefixed = versus.changes.iter();
                pairs.extend(prefixed.map(|(key, value)| (format!("vs.{key}"), value.clone())));
            }
        }
    }
    pairs.extend(study.at.map(|at| ("t".into(), write_time(at))));
    let compares = study.versus.is_some();
    pairs.extend(study.pick.map(|pick| ("pick".into(), pick::write(&pick, compares))));
    pairs
}

/// The scenarios of the incidents are not in what every visitor loads. Who asks for one by its id gets
/// its card, and from there the scenario.
fn incident(pairs: &mut Pairs) -> Option<See> {
    let find = |id: &str| Card::find(Shelf::Incidents, id);
    let at = pairs.iter().position(|(key, id)| key == "scenario" && find(id).is_some())?;
    let (_, id) = pairs.remove(at);
    Some(See::Cards { shelf: Shelf::Incidents, card: find(&id) })
}

#[derive(Default)]
struct Reader {
    messages: Vec<LinkMessage>,
    more: usize,
}

impl Reader {
    fn say(&mut self, key: &str, text: String) {
        if self.messages.len() < MOST_MESSAGES {
            self.messages.push(LinkMessage { key: fields::clip(key).into(), text });
        } else {
            self.more += 1;
        }
    }

    fn messages(mut self) -> Vec<LinkMessage> {
        if self.more > 0 {
            let text = format!("{} more parameters of this link could not be read.", self.more);
            self.messages.push(LinkMessage { key: String::new(), text });
        }
        self.messages
    }

    /// Cuts, splits and decodes. Of a key that stands twice the last one counts.
    fn pairs(&mut self, link: &str) -> Pairs {
        let mut link = link.strip_prefix(['#', '?']).unwrap_or(link);
        if link.len() > LONGEST {
            let mut end = LONGEST;
            while !link.is_char_boundary(end) {
                end -= 1;
            }
            let whole = link[..end].rfind('&').unwrap_or(0);
            self.say(
                "",
                format!(
                    "This link is too long: {} bytes, at most {LONGEST} are read. What stands in the first {whole} was kept, the rest dropped.",
                    link.len()
                ),
            );
            link = &link[..whole];
        }
        let mut list: Pairs = Vec::new();
        for (key, value) in pairs(link) {
            let ((key, key_sound), (value, value_sound)) = (decode(key), decode(value));
            if !(key_sound && value_sound) {
                let text = "holds a % that begins no character; it was read as it stands.";
                self.say(&key, format!("{} {text}", fields::clip(&key)));
            }
            list.push((key.into_owned(), value.into_owned()));
        }
        list
    }

    /// Drops keys that stand twice, takes `v` out, and brings the rest to the current version.
    fn version(&mut self, pairs: &mut Pairs) {
        let mut seen = BTreeSet::new();
        let mut index = pairs.len();
        while index > 0 {
            index -= 1;
            let key = pairs[index].0.clone();
            if !seen.insert(key.clone()) {
                pairs.remove(index);
                let text =
                    format!("{} stands there twice; the last one counts.", fields::clip(&key));
                self.say(&key, text);
            }
        }
        let Some(at) = pairs.iter().position(|(key, _)| key == "v") else { return };
        let (_, text) = pairs.remove(at);
        match text.parse::<u32>() {
            Ok(version @ 1..=CURRENT) => upgrade::upgrade(pairs, version),
            Ok(version) if version > CURRENT => self.say(
                "v",
                format!("This link was made by a newer version of this page (v={version}, here v={CURRENT}). What is known here was kept."),
            ),
            _ => self.say("v", format!("{:?} is no version of a link; it was read as v={CURRENT}.", fields::clip(&text))),
        }
    }

    /// Takes the open sheet out: it is none of the study's business.
    fn see(&mut self, pairs: &mut Pairs) -> Option<See> {
        let incident = incident(pairs);
        let Some(at) = pairs.iter().position(|(key, _)| key == "see") else { return incident };
        let (key, text) = pairs.remove(at);
        let see = see::read(&text);
        if see.is_none() {
            self.dropped(&key, Problem::wrong("names nothing that can be opened"));
        }
        see.or(incident)
    }

    fn study(&mut self, pairs: Pairs) -> Study {
        let mut own: Pairs = Vec::new();
        let mut versus: Pairs = Vec::new();
        let (mut entry, mut compares, mut at, mut picked) = (None, None, None, None);
        for (key, value) in pairs {
            match key.as_str() {
                "scenario" => entry = Some(value),
                "vs" => compares = Some(value),
                "t" => at = Some(value),
                "pick" => picked = Some(value),
                key if DISPLAY_KEYS.contains(&key) => {}
                _ => match key.strip_prefix("vs.") {
                    Some(inner) => versus.push((inner.into(), value)),
                    None => own.push((key, value)),
                },
            }
        }
        let mut study = self.base(entry.as_deref());
        let (scenario, errors) = params::apply(&study.scenario, &own);
        self.errors("", errors);
        study.scenario = scenario;
        self.versus(&mut study, compares.as_deref(), versus);
        if let Some(text) = at {
            match exchange::moment(&text) {
                Ok(at) => study.at = Some(at),
                Err(problem) => self.dropped("t", problem),
            }
        }
        if let Some(text) = picked {
            study.pick = pick::read(&text);
            if study.pick.is_none() {
                self.dropped("pick", Problem::wrong("names no event"));
            }
        }
        study
    }

    fn base(&mut self, entry: Option<&str>) -> Study {
        match entry {
            None => catalogue::study(catalogue::DEFAULT),
            Some(NO_ENTRY | "") => catalogue::study(""),
            Some(id) if catalogue::entry(id).is_some() => catalogue::study(id),
            Some(id) => {
                let default = catalogue::study(catalogue::DEFAULT);
                let title = catalogue::entry(catalogue::DEFAULT).map_or("", |entry| entry.title);
                self.say(
                    "scenario",
                    format!("No scenario is called {:?} here: perhaps the link was made by a newer version. \"{title}\" is shown instead.", fields::clip(id)),
                );
                default
            }
        }
    }

    /// The changes of the second run, each tried on the scenario.
    fn versus(&mut self, study: &mut Study, compares: Option<&str>, changes: Pairs) {
        let named = !changes.is_empty();
        match compares {
            None => {}
            Some("off") => study.versus = None,
            Some("on") => study.versus = Some(Versus::default()),
            Some(_) => self.dropped("vs", Problem::wrong("on or off is wanted")),
        }
        if named {
            study.versus = Some(Versus { changes });
        }
        let Some(versus) = &mut study.versus else { return };
        let before = versus.changes.len();
        let (other, errors) = params::apply(&study.scenario, &versus.changes);
        versus.changes.retain(|(key, _)| !errors.iter().any(|error| error.key == *key));
        for (key, _) in &mut versus.changes {
            *key = params::canonical(&other, key);
        }
        if versus.changes.is_empty() && before > 0 {
            study.versus = None;
        }
        if named {
            self.errors("vs.", errors);
        } else if let Some(error) = errors.first() {
            self.say(
                "vs",
                format!("The comparison of this scenario does not fit its new settings ({error}); it was left out."),
            );
        }
    }

    fn errors(&mut self, prefix: &str, errors: Vec<ParamError>) {
        for ParamError { key, problem } in errors {
            self.dropped(&format!("{prefix}{key}"), problem);
        }
    }

    fn dropped(&mut self, key: &str, problem: Problem) {
        let name = fields::clip(key);
        let text = match problem {
            Problem::Unknown => format!(
                "{name} means nothing here: the link was made by a newer version, or it is misspelt. It was ignored."
            ),
            Problem::Wrong(text) => format!("{name}: {text}. It was left out."),
        };
        self.say(key, text);
    }
}
