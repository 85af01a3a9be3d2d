//! Documents that only the incidents cite.
use crate::protocol::Clause;

pub const STATELESS: &Clause = &Clause {
    document: "RFC 9110",
    section: "3.3",
    url: "https://www.rfc-editor.org/rfc/rfc9110.html#section-3.3",
    gist: "Each request is understood alone: two on one connection need not come from the same user.",
};

pub const HTTP2_FIELDS: &Clause = &Clause {
    document: "RFC 9113",
    section: "8.2.2",
    url: "https://www.rfc-editor.org/rfc/rfc9113.html#section-8.2.2",
    gist: "HTTP/2 has no fields about the connection; a message with one is malformed.",
};

pub const NAT: &Clause = &Clause {
    document: "RFC 5382",
    section: "5",
    url: "https://www.rfc-editor.org/rfc/rfc5382.html#section-5",
    gist: "A NAT should remember an idle connection for at least 2 hours and 4 minutes.",
};

pub const FETCH: &Clause = &Clause {
    document: "Fetch standard",
    section: "keepalive flag",
    url: "https://fetch.spec.whatwg.org/#request-keepalive-flag",
    gist: "The flag lets a request go on when its page is gone.",
};

pub const EVENT_MPM: &Clause = &Clause {
    document: "Apache httpd 2.4 manual",
    section: "event",
    url: "https://httpd.apache.org/docs/2.4/mod/event.html",
    gist: "A worker serves requests; idle connections wait without one.",
};

pub const NGINX_POOL: &Clause = &Clause {
    document: "nginx manual",
    section: "keepalive",
    url: "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive",
    gist: "How many idle connections to the servers a worker process keeps; no limit on open ones.",
};

pub const KUBE_PROXY: &Clause = &Clause {
    document: "Kubernetes documentation",
    section: "Virtual IPs",
    url: "https://kubernetes.io/docs/reference/networking/virtual-ips/",
    gist: "A pod is chosen for a connection when it is opened.",
};

pub const GUNICORN_KEEPALIVE: &Clause = &Clause {
    document: "gunicorn documentation",
    section: "keepalive",
    url: "https://docs.gunicorn.org/en/latest/settings.html#keepalive",
    gist: "Seconds to wait for the next request; workers of class sync do not keep connections.",
};

pub const NODE_AGENT: &Clause = &Clause {
    document: "Node.js manual",
    section: "http.globalAgent",
    url: "https://nodejs.org/api/http.html#httpglobalagent",
    gist: "The agent that is used by default keeps connections since version 19.",
};

pub const PYTHON_SERVER: &Clause = &Clause {
    document: "Python documentation",
    section: "protocol_version",
    url: "https://docs.python.org/3/library/http.server.html#http.server.BaseHTTPRequestHandler.protocol_version",
    gist: "Connections are kept with HTTP/1.1, and then every answer needs its length.",
};
