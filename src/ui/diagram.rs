//! The states of a connection at one end, drawn from the tables that move it.
use super::View;
use super::dom::clause;
use crate::protocol::machine::{End, State, Transition};
use yew::prelude::*;

/// Width and height of a box.
const BOX: (i32, i32) = (112, 34);

/// Where a state's box stands: its middle.
const fn place(state: State) -> (i32, i32) {
    match state {
        State::Idle => (60, 30),
        State::Request => (208, 30),
        State::Answer => (356, 30),
        State::Closed => (60, 130),
        State::MustClose => (208, 130),
        State::Switched => (356, 130),
    }
}

impl View<'_> {
    pub fn diagram(&self) -> Html {
        html! {
            <details>
                <summary>{ "The states of a connection" }</summary>
                { one_end(End::Server, "At the server", &self.id("arrow-server")) }
                { one_end(End::Client, "At the client", &self.id("arrow-client")) }
            </details>
        }
    }
}

fn one_end(end: End, title: &'static str, arrow: &str) -> Html {
    let table = end.table();
    let mut pairs: Vec<(State, State)> = Vec::new();
    for row in table {
        if !pairs.contains(&(row.from, row.to)) {
            pairs.push((row.from, row.to));
        }
    }
    let both = |(from, to): (State, State)| pairs.contains(&(to, from));
    let edges = pairs.iter().map(|(from, to)| {
        let names: Vec<&str> =
            table.iter().filter(|row| (row.from, row.to) == (*from, *to)).map(|row| row.label).collect();
        html! {
            <path class="edge" d={edge(*from, *to, both((*from, *to)))} marker-end={format!("url(#{arrow})")}>
                <title>{ names.join("; ") }</title>
            </path>
        }
    });
    let boxes = State::ALL.into_iter().map(|state| {
        let (x, y) = place(state);
        let class = if state.is_final() { "state final" } else { "state" };
        html! {
            <>
                <rect {class} x={(x - BOX.0 / 2).to_string()} y={(y - BOX.1 / 2).to_string()}
                    width={BOX.0.to_string()} height={BOX.1.to_string()} rx="6" />
                <text x={x.to_string()} y={(y + 4).to_string()} text-anchor="middle">{ state.label(end) }</text>
            </>
        }
    });
    html! {
        <>
            <h3>{ title }</h3>
            <svg class="diagram" viewBox="0 0 416 152" role="img" aria-label={format!("{title}: the states and how they follow each other; the list below says the same")}>
                <defs>
                    <marker id={arrow.to_owned()} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                        <path class="tip-of" d="M0 0L8 4L0 8z" />
                    </marker>
                </defs>
                { for edges }
                { for boxes }
            </svg>
            <ul class="moves">{ for table.iter().map(|row| line(end, row)) }</ul>
        </>
    }
}

/// From box to box; a pair of opposite arrows keeps apart, and a state that leads to itself has a loop.
fn edge(from: State, to: State, both: bool) -> String {
    let ((x0, y0), (x1, y1)) = (place(from), place(to));
    let (half_w, half_h) = (BOX.0 / 2, BOX.1 / 2);
    if from == to {
        let top = y0 - half_h;
        return format!(
            "M{} {top}C{} {} {} {} {} {top}",
            x0 - 14,
            x0 - 18,
            top - 16,
            x0 + 18,
            top - 16,
            x0 + 14
        );
    }
    let aside = if both { 6 } else { 0 };
    if y0 == y1 {
        let dir = (x1 - x0).signum();
        // Over a box in between the arrow takes a bow.
        let bow = if (x1 - x0).abs() > 200 { 34 } else { 0 };
        let y = y0 - dir * aside;
        let (start, end) = (x0 + dir * half_w, x1 - dir * half_w);
        return if bow > 0 {
            let y = y0 + half_h;
            format!(
                "M{} {y}C{} {} {} {} {} {y}",
                x0 - 20,
                x0 - 40,
                y + bow,
                x1 + 40,
                y + bow,
                x1 + 20
            )
        } else {
            format!("M{start} {y}H{end}")
        };
    }
    let down = (y1 - y0).signum();
    format!(
        "M{} {}L{} {}",
        x0 + (x1 - x0).signum() * 24,
        y0 + down * half_h,
        x1 - (x1 - x0).signum() * 24,
        y1 - down * half_h
    )
}

fn line(end: End, row: &Transition) -> Html {
    html! {
        <li>
            <b>{ row.from.label(end) }</b>{ " → " }<b>{ row.to.label(end) }</b>{ ": " }{ row.label }{ " " }
            { clause(row.clause) }
        </li>
    }
}
