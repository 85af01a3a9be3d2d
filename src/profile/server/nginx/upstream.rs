//! nginx towards the servers behind it. Measured on 1.22.1; other versions by the manual and the
//! list of changes. One worker process and one server behind the name are meant.
use super::settings::{
    KEEPALIVE, READ_TIMEOUT, UPSTREAM_REQUESTS, UPSTREAM_TIME, UPSTREAM_TIMEOUT, time,
};
use crate::profile::client::Used;
use crate::profile::client::shared::{holds, practice};
use crate::profile::server::shared::reason;
use crate::profile::{ClientAfter, ClientRule, ClientSees, Config, ConfigError, Picks};
use crate::protocol::{Clause, Framing, Headers, Reason, Request, Strength, Version, clause};
use crate::time::Us;

/// The side of nginx that asks servers.
#[derive(Clone)]
pub struct Upstream {
    /// Idle connections that are kept; 0: every connection is closed after its answer.
    room: u32,
    /// None: the version has no such limit.
    idle: Option<Us>,
    requests: Option<u64>,
    time: Option<Us>,
    version: Version,
    /// What the Connection field says; empty: there is none.
    connection: String,
    again: Again,
    patience: Us,
}

/// What is sent again when a kept connection dies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Again {
    Nothing,
    Idempotent,
    Everything,
}

impl Upstream {
    /// # Errors
    /// If a text is not what nginx reads.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let has = |name: &str| config.setting(name).is_ok();
        let limit = |name: &str| has(name).then(|| time(config, name)).transpose();
        let requests = u64::try_from(config.number("upstream keepalive_requests")).unwrap_or(0);
        time(config, "proxy_connect_timeout")?;
        Ok(Self {
            room: if has("keepalive") { room(config)? } else { 0 },
            idle: limit("upstream keepalive_timeout")?,
            requests: has("upstream keepalive_requests").then_some(requests),
            time: limit("upstream keepalive_time")?,
            version: match config.text("proxy_http_version") {
                "1.1" => Version::Http11,
                _ => Version::Http10,
            },
            connection: connection(config.text("proxy_set_header Connection"))?,
            again: again(config.text("proxy_next_upstream"))?,
            patience: time(config, "proxy_read_timeout")?,
        })
    }
}

/// `32`, or since 1.29.7 `32 local`.
fn room(config: &Config) -> Result<u32, ConfigError> {
    let text = config.text("keepalive");
    let local = config.version_id() == "1.29.7";
    let mut words = text.split_whitespace();
    let number = words.next().and_then(|word| word.parse().ok());
    match (number, words.next(), words.next()) {
        (Some(number), None, None) => Ok(number),
        (Some(number), Some("local"), None) if local => Ok(number),
        _ => {
            let problem = format!("{text:?} is no number of connections, such as 32");
            Err(ConfigError::new("keepalive", problem))
        }
    }
}

fn connection(text: &str) -> Result<String, ConfigError> {
    let text = text.trim();
    if text.contains('$') {
        let problem = "variables are not followed here: write the text that is sent";
        return Err(ConfigError::new("proxy_set_header Connection", problem));
    }
    Ok(if matches!(text, "\"\"" | "''") { String::new() } else { text.to_owned() })
}

fn again(text: &str) -> Result<Again, ConfigError> {
    const NAME: &str = "proxy_next_upstream";
    const WORDS: [&str; 12] = [
        "error",
        "timeout",
        "denied",
        "invalid_header",
        "http_500",
        "http_502",
        "http_503",
        "http_504",
        "http_403",
        "http_404",
        "http_429",
        "non_idempotent",
    ];
    let mut words = text.split_whitespace().peekable();
    if words.peek().is_none() || !words.clone().all(|word| word == "off" || WORDS.contains(&word)) {
        return Err(ConfigError::new(NAME, "takes off, or a list such as error timeout"));
    }
    let has = |word: &str| text.split_whitespace().any(|known| known == word);
    Ok(match (has("off") || !has("error"), has("non_idempotent")) {
        (true, _) => Again::Nothing,
        (false, false) => Again::Idempotent,
        (false, true) => Again::Everything,
    })
}

/// Fields of the client's request that nginx writes itself or leaves out.
const NOT_PASSED_ON: [&str; 8] = [
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "te",
    "transfer-encoding",
    "upgrade",
];

impl ClientRule for Upstream {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    /// nginx has read the whole body, and says its length.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut headers = Headers::new();
        headers.push("Host", "origin");
        if !self.connection.is_empty() {
            headers.push("Connection", self.connection.as_str());
        }
        if body_bytes > 0 || composed.headers.has("content-length") {
            headers.push("Content-Length", body_bytes.to_string());
        }
        for field in composed.headers.iter() {
            if !NOT_PASSED_ON.iter().any(|known| field.is(known)) {
                headers.push(field.name.as_str(), field.value.as_str());
            }
        }
        let Request { method, target, .. } = composed.clone();
        Some(Request { method, target, version: self.version.clone(), headers })
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn reuses(&self) -> bool {
        self.room > 0
    }

    fn idle_room(&self) -> u32 {
        self.room
    }

    fn longest_idle_goes(&self) -> bool {
        true
    }

    fn no_room_reason(&self) -> Reason {
        let fact = format!("{} idle connections are kept (keepalive)", self.room);
        practice("max-idle-connections", fact, KEEPALIVE)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        let close = |rule, fact: &'static str, clause: &'static Clause| {
            ClientAfter::Close(practice(rule, fact, clause))
        };
        if sees.answer.framing == Framing::CloseDelimited {
            return ClientAfter::AwaitClose; // the close is the end
        }
        if response.headers.all("connection").any(|line| holds(line, "close")) {
            return close("close-in-response", "the answer says close", clause::TEARDOWN);
        }
        if matches!(response.version, Version::Http09 | Version::Http10) {
            let fact = "nginx keeps no connection to a server that answers in HTTP/1.0";
            return close("response-http10", fact, KEEPALIVE);
        }
        if self.room == 0 {
            let fact = "keepalive is not set in the upstream block: nothing is kept";
            return close("keep-alive-off", fact, KEEPALIVE);
        }
        ClientAfter::Keep { idle_limit: self.idle }
    }

    fn used_up(&self, used: &Used) -> Option<Reason> {
        if let Some(limit) = self.requests.filter(|&limit| used.answers >= limit) {
            let fact = format!("it has carried {} of {limit} requests", used.answers);
            return Some(practice("keepalive-requests", fact, UPSTREAM_REQUESTS));
        }
        let limit = self.time.filter(|&limit| used.age > limit)?;
        let fact = format!("it is older than {limit} (keepalive_time in the upstream block)");
        Some(practice("keepalive-time", fact, UPSTREAM_TIME))
    }

    fn retries(&self, request: &Request) -> bool {
        let once = matches!(request.method.as_str(), "POST" | "LOCK" | "PATCH");
        match self.again {
            Again::Nothing => false,
            Again::Idempotent => !once,
            Again::Everything => true,
        }
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("unused for {limit} (keepalive_timeout in the upstream block)");
        reason("client-idle-limit", fact, UPSTREAM_TIMEOUT, Strength::May)
    }

    fn gives_up_after(&self) -> Option<Us> {
        Some(self.patience)
    }

    fn give_up_reason(&self, limit: Us) -> Reason {
        let fact = format!("the server was silent for {limit} (proxy_read_timeout)");
        practice("no-answer", fact, READ_TIMEOUT)
    }
}
