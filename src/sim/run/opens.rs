//! How a client opens connections: a port, a SYN, the handshakes.
use super::reasons;
use super::{
    ClientEnd, ClientState, Engine, Failure, Happening, Link, ServerEnd, Side, Span, wire,
};
use crate::profile::Picks;
use crate::sim::Tls;
use crate::sim::timeline::{CloseHow, Connection};
use crate::time::Us;
use std::cmp::Reverse;
use std::collections::VecDeque;

/// The first port that a client's system hands out here; each connection takes the next.
const FIRST_PORT: u16 = 51_012;
/// Ports are taken from here to 65535, then from here again.
const LOWEST_PORT: u16 = 32_768;
/// A SYN that nobody takes is sent again so often (Linux, `tcp_syn_retries`), 1 s, 2 s, 4 s ... later.
const SYN_TRIES: u8 = 6;

impl Engine<'_> {
    /// Is a port free to open another connection from?
    pub(super) fn has_port(&mut self, hop: usize, pool: usize) -> bool {
        let Some(most) = self.hops[hop].network.ports else { return true };
        let now = self.now;
        let ports = self.hops[hop].ports_of(pool);
        while ports.wait.peek().is_some_and(|Reverse(free)| *free <= now) {
            ports.wait.pop();
        }
        ports.used as usize + ports.wait.len() < most as usize
    }

    /// The client's end of the connection is gone: its port is free, at once or after TIME_WAIT.
    pub(super) fn frees_port(&mut self, connection: u32) {
        let link = self.link(connection);
        if !std::mem::take(&mut link.client.has_port) {
            return;
        }
        let until = link.seen.close.as_ref().map(|close| match close.time_wait {
            Some(wait) if wait.side == Side::Client => wait.span.to,
            // The server's FIN may still be on its way when the client closes.
            _ if close.by == Side::Server && close.known < Us::NEVER => close.known,
            _ => close.at,
        });
        let (hop, pool) = (usize::from(link.seen.hop), link.seen.client as usize);
        let ports = self.hops[hop].ports_of(pool);
        ports.used -= 1;
        ports.wait.extend(until.map(Reverse));
    }

    pub(super) fn open(&mut self, hop: usize, pool: usize, opened_for: Option<u32>) {
        let id = u32::try_from(self.links.len() + 1).unwrap_or(u32::MAX);
        let origin = self.next_origin(hop);
        let number = self.hops[hop].pools[pool].opened as usize;
        let link = self.new_link(id, hop, pool, origin, number, opened_for);
        self.links.push(link);
        let picks = self.hops[hop].habits.picks;
        let pool = &mut self.hops[hop].pools[pool];
        pool.opened += 1;
        pool.live.push(id);
        if picks == Picks::LastPlace {
            pool.places.pop();
        }
        if opened_for.is_none() {
            pool.opening += 1;
        } else if picks == Picks::FirstPlace {
            match pool.places.iter_mut().find(|place| **place == 0) {
                Some(place) => *place = id,
                None => pool.places.push(id),
            }
        }
        if self.hops[hop].network.ports.is_some() {
            self.hops[hop].ports_of(self.links[id as usize - 1].seen.client as usize).used += 1;
            self.link(id).client.has_port = true;
        }
        self.shakes_hands(id);
    }

    /// The server to which the name leads now.
    fn next_origin(&mut self, hop: usize) -> u32 {
        if !self.is_last(hop) {
            return 0;
        }
        let (origins, address) = (self.scenario.origins.max(1), self.address);
        let hop = &mut self.hops[hop];
        let next = hop.next_host;
        hop.next_host = (next + 1) % origins;
        if address == 0 { next } else { origins - 1 + address }
    }

    /// Sends the SYN. If the server's listen queue is full nobody answers.
    fn shakes_hands(&mut self, connection: u32) {
        let index = self.hop_of(connection);
        let origin = self.link(connection).seen.origin;
        if !self.listens(index, origin) {
            let tries = self.link(connection).client.syn_again;
            let again = self.now + wire::SYN_RESEND * (1 << tries.min(16));
            self.queue.put(again, Happening::SynAgain { connection });
            return;
        }
        let delay = self.syn_delay(index);
        let hop = &self.hops[index];
        let network = hop.network;
        let first = hop.pools[self.links[connection as usize - 1].seen.client as usize].opened == 1;
        let opened = self.now + delay + network.rtt;
        let trips = if network.resumes && !first {
            resumed(network.tls)
        } else {
            network.tls.round_trips()
        };
        let ready = opened + network.rtt * trips;
        let accepted = opened + network.rtt.half();
        let limited = hop.workers.is_some();
        let link = self.link(connection);
        link.seen.tcp.to = opened;
        link.seen.tls = (network.tls != Tls::None).then_some(Span::new(opened, ready));
        // The server has the connection when the last packet of the handshake is with it.
        link.server.accepted = accepted;
        if limited {
            self.queue.put(accepted, Happening::Accepted { connection });
        } else {
            link.seen.admitted = Some(accepted);
        }
        self.queue.put(ready, Happening::Ready { connection });
    }

    pub(super) fn syn_again(&mut self, connection: u32) {
        let client = &mut self.link(connection).client;
        client.syn_again += 1;
        if client.syn_again <= SYN_TRIES {
            self.shakes_hands(connection);
            return;
        }
        self.leave(connection, ClientState::Closed);
        let now = self.now;
        self.link(connection).seen.tcp.to = now;
        let because = vec![reasons::unreachable()];
        self.close(connection, Side::Client, CloseHow::Rst, because);
        self.frees_port(connection);
        self.was_not_opened(connection);
    }

    /// The connection came to its end before its handshakes did: who waited for it has failed.
    pub(super) fn was_not_opened(&mut self, connection: u32) {
        let waiting = match self.link(connection).client.opened_for.take() {
            Some(exchange) => Some(exchange),
            None => {
                self.pool(connection).opening -= 1;
                self.pool(connection).pending.pop_front()
            }
        };
        if let Some(exchange) = waiting {
            self.fails(exchange, Failure::Refused);
        }
        self.dispatch_for(connection);
    }

    fn new_link(
        &self,
        id: u32,
        hop: usize,
        pool: usize,
        origin: u32,
        number: usize,
        opened_for: Option<u32>,
    ) -> Link {
        let now = self.now;
        let free_ports = usize::from(u16::MAX - LOWEST_PORT) + 1;
        let step = (usize::from(FIRST_PORT - LOWEST_PORT) + number) % free_ports;
        let port = LOWEST_PORT + u16::try_from(step).unwrap_or(0);
        Link {
            seen: Connection {
                id,
                hop: u8::try_from(hop).unwrap_or(0),
                proxied: self.hops.len() > 1,
                client: u32::try_from(pool).unwrap_or(0),
                origin,
                port,
                tcp: Span::new(now, Us::NEVER),
                tls: None,
                admitted: None,
                forgotten: None,
                exchanges: Vec::new(),
                idle: Vec::new(),
                close: None,
            },
            client: ClientEnd {
                state: ClientState::Opening,
                outstanding: VecDeque::new(),
                answers: 0,
                idle_due: Us::NEVER,
                clock: Us::NEVER,
                opened_for,
                syn_again: 0,
                freed: 0,
                dead: false,
                has_port: false,
                free_since: Us::ZERO,
            },
            server: ServerEnd {
                accepted: Us::NEVER,
                waiting: VecDeque::new(),
                busy: false,
                served: 0,
                closed: false,
                lingers: false,
                idle_due: Us::NEVER,
                clock: Us::NEVER,
                idle_limit: Us::ZERO,
                head_begun: false,
                hangs_up: None,
                deaf: false,
                has_worker: false,
                queued: false,
                stopping: false,
                ends_with_answer: false,
            },
            waits: [None; 2],
            path: wire::Path::new(now),
            owner: 0,
            owned: Vec::new(),
            process: None,
        }
    }
}

/// Round trips of a handshake that goes on from an earlier session: one in TLS 1.2 (RFC 5246 §7.3);
/// none in TLS 1.3 with early data (RFC 8446 §2.3).
const fn resumed(tls: Tls) -> u64 {
    match tls {
        Tls::V12 => 1,
        Tls::None | Tls::V13 => 0,
    }
}
