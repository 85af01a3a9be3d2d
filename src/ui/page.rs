//! The whole page: header, scenario, verdict, figure, panels; and the figure alone, for embedding.
use super::dom::{self, icon};
use super::state::{Edits, Msg, Sheet, Theme};
use super::table::{EventTable, Runs};
use super::{View, words};
use crate::catalogue::{self, ENTRIES, Entry};
use crate::scene::words::{Sign, Verdict};
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
                    { self.try_row() }
                    <div class="panels">
                        { self.composer() }
                        { self.settings() }
                        { self.why_panel() }
                    </div>
                    <EventTable runs={Runs(self.model.show.clone())} view={self.model.table} at={self.model.at()}
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
            <section class="say" aria-label="Verdict">
                { self.notices() }
                if self.mode == super::Mode::Page { { self.crumb() } }
                { self.verdict() }
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
            </div>
        }
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
                <p class="verdict" id={self.id("verdict")}>{ sign_of(*sign) }<span>{ text.clone() }</span></p>
                <p class="why">{ why.clone() }{ " " }{ clause.as_ref().map(dom::clause) }</p>
            </>
        }
    }

    fn stage(&self) -> Html {
        html! { <div class="stage">{ "the figure" }</div> }
    }

    /// What the scenario invites to try, and which run an edit reaches.
    fn try_row(&self) -> Html {
        let edits = |text: &str, edits: Edits| {
            (AttrValue::from(text.to_owned()), self.model.edits == edits, Msg::Edits(edits))
        };
        html! {
            <div class="try">
                if self.model.compares() {
                    <div>
                        <span class="label">{ "Edit" }</span>
                        { self.segments("Which run is edited", vec![
                            edits("both runs", Edits::Both), edits("A only", Edits::Upper), edits("B only", Edits::Lower),
                        ]) }
                    </div>
                }
                <button type="button" class="line" aria-pressed={dom::yes(self.model.compares())}
                    onclick={self.click(Msg::Compare(!self.model.compares()))}>{ "Compare two runs" }</button>
                <button type="button" class="line" onclick={self.click(Msg::Reset)}>{ "Reset" }</button>
            </div>
        }
    }

    fn more(&self) -> Html {
        let heading = self.id("more");
        let others = ENTRIES.iter().filter(|other| other.id != self.model.study.entry);
        let card = |entry: &'static Entry| {
            html! {
                <a class="card" href={format!("#v=1&scenario={}", entry.id)} onclick={self.click(Msg::Scenario(entry.id.into()))}>
                    <span class="ct">{ entry.title }</span>
                    <p>{ entry.look_for }</p>
                </a>
            }
        };
        html! {
            <section class="section more" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading}>{ "More scenarios" }</h2>
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

    fn pocket(&self) -> Html {
        Html::default()
    }
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
