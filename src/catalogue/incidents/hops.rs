//! Two hops: what a proxy decides for itself.
use super::{Incident, sources};
use crate::protocol::clause;

pub const NGINX_UPSTREAM: Incident = Incident {
    id: "nginx-upstream",
    title: "keepalive 32 that does nothing",
    believed: "keepalive 32 in the upstream block makes nginx keep its connections to the server.",
    happens: "Before 1.29.7 nginx speaks HTTP/1.0 with Connection: close to the server unless it is told otherwise: ten requests, ten connections. Since 1.29.7 it speaks HTTP/1.1 and keeps them by default: one connection.",
    why: "close in a request ends the connection behind the answer, whatever room the pool has.",
    clause: clause::PERSISTENCE,
    knob: "Before 1.29.7, beside keepalive: proxy_http_version 1.1 and an empty Connection field with proxy_set_header. Or a newer nginx.",
    threads: &[
        "kubernetes/ingress-nginx#3098",
        "nginx/nginx#1080",
        "ietf-tools/datatracker#10978",
        "nginx/nginx#1436",
        "internetarchive/openlibrary#13680",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.22&proxy.keepalive=32&rtt=40ms&exchanges=10&x.delay=10ms",
    fixed: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.22&proxy.keepalive=32&rtt=40ms&exchanges=10&x.delay=10ms&vs.proxy=nginx@1.29.7",
};

pub const HOP_BY_HOP: Incident = Incident {
    id: "hop-by-hop",
    title: "Two hops, two decisions",
    believed: "Keep-alive holds from the browser to the server; a proxy passes it on.",
    happens: "The proxy takes the client’s Connection field away and decides anew. Here the client asks for close and its connection ends, while the proxy’s connection to the server stays open for the next client.",
    why: "Connection is for one hop. A proxy must remove it, and every field that it names, before it forwards.",
    clause: clause::CONNECTION,
    knob: "Each side of a proxy has its own settings: in HAProxy option httpclose, http-server-close and http-keep-alive.",
    threads: &["vulcand/oxy#43", "varnishcache/varnish-cache#3417", "mdn/content#24785"],
    pages: &[
        (
            "HAProxy: option http-server-close",
            "https://docs.haproxy.org/2.6/configuration.html#option%20http-server-close",
        ),
        (
            "MDN: Connection",
            "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Connection",
        ),
    ],
    link: "v=1&scenario=none&server=node&proxy=haproxy@2.6&proxy.http-reuse=always&rtt=40ms&exchanges=3&x.headers=Host:shop.example;Connection:close&x2-3.gap=200ms",
    fixed: "v=1&scenario=none&server=node&proxy=haproxy@2.6&proxy.http-reuse=always&rtt=40ms&exchanges=3&x.headers=Host:shop.example;Connection:close&x2-3.gap=200ms&vs.proxy.option+http-server-close=",
};

pub const CONNECTION_AUTH: Incident = Incident {
    id: "connection-auth",
    title: "Logged in as somebody else",
    believed: "Who a request comes from is known by its connection.",
    happens: "NTLM logs in the connection, not the request. A proxy that shares its connections to the server sends the requests of two clients over one: the second client is taken for the first.",
    why: "A server must not assume that two requests on one connection come from one user. NTLM and Negotiate do, as the RFC says itself.",
    clause: sources::STATELESS,
    knob: "No sharing between clients: http-reuse never in HAProxy, which also looks for 401 and 407 by itself.",
    threads: &[
        "haproxy/haproxy#581",
        "haproxy/haproxy#2985",
        "einfallstoll/express-ntlm#76",
        "http-party/node-http-proxy#1500",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=iis@10.0&client=browser&proxy=haproxy@2.6&proxy.http-reuse=always&rtt=40ms&clients=2&exchanges=4&x2-4.gap=200ms",
    fixed: "v=1&scenario=none&server=iis@10.0&client=browser&proxy=haproxy@2.6&proxy.http-reuse=always&rtt=40ms&clients=2&exchanges=4&x2-4.gap=200ms&vs.proxy.http-reuse=never",
};
