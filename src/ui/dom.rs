//! Small things that every view uses: callbacks with a fixed message, inputs, icons, links.
use super::state::Msg;
use crate::protocol::Clause;
use crate::ui::View;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url, window};
use yew::prelude::*;

pub const CHEVRON: &str = "M3.3 5.3L8 10l4.7-4.7 1 1L8 12 2.3 6.3z";
pub const SHARE: &str = "M11 1l4 4-4 4V6.6C6.5 6.6 3.7 8.4 2 12c.3-4.6 3-8.2 9-8.7z";
pub const HALF: &str = "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.6v10.8a5.4 5.4 0 0 1 0-10.8z";
pub const OPEN: &str =
    "M9 2h5v5h-1.6V4.7L7.6 9.6 6.4 8.4l4.9-4.8H9zM3 4h4v1.6H4.6v6.8h6.8V10H13v4H3z";
pub const CROSS: &str = "M4 3l4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z";
pub const UP: &str = "M8 3l5 6H9v4H7V9H3z";
pub const UNDO: &str = "M6 2L1.5 6 6 10V7.2h3.5a2.8 2.8 0 0 1 0 5.6H5v1.7h4.5a4.5 4.5 0 0 0 0-9H6z";
pub const REDO: &str =
    "M10 2l4.5 4L10 10V7.2H6.500a2.8 2.8 0 0 0 0 5.6H11v1.7H6.500a4.500 4.500 0 0 1 0-9H10z";

pub fn icon(path: &'static str) -> Html {
    html! { <svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d={path} /></svg> }
}

/// `true` or `false`, as ARIA wants it.
pub const fn yes(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

/// A link to where a rule stands.
pub fn clause(clause: &Clause) -> Html {
    html! { <a class="clause" href={clause.url} title={clause.gist}>{ clause.to_string() }</a> }
}

/// The same where there is little room: of a manual only the place in it.
pub fn short_clause(clause: &Clause) -> Html {
    let is_manual = !clause.document.starts_with("RFC ");
    let text = match (is_manual, clause.section) {
        (true, section) if !section.is_empty() => section.to_owned(),
        _ => clause.to_string(),
    };
    html! { <a class="clause" href={clause.url} title={format!("{clause}: {}", clause.gist)}>{ text }</a> }
}

/// The value of the field that an event came from.
pub fn value_of(event: &Event) -> String {
    let target = event.target().map_or(JsValue::UNDEFINED, JsValue::from);
    text_of(&target, "value")
}

/// What stands under a key of a JavaScript object; undefined if it has none.
pub fn get(object: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(object, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
}

/// The same as a text; empty if it is none.
pub fn text_of(object: &JsValue, key: &str) -> String {
    get(object, key).as_string().unwrap_or_default()
}

impl View<'_> {
    /// Sends this message when something is clicked.
    pub fn click(&self, msg: Msg) -> Callback<MouseEvent> {
        let send = self.send.clone();
        Callback::from(move |event: MouseEvent| {
            // Links are buttons here: the address follows the state, not the other way round.
            event.prevent_default();
            send.emit(msg.clone());
        })
    }

    /// The same, and on to what it gives: the verdict, and below it the figure.
    pub fn go(&self, msg: Msg) -> Callback<MouseEvent> {
        let (send, click) = (self.send.clone(), self.click(msg));
        Callback::from(move |event: MouseEvent| {
            click.emit(event);
            send.emit(Msg::Focus("verdict"));
        })
    }

    /// Sends a message made of the text in a field, at every keystroke.
    pub fn typed(&self, make: impl Fn(String) -> Msg + 'static) -> Callback<InputEvent> {
        let send = self.send.clone();
        Callback::from(move |event: InputEvent| send.emit(make(value_of(&event))))
    }

    /// Sends a message made of what was chosen.
    pub fn chosen(&self, make: impl Fn(String) -> Msg + 'static) -> Callback<Event> {
        let send = self.send.clone();
        Callback::from(move |event: Event| send.emit(make(value_of(&event))))
    }

    pub fn left(&self, key: String) -> Callback<FocusEvent> {
        let send = self.send.clone();
        Callback::from(move |_| send.emit(Msg::Leave(key.clone())))
    }

    /// An id that no other mount on the page has.
    pub fn id(&self, name: &str) -> AttrValue {
        AttrValue::from(format!("kae{}-{name}", self.uid))
    }

    /// A small button with an icon, named for those who do not see it.
    pub fn mini(&self, icon_path: &'static str, label: &'static str, msg: Msg) -> Html {
        html! {
            <button type="button" class="mini" aria-label={label} title={label} onclick={self.click(msg)}>
                { icon(icon_path) }
            </button>
        }
    }

    /// Words of which one holds.
    pub fn segments(&self, label: &str, options: Vec<(AttrValue, bool, Msg)>) -> Html {
        let buttons = options.into_iter().map(|(text, on, msg)| {
            html! {
                <button type="button" aria-pressed={yes(on)} onclick={self.click(msg)}>{ text }</button>
            }
        });
        html! { <div class="seg" role="group" aria-label={label.to_owned()}>{ for buttons }</div> }
    }

    /// A field for text that is set by a key of the link grammar, with its message beneath.
    pub fn input(&self, key: &str, class: &'static str, label: &str) -> (Html, Html) {
        let (text, problem) = self.model.field(key);
        let oninput = {
            let key = key.to_owned();
            self.typed(move |text| Msg::Type(key.clone(), text))
        };
        let id = self.id(key);
        let field = html! {
            <input type="text" class={class} id={id.clone()} value={text} aria-label={label.to_owned()}
                autocomplete="off" autocapitalize="off" spellcheck="false" size="1"
                aria-invalid={problem.map(|_| "true")} {oninput} onblur={self.left(key.to_owned())} />
        };
        (field, bad(problem))
    }

    /// A slider over a list of values, smallest first.
    pub fn slider(&self, key: &str, label: &str, steps: &[String], now: usize) -> Html {
        let oninput = {
            let (key, steps) = (key.to_owned(), steps.to_vec());
            self.typed(move |text| {
                let step = text.parse::<usize>().ok().and_then(|index| steps.get(index));
                Msg::Set(key.clone(), step.cloned().unwrap_or_default())
            })
        };
        html! {
            <input type="range" class="range" min="0" max={steps.len().saturating_sub(1).to_string()}
                value={now.to_string()} aria-label={label.to_owned()}
                aria-valuetext={steps.get(now).cloned()} {oninput} />
        }
    }
}

/// The address of the folder that the page stands in, with a slash at its end.
pub fn base() -> String {
    let href = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    let plain = href.split(['#', '?']).next().unwrap_or_default();
    plain.rfind('/').map(|slash| plain[..=slash].to_owned()).unwrap_or_default()
}

/// The address of the page itself: of the whole explainer also from within its frame.
pub fn here() -> String {
    base() + "index.html"
}

/// Is the screen one on which details are a sheet?
pub fn is_small() -> bool {
    let width = window().and_then(|window| window.inner_width().ok()?.as_f64());
    width.is_some_and(|width| width < 700.0)
}

/// The file that was dropped; None if it was something else.
pub fn dropped(event: &DragEvent) -> Option<Blob> {
    get(&get(&get(event, "dataTransfer"), "files"), "0").dyn_into().ok()
}

/// The text of a file; empty if it cannot be read.
pub async fn read(file: Blob) -> String {
    let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
    text.ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// Puts a text on the clipboard; says whether it may.
pub async fn copy(text: String) -> bool {
    let Some(window) = window() else { return false };
    let clipboard = window.navigator().clipboard();
    // Pages without TLS have none.
    if clipboard.is_undefined() {
        return false;
    }
    wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await.is_ok()
}

/// Hands a text to the browser as a file to save.
pub fn save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let document = window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let parts = js_sys::Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
    link.set_href(&address);
    link.set_download(name);
    link.click();
    // The browser reads the address some time after the click.
    gloo_timers::callback::Timeout::new(10_000, move || drop(Url::revoke_object_url(&address)))
        .forget();
    Ok(())
}

/// What is wrong with the field above.
pub fn bad(problem: Option<&str>) -> Html {
    match problem {
        Some(problem) => html! { <p class="bad" role="alert">{ problem.to_owned() }</p> },
        None => Html::default(),
    }
}
