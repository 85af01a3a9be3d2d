//! The engine: one queue of happenings, two ends for each connection. `client.rs` holds what the
//! client does, `server.rs` what the server does; neither looks into the other's state: what one
//! side knows of the other came over the wire.
mod client;
mod memo;
mod pool;
mod queue;
mod server;

use super::timeline::{
    Close, CloseHow, Connection, Exchange, IdleEnd, IdleSpan, Outcome, Side, Span, TimeWait,
    Timeline,
};
use super::{Planned, Scenario, ScenarioError, Start};
use crate::profile::{ClientRule, Config, MakeRule, ServerRule};
use crate::protocol::{Reason, Request};
use crate::time::Us;
use queue::{Happening, Queue};
use std::collections::VecDeque;
use std::rc::Rc;

/// Runs a scenario.
///
/// # Errors
/// If a product, version, setting or exchange cannot be understood: the error says which.
pub fn run(scenario: &Scenario) -> Result<Timeline, ScenarioError> {
    let mut engine = Engine::new(scenario)?;
    let limit = scenario.until.unwrap_or(Scenario::LONGEST).min(Scenario::LONGEST);
    let mut now = Us::ZERO;
    let mut cut = false;
    while let Some((at, what)) = engine.queue.next() {
        if engine.is_stale(at, what) {
            continue;
        }
        if at > limit {
            cut = true;
            break;
        }
        now = at;
        engine.now = at;
        engine.happen(what);
    }
    Ok(engine.finish(if cut || scenario.until.is_some() { limit } else { now }, cut))
}

/// The end of a list of exchanges.
const NONE: u32 = u32::MAX;

/// A connection with what each end knows of it.
struct Link {
    seen: Connection,
    client: ClientEnd,
    server: ServerEnd,
    /// The running idle wait of each side, as an index into `seen.idle`.
    waits: [Option<usize>; 2],
}

struct ClientEnd {
    state: ClientState,
    /// Sent and not yet answered, in order.
    outstanding: VecDeque<u32>,
    /// Complete answers received.
    answers: u64,
    /// When the client's idle limit is reached; [`Us::NEVER`] while busy or without a limit.
    idle_due: Us,
    /// The clock that stands in the queue: it is set anew only when it strikes.
    clock: Us,
    /// The exchange for which the connection is opened, if it is bound to it.
    opened_for: Option<u32>,
    /// Counts up over all connections: the order in which they became free.
    freed: u64,
    /// The server has closed it while it was idle, and the client has not looked.
    dead: bool,
    /// When it became free.
    free_since: Us,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ClientState {
    /// Handshakes under way.
    Opening,
    /// Can take a request at once.
    Free,
    /// A request is under way; another only by pipelining.
    Busy,
    /// The answer is complete and the server will close.
    AwaitsClose,
    /// No longer HTTP.
    Tunnel,
    Closed,
}

struct ServerEnd {
    accepted: Us,
    /// Requests that have arrived and wait for their turn.
    waiting: VecDeque<u32>,
    busy: bool,
    /// Answers sent.
    served: u64,
    closed: bool,
    /// Closed after an answer: what still arrives is read and dropped. After an idle close nobody
    /// reads any more, and what arrives is answered by a reset.
    lingers: bool,
    idle_due: Us,
    /// The clock that stands in the queue: it is set anew only when it strikes.
    clock: Us,
    /// The limit behind `idle_due`, for the reason.
    idle_limit: Us,
    /// The wait is for the rest of a request: a stray line counts as its beginning here.
    head_begun: bool,
    /// The clock runs towards a close without an answer, for this reason.
    hangs_up: Option<Reason>,
    /// What comes next is not understood.
    deaf: bool,
}

struct Engine<'a> {
    scenario: &'a Scenario,
    server: Box<dyn ServerRule>,
    client: Box<dyn ClientRule>,
    queue: Queue,
    now: Us,
    links: Vec<Link>,
    exchanges: Vec<Exchange>,
    /// Exchanges that the client wants to send and has not.
    pending: VecDeque<u32>,
    /// For each exchange the first one that waits for its end, and for each of these the next:
    /// [`NONE`] ends the list. Empty if nothing follows anything.
    first_follower: Vec<u32>,
    next_follower: Vec<u32>,
    /// Answers given before.
    memo: memo::Memo,
    /// Connections that count against the client's limit, oldest first.
    live: Vec<u32>,
    /// With [`crate::profile::Picks::FirstPlace`]: the connection in each place, 0 if it is gone.
    places: Vec<u32>,
    /// Connections being opened that are bound to no exchange.
    opening: u32,
    /// Connections on which the server waits for the next request.
    idle_at_server: u32,
    swept: pool::Swept,
    /// How often a connection became free.
    freed: u64,
    /// When the path is free in each direction: all connections share it.
    uplink_free: Us,
    downlink_free: Us,
}

impl<'a> Engine<'a> {
    fn new(scenario: &'a Scenario) -> Result<Self, ScenarioError> {
        let config = |part, chosen| {
            Config::parse(chosen).map_err(|error| ScenarioError::from_config(part, error))
        };
        let server = config("server", &scenario.server)?;
        let server = match server.product.rule {
            MakeRule::Server(make) => {
                make(&server).map_err(|error| ScenarioError::from_config("server", error))?
            }
            MakeRule::Client(_) => {
                let problem = format!("{} is a client", server.product.name);
                return Err(ScenarioError::new("server.product", problem));
            }
        };
        let client = config("client", &scenario.client)?;
        let client = match client.product.rule {
            MakeRule::Client(make) => {
                make(&client).map_err(|error| ScenarioError::from_config("client", error))?
            }
            MakeRule::Server(_) => {
                let problem = format!("{} is a server", client.product.name);
                return Err(ScenarioError::new("client.product", problem));
            }
        };
        if scenario.exchanges.len() > Scenario::MOST_EXCHANGES {
            let problem = format!(
                "{} exchanges are more than a run can hold ({})",
                scenario.exchanges.len(),
                Scenario::MOST_EXCHANGES
            );
            return Err(ScenarioError::new("exchanges", problem));
        }
        let mut engine = Self {
            scenario,
            server,
            client,
            queue: Queue::default(),
            now: Us::ZERO,
            links: Vec::new(),
            exchanges: Vec::with_capacity(scenario.exchanges.len()),
            pending: VecDeque::new(),
            first_follower: Vec::new(),
            next_follower: Vec::new(),
            memo: memo::Memo::default(),
            live: Vec::new(),
            places: Vec::new(),
            opening: 0,
            idle_at_server: 0,
            swept: pool::Swept::default(),
            freed: 0,
            uplink_free: Us::ZERO,
            downlink_free: Us::ZERO,
        };
        engine.plan()?;
        Ok(engine)
    }

    /// Puts the wishes of the scenario into the queue.
    fn plan(&mut self) -> Result<(), ScenarioError> {
        let planned = &self.scenario.exchanges;
        // Most scenarios repeat a request: one copy serves all that are alike.
        let mut last: Option<(&Planned, Rc<Request>)> = None;
        let mut follows = false;
        for (index, exchange) in planned.iter().enumerate() {
            let request = match &last {
                Some((before, sent))
                    if before.request == exchange.request
                        && before.body_bytes == exchange.body_bytes =>
                {
                    Rc::clone(sent)
                }
                _ => {
                    let sent =
                        self.client.rewrite_with_body(&exchange.request, exchange.body_bytes);
                    Rc::new(sent.unwrap_or_else(|| exchange.request.clone()))
                }
            };
            last = Some((exchange, Rc::clone(&request)));
            self.exchanges.push(Exchange::planned(request));
            let number = u32::try_from(index).unwrap_or(u32::MAX);
            match exchange.start {
                Start::At(at) => self.queue.put(at, Happening::Want { exchange: number }),
                Start::After { exchange: before, .. } if before < index => follows = true,
                Start::After { .. } => {
                    let problem = "can only follow an exchange that stands before it";
                    return Err(ScenarioError::new(format!("exchanges[{index}].start"), problem));
                }
            }
        }
        if follows {
            self.link_followers();
        }
        Ok(())
    }

    /// Each list in the order of the scenario.
    fn link_followers(&mut self) {
        let planned = &self.scenario.exchanges;
        self.first_follower = vec![NONE; planned.len()];
        self.next_follower = vec![NONE; planned.len()];
        for (index, exchange) in planned.iter().enumerate().rev() {
            if let Start::After { exchange: before, .. } = exchange.start {
                let number = u32::try_from(index).unwrap_or(NONE);
                let first = std::mem::replace(&mut self.first_follower[before], number);
                self.next_follower[index] = first;
            }
        }
    }

    /// A clock that was stopped or put forward since it was set: nothing happens. One that was put
    /// forward goes into the queue again, so that each side of a connection has one entry at most.
    fn is_stale(&mut self, at: Us, what: Happening) -> bool {
        let (due, clock) = match what {
            Happening::ServerClock { connection } => {
                let server = &mut self.link(connection).server;
                (if server.closed { Us::NEVER } else { server.idle_due }, &mut server.clock)
            }
            Happening::ClientClock { connection } => {
                let client = &mut self.link(connection).client;
                let free = client.state == ClientState::Free;
                (if free { client.idle_due } else { Us::NEVER }, &mut client.clock)
            }
            _ => return false,
        };
        if due == at {
            return false;
        }
        *clock = due;
        if due < Us::NEVER {
            self.queue.put(due, what);
        }
        true
    }

    fn happen(&mut self, what: Happening) {
        match what {
            Happening::Want { exchange } => self.want(exchange),
            Happening::Ready { connection } => self.ready(connection),
            Happening::RequestArrives { connection, exchange } => {
                self.request_arrives(connection, exchange);
            }
            Happening::AnswerBegins { connection, exchange } => {
                self.answer_begins(connection, exchange);
            }
            Happening::AnswerLeft { connection, exchange } => {
                self.answer_left(connection, exchange);
            }
            Happening::AnswerArrives { connection, exchange } => {
                self.answer_arrives(connection, exchange);
            }
            Happening::FinAtClient { connection } => self.fin_at_client(connection),
            Happening::FinAtServer { connection } => self.fin_at_server(connection),
            Happening::ServerClock { connection } => self.server_clock(connection),
            Happening::ClientClock { connection } => self.client_clock(connection),
            Happening::Sweep => self.sweep(),
        }
    }

    fn link(&mut self, connection: u32) -> &mut Link {
        &mut self.links[connection as usize - 1]
    }

    /// One way over the wire.
    fn latency(&self) -> Us {
        self.scenario.network.rtt.half()
    }

    /// Notes how the connection ends. The first side to close is the closer, also when both do.
    fn close(&mut self, connection: u32, by: Side, how: CloseHow, because: Vec<Reason>) {
        let (at, rtt) = (self.now, self.scenario.network.rtt);
        let known = at + self.latency();
        let waits = match by {
            Side::Client => self.client.time_wait(),
            Side::Server => self.server.time_wait(),
        };
        let done = if how == CloseHow::Fin { at + rtt } else { at };
        let time_wait = (how == CloseHow::Fin)
            .then_some(TimeWait { side: by, span: Span::new(done, done + waits) });
        let seen = &mut self.link(connection).seen;
        if seen.close.is_none() {
            seen.close = Some(Close { by, how, at, known, done, because, time_wait });
        }
    }

    /// Ends the running idle wait of a side, if there is one.
    fn end_idle(&mut self, connection: u32, side: Side, end: IdleEnd) {
        let now = self.now;
        let link = self.link(connection);
        if let Some(index) = link.waits[side as usize].take() {
            let wait = &mut link.seen.idle[index];
            wait.span.to = now;
            wait.end = end;
            self.idle_at_server -= u32::from(side == Side::Server);
        }
    }

    fn begin_idle(&mut self, connection: u32, side: Side, due: Option<Us>) {
        let span = Span::new(self.now, Us::NEVER);
        let link = self.link(connection);
        link.waits[side as usize] = Some(link.seen.idle.len());
        link.seen.idle.push(IdleSpan { side, span, due, end: IdleEnd::Cut });
        self.idle_at_server += u32::from(side == Side::Server);
    }

    /// Closes the books at `end`.
    fn finish(self, end: Us, cut: bool) -> Timeline {
        let mut connections: Vec<Connection> =
            self.links.into_iter().map(|link| link.seen).collect();
        for connection in &mut connections {
            for wait in connection.idle.iter_mut().filter(|wait| wait.span.to == Us::NEVER) {
                wait.span.to = end.max(wait.span.from);
            }
        }
        Timeline { connections, exchanges: self.exchanges, forwarded: Vec::new(), end, cut }
    }
}

impl Exchange {
    fn planned(request: Rc<Request>) -> Self {
        Self {
            outcome: Outcome::Unanswered,
            failure: None,
            client: 0,
            performed: 0,
            connection: None,
            lost: None,
            wanted: None,
            request,
            request_sent: None,
            request_received: None,
            work: None,
            response_sent: None,
            response_received: None,
            answer: None,
        }
    }
}
