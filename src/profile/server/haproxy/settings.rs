//! The settings of HAProxy, each default with its version and the page that says so.
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, Kind, Setting};
use crate::protocol::Clause;
use crate::time::Us;

/// A keyword of the proxies: its place in the manual.
const fn keyword(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "HAProxy 2.6 manual", section, url, gist }
}

macro_rules! manual {
    ($anchor:literal) => {
        concat!("https://docs.haproxy.org/2.6/configuration.html#", $anchor)
    };
}

/// One place in the source, where the manual is silent or says something else.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "HAProxy 2.6 source", section, url, gist }
}

macro_rules! code {
    ($file:literal) => {
        concat!("https://github.com/haproxy/haproxy/blob/v2.6.0/src/", $file)
    };
}

pub const CLIENT_MODE: &Clause = &source(
    "h1_set_cli_conn_mode",
    code!("mux_h1.c"),
    "A client's connection stays if HTTP/1.1 or keep-alive stands in the request, close does not, \
     the length of the answer is known, and httpclose is not set.",
);
pub const RESPONSE_VALUE: &Clause = &source(
    "h1_update_res_conn_value",
    code!("mux_h1.c"),
    "close is written if the connection ends, keep-alive only to an HTTP/1.0 client, and nothing \
     beside an upgrade of the origin's.",
);
pub const PARSER: &Clause = &source(
    "h1_headers_to_hdr_list",
    code!("h1.c"),
    "What is wrong with a head is found here: 400, and the connection ends.",
);
pub const HANDLE_HEADERS: &Clause = &source(
    "h1_handle_headers",
    code!("mux_h1.c"),
    "HTTP/1.0 with a body behind GET, HEAD or DELETE is 413; a coding other than chunked is 422.",
);
pub const IDLE_EXPIRATION: &Clause = &source(
    "h1_refresh_timeout",
    code!("mux_h1.c"),
    "An idle client has until the shorter of timeout client and timeout http-keep-alive; without \
     the latter, timeout http-request stands in for it.",
);
pub const TUNNEL: &Clause = &Clause {
    document: "HAProxy 1.4 manual",
    section: "option httpclose",
    url: "https://docs.haproxy.org/1.4/configuration.html#option%20httpclose",
    gist: "Without an option, only the first request and answer of a connection are looked at.",
};

pub const HTTPCLOSE: &Clause = &keyword(
    "option httpclose",
    manual!("option%20httpclose"),
    "Connections are closed after each answer.",
);
const HTTP_KEEP_ALIVE: &Clause = &keyword(
    "option http-keep-alive",
    manual!("option%20http-keep-alive"),
    "Connections of clients and of servers are kept: since 1.5 what happens without an option, too.",
);
pub const SERVER_CLOSE: &Clause = &keyword(
    "option http-server-close",
    manual!("option%20http-server-close"),
    "The server's connection is closed after each answer; the client's is kept.",
);
const FORCECLOSE: &Clause = &Clause {
    document: "HAProxy 1.8 manual",
    section: "option forceclose",
    url: "https://docs.haproxy.org/1.8/configuration.html#option%20forceclose",
    gist: "Both connections are closed as soon as the answer is through.",
};
const HTTP_TUNNEL: &Clause = &Clause {
    document: "HAProxy 1.8 manual",
    section: "option http-tunnel",
    url: "https://docs.haproxy.org/1.8/configuration.html#option%20http-tunnel",
    gist: "Only the first request and answer are looked at; then bytes pass.",
};
const PRETEND: &Clause = &keyword(
    "option http-pretend-keepalive",
    manual!("option%20http-pretend-keepalive"),
    "The server is not told that its connection will be closed.",
);
pub const PROXY_HEADER: &Clause = &keyword(
    "option http-use-proxy-header",
    manual!("option%20http-use-proxy-header"),
    "Proxy-Connection is heeded in the place of Connection when a proxy is asked.",
);
const IGNORE_PROBES: &Clause = &keyword(
    "option http-ignore-probes",
    manual!("option%20http-ignore-probes"),
    "A connection that closes or times out without a byte is not answered.",
);
const NOLINGER: &Clause = &keyword(
    "option nolinger",
    manual!("option%20nolinger"),
    "The system drops what is left of a connection at once when it is closed.",
);
const IDLE_CLOSE: &Clause = &keyword(
    "option idle-close-on-response",
    manual!("option%20idle-close-on-response"),
    "While HAProxy stops, idle connections wait for one more request.",
);
const KEEP_ALIVE_TIME: &Clause = &keyword(
    "timeout http-keep-alive",
    manual!("timeout%20http-keep-alive"),
    "How long to wait for the next request; unset, timeout http-request counts.",
);
pub const REQUEST_TIME: &Clause = &keyword(
    "timeout http-request",
    manual!("timeout%20http-request"),
    "How long the head of a request may take, from its first byte.",
);
pub const CLIENT_TIME: &Clause = &keyword(
    "timeout client",
    manual!("timeout%20client"),
    "How long a client may be silent; unset, without end, and then no other clock runs for clients.",
);
pub const SERVER_TIME: &Clause = &keyword(
    "timeout server",
    manual!("timeout%20server"),
    "How long a server may be silent; unset, without end.",
);

const REUSE: &Clause = &keyword(
    "http-reuse",
    manual!("4.2-http-reuse"),
    "Whose requests may take an idle connection to a server; safe since 1.9, never before.",
);
pub const REUSE_CODE: &Clause = &source(
    "connect_server",
    code!("backend.c"),
    "The connection idle longest is taken; a client's first request only as http-reuse allows.",
);
pub const POOL_MAX: &Clause = &keyword(
    "pool-max-conn",
    manual!("5.2-pool-max-conn"),
    "How many idle connections to a server are kept: no limit, and none with 0.",
);
const PURGE_DELAY: &Clause = &keyword(
    "pool-purge-delay",
    manual!("5.2-pool-purge-delay"),
    "How often connections that were not needed are closed: every 5 s, every second in 1.9.",
);
pub const PURGE_CODE: &Clause = &source(
    "srv_cleanup_idle_conns",
    code!("server.c"),
    "At each look the need is estimated anew from what was used since the last two; the rest goes.",
);
pub const NEED: &Clause = &source(
    "srv_add_to_idle_list",
    "https://github.com/haproxy/haproxy/blob/v2.6.0/include/haproxy/server.h",
    "A connection is kept if it is the only one, or if no more are kept than were used at a time.",
);
const RETRY_ON: &Clause = &keyword(
    "retry-on",
    manual!("4.2-retry-on"),
    "What is tried again: a failed connect; with empty-response also a request without an answer.",
);
const RETRIES: &Clause = &keyword(
    "retries",
    manual!("4.2-retries"),
    "How often a request is tried again: 3 times, one second apart if the connect failed.",
);
const LONGEST_US: u64 = i32::MAX as u64 * 1_000;

const fn option(
    name: &'static str,
    defaults: &'static [Cited],
    versions: &'static [&'static str],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind: Kind::Flag { on: "", off: "off" }, defaults, versions, gist, special }
}

const fn timeout(
    name: &'static str,
    defaults: &'static [Cited],
    versions: &'static [&'static str],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Milliseconds,
        suffixes: &[
            ("us", 1),
            ("ms", 1_000),
            ("s", 1_000_000),
            ("m", 60_000_000),
            ("h", 3_600_000_000),
            ("d", 86_400_000_000),
        ],
        min_us: 0,
        max_us: LONGEST_US,
    };
    Setting { name, kind, defaults, versions, gist, special }
}

/// Not there, in all versions.
macro_rules! off {
    ($source:ident) => {
        &[Cited { value: "off", since: "", source: $source }]
    };
}

/// What stands in the file that Debian and others install. HAProxy itself knows no default, and
/// warns if these are left out.
const INSTALLED: &Clause = &Clause {
    document: "Debian's haproxy.cfg",
    section: "defaults",
    url: "https://salsa.debian.org/haproxy-team/haproxy/-/blob/master/debian/haproxy.cfg",
    gist: "5 seconds to connect, 50 for a silent client and 50 for a silent server.",
};

macro_rules! installed {
    ($value:literal) => {
        &[Cited { value: $value, since: "", source: INSTALLED }]
    };
}

/// Not set: no limit.
macro_rules! unset {
    ($source:ident) => {
        &[Cited { value: "0", since: "", source: $source }]
    };
}

const SINCE_1_4: &[&str] = &["1.4", "1.5", "1.6", "1.9", "2.0", "2.5", "2.6", "3.0"];
const SINCE_1_5: &[&str] = &["1.5", "1.6", "1.9", "2.0", "2.5", "2.6", "3.0"];
const SINCE_1_9: &[&str] = &["1.9", "2.0", "2.5", "2.6", "3.0"];
const SINCE_2_0: &[&str] = &["2.0", "2.5", "2.6", "3.0"];
const SINCE_1_6: &[&str] = &["1.6", "1.9", "2.0", "2.5", "2.6", "3.0"];

pub const SETTINGS: &[Setting] = &[
    option(
        "option http-keep-alive",
        &[Cited { value: "", since: "1.5", source: HTTP_KEEP_ALIVE }],
        SINCE_1_5,
        "Connections of clients and of servers are kept.",
        "of the options that name a mode, the last one in the file counts",
    ),
    option(
        "option http-server-close",
        off!(SERVER_CLOSE),
        SINCE_1_4,
        "The server's connection is closed after each answer; the client's is kept.",
        "",
    ),
    option(
        "option httpclose",
        off!(HTTPCLOSE),
        &[],
        "Every connection is closed after its first answer.",
        "up to 1.8 it only writes close, and waits for the two ends to do it",
    ),
    option(
        "option forceclose",
        off!(FORCECLOSE),
        &["1.3", "1.4", "1.5", "1.6", "1.9", "2.0"],
        "HAProxy closes by itself after each answer.",
        "from 1.9 on another name for httpclose; refused since 2.5",
    ),
    option(
        "option http-tunnel",
        off!(HTTP_TUNNEL),
        &["1.5", "1.6", "1.9", "2.0"],
        "Only the first request and answer are looked at; then bytes pass.",
        "what happened without an option up to 1.4; nothing follows from it since 1.9",
    ),
    option(
        "option http-pretend-keepalive",
        off!(PRETEND),
        SINCE_1_4,
        "The server is not told that its connection will be closed.",
        "makes no difference to clients",
    ),
    option(
        "option http-use-proxy-header",
        off!(PROXY_HEADER),
        SINCE_1_4,
        "Proxy-Connection is heeded in the place of Connection when a proxy is asked.",
        "since 1.9 nothing follows from it, although the manual still describes it",
    ),
    option(
        "option http-ignore-probes",
        off!(IGNORE_PROBES),
        SINCE_1_6,
        "A connection that closes or times out without a byte is not answered.",
        "",
    ),
    option(
        "option nolinger",
        off!(NOLINGER),
        &[],
        "The system drops what is left of a connection at once when it is closed.",
        "a client that reads fast still sees the ordinary end",
    ),
    option(
        "option idle-close-on-response",
        off!(IDLE_CLOSE),
        &["2.6", "3.0"],
        "While HAProxy stops, idle connections wait for one more request.",
        "",
    ),
    timeout(
        "timeout http-keep-alive",
        unset!(KEEP_ALIVE_TIME),
        SINCE_1_4,
        "How long to wait for the next request on a kept connection.",
        "unset or 0: timeout http-request counts. timeout client counts beside it: the shorter one \
         ends the wait. Without a unit: milliseconds",
    ),
    timeout(
        "timeout http-request",
        unset!(REQUEST_TIME),
        &[],
        "How long the head of a request may take, from its first byte.",
        "a stray line end after a body counts as a first byte: 408 at the end of it",
    ),
    timeout(
        "timeout client",
        installed!("50s"),
        &[],
        "How long a client may be silent.",
        "the value is that of the installed file. Without this timeout (0) the other two for clients \
         are without effect: an idle connection is never closed",
    ),
    timeout(
        "timeout server",
        installed!("50s"),
        &[],
        "How long a server may be silent; then the client gets 504.",
        "the value is that of the installed file; 0: without end",
    ),
    timeout(
        "timeout connect",
        installed!("5s"),
        &[],
        "How long opening a connection to a server may take.",
        "the value is that of the installed file; 0: without end",
    ),
    Setting {
        name: "http-reuse",
        kind: Kind::Choice(&["never", "safe", "aggressive", "always"]),
        defaults: &[
            Cited { value: "never", since: "1.6", source: REUSE },
            Cited { value: "safe", since: "1.9", source: REUSE },
        ],
        versions: SINCE_1_6,
        gist: "Which requests may take an idle connection to the server.",
        special: "safe: not a client's first one; aggressive: its first one only a connection that was \
                  used twice; never: each client's connection has one of its own",
    },
    Setting {
        name: "pool-max-conn",
        kind: Kind::Number { min: -1, max: i32::MAX as i64, unit: "connections" },
        defaults: &[Cited { value: "-1", since: "1.9", source: POOL_MAX }],
        versions: SINCE_1_9,
        gist: "How many idle connections to a server are kept.",
        special: "-1: no limit; 0: none. Stands behind server",
    },
    timeout(
        "pool-purge-delay",
        &[
            Cited { value: "1s", since: "1.9", source: PURGE_DELAY },
            Cited { value: "5s", since: "2.0", source: PURGE_DELAY },
        ],
        SINCE_1_9,
        "How often idle connections that were not needed are looked for and closed.",
        "0: none are kept. Stands behind server",
    ),
    Setting {
        name: "retries",
        kind: Kind::Number { min: 0, max: 100, unit: "tries" },
        defaults: &[Cited { value: "3", since: "", source: RETRIES }],
        versions: &[],
        gist: "How often a request is tried again.",
        special: "only after what retry-on names",
    },
    Setting {
        name: "retry-on",
        kind: Kind::Text { placeholder: "conn-failure empty-response" },
        defaults: &[Cited { value: "conn-failure", since: "2.0", source: RETRY_ON }],
        versions: SINCE_2_0,
        gist: "After what a request is tried again.",
        special: "with empty-response or all-retryable-errors POST is sent twice, too",
    },
];

/// What happens to the client's connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    KeepAlive,
    /// The same for clients: the server's connection is another matter.
    ServerClose,
    Close,
    /// Bytes pass: the origin decides.
    Tunnel,
}

/// The settings as the rule needs them.
pub struct Settings {
    pub mode: Mode,
    /// The rewritten core of 1.9: field names in small letters, stricter about requests.
    pub htx: bool,
    pub proxy_header: bool,
    /// A timeout for clients is set, and without effect.
    pub unwatched: bool,
    /// Until a kept connection closes; None: never.
    pub idle: Option<Us>,
    /// Until a head that has begun must be complete; None: never.
    pub head: Option<Us>,
    pub server: Option<Us>,
}

impl Settings {
    pub fn of(config: &Config) -> Self {
        let version = config.version_id();
        let htx = !matches!(version, "1.3" | "1.4" | "1.5" | "1.6");
        let time = |name: &str| Some(config.time(name)).filter(|time| *time != Us::ZERO);
        let shorter = |one: Option<Us>, other: Option<Us>| match (one, other) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let client = time("timeout client");
        let request = time("timeout http-request");
        let next = match version {
            "1.3" => None,
            _ => time("timeout http-keep-alive"),
        };
        // The task that would watch the clock is made only if the client has a timeout.
        let watched = client.is_some() || !htx;
        Self {
            mode: mode(config, version, htx),
            htx,
            proxy_header: !htx && version != "1.3" && config.flag("option http-use-proxy-header"),
            unwatched: !watched && next.or(request).is_some(),
            idle: shorter(next.or(request), client).filter(|_| watched),
            head: shorter(request, client).filter(|_| watched),
            server: time("timeout server"),
        }
    }
}

/// Each of these options takes the place of those before it.
fn mode(config: &Config, version: &str, htx: bool) -> Mode {
    let tunnel = if htx { Mode::KeepAlive } else { Mode::Tunnel };
    let modes: [(&str, Mode); 5] = [
        ("option http-keep-alive", Mode::KeepAlive),
        ("option http-server-close", Mode::ServerClose),
        ("option httpclose", Mode::Close),
        ("option forceclose", Mode::Close),
        ("option http-tunnel", tunnel),
    ];
    let unnamed = if matches!(version, "1.3" | "1.4") { Mode::Tunnel } else { Mode::KeepAlive };
    let named = |name: &str| modes.iter().find(|(known, _)| *known == name).map(|(_, mode)| *mode);
    config.names().filter(|name| config.flag(name)).filter_map(named).last().unwrap_or(unnamed)
}
