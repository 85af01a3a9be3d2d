//! The settings of nginx, each default with its version and the page that says so.
use super::time::{Unit, parse};
use crate::profile::{Cited, Config, ConfigError, Kind, Setting};
use crate::protocol::Clause;
use crate::time::Us;

/// A directive of the core module: its place in the manual.
macro_rules! directive {
    ($name:literal, $gist:literal) => {
        &Clause {
            document: "nginx manual",
            section: $name,
            url: concat!("https://nginx.org/en/docs/http/ngx_http_core_module.html#", $name),
            gist: $gist,
        }
    };
}

pub const TIMEOUT: &Clause = directive!(
    "keepalive_timeout",
    "How long a kept connection may stay idle, and a second number for the Keep-Alive field; 0 keeps nothing."
);
pub const REQUESTS: &Clause = directive!(
    "keepalive_requests",
    "How many requests one connection may carry; 1000 since 1.19.10, 100 before."
);
pub const TIME: &Clause = directive!(
    "keepalive_time",
    "How long a connection may be in use; the first request after that is the last. Since 1.19.10."
);
const MIN_TIMEOUT: &Clause = directive!(
    "keepalive_min_timeout",
    "For so long an idle connection is not closed to make room or for a reload. Since 1.27.4."
);
pub const DISABLE: &Clause = directive!(
    "keepalive_disable",
    "Browsers that get no kept connections: msie6 after POST, safari on macOS."
);
pub const CHUNKED: &Clause = directive!(
    "chunked_transfer_encoding",
    "Whether answers of unknown length go out in chunks to HTTP/1.1 clients."
);
pub const HEADER_TIMEOUT: &Clause =
    directive!("client_header_timeout", "How long the head of a request may take.");
pub const BODY_SIZE: &Clause =
    directive!("client_max_body_size", "The longest request body that is taken; 1 MiB.");
pub const LINGERING: &Clause = directive!(
    "lingering_close",
    "Whether what a client still sends is read before a connection is closed for good."
);
const LINGERING_TIME: &Clause = directive!(
    "lingering_time",
    "How long, at most, is read before a connection is closed for good."
);
const LINGERING_TIMEOUT: &Clause = directive!(
    "lingering_timeout",
    "How long more data is waited for before a connection is closed for good."
);

/// A directive of the modules that speak to servers: its place in the manual.
macro_rules! upstream {
    ($page:literal, $name:literal, $gist:literal) => {
        &Clause {
            document: "nginx manual",
            section: $name,
            url: concat!("https://nginx.org/en/docs/http/ngx_http_", $page, "_module.html#", $name),
            gist: $gist,
        }
    };
}

pub const KEEPALIVE: &Clause = upstream!(
    "upstream",
    "keepalive",
    "How many idle connections to servers a worker process keeps; the one used longest ago goes first. Since 1.1.4; 32 without being told since 1.29.7."
);
pub const UPSTREAM_REQUESTS: &Clause = upstream!(
    "upstream",
    "keepalive_requests",
    "How many requests one connection to a server carries: 1000 since 1.19.10, 100 before. Since 1.15.3."
);
pub const UPSTREAM_TIME: &Clause = upstream!(
    "upstream",
    "keepalive_time",
    "How old a connection to a server may be; looked at when a request is over. Since 1.19.10."
);
pub const UPSTREAM_TIMEOUT: &Clause = upstream!(
    "upstream",
    "keepalive_timeout",
    "How long a connection to a server may stay idle: 60 s. Since 1.15.3."
);
const HTTP_VERSION: &Clause = upstream!(
    "proxy",
    "proxy_http_version",
    "The version spoken to servers: 1.0, and 1.1 since 1.29.7. Kept connections want 1.1."
);
const SET_HEADER: &Clause = upstream!(
    "proxy",
    "proxy_set_header",
    "Changes a field of the request to the server; an empty text leaves the field out. Without it, Connection says close."
);
const NEXT_UPSTREAM: &Clause = upstream!(
    "proxy",
    "proxy_next_upstream",
    "When a request is tried again: after an error or a time-out, POST, LOCK and PATCH only with non_idempotent."
);
pub const READ_TIMEOUT: &Clause = upstream!(
    "proxy",
    "proxy_read_timeout",
    "How long a server may be silent between two reads: 60 s, then the client gets 504."
);
const CONNECT_TIMEOUT: &Clause = upstream!(
    "proxy",
    "proxy_connect_timeout",
    "How long opening a connection to a server may take: 60 s."
);
const CHANGES_1_29_7: &Clause = &Clause {
    document: "nginx changes",
    section: "1.29.7",
    url: "https://nginx.org/en/CHANGES",
    gist: "HTTP/1.1 and kept connections to the servers of an upstream block became the default; Connection is no longer sent.",
};

const CHANGES_1_1_18: &Clause = &Clause {
    document: "nginx changes",
    section: "1.1.18",
    url: "https://nginx.org/en/CHANGES",
    gist: "Kept connections are no longer forbidden to Safari by default.",
};

/// One place in the source, where the manual is silent.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "nginx 1.22.1 source", section, url, gist }
}

const REQUEST_C: &str =
    "https://github.com/nginx/nginx/blob/release-1.22.1/src/http/ngx_http_request.c";

pub const HANDLER: &Clause = &source(
    "ngx_http_handler",
    "https://github.com/nginx/nginx/blob/release-1.22.1/src/http/ngx_http_core_module.c",
    "close ends the connection, keep-alive keeps it in any version, and without either word the version decides.",
);
pub const CONNECTION: &Clause = &source(
    "ngx_http_process_connection",
    REQUEST_C,
    "Each Connection line is searched for the letters close, else keep-alive; the last line with either decides.",
);
pub const SPECIAL_RESPONSE: &Clause = &source(
    "ngx_http_special_response_handler",
    "https://github.com/nginx/nginx/blob/release-1.22.1/src/http/ngx_http_special_response.c",
    "After its own 400, 413, 414, 500 and 501, and whatever is wrong with a head, nginx keeps no connection.",
);
pub const PROXIED: &Clause = &source(
    "ngx_http_upstream_headers_in",
    "https://github.com/nginx/nginx/blob/release-1.22.1/src/http/ngx_http_upstream.c",
    "What the server behind it says about its own connection is not passed on.",
);

const fn text(
    name: &'static str,
    placeholder: &'static str,
    defaults: &'static [Cited],
    versions: &'static [&'static str],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind: Kind::Text { placeholder }, defaults, versions, gist, special }
}

const SINCE_1_1_4: &[&str] = &["1.1.18", "1.15.3", "1.19.10", "1.22", "1.27.4", "1.29.7"];
const SINCE_1_15_3: &[&str] = &["1.15.3", "1.19.10", "1.22", "1.27.4", "1.29.7"];
const SINCE_1_19_10: &[&str] = &["1.19.10", "1.22", "1.27.4", "1.29.7"];

pub const SETTINGS: &[Setting] = &[
    text(
        "keepalive_timeout",
        "75s 60s",
        &[Cited { value: "75s", since: "", source: TIMEOUT }],
        &[],
        "How long a kept connection may stay idle; a second value is announced to the client.",
        "0 keeps nothing. The second value goes into the Keep-Alive field as it is, whatever the \
         first one says; 0 or none leaves the field out",
    ),
    Setting {
        name: "keepalive_requests",
        kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "requests" },
        defaults: &[
            Cited { value: "100", since: "1.0", source: REQUESTS },
            Cited { value: "1000", since: "1.19.10", source: REQUESTS },
        ],
        versions: &[],
        gist: "How many requests one connection carries; the last answer says close.",
        special: "0 and 1 close after the first answer",
    },
    text(
        "keepalive_time",
        "1h",
        &[Cited { value: "1h", since: "1.19.10", source: TIME }],
        SINCE_1_19_10,
        "How old a connection may be; the first request after that gets the last answer.",
        "looked at when a request is taken up: an idle connection is not closed for its age",
    ),
    text(
        "keepalive_min_timeout",
        "0",
        &[Cited { value: "0", since: "1.27.4", source: MIN_TIMEOUT }],
        &["1.27.4", "1.29.7"],
        "For so long an idle connection is spared when nginx makes room or reloads.",
        "0 switches it off; it never goes beyond keepalive_timeout",
    ),
    text(
        "keepalive_disable",
        "msie6 safari",
        &[
            Cited { value: "msie6 safari", since: "1.0", source: CHANGES_1_1_18 },
            Cited { value: "msie6", since: "1.1.18", source: DISABLE },
        ],
        &[],
        "Old browsers that get no kept connections.",
        "none spares all; msie6 is felt after POST only",
    ),
    Setting {
        name: "chunked_transfer_encoding",
        kind: Kind::Flag { on: "on", off: "off" },
        defaults: &[Cited { value: "on", since: "", source: CHUNKED }],
        versions: &[],
        gist: "Whether answers of unknown length go out in chunks to HTTP/1.1 clients.",
        special: "off: only the close ends such an answer",
    },
    text(
        "client_header_timeout",
        "60s",
        &[Cited { value: "60s", since: "", source: HEADER_TIMEOUT }],
        &[],
        "How long the head of a request may take.",
        "a stray line end after a body begins the next request: this clock runs then, not keepalive_timeout",
    ),
    Setting {
        name: "lingering_close",
        kind: Kind::Choice(&["on", "off", "always"]),
        defaults: &[Cited { value: "on", since: "", source: LINGERING }],
        versions: &[],
        gist: "Whether what a client still sends is read before a connection is closed for good.",
        special: "off: a client that is still sending gets a reset, and may lose the answer",
    },
    text(
        "lingering_time",
        "30s",
        &[Cited { value: "30s", since: "", source: LINGERING_TIME }],
        &[],
        "How long, at most, is read before a connection is closed for good.",
        "",
    ),
    text(
        "lingering_timeout",
        "5s",
        &[Cited { value: "5s", since: "", source: LINGERING_TIMEOUT }],
        &[],
        "How long more data is waited for before a connection is closed for good.",
        "",
    ),
    text(
        "keepalive",
        "32",
        &[
            Cited { value: "0", since: "1.1.18", source: KEEPALIVE },
            Cited { value: "32 local", since: "1.29.7", source: CHANGES_1_29_7 },
        ],
        SINCE_1_1_4,
        "Idle connections to servers that a worker process keeps.",
        "0: none. Before 1.29.7 that is done by leaving the directive out, and keeping needs \
         proxy_http_version 1.1 and an empty Connection beside it. It does not limit open ones",
    ),
    text(
        "upstream keepalive_timeout",
        "60s",
        &[Cited { value: "60s", since: "1.15.3", source: UPSTREAM_TIMEOUT }],
        SINCE_1_15_3,
        "How long a kept connection to a server may stay idle.",
        "stands in the upstream block; before 1.15.3 there was no limit",
    ),
    Setting {
        name: "upstream keepalive_requests",
        kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "requests" },
        defaults: &[
            Cited { value: "100", since: "1.15.3", source: UPSTREAM_REQUESTS },
            Cited { value: "1000", since: "1.19.10", source: UPSTREAM_REQUESTS },
        ],
        versions: SINCE_1_15_3,
        gist: "How many requests one connection to a server carries.",
        special: "stands in the upstream block; before 1.15.3 there was no limit",
    },
    text(
        "upstream keepalive_time",
        "1h",
        &[Cited { value: "1h", since: "1.19.10", source: UPSTREAM_TIME }],
        SINCE_1_19_10,
        "How old a connection to a server may be.",
        "stands in the upstream block; looked at when a request is over",
    ),
    Setting {
        name: "proxy_http_version",
        kind: Kind::Choice(&["1.0", "1.1"]),
        defaults: &[
            Cited { value: "1.0", since: "1.1.18", source: HTTP_VERSION },
            Cited { value: "1.1", since: "1.29.7", source: CHANGES_1_29_7 },
        ],
        versions: SINCE_1_1_4,
        gist: "The version of HTTP that is spoken to servers.",
        special: "before 1.1.4 always 1.0",
    },
    text(
        "proxy_set_header Connection",
        "\"\"",
        &[
            Cited { value: "close", since: "1.0", source: SET_HEADER },
            Cited { value: "", since: "1.29.7", source: CHANGES_1_29_7 },
        ],
        &[],
        "The Connection field of requests to servers.",
        "an empty text, also written as two quotes, leaves it out: then the version decides",
    ),
    text(
        "proxy_next_upstream",
        "error timeout",
        &[Cited { value: "error timeout", since: "", source: NEXT_UPSTREAM }],
        &[],
        "When a request is tried on another connection or server.",
        "with one server: only after a kept connection died. off: never; non_idempotent: POST too",
    ),
    text(
        "proxy_read_timeout",
        "60s",
        &[Cited { value: "60s", since: "", source: READ_TIMEOUT }],
        &[],
        "How long a server may be silent; then the client gets 504.",
        "",
    ),
    text(
        "proxy_connect_timeout",
        "60s",
        &[Cited { value: "60s", since: "", source: CONNECT_TIMEOUT }],
        &[],
        "How long opening a connection to a server may take.",
        "",
    ),
];

/// The settings as the rule needs them.
pub struct Settings {
    pub idle: Us,
    /// What the Keep-Alive field says, in seconds. None: no such field.
    pub announced_s: Option<u64>,
    pub requests: u64,
    /// None: the version has no such limit.
    pub time: Option<Us>,
    pub msie6: bool,
    pub safari: bool,
    /// Safari is meant on every system, not on macOS only.
    pub any_safari: bool,
    pub chunked: bool,
    pub header_timeout: Us,
    pub lingers: bool,
    /// Since 1.21.1: what is wrong with a field's name or with two lengths is an error.
    pub strict: bool,
}

impl Settings {
    /// # Errors
    /// If a text is not what nginx reads.
    pub fn of(config: &Config) -> Result<Self, ConfigError> {
        let (idle, announced_s) = timeouts(config.text("keepalive_timeout"))?;
        let disable = config.text("keepalive_disable");
        let known = |word| ["none", "msie6", "safari"].contains(&word);
        if disable.trim().is_empty() || !disable.split_whitespace().all(known) {
            let problem = "takes none, or a list of msie6 and safari";
            return Err(ConfigError::new("keepalive_disable", problem));
        }
        let spares = |word| !disable.split_whitespace().any(|known| known == word);
        for name in ["lingering_time", "lingering_timeout"] {
            time(config, name)?;
        }
        if config.is_set("keepalive_min_timeout") {
            time(config, "keepalive_min_timeout")?;
        }
        let release = config.version_id();
        Ok(Self {
            idle,
            announced_s: announced_s.filter(|&seconds| seconds > 0),
            requests: u64::try_from(config.number("keepalive_requests")).unwrap_or(0),
            time: match SINCE_1_19_10.contains(&release) {
                true => Some(time(config, "keepalive_time")?),
                false => None,
            },
            msie6: !spares("msie6"),
            safari: !spares("safari"),
            any_safari: release == "1.0",
            chunked: config.flag("chunked_transfer_encoding"),
            header_timeout: time(config, "client_header_timeout")?,
            lingers: config.text("lingering_close") != "off",
            strict: matches!(release, "1.22" | "1.27.4" | "1.29.7"),
        })
    }
}

/// One or two times: the idle wait, and the seconds to announce.
fn timeouts(text: &str) -> Result<(Us, Option<u64>), ConfigError> {
    const NAME: &str = "keepalive_timeout";
    let mut words = text.split_whitespace();
    let idle = words.next().and_then(|word| parse(word, Unit::Milliseconds));
    let announced = words.next().map(|word| parse(word, Unit::Seconds));
    match (idle, announced, words.next()) {
        (_, Some(None), _) => {
            Err(ConfigError::new(NAME, "the second value is a number of whole seconds: 60, 1m30s"))
        }
        (Some(idle), announced, None) => Ok((Us::from_ms(idle), announced.flatten())),
        (Some(_), _, Some(_)) => Err(ConfigError::new(NAME, "takes one value or two")),
        (None, ..) => Err(bad_time(NAME, text)),
    }
}

pub fn time(config: &Config, name: &str) -> Result<Us, ConfigError> {
    let text = config.text(name);
    parse(text, Unit::Milliseconds).map(Us::from_ms).ok_or_else(|| bad_time(name, text))
}

fn bad_time(name: &str, text: &str) -> ConfigError {
    let grammar = "numbers with w d h m s ms, the longest unit first, such as 75s or 1m30s";
    ConfigError::new(name, format!("{text:?} is no time; nginx reads {grammar}"))
}
