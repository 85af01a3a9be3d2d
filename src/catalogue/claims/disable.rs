//! A question on Server Fault: why would a server disable keep-alive?
use super::{Claim, Verdict};
use crate::catalogue::Origin;
use crate::protocol::{Clause, clause};

const HAPROXY_REUSE: &Clause = &Clause {
    document: "HAProxy 2.6 manual",
    section: "option http-keep-alive",
    url: "https://docs.haproxy.org/2.6/configuration.html#option%20http-keep-alive",
    gist: "Keep-alive on both sides is the default.",
};

const EVENT: &Clause = &Clause {
    document: "Apache httpd 2.4 manual",
    section: "event",
    url: "https://httpd.apache.org/docs/2.4/mod/event.html",
    gist: "A worker serves requests; idle connections wait without one.",
};

const POOL: &Clause = &Clause {
    document: "nginx manual",
    section: "keepalive",
    url: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive",
    gist: "How many idle connections to the servers a worker process keeps; no limit on open ones.",
};

pub const CLAIMS: &[Claim] = &[
    claim(
        "Keep-alive means fewer TCP connections, and so a faster server.",
        Verdict::Partly,
        "Fewer connections, yes. What gets faster is the visitor’s page; the server trades handshakes for connections that it holds.",
        clause::PERSISTENCE,
        "v=1&scenario=page-ten-images",
    ),
    claim(
        "HAProxy switches keep-alive off to save memory.",
        Verdict::Outdated,
        "Since 1.5 keep-alive is its default on both sides, and http-reuse shares the servers’ connections.",
        HAPROXY_REUSE,
        "v=1&scenario=none&server=haproxy&rtt=40ms&exchanges=3",
    ),
    claim(
        "It is for the client; opening TCP connections costs a server little.",
        Verdict::Partly,
        "True of TCP alone. TLS costs a round trip and computing for each connection, and every close keeps a port for 60 s.",
        clause::TCP_HANDSHAKE,
        "v=1&scenario=page-six-connections",
    ),
    claim(
        "Balancers close the connections to their servers, because the network between them is short.",
        Verdict::Outdated,
        "nginx keeps them by default since 1.29.7, HAProxy and the clouds’ balancers do too: ten requests, one connection.",
        POOL,
        "v=1&scenario=none&client=browser&proxy=nginx@1.29.7&rtt=40ms&exchanges=10",
    ),
    claim(
        "The connections of the clients and those to the servers are not one to one.",
        Verdict::Right,
        "Each hop decides for itself: here three clients’ connections lead to one connection behind the proxy.",
        clause::CONNECTION,
        "v=1&scenario=none&client=browser&proxy=nginx@1.29.7&rtt=40ms&clients=3&exchanges=6&x2-6.gap=100ms",
    ),
    claim(
        "There is hardly a reason to switch it off, except where a connection holds a process.",
        Verdict::Partly,
        "The exception is right, and Apache’s event MPM removes it. Other reasons exist: stopping a server, spreading load over new servers, logins tied to a connection.",
        EVENT,
        "v=1&scenario=crawler-timeout-cost",
    ),
    claim(
        "Keep-alive is optional; no server has to offer it.",
        Verdict::Right,
        "But a server that does not keep connections must say close in every answer.",
        clause::PERSISTENCE,
        "v=1&scenario=none&server=apache-httpd@2.4&server.KeepAlive=Off&rtt=40ms&exchanges=2",
    ),
    claim(
        "nginx lets you limit the number of keep-alive connections.",
        Verdict::Partly,
        "keepalive in an upstream block is how many idle ones are kept. More are opened when they are needed, and closed afterwards.",
        POOL,
        "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.29.7&proxy.keepalive=2&rtt=40ms&clients=6&exchanges=12&x2-6.at=0s&x7-12.at=1s&x.delay=100ms",
    ),
];

const fn claim(
    gist: &'static str,
    verdict: Verdict,
    why: &'static str,
    clause: &'static Clause,
    see: &'static str,
) -> Claim {
    Claim { origin: Origin::WhyDisable, gist, verdict, why, clause, see }
}
