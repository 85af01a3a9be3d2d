//! What holds for every picture, whatever is run and however it is looked at.
#![cfg(not(target_arch = "wasm32"))]
mod scene_support;

use keepalive::profile::{App, Chosen, Content};
use keepalive::protocol::{Request, Version};
use keepalive::scene::{Axis, Bounds, Mode, Moment, Scene, Shape, Viewport, svg, words};
use keepalive::sim::{Event, EventKind, Network, Planned, Scenario, Span, Start, Tls, Us};
use keepalive::study::{Show, Study, Versus};
use proptest::prelude::*;

prop_compose! {
    fn planned()(
        at in 0_u64..40_000,
        work in 0_u64..400,
        bytes in 0_u64..200_000,
        follows in any::<bool>(),
        pipeline in proptest::bool::weighted(0.15),
        target in proptest::sample::select(vec!["/", "/img/1.webp", "/a/rather/long/target?with=a&query=in-it", "/<&\">"]),
        close in proptest::bool::weighted(0.2),
    ) -> (bool, Planned) {
        let mut request = Request::new("GET", target, Version::Http11).with("Host", "a.example");
        if close {
            request.headers.push("Connection", "close");
        }
        let app = App { content: Content::Known(bytes), after: Us::from_ms(work), ..App::default() };
        let start = Start::At(Us::from_ms(at));
        (follows, Planned { start, request, app, pipeline, ..Planned::default() })
    }
}

prop_compose! {
    fn scenarios()(
        persistence in proptest::sample::select(vec!["on", "off"]),
        idle in proptest::sample::select(vec!["0", "1", "5", "900"]),
        client in proptest::sample::select(vec!["script", "browser"]),
        rtt in proptest::sample::select(vec![0_u64, 1, 20, 60, 300]),
        tls in proptest::sample::select(Tls::ALL.to_vec()),
        bandwidth_bps in proptest::option::of(proptest::sample::select(vec![500_000_u64, 20_000_000])),
        planned in proptest::collection::vec(planned(), 0..40),
    ) -> Scenario {
        let exchanges = planned.into_iter().enumerate().map(|(index, (follows, planned))| {
            match index.checked_sub(1) {
                Some(exchange) if follows => {
                    Planned { start: Start::After { exchange, gap: Us::from_ms(5) }, ..planned }
                }
                _ => planned,
            }
        });
        let server = Chosen::new("textbook", "").with("persistence", persistence).with("idle timeout", idle);
        let network = Network { rtt: Us::from_ms(rtt), tls, bandwidth_bps, ..Network::default() };
        let client = Chosen::new(client, "");
        Scenario { server, client, network, exchanges: exchanges.collect(), ..Scenario::default() }
    }
}

fn shows() -> impl Strategy<Value = Show> {
    (scenarios(), any::<bool>()).prop_map(|(scenario, compares)| {
        let changes = vec![("server.persistence".into(), "off".into())];
        let versus = compares.then_some(Versus { changes });
        Study { versus, ..Study::of(scenario) }.show()
    })
}

prop_compose! {
    /// A view, with a range as shares of the whole.
    fn views()(
        width in 300.0_f64..1_700.0,
        embed in any::<bool>(),
        folded in any::<bool>(),
        range in proptest::option::of((0.0_f64..0.9, 0.01_f64..0.5)),
    ) -> (Viewport, Option<(f64, f64)>) {
        let mode = if embed { Mode::Embed } else { Mode::Page };
        (Viewport { folded, ..Viewport::new(width, mode) }, range)
    }
}

fn build(show: &Show, (view, zoomed): (Viewport, Option<(f64, f64)>)) -> Scene {
    let scene = Scene::build(show, &view);
    let Some((from, length)) = zoomed else { return scene };
    let (start, end) = scene.whole.place();
    let at = |share: f64| scene.whole.time_from_x(start + (end - start) * share.min(1.0));
    let range = Some(Span::new(at(from), at(from + length)));
    Scene::build(show, &Viewport { range, ..view })
}

fn instants(scene: &Scene) -> impl Strategy<Value = Us> + use<> {
    (0..=scene.end.0 + 1_000).prop_map(Us)
}

fn is_sane(b: &Bounds) -> bool {
    [b.x0, b.y0, b.x1, b.y1].iter().all(|v| v.is_finite()) && b.x0 <= b.x1 && b.y0 <= b.y1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn no_two_labels_overlap(show in shows(), view in views()) {
        let scene = build(&show, view);
        for (index, label) in scene.labels.iter().enumerate() {
            for other in &scene.labels[index + 1..] {
                prop_assert!(
                    !label.bounds.overlaps(&other.bounds),
                    "{:?} and {:?}", label.text, other.text
                );
            }
        }
    }

    #[test]
    fn labels_stay_in_the_picture(show in shows(), view in views()) {
        let scene = build(&show, view);
        for label in &scene.labels {
            let b = &label.bounds;
            prop_assert!(b.x0 >= 0.0 && b.x1 <= scene.width, "{:?} of {}", label, scene.width);
            prop_assert!(b.y0 >= 0.0 && b.y1 <= scene.height, "{:?} of {}", label, scene.height);
        }
    }

    #[test]
    fn a_picture_takes_few_nodes(show in shows(), view in views()) {
        let scene = build(&show, view);
        prop_assert!(scene.nodes() <= 800, "{} nodes", scene.nodes());
    }

    #[test]
    fn every_shape_and_mark_lies_somewhere(show in shows(), view in views()) {
        let scene = build(&show, view);
        for (_, mark) in scene.marks() {
            prop_assert!(is_sane(&mark.bounds), "{mark:?}");
            prop_assert!(!mark.name.is_empty() && !mark.shapes.is_empty(), "{mark:?}");
            for shape in &mark.shapes {
                if let Shape::Rect { w, h, .. } = shape {
                    prop_assert!(*w >= 0.0 && *h >= 0.0);
                }
            }
        }
    }

    #[test]
    fn no_label_stands_under_a_number_that_counts_down(
        (scene, at) in (shows(), views()).prop_flat_map(|(show, view)| {
            let scene = build(&show, view);
            let at = instants(&scene);
            (Just(scene), at)
        })
    ) {
        let moment = Moment::of(&scene, at);
        let shown: Vec<_> =
            scene.labels.iter().filter(|label| moment.shows(label, at, false, scene.pen.tall)).collect();
        for (text, along, across) in &moment.left {
            let (x, y) = scene.pen.xy(*along, *across);
            for label in &shown {
                let inside = label.bounds.holds(x + 2.0, y - 3.0);
                prop_assert!(!inside, "{text:?} over {:?}", label.text);
            }
        }
    }

    #[test]
    fn every_event_is_in_the_table_once_and_in_order(show in shows()) {
        let rows = words::rows(&show);
        let events: usize = show.timelines().map(|timeline| timeline.events().len()).sum();
        prop_assert_eq!(rows.len(), events);
        prop_assert!(rows.windows(2).all(|pair| pair[0].at <= pair[1].at));
        for (run, timeline) in show.runs.iter().enumerate().filter_map(|(i, r)| Some((i, r.timeline()?))) {
            for event in timeline.events() {
                let found = rows.iter().filter(|row| row.pick.run == run && row.pick.key == event.key);
                prop_assert_eq!(found.count(), 1, "{:?}", event);
            }
        }
    }

    #[test]
    fn every_row_says_who_did_what(show in shows()) {
        for row in words::rows(&show) {
            prop_assert!(!words::plain(&row.event).trim().is_empty());
            prop_assert!(row.decision.is_empty() || row.decision.ends_with('.'));
            prop_assert!(row.because.is_empty() || row.because.ends_with('.'));
            prop_assert!(!row.decides || !row.because.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn a_verdict_is_a_sentence(show in shows()) {
        let verdict = words::verdict(&show);
        for line in [&verdict.text, &verdict.why] {
            prop_assert!(line.is_empty() || line.ends_with('.'), "{line}");
            prop_assert!(!line.contains("  ") && !line.contains("..") && !line.contains(" ."), "{line}");
        }
        prop_assert!(verdict.text.starts_with(|c: char| !c.is_lowercase()), "{}", verdict.text);
        let broken = [" s ", " ms ", " min "].iter().any(|unit| {
            verdict.text.match_indices(unit).any(|(at, _)| {
                verdict.text[..at].ends_with(|c: char| c.is_ascii_digit())
            })
        });
        prop_assert!(!broken, "a number and its unit can be torn apart: {}", verdict.text);
    }

    #[test]
    fn what_is_clicked_is_what_is_there(show in shows(), view in views()) {
        let scene = build(&show, view);
        for (run, mark) in scene.marks().take(60) {
            let b = &mark.bounds;
            let (x, y) = (f64::midpoint(b.x0, b.x1), f64::midpoint(b.y0, b.y1));
            let hit = scene.hit(x, y, 0.0);
            prop_assert!(hit.is_some());
            let pick = keepalive::study::Pick { run, key: mark.key };
            prop_assert!(scene.mark(pick).is_some(), "{:?}", mark.key);
        }
    }

    #[test]
    fn a_file_is_well_formed(show in shows(), view in views()) {
        let scene = build(&show, view);
        let text = svg::file(&scene, show.at(), "a < b & \"c\"", "\u{1}", svg::Look::Auto);
        prop_assert!(scene_support::is_well_formed(&text), "{text}");
    }

    #[test]
    fn pixels_and_time_go_both_ways(
        length in 1_000_u64..1_000_000_000,
        from in 0.1_f64..0.6,
        share in 0.05_f64..0.3,
        width in 200.0_f64..2_000.0,
        at in proptest::collection::vec(0.0_f64..=1.0, 2..20),
    ) {
        let us = |share: f64| Us((length as f64 * share) as u64);
        let fold = Span::new(us(from), us(from + share));
        let axis = Axis::new(Span::new(Us::ZERO, Us(length)), &[fold], (50.0, 50.0 + width), 40.0);
        let mut times: Vec<Us> = at.into_iter().map(us).collect();
        times.sort_unstable();
        // In a fold a pixel is a long time: one hundredth of a pixel is what can be told.
        let grain = axis.pieces().iter().map(|piece| {
            piece.span.length().as_secs() / (piece.place.1 - piece.place.0) * 10_000.0
        }).fold(0.0, f64::max) as u64 + 1;
        for at in &times {
            let back = axis.time_from_x(axis.x_from_time(*at));
            prop_assert!(back.0.abs_diff(at.0) <= grain, "{at:?} came back as {back:?}");
        }
        for pair in times.windows(2) {
            prop_assert!(axis.x_from_time(pair[0]) <= axis.x_from_time(pair[1]));
        }
    }

    #[test]
    fn nothing_that_happens_is_folded(show in shows()) {
        let scene = Scene::build(&show, &Viewport::new(1_214.0, Mode::Page));
        // But for the end of TIME_WAIT: that a port is free again is no part of the story.
        let events = show.timelines().flat_map(|timeline| timeline.events());
        let quiet = |event: &Event| event.key.kind == EventKind::TimeWaitEnd;
        for event in events.filter(|event| event.at <= scene.end && !quiet(event)) {
            prop_assert!(!scene.axis.is_folded(event.at), "{event:?}");
        }
    }

    #[test]
    fn play_comes_to_the_end(show in shows(), rate in 0.01_f64..100.0) {
        let scene = Scene::build(&show, &Viewport::new(1_214.0, Mode::Page));
        let mut at = Us::ZERO;
        for _ in 0..50 {
            let next = scene.whole.advance(at, 16.7, rate);
            prop_assert!(next >= at);
            at = next;
        }
        prop_assert!(scene.end == Us::ZERO || at > Us::ZERO);
    }
}

#[test]
fn ten_thousand_exchanges_take_few_nodes_at_every_zoom() {
    for persistence in ["on", "off"] {
        let show = scene_support::many(10_000, persistence);
        for width in [1_214.0, 358.0] {
            let view = Viewport::new(width, Mode::Page);
            for share in [1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001] {
                let scene = build(&show, (view, (share < 1.0).then_some((0.4, share))));
                assert!(scene.nodes() <= 800, "{persistence} {width} {share}: {}", scene.nodes());
            }
        }
    }
}
