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
    pub network: Network,
    pub exchanges: Vec<Planned>,
    /// The run ends here. None: when nothing can happen any more, or at [`Scenario::LONGEST`].
    pub until: Option<Us>,
    /// For what is random; nothing is, yet.
    pub seed: u64,
}

impl Scenario {
    /// No run goes on beyond this: 24 hours.
    pub const LONGEST: Us = Us::from_secs(24 * 3600);
    /// Exchanges in one run, at most.
    pub const MOST_EXCHANGES: usize = 1_000_000;
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            server: Chosen::new("textbook", ""),
            client: Chosen::new("script", ""),
            network: Network::default(),
            exchanges: Vec::new(),
            until: None,
            seed: 1,
        }
    }
}

/// The path between the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Round-trip time; one way takes half of it.
    pub rtt: Us,
    pub tls: Tls,
    /// Bits per second in each direction; None: bytes take no time.
    pub bandwidth_bps: Option<u64>,
}

impl Default for Network {
    fn default() -> Self {
        Self { rtt: Us::ZERO, tls: Tls::None, bandwidth_bps: None }
    }
}

impl Network {
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
