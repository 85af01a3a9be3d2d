//! What is run.
use crate::profile::{App, Chosen, ConfigError};
use crate::protocol::Request;
use crate::time::Us;
use std::fmt;

/// A whole run, as plain data: it may be wrong, and [`super::run`] says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub server: Chosen,
    pub client: Chosen,
    /// Stands between the two: then there are two hops, each with connections of its own.
    pub proxy: Option<Proxy>,
    /// So many clients, each with connections of its own, take the exchanges in turn. From 1.
    pub clients: u32,
    /// So many servers behind one name: each new connection goes to the next of them. From 1.
    pub origins: u32,
    /// The path between the client and what it speaks to.
    pub network: Network,
    pub exchanges: Vec<Planned>,
    /// The exchanges are a pattern that arrives many times.
    pub load: Option<Load>,
    pub faults: Vec<Fault>,
    /// The run ends here. None: when nothing can happen any more, or at [`Scenario::LONGEST`].
    pub until: Option<Us>,
    /// For what is random: arrivals, service times, losses.
    pub seed: u64,
}

impl Scenario {
    /// No run goes on beyond this: 24 hours.
    pub const LONGEST: Us = Us::from_secs(24 * 3600);
    /// Exchanges in one run, at most.
    pub const MOST_EXCHANGES: usize = 1_000_000;
    /// Clients in one run, at most.
    pub const MOST_CLIENTS: u32 = 10_000;
    /// Servers behind one name, at most.
    pub const MOST_ORIGINS: u32 = 16;

    /// Exchanges that the run will have.
    pub fn count(&self) -> usize {
        match &self.load {
            Some(load) => self.exchanges.len().saturating_mul(load.count as usize),
            None => self.exchanges.len(),
        }
    }

    /// What is meant with the exchange of this index: under load the pattern repeats.
    pub fn planned(&self, index: usize) -> Option<&Planned> {
        let length = self.exchanges.len();
        let pattern = if self.load.is_some() { index.checked_rem(length)? } else { index };
        self.exchanges.get(pattern)
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            server: Chosen::new("textbook", ""),
            client: Chosen::new("script", ""),
            proxy: None,
            clients: 1,
            origins: 1,
            network: Network::default(),
            exchanges: Vec::new(),
            load: None,
            faults: Vec::new(),
            until: None,
            seed: 1,
        }
    }
}

/// A proxy, and the path from it to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    pub chosen: Chosen,
    pub network: Network,
}

/// The path between the two ends of a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Round-trip time; one way takes half of it.
    pub rtt: Us,
    pub tls: Tls,
    /// A client's connections after its first resume the TLS session of that one: one round trip
    /// with TLS 1.2, none with TLS 1.3 and early data.
    pub resumes: bool,
    /// Bits per second in each direction; None: bytes take no time.
    pub bandwidth_bps: Option<u64>,
    /// A new connection sends ten segments of 1460 bytes and waits a round trip before it sends
    /// twice as many (RFC 6928, RFC 5681); after an idle second it begins anew (RFC 5681 §4.1).
    pub slow_start: bool,
    /// Of a million messages so many are lost once and sent again: 1 s later if it is a SYN,
    /// otherwise 200 ms and a round trip.
    pub loss_ppm: u32,
    /// A middlebox on the path (a NAT, a balancer, a firewall) forgets connections that carried
    /// nothing for so long.
    pub forgets: Option<Forgets>,
    /// The client's system sends TCP keep-alive probes (`SO_KEEPALIVE`) on connections that carried
    /// nothing for so long. They keep a middlebox awake; to HTTP they are nothing.
    pub probes_every: Option<Us>,
    /// Ports that a client's system can use towards one address; those in TIME_WAIT count.
    /// None: more than the run needs. Linux has 28 232 by default (`ip_local_port_range`).
    pub ports: Option<u32>,
}

/// A middlebox with a short memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forgets {
    pub after: Us,
    pub then: Forgotten,
}

/// What a middlebox does with a packet of a connection that it has forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Forgotten {
    /// Drops it without a word: the sender tries again until it gives up.
    Dropped,
    /// Answers with a reset.
    Reset,
}

impl Default for Network {
    fn default() -> Self {
        Self::PLAIN
    }
}

impl Network {
    /// No distance, no encryption, and nothing goes wrong.
    pub const PLAIN: Self = Self {
        rtt: Us::ZERO,
        tls: Tls::None,
        resumes: false,
        bandwidth_bps: None,
        slow_start: false,
        loss_ppm: 0,
        forgets: None,
        probes_every: None,
        ports: None,
    };

    /// How long so many bytes take to be put on the wire.
    pub fn transmission(&self, bytes: u64) -> Us {
        match self.bandwidth_bps {
            Some(bps) if bps > 0 => {
                let us = u128::from(bytes) * 8_000_000 / u128::from(bps);
                Us(u64::try_from(us).unwrap_or(u64::MAX))
            }
            _ => Us::ZERO,
        }
    }
}

/// Encryption, by what its handshake costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Tls {
    #[default]
    None,
    /// TLS 1.2, full handshake: two round trips.
    V12,
    /// TLS 1.3, full handshake: one round trip.
    V13,
}

impl Tls {
    pub const ALL: [Self; 3] = [Self::None, Self::V12, Self::V13];

    pub const fn round_trips(self) -> u64 {
        match self {
            Self::None => 0,
            Self::V12 => 2,
            Self::V13 => 1,
        }
    }

    /// As in links and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::V12 => "1.2",
            Self::V13 => "1.3",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tls| tls.as_str() == text)
    }
}

/// One exchange that the client means to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub start: Start,
    /// As composed; a client product may rewrite it.
    pub request: Request,
    /// Bytes of body that the client sends, whatever the fields say.
    pub body_bytes: u64,
    /// Two surplus bytes CR LF after the body, as some browsers of the 1990s sent.
    pub trailing_crlf: bool,
    /// Sent without waiting for the answers before it.
    pub pipeline: bool,
    pub app: App,
    /// What goes wrong with it at the server. None: nothing.
    pub breaks: Option<Breaks>,
}

/// What can go wrong with one exchange at the server, once: a second try is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Breaks {
    /// The application never answers; every try.
    NeverAnswers,
    /// The server resets the connection when the request arrives: nothing was done.
    ResetBefore,
    /// The server does what was asked, then resets the connection instead of answering.
    ResetAfter,
    /// The answer ends in the middle of its body, and the connection with it.
    EndsEarly,
}

impl Default for Planned {
    fn default() -> Self {
        Self {
            start: Start::At(Us::ZERO),
            request: Request::new("GET", "/", crate::protocol::Version::Http11),
            body_bytes: 0,
            trailing_crlf: false,
            pipeline: false,
            app: App::default(),
            breaks: None,
        }
    }
}

/// When the client wants to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Start {
    At(Us),
    /// So long after the answer to that exchange (an earlier index) is complete or has failed.
    After {
        exchange: usize,
        gap: Us,
    },
}

/// The scenario's exchanges are a pattern that comes again and again: the clients take a round of it
/// each in turn. Its times count from the round's arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// Rounds in the run.
    pub count: u32,
    pub arrivals: Arrivals,
    pub service: Service,
}

/// When the rounds of a load come. Times between them are drawn from the scenario's seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// Always so long after the one before.
    Every(Us),
    /// At random, this long apart in the mean (a Poisson process).
    Poisson(Us),
    /// The times between arrivals have this distribution: its quantiles, from 0 to 1 in equal
    /// steps, rising. Between two of them every length is equally likely.
    Gaps(Vec<Us>),
}

/// How long the application works on an exchange of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Service {
    /// As long as the exchange says.
    #[default]
    AsPlanned,
    /// At random with that mean, exponentially distributed.
    Exponential,
}

/// Something that happens to the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The last server is started anew.
    Restart { at: Us, how: Restart },
    /// The name means another server from here on: connections opened later go to the next one.
    AddressChange { at: Us },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Idle connections are closed, exchanges under way are finished and their connections closed
    /// behind them.
    Graceful,
    /// Every connection is reset, whatever is under way.
    Abrupt,
}

/// What is wrong with a scenario; `at` is a path such as `server.KeepAliveTimeout`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScenarioError {
    pub at: String,
    pub problem: String,
}

impl ScenarioError {
    pub fn new(at: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { at: at.into(), problem: problem.into() }
    }

    pub fn from_config(part: &str, error: ConfigError) -> Self {
        Self { at: format!("{part}.{}", error.at), problem: error.problem }
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.problem)
    }
}

impl std::error::Error for ScenarioError {}
