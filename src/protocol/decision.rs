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
///
/// A first version, for whoever needs a verdict while the full one is being written.
pub fn judge(
    request: Option<&Request>,
    response: Option<&Response>,
    _role: Role,
    policy: &Policy,
) -> Judgement {
    use super::reason::Branch;
    use super::{Options, Strength, Version, clause, framing};
    let assumed = Request::new("GET", "/", Version::Http11).with("Host", "a");
    let request = request.unwrap_or(&assumed);
    let asked = Options::of(&request.headers);
    let mut neutral = Response::new(Version::Http11, 200).with("Content-Length", "0");
    if asked.keep_alive {
        neutral.headers.push("Connection", "keep-alive");
    }
    let response = response.unwrap_or(&neutral);
    let said = Options::of(&response.headers);
    let request_framing = framing::request(request);
    let response_framing = framing::response(response, &request.method);
    let old = !request.version.is_at_least_http11();
    let table = [
        ("Does a message say close?", asked.close || said.close, false, "close", clause::TEARDOWN),
        ("Is it HTTP/1.1 or later?", !old, true, "version", clause::PERSISTENCE),
        (
            "Did both sides of HTTP/1.0 ask for keep-alive?",
            !old || (asked.keep_alive && said.keep_alive && policy.honour_http10_keep_alive),
            true,
            "http10-negotiated",
            clause::PERSISTENCE,
        ),
        (
            "Is the length of the answer known?",
            !matches!(response_framing, Framing::CloseDelimited | Framing::Invalid),
            true,
            "length",
            clause::BODY_LENGTH,
        ),
    ];
    let mut path = Vec::new();
    let mut decided: Option<Reason> = None;
    let mut persist = true;
    for (index, (question, answer, wanted, rule, clause)) in table.into_iter().enumerate() {
        let last = index + 1 == table.len();
        let closes = answer != wanted && rule != "version";
        let branch = if decided.is_some() {
            Branch::NotReached
        } else if closes || last {
            Branch::Decides
        } else {
            Branch::Continues
        };
        let yes = if answer { "yes" } else { "no" };
        let shown = if branch == Branch::NotReached { "" } else { yes };
        path.push(Step { question, answer: shown, fact: "".into(), clause, branch });
        if branch == Branch::Decides {
            persist = !closes;
            decided = Some(Reason {
                rule,
                fact: format!("{question} {yes}").into(),
                clause,
                strength: Strength::Should,
            });
        }
    }
    Judgement {
        persist,
        switched: false,
        request_framing,
        response_framing,
        because: decided.into_iter().collect(),
        who_closes: (!persist).then_some(WhoCloses::Server),
        notes: Vec::new(),
        path,
    }
}
