//! Why connections end that no product's rule has ended.
use crate::protocol::{Clause, Reason, Strength, clause};

const NAT: &Clause = &Clause {
    document: "RFC 5382",
    section: "§5, REQ-5",
    url: "https://www.rfc-editor.org/rfc/rfc5382#section-5",
    gist: "A NAT may forget a TCP connection that was idle long enough; 2 hours and 4 minutes is the least it should wait.",
};

const RETRANSMISSION: &Clause = &Clause {
    document: "RFC 9293",
    section: "§3.8.3",
    url: "https://www.rfc-editor.org/rfc/rfc9293#section-3.8.3",
    gist: "Bytes that nobody confirms are sent again; after enough tries the connection is given up.",
};

const RESET: &Clause = &Clause {
    document: "RFC 9293",
    section: "§3.10.7.1",
    url: "https://www.rfc-editor.org/rfc/rfc9293#section-3.10.7.1",
    gist: "Who gets bytes for a connection that it does not know answers with a reset.",
};

fn practice(rule: &'static str, fact: &'static str, clause: &'static Clause) -> Reason {
    Reason { rule, fact: fact.into(), clause, strength: Strength::Practice }
}

pub(super) fn restarted() -> Reason {
    practice("restarted", "the server was started anew and knows none of its connections", RESET)
}

pub(super) fn stopped() -> Reason {
    practice("stopping", "the server is being stopped and keeps no connection", clause::TEARDOWN)
}

pub(super) fn broken() -> Reason {
    practice("reset-by-server", "the server broke down over this request", clause::TEARDOWN)
}

pub(super) fn forgotten() -> Reason {
    practice("forgotten-on-path", "a box on the path has forgotten the idle connection", NAT)
}

pub(super) fn unconfirmed() -> Reason {
    practice("never-confirmed", "nothing on the path answers any more", RETRANSMISSION)
}

pub(super) fn unreachable() -> Reason {
    practice("syn-unanswered", "nobody answered the SYN", RETRANSMISSION)
}

pub(super) fn cut_short() -> Reason {
    practice("cut-short", "the answer ended before its length", clause::BODY_LENGTH)
}

pub(super) fn with_its_client() -> Reason {
    practice(
        "closed-with-its-client",
        "the client's connection is gone, and this one served no other",
        clause::PERSISTENCE,
    )
}

pub(super) fn with_its_server() -> Reason {
    practice(
        "relayed-close",
        "the server closed, and this proxy only passes on what it sees",
        clause::HTTP10_KEEP_ALIVE,
    )
}

pub(super) fn no_answer() -> Reason {
    practice(
        "no-answer-to-pass-on",
        "no answer came from the server, and the proxy closes instead of sending one",
        clause::RETRY,
    )
}
