//! How many connections, workers, ports and how much memory a load takes, by Little's law: as many
//! are open as come in a second, times how long each one lives. Beside it stands a run of the same
//! numbers.
mod view;

use super::form::{Field, Kind, Preset, Reader, Tool};
use super::words::number;
use crate::profile::{App, Chosen, Content};
use crate::protocol::{Request, Version};
use crate::sim::{Arrivals, Load, Network, Planned, Scenario, Service, Span, Start, Timeline, Us};

pub const TOOL: Tool = Tool {
    id: "connections",
    lead: "As many connections are open as are opened in a second, times the seconds each one lives: busy, then idle. What does that come to, and what idle limit can your workers bear?",
    fields: FIELDS,
    presets: PRESETS,
    answer: view::answer,
    extra: "",
};

const DAY: Us = Us::from_secs(24 * 3600);

const FIELDS: &[Field] = &[
    Field {
        name: "arrivals",
        label: "Pages a second",
        kind: Kind::Number { min: 0.001, max: 100_000.0, unit: "/s" },
        value: "20",
        note: "They come at random (a Poisson process).",
    },
    Field {
        name: "elements",
        label: "Elements of a page",
        kind: Kind::Number { min: 0.0, max: 500.0, unit: "" },
        value: "10",
        note: "Images, scripts: asked for when the page itself is there. 0: single requests.",
    },
    Field {
        name: "parallel",
        label: "Connections of a visitor",
        kind: Kind::Number { min: 1.0, max: 100.0, unit: "" },
        value: "6",
        note: "At most so many at the same time; browsers have six.",
    },
    Field {
        name: "service",
        label: "Service time",
        kind: Kind::Time { min: Us(0), max: Us::from_secs(3600) },
        value: "0.02",
        note: "Of each request, in the server.",
    },
    Field {
        name: "rtt",
        label: "Round trip",
        kind: Kind::Time { min: Us(0), max: Us::from_secs(60) },
        value: "0.05",
        note: "There and back.",
    },
    Field {
        name: "idle",
        label: "Idle limit",
        kind: Kind::Time { min: Us::from_ms(1), max: DAY },
        value: "5",
        note: "How long an idle connection is kept.",
    },
    Field {
        name: "closes",
        label: "Whose limit it is",
        kind: Kind::Choice(&[("server", "the server’s"), ("client", "the client’s")]),
        value: "server",
        note: "Who closes first keeps the socket in TIME_WAIT, for 60 s.",
    },
    Field {
        name: "clients",
        label: "Clients that come back",
        kind: Kind::Number { min: 0.0, max: 10_000.0, unit: "" },
        value: "0",
        note: "They take turns. 0: every page is another visitor’s.",
    },
    Field {
        name: "memory",
        label: "Memory of an idle connection",
        kind: Kind::Number { min: 0.0, max: 1_000_000.0, unit: "kB" },
        value: "20",
        note: "A process of its own takes megabytes, an event loop a few kB.",
    },
    Field {
        name: "workers",
        label: "Workers",
        kind: Kind::Number { min: 1.0, max: 1_000_000.0, unit: "" },
        value: "256",
        note: "Processes or threads that the server may have.",
    },
];

const PRESETS: &[Preset] = &[
    Preset {
        label: "A page with ten images, idle 5 s",
        values: &[
            ("arrivals", "20"),
            ("elements", "10"),
            ("parallel", "6"),
            ("service", "0.02"),
            ("rtt", "0.05"),
            ("idle", "5"),
            ("closes", "server"),
            ("clients", "0"),
            ("memory", "20"),
            ("workers", "256"),
        ],
        note: "Six connections of each visitor wait five seconds each for what does not come: most of what is open is idle. The numbers are an example.",
        link: "v=1&scenario=crawler-timeout-cost",
    },
    Preset {
        label: "The same, idle 15 s",
        values: &[
            ("arrivals", "20"),
            ("elements", "10"),
            ("parallel", "6"),
            ("service", "0.02"),
            ("rtt", "0.05"),
            ("idle", "15"),
            ("closes", "server"),
            ("clients", "0"),
            ("memory", "20"),
            ("workers", "256"),
        ],
        note: "What a server with a worker for each connection then needs is three times as much, and no request is served faster.",
        link: "v=1&scenario=crawler-timeout-cost&server.KeepAliveTimeout=15",
    },
    Preset {
        label: "200 clients that come back, idle 15 s",
        values: &[
            ("arrivals", "20"),
            ("elements", "10"),
            ("parallel", "6"),
            ("service", "0.02"),
            ("rtt", "0.05"),
            ("idle", "15"),
            ("closes", "server"),
            ("clients", "200"),
            ("memory", "20"),
            ("workers", "1500"),
        ],
        note: "Each is back after ten seconds in the mean and finds its connections open: few are opened anew, and hardly any socket is in TIME_WAIT.",
        link: "v=1&scenario=apache-or-nginx",
    },
];

/// A load, as typed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Demand {
    /// Pages a second.
    pub arrivals: f64,
    pub elements: u32,
    pub parallel: u32,
    pub service: Us,
    pub rtt: Us,
    pub idle: Us,
    pub client_closes: bool,
    /// 0: each page is another visitor's.
    pub clients: u32,
    pub memory_kb: f64,
    pub workers: u32,
}

/// What a load takes, in the mean.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Need {
    pub open: f64,
    pub opened_per_second: f64,
    pub held_by_connection: f64,
    pub held_by_request: f64,
    pub time_wait: f64,
}

/// One of a visitor's connections, if nothing else came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Life {
    /// From the page's beginning.
    opened: Us,
    /// From its opening to its end.
    lasts: Us,
}

/// How long a closed connection stays in TIME_WAIT with who closed it: that of Linux.
const TIME_WAIT: Us = Us::from_secs(60);

impl Demand {
    /// Connections of a page: no more than have something to carry.
    pub fn connections(&self) -> u32 {
        self.parallel.min(self.elements.max(1))
    }

    /// The connections of one page, each with its requests, the first free one taking the next.
    fn lives(&self) -> Vec<Life> {
        let turn = self.rtt + self.service;
        let page = self.rtt + turn;
        // Where each connection is free for another element.
        let mut free = vec![page + self.rtt; self.connections() as usize];
        free[0] = page;
        let opened: Vec<Us> =
            (0..free.len()).map(|at| if at == 0 { Us::ZERO } else { page }).collect();
        let mut used = vec![false; free.len()];
        used[0] = true;
        // The first go to a connection of their own; those behind wait for one that is free.
        for element in 0..self.elements as usize {
            let bound = Some(element).filter(|element| *element < free.len());
            let first = || (0..free.len()).min_by_key(|at| free[*at]);
            if let Some(at) = bound.or_else(first) {
                free[at] += turn;
                used[at] = true;
            }
        }
        // The server's clock starts half a round trip before the client has the answer.
        let early = if self.client_closes { Us::ZERO } else { self.rtt.half() };
        let lives = free.iter().zip(opened).zip(used).filter(|(_, used)| *used);
        lives
            .map(|((free, opened), _)| Life { opened, lasts: *free - early - opened + self.idle })
            .collect()
    }

    /// By Little's law.
    pub fn need(&self) -> Need {
        let mut need = Need {
            held_by_request: self.arrivals * f64::from(self.elements + 1) * self.service.as_secs(),
            ..Need::default()
        };
        // The server takes it half a round trip after the handshake, and hears of a close as late.
        let unheld =
            self.rtt.half() * 3 - if self.client_closes { self.rtt.half() } else { Us::ZERO };
        for life in self.lives() {
            let (mean, new) = self.kept(life.lasts);
            need.open += self.arrivals * mean;
            need.opened_per_second += self.arrivals * new;
            need.held_by_connection += self.arrivals * (mean - new * unheld.as_secs()).max(0.0);
        }
        need.time_wait = need.opened_per_second * TIME_WAIT.as_secs();
        need
    }

    /// For each page: the seconds that a connection is open until the client's next page, if it lasts
    /// so long by itself; and the share of pages that find it closed and open another.
    fn kept(&self, lasts: Us) -> (f64, f64) {
        if self.clients == 0 {
            return (lasts.as_secs(), 1.0);
        }
        // The client's next page is the one after so many arrivals: the time to it is below `lasts`
        // if so many come within.
        let within = self.arrivals * lasts.as_secs();
        let (fewer, capped) = poisson(within, self.clients);
        (capped / self.arrivals, fewer)
    }

    /// The longest idle limit with which the workers are enough if each connection holds one.
    pub fn bearable(&self) -> Option<Us> {
        let most = f64::from(self.workers);
        let held = |idle: Us| Self { idle, ..*self }.need().held_by_connection;
        if held(Us::ZERO) > most {
            return None;
        }
        let (mut low, mut high) = (0, DAY.0);
        while high - low > 1_000 {
            let middle = u64::midpoint(low, high);
            if held(Us(middle)) <= most { low = middle } else { high = middle }
        }
        Some(Us(low))
    }

    /// A run of it, and the stretch in which it has settled; None if it would be too long.
    pub fn scenario(&self) -> Option<(Scenario, Us)> {
        let lasts = self.lives().iter().map(|life| life.opened + life.lasts).max()?;
        let settled = (lasts + TIME_WAIT + Us::from_secs(1)).as_secs();
        let rounds = (self.arrivals * settled).max(f64::from(self.clients)) + MEASURED;
        let exchanges = rounds * f64::from(self.elements + 1);
        if exchanges > MOST || (self.clients == 0 && rounds > f64::from(Scenario::MOST_CLIENTS)) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below MOST")]
        let count = rounds.ceil() as u32;
        let mean = Us::from_ms_f64(1_000.0 / self.arrivals)?;
        let clients = if self.clients == 0 { count } else { self.clients };
        let scenario = Scenario {
            server: self.server(),
            client: self.client(),
            clients,
            network: Network { rtt: self.rtt, ..Network::PLAIN },
            exchanges: self.page(),
            load: Some(Load {
                count,
                arrivals: Arrivals::Poisson(mean),
                service: Service::AsPlanned,
            }),
            ..Scenario::default()
        };
        let settled = if self.clients > 0 {
            settled.max(f64::from(self.clients) / self.arrivals)
        } else {
            settled
        };
        Some((scenario, Us::from_ms_f64(settled * 1_000.0)?))
    }

    fn server(&self) -> Chosen {
        let limit = if self.client_closes { "0".into() } else { milliseconds(self.idle) };
        Chosen::new("textbook", "").with("idle timeout", &limit)
    }

    fn client(&self) -> Chosen {
        let limit = if self.client_closes { milliseconds(self.idle) } else { "0".into() };
        Chosen::new("textbook-client", "")
            .with("connections", &self.parallel.to_string())
            .with("idle timeout", &limit)
    }

    /// The page, then its elements as soon as it is there.
    fn page(&self) -> Vec<Planned> {
        let get = |target: &str, start| {
            let request = Request::new("GET", target, Version::Http11).with("Host", "shop.example");
            let app = App { content: Content::Known(1_000), after: self.service, ..App::default() };
            Planned { start, request, app, ..Planned::default() }
        };
        let element = |_| get("/element", Start::After { exchange: 0, gap: Us::ZERO });
        let page = get("/", Start::At(Us::ZERO));
        std::iter::once(page).chain((0..self.elements).map(element)).collect()
    }
}

/// Exchanges of the run beside the calculation.
const MOST: f64 = 60_000.0;
/// Pages in it after it has settled.
const MEASURED: f64 = 1_500.0;

/// Between the moment at which a run has settled and its last arrival.
pub fn measured(timeline: &Timeline, settled: Us) -> Option<Span> {
    let last = timeline.exchanges.iter().filter_map(|exchange| exchange.wanted).max()?;
    (settled < last).then_some(Span::new(settled, last))
}

fn milliseconds(time: Us) -> String {
    format!("{}ms", time.0.div_ceil(1_000).max(1))
}

/// Of a Poisson variable with this mean: the probability that it is below `limit`, and its mean if
/// what is above the limit counts as the limit.
fn poisson(mean: f64, limit: u32) -> (f64, f64) {
    let limit = f64::from(limit);
    let spread = 12.0 * mean.sqrt() + 20.0;
    if mean + spread < limit {
        return (1.0, mean);
    }
    if mean - spread > limit {
        return (0.0, limit);
    }
    let (mut fewer, mut below) = (0.0, 0.0);
    let mut count = (mean - spread).max(0.0).floor();
    // From the logarithm, as the powers themselves are beyond any number.
    while count < limit {
        let probability = (count * mean.max(1e-300).ln() - mean - ln_factorial(count)).exp();
        fewer += probability;
        below += probability * count;
        count += 1.0;
    }
    let fewer = fewer.min(1.0);
    (fewer, below + (1.0 - fewer) * limit)
}

/// By Stirling's series, exact to ten digits from 10 on; below by multiplication.
fn ln_factorial(n: f64) -> f64 {
    if n < 10.0 {
        let mut product = 1.0;
        let mut factor = 2.0;
        while factor <= n {
            product *= factor;
            factor += 1.0;
        }
        return f64::ln(product);
    }
    let n1 = n + 1.0;
    (n1 - 0.5) * n1.ln() - n1 + 0.5 * (2.0 * std::f64::consts::PI).ln() + 1.0 / (12.0 * n1)
        - 1.0 / (360.0 * n1.powi(3))
}

/// What was typed.
pub fn read(reader: &mut Reader) -> Demand {
    let demand = Demand {
        arrivals: reader.number("arrivals"),
        elements: reader.count("elements"),
        parallel: reader.count("parallel"),
        service: reader.time("service"),
        rtt: reader.time("rtt"),
        idle: reader.time("idle"),
        client_closes: reader.is("closes", "client"),
        clients: reader.count("clients"),
        memory_kb: reader.number("memory"),
        workers: reader.count("workers"),
    };
    // A client whose pages overlap has more connections than those of one page.
    let busy = demand.lives().iter().map(|life| life.opened + life.lasts - demand.idle).max();
    let fewest = (2.0 * demand.arrivals * busy.unwrap_or(Us::ZERO).as_secs()).ceil();
    if demand.clients > 0 && f64::from(demand.clients) < fewest {
        let text =
            format!("Their pages would overlap: at least {} are wanted, or 0.", number(fewest));
        reader.wrong("clients", text);
    }
    demand
}
