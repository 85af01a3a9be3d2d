//! What a tool asks for: a table of fields. What was typed is read against it, and every problem is
//! named at its field with the bound.
use super::gaps::Gaps;
use super::tune::axes;
use super::words::{self, escape};
use crate::sim::Us;
use crate::study::Study;
use std::fmt::Write;

/// One calculator.
pub struct Tool {
    /// As in links: `danger`.
    pub id: &'static str,
    /// What it is for, in one or two sentences.
    pub lead: &'static str,
    pub fields: &'static [Field],
    pub presets: &'static [Preset],
    pub answer: fn(&Asked) -> Answer,
    /// HTML behind what is said.
    pub extra: &'static str,
}

/// What a tool is asked.
pub struct Asked<'a> {
    /// Name and text of each field.
    pub pairs: &'a [(String, String)],
    /// What the page shows.
    pub study: &'a Study,
    /// The room for a picture, in pixels.
    pub width: f64,
}

/// What a tool says. With problems, what it said before stays.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Answer {
    pub problems: Vec<Problem>,
    /// HTML: the result in one or two sentences.
    pub say: String,
    /// HTML: the numbers and the picture.
    pub more: String,
}

/// What is wrong with what was typed into one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: &'static str,
    pub text: String,
}

/// One thing that is asked for.
pub struct Field {
    /// As in pairs: `client`.
    pub name: &'static str,
    pub label: &'static str,
    pub kind: Kind,
    /// What stands there at first.
    pub value: &'static str,
    /// What it means and what may be typed, in half a sentence.
    pub note: &'static str,
}

/// What may be typed.
pub enum Kind {
    /// A time within these bounds, in seconds if no unit is named.
    Time { min: Us, max: Us },
    /// The same, or nothing.
    TimeOrNone { min: Us, max: Us },
    /// A number within these bounds.
    Number { min: f64, max: f64, unit: &'static str },
    /// One of these: value and words.
    Choice(&'static [(&'static str, &'static str)]),
    /// See [`Gaps::parse`].
    Gaps,
    /// One of the settings that the open study offers: see [`super::tune::axes`].
    Setting,
    /// Anything: the tool reads it.
    Text,
}

/// Values for several fields at once.
pub struct Preset {
    pub label: &'static str,
    pub values: &'static [(&'static str, &'static str)],
    /// What is known about it, and what is ours. HTML.
    pub note: &'static str,
    /// A link to a scenario that shows it.
    pub link: &'static str,
}

impl Tool {
    /// The pairs that it begins with.
    pub fn defaults(&self) -> Vec<(String, String)> {
        self.fields.iter().map(|field| (field.name.into(), field.value.into())).collect()
    }

    /// The form, with places for what will be said. `uid` keeps its ids apart from all others.
    pub fn html(&self, uid: &str, study: &Study) -> String {
        let mut html = format!("<p class=\"note\">{}</p>", self.lead);
        if !self.presets.is_empty() {
            html += "<div class=\"chips gap\" role=\"group\" aria-label=\"Examples\">";
            for (index, preset) in self.presets.iter().enumerate() {
                let _ = write!(
                    html,
                    "<button type=\"button\" class=\"chip\" aria-pressed=\"false\" data-preset=\"{index}\">{}</button>",
                    preset.label
                );
            }
            html += "</div><div data-out=\"preset\"></div>";
        }
        html += "<div class=\"asked\" role=\"group\" aria-label=\"What is given\">";
        for field in self.fields {
            field.html(uid, study, &mut html);
        }
        html += "</div><output class=\"said\" data-out=\"say\"></output><div class=\"results\" data-out=\"more\"></div>";
        html + self.extra
    }
}

impl Preset {
    /// What is known about it, and the way to see it.
    pub fn html(&self) -> String {
        let Self { note, link, .. } = self;
        let link = escape(link);
        format!(
            "<p class=\"note\">{note} <button type=\"button\" class=\"text\" data-open=\"{link}\">Watch it</button></p>"
        )
    }
}

impl Field {
    fn html(&self, uid: &str, study: &Study, html: &mut String) {
        let Self { name, label, value, note, .. } = self;
        let (value, id) = (escape(value), format!("{uid}-{name}"));
        let told = format!("id=\"{id}\" name=\"{name}\" aria-describedby=\"{id}-n {id}-b\"");
        let _ = write!(html, "<div class=\"field\"><label for=\"{id}\">{label}</label>");
        match &self.kind {
            Kind::Choice(options) => {
                let _ = write!(html, "<select class=\"input\" {told}>");
                for (option, words) in *options {
                    let chosen = if *option == self.value { " selected" } else { "" };
                    let _ = write!(html, "<option value=\"{option}\"{chosen}>{words}</option>");
                }
                html.push_str("</select>");
            }
            Kind::Setting => {
                let _ = write!(html, "<select class=\"input\" {told}>");
                for axis in axes(study) {
                    let (key, label) = (escape(&axis.key), escape(&axis.label));
                    let _ = write!(html, "<option value=\"{key}\">{label}</option>");
                }
                html.push_str("</select>");
            }
            kind => {
                let unit = match kind {
                    Kind::Number { unit, .. } => unit,
                    Kind::Time { .. } | Kind::TimeOrNone { .. } => "s",
                    _ => "",
                };
                let wide = if matches!(kind, Kind::Gaps | Kind::Text) { "" } else { " num" };
                let _ = write!(
                    html,
                    "<span class=\"both\"><input class=\"input{wide}\" {told} value=\"{value}\" autocomplete=\"off\" spellcheck=\"false\"><span class=\"unit\">{unit}</span></span>"
                );
            }
        }
        let _ = write!(
            html,
            "<p class=\"note\" id=\"{id}-n\">{note}</p><p class=\"bad\" id=\"{id}-b\" data-bad=\"{name}\"></p></div>"
        );
    }
}

/// Reads what was typed, and collects what is wrong with it.
pub struct Reader<'a> {
    fields: &'static [Field],
    pairs: &'a [(String, String)],
    pub problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(fields: &'static [Field], pairs: &'a [(String, String)]) -> Self {
        Self { fields, pairs, problems: Vec::new() }
    }

    pub fn text(&self, name: &str) -> &'a str {
        let typed = self.pairs.iter().find(|(known, _)| known == name);
        let usual = || self.fields.iter().find(|field| field.name == name);
        typed.map_or_else(|| usual().map_or("", |field| field.value), |(_, text)| text.trim())
    }

    /// A time; 0 with a problem noted.
    pub fn time(&mut self, name: &'static str) -> Us {
        self.time_or_none(name).unwrap_or(Us::ZERO)
    }

    /// A time; None if nothing stands there, or `none`.
    pub fn time_or_none(&mut self, name: &'static str) -> Option<Us> {
        let text = self.text(name);
        let (min, max, may_lack) = match self.kind(name) {
            Some(Kind::Time { min, max }) => (*min, *max, false),
            Some(Kind::TimeOrNone { min, max }) => (*min, *max, true),
            _ => (Us::ZERO, Us::NEVER, true),
        };
        if may_lack && (text.is_empty() || text.eq_ignore_ascii_case("none")) {
            return None;
        }
        let time = words::read_seconds(text).filter(|time| (min..=max).contains(time));
        if time.is_none() {
            let or = if may_lack { ", or nothing" } else { "" };
            let bounds = format!("{} to {}", words::time(min), words::time(max));
            self.wrong(
                name,
                format!("A time is wanted, {bounds}{or}; without a unit it means seconds."),
            );
        }
        time
    }

    /// A number; its lower bound with a problem noted.
    pub fn number(&mut self, name: &'static str) -> f64 {
        let Some(Kind::Number { min, max, .. }) = self.kind(name) else { return 0.0 };
        let number = self.text(name).replace(['\u{a0}', ' '], "").parse::<f64>().ok();
        match number.filter(|number| (*min..=*max).contains(number)) {
            Some(number) => number,
            None => {
                let bounds = format!("{} to {}", words::number(*min), words::number(*max));
                self.wrong(name, format!("A number is wanted, {bounds}."));
                *min
            }
        }
    }

    /// A whole number.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "fields that hold counts are bounded from 0 far below 2^32, which clamps it"
    )]
    pub fn count(&mut self, name: &'static str) -> u32 {
        let number = self.number(name);
        if number.fract() != 0.0 {
            self.wrong(name, "A whole number is wanted.".into());
        }
        number.clamp(0.0, 4e9) as u32
    }

    /// Is this the choice?
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.text(name) == value
    }

    /// Gaps; a single one of no length with a problem noted.
    pub fn gaps(&mut self, name: &'static str) -> Gaps {
        Gaps::parse(self.text(name)).unwrap_or_else(|problem| {
            self.wrong(name, words::sentence(&problem));
            Gaps::List(vec![(Us::ZERO, 1)])
        })
    }

    pub fn wrong(&mut self, field: &'static str, text: String) {
        self.problems.push(Problem { field, text });
    }

    fn kind(&self, name: &str) -> Option<&'static Kind> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.kind)
    }
}
