//! The side of a proxy that asks servers, as the specifications want it.
use crate::profile::client::shared::{by_the_rules, idle_reason};
use crate::profile::{ClientAfter, ClientRule, ClientSees, Picks};
use crate::protocol::{Headers, Policy, Reason, Request, Version};
use crate::time::Us;

/// Keeps each connection as long as the server does, sends what may be repeated once again, and
/// speaks HTTP/1.1 whatever its client speaks.
pub struct Plain;

/// Fields for one hop only (RFC 9110 §7.6.1).
const OF_ONE_HOP: [&str; 7] = [
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
];

/// The fields that a proxy passes on: those for one hop, and those that `Connection` names, end here.
pub fn end_to_end(headers: &Headers) -> Headers {
    let named: Vec<&str> = headers.all("Connection").flat_map(|line| line.split(',')).collect();
    let ends_here = |name: &str| {
        let is = |other: &&str| other.trim().eq_ignore_ascii_case(name);
        OF_ONE_HOP.iter().any(is) || named.iter().any(is)
    };
    Headers(headers.iter().filter(|field| !ends_here(&field.name)).cloned().collect())
}

impl ClientRule for Plain {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let Request { method, target, .. } = composed.clone();
        let mut headers = end_to_end(&composed.headers);
        if body_bytes > 0 && !headers.has("Content-Length") {
            headers.push("Content-Length", body_bytes.to_string());
        }
        Some(Request { method, target, version: Version::Http11, headers })
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        by_the_rules(sees, &Policy::default(), None)
    }

    fn retries(&self, request: &Request) -> bool {
        request.is_idempotent()
    }

    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, "idle limit of the proxy")
    }
}
