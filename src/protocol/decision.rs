//! May another exchange follow on this connection (RFC 9112 §9.3)?
//!
//! [`decide`] is the rule itself: it looks at both messages, gathers what stands against another
//! exchange, and the first cause in the table of [`super::cause`] decides. [`judge`] adds the words:
//! reasons, notes, and the path of questions.
use super::cause::{Cause, Causes};
use super::exchange::{Ends, Exchange, Speaks};
use super::{Framing, Note, Policy, Reason, Request, Response, Step, notes, path};

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

impl Role {
    pub const ALL: [Self; 4] = [Self::Server, Self::Client, Self::Proxy, Self::ProxyUpstream];

    /// As in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Proxy => "proxy",
            Self::ProxyUpstream => "proxy-upstream",
        }
    }

    /// Does it receive requests?
    pub const fn is_server(self) -> bool {
        matches!(self, Self::Server | Self::Proxy)
    }
}

/// Which side ends the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhoCloses {
    Server,
    Client,
    Either,
}

impl WhoCloses {
    /// As in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Client => "client",
            Self::Either => "either",
        }
    }
}

/// The bare verdict about one exchange. Nothing in it is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// May another HTTP/1 exchange follow?
    pub persist: bool,
    /// The connection lives on as something else (101, 2xx to CONNECT).
    pub switched: bool,
    pub request_framing: Framing,
    pub response_framing: Framing,
    /// What decided.
    pub cause: Cause,
    /// Everything that stands against another exchange, the decisive cause included.
    pub against: Causes,
    pub who_closes: Option<WhoCloses>,
}

/// The verdict about one exchange, with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// May another HTTP/1 exchange follow?
    pub persist: bool,
    /// The connection lives on as something else (101, 2xx to CONNECT).
    pub switched: bool,
    pub request_framing: Framing,
    pub response_framing: Framing,
    /// Everything that stands against another exchange, the decisive cause included.
    pub against: Causes,
    /// The facts that decided, the decisive one first. Never empty.
    pub because: Vec<Reason>,
    pub who_closes: Option<WhoCloses>,
    pub notes: Vec<Note>,
    /// The questions in the order in which they are asked; those that were not reached too.
    pub path: Vec<Step>,
}

/// Decides, and says why. With no response a neutral one is assumed (same family of versions,
/// `Content-Length: 0`, keep-alive for an HTTP/1.0 request that asked), with no request
/// `GET / HTTP/1.1`.
pub fn judge(
    request: Option<&Request>,
    response: Option<&Response>,
    role: Role,
    policy: &Policy,
) -> Judgement {
    let exchange = Exchange::of(request, response, policy);
    let verdict = verdict(&exchange, role, policy);
    Judgement {
        persist: verdict.persist,
        switched: verdict.switched,
        request_framing: verdict.request_framing,
        response_framing: verdict.response_framing,
        against: verdict.against,
        because: because(&verdict),
        who_closes: verdict.who_closes,
        notes: notes::of(&exchange, &verdict, policy),
        path: path::of(&exchange, &verdict),
    }
}

/// Decides, without a word: the rule alone.
pub fn decide(
    request: Option<&Request>,
    response: Option<&Response>,
    role: Role,
    policy: &Policy,
) -> Verdict {
    verdict(&Exchange::of(request, response, policy), role, policy)
}

fn verdict(exchange: &Exchange<'_>, role: Role, policy: &Policy) -> Verdict {
    let against = exchange.causes(role, policy);
    let decisive = against.first();
    let cause = decisive.unwrap_or_else(|| keeps(exchange));
    Verdict {
        persist: decisive.is_none(),
        switched: matches!(decisive, Some(Cause::Switched | Cause::Tunnel)),
        request_framing: exchange.asked_framed.framing,
        response_framing: exchange.answered_framed.framing,
        cause,
        against,
        who_closes: cause.rule().closes.who(role.is_server()),
    }
}

/// Why it stays, if nothing stands against it.
fn keeps(exchange: &Exchange<'_>) -> Cause {
    // The final answer to come after an interim one is assumed, as is one that is not given.
    let assumed = exchange.response.is_none() || exchange.ends == Ends::Interim;
    let confirms = exchange.answered.options.keep_alive || assumed;
    let answered_in = if assumed { exchange.asked_in } else { exchange.answered_in };
    match (exchange.asked_in, answered_in) {
        (Speaks::Http10, _) if confirms => Cause::Http10Negotiated,
        (Speaks::Http10, _) => Cause::Http10Asked,
        (_, Speaks::Http10) => Cause::Http10Confirmed,
        _ => Cause::Http11Default,
    }
}

/// The decisive cause, and those that answer the same question the same way; behind a verdict that
/// keeps, the lengths that make it possible.
fn because(verdict: &Verdict) -> Vec<Reason> {
    let mut because = Vec::with_capacity(2);
    because.push(verdict.cause.rule().reason());
    if verdict.persist {
        because.push(Cause::LengthKnown.rule().reason());
    }
    let question = verdict.cause.rule().question;
    let same = |cause: &Cause| *cause != verdict.cause && cause.rule().question == question;
    if !verdict.switched {
        because.extend(verdict.against.iter().filter(same).map(|cause| cause.rule().reason()));
    }
    because
}
