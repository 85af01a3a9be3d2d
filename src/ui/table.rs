//! Every event as a table. A component of its own: it is drawn anew only when something in it changes.
use super::dom::{clause, yes};
use super::state::{Msg, ROWS, TableView};
use super::words::markdown;
use crate::scene::words::{self, Piece, Row};
use crate::sim::Us;
use crate::study::{Pick, Run, Show};
use std::rc::Rc;
use yew::prelude::*;

/// The runs of a show, compared by identity: a new run is a new show.
#[derive(Clone)]
pub struct Runs(pub Rc<Show>);

impl PartialEq for Runs {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct TableProps {
    pub runs: Runs,
    pub view: TableView,
    pub picked: Option<Pick>,
    /// What lies behind it has not happened yet.
    pub at: Us,
    pub id: AttrValue,
    pub send: Callback<Msg>,
}

pub struct EventTable {
    rows: Vec<Row>,
}

impl Component for EventTable {
    type Message = ();
    type Properties = TableProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { rows: words::rows(&ctx.props().runs.0) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &TableProps) -> bool {
        if ctx.props().runs != old.runs {
            self.rows = words::rows(&ctx.props().runs.0);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let TableProps { runs, view, id, .. } = ctx.props();
        let seen = |row: &&Row| {
            (view.all || row.decides) && view.run.is_none_or(|run| row.pick.run == run)
        };
        let count = self.rows.iter().filter(seen).count();
        let shown = self.rows.iter().filter(seen).take(view.rows);
        let heading = format!("{id}-heading");
        html! {
            <section class="section" aria-labelledby={heading.clone()}>
                <header>
                    <h2 id={heading} tabindex="-1">{ "Every event" }</h2>
                    <span class="label">{ self.counted(ctx, count) }</span>
                    <span class="push row">{ self.buttons(ctx) }</span>
                </header>
                <div class="tablewrap" id={id.clone()} tabindex="-1">
                    <table>
                        <thead><tr>
                            <th class="num" scope="col">{ "Time, s" }</th>
                            <th scope="col">{ "Connection" }</th>
                            <th scope="col">{ "By" }</th>
                            <th scope="col">{ "Event" }</th>
                            <th scope="col">{ "Decision" }</th>
                            <th scope="col">{ "Clause" }</th>
                        </tr></thead>
                        <tbody>{ for shown.map(|row| line(ctx, &runs.0.runs, row)) }</tbody>
                    </table>
                </div>
                if count > view.rows {
                    <p><button type="button" class="text" onclick={ctx.props().send.reform(|_| Msg::MoreRows)}>
                        { format!("Show more of the other {}", count - view.rows) }
                    </button></p>
                }
            </section>
        }
    }
}

impl EventTable {
    fn counted(&self, ctx: &Context<Self>, count: usize) -> String {
        if ctx.props().view.all {
            format!("all {count}")
        } else {
            format!("decisions only, {count} of {}", self.rows.len())
        }
    }

    fn buttons(&self, ctx: &Context<Self>) -> Html {
        let TableProps { runs, view, send, .. } = ctx.props();
        let view = *view;
        let markdown = {
            let (runs, send) = (runs.clone(), send.clone());
            Callback::from(move |_: MouseEvent| {
                send.emit(Msg::Copy(markdown(&runs.0, view)));
            })
        };
        let run = |label: &'static str, run: Option<usize>| {
            let next = TableView { run, rows: ROWS, ..view };
            html! {
                <button type="button" aria-pressed={yes(view.run == run)} onclick={send.reform(move |_| Msg::Table(next))}>
                    { label }
                </button>
            }
        };
        let all = TableView { all: !view.all, rows: ROWS, ..view };
        html! {
            <>
                if runs.0.runs.len() > 1 {
                    <span class="seg" role="group" aria-label="Rows of which run">
                        { run("A and B", None) }{ run("A", Some(0)) }{ run("B", Some(1)) }
                    </span>
                }
                <button type="button" class="text" onclick={send.reform(move |_| Msg::Table(all))}>
                    { if view.all { "Decisions only" } else { "Show all" } }
                </button>
                <button type="button" class="text" onclick={markdown}>{ "Copy as Markdown" }</button>
            </>
        }
    }
}

fn line(ctx: &Context<EventTable>, runs: &[Run], row: &Row) -> Html {
    let props = ctx.props();
    let pick = row.pick;
    let name = runs.get(pick.run).map(|run| words::connection_name(run, pick.key.connection));
    let selected = props.picked == Some(pick);
    let onclick = props.send.reform(move |_: MouseEvent| Msg::Pick(Some(pick)));
    let class = (row.at > props.at).then_some("later");
    html! {
        <tr {class} aria-selected={selected.then_some("true")} {onclick}>
            <td class="num"><button type="button" aria-label={format!("Select the event at {} s", row.time())}>{ row.time() }</button></td>
            <td>{ name }</td>
            <td>{ row.by.as_str() }</td>
            <td class="full">{ for row.event.iter().map(piece) }</td>
            <td class="full">
                if !row.decision.is_empty() { <span class="d">{ row.decision }</span>{ " " } }
                { &row.because }
            </td>
            <td class="full">{ row.clause.as_ref().map(clause) }</td>
        </tr>
    }
}

fn piece(piece: &Piece) -> Html {
    match piece {
        Piece::Text(text) => html! { text.to_string() },
        Piece::Code(text) => html! { <code>{ text.clone() }</code> },
    }
}
