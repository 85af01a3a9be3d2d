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
    state: Rc<RefCell<String>>,
}

/// Mounts an explainer in `root`, whose content is replaced.
#[wasm_bindgen]
pub fn mount(root: Element, options: JsValue) -> Handle {
    let state = Rc::new(RefCell::new(text(&options, "link")));
    let props = props(&options, &state);
    let app = Renderer::<Explainer>::with_root_and_props(root, props).render();
    Handle { app, state }
}

#[wasm_bindgen]
impl Handle {
    pub fn update(&mut self, options: JsValue) {
        self.app.update(props(&options, &self.state));
    }

    pub fn unmount(self) {
        self.app.destroy();
    }

    pub fn state(&self) -> String {
        self.state.borrow().clone()
    }
}

fn props(options: &JsValue, state: &Rc<RefCell<String>>) -> ExplainerProps {
    let onstate = function(options, "onstate");
    let onready = function(options, "onready");
    let state = state.clone();
    ExplainerProps {
        link: AttrValue::from(text(options, "link")),
        onstate: Callback::from(move |link: String| {
            state.replace(link.clone());
            if let Some(onstate) = &onstate {
                drop(onstate.call1(&JsValue::NULL, &JsValue::from_str(&link)));
            }
        }),
        onready: Callback::from(move |()| {
            if let Some(onready) = &onready {
                drop(onready.call0(&JsValue::NULL));
            }
        }),
    }
}

fn get(options: &JsValue, key: &str) -> JsValue {
    Reflect::get(options, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

fn text(options: &JsValue, key: &str) -> String {
    get(options, key).as_string().unwrap_or_default()
}

fn function(options: &JsValue, key: &str) -> Option<Function> {
    get(options, key).dyn_into().ok()
}
