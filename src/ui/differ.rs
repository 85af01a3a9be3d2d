//! Where they differ: one request, and a row for every server.
use super::View;
use super::bytes;
use super::composer::pre;
use super::dom;
use super::state::{Msg, Sheet};
use crate::profile::Content;
use crate::share::link;
use crate::share::see::{self, Asked, See};
use crate::sim::Planned;
use crate::study::Study;
use crate::study::differ::{ASKS, COLUMNS, Row, rows};
use yew::prelude::*;

const fn sheet(asked: Asked, row: Option<&'static str>) -> Msg {
    Msg::Sheet(Some(Sheet::See(See::Differ { asked, row })))
}

impl View<'_> {
    /// What opens the table.
    pub fn to_differ(&self) -> Msg {
        sheet(Asked::Preset(&ASKS[0]), None)
    }

    pub fn differ(&self, asked: Asked, row: Option<&'static str>) -> Html {
        let planned = self.model.asked(asked);
        html! {
            <>
                { self.asks(asked) }
                if let Some(planned) = planned {
                    { request(&planned) }
                    { self.differences(&planned, asked, row) }
                } else {
                    <p class="note">{ "This scenario has no such request." }</p>
                }
            </>
        }
    }

    /// The requests that are offered, and the one in the composer.
    fn asks(&self, asked: Asked) -> Html {
        let own = match asked {
            Asked::Own(index) => index,
            Asked::Preset(_) => *self.model.edited.start(),
        };
        let name = |asked: Asked| see::write(See::Differ { asked, row: None });
        let option = |which: Asked, title: String| {
            html! { <option value={name(which)} selected={which == asked}>{ title }</option> }
        };
        let offered = ASKS.iter().map(|ask| option(Asked::Preset(ask), ask.title.into()));
        let onchange = self.chosen(|text| Msg::Sheet(see::read(&text).map(Sheet::See)));
        html! {
            <div class="field">
                <label class="label" for={self.id("ask")}>{ "Request" }</label>
                <select class="input" id={self.id("ask")} key={name(asked)} {onchange}>
                    { for offered }
                    { option(Asked::Own(own), format!("Request {} of your scenario", own + 1)) }
                </select>
            </div>
        }
    }

    fn differences(&self, planned: &Planned, asked: Asked, here: Option<&'static str>) -> Html {
        let rows = rows(planned);
        let kept = rows.iter().filter(|row| row.cells[0].starts_with("kept")).count();
        let column = |name: &'static str| html! { <th scope="col">{ name }</th> };
        let copy = format!("{}#{}", dom::base(), self.model.link());
        html! {
            <>
                <p class="gap" role="status"><b>{ format!("{kept} of {} keep the connection open.", rows.len()) }</b>
                    { " Each in its newest version, as installed; “Proof” says which were run. " }
                    <span class="odd">{ "≠" }</span>{ " stands where one does what most do not." }</p>
                <table class="told">
                    <thead><tr>{ column("Server") }{ for COLUMNS.into_iter().map(column) }{ column("Why") }</tr></thead>
                    <tbody>{ for rows.iter().map(|row| self.difference(row, asked, here)) }</tbody>
                </table>
                { self.copied("Copy a link to this table", copy) }
            </>
        }
    }

    fn difference(&self, row: &Row, asked: Asked, here: Option<&'static str>) -> Html {
        let link = link::write(&Study::of(row.scenario.clone()));
        let is_here = here == Some(row.product.id);
        let cell = |((text, differs), column): ((&AttrValue, bool), &'static str)| {
            let shown = if text.is_empty() { "none".into() } else { text.clone() };
            html! {
                <td data-label={column}>
                    if differs {
                        <span class="odd">{ "≠\u{a0}" }<span class="vh">{ "unlike most: " }</span>{ shown }</span>
                    } else if text.is_empty() {
                        <span class="vh">{ shown }</span>
                    } else {
                        { shown }
                    }
                </td>
            }
        };
        let cells: Vec<AttrValue> =
            row.cells.iter().map(|text| AttrValue::from(text.to_string())).collect();
        let cells = cells.iter().zip(row.differs).zip(COLUMNS).map(cell);
        html! {
            <tr key={row.product.id} aria-current={is_here.then_some("true")}>
                <th scope="row">
                    { self.study_link(&link, row.product.name.into(), is_here) }{ " " }
                    <span class="label">{ row.version }</span>{ " " }
                    { self.mini(dom::SHARE, "Point the link at this row", sheet(asked, Some(row.product.id))) }
                </th>
                { for cells }
                <td class="full">
                    if let Some((fact, clause)) = &row.why { { fact.to_string() }{ " " }{ dom::short_clause(clause) } }
                </td>
            </tr>
        }
    }

    /// A link to a study, given as a link's fragment.
    pub fn study_link(&self, link: &str, text: AttrValue, autofocus: bool) -> Html {
        html! { <a href={format!("#{link}")} {autofocus} onclick={self.go(Msg::Link(link.to_owned()))}>{ text }</a> }
    }

    /// A button that puts a text on the clipboard, and the word that it is there.
    pub fn copied(&self, label: &'static str, text: String) -> Html {
        html! {
            <div class="row gap">
                <button type="button" class="line" onclick={self.click(Msg::Copy(text))}>{ label }</button>
                <span class="label" role="status">{ if self.model.copied { "Copied" } else { "" } }</span>
            </div>
        }
    }
}

fn request(planned: &Planned) -> Html {
    let app = &planned.app;
    let length = match app.content {
        Content::Known(_) => "its length known",
        Content::Streamed(_) => "its length not known beforehand",
        Content::Empty => "with no body",
    };
    let mut told = format!("The application answers {}, {length}", app.status);
    for field in app.headers.iter() {
        told += &format!(", and says {}: {}", field.name, field.value);
    }
    html! {
        <>
            { pre(&bytes::request_lines(&planned.request, None), &bytes::request_body(planned), "What is sent") }
            <p class="note">{ told }{ "." }</p>
        </>
    }
}
