//! Measured facts that contradict a product's own announcement, or what most believe. The page
//! fetches them as a file of their own (`static/surprises.json`), so that they cost a first view
//! nothing; tests/surprises.rs writes it, and runs each of them.

/// One fact, and the scenario that shows it.
pub struct Surprise {
    /// For tests, and for people who write about it.
    pub id: &'static str,
    /// The product's id.
    pub product: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What happens, in one sentence.
    pub fact: &'static str,
    /// A link's fragment that shows it.
    pub link: &'static str,
}

/// In the order in which the page lists them.
pub const SURPRISES: &[Surprise] = &[
    Surprise {
        id: "httpd-one-more",
        product: "apache-httpd",
        title: "A limit of three means four",
        fact: "MaxKeepAliveRequests 3 lets a connection carry four answers; nginx and its keepalive_requests 3 serve three.",
        link: "v=1&scenario=none&server=apache-httpd@2.4&server.MaxKeepAliveRequests=3&exchanges=5&x.version=1.0&x.headers=Host:shop.example;Connection:keep-alive",
    },
    Surprise {
        id: "httpd-half-second",
        product: "apache-httpd",
        title: "timeout=0, and half a second of patience",
        fact: "With KeepAliveTimeout 500ms the answer announces timeout=0, because only whole seconds fit there; the connection waits 0.5 s.",
        link: "v=1&scenario=none&server=apache-httpd@2.4&server.KeepAliveTimeout=500ms&exchanges=1&x.version=1.0&x.headers=Host:shop.example;Connection:keep-alive",
    },
    Surprise {
        id: "httpd-error-closes",
        product: "apache-httpd",
        title: "A 500 costs the connection, a 404 does not",
        fact: "After 500 and seven other statuses httpd closes whatever was asked for; after 404 it keeps the connection.",
        link: "v=1&scenario=none&server=apache-httpd@2.4&exchanges=3&x1.status=404&x2.status=500",
    },
    Surprise {
        id: "nginx-announces",
        product: "nginx",
        title: "It announces what it is told to announce",
        fact: "keepalive_timeout 2s 60s promises the client sixty seconds, and closes after two.",
        link: "v=1&scenario=none&server=nginx&server.keepalive_timeout=2s+60s&exchanges=2&x2.gap=10s",
    },
    Surprise {
        id: "nginx-closed",
        product: "nginx",
        title: "It finds close inside other words",
        fact: "Connection: closed, or disclose, ends the connection, because nginx looks for the letters of close anywhere in the line.",
        link: "v=1&scenario=none&server=nginx&exchanges=2&x1.headers=Host:shop.example;Connection:closed",
    },
    Surprise {
        id: "nginx-application-close",
        product: "nginx",
        title: "An application cannot ask it to close",
        fact: "A backend’s Connection: close is dropped: nginx keeps the client’s connection and says keep-alive.",
        link: "v=1&scenario=none&server=nginx&exchanges=2&x1.answer-headers=Connection:close",
    },
    Surprise {
        id: "nginx-stray-line",
        product: "nginx",
        title: "Two surplus bytes change the clock",
        fact: "An extra line end behind a POST counts as the start of the next request, so nginx closes after client_header_timeout, 60 s, instead of the 75 s of keepalive_timeout.",
        link: "v=1&scenario=none&server=nginx&exchanges=1&x1=POST+/&x1.headers=Host:shop.example;Content-Length:16&x1.body=16&x1.crlf=1",
    },
    Surprise {
        id: "node-one-second-more",
        product: "node",
        title: "It says five seconds and waits six",
        fact: "Newer Node versions announce timeout=5 and close a second later, so that a client that believes the number is never too late.",
        link: "v=1&scenario=none&server=node&exchanges=1",
    },
    Surprise {
        id: "node-503",
        product: "node",
        title: "It says close, stays open, and refuses",
        fact: "With maxRequestsPerSocket 2 the second answer says close, yet the connection stays open, and a third request on it gets 503.",
        link: "v=1&scenario=none&server=node&server.server.maxRequestsPerSocket=2&exchanges=3&x2.pipeline=1&x3.pipeline=1",
    },
    Surprise {
        id: "node-close-loses",
        product: "node",
        title: "keep-alive wins over close",
        fact: "An HTTP/1.0 request with Connection: keep-alive, close is kept by Node; most others close it.",
        link: "v=1&scenario=none&server=node&exchanges=1&x.version=1.0&x.headers=Host:shop.example;Connection:Keep-Alive,+close",
    },
    Surprise {
        id: "node-proxy-connection",
        product: "node",
        title: "Proxy-Connection is obeyed by a server",
        fact: "Proxy-Connection: keep-alive, meant for proxies, makes Node keep an HTTP/1.0 connection.",
        link: "v=1&scenario=none&server=node&exchanges=1&x.version=1.0&x.headers=Host:shop.example;Proxy-Connection:keep-alive",
    },
    Surprise {
        id: "java-any-word",
        product: "java-httpserver",
        title: "Any word but close keeps it",
        fact: "An HTTP/1.0 request with any Connection value that is not exactly close keeps the connection, and the answer does not say so.",
        link: "v=1&scenario=none&server=java-httpserver&exchanges=2&x.version=1.0&x.headers=Host:shop.example;Connection:banana",
    },
    Surprise {
        id: "java-says-both",
        product: "java-httpserver",
        title: "It promises 30 s and closes at once",
        fact: "Asked by HTTP/1.0 with keep-alive for an answer of unknown length, it says keep-alive and timeout=30, and then ends the answer by closing.",
        link: "v=1&scenario=none&server=java-httpserver&exchanges=1&x.version=1.0&x.headers=Host:shop.example;Connection:keep-alive&x.content=streamed:4800",
    },
    Surprise {
        id: "java-looks-every-ten",
        product: "java-httpserver",
        title: "30 s that are up to 40",
        fact: "Idle connections are looked at only every ten seconds, so the one whose 30 s are just over waits for the next look.",
        link: "v=1&scenario=none&server=java-httpserver&exchanges=1&x1.at=1s",
    },
    Surprise {
        id: "lighttpd-one-more",
        product: "lighttpd",
        title: "Here, too, three means four",
        fact: "server.max-keep-alive-requests 3 lets a connection carry four answers.",
        link: "v=1&scenario=none&server=lighttpd&server.server.max-keep-alive-requests=3&exchanges=6",
    },
    Surprise {
        id: "lighttpd-zero",
        product: "lighttpd",
        title: "No idle time means no keep-alive",
        fact: "server.max-keep-alive-idle 0 is no unlimited wait: every answer closes its connection.",
        link: "v=1&scenario=none&server=lighttpd&server.server.max-keep-alive-idle=0&exchanges=2",
    },
    Surprise {
        id: "lighttpd-six",
        product: "lighttpd",
        title: "Five seconds that last six",
        fact: "It counts whole seconds and waits until more than five have passed, so an idle connection lives for six.",
        link: "v=1&scenario=none&server=lighttpd&exchanges=1",
    },
    Surprise {
        id: "lighttpd-collects",
        product: "lighttpd",
        title: "An unknown length becomes a known one",
        fact: "It collects the whole answer of a backend before the first byte leaves, so even HTTP/1.0 can keep its connection.",
        link: "v=1&scenario=none&server=lighttpd&exchanges=2&x.version=1.0&x.headers=Host:shop.example;Connection:keep-alive&x.content=streamed:4800",
    },
    Surprise {
        id: "haproxy-shorter",
        product: "haproxy",
        title: "A keep-alive of a minute ends after three seconds",
        fact: "timeout client 3s also ends idle connections, however long timeout http-keep-alive is, and nothing is said before the close.",
        link: "v=1&scenario=none&server=haproxy&server.timeout+client=3s&server.timeout+http-keep-alive=60s&exchanges=1",
    },
];
