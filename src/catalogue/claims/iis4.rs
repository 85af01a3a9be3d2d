//! Microsoft's article Q195179 on IIS 4.0: a check box that does not reach HTTP/1.1.
use super::{Claim, Verdict};
use crate::catalogue::Origin;
use crate::protocol::{Clause, clause};

const NEGOTIATION: &Clause = &Clause {
    document: "RFC 2068",
    section: "8.1.2.1",
    url: "https://www.rfc-editor.org/rfc/rfc2068.html#section-8.1.2.1",
    gist: "The first HTTP/1.1 specification: a client that wants no more than this request should say close.",
};

pub const CLAIMS: &[Claim] = &[
    claim(
        "Clearing the keep-alive box does not close the connections of HTTP/1.1 clients.",
        Verdict::RightThen,
        "So did IIS 4.0. In the run below the box is cleared, and requests 3 and 4 share a connection all the same.",
        clause::PERSISTENCE,
        "v=1&scenario=iis4-check-box",
    ),
    claim(
        "The box is meant for HTTP/1.0 clients only.",
        Verdict::RightThen,
        "In IIS 4.0 it is. From IIS 6 on, switching keep-alive off ends the connections of every client.",
        clause::PERSISTENCE,
        "v=1&scenario=none&server=iis@10.0&server.allowKeepAlive=false&rtt=40ms&exchanges=2",
    ),
    claim(
        "That HTTP/1.1 connections cannot be closed follows from the protocol.",
        Verdict::Wrong,
        "A server may close whenever it wants. One that does not keep connections has to say close in every answer, to HTTP/1.1 as well, and many do.",
        clause::TEARDOWN,
        "v=1&scenario=none&server=apache-httpd@2.4&server.KeepAlive=Off&rtt=40ms&exchanges=2",
    ),
    claim(
        "A client that wants only this one answer should send Connection: close.",
        Verdict::Right,
        "It still should; a client that cannot keep connections must. Request 3 says so, and its connection ends.",
        NEGOTIATION,
        "v=1&scenario=http11-default",
    ),
    claim(
        "With versions before HTTP/1.1 a persistent connection has to be negotiated.",
        Verdict::Right,
        "In HTTP/1.0 the client asks with keep-alive and the server confirms it; without that the connection ends.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=http10-negotiation",
    ),
    claim(
        "With the box cleared, an HTTP/1.0 client that asks for keep-alive gets a close.",
        Verdict::RightThen,
        "A server may refuse what a client asks for. With the box cleared requests 1 and 2 each have a connection of their own.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=iis4-check-box&vs=off",
    ),
    claim(
        "With the box set, an HTTP/1.0 client that asks for keep-alive gets it.",
        Verdict::Right,
        "It does if the answer has a known length: HTTP/1.0 has no other way to see where an answer ends.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=iis4-check-box&server.AllowKeepAlives=1&vs=off",
    ),
];

const fn claim(
    gist: &'static str,
    verdict: Verdict,
    why: &'static str,
    clause: &'static Clause,
    see: &'static str,
) -> Claim {
    Claim { origin: Origin::Iis4CheckBox, gist, verdict, why, clause, see }
}
