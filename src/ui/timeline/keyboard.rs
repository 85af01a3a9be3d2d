//! Keys of the figure, while it or its controls have the focus.
use super::stage::Act;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::NodeRef;

/// A key, with what matters about where it was pressed.
pub struct Key {
    name: String,
    shift: bool,
    /// In the picture, not in the bar below it.
    in_plot: bool,
    /// On something that has its own use for Space and Enter.
    on_control: bool,
}

impl Key {
    /// None: not for us.
    pub fn of(event: &KeyboardEvent, plot: &NodeRef) -> Option<Self> {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return None;
        }
        let target = event.composed_path().get(0).dyn_into::<Element>().ok()?;
        if matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT") {
            return None;
        }
        let plot = plot.cast::<Element>()?;
        Some(Self {
            name: event.key(),
            shift: event.shift_key(),
            in_plot: plot.contains(Some(&target)),
            on_control: matches!(target.tag_name().as_str(), "BUTTON" | "A"),
        })
    }

    /// What it does. `letters`: single characters act too.
    pub fn act(&self, letters: bool) -> Option<Act> {
        Some(match (self.name.as_str(), self.in_plot) {
            (" ", _) if !self.on_control => Act::Toggle,
            ("Enter", true) if !self.on_control => Act::Details,
            ("Escape", _) => Act::Escape,
            ("ArrowLeft", true) if self.shift => Act::Shift(-100),
            ("ArrowRight", true) if self.shift => Act::Shift(100),
            ("ArrowLeft", true) => Act::Back,
            ("ArrowRight", true) => Act::Forth,
            ("ArrowUp", true) => Act::Lane(-1),
            ("ArrowDown", true) => Act::Lane(1),
            ("Home", true) => Act::First,
            ("End", true) => Act::Last,
            ("k" | "K", _) if letters => Act::Toggle,
            ("[", _) if letters => Act::Faster(-1),
            ("]", _) if letters => Act::Faster(1),
            ("+" | "=", _) if letters => Act::Zoom(1.5),
            ("-", _) if letters => Act::Zoom(1.0 / 1.5),
            ("0", _) if letters => Act::Fit,
            _ => return None,
        })
    }
}
