//! What clients do alike: read an answer by the rules of HTTP, and change the fields of a request.
use super::{ClientAfter, ClientSees};
use crate::protocol::cause::Cause;
use crate::protocol::{Clause, Headers, Policy, Reason, Request, Role, Strength, clause, decide};
use crate::time::Us;
use std::borrow::Cow;

/// What HTTP alone tells a client to do with the connection: it sees only the messages, never the
/// server's thoughts. It closes what it cannot use again, and does not rely on the server for that.
pub fn by_the_rules(sees: &ClientSees<'_>, policy: &Policy, idle_limit: Option<Us>) -> ClientAfter {
    let response = &sees.answer.response;
    let verdict = decide(Some(sees.request), Some(response), Role::Client, policy);
    match verdict.cause {
        _ if verdict.persist => ClientAfter::Keep { idle_limit },
        // The close that ends the answer has come already, or there is nothing to close.
        Cause::CloseDelimited | Cause::Http09 | Cause::Switched | Cause::Tunnel => {
            ClientAfter::AwaitClose
        }
        cause => ClientAfter::Close(cause.rule().reason()),
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

/// What the server says of its patience: the first `timeout=` of the Keep-Alive field, in any case,
/// with or without quotes. None: nothing, or no number.
pub fn hint(headers: &Headers) -> Option<Us> {
    let mut parts = headers.all("keep-alive").flat_map(|line| line.split([',', ';']));
    parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let seconds = || value.trim().trim_matches('"').parse::<u64>().ok();
        let named = name.trim().eq_ignore_ascii_case("timeout");
        named.then(seconds).flatten().map(|seconds| Us(seconds.saturating_mul(1_000_000)))
    })
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

/// What this program does, as found in its source or by trying.
pub fn practice(
    rule: &'static str,
    fact: impl Into<Cow<'static, str>>,
    clause: &'static Clause,
) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength: Strength::Practice }
}

/// Does the text stand anywhere in the line, in any case, even inside of other words?
pub fn holds(line: &str, text: &str) -> bool {
    line.as_bytes().windows(text.len()).any(|part| part.eq_ignore_ascii_case(text.as_bytes()))
}

/// A field that the client writes by itself, unless the composed request has it.
pub fn put_missing(headers: &mut Headers, composed: &Headers, name: &str, value: &str) {
    if !composed.has(name) {
        headers.push(name, value);
    }
}

/// The fields of the composed request behind those that the client puts first.
pub fn put_composed(headers: &mut Headers, composed: &Headers) {
    for field in composed.iter() {
        headers.push(field.name.as_str(), field.value.as_str());
    }
}
