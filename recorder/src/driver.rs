//! Drives a client program of ours: it says that it is ready, takes one line of JSON with what to
//! send and when, and is ended from outside. What it could not send it says: `failed 2`.
use crate::case::Case;
use crate::textbook::Textbook;
use keepalive::proof::Seen;
use keepalive::sim::{Planned, Start};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::thread::{self, sleep};
use std::time::Duration;

/// How long the program may take until it is ready.
const START: Duration = Duration::from_secs(30);

/// Runs the program on one case, and says what the server saw.
///
/// # Errors
/// If it cannot be started or is not ready in time.
pub fn drive(case: &Case, mut command: Command) -> Result<Seen, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("{name}: {error}"))?;
    let lines = child.stdout.take().map(|out| {
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        lines
    });
    let ready = lines.as_ref().and_then(|lines| lines.recv_timeout(START).ok());
    let seen = match (ready.as_deref(), child.stdin.take()) {
        (Some("ready"), Some(mut input)) => watch(case, &mut input),
        _ => Err(format!("{name} ended before it was ready")),
    };
    let failed: Vec<usize> = lines
        .into_iter()
        .flat_map(|lines| lines.try_iter().collect::<Vec<_>>())
        .filter_map(|line| line.strip_prefix("failed ")?.parse().ok())
        .collect();
    let _ = child.kill();
    let _ = child.wait();
    seen.map(|mut seen| {
        for exchange in &mut seen.exchanges {
            if exchange.outcome == "unanswered" && failed.contains(&exchange.index) {
                exchange.outcome = "failed".into();
            }
        }
        seen
    })
}

fn watch(case: &Case, input: &mut impl Write) -> Result<Seen, String> {
    let server = Textbook::start(case)?;
    writeln!(input, "{}", job(case, server.port)).map_err(|error| error.to_string())?;
    let until = Duration::from_micros(case.scenario.until.map_or(0, |until| until.0));
    sleep(until.saturating_sub(server.elapsed()));
    Ok(server.finish_client())
}

/// What is to be sent, and with which settings.
pub fn job(case: &Case, port: u16) -> Value {
    let one = |(index, planned): (usize, &Planned)| {
        let at = match planned.start {
            Start::At(at) => at.0 / 1_000,
            Start::After { .. } => 0,
        };
        let headers: Vec<Value> = planned
            .request
            .headers
            .iter()
            .filter(|field| !field.is("host") && !field.is("content-length"))
            .map(|field| json!([field.name, field.value]))
            .collect();
        json!({
            "at": at,
            "method": planned.request.method,
            "version": planned.request.version.to_string(),
            "target": format!("/{index}"),
            "headers": headers,
            "body": planned.body_bytes,
        })
    };
    let exchanges: Vec<Value> = case.scenario.exchanges.iter().enumerate().map(one).collect();
    let settings: serde_json::Map<_, _> = case
        .scenario
        .client
        .settings
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({"port": port, "settings": settings, "exchanges": exchanges})
}
