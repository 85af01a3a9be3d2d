//! The clauses behind the verdicts: document, section, link, and the gist in our own words.

/// A place in a document that a verdict can point at. Products cite their manuals the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Clause {
    /// `RFC 9112`, or the name of a product's manual.
    pub document: &'static str,
    /// `9.3`, or the name of a directive.
    pub section: &'static str,
    /// Where to read it.
    pub url: &'static str,
    /// What it says, in our own words.
    pub gist: &'static str,
}

impl std::fmt::Display for Clause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.section {
            "" => f.write_str(self.document),
            section if section.starts_with(|c: char| c.is_ascii_digit()) => {
                write!(f, "{} §{section}", self.document)
            }
            section if self.document.starts_with("RFC ") => {
                write!(f, "{} appendix {section}", self.document)
            }
            section => write!(f, "{} {section}", self.document),
        }
    }
}

/// The place of a section in the HTML of an RFC; appendices are named with a letter.
macro_rules! anchor {
    (section $section:literal) => {
        concat!(".html#section-", $section)
    };
    (appendix $section:literal) => {
        concat!(".html#appendix-", $section)
    };
}

/// Declares clauses of RFCs as constants, and [`ALL`], the list of them.
macro_rules! rfc {
    ($($(#[$doc:meta])* $name:ident = $rfc:literal $kind:ident $section:literal $gist:literal;)*) => {
        $($(#[$doc])* pub const $name: &Clause = &Clause {
            document: concat!("RFC ", $rfc),
            section: $section,
            url: concat!("https://www.rfc-editor.org/rfc/rfc", $rfc, anchor!($kind $section)),
            gist: $gist,
        };)*
        /// Every clause of a specification that the rules cite.
        pub const ALL: &[&Clause] = &[$($name),*];
        /// The names of these constants, in the same order.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];
    };
}

rfc! {
    PERSISTENCE = "9112" section "9.3" "Whether a connection persists follows from the last message: close ends it, HTTP/1.1 keeps it, HTTP/1.0 has to ask with keep-alive.";
    RETRY = "9112" section "9.3.1" "A connection can close at any time; what may be repeated depends on the method.";
    PIPELINING = "9112" section "9.3.2" "Requests may be sent without waiting; answers come in the same order.";
    CONCURRENCY = "9112" section "9.4" "No fixed number of connections; be conservative.";
    TIMEOUTS = "9112" section "9.5" "Either side may close an idle connection at any time; no length of the wait is prescribed.";
    TEARDOWN = "9112" section "9.6" "What the close option means, who closes after it, and how to close without losing the answer.";
    BODY_LENGTH = "9112" section "6.3" "How the end of a message is found, in order of precedence.";
    TRANSFER_ENCODING = "9112" section "6.1" "Transfer-Encoding: who may use it, and what it means beside Content-Length or in HTTP/1.0.";
    CONTENT_LENGTH = "9112" section "6.2" "Content-Length states the size of the body.";
    CHUNKED = "9112" section "7.1" "A body in chunks ends with a chunk of size zero.";
    FIELD_SYNTAX = "9112" section "5.1" "No white space between a field's name and the colon: a server answers 400.";
    FIELD_NAMES = "9110" section "5.1" "The name of a field is one word.";
    FIELD_VALUES = "9110" section "5.5" "CR, LF and NUL in a value are dangerous: refuse the message or put a space in their place.";
    LISTS = "9110" section "5.6.1" "A list stands between commas; empty members count for nothing, and several lines are one list.";
    LINE_FOLDING = "9112" section "5.2" "A field continued on the next line is refused or unfolded.";
    MESSAGE_PARSING = "9112" section "2.2" "A server skips an empty line before a request; a client sends none after a body.";
    VERSION = "9112" section "2.3" "The version tells what the sender can do, not what the message means.";
    NO_CONTENT = "9110" section "6.4.1" "Answers to HEAD, and 1xx, 204 and 304, have no body whatever their fields say.";
    INTERIM = "9110" section "15.2" "An answer with a 1xx status comes before the final one and decides nothing, except 101.";
    SWITCHING = "9110" section "15.2.2" "101: after its empty line the connection speaks the other protocol.";
    TOO_LARGE = "9110" section "15.5.14" "413: the server may close rather than read on.";
    REQUEST_LINE = "9112" section "3" "Method, target, version, single spaces.";
    HOST = "9112" section "3.2" "An HTTP/1.1 request has exactly one Host field; otherwise the answer is 400.";
    CONNECTION = "9110" section "7.6.1" "Connection lists options for this hop only; each is a case-insensitive word.";
    UPGRADE = "9110" section "7.8" "A client may offer to switch protocols; a server may accept with 101.";
    CONNECT = "9110" section "9.3.6" "A 2xx answer to CONNECT turns the connection into a tunnel.";
    IDEMPOTENT = "9110" section "9.2.2" "Requests that may be repeated have the same effect once or twice.";
    EXPECT = "9110" section "10.1.1" "Expect: 100-continue lets a client wait before it sends the body.";
    REQUEST_TIMEOUT = "9110" section "15.5.9" "408: no complete request came in time.";
    HTTP10_KEEP_ALIVE = "9112" appendix "C.2.2" "In HTTP/1.0 keep-alive is an extension that both sides must name, and that proxies break.";
    HTTP10_CLOSE = "1945" section "1.3" "In HTTP/1.0 the client opens a connection for each request and the server closes it after the answer.";
    KEEP_ALIVE_FIELD = "2068" section "19.7.1.1" "The Keep-Alive field carries optional hints, and counts only beside the keep-alive option.";
    TIME_WAIT = "9293" section "3.6" "The side that closes first keeps the port for a while, for packets that come late.";
    KEEP_ALIVE_2068 = "2068" section "19.7.1" "The first description of keep-alive for HTTP/1.0 clients.";
    TCP_HANDSHAKE = "9293" section "3.5" "Opening a TCP connection takes one round trip.";
}
