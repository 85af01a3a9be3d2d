//! The reserve: settings that are ignored, defaults that move, references that err.
use super::{Incident, sources};
use crate::protocol::clause;

pub const IGNORED_SETTING: Incident = Incident {
    id: "ignored-setting",
    title: "A setting that nobody reads",
    believed: "gunicorn with keepalive 75 keeps connections for 75 s.",
    happens: "Its workers of class sync close after every answer whatever keepalive says, and uvicorn’s worker used its own 5 s until it was mended. Behind a balancer that pools, each such close is a chance for a 502.",
    why: "A server that does not keep connections has to say close; a setting that changes nothing says nothing.",
    clause: sources::GUNICORN_KEEPALIVE,
    knob: "A worker class that keeps connections, and a look at the wire: does the answer say close?",
    threads: &[
        "benoitc/gunicorn#1529",
        "Kludex/uvicorn#194",
        "prowler-cloud/prowler#11663",
        "benoitc/gunicorn#979",
    ],
    pages: &[],
    link: "v=1&scenario=none&server.persistence=off&client=browser&rtt=40ms&exchanges=3",
    fixed: "v=1&scenario=none&server.persistence=off&client=browser&rtt=40ms&exchanges=3&vs.server.persistence=on",
};

pub const DEFAULT_DRIFT: Incident = Incident {
    id: "default-drift",
    title: "The same program, another version",
    believed: "Whether a program keeps connections is a property of the program.",
    happens: "Node’s server waits 5 s and the buffer, in the development branch 65 s: a reader who pauses for 10 s needs two connections, then one. Node’s agent keeps connections since 19, nginx those to its servers since 1.29.7, HAProxy all since 1.5.",
    why: "The specification leaves the choice open, so defaults move. Advice without a version is worth little.",
    clause: sources::NODE_AGENT,
    knob: "Write the setting down where it matters, whatever the version: keepAliveTimeout, keepAlive: true.",
    threads: &["nodejs/node#43522", "nodejs/node#51115", "nodejs/node#52392", "nginx/nginx#1080"],
    pages: &[],
    link: "v=1&scenario=none&server=node@20&client=browser&rtt=40ms&exchanges=2&x2.gap=10s",
    fixed: "v=1&scenario=none&server=node@20&client=browser&rtt=40ms&exchanges=2&x2.gap=10s&vs.server=node@main",
};

pub const REFERENCE_WRONG: Incident = Incident {
    id: "reference-wrong",
    title: "The page that everybody reads",
    believed: "In HTTP/1.0 any value of Connection except close, usually retry-after, keeps the connection.",
    happens: "A guide on MDN says so. A server looks for the word keep-alive: with Connection: retry-after three requests need three connections, with keep-alive one.",
    why: "The HTTP/1.0 extension has one word, and other words mean other things. One product takes any word: Java’s HttpServer.",
    clause: clause::HTTP10_KEEP_ALIVE,
    knob: "Connection: keep-alive.",
    threads: &["mdn/translated-content#38334"],
    pages: &[(
        "MDN: connection management in HTTP/1.x",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Connection_management_in_HTTP_1.x",
    )],
    link: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=3&x.version=1.0&x.headers=Host:shop.example;Connection:retry-after",
    fixed: "v=1&scenario=none&server=nginx&rtt=40ms&exchanges=3&x.version=1.0&x.headers=Host:shop.example;Connection:retry-after&vs.x.headers=Host:shop.example;Connection:keep-alive",
};

pub const UPGRADE_MAP: Incident = Incident {
    id: "upgrade-map",
    title: "Connection: upgrade for everybody",
    believed: "proxy_set_header Connection \"upgrade\" is for WebSockets and leaves other requests alone.",
    happens: "The field then stands on every request. Where it replaces the empty value that pooling needs, or where a map gives close to plain requests, each of them costs a connection: five requests, five connections.",
    why: "Connection holds a list of words for this hop; one line of configuration sets the whole list.",
    clause: clause::CONNECTION,
    knob: "A map that sends upgrade only if the client asked for it, and an empty value, not close, otherwise.",
    threads: &["iv-org/invidious#604", "kubernetes/ingress-nginx#3098"],
    pages: &[("nginx: WebSocket proxying", "https://nginx.org/en/docs/http/websocket.html")],
    link: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.22&proxy.keepalive=32&proxy.proxy_http_version=1.1&rtt=40ms&exchanges=5",
    fixed: "v=1&scenario=none&server=node&client=browser&proxy=nginx@1.22&proxy.keepalive=32&proxy.proxy_http_version=1.1&rtt=40ms&exchanges=5&vs.proxy.proxy_set_header+Connection=",
};

pub const PYTHON_HTTP_SERVER: Incident = Incident {
    id: "python-http-server",
    title: "A server of the HTTP/1.0 kind",
    believed: "A server written with Python’s http.server keeps connections, as HTTP/1.1 does.",
    happens: "It answers in HTTP/1.0 unless protocol_version is set, and closes after each answer: three requests, three connections. A client that pools, and believes the connection open, sends its next request into that close.",
    why: "HTTP/1.0 without keep-alive ends with the answer. With HTTP/1.1 every answer needs its length, streams need close.",
    clause: sources::PYTHON_SERVER,
    knob: "protocol_version = \"HTTP/1.1\", a Content-Length on every answer, and close on streams.",
    threads: &["nesquena/hermes-webui#2836", "mrexodia/ida-pro-mcp#513", "tinygrad/tinygrad#7776"],
    pages: &[],
    link: "v=1&scenario=none&server.version+in+answers=HTTP/1.0&server.HTTP/1.0+keep-alive=ignore&rtt=40ms&exchanges=3",
    fixed: "v=1&scenario=none&server.version+in+answers=HTTP/1.0&server.HTTP/1.0+keep-alive=ignore&rtt=40ms&exchanges=3&vs.server.version+in+answers=HTTP/1.1",
};
