//! The path of questions that led to a verdict.
use super::cause::Question;
use super::decision::Verdict;
use super::exchange::{Ends, Exchange, Speaks};
use super::reason::{Branch, Step};
use super::{Framing, Version};
use std::borrow::Cow;

/// The usual questions, and the unusual one that decided, if one did. Nothing after the decisive
/// question was reached; where nothing forbids another exchange, the last question decides.
pub(super) fn of(exchange: &Exchange<'_>, verdict: &Verdict) -> Vec<Step> {
    let last = if verdict.persist { Question::Read } else { verdict.cause.rule().question };
    let mut path = Vec::with_capacity(6);
    for question in Question::ALL {
        if question.is_usual() || question == last {
            path.push(step(question, last, exchange, verdict));
        }
    }
    path
}

fn step(question: Question, last: Question, exchange: &Exchange<'_>, verdict: &Verdict) -> Step {
    let mut step = Step {
        question: question.text(),
        answer: "",
        fact: Cow::Borrowed(""),
        clause: question.clause(),
        branch: Branch::NotReached,
    };
    if question > last || (question == Question::Asked && !asks_old(exchange)) {
        return step;
    }
    if question == last && !verdict.persist {
        let rule = verdict.cause.rule();
        step.branch = Branch::Decides;
        step.answer = if question == Question::Close { "yes" } else { "no" };
        step.fact = Cow::Borrowed(rule.fact);
        step.clause = rule.clause;
        return step;
    }
    step.branch = if question == last { Branch::Decides } else { Branch::Continues };
    (step.answer, step.fact) = passed(question, exchange);
    step
}

/// Does the question about HTTP/1.0 come up?
fn asks_old(exchange: &Exchange<'_>) -> bool {
    let old = |speaks| matches!(speaks, Speaks::Http09 | Speaks::Http10);
    old(exchange.asked_in) || (exchange.ends == Ends::Final && old(exchange.answered_in))
}

/// The answer to a question that did not end the connection.
fn passed(question: Question, exchange: &Exchange<'_>) -> (&'static str, Cow<'static, str>) {
    match question {
        Question::Close => ("no", Cow::Borrowed("")),
        Question::Version if asks_old(exchange) => ("no", Cow::Borrowed(old_side(exchange))),
        Question::Version => ("yes", version_fact(exchange)),
        Question::Asked => ("yes", Cow::Borrowed("")),
        Question::Length => ("yes", length_fact(exchange)),
        Question::Read if exchange.has_request_body() => ("yes", Cow::Borrowed("")),
        Question::Read => ("yes", Cow::Borrowed("it has no body")),
        Question::Readable | Question::StaysHttp | Question::Supported => {
            ("yes", Cow::Borrowed(""))
        }
    }
}

fn old_side(exchange: &Exchange<'_>) -> &'static str {
    match (exchange.asked_in, exchange.answered_in) {
        (Speaks::Http09, _) => "the request is HTTP/0.9",
        (Speaks::Http10, Speaks::Http10) => "both are HTTP/1.0",
        (Speaks::Http10, _) => "the request is HTTP/1.0",
        (_, Speaks::Http09) => "the answer is HTTP/0.9",
        _ => "the answer is HTTP/1.0",
    }
}

fn version_fact(exchange: &Exchange<'_>) -> Cow<'static, str> {
    match exchange.request.map(|request| &request.version) {
        None | Some(Version::Http11) => Cow::Borrowed("HTTP/1.1"),
        Some(version) => Cow::Owned(version.to_string()),
    }
}

fn length_fact(exchange: &Exchange<'_>) -> Cow<'static, str> {
    Cow::Borrowed(match exchange.answered_framed.framing {
        Framing::None if exchange.ends == Ends::Interim => "the final answer is still to come",
        Framing::None => "it has no body",
        Framing::Chunked => "chunked: the last chunk is the end",
        Framing::ContentLength(0) => "Content-Length: 0",
        Framing::ContentLength(octets) => {
            return Cow::Owned(content_length(octets));
        }
        Framing::CloseDelimited | Framing::Invalid => "",
    })
}

/// `format!` is spared: this is asked for each answer of a simulation.
fn content_length(octets: u64) -> String {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    let mut rest = octets;
    while rest > 0 {
        at -= 1;
        digits[at] += (rest % 10) as u8;
        rest /= 10;
    }
    let mut text = String::with_capacity(36);
    text.push_str("Content-Length: ");
    text.extend(digits[at..].iter().map(|&digit| char::from(digit)));
    text
}
