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
                    <label class="label" for={filter.clone()}>{ "Filter" }</label>
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
        let part = |(index, part): (usize, JsValue)| {
            let (name, told) = pair(&part);
            // Of a claim the first word is the verdict.
            let class = if index == 0 && card.shelf == Shelf::Claims { "odd" } else { "label" };
            html! { <p><span {class}>{ name }</span>{ " " }{ told }</p> }
        };
        let source = |source: JsValue| {
            let (name, url) = pair(&source);
            html! { <><a href={url}>{ name }</a>{ " " }</> }
        };
        let parts = list(&get(it, "parts")).into_iter().enumerate();
        html! {
            <li key={card.place} id={is_here.then(|| self.id("card"))} tabindex={is_here.then_some("-1")}
                aria-current={is_here.then_some("true")}>
                <h3>{ text_of(it, "title") }</h3>
                { for parts.map(part) }
                { self.card_links(card, it) }
                <p class="note">{ for list(&get(it, "sources")).into_iter().map(source) }</p>
            </li>
        }
    }

    /// To the scenarios of a card, and to the card itself.
    fn card_links(&self, card: Card, it: &JsValue) -> Html {
        let point =
            Msg::Sheet(Some(Sheet::See(See::Cards { shelf: card.shelf, card: Some(card) })));
        let link = |link: JsValue| {
            let (name, link) = pair(&link);
            let open = self.go(Msg::About(card, link.clone()));
            html! { <a href={format!("#{link}")} onclick={open}>{ name }</a> }
        };
        let label = if self.model.sheet.is_some() {
            "Point the link at this card"
        } else {
            "The whole card"
        };
        html! {
            <p class="row gap">
                { for list(&get(it, "links")).into_iter().map(link) }
                { self.mini(dom::SHARE, label, point) }
            </p>
        }
    }

    /// What the scenario is there for that a card has opened.
    pub fn about(&self, card: Card) -> Html {
        let told = |all: &JsValue| {
            let Some(it) = list(all).into_iter().nth(usize::from(card.place)) else {
                return Html::default();
            };
            // What happens; of a claim, why its verdict.
            let part = usize::from(card.shelf == Shelf::Incidents);
            let (_, told) = list(&get(&it, "parts")).get(part).map(pair).unwrap_or_default();
            html! {
                <>
                    <p class="note look"><b>{ text_of(&it, "title") }{ ": " }</b>{ told }</p>
                    { self.card_links(card, &it) }
                </>
            }
        };
        self.with_file(file_of(card.shelf), told)
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
