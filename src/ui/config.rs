//! The settings as configuration files, and back. What knows these files is not in the page: it is
//! the module with the JSON functions, loaded when one of the sheets is opened.
use super::View;
use super::dom::{self, get, text_of};
use super::facts::{MODULE, list, number};
use super::state::Msg;
use crate::profile::{Chosen, product};
use crate::study::params::Part;
use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use yew::prelude::*;

/// What the module's function answers; undefined if it has failed.
fn ask(module: &JsValue, function: &str, question: &JsValue) -> JsValue {
    let function = get(module, function).dyn_into::<Function>();
    let answer = function.and_then(|function| function.call1(&JsValue::NULL, question));
    answer.unwrap_or(JsValue::UNDEFINED)
}

fn object<'a>(entries: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        // A new object takes every key.
        drop(Reflect::set(&object, &key.into(), &value));
    }
    object.into()
}

/// A choice as a question holds it.
fn question(chosen: &Chosen) -> JsValue {
    let settings = chosen.settings.iter().map(|(name, value)| (name.as_str(), value.into()));
    object([
        ("product", (&chosen.product).into()),
        ("version", (&chosen.version).into()),
        ("settings", object(settings)),
    ])
}

/// The choice that an answer names.
fn chosen(answer: &JsValue) -> Option<Chosen> {
    let chosen = get(answer, "chosen");
    let settings = get(&chosen, "settings").dyn_into::<Object>().ok()?;
    let pair = |entry: JsValue| {
        let entry = entry.dyn_into::<Array>().ok()?;
        Some((entry.get(0).as_string()?, entry.get(1).as_string()?))
    };
    Some(Chosen {
        product: text_of(&chosen, "product"),
        version: text_of(&chosen, "version"),
        settings: Object::entries(&settings).iter().filter_map(pair).collect(),
    })
}

impl View<'_> {
    /// The files with which the real products do what is shown here.
    pub fn config_files(&self) -> Html {
        let part = |module: &JsValue, part: Part| {
            let answer = ask(module, "exported", &question(part.of(self.model.scenario())));
            let problem = get(&answer, "problem").as_string();
            let problem = problem.unwrap_or_else(|| "What writes such files has stopped".into());
            match list(&get(&answer, "files")) {
                // A client without a file is none to speak of.
                files if files.is_empty() && part == Part::Client => Html::default(),
                files if files.is_empty() => html! { <p class="note">{ problem }{ "." }</p> },
                files => html! { <>{ for files.iter().map(|file| self.config_file(file)) }</> },
            }
        };
        let files = |module: &JsValue| html! { <>{ for Part::of_scenario(self.model.scenario()).iter().map(|&one| part(module, one)) }</> };
        html! {
            <>
                <p class="note">{ "For the real program, with the settings as they are here. What is commented out keeps its default." }</p>
                { self.with_file(MODULE, files) }
                <p class="label" role="status">{ if self.model.copied { "Copied" } else { "" } }</p>
            </>
        }
    }

    fn config_file(&self, file: &JsValue) -> Html {
        let file_name = text_of(file, "file_name");
        let text = text_of(file, "text");
        let save = Msg::Save(file_name.clone(), text.clone());
        html! {
            <>
                <h3><code>{ file_name.clone() }</code></h3>
                <pre class="bytes plain" tabindex="0" aria-label={file_name}>{ text.clone() }</pre>
                <div class="row gap">
                    <button type="button" class="solid" onclick={self.click(Msg::Copy(text))}>{ "Copy" }</button>
                    <button type="button" class="line" onclick={self.click(save)}>{ "Download" }</button>
                </div>
                <dl class="words">
                    <dt>{ "Where" }</dt><dd>{ text_of(file, "goes_to") }</dd>
                    <dt>{ "Then" }</dt><dd>{ text_of(file, "reload") }</dd>
                </dl>
            </>
        }
    }

    /// A pasted file, and what is understood of it.
    pub fn config_paste(&self) -> Html {
        let text = &self.model.pasted;
        let ondrop = {
            let send = self.send.clone();
            Callback::from(move |event: DragEvent| {
                // What is no file is put there as text, by the browser.
                let Some(file) = dom::dropped(&event) else { return };
                event.prevent_default();
                let send = send.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    send.emit(Msg::Paste(dom::read(file).await));
                });
            })
        };
        html! {
            <>
                <p class="note">{ "From httpd.conf, nginx.conf, haproxy.cfg, lighttpd.conf, a .reg file or a program. Paste it or drop the file here; it stays on this page." }</p>
                <textarea class="input gap" rows="8" aria-label="Configuration" spellcheck="false" autocomplete="off"
                    value={text.clone()} oninput={self.typed(Msg::Paste)} {ondrop} />
                { self.with_file(MODULE, |module| self.understood(module, text)) }
            </>
        }
    }

    fn understood(&self, module: &JsValue, pasted: &str) -> Html {
        let mut last = self.files.pasted.borrow_mut();
        // Read once, not in every picture of what plays behind the sheet.
        if last.0 != pasted {
            *last = (pasted.into(), ask(module, "imported", &pasted.into()));
        }
        let [understood, ignored] = ["understood", "ignored"].map(|key| list(&get(&last.1, key)));
        let chosen = chosen(&last.1);
        let product = chosen.as_ref().and_then(|chosen| product(&chosen.product));
        let summary = match product {
            _ if pasted.trim().is_empty() => String::new(),
            None => "Nothing here sets anything that is known.".into(),
            Some(product) => format!(
                "Read as {}: {} understood, {} not.",
                product.name,
                understood.len(),
                ignored.len()
            ),
        };
        let take = chosen.filter(|_| product.is_some()).map(|chosen| {
            html! { <button type="button" class="solid gap" onclick={self.go(Msg::TakePaste(chosen))}>{ "Use these settings" }</button> }
        });
        html! {
            <>
                <p role="status">{ summary }</p>
                { lines("Set", &understood) }
                { lines("Not understood", &ignored) }
                { take }
            </>
        }
    }
}

fn lines(title: &'static str, lines: &[JsValue]) -> Html {
    let line = |line: &JsValue| {
        html! {
            <li><span class="label">{ "line " }{ number(&get(line, "line")) }</span>
                <span><code>{ text_of(line, "text") }</code>{ " " }<span class="note">{ text_of(line, "note") }</span></span></li>
        }
    };
    if lines.is_empty() {
        return Html::default();
    }
    html! { <><h3>{ title }</h3><ul class="lines">{ for lines.iter().map(line) }</ul></> }
}
