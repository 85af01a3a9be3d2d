//! The path between the two ends of a connection: how long bytes take, what is lost, and what a
//! middlebox forgets.
use super::{Engine, Happening, Side, Span};
use crate::sim::Forgotten;
use crate::time::Us;

/// What the path and the two systems remember of a connection.
pub(super) struct Path {
    /// When it last carried anything.
    carried: Us,
    /// Segments that each side sends before it waits, and when it last sent.
    windows: [(u64, Us); 2],
    /// When the last byte that each side has sent leaves for good: TCP delivers in order, so what
    /// is sent behind a lost message waits for it.
    last: [Us; 2],
}

/// Bytes of a segment on an ordinary path (Ethernet, IPv4, no options).
const SEGMENT: u64 = 1_460;
/// Segments that a new connection sends at once (RFC 6928).
const INITIAL_WINDOW: u64 = 10;
/// A window this large no longer limits anything here.
const LARGEST_WINDOW: u64 = 1 << 20;
/// After so long without sending the window is the initial one again: a retransmission timeout,
/// which is at least one second (RFC 5681 §4.1, RFC 6298 §2.4).
const IDLE_RESET: Us = Us::from_secs(1);
/// The shortest time after which Linux sends data again.
const RESEND: Us = Us::from_ms(200);
/// The same for a SYN (RFC 6298 §2.1).
pub(super) const SYN_RESEND: Us = Us::from_secs(1);
/// After so long Linux gives up a connection whose bytes nobody confirms (`tcp_retries2` = 15).
const GIVES_UP: Us = Us::from_ms(924_600);

impl Path {
    pub fn new(now: Us) -> Self {
        Self { carried: now, windows: [(INITIAL_WINDOW, now); 2], last: [now; 2] }
    }
}

impl Engine<'_> {
    /// One way over the wire.
    pub(super) fn latency(&self, connection: u32) -> Us {
        self.hop(connection).network.rtt.half()
    }

    /// From the first byte of a message to the last, as the sender's system puts it on the wire.
    pub(super) fn transmits(&mut self, connection: u32, side: Side, bytes: u64) -> Span {
        let now = self.now;
        let index = self.hop_of(connection);
        let hop = &mut self.hops[index];
        let network = hop.network;
        let free = match side {
            Side::Client => &mut hop.uplink_free,
            Side::Server => &mut hop.downlink_free,
        };
        let from = now.max(*free);
        let mut to = from + network.transmission(bytes);
        *free = to;
        if network.slow_start {
            let window = &mut self.links[connection as usize - 1].path.windows[side as usize];
            to += stalls(window, from, bytes, network.rtt, |bytes| network.transmission(bytes));
            window.1 = to;
        }
        if self.random.happens(network.loss_ppm) {
            to += RESEND + network.rtt;
        }
        let last = &mut self.links[connection as usize - 1].path.last[side as usize];
        *last = to.max(*last);
        Span::new(from, *last)
    }

    /// When a FIN that a side sends now leaves: behind all that it has sent.
    pub(super) fn fin_leaves(&self, connection: u32, side: Side) -> Us {
        self.now.max(self.links[connection as usize - 1].path.last[side as usize])
    }

    /// How much longer a handshake takes because its SYN was lost.
    pub(super) fn syn_delay(&mut self, hop: usize) -> Us {
        let loss = self.hops[hop].network.loss_ppm;
        if self.random.happens(loss) { SYN_RESEND } else { Us::ZERO }
    }

    /// Does the path still know the connection? What it carries keeps the memory fresh.
    pub(super) fn carries(&mut self, connection: u32) -> bool {
        let network = self.hop(connection).network;
        let now = self.now;
        let Some(forgets) = network.forgets else { return true };
        let link = self.link(connection);
        let last = std::mem::replace(&mut link.path.carried, now);
        let probed = network.probes_every.is_some_and(|every| every <= forgets.after);
        if link.seen.forgotten.is_none() && !probed && now - last > forgets.after {
            link.seen.forgotten = Some(last + forgets.after);
        }
        link.seen.forgotten.is_none()
    }

    /// A client's bytes have met a middlebox that knows nothing of the connection.
    pub(super) fn meets_forgetful(&mut self, connection: u32) {
        let network = self.hop(connection).network;
        match network.forgets.map(|forgets| forgets.then) {
            Some(Forgotten::Reset) => {
                // It stands in the middle: half of the way there, half of the way back.
                let at = self.now + network.rtt.half();
                self.queue.put(at, Happening::ResetOnPath { connection });
            }
            Some(Forgotten::Dropped) | None => {
                self.queue.put(self.now + GIVES_UP, Happening::SystemGivesUp { connection });
            }
        }
    }
}

/// How long a sender waits for confirmations on the way to the end of a message (slow start).
fn stalls(
    window: &mut (u64, Us),
    from: Us,
    bytes: u64,
    rtt: Us,
    transmission: impl Fn(u64) -> Us,
) -> Us {
    if from - window.1 >= IDLE_RESET {
        window.0 = INITIAL_WINDOW;
    }
    let mut stalled = Us::ZERO;
    let mut rest = bytes;
    while rest > window.0 * SEGMENT {
        let burst = window.0 * SEGMENT;
        rest -= burst;
        stalled += rtt - transmission(burst);
        window.0 = (window.0 * 2).min(LARGEST_WINDOW);
        if window.0 == LARGEST_WINDOW {
            return stalled;
        }
    }
    window.0 = (window.0 + rest.div_ceil(SEGMENT)).min(LARGEST_WINDOW);
    stalled
}
