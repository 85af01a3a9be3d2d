//! The application behind every server. The probe writes into the target what it wants answered:
//! `/app?s=200&k=5&a=0&h=Name:value`, so that a proxy needs to carry nothing else.
use keepalive::profile::{App, Content};
use keepalive::protocol::Headers;
use keepalive::time::Us;
use std::io::{self, Read, Write};
use std::thread::sleep;
use std::time::Duration;

/// Between the pieces of an answer that is streamed: long enough that no server joins them.
pub const PAUSE: Duration = Duration::from_millis(15);

/// The target that asks for this answer.
pub fn target(app: &App) -> String {
    let (kind, bytes) = match app.content {
        Content::Known(bytes) => ("k", bytes),
        Content::Streamed(bytes) => ("t", bytes),
        Content::Empty => ("e", 0),
    };
    let mut target = format!("/app?s={}&{kind}={bytes}", app.status);
    if app.after != Us::ZERO {
        target.push_str(&format!("&a={}", app.after.0 / 1_000));
    }
    for field in app.headers.iter() {
        target.push_str("&h=");
        for byte in format!("{}:{}", field.name, field.value).bytes() {
            target.push_str(&format!("%{byte:02X}"));
        }
    }
    target
}

/// What a target asks for; anything else is answered with five bytes.
pub fn read(target: &str) -> App {
    let mut app = App { status: 200, content: Content::Known(5), ..App::default() };
    let Some((_, query)) = target.split_once('?') else { return app };
    let mut headers = Headers::new();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        let number = value.parse().unwrap_or(0);
        match name {
            "s" => app.status = value.parse().unwrap_or(200),
            "k" => app.content = Content::Known(number),
            "t" => app.content = Content::Streamed(number),
            "e" => app.content = Content::Empty,
            "a" => app.after = Us::from_ms(number),
            "h" => {
                let text = decoded(value);
                if let Some((name, value)) = text.split_once(':') {
                    headers.push(name, value);
                }
            }
            _ => {}
        }
    }
    app.headers = headers;
    app
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let pair = rest.get(1..3).filter(|_| first == b'%');
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &rest[3..];
            }
            None => {
                bytes.push(first);
                rest = rest.get(1..).unwrap_or_default();
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// May an answer with this status to this method have a body?
pub fn has_body(method: &str, status: u16) -> bool {
    method != "HEAD" && status >= 200 && status != 204 && status != 304
}

/// The application as a CGI program.
///
/// # Errors
/// If the server has stopped listening.
pub fn cgi() -> io::Result<()> {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    // A body that is read is what applications do.
    io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    let app = read(&format!("/app?{}", variable("QUERY_STRING")));
    sleep(Duration::from_micros(app.after.0));
    let mut out = io::stdout().lock();
    write!(out, "Status: {}\r\nContent-Type: text/plain\r\n", app.status)?;
    for field in app.headers.iter() {
        write!(out, "{}: {}\r\n", field.name, field.value)?;
    }
    let body = has_body(&variable("REQUEST_METHOD"), app.status);
    if let Content::Known(bytes) = app.content {
        write!(out, "Content-Length: {bytes}\r\n")?;
    } else if body && app.content == Content::Empty {
        write!(out, "Content-Length: 0\r\n")?;
    }
    write!(out, "\r\n")?;
    match app.content {
        Content::Streamed(bytes) => {
            out.flush()?;
            for piece in pieces(bytes) {
                sleep(PAUSE);
                out.write_all(&vec![b'x'; piece])?;
                out.flush()?;
            }
            sleep(PAUSE);
        }
        Content::Known(bytes) if body => {
            io::copy(&mut io::repeat(b'x').take(bytes), &mut out).map(drop)?
        }
        Content::Known(_) | Content::Empty => {}
    }
    out.flush()
}

/// A streamed body in two pieces.
pub fn pieces(bytes: u64) -> impl Iterator<Item = usize> {
    let bytes = usize::try_from(bytes).unwrap_or(0);
    [bytes / 2, bytes - bytes / 2].into_iter().filter(|piece| *piece > 0)
}
