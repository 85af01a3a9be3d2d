//! httpd towards the servers behind it (mod_proxy, mod_proxy_http). Measured on 2.4.71; 2.2 by its
//! manual. Each process has a pool of its own. Which process takes a client's connection is chance:
//! here they take turns, which is what most runs come close to.
use super::settings::{
    DISABLE_REUSE, FORCE_REQUEST, MAX, Mpm, PROXY_ANSWER, PROXY_NOKEEPALIVE, Settings, TTL, whole,
};
use crate::profile::client::Found;
use crate::profile::client::shared::practice;
use crate::profile::{
    ClientAfter, ClientRule, ClientSees, Config, ConfigError, Picks, Processes, Shares,
};
use crate::protocol::connection::members;
use crate::protocol::{Framing, Headers, Reason, Request, Version, clause};
use crate::time::Us;

/// The side of httpd that asks servers.
#[derive(Clone)]
pub struct Upstream {
    /// Why nothing is kept; None: connections are kept.
    closes: Option<Closes>,
    first_not_pooled: bool,
    /// Connections of one process.
    most: u32,
    /// How long an idle one may be used again. None: without limit.
    ttl: Option<Us>,
    patience: Us,
    processes: Processes,
}

/// What keeps httpd from using a connection again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Closes {
    NoReuse,
    NoKeepAlive,
    /// Requests are HTTP/1.0.
    Old,
}

impl Upstream {
    /// # Errors
    /// If a number is none.
    pub fn of(config: &Config, settings: &Settings) -> Result<Self, ConfigError> {
        let prefork = settings.mpm == Mpm::Prefork;
        let reuses = config.setting("enablereuse").is_err() || config.flag("enablereuse");
        let closes = match () {
            () if config.flag("force-proxy-request-1.0") => Some(Closes::Old),
            () if config.flag("proxy-nokeepalive") => Some(Closes::NoKeepAlive),
            () if config.flag("disablereuse") || !reuses => Some(Closes::NoReuse),
            () => None,
        };
        let seconds = |number: u32| Us::from_secs(u64::from(number));
        let threads = u32::try_from(config.number("ThreadsPerChild")).unwrap_or(25);
        let threads = if prefork { 1 } else { threads };
        let at_start = whole(config, "StartServers", 1, Some(if prefork { 5 } else { 3 }))?;
        whole(config, "smax", 0, None)?;
        Ok(Self {
            closes,
            first_not_pooled: config.flag("proxy-initial-not-pooled"),
            most: whole(config, "max", 1, Some(threads))?.unwrap_or(threads),
            ttl: whole(config, "ttl", 1, None)?.map(seconds),
            patience: whole(config, "ProxyTimeout", 1, None)?
                .map_or_else(|| config.time("TimeOut"), seconds),
            processes: Processes { at_start: at_start.unwrap_or(1), one_each: prefork },
        })
    }
}

/// Fields of the client's request that end here, or that httpd writes itself.
const NOT_PASSED_ON: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl ClientRule for Upstream {
    fn max_connections(&self) -> u32 {
        self.most
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let named = |name: &str| {
            let lines = composed.headers.all("connection");
            lines.flat_map(members).any(|word| word.eq_ignore_ascii_case(name))
        };
        let mut headers = Headers::new();
        headers.push("Host", "origin");
        for field in composed.headers.iter() {
            if !NOT_PASSED_ON.iter().any(|known| field.is(known)) && !named(&field.name) {
                headers.push(field.name.as_str(), field.value.as_str());
            }
        }
        headers.push("X-Forwarded-For", "127.0.0.1");
        if let Some(host) = composed.headers.first("host") {
            headers.push("X-Forwarded-Host", host);
        }
        headers.push("X-Forwarded-Server", "a");
        if body_bytes > 0 || composed.headers.has("content-length") {
            headers.push("Content-Length", body_bytes.to_string());
        }
        match self.closes {
            None => headers.push("Connection", "Keep-Alive"),
            Some(Closes::Old) => {}
            Some(Closes::NoReuse | Closes::NoKeepAlive) => headers.push("Connection", "close"),
        }
        let version =
            if self.closes == Some(Closes::Old) { Version::Http10 } else { Version::Http11 };
        let Request { method, target, .. } = composed.clone();
        Some(Request { method, target, version, headers })
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn shares(&self) -> Shares {
        if self.first_not_pooled { Shares::Safe } else { Shares::Always }
    }

    fn processes(&self) -> Option<Processes> {
        Some(self.processes)
    }

    fn finds_too_old(&self, found: &Found) -> Option<Reason> {
        let limit = self.ttl.filter(|&limit| found.idle >= limit)?;
        let fact = format!("idle for {}, and ttl is {limit}", found.idle);
        Some(practice("client-idle-limit", fact, TTL))
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        if sees.answer.framing == Framing::CloseDelimited {
            return ClientAfter::AwaitClose; // the close is the end
        }
        let response = &sees.answer.response;
        let says = |word: &str| {
            let lines = response.headers.all("connection");
            lines.flat_map(members).any(|member| member.eq_ignore_ascii_case(word))
        };
        let (rule, fact, clause) = match self.closes {
            _ if says("close") => ("close-in-response", "the answer says close", clause::TEARDOWN),
            _ if matches!(response.version, Version::Http09 | Version::Http10) => {
                let fact = "httpd keeps no connection to a server that answers in HTTP/1.0";
                ("response-http10", fact, PROXY_ANSWER)
            }
            Some(Closes::NoReuse) => {
                ("keep-alive-off", "disablereuse is On, or enablereuse Off", DISABLE_REUSE)
            }
            Some(Closes::NoKeepAlive) => {
                ("keep-alive-off", "proxy-nokeepalive is set", PROXY_NOKEEPALIVE)
            }
            Some(Closes::Old) => {
                ("keep-alive-off", "force-proxy-request-1.0 is set", FORCE_REQUEST)
            }
            None => return ClientAfter::Keep { idle_limit: None },
        };
        ClientAfter::Close(practice(rule, fact, clause))
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        practice("client-idle-limit", format!("unused for {limit}"), MAX)
    }

    fn gives_up_after(&self) -> Option<Us> {
        Some(self.patience)
    }

    fn give_up_reason(&self, limit: Us) -> Reason {
        let fact = format!("the server was silent for {limit} (ProxyTimeout, else TimeOut)");
        practice("no-answer", fact, PROXY_ANSWER)
    }
}
