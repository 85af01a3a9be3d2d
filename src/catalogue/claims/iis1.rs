//! Microsoft's article Q154485 on IIS 1.0: keep-alive that could not be switched off.
use super::{Claim, Verdict};
use crate::catalogue::Origin;
use crate::protocol::{Clause, clause};

pub const CLAIMS: &[Claim] = &[
    claim(
        "IIS keeps connections unless it is told not to.",
        Verdict::RightThen,
        "IIS 1.0 did, and so do the later ones. One connection carries the page and its images.",
        clause::PERSISTENCE,
        "v=1&scenario=iis1-allowkeepalives-0&vs=off",
    ),
    claim(
        "Clients that do not close leave many connections in the state ESTABLISHED.",
        Verdict::Right,
        "Eight visitors have left, and the server still lists eight connections ten minutes later.",
        clause::TIMEOUTS,
        "v=1&scenario=iis1-idle-900",
    ),
    claim(
        "Such a connection ends only if the client resets it or the server’s time is over.",
        Verdict::Partly,
        "Either side may close at any time, and normally does it with a FIN, not with a reset. Here the client closes after request 1.",
        clause::TIMEOUTS,
        "v=1&scenario=none&server=iis@1.0&client=python-requests&client.requests.Session=no&rtt=40ms&exchanges=2",
    ),
    claim(
        "The server’s default is to wait 900 seconds.",
        Verdict::RightThen,
        "That is IIS 1.0. No length is prescribed; today’s servers wait between 5 and 120 s.",
        clause::TIMEOUTS,
        "v=1&scenario=iis1-idle-900",
    ),
    claim(
        "Keep-alive lets a page with its images come over fewer connections.",
        Verdict::Right,
        "One instead of eleven. Today HTTP/2 does the same and more, with several answers side by side.",
        clause::PERSISTENCE,
        "v=1&scenario=page-ten-images",
    ),
    claim(
        "Without it every element costs a connection, which is more work for the server.",
        Verdict::Right,
        "Eleven handshakes instead of one; with TLS twice as much waiting, and each close leaves a port in TIME_WAIT.",
        clause::TCP_HANDSHAKE,
        "v=1&scenario=iis1-allowkeepalives-0",
    ),
    claim(
        "The registry value AllowKeepAlives = 0 switches it off.",
        Verdict::RightThen,
        "It did, after the fix. Every image then has a connection of its own again.",
        clause::PERSISTENCE,
        "v=1&scenario=iis1-allowkeepalives-0",
    ),
    claim(
        "The fix is to be obtained for this, and it is not recommended.",
        Verdict::Opinion,
        "The article says both. What the fix costs is in the picture: 1 connection becomes 11.",
        clause::PERSISTENCE,
        "v=1&scenario=iis1-allowkeepalives-0",
    ),
];

const fn claim(
    gist: &'static str,
    verdict: Verdict,
    why: &'static str,
    clause: &'static Clause,
    see: &'static str,
) -> Claim {
    Claim { origin: Origin::Iis1Disable, gist, verdict, why, clause, see }
}
