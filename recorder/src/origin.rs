//! The application as an origin server: neutral, HTTP/1.1, it answers what the target asks for.
use crate::app::{self, PAUSE, pieces};
use crate::wire::{self, Head};
use keepalive::profile::{App, Content};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, sleep};
use std::time::Duration;

/// Serves on a free port of the loopback until the program ends.
///
/// # Errors
/// If no port can be had.
pub fn serve() -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || {
                // A connection that breaks concerns only itself.
                let _ = connection(stream);
            });
        }
    });
    Ok(port)
}

fn connection(mut stream: TcpStream) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    while let Some(head) = request(&mut stream, &mut bytes)? {
        let mut words = head.line.split(' ');
        let method = words.next().unwrap_or_default().to_owned();
        let app = app::read(words.next().unwrap_or_default());
        let old = words.next() != Some("HTTP/1.1");
        sleep(Duration::from_micros(app.after.0));
        if !reply(&mut stream, &method, &app, old, &head)? {
            break;
        }
    }
    Ok(())
}

/// Reads one request with its body; None at the connection's end.
pub fn request(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<Option<Head>> {
    let mut piece = [0; 16 * 1024];
    loop {
        if let Some(head) = wire::head(bytes) {
            let body = if head.chunked() {
                wire::chunks(&bytes[head.bytes..])
            } else {
                Some(head.length().unwrap_or(0))
            };
            if let Some(body) = body.filter(|body| bytes.len() >= head.bytes + body) {
                bytes.drain(..head.bytes + body);
                return Ok(Some(head));
            }
            if head.first("expect").is_some() && bytes.len() == head.bytes {
                stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
            }
        }
        match stream.read(&mut piece)? {
            0 => return Ok(None),
            more => bytes.extend_from_slice(&piece[..more]),
        }
    }
}

/// True: the connection can carry another exchange.
fn reply(
    stream: &mut TcpStream,
    method: &str,
    app: &App,
    old: bool,
    head: &Head,
) -> std::io::Result<bool> {
    let word = |value: Option<&str>, word| {
        value.is_some_and(|value| value.to_ascii_lowercase().contains(word))
    };
    let asked = head.first("connection");
    let mut keep = if old { word(asked, "keep-alive") } else { !word(asked, "close") };
    keep &= !word(app.headers.first("Connection"), "close");
    let body = app::has_body(method, app.status);
    let may_say = app.status >= 200 && app.status != 204 && app.status != 304;
    let mut text = format!("HTTP/1.1 {} Answer\r\nContent-Type: text/plain\r\n", app.status);
    for field in app.headers.iter() {
        text.push_str(&format!("{}: {}\r\n", field.name, field.value));
    }
    let own = app.headers.has("Content-Length") || app.headers.has("Transfer-Encoding");
    match app.content {
        _ if own || !may_say => {}
        Content::Known(bytes) => text.push_str(&format!("Content-Length: {bytes}\r\n")),
        Content::Empty => text.push_str("Content-Length: 0\r\n"),
        Content::Streamed(_) if !old => text.push_str("Transfer-Encoding: chunked\r\n"),
        Content::Streamed(_) => keep &= !body,
    }
    if !keep && !app.headers.has("Connection") {
        text.push_str("Connection: close\r\n");
    } else if old && keep && !app.headers.has("Connection") {
        text.push_str("Connection: keep-alive\r\n");
    }
    text.push_str("\r\n");
    stream.write_all(text.as_bytes())?;
    match app.content {
        _ if !body => {}
        Content::Known(bytes) => {
            std::io::copy(&mut std::io::repeat(b'x').take(bytes), stream)?;
        }
        Content::Streamed(bytes) => {
            for piece in pieces(bytes) {
                sleep(PAUSE);
                let data = "x".repeat(piece);
                let text = if old { data } else { format!("{piece:x}\r\n{data}\r\n") };
                stream.write_all(text.as_bytes())?;
            }
            sleep(PAUSE);
            if !old {
                stream.write_all(b"0\r\n\r\n")?;
            }
        }
        Content::Empty => {}
    }
    Ok(keep)
}
