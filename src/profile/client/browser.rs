//! A browser: HTTP/1.1, several connections to one server, each kept for the next request.
use super::shared::{add_missing, by_the_rules, host_of, idle_reason, practice};
use crate::profile::setting::TimeUnit;
use crate::profile::{
    Cited, ClientAfter, ClientRule, ClientSees, Config, ConfigError, Kind, MakeRule, Picks,
    Product, Setting, VersionInfo,
};
use crate::protocol::{
    Clause, Framing, Policy, Reason, Request, Response, Version, clause, framing,
};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "browser",
    name: "Browser",
    gist: "Speaks HTTP/1.1 on up to six connections to one server and keeps each for later.",
    versions: &[
        VersionInfo { id: "firefox", note: "idle limit 115 s" },
        VersionInfo { id: "chromium", note: "idle limit 300 s" },
    ],
    settings: &[CONNECTIONS, IDLE, REPEATS],
    source: clause::CONCURRENCY,
    rule: MakeRule::Client(configure),
};

const FIREFOX_PREFS: &Clause = &Clause {
    document: "Firefox source",
    section: "modules/libpref/init/all.js",
    url: "https://searchfox.org/mozilla-central/source/modules/libpref/init/all.js",
    gist: "Six persistent connections per server; idle ones are dropped after 115 s, before servers that wait 120 s do it.",
};

const CHROMIUM_POOLS: &Clause = &Clause {
    document: "Chromium source",
    section: "net/socket/client_socket_pool_manager.cc",
    url: "https://source.chromium.org/chromium/chromium/src/+/main:net/socket/client_socket_pool_manager.cc",
    gist: "Six sockets per host in the ordinary pool; 256 in all.",
};

const CHROMIUM_IDLE: &Clause = &Clause {
    document: "Chromium source",
    section: "net/socket/client_socket_pool.cc",
    url: "https://source.chromium.org/chromium/chromium/src/+/main:net/socket/client_socket_pool.cc",
    gist: "A socket that has carried a request is kept idle for 300 s. It is a constant, not a setting.",
};

const CHROMIUM_RESEND: &Clause = &Clause {
    document: "Chromium source",
    section: "net/http/http_network_transaction.cc, ShouldResendRequest",
    url: "https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_network_transaction.cc",
    gist: "Sends any request again if a reused connection broke before a header of the answer came.",
};

const FIREFOX_RESEND: &Clause = &Clause {
    document: "draft-nottingham-httpbis-retry-00",
    section: "Appendix A",
    url: "https://datatracker.ietf.org/doc/html/draft-nottingham-httpbis-retry-00",
    gist: "A survey of clients: on a connection that was used before, Firefox repeats any request.",
};

const CONNECTIONS: Setting = Setting {
    name: "network.http.max-persistent-connections-per-server",
    kind: Kind::Number { min: 1, max: 32, unit: "connections" },
    defaults: &[
        Cited { value: "6", since: "firefox", source: FIREFOX_PREFS },
        Cited { value: "6", since: "chromium", source: CHROMIUM_POOLS },
    ],
    versions: &[],
    gist: "How many connections it opens to one server at the same time.",
    special: "Firefox's name for it; Chromium has a constant",
};

const IDLE: Setting = Setting {
    name: "network.http.keep-alive.timeout",
    kind: Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[],
        min_us: 1_000_000,
        max_us: 86_400_000_000,
    },
    defaults: &[
        Cited { value: "115", since: "firefox", source: FIREFOX_PREFS },
        Cited { value: "300", since: "chromium", source: CHROMIUM_IDLE },
    ],
    versions: &[],
    gist: "How long the browser keeps an idle connection before it closes it itself.",
    special: "Firefox's name for it; Chromium has a constant",
};

const REPEATS: Setting = Setting {
    name: "repeats",
    kind: Kind::Choice(&["any request", "idempotent requests", "nothing"]),
    defaults: &[
        Cited { value: "any request", since: "firefox", source: FIREFOX_RESEND },
        Cited { value: "any request", since: "chromium", source: CHROMIUM_RESEND },
    ],
    versions: &[],
    gist: "What it sends again when a reused connection dies before the answer begins.",
    special: "RFC 9110 §9.2.2 advises against repeating what is not idempotent, such as POST",
};

#[derive(Clone, Copy)]
enum Repeats {
    Any,
    Idempotent,
    Nothing,
}

const CHROMIUM_KEEPS: &Clause = &Clause {
    document: "Chromium source",
    section: "net/http/http_response_headers.cc, IsKeepAlive",
    url: "https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_response_headers.cc",
    gist: "The first keep-alive or close decides, in Connection and then in Proxy-Connection; without either, HTTP/1.0 closes.",
};

struct Browser {
    /// Reads answers as Chromium does; otherwise by the rules of HTTP.
    chromium: bool,
    connections: u32,
    idle_limit: Us,
    repeats: Repeats,
    policy: Policy,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    Ok(Box::new(Browser {
        chromium: config.version_id() == "chromium",
        connections: u32::try_from(config.number(CONNECTIONS.name)).unwrap_or(6),
        idle_limit: config.time(IDLE.name),
        repeats: match config.text(REPEATS.name) {
            "nothing" => Repeats::Nothing,
            "idempotent requests" => Repeats::Idempotent,
            _ => Repeats::Any,
        },
        policy: Policy::default(),
    }))
}

fn is_broken(sees: &ClientSees<'_>) -> bool {
    framing::response(&sees.answer.response, &sees.request.method) == Framing::Invalid
}

/// Why Chromium does not use the connection again; None: it does.
fn closes_in_chromium(response: &Response) -> Option<Reason> {
    let headers = &response.headers;
    let words = |name| headers.all(name).flat_map(|line| line.split(',')).map(str::trim);
    let mut words = words("connection").chain(words("proxy-connection"));
    let decides = words.find_map(|word| {
        let keeps = word.eq_ignore_ascii_case("keep-alive");
        (keeps || word.eq_ignore_ascii_case("close")).then_some(keeps)
    });
    match decides {
        Some(true) => None,
        Some(false) => {
            let fact = "close stands first in Connection or Proxy-Connection";
            Some(practice("close-in-response", fact, CHROMIUM_KEEPS))
        }
        None if response.version == Version::Http10 => {
            let fact = "an HTTP/1.0 answer without keep-alive";
            Some(practice("http10-not-confirmed", fact, CHROMIUM_KEEPS))
        }
        None => None,
    }
}

impl ClientRule for Browser {
    fn max_connections(&self) -> u32 {
        self.connections
    }

    fn picks(&self) -> Picks {
        if self.chromium { Picks::LastUsed } else { Picks::Newest }
    }

    /// HTTP/1.1 whatever was composed, with the fields that a browser always sends. What the
    /// composed request says in them stays.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let headers = &composed.headers;
        let framed = headers.has("content-length") || headers.has("transfer-encoding");
        let posts = body_bytes > 0 || matches!(composed.method.as_str(), "POST" | "PUT");
        let complete = headers.has("host") && headers.has("connection") && (framed || !posts);
        if composed.version == Version::Http11 && complete {
            return None;
        }
        let mut request = composed.clone();
        request.version = Version::Http11;
        add_missing(&mut request.headers, "Host", host_of(composed));
        add_missing(&mut request.headers, "Connection", "keep-alive");
        if posts && !framed {
            request.headers.push("Content-Length", body_bytes.to_string());
        }
        Some(request)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        match by_the_rules(sees, &self.policy, Some(self.idle_limit)) {
            ClientAfter::AwaitClose => ClientAfter::AwaitClose,
            after if !self.chromium || is_broken(sees) => after,
            _ => match closes_in_chromium(&sees.answer.response) {
                Some(because) => ClientAfter::Close(because),
                None => ClientAfter::Keep { idle_limit: Some(self.idle_limit) },
            },
        }
    }

    fn retries(&self, request: &Request) -> bool {
        match self.repeats {
            Repeats::Any => true,
            Repeats::Idempotent => request.is_idempotent(),
            Repeats::Nothing => false,
        }
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, IDLE.name)
    }
}
