//! Curves on axes, as SVG with the classes of the figure (`static/marks.css`).
use super::words::escape;
use crate::scene::num;
use crate::scene::svg;

/// A picture that is being written.
pub struct Picture {
    text: String,
    pub width: f64,
    pub height: f64,
}

/// Where a text stands from its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

impl Picture {
    /// `title`: what it shows, for who does not see it.
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        let size = [num::text(width), num::text(height)].join(" ");
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig plot\" role=\"img\" viewBox=\"0 0 {size}\" width=\"{}\" height=\"{}\" aria-label=\"{}\">",
            num::text(width),
            num::text(height),
            escape(title)
        );
        Self { text, width, height }
    }

    /// Any element that was written elsewhere.
    pub fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn numbers(&mut self, pairs: &[(&str, f64)]) {
        for (name, value) in pairs {
            self.raw(" ");
            self.raw(name);
            self.raw("=\"");
            num::push(&mut self.text, *value);
            self.raw("\"");
        }
    }

    fn open(&mut self, element: &str, class: &str) {
        self.raw("<");
        self.raw(element);
        self.raw(" class=\"");
        self.raw(class);
        self.raw("\"");
    }

    pub fn rect(&mut self, class: &str, x: (f64, f64), y: (f64, f64)) {
        self.open("rect", class);
        let (w, h) = ((x.1 - x.0).max(0.0), (y.1 - y.0).max(0.0));
        self.numbers(&[("x", x.0), ("y", y.0), ("width", w), ("height", h)]);
        self.raw("/>");
    }

    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        self.open("line", class);
        self.numbers(&[("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)]);
        self.raw("/>");
    }

    pub fn curve(&mut self, class: &str, points: &[(f64, f64)]) {
        self.open("path", class);
        self.raw(" d=\"");
        for (index, (x, y)) in points.iter().enumerate() {
            self.raw(if index == 0 { "M" } else { "L" });
            num::push_pair(&mut self.text, *x, *y);
        }
        self.raw("\"/>");
    }

    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64) {
        self.open("circle", class);
        self.numbers(&[("cx", at.0), ("cy", at.1), ("r", radius)]);
        self.raw("/>");
    }

    pub fn words(&mut self, class: &str, at: (f64, f64), anchor: Anchor, text: &str) {
        self.open("text", class);
        self.numbers(&[("x", at.0), ("y", at.1)]);
        self.raw(" text-anchor=\"");
        self.raw(anchor.as_str());
        self.raw("\">");
        self.raw(&escape(text));
        self.raw("</text>");
    }

    pub fn end(mut self) -> String {
        self.raw("</svg>");
        self.text
    }

    /// As a file of its own: colours and type come with it.
    pub fn file(self) -> String {
        svg::alone(&self.end(), svg::Look::Auto)
    }
}

/// Values along a stretch of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    from: f64,
    to: f64,
    /// Pixels of both ends.
    place: (f64, f64),
    log: bool,
}

impl Axis {
    pub fn linear(values: (f64, f64), place: (f64, f64)) -> Self {
        let to = if values.1 > values.0 { values.1 } else { values.0 + 1.0 };
        Self { from: values.0, to, place, log: false }
    }

    /// Each step ten times the one before; the values are above 0.
    pub fn log(values: (f64, f64), place: (f64, f64)) -> Self {
        let from = values.0.max(1e-6);
        let to = if values.1 > from { values.1 } else { from * 10.0 };
        Self { from, to, place, log: true }
    }

    /// The pixel of a value; what is beyond an end stands at the end.
    pub fn at(&self, value: f64) -> f64 {
        let part = if self.log {
            (value.max(self.from) / self.from).ln() / (self.to / self.from).ln()
        } else {
            (value - self.from) / (self.to - self.from)
        };
        self.place.0 + (self.place.1 - self.place.0) * part.clamp(0.0, 1.0)
    }

    /// Round values to write at the axis, about so many.
    pub fn ticks(&self, about: f64) -> Vec<f64> {
        if self.log { self.decades(about) } else { self.even(about) }
    }

    fn decades(&self, about: f64) -> Vec<f64> {
        let count = (self.to / self.from).log10();
        let steps: &[f64] = if count * 3.0 <= about { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let mut ticks = Vec::new();
        let mut decade = 10_f64.powf(self.from.log10().floor());
        while decade <= self.to && ticks.len() < 40 {
            let values = steps.iter().map(|step| decade * step);
            ticks.extend(
                values.filter(|value| *value >= self.from * 0.999 && *value <= self.to * 1.001),
            );
            decade *= 10.0;
        }
        ticks
    }

    fn even(&self, about: f64) -> Vec<f64> {
        let rough = (self.to - self.from) / about.max(1.0);
        let scale = 10_f64.powf(rough.log10().floor());
        let step =
            [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * scale).find(|step| *step >= rough);
        let step = step.unwrap_or(rough);
        let mut ticks = Vec::new();
        let mut value = (self.from / step).ceil() * step;
        while value <= self.to * 1.000_001 && ticks.len() < 40 {
            ticks.push(value);
            value += step;
        }
        ticks
    }
}
