//! A client's pool that is swept every so often: one limit for all that is idle, and nobody notices
//! what the server does to an idle connection until it is used or swept.
use super::{ClientState, Engine, Happening, IdleEnd, Side};
use crate::time::Us;

/// The pool of a client whose rule has a [`Sweeper`](crate::profile::Sweeper).
#[derive(Default)]
pub(super) struct Swept {
    /// The sweep that is in the queue.
    next: Option<Us>,
    /// How long what is in the pool may be idle; None: the pool is empty since it was swept.
    limit: Option<Us>,
}

impl Engine<'_> {
    /// A connection comes into the pool, with its own limit: that of the first one holds. When it
    /// will be closed if nobody uses it; None: it cannot stay at all.
    pub(super) fn enters_pool(&mut self, own: Us, every: Us) -> Option<Us> {
        if self.swept.limit.is_none() && own == Us::ZERO {
            return None;
        }
        let next = match self.swept.next {
            Some(next) => next,
            None => {
                self.queue.put(self.now + every, Happening::Sweep);
                self.now + every
            }
        };
        self.swept.next = Some(next);
        let limit = *self.swept.limit.get_or_insert(own);
        let over = (self.now + limit).0.saturating_sub(next.0) / every.0.max(1);
        let first = if self.now + limit < next { next } else { next + every * (over + 1) };
        Some(first)
    }

    /// Is this idle connection within the limit?
    pub(super) fn is_fresh(&self, connection: u32) -> bool {
        let Some(limit) = self.swept.limit else { return true };
        self.idle_since(connection).is_none_or(|since| self.now - since <= limit)
    }

    fn idle_since(&self, connection: u32) -> Option<Us> {
        let link = &self.links[connection as usize - 1];
        let wait = link.waits[Side::Client as usize]?;
        Some(link.seen.idle[wait].span.from)
    }

    pub(super) fn sweep(&mut self) {
        let Some(sweeper) = self.client.sweeper() else { return };
        let was_empty = self.swept.limit.is_none();
        let free = |engine: &Self, id: u32| {
            engine.links[id as usize - 1].client.state == ClientState::Free
        };
        let idle: Vec<u32> = self.live.iter().copied().filter(|&id| free(self, id)).collect();
        for connection in idle {
            if !self.is_fresh(connection) {
                self.drop_idle(connection);
            }
        }
        let empty = !self.live.iter().any(|&id| free(self, id));
        if empty {
            self.swept.limit = None;
        }
        let goes_on = if sweeper.lingers { !was_empty } else { !empty };
        let next = self.now + sweeper.every;
        self.swept.next = goes_on.then_some(next);
        if goes_on {
            self.queue.put(next, Happening::Sweep);
        }
        self.dispatch();
    }

    /// Closes an idle connection, which the server may have closed before.
    pub(super) fn drop_idle(&mut self, connection: u32) {
        let since = self.idle_since(connection).unwrap_or(self.now);
        let reason = self.client.idle_reason(self.now - since);
        self.end_idle(connection, Side::Client, IdleEnd::Expired);
        self.client_closes(connection, vec![reason]);
    }
}
