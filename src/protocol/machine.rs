//! The states of a connection at each of its two ends, as tables. What moves an end is a row here and
//! nowhere else; the page draws its state diagram from the same rows.
//!
//! One exchange at a time is followed. Where the verdict about an exchange comes in
//! ([`Event::AnswerEnd`]), it is that of [`super::decide`]: see [`After::of`].
use super::cause::{Cause, Question};
use super::{Clause, Verdict, clause};

/// One of the two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Client,
    Server,
}

/// Where an end stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Nothing is under way: a request may follow.
    Idle,
    /// The request is under way.
    Request,
    /// The request is complete, the answer is not.
    Answer,
    /// No further request: all that is left is to close.
    MustClose,
    Closed,
    /// No longer HTTP.
    Switched,
}

impl State {
    pub const ALL: [Self; 6] =
        [Self::Idle, Self::Request, Self::Answer, Self::MustClose, Self::Closed, Self::Switched];

    /// For people, as it looks from this end.
    pub const fn label(self, end: End) -> &'static str {
        match (self, end) {
            (Self::Idle, _) => "idle",
            (Self::Request, End::Client) => "sending a request",
            (Self::Request, End::Server) => "reading a request",
            (Self::Answer, End::Client) => "waiting for the answer",
            (Self::Answer, End::Server) => "answering",
            (Self::MustClose, _) => "must close",
            (Self::Closed, _) => "closed",
            (Self::Switched, _) => "another protocol",
        }
    }

    /// Does HTTP end here?
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Switched)
    }
}

/// What moves an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// The head of a request is sent or received.
    RequestHead,
    /// The request is complete.
    RequestEnd,
    /// A 1xx answer.
    Interim,
    /// The final answer is complete.
    AnswerEnd(After),
    /// An empty line where a request should begin.
    StrayLine,
    /// No complete request came in time.
    Timeout,
    /// This end closes.
    Closes,
    /// The other end has closed.
    PeerCloses,
}

/// What a complete answer leaves behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum After {
    /// The connection stays, by the default of HTTP/1.1.
    Keeps,
    /// The connection stays, because HTTP/1.0 asked for it.
    KeepsAsked,
    /// This question ends it.
    Ends(Question),
    /// 101.
    Switches,
    /// 2xx to CONNECT.
    Tunnels,
}

impl After {
    /// What the verdict about an exchange leaves behind.
    pub fn of(verdict: &Verdict) -> Self {
        match verdict.cause {
            Cause::Switched => Self::Switches,
            Cause::Tunnel => Self::Tunnels,
            Cause::Http11Default => Self::Keeps,
            _ if verdict.persist => Self::KeepsAsked,
            cause => Self::Ends(cause.rule().question),
        }
    }
}

/// One row: in this state, on this event, to that state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    pub from: State,
    pub on: Event,
    pub to: State,
    /// What happens, in a few words.
    pub label: &'static str,
    pub clause: &'static Clause,
}

const fn row(
    from: State,
    on: Event,
    to: State,
    label: &'static str,
    clause: &'static Clause,
) -> Transition {
    Transition { from, on, to, label, clause }
}

use Event::{AnswerEnd, Closes, Interim, PeerCloses, RequestEnd, RequestHead, StrayLine, Timeout};
use State::{Answer, Closed, Idle, MustClose, Request, Switched};

const fn ends(question: Question) -> Event {
    AnswerEnd(After::Ends(question))
}

/// What moves the client's end.
pub const CLIENT: &[Transition] = &[
    row(Idle, RequestHead, Request, "sends a request", clause::REQUEST_LINE),
    row(Idle, Closes, Closed, "has no more use for it", clause::TIMEOUTS),
    row(Idle, PeerCloses, Closed, "the server has closed", clause::TIMEOUTS),
    row(Request, RequestEnd, Answer, "the request is complete", clause::BODY_LENGTH),
    row(Request, Interim, Request, "100: go on with the body", clause::EXPECT),
    row(Request, PeerCloses, Closed, "the server closes in the middle", clause::RETRY),
    row(Answer, RequestHead, Request, "sends the next without waiting", clause::PIPELINING),
    row(Answer, Interim, Answer, "1xx: not yet the answer", clause::INTERIM),
    row(Answer, AnswerEnd(After::Keeps), Idle, "HTTP/1.1, no close", clause::PERSISTENCE),
    row(
        Answer,
        AnswerEnd(After::KeepsAsked),
        Idle,
        "HTTP/1.0, keep-alive on both sides",
        clause::HTTP10_KEEP_ALIVE,
    ),
    row(
        Answer,
        ends(Question::Readable),
        MustClose,
        "a message cannot be understood",
        clause::MESSAGE_PARSING,
    ),
    row(Answer, ends(Question::Supported), MustClose, "keeps no connections", clause::PERSISTENCE),
    row(Answer, ends(Question::Close), MustClose, "a message says close", clause::TEARDOWN),
    row(
        Answer,
        ends(Question::Asked),
        MustClose,
        "HTTP/1.0 without keep-alive",
        clause::HTTP10_CLOSE,
    ),
    row(
        Answer,
        ends(Question::Length),
        MustClose,
        "only the close ends the answer",
        clause::BODY_LENGTH,
    ),
    row(
        Answer,
        ends(Question::Read),
        MustClose,
        "the request was not read to its end",
        clause::PERSISTENCE,
    ),
    row(Answer, AnswerEnd(After::Switches), Switched, "101", clause::SWITCHING),
    row(Answer, AnswerEnd(After::Tunnels), Switched, "2xx to CONNECT", clause::CONNECT),
    row(
        Answer,
        PeerCloses,
        Closed,
        "dies: only what is idempotent may be repeated",
        clause::IDEMPOTENT,
    ),
    row(MustClose, Closes, Closed, "closes", clause::TEARDOWN),
    row(MustClose, PeerCloses, Closed, "the server closes first", clause::TEARDOWN),
];

/// What moves the server's end.
pub const SERVER: &[Transition] = &[
    row(Idle, RequestHead, Request, "a request begins", clause::REQUEST_LINE),
    row(Idle, StrayLine, Idle, "skips an empty line", clause::MESSAGE_PARSING),
    row(Idle, Closes, Closed, "waited long enough", clause::TIMEOUTS),
    row(Idle, PeerCloses, Closed, "the client has closed", clause::TIMEOUTS),
    row(Request, RequestEnd, Answer, "the request is complete", clause::BODY_LENGTH),
    row(Request, Interim, Request, "100: asks for the body", clause::EXPECT),
    row(Request, Timeout, MustClose, "408: gives up waiting", clause::REQUEST_TIMEOUT),
    row(
        Request,
        ends(Question::Readable),
        MustClose,
        "400: cannot understand it",
        clause::MESSAGE_PARSING,
    ),
    row(
        Request,
        ends(Question::Read),
        MustClose,
        "answers without reading the rest",
        clause::TOO_LARGE,
    ),
    row(Request, PeerCloses, Closed, "the client closes in the middle", clause::TEARDOWN),
    row(Answer, RequestHead, Answer, "the next request waits its turn", clause::PIPELINING),
    row(Answer, Interim, Answer, "1xx: not yet the answer", clause::INTERIM),
    row(Answer, AnswerEnd(After::Keeps), Idle, "HTTP/1.1, no close", clause::PERSISTENCE),
    row(
        Answer,
        AnswerEnd(After::KeepsAsked),
        Idle,
        "HTTP/1.0, keep-alive on both sides",
        clause::HTTP10_KEEP_ALIVE,
    ),
    row(
        Answer,
        ends(Question::Readable),
        MustClose,
        "400: cannot understand it",
        clause::MESSAGE_PARSING,
    ),
    row(Answer, ends(Question::Supported), MustClose, "keeps no connections", clause::PERSISTENCE),
    row(Answer, ends(Question::Close), MustClose, "a message says close", clause::TEARDOWN),
    row(
        Answer,
        ends(Question::Asked),
        MustClose,
        "HTTP/1.0 without keep-alive",
        clause::HTTP10_CLOSE,
    ),
    row(
        Answer,
        ends(Question::Length),
        MustClose,
        "only the close ends the answer",
        clause::BODY_LENGTH,
    ),
    row(
        Answer,
        ends(Question::Read),
        MustClose,
        "the request was not read to its end",
        clause::PERSISTENCE,
    ),
    row(Answer, AnswerEnd(After::Switches), Switched, "101", clause::SWITCHING),
    row(Answer, AnswerEnd(After::Tunnels), Switched, "2xx to CONNECT", clause::CONNECT),
    row(MustClose, Closes, Closed, "closes, reading on for a while", clause::TEARDOWN),
    row(MustClose, PeerCloses, Closed, "the client closes first", clause::TEARDOWN),
];

impl End {
    pub const fn table(self) -> &'static [Transition] {
        match self {
            Self::Client => CLIENT,
            Self::Server => SERVER,
        }
    }

    /// The row for this event; None where it cannot happen.
    pub fn transition(self, from: State, on: Event) -> Option<&'static Transition> {
        self.table().iter().find(|row| row.from == from && row.on == on)
    }

    /// The next state; None where the event cannot happen.
    pub fn step(self, from: State, on: Event) -> Option<State> {
        self.transition(from, on).map(|row| row.to)
    }
}
