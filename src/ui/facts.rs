//! What was measured: proof and surprises. Both are files of their own, fetched when they are wanted,
//! as is the module that `config` asks.
use super::View;
use super::dom::{clause, get, text_of};
use super::state::{Msg, Sheet};
use crate::catalogue::cards::Shelf;
use crate::profile::{Chosen, Config, PRODUCTS, Product, product};
use crate::share::see::See;
use js_sys::{Array, Function, Promise};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use yew::prelude::*;

/// The files, in the order of [`Files`].
const NAMES: [&str; 4] = ["proof.json", "surprises.json", "incidents.json", "claims.json"];
/// Behind them stands the module with the JSON functions.
pub const MODULE: usize = NAMES.len();

/// The file with the cards of a shelf.
pub const fn file_of(shelf: Shelf) -> usize {
    match shelf {
        Shelf::Incidents => 2,
        Shelf::Claims => 3,
    }
}

/// What has come of each.
#[derive(Clone, Default)]
pub struct Files {
    all: Rc<RefCell<[File; MODULE + 1]>>,
    /// The last text that was read, and what was understood of it.
    pub pasted: Rc<RefCell<(String, JsValue)>>,
}

#[derive(Clone, Default)]
enum File {
    #[default]
    Unasked,
    Asked,
    There(JsValue),
    Failed,
}

impl Files {
    /// What has to be fetched for an open sheet, if it is not there yet: to be awaited.
    /// `read` takes the name of a file beside the explainer and promises its JSON; `load` promises
    /// the module.
    pub fn fetch(
        &self,
        sheet: Option<Sheet>,
        read: &Option<Function>,
        load: &Option<Function>,
    ) -> Option<impl Future<Output = ()> + use<>> {
        let index = match sheet {
            Some(Sheet::See(See::Proof(_))) => 0,
            Some(Sheet::See(See::Surprises)) => 1,
            Some(Sheet::See(See::Cards { shelf, .. })) => file_of(shelf),
            Some(Sheet::See(See::Export | See::Import | See::Tool(_))) => MODULE,
            _ => return None,
        };
        let file = &mut self.all.borrow_mut()[index];
        if !matches!(file, File::Unasked | File::Failed) {
            return None;
        }
        *file = File::Asked;
        let files = self.all.clone();
        let name = NAMES.get(index).copied().unwrap_or_default();
        let from = if index == MODULE { load } else { read }.clone();
        Some(async move {
            let got = fetched(from, name).await;
            files.borrow_mut()[index] = got.map_or(File::Failed, File::There);
        })
    }

    /// The module, if it is there.
    pub fn module(&self) -> Option<JsValue> {
        if let File::There(module) = self.get(MODULE) { Some(module) } else { None }
    }

    fn get(&self, index: usize) -> File {
        self.all.borrow()[index].clone()
    }
}

async fn fetched(from: Option<Function>, name: &str) -> Option<JsValue> {
    let promise = from?.call1(&JsValue::NULL, &JsValue::from_str(name)).ok()?;
    JsFuture::from(promise.dyn_into::<Promise>().ok()?).await.ok()
}

/// The entries of a list; none for what is no list.
pub fn list(value: &JsValue) -> Vec<JsValue> {
    value.dyn_ref::<Array>().map(Array::to_vec).unwrap_or_default()
}

pub fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}

pub fn number(value: &JsValue) -> String {
    value.as_f64().unwrap_or_default().to_string()
}

impl View<'_> {
    /// With what is in a file, or one line that says why it is not there.
    pub fn with_file(&self, index: usize, draw: impl FnOnce(&JsValue) -> Html) -> Html {
        match self.files.get(index) {
            File::There(value) => draw(&value),
            File::Failed => {
                html! { <p class="note" role="alert">{ "This could not be fetched. Close it and open it again to try once more." }</p> }
            }
            File::Unasked | File::Asked => {
                html! { <p class="note" role="status">{ "One moment …" }</p> }
            }
        }
    }

    /// How far a product was compared with the real one.
    pub fn proof(&self, id: &'static str) -> Html {
        let option = |product: &&'static Product| {
            html! { <option value={product.id} selected={product.id == id}>{ product.name }</option> }
        };
        let onchange = self.chosen(|id| {
            Msg::Sheet(product(&id).map(|product| Sheet::See(See::Proof(product.id))))
        });
        html! {
            <>
                <p class="note">{ "The real program was run, each case twice, and what it did on the wire was compared with what this page computes." }</p>
                <div class="field">
                    <label class="label" for={self.id("proof")}>{ "Program" }</label>
                    <select class="input" id={self.id("proof")} key={id} {onchange}>{ for PRODUCTS.iter().map(option) }</select>
                </div>
                { self.with_file(0, |sheets| self.sheets(id, sheets)) }
            </>
        }
    }

    fn sheets(&self, id: &'static str, sheets: &JsValue) -> Html {
        let Some(product) = product(id) else { return Html::default() };
        let of = list(sheets).into_iter().filter(|sheet| text_of(sheet, "product") == id);
        let sheets: Vec<JsValue> = of.collect();
        let is_run = |version: &str| {
            sheets.iter().any(|sheet| {
                let chosen = Chosen::new(id, &text_of(sheet, "version"));
                Config::parse(&chosen).is_ok_and(|config| config.version_id() == version)
            })
        };
        let others = product.versions.iter().map(|version| version.id);
        let others: Vec<&str> = others.filter(|version| !is_run(version)).collect();
        let source = clause(product.source);
        html! {
            <>
                if sheets.is_empty() {
                    <p>{ "It was not run: its rule follows documents, first of all " }{ source }{ "." }</p>
                } else {
                    { for sheets.iter().map(|sheet| self.sheet(sheet)) }
                    if !others.is_empty() {
                        <p class="note">{ format!("Not run, from documents only: {}. ", others.join(", ")) }{ source }</p>
                    }
                }
            </>
        }
    }

    /// One program, run on one day.
    fn sheet(&self, sheet: &JsValue) -> Html {
        let figure = |figure: JsValue| {
            let figure = list(&figure);
            let [name, agree, of] = figure.as_slice() else { return Html::default() };
            let other = of.as_f64().unwrap_or_default() - agree.as_f64().unwrap_or_default();
            html! {
                <tr>
                    <th scope="row">{ text(name) }</th>
                    <td data-label="agree" class="num">{ number(agree) }</td>
                    <td data-label="differ" class="num">{ other.to_string() }</td>
                </tr>
            }
        };
        let differences = list(&get(sheet, "differences"));
        let unstable = number(&get(sheet, "unstable"));
        html! {
            <>
                <h3>{ format!("Version {}, run on {}", text_of(sheet, "version"), text_of(sheet, "recorded")) }</h3>
                <p class="note">{ text_of(sheet, "how") }</p>
                <p>
                    { format!("{} cases compared.", number(&get(sheet, "cases"))) }
                    if unstable != "0" { { format!(" {unstable} more were left out: two runs of them differed.") } }
                </p>
                <table class="told few">
                    <thead><tr><th scope="col">{ "Compared" }</th><th scope="col" class="num">{ "agree" }</th><th scope="col" class="num">{ "differ" }</th></tr></thead>
                    <tbody>{ for list(&get(sheet, "figures")).into_iter().map(figure) }</tbody>
                </table>
                if differences.is_empty() {
                    <p>{ "No case differs." }</p>
                } else {
                    <h3>{ "Where it differs" }</h3>
                    <ul class="lines cases">{ for differences.into_iter().map(|it| self.case(&it)) }</ul>
                }
            </>
        }
    }

    /// One disagreement.
    fn case(&self, case: &JsValue) -> Html {
        let at = |key: &str| text_of(case, key);
        html! {
            <li>
                { self.study_link(&at("link"), at("case").into(), false) }
                <span>{ at("where") }</span>
                <span><span class="label">{ "computed" }</span>{ " " }<code>{ at("predicted") }</code></span>
                <span><span class="label">{ "seen" }</span>{ " " }<code>{ at("seen") }</code></span>
                <span class="note">{ at("reason") }</span>
            </li>
        }
    }

    pub fn surprises(&self) -> Html {
        let one = |it: JsValue| {
            let id = text_of(&it, "product");
            html! {
                <li>
                    <h3>{ text_of(&it, "title") }</h3>
                    <p>{ text_of(&it, "fact") }</p>
                    <p class="note">
                        { product(&id).map(|product| product.name) }{ " · " }
                        { self.study_link(&text_of(&it, "link"), "See it happen".into(), false) }
                    </p>
                </li>
            }
        };
        html! {
            <>
                <p class="note">{ "Measured on real programs: where they do other than they announce, or than most believe." }</p>
                { self.with_file(1, |all| html! { <ul class="odds">{ for list(all).into_iter().map(one) }</ul> }) }
            </>
        }
    }
}
