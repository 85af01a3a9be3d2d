//! A question on Server Fault: how to force keep-alive for HTTP/1.0 crawlers on Apache 2.2?
use super::{Claim, Verdict};
use crate::catalogue::Origin;
use crate::protocol::{Clause, clause};

const UPGRADE_REQUIRED: &Clause = &Clause {
    document: "RFC 9110",
    section: "15.5.22",
    url: "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.22",
    gist: "426: the server refuses the version and names the one it wants.",
};

const HTTPD_TIMEOUT: &Clause = &Clause {
    document: "Apache httpd 2.4 manual",
    section: "KeepAliveTimeout",
    url: "https://httpd.apache.org/docs/2.4/mod/core.html#keepalivetimeout",
    gist: "Seconds that the server waits for the next request; a high value holds more workers.",
};

pub const CLAIMS: &[Claim] = &[
    claim(
        "HTTP/1.0 has no keep-alive.",
        Verdict::Wrong,
        "It has it as an extension that both sides name. Apache honours it if the length is known: five pages, one connection.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=crawler-asks",
    ),
    claim(
        "A server cannot make a client use HTTP/1.1.",
        Verdict::Right,
        "505 and 426 exist, but a client that only knows HTTP/1.0 does not understand them; it is served in its own version.",
        UPGRADE_REQUIRED,
        "v=1&scenario=none&server=apache-httpd@2.2&client=http10-crawler&rtt=40ms&exchanges=2&x.status=426",
    ),
    claim(
        "An error answer comes too late to save the connection.",
        Verdict::Right,
        "The connection is there before the request is; refusing it costs the same handshake.",
        clause::TCP_HANDSHAKE,
        "v=1&scenario=none&server=apache-httpd@2.2&client=http10-crawler&rtt=40ms&exchanges=2&x.status=400",
    ),
    claim(
        "A client can end it by sending close in the Keep-Alive field.",
        Verdict::Wrong,
        "close stands in Connection. In Keep-Alive it is one hint among others, and the connection stays.",
        clause::CONNECTION,
        "v=1&scenario=none&server=apache-httpd@2.2&rtt=40ms&exchanges=3&x1.headers=Host:shop.example;Keep-Alive:close&x2.headers=Host:shop.example;Connection:close",
    ),
    claim(
        "A client can also simply drop the connection.",
        Verdict::Right,
        "Either side may close whenever it wants; a crawler that closes after each answer needs as many connections as pages.",
        clause::TIMEOUTS,
        "v=1&scenario=none&server=apache-httpd@2.2&client=python-requests&client.requests.Session=no&rtt=40ms&exchanges=3",
    ),
    claim(
        "Tuning DEFER_ACCEPT or TIME_WAIT in the kernel easily makes things worse.",
        Verdict::Right,
        "tcp_tw_recycle, which guides still name, broke clients behind NAT and was removed from Linux. TIME_WAIT is there for late packets.",
        clause::TIME_WAIT,
        "v=1&scenario=page-ten-images&server.KeepAlive=Off&vs=off",
    ),
    claim(
        "If bots can fill a server’s connections, any attack can.",
        Verdict::Opinion,
        "What can be shown is the amount: six clients that asked and left hold six places for as long as the server waits.",
        clause::TIMEOUTS,
        "v=1&scenario=crawler-timeout-cost",
    ),
    claim(
        "A firewall or balancer in front solves it.",
        Verdict::Partly,
        "It ends the clients’ connections, and the server sees its connections instead. It also adds a second pair of idle limits, which have to fit.",
        clause::CONNECTION,
        "v=1&scenario=none&server=apache-httpd@2.2&client=http10-crawler&proxy=nginx@1.29.7&rtt=40ms&exchanges=3",
    ),
    claim(
        "Setting KeepAliveTimeout high is all there is to do.",
        Verdict::Wrong,
        "It changes nothing for a client that does not ask: both runs are the same. For those that ask and leave, it holds their places longer.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=crawler-high-timeout",
    ),
    claim(
        "A high KeepAliveTimeout keeps processes busy with clients that are idle.",
        Verdict::Right,
        "So the manual warns, for workers that belong to a connection: 300 s instead of 5 s in the picture.",
        HTTPD_TIMEOUT,
        "v=1&scenario=crawler-timeout-cost",
    ),
    claim(
        "The KeepAlive settings are for HTTP/1.1 requests only.",
        Verdict::Wrong,
        "Apache keeps an HTTP/1.0 connection too if the client asks and the length is known, and KeepAlive Off ends both.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=none&server=apache-httpd@2.2&client=http10-keepalive&rtt=40ms&exchanges=3&vs.server.KeepAlive=Off",
    ),
];

const fn claim(
    gist: &'static str,
    verdict: Verdict,
    why: &'static str,
    clause: &'static Clause,
    see: &'static str,
) -> Claim {
    Claim { origin: Origin::ForceForCrawlers, gist, verdict, why, clause, see }
}
