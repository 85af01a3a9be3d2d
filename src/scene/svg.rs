//! The figure as a file of its own: no script, no font, no request. It follows the reader's light or
//! dark setting, and the page's colours where it is put into one.
use super::moment::FLAG;
use super::shape::Class;
use super::{Fold, Group, Label, Moment, Scene, Shape, num, theme};
use crate::sim::Us;

/// The marks' classes, the same text that the page loads.
const MARKS: &str = include_str!("../../static/marks.css");

/// Whose colours a file wears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Look {
    /// Light or dark, as the reader's system says.
    #[default]
    Auto,
    Light,
    Dark,
}

/// The whole figure at an instant. `title`: the verdict; `description`: what a reader who cannot see it
/// should know.
pub fn file(scene: &Scene, at: Us, title: &str, description: &str, look: Look) -> String {
    let mut out = Writer { text: String::with_capacity(32_768) };
    out.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"fig\" role=\"img\" viewBox=\"0 0 ");
    num::push_pair(&mut out.text, scene.width, scene.height);
    out.raw("\" width=\"");
    num::push(&mut out.text, scene.width);
    out.raw("\" height=\"");
    num::push(&mut out.text, scene.height);
    out.raw("\" aria-labelledby=\"kae-t kae-d\"><title id=\"kae-t\">");
    out.words(title);
    out.raw("</title><desc id=\"kae-d\">");
    out.words(description);
    out.raw("</desc><style>");
    out.style(look);
    out.raw("</style>");
    out.raw(HATCH);
    out.raw("<rect class=\"k-ground\" width=\"100%\" height=\"100%\"/>");
    out.figure(scene, at);
    out.raw("</svg>\n");
    out.text
}

/// Any picture of class `fig` as a file of its own: colours and type come with it.
pub fn alone(picture: &str, look: Look) -> String {
    let (open, content) = picture.split_once('>').unwrap_or(("<svg", picture));
    let mut out = Writer { text: String::from(open) };
    out.raw("><style>");
    out.style(look);
    out.raw("</style><rect class=\"k-ground\" width=\"100%\" height=\"100%\"/>");
    out.raw(content);
    out.text
}

/// The pattern of TIME_WAIT.
const HATCH: &str = "<defs><pattern id=\"kae-hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path class=\"k-hatch\" d=\"M.5 0V5\"/></pattern></defs>";

struct Writer {
    text: String,
}

impl Writer {
    fn raw(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn words(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '<' => self.raw("&lt;"),
                '>' => self.raw("&gt;"),
                '&' => self.raw("&amp;"),
                '"' => self.raw("&quot;"),
                // What cannot stand in XML at all.
                '\0'..='\u{8}'
                | '\u{b}'
                | '\u{c}'
                | '\u{e}'..='\u{1f}'
                | '\u{fffe}'
                | '\u{ffff}' => {
                    self.text.push('\u{fffd}');
                }
                c => self.text.push(c),
            }
        }
    }

    fn number(&mut self, name: &str, value: f64) {
        self.text.push(' ');
        self.raw(name);
        self.raw("=\"");
        num::push(&mut self.text, value);
        self.text.push('"');
    }

    fn style(&mut self, look: Look) {
        match look {
            Look::Auto => {
                self.tokens(|token| token.light);
                self.raw("@media(prefers-color-scheme:dark){");
                self.tokens(|token| token.dark);
                self.raw("}");
            }
            Look::Light => self.tokens(|token| token.light),
            Look::Dark => self.tokens(|token| token.dark),
        }
        self.raw(".fig{--sans:system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans Condensed\",\"DejaVu Sans\",sans-serif;--mono:ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace}");
        self.raw(MARKS.trim());
    }

    fn tokens(&mut self, colour: impl Fn(&theme::Token) -> &'static str) {
        self.raw(".fig{");
        for token in theme::TOKENS {
            self.raw("--");
            self.raw(token.name);
            self.raw(":");
            self.raw(colour(token));
            self.raw(";");
        }
        self.raw("}");
    }

    fn figure(&mut self, scene: &Scene, at: Us) {
        let moment = Moment::of(scene, at);
        scene.folds.iter().for_each(|fold| self.fold(scene, fold));
        scene.back.iter().for_each(|shape| self.shape(shape));
        self.ticks(scene, &moment);
        self.clip(scene);
        scene.groups.iter().for_each(|group| self.group(group));
        self.raw("</svg>");
        self.veil(scene, &moment);
        scene.front.iter().for_each(|front| self.shape(&front.shape));
        let shown =
            scene.labels.iter().filter(|label| moment.shows(label, at, false, scene.pen.tall));
        shown.for_each(|label| self.label(label));
        for (text, along, across) in &moment.left {
            let (x, y) = scene.pen.xy(*along, *across);
            self.text_at("b k-halo", x, y, "start", text);
        }
        self.playhead(scene, &moment);
    }

    /// Nothing of the marks is drawn outside the plot.
    fn clip(&mut self, scene: &Scene) {
        let plot = &scene.plot;
        self.raw("<svg overflow=\"hidden\"");
        self.number("x", plot.x0);
        self.number("y", plot.y0);
        self.number("width", plot.width());
        self.number("height", plot.height());
        self.raw(" viewBox=\"");
        num::push_pair(&mut self.text, plot.x0, plot.y0);
        self.text.push(' ');
        num::push_pair(&mut self.text, plot.width(), plot.height());
        self.raw("\">");
    }

    fn group(&mut self, group: &Group) {
        self.raw("<g>");
        for lane in &group.lanes {
            lane.ground.iter().for_each(|shape| self.shape(shape));
            lane.marks.iter().flat_map(|mark| &mark.shapes).for_each(|shape| self.shape(shape));
        }
        self.raw("</g>");
    }

    fn fold(&mut self, scene: &Scene, fold: &Fold) {
        let b = &fold.bounds;
        self.shape(&Shape::Rect {
            class: "k-fold",
            x: b.x0,
            y: b.y0,
            w: b.width(),
            h: b.height(),
            r: 0.0,
        });
        self.shape(&fold.sides(scene.pen));
    }

    fn ticks(&mut self, scene: &Scene, moment: &Moment) {
        for tick in scene.ticks.iter().filter(|tick| !moment.hides_tick(tick.x)) {
            let (x, y, anchor) = scene.tick_place(tick);
            self.text_at("m", x, y, anchor.as_str(), &tick.text);
        }
    }

    fn veil(&mut self, scene: &Scene, moment: &Moment) {
        let plot = &scene.plot;
        let pen = scene.pen;
        let (along, across) = if pen.tall {
            ((moment.x.max(plot.y0), plot.y1), (plot.x0, plot.x1))
        } else {
            ((moment.x.max(plot.x0), plot.x1), (plot.y0, plot.y1))
        };
        if along.0 < along.1 {
            self.shape(&pen.rect("k-veil", along, across, 0.0));
        }
    }

    fn playhead(&mut self, scene: &Scene, moment: &Moment) {
        let (start, end) = scene.axis.place();
        if moment.x < start - 0.5 || moment.x > end + 0.5 {
            return;
        }
        for shape in scene.playhead() {
            self.raw("<g transform=\"translate(");
            let (x, y) = scene.pen.xy(moment.x, 0.0);
            num::push_pair(&mut self.text, x, y);
            self.raw(")\">");
            self.shape(&shape);
            self.raw("</g>");
        }
        let (x, y) = scene.flag_place(moment.x);
        self.text_at("k-head-t", x, y, "middle", &moment.flag);
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Rect { class, x, y, w, h, r } => {
                self.open("rect", class);
                self.number("x", *x);
                self.number("y", *y);
                self.number("width", *w);
                self.number("height", *h);
                if *r > 0.0 {
                    self.number("rx", *r);
                }
                if *class == "k-tw" {
                    self.raw(" fill=\"url(#kae-hatch)\"");
                }
            }
            Shape::Path { class, d } => {
                self.open("path", class);
                self.raw(" d=\"");
                self.raw(d);
                self.raw("\"");
            }
        }
        self.raw("/>");
    }

    fn open(&mut self, element: &str, class: Class) {
        self.raw("<");
        self.raw(element);
        self.raw(" class=\"");
        self.raw(class);
        self.raw("\"");
    }

    fn label(&mut self, label: &Label) {
        self.text_at(label.class, label.x, label.y, label.anchor.as_str(), &label.text);
    }

    fn text_at(&mut self, class: Class, x: f64, y: f64, anchor: &str, text: &str) {
        self.open("text", class);
        self.number("x", x);
        self.number("y", y);
        if anchor != "start" {
            self.raw(" text-anchor=\"");
            self.raw(anchor);
            self.raw("\"");
        }
        self.raw(">");
        self.words(text);
        self.raw("</text>");
    }
}

impl Fold {
    /// The dotted sides of the strip.
    pub fn sides(&self, pen: super::Pen) -> Shape {
        let b = &self.bounds;
        let (along, across) = if pen.tall {
            ((b.y0 + 0.5, b.y1 - 0.5), (b.x0, b.x1))
        } else {
            ((b.x0 + 0.5, b.x1 - 0.5), (b.y0, b.y1))
        };
        let path = pen.path().to(along.0, across.0).line(along.0, across.1);
        path.to(along.1, across.0).line(along.1, across.1).shape("k-fold-s")
    }
}

impl Scene {
    /// The playhead at 0 along time: the line, the flag, its tip.
    pub fn playhead(&self) -> Vec<Shape> {
        let pen = self.pen;
        if pen.tall {
            let right = self.width;
            return vec![
                pen.path().to(0.0, self.plot.x0).line(0.0, right).shape("k-head"),
                pen.rect("k-head-f", (-11.0, 11.0), (right - FLAG * 2.0 + 4.0, right), 4.0),
            ];
        }
        vec![
            pen.path().to(0.0, 27.0).line(0.0, self.height).shape("k-head"),
            pen.rect("k-head-f", (-FLAG + 3.0, FLAG - 3.0), (5.0, 27.0), 4.0),
            pen.path().to(-4.0, 26.5).line(4.0, 26.5).line(0.0, 31.5).close().shape("k-head-f"),
        ]
    }

    /// Where the flag's words stand, centred, when the playhead is at `along`.
    pub fn flag_place(&self, along: f64) -> (f64, f64) {
        if self.pen.tall { (self.width - FLAG + 2.0, along + 4.0) } else { (along, 20.0) }
    }

    /// Where a tick's words stand.
    pub fn tick_place(&self, tick: &super::Tick) -> (f64, f64, super::Anchor) {
        if self.pen.tall {
            (self.plot.x0 - 6.0, tick.x + 4.0, super::Anchor::End)
        } else {
            (tick.x, 20.0, super::Anchor::Middle)
        }
    }
}
