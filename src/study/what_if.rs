//! What would change it: one thing is altered, the scenario is run again, and what came of it is said
//! in words. Nothing is stored: a suggestion stands here only because its run was different.
use super::{Pick, Study};
use crate::profile::{Config, Content, Kind, Setting, setting::TimeUnit};
use crate::protocol::{Framing, Headers, Options, Version};
use crate::sim::{Outcome, Planned, Scenario, Timeline, Us, run};
use crate::study::params::Part;
use crate::time::decimal;

/// One thing that could be otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// What to do; code stands between backticks: "Add `Connection: close`".
    pub label: String,
    /// What would come of it: "closes; request 2 opens C2".
    pub effect: String,
    /// The study with that done.
    pub study: Study,
}

/// So many are worth reading.
const MOST: usize = 5;
/// And so many of one kind.
const MOST_OF_A_KIND: usize = 2;

/// What kind of thing is altered, the most instructive first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Alters {
    Field,
    Version,
    Client,
    Limit,
    Switch,
    Length,
}

struct Candidate {
    alters: Alters,
    label: String,
    study: Study,
}

/// Alterations that would change the verdict on the selected exchange, the connections, or when all is
/// done, the most instructive first. Empty for a run that cannot be run.
pub fn what_if(study: &Study, pick: Pick) -> Vec<WhatIf> {
    let scenario = study.scenario_seen(pick.run);
    let Ok(before) = run(&scenario) else { return Vec::new() };
    let Some(index) = meant(&before, pick) else { return Vec::new() };
    let mut found: Vec<(Weight, Alters, WhatIf)> = Vec::new();
    for Candidate { alters, label, study } in candidates(study, pick.run, &scenario, &before, index)
    {
        let Ok(after) = run(&study.scenario_seen(pick.run)) else { continue };
        let Some((weight, effect)) = compare(&before, &after, index, scenario.network.rtt) else {
            continue;
        };
        // About a close that came later than the answer: what saves the connection comes first.
        let saves = pick.key.exchange.is_none() && weight == Weight::Connections;
        let weight = if saves { Weight::Close } else { weight };
        let same = |other: &(Weight, Alters, WhatIf)| other.1 == alters && other.2.effect == effect;
        if !found.iter().any(same) {
            found.push((weight, alters, WhatIf { label, effect, study }));
        }
    }
    found.sort_by_key(|(weight, alters, _)| (*weight, *alters));
    let mut list = Vec::new();
    let mut kinds: Vec<Alters> = Vec::new();
    for (_, alters, what_if) in found {
        if kinds.iter().filter(|kind| **kind == alters).count() < MOST_OF_A_KIND {
            kinds.push(alters);
            list.push(what_if);
        }
    }
    list.truncate(MOST);
    list
}

/// The exchange that a selection is about: its own, or the last one on its connection.
fn meant(timeline: &Timeline, pick: Pick) -> Option<usize> {
    let of_connection = || {
        let id = usize::try_from(pick.key.connection).ok()?.checked_sub(1)?;
        timeline.connections.get(id)?.exchanges.last().copied()
    };
    let index = usize::try_from(pick.key.exchange.or_else(of_connection)?).ok()?;
    (index < timeline.exchanges.len()).then_some(index)
}

fn candidates(
    study: &Study,
    which: usize,
    scenario: &Scenario,
    before: &Timeline,
    index: usize,
) -> Vec<Candidate> {
    let mut list = Vec::new();
    exchange_candidates(study, before, index, &mut list);
    client_candidates(study, which, &mut list);
    let waits = waits(before, index);
    for part in Part::BOTH {
        setting_candidates(study, which, scenario, part, &waits, &mut list);
    }
    list
}

/// What the exchange itself could have said.
fn exchange_candidates(study: &Study, before: &Timeline, index: usize, list: &mut Vec<Candidate>) {
    let Some(planned) = study.scenario.exchanges.get(index) else { return };
    let sent = &before.exchanges[index].request;
    let mut put = |alters, label: &str, alter: &dyn Fn(&mut Planned)| {
        let mut planned = planned.clone();
        alter(&mut planned);
        let study = study.with_exchange(index, planned);
        list.push(Candidate { alters, label: label.into(), study });
    };
    let options = Options::of(&sent.headers);
    let say = |word: &'static str| {
        move |planned: &mut Planned| {
            planned.request.headers.remove("Connection");
            planned.request.headers.push("Connection", word);
        }
    };
    let silent = |planned: &mut Planned| planned.request.headers.remove("Connection");
    if options.close {
        put(Alters::Field, "Leave out `Connection: close`", &silent);
    } else {
        put(Alters::Field, "Add `Connection: close`", &say("close"));
    }
    if sent.version == Version::Http10 {
        match options.keep_alive {
            true => put(Alters::Field, "Leave out `Connection: keep-alive`", &silent),
            false => put(Alters::Field, "Add `Connection: keep-alive`", &say("keep-alive")),
        }
        put(Alters::Version, "Make it HTTP/1.1", &|planned| {
            planned.request.version = Version::Http11;
            add_host(&mut planned.request.headers);
        });
    } else {
        put(Alters::Version, "Make it HTTP/1.0", &|p| p.request.version = Version::Http10);
    }
    match planned.app.content {
        Content::Known(bytes) => put(Alters::Length, "Leave out the length", &|planned| {
            planned.app.content = Content::Streamed(bytes);
        }),
        Content::Streamed(bytes) => put(Alters::Length, "Make the length known", &|planned| {
            planned.app.content = Content::Known(bytes);
        }),
        Content::Empty => {}
    }
    if planned.trailing_crlf {
        let label = "Leave out the CR LF behind the body";
        put(Alters::Length, label, &|planned| planned.trailing_crlf = false);
    }
}

fn add_host(headers: &mut Headers) {
    if !headers.has("Host") {
        headers.push("Host", "shop.example");
    }
}

/// An old client that asks where it did not, or does not where it did.
fn client_candidates(study: &Study, which: usize, list: &mut Vec<Candidate>) {
    let (label, id) = match study.scenario_seen(which).client.product.as_str() {
        "http10-crawler" => ("Let the client ask for keep-alive", "http10-keepalive"),
        "http10-keepalive" => ("Let the client not ask", "http10-crawler"),
        _ => return,
    };
    let other = if which == study.main_run() {
        study.with_product(Part::Client, id, "")
    } else {
        study.with_in(which, "client", id)
    };
    if let Ok(study) = other {
        list.push(Candidate { alters: Alters::Client, label: label.into(), study });
    }
}

/// How long the connection of an exchange was idle behind it: the time until the next request was
/// wanted, as the server and as the client count it.
fn waits(timeline: &Timeline, index: usize) -> Vec<Us> {
    let exchange = &timeline.exchanges[index];
    let Some(sent) = exchange.response_sent else { return Vec::new() };
    let next =
        timeline.exchanges.iter().filter_map(|other| other.wanted).filter(|at| *at > sent.to);
    next.min().map(|at| at - sent.to).filter(|wait| *wait >= Us::from_secs(1)).into_iter().collect()
}

/// Each switch thrown, each limit moved to the other side of the wait.
fn setting_candidates(
    study: &Study,
    which: usize,
    scenario: &Scenario,
    part: Part,
    waits: &[Us],
    list: &mut Vec<Candidate>,
) {
    let Ok(config) = Config::parse(part.of(scenario)) else { return };
    for setting in config.product.settings {
        if config.setting(setting.name).is_err() {
            continue;
        }
        let now = config.text(setting.name);
        for (alters, value) in others(setting, now, waits) {
            let key = format!("{}.{}", part.as_str(), setting.name);
            if let Ok(study) = study.with_in(which, &key, &value) {
                let name_and_value = format!("{} {value}", setting.name);
                let label = format!("Set `{}`", name_and_value.trim_end());
                list.push(Candidate { alters, label, study });
            }
        }
    }
}

/// Values worth trying, as the product writes them.
fn others(setting: &Setting, now: &str, waits: &[Us]) -> Vec<(Alters, String)> {
    let times = |write: &dyn Fn(u64) -> String| -> Vec<(Alters, String)> {
        let seconds = waits.iter().flat_map(|wait| around(*wait));
        seconds.map(|seconds| (Alters::Limit, write(seconds))).collect()
    };
    match &setting.kind {
        Kind::Flag { on, off } => {
            let other = if now.eq_ignore_ascii_case(on) { off } else { on };
            vec![(Alters::Switch, (*other).into())]
        }
        Kind::Choice(words) => {
            let others = words.iter().filter(|word| **word != now);
            others.map(|word| (Alters::Switch, (*word).into())).collect()
        }
        Kind::Number { max, .. } => match now.trim().parse::<i64>() {
            Ok(number) if number > 0 && number < max / 10 => {
                vec![(Alters::Limit, (number * 10).to_string())]
            }
            _ => Vec::new(),
        },
        Kind::Time { unit: TimeUnit::Seconds, .. } => times(&|seconds| seconds.to_string()),
        Kind::Time { unit: TimeUnit::Milliseconds, .. } => {
            times(&|seconds| (seconds * 1_000).to_string())
        }
        // A syntax of its own; what the product does not read is dropped by its check.
        Kind::Text { placeholder } if placeholder.contains(':') => times(&|seconds| {
            format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
        }),
        Kind::Text { .. } => times(&|seconds| format!("{seconds}s")),
    }
}

/// Round numbers of seconds on both sides of a time.
fn around(time: Us) -> Vec<u64> {
    const ROUND: [u64; 14] = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600];
    let below = ROUND.into_iter().rev().find(|seconds| Us::from_secs(*seconds) < time);
    let above = ROUND.into_iter().find(|seconds| Us::from_secs(*seconds) > time);
    above.into_iter().chain(below).collect()
}

/// What weighs most comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Close,
    Verdict,
    Connections,
    Time,
    Framing,
}

/// What is different after the alteration, in words. None: nothing of consequence.
fn compare(before: &Timeline, after: &Timeline, index: usize, rtt: Us) -> Option<(Weight, String)> {
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
