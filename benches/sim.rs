//! How many exchanges a second the engine runs with its full trace, natively and in the browser.
//! It reports; no test depends on it.
//!
//! Natively: `cargo bench --bench sim`. In the browser: `cargo xtask bench wasm`.
use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::sim::{Arrivals, Load, Network, Planned, Proxy, Scenario, Service, Start, Us, run};
use std::hint::black_box;

#[cfg(not(target_arch = "wasm32"))]
use criterion::Criterion;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench, wasm_bindgen_test_configure};

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_browser);

/// Exchanges one after the other, to a server that keeps or closes.
fn scenario(count: usize, keep: bool) -> Scenario {
    let exchange = |index: usize| Planned {
        start: match index.checked_sub(1) {
            Some(exchange) => Start::After { exchange, gap: Us::from_ms(3) },
            None => Start::At(Us::ZERO),
        },
        request: Request::new("GET", "/", Version::Http11).with("Host", "shop.example"),
        app: App { content: Content::Known(1_000), ..App::default() },
        ..Planned::default()
    };
    Scenario {
        server: Chosen::new("textbook", "").with("persistence", if keep { "on" } else { "off" }),
        network: Network { rtt: Us::from_ms(60), ..Network::default() },
        exchanges: (0..count).map(exchange).collect(),
        ..Scenario::default()
    }
}

/// A thousand clients, with or without a proxy in front of the server, whose requests arrive at random:
/// so many in all.
fn crowd(count: u32, proxy: bool) -> Scenario {
    let mut exchanges = scenario(1, true).exchanges;
    exchanges[0].app.after = Us::from_ms(5);
    let far = Network { rtt: Us::from_ms(60), ..Network::PLAIN };
    let near = Network { rtt: Us::from_ms(2), ..Network::PLAIN };
    let arrivals = Arrivals::Poisson(Us::from_ms(10));
    Scenario {
        proxy: proxy.then(|| Proxy { chosen: Chosen::new("textbook", ""), network: near }),
        clients: 1_000,
        network: far,
        exchanges,
        load: Some(Load { count, arrivals, service: Service::Exponential }),
        until: Some(Scenario::LONGEST),
        ..Scenario::default()
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn engine(c: &mut Criterion) {
    for (name, scenario) in [
        ("kept, 100 exchanges", scenario(100, true)),
        ("kept, 10 000 exchanges", scenario(10_000, true)),
        ("closed, 10 000 exchanges", scenario(10_000, false)),
        ("kept, 100 000 exchanges", scenario(100_000, true)),
        ("1 000 clients, Poisson, 1 000 exchanges", crowd(1_000, false)),
        ("1 000 clients, Poisson, 100 000 exchanges", crowd(100_000, false)),
        ("1 000 clients, Poisson, proxy, 1 000 exchanges", crowd(1_000, true)),
        ("1 000 clients, Poisson, proxy, 100 000 exchanges", crowd(100_000, true)),
        ("1 000 clients, Poisson, 1 000 000 exchanges", crowd(1_000_000, false)),
    ] {
        c.bench_function(name, |b| {
            b.iter(|| run(black_box(&scenario)).map(|timeline| timeline.end))
        });
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_group!(benches, engine);
#[cfg(not(target_arch = "wasm32"))]
criterion::criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
fn main() {}
