//! Where a message ends: without that, nobody knows where the next one begins.
use super::build::{AT_ONCE, PLAIN, get, pages, scenario, study};
use super::{Entry, Group, Origin, Stop};
use crate::profile::{Chosen, Content};
use crate::sim::{Planned, Start, Us};
use crate::study::{Focus, Study};

pub const POST_EXTRA_CRLF: Entry = Entry {
    id: "post-extra-crlf",
    title: "POST, and two bytes too many",
    look_for: "The CR LF behind the body stands where the next request should begin: one server skips it, the other gives up.",
    origin: Origin::Page1998,
    group: Group::Ends,
    build: post_extra_crlf,
    stop: Stop::SlowerDone,
    focus: Focus::Connections,
    labels: Some(["Refuses the empty line", "Skips the empty line"]),
};

pub const JAVA_BUFFER: Entry = Entry {
    id: "java-4k-buffer",
    title: "The buffer of 4 kB",
    look_for: "4096 bytes fit the buffer and the connection stays; with one byte more their number is not known, and it closes.",
    origin: Origin::Page1998,
    group: Group::Ends,
    build: java_buffer,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(1),
    labels: None,
};

pub const LENGTH_NOT_KNOWN: Entry = Entry {
    id: "length-not-known",
    title: "A length nobody knows",
    look_for: "HTTP/1.1 sends the body in chunks and stays; HTTP/1.0 has no chunks, so the close has to end the body.",
    origin: Origin::Page1998,
    group: Group::Ends,
    build: length_not_known,
    stop: Stop::SlowerDone,
    focus: Focus::Exchange(0),
    labels: Some(["HTTP/1.0, asks to stay", "HTTP/1.1"]),
};

fn post_extra_crlf() -> Study {
    let mut post = get("/cart", 120, 20, AT_ONCE);
    post.request.method = "POST".into();
    post.request.headers.push("Content-Length", "11");
    post.body_bytes = 11;
    post.trailing_crlf = true;
    let next = get("/thanks", 4_800, 10, Start::After { exchange: 0, gap: Us::from_ms(200) });
    let client = Chosen::new("script", "");
    let scenario = scenario(Chosen::new("textbook", ""), client, PLAIN, vec![post, next]);
    study(POST_EXTRA_CRLF.id, scenario, &[("server.empty line before request", "refuse")])
}

/// Each page produced bit by bit.
fn streamed(sizes: &[u64]) -> Vec<Planned> {
    let mut exchanges = pages(&vec![100; sizes.len().saturating_sub(1)]);
    for (planned, bytes) in exchanges.iter_mut().zip(sizes) {
        planned.app.content = Content::Streamed(*bytes);
    }
    exchanges
}

fn java_buffer() -> Study {
    let client = Chosen::new("http10-keepalive", "");
    let server = Chosen::new("java-web-server", "");
    study(JAVA_BUFFER.id, scenario(server, client, PLAIN, streamed(&[4096, 4097, 4096])), &[])
}

fn length_not_known() -> Study {
    let client = Chosen::new("script", "");
    let server = Chosen::new("apache-httpd", "2.4");
    let scenario = scenario(server, client, PLAIN, streamed(&[20_000, 20_000, 20_000]));
    study(LENGTH_NOT_KNOWN.id, scenario, &[("client", "http10-keepalive")])
}
