//! What JavaScript may call. Nothing is exported from here: each of the two wasm binaries exports
//! its own part, `bin/page.rs` what the page is mounted with, `bin/explainer.rs` the JSON functions.
//! So the page does not carry what reads and writes JSON.

pub mod json;
pub mod tools;
pub mod tune;

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;
use yew::{AppHandle, AttrValue, Callback, Renderer};

use crate::ui::{Controls, Explainer, ExplainerProps, Mode};

/// Called with the panic's text, so that the page can show a message with a link to the last
/// known state. Nothing of this module can be called afterwards.
pub fn set_panic_handler(handler: Function) {
    // `Function` is not `Send`; the hook reads it back on the one thread there is.
    thread_local!(static HANDLER: RefCell<Option<Function>> = const { RefCell::new(None) });
    HANDLER.with(|slot| slot.replace(Some(handler)));
    std::panic::set_hook(Box::new(|info| {
        HANDLER.with(|slot| {
            if let Ok(slot) = slot.try_borrow()
                && let Some(handler) = slot.as_ref()
            {
                // Already failing: whatever the handler throws is of no more use.
                drop(handler.call1(&JsValue::NULL, &JsValue::from_str(&info.to_string())));
            }
        });
    }));
}

/// One mounted explainer.
pub struct Handle {
    app: AppHandle<Explainer>,
    props: ExplainerProps,
    state: Rc<RefCell<String>>,
}

/// Mounts an explainer in `root`, whose content is replaced. Options: `mode` ("page", "embed"),
/// `link`, `theme` ("auto", "light", "dark"), `controls` ("full", "min"), and the functions
/// `onstate(link)`, `onverdict(text)`, `onready()`, `read(name)`, which promises the JSON of a file
/// beside the explainer, and `load()`, which promises the module with the JSON functions.
pub fn mount(root: Element, options: &JsValue) -> Handle {
    let link = text(options, "link").unwrap_or_default();
    let state = Rc::new(RefCell::new(link.clone()));
    let latest = state.clone();
    let onstate = calls(options, "onstate");
    let mut props = ExplainerProps {
        link: AttrValue::from(link),
        revision: 0,
        mode: if text(options, "mode").as_deref() == Some("embed") {
            Mode::Embed
        } else {
            Mode::Page
        },
        controls: Controls::Full,
        theme: AttrValue::default(),
        onstate: Callback::from(move |link: String| {
            onstate(&link);
            latest.replace(link);
        }),
        onverdict: {
            let onverdict = calls(options, "onverdict");
            Callback::from(move |text: String| onverdict(&text))
        },
        onready: {
            let onready = calls(options, "onready");
            Callback::from(move |()| onready(""))
        },
        read: get(options, "read").dyn_into().ok(),
        load: get(options, "load").dyn_into().ok(),
    };
    look(&mut props, options);
    let app = Renderer::<Explainer>::with_root_and_props(root, props.clone()).render();
    Handle { app, props, state }
}

impl Handle {
    /// Changes the options that are named and leaves the rest: without `link` the state stays.
    pub fn update(&mut self, options: &JsValue) {
        if let Some(link) = text(options, "link") {
            self.props.link = AttrValue::from(link);
            // The same link again means: back to it.
            self.props.revision += 1;
        }
        look(&mut self.props, options);
        self.app.update(self.props.clone());
    }

    pub fn unmount(self) {
        self.app.destroy();
    }

    /// The state as a link's fragment.
    pub fn state(&self) -> String {
        self.state.borrow().clone()
    }
}

/// Options about how it looks; each may change at any time.
fn look(props: &mut ExplainerProps, options: &JsValue) {
    if let Some(theme) = text(options, "theme") {
        props.theme = AttrValue::from(theme);
    }
    if let Some(controls) = text(options, "controls") {
        props.controls = if controls == "min" { Controls::Min } else { Controls::Full };
    }
}

/// Calls one of the options, if it is a function, with a text.
fn calls(options: &JsValue, key: &str) -> impl Fn(&str) + use<> {
    let function: Option<Function> = get(options, key).dyn_into().ok();
    move |text| {
        if let Some(function) = &function {
            // Whatever it throws is the host's.
            drop(function.call1(&JsValue::NULL, &JsValue::from_str(text)));
        }
    }
}

fn get(options: &JsValue, key: &str) -> JsValue {
    Reflect::get(options, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn text(options: &JsValue, key: &str) -> Option<String> {
    get(options, key).as_string()
}
