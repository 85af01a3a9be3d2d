//! A request that a product refuses by a rule of its own, for products whose parsers find faults in
//! another order, or other faults, than the rules of HTTP do.
use super::{Own, Verdict};
use crate::protocol::cause::{Cause, Question};
use crate::protocol::{Malformed, Reason, Request, check_request};

/// Why a request is refused, and the status that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub status: u16,
    pub because: Reason,
}

impl Fault {
    pub const fn new(status: u16, because: Reason) -> Self {
        Self { status, because }
    }

    /// One of the faults that the rules of HTTP know.
    pub fn of(status: u16, cause: Cause) -> Self {
        Self { status, because: cause.rule().reason() }
    }

    /// 400 for a start line or a field that cannot be read.
    pub fn of_head(request: &Request) -> Option<Self> {
        check_request(request).err().map(|malformed| Self::of(400, cause(malformed)))
    }
}

/// What is wrong with a start line or a field, as the rules of HTTP call it.
pub const fn cause(malformed: Malformed) -> Cause {
    match malformed {
        Malformed::Method => Cause::RequestMethod,
        Malformed::Target => Cause::RequestTarget,
        Malformed::Version => Cause::RequestVersion,
        Malformed::SimpleMethod => Cause::RequestSimple,
        Malformed::SpaceBeforeColon => Cause::RequestSpaceBeforeColon,
        Malformed::Name => Cause::RequestFieldName,
        Malformed::ControlCharacter => Cause::RequestControl,
    }
}

impl Verdict {
    /// The request was refused: nothing else is asked.
    pub fn refuse(&mut self, fault: &Fault) {
        self.ask(Question::Readable.text(), fault.because.clause, || {
            Own::Closes("no", fault.because.clone())
        });
    }
}
