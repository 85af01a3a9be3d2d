//! What the server does: it reads, works, answers, then keeps the connection or closes it.
use super::{Engine, Happening, IdleEnd, Reason, Side, Span};
use crate::profile::{After, Answer, Hold, RequestSeen, StrayLine};
use crate::sim::timeline::CloseHow;
use crate::time::Us;
use std::rc::Rc;

impl Engine<'_> {
    pub(super) fn request_arrives(&mut self, connection: u32, exchange: u32) {
        let now = self.now;
        let server = &mut self.link(connection).server;
        if server.closed {
            if !server.lingers {
                self.refuse(connection);
            }
            return;
        }
        if server.hangs_up.is_none() {
            server.idle_due = Us::NEVER;
        }
        server.waiting.push_back(exchange);
        let busy = server.busy;
        self.exchanges[exchange as usize].request_received = Some(now);
        self.end_idle(connection, Side::Server, IdleEnd::Request);
        if !busy {
            self.begin_work(connection);
        }
    }

    /// Nobody reads this socket any more: the system answers with a reset. The FIN that went
    /// before it has told the client already, so nothing new follows from it.
    fn refuse(&mut self, connection: u32) {
        let now = self.now;
        if let Some(close) = &mut self.link(connection).seen.close
            && close.by == Side::Server
            && close.how == CloseHow::Fin
            && now < close.done
        {
            // The reset ends the server's wait as well: no TIME_WAIT is left.
            close.time_wait = None;
        }
    }

    /// Takes the next request that waits, if there is one.
    fn begin_work(&mut self, connection: u32) {
        let now = self.now;
        let server = &mut self.link(connection).server;
        let Some(exchange) = server.waiting.pop_front() else {
            return;
        };
        server.busy = true;
        let (served, accepted) = (server.served, server.accepted);
        let pipelined = !server.waiting.is_empty();
        let planned = &self.scenario.exchanges[exchange as usize];
        let done = now + planned.app.after;
        let request = &self.exchanges[exchange as usize].request;
        let seen = RequestSeen {
            request,
            body_bytes: planned.body_bytes,
            app: &planned.app,
            served,
            age: now - accepted,
            pipelined,
        };
        let deaf = self.links[connection as usize - 1].server.deaf;
        let hold = if deaf { Hold::Nothing } else { self.server.hold(&seen) };
        if let Hold::HangsUp(after, because) = hold {
            self.hang_up(connection, now + after, because);
            return;
        }
        let answer = if deaf {
            Rc::new(self.server.refusal(&seen))
        } else {
            self.memo.answer(&*self.server, request, &seen, planned)
        };
        let deaf = self.server.hears_no_more(&seen);
        let done = match hold {
            Hold::Waits(idle) => idle.ends(now),
            // A refusal comes from the server itself, without asking the application.
            _ if answer.response.status != planned.app.status => Some(now),
            _ => Some(done),
        };
        self.link(connection).server.deaf = deaf;
        let Some(done) = done else {
            return; // it waits on
        };
        let record = &mut self.exchanges[exchange as usize];
        record.work = Some(Span::new(now, done));
        record.answer = Some(answer);
        self.queue.put(done, Happening::AnswerBegins { connection, exchange });
    }

    /// The connection will be closed without an answer.
    fn hang_up(&mut self, connection: u32, due: Us, because: Reason) {
        let server = &mut self.link(connection).server;
        server.hangs_up = Some(because);
        self.set_server_clock(connection, due);
    }

    fn set_server_clock(&mut self, connection: u32, due: Us) {
        let server = &mut self.link(connection).server;
        server.idle_due = due;
        if due < server.clock {
            server.clock = due;
            self.queue.put(due, Happening::ServerClock { connection });
        }
    }

    pub(super) fn answer_begins(&mut self, connection: u32, exchange: u32) {
        if self.link(connection).server.closed {
            return; // the client has gone: nobody reads the answer
        }
        let latency = self.latency();
        let record = &mut self.exchanges[exchange as usize];
        let bytes = record
            .answer
            .as_ref()
            .map_or(0, |answer| answer.response.wire_bytes() + answer.body_bytes);
        let from = self.now.max(self.downlink_free);
        let to = from + self.scenario.network.transmission(bytes);
        self.downlink_free = to;
        record.response_sent = Some(Span::new(from, to));
        record.response_received = Some(Span::new(from + latency, to + latency));
        self.queue.put(to, Happening::AnswerLeft { connection, exchange });
        self.queue.put(to + latency, Happening::AnswerArrives { connection, exchange });
    }

    pub(super) fn answer_left(&mut self, connection: u32, exchange: u32) {
        let now = self.now;
        let Some(answer) = self.exchanges[exchange as usize].answer.clone() else {
            return;
        };
        let counts = self.server.counts(&self.exchanges[exchange as usize].request);
        let server = &mut self.link(connection).server;
        server.busy = false;
        server.served += u64::from(counts);
        if server.closed {
            return;
        }
        match answer.after {
            After::Keep(idle) => {
                if !server.waiting.is_empty() {
                    self.begin_work(connection);
                    return;
                }
                if self.refuses_stray_line(connection, exchange) {
                    return;
                }
                if self.has_no_room() {
                    self.closes_for_room(connection, exchange, &answer);
                    return;
                }
                let (idle, begun) = match self.server.stray_line() {
                    StrayLine::Begins(head) if self.has_stray_line(exchange) => (head, true),
                    _ => (idle, false),
                };
                let due = idle.ends(now);
                let server = &mut self.link(connection).server;
                server.head_begun = begun;
                server.idle_limit = idle.limit.unwrap_or(Us::ZERO);
                self.begin_idle(connection, Side::Server, due);
                self.set_server_clock(connection, due.unwrap_or(Us::NEVER));
            }
            After::Close => self.server_closes(connection, CloseHow::Fin, &answer),
            After::Reset => self.server_closes(connection, CloseHow::Rst, &answer),
            After::Tunnel => server.waiting.clear(),
        }
    }

    /// Two surplus bytes CR LF stand where the next request should begin. Most servers skip them.
    fn refuses_stray_line(&mut self, connection: u32, exchange: u32) -> bool {
        if !self.has_stray_line(exchange) || self.server.stray_line() != StrayLine::Refuse {
            return false;
        }
        let planned = &self.scenario.exchanges[exchange as usize];
        let server = &self.links[connection as usize - 1].server;
        let refusal = self.server.refusal(&RequestSeen {
            request: &self.exchanges[exchange as usize].request,
            body_bytes: 0,
            app: &planned.app,
            served: server.served,
            age: self.now - server.accepted,
            pipelined: false,
        });
        self.server_closes(connection, CloseHow::Fin, &refusal);
        true
    }

    /// Would one more idle connection be too many?
    fn has_no_room(&self) -> bool {
        self.server.idle_room().is_some_and(|room| self.idle_at_server >= room)
    }

    fn closes_for_room(&mut self, connection: u32, exchange: u32, answer: &Answer) {
        let because = vec![self.server.no_room_reason()];
        let answer = Answer { after: After::Close, because, ..answer.clone() };
        self.server_closes(connection, CloseHow::Fin, &answer);
        self.exchanges[exchange as usize].answer = Some(Rc::new(answer));
    }

    fn has_stray_line(&self, exchange: u32) -> bool {
        self.scenario.exchanges[exchange as usize].trailing_crlf
    }

    fn server_closes(&mut self, connection: u32, how: CloseHow, answer: &Answer) {
        let server = &mut self.link(connection).server;
        server.closed = true;
        server.lingers = true;
        server.waiting.clear();
        self.close(connection, Side::Server, how, answer.because.clone());
        let arrives = self.now + self.latency();
        self.queue.put(arrives, Happening::FinAtClient { connection });
    }

    pub(super) fn server_clock(&mut self, connection: u32) {
        let now = self.now;
        let server = &mut self.link(connection).server;
        server.closed = true;
        let (limit, begun) = (server.idle_limit, server.head_begun);
        let reason = match server.hangs_up.take() {
            Some(because) => because,
            None if begun => self.server.head_reason(limit),
            None => self.server.idle_reason(limit),
        };
        self.end_idle(connection, Side::Server, IdleEnd::Expired);
        self.close(connection, Side::Server, CloseHow::Fin, vec![reason]);
        let arrives = now + self.latency();
        self.queue.put(arrives, Happening::FinAtClient { connection });
    }

    pub(super) fn fin_at_server(&mut self, connection: u32) {
        let server = &mut self.link(connection).server;
        server.closed = true;
        server.lingers = true;
        server.idle_due = Us::NEVER;
        server.waiting.clear();
        self.end_idle(connection, Side::Server, IdleEnd::PeerClosed);
    }
}
