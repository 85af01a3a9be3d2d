//! What the browser tells the figure: sizes, sight, pointers, keys.
use super::{Act, Msg, Stage};
use crate::study::Pick;
use crate::ui::timeline::keyboard::Key;
use crate::ui::timeline::pointer::Want;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, HtmlElement, IntersectionObserver, IntersectionObserverEntry, ResizeObserver,
    WheelEvent, window,
};
use yew::prelude::*;

/// They listen as long as they live.
pub(super) struct Observers {
    pub(super) resize: ResizeObserver,
    pub(super) sight: IntersectionObserver,
    _resized: Closure<dyn FnMut()>,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
    _wheel: Closure<dyn FnMut(WheelEvent)>,
    pub(super) escape: Closure<dyn FnMut(KeyboardEvent)>,
}

impl Stage {
    pub(super) fn observe(&mut self, ctx: &Context<Self>) {
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
    pub(super) fn escape(&self, ctx: &Context<Self>) -> Closure<dyn FnMut(KeyboardEvent)> {
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

    pub(super) fn onkeydown(&self, ctx: &Context<Self>) -> Callback<KeyboardEvent> {
        let (link, keys, plot) = (ctx.link().clone(), ctx.props().keys, self.plot.clone());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(act) = Key::of(&event, &plot).and_then(|key| key.act(keys)) {
                event.prevent_default();
                event.stop_propagation();
                link.send_message(Msg::Act(act));
            }
        })
    }

    pub(super) fn onfocus(&self, ctx: &Context<Self>) -> Callback<FocusEvent> {
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
    pub(super) fn onclick(&self, ctx: &Context<Self>) -> Callback<MouseEvent> {
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

    pub(super) fn onpointer(&self, ctx: &Context<Self>) -> Callback<PointerEvent> {
        let (scene, pointers, plot) =
            (self.scene.clone(), self.pointers.clone(), self.plot.clone());
        let zoomed = self.zoomed();
        ctx.link().batch_callback(move |event: PointerEvent| {
            let want = pointers.on(&event, &scene, &plot, zoomed);
            (want != Want::Nothing).then_some(Msg::Pointed(want))
        })
    }
}
