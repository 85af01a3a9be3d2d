//! What can be set of curl, and where that is said.
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Kind, Setting, VersionInfo};
use crate::protocol::Clause;

pub const VERSIONS: &[VersionInfo] = &[
    VersionInfo { id: "7.7", note: "2001: no idle limit" },
    VersionInfo { id: "7.65", note: "2019: an idle limit, 118 s" },
    VersionInfo { id: "7.80", note: "2021: a limit of the age; measured: 7.88.1" },
    VersionInfo { id: "8.0", note: "2023: as 7.80" },
    VersionInfo { id: "8.8", note: "2024: close wins over keep-alive in one line of HTTP/1.0" },
    VersionInfo {
        id: "8.15",
        note: "2025: limits to the millisecond; 0 switches the idle limit off",
    },
    VersionInfo { id: "8.17", note: "2025: the age is limited to 24 h" },
    VersionInfo { id: "8.20", note: "2026: whole words in Connection" },
];

pub const SETTINGS: &[Setting] = &[
    MAX_AGE,
    MAX_LIFETIME,
    MAX_CONNECTS,
    flag(
        "CURLOPT_FORBID_REUSE",
        &[by("0", FORBID)],
        "Closes the connection when the transfer is done.",
        "",
    ),
    flag(
        "CURLOPT_FRESH_CONNECT",
        &[by("0", FRESH)],
        "Opens a new connection for each transfer.",
        "the one that is left is kept all the same, and never used",
    ),
    option(
        "--http1.0",
        &[by("off", HTTP)],
        "Every request says HTTP/1.0.",
        "without it, the exchange's own version",
    ),
    option(
        "--http1.1",
        &[by("off", HTTP)],
        "Every request says HTTP/1.1.",
        "without it, the exchange's own version",
    ),
    option(
        "--no-keepalive",
        &[by("off", PROBES)],
        "Switches off the system's own probes of the TCP connection.",
        "has nothing to do with HTTP: connections are kept just the same",
    ),
];

pub const SOURCE: &Clause = &Clause {
    document: "curl 7.88.1 source",
    section: "lib/http.c, Curl_http_header",
    url: "https://github.com/curl/curl/blob/curl-7_88_1/lib/http.c",
    gist: "An HTTP/1.0 answer closes unless a Connection line holds keep-alive; any line that holds close closes. Text is looked for, not words.",
};

const fn easy(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "libcurl manual", section, url, gist }
}

const MAX_AGE_TEXT: &Clause = &easy(
    "CURLOPT_MAXAGE_CONN",
    "https://curl.se/libcurl/c/CURLOPT_MAXAGE_CONN.html",
    "A connection that was idle for longer is closed instead of being used; 118 s by default.",
);
pub const LIFETIME_TEXT: &Clause = &easy(
    "CURLOPT_MAXLIFETIME_CONN",
    "https://curl.se/libcurl/c/CURLOPT_MAXLIFETIME_CONN.html",
    "A connection that was opened longer ago is not used again.",
);
pub const CONNECTS_TEXT: &Clause = &easy(
    "CURLOPT_MAXCONNECTS",
    "https://curl.se/libcurl/c/CURLOPT_MAXCONNECTS.html",
    "How many connections the cache holds; the oldest idle one is closed for a new one.",
);
pub const FORBID: &Clause = &easy(
    "CURLOPT_FORBID_REUSE",
    "https://curl.se/libcurl/c/CURLOPT_FORBID_REUSE.html",
    "1 closes the connection when the transfer is done; 0 by default.",
);
const FRESH: &Clause = &easy(
    "CURLOPT_FRESH_CONNECT",
    "https://curl.se/libcurl/c/CURLOPT_FRESH_CONNECT.html",
    "1 makes the next transfer use a new connection; 0 by default.",
);
const HTTP: &Clause = &Clause {
    document: "curl manual",
    section: "--http1.0, --http1.1",
    url: "https://curl.se/docs/manpage.html#--http10",
    gist: "Which version of HTTP the request says.",
};
const PROBES: &Clause = &Clause {
    document: "curl manual",
    section: "--no-keepalive",
    url: "https://curl.se/docs/manpage.html#--no-keepalive",
    gist: "Keepalive is here what TCP calls so: packets without content that test whether the other end is there.",
};

const SINCE_7_65: &[&str] = &["7.65", "7.80", "8.0", "8.8", "8.15", "8.17", "8.20"];

const SECONDS: Kind =
    Kind::Time { unit: TimeUnit::Seconds, suffixes: &[], min_us: 0, max_us: 2_147_483_647_000_000 };

pub const MAX_AGE: Setting = Setting {
    name: "CURLOPT_MAXAGE_CONN",
    kind: SECONDS,
    defaults: &[Cited { value: "118", since: "", source: MAX_AGE_TEXT }],
    versions: SINCE_7_65,
    gist: "A connection that was idle for longer is closed when the next transfer looks at it.",
    special: "counted in whole seconds before 8.15, so one second more; there 0 means 1 s, from then on no limit",
};

pub const MAX_LIFETIME: Setting = Setting {
    name: "CURLOPT_MAXLIFETIME_CONN",
    kind: SECONDS,
    defaults: &[
        Cited { value: "0", since: "", source: LIFETIME_TEXT },
        Cited { value: "86400", since: "8.17", source: LIFETIME_TEXT },
    ],
    versions: &["7.80", "8.0", "8.8", "8.15", "8.17", "8.20"],
    gist: "A connection that was opened longer ago is closed when the next transfer looks at it.",
    special: "0: no limit",
};

pub const MAX_CONNECTS: Setting = Setting {
    name: "CURLOPT_MAXCONNECTS",
    kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "connections" },
    defaults: &[Cited { value: "5", since: "", source: CONNECTS_TEXT }],
    versions: &[],
    gist: "How many connections are kept; for one more, the one idle longest is closed.",
    special: "0: no limit. With one server there is one connection, unless CURLOPT_FRESH_CONNECT is set",
};

/// An option of the library: 1 or 0.
const fn flag(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Flag { on: "1", off: "0" };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

/// An option of the command line, which stands there or does not.
const fn option(
    name: &'static str,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    let kind = Kind::Flag { on: "", off: "off" };
    Setting { name, kind, defaults, versions: &[], gist, special }
}

const fn by(value: &'static str, source: &'static Clause) -> Cited {
    Cited { value, since: "", source }
}
