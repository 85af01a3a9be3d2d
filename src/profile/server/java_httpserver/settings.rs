//! The system properties of the server, each default with its source. They are given to the `java`
//! program, which is why the names begin with `-D`.
use crate::profile::server::{Held, Workers};
use crate::profile::setting::TimeUnit;
use crate::profile::{Cited, Config, Kind, Setting};
use crate::protocol::Clause;
use crate::time::Us;

/// A place in the source of OpenJDK 17.
const fn source(section: &'static str, url: &'static str, gist: &'static str) -> Clause {
    Clause { document: "OpenJDK 17 source", section, url, gist }
}

const SERVER_IMPL: &str = "https://github.com/openjdk/jdk17u/blob/master/src/jdk.httpserver/share/classes/sun/net/httpserver/ServerImpl.java";
const EXCHANGE_IMPL: &str = "https://github.com/openjdk/jdk17u/blob/master/src/jdk.httpserver/share/classes/sun/net/httpserver/ExchangeImpl.java";
const SERVER_CONFIG: &str = "https://github.com/openjdk/jdk17u/blob/master/src/jdk.httpserver/share/classes/sun/net/httpserver/ServerConfig.java";

pub const EXCHANGE: &Clause = &source(
    "ServerImpl.Exchange.run",
    SERVER_IMPL,
    "The first Connection field as a whole is compared with close, and in HTTP/1.0 with keep-alive; any other text there keeps a connection of either version.",
);
pub const REJECT: &Clause = &source(
    "ServerImpl.Exchange.reject",
    SERVER_IMPL,
    "A request that cannot be read gets a page that says so, and the connection ends.",
);
pub const BLANK_LINES: &Clause = &source(
    "Request",
    "https://github.com/openjdk/jdk17u/blob/master/src/jdk.httpserver/share/classes/sun/net/httpserver/Request.java",
    "Empty lines before a request are skipped, but the wait for the rest is no idle wait.",
);
pub const SEND_HEADERS: &Clause = &source(
    "ExchangeImpl.sendResponseHeaders",
    EXCHANGE_IMPL,
    "Length 0 means unknown: chunks, or for HTTP/1.0 the close. -1 means no body. A field Connection: close of the application closes.",
);
pub const WRITE_FINISHED: &Clause = &source(
    "ServerImpl.Dispatcher.handleEvent",
    SERVER_IMPL,
    "After the answer: closed if asked for, if request bytes are left, or if too many connections are idle.",
);
pub const IDLE_TASK: &Clause = &source(
    "ServerImpl.IdleTimeoutTask",
    SERVER_IMPL,
    "A timer looks every clockTick milliseconds for connections that were idle for idleInterval seconds.",
);
pub const DRAIN: &Clause = &source(
    "LeftOverInputStream.drain",
    "https://github.com/openjdk/jdk17u/blob/master/src/jdk.httpserver/share/classes/sun/net/httpserver/LeftOverInputStream.java",
    "Of a body that the application left unread fewer than drainAmount bytes are read; with more the connection closes.",
);
const CONFIG: &Clause = &source(
    "ServerConfig",
    SERVER_CONFIG,
    "idleInterval 30 s, clockTick 10000 ms, maxIdleConnections 200, drainAmount 65536 bytes, no limit on the time of a request.",
);
pub const MAX_DROPPED: &Clause = &Clause {
    document: "OpenJDK",
    section: "JDK-8289291",
    url: "https://bugs.openjdk.org/browse/JDK-8289291",
    gist: "The max in the Keep-Alive field was the number of idle connections allowed, not of requests; since 20 it is left out.",
};

pub const IDLE: &str = "-Dsun.net.httpserver.idleInterval";
pub const TICK: &str = "-Dsun.net.httpserver.clockTick";
pub const MOST_IDLE: &str = "-Dsun.net.httpserver.maxIdleConnections";
pub const DRAIN_AMOUNT: &str = "-Dsun.net.httpserver.drainAmount";
pub const REQUEST_TIME: &str = "-Dsun.net.httpserver.maxReqTime";
pub const TIMER: &str = "-Dsun.net.httpserver.timerMillis";

/// No property: it is said in the program.
pub const EXECUTOR: &str = "HttpServer.setExecutor";

const START: &Clause = &Clause {
    document: "Java SE 17 API",
    section: "HttpServer.setExecutor",
    url: "https://docs.oracle.com/en/java/javase/17/docs/api/jdk.httpserver/com/sun/net/httpserver/HttpServer.html",
    gist: "Without an executor the thread that the start made does everything: one exchange after the other.",
};

const fn setting(
    name: &'static str,
    kind: Kind,
    defaults: &'static [Cited],
    gist: &'static str,
    special: &'static str,
) -> Setting {
    Setting { name, kind, defaults, versions: &[], gist, special }
}

const fn cited(value: &'static str) -> Cited {
    Cited { value, since: "", source: CONFIG }
}

const fn time(unit: TimeUnit) -> Kind {
    Kind::Time { unit, suffixes: &[], min_us: 0, max_us: i32::MAX as u64 * 1_000_000 }
}

pub const SETTINGS: &[Setting] = &[
    setting(
        IDLE,
        time(TimeUnit::Seconds),
        &[cited("30")],
        "How long a connection may be idle before it is closed at the next look.",
        "0 means 30",
    ),
    setting(
        TICK,
        time(TimeUnit::Milliseconds),
        &[cited("10000")],
        "How often the server looks for connections that were idle too long.",
        "0 means 10000. With both defaults a connection is closed 30 to 40 s after its last answer",
    ),
    setting(
        MOST_IDLE,
        Kind::Number { min: i32::MIN as i64, max: i32::MAX as i64, unit: "connections" },
        &[cited("200")],
        "How many connections may be idle at a time; one more is closed after its answer.",
        "0 or less closes after every answer, although HTTP/1.0 clients are told keep-alive",
    ),
    setting(
        DRAIN_AMOUNT,
        Kind::Number { min: i32::MIN as i64, max: i32::MAX as i64, unit: "bytes" },
        &[cited("65536")],
        "Up to here a body that the application does not read is drained; a longer one closes.",
        "left out, the application is taken to read its bodies; set, not to. 0 or less closes even after requests without a body",
    ),
    setting(
        REQUEST_TIME,
        Kind::Number { min: i32::MIN as i64, max: i32::MAX as i64, unit: "s" },
        &[cited("-1")],
        "How long a request may take from its first byte on before the connection is closed.",
        "0 or less: no limit. The documentation says milliseconds, the program counts seconds",
    ),
    setting(
        TIMER,
        time(TimeUnit::Milliseconds),
        &[cited("1000")],
        "How often the server looks for requests that take too long.",
        "0 means 1000",
    ),
    setting(
        EXECUTOR,
        Kind::Number { min: 1, max: 100_000, unit: "threads" },
        &[Cited { value: "1", since: "", source: START }],
        "How many exchanges are worked on at the same time; idle connections need no thread.",
        "left out, the application is taken to have given it as many threads as it needs, as in the \
         recordings; a server to which none are given does one exchange after the other",
    ),
];

/// What the system is told where `HttpServer.create` says 0.
const BACKLOG: u32 = 50;

/// The settings as the rule needs them.
pub struct Settings {
    /// None: as many threads as are needed.
    pub workers: Option<Workers>,
    pub idle: Us,
    pub tick: Us,
    pub most_idle: i64,
    /// Bytes; None: the application reads its bodies itself.
    pub drain: Option<i64>,
    pub request_time: Option<Us>,
    pub timer: Us,
    /// The Keep-Alive field says `max=`.
    pub says_max: bool,
    /// The room among the idle is looked at before a request that waits already is taken up.
    pub counts_first: bool,
}

impl Settings {
    pub fn of(config: &Config) -> Self {
        let or = |time: Us, default: Us| if time == Us::ZERO { default } else { time };
        let first = config.version == 0;
        Self {
            idle: or(config.time(IDLE), Us::from_secs(30)),
            tick: or(config.time(TICK), Us::from_secs(10)),
            most_idle: config.number(MOST_IDLE),
            drain: config.is_set(DRAIN_AMOUNT).then(|| config.number(DRAIN_AMOUNT)),
            request_time: u64::try_from(config.number(REQUEST_TIME))
                .ok()
                .filter(|&seconds| seconds > 0)
                .map(Us::from_secs),
            timer: or(config.time(TIMER), Us::from_secs(1)),
            workers: config.is_set(EXECUTOR).then(|| Workers {
                count: u32::try_from(config.number(EXECUTOR)).unwrap_or(1).max(1),
                held: Held::Request,
                backlog: BACKLOG,
            }),
            says_max: first,
            counts_first: first,
        }
    }
}
