//! What the rules of several servers do alike. A server's `answer` is a walk through these files:
//!
//! | file | what it does |
//! |---|---|
//! | [`check`] | says which requests are refused, and with which status |
//! | [`fault`] | the same, for products with rules of their own |
//! | [`draft`] | turns the application's answer into a head with framing |
//! | [`verdict`] | takes the verdict of HTTP, then asks the product's own questions |
//! | [`opening`] | the first half of every answer: checked, drafted, judged |
pub mod check;
pub mod draft;
pub mod fault;
pub mod opening;
pub mod upstream;
pub mod verdict;

pub use check::{asks_keep_alive, refusal, wrong_host};
pub use draft::{Draft, PIECE, Unknown, chunked_bytes};
pub use fault::Fault;
pub use opening::{Host, Manner, Opening, refuse_stray_line};
pub use upstream::Plain;
pub use verdict::{Outcome, Own, Verdict, reason};
