//! A proxy of the time of HTTP/1.0 that does not know the Connection field. It passes on every byte
//! as it comes, `Connection: keep-alive` too, so that client and server believe they have agreed with
//! each other; but it serves one request on a connection and waits for the server to close.
use super::shared::{PIECE, chunked_bytes, reason};
use super::{After, Answer, Idle, NoAnswer, RequestSeen};
use crate::profile::server::Content;
use crate::profile::{
    ClientAfter, ClientRule, ClientSees, Config, ConfigError, MakeRule, Product, ServerRule,
    Shares, VersionInfo,
};
use crate::protocol::reason::Branch;
use crate::protocol::{
    Clause, Framing, Options, Reason, Request, Response, Step, Strength, Version, clause, framing,
};
use crate::time::Us;

pub const PRODUCT: Product = Product {
    id: "blind-proxy",
    name: "Blind HTTP/1.0 proxy",
    gist: "Passes every field on, Connection too, and waits for the server's close: with keep-alive on both sides it hangs.",
    versions: &[VersionInfo { id: "1.0", note: "1990s, as RFC 9112 describes it" }],
    settings: &[],
    source: BLIND,
    rule: MakeRule::Server(configure),
};

const BLIND: &Clause = &Clause {
    document: "RFC 9112",
    section: "C.2.2",
    url: clause::HTTP10_KEEP_ALIVE.url,
    gist: "A proxy that does not know Connection hands keep-alive on to the server, which then keeps a connection that the proxy waits to see closed.",
};

fn configure(_config: &Config) -> Result<Box<dyn ServerRule>, ConfigError> {
    Ok(Box::new(Blind))
}

struct Blind;

fn said(fact: &'static str) -> Reason {
    reason("relays-until-close", fact, BLIND, Strength::Practice)
}

impl ServerRule for Blind {
    /// The server's answer as it came. Nothing is decided: the connection ends with the server's.
    fn answer(&self, seen: &RequestSeen<'_>) -> Answer {
        let old = seen.request.version != Version::Http11;
        let mut response =
            Response::new(if old { Version::Http10 } else { Version::Http11 }, seen.app.status);
        response.headers = seen.app.headers.clone();
        let bytes = seen.app.content.bytes();
        let stated = response.headers.has("content-length");
        match seen.app.content {
            Content::Known(_) if !stated => {
                response.headers.push("Content-Length", bytes.to_string());
            }
            Content::Streamed(_) if !old => response.headers.push("Transfer-Encoding", "chunked"),
            Content::Known(_) | Content::Streamed(_) | Content::Empty => {}
        }
        let framing = framing::response(&response, &seen.request.method);
        let body_bytes = match framing {
            Framing::None => 0,
            Framing::Chunked => chunked_bytes(bytes, PIECE),
            _ => bytes,
        };
        let fact = "the proxy knows no Connection field, and closes when the server does";
        let path = vec![Step {
            question: "Has the server closed?",
            answer: "no",
            fact: fact.into(),
            clause: BLIND,
            branch: Branch::Decides,
        }];
        let options = Options::of(&response.headers);
        let ends =
            framing == Framing::CloseDelimited || options.close || old && !options.keep_alive;
        let after = if ends { After::Close } else { After::Keep(Idle::never()) };
        let because = vec![said(fact)];
        Answer { response, framing, body_bytes, after, because, notes: Vec::new(), path }
    }

    fn upstream(&self) -> Option<Box<dyn ClientRule>> {
        Some(Box::new(Blind))
    }

    fn only_relays(&self) -> bool {
        true
    }

    /// It has nothing of its own to say.
    fn gateway_error(&self, _seen: &RequestSeen<'_>, _why: NoAnswer) -> Option<Answer> {
        None
    }

    fn idle_reason(&self, _limit: Us) -> Reason {
        said("the server has closed")
    }
}

impl ClientRule for Blind {
    fn max_connections(&self) -> u32 {
        u32::MAX
    }

    /// Everything goes on as it came.
    fn rewrite(&self, _composed: &Request) -> Option<Request> {
        None
    }

    fn shares(&self) -> Shares {
        Shares::Never
    }

    fn after(&self, _sees: &ClientSees<'_>) -> ClientAfter {
        ClientAfter::AwaitClose
    }

    fn idle_reason(&self, _limit: Us) -> Reason {
        said("its client is gone")
    }
}
