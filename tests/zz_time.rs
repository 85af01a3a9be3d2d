#![cfg(not(target_arch = "wasm32"))]
mod scene_support;
use keepalive::scene::*;
#[test]
#[allow(clippy::disallowed_methods)]
fn time() {
    for p in ["on", "off"] {
        let show = scene_support::many(10_000, p);
        for share in [1.0, 0.1, 0.01, 0.001] {
            let view = Viewport::new(1214.0, Mode::Page);
            let whole = Scene::build(&show, &view).whole;
            let (a, b) = whole.place();
            let range = (share < 1.0).then(|| keepalive::sim::Span::new(whole.time_from_x(a + (b - a) * 0.4), whole.time_from_x(a + (b - a) * (0.4 + share))));
            let view = Viewport { range, ..view };
            let t = std::time::Instant::now();
            for _ in 0..50 { std::hint::black_box(Scene::build(&show, &view)); }
            println!("{p} {share}: {:?} per build, {} nodes", t.elapsed() / 50, Scene::build(&show, &view).nodes());
        }
        let t = std::time::Instant::now();
        let ev: usize = (0..10).map(|_| show.runs[0].timeline().unwrap().events().len()).sum();
        println!("events {:?} {ev}", t.elapsed() / 10);
        let t = std::time::Instant::now();
        for _ in 0..10 { keepalive::sim::run(&show.runs[0].scenario).unwrap(); }
        println!("run {:?}", t.elapsed() / 10);
    }
}
