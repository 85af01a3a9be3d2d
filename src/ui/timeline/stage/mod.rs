//! The component: a show in, what the reader wants out.
mod acts;
mod select;
mod steps;
mod watch;

use super::controls;
use super::figure::Figure;
use super::live::{Live, Tick};
use super::pointer::{Pointers, Want};
use crate::scene::marks::MarkKind;
use crate::scene::{Mode, Scene, Viewport, pace, zoom};
use crate::sim::{Event, Us};
use crate::study::{Pick, Show};
use gloo_timers::callback::{Interval, Timeout};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use watch::Observers;
use web_sys::{Element, window};
use yew::prelude::*;

/// What the reader wants of the world outside the figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StageMsg {
    /// The playhead was put here.
    Seek(Us),
    /// The playhead is here, while it moves: told about four times a second.
    Now(Us),
    Pick(Option<Pick>),
    Play(bool),
    /// The details of what is selected.
    Details,
    Compare(bool),
}

#[derive(Clone, Properties)]
pub struct StageProps {
    pub show: Rc<Show>,
    /// Where the playhead stands, unless it moves.
    pub at: Us,
    /// Where the playhead is at any moment; the figure writes it.
    pub playhead: Rc<Cell<Us>>,
    pub playing: bool,
    pub pick: Option<Pick>,
    /// Do single letters act as shortcuts?
    pub keys: bool,
    pub mode: Mode,
    /// Only previous, play and next below the figure.
    #[prop_or_default]
    pub few_controls: bool,
    /// Number of the mount.
    pub uid: u32,
    /// The id of the verdict.
    pub labelled_by: AttrValue,
    /// The switch of the comparison; None: it is not offered.
    #[prop_or_default]
    pub compare: Option<bool>,
    /// More at the right of the controls.
    #[prop_or_default]
    pub extra: Html,
    pub on: Callback<StageMsg>,
}

impl PartialEq for StageProps {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.show, &other.show)
            && self.at == other.at
            && self.playing == other.playing
            && self.pick == other.pick
            && self.keys == other.keys
            && self.mode == other.mode
            && self.few_controls == other.few_controls
            && self.labelled_by == other.labelled_by
            && self.compare == other.compare
            && self.extra == other.extra
    }
}

/// What happens inside.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    Resized,
    /// The scene was built anew.
    Redraw,
    /// Its nodes are there.
    Drawn,
    InView(bool),
    Tick(Tick),
    Act(Act),
    Wheel {
        x: f64,
        factor: f64,
    },
    /// The pointer rests on a mark, or on none.
    Hover(Option<Pick>),
    HideTip,
    KeepTip,
    Pointed(Want),
    Step,
}

/// What buttons and keys do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    Toggle,
    First,
    Last,
    Back,
    Forth,
    /// By so many milliseconds.
    Shift(i64),
    /// To the lane above (-1) or below.
    Lane(i32),
    Rate(usize),
    Faster(i32),
    Zoom(f64),
    Fit,
    ToScale,
    Meters,
    Only(MarkKind),
    Unfold(usize),
    Compare,
    Smooth,
    Details,
    Escape,
}

pub struct Stage {
    root: NodeRef,
    plot: NodeRef,
    view: Viewport,
    scene: Rc<Scene>,
    live: Rc<Live>,
    /// Every event of every run, in order of time.
    events: OnceCell<Vec<(usize, Event)>>,
    /// An index into the speeds.
    rate: usize,
    offered: std::ops::Range<usize>,
    only: Option<MarkKind>,
    tip: Option<Pick>,
    leaving: Option<Timeout>,
    pointers: Pointers,
    /// Play although the reader's system asks for little motion.
    smooth: bool,
    stepping: Option<Interval>,
    /// Move the focus to the selected mark after the next render.
    focus: bool,
    /// The mark that gets it says nothing: its tooltip has just been sent away.
    hushed: bool,
    said: Us,
    observers: Option<Observers>,
}

impl Component for Stage {
    type Message = Msg;
    type Properties = StageProps;

    fn create(ctx: &Context<Self>) -> Self {
        let props = ctx.props();
        let view = Viewport::new(first_width(props.mode), props.mode);
        let scene = Rc::new(Scene::build(&props.show, &view));
        let (root, link) = (NodeRef::default(), ctx.link().clone());
        let tell = move |tick| link.send_message(Msg::Tick(tick));
        props.playhead.set(props.at);
        let live = Live::new(root.clone(), scene.clone(), props.playhead.clone(), tell);
        let mut stage = Self {
            root,
            plot: NodeRef::default(),
            view,
            scene,
            live,
            events: OnceCell::new(),
            rate: 0,
            offered: 0..0,
            only: None,
            tip: None,
            leaving: None,
            pointers: Pointers::default(),
            smooth: false,
            stepping: None,
            focus: false,
            hushed: false,
            said: Us::ZERO,
            observers: None,
        };
        stage.usual_rate();
        stage
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &StageProps) -> bool {
        let props = ctx.props();
        let other = !Rc::ptr_eq(&props.show, &old.show);
        if other {
            self.events = OnceCell::new();
            self.tip = None;
            let before = (self.scene.rtt, self.scene.end);
            self.rebuild(props);
            // Another scenario begins at its own speed and unzoomed; an edit keeps both.
            if props.show.study.entry != old.show.study.entry {
                self.view.range = None;
                self.rebuild(props);
                self.usual_rate();
            } else if before != (self.scene.rtt, self.scene.end) {
                self.offer();
            }
        }
        if props.at != self.live.at() && (!props.playing || props.at != old.at) {
            self.go(props, props.at);
        }
        if props.playing != old.playing {
            self.play(ctx, props.playing);
        }
        true
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Resized => self.resized(ctx.props()),
            Msg::Redraw => true,
            Msg::Drawn => {
                self.live.rendered(self.scene.clone());
                self.mark_selected(ctx.props());
                false
            }
            Msg::InView(in_view) => {
                self.live.set_in_view(in_view);
                false
            }
            Msg::Tick(tick) => self.tick(ctx, tick),
            Msg::Act(act) => self.act(ctx, act),
            Msg::Wheel { x, factor } => {
                self.zoom(ctx.props(), factor, self.scene.axis.time_from_x(x))
            }
            Msg::Hover(Some(_)) if std::mem::take(&mut self.hushed) => false,
            Msg::Hover(pick) => self.hover(ctx, pick),
            Msg::HideTip => {
                self.leaving = None;
                self.tip.take().is_some()
            }
            Msg::KeepTip => {
                self.leaving = None;
                false
            }
            Msg::Pointed(want) => self.pointed(ctx, want),
            Msg::Step => self.step(ctx, true, false),
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let class = classes!(
            "stage",
            (props.mode == Mode::Embed).then_some("in-text"),
            props.playing.then_some("playing"),
            self.scene.pen.tall.then_some("is-tall")
        );
        html! {
            <figure ref={self.root.clone()} {class} role="group" aria-labelledby={props.labelled_by.clone()}
                onkeydown={self.onkeydown(ctx)}>
                <div class="plot" ref={self.plot.clone()} data-only={self.only.map(MarkKind::id)}
                    onpointerdown={self.onpointer(ctx)} onpointermove={self.onpointer(ctx)}
                    onpointerup={self.onpointer(ctx)} onpointercancel={self.onpointer(ctx)}
                    onpointerleave={self.onpointer(ctx)} onclick={self.onclick(ctx)}
                    onfocusin={self.onfocus(ctx)} onfocusout={link.callback(|_| Msg::Hover(None))}>
                    <Figure scene={self.scene.clone()} uid={props.uid} labelled_by={props.labelled_by.clone()} drawn={link.callback(|()| Msg::Drawn)} />
                    { self.tip_view(ctx) }
                </div>
                { controls::transport(self, ctx) }
                { controls::legend(self, ctx) }
                <p class="vh said" aria-live="polite"></p>
            </figure>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            self.live.rendered(self.scene.clone());
            self.observe(ctx);
            if self.resized(ctx.props()) {
                ctx.link().send_message(Msg::Redraw);
            }
            if ctx.props().playing {
                self.play(ctx, true);
            }
        }
        self.mark_selected(ctx.props());
    }

    fn destroy(&mut self, _ctx: &Context<Self>) {
        if let Some(observers) = self.observers.take() {
            observers.resize.disconnect();
            observers.sight.disconnect();
            if let Some(window) = window() {
                let escape = observers.escape.as_ref().unchecked_ref();
                drop(window.remove_event_listener_with_callback("keydown", escape));
            }
        }
    }
}

/// Until the real width is known: close enough that nothing jumps.
fn first_width(mode: Mode) -> f64 {
    let inner = window().and_then(|window| window.inner_width().ok()?.as_f64()).unwrap_or(1280.0);
    if mode == Mode::Embed { inner.min(718.0) } else { (inner - 66.0).min(1214.0) }
}

impl Stage {
    pub const fn scene(&self) -> &Rc<Scene> {
        &self.scene
    }

    pub const fn rate(&self) -> usize {
        self.rate
    }

    pub const fn offered(&self) -> &std::ops::Range<usize> {
        &self.offered
    }

    pub const fn only(&self) -> Option<MarkKind> {
        self.only
    }

    pub const fn folded(&self) -> bool {
        self.view.folded
    }

    pub const fn meters(&self) -> bool {
        self.view.meters
    }

    pub const fn zoomed(&self) -> bool {
        self.view.range.is_some()
    }

    pub const fn smooth(&self) -> bool {
        self.smooth
    }

    pub fn live(&self) -> Rc<Live> {
        self.live.clone()
    }

    pub const fn plot(&self) -> &NodeRef {
        &self.plot
    }

    fn rebuild(&mut self, props: &StageProps) {
        // The node with the focus may fall away.
        self.focus |= self.mark_has_focus();
        self.scene = Rc::new(Scene::build(&props.show, &self.view));
    }

    fn usual_rate(&mut self) {
        self.rate = pace::usual(&self.scene);
        self.offer();
    }

    fn offer(&mut self) {
        self.offered = pace::offered(pace::usual(&self.scene));
        self.live.set_rate(pace::RATES[self.rate].per_second());
    }

    /// Measures the figure's place. Is it another than before?
    fn resized(&mut self, props: &StageProps) -> bool {
        let width = self.plot.cast::<Element>().map_or(0, |plot| plot.client_width());
        let width = f64::from(width);
        if width < 1.0 || (width - self.view.width).abs() < 0.5 {
            return false;
        }
        self.view.width = width;
        self.rebuild(props);
        true
    }

    /// Puts the playhead somewhere, without telling anyone; into view, if it is outside.
    fn go(&mut self, props: &StageProps, at: Us) {
        let at_least = if at > self.scene.end { at } else { Us::ZERO };
        let mut other = at_least != self.view.at_least;
        self.view.at_least = at_least;
        if let Some(range) = self.view.range
            && let Some(moved) = zoom::follow(&self.scene.whole, range, at)
        {
            self.view.range = Some(moved);
            other = true;
        }
        if other {
            self.rebuild(props);
        }
        self.live.seek(at);
    }

    fn seek(&mut self, ctx: &Context<Self>, at: Us) -> bool {
        self.go(ctx.props(), at);
        ctx.props().on.emit(StageMsg::Seek(at));
        true
    }

    fn play(&mut self, ctx: &Context<Self>, playing: bool) {
        self.stepping = None;
        self.tip = None;
        if playing && self.live.at() >= self.scene.end {
            // At the end it starts over.
            self.go(ctx.props(), Us::ZERO);
        }
        if playing && controls::less_motion() && !self.smooth {
            let link = ctx.link().clone();
            self.stepping = Some(Interval::new(1_500, move || link.send_message(Msg::Step)));
            return;
        }
        self.live.play(playing);
    }

    fn tick(&mut self, ctx: &Context<Self>, tick: Tick) -> bool {
        let props = ctx.props();
        match tick {
            Tick::At(at) => {
                self.say(props, at);
                props.on.emit(StageMsg::Now(at));
                false
            }
            Tick::OutOfView(at) => {
                self.go(props, at);
                true
            }
            Tick::Ended => {
                let at = self.live.at();
                self.say(props, at);
                props.on.emit(StageMsg::Seek(at));
                props.on.emit(StageMsg::Play(false));
                false
            }
        }
    }
}
