//! The settings of lighttpd, each default with its version and the page that says so.
use crate::profile::server::{Held, Workers};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, Kind, Setting};
use crate::protocol::Clause;
use crate::time::Us;

const fn manual(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "lighttpd manual", section, url, gist }
}

macro_rules! option {
    ($name:literal, $page:literal, $gist:literal) => {
        &manual(
            $name,
            concat!("https://redmine.lighttpd.net/projects/lighttpd/wiki/", $page),
            $gist,
        )
    };
}

/// One place in the source, where the manual is silent or says something else.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "lighttpd 1.4.69 source", section, url, gist }
}

macro_rules! code {
    ($file:literal) => {
        concat!("https://github.com/lighttpd/lighttpd1.4/blob/lighttpd-1.4.69/src/", $file)
    };
}

pub const REQUESTS: &Clause = option!(
    "server.max-keep-alive-requests",
    "Server_max-keep-alive-requestsDetails",
    "How many requests one connection may carry."
);
pub const IDLE: &Clause = option!(
    "server.max-keep-alive-idle",
    "Server_max-keep-alive-idleDetails",
    "How many seconds a kept connection may stay idle."
);
pub const READ_IDLE: &Clause = option!(
    "server.max-read-idle",
    "Server_max-read-idleDetails",
    "How many seconds the server waits for more of a request."
);
const WRITE_IDLE: &Clause = option!(
    "server.max-write-idle",
    "Server_max-write-idleDetails",
    "How many seconds writing an answer may stand still."
);
pub const STREAM: &Clause = option!(
    "server.stream-response-body",
    "Server_stream-response-bodyDetails",
    "0 collects an answer before the first byte is sent; 1 and 2 pass it on as it comes."
);
const STREAM_REQUEST: &Clause = option!(
    "server.stream-request-body",
    "Server_stream-request-bodyDetails",
    "0 collects the body of a request before it is passed on."
);
pub const REQUEST_SIZE: &Clause = option!(
    "server.max-request-size",
    "Server_max-request-sizeDetails",
    "The longest request body that is taken, in kilobytes; 0: any."
);
const DEFAULTS: &Clause = &source(
    "config_init",
    code!("configfile.c"),
    "The values that hold until the configuration is read.",
);
const DEFAULTS_1_4_4: &Clause = &Clause {
    document: "lighttpd 1.4.4 source",
    section: "configfile.c",
    url: "https://github.com/lighttpd/lighttpd1.4/blob/lighttpd-1.4.4/src/configfile.c",
    gist: "128 requests, and 30 seconds between them.",
};
const DEFAULTS_1_4_5: &Clause = &Clause {
    document: "lighttpd 1.4.5 source",
    section: "configfile.c",
    url: "https://github.com/lighttpd/lighttpd1.4/blob/lighttpd-1.4.5/src/configfile.c",
    gist: "16 requests, and 5 seconds between them.",
};
const DEFAULTS_1_4_46: &Clause = &Clause {
    document: "lighttpd 1.4.46 source",
    section: "configfile.c",
    url: "https://github.com/lighttpd/lighttpd1.4/blob/lighttpd-1.4.46/src/configfile.c",
    gist: "100 requests.",
};

pub const WRITE_HEADER: &Clause = &source(
    "http_response_write_header",
    code!("response.c"),
    "No idle time, too many requests, or an unread body: close. To HTTP/1.0 that stays: keep-alive.",
);
pub const SINGLE_HEADER: &Clause = &source(
    "http_request_parse_single_header",
    code!("request.c"),
    "Each Connection line is searched for the word close, else for keep-alive; the last line with either counts.",
);
pub const PARSE: &Clause = &source(
    "http_request_parse",
    code!("request.c"),
    "What is wrong with a request is found here: an error page, and the connection ends.",
);
pub const TIMEOUT: &Clause = &source(
    "connection_check_timeout",
    code!("connections.c"),
    "A wait ends when more whole seconds than the limit have passed: a second later than it says.",
);
pub const READ_STATE: &Clause = &source(
    "connection_handle_read_state",
    code!("connections.c"),
    "A head that is not complete is waited for; one beyond 8 kB is 431.",
);
pub const PROXIED: &Clause = &source(
    "http_response_process_headers",
    code!("http-header-glue.c"),
    "What a server behind it says in Connection is dropped.",
);

const CONNECTIONS: &Clause = &source(
    "server_main_setup",
    code!("server.c"),
    "Without server.max-connections a third of the file descriptors; more than half of them cannot be had.",
);
/// What `listen` is told, unless server.listen-backlog says something else (`network.c`).
const BACKLOG: u32 = 1024;

const fn number(
    name: &'static str,
    max: i64,
    unit: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting {
        name,
        kind: Kind::Number { min: 0, max, unit },
        defaults,
        versions: &[],
        gist,
        special,
    }
}

/// Seconds are kept in sixteen bits.
const fn seconds(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Seconds,
        suffixes: &[],
        min_us: 0,
        max_us: u16::MAX as u64 * 1_000_000,
    };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

const fn streams(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let versions = &["1.4.40", "1.4.46", "1.4.65"];
    Setting { name, kind: Kind::Choice(&["0", "1", "2"]), defaults, versions, gist, special }
}

pub const SETTINGS: &[Setting] = &[
    number(
        "server.max-keep-alive-requests",
        u16::MAX as i64,
        "requests",
        &[
            Cited { value: "128", since: "1.4.4", source: DEFAULTS_1_4_4 },
            Cited { value: "16", since: "1.4.5", source: DEFAULTS_1_4_5 },
            Cited { value: "100", since: "1.4.46", source: DEFAULTS_1_4_46 },
            Cited { value: "1000", since: "1.4.65", source: DEFAULTS },
        ],
        "How many answers keep the connection; the one after them says close.",
        "0 closes after the first answer. One request more than the number is served",
    ),
    seconds(
        "server.max-keep-alive-idle",
        &[
            Cited { value: "30", since: "1.4.4", source: DEFAULTS_1_4_4 },
            Cited { value: "5", since: "1.4.5", source: DEFAULTS },
        ],
        "How long a kept connection may stay idle.",
        "0 keeps nothing. Whole seconds are counted, and the limit has to be passed: an idle server \
         closes one second later than this says",
    ),
    seconds(
        "server.max-read-idle",
        &[Cited { value: "60", since: "", source: READ_IDLE }],
        "How long the server waits for more of a request.",
        "holds for the first request of a connection, and for every body",
    ),
    seconds(
        "server.max-write-idle",
        &[Cited { value: "360", since: "", source: WRITE_IDLE }],
        "How long writing an answer may stand still.",
        "counts while the server behind it is silent, too",
    ),
    streams(
        "server.stream-response-body",
        &[Cited { value: "0", since: "", source: STREAM }],
        "Whether an answer is collected before it is sent.",
        "0 collects: every length is known then, and HTTP/1.0 clients can be kept. 1 and 2 pass on \
         what comes, in chunks or until the close",
    ),
    streams(
        "server.stream-request-body",
        &[Cited { value: "0", since: "", source: STREAM_REQUEST }],
        "Whether the body of a request is collected before it is passed on.",
        "",
    ),
    number(
        "server.max-request-size",
        u32::MAX as i64,
        "kB",
        &[Cited { value: "0", since: "", source: REQUEST_SIZE }],
        "The longest request body that is taken.",
        "0 sets no limit; beyond it 413, and the connection ends",
    ),
    number(
        "server.max-connections",
        u16::MAX as i64,
        "connections",
        &[Cited { value: "0", since: "", source: CONNECTIONS }],
        "How many connections are open at the same time, idle ones included; more wait.",
        "0: a third of the file descriptors; no limit is reckoned with here",
    ),
];

/// The settings as the rule needs them.
pub struct Settings {
    pub requests: u64,
    /// Zero: nothing is kept.
    pub idle: Us,
    pub read_idle: Us,
    /// Answers are passed on as they come.
    pub streams: bool,
    /// None: no limit.
    pub body_bytes: Option<u64>,
    /// Connections that it holds; idle ones count. None: no limit that a run could meet.
    pub workers: Option<Workers>,
}

impl Settings {
    pub fn of(config: &Config) -> Self {
        let number = |name| u64::try_from(config.number(name)).unwrap_or(0);
        // Before 1.4.40 nothing was collected.
        let old = matches!(config.version_id(), "1.4.4" | "1.4.5");
        let kilobytes = number("server.max-request-size");
        Self {
            requests: number("server.max-keep-alive-requests"),
            idle: config.time("server.max-keep-alive-idle"),
            read_idle: config.time("server.max-read-idle"),
            streams: old || config.text("server.stream-response-body") != "0",
            body_bytes: (kilobytes > 0).then_some(kilobytes * 1024),
            workers: u32::try_from(number("server.max-connections"))
                .ok()
                .filter(|&count| count > 0)
                .map(|count| Workers { count, held: Held::Connection, backlog: BACKLOG }),
        }
    }
}
