//! Every event as a table. A component of its own: it is drawn anew only when something in it changes.
use super::dom::{clause, yes};
use super::state::{Msg, ROWS, TableView};
use super::words::markdown;
use crate::order;
use crate::scene::words::{self, Piece};
use crate::sim::{Event, Us};
use crate::study::{Pick, Show};
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
    /// Every event with its run, in order of time, and whether something is decided there. Words are
    /// made only for the rows that stand there.
    events: Vec<(usize, Event, bool)>,
}

impl Component for EventTable {
    type Message = ();
    type Properties = TableProps;

    fn create(ctx: &Context<Self>) -> Self {
        Self { events: events(&ctx.props().runs.0) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &TableProps) -> bool {
        if ctx.props().runs != old.runs {
            self.events = events(&ctx.props().runs.0);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let TableProps { runs, view, picked, id, .. } = ctx.props();
        let seen = |(run, _, decides): &&(usize, Event, bool)| {
            (view.all || *decides) && view.run.is_none_or(|only| only == *run)
        };
        let count = self.events.iter().filter(seen).count();
        // What is selected is among them, also far down.
        let is_picked = |(run, event, _): &(usize, Event, bool)| {
            *picked == Some(Pick { run: *run, key: event.key })
        };
        let place = self.events.iter().filter(seen).position(is_picked).unwrap_or(0);
        let from = if place < view.rows { 0 } else { place - view.rows / 2 };
        let shown = self.events.iter().filter(seen).skip(from).take(view.rows);
        let after = count.saturating_sub(from + view.rows);
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
                        <tbody>{ for shown.filter_map(|(run, event, _)| line(ctx, &runs.0, *run, event)) }</tbody>
                    </table>
                </div>
                if from + after > 0 {
                    <p>
                        <button type="button" class="text" onclick={ctx.props().send.reform(|_| Msg::MoreRows)}>{ "Show more" }</button>
                        <span class="label">{ format!(" {from} before these, {after} after") }</span>
                    </p>
                }
            </section>
        }
    }
}

/// Every event of every run, in order of time.
fn events(show: &Show) -> Vec<(usize, Event, bool)> {
    let mut list = Vec::new();
    for (run, timeline) in show.runs.iter().enumerate() {
        let Some(timeline) = timeline.timeline() else { continue };
        let told = |event: Event| (run, event, words::decides(timeline, &event));
        list.extend(timeline.events().into_iter().map(told));
    }
    if show.runs.len() > 1 {
        order::sort(&mut list, |(_, event, _)| (event.at.0, 0));
    }
    list
}

impl EventTable {
    fn counted(&self, ctx: &Context<Self>, count: usize) -> String {
        if ctx.props().view.all {
            format!("all {count}")
        } else {
            format!("decisions only, {count} of {}", self.events.len())
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
                if runs.0.compares() {
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

fn line(ctx: &Context<EventTable>, show: &Show, run: usize, event: &Event) -> Option<Html> {
    let props = ctx.props();
    let of = show.runs.get(run)?;
    let row = words::row(of.timeline()?, run, event);
    let pick = row.pick;
    let name = words::connection_name(of, pick.key.connection);
    let selected = props.picked == Some(pick);
    let onclick = props.send.reform(move |_: MouseEvent| Msg::Pick(Some(pick)));
    let class = (row.at > props.at).then_some("later");
    Some(html! {
        <tr {class} aria-selected={selected.then_some("true")} {onclick}>
            <td class="num"><button type="button" aria-label={format!("Select the event at {} s", row.time())}>{ row.time() }</button></td>
            <td>{ name }</td>
            <td>{ row.who }</td>
            <td class="full">{ for row.event.iter().map(piece) }</td>
            <td class="full">
                if !row.decision.is_empty() { <span class="d">{ row.decision }</span>{ " " } }
                { &row.because }
            </td>
            <td class="full">{ row.clause.map(clause) }</td>
        </tr>
    })
}

fn piece(piece: &Piece) -> Html {
    match piece {
        Piece::Text(text) => html! { text.to_string() },
        Piece::Code(text) => html! { <code>{ text.clone() }</code> },
    }
}
