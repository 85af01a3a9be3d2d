//! Time and pixels: both ways, over folds, and the ruler's words.
use keepalive::scene::{Axis, ruler, zoom};
use keepalive::sim::{Span, Us};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const fn ms(from: u64, to: u64) -> Span {
    Span::new(Us::from_ms(from), Us::from_ms(to))
}

/// 0 to 6 s on 100 to 1100 px, with 1 to 5 s folded into 40 px.
fn folded() -> Axis {
    Axis::new(ms(0, 6_000), &[ms(1_000, 5_000)], (100.0, 1_100.0), 40.0)
}

#[track_caller]
fn check(axis: &Axis, at_ms: u64, x: f64) {
    let at = Us::from_ms(at_ms);
    assert!((axis.x_from_time(at) - x).abs() < 0.01, "{} is not {x}", axis.x_from_time(at));
    assert_eq!(axis.time_from_x(x), at);
}

#[test_everywhere(unsupported = test)]
fn without_folds_one_scale_holds() {
    let axis = Axis::new(ms(1_000, 3_000), &[], (0.0, 200.0), 40.0);
    check(&axis, 1_000, 0.0);
    check(&axis, 1_500, 50.0);
    check(&axis, 3_000, 200.0);
}

#[test_everywhere(unsupported = test)]
fn a_fold_takes_its_strip_and_no_more() {
    let axis = folded();
    check(&axis, 0, 100.0);
    check(&axis, 1_000, 580.0);
    check(&axis, 3_000, 600.0);
    check(&axis, 5_000, 620.0);
    check(&axis, 6_000, 1_100.0);
    assert!(axis.is_folded(Us::from_ms(3_000)));
    assert!(!axis.is_folded(Us::from_ms(5_000)));
}

#[test_everywhere(unsupported = test)]
fn what_would_be_narrower_than_its_strip_is_not_folded() {
    let axis = Axis::new(ms(0, 6_000), &[ms(1_000, 1_100)], (0.0, 600.0), 40.0);
    assert_eq!(axis.folds().count(), 0);
    check(&axis, 3_000, 300.0);
}

#[test_everywhere(unsupported = test)]
fn outside_the_range_pixels_belong_to_the_ends() {
    let axis = folded();
    assert_eq!(axis.time_from_x(-50.0), Us::ZERO);
    assert_eq!(axis.time_from_x(f64::NAN), Us::ZERO);
    assert_eq!(axis.time_from_x(9_999.0), Us::from_ms(6_000));
    // Not further than 100 px away, however long ago.
    assert!((axis.x_from_time(Us::from_secs(900)) - 1_200.0).abs() < 0.01);
}

#[track_caller]
fn plays(at_ms: u64, elapsed_ms: f64, rate: f64, to_ms: u64) {
    let to = folded().advance(Us::from_ms(at_ms), elapsed_ms, rate);
    assert_eq!(to, Us::from_ms(to_ms));
}

#[test_everywhere(unsupported = test)]
fn the_clock_is_linear_and_crosses_a_fold_in_400_ms() {
    plays(0, 1_000.0, 0.25, 250);
    plays(500, 100.0, 4.0, 900);
    plays(1_000, 200.0, 1.0, 3_000);
    plays(900, 100.0 + 400.0 + 50.0, 1.0, 5_050);
    plays(3_000, 100.0, 0.001, 4_000);
    plays(5_900, 200.0, 1.0, 6_100);
}

#[track_caller]
fn words(step_us: u64, at_us: u64, text: &str) {
    assert_eq!(ruler::words(Us(at_us), Us(step_us)), text.replace(' ', "\u{a0}"));
}

#[test_everywhere(unsupported = test)]
fn ticks_have_as_many_places_as_their_step_needs() {
    words(200_000, 0, "0 s");
    words(200_000, 1_000_000, "1.0 s");
    words(1_000_000, 5_000_000, "5 s");
    words(2_000, 8_000, "8 ms");
    words(2_000, 5_006_000, "5.006 s");
    words(500, 2_500, "2.5 ms");
    words(120_000_000, 240_000_000, "4 min");
    words(1_800_000_000, 9_000_000_000, "2.5 h");
    words(1_200_000_000, 8_400_000_000, "140 min");
}

#[test_everywhere(unsupported = test)]
fn steps_are_one_two_or_five() {
    let step = |to_ms: u64| {
        let axis = Axis::new(ms(0, to_ms), &[], (0.0, 1_000.0), 40.0);
        ruler::step(&axis, 80.0)
    };
    assert_eq!(step(1_000), Us::from_ms(100));
    assert_eq!(step(2_400), Us::from_ms(200));
    assert_eq!(step(6_000), Us::from_ms(500));
    assert_eq!(step(900_000), Us::from_secs(120));
}

#[test_everywhere(unsupported = test)]
fn zooming_keeps_the_place_under_the_pointer() {
    let whole = Axis::new(ms(0, 10_000), &[], (0.0, 1_000.0), 40.0);
    let closer = zoom::zoom(&whole, ms(0, 10_000), 2.0, Us::from_ms(2_000));
    assert_eq!(closer, Some(ms(1_000, 6_000)));
    assert_eq!(zoom::zoom(&whole, ms(1_000, 6_000), 0.5, Us::from_ms(2_000)), None);
    assert_eq!(zoom::pan(&whole, ms(1_000, 6_000), -1.0), Some(ms(0, 5_000)));
    assert_eq!(zoom::pan(&whole, ms(1_000, 6_000), 0.5), Some(ms(3_500, 8_500)));
    assert_eq!(zoom::follow(&whole, ms(0, 5_000), Us::from_ms(4_000)), None);
    let moved = zoom::follow(&whole, ms(0, 5_000), Us::from_ms(5_500));
    assert_eq!(moved, Some(ms(5_000, 10_000)));
}

#[test_everywhere(unsupported = test)]
fn nothing_is_shown_closer_than_200_us() {
    let whole = Axis::new(ms(0, 10), &[], (0.0, 1_000.0), 40.0);
    let closest = zoom::zoom(&whole, ms(0, 10), 1e9, Us::from_ms(10));
    assert_eq!(closest, Some(Span::new(Us(9_800), Us(10_000))));
}
