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
    pub(super) fn enters_pool(&mut self, connection: u32, own: Us, every: Us) -> Option<Us> {
        let now = self.now;
        let seen = &self.links[connection as usize - 1].seen;
        let (hop, pool) = (seen.hop, seen.client);
        let swept = &mut self.pool(connection).swept;
        if swept.limit.is_none() && own == Us::ZERO {
            return None;
        }
        let begins = swept.next.is_none();
        let next = *swept.next.get_or_insert(now + every);
        let limit = *swept.limit.get_or_insert(own);
        if begins {
            self.queue.put(next, Happening::Sweep { hop, pool });
        }
        let over = (self.now + limit).0.saturating_sub(next.0) / every.0.max(1);
        let first = if self.now + limit < next { next } else { next + every * (over + 1) };
        Some(first)
    }

    /// Is this idle connection within the limit?
    pub(super) fn is_fresh(&self, connection: u32) -> bool {
        let seen = &self.links[connection as usize - 1].seen;
        let pool = &self.hops[usize::from(seen.hop)].pools[seen.client as usize];
        let Some(limit) = pool.swept.limit else { return true };
        self.idle_since(connection).is_none_or(|since| self.now - since <= limit)
    }

    fn idle_since(&self, connection: u32) -> Option<Us> {
        let link = &self.links[connection as usize - 1];
        let wait = link.waits[Side::Client as usize]?;
        Some(link.seen.idle[wait].span.from)
    }

    pub(super) fn sweep(&mut self, hop: usize, pool: usize) {
        let Some(sweeper) = self.hops[hop].habits.sweeper else { return };
        let was_empty = self.hops[hop].pools[pool].swept.limit.is_none();
        let free = |engine: &Self, id: u32| {
            engine.links[id as usize - 1].client.state == ClientState::Free
        };
        let live = self.hops[hop].pools[pool].live.iter().copied();
        let idle: Vec<u32> = live.filter(|&id| free(self, id)).collect();
        for connection in idle {
            if !self.is_fresh(connection) {
                self.drop_idle(connection);
            }
        }
        let empty = !self.hops[hop].pools[pool].live.iter().any(|&id| free(self, id));
        let goes_on = if sweeper.lingers { !was_empty } else { !empty };
        let next = self.now + sweeper.every;
        let swept = &mut self.hops[hop].pools[pool].swept;
        if empty {
            swept.limit = None;
        }
        swept.next = goes_on.then_some(next);
        if goes_on {
            let (hop, pool) = (u8::try_from(hop).unwrap_or(0), u32::try_from(pool).unwrap_or(0));
            self.queue.put(next, Happening::Sweep { hop, pool });
        }
        self.dispatch(hop, pool);
    }

    /// Closes an idle connection, which the server may have closed before.
    pub(super) fn drop_idle(&mut self, connection: u32) {
        let since = self.idle_since(connection).unwrap_or(self.now);
        let reason = self.hop(connection).client.idle_reason(self.now - since);
        self.end_idle(connection, Side::Client, IdleEnd::Expired);
        self.client_closes(connection, vec![reason]);
    }
}
