//! What a server does: it reads, works, answers, then keeps the connection or closes it.
use super::{Engine, Happening, IdleEnd, Reason, Side, Span, reasons};
use crate::profile::{After, Answer, Held, Hold, RequestSeen, StrayLine};
use crate::sim::Breaks;
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
        if self.breaks(exchange) == Some(Breaks::ResetBefore) {
            self.resets(connection);
        } else if !busy && self.takes_worker(connection) {
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
    pub(super) fn begin_work(&mut self, connection: u32) {
        let now = self.now;
        let server = &mut self.link(connection).server;
        let Some(exchange) = server.waiting.pop_front() else {
            return;
        };
        server.busy = true;
        let planned = self.planned(exchange);
        let link = &self.links[connection as usize - 1];
        let hop = &mut self.hops[usize::from(link.seen.hop)];
        let request = &self.exchanges[exchange as usize].request;
        let seen = RequestSeen {
            request,
            body_bytes: planned.body_bytes,
            app: &planned.app,
            served: link.server.served,
            age: now - link.server.accepted,
            pipelined: !link.server.waiting.is_empty(),
        };
        let hold = if link.server.deaf { Hold::Nothing } else { hop.server.hold(&seen) };
        if let Hold::HangsUp(after, because) = hold {
            self.hang_up(connection, now + after, because);
            return;
        }
        let answer = if link.server.deaf {
            Rc::new(hop.server.refusal(&seen))
        } else {
            hop.memo.answer(&*hop.server, request, &seen)
        };
        let deaf = hop.server.hears_no_more(&seen);
        // A refusal comes from the server itself, without asking the application.
        let asks = answer.response.status == planned.app.status;
        let forwards = hop.forwards && asks && matches!(hold, Hold::Nothing);
        self.link(connection).server.deaf = deaf;
        if forwards {
            self.forward(connection, exchange);
            return;
        }
        let done = match hold {
            Hold::Waits(idle) => idle.ends(now),
            _ if !asks => Some(now),
            _ => self.performs(connection, exchange),
        };
        let Some(done) = done else {
            return; // it waits on
        };
        let record = &mut self.exchanges[exchange as usize];
        record.work = Some(Span::new(now, done));
        record.answer = Some(answer);
        self.queue.put(done, Happening::AnswerBegins { connection, exchange });
    }

    /// The application does what was asked. When it is done; None: no answer comes of it.
    fn performs(&mut self, connection: u32, exchange: u32) -> Option<Us> {
        let done = self.now + self.work_of(exchange);
        let breaks = self.breaks(exchange);
        let record = &mut self.exchanges[exchange as usize];
        record.performed = record.performed.saturating_add(1);
        match breaks {
            Some(Breaks::NeverAnswers) => {
                record.work = Some(Span::new(self.now, Us::NEVER));
                None
            }
            Some(Breaks::ResetAfter) => {
                record.work = Some(Span::new(self.now, done));
                self.queue.put(done, Happening::Breaks { connection });
                None
            }
            Some(Breaks::ResetBefore | Breaks::EndsEarly) | None => Some(done),
        }
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
            self.release(connection);
            return; // the client has gone: nobody reads the answer
        }
        self.last_words(connection, exchange);
        let latency = self.latency(connection);
        let half = self.breaks(exchange) == Some(Breaks::EndsEarly);
        let bytes = self.exchanges[exchange as usize].answer.as_ref().map_or(0, |answer| {
            let body = if half { answer.body_bytes / 2 } else { answer.body_bytes };
            answer.response.wire_bytes() + body
        });
        let sent = self.transmits(connection, Side::Server, bytes);
        let Span { from, to } = sent;
        let arrives = self.carries(connection);
        let record = &mut self.exchanges[exchange as usize];
        record.response_sent = Some(sent);
        self.queue.put(to, Happening::AnswerLeft { connection, exchange });
        if arrives {
            record.response_received = Some(Span::new(from + latency, to + latency));
            self.queue.put(to + latency, Happening::AnswerArrives { connection, exchange });
        }
    }

    pub(super) fn answer_left(&mut self, connection: u32, exchange: u32) {
        let now = self.now;
        let Some(answer) = self.exchanges[exchange as usize].answer.clone() else {
            return;
        };
        let counts = self.hop(connection).server.counts(&self.exchanges[exchange as usize].request);
        let half = self.breaks(exchange) == Some(Breaks::EndsEarly);
        let relays = self.hop(connection).relays;
        let server = &mut self.link(connection).server;
        server.busy = relays;
        server.served += u64::from(counts);
        if server.closed || relays {
            if server.ends_with_answer && !server.closed {
                self.server_hangs_up(connection, CloseHow::Fin, vec![reasons::with_its_server()]);
            }
            return;
        }
        let after = if half { After::Close } else { answer.after };
        match after {
            After::Keep(idle) => {
                if !server.waiting.is_empty() {
                    self.begin_work(connection);
                    return;
                }
                if self.hop(connection).held_by(Held::Request) {
                    self.release(connection);
                }
                if self.refuses_stray_line(connection, exchange) {
                    return;
                }
                if self.has_no_room(connection) {
                    self.closes_for_room(connection, exchange, &answer);
                    return;
                }
                let (idle, begun) = match self.hop(connection).server.stray_line() {
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
        let rule = &self.hop(connection).server;
        if !self.has_stray_line(exchange) || rule.stray_line() != StrayLine::Refuse {
            return false;
        }
        let planned = self.planned(exchange);
        let server = &self.links[connection as usize - 1].server;
        let refusal = rule.refusal(&RequestSeen {
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
    fn has_no_room(&mut self, connection: u32) -> bool {
        let room = self.hop(connection).server.idle_room();
        room.is_some_and(|room| self.host(connection).idle >= room)
    }

    fn closes_for_room(&mut self, connection: u32, exchange: u32, answer: &Answer) {
        let because = vec![self.hop(connection).server.no_room_reason()];
        let answer = Answer { after: After::Close, because, ..answer.clone() };
        self.server_closes(connection, CloseHow::Fin, &answer);
        self.exchanges[exchange as usize].answer = Some(Rc::new(answer));
    }

    fn has_stray_line(&self, exchange: u32) -> bool {
        (exchange as usize) < self.count && self.planned(exchange).trailing_crlf
    }

    fn server_closes(&mut self, connection: u32, how: CloseHow, answer: &Answer) {
        self.link(connection).server.lingers = true;
        self.server_hangs_up(connection, how, answer.because.clone());
    }

    pub(super) fn server_clock(&mut self, connection: u32) {
        let rule = &self.hops[self.hop_of(connection)].server;
        let server = &mut self.links[connection as usize - 1].server;
        let (limit, begun) = (server.idle_limit, server.head_begun);
        let reason = match server.hangs_up.take() {
            Some(because) => because,
            None if begun => rule.head_reason(limit),
            None => rule.idle_reason(limit),
        };
        self.end_idle(connection, Side::Server, IdleEnd::Expired);
        self.server_hangs_up(connection, CloseHow::Fin, vec![reason]);
    }

    pub(super) fn fin_at_server(&mut self, connection: u32) {
        let server = &mut self.link(connection).server;
        server.closed = true;
        server.lingers = true;
        server.idle_due = Us::NEVER;
        server.waiting.clear();
        let busy = server.busy;
        self.end_idle(connection, Side::Server, IdleEnd::PeerClosed);
        if !busy {
            self.release(connection);
        }
        self.server_side_over(connection);
    }
}
