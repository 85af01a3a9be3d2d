//! HTTP/1.x connection persistence, and nothing else: no clock, no input or output, no randomness,
//! no product and no screen. It can be read in one sitting.
//!
//! | file | what it holds |
//! |---|---|
//! | [`clause`] | the documents and sections that every verdict cites |
//! | [`version`], [`message`] | what stands on the wire: versions, fields, request and response heads |
//! | [`reason`] | why: a fact, the rule it meets, the clause behind it; and the path of questions |
//! | [`connection`] | the list of connection options |
//! | [`framing`] | where a message ends |
//! | [`decision`] | may another exchange follow on this connection? |
pub mod clause;
pub mod connection;
pub mod decision;
pub mod framing;
pub mod message;
pub mod reason;
pub mod version;

pub use clause::Clause;
pub use connection::Options;
pub use decision::{Judgement, Policy, Role, WhoCloses, judge};
pub use framing::Framing;
pub use message::{Field, Headers, Request, Response};
pub use reason::{Note, Reason, Step, Strength};
pub use version::Version;
