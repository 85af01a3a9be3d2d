//! Everything that can end a connection after an exchange, or settle that it stays: one table.
use super::{Clause, Reason, Strength, WhoCloses, clause};
use std::borrow::Cow;

/// A question on the way to a verdict, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    Readable,
    StaysHttp,
    Supported,
    Close,
    Version,
    Asked,
    Length,
    Read,
}

impl Question {
    pub const ALL: [Self; 8] = [
        Self::Readable,
        Self::StaysHttp,
        Self::Supported,
        Self::Close,
        Self::Version,
        Self::Asked,
        Self::Length,
        Self::Read,
    ];

    /// Asked of every exchange. The others come up only where they decide.
    pub const fn is_usual(self) -> bool {
        !matches!(self, Self::Readable | Self::StaysHttp | Self::Supported)
    }

    pub const fn text(self) -> &'static str {
        match self {
            Self::Readable => "Can both messages be understood?",
            Self::StaysHttp => "Does the connection go on with HTTP?",
            Self::Supported => "Are connections kept at all here?",
            Self::Close => "Does a message say close?",
            Self::Version => "Is it HTTP/1.1 or later?",
            Self::Asked => "Did both sides of HTTP/1.0 ask for keep-alive?",
            Self::Length => "Is the length of the answer known?",
            Self::Read => "Was the whole request read?",
        }
    }

    pub const fn clause(self) -> &'static Clause {
        match self {
            Self::Readable => clause::MESSAGE_PARSING,
            Self::StaysHttp => clause::UPGRADE,
            Self::Close => clause::TEARDOWN,
            Self::Supported | Self::Version | Self::Read => clause::PERSISTENCE,
            Self::Asked => clause::HTTP10_KEEP_ALIVE,
            Self::Length => clause::BODY_LENGTH,
        }
    }
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable short id.
    pub id: &'static str,
    /// What was seen, as a clause of a sentence.
    pub fact: &'static str,
    pub question: Question,
    pub clause: &'static Clause,
    pub strength: Strength,
    pub closes: Closes,
}

impl Rule {
    pub const fn reason(&self) -> Reason {
        Reason {
            rule: self.id,
            fact: Cow::Borrowed(self.fact),
            clause: self.clause,
            strength: self.strength,
        }
    }
}

/// Who ends the connection where a rule decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Closes {
    Nobody,
    Server,
    Client,
    /// The side that judges: it is its own choice.
    Judge,
}

impl Closes {
    pub const fn who(self, judge_is_server: bool) -> Option<WhoCloses> {
        match self {
            Self::Nobody => None,
            Self::Server => Some(WhoCloses::Server),
            Self::Client => Some(WhoCloses::Client),
            Self::Judge if judge_is_server => Some(WhoCloses::Server),
            Self::Judge => Some(WhoCloses::Client),
        }
    }
}

/// A set of causes. At most 64 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Causes(u64);

impl Causes {
    pub const fn insert(&mut self, cause: Cause) {
        self.0 |= 1 << cause as u64;
    }

    pub const fn insert_if(&mut self, holds: bool, cause: Cause) {
        self.0 |= (holds as u64) << cause as u64;
    }

    pub const fn contains(self, cause: Cause) -> bool {
        self.0 & (1 << cause as u64) != 0
    }

    /// The one that comes first in the table: it decides.
    pub fn first(self) -> Option<Cause> {
        Cause::ALL.get(self.0.trailing_zeros() as usize).copied()
    }

    pub fn iter(self) -> impl Iterator<Item = Cause> {
        let mut rest = self;
        std::iter::from_fn(move || {
            let first = rest.first()?;
            rest.0 &= rest.0 - 1;
            Some(first)
        })
    }
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $id:literal $question:ident $closes:ident $clause:ident $strength:ident $fact:literal;)*) => {
        /// What decided. The order is that of precedence: of several, the first one decides.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cause {
            $($(#[$doc])* $name,)*
        }

        impl Cause {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub const fn rule(self) -> &'static Rule {
                &RULES[self as usize]
            }
        }

        /// The table behind [`Cause`], in its order.
        pub const RULES: &[Rule] = &[$(Rule {
            id: $id,
            fact: $fact,
            question: Question::$question,
            clause: clause::$clause,
            strength: Strength::$strength,
            closes: Closes::$closes,
        }),*];
    };
}

causes! {
    // The request cannot be understood, or not safely: the server answers (400, say) and closes.
    RequestMethod = "malformed-request-line" Readable Server REQUEST_LINE Should "the method of the request is not a word";
    RequestTarget = "malformed-request-line" Readable Server REQUEST_LINE Should "the target of the request is empty or has a space in it";
    RequestVersion = "malformed-version" Readable Server VERSION Should "the version of the request cannot be read";
    RequestSimple = "malformed-request-line" Readable Server VERSION Should "HTTP/0.9 knows only GET";
    RequestNotHttp1 = "not-http1" Readable Server VERSION Should "the request is not HTTP/1";
    RequestSpaceBeforeColon = "space-before-colon" Readable Server FIELD_SYNTAX Must "the request has white space before the colon of a field";
    RequestFieldName = "malformed-field" Readable Server FIELD_NAMES Should "the request has a field whose name is not a word";
    RequestControl = "control-character" Readable Server FIELD_VALUES Must "the request has a control character in the value of a field";
    RequestFolded = "folded-line" Readable Server LINE_FOLDING Must "the request has a field that goes on in the next line";
    RequestOption = "malformed-option" Readable Server CONNECTION May "the request has a connection option that is not a word";
    RequestHost = "host-missing-or-repeated" Readable Server HOST Must "the HTTP/1.1 request does not have exactly one Host field";
    RequestCodingInHttp10 = "transfer-encoding-in-http10" Readable Server TRANSFER_ENCODING Must "the HTTP/1.0 request has Transfer-Encoding, which that version does not know";
    RequestChunkedTwice = "chunked-twice" Readable Server TRANSFER_ENCODING Must "the request says chunked more than once";
    RequestNotChunkedLast = "not-chunked-last" Readable Server BODY_LENGTH Must "the last transfer coding of the request is not chunked, so nothing tells where it ends";
    RequestTwoLengths = "transfer-encoding-with-content-length" Readable Server TRANSFER_ENCODING Must "the request has both Transfer-Encoding and Content-Length";
    RequestBadLength = "invalid-content-length" Readable Server BODY_LENGTH Must "the Content-Length of the request is not a number";
    RequestDifferentLengths = "different-content-lengths" Readable Server BODY_LENGTH Must "the request has two Content-Lengths that differ";
    RequestRepeatedLength = "repeated-content-length" Readable Server BODY_LENGTH May "the request says its Content-Length more than once";
    // The answer cannot be understood: the client gives the connection up.
    ResponseVersion = "malformed-version" Readable Client VERSION Should "the version of the answer cannot be read";
    ResponseNotHttp1 = "not-http1" Readable Client VERSION Should "the answer is not HTTP/1";
    ResponseFieldName = "malformed-field" Readable Client FIELD_NAMES Should "the answer has a field whose name is not a word";
    ResponseControl = "control-character" Readable Client FIELD_VALUES Must "the answer has a control character in the value of a field";
    ResponseCodingInHttp10 = "transfer-encoding-in-http10" Readable Client TRANSFER_ENCODING Must "the HTTP/1.0 answer has Transfer-Encoding, which that version does not know";
    ResponseChunkedTwice = "chunked-twice" Readable Client TRANSFER_ENCODING Must "the answer says chunked more than once";
    ResponseTwoLengths = "transfer-encoding-with-content-length" Readable Client BODY_LENGTH May "the answer has both Transfer-Encoding and Content-Length";
    ResponseBadLength = "invalid-content-length" Readable Client BODY_LENGTH Must "the Content-Length of the answer is not a number";
    ResponseDifferentLengths = "different-content-lengths" Readable Client BODY_LENGTH Must "the answer has two Content-Lengths that differ";
    ResponseRepeatedLength = "repeated-content-length" Readable Client BODY_LENGTH May "the answer says its Content-Length more than once";
    /// Not a close: the connection speaks another protocol.
    Switched = "switched-protocols" StaysHttp Nobody SWITCHING Must "behind a 101 the connection speaks another protocol";
    /// Not a close: the connection carries whatever the two ends send.
    Tunnel = "tunnel" StaysHttp Nobody CONNECT Must "a 2xx answer to CONNECT makes the connection a tunnel";
    NotSupported = "persistence-not-supported" Supported Judge PERSISTENCE Must "connections are not kept here, so each message has to say close";
    CloseInRequest = "close-in-request" Close Server TEARDOWN Must "the request says close";
    CloseInResponse = "close-in-response" Close Server TEARDOWN Must "the answer says close";
    Http09 = "http09" Asked Server HTTP10_CLOSE Practice "HTTP/0.9 has no fields to ask with: one request, one answer, and the server closes";
    Http10NotAsked = "http10-not-asked" Asked Server PERSISTENCE Must "the HTTP/1.0 request does not ask for keep-alive";
    Http10AtProxy = "http10-client-of-proxy" Asked Server PERSISTENCE Must "a proxy keeps no connection with an HTTP/1.0 client";
    Http10NotHonoured = "http10-not-honoured" Asked Judge PERSISTENCE May "keep-alive is asked for in HTTP/1.0, but not honoured here";
    Http10NotConfirmed = "http10-not-confirmed" Asked Server PERSISTENCE Must "the HTTP/1.0 answer does not carry keep-alive";
    Http10Unconfirmed = "http10-not-confirmed" Asked Client HTTP10_KEEP_ALIVE Practice "the answer does not confirm the keep-alive of the HTTP/1.0 request";
    ChunkedToHttp10 = "chunked-to-http10" Length Server TRANSFER_ENCODING Must "the answer is in chunks, which an HTTP/1.0 client cannot read";
    CloseDelimited = "close-delimited" Length Server BODY_LENGTH Must "nothing tells where the answer ends, so only the close can";
    NoContentWithLength = "length-without-content" Length Client NO_CONTENT Practice "a 204 announces a body that it must not have, and a cautious client does not trust it";
    RequestTimeout = "request-timeout" Read Server REQUEST_TIMEOUT Practice "a 408 says that the server gave up waiting, and what still comes cannot be told apart from a new request";
    BodyUnread = "body-unread" Read Server PERSISTENCE Must "the body of the request is not read, and its bytes would be taken for the next request";
    // The connection stays.
    Http11Default = "http11-default" Version Nobody PERSISTENCE Should "both sides speak HTTP/1.1 and neither says close";
    Http10Negotiated = "http10-negotiated" Asked Nobody PERSISTENCE May "request and response both carry keep-alive";
    Http10Asked = "http10-asked" Asked Nobody PERSISTENCE May "the HTTP/1.0 request asks for keep-alive, and the HTTP/1.1 answer does not say close";
    Http10Confirmed = "http10-confirmed" Asked Nobody PERSISTENCE May "the HTTP/1.0 answer carries keep-alive";
    LengthKnown = "length-known" Length Nobody BODY_LENGTH Must "both messages tell where they end";
}

const _: () = assert!(Cause::ALL.len() <= 64);
