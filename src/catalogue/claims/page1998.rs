//! A page of 1998 on both versions of HTTP, and on Java.
use super::{Claim, Verdict};
use crate::catalogue::Origin;
use crate::protocol::{Clause, clause};

const STATELESS: &Clause = &Clause {
    document: "RFC 9110",
    section: "3.3",
    url: "https://www.rfc-editor.org/rfc/rfc9110.html#section-3.3",
    gist: "Each request is understood alone: two on one connection need not come from the same user.",
};

pub const CLAIMS: &[Claim] = &[
    claim(
        "At first HTTP opened a connection for every request.",
        Verdict::Right,
        "The client opened it, and the server closed it behind the answer.",
        clause::HTTP10_CLOSE,
        "v=1&scenario=none&client=http10-crawler&rtt=40ms&exchanges=3",
    ),
    claim(
        "No official text says how keep-alive works in HTTP/1.0.",
        Verdict::RightThen,
        "There was none in 1998. Today it stands beside the rule for HTTP/1.1, and in an appendix that warns of proxies.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=http10-negotiation",
    ),
    claim(
        "The client asks with Connection: Keep-Alive, the server says it back, and the connection stays.",
        Verdict::Right,
        "One condition is missing: the answer needs a known length, for HTTP/1.0 has no chunks.",
        clause::HTTP10_KEEP_ALIVE,
        "v=1&scenario=none&client=http10-keepalive&rtt=40ms&exchanges=3&x2.content=streamed:4800",
    ),
    claim(
        "It stays until one of the two drops it.",
        Verdict::Right,
        "No length is prescribed; in practice the shorter idle limit decides.",
        clause::TIMEOUTS,
        "v=1&scenario=idle-too-late",
    ),
    claim(
        "In HTTP/1.1 every connection stays unless somebody says Connection: close.",
        Verdict::Right,
        "But close is not the only thing that ends one: an idle limit does, and so does an answer whose length cannot be seen.",
        clause::PERSISTENCE,
        "v=1&scenario=http11-default",
    ),
    claim(
        "In HTTP/1.1 Connection: Keep-Alive means nothing any more.",
        Verdict::Partly,
        "It changes no decision between HTTP/1.1 programs. It still speaks to HTTP/1.0, and Apache sends its Keep-Alive field only to those who say it.",
        clause::PERSISTENCE,
        "v=1&scenario=none&server=apache-httpd@2.4&rtt=40ms&exchanges=2&x2.headers=Host:shop.example;Connection:Keep-Alive",
    ),
    claim(
        "The Keep-Alive field is too vague to be of use.",
        Verdict::Outdated,
        "It is a hint and no promise, but it is read: Node’s agent and fetch, and others, leave a connection alone before the announced time is over.",
        clause::KEEP_ALIVE_FIELD,
        "v=1&scenario=none&server=node&client=node-fetch&rtt=40ms&exchanges=2&x2.gap=4.5s",
    ),
    claim(
        "HTTP is stateless, and keep-alive changes nothing in that.",
        Verdict::Right,
        "Requests on one connection have nothing to do with each other. NTLM, which logs in the connection, is the known breach.",
        STATELESS,
        "v=1&scenario=none&rtt=40ms&exchanges=2&x1.status=401",
    ),
    claim(
        "Nobody promises that a connection stays open; at best its end is announced.",
        Verdict::Right,
        "A server should announce it with close. An idle connection has no answer to say it in, so a request can meet a close.",
        clause::TIMEOUTS,
        "v=1&scenario=none&server.idle+timeout=5&rtt=60ms&exchanges=2&x2.gap=4.98s",
    ),
    claim(
        "An application must not depend on keep-alive.",
        Verdict::Right,
        "A connection can close at any time, and the client has to be able to open another one.",
        clause::RETRY,
        "v=1&scenario=idle-too-late",
    ),
    claim(
        "Nothing may follow the body of a POST, yet some browsers send CR LF there.",
        Verdict::Right,
        "A client must not send it; a server should skip an empty line before a request.",
        clause::MESSAGE_PARSING,
        "v=1&scenario=post-extra-crlf",
    ),
    claim(
        "Most browsers send CR LF behind the body of a POST.",
        Verdict::Outdated,
        "Browsers of the time did. The specification calls them old HTTP/1.0 programs; today’s send none.",
        clause::MESSAGE_PARSING,
        "v=1&scenario=post-extra-crlf&vs=off",
    ),
    claim(
        "There are two ways out: no keep-alive behind a POST, or skipping the empty line.",
        Verdict::Outdated,
        "The second has become what a server should do; the first costs a connection per POST.",
        clause::MESSAGE_PARSING,
        "v=1&scenario=post-extra-crlf",
    ),
    claim(
        "Java’s client keeps connections by itself, and a programmer can do nothing about it.",
        Verdict::Partly,
        "By itself, yes. But http.keepAlive and http.maxConnections exist, and an answer, of an error too, has to be read to its end.",
        clause::PERSISTENCE,
        "v=1&scenario=none&client=java-httpurlconnection&rtt=40ms&exchanges=3&vs.client.http.keepAlive=false",
    ),
    claim(
        "Java’s server keeps a connection only if the length is set or the answer fits in 4 kB.",
        Verdict::Outdated,
        "In HTTP/1.1 chunks show the end of an answer of any length. Towards HTTP/1.0 it is still so.",
        clause::CHUNKED,
        "v=1&scenario=java-4k-buffer",
    ),
];

const fn claim(
    gist: &'static str,
    verdict: Verdict,
    why: &'static str,
    clause: &'static Clause,
    see: &'static str,
) -> Claim {
    Claim { origin: Origin::Page1998, gist, verdict, why, clause, see }
}
