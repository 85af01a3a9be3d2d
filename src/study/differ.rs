//! One request, and what every server product does with it. The products run; nothing is stored.
use super::params;
use crate::order;
use crate::profile::{Chosen, PRODUCTS, Product};
use crate::protocol::{Clause, Headers};
use crate::sim::{Planned, Scenario, Start, Us, run};
use std::borrow::Cow;

/// A request that can be chosen, with what the application answers to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// As in links.
    pub id: &'static str,
    /// For people, a few words.
    pub title: &'static str,
    /// What sets it apart from a plain `GET /` in HTTP/1.1: fields of an exchange, see
    /// [`super::exchange`].
    set: &'static [(&'static str, &'static str)],
}

const fn ask(
    id: &'static str,
    title: &'static str,
    set: &'static [(&'static str, &'static str)],
) -> Ask {
    Ask { id, title, set }
}

const KEEP_ALIVE: (&str, &str) = ("x1.headers", "Host:shop.example;Connection:keep-alive");
const HTTP10: (&str, &str) = ("x1.version", "1.0");
const STREAMED: (&str, &str) = ("x1.content", "streamed:4800");

/// The requests that are offered, in the order in which the page lists them.
pub const ASKS: &[Ask] = &[
    ask("http10", "HTTP/1.0, nothing said", &[HTTP10]),
    ask("http10-keep-alive", "HTTP/1.0, keep-alive", &[HTTP10, KEEP_ALIVE]),
    ask("http11", "HTTP/1.1, nothing said", &[]),
    ask("http11-close", "HTTP/1.1, close", &[("x1.headers", "Host:shop.example;Connection:close")]),
    ask(
        "http10-both",
        "HTTP/1.0, keep-alive and close",
        &[HTTP10, ("x1.headers", "Host:shop.example;Connection:Keep-Alive, close")],
    ),
    ask(
        "http11-closed",
        "HTTP/1.1, look-alike “closed”",
        &[("x1.headers", "Host:shop.example;Connection:closed")],
    ),
    ask(
        "http10-proxy",
        "HTTP/1.0, Proxy-Connection",
        &[HTTP10, ("x1.headers", "Host:shop.example;Proxy-Connection:keep-alive")],
    ),
    ask("http10-streamed", "HTTP/1.0, answer of unknown length", &[HTTP10, KEEP_ALIVE, STREAMED]),
    ask("http11-streamed", "HTTP/1.1, answer of unknown length", &[STREAMED]),
    ask("http10-head", "HTTP/1.0, HEAD", &[HTTP10, KEEP_ALIVE, ("x1.method", "HEAD")]),
    ask("http09", "HTTP/0.9", &[("x1.version", "0.9"), ("x1.headers", "")]),
    ask("http12", "HTTP/1.2", &[("x1.version", "1.2")]),
    ask("status-400", "Answer 400", &[("x1.status", "400")]),
    ask("status-404", "Answer 404", &[("x1.status", "404")]),
    ask("status-500", "Answer 500", &[("x1.status", "500")]),
    ask(
        "post-crlf",
        "POST, two bytes too many",
        &[
            ("x1.method", "POST"),
            ("x1.headers", "Host:shop.example;Content-Length:16"),
            ("x1.body", "16"),
            ("x1.crlf", "1"),
        ],
    ),
    ask(
        "application-close",
        "Application says close",
        &[("x1.answer-headers", "Connection:close")],
    ),
    ask(
        "application-keep-alive",
        "HTTP/1.0, application says keep-alive",
        &[HTTP10, ("x1.answer-headers", "Connection:keep-alive")],
    ),
];

impl Ask {
    /// The one with this id.
    pub fn find(id: &str) -> Option<&'static Self> {
        ASKS.iter().find(|ask| ask.id == id)
    }

    /// The exchange that it means.
    pub fn planned(&self) -> Planned {
        let base = Scenario { exchanges: vec![super::exchange::fresh(0)], ..Scenario::default() };
        let (mut scenario, _) = params::apply(&base, self.set);
        scenario.exchanges.pop().unwrap_or_default()
    }
}

/// What is compared, each a column of the table.
pub const COLUMNS: [&str; 4] = ["After the answer", "Connection", "Keep-Alive", "Idle close"];

/// What one product does.
#[derive(Clone)]
pub struct Row {
    pub product: &'static Product,
    /// The newest version.
    pub version: &'static str,
    /// One text for each of [`COLUMNS`]; empty where there is nothing to say.
    pub cells: [Cow<'static, str>; COLUMNS.len()],
    /// For each cell: do most of the others say something else?
    pub differs: [bool; COLUMNS.len()],
    /// What decided, and where that stands.
    pub why: Option<(Cow<'static, str>, &'static Clause)>,
    /// What was run.
    pub scenario: Scenario,
}

/// What every server product, in its newest version and as installed, does with an exchange. Those
/// that differ most from the others come first.
pub fn rows(planned: &Planned) -> Vec<Row> {
    let servers = PRODUCTS.iter().filter(|product| product.is_server());
    let mut rows: Vec<Row> = servers.map(|product| row(product, planned)).collect();
    for column in 0..COLUMNS.len() {
        mark(&mut rows, column);
    }
    order::sort(&mut rows, |row| {
        let count = row.differs.iter().filter(|differs| **differs).count() as u64;
        // Another verdict weighs more than all the rest.
        (COLUMNS.len() as u64 * 2 - count - 4 * u64::from(row.differs[0]), 0)
    });
    rows
}

fn row(product: &'static Product, planned: &Planned) -> Row {
    let planned = Planned { start: Start::At(Us::ZERO), pipeline: false, ..planned.clone() };
    let status = planned.app.status;
    let server = Chosen::new(product.id, "");
    let scenario = Scenario { server, exchanges: vec![planned], ..Scenario::default() };
    let version = product.versions.last().map_or("", |version| version.id);
    let mut row = Row {
        product,
        version,
        cells: ["no answer".into(), "".into(), "".into(), "".into()],
        differs: [false; COLUMNS.len()],
        why: None,
        scenario,
    };
    let Ok(timeline) = run(&row.scenario) else { return row };
    let close = timeline.connections.first().and_then(|connection| connection.close.as_ref());
    let exchange = timeline.exchanges.first();
    let Some((exchange, answer)) = exchange.and_then(|it| Some((it, it.answer.as_ref()?))) else {
        row.why = close.and_then(|it| it.because.first()).map(|it| (it.fact.clone(), it.clause));
        return row;
    };
    row.why = answer.because.first().map(|reason| (reason.fact.clone(), reason.clause));
    let word = if answer.persists() { "kept" } else { "closed" };
    let said = answer.response.status;
    row.cells[0] = if said == status { word.into() } else { format!("{word}, {said}").into() };
    row.cells[1] = field(&answer.response.headers, "connection").into();
    row.cells[2] = field(&answer.response.headers, "keep-alive").into();
    if answer.persists() {
        let sent = exchange.response_sent.map_or(Us::ZERO, |sent| sent.to);
        row.cells[3] = close.map_or("never".into(), |close| (close.at - sent).to_string().into());
    }
    row
}

/// All values of a field, in one text.
fn field(headers: &Headers, name: &str) -> String {
    let mut text = String::new();
    for field in headers.iter().filter(|field| field.name.eq_ignore_ascii_case(name)) {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(&field.value);
    }
    text
}

/// Marks the cells of a column that say something else than more than half of all.
fn mark(rows: &mut [Row], column: usize) {
    let says = |row: &Row, text: &str| row.cells[column].eq_ignore_ascii_case(text);
    let half = rows.len() / 2;
    let usual = rows
        .iter()
        .find(|one| rows.iter().filter(|row| says(row, &one.cells[column])).count() > half);
    let Some(usual) = usual.map(|row| row.cells[column].clone()) else { return };
    for row in rows {
        row.differs[column] = !row.cells[column].eq_ignore_ascii_case(&usual);
    }
}
