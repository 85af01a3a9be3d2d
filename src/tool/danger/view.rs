//! What is said about a danger window, and its picture.
use super::{Danger, Fate, Pool, Remedy, read};
use crate::profile::Chosen;
use crate::protocol::{Request, Version};
use crate::share::link;
use crate::sim::{Network, Planned, Scenario, Start, Us};
use crate::study::Study;
use crate::tool::form::{Answer, Asked, Reader};
use crate::tool::gaps::Gaps;
use crate::tool::plot::{Anchor, Axis, Picture};
use crate::tool::words::{escape, number, percent, time};
use std::fmt::Write;

pub fn answer(asked: &Asked) -> Answer {
    let mut reader = Reader::new(super::FIELDS, asked.pairs);
    let (pool, gaps, requests) = read(&mut reader);
    if !reader.problems.is_empty() {
        return Answer { problems: reader.problems, ..Answer::default() };
    }
    let danger = pool.danger(&gaps, requests);
    let mut more = numbers(&pool, &danger);
    more += &picture(&pool, &gaps, &danger, asked.width).end();
    more += &remedies(&pool, &danger);
    more += &watch(&pool, &gaps);
    Answer { problems: Vec::new(), say: say(&pool, &danger), more }
}

fn say(pool: &Pool, danger: &Danger) -> String {
    let limit = pool.limit();
    if danger.at_risk <= 0.0 {
        let why = if limit + pool.rtt.half() * 2 <= pool.server {
            format!(
                "the client closes after {}, at least a round trip before the server’s {}",
                time(limit),
                time(pool.server)
            )
        } else if danger.stale > 0.0 {
            "the client notices every close, and no gap ends within the round trip before it".into()
        } else {
            "no gap is of such a length".into()
        };
        return format!("<b>No request is at risk:</b> {why}.");
    }
    let mut text = format!("<b>{} of the requests are at risk</b>", percent(danger.at_risk));
    let _ = write!(
        text,
        ", about {} a day; at least one on {}. ",
        number(danger.errors_per_day),
        match danger.chance {
            chance if chance > 0.9995 => "nearly every day".into(),
            chance => format!("{} of all days", percent(chance)),
        }
    );
    if danger.stale > 0.0 {
        let then = if pool.looks {
            "It notices, and pays for a new connection; what crosses the close on the wire fails."
        } else {
            "It sends on that connection all the same, and fails if nobody tries again."
        };
        let _ = write!(
            text,
            "{} come when the server has closed and the client still keeps the connection. {then}",
            percent(danger.stale)
        );
    }
    text
}

fn numbers(pool: &Pool, danger: &Danger) -> String {
    let mut rows = vec![
        ("on the pooled connection", danger.reused),
        ("closed by the client itself: another is opened", danger.client_closed),
        ("closed by the server, and noticed: another is opened", danger.noticed),
        ("closed by the server, and sent there all the same", danger.unseen),
        ("sent while the server’s close was on its way", danger.crosses),
    ];
    rows.retain(|(_, share)| *share > 0.0);
    let mut html = String::from(
        "<table class=\"told few\"><thead><tr><th scope=\"col\">The next request is</th><th scope=\"col\" class=\"num\">share</th></tr></thead><tbody>",
    );
    for (what, share) in rows {
        let _ = write!(
            html,
            "<tr><th scope=\"row\">{what}</th><td class=\"num\" data-label=\"share\">{}</td></tr>",
            percent(share)
        );
    }
    html += "</tbody></table>";
    if let (Some(share), Some(hint)) = (danger.beyond_hint, pool.hint) {
        let to = pool.client.map_or_else(|| "any length".into(), time);
        let _ = write!(
            html,
            "<p class=\"note\">Counted from what the server announces, {} to {to}: {} of the gaps. The server itself closes at {}.</p>",
            time(hint),
            percent(share),
            time(pool.server)
        );
    }
    html
}

fn remedies(pool: &Pool, danger: &Danger) -> String {
    if danger.remedies.is_empty() {
        return String::new();
    }
    let mut html = String::from("<h3>What makes it nothing</h3><ul class=\"cures\">");
    for remedy in &danger.remedies {
        html += "<li>";
        html += &match *remedy {
            Remedy::Client { at_most, new_connections } => {
                let from = pool.client.map_or_else(|| "no limit".into(), time);
                format!(
                    "<b>Client: close after at most {}</b> instead of {from}. {} of the requests then open a connection.",
                    time(at_most),
                    percent(new_connections)
                )
            }
            Remedy::Server { at_least, waits, waited } => format!(
                "<b>Server: wait at least {}</b> instead of {}, {} more. In the mean a connection then waits {} s between two requests instead of {} s.",
                time(at_least),
                time(pool.server),
                time(at_least - pool.server),
                number(waits),
                number(waited)
            ),
            Remedy::Heed { margin: Us::ZERO } => format!(
                "<b>Client: heed the hint</b> of {}: it is at least a round trip shorter than the server’s real limit.",
                pool.hint.map(time).unwrap_or_default()
            ),
            Remedy::Heed { margin } => format!(
                "<b>Client: heed the hint less {}</b>, so that it closes a round trip before the server does.",
                time(margin)
            ),
        };
        html += "</li>";
    }
    html += "</ul>";
    if danger.remedies.len() > 1 {
        html += "<p class=\"note\">Client and server are the same distance from safety; what differs is who pays: the client with new connections, the server with connections that wait. Any one of these is enough. Nothing helps but trying again if the server closes for another reason, such as a restart.</p>";
    }
    html
}

/// A scenario with the gap that shows most, and the way to it.
fn watch(pool: &Pool, gaps: &Gaps) -> String {
    let gap = telling(pool, gaps);
    let link = link::write(&Study::of(scenario(pool, gap)));
    let what = match pool.fate(gap) {
        Fate::Reused => "is in time",
        Fate::ClientClosed => "comes after the client has closed",
        Fate::Noticed | Fate::Unseen => "comes after the server has closed",
        Fate::Crosses => "crosses the server’s close",
    };
    format!(
        "<p class=\"row gap\"><button type=\"button\" class=\"line\" data-open=\"{}\">Watch it: a request after {} {what}</button></p>",
        escape(&link),
        time(gap)
    )
}

/// The gap worth seeing: one at risk if there is one.
fn telling(pool: &Pool, gaps: &Gaps) -> Us {
    let limit = pool.limit();
    let stale = pool.server + Us((limit - pool.server).0.min(60_000_000) / 2);
    let crossing = pool.server - pool.rtt.half();
    let tries = [stale, crossing, gaps.quantile(0.5)];
    let telling = |gap: &&Us| matches!(pool.fate(**gap), Fate::Unseen | Fate::Crosses);
    tries.iter().find(telling).copied().unwrap_or(crossing.min(Us::from_secs(3_600)))
}

/// Two requests, so far apart.
pub fn scenario(pool: &Pool, gap: Us) -> Scenario {
    let request = Request::new("GET", "/", Version::Http11).with("Host", "shop.example");
    let first = Planned { request, ..Planned::default() };
    let start = Start::After { exchange: 0, gap };
    let server = Chosen::new("textbook", "").with("idle timeout", &milliseconds(pool.server));
    let limit = pool.limit();
    let limit = if limit < Scenario::LONGEST { milliseconds(limit) } else { "0".into() };
    let client = Chosen::new("textbook-client", "")
        .with("idle timeout", &limit)
        .with("checks before reuse", if pool.looks { "yes" } else { "no" })
        .with("retries", "never");
    Scenario {
        server,
        client,
        network: Network { rtt: pool.rtt, ..Network::PLAIN },
        exchanges: vec![first.clone(), Planned { start, ..first }],
        ..Scenario::default()
    }
}

/// 0 would mean no limit.
fn milliseconds(time: Us) -> String {
    format!("{}ms", time.0.div_ceil(1_000).max(1))
}

/// How the gaps are spread, and where the window lies.
pub fn picture(pool: &Pool, gaps: &Gaps, danger: &Danger, width: f64) -> Picture {
    let width = width.clamp(280.0, 1_000.0);
    let (height, top) = (300.0, 62.0);
    let limit = pool.limit();
    let title = format!(
        "How many gaps are shorter than a time. The server closes at {}, the client at {}; {} of the gaps are at risk.",
        time(pool.server),
        if limit == Us::NEVER { "no time".into() } else { time(limit) },
        percent(danger.at_risk)
    );
    let mut picture = Picture::new(width, height, &title);
    let ends = [gaps.quantile(0.02), pool.server];
    let from = ends.iter().map(|time| time.as_secs()).filter(|s| *s > 0.0).fold(60.0, f64::min);
    let tops = [gaps.quantile(0.999), pool.server, limit]
        .map(|time| time.min(Scenario::LONGEST).as_secs());
    let to = tops.into_iter().fold(1.0, f64::max);
    let x = Axis::log((from / 2.0, to * 1.6), (44.0, width - 12.0));
    let y = Axis::linear((0.0, 1.0), (height - 40.0, top));
    window(&mut picture, pool, &x, &y);
    axes(&mut picture, &x, &y);
    curve(&mut picture, gaps, &x, &y, (from / 2.0, to * 1.6));
    marks(&mut picture, pool, &x, &y);
    picture
}

fn window(picture: &mut Picture, pool: &Pool, x: &Axis, y: &Axis) {
    let limit = pool.limit().min(Scenario::LONGEST * 10);
    let across = (y.at(1.0), y.at(0.0));
    let place = |time: Us| x.at(time.as_secs());
    let crossing = (place(pool.opens()), place(pool.server.min(limit)));
    if pool.opens() < limit {
        // A round trip is often thinner than a line.
        picture.rect("k-fault", (crossing.0.min(crossing.1 - 1.5), crossing.1), across);
    }
    if pool.server < limit {
        let class = if pool.looks { "k-fuse" } else { "k-risk" };
        picture.rect(class, (place(pool.server), place(limit)), across);
    }
}

fn axes(picture: &mut Picture, x: &Axis, y: &Axis) {
    let (left, right) = (44.0, picture.width - 12.0);
    for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
        picture.line("k-grid", (left, y.at(share)), (right, y.at(share)));
        let text = format!("{} %", number(share * 100.0));
        picture.words("m", (left - 6.0, y.at(share) + 4.0), Anchor::End, &text);
    }
    let base = y.at(0.0);
    picture.line("k-edge", (left, base), (right, base));
    let about = (picture.width / 60.0).min(12.0);
    for value in x.ticks(about) {
        let at = x.at(value);
        picture.line("k-tick", (at, base), (at, base + 4.0));
        let text = Us::from_ms_f64(value * 1_000.0).map(time).unwrap_or_default();
        picture.words("m", (at, base + 17.0), Anchor::Middle, &text);
    }
    picture.words(
        "m",
        (left, base + 34.0),
        Anchor::Start,
        "Gap before the request; the line: gaps that are shorter",
    );
}

fn curve(picture: &mut Picture, gaps: &Gaps, x: &Axis, y: &Axis, seconds: (f64, f64)) {
    const STEPS: u32 = 240;
    let mut points = Vec::new();
    let mut before = None;
    for step in 0..=STEPS {
        let part = f64::from(step) / f64::from(STEPS);
        let second = seconds.0 * (seconds.1 / seconds.0).powf(part);
        let share = gaps.below(Us::from_ms_f64(second * 1_000.0).unwrap_or(Us::NEVER));
        // A list rises in steps.
        if let (Gaps::List(_), Some(last)) = (gaps, before)
            && last != share
        {
            points.push((x.at(second), y.at(last)));
        }
        before = Some(share);
        points.push((x.at(second), y.at(share)));
    }
    picture.curve("p-req", &points);
}

/// Who closes when. Each stands in a row of its own, so that they never cover each other.
fn marks(picture: &mut Picture, pool: &Pool, x: &Axis, y: &Axis) {
    let limit = pool.limit();
    let mut marks = vec![(pool.server, format!("server closes {}", time(pool.server)), "k-start")];
    if let Some(hint) = pool.hint {
        marks.push((hint, format!("announced {}", time(hint)), "k-guide"));
    }
    if limit < Us::NEVER {
        marks.push((limit, format!("client closes {}", time(limit)), "k-dim"));
    }
    let row = |number: u32| 16.0 + 18.0 * f64::from(number);
    for (number, (at, _, class)) in (0..).zip(&marks) {
        let at = x.at(at.as_secs());
        picture.line(class, (at, row(number) + 4.0), (at, y.at(0.0)));
    }
    for (number, (at, text, _)) in (0..).zip(&marks) {
        let (at, row) = (x.at(at.as_secs()), row(number));
        let right = at > picture.width * 0.6;
        let (anchor, shift) = if right { (Anchor::End, -5.0) } else { (Anchor::Start, 5.0) };
        picture.words("b k-halo", (at + shift, row), anchor, text);
    }
}
