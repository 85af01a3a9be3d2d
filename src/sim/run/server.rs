//! What the server does: it reads, works, answers, then keeps the connection or closes it.
use super::{Engine, Happening, IdleEnd, Side, Span};
use crate::profile::{After, Answer, RequestSeen, StrayLine};
use crate::sim::timeline::CloseHow;
use crate::time::Us;

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
        server.idle_due = Us::NEVER;
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
        let answer = self.memo.answer(&*self.server, request, &seen, planned);
        // A refusal comes from the server itself, without asking the application.
        let done = if answer.response.status == planned.app.status { done } else { now };
        let record = &mut self.exchanges[exchange as usize];
        record.work = Some(Span::new(now, done));
        record.answer = Some(answer);
        self.queue.put(done, Happening::AnswerBegins { connection, exchange });
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
        let server = &mut self.link(connection).server;
        server.busy = false;
        server.served += 1;
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
                let (idle, begun) = match self.server.stray_line() {
                    StrayLine::Begins(head) if self.has_stray_line(exchange) => (head, true),
                    _ => (idle, false),
                };
                let due = idle.ends(now);
                let server = &mut self.link(connection).server;
                server.head_begun = begun;
                server.idle_due = due.unwrap_or(Us::NEVER);
                server.idle_limit = idle.limit.unwrap_or(Us::ZERO);
                self.begin_idle(connection, Side::Server, due);
                let server = &mut self.link(connection).server;
                if let Some(due) = due
                    && due < server.clock
                {
                    server.clock = due;
                    self.queue.put(due, Happening::ServerClock { connection });
                }
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
        let reason =
            if begun { self.server.head_reason(limit) } else { self.server.idle_reason(limit) };
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
