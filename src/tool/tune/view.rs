//! The plot, its table, and both as files.
use super::{OUTCOMES, Plan, Point};
use crate::sim::Us;
use crate::tool::plot::{Anchor, Axis, Picture};
use crate::tool::words::{escape, number, time};
use std::fmt::Write;

/// Curves of one view, by outcome; the first is drawn strongest.
const STROKES: [&str; 2] = ["p-req", "p-resp"];
const DOTS: [&str; 2] = ["f-req", "f-resp"];

impl Plan {
    /// A value for people: `15 s`, `100`.
    pub fn told(&self, index: usize) -> String {
        let Some((value, _)) = self.values.get(index) else { return String::new() };
        if self.axis.unit.is_time() { in_seconds(*value) } else { number(*value) }
    }

    /// The horizontal place of each value: even steps for what spans several powers of ten.
    fn across(&self, width: f64) -> Axis {
        let values = self.values.iter().map(|(value, _)| *value);
        let (from, to) =
            values.fold((f64::MAX, 0.0), |(from, to), value| (value.min(from), value.max(to)));
        let place = (56.0, width - 24.0);
        // A logarithm has no 0: it stands a step before the first.
        let first =
            self.values.iter().map(|(value, _)| *value).find(|value| *value > 0.0).unwrap_or(1.0);
        if to > 20.0 * first {
            Axis::log((if from > 0.0 { from } else { first / 2.0 }, to), place)
        } else {
            Axis::linear((from, to), place)
        }
    }

    /// The value whose point is nearest to a pixel.
    pub fn nearest(&self, x: f64, width: f64) -> usize {
        let across = self.across(width);
        let off = |index: &usize| (across.at(self.values[*index].0) - x).abs();
        (0..self.values.len()).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(0)
    }
}

fn in_seconds(value: f64) -> String {
    Us::from_ms_f64(value * 1_000.0).map(time).unwrap_or_default()
}

/// What is there of the points, in one view; one of them is pointed at.
pub fn picture(
    plan: &Plan,
    points: &[Option<Point>],
    view: &str,
    at: Option<usize>,
    width: f64,
) -> Picture {
    let width = width.clamp(280.0, 1_000.0);
    let (height, top) = (320.0, 34.0);
    let shown: Vec<usize> =
        (0..OUTCOMES.len()).filter(|index| OUTCOMES[*index].2 == view).collect();
    let names: Vec<&str> = shown.iter().map(|index| OUTCOMES[*index].0).collect();
    let title = format!("{} against {}", names.join(" and "), plan.axis.label);
    let mut picture = Picture::new(width, height, &title);
    let found = points.iter().flatten().flat_map(|point| shown.iter().map(|index| point[*index]));
    let x = plan.across(width);
    let y = Axis::linear((0.0, found.fold(0.0, f64::max) * 1.05), (height - 44.0, top));
    axes(&mut picture, plan, (&x, &y), shown.first().map_or("", |index| OUTCOMES[*index].1));
    if let Some((value, _)) = at.and_then(|at| plan.values.get(at)) {
        picture.line("k-head", (x.at(*value), top), (x.at(*value), y.at(0.0)));
    }
    for (order, index) in shown.iter().enumerate() {
        let place = |(point, (value, _)): (&Option<Point>, &(f64, String))| {
            point.map(|point| (x.at(*value), y.at(point[*index])))
        };
        let places: Vec<(f64, f64)> = points.iter().zip(&plan.values).filter_map(place).collect();
        picture.curve(STROKES[order % 2], &places);
        for place in &places {
            // The second curve has squares: it is told apart without its colour.
            if order == 0 {
                picture.dot(DOTS[0], *place, 4.0);
            } else {
                let side = |at: f64| (at - 3.5, at + 3.5);
                picture.rect(DOTS[1], side(place.0), side(place.1));
            }
        }
        let left = 56.0 + 170.0 * f64::from(u8::try_from(order).unwrap_or(0));
        if order == 0 {
            picture.dot(DOTS[0], (left, 14.0), 4.0);
        } else {
            picture.rect(DOTS[1], (left - 3.5, left + 3.5), (10.5, 17.5));
        }
        picture.words("b", (left + 9.0, 18.0), Anchor::Start, OUTCOMES[*index].0);
    }
    picture
}

fn axes(picture: &mut Picture, plan: &Plan, (x, y): (&Axis, &Axis), unit: &str) {
    let (left, right, base) = (56.0, picture.width - 24.0, y.at(0.0));
    for value in y.ticks(5.0) {
        picture.line("k-grid", (left, y.at(value)), (right, y.at(value)));
        let text = format!("{}\u{a0}{unit}", number(value));
        picture.words("m", (left - 6.0, y.at(value) + 4.0), Anchor::End, text.trim_end());
    }
    picture.line("k-edge", (left, base), (right, base));
    let mut free = f64::MIN;
    for (index, (value, _)) in plan.values.iter().enumerate() {
        let at = x.at(*value);
        picture.line("k-tick", (at, base), (at, base + 4.0));
        let text = plan.told(index);
        let half = 4.0 * f64::from(u8::try_from(text.chars().count()).unwrap_or(20));
        // Words that would touch the ones before are left out; the table has them all.
        if at - half > free {
            picture.words("m", (at, base + 17.0), Anchor::Middle, &text);
            free = at + half;
        }
    }
    picture.words("m", (left, base + 36.0), Anchor::Start, &plan.axis.label);
}

/// One point in words, for the line below the plot.
pub fn point_words(plan: &Plan, points: &[Option<Point>], at: usize) -> String {
    let Some(Some(point)) = points.get(at) else {
        return format!("{}: not run yet", plan.told(at));
    };
    let mut text = format!("{}: ", plan.told(at));
    for (index, (name, unit, _)) in OUTCOMES.iter().enumerate() {
        let comma = if index > 0 { ", " } else { "" };
        let space = if unit.is_empty() { "" } else { "\u{a0}" };
        let _ = write!(text, "{comma}{name} {}{space}{unit}", number(point[index]));
    }
    text
}

/// Every number, a row for each value, with a way to its run.
pub fn table(plan: &Plan, points: &[Option<Point>]) -> String {
    let mut html = String::from("<table class=\"told\"><thead><tr><th scope=\"col\">Value</th>");
    for (name, unit, _) in OUTCOMES {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let _ = write!(html, "<th scope=\"col\" class=\"num\">{name}{unit}</th>");
    }
    html += "</tr></thead><tbody>";
    for (index, point) in points.iter().enumerate() {
        let Some(point) = point else { continue };
        let told = plan.told(index);
        let name = plan.link(index).map_or_else(
            || told.clone(),
            |link| {
                let link = escape(&link);
                format!("<button type=\"button\" class=\"text\" data-open=\"{link}\" aria-label=\"Open the run with {told}\">{told}</button>")
            },
        );
        let _ = write!(html, "<tr><th scope=\"row\">{name}</th>");
        for (value, (label, _, _)) in point.iter().zip(OUTCOMES) {
            let _ =
                write!(html, "<td class=\"num\" data-label=\"{label}\">{}</td>", number(*value));
        }
        html += "</tr>";
    }
    html + "</tbody></table>"
}

/// As a table for other programs: a comma between the columns, a point in the numbers.
pub fn csv(plan: &Plan, points: &[Option<Point>]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let unit = if plan.axis.unit.is_time() { " (s)" } else { "" };
    let mut text = quoted(&format!("{}{unit}", plan.axis.key));
    for (name, unit, _) in OUTCOMES {
        let unit = if unit.is_empty() { String::new() } else { format!(" ({unit})") };
        let _ = write!(text, ",{}", quoted(&format!("{name}{unit}")));
    }
    text += "\r\n";
    for ((value, _), point) in plan.values.iter().zip(points) {
        let Some(point) = point else { continue };
        let _ = write!(text, "{value}");
        for number in point {
            let _ = write!(text, ",{number:.4}");
        }
        text += "\r\n";
    }
    text
}
