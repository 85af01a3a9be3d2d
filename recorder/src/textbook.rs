//! A server for recorded clients: what it answers and when it closes is decided by the library's
//! textbook rule, so that the same scenario can be predicted. A client asks for exchange N of the
//! case with the target `/N`.
use crate::case::Case;
use crate::origin::request;
use crate::probe::concerning;
use crate::relay;
use crate::wire::Head;
use keepalive::profile::{After, Chosen, Config, Content, MakeRule, RequestSeen, ServerRule};
use keepalive::proof::{Seen, SeenClose, SeenConnection, SeenExchange, SeenRequest, SeenResponse};
use keepalive::protocol::{Framing, Headers, Request, Version};
use keepalive::sim::Planned;
use keepalive::time::Us;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// An end of the connection within this time of an answer belongs to the answer.
const GRACE_MS: u64 = 150;

/// The server of one case; it notes what comes.
pub struct Textbook {
    pub port: u16,
    begin: Instant,
    notes: Arc<Mutex<Notes>>,
}

#[derive(Default)]
struct Notes {
    connections: Vec<SeenConnection>,
    exchanges: Vec<Noted>,
    /// The run is over: what happens now is no longer noted.
    over: bool,
}

#[derive(Clone, Default)]
struct Noted {
    connection: Option<u32>,
    /// How often it was asked for.
    tries: u32,
    request: Option<SeenRequest>,
    response: Option<SeenResponse>,
    answered_ms: Option<u64>,
    ends_with_connection: bool,
}

/// What a thread needs to serve one connection.
struct Session {
    case: Case,
    begin: Instant,
    notes: Arc<Mutex<Notes>>,
    number: u32,
}

impl Textbook {
    /// Listens on a free port of the loopback. The run begins now.
    ///
    /// # Errors
    /// If no port can be had, or the case's server is no textbook server.
    pub fn start(case: &Case) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let mut port = listener.local_addr().map_err(|error| error.to_string())?.port();
        let rtt = Duration::from_micros(case.scenario.network.rtt.0);
        if rtt > Duration::ZERO {
            port = relay::before(port, rtt)?;
        }
        drop(rule(case)?);
        let exchanges = vec![Noted::default(); case.scenario.exchanges.len()];
        let notes = Arc::new(Mutex::new(Notes { exchanges, ..Notes::default() }));
        let begin = Instant::now();
        let (case, shared) = (case.clone(), Arc::clone(&notes));
        thread::spawn(move || {
            for (index, stream) in listener.incoming().flatten().enumerate() {
                let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
                let session =
                    Session { case: case.clone(), begin, notes: Arc::clone(&shared), number };
                session.note(|notes, ms| {
                    notes.connections.push(SeenConnection {
                        connection: number,
                        opened_ms: ms,
                        exchanges: Vec::new(),
                        closed: None,
                    });
                });
                thread::spawn(move || session.serve(stream));
            }
        });
        Ok(Self { port, begin, notes })
    }

    /// [`Textbook::finish`] without the answers, which are the library's own.
    pub fn finish_client(self) -> Seen {
        let mut seen = self.finish();
        for exchange in &mut seen.exchanges {
            exchange.response = None;
        }
        seen
    }

    /// Since the run began.
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// Ends the run, and says what was seen. Connections nothing was asked on are left out: a
    /// client that opens one for later has not used it.
    pub fn finish(self) -> Seen {
        let Ok(mut notes) = self.notes.lock() else { return Seen::default() };
        notes.over = true;
        let exchanges = notes
            .exchanges
            .iter()
            .enumerate()
            .map(|(index, noted)| seen(index, noted, &notes.exchanges, &notes.connections))
            .collect();
        let used = notes.connections.iter().filter(|connection| !connection.exchanges.is_empty());
        Seen { exchanges, connections: used.cloned().collect() }
    }
}

fn rule(case: &Case) -> Result<Box<dyn ServerRule>, String> {
    rule_of(&case.scenario.server)
}

/// The rule of a server product.
///
/// # Errors
/// If it is none.
pub fn rule_of(chosen: &Chosen) -> Result<Box<dyn ServerRule>, String> {
    let config = Config::parse(chosen).map_err(|error| error.to_string())?;
    match config.product.rule {
        MakeRule::Server(make) => make(&config).map_err(|error| error.to_string()),
        MakeRule::Client(_) => Err("the server of a case is a server".into()),
    }
}

fn seen(
    index: usize,
    noted: &Noted,
    all: &[Noted],
    connections: &[SeenConnection],
) -> SeenExchange {
    let outcome = match (&noted.response, noted.tries) {
        (Some(_), 1) => "answered",
        (Some(_), _) => "retried",
        (None, 0) => "unanswered",
        (None, _) => "failed",
    };
    let connection = connections.iter().find(|one| Some(one.connection) == noted.connection);
    let persist = noted.answered_ms.zip(connection).map(|(at, connection)| {
        // One that was sent on a closed connection says nothing.
        let answered = |later: &&u32| {
            **later as usize > index
                && all.get(**later as usize).is_some_and(|later| {
                    later.connection == noted.connection && later.response.is_some()
                })
        };
        let closed = connection.closed.as_ref();
        !noted.ends_with_connection
            && (connection.exchanges.iter().any(|later| answered(&later))
                || closed.is_none_or(|close| close.at_ms > at + GRACE_MS))
    });
    SeenExchange {
        index,
        connection: noted.connection,
        outcome: outcome.into(),
        response: noted.response.clone(),
        persist,
        request: noted.request.clone(),
    }
}

impl Session {
    fn note(&self, change: impl FnOnce(&mut Notes, u64)) {
        let ms = u64::try_from(self.begin.elapsed().as_millis()).unwrap_or(u64::MAX);
        if let Ok(mut notes) = self.notes.lock()
            && !notes.over
        {
            change(&mut notes, ms);
        }
    }

    fn closed(&self, by: &str, how: &str) {
        self.note(|notes, ms| {
            let own = notes.connections.iter_mut().find(|one| one.connection == self.number);
            if let Some(connection) = own.filter(|connection| connection.closed.is_none()) {
                connection.closed = Some(SeenClose { at_ms: ms, by: by.into(), how: how.into() });
            }
        });
    }

    fn serve(self, mut stream: TcpStream) {
        let Ok(rule) = rule(&self.case) else { return };
        match self.exchanges(&mut stream, rule.as_ref()) {
            Ok(true) => self.closed("server", "fin"),
            Ok(false) => self.closed("client", "fin"),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                self.closed("server", "fin");
            }
            Err(_) => self.closed("client", "rst"),
        }
        let _ = stream.shutdown(Shutdown::Write);
        // Whoever closes first may still be sent something; an end without a read would reset it.
        // A request that comes now is a first try in vain.
        let until = Duration::from_micros(self.case.scenario.until.map_or(0, |until| until.0));
        let rest = until.saturating_sub(self.begin.elapsed()).max(Duration::from_secs(5));
        let _ = stream.set_read_timeout(Some(rest));
        let mut bytes = Vec::new();
        while let Ok(Some(head)) = request(&mut stream, &mut bytes) {
            if let Some(index) = index_of(&head).filter(|index| *index < self.count()) {
                self.came(index, &head);
            }
        }
    }

    fn count(&self) -> usize {
        self.case.scenario.exchanges.len()
    }

    /// True: the server closes. False: the client has closed.
    fn exchanges(&self, stream: &mut TcpStream, rule: &dyn ServerRule) -> io::Result<bool> {
        stream.set_nodelay(true)?;
        let mut bytes = Vec::new();
        let mut served = 0;
        while let Some(head) = request(stream, &mut bytes)? {
            let index = index_of(&head).unwrap_or(usize::MAX);
            let Some(planned) = self.case.scenario.exchanges.get(index) else { return Ok(true) };
            self.came(index, &head);
            let request = composed(&head);
            let seen = RequestSeen {
                request: &request,
                body_bytes: head.length().unwrap_or(0) as u64,
                app: &planned.app,
                served,
                age: Us(u64::try_from(self.begin.elapsed().as_micros()).unwrap_or(0)),
                pipelined: !bytes.is_empty(),
            };
            let answer = rule.answer(&seen);
            sleep(Duration::from_micros(planned.app.after.0));
            write(stream, planned, &answer)?;
            served += 1;
            let ends = answer.framing == Framing::CloseDelimited;
            self.answered(index, &answer, ends);
            match answer.after {
                After::Keep(idle) => {
                    let limit = idle.limit.map(|limit| Duration::from_micros(limit.0.max(1)));
                    stream.set_read_timeout(limit)?;
                }
                _ => return Ok(true),
            }
        }
        Ok(false)
    }

    fn came(&self, index: usize, head: &Head) {
        self.note(|notes, _| {
            let Some(noted) = notes.exchanges.get_mut(index) else { return };
            noted.tries += 1;
            noted.connection = Some(self.number);
            let version = head.line.rsplit(' ').next().unwrap_or_default().to_owned();
            noted.request = Some(SeenRequest { version, headers: concerning(&head.headers) });
            let own = notes.connections.iter_mut().find(|one| one.connection == self.number);
            if let Some(connection) = own {
                connection.exchanges.push(u32::try_from(index).unwrap_or(u32::MAX));
            }
        });
    }

    fn answered(&self, index: usize, answer: &keepalive::profile::Answer, ends: bool) {
        self.note(|notes, ms| {
            let noted = &mut notes.exchanges[index];
            noted.answered_ms = Some(ms);
            noted.ends_with_connection = ends;
            let pairs: Vec<_> = answer
                .response
                .headers
                .iter()
                .map(|field| (field.name.clone(), field.value.clone()))
                .collect();
            noted.response = Some(SeenResponse {
                version: answer.response.version.to_string(),
                status: answer.response.status,
                headers: concerning(&pairs),
            });
        });
    }
}

/// Which exchange a request is for.
pub fn index_of(head: &Head) -> Option<usize> {
    head.line.split(' ').nth(1)?.trim_start_matches('/').parse().ok()
}

/// The request as the library knows it.
pub fn composed(head: &Head) -> Request {
    let mut words = head.line.split(' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (method, target, version) = (word(), word(), word());
    let headers = Headers::from_pairs(head.headers.clone());
    Request { method, target, version: Version::parse(&version), headers }
}

/// Writes an answer with its body.
///
/// # Errors
/// If the other side is gone.
pub fn write(
    stream: &mut TcpStream,
    planned: &Planned,
    answer: &keepalive::profile::Answer,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    if answer.response.version != Version::Http09 {
        bytes.extend_from_slice(answer.response.wire().as_bytes());
    }
    let body = planned.app.content.bytes();
    match answer.framing {
        Framing::None => {}
        Framing::Chunked if matches!(planned.app.content, Content::Empty) || body == 0 => {
            bytes.extend_from_slice(b"0\r\n\r\n");
        }
        Framing::Chunked => {
            bytes.extend_from_slice(format!("{body:x}\r\n").as_bytes());
            io::repeat(b'x').take(body).read_to_end(&mut bytes)?;
            bytes.extend_from_slice(b"\r\n0\r\n\r\n");
        }
        _ => {
            io::repeat(b'x').take(body).read_to_end(&mut bytes)?;
        }
    }
    stream.write_all(&bytes)
}
