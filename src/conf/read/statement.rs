//! What the readers make of a text: statements, each with the place it stood at.

/// One statement of a file: a name and a value, or a trouble.
#[derive(Clone, Debug, Default)]
pub struct Statement<'a> {
    /// Counted from 1.
    pub line: usize,
    /// As it stood there.
    pub text: &'a str,
    pub name: String,
    pub value: String,
    /// HAProxy's `no option`.
    pub off: bool,
    /// A value of a higher rank replaces one of a lower: a server block's that of the whole file.
    pub rank: u8,
    /// The line at which its server block begins; 0 outside of all.
    pub block: usize,
    /// The key of the registry, the section of HAProxy.
    pub section: &'a str,
    /// Why it is not for here; empty if it may be.
    pub trouble: &'static str,
    /// Nobody needs to hear that it is unknown.
    pub quiet: bool,
}

/// More than any file has that a person wrote; keeps hostile ones short.
const MOST: usize = 20_000;

pub const INCLUDES: &str = "another file: paste its text as well";
pub const UNCLOSED_QUOTE: &str = "a quote is opened and never closed";
pub const CLOSES_NOTHING: &str = "closes what was not opened";
pub const NEVER_CLOSED: &str = "is opened and never closed";
pub const SOME_REQUESTS: &str = "holds for some requests only: that cannot be set here";
pub const NOT_A_STATEMENT: &str = "sets nothing that is known here";

#[derive(Default)]
pub struct Statements<'a> {
    pub list: Vec<Statement<'a>>,
}

impl<'a> Statements<'a> {
    pub fn push(&mut self, statement: Statement<'a>) {
        if self.list.len() < MOST {
            self.list.push(statement);
        } else if self.list.len() == MOST {
            let trouble = "too much text: from here on nothing was read";
            let name = String::new();
            self.list.push(Statement { trouble, name, ..statement });
        }
    }

    pub fn trouble(&mut self, line: usize, text: &'a str, trouble: &'static str) {
        self.push(Statement { line, text, trouble, ..Statement::default() });
    }

    /// Reading on has no use.
    pub fn full(&self) -> bool {
        self.list.len() > MOST
    }
}

/// A line in words, as shells do it: quotes of both kinds hold a word together, a backslash takes
/// the next character as it is. A comment ends the line.
pub struct Words {
    pub words: Vec<String>,
    /// A quote was not closed.
    pub open: bool,
}

pub fn words(line: &str, comments: bool) -> Words {
    let mut found = Words { words: Vec::new(), open: false };
    let mut chars = line.chars();
    let mut word: Option<String> = None;
    let mut quote = None;
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, '\\') => match chars.next() {
                // The end of a line that goes on.
                None | Some('\n' | '\r') => {}
                next => word.get_or_insert_default().extend(next),
            },
            (None, _) if c.is_whitespace() => found.words.extend(word.take()),
            (None, '#') if comments && word.is_none() => break,
            _ => word.get_or_insert_default().push(c),
        }
    }
    found.words.extend(word);
    found.open = quote.is_some();
    found
}

/// The lines of a text, counted from 1. Where one ends with a backslash the next belongs to it.
pub fn joined_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    let mut line = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let first = line + 1;
        let mut end = 0;
        loop {
            let next = rest[end..].find('\n').map_or(rest.len(), |at| end + at + 1);
            line += 1;
            let goes_on = rest[end..next].trim_end_matches(['\n', '\r']).ends_with('\\');
            end = next;
            if !goes_on || end == rest.len() {
                break;
            }
        }
        let (found, behind) = rest.split_at(end);
        rest = behind;
        Some((first, found.trim()))
    })
}
