//! The component: a show in, what the reader wants out.
use super::figure::Figure;
use super::keyboard::Key;
use super::live::{Live, Tick, all, set};
use super::pointer::{Pointers, Want};
use super::{controls, tip};
use crate::order;
use crate::scene::marks::MarkKind;
use crate::scene::{Mode, Scene, Viewport, pace, words, zoom};
use crate::sim::{Event, Us};
use crate::study::{Pick, Show};
use gloo_timers::callback::{Interval, Timeout};
use std::cell::OnceCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, HtmlElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver,
    WheelEvent, window,
};
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
    said: Us,
    observers: Option<Observers>,
}

struct Observers {
    resize: ResizeObserver,
    sight: IntersectionObserver,
    _resized: Closure<dyn FnMut()>,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
    _wheel: Closure<dyn FnMut(WheelEvent)>,
    escape: Closure<dyn FnMut(KeyboardEvent)>,
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
        let live = Live::new(root.clone(), scene.clone(), props.at, tell);
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

    /// Says the latest decision between the last words and now; silent while it goes fast.
    fn say(&mut self, props: &StageProps, at: Us) {
        let since = std::mem::replace(&mut self.said, at);
        if self.rate > 5 || at <= since {
            return;
        }
        let events = self.events(props);
        let from = events.partition_point(|(_, event)| event.at <= since);
        let to = events.partition_point(|(_, event)| event.at <= at);
        let latest = events[from..to].iter().rev();
        let text =
            latest.take(40).find_map(|(run, event)| words::announcement(&props.show, *run, event));
        let said =
            self.root.cast::<Element>().and_then(|root| root.query_selector(".said").ok()?);
        if let (Some(text), Some(said)) = (text, said) {
            said.set_text_content(Some(&text));
        }
    }

    fn events(&self, props: &StageProps) -> &[(usize, Event)] {
        self.events.get_or_init(|| {
            let runs = props.show.runs.iter().enumerate();
            let lists = runs.filter_map(|(index, run)| Some((index, run.timeline()?.events())));
            let mut all: Vec<_> = lists
                .flat_map(|(run, list)| list.into_iter().map(move |event| (run, event)))
                .collect();
            order::sort(&mut all, |(_, event)| (event.at.0, 0));
            all
        })
    }

    fn act(&mut self, ctx: &Context<Self>, act: Act) -> bool {
        let props = ctx.props();
        match act {
            Act::Toggle => {
                if !props.playing {
                    self.said = self.live.at();
                } else {
                    props.on.emit(StageMsg::Seek(self.live.at()));
                }
                props.on.emit(StageMsg::Play(!props.playing));
                false
            }
            Act::First => self.seek(ctx, Us::ZERO),
            Act::Last => self.seek(ctx, self.scene.end),
            Act::Back => self.step(ctx, false, true),
            Act::Forth => self.step(ctx, true, true),
            Act::Shift(ms) => {
                let by = Us::from_ms(ms.unsigned_abs());
                let at = self.live.at();
                let at = if ms < 0 { at - by } else { (at + by).min(self.scene.end.max(at)) };
                self.seek(ctx, at)
            }
            Act::Lane(by) => self.lane(ctx, by),
            Act::Rate(rate) => self.set_rate(rate),
            Act::Faster(by) => {
                let rate = self.rate.saturating_add_signed(by as isize).min(pace::RATES.len() - 1);
                if !self.offered.contains(&rate) {
                    self.offered = pace::offered(rate);
                }
                self.set_rate(rate)
            }
            Act::Zoom(factor) => self.zoom(props, factor, self.live.at()),
            Act::Fit => {
                self.view.range = None;
                self.view.at_least = Us::ZERO;
                self.rebuild(props);
                true
            }
            Act::ToScale => {
                self.view.folded = !self.view.folded;
                self.rebuild(props);
                true
            }
            Act::Unfold(_) => {
                self.view.folded = false;
                self.rebuild(props);
                true
            }
            Act::Only(kind) => {
                self.only = (self.only != Some(kind)).then_some(kind);
                true
            }
            Act::Compare => {
                props.on.emit(StageMsg::Compare(!props.compare.unwrap_or_default()));
                false
            }
            Act::Smooth => {
                self.smooth = !self.smooth;
                true
            }
            Act::Details => {
                props.on.emit(StageMsg::Details);
                false
            }
            Act::Escape => {
                if self.tip.take().is_none() {
                    props.on.emit(StageMsg::Pick(None));
                }
                true
            }
        }
    }

    fn set_rate(&mut self, rate: usize) -> bool {
        self.rate = rate;
        self.live.set_rate(pace::RATES[rate].per_second());
        true
    }

    fn zoom(&mut self, props: &StageProps, factor: f64, focus: Us) -> bool {
        let now = self.scene.axis.range();
        self.view.range = zoom::zoom(&self.scene.whole, now, factor, focus);
        self.tip = None;
        self.rebuild(props);
        true
    }

    /// To the next event in time or the one before, which is then selected.
    fn step(&mut self, ctx: &Context<Self>, forth: bool, by_hand: bool) -> bool {
        let props = ctx.props();
        let (at, end) = (self.live.at(), self.scene.end);
        let events = self.events(props);
        // Among events of one instant the selected one says where we are.
        let here = events.iter().position(|(run, event)| {
            event.at == at && Some(Pick { run: *run, key: event.key }) == props.pick
        });
        let target = match (forth, here) {
            (true, Some(here)) => here + 1,
            (true, None) => events.partition_point(|(_, event)| event.at <= at),
            (false, Some(here)) => here.wrapping_sub(1),
            (false, None) => events.partition_point(|(_, event)| event.at < at).wrapping_sub(1),
        };
        let next = events.get(target).filter(|(_, event)| event.at <= end).copied();
        let Some((run, event)) = next else {
            if !by_hand {
                props.on.emit(StageMsg::Play(false));
            }
            return if forth { self.seek(ctx, end) } else { self.seek(ctx, Us::ZERO) };
        };
        self.focus = by_hand && self.has_focus();
        if !by_hand {
            self.say(props, event.at);
        }
        self.go(props, event.at);
        props.on.emit(StageMsg::Seek(event.at));
        props.on.emit(StageMsg::Pick(Some(Pick { run, key: event.key })));
        true
    }

    /// To the event nearest in time on another lane.
    fn lane(&mut self, ctx: &Context<Self>, by: i32) -> bool {
        let props = ctx.props();
        let lanes: Vec<(usize, u32)> = props
            .show
            .runs
            .iter()
            .enumerate()
            .filter_map(|(index, run)| Some((index, run.timeline()?.connections.len())))
            .flat_map(|(run, count)| {
                (1..=count).map(move |id| (run, u32::try_from(id).unwrap_or(u32::MAX)))
            })
            .collect();
        let now = props.pick.map(|pick| (pick.run, pick.key.connection));
        let here =
            now.and_then(|now| lanes.iter().position(|lane| *lane == now)).unwrap_or_default();
        let Some(&(run, connection)) = lanes.get(here.saturating_add_signed(by as isize)) else {
            return false;
        };
        let at = self.live.at();
        let on_lane = self
            .events(props)
            .iter()
            .filter(|(of, event)| *of == run && event.key.connection == connection);
        let nearest = on_lane.min_by_key(|(_, event)| event.at.0.abs_diff(at.0)).copied();
        if let Some((run, event)) = nearest {
            self.focus = self.has_focus();
            props.on.emit(StageMsg::Pick(Some(Pick { run, key: event.key })));
        }
        true
    }

    /// Is the keyboard inside the picture?
    fn has_focus(&self) -> bool {
        self.finds(":focus")
    }

    /// Is it on one of the marks?
    fn mark_has_focus(&self) -> bool {
        self.finds(".mk:focus")
    }

    fn finds(&self, selector: &str) -> bool {
        let plot = self.plot.cast::<Element>();
        plot.is_some_and(|plot| plot.query_selector(selector).ok().flatten().is_some())
    }

    fn hover(&mut self, ctx: &Context<Self>, pick: Option<Pick>) -> bool {
        match pick {
            Some(_) => {
                self.leaving = None;
                let other = self.tip != pick;
                self.tip = pick;
                other
            }
            None => {
                if self.tip.is_some() && self.leaving.is_none() {
                    let link = ctx.link().clone();
                    // Long enough to reach the tooltip itself.
                    self.leaving = Some(Timeout::new(250, move || link.send_message(Msg::HideTip)));
                }
                false
            }
        }
    }

    fn pointed(&mut self, ctx: &Context<Self>, want: Want) -> bool {
        match want {
            Want::Nothing => false,
            Want::Hair(x) => {
                self.live.hair(x);
                false
            }
            Want::Hover { x, pick } => {
                self.live.hair(Some(x));
                self.hover(ctx, pick)
            }
            Want::Leave => {
                self.live.hair(None);
                self.hover(ctx, None)
            }
            Want::Drag(at) => {
                self.live.seek(at);
                ctx.props().on.emit(StageMsg::Now(at));
                false
            }
            Want::Seek(at) => {
                if ctx.props().playing {
                    ctx.props().on.emit(StageMsg::Play(false));
                }
                self.seek(ctx, at)
            }
            Want::Pick(pick) => {
                ctx.props().on.emit(StageMsg::Pick(Some(pick)));
                true
            }
            Want::Unfold(index) => self.act(ctx, Act::Unfold(index)),
            Want::Pan(share) => {
                let now = self.scene.axis.range();
                self.view.range = zoom::pan(&self.scene.whole, now, share).or(self.view.range);
                self.rebuild(ctx.props());
                true
            }
            Want::Pinch { factor, focus } => self.zoom(ctx.props(), factor, focus),
        }
    }

    /// One event gets the tab stop and the ring.
    fn mark_selected(&mut self, props: &StageProps) {
        let Some(plot) = self.plot.cast::<Element>() else { return };
        let chosen = props.pick.and_then(|pick| self.scene.mark(pick));
        let number = chosen.and_then(|chosen| {
            self.scene.marks().position(|(run, mark)| {
                std::ptr::eq(mark, chosen) && props.pick.is_some_and(|pick| pick.run == run)
            })
        });
        let items = all(&plot, ".mk");
        for (index, item) in items.iter().enumerate() {
            let stop = index == number.unwrap_or_default();
            let tabindex = if stop { "0" } else { "-1" };
            if item.get_attribute("tabindex").as_deref() != Some(tabindex) {
                set(item, "tabindex", tabindex);
            }
        }
        let ring = plot.query_selector(".sel").ok().flatten();
        if let Some(ring) = ring {
            set(&ring, "visibility", if chosen.is_some() { "visible" } else { "hidden" });
            if let Some(mark) = chosen {
                let b = mark.bounds.grown(2.5);
                for part in all(&ring, "rect") {
                    put_bounds(&part, &b);
                }
            }
        }
        if std::mem::take(&mut self.focus) {
            let item = number.and_then(|number| items.get(number)).or(items.first());
            let head = plot.query_selector(".head").ok().flatten();
            let item = item.or(head.as_ref());
            if let Some(item) = item.and_then(|item| item.dyn_ref::<web_sys::SvgElement>()) {
                drop(item.focus());
            }
        }
    }

    fn tip_view(&self, ctx: &Context<Self>) -> Html {
        let Some(pick) = self.tip else { return Html::default() };
        let (Some(mark), Some(words)) =
            (self.scene.mark(pick), words::tip(&ctx.props().show, pick))
        else {
            return Html::default();
        };
        tip::view(ctx, &self.scene, mark, pick, &words)
    }

    fn observe(&mut self, ctx: &Context<Self>) {
        let (Some(plot), Some(root)) =
            (self.plot.cast::<HtmlElement>(), self.root.cast::<Element>())
        else {
            return;
        };
        let link = ctx.link().clone();
        let resized: Closure<dyn FnMut()> = Closure::new(move || link.send_message(Msg::Resized));
        let link = ctx.link().clone();
        let seen: Closure<dyn FnMut(js_sys::Array)> =
            Closure::new(move |entries: js_sys::Array| {
                let last = entries.pop().dyn_into::<IntersectionObserverEntry>();
                link.send_message(Msg::InView(last.is_ok_and(|entry| entry.is_intersecting())));
            });
        let wheel = self.wheel(ctx, &plot);
        let escape = self.escape(ctx);
        let resize = ResizeObserver::new(resized.as_ref().unchecked_ref());
        let sight = IntersectionObserver::new(seen.as_ref().unchecked_ref());
        let (Ok(resize), Ok(sight)) = (resize, sight) else { return };
        resize.observe(&plot);
        sight.observe(&root);
        self.observers = Some(Observers {
            resize,
            sight,
            _resized: resized,
            _seen: seen,
            _wheel: wheel,
            escape,
        });
    }

    /// Esc sends the tooltip away wherever the focus is.
    fn escape(&self, ctx: &Context<Self>) -> Closure<dyn FnMut(KeyboardEvent)> {
        let link = ctx.link().clone();
        let escape: Closure<dyn FnMut(KeyboardEvent)> =
            Closure::new(move |event: KeyboardEvent| {
                if event.key() == "Escape" {
                    link.send_message(Msg::HideTip);
                }
            });
        if let Some(window) = window() {
            let listener = escape.as_ref().unchecked_ref();
            drop(window.add_event_listener_with_callback("keydown", listener));
        }
        escape
    }

    fn onkeydown(&self, ctx: &Context<Self>) -> Callback<KeyboardEvent> {
        let (link, keys, plot) = (ctx.link().clone(), ctx.props().keys, self.plot.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(act) = Key::of(&event, &plot).and_then(|key| key.act(keys)) {
                event.prevent_default();
                event.stop_propagation();
                link.send_message(Msg::Act(act));
            }
        })
    }

    fn onfocus(&self, ctx: &Context<Self>) -> Callback<FocusEvent> {
        let scene = self.scene.clone();
        ctx.link().batch_callback(move |event: FocusEvent| {
            let target = event.target()?.dyn_into::<Element>().ok()?;
            // A click focuses too; only the keyboard asks for words.
            if !target.matches(":focus-visible").unwrap_or(false) {
                return None;
            }
            // The tooltip stays as long as the focus is in it, or the focus would be lost with it.
            if target.closest(".tip").ok().flatten().is_some() {
                return Some(Msg::KeepTip);
            }
            let number: usize = target.get_attribute("data-n")?.parse().ok()?;
            let (run, mark) = scene.marks().nth(number)?;
            Some(Msg::Hover(Some(Pick { run, key: mark.key })))
        })
    }

    /// Clicks that no pointer made: those of assistive technology.
    fn onclick(&self, ctx: &Context<Self>) -> Callback<MouseEvent> {
        let scene = self.scene.clone();
        ctx.link().batch_callback(move |event: MouseEvent| {
            if event.detail() != 0 {
                return None;
            }
            let target = event.target()?.dyn_into::<Element>().ok()?;
            if let Some(fold) = target.get_attribute("data-fold") {
                return Some(Msg::Act(Act::Unfold(fold.parse().ok()?)));
            }
            let mark = target.closest("[data-n]").ok()??;
            let (run, mark) = scene.marks().nth(mark.get_attribute("data-n")?.parse().ok()?)?;
            Some(Msg::Pointed(Want::Pick(Pick { run, key: mark.key })))
        })
    }

    fn onpointer(&self, ctx: &Context<Self>) -> Callback<PointerEvent> {
        let (scene, pointers, plot) =
            (self.scene.clone(), self.pointers.clone(), self.plot.clone());
        let zoomed = self.zoomed();
        ctx.link().batch_callback(move |event: PointerEvent| {
            let want = pointers.on(&event, &scene, &plot, zoomed);
            (want != Want::Nothing).then_some(Msg::Pointed(want))
        })
    }
}

/// Lays a rectangle around something.
fn put_bounds(rect: &Element, b: &crate::scene::Bounds) {
    use crate::scene::num::text;
    set(rect, "x", &text(b.x0));
    set(rect, "y", &text(b.y0));
    set(rect, "width", &text(b.width()));
    set(rect, "height", &text(b.height()));
}
