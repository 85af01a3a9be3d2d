//! The server behind a proxy that is recorded: a textbook server which notes on which connection each
//! request came, what it said, and who closed. A client asks for exchange N of the case with `/N`.
use crate::origin::request;
use crate::textbook::{composed, index_of, rule_of, write};
use crate::wire::{self, Head};
use keepalive::profile::{After, RequestSeen};
use keepalive::proof::upstream::{Carried, Told};
use keepalive::sim::{Breaks, Scenario};
use keepalive::time::Us;
use std::io::{self, ErrorKind, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// The server of one case.
pub struct Behind {
    pub port: u16,
    notes: Arc<Mutex<Notes>>,
}

struct Notes {
    /// When the run began; until then nothing is noted.
    begin: Option<Instant>,
    over: bool,
    connections: Vec<Carried>,
    asked: Vec<Option<String>>,
    tries: Vec<u32>,
}

struct Session {
    scenario: Scenario,
    notes: Arc<Mutex<Notes>>,
    number: usize,
    accepted: Instant,
}

impl Behind {
    /// Listens on a free port of the loopback.
    ///
    /// # Errors
    /// If no port can be had.
    pub fn start(scenario: &Scenario) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let count = scenario.exchanges.len();
        let notes = Arc::new(Mutex::new(Notes {
            begin: None,
            over: false,
            connections: Vec::new(),
            asked: vec![None; count],
            tries: vec![0; count],
        }));
        let (scenario, shared) = (scenario.clone(), Arc::clone(&notes));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let Ok(mut notes) = shared.lock() else { return };
                notes.connections.push(Carried(Vec::new(), "open".into(), 0));
                let session = Session {
                    scenario: scenario.clone(),
                    notes: Arc::clone(&shared),
                    number: notes.connections.len() - 1,
                    accepted: Instant::now(),
                };
                drop(notes);
                thread::spawn(move || session.serve(stream));
            }
        });
        Ok(Self { port, notes })
    }

    /// The run begins now.
    pub fn begin(&self) {
        if let Ok(mut notes) = self.notes.lock() {
            notes.begin = Some(Instant::now());
        }
    }

    /// Ends the run, and says what was seen; what the clients got is still missing.
    pub fn finish(self) -> Told {
        let Ok(mut notes) = self.notes.lock() else {
            return Told { got: Vec::new(), asked: Vec::new(), up: Vec::new() };
        };
        notes.over = true;
        let used = notes.connections.iter().filter(|one| !one.0.is_empty());
        Told {
            got: Vec::new(),
            asked: notes.asked.iter().flatten().cloned().collect(),
            up: used.cloned().collect(),
        }
    }
}

impl Session {
    fn note(&self, change: impl FnOnce(&mut Notes, u64)) {
        if let Ok(mut notes) = self.notes.lock()
            && !notes.over
        {
            let since = notes.begin.map_or(Duration::ZERO, |begin| begin.elapsed());
            change(&mut notes, u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        }
    }

    fn closed(&self, by: &str) {
        self.note(|notes, ms| {
            let own = &mut notes.connections[self.number];
            if own.1 == "open" {
                own.1 = by.into();
                own.2 = ms;
            }
        });
    }

    fn serve(self, mut stream: TcpStream) {
        match self.exchanges(&mut stream) {
            Ok(true) => self.closed("server"),
            Ok(false) => self.closed("proxy"),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.closed("server");
            }
            // Dropped with a request that nobody has read: the system sends a reset.
            Err(error) if error.kind() == ErrorKind::ConnectionAborted => {
                return self.closed("server");
            }
            Err(_) => self.closed("proxy"),
        }
        let _ = stream.shutdown(Shutdown::Write);
        // Whoever closes first may still be sent something; an end without a read would reset it.
        let _ = stream.set_read_timeout(Some(Duration::from_secs(3)));
        let mut bytes = Vec::new();
        while let Ok(Some(head)) = request(&mut stream, &mut bytes) {
            self.came(&head);
        }
    }

    /// True: the server closes. False: the proxy has closed.
    fn exchanges(&self, stream: &mut TcpStream) -> io::Result<bool> {
        stream.set_nodelay(true)?;
        let Ok(rule) = rule_of(&self.scenario.server) else { return Ok(true) };
        let mut bytes = Vec::new();
        let mut served = 0;
        loop {
            if bytes.is_empty() && self.is_reset(peeked(stream)?.as_ref()) {
                return Err(ErrorKind::ConnectionAborted.into());
            }
            let Some(head) = request(stream, &mut bytes)? else { return Ok(false) };
            let Some((index, first)) = self.came(&head) else { return Ok(true) };
            let planned = &self.scenario.exchanges[index];
            if planned.breaks == Some(Breaks::NeverAnswers) {
                stream.set_read_timeout(Some(Duration::from_secs(60)))?;
                continue;
            }
            let asked = composed(&head);
            let seen = RequestSeen {
                request: &asked,
                body_bytes: head.length().unwrap_or(0) as u64,
                app: &planned.app,
                served,
                age: Us(u64::try_from(self.accepted.elapsed().as_micros()).unwrap_or(0)),
                pipelined: !bytes.is_empty(),
            };
            let answer = rule.answer(&seen);
            sleep(Duration::from_micros(planned.app.after.0));
            if planned.breaks == Some(Breaks::EndsEarly) && first {
                stream.write_all(answer.response.wire().as_bytes())?;
                return Ok(true);
            }
            write(stream, planned, &answer)?;
            served += 1;
            match answer.after {
                After::Keep(idle) => {
                    let limit = idle.limit.map(|limit| Duration::from_micros(limit.0.max(1)));
                    stream.set_read_timeout(limit)?;
                }
                _ => return Ok(true),
            }
        }
    }

    /// Is this the first try of an exchange that is to be reset?
    fn is_reset(&self, head: Option<&Head>) -> bool {
        let Some(head) = head else { return false };
        let planned = index_of(head).and_then(|index| self.scenario.exchanges.get(index));
        planned.is_some_and(|planned| planned.breaks == Some(Breaks::ResetBefore))
            && self.is_first(head)
            && self.came(head).is_some()
    }

    fn is_first(&self, head: &Head) -> bool {
        let index = index_of(head).unwrap_or(usize::MAX);
        self.notes.lock().is_ok_and(|notes| notes.tries.get(index) == Some(&0))
    }

    /// Which exchange it is, and whether this is the first try.
    fn came(&self, head: &Head) -> Option<(usize, bool)> {
        let index = index_of(head).filter(|index| *index < self.scenario.exchanges.len())?;
        let version = head.line.rsplit(' ').next().unwrap_or_default();
        let says = head.first("connection").unwrap_or("-").to_ascii_lowercase();
        let mut first = true;
        self.note(|notes, _| {
            notes.asked[index] = Some(format!("{version} {says}"));
            notes.tries[index] += 1;
            first = notes.tries[index] == 1;
            notes.connections[self.number].0.push(u32::try_from(index).unwrap_or(u32::MAX));
        });
        Some((index, first))
    }
}

/// What stands at the beginning of the stream, left there.
fn peeked(stream: &TcpStream) -> io::Result<Option<Head>> {
    let mut piece = vec![0; 16 * 1024];
    loop {
        let bytes = stream.peek(&mut piece)?;
        let head = wire::head(&piece[..bytes]);
        if bytes == 0 || head.is_some() {
            return Ok(head);
        }
        sleep(Duration::from_millis(1));
    }
}
