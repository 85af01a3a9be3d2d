//! Connections that close: who closes, what is lost with it, and what is left behind.
use super::Incident;
use crate::protocol::clause;

pub const RETRY_POST: Incident = Incident {
    id: "retry-post",
    title: "A POST done twice",
    believed: "The connection had been used before, so it was only stale, and sending the request again is safe.",
    happens: "The server did what the POST asked, and the connection died before the answer. For the client this looks like a request that never arrived; one that sends it again has it done twice.",
    why: "Only a request with an idempotent method may be repeated unasked. POST has none, and a proxy must not repeat it at all.",
    clause: clause::IDEMPOTENT,
    knob: "A client that does not repeat POST by itself; or a key in the request by which the server knows it again.",
    threads: &[
        "nahi/httpclient#142",
        "oven-sh/bun#28708",
        "varnishcache/varnish-cache#4413",
        "praxis-proxy/praxis#1196",
        "jawah/urllib3.future#280",
        "InsForge/InsForge#1792",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=textbook-client&client.retries=always&rtt=40ms&exchanges=2&x2.method=POST&x2.target=/orders&x2.body=40&x2.gap=1s&x2.delay=50ms&x2.breaks=reset-after",
    fixed: "v=1&scenario=none&server=nginx&client=textbook-client&client.retries=always&rtt=40ms&exchanges=2&x2.method=POST&x2.target=/orders&x2.body=40&x2.gap=1s&x2.delay=50ms&x2.breaks=reset-after&vs.client.retries=idempotent",
};

pub const TIME_WAIT_PORTS: Incident = Incident {
    id: "time-wait-ports",
    title: "No ports left",
    believed: "Closing after each request is the careful choice: nothing stays open.",
    happens: "The side that closes first keeps the port for 60 s in TIME_WAIT. Linux has 28 232 ports towards one address, so with more than 470 new connections a second none is left. Here there are ten ports, and the eleventh request fails.",
    why: "TIME_WAIT protects a new connection from packets of the old one, and it counts per pair of addresses.",
    clause: clause::TIME_WAIT,
    knob: "Keep connections: one is enough for all these requests. Proxy libraries want to be given a pool.",
    threads: &[
        "openchamber/openchamber#2915",
        "dotnet/runtime#45544",
        "wailsapp/wails#5933",
        "caddyserver/caddy#938",
        "jupyterhub/configurable-http-proxy#557",
        "vibe-d/vibe.d#593",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=textbook-client&client.pool=per+call&rtt=10ms&ports=10&exchanges=12&x2-12.gap=100ms",
    fixed: "v=1&scenario=none&server=nginx&client=textbook-client&client.pool=per+call&rtt=10ms&ports=10&exchanges=12&x2-12.gap=100ms&vs.client.pool=shared",
};

pub const GRACEFUL_SHUTDOWN: Incident = Incident {
    id: "graceful-shutdown",
    title: "A restart in the middle of a request",
    believed: "A server that is told to stop finishes what is under way, and nobody notices.",
    happens: "An abrupt restart resets every connection: the request under way is lost. A graceful one finishes it and closes the connections behind it; what is idle is closed at once, so a request sent in just that moment can still be lost.",
    why: "A close takes half a round trip to be known. The answer’s close option says it in time; idle connections have no answer that could carry it.",
    clause: clause::TEARDOWN,
    knob: "A graceful restart; and before it, answers that say close, or a wait such as nginx’s keepalive_min_timeout.",
    threads: &[
        "nodejs/node#2642",
        "nodejs/node#60617",
        "nginx/nginx#303",
        "nginx/nginx#456",
        "gajus/http-terminator#48",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=textbook-client&client.retries=never&rtt=40ms&faults=restart:2.1s,abrupt&exchanges=3&x2.at=2s&x3.at=3s&x.delay=300ms",
    fixed: "v=1&scenario=none&server=nginx&client=textbook-client&client.retries=never&rtt=40ms&faults=restart:2.1s,abrupt&exchanges=3&x2.at=2s&x3.at=3s&x.delay=300ms&vs.faults=restart:2.1s,graceful",
};

pub const MAX_REQUESTS: Incident = Incident {
    id: "max-requests",
    title: "After the last request, the next connection",
    believed: "An open connection carries as many requests as there are.",
    happens: "Servers count: nginx closes after 1 000 requests (100 before 1.19.10), Apache httpd after 100 and one more. Every close leaves a port in TIME_WAIT for 60 s, so a load test sees total ÷ limit of them. Here the limit is 4: twelve requests, three connections.",
    why: "A server may close whenever it wants; what it announces before is up to it.",
    clause: clause::TEARDOWN,
    knob: "A higher keepalive_requests, or MaxKeepAliveRequests 0, where the clients are your own.",
    threads: &[
        "jinhailang/blog#37",
        "drbrain/net-http-persistent#42",
        "voxpupuli/puppet-nginx#873",
    ],
    pages: &[(
        "nginx: keepalive_requests",
        "https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_requests",
    )],
    link: "v=1&scenario=none&server=nginx&server.keepalive_requests=4&client=browser&rtt=20ms&exchanges=12&x2-12.gap=100ms",
    fixed: "v=1&scenario=none&server=nginx&server.keepalive_requests=4&client=browser&rtt=20ms&exchanges=12&x2-12.gap=100ms&vs.server.keepalive_requests=1000",
};

pub const RESET_EATS_RESPONSE: Incident = Incident {
    id: "reset-eats-response",
    title: "A 413 that nobody sees",
    believed: "A server that refuses a large body answers 413 and closes, and the client reads the 413.",
    happens: "A socket that is closed with unread bytes sends a reset right behind the answer. What the client has not read by then is thrown away, so many see a broken connection instead of 413. Here it reads in time: reset and answer leave in the same instant.",
    why: "A reset says that bytes were lost, so the receiver’s system drops what is in its buffer. That is why a server should close its sending half first and read on for a while.",
    clause: clause::TEARDOWN,
    knob: "Read the rest of the body, or close in two steps: lingering_close in nginx, the default there.",
    threads: &[
        "rwf2/Rocket#2783",
        "hyperium/hyper#3078",
        "algesten/ureq#676",
        "meilisearch/meilisearch#6079",
    ],
    pages: &[],
    link: "v=1&scenario=none&server.unread+body=reset&client=browser&rtt=80ms&bandwidth=2Mbit&exchanges=1&x1.method=POST&x1.target=/upload&x1.headers=Host:shop.example;Content-Length:400000&x1.body=400000&x1.status=413",
    fixed: "v=1&scenario=none&server.unread+body=reset&client=browser&rtt=80ms&bandwidth=2Mbit&exchanges=1&x1.method=POST&x1.target=/upload&x1.headers=Host:shop.example;Content-Length:400000&x1.body=400000&x1.status=413&vs.server.unread+body=drain",
};

pub const WHO_CLOSES: Incident = Incident {
    id: "who-closes",
    title: "Who closes after close?",
    believed: "Whoever sends Connection: close closes the connection.",
    happens: "In a request it asks the server to close behind the answer: the server closes first and has the TIME_WAIT. In an answer it announces the server’s close. A client that waits for the end of the connection, and not of the answer, hangs if the server forgets.",
    why: "The sender of close sends no more requests; the server that receives it must begin the close behind its last answer.",
    clause: clause::TEARDOWN,
    knob: "Find the end of an answer by its length, and close yourself if the other side does not.",
    threads: &[
        "cpp-netlib/cpp-netlib#712",
        "jetty/jetty.project#359",
        "http-kit/http-kit#357",
        "ninenines/cowboy#64",
        "apache/jmeter#6330",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=2&x1.headers=Host:shop.example;Connection:close&x2.gap=500ms",
    fixed: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=2&x1.headers=Host:shop.example;Connection:close&x2.gap=500ms&vs.x1.headers=Host:shop.example",
};
