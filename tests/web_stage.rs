//! The figure in a browser: what assistive technology finds, what keys and clicks ask for, and that
//! nothing is styled by attributes.
#![cfg(target_arch = "wasm32")]
mod scene_support;

use js_sys::Promise;
use keepalive::scene::Mode;
use keepalive::sim::{EventKind, Us};
use keepalive::study::Show;
use keepalive::ui::timeline::{Stage, StageMsg, StageProps};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{Element, KeyboardEvent, KeyboardEventInit, window};
use yew::{AppHandle, Callback, Html, Renderer};

/// A mounted figure with everything that it has asked for.
struct Mounted {
    root: Element,
    app: AppHandle<Stage>,
    props: StageProps,
    said: Rc<RefCell<Vec<StageMsg>>>,
}

impl Mounted {
    async fn new(show: Show, mode: Mode) -> Self {
        let document = window().and_then(|window| window.document()).expect("a page");
        let root = document.create_element("div").expect("an element");
        root.set_class_name("kae");
        // Alone on the page: what is out of sight does not play.
        let body = document.body().expect("a body");
        if let Ok(Some(other)) = body.query_selector(".kae") {
            other.remove();
        }
        body.prepend_with_node_1(&root).expect("it is taken");
        let said = Rc::new(RefCell::new(Vec::new()));
        let on = {
            let said = said.clone();
            Callback::from(move |msg| said.borrow_mut().push(msg))
        };
        let (at, pick) = (show.at(), show.picked());
        let props = StageProps {
            show: Rc::new(show),
            at,
            playhead: Rc::default(),
            playing: false,
            pick,
            keys: true,
            mode,
            few_controls: false,
            uid: 1,
            labelled_by: "verdict".into(),
            compare: None,
            extra: Html::default(),
            on,
        };
        let app = Renderer::<Stage>::with_root_and_props(root.clone(), props.clone()).render();
        // The picture is drawn when the width is known, which a busy browser says late.
        for _ in 0..200 {
            settle().await;
            if let Ok(Some(_)) = root.query_selector(".mk[tabindex='0']") {
                break;
            }
        }
        Self { root, app, props, said }
    }

    fn count(&self, selector: &str) -> u32 {
        self.root.query_selector_all(selector).expect("a selector").length()
    }

    fn one(&self, selector: &str) -> Element {
        self.root.query_selector(selector).expect("a selector").expect(selector)
    }

    /// Presses a key where the roving tab stop is.
    async fn press(&self, key: &str, shift: bool) -> Vec<StageMsg> {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_shift_key(shift);
        init.set_bubbles(true);
        init.set_composed(true);
        let event =
            KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("a key");
        self.said.borrow_mut().clear();
        self.one(".mk[tabindex='0']").dispatch_event(&event).expect("it is heard");
        settle().await;
        self.said.borrow().clone()
    }

    async fn update(&mut self, change: impl FnOnce(&mut StageProps)) {
        change(&mut self.props);
        self.app.update(self.props.clone());
        settle().await;
    }
}

/// Renders are scheduled: one turn of the event loop is enough.
async fn settle() {
    let turn = Promise::new(&mut |done, _| {
        let window = window().expect("a window");
        window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, 30).expect("a timer");
    });
    JsFuture::from(turn).await.expect("time passes");
}

#[wasm_bindgen_test]
async fn lanes_are_lists_and_marks_their_items() {
    let stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    assert_eq!(stage.count("figure.stage[role='group'][aria-labelledby='verdict']"), 1);
    assert_eq!(stage.count("svg [role='list']"), 2);
    let items = stage.count("svg [role='listitem']");
    assert!(items > 10);
    assert_eq!(stage.count("svg [role='listitem'][aria-label]"), items);
    let name = stage.one(".mk[tabindex='0']").get_attribute("aria-label").unwrap_or_default();
    assert!(name.contains("answer 1: 200"), "{name}");
}

#[wasm_bindgen_test]
async fn one_mark_is_a_tab_stop() {
    let stage = Mounted::new(scene_support::ten_images(), Mode::Page).await;
    assert_eq!(stage.count(".mk[tabindex='0']"), 1);
    assert_eq!(stage.count("[role='slider'][tabindex='0']"), 1);
}

#[wasm_bindgen_test]
async fn arrows_go_from_event_to_event() {
    let stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    let said = stage.press("ArrowRight", false).await;
    // At rest all answers are there; the next thing is that the server closes.
    let at = stage.props.show.runs[0].timeline().expect("it runs").connections[1].close.as_ref();
    let at = at.expect("it closes").at;
    assert!(said.contains(&StageMsg::Seek(at)), "{said:?}");
    let picked = said.iter().any(|msg| {
        matches!(msg, StageMsg::Pick(Some(pick)) if pick.key.kind == EventKind::Close && pick.key.connection == 2)
    });
    assert!(picked, "{said:?}");
}

#[wasm_bindgen_test]
async fn keys_do_what_the_help_says() {
    let stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    let at = stage.props.at;
    assert!(stage.press(" ", false).await.contains(&StageMsg::Play(true)));
    assert!(stage.press("k", false).await.contains(&StageMsg::Play(true)));
    assert!(stage.press("Home", false).await.contains(&StageMsg::Seek(Us::ZERO)));
    assert!(stage.press("ArrowRight", true).await.contains(&StageMsg::Seek(Us::from_ms(100))));
    assert!(stage.press("Enter", false).await.contains(&StageMsg::Details));
    assert!(stage.press("Escape", false).await.contains(&StageMsg::Pick(None)));
    assert_ne!(at, Us::ZERO);
}

#[wasm_bindgen_test]
async fn letters_can_be_switched_off() {
    let mut stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    stage.update(|props| props.keys = false).await;
    assert_eq!(stage.press("k", false).await, []);
    assert_eq!(stage.press("+", false).await, []);
    assert!(stage.press(" ", false).await.contains(&StageMsg::Play(true)));
}

#[wasm_bindgen_test]
async fn the_playhead_stands_where_it_is_put() {
    let mut stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    let clock = |stage: &Mounted| stage.one(".clock b").text_content().unwrap_or_default();
    assert_eq!(clock(&stage), "9.701\u{a0}s");
    let before = stage.one(".head").get_attribute("transform");
    stage.update(|props| props.at = Us::from_secs(2)).await;
    assert_eq!(clock(&stage), "2.000\u{a0}s");
    assert_eq!(stage.one(".head").get_attribute("aria-valuetext").as_deref(), Some("2.000\u{a0}s"));
    assert_ne!(stage.one(".head").get_attribute("transform"), before);
}

#[wasm_bindgen_test]
async fn playing_at_the_end_starts_over_and_moves() {
    let mut stage = Mounted::new(scene_support::ten_images(), Mode::Page).await;
    let end = stage.props.show.last();
    stage.update(|props| props.at = end).await;
    stage.update(|props| props.playing = true).await;
    for _ in 0..5 {
        settle().await;
    }
    let now = stage.one(".clock b").text_content().unwrap_or_default();
    assert!(now.starts_with("0."), "{now}");
    assert_ne!(now, "0.000\u{a0}s");
}

#[wasm_bindgen_test]
async fn a_click_without_a_pointer_selects() {
    let stage = Mounted::new(scene_support::too_late(), Mode::Page).await;
    let mark = stage.one(".mk-tcp").dyn_into::<web_sys::EventTarget>().expect("a target");
    let init = web_sys::MouseEventInit::new();
    init.set_bubbles(true);
    let click =
        web_sys::MouseEvent::new_with_mouse_event_init_dict("click", &init).expect("a click");
    mark.dispatch_event(&click).expect("it is heard");
    settle().await;
    let picked =
        stage.said.borrow().iter().any(
            |msg| matches!(msg, StageMsg::Pick(Some(pick)) if pick.key.kind == EventKind::Syn),
        );
    assert!(picked);
}

#[wasm_bindgen_test]
async fn nothing_has_a_style_attribute() {
    for show in [scene_support::ten_images(), scene_support::race()] {
        let stage = Mounted::new(show, Mode::Page).await;
        assert_eq!(stage.count("[style]"), 0);
    }
}

#[wasm_bindgen_test]
async fn the_figure_goes_without_a_trace() {
    let stage = Mounted::new(scene_support::many(300, "on"), Mode::Embed).await;
    assert!(stage.count("*") < 800);
    let Mounted { root, app, .. } = stage;
    app.destroy();
    settle().await;
    assert_eq!(root.child_element_count(), 0);
    assert_eq!(JsValue::from(root.inner_html()), JsValue::from(""));
}
