//! What came of it, in words.
use crate::protocol::Framing;
use crate::sim::{Outcome, Timeline, Us};
use crate::time::decimal;

/// What weighs most comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    Close,
    Verdict,
    Connections,
    Time,
    Framing,
}

/// What is different after the alteration, in words. None: nothing of consequence.
pub(super) fn compare(
    before: &Timeline,
    after: &Timeline,
    index: usize,
    rtt: Us,
) -> Option<(Weight, String)> {
    let kept = [before, after].map(|timeline| persists(timeline, index));
    let verdict = (kept[0] != kept[1]).then(|| verdict(kept[1])).flatten();
    let lanes = lanes(before, after);
    let time = time(before, after, rtt);
    let framing = framing(before, after, index);
    let weight = match (&verdict, &lanes, &time, &framing) {
        (Some(_), ..) => Weight::Verdict,
        (None, Some(_), ..) => Weight::Connections,
        (None, None, Some(_), _) => Weight::Time,
        (None, None, None, Some(_)) => Weight::Framing,
        (None, None, None, None) => return None,
    };
    let same = framing.map(|framing| format!("{}, {framing}", verdict_still(kept[1])));
    let mut parts: Vec<String> =
        [verdict.map(str::to_owned).or(same), lanes, time].into_iter().flatten().take(2).collect();
    if weight == Weight::Verdict && parts.len() == 1 {
        parts.extend(reason(after, index));
    }
    Some((weight, parts.join("; ")))
}

fn persists(timeline: &Timeline, index: usize) -> Option<bool> {
    timeline.exchanges.get(index)?.answer.as_ref().map(|answer| answer.persists())
}

/// Why, where nothing else follows.
fn reason(timeline: &Timeline, index: usize) -> Option<String> {
    let answer = timeline.exchanges.get(index)?.answer.as_ref()?;
    answer.because.first().map(|reason| reason.fact.to_string())
}

const fn verdict(persists: Option<bool>) -> Option<&'static str> {
    match persists {
        Some(true) => Some("stays open"),
        Some(false) => Some("closes"),
        None => None,
    }
}

const fn verdict_still(persists: Option<bool>) -> &'static str {
    match persists {
        Some(true) => "stays open",
        _ => "still closes",
    }
}

/// What becomes of the connections: an exchange that fails, many more or fewer, or the first exchange
/// that gets another kind of place.
fn lanes(before: &Timeline, after: &Timeline) -> Option<String> {
    let pairs = || before.exchanges.iter().zip(&after.exchanges).zip(1_u32..);
    let worse = pairs().find_map(|((then, now), number)| match (then.outcome, now.outcome) {
        (then, now) if then == now => None,
        (_, Outcome::Failed) => Some(format!("request {number} fails")),
        (_, Outcome::Unanswered) => Some(format!("request {number} gets no answer")),
        (_, Outcome::Retried) => Some(format!("request {number} has to be sent again")),
        (Outcome::Retried, Outcome::Answered) => {
            Some(format!("request {number} need not be sent again"))
        }
        (_, Outcome::Answered) => Some(format!("request {number} is answered")),
    });
    if worse.is_some() {
        return worse;
    }
    let (then, now) = (before.connections.len(), after.connections.len());
    if then.abs_diff(now) > 1 {
        let noun = if now == 1 { "connection" } else { "connections" };
        return Some(format!("{now} {noun} instead of {then}"));
    }
    pairs().find_map(|((before_x, after_x), number)| {
        let index = number - 1;
        let opened = [(before, before_x), (after, after_x)].map(|(timeline, exchange)| {
            let id = usize::try_from(exchange.connection?).ok()?;
            let first = timeline.connections.get(id.checked_sub(1)?)?.exchanges.first()?;
            Some(*first == index)
        });
        let id = after_x.connection?;
        match opened {
            [Some(false), Some(true)] => Some(format!("request {number} opens C{id}")),
            [Some(true), Some(false)] => Some(format!("request {number} uses C{id} again")),
            _ => None,
        }
    })
}

/// When the last answer comes, if that is noticeably earlier or later.
fn time(before: &Timeline, after: &Timeline, rtt: Us) -> Option<String> {
    let (then, now) = (before.done()?, after.done()?);
    let apart = Us(then.0.abs_diff(now.0));
    let seconds = |at: Us| decimal(at.0, 1_000_000, 2);
    let noticeable = apart >= rtt.half().max(Us::from_ms(1)) && seconds(then) != seconds(now);
    noticeable.then(|| {
        format!("all done after {}\u{a0}s instead of {}\u{a0}s", seconds(now), seconds(then))
    })
}

fn framing(before: &Timeline, after: &Timeline, index: usize) -> Option<&'static str> {
    let of = |timeline: &Timeline| Some(timeline.exchanges.get(index)?.answer.as_ref()?.framing);
    let (then, now) = (of(before)?, of(after)?);
    if std::mem::discriminant(&then) == std::mem::discriminant(&now) {
        return None;
    }
    match now {
        Framing::Chunked => Some("sent in chunks"),
        Framing::ContentLength(_) => Some("with its length"),
        Framing::CloseDelimited => Some("ended by the close"),
        Framing::None | Framing::Invalid => None,
    }
}
