//! How the tests of products write an exchange down: requests, answers and verdicts as one line.
use keepalive::profile::{App, Chosen, Config, Content, MakeRule, RequestSeen, ServerRule};
use keepalive::protocol::{Headers, Request, Version};
use keepalive::sim::Us;

/// `product version; name = value; name = value`
pub fn chosen(text: &str) -> Chosen {
    let mut parts = text.split(';').map(str::trim);
    let (product, version) =
        parts.next().map(|head| head.split_once(' ').unwrap_or((head, ""))).unwrap();
    parts.filter(|part| !part.is_empty()).fold(Chosen::new(product, version), |chosen, part| {
        let (name, value) = part.split_once(" = ").unwrap_or((part, ""));
        chosen.with(name, value)
    })
}

pub fn server(text: &str) -> Box<dyn ServerRule> {
    let config = Config::parse(&chosen(text)).expect("the product is known");
    match config.product.rule {
        MakeRule::Server(make) => make(&config).expect("the settings are right"),
        MakeRule::Client(_) => panic!("a client"),
    }
}

/// `GET / HTTP/1.1 | Host: a | Connection: close`; a field without a colon is left out.
pub fn request(text: &str) -> Request {
    let mut lines = text.split('|').map(str::trim);
    let start: Vec<_> = lines.next().unwrap_or("").splitn(3, ' ').collect();
    let version = start.get(2).map_or(Version::Http09, |version| Version::parse(version));
    Request {
        method: start[0].into(),
        target: start.get(1).copied().unwrap_or("").into(),
        version,
        headers: headers(lines),
    }
}

pub fn headers<'a>(lines: impl Iterator<Item = &'a str>) -> Headers {
    let field = |line: &'a str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim_start_matches(' ').to_owned()))
    };
    Headers::from_pairs(lines.filter_map(field))
}

/// `200 known 5 | X: y`: status, content, the application's own fields.
pub fn app(text: &str) -> App {
    let mut lines = text.split('|').map(str::trim);
    let words: Vec<_> = lines.next().unwrap_or("").split(' ').collect();
    let bytes = || words[2].parse().expect("a number of bytes");
    let content = match words[1] {
        "known" => Content::Known(bytes()),
        "streamed" => Content::Streamed(bytes()),
        _ => Content::Empty,
    };
    let status = words[0].parse().expect("a status");
    App { status, content, headers: headers(lines), ..App::default() }
}

/// The body is as long as Content-Length says.
pub fn body_of(request: &Request) -> u64 {
    request.headers.first("content-length").and_then(|value| value.parse().ok()).unwrap_or(0)
}

pub fn seen<'a>(request: &'a Request, app: &'a App) -> RequestSeen<'a> {
    let body_bytes = body_of(request);
    RequestSeen { request, body_bytes, app, served: 0, age: Us::ZERO, pipelined: false }
}
