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
    /// The client looks through its pool.
    Sweep,
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

    pub fn next(&mut self) -> Option<(Us, Happening)> {
        let entry = self.next.take().or_else(|| self.heap.pop().map(|Reverse(entry)| entry))?;
        Some((entry.0, entry.2))
    }
}
