//! Pools of clients: what goes back into them, how many there are, and where they lead.
use super::{Incident, sources};
use crate::protocol::clause;

pub const UNREAD_BODY: Incident = Incident {
    id: "unread-body",
    title: "An answer that was not read to its end",
    believed: "Closing the response is enough; its connection goes back to the pool.",
    happens: "What was not read still stands on the connection, where the next answer would begin. The client has to throw the connection away: five calls need five connections instead of one.",
    why: "Answers follow each other on a connection. A client must read one whole before the next can be found.",
    clause: clause::PERSISTENCE,
    knob: "Read to the end before closing: io.Copy(io.Discard, body) in Go; in Java also the error stream.",
    threads: &[
        "google/go-github#317",
        "golang/go#26095",
        "drand/drand#386",
        "minio/minio#12208",
        "vimeo/galaxycache#67",
    ],
    pages: &[
        ("Stack Overflow 23491620", "https://stackoverflow.com/questions/23491620"),
        ("Stack Overflow 1936872", "https://stackoverflow.com/questions/1936872"),
    ],
    link: "v=1&scenario=none&server=nginx&client=textbook-client&client.drains=no&rtt=40ms&exchanges=5",
    fixed: "v=1&scenario=none&server=nginx&client=textbook-client&client.drains=no&rtt=40ms&exchanges=5&vs.client.drains=yes",
};

pub const K8S_PINNING: Incident = Incident {
    id: "k8s-pinning",
    title: "New pods that get no requests",
    believed: "A Service spreads the requests over its pods.",
    happens: "It spreads connections. One kept connection carries all twelve requests to one of three servers; the other two get none, also when they were started to help.",
    why: "The pod is chosen when the connection is opened, and a persistent connection is opened once.",
    clause: sources::KUBE_PROXY,
    knob: "A proxy that distributes requests; or a limit of requests per connection, here 4, so that connections are spread anew.",
    threads: &[
        "kubernetes/kubernetes#38456",
        "kubernetes/kubernetes#5292",
        "learnk8s/learnk8s.io#279",
        "openfaas/faas-netes#482",
        "aio-libs/aiohttp#6629",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=node&client=textbook-client&rtt=4ms&origins=3&exchanges=12&x2-12.gap=100ms",
    fixed: "v=1&scenario=none&server=node&client=textbook-client&rtt=4ms&origins=3&exchanges=12&x2-12.gap=100ms&vs.server.server.maxRequestsPerSocket=4",
};

pub const DNS_PINNING: Incident = Incident {
    id: "dns-pinning",
    title: "The name has moved, the connection has not",
    believed: "When a name points elsewhere, clients follow as soon as its TTL is over.",
    happens: "A name is looked up when a connection is opened. One that is never idle is never opened anew: of ten requests, one a second, all go to the old server, although the name moved after 5 s.",
    why: "No rule limits the age of a connection; an idle limit only ends those that rest.",
    clause: clause::TIMEOUTS,
    knob: "A limit on the age of connections, such as PooledConnectionLifetime in .NET or, here, keepalive_time in nginx; or an old server that says close.",
    threads: &[
        "lysine-dev/okhttp#3520",
        "lysine-dev/okhttp#3374",
        "AsyncHttpClient/async-http-client#937",
        "zalando-stups/put-it-to-rest#2",
        "drbrain/net-http-persistent#117",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=textbook-client&rtt=20ms&origins=2&faults=address:5s&exchanges=10&x2-10.gap=1s",
    fixed: "v=1&scenario=none&server=nginx&client=textbook-client&rtt=20ms&origins=2&faults=address:5s&exchanges=10&x2-10.gap=1s&vs.server.keepalive_time=5s",
};

pub const POOL_SIZE: Incident = Incident {
    id: "pool-size",
    title: "keepalive 2 is no limit",
    believed: "keepalive N in nginx allows N connections to the servers.",
    happens: "It is the number of idle connections that a worker process keeps. Six requests at once open six connections; two stay for later, and four are closed, to be opened again for the next six.",
    why: "The size of a pool says what is left open when nothing is asked, not what may be open.",
    clause: sources::NGINX_POOL,
    knob: "keepalive as large as the usual number at once; max_conns in the server’s line is the limit.",
    threads: &[
        "mattermost/mattermost-load-test-ng#297",
        "apache/apisix#11585",
        "wailsapp/wails#5933",
        "nginx/nginx-gateway-fabric#4291",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.29.7&proxy.keepalive=2&rtt=40ms&clients=6&exchanges=12&x2-6.at=0s&x7-12.at=1s&x.delay=100ms",
    fixed: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.29.7&proxy.keepalive=2&rtt=40ms&clients=6&exchanges=12&x2-6.at=0s&x7-12.at=1s&x.delay=100ms&vs.proxy.keepalive=8",
};

pub const CLIENT_PER_CALL: Incident = Incident {
    id: "client-per-call",
    title: "A new client for every call",
    believed: "The library pools connections, so every call reuses one.",
    happens: "The pool belongs to the client object. Who makes a new object per call has a new, empty pool per call: five calls, five connections. One session instead took 136 ms a call in the published measurement, and not 199.",
    why: "Only a connection that its owner still has can carry a second request.",
    clause: clause::PERSISTENCE,
    knob: "One client object for the life of the program: requests.Session, one HttpClient, one Transport.",
    threads: &[
        "segmentio/analytics-python#50",
        "achillean/shodan-python#28",
        "blemmenes/radosgw_usage_exporter#26",
        "psf/requests#3771",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=python-requests&client.requests.Session=no&rtt=30ms&tls=1.3&exchanges=5",
    fixed: "v=1&scenario=none&server=nginx&client=python-requests&client.requests.Session=no&rtt=30ms&tls=1.3&exchanges=5&vs.client.requests.Session=yes",
};

pub const PARALLEL_AND_PRECONNECT: Incident = Incident {
    id: "parallel-and-preconnect",
    title: "Kept open is not side by side",
    believed: "With keep-alive one connection carries many requests side by side.",
    happens: "On a connection HTTP/1.1 answers one request after the other: twelve requests of 100 ms each take 1.46 s on one connection. A browser opens six and is done after 0.26 s; its seventh request waits. Connections that browsers open ahead and do not use get 408, or a close.",
    why: "Answers come in the order of the requests; side by side means several connections, or HTTP/2.",
    clause: clause::PIPELINING,
    knob: "More connections, six in browsers; or HTTP/2 in front.",
    threads: &["nodejs/node#38890", "h2o/h2o#554", "amphp/http-server#182"],
    pages: &[(
        "MDN: connection management in HTTP/1.x",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Connection_management_in_HTTP_1.x",
    )],
    link: "v=1&scenario=none&server=nginx&rtt=20ms&exchanges=12&x2-12.at=0s&x.delay=100ms",
    fixed: "v=1&scenario=none&server=nginx&rtt=20ms&exchanges=12&x2-12.at=0s&x.delay=100ms&vs.client=browser",
};
