//! The simulation: a scenario in, a timeline out. Pure, seeded, in whole microseconds; the same
//! timeline natively and in wasm.
//!
//! | file | what it holds |
//! |---|---|
//! | [`scenario`] | what is run: server, client, network, exchanges |
//! | [`timeline`] | what came out: connections and exchanges with all their moments |
//! | [`run`] | the engine: one queue of events, the two ends of each connection |
//! | [`events`] | the timeline as a list of instants |
//! | [`netstat`] | the sockets of both ends at one instant |
pub mod events;
pub mod netstat;
pub mod run;
pub mod scenario;
pub mod timeline;

pub use events::{Event, EventKey, EventKind};
pub use run::run;
pub use scenario::{
    Arrivals, Breaks, Fault, Forgets, Forgotten, Load, Network, Planned, Proxy, Restart, Scenario,
    ScenarioError, Service, Start, Tls,
};
pub use timeline::{
    Close, CloseHow, Connection, Exchange, Failure, IdleEnd, IdleSpan, Lost, Outcome, Side, Span,
    TimeWait, Timeline,
};

pub use crate::time::Us;
