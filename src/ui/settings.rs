//! The settings of server, client and network, each under its own name, with default, bounds and source.
use super::View;
use super::dom::bad;
use super::state::{Msg, Sheet};
use super::steps;
use crate::catalogue;
use crate::order;
use crate::profile::{Chosen, Config, Kind, PRODUCTS, Product, Setting, product};
use crate::scene::words;
use crate::share::see::See;
use crate::sim::Tls;
use crate::study::Study;
use crate::study::params::{self, Part};
use crate::study::text::{read_bandwidth, read_time};
use yew::prelude::*;

/// Settings that stand there at once; those that are set come first, the rest is a click away.
const FIRST: usize = 4;

impl View<'_> {
    pub fn settings(&self) -> Html {
        let heading = self.id("settings");
        html! {
            <section class="panel srvp" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading} tabindex="-1">{ "Server" }</h2>
                    <span class="end">{ self.product(Part::Server) }</span>
                </header>
                { self.product_settings(Part::Server) }
                { self.beside(Part::Server) }
                <div class="bar">
                    <h2>{ "Client" }</h2>
                    <span class="push">{ self.product(Part::Client) }</span>
                </div>
                { self.product_settings(Part::Client) }
                { self.beside(Part::Client) }
                <div class="bar"><h2>{ "Network" }</h2></div>
                { self.network() }
                { self.more_settings() }
            </section>
        }
    }

    /// What there is to a product beside its settings.
    fn beside(&self, part: Part) -> Html {
        let Some(product) = product(&part.of(self.model.scenario()).product) else {
            return Html::default();
        };
        let to = |text: &'static str, see: See| {
            let open = self.click(Msg::Sheet(Some(Sheet::See(see))));
            html! { <button type="button" class="text" onclick={open}>{ text }</button> }
        };
        html! {
            <p class="row beside">
                { to("Proof", See::Proof(product.id)) }
                if part == Part::Server {
                    { to("As a config file", See::Export) }
                    { to("Paste a config", See::Import) }
                }
            </p>
        }
    }

    /// Product and version.
    pub fn product(&self, part: Part) -> Html {
        let chosen = part.of(self.model.scenario());
        let key = part.as_str();
        let fits = |product: &&&Product| match part {
            Part::Proxy => params::check(part, &Chosen::new(product.id, "")).is_ok(),
            _ => product.is_server() == part.serves(),
        };
        let products = PRODUCTS.iter().filter(fits).map(|product| {
            html! { <option value={product.id} selected={product.id == chosen.product}>{ product.name }</option> }
        });
        let config = Config::parse(chosen);
        let (product_label, version_label) = match part {
            Part::Server => ("Server product", "Version"),
            Part::Client => ("Client product", "Version"),
            Part::Proxy => ("Proxy product", "Version of the proxy"),
        };
        html! {
            <span class="both">
                <select class="input" aria-label={product_label} key={format!("{key}{}", chosen.product)}
                    onchange={self.chosen(move |id| Msg::Set(key.into(), id))}>
                    if part == Part::Proxy {
                        <option value="none" selected={chosen.product.is_empty()}>{ "none" }</option>
                    }
                    { for products }
                </select>
                if let Ok(config) = config {
                    if config.product.versions.len() > 1 { { self.version_of(part, version_label, &config) } }
                }
            </span>
        }
    }

    fn version_of(&self, part: Part, label: &'static str, config: &Config) -> Html {
        let id = config.product.id;
        let key = part.as_str();
        let now = config.version_id();
        let versions = config.product.versions.iter().rev().map(|version| {
            html! { <option value={version.id} selected={version.id == now} title={version.note}>{ version.id }</option> }
        });
        html! {
            <select class="input" aria-label={label} key={format!("{key}{id}{now}")}
                onchange={self.chosen(move |version| Msg::Set(key.into(), format!("{id}@{version}")))}>
                { for versions }
            </select>
        }
    }

    pub fn product_settings(&self, part: Part) -> Html {
        let chosen = part.of(self.model.scenario());
        let Ok(config) = Config::parse(chosen) else { return Html::default() };
        let known = |setting: &&'static Setting| config.setting(setting.name).is_ok();
        let mut settings: Vec<&'static Setting> =
            config.product.settings.iter().filter(known).collect();
        let count = settings.len();
        // Stable: those that the scenario is about, then the product's own order. What is set by hand
        // stays in its place, or it would run away from under the hand.
        let base = catalogue::study(&self.model.study.entry);
        let about = |setting: &Setting| about(&base, part, setting);
        order::sort(&mut settings, |setting| (u64::from(!about(setting)), 0));
        let first = settings.iter().filter(|setting| about(setting)).count();
        let first = first.max(if part == Part::Server { FIRST } else { 2 });
        let (shown, more) = settings.split_at(first.min(count));
        let open = more.iter().any(|setting| self.touched(part, setting));
        let version_note = config.product.versions[config.version].note;
        html! {
            <>
                <p class="note">
                    { config.product.gist }{ " " }
                    if !version_note.is_empty() { { format!("{}: {version_note}. ", config.version_id()) } }
                    <a href={config.product.source.url}>{ "Source" }</a>
                </p>
                { for shown.iter().map(|setting| self.setting(part, &config, setting)) }
                if !more.is_empty() {
                    <details {open}>
                        <summary>{ words::count(more.len(), "more setting", "more settings") }</summary>
                        { for more.iter().map(|setting| self.setting(part, &config, setting)) }
                    </details>
                }
            </>
        }
    }

    /// Is it set in any run?
    fn touched(&self, part: Part, setting: &Setting) -> bool {
        // Behind a proxy the client of a run is the proxy itself.
        let mut runs = self.model.show.runs.iter().filter(|run| run.hop == 0);
        runs.any(|run| part.of(&run.scenario).value(setting.name).is_some())
    }

    fn setting(&self, part: Part, config: &Config, setting: &'static Setting) -> Html {
        let key = format!("{}.{}", part.as_str(), setting.name);
        let matters = !self.model.advice.idle.contains(&(part, setting.name));
        let (control, problem) = self.control(&key, config, setting);
        let is_set = config.is_set(setting.name);
        let default = config.default_of(setting);
        html! {
            <div key={setting.name} class={classes!("set", (!matters).then_some("off"))}>
                <span class="name">{ setting.name }</span>
                { control }
                { problem }
                <details class="about">
                    <summary>
                        { told_default(setting, default.value) }
                        if let Some(other) = self.other_run(part, setting) { { other } }
                        if !matters { <b>{ " No effect on this run." }</b> }
                    </summary>
                    <p class="note">
                        { setting.gist }
                        if !setting.special.is_empty() { { " " }{ capital(setting.special) }{ "." } }
                        if is_set && config.text(setting.name) != default.value {
                            { " " }
                            <button type="button" class="text" onclick={self.click(Msg::Unset(key.clone()))}>{ "Back to the default" }</button>
                        }
                    </p>
                </details>
                <a class="clause" href={default.source.url} title={default.source.gist}>{ default.source.section }</a>
            </div>
        }
    }

    /// What the other run of a comparison has here, if it differs.
    fn other_run(&self, part: Part, setting: &'static Setting) -> Option<String> {
        let other = self
            .model
            .show
            .runs
            .get(1 - self.model.run().min(1))
            .filter(|_| self.model.compares())?;
        let theirs = Config::parse(part.of(&other.scenario)).ok()?;
        let ours = Config::parse(part.of(self.model.scenario())).ok()?;
        let value = theirs.text(setting.name);
        let differs = theirs.product.id == ours.product.id && value != ours.text(setting.name);
        differs.then(|| format!(" Run {} has {value}.", other.name))
    }

    fn control(&self, key: &str, config: &Config, setting: &'static Setting) -> (Html, Html) {
        let value = config.text(setting.name);
        let choose = |words: &[&'static str]| {
            let options = words.iter().map(|word| {
                (
                    AttrValue::from(*word),
                    value.eq_ignore_ascii_case(word),
                    Msg::Set(key.into(), (*word).into()),
                )
            });
            self.segments(setting.name, options.collect())
        };
        match &setting.kind {
            Kind::Flag { on, off } => (choose(&[off, on]), self.problem(key)),
            Kind::Choice(words) if words.concat().len() < 28 => (choose(words), self.problem(key)),
            Kind::Choice(words) => {
                (self.select(key, setting.name, words, value), self.problem(key))
            }
            Kind::Number { .. } => self.setting_input(key, config, setting, "input num"),
            Kind::Time { .. } => {
                let list = steps::of(setting);
                let now = steps::now(config, setting, &list);
                let (field, problem) = self.setting_input(key, config, setting, "input num");
                let control = html! {
                    <span class="both">
                        { self.slider(key, setting.name, &list, now) }
                        { field }
                        <span class="unit">{ unit(&setting.kind).trim_start() }</span>
                    </span>
                };
                (control, problem)
            }
            Kind::Text { .. } => {
                let (field, problem) = self.setting_input(key, config, setting, "input");
                (html! { <span class="wide">{ field }</span> }, problem)
            }
        }
    }

    fn select(&self, key: &str, label: &'static str, words: &[&'static str], value: &str) -> Html {
        let onchange = {
            let key = key.to_owned();
            self.chosen(move |word| Msg::Set(key.clone(), word))
        };
        html! {
            <select class="input wide" aria-label={label} key={format!("{key}{value}")} {onchange}>
                { for words.iter().map(|word| html! { <option value={*word} selected={*word == value}>{ *word }</option> }) }
            </select>
        }
    }

    /// The text of a setting: what is typed, what is set, or the default.
    fn setting_input(
        &self,
        key: &str,
        config: &Config,
        setting: &'static Setting,
        class: &'static str,
    ) -> (Html, Html) {
        let (mut text, problem) = self.model.field(key);
        if text.is_empty() && problem.is_none() && !config.is_set(setting.name) {
            config.text(setting.name).clone_into(&mut text);
        }
        let placeholder =
            if let Kind::Text { placeholder } = setting.kind { placeholder } else { "" };
        let oninput = {
            let key = key.to_owned();
            self.typed(move |text| Msg::Type(key.clone(), text))
        };
        let field = html! {
            <input type="text" {class} value={text} {placeholder} aria-label={setting.name} autocomplete="off" size="1"
                spellcheck="false" aria-invalid={problem.map(|_| "true")} {oninput} onblur={self.left(key.to_owned())} />
        };
        (field, bad(problem))
    }

    fn problem(&self, key: &str) -> Html {
        bad(self.model.field(key).1)
    }

    fn network(&self) -> Html {
        let network = self.model.scenario().network;
        let (rtt, rtt_bad) = self.input("rtt", "input num", "Round-trip time");
        let rtts = steps::rtt();
        let rtt_now =
            steps::below(&rtts, network.rtt.0, |step| read_time(step).map_or(0, |us| us.0));
        let (bandwidth, bandwidth_bad) = self.input("bandwidth", "input num", "Bandwidth");
        let widths = steps::bandwidth();
        let bps = |step: &str| read_bandwidth(step).flatten().unwrap_or(u64::MAX);
        let width_now = steps::below(&widths, network.bandwidth_bps.unwrap_or(u64::MAX), bps);
        let tls = Tls::ALL.iter().map(|tls| {
            let name =
                if *tls == Tls::None { "none".into() } else { format!("TLS {}", tls.as_str()) };
            (
                AttrValue::from(name),
                network.tls == *tls,
                Msg::Set("tls".into(), tls.as_str().into()),
            )
        });
        html! {
            <>
                <div class="set">
                    <span>{ "Round trip " }<abbr class="note" title="round-trip time: to the other end and back">{ "RTT" }</abbr></span>
                    <span class="both">{ self.slider("rtt", "Round-trip time", &rtts, rtt_now) }{ rtt }</span>
                    { rtt_bad }
                </div>
                <div class="set">
                    <span>{ "Encryption" }</span>
                    { self.segments("Encryption", tls.collect()) }
                    <p class="note">{ match network.tls {
                        Tls::None => "No handshake beyond that of TCP.",
                        Tls::V12 => "Two more round trips before the first request.",
                        Tls::V13 => "One more round trip before the first request.",
                    } }</p>
                </div>
                <div class="set">
                    <span>{ "Bandwidth" }</span>
                    <span class="both">{ self.slider("bandwidth", "Bandwidth", &widths, width_now) }{ bandwidth }</span>
                    { bandwidth_bad }
                    <p class="note">{ "In each direction; none: bytes take no time." }</p>
                </div>
            </>
        }
    }
}

/// A default that is empty still has to be seen.
const fn shown(value: &str) -> &str {
    if value.is_empty() { "none" } else { value }
}

/// `Default 100 requests.`; a 0 that is no number but a word is said.
fn told_default(setting: &Setting, value: &str) -> String {
    if value == "0" && setting.special.contains("no limit") {
        return "Default 0: no limit.".into();
    }
    let mut unit = unit(&setting.kind);
    if value == "1" && unit.ends_with("ions") {
        unit.pop(); // 1 connection
    }
    format!("Default {}{unit}.", shown(value))
}

fn unit(kind: &Kind) -> String {
    match kind {
        Kind::Number { unit, .. } if !unit.is_empty() => format!("\u{a0}{unit}"),
        Kind::Time { unit, .. } => format!("\u{a0}{}", unit.symbol()),
        _ => String::new(),
    }
}

fn capital(text: &str) -> String {
    words::capital(text)
}

/// Is it set in one of the runs of a scenario as it began?
fn about(base: &Study, part: Part, setting: &Setting) -> bool {
    let own = part.of(&base.scenario).value(setting.name).is_some();
    let key = || format!("{}.{}", part.as_str(), setting.name);
    own || base.versus.iter().flat_map(|versus| &versus.changes).any(|(name, _)| *name == key())
}
