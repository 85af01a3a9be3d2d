//! Python's `http.client.HTTPConnection`: one object, one connection at a time. Measured: 3.11.2.
use super::shared::{holds, host_of, idle_reason, practice, put_composed, put_missing};
use super::{ClientAfter, ClientRule, ClientSees, Picks};
use crate::profile::{Cited, Config, ConfigError, Kind, MakeRule, Product, Setting, VersionInfo};
use crate::protocol::framing::ends_at_head;
use crate::protocol::{Clause, Headers, Reason, Request, Response, Version};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "python-http-client",
    name: "Python http.client",
    gist: "Keeps its connection without limit and does not look whether it is still open: then the request fails.",
    versions: &[VersionInfo { id: "3", note: "measured: 3.11.2" }],
    settings: &[AUTO_OPEN],
    source: CHECK_CLOSE,
    rule: MakeRule::Client(configure),
};

const CHECK_CLOSE: &Clause = &Clause {
    document: "Python 3.11 source",
    section: "Lib/http/client.py, HTTPResponse._check_close",
    url: "https://github.com/python/cpython/blob/3.11/Lib/http/client.py",
    gist: "HTTP/1.1: stays unless the text close stands in Connection. HTTP/1.0: stays with any Keep-Alive field, or keep-alive in Connection or Proxy-Connection.",
};

const MANUAL: &Clause = &Clause {
    document: "Python 3.11 source",
    section: "Lib/http/client.py, HTTPConnection.send",
    url: "https://github.com/python/cpython/blob/3.11/Lib/http/client.py",
    gist: "Without a connection it opens one if auto_open is set; otherwise it raises NotConnected.",
};

const AUTO_OPEN: Setting = Setting {
    name: "auto_open",
    kind: Kind::Flag { on: "1", off: "0" },
    defaults: &[Cited { value: "1", since: "", source: MANUAL }],
    versions: &[],
    gist: "Whether a request opens the connection anew when it has been closed.",
    special: "0: it fails with NotConnected; the first one is opened by connect()",
};

struct HttpClient {
    opens_again: bool,
}

fn configure(config: &Config) -> Result<Box<dyn ClientRule>, ConfigError> {
    Ok(Box::new(HttpClient { opens_again: config.flag(AUTO_OPEN.name) }))
}

/// Does the connection close after this answer, and does only that close end it?
pub(super) fn reads(sees: &ClientSees<'_>) -> ClientAfter {
    let response = &sees.answer.response;
    let headers = &response.headers;
    let coding = headers.first("transfer-encoding");
    let chunked = coding.is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"));
    let length =
        || headers.first("content-length").and_then(|text| text.trim().parse::<u64>().ok());
    if !chunked && !ends_at_head(&sees.request.method, response.status) && length().is_none() {
        return ClientAfter::AwaitClose;
    }
    match closes(response) {
        Some((rule, fact)) => ClientAfter::Close(practice(rule, fact, CHECK_CLOSE)),
        None => ClientAfter::Keep { idle_limit: None },
    }
}

/// Of several fields of one name the first counts, and an empty one is none.
fn closes(response: &Response) -> Option<(&'static str, &'static str)> {
    let first = |name: &str| response.headers.first(name).unwrap_or("");
    if response.version != Version::Http10 {
        return holds(first("connection"), "close")
            .then_some(("close-in-response", "the text close stands in Connection"));
    }
    let keeps = !first("keep-alive").is_empty()
        || holds(first("connection"), "keep-alive")
        || holds(first("proxy-connection"), "keep-alive");
    (!keeps).then_some(("http10-not-confirmed", "an HTTP/1.0 answer without keep-alive"))
}

/// Methods whose missing body is announced too: `Content-Length: 0`.
const WITH_BODY: [&str; 3] = ["PATCH", "POST", "PUT"];

impl ClientRule for HttpClient {
    fn max_connections(&self) -> u32 {
        1
    }

    fn at_once(&self) -> u32 {
        1
    }

    fn picks(&self) -> Picks {
        Picks::LastFreed
    }

    fn pipelines(&self, _request: &Request) -> Option<u32> {
        Some(1)
    }

    /// HTTP/1.1 whatever was composed; nothing about the connection.
    fn rewrite_with_body(&self, composed: &Request, body_bytes: u64) -> Option<Request> {
        let said = &composed.headers;
        let mut headers = Headers::new();
        put_missing(&mut headers, said, "Host", host_of(composed));
        put_missing(&mut headers, said, "Accept-Encoding", "identity");
        let announced = body_bytes > 0 || WITH_BODY.contains(&composed.method.as_str());
        if announced && !said.has("transfer-encoding") {
            put_missing(&mut headers, said, "Content-Length", &body_bytes.to_string());
        }
        put_composed(&mut headers, said);
        Some(Request { version: Version::Http11, headers, ..composed.clone() })
    }

    fn after(&self, sees: &ClientSees<'_>) -> ClientAfter {
        reads(sees)
    }

    fn watches_idle(&self) -> bool {
        false
    }

    fn opens_again(&self) -> bool {
        self.opens_again
    }

    /// Never asked: it waits without limit.
    fn idle_reason(&self, limit: Us) -> Reason {
        idle_reason(limit, "no limit")
    }
}
