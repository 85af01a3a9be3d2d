//! Single letters as shortcuts, while the explainer has the focus. The figure has keys of its own.
use super::View;
use super::state::{Msg, Sheet};
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

impl View<'_> {
    pub fn keys(&self) -> Callback<KeyboardEvent> {
        let send = self.send.clone();
        let (on, quiet) = (self.model.keys, self.model.sheet.is_some());
        let compares = self.model.compares();
        let copies = format!("{}#{}", super::dom::base(), self.model.link());
        Callback::from(move |event: KeyboardEvent| {
            if quiet
                || !on
                || event.ctrl_key()
                || event.meta_key()
                || event.alt_key()
                || typing(&event)
            {
                return;
            }
            let msg = match event.key().as_str() {
                "c" => Msg::Focus("requests"),
                "n" => Msg::SendNow,
                "f" => Msg::Flip,
                "r" => Msg::Reset,
                "d" => Msg::Compare(!compares),
                "l" => Msg::Copy(copies.clone()),
                "t" => Msg::Focus("events"),
                "u" => Msg::Undo,
                "?" => Msg::Sheet(Some(Sheet::Help)),
                _ => return,
            };
            event.prevent_default();
            send.emit(msg);
        })
    }
}

/// Is the key meant for a field?
fn typing(event: &KeyboardEvent) -> bool {
    let target = event.composed_path().get(0).dyn_into::<Element>();
    target.is_ok_and(|target| {
        let is_range = target.get_attribute("type").as_deref() == Some("range");
        matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") && !is_range
    })
}
