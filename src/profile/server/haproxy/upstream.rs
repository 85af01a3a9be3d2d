//! HAProxy towards the servers behind it. Measured on 2.6.12; other versions by their manuals. One
//! thread and one server are meant. Up to 1.8, what is idle belongs to a client's connection and ends
//! with it, so `http-reuse` stands for less there than the same word does since 1.9.
use super::settings::{
    HTTPCLOSE, Mode, NEED, POOL_MAX, PURGE_CODE, RESPONSE_VALUE, REUSE_CODE, SERVER_CLOSE,
    SERVER_TIME, Settings,
};
use crate::profile::client::shared::practice;
use crate::profile::{
    ClientAfter, ClientRule, ClientSees, Config, ConfigError, Picks, Shares, Sweeper,
};
use crate::protocol::{Framing, Headers, Options, Reason, Request, Version, clause};
use crate::time::Us;

/// The side of HAProxy that asks servers.
#[derive(Clone)]
pub struct Upstream {
    mode: Mode,
    /// The rewritten core of 1.9: field names in small letters, and a pool for all.
    htx: bool,
    /// The server is not told that its connection will be closed.
    pretends: bool,
    shares: Shares,
    /// Idle connections that are kept.
    room: u32,
    /// How often it looks for idle ones that are not needed. None: it does not.
    purge: Option<Us>,
    sends_again: bool,
    patience: Option<Us>,
}

impl Upstream {
    /// # Errors
    /// If `retry-on` holds a word that HAProxy does not know.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let settings = Settings::of(config);
        let pooled = config.setting("pool-max-conn").is_ok();
        let purge = Some(config.time("pool-purge-delay")).filter(|time| pooled && *time > Us::ZERO);
        let shares = match config.text("http-reuse") {
            _ if config.setting("http-reuse").is_err() => Shares::Never,
            "always" => Shares::Always,
            "aggressive" => Shares::Aggressive,
            "safe" => Shares::Safe,
            _ => Shares::Never,
        };
        // -1 is without limit.
        let most = u32::try_from(config.number("pool-max-conn")).unwrap_or(u32::MAX);
        Ok(Self {
            mode: settings.mode,
            htx: settings.htx,
            pretends: config.flag("option http-pretend-keepalive"),
            shares,
            room: match shares {
                Shares::Never => u32::MAX,
                _ if pooled && purge.is_none() => 0,
                _ if pooled => most,
                _ => u32::MAX,
            },
            purge: purge.filter(|_| shares != Shares::Never),
            sends_again: sends_again(config)? && config.number("retries") > 0,
            patience: settings.server,
        })
    }

    fn closes(&self) -> Option<Reason> {
        match self.mode {
            Mode::Close => {
                let fact = "option httpclose closes the server's connection, too";
                Some(practice("httpclose", fact, HTTPCLOSE))
            }
            Mode::ServerClose => {
                let fact = "option http-server-close is set";
                Some(practice("http-server-close", fact, SERVER_CLOSE))
            }
            Mode::KeepAlive | Mode::Tunnel => None,
        }
    }

    fn spelled(&self, name: &str) -> String {
        if self.htx { name.to_ascii_lowercase() } else { name.to_owned() }
    }
}

/// Is a request sent again if the server closes without an answer?
fn sends_again(config: &Config) -> Result<bool, ConfigError> {
    const NAME: &str = "retry-on";
    const WORDS: [&str; 8] = [
        "none",
        "conn-failure",
        "empty-response",
        "junk-response",
        "response-timeout",
        "0rtt-rejected",
        "all-retryable-errors",
        "early-response",
    ];
    if config.setting(NAME).is_err() {
        return Ok(false);
    }
    let words = || config.text(NAME).split_whitespace();
    let status = |word: &str| word.len() == 3 && word.bytes().all(|b| b.is_ascii_digit());
    if words().next().is_none() || !words().all(|word| status(word) || WORDS.contains(&word)) {
        let problem = "takes none, or a list such as conn-failure empty-response 503";
        return Err(ConfigError::new(NAME, problem));
    }
    Ok(words().any(|word| matches!(word, "empty-response" | "all-retryable-errors")))
}

impl ClientRule for Upstream {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    /// Of Connection only close and keep-alive are taken out; Keep-Alive and TE are passed on. The
    /// version is the client's, 1.1 for anything later.
    fn rewrite_with_body(&self, composed: &Request, _body_bytes: u64) -> Option<Request> {
        if self.mode == Mode::Tunnel {
            return None; // as it came
        }
        let old = matches!(composed.version, Version::Http10 | Version::Other { major: 0, .. });
        let mut headers = Headers::new();
        for field in composed.headers.iter() {
            let value = match field.is("connection") {
                true => super::reply::rest_of(&field.value),
                false => field.value.clone(),
            };
            if !(field.is("connection") && value.is_empty()) {
                headers.push(self.spelled(&field.name), value);
            }
        }
        let says = match (self.closes().is_some() && !self.pretends, old) {
            (true, false) => Some("close"),
            (false, true) => Some("keep-alive"),
            (true, true) | (false, false) => None,
        };
        if let Some(word) = says {
            headers.push(self.spelled("Connection"), word);
        }
        let version = if old { Version::Http10 } else { Version::Http11 };
        let Request { method, target, .. } = composed.clone();
        Some(Request { method, target, version, headers })
    }

    fn picks(&self) -> Picks {
        Picks::FirstFreed
    }

    fn idle_room(&self) -> u32 {
        self.room
    }

    /// Without a limit of its own it keeps no more than it has needed at a time.
    fn keeps_what_it_needs(&self) -> bool {
        self.htx && self.shares != Shares::Never
    }

    fn no_room_reason(&self) -> Reason {
        if self.keeps_what_it_needs() && self.room > 0 {
            let fact = "another is idle, and no more are kept than were needed at a time";
            return practice("not-needed", fact, NEED);
        }
        let fact = "the pool is full (pool-max-conn, pool-purge-delay)";
        practice("max-idle-connections", fact, POOL_MAX)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        if sees.answer.framing == Framing::CloseDelimited {
            return ClientAfter::AwaitClose; // the close is the end
        }
        if self.mode == Mode::Tunnel {
            return ClientAfter::Keep { idle_limit: None };
        }
        if let Some(reason) = self.closes() {
            return ClientAfter::Close(reason);
        }
        let options = Options::of(&response.headers);
        if options.close {
            let fact = "the answer says close";
            return ClientAfter::Close(practice("close-in-response", fact, clause::TEARDOWN));
        }
        let old = matches!(response.version, Version::Http09 | Version::Http10);
        if old && !options.keep_alive {
            let fact = "the HTTP/1.0 answer does not say keep-alive";
            return ClientAfter::Close(practice("http10-not-confirmed", fact, RESPONSE_VALUE));
        }
        // A connection that is not used while it is looked at twice is closed at the third look.
        ClientAfter::Keep { idle_limit: self.purge.map(|every| every * 2) }
    }

    fn sweeper(&self) -> Option<Sweeper> {
        self.purge.map(|every| Sweeper { every, lingers: false })
    }

    fn shares(&self) -> Shares {
        self.shares
    }

    fn retries(&self, _request: &Request) -> bool {
        self.sends_again
    }

    fn retries_at_first(&self) -> bool {
        self.sends_again
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let (fact, clause) = match self.shares {
            Shares::Never => ("its client is gone".into(), REUSE_CODE),
            _ => (format!("not needed for {limit}: two looks (pool-purge-delay)"), PURGE_CODE),
        };
        practice("client-idle-limit", fact, clause)
    }

    fn gives_up_after(&self) -> Option<Us> {
        self.patience
    }

    fn give_up_reason(&self, limit: Us) -> Reason {
        let fact = format!("the server was silent for {limit} (timeout server)");
        practice("no-answer", fact, SERVER_TIME)
    }
}
