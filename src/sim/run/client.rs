//! What a client does: it queues, sends, reads, keeps or closes, and tries again.
use super::{ClientState, Engine, Failure, Happening, IdleEnd, NONE, Outcome, Side, Span, reasons};
use crate::profile::client::{Found, Used};
use crate::profile::{ClientAfter, Picks, Shares};
use crate::protocol::Reason;
use crate::sim::timeline::{CloseHow, Lost};
use crate::sim::{Breaks, Start};
use crate::time::Us;
use std::rc::Rc;

impl Engine<'_> {
    pub(super) fn want(&mut self, exchange: u32) {
        let now = self.now;
        self.exchanges[exchange as usize].wanted = Some(now);
        let (hop, pool) = self.place(exchange);
        self.hops[hop].pools[pool].pending.push_back(exchange);
        self.dispatch(hop, pool);
    }

    /// Gives a client's waiting exchanges connections, oldest first.
    pub(super) fn dispatch(&mut self, hop: usize, pool: usize) {
        let habits = self.hops[hop].habits;
        while let Some(&exchange) = self.hops[hop].pools[pool].pending.front() {
            if self.is_occupied(hop, pool) {
                return;
            }
            if let Some(connection) = self.usable(exchange) {
                if let Some(reason) = self.too_old(connection) {
                    self.end_idle(connection, Side::Client, IdleEnd::Expired);
                    self.client_closes(connection, vec![reason]);
                    continue;
                }
                self.hops[hop].pools[pool].pending.pop_front();
                self.send(connection, exchange);
                continue;
            }
            if !habits.opens_again && self.hops[hop].pools[pool].opened > 0 {
                self.hops[hop].pools[pool].pending.pop_front();
                self.fails(exchange, Failure::OneConnection);
                continue;
            }
            if self.hops[hop].pools[pool].live.len() >= habits.most {
                return;
            }
            // Each connection being opened will take one of those that wait.
            let waiting = u32::try_from(self.hops[hop].pools[pool].pending.len());
            if !habits.binds() && self.hops[hop].pools[pool].opening >= waiting.unwrap_or(u32::MAX)
            {
                return;
            }
            if !self.has_port(hop, pool) {
                self.hops[hop].pools[pool].pending.pop_front();
                self.fails(exchange, Failure::NoPort);
                continue;
            }
            if habits.binds() {
                self.hops[hop].pools[pool].pending.pop_front();
                self.open(hop, pool, Some(exchange));
            } else {
                self.open(hop, pool, None);
            }
        }
    }

    /// Are as many exchanges under way as the client has at the same time?
    fn is_occupied(&self, hop: usize, pool: usize) -> bool {
        let most = self.hops[hop].habits.at_once;
        if most == u32::MAX {
            return false;
        }
        let under_way = |&&id: &&u32| {
            let client = &self.links[id as usize - 1].client;
            !client.outstanding.is_empty() || client.state == ClientState::Opening
        };
        let live = &self.hops[hop].pools[pool].live;
        live.iter().filter(under_way).count() >= most as usize
    }

    /// Why a connection that is free is closed instead of being used.
    fn too_old(&self, connection: u32) -> Option<Reason> {
        let link = &self.links[connection as usize - 1];
        if link.client.state != ClientState::Free || link.client.answers == 0 {
            return None;
        }
        let idle = self.now - link.client.free_since;
        let age = self.now - link.seen.opened();
        self.hop(connection).client.finds_too_old(&Found { idle, age })
    }

    /// The connection on which this exchange can go at once.
    fn usable(&self, exchange: u32) -> Option<u32> {
        let (hop, pool) = self.place(exchange);
        let hop = &self.hops[hop];
        let pool = &hop.pools[pool];
        let record = &self.exchanges[exchange as usize];
        if record.lost.is_some() && !hop.habits.watches_idle {
            return None; // what is idle beside it may be as dead
        }
        let depth = match hop.client.pipelines(&record.request) {
            // What was lost once is not pipelined again: it may be what ended the connection (RFC 9112 §9.3.2).
            _ if record.lost.is_some() => 1,
            Some(depth) => depth,
            // The composer speaks of the client's own requests, not of what a proxy makes of them.
            None if self.is_asked(exchange) && self.planned(exchange).pipeline => u32::MAX,
            None => 1,
        };
        let end = |id: u32| &self.links[id as usize - 1].client;
        let shared = hop.habits.shares == Shares::Always;
        let takes = |id: u32| {
            let takes = match end(id).state {
                ClientState::Free => {
                    (end(id).answers == 0 || hop.habits.reuses) && self.is_fresh(id)
                }
                ClientState::Busy => depth > 1 && end(id).outstanding.len() < depth as usize,
                _ => false,
            };
            takes && (shared || self.may_share(exchange, id))
        };
        let mut live = pool.live.iter().copied();
        match hop.habits.picks {
            Picks::Newest => live.rfind(|&id| takes(id)),
            Picks::LastUsed | Picks::LastFreed => {
                live.filter(|&id| takes(id)).max_by_key(|&id| end(id).freed)
            }
            Picks::FirstFreed => live.filter(|&id| takes(id)).min_by_key(|&id| end(id).freed),
            Picks::FirstPlace => {
                let place = pool.places.iter().copied().find(|&id| id == 0 || takes(id))?;
                (place > 0).then_some(place)
            }
            Picks::LastPlace => pool.places.last().copied().filter(|&id| id > 0 && takes(id)),
        }
    }

    pub(super) fn ready(&mut self, connection: u32) {
        let client = &mut self.link(connection).client;
        if client.state == ClientState::Closed {
            return; // the server closed before the handshakes were done
        }
        client.state = ClientState::Free;
        let bound = client.opened_for.take();
        match bound {
            Some(exchange) => self.send(connection, exchange),
            None => self.pool(connection).opening -= 1,
        }
        self.dispatch_for(connection);
    }

    /// Something has changed for the client whose connection this is.
    pub(super) fn dispatch_for(&mut self, connection: u32) {
        let seen = &self.links[connection as usize - 1].seen;
        self.dispatch(usize::from(seen.hop), seen.client as usize);
    }

    /// What came last on the connection can change how a request reads.
    fn rewrite_behind(&mut self, connection: u32, exchange: u32) {
        let hop = self.hop_of(connection);
        let first = if hop == 0 { 0 } else { self.count };
        let last = self.links[connection as usize - 1].seen.exchanges.last();
        let last = last.and_then(|&last| self.exchanges[first + last as usize].answer.as_deref());
        let request = &self.exchanges[exchange as usize].request;
        let changed = last.and_then(|last| self.hops[hop].client.rewrite_behind(request, last));
        if let Some(changed) = changed {
            self.exchanges[exchange as usize].request = Rc::new(changed);
        }
    }

    /// With [`Picks::LastPlace`]: puts the place of an exchange that is over back on the stack.
    fn puts_back(&mut self, connection: u32) {
        let habits = self.hop(connection).habits;
        if habits.picks != Picks::LastPlace {
            return;
        }
        let free = self.link(connection).client.state == ClientState::Free;
        let pool = self.pool(connection);
        if pool.places.len() < habits.idle_room as usize {
            pool.places.push(if free { connection } else { 0 });
        } else if free {
            self.end_idle(connection, Side::Client, IdleEnd::Cut);
            let reason = self.hop(connection).client.no_room_reason();
            self.client_closes(connection, vec![reason]);
        }
    }

    fn send(&mut self, connection: u32, exchange: u32) {
        let habits = self.hop(connection).habits;
        if habits.picks == Picks::LastPlace {
            let places = &mut self.pool(connection).places;
            if places.last() == Some(&connection) {
                places.pop();
            }
        }
        self.rewrite_behind(connection, exchange);
        let planned = self.planned(exchange);
        let stray = if planned.trailing_crlf { 2 } else { 0 };
        let request = &self.exchanges[exchange as usize].request;
        let bytes = request.wire_bytes() + planned.body_bytes + stray;
        let sent = self.transmits(connection, Side::Client, bytes);
        self.end_idle(connection, Side::Client, IdleEnd::Request);
        let plain = self.plain(exchange);
        let link = self.link(connection);
        link.client.state = ClientState::Busy;
        link.client.idle_due = Us::NEVER;
        link.client.outstanding.push_back(exchange);
        link.seen.exchanges.push(plain);
        let record = &mut self.exchanges[exchange as usize];
        record.connection = Some(connection);
        record.request_sent = Some(sent);
        self.takes_over(connection, exchange);
        if self.carries(connection) {
            let arrives = sent.to + self.latency(connection);
            self.queue.put(arrives, Happening::RequestArrives { connection, exchange });
        } else {
            self.meets_forgetful(connection);
        }
        if let Some(patience) = habits.patience {
            self.queue.put(sent.to + patience, Happening::Patience { connection, exchange });
        }
        if self.link(connection).client.dead {
            // It reads the end of the connection where the answer should begin.
            self.leave(connection, ClientState::Closed);
            self.frees_port(connection);
            self.abandon(connection);
        }
    }

    pub(super) fn answer_arrives(&mut self, connection: u32, exchange: u32) {
        if self.link(connection).client.outstanding.front() != Some(&exchange) {
            return; // given up since
        }
        if self.breaks(exchange) == Some(Breaks::EndsEarly) {
            self.reads_half(connection, exchange);
            return;
        }
        let record = &mut self.exchanges[exchange as usize];
        record.outcome = if record.lost.is_some() { Outcome::Retried } else { Outcome::Answered };
        let record = &self.exchanges[exchange as usize];
        let hop = &mut self.hops[usize::from(self.links[connection as usize - 1].seen.hop)];
        let after = match &record.answer {
            Some(answer) => hop.memo.after(&*hop.client, &record.request, answer),
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
                let after = self.or_used_up(connection, after);
                self.after_answer(connection, after);
            }
        }
        self.puts_back(connection);
        self.over(exchange);
        self.dispatch_for(connection);
        self.close_for_room(connection);
    }

    /// A connection that would be kept may have carried as much as it may.
    fn or_used_up(&self, connection: u32, after: ClientAfter) -> ClientAfter {
        let link = &self.links[connection as usize - 1];
        let used = Used { answers: link.client.answers, age: self.now - link.seen.opened() };
        match (&after, self.hop(connection).client.used_up(&used)) {
            (ClientAfter::Keep { .. }, Some(reason)) => ClientAfter::Close(reason),
            _ => after,
        }
    }

    /// What goes wrong with an exchange at this try.
    pub(super) fn breaks(&self, exchange: u32) -> Option<Breaks> {
        let last = self.is_last(usize::from(exchange as usize >= self.count));
        let first = self.exchanges[exchange as usize].lost.is_none();
        self.planned(exchange)
            .breaks
            .filter(|breaks| last && (first || *breaks == Breaks::NeverAnswers))
    }

    /// The connection ends before the body does.
    fn reads_half(&mut self, connection: u32, exchange: u32) {
        let client = &mut self.link(connection).client;
        client.outstanding.pop_front();
        if client.state != ClientState::Closed {
            self.client_closes(connection, vec![reasons::cut_short()]);
        }
        self.fails(exchange, Failure::CutShort);
        self.dispatch_for(connection);
    }

    /// How many connections may be idle in the pool of this one, which has just become idle.
    fn room(&mut self, connection: u32) -> u32 {
        let habits = self.hop(connection).habits;
        if !habits.keeps_what_it_needs {
            return habits.idle_room;
        }
        let seen = &self.links[connection as usize - 1].seen;
        let pool = &self.hops[usize::from(seen.hop)].pools[seen.client as usize];
        let free = |id: &&u32| self.links[**id as usize - 1].client.state == ClientState::Free;
        let idle = pool.live.iter().filter(free).count();
        let busy = u32::try_from(pool.live.len() - idle).unwrap_or(u32::MAX);
        // This one was under way until now.
        let needed = pool.needed.max(busy + 1);
        self.pool(connection).needed = needed;
        habits.idle_room.min(needed - busy)
    }

    /// Closes the connection if it is idle and one too many.
    fn close_for_room(&mut self, connection: u32) {
        let habits = self.hop(connection).habits;
        let room = self.room(connection);
        let free = |id: u32| self.links[id as usize - 1].client.state == ClientState::Free;
        let stacked = habits.picks == Picks::LastPlace;
        if stacked || room == u32::MAX || !free(connection) {
            return;
        }
        let seen = &self.links[connection as usize - 1].seen;
        let live = &self.hops[usize::from(seen.hop)].pools[seen.client as usize].live;
        let idle = || live.iter().copied().filter(|&id| free(id));
        if idle().count() > room as usize {
            let freed = |id: &u32| self.links[*id as usize - 1].client.freed;
            let longest = idle().min_by_key(freed).filter(|_| habits.longest_idle_goes);
            let connection = longest.unwrap_or(connection);
            self.end_idle(connection, Side::Client, IdleEnd::Cut);
            let reason = self.hop(connection).client.no_room_reason();
            self.client_closes(connection, vec![reason]);
        }
    }

    fn after_answer(&mut self, connection: u32, after: ClientAfter) {
        match after {
            ClientAfter::Keep { idle_limit } => {
                if !self.link(connection).client.outstanding.is_empty() {
                    return;
                }
                if let (Some(limit), Some(sweeper)) =
                    (idle_limit, self.hop(connection).habits.sweeper)
                {
                    let due = self.enters_pool(connection, limit, sweeper.every);
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
        let pool = self.pool(connection);
        pool.freed += 1;
        let (freed, now) = (pool.freed, self.now);
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
        let reason = self.hop(connection).client.idle_reason(limit);
        self.end_idle(connection, Side::Client, IdleEnd::Expired);
        self.client_closes(connection, vec![reason]);
        self.dispatch_for(connection);
    }

    pub(super) fn client_closes(&mut self, connection: u32, because: Vec<Reason>) {
        self.leave(connection, ClientState::Closed);
        self.close(connection, Side::Client, CloseHow::Fin, because);
        if self.carries(connection) {
            let leaves = self.fin_leaves(connection, Side::Client);
            let arrives = leaves + self.latency(connection);
            self.queue.put(arrives, Happening::FinAtServer { connection });
        } else {
            self.fin_is_lost(connection, Side::Client);
        }
        self.frees_port(connection);
        // What was pipelined behind the last answer can get none any more.
        self.abandon(connection);
    }

    pub(super) fn fin_at_client(&mut self, connection: u32) {
        if self.link(connection).client.state == ClientState::Closed {
            return;
        }
        let watches = self.hop(connection).habits.watches_idle;
        if !watches && self.link(connection).client.state == ClientState::Free {
            self.link(connection).client.dead = true;
            return;
        }
        let opening = self.link(connection).client.state == ClientState::Opening;
        self.end_idle(connection, Side::Client, IdleEnd::PeerClosed);
        self.leave(connection, ClientState::Closed);
        self.frees_port(connection);
        if opening {
            self.was_not_opened(connection);
            return;
        }
        self.abandon(connection);
        self.relays_close(connection);
        self.dispatch_for(connection);
    }

    /// The connection no longer counts against the client's limit.
    pub(super) fn leave(&mut self, connection: u32, state: ClientState) {
        self.link(connection).client.state = state;
        self.link(connection).client.idle_due = Us::NEVER;
        let pool = self.pool(connection);
        // It is often the only one, or the newest.
        if let Some(place) = pool.live.iter().rposition(|&live| live == connection) {
            pool.live.remove(place);
        }
        if let Some(place) = pool.places.iter_mut().find(|place| **place == connection) {
            *place = 0;
        }
    }

    /// The connection is gone: what is unanswered on it is sent again or has failed.
    fn abandon(&mut self, connection: u32) {
        let now = self.now;
        let latency = self.latency(connection);
        let habits = self.hop(connection).habits;
        let client = &mut self.link(connection).client;
        let reused = client.answers > 0;
        let outstanding: Vec<u32> = client.outstanding.drain(..).collect();
        for exchange in outstanding {
            self.puts_back(connection);
            let (hop, pool) = self.place(exchange);
            let record = &mut self.exchanges[exchange as usize];
            // What had not left yet does not leave any more.
            let sent = record.request_sent.unwrap_or_default();
            let sent = Span::new(sent.from.min(now), sent.to.min(now));
            record.request_sent = Some(sent);
            let met = sent.to + latency;
            let begun = record.response_received.is_some_and(|span| span.from < now);
            if let Some(received) = record.response_received.take().filter(|_| begun) {
                record.response_received = Some(Span::new(received.from, now));
                if let Some(sent) = &mut record.response_sent {
                    sent.to = sent.to.min(now - latency);
                }
            }
            let again = (reused || habits.retries_at_first)
                && !begun
                && record.lost.is_none()
                && self.hops[hop].client.retries(&record.request);
            // A second loss shows in the outcome; the first is where the story began.
            record.lost.get_or_insert(Lost { connection, sent, met, known: now });
            if again {
                record.connection = None;
                record.request_sent = None;
                record.request_received = None;
                record.work = None;
                record.response_sent = None;
                record.answer = None;
                self.hops[hop].pools[pool].pending.push_front(exchange);
            } else {
                self.fails(exchange, if begun { Failure::CutShort } else { Failure::Lost });
            }
        }
    }

    /// The exchange is settled: those that waited for it can start.
    pub(super) fn over(&mut self, exchange: u32) {
        if exchange as usize >= self.count {
            self.upstream_over(exchange);
            return;
        }
        let Some(&first) = self.first_follower.get(exchange as usize) else {
            return;
        };
        let mut follower = first;
        while follower != NONE {
            if let Start::After { gap, .. } = self.planned(follower).start {
                self.queue.put(self.now + gap, Happening::Want { exchange: follower });
            }
            follower = self.next_follower[follower as usize];
        }
    }
}
