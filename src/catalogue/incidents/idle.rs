//! Idle connections: who waits how long, and who knows of it.
use super::{Incident, sources};
use crate::protocol::clause;

pub const IDLE_RACE_502: Incident = Incident {
    id: "idle-race-502",
    title: "The load balancer’s 502",
    believed: "A 502 means that the server behind the balancer has failed.",
    happens: "Node closes a connection that was idle for 6 s; the balancer would keep it for 60 s. The request it sends into that close meets a closed socket, and the client gets 502 from a healthy server.",
    why: "Either side may close an idle connection at any time, and the other learns of it half a round trip later. Whoever has the shorter limit closes under the other one’s request.",
    clause: clause::TIMEOUTS,
    knob: "Let the side that answers wait longer than the side that asks: here keepAliveTimeout 65000 against the balancer’s 60 s.",
    threads: &[
        "nodejs/node#20256",
        "PublicMapping/districtbuilder#448",
        "guardian/dotcom-rendering#10450",
        "medplum/medplum#2253",
        "growthbook/growthbook-proxy#135",
        "conbench/conbench#1156",
    ],
    pages: &[
        (
            "AWS: idle timeout of a balancer",
            "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#connection-idle-timeout",
        ),
        (
            "Reverse proxy, keep-alive and 502s",
            "https://iximiuz.com/en/posts/reverse-proxy-http-keep-alive-and-502s/",
        ),
    ],
    link: "v=1&scenario=none&server=node&client=browser&proxy=load-balancer@aws-alb&rtt=60ms&exchanges=2&proxy.rtt=20ms&x2.gap=5.93s&x.delay=20ms",
    fixed: "v=1&scenario=none&server=node&client=browser&proxy=load-balancer@aws-alb&rtt=60ms&exchanges=2&proxy.rtt=20ms&x2.gap=5.93s&x.delay=20ms&vs.server.server.keepAliveTimeout=65000",
};

pub const TCP_VS_HTTP_KEEPALIVE: Incident = Incident {
    id: "tcp-vs-http-keepalive",
    title: "Two things called keep-alive",
    believed: "SO_KEEPALIVE, or socket.setKeepAlive, keeps the server from closing an idle HTTP connection.",
    happens: "TCP probes are empty packets that the two systems answer by themselves. They keep a NAT awake, but the server’s HTTP clock does not see them, and it closes after its limit all the same.",
    why: "The idle time of HTTP counts from the last message, and a probe is none.",
    clause: clause::TIMEOUTS,
    knob: "Against 502s set the HTTP limits, such as keepAliveTimeout or keepalive_timeout; probes help only against middleboxes.",
    threads: &[
        "kubernetes-sigs/aws-load-balancer-controller#3032",
        "K0M15/webserv#35",
        "psf/requests#6636",
        "nodejs/node#61883",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=node&client=browser&rtt=20ms&forgets=4s,dropped&probes=2s&exchanges=2&x2.gap=10s",
    fixed: "v=1&scenario=none&server=node&client=browser&rtt=20ms&forgets=4s,dropped&probes=2s&exchanges=2&x2.gap=10s&vs.server.server.keepAliveTimeout=65000",
};

pub const KA_TIMEOUT_HINT: Incident = Incident {
    id: "ka-timeout-hint",
    title: "timeout=5, and what it is worth",
    believed: "Keep-Alive: timeout=5 is a promise, and both sides keep to it.",
    happens: "Node announces 5 s and closes after 6.0 s; a client that pools for 90 s and does not read the hint runs into it. In the published case 30.8 % of 5 999 gaps between requests lay in that window, with 84 failures in three weeks.",
    why: "The field is a hint; no rule says how long a connection stays open, or that anybody reads it.",
    clause: clause::KEEP_ALIVE_FIELD,
    knob: "Server: wait longer than the clients’ pools, here 95 s. Client: read the hint and stop earlier, as Node’s fetch does by 2 s.",
    threads: &[
        "duolahypercho/codex-router#165",
        "nodejs/node#59243",
        "mdn/content#7539",
        "JuliaWeb/HTTP.jl#1358",
        "dotnet/runtime#72958",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=node&client=textbook-client&client.retries=never&client.checks+before+reuse=no&rtt=20ms&exchanges=3&x2.gap=4.5s&x3.gap=20s",
    fixed: "v=1&scenario=none&server=node&client=textbook-client&client.retries=never&client.checks+before+reuse=no&rtt=20ms&exchanges=3&x2.gap=4.5s&x3.gap=20s&vs.server.server.keepAliveTimeout=95000",
};

pub const PREFORK_EXHAUSTION: Incident = Incident {
    id: "prefork-exhaustion",
    title: "Every worker waits for an idle client",
    believed: "A site that no longer answers while its processors are idle needs more processors.",
    happens: "With mpm prefork a connection holds a worker while it is idle, too. Four workers are held by four readers who pause, and the fifth waits until the first idle limit, 5 s, is over.",
    why: "How long an idle connection is kept is the server’s choice, and here each second costs a worker. The event MPM takes the worker back when nothing is asked.",
    clause: sources::EVENT_MPM,
    knob: "mpm event; or a shorter KeepAliveTimeout; or more MaxRequestWorkers.",
    threads: &["internetarchive/warcprox#70"],
    pages: &[
        ("Apache httpd: prefork", "https://httpd.apache.org/docs/2.4/mod/prefork.html"),
        (
            "Apache httpd: KeepAliveTimeout",
            "https://httpd.apache.org/docs/2.4/mod/core.html#keepalivetimeout",
        ),
    ],
    link: "v=1&scenario=none&server=apache-httpd@2.4&server.mpm=prefork&server.MaxRequestWorkers=4&rtt=20ms&clients=5&exchanges=5&x2-5.at=0s",
    fixed: "v=1&scenario=none&server=apache-httpd@2.4&server.mpm=prefork&server.MaxRequestWorkers=4&rtt=20ms&clients=5&exchanges=5&x2-5.at=0s&vs.server.mpm=event",
};

pub const NAT_SILENT_DROP: Incident = Incident {
    id: "nat-silent-drop",
    title: "Forgotten on the way",
    believed: "A connection that neither side has closed is open.",
    happens: "A NAT forgets a connection that carried nothing: AWS after 350 s, with a reset at the next packet; Azure after 4 minutes, without a word. Both ends believe it open, and the next request fails or hangs.",
    why: "A middlebox has its own memory. RFC 5382 asks for 2 h 4 min; clouds keep minutes.",
    clause: sources::NAT,
    knob: "Close idle connections before the middlebox forgets them, or send TCP probes more often than it forgets.",
    threads: &[
        "encode/httpx#2975",
        "crate/crate#10779",
        "confluentinc/librdkafka#3289",
        "cockroachdb/cockroach#13823",
        "private-attribution/ipa#758",
    ],
    pages: &[(
        "AWS: NAT gateway, 350 seconds",
        "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html",
    )],
    link: "v=1&scenario=none&server=nginx&server.keepalive_timeout=3600s&client=textbook-client&client.idle+timeout=3600&client.retries=never&rtt=40ms&forgets=350s,reset&exchanges=2&x2.gap=400s",
    fixed: "v=1&scenario=none&server=nginx&server.keepalive_timeout=3600s&client=textbook-client&client.idle+timeout=3600&client.retries=never&rtt=40ms&forgets=350s,reset&exchanges=2&x2.gap=400s&vs.probes=60s",
};
