//! One decision against `httparse` parsing the same two heads. It reports; no test depends on it.
//!
//! `cargo bench --bench judge`

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use criterion::Criterion;
    use keepalive::protocol::{Policy, Request, Response, Role, Version, decide, judge};
    use std::hint::black_box;

    /// A short exchange, as tools send it.
    fn short() -> (Request, Response) {
        let request = Request::new("GET", "/", Version::Http11).with("Host", "shop.example");
        let response = Response::new(Version::Http11, 200).with("Content-Length", "12288");
        (request, response)
    }

    /// An exchange as a browser has it.
    fn browser() -> (Request, Response) {
        let request = Request::new("GET", "/img/1.webp?v=20240131", Version::Http11)
            .with("Host", "shop.example")
            .with("Connection", "keep-alive")
            .with(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            )
            .with("Accept", "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5")
            .with("Accept-Language", "en-US,en;q=0.5")
            .with("Accept-Encoding", "gzip, deflate, br, zstd")
            .with("Referer", "https://shop.example/")
            .with("Cookie", "session=0123456789abcdef0123456789abcdef; theme=light");
        let response = Response::new(Version::Http11, 200)
            .with("Date", "Mon, 01 Jul 2024 12:00:00 GMT")
            .with("Server", "Apache/2.4.62 (Debian)")
            .with("Last-Modified", "Sun, 30 Jun 2024 09:30:00 GMT")
            .with("ETag", "\"2d-5f1f3c0a\"")
            .with("Content-Length", "9421")
            .with("Keep-Alive", "timeout=5, max=100")
            .with("Connection", "Keep-Alive")
            .with("Content-Type", "image/webp");
        (request, response)
    }

    pub fn decisions(c: &mut Criterion) {
        let policy = Policy::default();
        for (name, (request, response)) in [("short", short()), ("browser", browser())] {
            let (asked, answered) = (request.wire(), response.wire());
            c.bench_function(&format!("httparse, {name}"), |b| {
                b.iter(|| {
                    let mut fields = [httparse::EMPTY_HEADER; 16];
                    let mut parsed = httparse::Request::new(&mut fields);
                    let asked = parsed.parse(black_box(asked.as_bytes())).is_ok();
                    let mut fields = [httparse::EMPTY_HEADER; 16];
                    let mut parsed = httparse::Response::new(&mut fields);
                    asked & parsed.parse(black_box(answered.as_bytes())).is_ok()
                });
            });
            let exchange = (Some(&request), Some(&response));
            c.bench_function(&format!("decide, {name}"), |b| {
                b.iter(|| {
                    let (request, response) = black_box(exchange);
                    decide(request, response, Role::Server, &policy)
                });
            });
            c.bench_function(&format!("judge, {name}"), |b| {
                b.iter(|| {
                    let (request, response) = black_box(exchange);
                    judge(request, response, Role::Server, &policy)
                });
            });
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_group!(benches, native::decisions);
#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
