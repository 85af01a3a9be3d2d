//! What a proxy does between its two hops: it forwards requests and passes answers on. It has the
//! whole request before it asks the server, and the whole answer before it answers.
use super::{Engine, Exchange, Failure, Happening, Pool, Rc, Side, Span, reasons};
use crate::profile::server::shared::upstream::end_to_end;
use crate::profile::{Answer, App, Content, NoAnswer, RequestSeen, Shares};
use crate::protocol::{Framing, Headers};
use crate::sim::Outcome;
use crate::sim::timeline::CloseHow;
use crate::time::Us;

/// Bytes of the text that a proxy sends with an error of its own, about.
const ERROR_TEXT: u64 = 150;

impl Engine<'_> {
    /// The proxy asks the server what it was asked.
    pub(super) fn forward(&mut self, connection: u32, exchange: u32) {
        let now = self.now;
        self.exchanges[exchange as usize].work = Some(Span::new(now, Us::NEVER));
        let request = self.forwarded_request(exchange);
        let pool = self.slot(connection);
        let asks = exchange as usize + self.count;
        let number = u32::try_from(asks).unwrap_or(u32::MAX);
        self.forgets_first_try(number);
        // What was done for a first try stays done.
        let performed = self.exchanges[asks].performed;
        self.exchanges[asks] =
            Exchange { wanted: Some(now), performed, ..Exchange::planned(request, pool) };
        let pool = pool as usize;
        self.hops[1].pools[pool].pending.push_back(number);
        self.dispatch(1, pool);
    }

    /// The client has sent its request again while the proxy was still busy with the first try: that
    /// one is dropped, and the connection on which it was closed.
    fn forgets_first_try(&mut self, asks: u32) {
        let record = &self.exchanges[asks as usize];
        if record.wanted.is_none() || record.outcome != Outcome::Unanswered {
            return;
        }
        let (pool, connection) = (record.client as usize, record.connection);
        self.hops[1].pools[pool].pending.retain(|&waiting| waiting != asks);
        if let Some(link) = self.links.iter_mut().find(|link| link.client.opened_for == Some(asks))
        {
            link.client.opened_for = None;
            self.hops[1].pools[pool].opening += 1;
        }
        if let Some(connection) = connection.filter(|&id| self.waits_for(id, asks)) {
            self.link(connection).client.outstanding.clear();
            self.client_closes(connection, vec![reasons::with_its_client()]);
        }
    }

    /// Is it an exchange of a client's own, and not one that a proxy has because of it?
    pub(super) fn is_asked(&self, exchange: u32) -> bool {
        (exchange as usize) < self.count
    }

    /// The request as the proxy sends it. Many are alike: the last one is kept.
    fn forwarded_request(&mut self, exchange: u32) -> Rc<crate::protocol::Request> {
        let asked = Rc::clone(&self.exchanges[exchange as usize].request);
        let place = exchange as usize % self.scenario.exchanges.len();
        if let Some((before, sent)) = &self.forwarded[place]
            && Rc::ptr_eq(before, &asked)
        {
            return Rc::clone(sent);
        }
        let body_bytes = self.planned(exchange).body_bytes;
        let sent = self.hops[1].client.rewrite_with_body(&asked, body_bytes);
        let sent = sent.map_or_else(|| Rc::clone(&asked), Rc::new);
        self.forwarded[place] = Some((asked, Rc::clone(&sent)));
        sent
    }

    /// The pool of the proxy that serves a client's connection: one for all, or that of the process
    /// which has the connection.
    fn slot(&mut self, connection: u32) -> u32 {
        let Some(processes) = self.hops[1].client.processes() else { return 0 };
        if let Some(slot) = self.link(connection).process {
            return slot;
        }
        let slot = if processes.one_each {
            self.waiting_process(processes.at_start)
        } else {
            let taken = self.slots.len();
            taken.checked_rem(processes.at_start as usize).unwrap_or(0)
        };
        if processes.one_each && slot < self.slots.len() {
            self.slots[slot] = connection;
        } else {
            self.slots.push(connection);
        }
        while self.hops[1].pools.len() <= slot {
            self.hops[1].pools.push(Pool::default());
        }
        let slot = u32::try_from(slot).unwrap_or(0);
        self.link(connection).process = Some(slot);
        slot
    }

    /// Of the processes that serve no client: the one that has waited longest, or another one.
    fn waiting_process(&self, at_start: u32) -> usize {
        if self.slots.len() < at_start as usize {
            return self.slots.len(); // it has had nothing to do yet
        }
        let since = |id: u32| {
            let link = &self.links[id as usize - 1];
            let close = link.seen.close.as_ref().filter(|_| link.server.closed)?;
            Some(close.known)
        };
        let free = self.slots.iter().enumerate().filter_map(|(slot, &id)| Some((since(id)?, slot)));
        free.min().map_or(self.slots.len(), |(_, slot)| slot)
    }

    /// May this request go on this connection to the server, by `http-reuse`?
    pub(super) fn may_share(&self, exchange: u32, id: u32) -> bool {
        if self.is_asked(exchange) {
            return true; // a client's own requests
        }
        let link = &self.links[id as usize - 1];
        let Some(session) = self.exchanges[self.plain(exchange) as usize].connection else {
            return true;
        };
        let own = link.owner == session;
        let first = self.links[session as usize - 1].seen.exchanges.len() <= 1;
        match self.hops[1].habits.shares {
            Shares::Always => true,
            Shares::Aggressive => own || !first || link.client.answers > 1,
            Shares::Safe => own || !first,
            Shares::Never => own || link.owner == 0,
        }
    }

    /// A connection to the server carries a request of this client's connection.
    pub(super) fn takes_over(&mut self, connection: u32, exchange: u32) {
        if self.is_asked(exchange) {
            return;
        }
        let asked = self.plain(exchange) as usize;
        let owner = self.exchanges[asked].connection.unwrap_or(0);
        let before = std::mem::replace(&mut self.link(connection).owner, owner);
        if owner > 0 && owner != before {
            self.link(owner).owned.push(connection);
        }
    }

    /// The server has answered the proxy, or will not.
    pub(super) fn upstream_over(&mut self, asks: u32) {
        let exchange = self.plain(asks);
        let record = &self.exchanges[asks as usize];
        let (app, why) = match (record.outcome, record.answer.clone()) {
            (Outcome::Answered | Outcome::Retried, Some(answer)) => {
                (self.passed_on(answer, &self.planned(asks).app), None)
            }
            _ => gateway_error(record.failure),
        };
        let Some(connection) = self.exchanges[exchange as usize].connection else { return };
        if self.link(connection).server.closed {
            self.release(connection);
            return; // the client has gone
        }
        let (now, link) = (self.now, &self.links[connection as usize - 1]);
        let began = self.exchanges[exchange as usize].work.map_or(now, |work| work.from);
        let seen_request = &self.exchanges[exchange as usize].request;
        let seen = RequestSeen {
            request: seen_request,
            body_bytes: self.planned(exchange).body_bytes,
            app: &app,
            served: link.server.served,
            age: began - link.server.accepted,
            pipelined: !link.server.waiting.is_empty(),
        };
        let hop = &mut self.hops[0];
        let answer = match why {
            None => Some(hop.memo.answer(&*hop.server, seen_request, &seen)),
            Some(why) => hop.server.gateway_error(&seen, why).map(Rc::new),
        };
        self.exchanges[exchange as usize].work = Some(Span::new(began, now));
        match answer {
            Some(answer) => {
                self.exchanges[exchange as usize].answer = Some(answer);
                // Who only relays has nothing left to relay behind an error of its own.
                let relays = self.hops[0].relays;
                self.link(connection).server.ends_with_answer |= relays && why.is_some();
                self.queue.put(now, Happening::AnswerBegins { connection, exchange });
            }
            None => {
                self.server_hangs_up(connection, CloseHow::Fin, vec![reasons::no_answer()]);
            }
        }
    }

    /// What the proxy has to pass on. Many answers are one and the same: the last one is kept.
    fn passed_on(&mut self, answer: Rc<Answer>, app: &App) -> Rc<App> {
        if let Some((before, asked, passed)) = &self.passed
            && Rc::ptr_eq(before, &answer)
            && asked == app
        {
            return Rc::clone(passed);
        }
        let passed = Rc::new(passed_on(&answer, app, self.hops[0].relays));
        self.passed = Some((answer, app.clone(), Rc::clone(&passed)));
        passed
    }

    /// The server's side of a client's connection to the proxy is over: what served only that
    /// connection is closed with it.
    pub(super) fn server_side_over(&mut self, connection: u32) {
        let alone = self.hops.len() > 1
            && self.hop_of(connection) == 0
            && (self.hops[0].relays || self.hops[1].habits.shares == Shares::Never);
        if !alone {
            return;
        }
        for id in std::mem::take(&mut self.link(connection).owned) {
            let link = self.link(id);
            if link.owner != connection || link.client.state == super::ClientState::Closed {
                continue;
            }
            self.end_idle(id, Side::Client, super::IdleEnd::Cut);
            self.client_closes(id, vec![reasons::with_its_client()]);
        }
    }

    /// The server has closed: a proxy that only relays closes its client's connection in turn.
    pub(super) fn relays_close(&mut self, connection: u32) {
        let owner = self.link(connection).owner;
        if owner == 0 || !self.hops[0].relays || self.link(owner).server.closed {
            return;
        }
        let now = self.now;
        let is_leaving = |&exchange: &u32| {
            let record = &self.exchanges[exchange as usize];
            record.answer.is_some() && record.response_sent.is_none_or(|sent| sent.to >= now)
        };
        if self.links[owner as usize - 1].seen.exchanges.iter().any(is_leaving) {
            self.link(owner).server.ends_with_answer = true;
        } else {
            self.server_hangs_up(owner, CloseHow::Fin, vec![reasons::with_its_server()]);
        }
    }
}

/// The server's answer, as what the proxy has to pass on.
fn passed_on(answer: &Answer, app: &App, relays: bool) -> App {
    let headers = &answer.response.headers;
    // What is only relayed keeps what the server says about its own connection.
    let mut headers = if relays { headers.clone() } else { end_to_end(headers) };
    let length = headers.first("Content-Length").and_then(|length| length.trim().parse().ok());
    headers.remove("Content-Length"); // the proxy states it anew
    let bytes =
        if answer.response.status == app.status { app.content.bytes() } else { answer.body_bytes };
    App {
        status: answer.response.status,
        content: match answer.framing {
            Framing::ContentLength(bytes) => Content::Known(bytes),
            Framing::Chunked | Framing::CloseDelimited => Content::Streamed(bytes),
            // An answer to HEAD tells the length of what it leaves out.
            Framing::None | Framing::Invalid => length.map_or(Content::Empty, Content::Known),
        },
        headers,
        after: Us::ZERO,
    }
}

fn gateway_error(failure: Option<Failure>) -> (Rc<App>, Option<NoAnswer>) {
    let (status, why) = match failure {
        Some(Failure::GaveUp) => (504, NoAnswer::TooLate),
        Some(Failure::Refused | Failure::NoPort | Failure::OneConnection) => {
            (502, NoAnswer::Unreachable)
        }
        Some(Failure::Lost | Failure::CutShort) | None => (502, NoAnswer::Lost),
    };
    let content = Content::Known(ERROR_TEXT);
    let app = App { status, content, headers: Headers::new(), after: Us::ZERO };
    (Rc::new(app), Some(why))
}
