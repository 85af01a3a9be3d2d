//! Programs and command lines: whatever gives a name a value. They are not parsed as what they
//! are; each line is searched for `name = value`, `name: value`, `-Dname=value`.
use super::statement::{NOT_A_STATEMENT, Statement, Statements, words};
use crate::conf::recipe::Syntax;

/// Settings that are a way of calling, no argument.
const WAYS: [&str; 2] = ["requests.Session", "HttpServer.setExecutor"];

pub fn pairs<'a>(text: &'a str, syntax: Syntax, out: &mut Statements<'a>) {
    let (open, _) = syntax.comment();
    let open = open.trim();
    let (long, end) = match syntax {
        Syntax::Xml => ("<!--", "-->"),
        Syntax::Hash => ("\"\"\"", "\"\"\""),
        _ => ("/*", "*/"),
    };
    let mut commented = false;
    for (line, text) in text.lines().enumerate() {
        let (line, text) = (line + 1, text.trim());
        let before = out.list.len();
        let mut rest = text;
        let mut code = false;
        while !rest.is_empty() && !out.full() {
            if commented {
                let Some((_, behind)) = rest.split_once(end) else { break };
                (rest, commented) = (behind, false);
            } else if let Some(behind) = rest.strip_prefix(long) {
                (rest, commented) = (behind, true);
            } else if let Some(comment) = rest.strip_prefix(open) {
                // How an exported file says what no argument can.
                let said = comment.trim().split_once(": ").filter(|(name, _)| WAYS.contains(name));
                if let Some((name, value)) = said {
                    let (name, value) = (name.into(), value.into());
                    let said = Statement { line, text, name, value, ..Statement::default() };
                    out.push(Statement { quiet: true, ..said });
                }
                break;
            } else {
                code |= !rest.starts_with(char::is_whitespace);
                rest = piece(line, text, rest, out);
            }
        }
        if code && out.list.len() == before {
            out.trouble(line, text, NOT_A_STATEMENT);
        }
    }
}

/// Takes a name with its value, or else a character, and gives what is left.
fn piece<'a>(line: usize, text: &'a str, rest: &'a str, out: &mut Statements<'a>) -> &'a str {
    let part = |c: char| c.is_ascii_alphanumeric() || !c.is_ascii() || "_$.-".contains(c);
    let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
    if end == 0 {
        let quote = rest.chars().next().filter(|c| "\"'`".contains(*c));
        let first = rest.chars().next().map_or(0, char::len_utf8);
        // A text; a quote that is not closed is a character like others.
        let text = quote.and_then(|quote| rest[first..].find(quote).map(|at| first + at + first));
        return &rest[text.unwrap_or(first)..];
    }
    let (name, behind) = rest.split_at(end);
    let behind = behind.trim_start();
    let Some(value) = behind.strip_prefix(['=', ':']) else { return behind };
    if value.starts_with(['=', '>', ':', '/']) {
        return value;
    }
    let (value, behind) = value_of(value.trim_start());
    let name = name.into();
    out.push(Statement { line, text, name, value, ..Statement::default() });
    behind
}

/// A text in quotes, a word, or a product of numbers: `5 * 1000`, `60_000`.
fn value_of(text: &str) -> (String, &str) {
    for quote in ['"', '\''] {
        if let Some((value, rest)) =
            text.strip_prefix(quote).and_then(|text| text.split_once(quote))
        {
            return (value.into(), rest);
        }
    }
    let end = |text: &str| {
        text.find(|c: char| c.is_whitespace() || ",;)}]>*".contains(c)).unwrap_or(text.len())
    };
    let (mut word, mut rest) = text.split_at(end(text));
    let mut product = number(word);
    while let Some(behind) = product.and(rest.trim_start().strip_prefix('*')) {
        let behind = behind.trim_start();
        (word, rest) = behind.split_at(end(behind));
        product = product.zip(number(word)).and_then(|(left, right)| left.checked_mul(right));
    }
    (product.map_or_else(|| word.to_owned(), |product| product.to_string()), rest)
}

fn number(text: &str) -> Option<i64> {
    let digits = text.strip_suffix(['L', 'n']).unwrap_or(text);
    if digits.contains('_') { digits.replace('_', "").parse().ok() } else { digits.parse().ok() }
}

/// curl's own options, in its configuration file or on its command line.
pub fn options<'a>(text: &'a str, out: &mut Statements<'a>) {
    for (line, text) in text.lines().enumerate() {
        let (line, text) = (line + 1, text.trim());
        // How an exported file says that a switch is off.
        let off = text.strip_prefix("# -").and_then(|text| text.strip_suffix(": off"));
        if let Some(name) = off.filter(|_| !out.full()) {
            let (name, off, quiet) = (name.into(), true, true);
            out.push(Statement { line, text, name, off, quiet, ..Statement::default() });
        }
        let words = words(text, true).words;
        let is_option = |word: &str| word.starts_with('-');
        for (at, word) in words.iter().enumerate() {
            // Only a line of a configuration file may begin without hyphens.
            if out.full() || !(is_option(word) || at == 0 && word != "curl") {
                continue;
            }
            let mut behind = words[at + 1..].iter().skip_while(|word| *word == "=");
            let value = behind.next().filter(|word| !is_option(word)).cloned().unwrap_or_default();
            let name = word.trim_end_matches([':', '=']).into();
            out.push(Statement { line, text, name, value, ..Statement::default() });
        }
    }
}

/// `curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 10L);`
pub fn calls<'a>(text: &'a str, out: &mut Statements<'a>) {
    for (line, text) in text.lines().enumerate() {
        let (line, text) = (line + 1, text.trim());
        if text.is_empty() || text.starts_with("//") || out.full() {
            continue;
        }
        let arguments = text.split_once("_setopt(").map(|(_, behind)| behind);
        let mut arguments = arguments.unwrap_or("").splitn(3, ',').skip(1).map(str::trim);
        let (Some(name), Some(value)) = (arguments.next(), arguments.next()) else {
            out.trouble(line, text, NOT_A_STATEMENT);
            continue;
        };
        let (value, _) = value_of(value);
        out.push(Statement { line, text, name: name.into(), value, ..Statement::default() });
    }
}
