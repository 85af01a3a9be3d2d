//! What the page shows and what can happen to it: a model, messages, and a pure `update`.
//! No browser here, so that every rule of the page is tested natively too.
use super::edit::{self, Group, HeadEdit, Heads};
use super::effect;
use super::knobs;
use crate::catalogue;
use crate::catalogue::cards::Card;
use crate::profile::{Chosen, Config, Kind, Setting, product};
use crate::scene::words::{self, Verdict};
use crate::share::link;
use crate::share::see::{Asked, See};
use crate::sim::{Planned, Scenario, Us};
use crate::study::params::{self, ParamError, Part, Problem};
use crate::study::stats::Stats;
use crate::study::what_if::{WhatIf, what_if};
use crate::study::{Pick, Run, Show, Study, Versus, exchange, fields};
use std::rc::Rc;

/// Everything that the page shows.
pub struct Model {
    pub study: Study,
    /// The runs. Instant and selection are not in it: they change more often.
    pub show: Rc<Show>,
    /// Where the playhead is while it moves; else where it stands.
    pub now: Us,
    picked: Option<(Pick, Us)>,
    verdict: Verdict,
    pub playing: bool,
    /// Which exchanges the composer edits.
    pub edited: Group,
    /// In a comparison: which of the runs composer and settings edit.
    pub edits: Edits,
    pub sheet: Option<Sheet>,
    pub drafts: Vec<Draft>,
    past: Vec<Step>,
    future: Vec<Step>,
    /// What went wrong with the link, and what was kept.
    pub notices: Vec<String>,
    pub theme: Theme,
    /// Do single letters act as shortcuts?
    pub keys: bool,
    pub table: TableView,
    pub export: Export,
    /// Something was put on the clipboard.
    pub copied: bool,
    /// A pasted configuration file.
    pub pasted: String,
    /// The card whose scenario is shown.
    pub about: Option<Card>,
    /// Words that the cards which are shown have to hold.
    pub filter: String,
    /// The waits of each run that has many exchanges, in a line.
    pub waits: Vec<String>,
    /// The settings of proxy, clients, load and faults stand open: the scenario uses one of them.
    pub more: bool,
    /// What costs more than an edit may, found when the edits have come to rest.
    pub advice: Advice,
}

/// Found by running the scenario again with something altered.
#[derive(Default)]
pub struct Advice {
    /// False while it is about an earlier state of the study.
    pub fresh: bool,
    pub what_if: Vec<WhatIf>,
    /// Settings that change nothing in the run that is edited.
    pub idle: Vec<(Part, &'static str)>,
}

/// With more exchanges than this nothing is tried out unasked.
const MOST_TRIED: usize = 500;

/// What leaves the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Export {
    #[default]
    Link,
    Element,
    Frame,
    Markdown,
    Json,
}

/// What an edit reaches in a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Edits {
    /// The lower run, and the upper one in all that sets them not apart.
    #[default]
    Both,
    /// The upper run, A.
    Upper,
    /// The lower run, B; A stays as it is.
    Lower,
}

/// A dialog over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    Scenarios,
    Share,
    Help,
    /// Small screens: why, without scrolling.
    Why,
    /// One that links can open.
    See(See),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub fn parse(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }

    const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }
}

/// How much of the event table stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableView {
    /// Every event, not only the decisions.
    pub all: bool,
    /// Rows at most.
    pub rows: usize,
    /// Only those of one run.
    pub run: Option<usize>,
}

/// Rows that stand there at first, and that "show more" adds.
pub const ROWS: usize = 60;

/// Text in a field that is being typed, or that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub key: String,
    pub text: String,
    /// Why it cannot be; the study is as it was before.
    pub problem: Option<String>,
}

struct Step {
    study: Study,
    /// Typing on in the same field is one step.
    key: String,
}

/// A name of something that can be set: a key of the link grammar. Fields of exchanges are written
/// without their number, `x.method`; the model knows which ones are edited.
pub type Key = String;

#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A choice: takes effect at once.
    Set(Key, String),
    /// Text in a field: takes effect if it can, and is kept as typed if it cannot.
    Type(Key, String),
    /// The field was left.
    Leave(Key),
    /// Back to what it is by default.
    Unset(Key),

    Edit(Group),
    Add,
    Duplicate,
    Remove,
    Up,
    Down,
    Repeat(usize),
    SendNow,
    Head(Heads, HeadEdit),
    /// A name or value of a field, while it is typed.
    TypeHead {
        heads: Heads,
        index: usize,
        is_name: bool,
        text: String,
    },

    Play(bool),
    /// The playhead was put here.
    At(Us),
    /// The playhead is here, on its way.
    Now(Us),
    Pick(Option<Pick>),

    Compare(bool),
    Edits(Edits),
    Apply(Vec<(String, String)>),
    Scenario(String),
    Link(String),
    Reset,
    Undo,
    Redo,

    /// A study as a whole: a suggestion that was taken.
    Study(Box<Study>),
    /// Throws the switch that the scenario is about.
    Flip,
    /// Edits have come to rest.
    Rest,

    Sheet(Option<Sheet>),
    /// To the details of what is selected.
    Details,
    Theme,
    Keys(bool),
    Table(TableView),
    MoreRows,
    DismissNotices,
    Export(Export),
    Copied(bool),
    /// Only cards with these words are shown.
    Filter(String),
    /// A card's scenario is opened, by its link.
    About(Card, String),
    /// A configuration file is pasted.
    Paste(String),
    /// What was understood of it is set.
    TakePaste(Chosen),
    /// A file that was asked for is there, or cannot be had.
    Fetched,
    /// For the browser alone: text for the clipboard, a part of the page to go to, a file to save.
    Copy(String),
    Focus(&'static str),
    SaveSvg,
    /// A file's name and text.
    Save(String, String),
}

/// What is left to do after an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Effects {
    /// Something that is shown has changed.
    pub render: bool,
    /// The link has changed.
    pub link: bool,
}

impl Effects {
    const NONE: Self = Self { render: false, link: false };
    const RENDER: Self = Self { render: true, link: false };
    const ALL: Self = Self { render: true, link: true };
}

impl Model {
    /// What a link means; the page's own scenario for an empty one.
    pub fn new(text: &str) -> Self {
        let parsed = link::parse(text);
        let show = Rc::new(runs_of(&parsed.study));
        let mut model = Self {
            verdict: words::verdict(&show),
            show,
            study: parsed.study,
            now: Us::ZERO,
            picked: None,
            playing: false,
            edited: 0..=0,
            edits: Edits::Both,
            sheet: parsed.see.map(Sheet::See),
            drafts: Vec::new(),
            past: Vec::new(),
            future: Vec::new(),
            notices: parsed.messages.into_iter().map(|message| message.text).collect(),
            theme: Theme::Auto,
            keys: true,
            table: TableView { all: false, rows: ROWS, run: None },
            export: Export::Link,
            copied: false,
            pasted: String::new(),
            about: None,
            filter: String::new(),
            more: false,
            waits: Vec::new(),
            advice: Advice::default(),
        };
        model.waits = waits(&model.show);
        model.edit_picked();
        model.settle();
        model.now = model.at();
        model
    }

    pub fn link(&self) -> String {
        let see = if let Some(Sheet::See(see)) = self.sheet { Some(see) } else { None };
        link::write_seen(&self.study, see)
    }

    /// The request that the table of differences is about.
    pub fn asked(&self, asked: Asked) -> Option<Planned> {
        match asked {
            Asked::Preset(ask) => Some(ask.planned()),
            Asked::Own(index) => self.scenario().exchanges.get(index).cloned(),
        }
    }

    /// The study with the instant that is seen, so that whoever gets it sees the same.
    pub fn study_at(&self) -> Study {
        Study { at: Some(self.seen()), ..self.study.clone() }
    }

    /// The sentence above the figure.
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// Where the playhead stands.
    pub fn at(&self) -> Us {
        self.study.at.unwrap_or(self.show.stop).min(self.show.last())
    }

    /// The instant that is seen: while it plays, not the one that it began at.
    fn seen(&self) -> Us {
        if self.playing { self.now } else { self.at() }
    }

    pub fn compares(&self) -> bool {
        self.study.versus.is_some()
    }

    /// What the details are about, and when it happens.
    pub const fn picked(&self) -> Option<(Pick, Us)> {
        self.picked
    }

    /// The heading of the details.
    pub fn why_title(&self) -> String {
        let of = |(pick, _): (Pick, Us)| {
            let run = self.show.runs.get(pick.run)?;
            Some(super::words::why_title(pick, run, run.timeline()?))
        };
        self.picked.and_then(of).unwrap_or_else(|| "Why".into())
    }

    /// Index of the run whose scenario composer and settings show.
    pub fn run(&self) -> usize {
        if self.edits == Edits::Upper { 0 } else { self.study.main_run() }
    }

    /// The scenario that composer and settings show.
    pub fn scenario(&self) -> &Scenario {
        self.show.runs.get(self.run()).map_or(&self.study.scenario, |run| &run.scenario)
    }

    /// The exchange in the composer.
    pub fn planned(&self) -> Option<&Planned> {
        self.scenario().exchanges.get(*self.edited.start())
    }

    /// The key with the numbers of the exchanges that are edited.
    pub fn key(&self, key: &str) -> Key {
        match key.strip_prefix("x.") {
            Some(field) => {
                let (from, to) = (*self.edited.start(), *self.edited.end());
                // The first of all has none before it to wait for.
                let from = if field == "gap" && from == 0 && to > 0 { 1 } else { from };
                exchange::write_key(from, to, field)
            }
            None => key.into(),
        }
    }

    /// What the field shows, and what is wrong with it.
    pub fn field(&self, key: &str) -> (String, Option<&str>) {
        let key = self.key(key);
        if let Some(draft) = self.drafts.iter().find(|draft| draft.key == key) {
            return (draft.text.clone(), draft.problem.as_deref());
        }
        let scenario = self.scenario();
        let value = params::get(scenario, &key).or_else(|| {
            let (_, field) = exchange::split_key(&key)?;
            exchange::read_field(self.planned()?, *self.edited.start(), field)
        });
        (value.unwrap_or_default(), None)
    }

    /// The text of a name or value of a field, and what is wrong with it.
    pub fn head(&self, heads: Heads, index: usize, is_name: bool) -> (String, Option<&str>) {
        let key = head_key(heads, index, is_name);
        if let Some(draft) = self.drafts.iter().find(|draft| draft.key == key) {
            return (draft.text.clone(), draft.problem.as_deref());
        }
        let field = self.planned().and_then(|planned| heads.of(planned).0.get(index));
        let text = field.map(|field| if is_name { &field.name } else { &field.value });
        (text.cloned().unwrap_or_default(), None)
    }

    pub const fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub const fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    pub fn update(&mut self, msg: Msg) -> Effects {
        match msg {
            Msg::Set(key, value) => {
                let key = self.key(&key);
                self.drop_draft(&key);
                self.set(&key, value)
            }
            Msg::Type(key, text) => {
                let key = self.key(&key);
                self.set(&key, text)
            }
            Msg::Leave(key) => self.leave(&key),
            Msg::Unset(key) => {
                self.drop_draft(&key);
                self.set(&key, params::UNSET.into())
            }
            Msg::Edit(group) => {
                self.drafts.clear();
                self.edited = group;
                self.settle();
                Effects::RENDER
            }
            Msg::Add
            | Msg::Duplicate
            | Msg::Remove
            | Msg::Up
            | Msg::Down
            | Msg::Repeat(_)
            | Msg::SendNow => self.list(&msg),
            Msg::Head(heads, change) => self.heads(heads, &change, ""),
            Msg::TypeHead { heads, index, is_name, text } => {
                self.type_head(heads, index, is_name, text)
            }
            Msg::Play(playing) => {
                self.playing = playing;
                Effects::RENDER
            }
            Msg::At(at) => {
                self.study.at = Some(at);
                self.now = at;
                Effects::ALL
            }
            Msg::Now(at) => {
                self.now = at;
                Effects::RENDER
            }
            Msg::Pick(pick) => self.pick(pick),
            Msg::Compare(_)
            | Msg::Apply(_)
            | Msg::Scenario(_)
            | Msg::Link(_)
            | Msg::Study(_)
            | Msg::Reset
            | Msg::Undo
            | Msg::Redo => self.whole(msg),
            Msg::About(card, link) => {
                let effects = self.whole(Msg::Link(link));
                self.about = Some(card);
                effects
            }
            Msg::Flip => self.flip(),
            Msg::Rest => {
                self.advise();
                Effects::RENDER
            }
            other => self.view(other),
        }
    }

    /// Messages about what is shown, not about the study.
    fn view(&mut self, msg: Msg) -> Effects {
        match msg {
            Msg::Edits(edits) => {
                self.drafts.clear();
                self.edits = edits;
                self.settle();
            }
            Msg::Sheet(sheet) => {
                let link = self.link();
                self.sheet = sheet;
                self.copied = false;
                return Effects { render: true, link: link != self.link() };
            }
            Msg::Filter(text) => self.filter = text,
            Msg::Paste(text) => self.pasted = text,
            Msg::TakePaste(chosen) => return self.take_paste(chosen),
            Msg::Fetched => {}
            Msg::Theme => self.theme = self.theme.next(),
            Msg::Keys(keys) => self.keys = keys,
            Msg::Table(table) => self.table = table,
            Msg::MoreRows => self.table.rows += 4 * ROWS,
            Msg::DismissNotices => self.notices.clear(),
            Msg::Export(export) => {
                self.export = export;
                self.copied = false;
            }
            Msg::Copied(copied) => self.copied = copied,
            _ => return Effects::NONE,
        }
        Effects::RENDER
    }

    fn pick(&mut self, pick: Option<Pick>) -> Effects {
        self.study.pick = pick;
        self.advice.fresh = false;
        self.edit_picked();
        self.settle();
        Effects::ALL
    }

    /// What is edited is what is explained.
    fn edit_picked(&mut self) {
        let Some(Pick { run, key }) = self.study.pick else { return };
        if let Some(exchange) = key.exchange {
            let exchange = exchange as usize;
            if !self.edited.contains(&exchange) {
                self.drafts.clear();
                self.edited = exchange..=exchange;
            }
        }
        if self.run() != run && self.compares() {
            self.drafts.clear();
            self.edits = if run == 0 { Edits::Upper } else { Edits::Both };
        }
    }

    /// Changes the scenario that is edited, and runs it.
    fn change(&mut self, key: &str, make: impl FnOnce(&mut Scenario)) -> Effects {
        let mut scenario = self.scenario().clone();
        make(&mut scenario);
        self.put(key, scenario)
    }

    /// Puts an edited scenario in the place of the one that is shown.
    fn put(&mut self, key: &str, scenario: Scenario) -> Effects {
        self.remember(key);
        let upper = self.study.scenario_of(0);
        match (&mut self.study.versus, self.edits) {
            (Some(versus), Edits::Upper) => {
                versus.changes = params::diff(&self.study.scenario, &scenario);
            }
            (Some(versus), Edits::Lower) => {
                versus.changes = params::diff(&scenario, &upper);
                self.study.scenario = scenario;
            }
            _ => {
                self.study.scenario = scenario;
                // A difference that the new product does not know is no difference any more.
                self.study.settle();
            }
        }
        self.run_again()
    }

    fn set(&mut self, key: &str, text: String) -> Effects {
        let mut trial = self.scenario().clone();
        let part = Part::ALL.into_iter().find(|part| part.as_str() == key);
        let result = match part {
            // Another product keeps the settings that it knows too.
            Some(part) => {
                let (id, version) = text.split_once('@').unwrap_or((&text, ""));
                let with = Study::of(trial.clone()).with_product(part, id, version);
                with.map(|study| trial = study.scenario)
            }
            None => params::set(&mut trial, key, &text).and_then(|()| few(&trial, key)),
        };
        let problem = result.err().map(|ParamError { problem, .. }| match problem {
            Problem::Wrong(problem) => problem,
            Problem::Unknown => "there is no such setting".into(),
        });
        let fine = problem.is_none() && *self.scenario() != trial;
        self.put_draft(key, text, problem);
        if fine { self.put(key, trial) } else { Effects::RENDER }
    }

    fn put_draft(&mut self, key: &str, text: String, problem: Option<String>) {
        self.drop_draft(key);
        self.drafts.push(Draft { key: key.into(), text, problem });
    }

    fn drop_draft(&mut self, key: &str) {
        self.drafts.retain(|draft| draft.key != key);
    }

    /// What was typed is now shown as it was understood; what cannot be stays, with its message.
    fn leave(&mut self, key: &str) -> Effects {
        let key = self.key(key);
        let before = self.drafts.len();
        self.drafts.retain(|draft| draft.key != key || draft.problem.is_some());
        if self.drafts.len() == before { Effects::NONE } else { Effects::RENDER }
    }

    fn heads(&mut self, heads: Heads, change: &HeadEdit, key: &str) -> Effects {
        if key.is_empty() {
            self.drafts.retain(|draft| !draft.key.starts_with("head"));
        }
        let group = self.edited.clone();
        let sound = self.planned().is_some_and(|planned| {
            let mut headers = heads.of(planned).clone();
            change.make(&mut headers);
            headers.iter().all(|field| fields::check(field).is_ok())
        });
        if !sound {
            return Effects::RENDER;
        }
        self.change(key, |scenario| {
            for planned in scenario.exchanges.iter_mut().skip(*group.start()).take(group.count()) {
                change.make(heads.of_mut(planned));
            }
        })
    }

    fn type_head(&mut self, heads: Heads, index: usize, is_name: bool, text: String) -> Effects {
        let known = self.planned().and_then(|planned| heads.of(planned).0.get(index).cloned());
        let Some(mut field) = known else { return Effects::NONE };
        let part = if is_name { &mut field.name } else { &mut field.value };
        part.clone_from(&text);
        let key = head_key(heads, index, is_name);
        let problem = fields::check(&field).err();
        let fine = problem.is_none();
        self.put_draft(&key, text, problem);
        if fine {
            self.heads(heads, &HeadEdit::Change(index, field), &key)
        } else {
            Effects::RENDER
        }
    }

    /// Messages about the list of exchanges: it is the same in both runs.
    fn list(&mut self, msg: &Msg) -> Effects {
        self.drafts.clear();
        self.remember("");
        let group = self.edited.clone();
        let (from, to) = (*group.start(), *group.end());
        let count = self.study.scenario.exchanges.len();
        let now = self.seen();
        let model = self.planned().cloned();
        let like = |index: usize| {
            let fresh = exchange::fresh(index);
            let start = fresh.start;
            Planned { start, pipeline: false, ..model.unwrap_or(fresh) }
        };
        let scenario = &mut self.study.scenario;
        let edited = match msg {
            Msg::Add => {
                edit::insert(scenario, count, like(count));
                count
            }
            Msg::SendNow => {
                let Planned { request, body_bytes, app, .. } = like(count);
                self.study = self.study.send_now(now, request, body_bytes, app);
                self.playing = true;
                count
            }
            Msg::Duplicate => {
                edit::insert(scenario, to + 1, like(to + 1));
                to + 1
            }
            Msg::Remove => {
                edit::remove(scenario, &group);
                from
            }
            Msg::Repeat(more) => {
                edit::repeat(scenario, to, *more);
                to
            }
            Msg::Down => {
                self.study = self.study.swap_exchanges(from);
                from + 1
            }
            _ => {
                self.study = self.study.swap_exchanges(from.saturating_sub(1));
                from.saturating_sub(1)
            }
        };
        if matches!(msg, Msg::Duplicate | Msg::Remove | Msg::Repeat(_)) {
            self.study.forget_exchanges(from);
        }
        self.edited = edited..=edited;
        self.run_again()
    }

    /// Messages that replace the study.
    fn whole(&mut self, msg: Msg) -> Effects {
        self.drafts.clear();
        match msg {
            Msg::Compare(on) => {
                self.remember("");
                self.study.versus = on.then(Versus::default);
                self.study.pick = None;
                // The upper run stays as it is now; what is edited from here on is the lower one.
                self.edits = if on { Edits::Lower } else { Edits::Both };
            }
            Msg::Apply(changes) => {
                let (scenario, _) = params::apply(self.scenario(), &changes);
                return self.change("", |slot| *slot = scenario);
            }
            Msg::Scenario(id) => self.replace(catalogue::study(&id)),
            Msg::Reset => {
                let entry = self.study.entry.clone();
                self.replace(catalogue::study(&entry));
            }
            Msg::Link(text) => {
                if text.trim_start_matches('#') == self.link() {
                    return Effects::NONE;
                }
                let parsed = link::parse(&text);
                self.notices = parsed.messages.into_iter().map(|message| message.text).collect();
                self.sheet = parsed.see.map(Sheet::See);
                if parsed.study == self.study {
                    return Effects::ALL;
                }
                self.replace(parsed.study);
                self.edit_picked();
                return self.run_again();
            }
            Msg::Study(study) => {
                self.remember("");
                self.study = *study;
            }
            Msg::Undo => {
                let Some(step) = self.past.pop() else { return Effects::NONE };
                self.about = None;
                let now = std::mem::replace(&mut self.study, step.study);
                self.future.push(Step { study: now, key: String::new() });
            }
            Msg::Redo => {
                let Some(step) = self.future.pop() else { return Effects::NONE };
                let now = std::mem::replace(&mut self.study, step.study);
                self.past.push(Step { study: now, key: String::new() });
            }
            _ => {}
        }
        self.sheet = None;
        self.run_again()
    }

    /// Sets what the pasted file sets, in one step: another product comes with these settings only,
    /// the same one keeps its others.
    fn take_paste(&mut self, theirs: Chosen) -> Effects {
        self.pasted.clear();
        self.drafts.clear();
        self.sheet = None;
        let server = product(&theirs.product).is_some_and(|product| product.is_server());
        let part = if server { Part::Server } else { Part::Client };
        let mut both = part.of(self.scenario()).clone();
        if both.product == theirs.product {
            if !theirs.version.is_empty() {
                both.version.clone_from(&theirs.version);
            }
            for (name, value) in &theirs.settings {
                both.set(name, value);
            }
        }
        // What was set before may not go with what is set now.
        let fits = both.product == theirs.product && params::check(part, &both).is_ok();
        let chosen = if fits { both } else { theirs };
        self.change("", |scenario| *part.of_mut(scenario) = chosen)
    }

    fn replace(&mut self, study: Study) {
        self.about = None;
        self.remember("");
        self.study = study;
        self.playing = false;
        self.edited = 0..=0;
        self.edits = Edits::Both;
        self.more = false;
        self.table.rows = ROWS;
    }

    /// The switch that sets the runs apart, or the server's first.
    fn flip(&mut self) -> Effects {
        let chosen = Part::Server.of(self.scenario());
        let Ok(config) = Config::parse(chosen) else { return Effects::NONE };
        let switch = |setting: &&Setting| matches!(setting.kind, Kind::Flag { .. });
        let mut switches = config.product.settings.iter().filter(switch);
        let apart = self.study.versus.iter().flat_map(|versus| &versus.changes);
        let named: Vec<&str> = apart.filter_map(|(key, _)| key.strip_prefix("server.")).collect();
        let first = switches.clone().find(|setting| named.contains(&setting.name));
        let Some(setting) = first.or_else(|| switches.next()) else { return Effects::NONE };
        let Kind::Flag { on, off } = setting.kind else { return Effects::NONE };
        let value = if config.flag(setting.name) { off } else { on };
        self.set(&format!("server.{}", setting.name), value.into())
    }

    fn advise(&mut self) {
        let mut advice = Advice { fresh: true, ..Advice::default() };
        if self.scenario().count() <= MOST_TRIED {
            advice.what_if =
                self.picked.map(|(pick, _)| what_if(&self.study, pick)).unwrap_or_default();
            advice.idle = self.idle_settings();
        }
        self.advice = advice;
    }

    fn idle_settings(&self) -> Vec<(Part, &'static str)> {
        let scenario = self.scenario();
        let timeline = self.show.runs.get(self.run()).and_then(Run::timeline);
        let of_part = |part: Part| {
            let config = Config::parse(part.of(scenario)).ok()?;
            let known = config.product.settings.iter();
            let idle = known.filter(|setting| {
                config.setting(setting.name).is_ok()
                    && timeline.is_some_and(|run| !effect::matters(scenario, run, part, setting))
            });
            Some(idle.map(|setting| (part, setting.name)).collect::<Vec<_>>())
        };
        Part::of_scenario(scenario).iter().copied().filter_map(of_part).flatten().collect()
    }

    fn run_again(&mut self) -> Effects {
        self.advice.fresh = false;
        self.show = Rc::new(runs_of(&self.study));
        self.verdict = words::verdict(&self.show);
        self.waits = waits(&self.show);
        self.settle();
        Effects::ALL
    }

    /// Whatever happened, indices point at something that is there.
    fn settle(&mut self) {
        let when = |pick: Pick| {
            let timeline = self.show.runs.get(pick.run).and_then(Run::timeline)?;
            Some((pick, timeline.event(pick.key)?))
        };
        let chosen = self.study.pick.and_then(when);
        self.picked = chosen.or_else(|| self.show.picked().and_then(when));
        if !self.playing {
            self.now = self.at();
        }
        if !self.compares() {
            self.edits = Edits::Both;
        }
        // Not closed under the hand that takes the last of them away.
        self.more |= knobs::used(self.scenario());
        let last = self.scenario().exchanges.len().saturating_sub(1);
        let from = (*self.edited.start()).min(last);
        self.edited = from..=(*self.edited.end()).min(last).max(from);
    }

    /// Keeps the study as it is, to come back to.
    fn remember(&mut self, key: &str) {
        self.future.clear();
        let same = |step: &Step| !key.is_empty() && step.key == key;
        if self.past.last().is_some_and(same) {
            return;
        }
        self.past.push(Step { study: self.study.clone(), key: key.into() });
        // Studies can be large: what is kept is bounded by what it holds.
        let size = |step: &Step| 1 + step.study.scenario.exchanges.len() / 100;
        let mut total: usize = self.past.iter().map(size).sum();
        while total > MOST_STEPS && self.past.len() > 1 {
            total -= size(&self.past.remove(0));
        }
    }
}

/// With more exchanges in a run than this the page would not answer while it is edited. A link may ask
/// for more.
const MOST_EDITED: usize = 100_000;

/// A load of so many exchanges can be edited.
fn few(scenario: &Scenario, key: &str) -> Result<(), ParamError> {
    if !key.starts_with("load") || scenario.count() <= MOST_EDITED {
        return Ok(());
    }
    let rounds = MOST_EDITED / scenario.exchanges.len().max(1);
    let problem = Problem::Wrong(format!("at most {rounds} rounds of these requests here"));
    Err(ParamError { key: key.into(), problem })
}

/// Steps back that are kept; one of a hundred exchanges counts twice, and so on.
const MOST_STEPS: usize = 200;

fn runs_of(study: &Study) -> Show {
    Study { at: None, pick: None, ..study.clone() }.show()
}

/// From so many exchanges on the waits are told as percentiles.
const MANY: usize = 20;

fn waits(show: &Show) -> Vec<String> {
    let many = show.runs.iter().filter(|run| run.hop == 0 && run.scenario.count() > MANY);
    let line = |run: &Run| {
        let line = words::waits(&Stats::of(run.timeline()?, 0))?;
        Some(if run.name.is_empty() { line } else { [run.name, ": ", &line].concat() })
    };
    many.filter_map(line).collect()
}

fn head_key(heads: Heads, index: usize, is_name: bool) -> Key {
    let heads = if heads == Heads::Request { "q" } else { "a" };
    format!("head.{heads}{index}{}", if is_name { "n" } else { "v" })
}
