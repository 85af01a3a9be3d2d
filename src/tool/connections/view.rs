//! What is said about a load, with the run beside it.
use super::{Demand, Need, TIME_WAIT, measured, read};
use crate::share::link;
use crate::sim::{Load, Scenario, run};
use crate::study::Study;
use crate::study::stats::Stats;
use crate::tool::form::{Answer, Asked, Reader};
use crate::tool::words::{escape, number, percent, time};
use std::fmt::Write;

pub fn answer(asked: &Asked) -> Answer {
    let mut reader = Reader::new(super::FIELDS, asked.pairs);
    let demand = read(&mut reader);
    if !reader.problems.is_empty() {
        return Answer { problems: reader.problems, ..Answer::default() };
    }
    let need = demand.need();
    let played = demand.scenario().map(|(scenario, settled)| {
        let timeline = run(&scenario).ok();
        let over = timeline.as_ref().and_then(|timeline| measured(timeline, settled));
        let stats = timeline.as_ref().zip(over).map(|(line, over)| Stats::between(line, 0, over));
        (scenario, stats)
    });
    let stats = played.as_ref().and_then(|(_, stats)| stats.as_ref());
    let mut more = table(&demand, &need, stats);
    more += &told(&demand, stats);
    if let Some((scenario, _)) = &played {
        more += &watch(scenario);
    }
    Answer { problems: Vec::new(), say: say(&demand, &need), more }
}

fn say(demand: &Demand, need: &Need) -> String {
    let workers = f64::from(demand.workers);
    let mut text = format!(
        "<b>About {} connections are open</b>, of which {} carry a request at a time. ",
        number(need.open),
        number(need.held_by_request)
    );
    text += &if need.held_by_connection <= workers {
        format!(
            "A server with a worker for each connection is busy with {} of its {}. ",
            number(need.held_by_connection),
            number(workers)
        )
    } else {
        format!(
            "A server with a worker for each connection would need {} and has {}: visitors wait for a place. ",
            number(need.held_by_connection),
            number(workers)
        )
    };
    text + &match demand.bearable() {
        Some(idle) if need.held_by_connection > workers => {
            format!(
                "Its idle limit may be {} at most; one that gives workers to requests only needs {}.",
                time(rounded(idle)),
                number(need.held_by_request.ceil())
            )
        }
        Some(idle) if idle < super::DAY => {
            format!("They would bear an idle limit of {}.", time(rounded(idle)))
        }
        Some(_) => "They would bear any idle limit.".into(),
        None => "Even without any idle wait they are too few.".into(),
    }
}

/// Down to a tenth of a second, or a millisecond below one.
fn rounded(limit: crate::sim::Us) -> crate::sim::Us {
    let step = if limit.0 >= 1_000_000 { 100_000 } else { 1_000 };
    crate::sim::Us(limit.0 / step * step)
}

/// What is compared: its name, as calculated, and as measured (with the side that is in TIME_WAIT).
type Row = (&'static str, f64, fn(&Stats, usize) -> f64);

fn table(demand: &Demand, need: &Need, stats: Option<&Stats>) -> String {
    let waiting = usize::from(!demand.client_closes);
    let rows: [Row; 5] = [
        ("connections open", need.open, |stats, _| stats.open.mean),
        ("workers, one for each connection", need.held_by_connection, |stats, _| {
            stats.held_by_connection.mean
        }),
        ("workers, one for each request", need.held_by_request, |stats, _| {
            stats.held_by_request.mean
        }),
        ("connections opened a second", need.opened_per_second, |stats, _| {
            stats.opened_per_second()
        }),
        ("sockets in TIME_WAIT", need.time_wait, |stats, side| stats.time_wait[side].mean),
    ];
    let column = |name: &str| format!("<th scope=\"col\" class=\"num\">{name}</th>");
    let mut html =
        String::from("<table class=\"told few\"><thead><tr><th scope=\"col\">In the mean</th>");
    html += &column("calculated");
    if stats.is_some() {
        html += &(column("in a run") + &column("difference"));
    }
    html += "</tr></thead><tbody>";
    for (what, theory, measure) in rows {
        let cell = |label: &str, text: String| {
            format!("<td class=\"num\" data-label=\"{label}\">{text}</td>")
        };
        let _ =
            write!(html, "<tr><th scope=\"row\">{what}</th>{}", cell("calculated", number(theory)));
        if let Some(stats) = stats {
            let found = measure(stats, waiting);
            html += &cell("in a run", number(found));
            html += &cell("difference", difference(theory, found));
        }
        html += "</tr>";
    }
    html + "</tbody></table>"
}

fn difference(theory: f64, found: f64) -> String {
    if theory <= 0.0 {
        return String::from("–");
    }
    let share = found / theory - 1.0;
    let sign = if share < 0.0 { "−" } else { "+" };
    format!("{sign}{}", percent(share.abs()))
}

fn told(demand: &Demand, stats: Option<&Stats>) -> String {
    let need = demand.need();
    let memory = need.open * demand.memory_kb / 1_000.0;
    let ports = if demand.client_closes { need.open + need.time_wait } else { need.open };
    let mut html = format!(
        "<p>Memory: {} MB for {} connections of {} kB. Ports: {} if all clients share one address{}; a Linux system has 28 232 towards one server.</p>",
        number(memory),
        number(need.open),
        number(demand.memory_kb),
        number(ports),
        if demand.client_closes { ", as those in TIME_WAIT count" } else { "" },
    );
    html += &match stats {
        Some(stats) => format!(
            "<p class=\"note\">The run: {} pages after it had settled, over {}; the median wait for an answer was {}, at most {} connections were open. It differs from the calculation because arrivals are random.</p>",
            number(f64::from(stats.outcomes.all()) / f64::from(demand.elements + 1)),
            stats.over.length(),
            stats.latency.map(|latency| latency.p50.to_string()).unwrap_or_default(),
            stats.open.peak
        ),
        None => format!(
            "<p class=\"note\">No run stands beside it: one that settles ({} of TIME_WAIT included) would have too many requests to be played while you type.</p>",
            time(TIME_WAIT)
        ),
    };
    html
}

/// The same with few enough pages to look at.
fn watch(scenario: &Scenario) -> String {
    let mut scenario = scenario.clone();
    let pages = 30;
    scenario.load = scenario.load.map(|load| Load { count: load.count.min(pages), ..load });
    if scenario.clients > pages {
        scenario.clients = pages;
    }
    let link = escape(&link::write(&Study::of(scenario)));
    format!(
        "<p class=\"row gap\"><button type=\"button\" class=\"line\" data-open=\"{link}\">Watch the first {pages} pages</button></p>"
    )
}
