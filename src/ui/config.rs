//! The settings as configuration files, and back.
use super::View;
use super::dom;
use super::state::Msg;
use crate::conf::{self, Export, Line, Place};
use crate::profile::product;
use crate::study::params::Part;
use yew::prelude::*;

impl View<'_> {
    /// The files with which the real products do what is shown here.
    pub fn config_files(&self) -> Html {
        let part = |part: Part| {
            let files = conf::export(part.of(self.model.scenario()), &Place::default());
            match files {
                Ok(files) => {
                    html! { <>{ for files.into_iter().map(|file| self.config_file(file)) }</> }
                }
                // A client without a file is none to speak of.
                Err(_) if part == Part::Client => Html::default(),
                Err(error) => html! { <p class="note">{ error.problem }{ "." }</p> },
            }
        };
        html! {
            <>
                <p class="note">{ "For the real program, with the settings as they are here. What is not named keeps its default." }</p>
                { for Part::BOTH.into_iter().map(part) }
                <p class="label" role="status">{ if self.model.copied { "Copied" } else { "" } }</p>
            </>
        }
    }

    fn config_file(&self, file: Export) -> Html {
        let Export { file_name, text, goes_to, reload } = file;
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
                    <dt>{ "Where" }</dt><dd>{ goes_to }</dd>
                    <dt>{ "Then" }</dt><dd>{ reload }</dd>
                </dl>
            </>
        }
    }

    /// A pasted file, and what is understood of it.
    pub fn config_paste(&self) -> Html {
        let (text, import) = &self.model.pasted;
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
        let chosen = import.chosen.as_ref();
        let name = chosen.and_then(|chosen| product(&chosen.product)).map(|product| product.name);
        let summary = match (name, text.trim().is_empty()) {
            (_, true) => String::new(),
            (None, _) => "Nothing here sets anything that is known.".into(),
            (Some(name), _) => format!(
                "Read as {name}: {} understood, {} not.",
                import.understood.len(),
                import.ignored.len()
            ),
        };
        html! {
            <>
                <p class="note">{ "From httpd.conf, nginx.conf, haproxy.cfg, lighttpd.conf, a .reg file or a program. Paste it or drop the file here; it stays on this page." }</p>
                <textarea class="input gap" rows="8" aria-label="Configuration" spellcheck="false" autocomplete="off"
                    value={text.clone()} oninput={self.typed(Msg::Paste)} {ondrop} />
                <p role="status">{ summary }</p>
                { lines("Set", &import.understood) }
                { lines("Not understood", &import.ignored) }
                if name.is_some() {
                    <button type="button" class="solid gap" onclick={self.go(Msg::TakePaste)}>{ "Use these settings" }</button>
                }
            </>
        }
    }
}

fn lines(title: &'static str, lines: &[Line]) -> Html {
    let line = |line: &Line| {
        html! {
            <li><span class="label">{ format!("line {}", line.number) }</span>
                <span><code>{ line.text.clone() }</code>{ " " }<span class="note">{ line.note.clone() }</span></span></li>
        }
    };
    if lines.is_empty() {
        return Html::default();
    }
    html! { <><h3>{ title }</h3><ul class="lines">{ for lines.iter().map(line) }</ul></> }
}
