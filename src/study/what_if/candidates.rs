//! What could be otherwise: everything worth trying.
use crate::profile::{Config, Content, Kind, Setting, setting::TimeUnit};
use crate::protocol::{Headers, Options, Version};
use crate::sim::{Planned, Scenario, Timeline, Us};
use crate::study::Study;
use crate::study::params::Part;

/// What kind of thing is altered, the most instructive first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alters {
    Field,
    Version,
    Client,
    Limit,
    Switch,
    Length,
}

pub(super) struct Candidate {
    pub alters: Alters,
    pub label: String,
    pub study: Study,
}

pub(super) fn candidates(
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
    for &part in Part::of_scenario(&study.scenario) {
        setting_candidates(study, which, scenario, part, &waits, &mut list);
    }
    list
}

/// What the exchange itself could have said.
fn exchange_candidates(study: &Study, before: &Timeline, index: usize, list: &mut Vec<Candidate>) {
    let Some(planned) = study.scenario.exchanges.get(index) else { return };
    let sent = &before.exchanges[index].request;
    let alterations = asked(&sent.version, &Options::of(&sent.headers));
    for (alters, label, alter) in alterations.into_iter().chain(answered(planned)) {
        let mut planned = planned.clone();
        alter(&mut planned);
        let study = study.with_exchange(index, planned);
        list.push(Candidate { alters, label: label.into(), study });
    }
}

type Alteration = (Alters, &'static str, fn(&mut Planned));

/// Another request.
fn asked(version: &Version, options: &Options) -> Vec<Alteration> {
    let old = *version == Version::Http10;
    let mut list: Vec<Alteration> = vec![match options.close {
        true => (Alters::Field, "Leave out `Connection: close`", silent),
        false => (Alters::Field, "Add `Connection: close`", |planned| say(planned, "close")),
    }];
    match (old, options.keep_alive) {
        (true, true) => list.push((Alters::Field, "Leave out `Connection: keep-alive`", silent)),
        (true, false) => list.push((Alters::Field, "Add `Connection: keep-alive`", |planned| {
            say(planned, "keep-alive");
        })),
        (false, _) => {}
    }
    list.push(match old {
        true => (Alters::Version, "Make it HTTP/1.1", |planned| {
            planned.request.version = Version::Http11;
            add_host(&mut planned.request.headers);
        }),
        false => (Alters::Version, "Make it HTTP/1.0", |planned| {
            planned.request.version = Version::Http10;
        }),
    });
    list
}

/// Another end of the messages.
fn answered(planned: &Planned) -> Vec<Alteration> {
    let mut list: Vec<Alteration> = Vec::new();
    match planned.app.content {
        Content::Known(_) => list.push((Alters::Length, "Leave out the length", |planned| {
            planned.app.content = Content::Streamed(planned.app.content.bytes());
        })),
        Content::Streamed(_) => list.push((Alters::Length, "Make the length known", |planned| {
            planned.app.content = Content::Known(planned.app.content.bytes());
        })),
        Content::Empty => {}
    }
    if planned.trailing_crlf {
        list.push((Alters::Length, "Leave out the CR LF behind the body", |planned| {
            planned.trailing_crlf = false;
        }));
    }
    list
}

fn silent(planned: &mut Planned) {
    planned.request.headers.remove("Connection");
}

fn say(planned: &mut Planned, option: &str) {
    silent(planned);
    planned.request.headers.push("Connection", option);
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
                let label = match value.as_str() {
                    "set" => format!("Set `{}`", setting.name),
                    "unset" => format!("Unset `{}`", setting.name),
                    value => format!("Set `{}`", format!("{} {value}", setting.name).trim_end()),
                };
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
