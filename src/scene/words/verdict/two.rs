//! Two runs: what sets them apart, and why.
use super::one::closed_by_client;
use super::{
    Ran, Sign, Verdict, connection_of, connections_in_words, first_answer, kept, label_of,
    lower_label, named, opening, reason_clause, reason_line, side_by_side, what_is_loaded,
    with_colon,
};
use crate::protocol::{Reason, clause};
use crate::scene::story::Story;
use crate::scene::words::{about_like, capital, count, spelled};
use crate::sim::{Timeline, Us};
use crate::study::Run;

/// One run against the other: who is done first, and what it cost to open connections.
pub(super) fn saved(a: Ran<'_>, b: Ran<'_>) -> Option<Verdict> {
    let stories = (Story::of(a.0), Story::of(b.0));
    let (done_a, done_b) = (stories.0.done?, stories.1.done?);
    let (fast, slow, early, late) = if done_b <= done_a {
        ((b, stories.1), (a, stories.0), done_b, done_a)
    } else {
        ((a, stories.0), (b, stories.1), done_a, done_b)
    };
    let what = what_is_loaded(fast.0.1);
    let (few, many) = (fast.1.connections, slow.1.connections);
    let (soon, then) = (about_like(early, late), about_like(late, late));
    let text = if early == late && few == many {
        let connections = count(few, "connection", "connections");
        format!("Both runs need {connections} and {then}: here it makes no difference.")
    } else if early == late {
        format!(
            "{} instead of {many} in the same time, {then}.",
            capital(&connections_in_words(few))
        )
    } else if few < many {
        let (who, s) = (capital(&connections_in_words(few)), if few == 1 { "s" } else { "" });
        format!("{who}, kept open, load{s} {what} in {soon} instead of {then}.")
    } else {
        let takes = if what.starts_with("these") { "take" } else { "takes" };
        format!("{} {what} {takes} {soon} instead of {then}.", opening(label_of(fast.0.0)))
    };
    let why = why_saved(fast.0, &fast.1, slow.0, &slow.1);
    let reason = first_answer(fast.0.1).and_then(|answer| Some(answer.because.first()?.clause));
    Some(Verdict::new(Sign::Kept, text, why, reason.or(Some(clause::PERSISTENCE))))
}

pub(super) fn why_saved(fast: Ran<'_>, fewer: &Story, slow: Ran<'_>, more: &Story) -> String {
    let network = &fast.0.scenario.network;
    let trips = 1 + network.tls.round_trips();
    let trips_in_words = spelled(usize::try_from(trips).unwrap_or(usize::MAX));
    let plural = if trips == 1 { "round trip" } else { "round trips" };
    if network.rtt > Us::ZERO && fewer.connections > more.connections && side_by_side(fast.1) {
        return format!(
            "With more connections, requests wait less for each other. Each connection pays for its own handshakes: {trips_in_words} {plural}, {}.",
            network.rtt * trips
        );
    }
    if network.rtt == Us::ZERO || fewer.connections >= more.connections {
        return reason_line(slow.1, 0).unwrap_or_default();
    }
    let cost = format!(
        "Opening a connection costs {trips_in_words} {plural} ({}) before anything is asked.",
        network.rtt * trips
    );
    let who = match fewer.connections {
        1 => "only the first".to_owned(),
        n => format!("only {} of them", spelled(n)),
    };
    let (slow_label, fast_label) = (opening(label_of(slow.0)), with_colon(&lower_label(fast.0)));
    let each = if more.connections == more.exchanges {
        format!(" {slow_label} every request pays that; {fast_label} {who}.")
    } else {
        let (often, once) = (spelled(more.connections), spelled(fewer.connections));
        format!(" {slow_label} {often} times; {fast_label} {once}.")
    };
    let beside = if fewer.connections > 1 && side_by_side(fast.1) {
        " Connections that open side by side share that wait, so the gain is smaller."
    } else {
        ""
    };
    format!("{cost}{each}{beside}")
}

pub(super) fn two_counts(a: Ran<'_>, b: Ran<'_>) -> Option<Verdict> {
    let (many, few) = (a.1.connections.len(), b.1.connections.len());
    if a.1.exchanges.len() < 2 {
        return either(a, b, 0);
    }
    let text = if many == few {
        format!(
            "{} in both runs: here it makes no difference.",
            capital(&connections_in_words(few))
        )
    } else {
        format!(
            "{}: {}. {}: {}.",
            named(label_of(a.0)),
            connections_in_words(many),
            named(label_of(b.0)),
            spelled(few)
        )
    };
    let sign = if few == many && few > 1 { Sign::Closed } else { Sign::Kept };
    let (more, less) = if few <= many { (a, b) } else { (b, a) };
    // Where the first answers agree, a later close made the difference.
    let later = first_close(more.1).filter(|_| many != few && fact(a.1, 0) == fact(b.1, 0));
    let (why, clause) = match later {
        Some(close) => (two_closes(more, close, less), Some(close.clause)),
        None if many == few => (reason_line(b.1, 0).unwrap_or_default(), reason_clause(b.1, 0)),
        // What takes more connections closes, and has the more particular reason.
        None => (two_facts(a, b, 0), reason_clause(more.1, 0)),
    };
    Some(Verdict::new(sign, text, why, clause))
}

/// One exchange in both runs: kept or closed.
pub(super) fn either(a: Ran<'_>, b: Ran<'_>, index: usize) -> Option<Verdict> {
    let (kept_a, kept_b) = (kept(a.1, index)?, kept(b.1, index)?);
    let says = |kept: bool| if kept { "it stays open" } else { "it closes" };
    let text = if kept_a == kept_b {
        let says = if kept_b { "the connection stays open" } else { "the connection closes" };
        let what = in_common(a.0, b.0);
        format!("{what} makes no difference here: {says} after answer\u{a0}{}.", index + 1)
    } else {
        format!(
            "{}: the connection {} after answer\u{a0}{}. {}: {}.",
            named(label_of(a.0)),
            &says(kept_a)[3..],
            index + 1,
            named(label_of(b.0)),
            says(kept_b)
        )
    };
    let sign = if kept_b { Sign::Kept } else { Sign::Closed };
    let why = two_facts(a, b, index);
    // What closes has the more particular reason: staying open is the default.
    let cited = if kept_b && !kept_a { a } else { b };
    Some(Verdict::new(sign, text, why, reason_clause(cited.1, index)))
}

/// What differs between two runs, by the words that begin both of their settings.
fn in_common(a: &Run, b: &Run) -> String {
    let apart =
        |run: &Run| if run.apart.is_empty() { run.label.clone() } else { run.apart.clone() };
    let (a, b) = (apart(a), apart(b));
    let same = a.split(' ').zip(b.split(' ')).take_while(|(a, b)| a == b).map(|(a, _)| a);
    let same: Vec<&str> = same.collect();
    if same.is_empty() { "What sets the runs apart".into() } else { same.join(" ") }
}

/// What decided in each of two runs: `Asks: the answer carries keep-alive.`
pub(super) fn two_facts(a: Ran<'_>, b: Ran<'_>, index: usize) -> String {
    let (first, second) = (fact(a.1, index), fact(b.1, index));
    match (first, second) {
        (Some(first), Some(second)) if first != second => {
            format!("{} {first}. {} {second}.", opening(label_of(a.0)), opening(label_of(b.0)))
        }
        _ => reason_line(b.1, index).unwrap_or_default(),
    }
}

/// Why the first connection was closed; in the other run too, if for the same kind of reason.
pub(super) fn two_closes(more: Ran<'_>, close: &Reason, less: Ran<'_>) -> String {
    let mut why = format!("{} {}.", opening(label_of(more.0)), close.fact);
    if let Some(other) = first_close(less.1).filter(|other| other.rule == close.rule) {
        why += &format!(" {} {}.", opening(label_of(less.0)), other.fact);
    }
    why
}

/// Why the first connection was closed after a wait, or for what came behind an answer.
pub(super) fn first_close(timeline: &Timeline) -> Option<&Reason> {
    timeline.connections.first()?.close.as_ref()?.because.first()
}

pub(super) fn fact(timeline: &Timeline, index: usize) -> Option<String> {
    let exchange = timeline.exchanges.get(index)?;
    if closed_by_client(timeline, exchange).is_some() {
        let close = connection_of(timeline, exchange)?.close.as_ref()?;
        return Some(close.because.first()?.fact.to_string());
    }
    Some(exchange.answer.as_ref()?.because.first()?.fact.to_string())
}
