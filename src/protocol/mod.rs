//! HTTP/1.x connection persistence, and nothing else: no clock, no input or output, no randomness,
//! no product and no screen. It can be read in one sitting.
//!
//! | file | what it holds |
//! |---|---|
//! | [`clause`] | the documents and sections that every verdict cites |
//! | [`version`], [`message`] | what stands on the wire: versions, fields, request and response heads |
//! | [`reason`] | why: a fact, the rule it meets, the clause behind it; and the path of questions |
//! | [`syntax`] | what may stand on a line |
//! | [`connection`] | the list of connection options |
//! | [`survey`] | everything that the rules ask of a message's fields, found in one look |
//! | [`framing`] | where a message ends |
//! | [`policy`] | the choices that the specifications leave open |
//! | [`cause`] | everything that can decide, in order of precedence: one table |
//! | [`exchange`] | what both messages say, and which causes that makes |
//! | [`decision`] | may another exchange follow on this connection? |
//! | [`notes`] | what is worth knowing although it did not decide |
//! | [`machine`] | the states of a connection at its two ends: two tables |
pub mod cause;
pub mod clause;
pub mod connection;
pub mod decision;
pub mod exchange;
pub mod framing;
pub mod machine;
pub mod message;
pub mod notes;
mod path;
pub mod policy;
pub mod reason;
pub mod survey;
pub mod syntax;
pub mod version;

pub use cause::Cause;
pub use clause::Clause;
pub use connection::Options;
pub use decision::{Judgement, Role, Verdict, WhoCloses, decide, judge};
pub use framing::{Framing, FramingFault};
pub use message::{Field, Headers, Request, Response};
pub use policy::Policy;
pub use reason::{Note, Reason, Step, Strength};
pub use survey::Survey;
pub use syntax::{Malformed, Problem, can_stand_on_a_line, check_request, check_response};
pub use version::Version;
