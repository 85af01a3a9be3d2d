//! Java's `HttpURLConnection`. The behaviour of 17 was measured on 17.0.15, that of 25 on 25.0.3.
//!
//! The application reads every answer to its end and does not follow redirections.
use super::shared::{add_missing, host_of};
use crate::profile::{
    Cited, ClientAfter, ClientRule, ClientSees, Config, ConfigError, Kind, MakeRule, Picks,
    Product, Setting, Sweeper, VersionInfo,
};
use crate::protocol::{Clause, Headers, Reason, Request, Response, Strength, Version, clause};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "java-httpurlconnection",
    name: "Java HttpURLConnection",
    gist: "Any Connection field but keep-alive means close; idle connections are swept every 5 s, and any request is sent twice if need be.",
    versions: &[
        VersionInfo { id: "17", note: "2021; measured: 17.0.15" },
        VersionInfo { id: "21", note: "2023: the sweeper ends later" },
        VersionInfo { id: "25", note: "2025; measured: 25.0.3" },
    ],
    settings: SETTINGS,
    source: PARSE_HEADER,
    rule: MakeRule::Client(configure),
};

const HTTP_CLIENT: &str = "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/net/www/http/HttpClient.java";

const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "OpenJDK 17 source", section, url, gist }
}

const PARSE_HEADER: &Clause = &source(
    "HttpClient.parseHTTPHeader",
    HTTP_CLIENT,
    "Connection: keep-alive, the last such field as a whole, keeps the connection; any other text closes it; none keeps it from HTTP/1.1 on.",
);
const PARSE_HTTP: &Clause = &source(
    "HttpClient.parseHTTP",
    HTTP_CLIENT,
    "A request whose answer does not begin is sent once more on a new connection, POST too unless retryPost is false.",
);
const CACHE: &Clause = &source(
    "KeepAliveCache",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/net/www/http/KeepAliveCache.java",
    "Idle connections of one server share the limit of the first, 5 s unless its server said otherwise; a thread looks every 5 s.",
);
const ERROR_STREAM: &Clause = &source(
    "HttpURLConnection",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.base/share/classes/sun/net/www/protocol/http/HttpURLConnection.java",
    "With errorstream.enableBuffering the body of an error is read at once if it is short.",
);
const PROPERTIES: &Clause = &Clause {
    document: "Java SE 17 networking properties",
    section: "Misc HTTP properties",
    url: "https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/net/doc-files/net-properties.html",
    gist: "http.keepAlive is true, http.maxConnections is 5, and a server's own time goes before http.keepAlive.time.server.",
};

const KEEP_ALIVE: &str = "http.keepAlive";
const MOST_IDLE: &str = "http.maxConnections";
const TIME: &str = "http.keepAlive.time.server";
const RETRY_POST: &str = "sun.net.http.retryPost";
const BUFFERING: &str = "sun.net.http.errorstream.enableBuffering";

const TRUE_FALSE: Kind = Kind::Flag { on: "true", off: "false" };

const fn setting(
    name: &'static str,
    kind: Kind,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind, defaults, versions: &[], gist, special }
}

const SETTINGS: &[Setting] = &[
    setting(
        KEEP_ALIVE,
        TRUE_FALSE,
        &[Cited { value: "true", since: "", source: PROPERTIES }],
        "Whether connections are kept; without, every request says close.",
        "",
    ),
    setting(
        MOST_IDLE,
        Kind::Number { min: -1, max: i32::MAX as i64, unit: "connections" },
        &[Cited { value: "5", since: "", source: PROPERTIES }],
        "How many idle connections to one server are kept; open ones are not limited.",
        "0 or less means 5. One more, and the one idle longest is closed",
    ),
    setting(
        TIME,
        Kind::Number { min: -1, max: i32::MAX as i64 / 1000, unit: "s" },
        &[Cited { value: "-1", since: "", source: PROPERTIES }],
        "How long a connection may be idle if the server gave no time.",
        "0 closes after use, -1 means 5. It is seen to every 5 s only: 5 can become 10",
    ),
    setting(
        RETRY_POST,
        TRUE_FALSE,
        &[Cited { value: "true", since: "", source: PARSE_HTTP }],
        "Whether POST is sent again, as all else is, if the connection dies before an answer.",
        "once, and on a new connection as well",
    ),
    setting(
        BUFFERING,
        TRUE_FALSE,
        &[Cited { value: "false", since: "", source: ERROR_STREAM }],
        "Whether the body of an error is read at once, so that its connection is free.",
        "left out, the application is taken to read error bodies; set, not to",
    ),
    setting(
        "http.KeepAlive.remainingData",
        Kind::Number { min: 0, max: i32::MAX as i64, unit: "kB" },
        &[Cited { value: "512", since: "", source: PROPERTIES }],
        "How much of an answer that was closed unread is drained in the background.",
        "here answers are read to their end",
    ),
];

struct JavaUrl {
    keeps: bool,
    most_idle: u32,
    /// For servers that give no time.
    idle: Us,
    retries_post: bool,
    /// The application leaves the bodies of errors unread; are they read for it?
    buffers: Option<bool>,
    lingers: bool,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    const FIVE: i64 = 5;
    let most = config.number(MOST_IDLE);
    let time = config.number(TIME);
    let time = if time < 0 { FIVE } else { time };
    Ok(Box::new(JavaUrl {
        keeps: config.flag(KEEP_ALIVE),
        most_idle: u32::try_from(if most <= 0 { FIVE } else { most }).unwrap_or(u32::MAX),
        idle: Us::from_secs(u64::try_from(time).unwrap_or(5)),
        retries_post: config.flag(RETRY_POST),
        buffers: config.is_set(BUFFERING).then(|| config.flag(BUFFERING)),
        lingers: config.version > 0,
    }))
}

/// What an answer says about the connection.
struct Told {
    /// Requests that are left, this one included.
    uses: i64,
    /// In seconds.
    timeout: Option<u64>,
    because: (&'static str, &'static str),
}

/// The last line with this name: others are not looked at.
fn last<'a>(headers: &'a Headers, name: &'a str) -> Option<&'a str> {
    headers.all(name).last().map(|value| value.trim_matches(|c: char| c <= ' '))
}

/// A number behind a word of the Keep-Alive field.
fn number(hint: &str, word: &str) -> Option<i64> {
    let parts = hint.split([',', ' ']).map(str::trim);
    let pairs = parts.filter_map(|part| part.split_once('='));
    let mut found = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case(word));
    found.next().and_then(|(_, value)| value.trim_matches([' ', '"']).parse().ok())
}

/// Requests on one connection where nothing is said; each answer sets the count anew.
const USES: i64 = 5;

fn told(response: &Response) -> Told {
    let none = |uses, because| Told { uses, timeout: None, because };
    match last(&response.headers, "connection") {
        Some(word) if word.eq_ignore_ascii_case("keep-alive") => {
            let hint = last(&response.headers, "keep-alive").unwrap_or("");
            let uses = number(hint, "max").filter(|max| *max >= 0).unwrap_or(USES);
            let timeout = number(hint, "timeout").and_then(|seconds| u64::try_from(seconds).ok());
            Told { uses, timeout, because: ("max-in-response", "the answer says max=1 or less") }
        }
        _ if response.version == Version::Http10 => {
            let fact = "the HTTP/1.0 answer does not say keep-alive";
            none(0, ("http10-not-confirmed", fact))
        }
        Some(word) if word.eq_ignore_ascii_case("close") => {
            none(1, ("close-in-response", "the answer says close"))
        }
        Some(_) => {
            let fact = "a Connection field that is not keep-alive counts as close";
            none(1, ("connection-not-keep-alive", fact))
        }
        None => none(USES, ("", "")),
    }
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength: Strength::Practice }
}

impl JavaUrl {
    /// Does the application have the whole body, so that the connection is free?
    fn is_read(&self, status: u16, bytes: u64) -> bool {
        const BUFFER: u64 = 4096;
        match self.buffers {
            Some(buffers) if status >= 400 && bytes > 0 => buffers && bytes <= BUFFER,
            _ => true,
        }
    }
}

impl ClientRule for JavaUrl {
    /// As many as there are requests at a time.
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut request = composed.clone();
        request.version = Version::Http11;
        let closes =
            composed.headers.all("connection").any(|line| line.eq_ignore_ascii_case("close"));
        for name in RESTRICTED {
            request.headers.remove(name);
        }
        add_missing(
            &mut request.headers,
            "Host",
            composed.headers.first("host").unwrap_or_else(|| host_of(composed)),
        );
        let connection = if closes || !self.keeps { "close" } else { "keep-alive" };
        request.headers.push("Connection", connection);
        if body_bytes > 0 || composed.method == "POST" {
            request.headers.push("Content-Length", body_bytes.to_string());
        }
        Some(request)
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn idle_room(&self) -> u32 {
        self.most_idle
    }

    fn longest_idle_goes(&self) -> bool {
        true
    }

    fn no_room_reason(&self) -> Reason {
        let fact = "more idle connections than http.maxConnections: the one idle longest goes";
        practice("max-idle-connections", fact, PROPERTIES)
    }

    fn sweeper(&self) -> Option<Sweeper> {
        Some(Sweeper { every: Us::from_secs(5), lingers: self.lingers })
    }

    fn watches_idle(&self) -> bool {
        false
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        if matches!(response.version, Version::Http09) {
            return ClientAfter::AwaitClose;
        }
        let is_http1 = matches!(
            response.version,
            Version::Http10 | Version::Http11 | Version::Other { major: 1, .. }
        );
        if !is_http1 {
            let fact = "the answer is not HTTP/1: no answer is read from it";
            return ClientAfter::Close(practice("response-not-http1", fact, PARSE_HEADER));
        }
        let told = told(response);
        let headers = &response.headers;
        let chunked =
            last(headers, "transfer-encoding").is_some_and(|te| te.eq_ignore_ascii_case("chunked"));
        let bodiless = sees.request.method == "HEAD" || matches!(response.status, 204 | 304);
        let length = last(headers, "content-length").and_then(|text| text.parse::<i64>().ok());
        if !chunked && !bodiless && length.is_none_or(|length| length < 0) {
            return ClientAfter::AwaitClose; // the close is the end
        }
        if !self.is_read(response.status, sees.answer.body_bytes) {
            return ClientAfter::AwaitClose; // forgotten: neither used again nor closed
        }
        if !self.keeps {
            let fact = "http.keepAlive is false";
            return ClientAfter::Close(practice("keep-alive-off", fact, PROPERTIES));
        }
        if told.uses <= 1 {
            let (rule, fact) = told.because;
            return ClientAfter::Close(practice(rule, fact, PARSE_HEADER));
        }
        ClientAfter::Keep { idle_limit: Some(told.timeout.map_or(self.idle, Us::from_secs)) }
    }

    fn retries(&self, request: &Request) -> bool {
        request.method != "CONNECT" && (request.method != "POST" || self.retries_post)
    }

    fn retries_at_first(&self) -> bool {
        true
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        let fact = format!("it was idle for {limit} when the sweeper came, which looks every 5 s");
        Reason {
            rule: "client-idle-limit",
            fact: fact.into(),
            clause: if limit == Us::ZERO { clause::TIMEOUTS } else { CACHE },
            strength: Strength::May,
        }
    }
}

/// Fields that an application may not set; Connection only to close.
const RESTRICTED: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "origin",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
];
