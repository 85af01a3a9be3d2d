//! Java's `java.net.http.HttpClient`, over HTTP/1. The behaviour of 17 was measured on 17.0.15,
//! that of 25 on 25.0.3.
use super::shared::{add_missing, host_of, idle_reason};
use crate::profile::{
    Cited, ClientAfter, ClientRule, ClientSees, Config, ConfigError, Kind, MakeRule, Picks,
    Product, Setting, VersionInfo,
};
use crate::protocol::{Clause, Framing, Reason, Request, Strength, Version, framing};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "java-net-http",
    name: "Java HttpClient",
    gist: "Keeps every connection whose answer does not say close, HTTP/1.0 too, and takes the one idle longest first.",
    versions: &[
        VersionInfo { id: "17", note: "2021: idle for 20 minutes; measured: 17.0.15" },
        VersionInfo { id: "21", note: "2023: idle for 30 s" },
        VersionInfo { id: "25", note: "2025; measured: 25.0.3" },
    ],
    settings: SETTINGS,
    source: RESPONSE,
    rule: MakeRule::Client(configure),
};

const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "OpenJDK 17 source", section, url, gist }
}

const RESPONSE: &Clause = &source(
    "Http1Response",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.net.http/share/classes/jdk/internal/net/http/Http1Response.java",
    "The connection goes back to the pool unless the first Connection field of the answer is close; the version does not matter.",
);
const POOL: &Clause = &source(
    "ConnectionPool",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.net.http/share/classes/jdk/internal/net/http/ConnectionPool.java",
    "Idle connections wait in a queue, the oldest is taken; their time counts from the full second before. 1200 s.",
);
const RETRY: &Clause = &source(
    "MultiExchange",
    "https://github.com/openjdk/jdk17u/blob/master/src/java.net.http/share/classes/jdk/internal/net/http/MultiExchange.java",
    "GET and HEAD are sent once more if the connection ends before the answer begins.",
);
const SHORTER: &Clause = &Clause {
    document: "OpenJDK",
    section: "JDK-8297030",
    url: "https://bugs.openjdk.org/browse/JDK-8297030",
    gist: "The idle limit went from 1200 s to 30 s in 20, to be shorter than that of most servers.",
};

const IDLE: &str = "jdk.httpclient.keepalive.timeout";
const POOL_SIZE: &str = "jdk.httpclient.connectionPoolSize";
const ALL_METHODS: &str = "jdk.httpclient.enableAllMethodRetry";
const VERSION: &str = "HttpClient.version";

const SETTINGS: &[Setting] = &[
    Setting {
        name: IDLE,
        kind: Kind::Number { min: -1, max: i32::MAX as i64, unit: "s" },
        defaults: &[
            Cited { value: "1200", since: "17", source: POOL },
            Cited { value: "30", since: "21", source: SHORTER },
        ],
        versions: &[],
        gist: "How long a connection may be idle; what the server announces is not looked at.",
        special: "counted from the full second before: up to 1 s less. 0 or less closes after use",
    },
    Setting {
        name: POOL_SIZE,
        kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "connections" },
        defaults: &[Cited { value: "0", since: "", source: POOL }],
        versions: &[],
        gist: "How many connections are kept idle; open ones are not limited.",
        special: "0: no limit. One more, and the one idle longest is closed",
    },
    Setting {
        name: ALL_METHODS,
        kind: Kind::Flag { on: "true", off: "false" },
        defaults: &[Cited { value: "false", since: "", source: RETRY }],
        versions: &[],
        gist: "Whether POST and all else is sent again, too, if the connection ends too early.",
        special: "",
    },
    Setting {
        name: VERSION,
        kind: Kind::Choice(&["HTTP_2", "HTTP_1_1"]),
        defaults: &[Cited { value: "HTTP_2", since: "", source: RESPONSE }],
        versions: &[],
        gist: "What the client would like to speak: for HTTP/2 every request offers an upgrade.",
        special: "the servers here go on with HTTP/1",
    },
];

struct JavaNetHttp {
    idle: Us,
    room: u32,
    all_methods: bool,
    upgrades: bool,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    // On average: the time of day at which the run began is not known.
    const HALF_A_SECOND: Us = Us::from_ms(500);
    let idle = Us::from_secs(u64::try_from(config.number(IDLE)).unwrap_or(0));
    let room = u32::try_from(config.number(POOL_SIZE)).unwrap_or(u32::MAX);
    Ok(Box::new(JavaNetHttp {
        idle: if idle == Us::ZERO { idle } else { idle - HALF_A_SECOND },
        room: if room == 0 { u32::MAX } else { room },
        all_methods: config.flag(ALL_METHODS),
        upgrades: config.text(VERSION) == "HTTP_2",
    }))
}

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength: Strength::Practice }
}

impl ClientRule for JavaNetHttp {
    /// As many as there are requests at a time.
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut request = composed.clone();
        request.version = Version::Http11;
        for name in RESTRICTED {
            request.headers.remove(name);
        }
        if self.upgrades {
            request.headers.push("Connection", "Upgrade, HTTP2-Settings");
        }
        if body_bytes > 0 || composed.method == "POST" {
            request.headers.push("Content-Length", body_bytes.to_string());
        }
        let host = composed.headers.first("host").unwrap_or_else(|| host_of(composed));
        add_missing(&mut request.headers, "Host", host);
        if self.upgrades {
            request
                .headers
                .push("HTTP2-Settings", "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA");
            request.headers.push("Upgrade", "h2c");
        }
        Some(request)
    }

    fn picks(&self) -> Picks {
        Picks::FirstFreed
    }

    fn idle_room(&self) -> u32 {
        self.room
    }

    fn longest_idle_goes(&self) -> bool {
        true
    }

    fn no_room_reason(&self) -> Reason {
        let fact = "more idle connections than connectionPoolSize: the one idle longest goes";
        practice("max-idle-connections", fact, POOL)
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        let is_http1 = matches!(
            response.version,
            Version::Http10 | Version::Http11 | Version::Other { major: 1, .. }
        );
        if !is_http1 {
            return ClientAfter::AwaitClose; // an error for the application, and forgotten
        }
        let framing = framing::response(response, &sees.request.method);
        if matches!(framing, Framing::CloseDelimited | Framing::Invalid)
            && !is_chunked_in_http10(sees)
        {
            return ClientAfter::AwaitClose;
        }
        let first = response.headers.first("connection");
        if first.is_some_and(|line| line.trim().eq_ignore_ascii_case("close")) {
            let fact = "the first Connection field of the answer is close";
            return ClientAfter::Close(practice("close-in-response", fact, RESPONSE));
        }
        ClientAfter::Keep { idle_limit: Some(self.idle) }
    }

    fn retries(&self, request: &Request) -> bool {
        self.all_methods || matches!(request.method.as_str(), "GET" | "HEAD")
    }

    fn retries_at_first(&self) -> bool {
        true
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, IDLE)
    }
}

/// Chunks in an HTTP/1.0 answer are read like any others.
fn is_chunked_in_http10(sees: &ClientSees<'_>) -> bool {
    let response = &sees.answer.response;
    let coding = response.headers.first("transfer-encoding");
    response.version == Version::Http10
        && coding.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
}

/// Fields that an application may not set.
const RESTRICTED: [&str; 5] = ["connection", "content-length", "expect", "host", "upgrade"];
