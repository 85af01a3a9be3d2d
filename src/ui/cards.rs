//! Incidents and claims: cards that are fetched when they are wanted, with a filter above.
use super::View;
use super::dom::{self, get, text_of};
use super::facts::{file_of, list, text};
use super::state::{Msg, Sheet};
use crate::catalogue::cards::{Card, Shelf};
use crate::share::see::See;
use wasm_bindgen::JsValue;
use yew::prelude::*;

pub const fn shelf_title(shelf: Shelf) -> &'static str {
    match shelf {
        Shelf::Incidents => "Incidents",
        Shelf::Claims => "Claims checked",
    }
}

impl View<'_> {
    pub fn cards(&self, shelf: Shelf, here: Option<Card>) -> Html {
        let told = match shelf {
            Shelf::Incidents => {
                "What people believe, what happens, and the setting that ends it; each with the public threads."
            }
            Shelf::Claims => {
                "What five texts on keep-alive from 1996 to 2014 claim, in our words, and whether it holds."
            }
        };
        let filter = self.id("filter");
        let oninput = self.typed(Msg::Filter);
        html! {
            <>
                <p class="note">{ told }</p>
                <div class="field">
                    <label class="label" for={filter.clone()}>{ "Only with these words" }</label>
                    <input type="search" class="input" id={filter} autocomplete="off" value={self.model.filter.clone()} {oninput} />
                </div>
                { self.with_file(file_of(shelf), |all| self.shelf(shelf, here, all)) }
            </>
        }
    }

    fn shelf(&self, shelf: Shelf, here: Option<Card>, all: &JsValue) -> Html {
        let all = list(all);
        let filter = self.model.filter.to_lowercase();
        let fits = |card: &JsValue| {
            let held = words_of(card).to_lowercase();
            filter.split_whitespace().all(|word| held.contains(word))
        };
        let places = (0u8..).zip(&all).map(|(place, it)| (Card { shelf, place }, it));
        let shown: Vec<_> = places.filter(|(_, it)| fits(it)).collect();
        html! {
            <>
                <p class="label" role="status">{ format!("{} of {}", shown.len(), all.len()) }</p>
                <ul class="lines cases">{ for shown.into_iter().map(|(card, it)| self.card(card, it, here == Some(card))) }</ul>
            </>
        }
    }

    fn card(&self, card: Card, it: &JsValue, is_here: bool) -> Html {
        let point =
            Msg::Sheet(Some(Sheet::See(See::Cards { shelf: card.shelf, card: Some(card) })));
        let part = |part: JsValue| {
            let (name, told) = pair(&part);
            html! { <p><span class="label">{ name }</span>{ " " }{ told }</p> }
        };
        let link = |link: JsValue| {
            let (name, link) = pair(&link);
            self.study_link(&link, name.into(), false)
        };
        let source = |source: JsValue| {
            let (name, url) = pair(&source);
            html! { <><a href={url}>{ name }</a>{ " " }</> }
        };
        html! {
            <li key={card.place} id={is_here.then(|| self.id("card"))} tabindex={is_here.then_some("-1")}
                aria-current={is_here.then_some("true")}>
                <h3>{ text_of(it, "title") }{ " " }{ self.mini(dom::SHARE, "Point the link at this card", point) }</h3>
                { for list(&get(it, "parts")).into_iter().map(part) }
                <p class="row">{ for list(&get(it, "links")).into_iter().map(link) }</p>
                <p class="note">{ for list(&get(it, "sources")).into_iter().map(source) }</p>
            </li>
        }
    }
}

/// A name, and what it names.
fn pair(value: &JsValue) -> (String, String) {
    let mut both = list(value).into_iter().map(|it| text(&it));
    (both.next().unwrap_or_default(), both.next().unwrap_or_default())
}

/// All that a card says.
fn words_of(card: &JsValue) -> String {
    let mut words = text_of(card, "title");
    for key in ["parts", "sources"] {
        for (name, told) in list(&get(card, key)).iter().map(pair) {
            words += &[" ", &name, " ", &told].concat();
        }
    }
    words
}
