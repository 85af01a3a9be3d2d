//! How the tests of servers write an answer down.
use keepalive::profile::{After, Answer};
use keepalive::protocol::reason::Branch;
use keepalive::protocol::{Response, Version};

/// `HTTP/1.1 200 | Content-Length: 5 -> keep 15 s, http11-default`
pub fn told(answer: &Answer) -> String {
    let Response { version, status, headers } = &answer.response;
    let mut text = if *version == Version::Http09 {
        format!("no head, {} bytes", answer.body_bytes)
    } else {
        format!("{version} {status}")
    };
    for field in headers.iter() {
        text += &format!(" | {}: {}", field.name, field.value);
    }
    text += match answer.after {
        After::Keep(_) => " -> keep, ",
        After::Close => " -> close, ",
        After::Reset => " -> reset, ",
        After::Tunnel => " -> tunnel, ",
    };
    text + answer.because.first().map_or("", |reason| reason.rule)
}

/// The path as `question: answer`, the one that decided marked with `!`, those not reached left out.
pub fn path(answer: &Answer) -> Vec<String> {
    let reached = answer.path.iter().filter(|step| step.branch != Branch::NotReached);
    let line = |step: &keepalive::protocol::Step| {
        let mark = if step.branch == Branch::Decides { "!" } else { "" };
        format!("{} {}{mark}", step.question, step.answer)
    };
    reached.map(line).collect()
}
