//! Misconceptions and incidents: what people believe, what happens, why, and the setting that ends
//! it. The page fetches them as a file of its own (`static/incidents.json`), so that they cost a
//! first view nothing; tests/incidents.rs writes it, and runs each of them.
mod closing;
mod fields;
mod hops;
mod idle;
mod pools;
mod reserve;
mod sources;

use crate::protocol::Clause;

/// One incident, with the scenario that shows it and the one in which it does not happen.
pub struct Incident {
    /// As in links: `idle-race-502`. Never changes.
    pub id: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What people believe, in one sentence.
    pub believed: &'static str,
    /// What happens instead, with numbers.
    pub happens: &'static str,
    /// The reason; where it stands is [`Incident::clause`].
    pub why: &'static str,
    pub clause: &'static Clause,
    /// The setting that ends it.
    pub knob: &'static str,
    /// Public threads, as `owner/repository#number` on GitHub.
    pub threads: &'static [&'static str],
    /// Public pages: a name and an address.
    pub pages: &'static [(&'static str, &'static str)],
    /// A link's fragment that shows it.
    pub link: &'static str,
    /// The same with the knob turned, or both compared.
    pub fixed: &'static str,
}

/// Most seen and most harmful first; the last five are the reserve.
pub const INCIDENTS: [&Incident; 30] = [
    &idle::IDLE_RACE_502,
    &idle::TCP_VS_HTTP_KEEPALIVE,
    &hops::NGINX_UPSTREAM,
    &pools::UNREAD_BODY,
    &closing::RETRY_POST,
    &fields::KA_HEADER_HTTP11,
    &fields::H2_FORBIDDEN,
    &fields::HTTP10_AB,
    &idle::KA_TIMEOUT_HINT,
    &fields::FETCH_KEEPALIVE,
    &idle::PREFORK_EXHAUSTION,
    &closing::TIME_WAIT_PORTS,
    &idle::NAT_SILENT_DROP,
    &pools::K8S_PINNING,
    &pools::DNS_PINNING,
    &closing::GRACEFUL_SHUTDOWN,
    &closing::MAX_REQUESTS,
    &fields::NO_LENGTH,
    &closing::RESET_EATS_RESPONSE,
    &closing::WHO_CLOSES,
    &pools::POOL_SIZE,
    &pools::CLIENT_PER_CALL,
    &hops::HOP_BY_HOP,
    &hops::CONNECTION_AUTH,
    &pools::PARALLEL_AND_PRECONNECT,
    &reserve::IGNORED_SETTING,
    &reserve::DEFAULT_DRIFT,
    &reserve::REFERENCE_WRONG,
    &reserve::UPGRADE_MAP,
    &reserve::PYTHON_HTTP_SERVER,
];
