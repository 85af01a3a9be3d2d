//! A scenario against real products' rules.
use super::InputError;
use super::message::{Pairs, RequestHead, ResponseOut, status};
use super::ms::{self, Ms};
use super::reason::{ReasonOut, reasons};
use super::settings::{ProductIn, SettingsIn};
use crate::profile::{App, Chosen, Content};
use crate::protocol::{Headers, Request};
use crate::sim::{self, Network, Planned, Proxy, Scenario, Start, Timeline, Tls};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// What is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SimulateQuestion {
    pub server: ProductIn,
    /// Missing or null: the script.
    #[serde(default)]
    pub client: Option<ProductIn>,
    /// For a second hop: stands between client and server. Missing or null: none does.
    #[serde(default)]
    pub proxy: Option<ProxyIn>,
    #[serde(default)]
    pub network: Option<NetworkIn>,
    pub exchanges: Vec<ExchangeIn>,
    /// Missing or null: until nothing happens any more.
    #[serde(default)]
    pub until_ms: Option<f64>,
}

/// A proxy, and how many clients it serves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxyIn {
    pub product: String,
    #[serde(default)]
    pub version: Option<String>,
    #[serde(default)]
    pub settings: Option<SettingsIn>,
    /// So many clients, each with connections of its own, take the exchanges in turn. Missing or
    /// null: one.
    #[serde(default)]
    pub clients: Option<u32>,
    /// The path from the proxy to the server. Missing or null: no distance.
    #[serde(default)]
    pub network: Option<NetworkIn>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkIn {
    pub rtt_ms: f64,
    /// `none`, `1.2` or `1.3`.
    pub tls: Option<String>,
    /// Megabits per second in each direction. Missing or null: bytes take no time.
    pub bandwidth_mbit: Option<f64>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ExchangeIn {
    /// When the client wants to send.
    pub at_ms: f64,
    /// Sent without waiting for the answers before it.
    pub pipeline: bool,
    pub request: SentIn,
    pub response: AppIn,
}

/// A request with what follows its head.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SentIn {
    pub method: String,
    pub target: String,
    pub version: String,
    pub headers: Pairs,
    pub body_bytes: u64,
    pub trailing_crlf: bool,
}

impl Default for SentIn {
    fn default() -> Self {
        let RequestHead { method, target, version, headers } = RequestHead::default();
        Self { method, target, version, headers, body_bytes: 0, trailing_crlf: false }
    }
}

/// What the application behind the server produces.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppIn {
    pub status: u16,
    pub content: ContentIn,
    pub after_ms: f64,
    pub headers: Pairs,
}

impl Default for AppIn {
    fn default() -> Self {
        Self { status: 200, content: ContentIn::Empty, after_ms: 0.0, headers: Pairs::new() }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContentIn {
    Known(u64),
    Streamed(u64),
    Empty,
}

/// Bodies in a question, in bytes, at most: a pebibyte.
const MOST_BYTES: u64 = 1 << 50;

/// Megabits per second, at most: a terabit.
const MOST_MBIT: f64 = 1e6;

impl TryFrom<SimulateQuestion> for Scenario {
    type Error = InputError;

    fn try_from(question: SimulateQuestion) -> Result<Self, InputError> {
        let clients = question.proxy.as_ref().and_then(|proxy| proxy.clients).unwrap_or(1);
        let exchanges = question.exchanges.into_iter().enumerate();
        let exchanges = exchanges.map(|(index, exchange)| {
            planned(exchange)
                .map_err(|error| InputError::new(format!("exchanges[{index}].{}", error.detail)))
        });
        Ok(Self {
            server: question.server.into(),
            client: question.client.map_or_else(|| Chosen::new("script", ""), Chosen::from),
            proxy: question.proxy.map(proxy).transpose()?,
            clients,
            network: network("network", question.network.unwrap_or_default())?,
            exchanges: exchanges.collect::<Result<_, _>>()?,
            until: question.until_ms.map(|until| ms::read("until_ms", until)).transpose()?,
            ..Self::default()
        })
    }
}

fn proxy(proxy: ProxyIn) -> Result<Proxy, InputError> {
    let ProxyIn { product, version, settings, clients: _, network: path } = proxy;
    Ok(Proxy {
        chosen: Chosen::from(ProductIn { product, version, settings }),
        network: network("proxy.network", path.unwrap_or_default())?,
    })
}

fn network(part: &str, network: NetworkIn) -> Result<Network, InputError> {
    let at = |name: &str| format!("{part}.{name}");
    let tls = network.tls.as_deref().unwrap_or("none");
    let tls = Tls::parse(tls).ok_or_else(|| {
        InputError::at(&at("tls"), format_args!("{tls:?} is none of none, 1.2, 1.3"))
    })?;
    let rtt = ms::read(&at("rtt_ms"), network.rtt_ms)?;
    let mbit = |mbit| bits_per_second(&at("bandwidth_mbit"), mbit);
    let bandwidth_bps = network.bandwidth_mbit.map(mbit).transpose()?;
    Ok(Network { rtt, tls, bandwidth_bps, ..Network::default() })
}

fn bits_per_second(at: &str, mbit: f64) -> Result<u64, InputError> {
    if !(1e-6..=MOST_MBIT).contains(&mbit) {
        let problem = format_args!("{mbit} is not above 0 and at most {MOST_MBIT} Mbit/s");
        return Err(InputError::at(at, problem));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    Ok((mbit * 1e6).round() as u64)
}

fn planned(exchange: ExchangeIn) -> Result<Planned, InputError> {
    let ExchangeIn { at_ms, pipeline, request, response } = exchange;
    let SentIn { method, target, version, headers, body_bytes, trailing_crlf } = request;
    let request = Request::from(RequestHead { method, target, version, headers });
    stands_on_lines(&request)?;
    Ok(Planned {
        start: Start::At(ms::read("at_ms", at_ms)?),
        request,
        body_bytes: bounded("request.body_bytes", body_bytes)?,
        trailing_crlf,
        pipeline,
        app: app(response)?,
        breaks: None,
    })
}

fn app(response: AppIn) -> Result<App, InputError> {
    let bytes = |bytes| bounded("response.content", bytes);
    Ok(App {
        status: status(response.status)?,
        content: match response.content {
            ContentIn::Known(known) => Content::Known(bytes(known)?),
            ContentIn::Streamed(streamed) => Content::Streamed(bytes(streamed)?),
            ContentIn::Empty => Content::Empty,
        },
        headers: Headers::from_pairs(response.headers),
        after: ms::read("response.after_ms", response.after_ms)?,
    })
}

fn bounded(place: &str, bytes: u64) -> Result<u64, InputError> {
    if bytes <= MOST_BYTES {
        Ok(bytes)
    } else {
        Err(InputError::at(place, format_args!("{bytes} bytes are more than {MOST_BYTES}")))
    }
}

/// A line break that is no fold would make two lines of one: then the head would not be the one
/// that was asked about. Everything else that is malformed is sent.
fn stands_on_lines(request: &Request) -> Result<(), InputError> {
    let broken = |text: &str| text.contains(['\r', '\n']);
    let start = broken(&request.method) || broken(&request.target);
    let unfolded =
        |value: &str| value.replace("\r\n ", "").replace("\r\n\t", "").contains(['\r', '\n']);
    let field = request.headers.iter().find(|field| broken(&field.name) || unfolded(&field.value));
    match (start, field) {
        (true, _) => Err(InputError::at("request", "a line break cannot stand in the first line")),
        (false, Some(field)) => {
            let problem = format_args!("a line break would begin another field: {:?}", field.name);
            Err(InputError::at("request.headers", problem))
        }
        (false, None) => Ok(()),
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SimulateAnswer {
    pub exchanges: Vec<ExchangeOut>,
    pub connections: Vec<ConnectionOut>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExchangeOut {
    pub index: usize,
    /// The connection of the last try; null if it was never sent.
    pub connection: Option<u32>,
    pub outcome: &'static str,
    /// Null if no answer came.
    pub response: Option<ResponseOut>,
    /// Did both sides keep the connection after the answer?
    pub persist: bool,
    pub because: Vec<ReasonOut>,
    /// With a proxy: the same exchange as the proxy has it with the server; null if the proxy did
    /// not ask.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Option<UpstreamOut>>,
    /// The request as the client sends it. Not in the JSON: it is compared with recordings.
    #[serde(skip)]
    pub request: Rc<Request>,
}

/// What a proxy asked its server, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpstreamOut {
    pub connection: Option<u32>,
    pub outcome: &'static str,
    /// The first line's version and the fields, as the proxy sent them.
    pub request: ForwardedOut,
    pub response: Option<ResponseOut>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForwardedOut {
    pub version: String,
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionOut {
    pub connection: u32,
    /// With a proxy: 0 between client and proxy, 1 between proxy and server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hop: Option<u8>,
    pub opened_ms: Ms,
    pub exchanges: Vec<u32>,
    /// Null if it is still open at the end.
    pub closed: Option<ClosedOut>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ClosedOut {
    pub at_ms: Ms,
    pub by: &'static str,
    pub how: &'static str,
    pub because: Vec<ReasonOut>,
}

/// Simulates.
///
/// # Errors
/// If something in the question cannot be understood: the error says what and where.
pub fn simulate(question: SimulateQuestion) -> Result<SimulateAnswer, InputError> {
    let scenario = Scenario::try_from(question)?;
    let timeline = sim::run(&scenario).map_err(|error| InputError::new(error.to_string()))?;
    Ok(SimulateAnswer::from(&timeline))
}

impl From<&Timeline> for SimulateAnswer {
    fn from(timeline: &Timeline) -> Self {
        let exchanges = timeline.exchanges.iter().enumerate();
        Self {
            exchanges: exchanges
                .map(|(index, exchange)| exchange_out(timeline, index, exchange))
                .collect(),
            connections: timeline
                .connections
                .iter()
                .map(|connection| connection_out(timeline, connection))
                .collect(),
        }
    }
}

fn exchange_out(timeline: &Timeline, index: usize, exchange: &sim::Exchange) -> ExchangeOut {
    let answered = matches!(exchange.outcome, sim::Outcome::Answered | sim::Outcome::Retried);
    let answer = exchange.answer.as_deref().filter(|_| answered);
    let ended = given_up(timeline, index, exchange);
    let because = match (answer, ended) {
        (Some(answer), None) => reasons(&answer.because),
        (Some(_), Some(close)) => reasons(&close.because),
        (None, _) => Vec::new(),
    };
    ExchangeOut {
        index,
        connection: exchange.connection,
        outcome: exchange.outcome.as_str(),
        response: answer.map(|answer| ResponseOut::from(&answer.response)),
        persist: ended.is_none() && answer.is_some_and(crate::profile::Answer::persists),
        because,
        upstream: timeline.forwarded.get(index).map(upstream_out),
        request: Rc::clone(&exchange.request),
    }
}

/// The close, if the client closed because of this answer.
fn given_up<'a>(
    timeline: &'a Timeline,
    index: usize,
    exchange: &sim::Exchange,
) -> Option<&'a sim::Close> {
    let id = exchange.connection?.checked_sub(1)? as usize;
    let connection = timeline.connections.get(id)?;
    let last = connection.exchanges.last().is_some_and(|last| *last as usize == index);
    let received = exchange.response_received?.to;
    let close = connection.close.as_ref()?;
    (last && close.by == sim::Side::Client && close.at == received).then_some(close)
}

fn upstream_out(exchange: &sim::Exchange) -> Option<UpstreamOut> {
    exchange.wanted?;
    let answered = matches!(exchange.outcome, sim::Outcome::Answered | sim::Outcome::Retried);
    let answer = exchange.answer.as_deref().filter(|_| answered);
    let fields = exchange.request.headers.iter();
    Some(UpstreamOut {
        connection: exchange.connection,
        outcome: exchange.outcome.as_str(),
        request: ForwardedOut {
            version: exchange.request.version.to_string(),
            headers: fields.map(|field| (field.name.clone(), field.value.clone())).collect(),
        },
        response: answer.map(|answer| ResponseOut::from(&answer.response)),
    })
}

fn connection_out(timeline: &Timeline, connection: &sim::Connection) -> ConnectionOut {
    ConnectionOut {
        connection: connection.id,
        hop: (!timeline.forwarded.is_empty()).then_some(connection.hop),
        opened_ms: Ms(connection.opened()),
        exchanges: connection.exchanges.clone(),
        closed: connection.close.as_ref().map(|close| ClosedOut {
            at_ms: Ms(close.at),
            by: close.by.as_str(),
            how: close.how.as_str(),
            because: reasons(&close.because),
        }),
    }
}
