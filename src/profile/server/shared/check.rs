//! What can be wrong with the head of a request, and the status that says so.
use super::reason;
use crate::protocol::syntax::is_folded;
use crate::protocol::{
    Malformed, Options, Reason, Request, Strength, Version, check_request, clause,
};

/// A request that is refused, with the status that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub status: u16,
    pub because: Reason,
}

impl Fault {
    pub fn new(status: u16, because: Reason) -> Self {
        Self { status, because }
    }
}

/// One thing that can be wrong with the head of a request.
pub type Check = fn(&Request) -> Option<Fault>;

/// The checks of RFC 9112, in the order in which a server meets them. What is wrong with the length
/// of a body is found by the framing rules instead.
pub const CHECKS: &[Check] = &[head, major_version, host];

/// The first of the checks that fails.
pub fn fault(request: &Request, checks: &[Check]) -> Option<Fault> {
    checks.iter().find_map(|check| check(request))
}

/// The start line and the fields, as [`check_request`] sees them.
pub fn head(request: &Request) -> Option<Fault> {
    let malformed = check_request(request).err()?;
    let strength =
        if malformed == Malformed::SpaceBeforeColon { Strength::Must } else { Strength::Should };
    let because = reason("malformed-request", malformed.as_str(), *malformed.clause(), strength);
    Some(Fault::new(400, because))
}

/// A major version other than 1 is not this protocol: 505 (RFC 9110 §15.6.6).
pub fn major_version(request: &Request) -> Option<Fault> {
    let fact = match request.version {
        Version::Other { major: 1, .. } => return None,
        Version::Other { .. } => "the request's major version is not 1",
        _ => return None,
    };
    Some(Fault::new(505, reason("unsupported-version", fact, clause::VERSION, Strength::Should)))
}

/// HTTP/1.1: exactly one Host field (§3.2). HTTP/1.0 may leave it out, but not repeat it.
pub fn host(request: &Request) -> Option<Fault> {
    if request.version == Version::Http09 {
        return None;
    }
    let fact = match request.headers.all("host").take(2).count() {
        0 if request.version.is_at_least_http11() => "an HTTP/1.1 request has no Host field",
        2 => "the request has more than one Host field",
        _ => return None,
    };
    Some(Fault::new(400, reason("bad-host", fact, clause::HOST, Strength::Must)))
}

/// A field continued on the next line (§5.2), for servers that refuse it.
pub fn folded_field(request: &Request) -> Option<Fault> {
    request.headers.iter().find(|field| is_folded(&field.value))?;
    let fact = "a field goes on in the next line";
    Some(Fault::new(400, reason("folded-field", fact, clause::LINE_FOLDING, Strength::Must)))
}

/// Transfer-Encoding beside Content-Length (§6.1), for servers that refuse it.
pub fn two_lengths(request: &Request) -> Option<Fault> {
    let both = request.headers.has("transfer-encoding") && request.headers.has("content-length");
    let fact = "the request has both Transfer-Encoding and Content-Length";
    let because = || reason("te-with-cl", fact, clause::TRANSFER_ENCODING, Strength::May);
    both.then(|| Fault::new(400, because()))
}

/// Does the request ask for HTTP/1.0 keep-alive?
pub fn asks_keep_alive(request: &Request) -> bool {
    Options::of(&request.headers).keep_alive
}
