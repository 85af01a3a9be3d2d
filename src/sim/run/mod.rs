//! The engine: one queue of happenings, two ends for each connection. `client.rs` holds what a
//! client does, `server.rs` what a server does, and a proxy is both; neither end looks into the
//! other's state: what one side knows of the other came over the wire.
//!
//! With a proxy there are two hops. The exchanges of the second stand behind those of the first in
//! one list: number `n + count` is what the proxy asks the server because of number `n`.
mod client;
mod fault;
mod hop;
mod memo;
mod opens;
mod plan;
mod pool;
mod proxy;
mod queue;
mod random;
mod reasons;
mod server;
mod wire;
mod workers;

use super::timeline::{
    Close, CloseHow, Connection, Exchange, Failure, IdleEnd, IdleSpan, Outcome, Side, Span,
    TimeWait, Timeline,
};
use super::{Planned, Scenario, ScenarioError, Start};
use crate::profile::{Answer, App};
use crate::protocol::{Reason, Request};
use crate::time::Us;
use hop::{Hop, Host, Pool};
use queue::{Happening, Queue};
use random::Random;
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
    path: wire::Path,
    /// The connection on the hop before whose requests it last carried (0: none).
    owner: u32,
    /// The connections on the hop behind that have carried its requests; some may have another owner
    /// by now.
    owned: Vec<u32>,
    /// The process of a proxy that serves this connection of a client.
    process: Option<u32>,
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
    /// How often its SYN was sent again.
    syn_again: u8,
    /// Counts up over all connections of the pool: the order in which they became free.
    freed: u64,
    /// The server has closed it while it was idle, and the client has not looked.
    dead: bool,
    /// It holds one of a limited number of ports.
    has_port: bool,
    /// When it became free.
    free_since: Us,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// It holds a worker.
    has_worker: bool,
    /// It waits for a worker.
    queued: bool,
    /// The server is being stopped: no answer keeps the connection any more.
    stopping: bool,
    /// A proxy that only relays: the server behind it has closed, and this side closes behind the
    /// answer that is on its way.
    ends_with_answer: bool,
}

struct Engine<'a> {
    scenario: &'a Scenario,
    hops: Vec<Hop>,
    /// Exchanges of one hop.
    count: usize,
    queue: Queue,
    now: Us,
    links: Vec<Link>,
    exchanges: Vec<Exchange>,
    /// For each exchange the first one that waits for its end, and for each of these the next:
    /// [`NONE`] ends the list. Empty if nothing follows anything.
    first_follower: Vec<u32>,
    next_follower: Vec<u32>,
    /// How long the application works on each exchange; empty: as planned.
    works: Vec<Us>,
    /// For each exchange of the pattern the last request that a proxy forwarded, and as what.
    forwarded: Vec<Option<(Rc<Request>, Rc<Request>)>>,
    /// The last answer that a proxy passed on, what the application was asked for, and as what.
    passed: Option<(Rc<Answer>, App, Rc<App>)>,
    /// For each process of a proxy its last connection to a client, if it has one at a time; else
    /// all such connections.
    slots: Vec<u32>,
    /// The address that the name has: rises with [`super::Fault::AddressChange`].
    address: u32,
    random: Random,
}

impl<'a> Engine<'a> {
    fn new(scenario: &'a Scenario) -> Result<Self, ScenarioError> {
        let mut hops = Hop::all(scenario)?;
        plan::check(scenario)?;
        if let Some(last) = hops.last_mut() {
            last.hosts = (0..plan::hosts(scenario)).map(|_| Host::default()).collect();
        }
        let count = scenario.count();
        let mut engine = Self {
            scenario,
            count,
            queue: Queue::default(),
            now: Us::ZERO,
            links: Vec::new(),
            exchanges: Vec::with_capacity(count * hops.len()),
            hops,
            first_follower: Vec::new(),
            next_follower: Vec::new(),
            works: Vec::new(),
            forwarded: Vec::new(),
            passed: None,
            slots: Vec::new(),
            address: 0,
            random: Random::new(scenario.seed),
        };
        engine.plan()?;
        engine.queue.begins();
        Ok(engine)
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
            Happening::Patience { connection, exchange } => {
                return !self.waits_for(connection, exchange);
            }
            Happening::SystemGivesUp { connection } => {
                return self.link(connection).client.outstanding.is_empty();
            }
            // Nobody waits for a worker: that there are any must not make the run longer.
            Happening::Gone { connection } if self.host(connection).queue.is_empty() => {
                self.release(connection);
                return true;
            }
            Happening::Accepted { connection } if self.is_taken_at_once(connection) => {
                self.now = at;
                self.accepted(connection);
                return true;
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
            Happening::Sweep { hop, pool } => self.sweep(usize::from(hop), pool as usize),
            Happening::Accepted { connection } => self.accepted(connection),
            Happening::SynAgain { connection } => self.syn_again(connection),
            Happening::Gone { connection } => self.release(connection),
            Happening::Patience { connection, exchange } => {
                self.loses_patience(connection, exchange);
            }
            Happening::ResetOnPath { connection } => self.reset_on_path(connection),
            Happening::SystemGivesUp { connection } => self.system_gives_up(connection),
            Happening::Breaks { connection } => self.resets(connection),
            Happening::Fault { index } => self.fault(index as usize),
        }
    }

    fn link(&mut self, connection: u32) -> &mut Link {
        &mut self.links[connection as usize - 1]
    }

    /// Index of a connection's hop.
    fn hop_of(&self, connection: u32) -> usize {
        usize::from(self.links[connection as usize - 1].seen.hop)
    }

    fn hop(&self, connection: u32) -> &Hop {
        &self.hops[self.hop_of(connection)]
    }

    /// The pool that a connection belongs to.
    fn pool(&mut self, connection: u32) -> &mut Pool {
        let seen = &self.links[connection as usize - 1].seen;
        &mut self.hops[usize::from(seen.hop)].pools[seen.client as usize]
    }

    /// The server that a connection goes to.
    fn host(&mut self, connection: u32) -> &mut Host {
        let seen = &self.links[connection as usize - 1].seen;
        &mut self.hops[usize::from(seen.hop)].hosts[seen.origin as usize]
    }

    /// Hop and pool of an exchange.
    fn place(&self, exchange: u32) -> (usize, usize) {
        let hop = usize::from(exchange as usize >= self.count);
        (hop, self.exchanges[exchange as usize].client as usize)
    }

    /// The number of an exchange in the scenario.
    fn plain(&self, exchange: u32) -> u32 {
        if (exchange as usize) < self.count {
            exchange
        } else {
            exchange - u32::try_from(self.count).unwrap_or(0)
        }
    }

    /// What is meant with an exchange.
    fn planned(&self, exchange: u32) -> &'a Planned {
        let index = self.plain(exchange) as usize;
        let exchanges = &self.scenario.exchanges;
        if self.scenario.load.is_some() {
            &exchanges[index % exchanges.len()]
        } else {
            &exchanges[index]
        }
    }

    /// Is this the hop whose server has the application?
    fn is_last(&self, hop: usize) -> bool {
        hop + 1 == self.hops.len()
    }

    /// Notes how the connection ends. The first side to close is the closer, also when both do.
    fn close(&mut self, connection: u32, by: Side, how: CloseHow, because: Vec<Reason>) {
        let hop = self.hop(connection);
        let (at, rtt) = (self.now, hop.network.rtt);
        let leaves = if how == CloseHow::Fin { self.fin_leaves(connection, by) } else { at };
        let known = leaves + rtt.half();
        let waits = match by {
            Side::Client => hop.client.time_wait(),
            Side::Server => hop.server.time_wait(),
        };
        let done = if how == CloseHow::Fin { leaves + rtt } else { at };
        let time_wait = (how == CloseHow::Fin)
            .then_some(TimeWait { side: by, span: Span::new(done, done + waits) });
        let seen = &mut self.link(connection).seen;
        if seen.close.is_none() {
            seen.close = Some(Close { by, how, at, known, done, because, time_wait });
        } else if let Some(close) = seen.close.as_mut().filter(|close| close.known == Us::NEVER) {
            // The FIN of the other side was lost on the path.
            (close.known, close.done) = (at, at);
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
            if side == Side::Server {
                self.host(connection).idle -= 1;
            }
        }
    }

    fn begin_idle(&mut self, connection: u32, side: Side, due: Option<Us>) {
        let span = Span::new(self.now, Us::NEVER);
        let link = self.link(connection);
        link.waits[side as usize] = Some(link.seen.idle.len());
        link.seen.idle.push(IdleSpan { side, span, due, end: IdleEnd::Cut });
        if side == Side::Server {
            self.host(connection).idle += 1;
        }
    }

    /// Closes the books at `end`.
    fn finish(mut self, end: Us, cut: bool) -> Timeline {
        let mut connections: Vec<Connection> =
            self.links.into_iter().map(|link| link.seen).collect();
        for connection in &mut connections {
            for wait in connection.idle.iter_mut().filter(|wait| wait.span.to == Us::NEVER) {
                wait.span.to = end.max(wait.span.from);
            }
            if let Some(close) = connection.close.as_mut().filter(|close| close.known == Us::NEVER)
            {
                (close.known, close.done) = (end.max(close.at), end.max(close.at));
            }
            if connection.tcp.to == Us::NEVER {
                connection.tcp.to = end.max(connection.tcp.from);
                connection.tls = None;
            }
        }
        for work in self.exchanges.iter_mut().filter_map(|exchange| exchange.work.as_mut()) {
            if work.to == Us::NEVER {
                work.to = end.max(work.from);
            }
        }
        let forwarded = self.exchanges.split_off(self.count.min(self.exchanges.len()));
        Timeline { connections, exchanges: self.exchanges, forwarded, end, cut }
    }
}

impl Exchange {
    fn planned(request: Rc<Request>, client: u32) -> Self {
        Self {
            outcome: Outcome::Unanswered,
            failure: None,
            client,
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
