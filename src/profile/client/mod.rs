//! Clients: how they use connections.
pub mod browser;
pub mod curl;
pub mod go;
pub mod http10;
pub mod hyper;
pub mod java_net_http;
pub mod java_url;
pub mod node_agent;
pub mod node_fetch;
pub mod pooled;
pub mod python_http_client;
pub mod python_requests;
pub mod script;
pub mod shared;
pub mod textbook;

use super::Answer;
use crate::protocol::{Reason, Request};
use crate::time::Us;

/// What a client sees when an answer is complete.
#[derive(Clone, Copy, Debug)]
pub struct ClientSees<'a> {
    pub request: &'a Request,
    pub answer: &'a Answer,
}

/// What the client does with the connection after an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientAfter {
    /// Puts it aside for the next request; closes it itself after `idle_limit` (None: never).
    Keep { idle_limit: Option<Us> },
    /// Closes it at once, unless the server has done so already.
    Close(Reason),
    /// Sends nothing more on it and waits for the server's close.
    AwaitClose,
}

/// Which connection a request goes on, if there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picks {
    /// The free one that was opened last. A request that waits for a new connection takes one that
    /// becomes free before.
    Newest,
    /// The one that became free last; otherwise as [`Picks::Newest`].
    LastUsed,
    /// The one that became free last; a request that waits for a new connection waits for that one.
    LastFreed,
    /// The one that became free first; otherwise as [`Picks::LastFreed`].
    FirstFreed,
    /// Connections stand in numbered places: the first place that is not busy, and if its connection
    /// is gone, a new one there; otherwise as [`Picks::LastFreed`].
    FirstPlace,
    /// Places lie on a stack: each answer puts one back, also that of a connection that is gone, and
    /// the topmost is taken. If its connection is gone a new one is opened, although another may be
    /// idle below; otherwise as [`Picks::LastFreed`].
    LastPlace,
}

/// Looks through a client's pool for connections that are idle too long. It begins to look when a
/// connection comes into an empty pool, and the idle limit of that one holds for all that come
/// until the pool was found empty. A connection beyond the limit is not used again, but it is not
/// closed before the next look either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sweeper {
    pub every: Us,
    /// It ends only one look after the one that left the pool empty.
    pub lingers: bool,
}

/// Which idle connections to a server the requests of one client's connection may take, when a proxy
/// stands between (HAProxy calls this `http-reuse`). A connection belongs to the client's connection
/// that last used it, as long as that one is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shares {
    /// Any.
    Always,
    /// The first request of a client's connection only one that was used again before.
    Aggressive,
    /// The first request of a client's connection only a new one.
    Safe,
    /// Only the one that belongs to the client's connection; it is closed with it.
    Never,
}

/// The processes of a proxy that share no connections to servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processes {
    /// How many there are at first; at least 1.
    pub at_start: u32,
    /// Each serves one connection of a client at a time, the one that has waited longest takes the
    /// next, and another is started if none waits. Otherwise they take connections in turn.
    pub one_each: bool,
}

/// An idle connection that a request could take.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// Since its last answer was complete.
    pub idle: Us,
    /// Since the client began to open it.
    pub age: Us,
}

/// What a connection has been used for, when an answer on it is complete.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// Answers on it, this one included.
    pub answers: u64,
    /// Since the client began to open it.
    pub age: Us,
}

/// A client product with its settings: pure.
pub trait ClientRule {
    /// Connections it opens to one server at the same time; at least 1.
    fn max_connections(&self) -> u32;

    /// The request as this client really sends it: an old crawler speaks HTTP/1.0 whatever was
    /// composed. `None`: as composed.
    fn rewrite(&self, _composed: &Request) -> Option<Request> {
        None
    }

    /// [`ClientRule::rewrite`], for clients that write the length of the body themselves.
    fn rewrite_with_body(&self, composed: &Request, _body_bytes: u64) -> Option<Request> {
        self.rewrite(composed)
    }

    /// The request as it is sent on a connection on which this answer came last. None: unchanged.
    fn rewrite_behind(&self, _request: &Request, _last: &Answer) -> Option<Request> {
        None
    }

    fn picks(&self) -> Picks {
        Picks::Newest
    }

    /// How many requests it has under way on one connection, this one included.
    /// None: as composed, one or without limit.
    fn pipelines(&self, _request: &Request) -> Option<u32> {
        None
    }

    /// Exchanges that it has under way at the same time, on whatever connections: a program that
    /// does one thing after the other has one.
    fn at_once(&self) -> u32 {
        u32::MAX
    }

    /// Does a request go on an idle connection, if there is one?
    fn reuses(&self) -> bool {
        true
    }

    /// Why it closes an idle connection on which it was going to send; None: it sends. For limits
    /// that are looked at only then: see [`ClientAfter::Keep`] for those with a clock.
    fn finds_too_old(&self, _found: &Found) -> Option<Reason> {
        None
    }

    /// Does it open another connection when the first one is gone?
    fn opens_again(&self) -> bool {
        true
    }

    /// How many connections it leaves idle; one more is closed as soon as it is idle.
    fn idle_room(&self) -> u32 {
        u32::MAX
    }

    /// Does it leave no more connections idle than it had under way at the same time, less those that
    /// are under way now, but at least one? [`ClientRule::idle_room`] holds beside this.
    fn keeps_what_it_needs(&self) -> bool {
        false
    }

    /// Why it closes a connection for which [`ClientRule::idle_room`] leaves no room.
    fn no_room_reason(&self) -> Reason {
        self.idle_reason(Us::ZERO)
    }

    /// Asked when the last byte of an answer has come.
    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter;

    /// Why a connection that [`ClientRule::after`] would keep is closed instead: it has carried as
    /// much, or has lasted as long, as it may.
    fn used_up(&self, _used: &Used) -> Option<Reason> {
        None
    }

    /// Sends a request again, on a new connection, when a reused one dies before a byte of the answer?
    fn retries(&self, _request: &Request) -> bool {
        false
    }

    /// Does it send again, too, if the connection was new?
    fn retries_at_first(&self) -> bool {
        false
    }

    /// Does it notice when the server closes an idle connection? One that does not sends its next
    /// request there and meets the end of the connection.
    fn watches_idle(&self) -> bool {
        true
    }

    /// If [`ClientRule::idle_room`] is full: is the connection closed that was idle longest, and not
    /// the one that comes?
    fn longest_idle_goes(&self) -> bool {
        false
    }

    /// Connections have no clocks of their own: somebody looks every so often.
    fn sweeper(&self) -> Option<Sweeper> {
        None
    }

    /// Why the client closes a connection that was idle for `limit`.
    fn idle_reason(&self, limit: Us) -> Reason;

    /// For a proxy: which idle connections a request may take.
    fn shares(&self) -> Shares {
        Shares::Always
    }

    /// For a proxy: the processes that serve its clients, if each has a pool of its own.
    fn processes(&self) -> Option<Processes> {
        None
    }

    /// How long it waits for an answer, from the last byte of the request. None: without limit.
    fn gives_up_after(&self) -> Option<Us> {
        None
    }

    /// Why it closes a connection on which no answer came for `limit`.
    fn give_up_reason(&self, limit: Us) -> Reason {
        self.idle_reason(limit)
    }

    /// How long the client's system keeps a port in TIME_WAIT: 60 s on Linux.
    fn time_wait(&self) -> Us {
        Us::from_secs(60)
    }
}
