//! Requests that are refused, and the status that says so.
use super::reason;
use crate::protocol::cause::{Cause, Causes};
use crate::protocol::{Framing, Options, Reason, Request, Strength, Version, clause};

/// The status that refuses a request because of what the rules of HTTP found against it; None for
/// one that can be processed, even if the connection has to close behind it.
pub fn refusal(against: Causes, framing: Framing) -> Option<u16> {
    let fault = against.iter().take_while(|cause| *cause <= Cause::RequestRepeatedLength).find(
        // Chunks beside a Content-Length can be read; whoever refuses them calls them invalid.
        |cause| *cause != Cause::RequestTwoLengths || framing == Framing::Invalid,
    )?;
    Some(if fault == Cause::RequestNotHttp1 { 505 } else { 400 })
}

/// HTTP/1.1: exactly one Host field (RFC 9112 §3.2). HTTP/1.0 may leave it out, but not repeat it.
pub fn wrong_host(request: &Request) -> Option<Reason> {
    if request.version == Version::Http09 {
        return None;
    }
    let fact = match request.headers.all("host").take(2).count() {
        0 if request.version.is_at_least_http11() => "the HTTP/1.1 request has no Host field",
        2 => "the request has more than one Host field",
        _ => return None,
    };
    Some(reason("host-missing-or-repeated", fact, clause::HOST, Strength::Must))
}

/// Does the request ask for HTTP/1.0 keep-alive?
pub fn asks_keep_alive(request: &Request) -> bool {
    Options::of(&request.headers).keep_alive
}
