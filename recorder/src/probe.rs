//! A client that writes a scenario's exact bytes to a server and notes what comes back, and when:
//! the product `script` of the library, on real sockets.
use crate::app;
use crate::wire::{self, Answer, Head};
use keepalive::proof::{FIELDS, Seen, SeenClose, SeenConnection, SeenExchange, SeenResponse};
use keepalive::protocol::Version;
use keepalive::sim::{Planned, Scenario, Start};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// An end of the connection within this time of an answer belongs to the answer.
const GRACE_MS: u64 = 150;

/// What a reading thread reports, and when.
enum Event {
    Bytes(Vec<u8>),
    Fin,
    Reset,
}

struct Connection {
    stream: TcpStream,
    events: Receiver<(Instant, Event)>,
    bytes: Vec<u8>,
    /// Exchanges that were sent and are not answered.
    pending: Vec<usize>,
    seen: SeenConnection,
}

/// What one exchange has come to.
#[derive(Clone, Default)]
struct Progress {
    connection: Option<u32>,
    response: Option<SeenResponse>,
    /// From the beginning of the run to the last byte of the answer.
    answered_ms: Option<u64>,
    until_close: bool,
    failed: bool,
}

struct Probe<'a> {
    scenario: &'a Scenario,
    address: SocketAddr,
    begin: Instant,
    end: Instant,
    connections: Vec<Connection>,
    progress: Vec<Progress>,
}

/// Runs a scenario against a server.
///
/// # Errors
/// If a connection cannot be opened.
pub fn run(scenario: &Scenario, address: SocketAddr) -> std::io::Result<Seen> {
    let begin = Instant::now();
    let until = Duration::from_micros(scenario.until.map_or(5_000_000, |until| until.0));
    let mut probe = Probe {
        scenario,
        address,
        begin,
        end: begin + until,
        connections: Vec::new(),
        progress: vec![Progress::default(); scenario.exchanges.len()],
    };
    for index in 0..scenario.exchanges.len() {
        if !probe.send_when_due(index)? {
            break;
        }
    }
    while Instant::now() < probe.end && probe.alive() {
        probe.listen(probe.end, |_| false);
    }
    Ok(probe.report())
}

impl Probe<'_> {
    fn alive(&self) -> bool {
        self.connections.last().is_some_and(|connection| connection.seen.closed.is_none())
    }

    fn ms(&self, at: Instant) -> u64 {
        u64::try_from((at - self.begin).as_millis()).unwrap_or(u64::MAX)
    }

    /// Waits until the exchange may be sent, and sends it. False: the run ended before.
    fn send_when_due(&mut self, index: usize) -> std::io::Result<bool> {
        let planned = &self.scenario.exchanges[index];
        let Start::At(at) = planned.start else { return Ok(false) };
        let due = self.begin + Duration::from_micros(at.0);
        while Instant::now() < due.min(self.end) {
            self.listen(due.min(self.end), |_| false);
        }
        if !planned.pipeline {
            while self.alive() && self.waits() && Instant::now() < self.end {
                self.listen(self.end, |probe| !probe.waits());
            }
        }
        if Instant::now() >= self.end || self.alive() && self.waits() && !planned.pipeline {
            return Ok(false);
        }
        if !self.alive() {
            self.open()?;
        }
        self.send(index, planned);
        Ok(true)
    }

    fn waits(&self) -> bool {
        self.connections.last().is_some_and(|connection| !connection.pending.is_empty())
    }

    fn open(&mut self) -> std::io::Result<()> {
        let stream = TcpStream::connect(self.address)?;
        stream.set_nodelay(true)?;
        let mut reading = stream.try_clone()?;
        let (sender, events) = channel();
        thread::spawn(move || {
            let mut piece = vec![0; 64 * 1024];
            loop {
                let event = match reading.read(&mut piece) {
                    Ok(0) => Event::Fin,
                    Ok(bytes) => Event::Bytes(piece[..bytes].to_vec()),
                    Err(_) => Event::Reset,
                };
                let last = !matches!(event, Event::Bytes(_));
                if sender.send((Instant::now(), event)).is_err() || last {
                    return;
                }
            }
        });
        let number = u32::try_from(self.connections.len() + 1).unwrap_or(u32::MAX);
        let opened_ms = self.ms(Instant::now());
        let seen =
            SeenConnection { connection: number, opened_ms, exchanges: Vec::new(), closed: None };
        self.connections.push(Connection {
            stream,
            events,
            bytes: Vec::new(),
            pending: Vec::new(),
            seen,
        });
        Ok(())
    }

    fn send(&mut self, index: usize, planned: &Planned) {
        let Some(connection) = self.connections.last_mut() else { return };
        let mut request = planned.request.clone();
        if request.target == "/" {
            request.target = app::target(&planned.app);
        }
        let mut bytes = request.wire().into_bytes();
        bytes.resize(bytes.len() + usize::try_from(planned.body_bytes).unwrap_or(0), b'x');
        if planned.trailing_crlf {
            bytes.extend_from_slice(b"\r\n");
        }
        connection.pending.push(index);
        connection.seen.exchanges.push(u32::try_from(index).unwrap_or(u32::MAX));
        self.progress[index].connection = Some(connection.seen.connection);
        // A server that has closed meanwhile shows in what is read.
        let _ = connection.stream.write_all(&bytes);
    }

    /// Takes what the last connection brings, until `until` or `enough`.
    fn listen(&mut self, until: Instant, enough: impl Fn(&Self) -> bool) {
        while !enough(self) {
            let wait = until.saturating_duration_since(Instant::now());
            let open =
                self.connections.last().filter(|connection| connection.seen.closed.is_none());
            let Some(connection) = open else {
                thread::sleep(wait);
                return;
            };
            match connection.events.recv_timeout(wait) {
                Ok((at, event)) => self.take(at, event),
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => self.take(Instant::now(), Event::Fin),
            }
        }
    }

    fn take(&mut self, at: Instant, event: Event) {
        let ms = self.ms(at);
        let how = match event {
            Event::Bytes(bytes) => {
                if let Some(connection) = self.connections.last_mut() {
                    connection.bytes.extend_from_slice(&bytes);
                }
                return self.answers(ms);
            }
            Event::Fin => "fin",
            Event::Reset => "rst",
        };
        self.answers(ms);
        let Some(connection) = self.connections.last_mut() else { return };
        if let Some(&index) = connection.pending.first() {
            let request = &self.scenario.exchanges[index].request;
            // An answer of HTTP/0.9 with an empty body is nothing but the end.
            let nothing = connection.bytes.is_empty() && request.version == Version::Http09;
            let answer = wire::answer(&connection.bytes, &request.method);
            let answer = if nothing { Answer::UntilClose(None) } else { answer };
            if let Answer::UntilClose(head) = answer
                && (nothing || !connection.bytes.is_empty())
                && how == "fin"
            {
                self.progress[index].response = Some(response(head.as_ref()));
                self.progress[index].answered_ms = Some(ms);
                self.progress[index].until_close = true;
                connection.pending.remove(0);
            }
        }
        for index in connection.pending.drain(..) {
            self.progress[index].failed = true;
        }
        connection.seen.closed =
            Some(SeenClose { at_ms: ms, by: "server".into(), how: how.into() });
        let _ = connection.stream.shutdown(Shutdown::Both);
    }

    /// Takes whole answers from the bytes that are there.
    fn answers(&mut self, ms: u64) {
        let Some(connection) = self.connections.last_mut() else { return };
        while let Some(&index) = connection.pending.first() {
            let planned = &self.scenario.exchanges[index];
            if connection.bytes.is_empty() {
                return;
            }
            let Answer::Whole(head, bytes) =
                wire::answer(&connection.bytes, &planned.request.method)
            else {
                return;
            };
            connection.bytes.drain(..bytes);
            connection.pending.remove(0);
            self.progress[index].response = Some(response(Some(&head)));
            self.progress[index].answered_ms = Some(ms);
        }
    }

    fn report(self) -> Seen {
        let exchange = |(index, progress): (usize, &Progress)| {
            let connection =
                progress.connection.and_then(|number| self.connections.get(number as usize - 1));
            let outcome = match (&progress.response, progress.failed) {
                (Some(_), _) => "answered",
                (None, true) => "failed",
                (None, false) => "unanswered",
            };
            SeenExchange {
                index,
                connection: progress.connection,
                outcome: outcome.into(),
                response: progress.response.clone(),
                persist: progress.answered_ms.zip(connection).map(|(at, connection)| {
                    !progress.until_close && self.stays(index, at, &connection.seen)
                }),
                request: None,
            }
        };
        let exchanges = self.progress.iter().enumerate().map(exchange).collect();
        Seen {
            exchanges,
            connections: self.connections.into_iter().map(|connection| connection.seen).collect(),
        }
    }

    /// Did the connection stay open after the answer to this exchange?
    fn stays(&self, index: usize, answered_ms: u64, connection: &SeenConnection) -> bool {
        let later = |other: &&u32| {
            **other as usize > index && self.progress[**other as usize].response.is_some()
        };
        if connection.exchanges.iter().any(|other| later(&other)) {
            return true;
        }
        connection.closed.as_ref().is_none_or(|close| close.at_ms > answered_ms + GRACE_MS)
    }
}

fn response(head: Option<&Head>) -> SeenResponse {
    let Some(head) = head else {
        return SeenResponse { version: "HTTP/0.9".into(), status: 200, headers: Vec::new() };
    };
    let version = head.line.split(' ').next().unwrap_or_default();
    SeenResponse {
        version: Version::parse(version).to_string(),
        status: wire::status(head),
        headers: concerning(&head.headers),
    }
}

/// The fields that are written down.
pub fn concerning(headers: &[(String, String)]) -> Vec<(String, String)> {
    let wanted =
        |(name, _): &&(String, String)| FIELDS.contains(&name.to_ascii_lowercase().as_str());
    headers.iter().filter(wanted).cloned().collect()
}
