//! Who waits in the listen queue because every worker is held.
use super::{Sign, Verdict};
use crate::protocol::clause;
use crate::scene::words::{about, capital, spelled};
use crate::sim::{Connection, Side, Timeline, Us};

/// Less than this nobody notices.
const LEAST: Us = Us::from_ms(100);

/// The request that waited longest for a worker; None: nobody waited long.
pub(super) fn verdict(timeline: &Timeline) -> Option<Verdict> {
    let wait = |link: &Connection| {
        let until = link.admitted.unwrap_or(timeline.end);
        let index = *link.exchanges.first()? as usize;
        let came = timeline.exchanges.get(index)?.request_received?;
        Some((until - came, index, came, link.origin))
    };
    let (waited, index, came, origin) =
        timeline.connections.iter().filter_map(wait).max_by_key(|(waited, ..)| *waited)?;
    if waited < LEAST {
        return None;
    }
    let holds = |link: &&Connection| {
        let open = link.close.as_ref().is_none_or(|close| close.at > came);
        open && link.origin == origin && link.admitted.is_some_and(|at| at <= came)
    };
    let is_idle = |link: &Connection| {
        let on =
            |idle: &crate::sim::IdleSpan| idle.side == Side::Server && idle.span.contains(came);
        link.idle.iter().any(on)
    };
    let held = timeline.connections.iter().filter(holds).count();
    let idle = timeline.connections.iter().filter(holds).filter(|link| is_idle(link)).count();
    let text = format!("Request\u{a0}{} waited {} for a worker.", index + 1, about(waited));
    let by = match idle {
        0 => "all of them at work".to_owned(),
        _ if held == 1 => "by an idle connection".to_owned(),
        _ if idle == held => "each by an idle connection".to_owned(),
        idle => format!("{} of them by idle connections", spelled(idle)),
    };
    let workers = if held == 1 { "worker was" } else { "workers were" };
    let why = format!("{} {workers} held when it came, {by}.", capital(&spelled(held)));
    Some(Verdict::new(Sign::Fault, text, why, Some(clause::TIMEOUTS)))
}
