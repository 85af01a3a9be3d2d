//! How wide a text will be, and where labels may stand so that no two of them overlap.
//!
//! The reader's font is not known here. Widths are those of DejaVu Sans, which is about a tenth
//! wider than the fonts of the usual systems: what has room here has room there.
use super::shape::{Anchor, Bounds, Class};
use crate::sim::Us;

/// Advance widths of the characters from space to tilde, in hundredths of the font size.
#[rustfmt::skip]
const REGULAR: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79,
    60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63,
    63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// How a label is set: its size, weight and family, as `static/marks.css` defines them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// 12 px: lanes, ruler, marks.
    Small,
    /// 12 px, semibold.
    SmallBold,
    /// 14 px, semibold: the name of a run.
    Head,
    /// 22 px, semibold: the number that sums a run up.
    Big,
    /// 12 px, monospaced.
    Code,
}

impl Type {
    const fn size(self) -> f64 {
        match self {
            Self::Small | Self::SmallBold | Self::Code => 12.0,
            Self::Head => 14.0,
            Self::Big => 22.0,
        }
    }

    /// Semibold is about a tenth wider.
    const fn weight(self) -> f64 {
        match self {
            Self::Small | Self::Code => 1.0,
            Self::SmallBold | Self::Head | Self::Big => 1.1,
        }
    }
}

/// The width of a text in pixels, on the safe side.
#[inline(never)]
pub fn width(text: &str, kind: Type) -> f64 {
    let hundredths: u32 = text.chars().map(|c| u32::from(advance(c, kind))).sum();
    f64::from(hundredths) / 100.0 * kind.size() * kind.weight()
}

fn advance(c: char, kind: Type) -> u8 {
    let index = (c as usize).wrapping_sub(0x20);
    match (kind, c) {
        (Type::Code, _) => 61,
        (_, '\u{a0}' | '·' | '’' | '‘') => 32,
        (_, '…') => 100,
        (_, '“' | '”') => 52,
        // What is not in the table is at most as wide as it is high.
        _ => REGULAR.get(index).copied().unwrap_or(if (c as u32) < 0x250 { 79 } else { 100 }),
    }
}

/// A text in the picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub class: Class,
    pub kind: Type,
    /// The anchor, on the baseline.
    pub x: f64,
    pub y: f64,
    pub anchor: Anchor,
    pub text: String,
    /// While the run plays the label appears when the playhead is here; None: it is always there.
    pub from: Option<Us>,
    pub bounds: Bounds,
}

impl Label {
    #[inline(never)]
    pub fn new(class: Class, kind: Type, at: (f64, f64), anchor: Anchor, text: &str) -> Self {
        let (x, y) = at;
        let w = width(text, kind);
        let x0 = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - w / 2.0,
            Anchor::End => x - w,
        };
        let size = kind.size();
        // Figures reach neither as high nor as low as letters.
        let figures = text.bytes().all(|byte| byte.is_ascii_digit());
        let (up, down) = if figures { (0.74, 0.03) } else { (0.8, 0.25) };
        let bounds = Bounds::new(x0, y - size * up, x0 + w, y + size * down);
        Self { class, kind, x, y, anchor, text: text.into(), from: None, bounds }
    }

    #[must_use]
    pub fn from(mut self, from: Us) -> Self {
        self.from = Some(from);
        self
    }
}

/// The labels of a picture. What is placed first stays; what would touch it, or leave the picture, is
/// not placed.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pub placed: Vec<Label>,
    /// Where no label may stand although there is none.
    pub taken: Vec<Bounds>,
    pub limits: Bounds,
}

impl Labels {
    pub fn new(limits: Bounds) -> Self {
        Self { placed: Vec::new(), taken: Vec::new(), limits }
    }

    #[inline(never)]
    pub fn has_room(&self, bounds: &Bounds) -> bool {
        let wide = Bounds { x0: bounds.x0 - 3.0, x1: bounds.x1 + 3.0, ..*bounds };
        bounds.x0 >= self.limits.x0
            && bounds.x1 <= self.limits.x1
            && bounds.y0 >= self.limits.y0
            && bounds.y1 <= self.limits.y1
            && !self.placed.iter().any(|other| other.bounds.overlaps(&wide))
            && !self.taken.iter().any(|other| other.overlaps(&wide))
    }

    /// Places the label if it has room.
    #[inline(never)]
    pub fn place(&mut self, label: Label) -> bool {
        let room = !label.text.is_empty() && self.has_room(&label.bounds);
        if room {
            self.placed.push(label);
        }
        room
    }

    /// Places the first that has room.
    pub fn place_one_of(&mut self, labels: impl IntoIterator<Item = Label>) -> bool {
        labels.into_iter().any(|label| self.place(label))
    }
}
