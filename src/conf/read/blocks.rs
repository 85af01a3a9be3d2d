//! Files with blocks in braces: nginx.conf, lighttpd.conf.
use super::statement::{
    CLOSES_NOTHING, INCLUDES, NEVER_CLOSED, SOME_REQUESTS, Statement, Statements, UNCLOSED_QUOTE,
    words,
};

/// A text that is read from its beginning to its end, with the line counted.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Cursor<'a> {
    const fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    fn skip_line(&mut self) {
        while self.peek().is_some_and(|c| c != '\n') {
            self.next();
        }
    }

    fn since(&self, start: usize) -> &'a str {
        self.text[start..self.at].trim()
    }
}

/// What an open block of nginx.conf means for what stands in it.
#[derive(Clone, Copy)]
enum Inside {
    Http,
    /// The line at which it begins.
    Server(usize),
    /// Within the server of this line.
    Location(usize),
    Upstream,
    /// `events`, `stream`, `mail`, tables of values.
    Elsewhere,
}

impl Inside {
    fn block(self, name: &str, line: usize) -> Self {
        match (self, name) {
            (Self::Elsewhere | Self::Upstream, _) => Self::Elsewhere,
            (Self::Http, "http") => Self::Http,
            (Self::Http, "server") => Self::Server(line),
            (Self::Http, "upstream") => Self::Upstream,
            (Self::Http, "location") => Self::Location(0),
            (Self::Server(line) | Self::Location(line), "location" | "if" | "limit_except") => {
                Self::Location(line)
            }
            _ => Self::Elsewhere,
        }
    }

    fn statement<'a>(self, line: usize, text: &'a str, words: &[String]) -> Statement<'a> {
        let mut said = Statement { line, text, ..Statement::default() };
        let (name, values) =
            words.split_first().map_or(("", words), |(name, rest)| (&**name, rest));
        said.name = name.into();
        said.value = values.join(" ");
        if let ("proxy_set_header", Some((field, rest))) = (name, values.split_first())
            && field.eq_ignore_ascii_case("connection")
        {
            said.name = "proxy_set_header Connection".into();
            said.value = rest.join(" ");
        }
        match self {
            Self::Http => {}
            Self::Server(line) => (said.rank, said.block) = (1, line),
            Self::Location(line) => (said.rank, said.block) = (2, line),
            // Some directives stand here and elsewhere, and mean two things.
            Self::Upstream if matches!(name, "keepalive" | "server") => {}
            Self::Upstream => said.name = format!("upstream {name}"),
            Self::Elsewhere => said.trouble = "stands in a block that is not for HTTP connections",
        }
        if name == "include" {
            said.trouble = INCLUDES;
        }
        said
    }
}

pub fn nginx<'a>(text: &'a str, out: &mut Statements<'a>) {
    let mut cursor = Cursor::new(text);
    let mut blocks: Vec<(usize, &'a str, Inside)> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let (mut start, mut line) = (0, 1);
    while let Some(c) = cursor.peek() {
        if out.full() {
            return;
        }
        if words.is_empty() {
            (start, line) = (cursor.at, cursor.line);
        }
        let inside = blocks.last().map_or(Inside::Http, |(_, _, inside)| *inside);
        match c {
            '#' => cursor.skip_line(),
            _ if c.is_whitespace() => drop(cursor.next()),
            ';' => {
                cursor.next();
                let text = cursor.since(start);
                match words.is_empty() {
                    true => out.trouble(line, text, "a ; without a directive before it"),
                    false => out.push(inside.statement(line, text, &words)),
                }
                words.clear();
            }
            '{' => {
                cursor.next();
                let text = cursor.since(start);
                let name = words.first().map_or("", String::as_str);
                if name.is_empty() {
                    out.trouble(line, text, "a block without a name");
                }
                blocks.push((line, text, inside.block(name, line)));
                words.clear();
            }
            '}' => {
                cursor.next();
                if !words.is_empty() {
                    let said = inside.statement(line, cursor.since(start), &words);
                    out.push(Statement { trouble: NO_END, ..said });
                } else if blocks.is_empty() {
                    out.trouble(line, cursor.since(start), CLOSES_NOTHING);
                }
                blocks.pop();
                words.clear();
            }
            _ => {
                let before = (cursor.at, cursor.line);
                match word(&mut cursor) {
                    Some(word) => words.push(word),
                    None => {
                        // The quote is taken for a mistake of its own line.
                        (cursor.at, cursor.line) = before;
                        cursor.skip_line();
                        out.trouble(line, cursor.since(start), UNCLOSED_QUOTE);
                        words.clear();
                    }
                }
            }
        }
    }
    if !words.is_empty() {
        let said = Inside::Http.statement(line, cursor.since(start), &words);
        out.push(Statement { trouble: NO_END, ..said });
    }
    for (line, text, _) in blocks {
        out.trouble(line, text, NEVER_CLOSED);
    }
}

const NO_END: &str = "the ; at its end is missing";

/// A word of nginx.conf, perhaps in quotes. None: the quote is never closed.
fn word(cursor: &mut Cursor<'_>) -> Option<String> {
    let mut word = String::new();
    let quote = cursor.peek().filter(|c| ['"', '\''].contains(c));
    if quote.is_some() {
        cursor.next();
    }
    while let Some(c) = cursor.peek() {
        match (quote, c) {
            (Some(quote), _) if c == quote => {
                cursor.next();
                return Some(word);
            }
            (None, ';' | '{') if !(c == '{' && word.ends_with('$')) => return Some(word),
            (None, _) if c.is_whitespace() => return Some(word),
            (_, '\\') => {
                cursor.next();
                word.extend(cursor.next());
            }
            _ => word.extend(cursor.next()),
        }
    }
    quote.is_none().then_some(word)
}

pub fn lighttpd<'a>(text: &'a str, out: &mut Statements<'a>) {
    let mut cursor = Cursor::new(text);
    let mut blocks: Vec<(usize, &'a str)> = Vec::new();
    while let Some(c) = cursor.peek() {
        if out.full() {
            return;
        }
        let (start, line) = (cursor.at, cursor.line);
        match c {
            '#' => cursor.skip_line(),
            _ if c.is_whitespace() => drop(cursor.next()),
            '}' => {
                cursor.next();
                if blocks.pop().is_none() {
                    out.trouble(line, cursor.since(start), CLOSES_NOTHING);
                }
            }
            _ => {
                let end = statement(&mut cursor);
                let text = cursor.since(start);
                match end {
                    End::Statement => out.push(assignment(line, text, blocks.is_empty())),
                    End::Block => blocks.push((line, text)),
                    End::Trouble(trouble) => out.trouble(line, text, trouble),
                }
            }
        }
    }
    for (line, text) in blocks {
        out.trouble(line, text, NEVER_CLOSED);
    }
}

/// How a statement of lighttpd.conf ends.
enum End {
    Statement,
    /// With the brace that opens a block.
    Block,
    Trouble(&'static str),
}

/// Reads to the end of an assignment, which may be several lines in parentheses, or to the brace
/// that opens a block.
fn statement(cursor: &mut Cursor<'_>) -> End {
    let mut depth = 0_usize;
    let mut quoted = false;
    while let Some(c) = cursor.peek() {
        match c {
            // Texts do not go on behind the end of a line.
            '\n' if quoted => break,
            '\n' if depth == 0 => return End::Statement,
            '"' => quoted = !quoted,
            '\\' if quoted => drop(cursor.next()),
            '#' if !quoted => {
                cursor.skip_line();
                continue;
            }
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            '{' if !quoted => {
                cursor.next();
                return End::Block;
            }
            '}' if !quoted && depth == 0 => return End::Statement,
            _ => {}
        }
        cursor.next();
    }
    match (quoted, depth) {
        (true, _) => End::Trouble(UNCLOSED_QUOTE),
        (false, 0) => End::Statement,
        _ => End::Trouble(NEVER_CLOSED),
    }
}

fn assignment(line: usize, text: &str, outside: bool) -> Statement<'_> {
    let mut said = Statement { line, text, ..Statement::default() };
    let Some((name, value)) = text.split_once('=') else {
        said.trouble = match text.starts_with("include") {
            true => INCLUDES,
            false => "no assignment",
        };
        return said;
    };
    said.name = name.trim_end_matches([' ', '\t', '+', ':']).into();
    // A comment may follow on the same line; in parentheses nothing is known here anyway.
    said.value = words(value, true).words.join(" ");
    if !outside {
        said.trouble = SOME_REQUESTS;
    }
    said
}
