//! The tuning plot: one setting along the x axis, and for each of its values a run of the open study
//! under a load, with what came of it.
mod axes;
mod view;

pub use axes::{Axis, Unit, axes};
pub use view::{csv, picture, point_words, table};

use super::form::{Answer, Asked, Field, Kind, Problem, Reader, Tool};
use super::words::{number, sentence};
use crate::share::link;
use crate::sim::{Arrivals, Load, Scenario, Service, Span, Us, run};
use crate::study::Study;
use crate::study::params;
use crate::study::stats::Stats;

pub const TOOL: Tool = Tool {
    id: "tune",
    lead: "The requests of the scenario that is open come again and again, and one setting takes one value after the other. What do people wait, and what does the server hold for it?",
    fields: FIELDS,
    presets: &[],
    answer,
    extra: EXTRA,
};

/// The plot is drawn by who runs the points: `embed/tune.rs`.
const EXTRA: &str = "<p class=\"row gap\"><button type=\"button\" class=\"solid\" data-do=\"draw\">Draw the plot</button><button type=\"button\" class=\"line\" data-do=\"cancel\" hidden>Cancel</button><progress class=\"runs\" aria-label=\"Runs done\" value=\"0\" max=\"1\" hidden></progress></p><p class=\"note\" role=\"status\" data-out=\"state\"></p><div class=\"tuned\" data-plot role=\"slider\" tabindex=\"0\" aria-label=\"Value of the setting\" aria-valuemin=\"0\" aria-valuemax=\"0\" aria-valuenow=\"0\" aria-valuetext=\"\" hidden></div><p class=\"note\" data-out=\"point\"></p><p class=\"row gap\" data-files hidden><button type=\"button\" class=\"line\" data-do=\"csv\">Save the numbers (CSV)</button><button type=\"button\" class=\"line\" data-do=\"svg\">Save the picture (SVG)</button></p><div class=\"tablewrap\" data-out=\"table\"></div>";

const FIELDS: &[Field] = &[
    Field {
        name: "setting",
        label: "Setting",
        kind: Kind::Setting,
        value: "",
        note: "Of the server or client that is open.",
    },
    Field {
        name: "values",
        label: "Its values",
        kind: Kind::Text,
        value: "",
        note: "A list such as 1, 5, 15, 60; nothing: a usual range. Times are seconds.",
    },
    Field {
        name: "arrivals",
        label: "Rounds a second",
        kind: Kind::Number { min: 0.001, max: 10_000.0, unit: "/s" },
        value: "2",
        note: "In a round one client sends all requests of the scenario.",
    },
    Field {
        name: "spread",
        label: "They come",
        kind: Kind::Choice(&[("poisson", "at random"), ("every", "evenly")]),
        value: "poisson",
        note: "At random: a Poisson process.",
    },
    Field {
        name: "clients",
        label: "Clients",
        kind: Kind::Number { min: 1.0, max: 10_000.0, unit: "" },
        value: "50",
        note: "They take turns: 50 at 2 rounds a second are back after 25 s each.",
    },
    Field {
        name: "length",
        label: "Each run lasts",
        kind: Kind::Time { min: Us::from_secs(1), max: Us::from_secs(6 * 3600) },
        value: "1200",
        note: "Counted is its last quarter; longer than the longest idle limit is best.",
    },
    Field {
        name: "memory",
        label: "Memory of a connection",
        kind: Kind::Number { min: 0.0, max: 1_000_000.0, unit: "kB" },
        value: "20",
        note: "What an open connection takes on the server.",
    },
    Field {
        name: "view",
        label: "Shown",
        kind: Kind::Choice(VIEWS),
        value: "latency",
        note: "Every number of a point stands in the table below.",
    },
];

/// What can be seen in the plot.
const VIEWS: &[(&str, &str)] = &[
    ("latency", "how long people wait"),
    ("open", "open connections"),
    ("workers", "workers held"),
    ("memory", "memory"),
    ("rate", "connections opened a second"),
    ("time-wait", "sockets in TIME_WAIT"),
];

/// Exchanges of one run, at most.
const MOST: f64 = 200_000.0;

/// What a run came to, in the order of [`OUTCOMES`].
pub type Point = [f64; OUTCOMES.len()];

/// What is measured: name in the table, unit, and the view in which it is drawn.
pub const OUTCOMES: [(&str, &str, &str); 11] = [
    ("wait, mean", "ms", "latency"),
    ("wait, 95 of 100", "ms", "latency"),
    ("open connections", "", "open"),
    ("workers, by connection", "", "workers"),
    ("workers, by request", "", "workers"),
    ("memory", "MB", "memory"),
    ("connections a second", "/s", "rate"),
    ("TIME_WAIT, server", "", "time-wait"),
    ("TIME_WAIT, client", "", "time-wait"),
    ("reused", "%", ""),
    ("failed", "%", ""),
];

/// The runs that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub axis: Axis,
    /// Values of the setting, as numbers and as its product writes them.
    pub values: Vec<(f64, String)>,
    base: Scenario,
    memory_kb: f64,
    /// Counted is what happens from here on.
    from: Us,
}

impl Plan {
    /// Reads what was typed, about the study that is open.
    ///
    /// # Errors
    /// Names each field that is wrong.
    pub fn parse(asked: &Asked) -> Result<Self, Vec<Problem>> {
        let mut reader = Reader::new(FIELDS, asked.pairs);
        let axis = axes::chosen(&mut reader, asked.study);
        let values = axes::values(&mut reader, axis.as_ref());
        let arrivals = reader.number("arrivals");
        let length = reader.time("length");
        let memory_kb = reader.number("memory");
        let mut base = asked.study.scenario.clone();
        base.clients = reader.count("clients");
        let rounds = arrivals * length.as_secs();
        let count = rounds * number_of(base.exchanges.len());
        if base.exchanges.is_empty() {
            reader.wrong("setting", "The scenario that is open has no request.".into());
        } else if length > Us::ZERO && !(1.0..=MOST).contains(&count) {
            let text = format!(
                "A run would have {} requests; 1 to {} are possible.",
                number(count),
                number(MOST)
            );
            reader.wrong("length", text);
        }
        let mean = Us::from_ms_f64(1_000.0 / arrivals.max(0.001)).unwrap_or_default();
        let arrivals = if reader.is("spread", "every") {
            Arrivals::Every(mean)
        } else {
            Arrivals::Poisson(mean)
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bounded by MOST, else refused below"
        )]
        let count = rounds.clamp(1.0, MOST) as u32;
        base.load = Some(Load { count, arrivals, service: Service::AsPlanned });
        base.until = None;
        match (axis, reader.problems) {
            (Some(axis), problems) if problems.is_empty() => {
                let from = Us(length.0 / 4 * 3);
                let plan = Self { axis, values, base, memory_kb, from };
                // A value that the product refuses is named before anything runs.
                let refused = (0..plan.values.len()).find_map(|index| plan.scenario(index).err());
                match refused {
                    Some(text) => Err(vec![Problem { field: "values", text: sentence(&text) }]),
                    None => Ok(plan),
                }
            }
            (_, problems) => Err(problems),
        }
    }

    /// The scenario of one value.
    ///
    /// # Errors
    /// If the product refuses the value.
    pub fn scenario(&self, index: usize) -> Result<Scenario, String> {
        let mut scenario = self.base.clone();
        let value = self.values.get(index).map_or("", |(_, value)| value.as_str());
        params::set(&mut scenario, &self.axis.key, value).map_err(|error| error.to_string())?;
        Ok(scenario)
    }

    /// Runs one value.
    ///
    /// # Errors
    /// If it cannot be run.
    pub fn point(&self, index: usize) -> Result<Point, String> {
        let timeline = run(&self.scenario(index)?).map_err(|error| error.to_string())?;
        let last = timeline.exchanges.iter().filter_map(|exchange| exchange.wanted).max();
        let last = last.unwrap_or(timeline.end);
        let over = Span::new(self.from.min(Us(last.0 / 4 * 3)), last);
        let stats = Stats::between(&timeline, 0, over);
        let latency = stats.latency.unwrap_or_default();
        let all = f64::from(stats.outcomes.all().max(1));
        Ok([
            latency.mean.as_ms(),
            latency.p95.as_ms(),
            stats.open.mean,
            stats.held_by_connection.mean,
            stats.held_by_request.mean,
            stats.open.mean * self.memory_kb / 1_000.0,
            stats.opened_per_second(),
            stats.time_wait[1].mean,
            stats.time_wait[0].mean,
            stats.reused * 100.0,
            f64::from(stats.outcomes.failed) * 100.0 / all,
        ])
    }

    /// A link to a run of this value that is short enough to look at.
    pub fn link(&self, index: usize) -> Option<String> {
        const SHOWN: usize = 400;
        let mut scenario = self.scenario(index).ok()?;
        let rounds = u32::try_from(SHOWN / scenario.exchanges.len().max(1)).unwrap_or(1).max(1);
        scenario.load = scenario.load.map(|load| Load { count: load.count.min(rounds), ..load });
        Some(link::write(&Study::of(scenario)))
    }

    /// Requests of each run.
    pub fn requests(&self) -> usize {
        self.base.count()
    }
}

fn answer(asked: &Asked) -> Answer {
    match Plan::parse(asked) {
        Err(problems) => Answer { problems, ..Answer::default() },
        Ok(plan) => {
            let say = format!(
                "{} runs of {} requests each.",
                plan.values.len(),
                number(number_of(plan.requests()))
            );
            Answer { problems: Vec::new(), say, more: String::new() }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of requests are far below 2^53")]
const fn number_of(count: usize) -> f64 {
    count as f64
}
