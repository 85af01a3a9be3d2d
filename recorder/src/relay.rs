//! A path that takes time: it passes on what a client and a server send each other, half a round
//! trip later, closes included. The loopback itself takes none.
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::channel;
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// A port before `port`, so far away from it.
///
/// # Errors
/// If no port can be had.
pub fn before(port: u16, rtt: Duration) -> Result<u16, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let own = listener.local_addr().map_err(|error| error.to_string())?.port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            // The system has said yes already: the handshake is waited for with the first bytes.
            let ready = Instant::now() + rtt;
            let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else { return };
            let (Ok(up), Ok(down)) = (client.try_clone(), server.try_clone()) else { return };
            let _ = client.set_nodelay(true);
            let _ = server.set_nodelay(true);
            pump(up, server, ready, rtt / 2);
            pump(down, client, ready, rtt / 2);
        }
    });
    Ok(own)
}

/// One direction, in threads of its own. An empty piece is the end.
fn pump(mut from: TcpStream, mut to: TcpStream, ready: Instant, way: Duration) {
    let (sender, pieces) = channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut piece = vec![0; 64 * 1024];
        loop {
            let bytes = from.read(&mut piece).unwrap_or(0);
            let due = Instant::now().max(ready) + way;
            if sender.send((due, piece[..bytes].to_vec())).is_err() || bytes == 0 {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (due, piece) in pieces {
            sleep(due.saturating_duration_since(Instant::now()));
            if piece.is_empty() || to.write_all(&piece).is_err() {
                let _ = to.shutdown(Shutdown::Write);
                return;
            }
        }
    });
}
