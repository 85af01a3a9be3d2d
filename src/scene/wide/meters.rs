//! Meters below the lanes, on the same clock: how many connections are open, workers held, ports taken.
use super::{SMALL, Wide};
use crate::profile::server::Held;
use crate::profile::{Config, MakeRule, Workers};
use crate::scene::Meter;
use crate::scene::shape::Anchor;
use crate::scene::text::Label;
use crate::sim::{Connection, Side, Span, Timeline, Us};
use crate::study::{Run, stats};

const HEIGHT: f64 = 28.0;
const GAP: f64 = 8.0;

/// What is counted, how many there are from each moment on, and how many there can be.
type Count = (&'static str, Vec<(Us, u32)>, Option<u32>);

impl Wide<'_> {
    /// The meters of all runs from `y` down; returns where they end.
    #[inline(never)]
    pub(super) fn meters(&mut self, mut y: f64) -> f64 {
        if !self.view.meters {
            return y;
        }
        let drawn = self.canvas.show.drawn();
        let several = drawn.len() > 1;
        for (_, run) in drawn {
            let Some(timeline) = run.timeline() else { continue };
            if several {
                y += 24.0;
                let whose = whose(run);
                self.canvas.label(Label::new("m", SMALL, (16.0, y), Anchor::Start, &whose));
            }
            for count in counts(run, timeline) {
                y = self.meter(count, y + GAP);
            }
        }
        y + GAP
    }

    /// One meter; nothing where there is nothing to count.
    fn meter(&mut self, (name, steps, of): Count, top: f64) -> f64 {
        let peak = steps.iter().map(|(_, count)| *count).max().unwrap_or(0);
        if peak == 0 {
            return top - GAP;
        }
        let bottom = top + HEIGHT;
        let y = |count: u32| bottom - HEIGHT * f64::from(count) / f64::from(peak);
        let (left, right) = self.place;
        let pen = self.canvas.pen;
        let mut line = pen.path().to(left, y(0));
        // Within one pixel only the highest and the last are seen.
        let (mut last, mut now, mut high) = (left, 0, 0);
        for (at, count) in &steps {
            let x = self.canvas.axis.x_from_time(*at);
            if x > right {
                break;
            }
            if x <= left {
                (now, high) = (*count, *count);
                continue;
            }
            if x - last >= 1.0 {
                line = line.line(last, y(high)).line(last, y(now)).line(x, y(now));
                (last, high) = (x, *count);
            }
            high = high.max(*count);
            now = *count;
        }
        line = line.line(last, y(high)).line(last, y(now)).line(right, y(now));
        self.canvas.back.push(pen.path().to(left, bottom).line(right, bottom).shape("k-grid"));
        self.canvas.back.push(line.shape("k-dim meter"));
        let mut put = |x, dy, anchor, text: &str| {
            let label = Label::new("m k-halo", SMALL, (x, top + dy), anchor, text);
            self.canvas.labels.place(label);
        };
        put(16.0, 10.0, Anchor::Start, name);
        put(right, 10.0, Anchor::End, &format!("peak {peak}"));
        self.canvas.meters.push(Meter { steps, of, at: (16.0, top + 25.0) });
        bottom
    }
}

/// Between whom these connections are.
fn whose(run: &Run) -> String {
    let hop = match (run.hop, &run.scenario.proxy) {
        (0, None) => "clients to server",
        (0, Some(_)) => "clients to proxy",
        _ => "proxy to server",
    };
    if run.name.is_empty() { hop.into() } else { [run.name, ": ", hop].concat() }
}

fn counts(run: &Run, timeline: &Timeline) -> Vec<Count> {
    let end = timeline.end;
    let each = |span: &dyn Fn(&Connection) -> Option<Span>| {
        stats::steps(timeline.connections.iter().filter_map(span).collect::<Vec<_>>().into_iter())
    };
    let workers = workers(run);
    let held = match workers.map(|workers| workers.held) {
        Some(Held::Connection) => each(&|connection| stats::held(connection, end)),
        Some(Held::Request) => {
            let works = timeline.exchanges.iter().filter_map(|it| stats::worked(it, end));
            stats::steps(works.collect::<Vec<_>>().into_iter())
        }
        None => Vec::new(),
    };
    let waits = |connection: &Connection| {
        [Side::Client, Side::Server].into_iter().find_map(|side| stats::waits(connection, side))
    };
    // Each client has its own.
    let ports = run.scenario.network.ports.filter(|_| run.hop == 1 || run.scenario.clients == 1);
    vec![
        ("open", each(&|connection| Some(stats::open(connection, end))), None),
        ("workers", held, workers.map(|workers| workers.count)),
        ("TIME_WAIT", each(&waits), None),
        ("ports", each(&|connection| Some(stats::port(connection, end))), ports),
    ]
}

/// The workers of what stands at the server's end.
fn workers(run: &Run) -> Option<Workers> {
    let scenario = &run.scenario;
    let chosen = scenario.proxy.as_ref().map_or(&scenario.server, |proxy| &proxy.chosen);
    let config = Config::parse(chosen).ok()?;
    let MakeRule::Server(make) = config.product.rule else { return None };
    make(&config).ok()?.workers()
}
