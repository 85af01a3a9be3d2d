//! curl, and libcurl with one easy handle: one transfer after the other, and a cache of connections
//! that is looked at only when the next transfer begins. Measured: 7.88.1; the rest is read from
//! the source of the releases named.
mod settings;

use super::shared::{holds, host_of, idle_reason, practice, put_composed, put_missing};
use super::{ClientAfter, ClientRule, ClientSees, Found, Picks};
use crate::profile::{Answer, Config, ConfigError, MakeRule, Product};
use crate::protocol::framing::ends_at_head;
use crate::protocol::{Headers, Reason, Request, Response, Version};
use crate::time::Us;
use settings::{
    CONNECTS_TEXT, FORBID, LIFETIME_TEXT, MAX_AGE, MAX_CONNECTS, MAX_LIFETIME, SETTINGS, SOURCE,
    VERSIONS,
};

pub const PRODUCT: Product = Product {
    id: "curl",
    name: "curl",
    gist: "Keeps connections for the next transfer of the same run; finds close anywhere in Connection, even inside of a word.",
    versions: VERSIONS,
    settings: SETTINGS,
    source: SOURCE,
    rule: MakeRule::Client(configure),
};

struct Curl {
    reading: Reading,
    clock: Clock,
    max_age: Option<Us>,
    max_lifetime: Option<Us>,
    room: u32,
    forbids: bool,
    fresh: bool,
    /// The version that every request says; None: as composed.
    version: Option<Version>,
    agent: String,
}

/// How a Connection line is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// Text anywhere in the line; in HTTP/1.0 keep-alive is looked for first.
    KeepAliveFirst,
    /// Text anywhere in the line; close is looked for first.
    CloseFirst,
    /// Whole words, close first.
    Words,
}

/// How ages are compared with their limits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// Whole seconds, which have to be more than the limit.
    Seconds,
    Milliseconds,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let reading = match config.version_id() {
        "8.20" => Reading::Words,
        "8.8" | "8.15" | "8.17" => Reading::CloseFirst,
        _ => Reading::KeepAliveFirst,
    };
    let new = matches!(config.version_id(), "8.15" | "8.17" | "8.20");
    let limit = |name: &str| Some(config.time(name)).filter(|limit| *limit > Us::ZERO);
    let knows_age = config.version_id() != "7.7";
    let age = config.time(MAX_AGE.name);
    let version = match (config.flag("--http1.0"), config.flag("--http1.1")) {
        (true, _) => Some(Version::Http10),
        (false, true) => Some(Version::Http11),
        (false, false) => None,
    };
    Ok(Box::new(Curl {
        reading,
        clock: if new { Clock::Milliseconds } else { Clock::Seconds },
        max_age: (knows_age && !(new && age == Us::ZERO)).then_some(age),
        max_lifetime: limit(MAX_LIFETIME.name),
        room: match u32::try_from(config.number(MAX_CONNECTS.name)) {
            Ok(0) | Err(_) => u32::MAX,
            Ok(room) => room,
        },
        forbids: config.flag("CURLOPT_FORBID_REUSE"),
        fresh: config.flag("CURLOPT_FRESH_CONNECT"),
        version,
        agent: ["curl/", &config.version_text].concat(),
    }))
}

/// A body longer than this is sent only when the server has said 100, or after a second.
const EXPECTS_ABOVE: u64 = 1024 * 1024;

impl Curl {
    fn says(&self, line: &str, option: &str) -> bool {
        if self.reading != Reading::Words {
            return holds(line, option);
        }
        let mut words = line.split(',').map(|word| word.trim_matches([' ', '\t']));
        // A blank ends the word, whatever stands behind it.
        words.any(|word| {
            word.split([' ', '\t']).next().is_some_and(|first| first.eq_ignore_ascii_case(option))
        })
    }

    /// Reads the Connection lines in their order.
    fn kept(&self, response: &Response) -> bool {
        let old = response.version == Version::Http10;
        let mut kept = !old;
        for line in response.headers.all("connection") {
            let keeps = old && self.says(line, "keep-alive");
            let closes = self.says(line, "close");
            match self.reading {
                Reading::KeepAliveFirst if keeps => kept = true,
                _ if closes => kept = false,
                _ => kept |= keeps,
            }
        }
        kept
    }

    fn is_over(&self, age: Us, limit: Us) -> bool {
        match self.clock {
            Clock::Seconds => age.0 / 1_000_000 > limit.0 / 1_000_000,
            Clock::Milliseconds => age > limit,
        }
    }
}

/// Only the close tells where the body ends.
fn ends_with_connection(request: &Request, response: &Response) -> bool {
    let headers = &response.headers;
    let framed = match headers.all("transfer-encoding").last() {
        Some(codings) => holds(codings, "chunked"),
        None => headers.has("content-length"),
    };
    !framed && !ends_at_head(&request.method, response.status)
}

impl ClientRule for Curl {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    fn at_once(&self) -> u32 {
        1
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn pipelines(&self, _request: &Request) -> Option<u32> {
        Some(1)
    }

    /// Says nothing about the connection by itself.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let mut request = composed.clone();
        request.version = match &self.version {
            Some(version) => version.clone(),
            None if composed.version == Version::Http10 => Version::Http10,
            None => Version::Http11,
        };
        let said = &composed.headers;
        let mut headers = Headers::new();
        put_missing(&mut headers, said, "Host", host_of(composed));
        put_missing(&mut headers, said, "User-Agent", &self.agent);
        put_missing(&mut headers, said, "Accept", "*/*");
        put_composed(&mut headers, said);
        let posts = body_bytes > 0 || composed.method == "POST";
        if posts && !said.has("transfer-encoding") {
            put_missing(&mut headers, said, "Content-Length", &body_bytes.to_string());
        }
        if body_bytes > EXPECTS_ABOVE && request.version == Version::Http11 {
            put_missing(&mut headers, said, "Expect", "100-continue");
        }
        request.headers = headers;
        Some(request)
    }

    /// To a server that has answered in HTTP/1.0 it speaks HTTP/1.0 as long as the connection lasts.
    fn rewrite_behind(&self, request: &Request, last: &Answer) -> Option<Request> {
        let old = last.response.version == Version::Http10 && request.version != Version::Http10;
        old.then(|| Request { version: Version::Http10, ..request.clone() })
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        let response = &sees.answer.response;
        if ends_with_connection(sees.request, response) {
            return ClientAfter::AwaitClose;
        }
        if self.forbids {
            let fact = "CURLOPT_FORBID_REUSE is 1";
            return ClientAfter::Close(practice("reuse-forbidden", fact, FORBID));
        }
        if self.kept(response) {
            return ClientAfter::Keep { idle_limit: None };
        }
        let says_close = response.headers.all("connection").any(|line| self.says(line, "close"));
        let (rule, fact) = if says_close {
            ("close-in-response", "close stands in Connection")
        } else {
            ("http10-not-confirmed", "an HTTP/1.0 answer without keep-alive")
        };
        ClientAfter::Close(practice(rule, fact, SOURCE))
    }

    fn reuses(&self) -> bool {
        !self.fresh
    }

    fn finds_too_old(&self, found: &Found) -> Option<Reason> {
        if self.max_age.is_some_and(|limit| self.is_over(found.idle, limit)) {
            return Some(idle_reason(found.idle, MAX_AGE.name));
        }
        self.max_lifetime.filter(|limit| self.is_over(found.age, *limit))?;
        let fact = format!("opened {} ago ({})", found.age, MAX_LIFETIME.name);
        Some(practice("client-age-limit", fact, LIFETIME_TEXT))
    }

    fn idle_room(&self) -> u32 {
        self.room
    }

    fn longest_idle_goes(&self) -> bool {
        true
    }

    fn no_room_reason(&self) -> Reason {
        practice("no-idle-room", "CURLOPT_MAXCONNECTS connections are kept already", CONNECTS_TEXT)
    }

    /// Whatever the method, also POST: what counts is that no byte of an answer came on a connection
    /// that was used before (lib/transfer.c, Curl_retry_request).
    fn retries(&self, _request: &Request) -> bool {
        true
    }

    /// Never asked: no clock runs between transfers.
    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, MAX_AGE.name)
    }
}
