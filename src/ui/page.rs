//! The whole page: header, scenario, verdict, figure, panels; and the figure alone, for embedding.
use super::bytes::{self, Line};
use super::dom::{self, icon};
use super::state::{Edits, Msg, Sheet, Theme};
use super::table::{EventTable, Runs};
use super::timeline::{Stage, StageMsg};
use super::toggle::toggle;
use super::{View, words};
use crate::catalogue::cards::Shelf;
use crate::catalogue::{self, ENTRIES, Entry};
use crate::profile::Config;
use crate::scene;
use crate::scene::words::{Sign, Verdict, capital, exchange_of};
use crate::share::see::{See, TOOLS};
use crate::study::Run;
use crate::study::params::Part;
use yew::prelude::*;

/// Names of scenarios beside the one that is shown.
const OTHERS: usize = 6;

impl View<'_> {
    pub fn page(&self) -> Html {
        html! {
            <div class="page"><div class="wrap">
                <a class="skip" href={format!("#{}", self.id("events"))} onclick={self.click(Msg::Focus("events"))}>{ "Skip to the event table" }</a>
                { self.top() }
                <main>
                    { self.say() }
                    { self.stage() }
                    { for self.model.waits.iter().map(|line| html! { <p class="note look waits">{ line.clone() }</p> }) }
                    { self.look_for() }
                    { self.try_row() }
                    <div class="panels">
                        { self.composer() }
                        { self.settings() }
                        { self.why_panel() }
                    </div>
                    <EventTable runs={Runs(self.model.show.clone())} view={self.model.table} at={self.model.now}
                        picked={self.model.picked().map(|(pick, _)| pick)} id={self.id("events")} send={self.send.clone()} />
                    { self.netstat() }
                    { self.more() }
                </main>
                { self.foot() }
                { self.pocket() }
            </div></div>
        }
    }

    pub fn embed(&self) -> Html {
        html! {
            <figure class="embed" role="group" aria-labelledby={self.id("verdict")}>
                { self.say() }
                { self.stage() }
            </figure>
        }
    }

    fn top(&self) -> Html {
        let theme = match self.model.theme {
            Theme::Auto => "Theme: as the system",
            Theme::Light => "Theme: light",
            Theme::Dark => "Theme: dark",
        };
        html! {
            <header class="top">
                <a class="brand" href="#" onclick={self.click(Msg::Scenario(catalogue::DEFAULT.into()))}>{ brand() }{ "Keep-Alive Explainer" }</a>
                <nav class="tools" aria-label="Tools">
                    <button type="button" class="ghost" aria-label="Share" onclick={self.click(Msg::Sheet(Some(Sheet::Share)))}>
                        { icon(dom::SHARE) }<span class="word">{ "Share" }</span>
                    </button>
                    <button type="button" class="ghost icon" aria-label={theme} title={theme} onclick={self.click(Msg::Theme)}>
                        { icon(dom::HALF) }
                    </button>
                    <button type="button" class="ghost icon" aria-label="Help and keys" title="Help and keys" onclick={self.click(Msg::Sheet(Some(Sheet::Help)))}>
                        { "?" }
                    </button>
                </nav>
            </header>
        }
    }

    /// Scenario, verdict, why.
    fn say(&self) -> Html {
        html! {
            <section class="say" aria-label={(self.mode == super::Mode::Page).then_some("Verdict")}>
                { self.notices() }
                if self.mode == super::Mode::Page { { self.crumb() } }
                { self.verdict() }
                if self.mode == super::Mode::Page { { self.wire() } }
            </section>
        }
    }

    fn notices(&self) -> Html {
        if self.model.notices.is_empty() {
            return Html::default();
        }
        html! {
            <div class="alert" role="alert">
                <ul>{ for self.model.notices.iter().map(|text| html! { <li>{ text.clone() }</li> }) }</ul>
                <span class="push">{ self.mini(dom::CROSS, "Dismiss", Msg::DismissNotices) }</span>
            </div>
        }
    }

    fn crumb(&self) -> Html {
        let entry = &self.model.study.entry;
        let title = catalogue::entry(entry).map_or("Your own scenario", |entry| entry.title);
        let others = ENTRIES.iter().filter(|other| other.id != entry).take(OTHERS);
        let open = Msg::Sheet(Some(Sheet::Scenarios));
        html! {
            <div class="crumb">
                <h1>
                    <button type="button" class="now" aria-haspopup="dialog" onclick={self.click(open.clone())}>
                        { title }{ icon(dom::CHEVRON) }
                    </button>
                </h1>
                <nav aria-label="Other scenarios" class="others-of">
                    <ul class="others">
                        { for others.map(|entry| html! { <li>{ self.entry_link(entry, html! { entry.title }) }</li> }) }
                    </ul>
                </nav>
                <button type="button" class="text" onclick={self.click(open)}>{ format!("all {}", ENTRIES.len()) }</button>
                { self.compared() }
            </div>
        }
    }

    /// The ways to what is no scenario: all products at once.
    fn compared(&self) -> Html {
        let sheet = |see| Msg::Sheet(Some(Sheet::See(see)));
        let cards = |shelf| sheet(See::Cards { shelf, card: None });
        let ways = [
            ("Incidents", cards(Shelf::Incidents)),
            ("Claims checked", cards(Shelf::Claims)),
            ("Where they differ", self.to_differ()),
            ("Surprises", sheet(See::Surprises)),
            ("Calculators", sheet(See::Tool(TOOLS[0].0))),
        ];
        // Where there is little room only the first is shown.
        let way = |(index, (name, msg)): (usize, (&'static str, Msg))| {
            let class = classes!("text", "beside", (index == 0).then_some("first"));
            html! { <button type="button" {class} onclick={self.click(msg)}>{ name }</button> }
        };
        html! { <>{ for ways.into_iter().enumerate().map(way) }</> }
    }

    /// A link that opens a scenario; its address works in a new tab too.
    pub fn entry_link(&self, entry: &Entry, content: Html) -> Html {
        let current = (entry.id == self.model.study.entry).then_some("true");
        html! {
            <a href={format!("#v=1&scenario={}", entry.id)} title={entry.look_for} aria-current={current}
                onclick={self.click(Msg::Scenario(entry.id.into()))}>{ content }</a>
        }
    }

    fn verdict(&self) -> Html {
        let Verdict { sign, text, why, clause } = self.model.verdict();
        html! {
            <>
                <p class="verdict" id={self.id("verdict")} tabindex="-1">{ sign_of(*sign) }<span>{ text.clone() }</span></p>
                <p class="why">{ why.clone() }{ " " }{ clause.map(dom::clause) }</p>
            </>
        }
    }

    /// What stands on the wire, in each run, of the exchange that is explained.
    fn wire(&self) -> Html {
        let show = &self.model.show;
        let about = self.model.picked().and_then(|(pick, _)| {
            let timeline = show.runs.get(pick.run)?.timeline()?;
            exchange_of(timeline, pick.key).map(|(index, _)| index)
        });
        let line = |run: &Run| {
            let exchange = run.timeline()?.exchanges.get(about.unwrap_or(0) as usize)?;
            let answer = exchange.answer.as_deref()?;
            let asked = bytes::request_lines(&exchange.request, Some(answer));
            let said = bytes::response_lines(&exchange.request, answer);
            Some(html! {
                <li>
                    if !run.name.is_empty() { <span class="label">{ run.name }</span>{ " " } }
                    { brief(&asked) }<span class="label">{ " → " }</span>{ brief(&said) }
                </li>
            })
        };
        html! {
            <div class="wire">
                <ul aria-label="On the wire">{ for show.runs.iter().filter_map(line) }</ul>
                <button type="button" class="label push" onclick={self.click(Msg::Sheet(Some(Sheet::Help)))}>
                    { "Simulated from the settings below" }
                </button>
            </div>
        }
    }

    fn stage(&self) -> Html {
        let model = self.model;
        let embedded = self.mode == super::Mode::Embed;
        let on = self.send.reform(|msg| match msg {
            StageMsg::Seek(at) => Msg::At(at),
            StageMsg::Now(at) => Msg::Now(at),
            StageMsg::Pick(pick) => Msg::Pick(pick),
            StageMsg::Play(playing) => Msg::Play(playing),
            StageMsg::Details => Msg::Details,
            StageMsg::Compare(on) => Msg::Compare(on),
        });
        html! {
            <Stage show={model.show.clone()} at={model.at()} playhead={self.playhead.clone()} playing={model.playing} uid={self.uid} {on}
                pick={model.picked().map(|(pick, _)| pick)} keys={model.keys} labelled_by={self.id("verdict")}
                mode={if embedded { scene::Mode::Embed } else { scene::Mode::Page }}
                few_controls={embedded && self.controls == super::Controls::Min}
                compare={(!embedded).then_some(model.compares())} extra={self.extra(embedded)} />
        }
    }

    /// The setting that the scenario is about, and from somebody's text the way to the whole page.
    fn extra(&self, embedded: bool) -> Html {
        let model = self.model;
        let toggle = toggle(&model.study).filter(|_| embedded || !model.compares()).map(|toggle| {
            let now = Part::Server.of(model.scenario()).value(toggle.name).map(str::to_owned);
            let now = now.or_else(|| {
                let config = Config::parse(Part::Server.of(model.scenario())).ok()?;
                Some(config.text(toggle.name).to_owned())
            });
            let options = toggle.options.into_iter().map(|(value, text)| {
                let on = now.as_ref().is_some_and(|now| now.eq_ignore_ascii_case(&value));
                (AttrValue::from(text), on, Msg::Set(toggle.key.clone(), value))
            });
            html! {
                <>
                    <span class="label">{ toggle.name }</span>
                    { self.segments(toggle.name, options.collect()) }
                </>
            }
        });
        html! {
            <>
                { toggle }
                if embedded {
                    <a class="ghost" target="_blank" rel="noopener" href={format!("{}#{}", dom::here(), model.link())}>
                        { "Open " }{ icon(dom::OPEN) }
                    </a>
                }
            </>
        }
    }

    /// Which run an edit reaches, and the way back.
    /// What the scenario is there for, as long as it stands as it was.
    fn look_for(&self) -> Html {
        if let Some(card) = self.model.about {
            return self.about(card);
        }
        let study = &self.model.study;
        let entry = catalogue::entry(&study.entry).filter(|entry| {
            let base = (entry.build)();
            base.scenario == study.scenario && base.versus == study.versus
        });
        html! {
            if let Some(entry) = entry {
                <p class="note look"><b>{ "What to look for: " }</b>{ entry.look_for }</p>
            }
        }
    }

    fn try_row(&self) -> Html {
        let compares = self.model.compares();
        let edits = |text: &'static str, edits: Edits| {
            (AttrValue::from(text), self.model.edits == edits, Msg::Edits(edits))
        };
        if !compares && !self.model.can_undo() {
            return Html::default();
        }
        html! {
            <div class="try">
                if compares {
                    <div>
                        <span class="label">{ "Requests and settings of" }</span>
                        { self.segments("Which run is edited", vec![
                            edits("both runs", Edits::Both), edits("A only", Edits::Upper), edits("B only", Edits::Lower),
                        ]) }
                    </div>
                }
                if self.model.can_undo() {
                    <button type="button" class="text" onclick={self.click(Msg::Reset)}>{ "Back to the scenario as it was" }</button>
                }
            </div>
        }
    }

    fn more(&self) -> Html {
        let heading = self.id("more");
        let others = ENTRIES.iter().filter(|other| other.id != self.model.study.entry);
        let card = |entry: &'static Entry| {
            html! {
                <a class="card" href={format!("#v=1&scenario={}", entry.id)} onclick={self.go(Msg::Scenario(entry.id.into()))}>
                    <span class="ct">{ entry.title }</span>
                    <p>{ entry.look_for }</p>
                </a>
            }
        };
        html! {
            <section class="section more" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading}>{ "More scenarios" }</h2>
                    { self.compared() }
                    <button type="button" class="text push" onclick={self.click(Msg::Sheet(Some(Sheet::Scenarios)))}>{ format!("All {}", ENTRIES.len()) }</button>
                </header>
                <div class="cards">{ for others.take(6).map(card) }</div>
            </section>
        }
    }

    fn foot(&self) -> Html {
        html! {
            <footer class="foot">
                <span>{ words::simulated(self.model.scenario()) }</span>
                <span>{ "Nothing you type leaves this page, and nothing is stored." }</span>
                <span>{ format!("Version {}", crate::VERSION) }</span>
            </footer>
        }
    }

    /// On a small screen the way to the details, above the player.
    fn pocket(&self) -> Html {
        html! {
            <button type="button" class="pocket" onclick={self.click(Msg::Sheet(Some(Sheet::Why)))}>
                <b>{ capital(self.model.why_title().trim_start_matches("Why ")) }</b>
                <span class="label push">{ "Why" }</span>{ icon(dom::UP) }
            </button>
        }
    }
}

/// The start line, and the lines that decided.
fn brief(lines: &[Line]) -> Html {
    let start = lines.iter().take(1);
    let deciding = lines.iter().skip(1).filter(|line| !line.decides.is_empty());
    let part = |(index, line): (usize, &Line)| {
        let comma = if index > 0 { ", " } else { "" };
        html! { <>{ comma }{ &line.before }<mark>{ &line.decides }</mark>{ &line.after }</> }
    };
    html! { <>{ for start.chain(deciding).enumerate().map(part) }</> }
}

fn sign_of(sign: Sign) -> Html {
    let shapes = match sign {
        Sign::Kept => html! {
            <>
                <circle class="f-resp" cx="11" cy="11" r="10" />
                <path class="sign-line" d="M6.2 11.4l3.2 3.2 6.4-6.8" />
            </>
        },
        Sign::Closed => html! { <path class="k-fin" d="M5 2v19V3.2h14l-4 4.9 4 4.9H5z" /> },
        Sign::Fault => html! {
            <>
                <rect class="k-fault" x="1" y="1" width="20" height="20" rx="3" />
                <path class="k-fault-x" d="M7 7l8 8M15 7l-8 8" />
            </>
        },
    };
    html! { <svg class="sign" viewBox="0 0 22 22" role="img" aria-label={sign.name()}>{ shapes }</svg> }
}

fn brand() -> Html {
    html! {
        <svg width="34" height="18" viewBox="0 0 34 18" aria-hidden="true">
            <path class="k-edge" d="M0 2.5H34M0 15.5H34" />
            <rect class="k-tcp" x="1" y="2" width="5.3" height="14" rx="1.5" />
            <rect class="k-req" x="9" y="2" width="4" height="7" rx="1.5" />
            <rect class="k-resp" x="13" y="9" width="4" height="7" rx="1.5" />
            <rect class="k-req" x="18" y="2" width="4" height="7" rx="1.5" />
            <rect class="k-resp" x="22" y="9" width="4" height="7" rx="1.5" />
            <path class="k-fuse" d="M27 15L27 8L34 15Z" />
            <path class="k-fuse-l" d="M27 8L34 15" />
        </svg>
    }
}
