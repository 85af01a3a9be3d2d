//! Recordings of real programs, and how far a prediction agrees with them.
//!
//! A file of recordings is JSON Lines: first a [`Sheet`], then one [`Line`] after another. The same
//! comparison runs natively, in the browser's tests, and when the recorder reports.
pub mod upstream;

use crate::contract::settings::ProductIn;
use crate::contract::simulate::{ExchangeIn, NetworkIn, SimulateAnswer, SimulateQuestion};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What was recorded: the first line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The id of the product: `nginx`.
    pub product: String,
    /// As the program says it: `1.22.1`.
    pub version: String,
    /// The day: `2026-11-21`.
    pub recorded: String,
    /// How the program was run, in one sentence.
    pub how: String,
}

/// One scenario and what the program did.
#[derive(Clone, Debug)]
pub struct Recording {
    pub id: String,
    pub scenario: SimulateQuestion,
    pub seen: Seen,
    /// Two runs of it differed: kept for the record, not compared.
    pub unstable: bool,
}

/// A line of a file: either what holds for the recordings behind it, or a recording without that.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    #[serde(default)]
    with: Option<With>,
    #[serde(default)]
    id: String,
    #[serde(default)]
    scenario: Option<Bare>,
    #[serde(default)]
    seen: Option<Seen>,
    #[serde(default)]
    unstable: bool,
}

/// The products of the scenarios behind it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct With {
    server: ProductIn,
    #[serde(default)]
    client: Option<ProductIn>,
}

/// A scenario without its products.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bare {
    #[serde(default)]
    network: Option<NetworkIn>,
    exchanges: Vec<ExchangeIn>,
    #[serde(default)]
    until_ms: Option<f64>,
}

/// Puts the lines of a file together again, in their order.
#[derive(Clone, Debug, Default)]
pub struct Reader {
    with: Option<With>,
}

impl Reader {
    /// The recording of a line; None for a line that only says what holds for the next ones.
    ///
    /// # Errors
    /// If something is missing: what.
    pub fn read(&mut self, line: Line) -> Result<Option<Recording>, &'static str> {
        if line.with.is_some() {
            self.with = line.with;
            return Ok(None);
        }
        let With { server, client } = self.with.clone().ok_or("no line says with which server")?;
        let Bare { network, exchanges, until_ms } = line.scenario.ok_or("no scenario")?;
        let scenario =
            SimulateQuestion { server, client, proxy: None, network, exchanges, until_ms };
        let seen = line.seen.ok_or("nothing was seen")?;
        Ok(Some(Recording { id: line.id, scenario, seen, unstable: line.unstable }))
    }
}

/// What was seen on the wire, in the shape of the answer to a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    pub exchanges: Vec<SeenExchange>,
    pub connections: Vec<SeenConnection>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenExchange {
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub index: usize,
    /// Numbered from 1 in the order of opening; null if it was never sent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub connection: Option<u32>,
    /// `answered`, `retried`, `failed` or `unanswered`.
    #[serde(default = "answered", skip_serializing_if = "is_answered")]
    pub outcome: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<SeenResponse>,
    /// Did the connection stay open after the answer? Means nothing without an answer.
    #[serde(default = "kept", skip_serializing_if = "is_kept")]
    pub persist: Option<bool>,
    /// A client that was recorded: the fields of its request that concern the connection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<SeenRequest>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenRequest {
    #[serde(default = "version", skip_serializing_if = "is_version")]
    pub version: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

/// The head of an answer; of its fields those named in [`FIELDS`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenResponse {
    #[serde(default = "version", skip_serializing_if = "is_version")]
    pub version: String,
    #[serde(default = "ok", skip_serializing_if = "is_ok")]
    pub status: u16,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenConnection {
    #[serde(default = "number", skip_serializing_if = "is_number")]
    pub connection: u32,
    /// From the beginning of the run.
    #[serde(default = "begin", skip_serializing_if = "is_begin")]
    pub opened_ms: u64,
    #[serde(default = "only", skip_serializing_if = "is_only")]
    pub exchanges: Vec<u32>,
    /// Missing if it was open at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<SeenClose>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeenClose {
    pub at_ms: u64,
    /// `server` or `client`.
    #[serde(default = "server", skip_serializing_if = "is_server")]
    pub by: String,
    /// `fin` or `rst`.
    #[serde(default = "fin", skip_serializing_if = "is_fin")]
    pub how: String,
}

/// What is usual is left out of a file.
macro_rules! usual {
    ($($default:ident $is:ident $kind:ty = $value:expr;)*) => {
        $(fn $default() -> $kind {
            $value.into()
        }
        fn $is(value: &$kind) -> bool {
            *value == $value
        })*
    };
}
usual! {
    answered is_answered String = "answered";
    version is_version String = "HTTP/1.1";
    ok is_ok u16 = 200_u16;
    server is_server String = "server";
    fin is_fin String = "fin";
    first is_first usize = 0_usize;
    begin is_begin u64 = 0_u64;
    number is_number u32 = 1_u32;
    one is_one Option<u32> = Some(1_u32);
    kept is_kept Option<bool> = Some(true);
    only is_only Vec<u32> = [0_u32];
}

/// The fields that are recorded and compared.
pub const FIELDS: [&str; 4] = ["connection", "keep-alive", "content-length", "transfer-encoding"];

/// What is compared, each counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Was the connection kept or closed after the answer; and was there an answer at all.
    Kept,
    /// The Connection and Keep-Alive fields of the answer, to the letter.
    Fields,
    /// The moment of an idle close: within 0.25 s.
    Idle,
    /// Version, status, Content-Length and Transfer-Encoding of the answer.
    Framing,
    /// Who closed, with FIN or RST, and which exchanges one connection carried.
    Close,
    /// What a recorded client says in its request: the version, Connection and Keep-Alive.
    Request,
}

impl Figure {
    pub const ALL: [Self; 6] =
        [Self::Kept, Self::Fields, Self::Idle, Self::Framing, Self::Close, Self::Request];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept or closed",
            Self::Fields => "Connection and Keep-Alive fields",
            Self::Idle => "moment of the idle close",
            Self::Framing => "status and framing",
            Self::Close => "who closed, and how",
            Self::Request => "fields of the request",
        }
    }
}

/// One thing that was compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    pub figure: Figure,
    /// `exchange 2`, `connection 1`.
    pub at: String,
    pub predicted: String,
    pub seen: String,
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, at, predicted, seen } = self;
        write!(f, "{at}: {}: predicted {predicted}; seen {seen}", figure.as_str())
    }
}

impl Compared {
    /// Within what the figure allows, the two are the same: then both texts are the same text.
    pub fn agrees(&self) -> bool {
        self.predicted == self.seen
    }
}

/// Slack of an idle close that was measured on a busy machine, in ms.
pub const IDLE_SLACK_MS: f64 = 250.0;

/// Are two moments, in ms, the same for a busy machine?
fn is_idle_slack(one: u64, other: u64) -> bool {
    whole(one.abs_diff(other)) <= IDLE_SLACK_MS
}

/// Where a recording does not say how many clients there were.
fn number_of_clients() -> u32 {
    1
}

/// Everything that can be compared between a prediction and what was seen.
pub fn compare(predicted: &SimulateAnswer, seen: &Seen) -> Vec<Compared> {
    let mut found = Vec::new();
    for exchange in &seen.exchanges {
        compare_exchange(predicted, exchange, &mut found);
    }
    for connection in &seen.connections {
        compare_connection(predicted, seen, connection, &mut found);
    }
    found
}

fn compare_exchange(predicted: &SimulateAnswer, seen: &SeenExchange, found: &mut Vec<Compared>) {
    let at = format!("exchange {}", seen.index);
    let Some(said) = predicted.exchanges.get(seen.index) else {
        return found.push(differs(Figure::Kept, at, "not there", &seen.outcome));
    };
    let mut put = |figure, predicted: String, seen: String| {
        found.push(Compared { figure, at: at.clone(), predicted, seen });
    };
    let state = |outcome: &str, persist: Option<bool>| match persist {
        Some(true) => format!("{outcome}, kept"),
        Some(false) => format!("{outcome}, closed"),
        None => outcome.to_owned(),
    };
    // After 101 it is open, but no longer for exchanges.
    let carries_on = |response: &SeenResponse| response.status != 101;
    // To a recorded client the answers are the library's own: they are not in the recording.
    let got = seen.request.is_some() && ["answered", "retried"].contains(&seen.outcome.as_str());
    let kept = seen.persist.filter(|_| seen.response.as_ref().map_or(got, carries_on));
    let predicted = state(said.outcome, kept.map(|_| said.persist));
    put(Figure::Kept, predicted, state(&seen.outcome, kept));
    if let Some(sent) = &seen.request {
        let head =
            |version: &str, headers: &[_]| format!("{version}; {}", fields(headers, &FIELDS[..2]));
        let request = &said.request;
        let headers = request.headers.iter();
        let headers: Vec<_> =
            headers.map(|field| (field.name.clone(), field.value.clone())).collect();
        let predicted = head(&request.version.to_string(), &headers);
        put(Figure::Request, predicted, head(&sent.version, &sent.headers));
    }
    let (Some(said), Some(seen)) = (&said.response, &seen.response) else { return };
    let head = |version: &str, status: u16, headers: &[(String, String)]| {
        let fields = fields(headers, &FIELDS[2..]);
        format!("{version} {status}; {fields}")
    };
    put(Figure::Fields, fields(&said.headers, &FIELDS[..2]), fields(&seen.headers, &FIELDS[..2]));
    put(
        Figure::Framing,
        head(&said.version, said.status, &said.headers),
        head(&seen.version, seen.status, &seen.headers),
    );
}

/// The fields with one of these names, in order, names in lower case.
fn fields(headers: &[(String, String)], names: &[&str]) -> String {
    let mut text = String::new();
    for name in names {
        for (_, value) in headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name)) {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value.trim());
        }
    }
    text
}

fn compare_connection(
    predicted: &SimulateAnswer,
    seen: &Seen,
    connection: &SeenConnection,
    found: &mut Vec<Compared>,
) {
    let at = format!("connection {}", connection.connection);
    let first = connection.exchanges.first();
    let said = predicted.connections.iter().find(|said| said.exchanges.first() == first);
    let Some(said) = said else {
        return found.push(differs(Figure::Close, at, "not opened", "opened"));
    };
    let carried = |exchanges: &[u32]| format!("carried {exchanges:?}");
    let mut what = [carried(&said.exchanges), carried(&connection.exchanges)];
    if let (Some(close), Some(seen)) = (&said.closed, &connection.closed) {
        what[0].push_str(&format!("; closed by {} with {}", close.by, close.how));
        what[1].push_str(&format!("; closed by {} with {}", seen.by, seen.how));
    }
    let [predicted_close, seen_close] = what;
    found.push(Compared {
        figure: Figure::Close,
        at: at.clone(),
        predicted: predicted_close,
        seen: seen_close,
    });
    let last = connection
        .exchanges
        .last()
        .and_then(|last| seen.exchanges.iter().find(|exchange| exchange.index == *last as usize));
    if last.is_none_or(|last| last.persist != Some(true)) {
        return;
    }
    let moment = |ms: f64| format!("closed at {ms:.0} ms");
    let open = || "open at the end".to_owned();
    let said = said.closed.as_ref().map(|close| close.at_ms.0.as_ms());
    let [predicted, seen] = match (said, &connection.closed) {
        (None, None) => return,
        (None, Some(seen)) => [open(), moment(whole(seen.at_ms))],
        (Some(said), None) => [moment(said), open()],
        (Some(said), Some(seen)) => {
            let seen = whole(seen.at_ms);
            if (said - seen).abs() <= IDLE_SLACK_MS {
                [moment(seen), moment(seen)]
            } else {
                [moment(said), moment(seen)]
            }
        }
    };
    found.push(Compared { figure: Figure::Idle, at, predicted, seen });
}

#[expect(clippy::cast_precision_loss, reason = "a run takes less than 2^53 ms")]
const fn whole(ms: u64) -> f64 {
    ms as f64
}

fn differs(figure: Figure, at: String, predicted: &str, seen: &str) -> Compared {
    Compared { figure, at, predicted: predicted.to_owned(), seen: seen.to_owned() }
}

/// How far predictions agree, figure by figure, with every disagreement.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Cases compared.
    pub cases: usize,
    /// Cases that two runs did not agree on.
    pub unstable: usize,
    /// For each of [`Figure::ALL`]: how many agree, of how many.
    pub counts: [(usize, usize); Figure::ALL.len()],
    /// The case's id, and what differs.
    pub disagreements: Vec<(String, Compared)>,
}

impl Tally {
    /// Compares one case more; `predict` is asked unless the case is unstable.
    pub fn add(
        &mut self,
        id: &str,
        unstable: bool,
        seen: &Seen,
        predict: impl FnOnce() -> Result<SimulateAnswer, String>,
    ) {
        if unstable {
            self.unstable += 1;
            return;
        }
        self.cases += 1;
        let all = match predict() {
            Ok(predicted) => compare(&predicted, seen),
            Err(error) => vec![differs(Figure::Kept, "scenario".into(), &error, "it ran")],
        };
        for found in all {
            let count = &mut self.counts[found.figure as usize];
            count.1 += 1;
            if found.agrees() {
                count.0 += 1;
            } else {
                self.disagreements.push((id.to_owned(), found));
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cases compared, {} unstable", self.cases, self.unstable)?;
        for (figure, (agree, all)) in Figure::ALL.into_iter().zip(self.counts) {
            write!(f, "\n  {}: {agree} of {all}", figure.as_str())?;
        }
        for (id, found) in &self.disagreements {
            write!(f, "\n    {id}, {found}")?;
        }
        Ok(())
    }
}
