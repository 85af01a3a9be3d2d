//! The selected mark: its ring, the tab stop, the focus; and the tooltip of the one that is pointed at.
use super::{Stage, StageProps};
use crate::scene::words;
use crate::ui::timeline::live::{all, set};
use crate::ui::timeline::tip;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

impl Stage {
    /// One event gets the tab stop and the ring.
    pub(super) fn mark_selected(&mut self, props: &StageProps) {
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

    /// Is the keyboard inside the picture?
    pub(super) fn has_focus(&self) -> bool {
        self.finds(":focus")
    }

    /// Is it on one of the marks?
    pub(super) fn mark_has_focus(&self) -> bool {
        self.finds(".mk:focus")
    }

    pub(super) fn finds(&self, selector: &str) -> bool {
        let plot = self.plot.cast::<Element>();
        plot.is_some_and(|plot| plot.query_selector(selector).ok().flatten().is_some())
    }

    pub(super) fn tip_view(&self, ctx: &Context<Self>) -> Html {
        let Some(pick) = self.tip else { return Html::default() };
        let (Some(mark), Some(words)) =
            (self.scene.mark(pick), words::tip(&ctx.props().show, pick))
        else {
            return Html::default();
        };
        tip::view(ctx, &self.scene, mark, pick, &words)
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
