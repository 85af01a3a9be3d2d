//! The bar below the figure, and the legend.
use super::stage::{Act, Msg, Stage};
use crate::scene::marks::MarkKind;
use crate::scene::{Mode, Shape, legend as marks, num, pace, words};
use web_sys::window;
use yew::prelude::*;

const FIRST: &str = "M3 2h2v12H3zM14 2v12L6 8z";
const BACK: &str = "M12 2v12L4 8z";
const PLAY: &str = "M4 2v12l10-6z";
const PAUSE: &str = "M4 2h3v12H4zM9 2h3v12H9z";
const FORTH: &str = "M4 2v12l8-6z";
const LAST: &str = "M11 2h2v12h-2zM2 2v12l8-6z";
const PLUS: &str = "M7 2h2v5h5v2H9v5H7V9H2V7h5z";
const MINUS: &str = "M2 7h12v2H2z";

/// Does the reader's system ask for little motion?
pub fn less_motion() -> bool {
    let query =
        window().and_then(|window| window.match_media("(prefers-reduced-motion: reduce)").ok()?);
    query.is_some_and(|query| query.matches())
}

struct Bar<'a> {
    stage: &'a Stage,
    ctx: &'a Context<Stage>,
}

impl Bar<'_> {
    #[inline(never)]
    fn click(&self, act: Act) -> Callback<MouseEvent> {
        self.ctx.link().callback(move |_| Msg::Act(act))
    }

    #[inline(never)]
    fn button(
        &self,
        class: &'static str,
        name: &'static str,
        path: &'static str,
        act: Act,
    ) -> Html {
        html! {
            <button type="button" {class} aria-label={name} title={name} onclick={self.click(act)}>
                <svg viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg>
            </button>
        }
    }

    #[inline(never)]
    fn toggle(&self, text: &'static str, title: &'static str, on: bool, act: Act) -> Html {
        html! {
            <button type="button" class="toggle" {title} aria-pressed={if on { "true" } else { "false" }} onclick={self.click(act)}>{ text }</button>
        }
    }

    #[inline(never)]
    fn player(&self) -> Html {
        let props = self.ctx.props();
        let (name, path) = if props.playing { ("Pause", PAUSE) } else { ("Play", PLAY) };
        let all = !props.few_controls;
        html! {
            <div class="player">
                <div class="buttons">
                    if all { { self.button("ends", "To the start", FIRST, Act::First) } }
                    { self.button("", "Previous event", BACK, Act::Back) }
                    { self.button("play", name, path, Act::Toggle) }
                    { self.button("", "Next event", FORTH, Act::Forth) }
                    if all { { self.button("ends", "To the end", LAST, Act::Last) } }
                </div>
                <p class="clock"><b></b>{ " " }<span>{ format!("of {}", words::about(self.stage.scene().end)) }</span></p>
            </div>
        }
    }

    #[inline(never)]
    fn speed(&self) -> Html {
        let choice = |index: usize| {
            let on = index == self.stage.rate();
            html! {
                <button type="button" aria-pressed={if on { "true" } else { "false" }} onclick={self.click(Act::Rate(index))}>
                    { pace::RATES[index].label() }
                </button>
            }
        };
        html! {
            <div class="speed">
                <span class="label">{ "Speed" }</span>
                <div class="seg small" role="group" aria-label="Speed, as a ratio to real time">{ for self.stage.offered().clone().map(choice) }</div>
                <span class="label wide">{ "of real time" }</span>
            </div>
        }
    }

    #[inline(never)]
    fn right(&self) -> Html {
        let props = self.ctx.props();
        let stage = self.stage;
        let folds = stage.scene().whole.folds().count();
        html! {
            <div class="right">
                if less_motion() {
                    { self.toggle("Smooth", "Move although the system asks for little motion", stage.smooth(), Act::Smooth) }
                }
                if folds > 0 || !stage.folded() {
                    { self.toggle("To scale", "Leave no time out", !stage.folded(), Act::ToScale) }
                }
                if !stage.scene().pen.tall {
                    { self.toggle("Meters", "Open connections, workers, TIME_WAIT and ports, below the lanes", stage.meters(), Act::Meters) }
                }
                if let Some(on) = props.compare {
                    { self.toggle("Compare two runs", "A second run above this one, on the same clock", on, Act::Compare) }
                }
                { props.extra.clone() }
                <div class="buttons">
                    { self.button("", "Zoom out", MINUS, Act::Zoom(1.0 / 1.5)) }
                    { self.button("", "Zoom in", PLUS, Act::Zoom(1.5)) }
                    <button type="button" class="fit" aria-disabled={(!stage.zoomed()).then_some("true")} onclick={self.click(Act::Fit)}>{ "Fit" }</button>
                </div>
            </div>
        }
    }
}

pub fn transport(stage: &Stage, ctx: &Context<Stage>) -> Html {
    let bar = Bar { stage, ctx };
    let props = ctx.props();
    html! {
        <div class="transport" role="group" aria-label="Time">
            { bar.player() }
            if props.few_controls {
                <span class="label">{ format!("{} real time", pace::RATES[stage.rate()].label()) }</span>
                <div class="right">{ props.extra.clone() }</div>
            } else {
                { bar.speed() }
                { bar.right() }
            }
        </div>
    }
}

/// Only the marks that occur; a click singles one out.
#[inline(never)]
pub fn legend(stage: &Stage, ctx: &Context<Stage>) -> Html {
    let item = |kind: MarkKind| {
        let on = stage.only() == Some(kind);
        let text =
            if ctx.props().mode == Mode::Embed { marks::short(kind) } else { marks::words(kind) };
        html! {
            <li>
                <button type="button" aria-pressed={if on { "true" } else { "false" }} title={marks::gist(kind)}
                    onclick={ctx.link().callback(move |_| Msg::Act(Act::Only(kind)))}>
                    <svg viewBox="0 0 26 16" aria-hidden="true">{ for marks::sample(kind).iter().map(|shape| sample(ctx.props().uid, shape)) }</svg>
                    { text }
                </button>
            </li>
        }
    };
    html! {
        <ul class="legend" aria-label="Marks in this picture">{ for stage.scene().legend.iter().map(|kind| item(*kind)) }</ul>
    }
}

#[inline(never)]
fn sample(uid: u32, shape: &Shape) -> Html {
    match shape {
        Shape::Rect { class, x, y, w, h, r } => {
            let fill = (*class == "k-tw").then(|| format!("url(#kae{uid}-hatch)"));
            html! { <rect class={*class} x={num::text(*x)} y={num::text(*y)} width={num::text(*w)} height={num::text(*h)} rx={num::text(*r)} {fill} /> }
        }
        Shape::Path { class, d } => html! { <path class={*class} d={d.clone()} /> },
    }
}
