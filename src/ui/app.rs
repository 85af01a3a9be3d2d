//! The component that is mounted: the model, and what the browser is asked to do after an update.
use super::facts::Files;
use super::state::{Model, Msg, Sheet, Theme};
use super::{View, dom};
use crate::scene::{self, Scene, Viewport, svg};
use crate::share::see::See;
use crate::sim::Us;
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDialogElement, HtmlElement, window};
use yew::prelude::*;

/// Where the explainer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Mode {
    /// The whole page.
    #[default]
    Page,
    /// In somebody's text: verdict, figure, one setting.
    Embed,
}

/// How much stands below the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Controls {
    #[default]
    Full,
    Min,
}

/// What the host page asks of one mounted explainer.
#[derive(Clone, PartialEq, Properties)]
pub struct ExplainerProps {
    /// The state as a link's fragment.
    #[prop_or_default]
    pub link: AttrValue,
    /// Counts the links that the host has set: the same one again means back to it.
    #[prop_or_default]
    pub revision: u32,
    #[prop_or_default]
    pub mode: Mode,
    #[prop_or_default]
    pub controls: Controls,
    /// `auto`, `light` or `dark`.
    #[prop_or_default]
    pub theme: AttrValue,
    /// The state has changed.
    #[prop_or_default]
    pub onstate: Callback<String>,
    /// The verdict, each time it changes.
    #[prop_or_default]
    pub onverdict: Callback<String>,
    /// Takes the name of a file beside the explainer, and promises its JSON.
    #[prop_or_default]
    pub read: Option<js_sys::Function>,
    /// Promises the module with the JSON functions.
    #[prop_or_default]
    pub load: Option<js_sys::Function>,
    /// The first view is painted and answers input.
    #[prop_or_default]
    pub onready: Callback<()>,
}

/// So long nothing is edited before suggestions are looked for.
const REST_MS: u32 = 150;
/// The width of a saved figure, in pixels.
const FILE_WIDTH: f64 = 1216.0;

pub struct Explainer {
    model: Model,
    send: Callback<Msg>,
    playhead: Rc<Cell<Us>>,
    uid: u32,
    root: NodeRef,
    dialog: NodeRef,
    verdict: String,
    painted: Option<Closure<dyn FnMut()>>,
    rest: Option<Timeout>,
    /// The part of the page that had the focus before the last update.
    focused: Option<Element>,
    /// The choice that had it: another product has another one of the same name.
    choice: Option<String>,
    /// The part of the page that gets it next.
    goal: Option<&'static str>,
    files: Files,
    /// What a calculator calls to open a scenario, made when one is opened first.
    open: Option<Closure<dyn FnMut(JsValue)>>,
}

impl Component for Explainer {
    type Message = Msg;
    type Properties = ExplainerProps;

    fn create(ctx: &Context<Self>) -> Self {
        thread_local!(static MOUNTS: Cell<u32> = const { Cell::new(0) });
        let uid = MOUNTS.with(|mounts| {
            mounts.set(mounts.get() + 1);
            mounts.get()
        });
        let mut model = Model::new(&ctx.props().link);
        model.theme = Theme::parse(&ctx.props().theme);
        let mut explainer = Self {
            model,
            send: ctx.link().callback(|msg| msg),
            playhead: Rc::default(),
            uid,
            root: NodeRef::default(),
            dialog: NodeRef::default(),
            verdict: String::new(),
            painted: None,
            rest: None,
            focused: None,
            choice: None,
            goal: None,
            files: Files::default(),
            open: None,
        };
        explainer.model.sheet = explainer.model.sheet.filter(|_| ctx.props().mode == Mode::Page);
        explainer.fetch(ctx);
        explainer
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Copy(text) => {
                ctx.link().send_future(async { Msg::Copied(dom::copy(text).await) });
                return false;
            }
            Msg::SaveSvg => {
                // Nothing is lost if the browser does not want the file.
                drop(self.save_svg());
                return false;
            }
            // When what was sent before it is drawn.
            Msg::Focus(part) => {
                self.goal = Some(part);
                return true;
            }
            Msg::Save(name, text) => {
                drop(dom::save(&name, "text/plain", &text));
                return false;
            }
            Msg::Details if dom::is_small() => {
                return Component::update(self, ctx, Msg::Sheet(Some(Sheet::Why)));
            }
            Msg::Details => {
                self.focus("why");
                return false;
            }
            _ => {}
        }
        let matters = !matches!(msg, Msg::At(_) | Msg::Now(_) | Msg::Play(_));
        let focused = self.with_focus();
        let sheet = self.model.sheet;
        let fetched = msg == Msg::Fetched;
        if self.model.playing && msg == Msg::SendNow {
            // It tells only now and then where it is; what is sent now is sent at what is seen.
            self.model.now = self.playhead.get();
        }
        let effects = self.model.update(msg);
        // Only when one is opened: what cannot be had would be asked for without end.
        if self.model.sheet != sheet {
            self.fetch(ctx);
            self.model.filter.clear();
        }
        // A card that is pointed at is gone to as soon as it is there.
        let points = matches!(self.model.sheet, Some(Sheet::See(See::Cards { card: Some(_), .. })));
        if points && (fetched || self.model.sheet != sheet) {
            self.goal = Some("card");
        }
        // What had it before an earlier update counts until that one is drawn and looked after:
        // the element may be gone by now.
        if effects.render
            && let Some((part, choice)) = focused
        {
            self.focused = Some(part);
            self.choice = choice;
        }
        if effects.link {
            ctx.props().onstate.emit(self.model.link());
        }
        if matters {
            let link = ctx.link().clone();
            let rest = move || link.send_message(Msg::Rest);
            // Each edit puts it off.
            self.rest = (!self.model.advice.fresh).then(|| Timeout::new(REST_MS, rest));
        }
        effects.render
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &ExplainerProps) -> bool {
        let props = ctx.props();
        if props.theme != old.theme {
            self.model.theme = Theme::parse(&props.theme);
        }
        if props.revision != old.revision || props.link != old.link {
            // The host hears of it too: what it knows as the state is what it seeks in, and compares.
            if self.model.update(Msg::Link(props.link.to_string())).link {
                props.onstate.emit(self.model.link());
            }
            self.model.sheet = self.model.sheet.filter(|_| props.mode == Mode::Page);
            self.fetch(ctx);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let mode = ctx.props().mode;
        let controls = ctx.props().controls;
        let view = View {
            model: &self.model,
            send: &self.send,
            playhead: &self.playhead,
            uid: self.uid,
            mode,
            controls,
            files: &self.files,
        };
        let theme = self.model.theme;
        html! {
            <div ref={self.root.clone()} class="kae" tabindex="-1" data-theme={theme.as_str()} onkeydown={view.keys()}>
                if mode == Mode::Page { { view.page() } } else { { view.embed() } }
                { view.dialog(&self.dialog) }
            </div>
        }
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        self.open_dialog();
        self.put_tool(ctx);
        self.keep_focus();
        if let Some(part) = self.goal.take() {
            self.focus(part);
        }
        let verdict = &self.model.verdict().text;
        if *verdict != self.verdict {
            self.verdict.clone_from(verdict);
            ctx.props().onverdict.emit(verdict.clone());
        }
        if first {
            self.tell_when_painted(ctx);
        }
    }
}

impl Explainer {
    /// What an open sheet shows and is not here yet.
    fn fetch(&self, ctx: &Context<Self>) {
        let props = ctx.props();
        if let Some(file) = self.files.fetch(self.model.sheet, &props.read, &props.load) {
            ctx.link().send_future(async {
                file.await;
                Msg::Fetched
            });
        }
    }

    /// Has an empty place for a calculator filled by the module that knows it.
    fn put_tool(&mut self, ctx: &Context<Self>) {
        let root = self.root.cast::<Element>();
        let place = root.and_then(|root| root.query_selector(".tool:empty").ok().flatten());
        let (Some(place), Some(module)) = (place, self.files.module()) else { return };
        let open = self.open.get_or_insert_with(|| {
            let link = ctx.link().clone();
            Closure::new(move |to: JsValue| {
                link.send_message(Msg::Link(to.as_string().unwrap_or_default()));
                link.send_message(Msg::Focus("verdict"));
            })
        });
        if let Ok(put) = dom::get(&module, "mount_tool").dyn_into::<js_sys::Function>() {
            let link = self.model.link().into();
            drop(put.call3(&JsValue::NULL, &place, &link, open.as_ref()));
        }
    }

    /// Opens or closes the dialog as the model says: only the browser can make it modal.
    fn open_dialog(&self) {
        let Some(dialog) = self.dialog.cast::<HtmlDialogElement>() else { return };
        match (self.model.sheet.is_some(), dialog.open()) {
            (true, false) => drop(dialog.show_modal()),
            (false, true) => dialog.close(),
            _ => {}
        }
    }

    /// The section, header or dialog around the element that has the focus, and its name if it is a
    /// choice.
    fn with_focus(&self) -> Option<(Element, Option<String>)> {
        let focused = self.root.cast::<Element>()?.query_selector(":focus").ok()??;
        let part = focused.closest("section, header, dialog, figure, .alert").ok()??;
        let choice = focused.matches("select").unwrap_or(false);
        Some((part, choice.then(|| focused.get_attribute("aria-label")).flatten()))
    }

    /// Buttons can take themselves away, or switch themselves off. The focus then goes to the heading
    /// of their section, or to the explainer itself, and never back to the top of the host page.
    fn keep_focus(&mut self) {
        let Some(part) = self.focused.take() else { return };
        let Some(root) = self.root.cast::<Element>() else { return };
        let one = |within: &Element, selector: &str| within.query_selector(selector).ok().flatten();
        if self.model.sheet.is_some() || one(&root, ":focus:not(:disabled)").is_some() {
            return;
        }
        let again = |choice: String| one(&part, &format!("select[aria-label=\"{choice}\"]"));
        let choice = self.choice.take().and_then(again);
        let heading = || part.is_connected().then(|| one(&part, "h2[tabindex], .head")).flatten();
        let target = choice.or_else(heading).unwrap_or(root);
        // The picture's playhead is no HTML element; calling by name serves both.
        if let Ok(focus) = js_sys::Reflect::get(&target, &"focus".into())
            && let Ok(focus) = focus.dyn_into::<js_sys::Function>()
        {
            drop(focus.call0(&target));
        }
    }

    /// Goes to a part of this mount.
    fn focus(&self, part: &str) {
        let Some(root) = self.root.cast::<Element>() else { return };
        let found = root.query_selector(&format!("#kae{}-{part}", self.uid));
        let part = found.ok().flatten().and_then(|found| found.dyn_into::<HtmlElement>().ok());
        if let Some(part) = part {
            drop(part.focus());
            part.scroll_into_view();
        }
    }

    /// The figure as a file of its own, in the width of a printed page.
    fn save_svg(&self) -> Result<(), JsValue> {
        let (show, verdict) = (&self.model.show, self.model.verdict());
        let scene = Scene::build(show, &Viewport::new(FILE_WIDTH, scene::Mode::Page));
        let text = svg::file(&scene, self.model.now, &verdict.text, &verdict.why, svg::Look::Auto);
        let entry = &self.model.study.entry;
        let name = if entry.is_empty() { "keep-alive" } else { entry };
        dom::save(&format!("{name}.svg"), "image/svg+xml", &text)
    }

    /// After the next frame the first view is on the screen.
    fn tell_when_painted(&mut self, ctx: &Context<Self>) {
        let (root, onready) = (self.root.clone(), ctx.props().onready.clone());
        let link = ctx.link().clone();
        let tell = Closure::new(move || {
            if let Some(root) = root.cast::<Element>() {
                // An element of our own takes any attribute.
                drop(root.set_attribute("data-ready", ""));
            }
            onready.emit(());
            link.send_message(Msg::Rest);
        });
        if let Some(window) = window() {
            drop(window.request_animation_frame(tell.as_ref().unchecked_ref()));
        }
        self.painted = Some(tell);
    }
}
