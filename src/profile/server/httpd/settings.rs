//! The settings of httpd, each default with its version and the page that says so.
use super::workers::{self, BACKLOG, MAX_CLIENTS, MAX_WORKERS, SERVER_LIMIT, THREADS};
use crate::profile::server::Workers;
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, ConfigError, Kind, Setting};
use crate::protocol::Clause;
use crate::time::Us;

/// A directive of the core: its page in both manuals.
macro_rules! directive {
    ($name:literal, $anchor:literal, $gist_22:literal, $gist_24:literal) => {
        [
            &Clause {
                document: "Apache httpd 2.2 manual",
                section: $name,
                url: concat!("https://httpd.apache.org/docs/2.2/mod/core.html#", $anchor),
                gist: $gist_22,
            },
            &Clause {
                document: "Apache httpd 2.4 manual",
                section: $name,
                url: concat!("https://httpd.apache.org/docs/2.4/mod/core.html#", $anchor),
                gist: $gist_24,
            },
        ]
    };
}

pub const KEEP_ALIVE: [&Clause; 2] = directive!(
    "KeepAlive",
    "keepalive",
    "Whether connections are kept; an HTTP/1.0 client must ask, and gets it only for answers of known length.",
    "Whether connections are kept; an HTTP/1.0 client must ask, and gets it only for answers of known length."
);
pub const TIMEOUT_OF_KEEP_ALIVE: [&Clause; 2] = directive!(
    "KeepAliveTimeout",
    "keepalivetimeout",
    "How many seconds the server waits for the next request on a kept connection.",
    "How long the server waits for the next request on a kept connection: seconds, or milliseconds with ms."
);
pub const MAX_REQUESTS: [&Clause; 2] = directive!(
    "MaxKeepAliveRequests",
    "maxkeepaliverequests",
    "How many requests one connection may carry; 0 sets no limit.",
    "How many requests one connection may carry; 0 sets no limit."
);
pub const TIMEOUT: [&Clause; 2] = directive!(
    "TimeOut",
    "timeout",
    "How long the server waits for a packet once a request has begun: 300 s.",
    "How long the server waits for a packet once a request has begun: 60 s."
);

/// One place in the source, where the manual is silent or says something else.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "Apache httpd 2.4 source", section, url, gist }
}

pub const SET_KEEPALIVE: &Clause = &source(
    "ap_set_keepalive",
    "https://github.com/apache/httpd/blob/2.4.62/modules/http/http_protocol.c",
    "The whole decision as one condition: length known, KeepAlive, timeout, room, status, close, version or keep-alive.",
);
pub const FIND_TOKEN: &Clause = &source(
    "ap_find_token",
    "https://github.com/apache/httpd/blob/2.4.62/server/util.c",
    "A word of the list matches as soon as the sought word begins with it: clos is taken for close.",
);
pub const DROPS_CONNECTION: &Clause = &source(
    "ap_status_drops_connection",
    "https://github.com/apache/httpd/blob/2.4.62/include/httpd.h",
    "The statuses after which a connection is never kept: 400, 408, 411, 413, 414, 500, 501, 503.",
);
pub const READ_REQUEST: &Clause = &source(
    "ap_read_request",
    "https://github.com/apache/httpd/blob/2.4.62/server/protocol.c",
    "What is wrong with a head is found here: the answer is sent and the connection ends, whatever the answer says about it.",
);

const fn variable(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "Apache httpd 2.4 manual, Environment Variables", section, url, gist }
}

pub const NOKEEPALIVE: &Clause = &variable(
    "nokeepalive",
    "https://httpd.apache.org/docs/2.4/env.html#nokeepalive",
    "No kept connection for the requests it is set for.",
);
pub const DOWNGRADE: &Clause = &variable(
    "downgrade-1.0",
    "https://httpd.apache.org/docs/2.4/env.html#downgrade",
    "The request is treated as HTTP/1.0, whatever it says.",
);
pub const FORCE_RESPONSE: &Clause = &variable(
    "force-response-1.0",
    "https://httpd.apache.org/docs/2.4/env.html#force-response",
    "HTTP/1.0 clients get HTTP/1.0 in the status line.",
);

const MPM_22: &Clause = &Clause {
    document: "Apache httpd 2.2 manual",
    section: "Multi-Processing Modules",
    url: "https://httpd.apache.org/docs/2.2/mpm.html#defaults",
    gist: "On Unix the default is prefork: one process for each connection.",
};
pub const MPM_24: &Clause = &Clause {
    document: "Apache httpd 2.4 manual",
    section: "Multi-Processing Modules",
    url: "https://httpd.apache.org/docs/2.4/mpm.html#defaults",
    gist: "On Unix the default is event where the system can do it, then worker, then prefork.",
};

/// Parameters of mod_proxy: their place in the manual.
const fn proxy(section: &'static str, gist: &'static str) -> Clause {
    Clause {
        document: "Apache httpd 2.4 manual, mod_proxy",
        section,
        url: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxypass",
        gist,
    }
}

pub const DISABLE_REUSE: &Clause = &proxy(
    "disablereuse",
    "The connection to the server is closed after each request. Since 2.2.9.",
);
const ENABLE_REUSE: &Clause =
    &proxy("enablereuse", "The opposite of disablereuse; on by itself for HTTP. Since 2.4.11.");
pub const MAX: &Clause = &proxy(
    "max",
    "How many connections to the server a process may have: as many as it has threads, so 1 with prefork.",
);
const SMAX: &Clause =
    &proxy("smax", "Above this number, connections that were idle for ttl are closed.");
pub const TTL: &Clause = &proxy(
    "ttl",
    "A connection that was idle for so many seconds is not used again, and closed later.",
);
const PROXY_TIMEOUT: &Clause = &Clause {
    document: "Apache httpd 2.4 manual, mod_proxy",
    section: "ProxyTimeout",
    url: "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html#proxytimeout",
    gist: "How long a server may be silent; as long as TimeOut unless it is set.",
};
const fn proxy_http(section: &'static str, gist: &'static str) -> Clause {
    Clause {
        document: "Apache httpd 2.4 manual, mod_proxy_http",
        section,
        url: "https://httpd.apache.org/docs/2.4/mod/mod_proxy_http.html#env",
        gist,
    }
}

pub const PROXY_NOKEEPALIVE: &Clause =
    &proxy_http("proxy-nokeepalive", "The connection to the server is closed after each request.");
pub const FORCE_REQUEST: &Clause = &proxy_http(
    "force-proxy-request-1.0",
    "Requests go to the server in HTTP/1.0, and nothing is kept.",
);
const NOT_POOLED: &Clause = &proxy_http(
    "proxy-initial-not-pooled",
    "A client's first request gets a new connection to the server.",
);
const START_SERVERS: &Clause = &Clause {
    document: "Apache httpd 2.4 manual, mpm_common",
    section: "StartServers",
    url: "https://httpd.apache.org/docs/2.4/mod/mpm_common.html#startservers",
    gist: "How many processes are started: 5 with prefork, 3 with worker and event.",
};
pub const PROXY_ANSWER: &Clause = &source(
    "ap_proxy_http_process_response",
    "https://github.com/apache/httpd/blob/2.4.62/modules/proxy/mod_proxy_http.c",
    "A server's connection is kept unless its answer is HTTP/1.0 or says close. If it ends instead of \
     an answer, a client whose connection was used before is left without one.",
);

/// The same default in both versions, each with its own page.
macro_rules! both {
    ($value:literal, $clauses:ident) => {
        &[
            Cited { value: $value, since: "2.2", source: $clauses[0] },
            Cited { value: $value, since: "2.4", source: $clauses[1] },
        ]
    };
}

/// The same default in both versions, on one page.
macro_rules! all {
    ($value:literal, $source:ident) => {
        &[Cited { value: $value, since: "", source: $source }]
    };
}

const fn free_text(
    name: &'static str,
    placeholder: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind: Kind::Text { placeholder }, defaults, versions: &[], gist, special }
}

const KEEP_ALIVE_SETTING: Setting = Setting {
    name: "KeepAlive",
    kind: Kind::Flag { on: "On", off: "Off" },
    defaults: both!("On", KEEP_ALIVE),
    versions: &[],
    gist: "Whether connections are kept, for both versions of the protocol.",
    special: "2.2 takes every word but off and 0 for On",
};

const TIMEOUT_SETTING: Setting = Setting {
    name: "KeepAliveTimeout",
    kind: Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[
            ("ms", 1_000),
            ("s", 1_000_000),
            ("mi", 60_000_000),
            ("min", 60_000_000),
            ("h", 3_600_000_000),
        ],
        min_us: 0,
        max_us: LONGEST_US,
    },
    defaults: both!("5", TIMEOUT_OF_KEEP_ALIVE),
    versions: &[],
    gist: "How long the server waits for the next request on a kept connection.",
    special: "0 keeps nothing. 2.4 reads 500ms, and s, mi and h, which its manual does not name; \
              2.2 reads the number only: 500ms is 500 s there",
};

const MAX_SETTING: Setting = Setting {
    name: "MaxKeepAliveRequests",
    kind: Kind::Number { min: -1, max: i32::MAX as i64, unit: "requests" },
    defaults: both!("100", MAX_REQUESTS),
    versions: &[],
    gist: "How many answers keep the connection; the one after them says close.",
    special: "0 sets no limit; a negative number keeps nothing. One request more than the number is served",
};

const TIME_OUT_SETTING: Setting = Setting {
    name: "TimeOut",
    kind: Kind::Time { unit: TimeUnit::Seconds, suffixes: &[], min_us: 0, max_us: LONGEST_US },
    defaults: &[
        Cited { value: "300", since: "2.2", source: TIMEOUT[0] },
        Cited { value: "60", since: "2.4", source: TIMEOUT[1] },
    ],
    versions: &[],
    gist: "How long the server waits for a packet once a request has begun.",
    special: "does not run while a kept connection is idle",
};

pub const MPM: &str = "mpm";

const MPM_SETTING: Setting = Setting {
    name: MPM,
    kind: Kind::Choice(&["prefork", "worker", "event"]),
    defaults: &[
        Cited { value: "prefork", since: "2.2", source: MPM_22 },
        Cited { value: "event", since: "2.4", source: MPM_24 },
    ],
    versions: &[],
    gist: "What holds an idle connection: a process, a thread, or a place in a list.",
    special: "changes what waiting costs, not when it ends",
};

/// A variable that is set for every request.
const fn variable_setting(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Flag { on: "set", off: "unset" };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

pub const SETTINGS: &[Setting] = &[
    KEEP_ALIVE_SETTING,
    TIMEOUT_SETTING,
    MAX_SETTING,
    TIME_OUT_SETTING,
    MPM_SETTING,
    MAX_CLIENTS,
    MAX_WORKERS,
    SERVER_LIMIT,
    THREADS,
    BACKLOG,
    variable_setting(
        "nokeepalive",
        &[Cited { value: "unset", since: "", source: NOKEEPALIVE }],
        "SetEnv nokeepalive: no kept connections.",
        "has no effect on a request that carries a Via field",
    ),
    variable_setting(
        "downgrade-1.0",
        &[Cited { value: "unset", since: "", source: DOWNGRADE }],
        "SetEnv downgrade-1.0: every request counts as HTTP/1.0.",
        "the status line still says HTTP/1.1",
    ),
    variable_setting(
        "force-response-1.0",
        &[Cited { value: "unset", since: "", source: FORCE_RESPONSE }],
        "SetEnv force-response-1.0: HTTP/1.0 clients are answered in HTTP/1.0.",
        "such an answer always ends the connection",
    ),
    Setting {
        name: "disablereuse",
        kind: Kind::Flag { on: "On", off: "Off" },
        defaults: all!("Off", DISABLE_REUSE),
        versions: &[],
        gist: "As a proxy: the connection to the server is closed after each request.",
        special: "a parameter of ProxyPass; the server is told with Connection: close",
    },
    Setting {
        name: "enablereuse",
        kind: Kind::Flag { on: "On", off: "Off" },
        defaults: all!("On", ENABLE_REUSE),
        versions: &["2.4"],
        gist: "As a proxy: connections to the server are used again.",
        special: "a parameter of ProxyPass, the opposite of disablereuse",
    },
    free_text(
        "max",
        "25",
        all!("", MAX),
        "As a proxy: connections to the server that each process may have.",
        "a parameter of ProxyPass. Unset: the threads of a process, 25, and 1 with prefork",
    ),
    free_text(
        "smax",
        "25",
        all!("", SMAX),
        "As a proxy: above this number, connections idle for ttl are closed.",
        "a parameter of ProxyPass. Unset: as max",
    ),
    free_text(
        "ttl",
        "60",
        all!("", TTL),
        "As a proxy: a connection idle for so many seconds is not used again.",
        "a parameter of ProxyPass. Unset: no limit. Looked at when a request wants a connection",
    ),
    free_text(
        "ProxyTimeout",
        "60",
        all!("", PROXY_TIMEOUT),
        "As a proxy: how many seconds a server may be silent; then the client gets 502.",
        "unset: as TimeOut",
    ),
    variable_setting(
        "proxy-nokeepalive",
        all!("unset", PROXY_NOKEEPALIVE),
        "SetEnv proxy-nokeepalive: the connection to the server is closed after each request.",
        "",
    ),
    variable_setting(
        "force-proxy-request-1.0",
        all!("unset", FORCE_REQUEST),
        "SetEnv force-proxy-request-1.0: requests go to the server in HTTP/1.0.",
        "nothing is kept then",
    ),
    variable_setting(
        "proxy-initial-not-pooled",
        all!("unset", NOT_POOLED),
        "SetEnv proxy-initial-not-pooled: a client's first request gets a new connection.",
        "so that it cannot meet one that the server has just closed",
    ),
    free_text(
        "StartServers",
        "3",
        all!("", START_SERVERS),
        "How many processes are started; as a proxy, each has connections of its own.",
        "unset: 5 with prefork, 3 with worker and event",
    ),
];

/// 2.2 keeps seconds in an int.
const LONGEST_US: u64 = i32::MAX as u64 * 1_000_000;

/// What holds an idle connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mpm {
    Prefork,
    Worker,
    Event,
}

/// The settings as the rule needs them.
pub struct Settings {
    /// Index into the pages of a directive: 0 for 2.2, 1 for 2.4.
    pub manual: usize,
    pub keep_alive: bool,
    pub idle: Us,
    /// 0: no limit. Negative: never kept.
    pub max_requests: i64,
    pub mpm: Mpm,
    /// None: more than a run can meet.
    pub workers: Option<Workers>,
    pub nokeepalive: bool,
    pub downgrade: bool,
    pub force_response: bool,
}

impl Settings {
    /// # Errors
    /// If a time is beyond what the server can hold.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let manual = usize::from(config.version_id() != "2.2");
        let idle = match manual {
            0 => whole_seconds(config.text(TIMEOUT_SETTING.name))?,
            _ => config.time(TIMEOUT_SETTING.name),
        };
        let mpm = match config.text(MPM_SETTING.name) {
            "prefork" => Mpm::Prefork,
            "worker" => Mpm::Worker,
            _ => Mpm::Event,
        };
        Ok(Self {
            manual,
            keep_alive: config.flag(KEEP_ALIVE_SETTING.name),
            idle,
            max_requests: config.number(MAX_SETTING.name),
            mpm,
            workers: Some(workers::of(config, mpm)),
            nokeepalive: config.flag("nokeepalive"),
            downgrade: config.flag("downgrade-1.0"),
            force_response: config.flag("force-response-1.0"),
        })
    }

    /// Is this 2.2?
    pub const fn is_old(&self) -> bool {
        self.manual == 0
    }
}

/// A whole number above `least`, or what holds if the setting is left out.
pub fn whole(
    config: &Config,
    name: &'static str,
    least: u32,
    unset: Option<u32>,
) -> Result<Option<u32>, ConfigError> {
    let text = config.text(name).trim();
    match text.parse::<u32>() {
        _ if !config.is_set(name) => Ok(unset),
        Ok(number) if number >= least => Ok(Some(number)),
        _ => {
            let problem = format!("{text:?} is no whole number from {least}");
            Err(ConfigError::new(name, problem))
        }
    }
}

/// 2.2 reads a number and never looks at what stands behind it.
fn whole_seconds(text: &str) -> Result<Us, ConfigError> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text[..digits].parse::<u64>() {
        Ok(seconds) if seconds <= LONGEST_US / 1_000_000 => Ok(Us::from_secs(seconds)),
        _ => Err(ConfigError::new(TIMEOUT_SETTING.name, "2.2 reads at most 2147483647 seconds")),
    }
}
