//! Why: the path of questions behind what is selected, the reasons with their clauses, and what would
//! change it.
use super::dom::{clause, short_clause};
use super::state::Msg;
use super::{View, words};
use crate::profile::{After, Answer};
use crate::protocol::reason::Branch;
use crate::protocol::{Note, Reason, Step};
use crate::scene::words::{clock, tip};
use crate::sim::{Close, Connection, EventKey, EventKind, Timeline};
use crate::study::what_if::WhatIf;
use crate::study::{Pick, Run, Show};
use yew::prelude::*;

impl View<'_> {
    pub fn why_panel(&self) -> Html {
        let heading = self.id("why");
        html! {
            <section class="panel whyp" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading} tabindex="-1">{ self.model.why_title() }</h2>
                    { self.seek() }
                </header>
                { self.why() }
                { self.diagram() }
            </section>
        }
    }

    /// When it happens, and the way there.
    pub fn seek(&self) -> Html {
        let Some((_, at)) = self.model.picked() else { return Html::default() };
        html! {
            <button type="button" class="text end" title="Put the playhead there" onclick={self.click(Msg::At(at))}>
                { clock(at) }{ " →" }
            </button>
        }
    }

    /// What is selected, or what the verdict is about.
    pub fn why(&self) -> Html {
        let show = &self.model.show;
        let Some((pick, _)) = self.model.picked() else {
            return html! { <p class="note">{ "Nothing has happened yet." }</p> };
        };
        html! {
            <>
                { because(show, pick) }
                if self.model.study.pick.is_some() {
                    <p class="note">
                        <button type="button" class="text" onclick={self.click(Msg::Pick(None))}>{ "Back to what the headline is about" }</button>
                    </p>
                }
                { self.what_if() }
            </>
        }
    }

    /// Suggestions, each found by running it.
    fn what_if(&self) -> Html {
        let advice = &self.model.advice;
        if advice.what_if.is_empty() {
            return Html::default();
        }
        let line = |what_if: &WhatIf| {
            html! {
                <li>
                    <button type="button" disabled={!advice.fresh} onclick={self.click(Msg::Study(Box::new(what_if.study.clone())))}>
                        <span>{ code(&what_if.label) }</span>
                        <span class="out">{ code(&what_if.effect) }</span>
                    </button>
                </li>
            }
        };
        html! {
            <div class="noprint">
                <h3>{ "What would change it?" }</h3>
                <ul class="whatif">{ for advice.what_if.iter().map(line) }</ul>
            </div>
        }
    }
}

/// Text in which code stands between backticks.
fn code(text: &str) -> Html {
    let part = |(index, part): (usize, &str)| {
        if index % 2 == 1 {
            html! { <code>{ part.to_owned() }</code> }
        } else {
            html! { part.to_owned() }
        }
    };
    html! { <>{ for text.split('`').enumerate().map(part) }</> }
}

/// The path of an answer, the reasons of a close; of everything else what the tooltip says.
fn because(show: &Show, pick: Pick) -> Html {
    let timeline = show.runs.get(pick.run).and_then(Run::timeline);
    let Some(timeline) = timeline else { return Html::default() };
    match pick.key.kind {
        EventKind::Close | EventKind::CloseKnown => match close_of(timeline, pick.key) {
            Some((link, close)) => html! {
                <>
                    { reasons(&close.because) }
                    <p class="note">{ words::after_close(link, close) }</p>
                </>
            },
            None => Html::default(),
        },
        _ => match answer_of(timeline, pick.key) {
            Some(answer) => {
                html! { <>{ path(answer) }{ reasons(&answer.because) }{ notes(&answer.notes) }</> }
            }
            None => {
                let lines = tip(show, pick).map(|tip| tip.lines).unwrap_or_default();
                html! { <>{ for lines.into_iter().map(|line| html! { <p>{ line }</p> }) }</> }
            }
        },
    }
}

fn answer_of(timeline: &Timeline, key: EventKey) -> Option<&Answer> {
    timeline.exchanges.get(key.exchange? as usize)?.answer.as_deref()
}

fn close_of(timeline: &Timeline, key: EventKey) -> Option<(&Connection, &Close)> {
    let link = timeline.connections.get((key.connection as usize).checked_sub(1)?)?;
    Some((link, link.close.as_ref()?))
}

/// The questions, with the branch that was taken; those that were not reached stand muted.
fn path(answer: &Answer) -> Html {
    let end = match answer.after {
        After::Keep(idle) => match idle.limit {
            Some(limit) => format!(
                "Stays open. From the last byte on the server waits {limit} for another request."
            ),
            None => "Stays open. The server waits without limit for another request.".into(),
        },
        After::Close => "Closes: the server’s FIN rides behind the last byte.".into(),
        After::Reset => {
            "Closes at once although bytes of the request are unread: the answer may be lost."
                .into()
        }
        After::Tunnel => "No longer HTTP: the connection is handed over.".into(),
    };
    html! {
        <ol class="path" aria-label="The questions, in order">
            { for answer.path.iter().map(step) }
            <li class="end"><span>{ end }</span></li>
        </ol>
    }
}

fn step(step: &Step) -> Html {
    let class = match step.branch {
        Branch::Continues => None,
        Branch::Decides => Some("hit"),
        Branch::NotReached => Some("skip"),
    };
    html! {
        <li {class}>
            <span>{ step.question }</span>
            <span class="ans">{ if class == Some("skip") { "not asked" } else { step.answer } }</span>
            { short_clause(step.clause) }
            if !step.fact.is_empty() { <span class="else"><code>{ step.fact.to_string() }</code></span> }
        </li>
    }
}

fn reasons(reasons: &[Reason]) -> Html {
    let line = |reason: &Reason| {
        html! {
            <li>
                { crate::scene::words::capital(&reason.fact) }{ ". " }
                { clause(reason.clause) }
                <span class="label">{ format!(" {}", reason.strength.as_str()) }</span>
            </li>
        }
    };
    html! {
        <>
            <h3>{ "Because" }</h3>
            <ul class="facts">{ for reasons.iter().map(line) }</ul>
        </>
    }
}

fn notes(notes: &[Note]) -> Html {
    if notes.is_empty() {
        return Html::default();
    }
    let line = |note: &Note| {
        html! { <li>{ crate::scene::words::capital(&note.fact) }{ ". " }{ clause(note.clause) }</li> }
    };
    html! {
        <>
            <h3>{ "Also" }</h3>
            <ul class="facts note">{ for notes.iter().map(line) }</ul>
        </>
    }
}
