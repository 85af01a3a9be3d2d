//! How many connections, or requests, httpd serves at the same time. What is done with numbers that
//! do not fit together was read off the warnings of 2.4.71; 2.2 does the same with its older names.
//!
//! Not here: processes are started one after the other as they are needed, and event takes new
//! connections only up to `AsyncRequestWorkerFactor` for each idle worker.
use super::settings::Mpm;
use crate::profile::server::{Held, Workers};
use crate::profile::{Cited, Config, Kind, Setting};
use crate::protocol::Clause;

/// A directive that the Multi-Processing Modules share: its page in a manual.
macro_rules! common {
    ($version:literal, $name:literal, $anchor:literal, $gist:literal) => {
        &Clause {
            document: concat!("Apache httpd ", $version, " manual"),
            section: $name,
            url: concat!(
                "https://httpd.apache.org/docs/",
                $version,
                "/mod/mpm_common.html#",
                $anchor
            ),
            gist: $gist,
        }
    };
}

const CLIENTS_22: &Clause = common!(
    "2.2",
    "MaxClients",
    "maxclients",
    "Requests served at the same time: 256 with prefork, 16 processes of 25 threads with worker. More wait in the listen queue."
);
const WORKERS_24: &Clause = common!(
    "2.4",
    "MaxRequestWorkers",
    "maxrequestworkers",
    "Requests served at the same time: 256 with prefork, 16 processes of 25 threads with worker and event. More wait in the listen queue."
);
const LIMIT_22: &Clause = common!(
    "2.2",
    "ServerLimit",
    "serverlimit",
    "Processes at most: 256 with prefork, 16 with worker; a stop and a start change it."
);
const LIMIT_24: &Clause = common!(
    "2.4",
    "ServerLimit",
    "serverlimit",
    "Processes at most: 256 with prefork, 16 with worker and event; a stop and a start change it."
);
const THREADS_22: &Clause = common!(
    "2.2",
    "ThreadsPerChild",
    "threadsperchild",
    "Threads that a process of worker or event has, from its start on: 25."
);
const THREADS_24: &Clause = common!(
    "2.4",
    "ThreadsPerChild",
    "threadsperchild",
    "Threads that a process of worker or event has, from its start on: 25."
);
const BACKLOG_22: &Clause = common!(
    "2.2",
    "ListenBackLog",
    "listenbacklog",
    "Connections that wait to be taken: 511, or fewer if the system says so."
);
const BACKLOG_24: &Clause = common!(
    "2.4",
    "ListenBackLog",
    "listenbacklog",
    "Connections that wait to be taken: 511, or fewer if the system says so."
);

const SERVED: &str =
    "How many are served at a time, with prefork (256 unless set) and worker idle ones too.";
const ROUNDED: &str = "256 with prefork, otherwise 400. It is cut to ServerLimit processes; with \
                       threads it is cut to whole processes, and is at least one";

pub const MAX_CLIENTS: Setting = Setting {
    name: "MaxClients",
    kind: Kind::Number { min: 1, max: 200_000, unit: "workers" },
    defaults: &[Cited { value: "256", since: "", source: CLIENTS_22 }],
    versions: &["2.2"],
    gist: SERVED,
    special: ROUNDED,
};

pub const MAX_WORKERS: Setting = Setting {
    name: "MaxRequestWorkers",
    kind: Kind::Number { min: 1, max: 200_000, unit: "workers" },
    defaults: &[Cited { value: "400", since: "", source: WORKERS_24 }],
    versions: &["2.4"],
    gist: SERVED,
    special: ROUNDED,
};

pub const SERVER_LIMIT: Setting = Setting {
    name: "ServerLimit",
    kind: Kind::Number { min: 1, max: 200_000, unit: "processes" },
    defaults: &[
        Cited { value: "256", since: "2.2", source: LIMIT_22 },
        Cited { value: "16", since: "2.4", source: LIMIT_24 },
    ],
    versions: &[],
    gist: "How many processes there can be at most; prefork: 256 unless set.",
    special: "256 with prefork, otherwise 16",
};

pub const THREADS: Setting = Setting {
    name: "ThreadsPerChild",
    kind: Kind::Number { min: 1, max: 20_000, unit: "threads" },
    defaults: &[
        Cited { value: "25", since: "2.2", source: THREADS_22 },
        Cited { value: "25", since: "2.4", source: THREADS_24 },
    ],
    versions: &[],
    gist: "How many threads each process of worker and event has.",
    special: "without meaning with prefork, which does not know it. More than 64 need ThreadLimit",
};

pub const BACKLOG: Setting = Setting {
    name: "ListenBackLog",
    kind: Kind::Number { min: 1, max: 65_535, unit: "connections" },
    defaults: &[
        Cited { value: "511", since: "2.2", source: BACKLOG_22 },
        Cited { value: "511", since: "2.4", source: BACKLOG_24 },
    ],
    versions: &[],
    gist: "How many connections wait in the listen queue when all workers are busy.",
    special: "the system may allow fewer",
};

/// The workers that this configuration has in the end.
pub fn of(config: &Config, mpm: Mpm) -> Workers {
    let set = |setting: &Setting, default: u32| {
        let number = config.is_set(setting.name).then(|| config.number(setting.name));
        number.and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
    };
    let most = if config.version_id() == "2.2" { &MAX_CLIENTS } else { &MAX_WORKERS };
    let count = match mpm {
        Mpm::Prefork => set(most, 256).min(set(&SERVER_LIMIT, 256)),
        Mpm::Worker | Mpm::Event => {
            let threads = set(&THREADS, 25).max(1);
            let processes = (set(most, 400) / threads).max(1);
            processes.min(set(&SERVER_LIMIT, 16)).saturating_mul(threads)
        }
    };
    let held = if mpm == Mpm::Event { Held::Request } else { Held::Connection };
    Workers { count: count.max(1), held, backlog: set(&BACKLOG, 511) }
}
