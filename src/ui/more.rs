//! Below the settings, folded up until a scenario needs it: the proxy, who takes part, what goes wrong.
use super::View;
use super::dom::bad;
use super::knobs::{self, Knob};
use super::state::Msg;
use crate::study::params::{self, Part};
use yew::prelude::*;

/// What no control here can show.
const NOT_MODELLED: &str = "Not modelled: a message that is lost twice, congestion but for slow start, busy processors. A proxy has a whole message before it passes it on.";

impl View<'_> {
    pub fn more_settings(&self) -> Html {
        html! {
            <details class="beyond" open={self.model.more}>
                <summary>{ "More: proxy, clients, load, faults" }</summary>
                <div class="bar">
                    <h2>{ "Proxy" }</h2>
                    <span class="push">{ self.product(Part::Proxy) }</span>
                </div>
                if self.model.scenario().proxy.is_none() {
                    <p class="note">{ "None: the clients speak to the server itself." }</p>
                }
                { self.product_settings(Part::Proxy) }
                { self.knobs(knobs::PROXY) }
                <div class="bar"><h2>{ "Clients and load" }</h2></div>
                { self.knobs(knobs::CROWD) }
                <div class="bar"><h2>{ "Path of the clients" }</h2></div>
                { self.knobs(knobs::PATH) }
                <div class="bar"><h2>{ "Faults" }</h2></div>
                { self.knobs(knobs::FAULTS) }
                <p class="note">{ NOT_MODELLED }</p>
            </details>
        }
    }

    fn knobs(&self, list: &'static [Knob]) -> Html {
        // What means nothing in this scenario has no value: the path of a proxy that is not there.
        let scenario = self.model.scenario();
        let there = list.iter().filter(|knob| params::get(scenario, knob.key).is_some());
        html! { <>{ for there.map(|knob| self.knob(knob)) }</> }
    }

    /// A choice of forms, and a field for what is typed in the present one.
    pub fn knob(&self, knob: &'static Knob) -> Html {
        let (value, problem) = self.model.field(knob.key);
        let (now, typed) = knob.read(&value);
        let words = knob.forms.iter().enumerate().map(|(index, form)| {
            let on = now == Some(index);
            let value = if on { value.clone() } else { knob.chosen(&value, form) };
            let click = self.click(Msg::Set(knob.key.into(), value));
            html! { <button type="button" class="chip" aria-pressed={super::dom::yes(on)} onclick={click}>{ form.word }</button> }
        });
        let form = now.map(|now| &knob.forms[now]);
        let field = form.is_none_or(|form| !form.first.is_empty()).then(|| {
            let oninput = self.typed(move |text| {
                let text = form.map_or_else(|| text.clone(), |form| form.value(&text));
                Msg::Type(knob.key.into(), text)
            });
            let short = form.is_some_and(|form| form.first.len() < 8);
            html! {
                <input type="text" class={if short { "input num" } else { "input" }} value={typed.to_owned()} aria-label={knob.label}
                    autocomplete="off" autocapitalize="off" spellcheck="false" size="1"
                    aria-invalid={problem.map(|_| "true")} {oninput} onblur={self.left(knob.key.into())} />
            }
        });
        // Always a node: with another number of them the buttons before it would be made anew, and lose
        // the focus.
        let field = field.unwrap_or_default();
        html! {
            <div key={knob.key} class="set knob">
                <span>{ knob.label }</span>
                <span class="both loose">
                    if knob.forms.len() > 1 {
                        <span class="chips" role="group" aria-label={knob.label}>{ for words }</span>
                    }
                    { field }
                </span>
                { bad(problem) }
                <p class="note">{ knob.help }</p>
            </div>
        }
    }
}
