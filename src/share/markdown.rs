//! A verdict with its events as Markdown, for an issue or a wiki.
use crate::scene::words::{self, Piece, Row};
use crate::study::Show;

/// The verdict and every event of a show. `link` is the whole address of the study.
pub fn show(show: &Show, link: &str) -> String {
    let verdict = words::verdict(show);
    let head = ["Time, s", "Connection", "By", "Event", "Decision", "Clause"];
    let rows = words::rows(show);
    let cells = rows.iter().map(|row| cells(show, row));
    document(&verdict.text, &verdict.why, link, &head, cells)
}

fn cells(show: &Show, row: &Row) -> Vec<String> {
    let connection = show
        .runs
        .get(row.pick.run)
        .map_or_else(String::new, |run| words::connection_name(run, row.pick.key.connection));
    let event = row.event.iter().map(|piece| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Code(code) => format!("`{}`", code.replace('`', "'")),
    });
    let decision = format!("{} {}", row.decision, row.because);
    let clause = row.clause.map_or_else(String::new, |clause| clause.to_string());
    let by = row.who.to_owned();
    vec![row.time(), connection, by, event.collect(), decision.trim().into(), clause]
}

/// The verdict as a quotation that leads to the study, then the events as a table. `link` is the whole
/// address; every row has as many cells as the head.
pub fn document(
    verdict: &str,
    why: &str,
    link: &str,
    head: &[&str],
    rows: impl IntoIterator<Item = Vec<String>>,
) -> String {
    let mut text = format!("> **{}**\n> {}\n> [Open it]({link})\n\n", line(verdict), line(why));
    text += &table(head, rows);
    text
}

/// A table of GitHub's Markdown.
pub fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    push_row(&mut text, head.iter().copied());
    push_row(&mut text, head.iter().map(|_| "---"));
    for row in rows {
        push_row(&mut text, row.iter().map(String::as_str));
    }
    text
}

fn push_row<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for cell in cells {
        text.push_str("| ");
        text.push_str(&line(cell));
        text.push(' ');
    }
    text.push_str("|\n");
}

/// Text on one line in which nothing but code between backticks is markup.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '`' => {
                in_code = !in_code;
                out.push(c);
            }
            '|' => out.push_str("\\|"),
            '\r' | '\n' => out.push(' '),
            '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '#' if !in_code => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out
}
