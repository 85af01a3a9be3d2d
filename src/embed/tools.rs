//! The calculators in the page: a form that is put there once, and what is said below it, which is
//! written anew at each keystroke. The fields are left alone, so that nobody loses the focus.
use crate::embed::tune::Tuning;
use crate::share::link;
use crate::study::Study;
use crate::tool::{self, Asked, Tool, tune};
use js_sys::{Function, Reflect};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, window};

/// One calculator in its place.
pub struct Mounted {
    pub root: HtmlElement,
    tool: &'static Tool,
    /// The state that the page showed.
    pub link: String,
    pub study: Study,
    on_open: Function,
}

/// Puts a calculator into an element, whose `data-tool` says which. `link` is the state that the page
/// shows; `on_open` is called with the link of a scenario that is to be opened.
pub fn mount_tool(element: Element, link: &str, on_open: Function) {
    thread_local!(static MOUNTS: Cell<u32> = const { Cell::new(0) });
    let id = element.get_attribute("data-tool").unwrap_or_default();
    let (Some(tool), Ok(root)) = (tool::tool(&id), element.dyn_into::<HtmlElement>()) else {
        return;
    };
    let number = MOUNTS.with(|mounts| mounts.replace(mounts.get() + 1));
    style();
    let study = link::parse(link).study;
    root.set_inner_html(&tool.html(&format!("tool{number}"), &study));
    let mounted = Rc::new(Mounted { root, tool, link: link.to_owned(), study, on_open });
    mounted.listen("input", Mounted::tell);
    mounted.listen("click", Mounted::clicked);
    if !tool.presets.is_empty() {
        mounted.choose(0);
    }
    mounted.tell(None);
    if tool.id == tune::TOOL.id {
        Tuning::begin(mounted);
    }
}

/// The sheet of the calculators, once.
fn style() {
    let Some(document) = window().and_then(|window| window.document()) else { return };
    let (Some(head), Ok(None)) =
        (document.head(), document.query_selector("link[href='tools.css']"))
    else {
        return;
    };
    if let Ok(sheet) = document.create_element("link") {
        for (name, value) in [("rel", "stylesheet"), ("href", "tools.css")] {
            drop(sheet.set_attribute(name, value));
        }
        drop(head.append_child(&sheet));
    }
}

impl Mounted {
    /// Calls this at each event of that kind inside. The listener goes with the element.
    fn listen(self: &Rc<Self>, kind: &str, then: fn(&Rc<Self>, Option<Element>)) {
        let mounted = self.clone();
        let listener = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
            then(&mounted, event.target().and_then(|target| target.dyn_into().ok()));
        });
        let listener = listener.into_js_value();
        drop(self.root.add_event_listener_with_callback(kind, listener.unchecked_ref()));
    }

    /// Says what follows from what is typed.
    fn tell(self: &Rc<Self>, _changed: Option<Element>) {
        let asked = Asked {
            pairs: &self.pairs(),
            study: &self.study,
            width: f64::from(self.root.client_width()),
        };
        let answer = (self.tool.answer)(&asked);
        for place in self.all("[data-bad]") {
            let name = place.get_attribute("data-bad").unwrap_or_default();
            let problem = answer.problems.iter().find(|problem| problem.field == name);
            let text = problem.map(|problem| problem.text.as_str());
            if place.text_content().as_deref() != Some(text.unwrap_or_default()) {
                place.set_text_content(text);
            }
            if let Some(field) = self.field(&name) {
                drop(
                    field.set_attribute(
                        "aria-invalid",
                        if text.is_some() { "true" } else { "false" },
                    ),
                );
            }
        }
        // What was said before stays until it can be said anew.
        if answer.problems.is_empty() {
            self.say("say", &answer.say);
            self.say("more", &answer.more);
        }
    }

    fn clicked(self: &Rc<Self>, target: Option<Element>) {
        let Some(button) =
            target.and_then(|it| it.closest("[data-open], [data-preset]").ok().flatten())
        else {
            return;
        };
        if let Some(link) = button.get_attribute("data-open") {
            self.open(&link);
        } else if let Some(index) =
            button.get_attribute("data-preset").and_then(|it| it.parse().ok())
        {
            self.choose(index);
            self.tell(None);
        }
    }

    /// Fills in an example.
    fn choose(&self, index: usize) {
        let Some(preset) = self.tool.presets.get(index) else { return };
        for (name, value) in preset.values {
            if let Some(field) = self.field(name) {
                // A field of our own takes every text.
                drop(Reflect::set(&field, &"value".into(), &JsValue::from_str(value)));
            }
        }
        for (number, button) in self.all("[data-preset]").into_iter().enumerate() {
            drop(
                button
                    .set_attribute("aria-pressed", if number == index { "true" } else { "false" }),
            );
        }
        self.say("preset", &preset.html());
    }

    pub fn open(&self, link: &str) {
        // What it throws is the page's.
        drop(self.on_open.call1(&JsValue::NULL, &JsValue::from_str(link)));
    }

    pub fn say(&self, part: &str, html: &str) {
        for place in self.all(&format!("[data-out={part}]")) {
            if place.inner_html() != html {
                place.set_inner_html(html);
            }
        }
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        let pair = |field: Element| {
            let value = Reflect::get(&field, &"value".into()).ok()?.as_string()?;
            Some((field.get_attribute("name")?, value))
        };
        self.all("[name]").into_iter().filter_map(pair).collect()
    }

    fn field(&self, name: &str) -> Option<Element> {
        self.root.query_selector(&format!("[name={name}]")).ok().flatten()
    }

    pub fn all(&self, selector: &str) -> Vec<Element> {
        let Ok(list) = self.root.query_selector_all(selector) else { return Vec::new() };
        (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
    }
}
