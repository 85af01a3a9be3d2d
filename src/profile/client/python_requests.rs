//! Python's requests, with the pool of urllib3 below it. Measured: requests 2.28.1, urllib3 1.26.12.
//! Exchanges that overlap are threads that share the session.
use super::shared::{host_of, idle_reason, practice, put_composed, put_missing};
use super::{ClientAfter, ClientRule, ClientSees, Picks, python_http_client};
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::{Clause, Headers, Reason, Request, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "python-requests",
    name: "Python requests",
    gist: "A Session keeps up to ten connections to a server, without an idle limit; without a Session none is kept.",
    versions: &[VersionInfo { id: "2", note: "measured: 2.28.1 with urllib3 1.26.12" }],
    settings: &[SESSION, CONNECTIONS, MAXSIZE, BLOCK, RETRIES],
    source: ADAPTER,
    rule: MakeRule::Client(configure),
};

const ADAPTER: &Clause = &Clause {
    document: "Requests manual",
    section: "HTTPAdapter",
    url: "https://requests.readthedocs.io/en/latest/api/#requests.adapters.HTTPAdapter",
    gist: "A session keeps connections in pools: ten hosts, ten connections each; no retries unless asked for.",
};

const WITHOUT: &Clause = &Clause {
    document: "Requests 2.28 source",
    section: "requests/api.py, request",
    url: "https://github.com/psf/requests/blob/v2.28.1/requests/api.py",
    gist: "requests.get() makes a session for itself and closes it when the answer is read.",
};

const POOL: &Clause = &Clause {
    document: "urllib3 1.26 source",
    section: "connectionpool.py, _get_conn and _put_conn",
    url: "https://github.com/urllib3/urllib3/blob/1.26.12/src/urllib3/connectionpool.py",
    gist: "The connection returned last is taken first, after a look whether it is dead; what does not fit into the pool is closed.",
};

const SESSION: Setting = Setting {
    name: "requests.Session",
    kind: Kind::Flag { on: "yes", off: "no" },
    defaults: &[Cited { value: "yes", since: "", source: WITHOUT }],
    versions: &[],
    gist: "Whether the requests go through one Session, or through requests.get() and its like.",
    special: "no: each request has a connection of its own, although it asks for keep-alive",
};

const CONNECTIONS: Setting = Setting {
    name: "pool_connections",
    kind: Kind::Number { min: 1, max: i32::MAX as i64, unit: "servers" },
    defaults: &[Cited { value: "10", since: "", source: ADAPTER }],
    versions: &[],
    gist: "For how many servers it keeps connections.",
    special: "here there is one server only",
};

const MAXSIZE: Setting = Setting {
    name: "pool_maxsize",
    kind: Kind::Number { min: 0, max: i32::MAX as i64, unit: "connections" },
    defaults: &[Cited { value: "10", since: "", source: ADAPTER }],
    versions: &[],
    gist: "How many idle connections to one server it keeps; one more is closed.",
    special: "0: without limit",
};

const BLOCK: Setting = Setting {
    name: "pool_block",
    kind: Kind::Flag { on: "True", off: "False" },
    defaults: &[Cited { value: "False", since: "", source: ADAPTER }],
    versions: &[],
    gist: "Whether a request waits when pool_maxsize connections are in use.",
    special: "False: it opens one more, which is closed afterwards if there is no room",
};

const RETRIES: Setting = Setting {
    name: "max_retries",
    kind: Kind::Number { min: 0, max: 1000, unit: "times" },
    defaults: &[Cited { value: "0", since: "", source: ADAPTER }],
    versions: &[],
    gist: "How often a request is sent again when its connection dies; never POST.",
    special: "0: it fails",
};

struct Requests {
    session: bool,
    /// None: without limit.
    room: Option<u32>,
    blocks: bool,
    retries: bool,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    let room = u32::try_from(config.number(MAXSIZE.name)).ok().filter(|room| *room > 0);
    let blocks = config.flag(BLOCK.name);
    if blocks && room.is_none() {
        return Err(ConfigError::new(
            MAXSIZE.name,
            "with pool_block every request would wait for ever",
        ));
    }
    let session = config.flag(SESSION.name);
    let retries = session && config.number(RETRIES.name) > 0;
    Ok(Box::new(Requests { session, room, blocks, retries }))
}

const AGENT: &str = "python-requests/2.28.1";

impl ClientRule for Requests {
    fn max_connections(&self) -> u32 {
        self.room.filter(|_| self.blocks && self.session).unwrap_or(u32::MAX)
    }

    fn picks(&self) -> Picks {
        Picks::LastPlace
    }

    fn pipelines(&self, _request: &Request) -> Option<u32> {
        Some(1)
    }

    /// HTTP/1.1 whatever was composed. Asks for keep-alive, also where nothing will be kept.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let said = &composed.headers;
        let mut headers = Headers::new();
        put_missing(&mut headers, said, "Host", host_of(composed));
        put_missing(&mut headers, said, "User-Agent", AGENT);
        put_missing(&mut headers, said, "Accept-Encoding", "gzip, deflate");
        put_missing(&mut headers, said, "Accept", "*/*");
        put_missing(&mut headers, said, "Connection", "keep-alive");
        put_composed(&mut headers, said);
        if body_bytes > 0 || !matches!(composed.method.as_str(), "GET" | "HEAD") {
            put_missing(&mut headers, said, "Content-Length", &body_bytes.to_string());
        }
        Some(Request { version: Version::Http11, headers, ..composed.clone() })
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        match python_http_client::reads(sees) {
            ClientAfter::Keep { .. } if !self.session => {
                let fact = "without a Session the connection ends with the request";
                ClientAfter::Close(practice("no-session", fact, WITHOUT))
            }
            after => after,
        }
    }

    fn idle_room(&self) -> u32 {
        self.room.unwrap_or(u32::MAX)
    }

    fn no_room_reason(&self) -> Reason {
        practice("no-idle-room", "pool_maxsize connections are idle already", POOL)
    }

    fn retries(&self, request: &Request) -> bool {
        self.retries && request.is_idempotent()
    }

    fn retries_at_first(&self) -> bool {
        true
    }

    /// Never asked: it waits without limit.
    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, "no limit")
    }
}
