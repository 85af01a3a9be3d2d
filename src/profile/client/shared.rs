//! What clients do alike: read an answer by the rules of HTTP, and change the fields of a request.
use super::{ClientAfter, ClientSees};
use crate::protocol::{Headers, Policy, Reason, Request, Role, Strength, WhoCloses, clause, judge};
use crate::time::Us;

/// What HTTP alone tells a client to do with the connection: it sees only the messages, never the
/// server's thoughts.
pub fn by_the_rules(sees: &ClientSees<'_>, policy: &Policy, idle_limit: Option<Us>) -> ClientAfter {
    let response = &sees.answer.response;
    let judgement = judge(Some(sees.request), Some(response), Role::Client, policy);
    if judgement.persist {
        return ClientAfter::Keep { idle_limit };
    }
    // The server's close ends the answer, or is its part: nothing is left to do.
    if judgement.who_closes == Some(WhoCloses::Server) || judgement.switched {
        return ClientAfter::AwaitClose;
    }
    match judgement.because.into_iter().next() {
        Some(reason) => ClientAfter::Close(reason),
        None => ClientAfter::AwaitClose,
    }
}

/// Why a client closes a connection that was idle for so long.
pub fn idle_reason(limit: Us, setting: &str) -> Reason {
    Reason {
        rule: "client-idle-limit",
        fact: format!("the client had no use for it for {limit} ({setting})").into(),
        clause: clause::TIMEOUTS,
        strength: Strength::May,
    }
}

/// Puts a field into a copy of the request unless a field of that name stands there.
pub fn add_missing(headers: &mut Headers, name: &str, value: &str) {
    if !headers.has(name) {
        headers.push(name, value);
    }
}

/// The host that a request is for: from an absolute target, else a name that stands for any server.
pub fn host_of(request: &Request) -> &str {
    let authority = request.target.split_once("://").map(|(_, rest)| rest);
    let host = authority.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.filter(|host| !host.is_empty()).unwrap_or("example.com")
}
