//! Who serves: a server with a limited number of workers takes connections or requests in turn.
use super::{Engine, Happening};
use crate::profile::Held;
use crate::time::Us;

impl Engine<'_> {
    /// Is there room for one more in the listen queue? Linux takes one more than the backlog says.
    pub(super) fn listens(&self, hop: usize, host: u32) -> bool {
        let hop = &self.hops[hop];
        hop.workers.is_none_or(|workers| {
            let waiting = hop.hosts[host as usize].queue.len();
            workers.held == Held::Request || waiting <= workers.backlog as usize
        })
    }

    /// The handshake is complete at the server's system: a worker takes it, or it waits.
    pub(super) fn accepted(&mut self, connection: u32) {
        if self.hop(connection).held_by(Held::Connection) {
            self.link(connection).server.queued = true;
            self.host(connection).queue.push_back(connection);
            self.serve_queue(connection);
        } else {
            let now = self.now;
            self.link(connection).seen.admitted = Some(now);
        }
    }

    /// Does a free worker take the connection, with nothing to do yet?
    pub(super) fn is_taken_at_once(&mut self, connection: u32) -> bool {
        let Some(workers) = self.hop(connection).workers else { return true };
        let free = self.host(connection).taken < workers.count;
        free && self.link(connection).server.waiting.is_empty()
    }

    /// Takes a worker for the next request; false: it waits for one.
    pub(super) fn takes_worker(&mut self, connection: u32) -> bool {
        let Some(workers) = self.hop(connection).workers else { return true };
        let server = &mut self.link(connection).server;
        match workers.held {
            Held::Connection => server.has_worker,
            Held::Request if server.has_worker => true,
            Held::Request if server.queued => false,
            Held::Request => {
                if self.host(connection).taken < workers.count {
                    self.host(connection).taken += 1;
                    self.link(connection).server.has_worker = true;
                    return true;
                }
                self.link(connection).server.queued = true;
                self.host(connection).queue.push_back(connection);
                false
            }
        }
    }

    /// The connection's worker is free: the next in the queue gets it.
    pub(super) fn release(&mut self, connection: u32) {
        if std::mem::take(&mut self.link(connection).server.has_worker) {
            self.host(connection).taken -= 1;
            self.serve_queue(connection);
        }
    }

    /// The worker of a connection that the server has closed: free as soon as its system has the
    /// client's FIN.
    pub(super) fn release_at(&mut self, connection: u32, at: Us) {
        if self.link(connection).server.has_worker {
            self.queue.put(at, Happening::Gone { connection });
        }
    }

    /// Gives free workers of the connection's server to those that wait.
    fn serve_queue(&mut self, connection: u32) {
        let Some(workers) = self.hop(connection).workers else { return };
        while self.host(connection).taken < workers.count {
            let Some(next) = self.host(connection).queue.pop_front() else { return };
            let now = self.now;
            let link = self.link(next);
            link.server.queued = false;
            if workers.held == Held::Connection {
                link.seen.admitted = Some(now);
                link.server.accepted = now;
            }
            if link.server.closed {
                continue; // the client has gone while it waited
            }
            link.server.has_worker = true;
            self.host(next).taken += 1;
            if !self.link(next).server.busy {
                self.begin_work(next);
            }
        }
    }
}
