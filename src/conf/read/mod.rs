//! A pasted file, understood: which product's it is, and what it sets.
//!
//! Each grammar has a reader that turns the text into statements and knows no settings;
//! [`judge`] compares them with the settings of one product. The product of which the most is
//! understood is taken. All of it is linear in the length of the text.
mod blocks;
mod hold;
mod judge;
mod lines;
mod pairs;
mod statement;
mod windows;

use super::recipe::{Recipe, Syntax, recipes};
use crate::profile::Chosen;
use statement::Statements;

/// What was found in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// The product with its settings; the version is empty for the newest, and named if only an
    /// older one has all of them. Without settings if it is a product's file that leaves all at their
    /// defaults. None: no product was recognised.
    pub chosen: Option<Chosen>,
    pub understood: Vec<Line>,
    pub ignored: Vec<Line>,
}

/// A line of a pasted text, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1; where a statement goes over several lines, the first.
    pub number: usize,
    /// The statement as it stands there, shortened if it is long.
    pub text: String,
    /// What it sets, or why it sets nothing.
    pub note: String,
}

/// Reads settings from a piece of a configuration file, a .reg file, a program or a command line.
/// Every text is taken: what is not understood is listed.
pub fn import(text: &str) -> Import {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut best: Option<(judge::Score, usize, Import)> = None;
    for syntax in Syntax::ALL {
        let statements = statements(syntax, text);
        let same = |(_, recipe): &(usize, &'static Recipe)| recipe.syntax == syntax;
        for (index, recipe) in recipes().enumerate().filter(same) {
            let (score, import) = judge::judge(recipe, text, &statements);
            let better = |(most, first, _): &(judge::Score, usize, Import)| {
                score > *most || score == *most && index < *first
            };
            if best.as_ref().is_none_or(better) {
                best = Some((score, index, import));
            }
        }
    }
    best.map_or_else(Import::default, |(_, _, import)| import)
}

fn statements(syntax: Syntax, text: &str) -> Statements<'_> {
    let mut out = Statements::default();
    match syntax {
        Syntax::Httpd => lines::httpd(text, &mut out),
        Syntax::Nginx => blocks::nginx(text, &mut out),
        Syntax::Haproxy => lines::haproxy(text, &mut out),
        Syntax::Lighttpd => blocks::lighttpd(text, &mut out),
        Syntax::Registry => windows::registry(text, &mut out),
        Syntax::Batch => windows::batch(text, &mut out),
        Syntax::Options => pairs::options(text, &mut out),
        Syntax::Calls => pairs::calls(text, &mut out),
        Syntax::Xml | Syntax::Braces | Syntax::Hash => {
            pairs::pairs(text, syntax, &mut out);
        }
    }
    out
}
