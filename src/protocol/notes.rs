//! What is worth knowing about an exchange although it did not decide.
use super::cause::{Cause, Question};
use super::decision::Verdict;
use super::exchange::{Ends, Exchange, Speaks};
use super::survey::Length;
use super::{Clause, Framing, Note, Policy, Survey, clause};
use std::borrow::Cow;

/// In the order of the table below, then whatever else would have ended the connection.
pub(super) fn of(exchange: &Exchange<'_>, verdict: &Verdict, policy: &Policy) -> Vec<Note> {
    let mut notes = Vec::new();
    let see = See { exchange, verdict, policy };
    if see.is_notable() {
        for (holds, rule, clause, fact) in NOTES {
            if holds(&see) {
                notes.push(Note { rule, fact: Cow::Borrowed(fact), clause });
            }
        }
    }
    also_against(verdict, &mut notes);
    notes
}

/// Other causes would have closed the connection if the decisive one had not.
fn also_against(verdict: &Verdict, notes: &mut Vec<Note>) {
    let question = verdict.cause.rule().question;
    if verdict.persist || verdict.switched || question == Question::Readable {
        return;
    }
    for cause in verdict.against.iter().filter(|cause| cause.rule().question != question) {
        let rule = cause.rule();
        notes.push(Note { rule: rule.id, fact: Cow::Borrowed(rule.fact), clause: rule.clause });
    }
}

struct See<'a> {
    exchange: &'a Exchange<'a>,
    verdict: &'a Verdict,
    policy: &'a Policy,
}

impl See<'_> {
    /// Is there anything that one of the notes might be about? Most exchanges are spared the table.
    fn is_notable(&self) -> bool {
        let plain = |survey: &Survey| {
            let Survey { options, codings, upgrade, expects, .. } = survey;
            let named = options.keep_alive || options.upgrade || options.others;
            let odd = options.malformed || survey.folded || survey.space_before_colon;
            let fields = survey.keep_alive_field || survey.proxy_connection || *upgrade || *expects;
            let repeated =
                matches!(survey.length, Length::Repeated(_)) || survey.connection_lines > 1;
            !(named || odd || fields || repeated || codings.present)
        };
        let Exchange { asked, answered, .. } = self.exchange;
        let usual = plain(asked) && plain(answered) && asked.hosts == 1;
        let ends = self.exchange.ends == Ends::Final && self.exchange.status == 200;
        let closes = self.verdict.cause == Cause::CloseInRequest;
        !(usual && ends && !closes && self.verdict.response_framing != Framing::None)
    }

    fn version(&self, asked: bool) -> Speaks {
        if asked { self.exchange.asked_in } else { self.exchange.answered_in }
    }

    /// The messages of HTTP/1.1 or later, with their fields.
    fn any_new(&self, holds: impl Fn(&Survey) -> bool) -> bool {
        let new = |asked, survey| self.version(asked) == Speaks::Http11 && holds(survey);
        new(true, &self.exchange.asked) || new(false, &self.exchange.answered)
    }

    fn any(&self, holds: impl Fn(&Survey) -> bool) -> bool {
        holds(&self.exchange.asked) || holds(&self.exchange.answered)
    }

    fn ends_at_head_with(&self, holds: impl Fn(&Survey) -> bool) -> bool {
        self.exchange.ends == Ends::Final
            && self.verdict.response_framing == Framing::None
            && holds(&self.exchange.answered)
    }

    fn old_request(&self) -> bool {
        matches!(self.exchange.asked_in, Speaks::Http09 | Speaks::Http10)
    }
}

/// Every note's id with its clause, for the report on requirements.
pub fn cited() -> impl Iterator<Item = (&'static str, &'static Clause)> {
    NOTES.iter().map(|(_, rule, clause, _)| (*rule, *clause))
}

type Row = (fn(&See<'_>) -> bool, &'static str, &'static Clause, &'static str);

/// When a note holds, its id, its clause, and what it says.
const NOTES: &[Row] = &[
    (
        |see| see.exchange.ends == Ends::Interim,
        "interim-answer",
        clause::INTERIM,
        "a 1xx answer is not the final one: it changes nothing about the connection",
    ),
    (
        |see| see.exchange.ends == Ends::Interim && see.exchange.answered.options.close,
        "close-in-interim-answer",
        clause::PERSISTENCE,
        "close has no place in a 1xx answer and is ignored there",
    ),
    (
        |see| {
            // Where the other side is HTTP/1.0 the word has work to do.
            see.any_new(|survey| survey.options.keep_alive)
                && see.exchange.asked_in == Speaks::Http11
                && see.exchange.answered_in == Speaks::Http11
        },
        "keep-alive-redundant",
        clause::PERSISTENCE,
        "keep-alive changes nothing in HTTP/1.1: staying open is the default",
    ),
    (
        |see| see.verdict.cause == Cause::Http10Asked,
        "http10-unconfirmed",
        clause::HTTP10_KEEP_ALIVE,
        "an HTTP/1.0 client looks for keep-alive in the answer, not for the version: without it, it may give up the connection",
    ),
    (
        |see| see.verdict.persist && matches!(see.verdict.cause.rule().question, Question::Asked),
        "http10-extension",
        clause::KEEP_ALIVE_2068,
        "keep-alive is no part of HTTP/1.0 itself: it was written down later, as an extension",
    ),
    (
        |see| see.any(|survey| survey.connection_lines > 1),
        "lines-are-one-list",
        clause::LISTS,
        "several Connection lines are one list: none of them is the first or the last to count",
    ),
    (
        |see| see.any(|survey| survey.proxy_connection),
        "proxy-connection-ignored",
        clause::HTTP10_KEEP_ALIVE,
        "Proxy-Connection is no field of the specification: it is ignored",
    ),
    (
        |see| see.any(|survey| survey.keep_alive_field && !survey.options.keep_alive),
        "keep-alive-field-ignored",
        clause::KEEP_ALIVE_FIELD,
        "a Keep-Alive field without the keep-alive option beside it is ignored",
    ),
    (
        |see| see.any(|survey| survey.keep_alive_field && survey.options.keep_alive),
        "keep-alive-field-hint",
        clause::KEEP_ALIVE_FIELD,
        "the numbers in a Keep-Alive field are hints, not promises",
    ),
    (
        |see| see.any(|survey| survey.options.others),
        "unknown-option",
        clause::CONNECTION,
        "another connection option names a field for this hop only; it says nothing about closing",
    ),
    (
        |see| see.any(|survey| survey.options.malformed) && !see.policy.refuse_malformed_options,
        "malformed-option-skipped",
        clause::CONNECTION,
        "a connection option that is not a word is skipped",
    ),
    (
        |see| see.exchange.lacks_host(),
        "host-missing-or-repeated",
        clause::HOST,
        "an HTTP/1.1 request without exactly one Host field is answered with 400; closing is up to the server",
    ),
    (
        |see| see.any(|survey| survey.folded),
        "folded-line",
        clause::LINE_FOLDING,
        "a field that goes on in the next line counts as one line",
    ),
    (
        |see| see.exchange.answered.space_before_colon,
        "space-before-colon-removed",
        clause::FIELD_SYNTAX,
        "white space before a colon in an answer is removed; in a request it would be refused",
    ),
    (
        |see| {
            see.verdict.response_framing == Framing::Chunked
                && see.exchange.answered.length != Length::Absent
        },
        "transfer-encoding-overrides",
        clause::BODY_LENGTH,
        "Transfer-Encoding counts and Content-Length does not; two lengths can be an attack",
    ),
    (
        |see| {
            let repeated = |survey: &Survey| matches!(survey.length, Length::Repeated(_));
            see.any(repeated) && !see.policy.refuse_repeated_length
        },
        "content-length-repeated",
        clause::BODY_LENGTH,
        "one Content-Length said several times counts as said once",
    ),
    (
        |see| see.exchange.asked.codings.present && see.exchange.asked.codings.unknown,
        "unknown-coding",
        clause::TRANSFER_ENCODING,
        "a server that does not know a transfer coding of a request answers 501",
    ),
    (
        |see| see.exchange.promises_on_204(),
        "length-on-204",
        clause::CONTENT_LENGTH,
        "a 204 has no body and must not announce one: the server has a bug",
    ),
    (
        |see| {
            see.exchange.status != 204
                && see.ends_at_head_with(|survey| {
                    survey.codings.present
                        || matches!(survey.length, Length::Valid(1..) | Length::Repeated(_))
                })
        },
        "length-without-body",
        clause::NO_CONTENT,
        "the announced length is that of the answer to a GET: here the answer ends at its empty line",
    ),
    (
        |see| see.exchange.status == 205 && see.verdict.response_framing == Framing::CloseDelimited,
        "length-on-205",
        clause::BODY_LENGTH,
        "a 205 has no content but does not end at its empty line by itself: it needs Content-Length: 0",
    ),
    (
        |see| see.exchange.asked.upgrade && see.old_request(),
        "upgrade-in-http10",
        clause::UPGRADE,
        "Upgrade in an HTTP/1.0 request is ignored",
    ),
    (
        |see| {
            see.exchange.asked.upgrade && !see.old_request() && !see.exchange.asked.options.upgrade
        },
        "upgrade-without-option",
        clause::CONNECTION,
        "Upgrade without its connection option was probably forwarded by mistake",
    ),
    (
        |see| {
            see.exchange.asked.upgrade
                && see.exchange.asked.options.upgrade
                && !see.old_request()
                && see.exchange.ends == Ends::Final
        },
        "upgrade-declined",
        clause::UPGRADE,
        "a server need not accept the upgrade: the connection goes on with HTTP/1.1",
    ),
    (
        |see| {
            see.exchange.ends == Ends::Switch
                && see.exchange.request.is_some()
                && (!see.exchange.asked.upgrade || see.old_request())
        },
        "switch-unasked",
        clause::SWITCHING,
        "the request offered no other protocol: the server must not switch",
    ),
    (
        |see| see.verdict.switched && see.any(|survey| survey.options.close),
        "switch-over-close",
        clause::UPGRADE,
        "close is about HTTP, which ends here anyway",
    ),
    (
        |see| see.exchange.asked.expects && see.old_request(),
        "expect-in-http10",
        clause::EXPECT,
        "Expect in an HTTP/1.0 request is ignored",
    ),
    (
        |see| {
            see.exchange.asked.expects
                && !see.old_request()
                && see.exchange.ends == Ends::Final
                && see.exchange.has_request_body()
                && see.exchange.status >= 400
        },
        "expect-refused",
        clause::EXPECT,
        "the length announced a body: the client sends it although it is refused, or closes",
    ),
    (
        |see| see.exchange.status == 413 && see.exchange.ends == Ends::Final,
        "too-large",
        clause::TOO_LARGE,
        "after a 413 the server may close rather than read a body that is too large",
    ),
    (
        |see| {
            see.verdict.persist
                && see.exchange.status >= 400
                && !matches!(see.exchange.status, 413 | 417)
        },
        "status-alone",
        clause::PERSISTENCE,
        "a status alone does not end a connection, not even that of an error",
    ),
    (
        |see| {
            see.verdict.cause == Cause::CloseInRequest
                && see.exchange.response.is_some()
                && !see.exchange.answered.options.close
                && see.exchange.ends == Ends::Final
        },
        "close-not-repeated",
        clause::TEARDOWN,
        "the answer to a request that says close should say close too",
    ),
];
