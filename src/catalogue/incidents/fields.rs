//! Fields and options that say keep-alive, and what each of them means.
use super::{Incident, sources};
use crate::protocol::clause;

pub const KA_HEADER_HTTP11: Incident = Incident {
    id: "ka-header-http11",
    title: "Connection: keep-alive, without effect",
    believed: "HTTP/1.1 keeps a connection only if Connection: keep-alive is sent.",
    happens: "With the field and without it, three requests share one connection. Only close changes that.",
    why: "In HTTP/1.1 a connection stays open unless somebody says close.",
    clause: clause::PERSISTENCE,
    knob: "Leave the field out; say close where a connection is to end.",
    threads: &[
        "mdn/content#34642",
        "SuaveIO/suave#47",
        "helidon-io/helidon#11444",
        "walkor/workerman#834",
    ],
    pages: &[("Stack Overflow 7033112", "https://stackoverflow.com/questions/7033112")],
    link: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=3&x.headers=Host:shop.example;Connection:keep-alive",
    fixed: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=3&x.headers=Host:shop.example;Connection:keep-alive&vs.x.headers=Host:shop.example",
};

pub const H2_FORBIDDEN: Incident = Incident {
    id: "h2-forbidden",
    title: "The same field over HTTP/2",
    believed: "If Connection: keep-alive does nothing, it does no harm either.",
    happens: "In HTTP/1.1 an answer that says keep-alive is like one that does not: this is shown. In HTTP/2, which is not simulated here, it makes the answer malformed: Chrome and Firefox let it pass, Safari dropped the page, curl stopped with PROTOCOL_ERROR.",
    why: "HTTP/2 has no fields about the connection; whoever receives one has to treat the message as malformed.",
    clause: sources::HTTP2_FIELDS,
    knob: "Applications leave Connection and Keep-Alive to the server, which writes what its version of HTTP needs.",
    threads: &[
        "mdn/browser-compat-data#6154",
        "bartblast/hologram#1262",
        "openai/openai-responses-starter-app#17",
        "vulcand/oxy#43",
        "yesodweb/wai#707",
        "curl/curl#12172",
    ],
    pages: &[],
    link: "v=1&scenario=none&rtt=40ms&exchanges=3&x.answer-headers=Connection:keep-alive",
    fixed: "v=1&scenario=none&rtt=40ms&exchanges=3&x.answer-headers=Connection:keep-alive&vs.x.answer-headers=",
};

pub const HTTP10_AB: Incident = Incident {
    id: "http10-ab",
    title: "ab -k, and HTTP/1.0",
    believed: "HTTP/1.0 has no keep-alive, and a server on which ab -k hangs is slow.",
    happens: "ab asks in HTTP/1.0 with Connection: Keep-Alive. If the answer says keep-alive and names its length, one connection carries all five requests; with an unknown length each answer ends with a close. A server that stays open and does not say so leaves ab waiting.",
    why: "In HTTP/1.0 both sides have to name keep-alive, and an answer needs a length, because there are no chunks.",
    clause: clause::HTTP10_KEEP_ALIVE,
    knob: "Send Content-Length, and answer keep-alive to HTTP/1.0; or close.",
    threads: &[
        "hyperium/hyper#1614",
        "NanoHttpd/nanohttpd#46",
        "nickel-org/nickel.rs#311",
        "nodejs/node#10864",
        "scylladb/seastar#3",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=apache-httpd@2.4&client=http10-keepalive&rtt=10ms&exchanges=5&x.content=streamed:12000",
    fixed: "v=1&scenario=none&server=apache-httpd@2.4&client=http10-keepalive&rtt=10ms&exchanges=5&x.content=streamed:12000&vs.x.content=12000",
};

pub const FETCH_KEEPALIVE: Incident = Incident {
    id: "fetch-keepalive",
    title: "fetch with keepalive: true",
    believed: "fetch with keepalive: true makes the browser reuse its connections.",
    happens: "The option lets a request outlive its page, for what is sent when somebody leaves; that is not simulated here. Connections are reused with it and without it: three fetches, one connection.",
    why: "Two features share one word. The flag of fetch is about the life of a request, not of a connection.",
    clause: sources::FETCH,
    knob: "Nothing to set in a browser. In Node before 19 an agent with keepAlive: true.",
    threads: &[
        "NASA-AMMOS/openmct-mcws#276",
        "denoland/deno#11495",
        "nodejs/node#48529",
        "web-platform-tests/wpt#7671",
        "node-fetch/node-fetch#423",
    ],
    pages: &[],
    link: "v=1&scenario=none&server=nginx&client=browser&rtt=40ms&exchanges=3",
    fixed: "v=1&scenario=none&server=nginx&client=node-agent&client.keepAlive=false&rtt=40ms&exchanges=3&vs.client.keepAlive=true",
};

pub const NO_LENGTH: Incident = Incident {
    id: "no-length",
    title: "A body without an end",
    believed: "Saying keep-alive is enough to keep a connection.",
    happens: "A body that has neither a length nor chunks ends only with the connection: three answers cost three connections. A server that keeps the connection open all the same leaves the client waiting for an end that does not come.",
    why: "To stay open every message needs an end that can be seen in it.",
    clause: clause::BODY_LENGTH,
    knob: "A Content-Length; or chunks, for clients that speak HTTP/1.1.",
    threads: &[
        "reactphp/http#552",
        "python/cpython#75259",
        "pocoproject/poco#1648",
        "javaee/grizzly#1380",
        "cherrypy/cherrypy#629",
        "yhirose/cpp-httplib#109",
    ],
    pages: &[],
    link: "v=1&scenario=none&server.unknown+length=close&rtt=40ms&exchanges=3&x.content=streamed:20000",
    fixed: "v=1&scenario=none&server.unknown+length=close&rtt=40ms&exchanges=3&x.content=streamed:20000&vs.x.content=20000",
};
