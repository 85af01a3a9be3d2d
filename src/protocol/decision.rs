//! May another exchange follow on this connection (RFC 9112 §9.3)?
use super::{Framing, Note, Reason, Request, Response, Step};

/// Whose decision it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Role {
    #[default]
    Server,
    Client,
    /// A proxy towards its client.
    Proxy,
    /// A proxy towards the server behind it.
    ProxyUpstream,
}

/// Choices that the specifications leave open, with the choice most implementations make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Keep a connection for an HTTP/1.0 message that carries keep-alive (§9.3: MAY).
    pub honour_http10_keep_alive: bool,
    /// Read and drop a request body that nobody wanted, so that the connection can be kept.
    pub drain_unread_body: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { honour_http10_keep_alive: true, drain_unread_body: true }
    }
}

/// Which side ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhoCloses {
    Server,
    Client,
    Either,
}

/// The verdict about one exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// May another HTTP/1 exchange follow?
    pub persist: bool,
    /// The connection lives on as something else (101, 2xx to CONNECT).
    pub switched: bool,
    pub request_framing: Framing,
    pub response_framing: Framing,
    /// The facts that decided, the decisive one first. Never empty.
    pub because: Vec<Reason>,
    pub who_closes: Option<WhoCloses>,
    pub notes: Vec<Note>,
    /// The questions in the order they were asked.
    pub path: Vec<Step>,
}

/// Decides. With no response a neutral one is assumed, with no request `GET / HTTP/1.1`.
pub fn judge(
    _request: Option<&Request>,
    _response: Option<&Response>,
    _role: Role,
    _policy: &Policy,
) -> Judgement {
    todo!("the protocol room")
}
