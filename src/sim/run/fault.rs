//! What goes wrong.
use super::{ClientState, Engine, Failure, Happening, IdleEnd, Outcome, Side, reasons};
use crate::profile::{After, Answer};
use crate::sim::timeline::CloseHow;
use crate::sim::{Fault, Restart};
use crate::time::Us;
use std::rc::Rc;

impl Engine<'_> {
    pub(super) fn fault(&mut self, index: usize) {
        match self.scenario.faults.get(index) {
            Some(Fault::Restart { how, .. }) => self.restart(*how),
            Some(Fault::AddressChange { .. }) => self.address += 1,
            None => {}
        }
    }

    /// Every connection of the last server ends, now or behind its answer.
    fn restart(&mut self, how: Restart) {
        let last = u8::try_from(self.hops.len() - 1).unwrap_or(0);
        // What is still being opened will reach the server that has been started.
        let now = self.now;
        let known = |link: &&super::Link| {
            link.seen.hop == last && !link.server.closed && link.server.accepted <= now
        };
        let ids = self.links.iter().filter(known);
        let ids: Vec<u32> = ids.map(|link| link.seen.id).collect();
        for connection in ids {
            match how {
                Restart::Abrupt => self.resets_for(connection, reasons::restarted()),
                Restart::Graceful => self.stops(connection),
            }
        }
    }

    fn stops(&mut self, connection: u32) {
        let server = &mut self.link(connection).server;
        server.stopping = true;
        if server.busy || !server.waiting.is_empty() {
            return;
        }
        self.end_idle(connection, Side::Server, IdleEnd::Expired);
        self.server_hangs_up(connection, CloseHow::Fin, vec![reasons::stopped()]);
    }

    /// The server's answer while it is being stopped: it says close.
    pub(super) fn says_goodbye(answer: &Answer) -> Answer {
        let mut last = answer.clone();
        last.after = After::Close;
        last.because = vec![reasons::stopped()];
        last.response.headers.remove("Keep-Alive");
        last.response.headers.remove("Connection");
        last.response.headers.push("Connection", "close");
        last
    }

    /// The server resets the connection, as the exchange was told to go wrong.
    pub(super) fn resets(&mut self, connection: u32) {
        if !self.link(connection).server.closed {
            self.resets_for(connection, reasons::broken());
        }
    }

    fn resets_for(&mut self, connection: u32, reason: crate::protocol::Reason) {
        self.end_idle(connection, Side::Server, IdleEnd::Expired);
        self.server_hangs_up(connection, CloseHow::Rst, vec![reason]);
    }

    pub(super) fn reset_on_path(&mut self, connection: u32) {
        self.close(connection, Side::Server, CloseHow::Rst, vec![reasons::forgotten()]);
        let now = self.now;
        if let Some(close) = &mut self.link(connection).seen.close {
            close.known = close.known.min(now);
        }
        self.fin_at_client(connection);
    }

    /// Is the client still waiting for this answer on this connection?
    pub(super) fn waits_for(&self, connection: u32, exchange: u32) -> bool {
        let client = &self.links[connection as usize - 1].client;
        client.outstanding.contains(&exchange)
    }

    /// The client has waited long enough for an answer.
    pub(super) fn loses_patience(&mut self, connection: u32, exchange: u32) {
        let hop = self.hop(connection);
        let reason = hop.client.give_up_reason(hop.habits.patience.unwrap_or_default());
        self.gives_up(connection, exchange, reason);
    }

    pub(super) fn system_gives_up(&mut self, connection: u32) {
        let Some(&exchange) = self.link(connection).client.outstanding.front() else { return };
        self.gives_up(connection, exchange, reasons::unconfirmed());
    }

    fn gives_up(&mut self, connection: u32, exchange: u32, reason: crate::protocol::Reason) {
        let client = &mut self.link(connection).client;
        client.outstanding.retain(|&waiting| waiting != exchange);
        let closed = client.state == ClientState::Closed;
        if !closed {
            self.client_closes(connection, vec![reason]);
        }
        self.fails(exchange, Failure::GaveUp);
        let (hop, pool) = self.place(exchange);
        self.dispatch(hop, pool);
    }

    /// The exchange has failed: who waited for its end can go on.
    pub(super) fn fails(&mut self, exchange: u32, failure: Failure) {
        let record = &mut self.exchanges[exchange as usize];
        record.outcome = Outcome::Failed;
        record.failure = Some(failure);
        self.over(exchange);
    }

    /// Ends the connection from the server's side without an answer.
    pub(super) fn server_hangs_up(
        &mut self,
        connection: u32,
        how: CloseHow,
        because: Vec<crate::protocol::Reason>,
    ) {
        let server = &mut self.link(connection).server;
        server.closed = true;
        server.idle_due = Us::NEVER;
        server.waiting.clear();
        self.close(connection, Side::Server, how, because);
        self.tells_client(connection);
        let gone = self.now + self.hop(connection).network.rtt;
        self.release_at(connection, gone);
        self.server_side_over(connection);
    }

    /// FIN or RST is on its way to the client.
    pub(super) fn tells_client(&mut self, connection: u32) {
        if self.carries(connection) {
            let known = self.link(connection).seen.close.as_ref().map(|close| close.known);
            let arrives = known.unwrap_or(self.now).max(self.now);
            self.queue.put(arrives, Happening::FinAtClient { connection });
        } else {
            self.fin_is_lost(connection, Side::Server);
        }
    }

    /// The path has forgotten the connection: nobody learns of the FIN or RST that this side has just
    /// sent, nobody confirms it, and no TIME_WAIT follows.
    pub(super) fn fin_is_lost(&mut self, connection: u32, by: Side) {
        let now = self.now;
        let close = self.link(connection).seen.close.as_mut();
        if let Some(close) = close.filter(|close| close.by == by && close.at == now) {
            (close.known, close.done) = (Us::NEVER, Us::NEVER);
            close.time_wait = None;
        }
    }

    /// The answer as it is sent: none keeps the connection while the server is being stopped.
    pub(super) fn last_words(&mut self, connection: u32, exchange: u32) {
        if !self.link(connection).server.stopping {
            return;
        }
        let record = &mut self.exchanges[exchange as usize];
        if let Some(answer) = record.answer.as_deref().filter(|answer| answer.persists()) {
            record.answer = Some(Rc::new(Self::says_goodbye(answer)));
        }
    }
}
