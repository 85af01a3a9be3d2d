//! What the client does: it queues, opens, sends, reads, keeps or closes, and tries again.
use super::{
    ClientEnd, ClientState, Engine, Happening, IdleEnd, Link, NONE, Outcome, ServerEnd, Side, Span,
};
use crate::profile::client::Found;
use crate::profile::{ClientAfter, Picks};
use crate::protocol::Reason;
use crate::sim::Start;
use crate::sim::timeline::{CloseHow, Connection, Lost};
use crate::time::Us;
use std::collections::VecDeque;
use std::rc::Rc;

/// The first port that a client's system hands out here; each connection takes the next.
const FIRST_PORT: u16 = 51_012;
/// Ports are taken from here to 65535, then from here again.
const LOWEST_PORT: u16 = 32_768;

impl Engine<'_> {
    pub(super) fn want(&mut self, exchange: u32) {
        let now = self.now;
        self.exchanges[exchange as usize].wanted = Some(now);
        self.pending.push_back(exchange);
        self.dispatch();
    }

    /// Gives the waiting exchanges connections, oldest first.
    pub(super) fn dispatch(&mut self) {
        let bound = !matches!(self.client.picks(), Picks::Newest | Picks::LastUsed);
        while let Some(&exchange) = self.pending.front() {
            if self.is_occupied() {
                return;
            }
            if let Some(connection) = self.usable(exchange).filter(|&id| self.is_fresh(id)) {
                if let Some(reason) = self.too_old(connection) {
                    self.end_idle(connection, Side::Client, IdleEnd::Expired);
                    self.client_closes(connection, vec![reason]);
                    continue;
                }
                self.pending.pop_front();
                self.send(connection, exchange);
                continue;
            }
            if !self.client.opens_again() && !self.links.is_empty() {
                self.pending.pop_front();
                self.exchanges[exchange as usize].outcome = Outcome::Failed;
                self.over(exchange);
                continue;
            }
            let most = self.client.max_connections().max(1) as usize;
            if self.live.len() >= most {
                return;
            }
            if bound {
                self.pending.pop_front();
                self.open(Some(exchange));
                continue;
            }
            // Each connection being opened will take one of those that wait.
            let wanted = u32::try_from(self.pending.len()).unwrap_or(u32::MAX);
            if self.opening >= wanted {
                return;
            }
            self.open(None);
        }
    }

    /// Are as many exchanges under way as the client has at the same time?
    fn is_occupied(&self) -> bool {
        let most = self.client.at_once();
        if most == u32::MAX {
            return false;
        }
        let under_way = |&&id: &&u32| {
            let client = &self.links[id as usize - 1].client;
            !client.outstanding.is_empty() || client.state == ClientState::Opening
        };
        self.live.iter().filter(under_way).count() >= most as usize
    }

    /// Why a connection that is free is closed instead of being used.
    fn too_old(&self, connection: u32) -> Option<Reason> {
        let link = &self.links[connection as usize - 1];
        if link.client.state != ClientState::Free || link.client.answers == 0 {
            return None;
        }
        let idle = self.now - link.client.free_since;
        self.client.finds_too_old(&Found { idle, age: self.now - link.seen.opened() })
    }

    /// The connection on which this exchange can go at once.
    fn usable(&self, exchange: u32) -> Option<u32> {
        let record = &self.exchanges[exchange as usize];
        if record.lost.is_some() && !self.client.watches_idle() {
            return None; // what is idle beside it may be as dead
        }
        let depth = match self.client.pipelines(&record.request) {
            // What was lost once is not pipelined again: it may be what ended the connection (RFC 9112 §9.3.2).
            _ if record.lost.is_some() => 1,
            Some(depth) => depth,
            None if self.scenario.exchanges[exchange as usize].pipeline => u32::MAX,
            None => 1,
        };
        let end = |id: u32| &self.links[id as usize - 1].client;
        let takes = |id: u32| match end(id).state {
            ClientState::Free => end(id).answers == 0 || self.client.reuses(),
            ClientState::Busy => depth > 1 && end(id).outstanding.len() < depth as usize,
            _ => false,
        };
        let mut live = self.live.iter().copied();
        match self.client.picks() {
            Picks::Newest => live.rfind(|&id| takes(id)),
            Picks::LastUsed | Picks::LastFreed => {
                live.filter(|&id| takes(id)).max_by_key(|&id| end(id).freed)
            }
            Picks::FirstFreed => live.filter(|&id| takes(id)).min_by_key(|&id| end(id).freed),
            Picks::FirstPlace => {
                let place = self.places.iter().copied().find(|&id| id == 0 || takes(id))?;
                (place > 0).then_some(place)
            }
            Picks::LastPlace => self.places.last().copied().filter(|&id| id > 0 && takes(id)),
        }
    }

    fn open(&mut self, opened_for: Option<u32>) {
        let network = self.scenario.network;
        let tcp = Span::new(self.now, self.now + network.rtt);
        let tls_ends = tcp.to + network.rtt * network.tls.round_trips();
        let tls = (network.tls.round_trips() > 0).then_some(Span::new(tcp.to, tls_ends));
        let number = self.links.len();
        let id = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let free_ports = usize::from(u16::MAX - LOWEST_PORT) + 1;
        let step = (usize::from(FIRST_PORT - LOWEST_PORT) + number) % free_ports;
        let port = LOWEST_PORT + u16::try_from(step).unwrap_or(0);
        self.links.push(Link {
            seen: Connection {
                id,
                hop: 0,
                client: 0,
                origin: 0,
                port,
                tcp,
                tls,
                admitted: Some(tcp.to + network.rtt.half()),
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
                freed: 0,
                dead: false,
                free_since: Us::ZERO,
            },
            server: ServerEnd {
                // The server has the connection when the last packet of the handshake is with it.
                accepted: tcp.to + network.rtt.half(),
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
            },
            waits: [None; 2],
        });
        self.live.push(id);
        if self.client.picks() == Picks::LastPlace {
            self.places.pop();
        }
        if opened_for.is_none() {
            self.opening += 1;
        } else if self.client.picks() == Picks::FirstPlace {
            match self.places.iter_mut().find(|place| **place == 0) {
                Some(place) => *place = id,
                None => self.places.push(id),
            }
        }
        self.queue.put(tls_ends, Happening::Ready { connection: id });
    }

    pub(super) fn ready(&mut self, connection: u32) {
        let client = &mut self.link(connection).client;
        client.state = ClientState::Free;
        match client.opened_for.take() {
            Some(exchange) => self.send(connection, exchange),
            None => self.opening -= 1,
        }
        self.dispatch();
    }

    /// What came last on the connection can change how a request reads.
    fn rewrite_behind(&mut self, connection: u32, exchange: u32) {
        let last = self.links[connection as usize - 1].seen.exchanges.last();
        let last = last.and_then(|&last| self.exchanges[last as usize].answer.as_deref());
        let request = &self.exchanges[exchange as usize].request;
        let changed = last.and_then(|last| self.client.rewrite_behind(request, last));
        if let Some(changed) = changed {
            self.exchanges[exchange as usize].request = Rc::new(changed);
        }
    }

    /// With [`Picks::LastPlace`]: puts the place of an exchange that is over back on the stack.
    fn puts_back(&mut self, connection: u32) {
        if self.client.picks() != Picks::LastPlace {
            return;
        }
        let free = self.link(connection).client.state == ClientState::Free;
        if self.places.len() < self.client.idle_room() as usize {
            self.places.push(if free { connection } else { 0 });
        } else if free {
            self.end_idle(connection, Side::Client, IdleEnd::Cut);
            let reason = self.client.no_room_reason();
            self.client_closes(connection, vec![reason]);
        }
    }

    fn send(&mut self, connection: u32, exchange: u32) {
        if self.client.picks() == Picks::LastPlace && self.places.last() == Some(&connection) {
            self.places.pop();
        }
        self.rewrite_behind(connection, exchange);
        let planned = &self.scenario.exchanges[exchange as usize];
        let stray = if planned.trailing_crlf { 2 } else { 0 };
        let request = &self.exchanges[exchange as usize].request;
        let bytes = request.wire_bytes() + planned.body_bytes + stray;
        let from = self.now.max(self.uplink_free);
        let to = from + self.scenario.network.transmission(bytes);
        self.uplink_free = to;
        self.end_idle(connection, Side::Client, IdleEnd::Request);
        let link = self.link(connection);
        link.client.state = ClientState::Busy;
        link.client.idle_due = Us::NEVER;
        link.client.outstanding.push_back(exchange);
        link.seen.exchanges.push(exchange);
        let record = &mut self.exchanges[exchange as usize];
        record.connection = Some(connection);
        record.request_sent = Some(Span::new(from, to));
        let arrives = to + self.latency();
        self.queue.put(arrives, Happening::RequestArrives { connection, exchange });
        if self.link(connection).client.dead {
            // It reads the end of the connection where the answer should begin.
            self.leave(connection, ClientState::Closed);
            self.abandon(connection);
        }
    }

    pub(super) fn answer_arrives(&mut self, connection: u32, exchange: u32) {
        if self.link(connection).client.outstanding.front() != Some(&exchange) {
            return; // given up since
        }
        let record = &mut self.exchanges[exchange as usize];
        record.outcome = if record.lost.is_some() { Outcome::Retried } else { Outcome::Answered };
        let record = &self.exchanges[exchange as usize];
        let after = match &record.answer {
            Some(answer) => self.memo.after(&*self.client, &record.request, answer),
            None => ClientAfter::AwaitClose,
        };
        let switched = record
            .answer
            .as_ref()
            .is_some_and(|answer| answer.after == crate::profile::After::Tunnel);
        let client = &mut self.link(connection).client;
        client.outstanding.pop_front();
        client.answers += 1;
        if client.state != ClientState::Closed {
            if switched {
                self.leave(connection, ClientState::Tunnel);
            } else {
                self.after_answer(connection, after);
            }
        }
        self.puts_back(connection);
        self.over(exchange);
        self.dispatch();
        self.close_for_room(connection);
    }

    /// Closes the connection if it is idle and one too many.
    fn close_for_room(&mut self, connection: u32) {
        let room = self.client.idle_room();
        let free = |id: u32| self.links[id as usize - 1].client.state == ClientState::Free;
        let stacked = self.client.picks() == Picks::LastPlace;
        if stacked || room == u32::MAX || !free(connection) {
            return;
        }
        let idle = || self.live.iter().copied().filter(|&id| free(id));
        if idle().count() > room as usize {
            let freed = |id: &u32| self.links[*id as usize - 1].client.freed;
            let longest = idle().min_by_key(freed).filter(|_| self.client.longest_idle_goes());
            let connection = longest.unwrap_or(connection);
            self.end_idle(connection, Side::Client, IdleEnd::Cut);
            let reason = self.client.no_room_reason();
            self.client_closes(connection, vec![reason]);
        }
    }

    fn after_answer(&mut self, connection: u32, after: ClientAfter) {
        match after {
            ClientAfter::Keep { idle_limit } => {
                if !self.link(connection).client.outstanding.is_empty() {
                    return;
                }
                if let (Some(limit), Some(sweeper)) = (idle_limit, self.client.sweeper()) {
                    let due = self.enters_pool(limit, sweeper.every);
                    self.becomes_free(connection);
                    match due {
                        Some(due) => self.begin_idle(connection, Side::Client, Some(due)),
                        None => self.drop_idle(connection),
                    }
                    return;
                }
                let due = idle_limit.map(|limit| self.now + limit);
                self.becomes_free(connection);
                self.link(connection).client.idle_due = due.unwrap_or(Us::NEVER);
                if let Some(due) = due {
                    self.begin_idle(connection, Side::Client, Some(due));
                    let client = &mut self.link(connection).client;
                    if due < client.clock {
                        client.clock = due;
                        self.queue.put(due, Happening::ClientClock { connection });
                    }
                }
            }
            ClientAfter::Close(reason) => self.client_closes(connection, vec![reason]),
            ClientAfter::AwaitClose => {
                self.link(connection).client.state = ClientState::AwaitsClose;
            }
        }
    }

    fn becomes_free(&mut self, connection: u32) {
        self.freed += 1;
        let (freed, now) = (self.freed, self.now);
        let client = &mut self.link(connection).client;
        client.state = ClientState::Free;
        client.freed = freed;
        client.free_since = now;
    }

    pub(super) fn client_clock(&mut self, connection: u32) {
        let now = self.now;
        let link = self.link(connection);
        let wait = link.seen.idle.iter().rev().find(|wait| wait.side == Side::Client);
        let limit = wait.map_or(Us::ZERO, |wait| now - wait.span.from);
        let reason = self.client.idle_reason(limit);
        self.end_idle(connection, Side::Client, IdleEnd::Expired);
        self.client_closes(connection, vec![reason]);
        self.dispatch();
    }

    pub(super) fn client_closes(&mut self, connection: u32, because: Vec<Reason>) {
        self.leave(connection, ClientState::Closed);
        self.close(connection, Side::Client, CloseHow::Fin, because);
        let arrives = self.now + self.latency();
        self.queue.put(arrives, Happening::FinAtServer { connection });
        // What was pipelined behind the last answer can get none any more.
        self.abandon(connection);
    }

    pub(super) fn fin_at_client(&mut self, connection: u32) {
        if self.link(connection).client.state == ClientState::Closed {
            return;
        }
        if !self.client.watches_idle() && self.link(connection).client.state == ClientState::Free {
            self.link(connection).client.dead = true;
            return;
        }
        self.end_idle(connection, Side::Client, IdleEnd::PeerClosed);
        self.leave(connection, ClientState::Closed);
        self.abandon(connection);
        self.dispatch();
    }

    /// The connection no longer counts against the client's limit.
    fn leave(&mut self, connection: u32, state: ClientState) {
        self.link(connection).client.state = state;
        self.link(connection).client.idle_due = Us::NEVER;
        self.live.retain(|&live| live != connection);
        if let Some(place) = self.places.iter_mut().find(|place| **place == connection) {
            *place = 0;
        }
    }

    /// The connection is gone: what is unanswered on it is sent again or has failed.
    fn abandon(&mut self, connection: u32) {
        let now = self.now;
        let latency = self.latency();
        let client = &mut self.link(connection).client;
        let reused = client.answers > 0;
        let outstanding: Vec<u32> = client.outstanding.drain(..).collect();
        for exchange in outstanding {
            self.puts_back(connection);
            let record = &mut self.exchanges[exchange as usize];
            let sent = record.request_sent.unwrap_or_default();
            let met = sent.to + latency;
            let again = (reused || self.client.retries_at_first())
                && record.lost.is_none()
                && self.client.retries(&record.request);
            // A second loss shows in the outcome; the first is where the story began.
            record.lost.get_or_insert(Lost { connection, sent, met, known: now });
            if again {
                record.connection = None;
                record.request_sent = None;
                record.request_received = None;
                record.work = None;
                record.response_sent = None;
                record.answer = None;
                self.pending.push_front(exchange);
            } else {
                record.outcome = Outcome::Failed;
                self.over(exchange);
            }
        }
    }

    /// The exchange is settled: those that waited for it can start.
    fn over(&mut self, exchange: u32) {
        let Some(&first) = self.first_follower.get(exchange as usize) else {
            return;
        };
        let mut follower = first;
        while follower != NONE {
            if let Start::After { gap, .. } = self.scenario.exchanges[follower as usize].start {
                self.queue.put(self.now + gap, Happening::Want { exchange: follower });
            }
            follower = self.next_follower[follower as usize];
        }
    }
}
