//! The settings of Node's HTTP server, each default with its version and the page that says so.
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, Kind, Setting, VersionInfo};
use crate::protocol::Clause;
use crate::time::Us;

/// Told apart by what a server does. The main branch stands first although it is the newest: what is
/// meant where no version is named is the newest release.
pub const VERSIONS: &[VersionInfo] = &[
    VersionInfo { id: "main", note: "not released when this was written: waits 65 s" },
    VersionInfo { id: "18", note: "2022: the Host field may be missing" },
    VersionInfo { id: "20.0", note: "2023: a Host field is needed; measured: 20.20.2, see 20.19" },
    VersionInfo {
        id: "20.19",
        note: "waits a second longer than it says; the first release that does lies between 20.9 and 20.19",
    },
    VersionInfo { id: "22.0", note: "2024" },
    VersionInfo {
        id: "22.10",
        note: "waits a second longer than it says; the first release that does is not certain",
    },
    VersionInfo { id: "22.19", note: "2025: the second can be set" },
    VersionInfo { id: "24.0", note: "2025: the second cannot be set" },
    VersionInfo { id: "24.6", note: "2025: it can be set" },
    VersionInfo { id: "26", note: "2026" },
];

const DOCS: &str = "https://nodejs.org/api/http.html";

/// A part of the manual of the module `http`.
const fn manual(section: &'static str, gist: &'static str) -> Clause {
    Clause { document: "Node.js manual", section, url: DOCS, gist }
}

/// One place in the source, where the manual is silent.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "Node.js 20.20.2 source", section, url, gist }
}

const SERVER_JS: &str = "https://github.com/nodejs/node/blob/v20.20.2/lib/_http_server.js";
const OUTGOING_JS: &str = "https://github.com/nodejs/node/blob/v20.20.2/lib/_http_outgoing.js";

pub const TIMEOUT: &Clause = &manual(
    "server.keepAliveTimeout",
    "How long the server waits for another request; announced in whole seconds. 0: no such limit.",
);
pub const BUFFER: &Clause = &manual(
    "server.keepAliveTimeoutBuffer",
    "Added to the wait and not announced, so that a client that relies on the number is never late.",
);
pub const REQUESTS: &Clause = &manual(
    "server.maxRequestsPerSocket",
    "After so many requests an answer says close, and later ones get 503; the connection is left open.",
);
pub const HEADERS: &Clause = &manual(
    "server.headersTimeout",
    "How long the head of a request may take; then 408 and close.",
);
const REQUEST: &Clause =
    &manual("server.requestTimeout", "How long a whole request may take; then 408 and close.");
pub const SOCKET: &Clause = &manual(
    "server.timeout",
    "How long nothing may happen on a connection; then it is closed without a word.",
);
const CHECKING: &Clause = &manual(
    "http.createServer, connectionsCheckingInterval",
    "How often the server looks for requests that take too long.",
);
pub const HOST: &Clause = &manual(
    "http.createServer, requireHostHeader",
    "Whether an HTTP/1.1 request without Host gets 400.",
);
const LONGER: &Clause = &Clause {
    document: "Node.js pull request",
    section: "62782",
    url: "https://github.com/nodejs/node/pull/62782",
    gist: "keepAliveTimeout becomes 65 s on the main branch.",
};

pub const STORE_HEADER: &Clause = &source(
    "_storeHeader",
    OUTGOING_JS,
    "What the application says in Connection decides, else the request; without a length an HTTP/1.0 answer ends with the close.",
);
pub const PARSER: &Clause = &Clause {
    document: "llhttp source",
    section: "http.ts",
    url: "https://github.com/nodejs/llhttp/blob/v9.3.1/src/llhttp/http.ts",
    gist: "How the start line and the fields are read, Proxy-Connection like Connection; the versions known are 0.9, 1.0, 1.1 and 2.0.",
};
pub const ON_INCOMING: &Clause = &source(
    "parserOnIncoming",
    SERVER_JS,
    "A missing Host gets 400, a request beyond the limit 503, an unknown expectation 417; only HTTP/1.1 is looked at.",
);
pub const CONNECT: &Clause = &source(
    "onParserExecuteCommon",
    SERVER_JS,
    "CONNECT without a listener for it: the connection is closed without an answer.",
);

const fn ms(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Time {
        unit: TimeUnit::Milliseconds,
        suffixes: &[],
        min_us: 0,
        max_us: 2_147_483_647_000,
    };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

pub const SETTINGS: &[Setting] = &[
    ms(
        "server.keepAliveTimeout",
        &[
            Cited { value: "65000", since: "main", source: LONGER },
            Cited { value: "5000", since: "18", source: TIMEOUT },
        ],
        "How long the server waits for another request, as it announces it.",
        "0: no limit of this kind, only server.timeout, and no Keep-Alive field. Newer versions wait a second longer",
    ),
    ms(
        "server.keepAliveTimeoutBuffer",
        &[Cited { value: "1000", since: "", source: BUFFER }],
        "What is added to that wait without being announced.",
        "Felt since 22.19 and 24.6. In 20.19, 22.10 and 24 it is always a second, before them nothing",
    ),
    Setting {
        name: "server.maxRequestsPerSocket",
        kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "requests" },
        defaults: &[Cited { value: "0", since: "", source: REQUESTS }],
        versions: &[],
        gist: "After so many requests the answer says close, and further ones get 503.",
        special: "0: no limit. The connection is not closed for it. HTTP/1.0 requests are not counted",
    },
    ms(
        "server.timeout",
        &[Cited { value: "0", since: "", source: SOCKET }],
        "How long nothing may happen on a connection while a request is worked on.",
        "0: no limit. Between two requests keepAliveTimeout takes its place, unless that is 0",
    ),
    ms(
        "server.headersTimeout",
        &[Cited { value: "60000", since: "", source: HEADERS }],
        "How long the head of a request may take.",
        "0: no limit. A look every connectionsCheckingInterval, so the 408 can be that late",
    ),
    ms(
        "server.requestTimeout",
        &[Cited { value: "300000", since: "", source: REQUEST }],
        "How long a whole request may take.",
        "0: no limit. A look every connectionsCheckingInterval, so the 408 can be that late",
    ),
    ms(
        "connectionsCheckingInterval",
        &[Cited { value: "30000", since: "", source: CHECKING }],
        "How often the server looks for requests that take too long.",
        "an option of http.createServer",
    ),
    Setting {
        name: "requireHostHeader",
        kind: Kind::Flag { on: "true", off: "false" },
        defaults: &[
            Cited { value: "true", since: "main", source: HOST },
            Cited { value: "false", since: "18", source: HOST },
            Cited { value: "true", since: "20.0", source: HOST },
        ],
        versions: &[],
        gist: "Whether an HTTP/1.1 request without Host gets 400.",
        special: "an option of http.createServer, since 20",
    },
];

/// The settings as the rule needs them.
pub struct Settings {
    /// As announced; 0: no such wait.
    pub keep_alive: Us,
    pub buffer: Us,
    /// 0: no limit.
    pub max_requests: u64,
    /// 0: no limit.
    pub socket: Us,
    /// The first of the two limits of an unfinished head; 0: none.
    pub head: Us,
    pub checked_every: Us,
    pub needs_host: bool,
}

impl Settings {
    pub fn of(config: &Config) -> Self {
        let (headers, request) =
            (config.time("server.headersTimeout"), config.time("server.requestTimeout"));
        Self {
            keep_alive: config.time("server.keepAliveTimeout"),
            buffer: match config.version_id() {
                "18" | "20.0" | "22.0" => Us::ZERO,
                "20.19" | "22.10" | "24.0" => Us::from_secs(1),
                _ => config.time("server.keepAliveTimeoutBuffer"),
            },
            max_requests: u64::try_from(config.number("server.maxRequestsPerSocket")).unwrap_or(0),
            socket: config.time("server.timeout"),
            head: if headers == Us::ZERO { request } else { headers },
            checked_every: config.time("connectionsCheckingInterval"),
            needs_host: config.flag("requireHostHeader"),
        }
    }
}
