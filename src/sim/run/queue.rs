//! The queue of what is going to happen.
use crate::time::Us;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Something that will happen. The variants say where it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// The client wants to send this exchange.
    Want { exchange: u32 },
    /// The handshakes are done: the client can send.
    Ready { connection: u32 },
    /// The last byte of the request is with the server.
    RequestArrives { connection: u32, exchange: u32 },
    /// The server's work is done: the answer begins to leave.
    AnswerBegins { connection: u32, exchange: u32 },
    /// The last byte of the answer has left the server.
    AnswerLeft { connection: u32, exchange: u32 },
    /// The last byte of the answer is with the client.
    AnswerArrives { connection: u32, exchange: u32 },
    /// The server's FIN is with the client.
    FinAtClient { connection: u32 },
    /// The client's FIN is with the server.
    FinAtServer { connection: u32 },
    /// The server's idle clock may have run out.
    ServerClock { connection: u32 },
    /// The client's idle clock may have run out.
    ClientClock { connection: u32 },
    /// A client looks through its pool.
    Sweep { hop: u8, pool: u32 },
    /// The last packet of the handshake is with a server whose workers are limited.
    Accepted { connection: u32 },
    /// Nobody took the SYN: the client's system sends it again.
    SynAgain { connection: u32 },
    /// The connection is over for the server's system: its worker is free.
    Gone { connection: u32 },
    /// The client has waited so long for the answer.
    Patience { connection: u32, exchange: u32 },
    /// A middlebox answers with a reset for a connection that it has forgotten.
    ResetOnPath { connection: u32 },
    /// The client's system has sent the same bytes again until it gave up.
    SystemGivesUp { connection: u32 },
    /// The server has done what was asked, and resets the connection.
    Breaks { connection: u32 },
    /// One of the scenario's faults, by its index.
    Fault { index: u32 },
}

/// In order of time; at one instant, in the order in which they were put in.
///
/// The next happening often follows from the one before it, so it stands in a place of its own and
/// seldom goes through the heap.
#[derive(Default)]
pub struct Queue {
    /// Earlier than everything in the heap.
    next: Option<Entry>,
    heap: BinaryHeap<Reverse<Entry>>,
    /// What was planned before the run, the last first: a list in order costs less than a heap that
    /// holds a hundred thousand wishes from the beginning.
    planned: Vec<Entry>,
    put: u64,
}

type Entry = (Us, u64, Happening);

impl Queue {
    pub fn put(&mut self, at: Us, what: Happening) {
        self.put += 1;
        let entry = (at, self.put, what);
        match &self.next {
            Some(next) if *next < entry => self.heap.push(Reverse(entry)),
            Some(_) => {
                if let Some(later) = self.next.replace(entry) {
                    self.heap.push(Reverse(later));
                }
            }
            None if self.heap.peek().is_some_and(|Reverse(first)| *first < entry) => {
                self.heap.push(Reverse(entry));
            }
            None => self.next = Some(entry),
        }
    }

    /// All that is in the queue now was planned before the run.
    pub fn begins(&mut self) {
        self.planned = std::mem::take(&mut self.heap).into_iter().map(|Reverse(it)| it).collect();
        self.planned.extend(self.next.take());
        self.planned.sort_unstable_by(|one, other| other.cmp(one));
    }

    pub fn next(&mut self) -> Option<(Us, Happening)> {
        let first = self.next.as_ref().or_else(|| self.heap.peek().map(|Reverse(entry)| entry));
        let planned = self.planned.last();
        let entry = if planned.is_some_and(|planned| first.is_none_or(|first| planned < first)) {
            self.planned.pop()
        } else {
            self.next.take().or_else(|| self.heap.pop().map(|Reverse(entry)| entry))
        }?;
        Some((entry.0, entry.2))
    }
}
