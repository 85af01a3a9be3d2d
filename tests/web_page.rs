//! The mounted page in a browser: what is clicked and typed takes effect, two mounts keep apart, and
//! nothing is left behind.
#![cfg(target_arch = "wasm32")]

use js_sys::Promise;
use keepalive::ui::{Controls, Explainer, ExplainerProps, Mode};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, KeyboardEvent, KeyboardEventInit,
    window,
};
use yew::{AppHandle, AttrValue, Callback, Renderer};

struct Mounted {
    root: Element,
    app: AppHandle<Explainer>,
    props: ExplainerProps,
    links: Rc<RefCell<Vec<String>>>,
}

impl Mounted {
    async fn new(link: &str, mode: Mode) -> Self {
        let document = window().and_then(|window| window.document()).expect("a page");
        let root = document.create_element("div").expect("an element");
        document.body().expect("a body").append_child(&root).expect("it is taken");
        let links = Rc::new(RefCell::new(Vec::new()));
        let onstate = {
            let links = links.clone();
            Callback::from(move |link| links.borrow_mut().push(link))
        };
        let props = ExplainerProps {
            link: AttrValue::from(link.to_owned()),
            revision: 0,
            mode,
            controls: Controls::Full,
            theme: "light".into(),
            onstate,
            onverdict: Callback::noop(),
            onready: Callback::noop(),
            read: None,
            load: None,
        };
        let app = Renderer::<Explainer>::with_root_and_props(root.clone(), props.clone()).render();
        settle().await;
        Self { root, app, props, links }
    }

    fn find(&self, selector: &str) -> Vec<Element> {
        let list = self.root.query_selector_all(selector).expect("a selector");
        (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
    }

    fn one(&self, selector: &str) -> Element {
        self.find(selector).into_iter().next().expect(selector)
    }

    fn text(&self, selector: &str) -> String {
        self.one(selector).text_content().unwrap_or_default()
    }

    /// Clicks the first button, within a part, that says this.
    async fn click(&self, part: &str, text: &str) {
        let says = |element: &Element| {
            element.text_content().as_deref() == Some(text)
                || element.get_attribute("aria-label").as_deref() == Some(text)
        };
        let button = self.find(&format!("{part} button, {part} a")).into_iter().find(says);
        button.expect(text).unchecked_into::<HtmlElement>().click();
        settle().await;
    }

    async fn type_into(&self, selector: &str, text: &str) -> HtmlInputElement {
        let input: HtmlInputElement = self.one(selector).unchecked_into();
        input.set_value(text);
        let init = EventInit::new();
        init.set_bubbles(true);
        let event = Event::new_with_event_init_dict("input", &init).expect("an event");
        input.dispatch_event(&event).expect("it is heard");
        settle().await;
        input
    }

    async fn press(&self, key: &str) {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
        self.one(".kae").dispatch_event(&event.expect("a key")).expect("it is heard");
        settle().await;
    }

    fn link(&self) -> String {
        self.links.borrow().last().cloned().unwrap_or_default()
    }

    fn leave(self) {
        self.app.destroy();
        self.root.remove();
    }
}

/// Renders are scheduled as microtasks: a task is late enough.
async fn settle() {
    let wait = Promise::new(&mut |resolve, _| {
        let window = window().expect("a page");
        let asked = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, 0);
        asked.expect("a timer");
    });
    JsFuture::from(wait).await.expect("it comes");
}

#[wasm_bindgen_test]
async fn the_first_view_is_complete() {
    let page = Mounted::new("", Mode::Page).await;
    assert!(page.text(".verdict").contains("0.93"));
    for part in [".stage svg", ".reqp", ".srvp", ".whyp", "table", ".foot"] {
        assert!(!page.find(part).is_empty(), "{part}");
    }
    assert_eq!(page.find("[style]").len(), 0);
    assert_eq!(page.find("tbody tr").len(), 36);
    page.leave();
}

#[wasm_bindgen_test]
async fn what_is_clicked_takes_effect() {
    let page = Mounted::new("scenario=http11-default", Mode::Page).await;
    page.click(".reqp", "Connection: close").await;
    let link = "v=1&scenario=http11-default&x1.headers=Host:shop.example;Connection:close";
    assert_eq!(page.link(), link);
    assert!(page.text(".whyp h2").contains("closes after answer 1"));
    assert!(page.text(".reqp pre.bytes").contains("Connection: close"));
    page.click(".reqp", "Undo").await;
    assert_eq!(page.link(), "v=1&scenario=http11-default");
    page.click(".reqp", "1.0").await;
    assert_eq!(page.link(), "v=1&scenario=http11-default&x1.version=1.0");
    page.leave();
}

#[wasm_bindgen_test]
async fn what_cannot_be_is_kept_with_its_message() {
    let page = Mounted::new("scenario=idle-too-late", Mode::Page).await;
    let field = ".srvp input[aria-label=KeepAliveTimeout][type=text]";
    let input = page.type_into(field, "soon").await;
    assert_eq!(input.value(), "soon");
    assert_eq!(input.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(page.find(".srvp .bad").len(), 1);
    let input = page.type_into(field, "9").await;
    assert_eq!(input.value(), "9");
    assert_eq!(page.find(".bad").len(), 0);
    assert_eq!(page.link(), "v=1&scenario=idle-too-late&server.KeepAliveTimeout=9");
    page.leave();
}

#[wasm_bindgen_test]
async fn a_row_of_the_table_is_explained() {
    let page = Mounted::new("", Mode::Page).await;
    let row: HtmlElement = page.find("tbody tr").remove(0).unchecked_into();
    row.click();
    settle().await;
    assert_eq!(page.text(".whyp h2"), "Why A·C1 closes after answer 1");
    assert_eq!(page.find("tbody tr[aria-selected=true]").len(), 1);
    page.click(".whyp", "Back to what the headline is about").await;
    assert_eq!(page.text(".whyp h2"), "Why B·C1 stays open after answer 1");
    page.click(".section", "Show all").await;
    assert_eq!(page.find("tbody tr").len(), 60);
    page.leave();
}

#[wasm_bindgen_test]
async fn letters_are_keys_and_can_be_switched_off() {
    let page = Mounted::new("scenario=idle-too-late", Mode::Page).await;
    page.press("f").await;
    assert_eq!(page.link(), "v=1&scenario=idle-too-late&server.KeepAlive=Off");
    page.press("u").await;
    assert_eq!(page.link(), "v=1&scenario=idle-too-late");
    page.press("?").await;
    page.click("dialog", "Keys are on").await;
    page.click("dialog", "Close").await;
    page.press("f").await;
    assert_eq!(page.link(), "v=1&scenario=idle-too-late");
    page.leave();
}

#[wasm_bindgen_test]
async fn two_mounts_keep_apart_and_leave_nothing() {
    let one = Mounted::new("", Mode::Page).await;
    let other = Mounted::new("scenario=idle-too-late", Mode::Embed).await;
    one.click(".reqp", "1.0").await;
    assert!(one.link().contains("x1.version=1.0"));
    assert_eq!(other.link(), "");
    let ids =
        |page: &Mounted| page.find("[id]").iter().map(|element| element.id()).collect::<Vec<_>>();
    let (mine, theirs) = (ids(&one), ids(&other));
    assert!(!mine.is_empty() && !theirs.is_empty());
    assert_eq!(mine.iter().filter(|id| theirs.contains(id)).count(), 0);
    assert!(other.find(".reqp, .srvp, table").is_empty());
    let (first, second) = (one.root.clone(), other.root.clone());
    one.leave();
    other.leave();
    settle().await;
    assert_eq!((first.child_element_count(), second.child_element_count()), (0, 0));
}

#[wasm_bindgen_test]
async fn the_host_sets_link_and_theme() {
    let mut page = Mounted::new("", Mode::Page).await;
    let mut props = page.props.clone();
    props.link = "v=1&scenario=idle-too-late&nonsense=1".into();
    props.theme = "dark".into();
    props.revision = 1;
    page.app.update(props.clone());
    settle().await;
    assert_eq!(page.one(".kae").get_attribute("data-theme").as_deref(), Some("dark"));
    assert!(page.text(".verdict").contains("came after"));
    assert!(page.text(".alert").contains("nonsense"));
    // The same link again leads back to it.
    page.click(".srvp", "Off").await;
    props.revision = 2;
    page.app.update(props);
    settle().await;
    assert_eq!(page.link(), "v=1&scenario=idle-too-late");
    page.leave();
}
