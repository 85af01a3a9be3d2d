//! Microsoft Internet Information Server / Services. What the Knowledge Base articles of the time
//! say is cited; what they leave open follows from the HTTP version, and is called inferred here.
//!
//! - 1.0 (1996) is older than HTTP/1.1. Documented: keep-alive is on, `AllowKeepAlives` = 0 turns
//!   it off, idle connections live for 900 s. Inferred: it answers with HTTP/1.0, so a client
//!   of any version has to ask, and a body without a known length ends with the close.
//! - 4.0 (1997) speaks HTTP/1.1. Documented: the check box is felt by HTTP/1.0 clients only;
//!   1.0 clients that ask get `Connection: keep-alive` or `close`, 1.1 clients get no such field.
//!   Inferred: a server extension that streams has to cut its body into chunks itself.
//! - 10.0 (2016). Documented: `allowKeepAlive` false means a new connection for every request;
//!   `connectionTimeout` is two minutes. Inferred: streams to HTTP/1.1 clients are chunked.
use super::shared::{Host, Manner, Opening, Outcome, Own, PIECE, Unknown, asks_keep_alive, reason};
use super::{Answer, Idle, RequestSeen};
use crate::profile::setting::TimeUnit;
use crate::profile::{
    Cited, Config, ConfigError, Kind, MakeRule, Product, ServerRule, Setting, VersionInfo,
};
use crate::protocol::{Clause, Policy, Reason, Strength, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "iis",
    name: "Microsoft IIS",
    gist: "1.0 keeps idle connections for 15 minutes; in 4.0 the switch binds HTTP/1.0 clients only.",
    versions: &[
        VersionInfo { id: "1.0", note: "1996, Windows NT 3.51" },
        VersionInfo { id: "4.0", note: "1997, Windows NT 4.0" },
        VersionInfo { id: "10.0", note: "2016, Windows Server 2016" },
    ],
    settings: &[ALLOW, TIMEOUT_1, TIMEOUT_4, ALLOW_10, TIMEOUT_10, TIME_WAIT],
    source: Q154485,
    rule: MakeRule::Server(configure),
};

const Q154485: &Clause = &Clause {
    document: "Knowledge Base",
    section: "Q154485",
    url: "https://jeffpar.github.io/kbarchive/kb/154/Q154485/",
    gist: "IIS 1.0 keeps connections by default, idle ones for 900 s; AllowKeepAlives = 0 turns that off.",
};

const Q195179: &Clause = &Clause {
    document: "Knowledge Base",
    section: "Q195179",
    url: "https://jeffpar.github.io/kbarchive/kb/195/Q195179/",
    gist: "IIS 4.0: the keep-alive check box is for HTTP/1.0 clients only; HTTP/1.1 clients stay connected, by design.",
};

const Q149532: &Clause = &Clause {
    document: "Knowledge Base",
    section: "Q149532",
    url: "https://jeffpar.github.io/kbarchive/kb/149/Q149532/",
    gist: "Windows NT 3.51 and 4.0 keep a closed connection's port for 240 s unless TcpTimedWaitDelay says otherwise.",
};

const IIS_5_TIMEOUTS: &Clause = &Clause {
    document: "IIS 5.0 help",
    section: "Timeouts Reference",
    url: "https://learn.microsoft.com/en-us/previous-versions/iis/6.0-sdk/ms525386(v=vs.90)",
    gist: "ConnectionTimeout is 900 s in IIS 5.0. For 4.0 no page of its own is known here.",
};

const HTTP_PROTOCOL: &Clause = &Clause {
    document: "IIS configuration reference",
    section: "httpProtocol",
    url: "https://learn.microsoft.com/en-us/iis/configuration/system.webserver/httpprotocol/",
    gist: "allowKeepAlive is true by default; without it every request needs a new connection.",
};

const LIMITS: &Clause = &Clause {
    document: "IIS configuration reference",
    section: "limits",
    url: "https://learn.microsoft.com/en-us/iis/configuration/system.applicationhost/sites/site/limits",
    gist: "connectionTimeout: how long the server waits before it drops an idle connection; two minutes.",
};

const ALLOW: Setting = Setting {
    name: "AllowKeepAlives",
    kind: Kind::Flag { on: "1", off: "0" },
    defaults: &[
        Cited { value: "1", since: "1.0", source: Q154485 },
        Cited { value: "1", since: "4.0", source: Q195179 },
    ],
    versions: &["1.0", "4.0"],
    gist: "Whether a client that asks for keep-alive gets it.",
    special: "1.0: registry value under W3svc\\Parameters, read when the service starts, needs a \
              patched W3svc.dll. 4.0: the check box; HTTP/1.1 clients do not feel it",
};

const TIMEOUT_1: Setting = Setting {
    name: "ConnectionTimeOut",
    kind: SECONDS,
    defaults: &[Cited { value: "900", since: "", source: Q154485 }],
    versions: &["1.0"],
    gist: "How long an idle connection lives before the server drops it.",
    special: "Registry value, read when the service starts. Article Q143180 says 600 instead of 900",
};

const TIMEOUT_4: Setting = Setting {
    name: "ConnectionTimeout",
    kind: SECONDS,
    defaults: &[Cited { value: "900", since: "", source: IIS_5_TIMEOUTS }],
    versions: &["4.0"],
    gist: "How long an idle connection lives before the server drops it.",
    special: "900 is the value of 5.0, taken for 4.0 as well; article Q143180 says 600 for 1.0 to 4.0",
};

const ALLOW_10: Setting = Setting {
    name: "allowKeepAlive",
    kind: Kind::Flag { on: "true", off: "false" },
    defaults: &[Cited { value: "true", since: "", source: HTTP_PROTOCOL }],
    versions: &["10.0"],
    gist: "Whether connections are kept; without, every request needs a new one.",
    special: "",
};

const TIMEOUT_10: Setting = Setting {
    name: "connectionTimeout",
    kind: Kind::Text { placeholder: "hh:mm:ss" },
    defaults: &[Cited { value: "00:02:00", since: "", source: LIMITS }],
    versions: &["10.0"],
    gist: "How long an idle connection lives before the server drops it.",
    special: "hours, minutes and seconds, although its page says seconds",
};

const TIME_WAIT: Setting = Setting {
    name: "TcpTimedWaitDelay",
    kind: Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[],
        min_us: 30_000_000,
        max_us: 300_000_000,
    },
    defaults: &[Cited { value: "240", since: "", source: Q149532 }],
    versions: &["1.0", "4.0"],
    gist: "How long Windows NT keeps the port of a connection that the server closed.",
    special: "Registry value under Tcpip\\Parameters; NT 3.51 reads it from Service Pack 5 on",
};

/// A DWORD of seconds.
const SECONDS: Kind = Kind::Time {
    unit: TimeUnit::Seconds,
    suffixes: &[],
    min_us: 0,
    max_us: 0xFFFF_FFFF * 1_000_000,
};

/// Windows Server 2003 and later keep a port for two minutes.
const LATER_TIME_WAIT: Us = Us::from_secs(120);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Release {
    V1,
    V4,
    V10,
}

struct Iis {
    release: Release,
    allows: bool,
    idle: Us,
    time_wait: Us,
    policy: Policy,
}

fn configure(config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    let (release, allow, idle, time_wait) = match config.version_id() {
        "1.0" => (Release::V1, ALLOW, config.time(TIMEOUT_1.name), config.time(TIME_WAIT.name)),
        "4.0" => (Release::V4, ALLOW, config.time(TIMEOUT_4.name), config.time(TIME_WAIT.name)),
        _ => (Release::V10, ALLOW_10, time_span(config.text(TIMEOUT_10.name))?, LATER_TIME_WAIT),
    };
    let allows = config.flag(allow.name);
    Ok(Box::new(Iis { release, allows, idle, time_wait, policy: Policy::default() }))
}

/// `hh:mm:ss`.
fn time_span(text: &str) -> Result<Us, ConfigError> {
    let mut parts = text.trim().splitn(3, ':').map(|part| part.parse::<u64>().ok());
    match (parts.next(), parts.next(), parts.next()) {
        (
            Some(Some(hours @ 0..=23)),
            Some(Some(minutes @ 0..=59)),
            Some(Some(seconds @ 0..=59)),
        ) => Ok(Us::from_secs(hours * 3600 + minutes * 60 + seconds)),
        _ => Err(ConfigError::new(TIMEOUT_10.name, "is not written hh:mm:ss, up to 23:59:59")),
    }
}

impl Iis {
    fn manner(&self, seen: &RequestSeen<'_>) -> Manner<'_> {
        let old = self.release == Release::V1 || seen.request.version == Version::Http10;
        Manner {
            version: if self.release == Release::V1 { Version::Http10 } else { Version::Http11 },
            host: match self.release {
                Release::V1 => Host::NotMissed,
                Release::V4 | Release::V10 => Host::RefusedAndClosed,
            },
            unknown: match self.release {
                Release::V1 | Release::V4 => Unknown::Close,
                Release::V10 => Unknown::Chunks(PIECE),
            },
            confirms: (old && asks_keep_alive(seen.request)).then_some("keep-alive"),
            policy: &self.policy,
        }
    }

    const fn source(&self) -> &'static Clause {
        match self.release {
            Release::V1 => Q154485,
            Release::V4 => Q195179,
            Release::V10 => HTTP_PROTOCOL,
        }
    }

    /// "Does the server allow it?"
    fn allow(&self, client: &Version) -> Own {
        let (on, off) = match self.release {
            Release::V1 => ("AllowKeepAlives 1", "AllowKeepAlives 0"),
            Release::V4 => ("AllowKeepAlives 1", "AllowKeepAlives 0, and an HTTP/1.0 client"),
            Release::V10 => ("allowKeepAlive true", "allowKeepAlive false"),
        };
        if self.allows {
            return Own::Keeps("yes", on.into());
        }
        if self.release == Release::V4 && *client != Version::Http10 {
            let fact = "AllowKeepAlives 0, but an HTTP/1.1 client does not feel it";
            return Own::Keeps("yes", fact.into());
        }
        Own::Closes("no", reason("iis-keep-alives-off", off, self.source(), Strength::Practice))
    }
}

impl ServerRule for Iis {
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let mut opening = Opening::new(seen, &self.manner(seen));
        opening.ask_wire();
        opening
            .verdict
            .ask("Does the server allow it?", self.source(), || self.allow(&seen.request.version));
        match (opening.verdict.outcome, self.release) {
            (Outcome::Keep | Outcome::Tunnel, _) => {}
            // In HTTP/1.0 silence means close.
            (_, Release::V1) => opening.draft.say_nothing(),
            (_, Release::V4 | Release::V10) => opening.draft.say_close("close"),
        }
        opening.finish(Idle::after(self.idle))
    }

    fn phase(&self, _seen: &RequestSeen<'_>) -> Option<u64> {
        Some(0) // neither count nor age matters
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let (name, clause) = match self.release {
            Release::V1 => (TIMEOUT_1.name, Q154485),
            Release::V4 => (TIMEOUT_4.name, IIS_5_TIMEOUTS),
            Release::V10 => (TIMEOUT_10.name, LIMITS),
        };
        let fact = format!("no request came for {limit} ({name})");
        reason("idle-timeout", fact, clause, Strength::May)
    }

    fn time_wait(&self) -> Us {
        self.time_wait
    }
}
