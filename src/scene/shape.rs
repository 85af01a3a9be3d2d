//! Plain shapes in CSS pixels. A mark is drawn in two directions, *along* time and *across* the
//! lane; the pen turns them into x and y, so that the wide figure and the tall one are drawn by the
//! same code.
use super::num;

/// The name of a CSS class, or several with spaces between; `static/marks.css` colours them.
pub type Class = &'static str;

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// `r`: radius of the corners.
    Rect { class: Class, x: f64, y: f64, w: f64, h: f64, r: f64 },
    /// `d` is path data in absolute pixels.
    Path { class: Class, d: String },
}

impl Shape {
    pub const fn class(&self) -> Class {
        match self {
            Self::Rect { class, .. } | Self::Path { class, .. } => class,
        }
    }
}

/// Where a text's x is: at its beginning, middle or end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    /// As the SVG attribute `text-anchor` writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A rectangle, in pixels: `x0 <= x1`, `y0 <= y1`.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Bounds {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

impl Bounds {
    pub const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    /// Do the two share more than an edge?
    #[inline(never)]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    pub fn holds(&self, x: f64, y: f64) -> bool {
        self.x0 <= x && x <= self.x1 && self.y0 <= y && y <= self.y1
    }

    /// Larger by `by` on every side.
    #[must_use]
    pub fn grown(&self, by: f64) -> Self {
        Self::new(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)
    }
}

/// Draws in (along, across). In the wide figure time runs to the right and the server's edge is
/// below; in the tall one time runs down and the server's edge is on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    pub tall: bool,
}

impl Pen {
    pub const fn xy(self, along: f64, across: f64) -> (f64, f64) {
        if self.tall { (across, along) } else { (along, across) }
    }

    #[inline(never)]
    pub fn bounds(self, along: (f64, f64), across: (f64, f64)) -> Bounds {
        let (x0, y0) = self.xy(along.0, across.0);
        let (x1, y1) = self.xy(along.1, across.1);
        Bounds::new(x0, y0, x1, y1)
    }

    #[inline(never)]
    pub fn rect(self, class: Class, along: (f64, f64), across: (f64, f64), r: f64) -> Shape {
        let b = self.bounds(along, across);
        Shape::Rect { class, x: b.x0, y: b.y0, w: b.width().max(0.0), h: b.height().max(0.0), r }
    }

    pub const fn path(self) -> Path {
        Path { pen: self, d: String::new() }
    }
}

/// Path data under construction.
pub struct Path {
    pen: Pen,
    d: String,
}

impl Path {
    #[inline(never)]
    fn add(mut self, letter: char, along: f64, across: f64) -> Self {
        let (x, y) = self.pen.xy(along, across);
        self.d.push(letter);
        num::push(&mut self.d, x);
        self.d.push(' ');
        num::push(&mut self.d, y);
        self
    }

    /// Lifts the pen to a point.
    #[must_use]
    #[inline(never)]
    pub fn to(self, along: f64, across: f64) -> Self {
        self.add('M', along, across)
    }

    /// Draws a line to a point.
    #[must_use]
    #[inline(never)]
    pub fn line(self, along: f64, across: f64) -> Self {
        self.add('L', along, across)
    }

    /// A curve to a point, pulled towards two others.
    #[must_use]
    #[inline(never)]
    pub fn curve(self, a: (f64, f64), b: (f64, f64), to: (f64, f64)) -> Self {
        let mut path = self.add('C', a.0, a.1);
        path.d.push(' ');
        let (x, y) = path.pen.xy(b.0, b.1);
        num::push_pair(&mut path.d, x, y);
        path.d.push(' ');
        let (x, y) = path.pen.xy(to.0, to.1);
        num::push_pair(&mut path.d, x, y);
        path
    }

    /// Closes the outline.
    #[must_use]
    #[inline(never)]
    pub fn close(mut self) -> Self {
        self.d.push('Z');
        self
    }

    /// A closed rectangle.
    #[must_use]
    pub fn rect(self, along: (f64, f64), across: (f64, f64)) -> Self {
        self.to(along.0, across.0)
            .line(along.1, across.0)
            .line(along.1, across.1)
            .line(along.0, across.1)
            .close()
    }

    pub fn is_empty(&self) -> bool {
        self.d.is_empty()
    }

    #[inline(never)]
    pub fn shape(self, class: Class) -> Shape {
        Shape::Path { class, d: self.d }
    }
}
