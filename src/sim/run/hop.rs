//! One hop of a run: who speaks to whom over what path, with the state of both ends that belongs
//! to no single connection.
use super::{memo, pool};
use crate::profile::{
    Chosen, ClientRule, Config, Held, MakeRule, Picks, ServerRule, Shares, Sweeper, Workers,
};
use crate::sim::{Network, Scenario, ScenarioError};
use crate::time::Us;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

pub(super) struct Hop {
    pub client: Box<dyn ClientRule>,
    pub habits: Habits,
    pub server: Box<dyn ServerRule>,
    pub workers: Option<Workers>,
    /// The server is a proxy: what it is asked goes over the next hop.
    pub forwards: bool,
    pub relays: bool,
    pub network: Network,
    /// One for each client; for a proxy, one for each of its workers.
    pub pools: Vec<Pool>,
    /// One for each client; a proxy is one system, however many pools it has.
    ports: Vec<Ports>,
    /// One for each server behind the name.
    pub hosts: Vec<Host>,
    /// The host to which the next connection goes.
    pub next_host: u32,
    /// Answers given before.
    pub memo: memo::Memo,
    /// When the path is free in each direction: all connections share it.
    pub uplink_free: Us,
    pub downlink_free: Us,
}

/// What a client's rule says once and for all.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    pub picks: Picks,
    pub most: usize,
    pub at_once: u32,
    pub idle_room: u32,
    pub keeps_what_it_needs: bool,
    pub watches_idle: bool,
    pub reuses: bool,
    pub opens_again: bool,
    pub retries_at_first: bool,
    pub longest_idle_goes: bool,
    pub sweeper: Option<Sweeper>,
    pub shares: Shares,
    pub patience: Option<Us>,
}

impl Habits {
    fn of(rule: &dyn ClientRule) -> Self {
        Self {
            picks: rule.picks(),
            most: rule.max_connections().max(1) as usize,
            at_once: rule.at_once(),
            idle_room: rule.idle_room(),
            keeps_what_it_needs: rule.keeps_what_it_needs(),
            watches_idle: rule.watches_idle(),
            reuses: rule.reuses(),
            opens_again: rule.opens_again(),
            retries_at_first: rule.retries_at_first(),
            longest_idle_goes: rule.longest_idle_goes(),
            sweeper: rule.sweeper(),
            shares: rule.shares(),
            patience: rule.gives_up_after(),
        }
    }

    /// Is a connection opened for one exchange, which then waits for it and no other?
    pub fn binds(&self) -> bool {
        !matches!(self.picks, Picks::Newest | Picks::LastUsed)
    }
}

/// A client's connections and what it wants to send.
#[derive(Default)]
pub(super) struct Pool {
    /// Exchanges that it wants to send and has not.
    pub pending: VecDeque<u32>,
    /// Connections that count against its limit, oldest first.
    pub live: Vec<u32>,
    /// With [`Picks::FirstPlace`]: the connection in each place, 0 if it is gone.
    pub places: Vec<u32>,
    /// Connections being opened that are bound to no exchange.
    pub opening: u32,
    /// With [`ClientRule::keeps_what_it_needs`]: connections that were under way at a time, at most.
    pub needed: u32,
    /// Connections opened so far.
    pub opened: u32,
    pub swept: pool::Swept,
    /// How often a connection became free.
    pub freed: u64,
}

/// The ports of a client's system towards the server, if they are limited.
#[derive(Default)]
pub(super) struct Ports {
    /// Those of connections that are not over.
    pub used: u32,
    /// When those in TIME_WAIT are free again.
    pub wait: BinaryHeap<Reverse<Us>>,
}

/// A server behind a name.
#[derive(Default)]
pub(super) struct Host {
    /// Connections on which it waits for the next request.
    pub idle: u32,
    /// Workers that are held.
    pub taken: u32,
    /// Connections that wait for a worker, oldest first.
    pub queue: VecDeque<u32>,
}

impl Hop {
    /// The hops of a run: one, or two with a proxy.
    pub fn all(scenario: &Scenario) -> Result<Vec<Self>, ScenarioError> {
        let client = client_rule(&scenario.client)?;
        let server = server_rule("server", &scenario.server)?;
        let Some(proxy) = &scenario.proxy else {
            return Ok(vec![Self::new(client, server, scenario.network, scenario.clients)]);
        };
        let rule = server_rule("proxy", &proxy.chosen)?;
        let Some(upstream) = rule.upstream() else {
            let problem = format!("{} is no proxy here", proxy.chosen.product);
            return Err(ScenarioError::new("proxy.product", problem));
        };
        let mut first = Self::new(client, rule, scenario.network, scenario.clients);
        first.forwards = true;
        first.relays = first.server.only_relays();
        Ok(vec![first, Self::new(upstream, server, proxy.network, 1)])
    }

    fn new(
        client: Box<dyn ClientRule>,
        server: Box<dyn ServerRule>,
        network: Network,
        clients: u32,
    ) -> Self {
        Self {
            habits: Habits::of(&*client),
            client,
            workers: server.workers(),
            relays: false,
            server,
            forwards: false,
            network,
            pools: (0..clients).map(|_| Pool::default()).collect(),
            ports: (0..clients).map(|_| Ports::default()).collect(),
            hosts: vec![Host::default()],
            next_host: 0,
            memo: memo::Memo::default(),
            uplink_free: Us::ZERO,
            downlink_free: Us::ZERO,
        }
    }

    /// The ports of the system that has this pool.
    pub fn ports_of(&mut self, pool: usize) -> &mut Ports {
        let system = pool % self.ports.len();
        &mut self.ports[system]
    }

    /// Are its workers held by this?
    pub fn held_by(&self, held: Held) -> bool {
        self.workers.is_some_and(|workers| workers.held == held)
    }
}

fn parse(part: &str, chosen: &Chosen) -> Result<Config, ScenarioError> {
    Config::parse(chosen).map_err(|error| ScenarioError::from_config(part, error))
}

fn server_rule(part: &str, chosen: &Chosen) -> Result<Box<dyn ServerRule>, ScenarioError> {
    let config = parse(part, chosen)?;
    match config.product.rule {
        MakeRule::Server(make) => {
            make(&config).map_err(|error| ScenarioError::from_config(part, error))
        }
        MakeRule::Client(_) => {
            let problem = format!("{} is a client", config.product.name);
            Err(ScenarioError::new(format!("{part}.product"), problem))
        }
    }
}

fn client_rule(chosen: &Chosen) -> Result<Box<dyn ClientRule>, ScenarioError> {
    let config = parse("client", chosen)?;
    match config.product.rule {
        MakeRule::Client(make) => {
            make(&config).map_err(|error| ScenarioError::from_config("client", error))
        }
        MakeRule::Server(_) => {
            let problem = format!("{} is a server", config.product.name);
            Err(ScenarioError::new("client.product", problem))
        }
    }
}
