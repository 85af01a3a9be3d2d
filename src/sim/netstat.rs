//! The sockets of both ends at one instant, as `netstat -n` would list them.
use super::{CloseHow, Connection, IdleEnd, Side, Timeline, Us};
use std::fmt::Write;

/// What one end's system says of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TcpState {
    SynSent,
    SynReceived,
    Established,
    FinWait1,
    FinWait2,
    CloseWait,
    LastAck,
    TimeWait,
}

impl TcpState {
    /// As the tool prints it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SynSent => "SYN_SENT",
            Self::SynReceived => "SYN_RECV",
            Self::Established => "ESTABLISHED",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::TimeWait => "TIME_WAIT",
        }
    }

    /// In half a sentence, for who meets the word for the first time.
    pub const fn gist(self) -> &'static str {
        match self {
            Self::SynSent => "asked for a connection, no answer yet",
            Self::SynReceived => "was asked for a connection and agreed",
            Self::Established => "open",
            Self::FinWait1 => "has closed, the other side does not know yet",
            Self::FinWait2 => "has closed, waits for the other side to close too",
            Self::CloseWait => "the other side has closed, this one has not",
            Self::LastAck => "both have closed, the last confirmation is on its way",
            Self::TimeWait => "closed first: keeps the port for packets that come late",
        }
    }
}

/// One line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Socket {
    pub connection: u32,
    /// The client's port.
    pub port: u16,
    pub state: TcpState,
}

impl Timeline {
    /// The sockets that one end's system lists at an instant, in order of opening.
    pub fn sockets(&self, side: Side, at: Us, rtt: Us) -> Vec<Socket> {
        let sockets = self.connections.iter().filter_map(|connection| {
            let state = connection.state(side, at, rtt, self.closes_in_turn(connection))?;
            Some(Socket { connection: connection.id, port: connection.port, state })
        });
        sockets.collect()
    }

    /// When the side that is told of a close closes in turn: at once, unless it is a client that does
    /// not look at its idle connections. That one closes when it sends into the connection, or when
    /// it drops it by itself; None: not within the run. A client without an idle limit that never
    /// sends again is not told apart from one that looks.
    fn closes_in_turn(&self, connection: &Connection) -> Option<Us> {
        let Some(close) = connection.close.as_ref().filter(|close| close.by == Side::Server) else {
            return connection.close.as_ref().map(|close| close.known);
        };
        let waits = connection.idle.iter().rev();
        let mut blind =
            waits.filter(|wait| wait.side == Side::Client && wait.span.to > close.known);
        if let Some(wait) = blind.next() {
            return (wait.end != IdleEnd::Cut).then_some(wait.span.to);
        }
        let last = connection.exchanges.last().and_then(|&last| self.on(connection, last));
        let sent = last.and_then(|last| match last.lost {
            Some(lost) if lost.connection == connection.id => Some(lost.sent.from),
            _ if last.connection == Some(connection.id) => last.request_sent.map(|sent| sent.from),
            _ => None,
        });
        Some(sent.map_or(close.known, |sent| sent.max(close.known)))
    }

    /// Both lists as text: addresses are those of documentation (RFC 5737), the server listens at `port`.
    pub fn netstat(&self, at: Us, rtt: Us, port: u16) -> String {
        let mut text = String::new();
        for side in [Side::Client, Side::Server] {
            let sockets = self.sockets(side, at, rtt);
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}: {} sockets", side.as_str(), sockets.len());
            for socket in sockets {
                let (client, server) =
                    (format!("192.0.2.7:{}", socket.port), format!("198.51.100.1:{port}"));
                let (local, foreign) =
                    if side == Side::Client { (client, server) } else { (server, client) };
                let _ =
                    writeln!(text, "TCP  {local:<21}  {foreign:<21}  {}", socket.state.as_str());
            }
        }
        text
    }
}

impl Connection {
    /// What the system of one end says of this connection at an instant; None: not listed. `turn`
    /// is when the side that is told of the close closes too.
    fn state(&self, side: Side, at: Us, rtt: Us, turn: Option<Us>) -> Option<TcpState> {
        let opening = match side {
            Side::Client => self.client_opening(at),
            Side::Server => self.server_opening(at, rtt),
        };
        match opening {
            Some(TcpState::Established) => self.closing(side, at, rtt, turn),
            other => other,
        }
    }

    fn client_opening(&self, at: Us) -> Option<TcpState> {
        if at < self.tcp.from {
            None
        } else if at < self.tcp.to {
            Some(TcpState::SynSent)
        } else {
            Some(TcpState::Established)
        }
    }

    fn server_opening(&self, at: Us, rtt: Us) -> Option<TcpState> {
        if at < self.tcp.from + rtt.half() {
            None
        } else if at < self.tcp.to + rtt.half() {
            Some(TcpState::SynReceived)
        } else {
            Some(TcpState::Established)
        }
    }

    fn closing(&self, side: Side, at: Us, rtt: Us, turn: Option<Us>) -> Option<TcpState> {
        let Some(close) = &self.close else {
            return Some(TcpState::Established);
        };
        let told = if side == close.by { close.at } else { close.known };
        if at < told {
            return Some(TcpState::Established);
        }
        if close.how == CloseHow::Rst {
            return None;
        }
        let turn = turn.unwrap_or(Us::NEVER);
        if side != close.by {
            // When it closes in turn it waits for the last confirmation: one more round trip.
            return match at {
                at if at < turn => Some(TcpState::CloseWait),
                at if at < turn + rtt => Some(TcpState::LastAck),
                _ => None,
            };
        }
        if at < close.done {
            return Some(TcpState::FinWait1);
        }
        let wait = close.time_wait?;
        if turn == close.known {
            return (at < wait.span.to).then_some(TcpState::TimeWait);
        }
        // The other side's FIN is missing. The system waits for it as long as it would keep the port
        // in TIME_WAIT: 60 s in Linux (`tcp_fin_timeout`), 240 s in Windows NT (`TcpFinWait2Delay`).
        let comes = turn + rtt.half();
        let ends = wait.span.to.min(comes);
        let length = wait.span.to - wait.span.from;
        match at {
            at if at < ends => Some(TcpState::FinWait2),
            at if comes < wait.span.to && !self.is_sent_into(turn) && at < comes + length => {
                Some(TcpState::TimeWait)
            }
            _ => None,
        }
    }

    /// Did a request, and not a FIN, end the client's wait? It is answered with a reset.
    fn is_sent_into(&self, turn: Us) -> bool {
        let wait = self.idle.iter().rev().find(|wait| wait.side == Side::Client);
        wait.is_none_or(|wait| wait.end == IdleEnd::Request && wait.span.to == turn)
    }
}
