//! What JavaScript may call.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::Element;
use yew::{AppHandle, AttrValue, Callback, Renderer};

use crate::ui::{Explainer, ExplainerProps};

/// Called with the panic's text, so that the page can show a message with a link to the last
/// known state. Nothing of this module can be called afterwards.
#[wasm_bindgen]
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
#[wasm_bindgen]
pub struct Handle {
    app: AppHandle<Explainer>,
    props: ExplainerProps,
    state: Rc<RefCell<String>>,
}

/// Mounts an explainer in `root`, whose content is replaced. Options: `mode` ("page", "embed"),
/// `link`, `theme` ("auto", "light", "dark"), `controls` ("full", "min"), and the functions
/// `onstate(link)`, `onverdict(text)`, `onready()`.
#[wasm_bindgen]
pub fn mount(root: Element, options: JsValue) -> Handle {
    let link = text(&options, "link").unwrap_or_default();
    let state = Rc::new(RefCell::new(link.clone()));
    let onstate = function(&options, "onstate");
    let onready = function(&options, "onready");
    let latest = state.clone();
    let props = ExplainerProps {
        link: AttrValue::from(link),
        onstate: Callback::from(move |link: String| {
            latest.replace(link.clone());
            if let Some(onstate) = &onstate {
                drop(onstate.call1(&JsValue::NULL, &JsValue::from_str(&link)));
            }
        }),
        onready: Callback::from(move |()| {
            if let Some(onready) = &onready {
                drop(onready.call0(&JsValue::NULL));
            }
        }),
    };
    let app = Renderer::<Explainer>::with_root_and_props(root, props.clone()).render();
    Handle { app, props, state }
}

#[wasm_bindgen]
impl Handle {
    /// Changes the options that are named and leaves the rest: without `link` the state stays.
    pub fn update(&mut self, options: JsValue) {
        if let Some(link) = text(&options, "link") {
            self.props.link = AttrValue::from(link);
        }
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

fn get(options: &JsValue, key: &str) -> JsValue {
    Reflect::get(options, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn text(options: &JsValue, key: &str) -> Option<String> {
    get(options, key).as_string()
}

fn function(options: &JsValue, key: &str) -> Option<Function> {
    get(options, key).dyn_into().ok()
}
