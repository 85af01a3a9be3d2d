//! The danger window: the formula against runs of the simulation, and its numbers against known ones.
use keepalive::profile::Chosen;
use keepalive::share::{link, see};
use keepalive::sim::{Outcome, Scenario, Us, run};
use keepalive::study::Study;
use keepalive::tool::danger::{Danger, Fate, Pool, Remedy, TOOL, scenario};
use keepalive::tool::gaps::Gaps;
use keepalive::tool::{self, Answer, Asked};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const PUBLISHED: &str = "25.2% < 1s, 69% < 5s, 99.8% < 90s, 100% < 10min";

fn gaps(text: &str) -> Gaps {
    Gaps::parse(text).expect("gaps")
}

fn pool(client_ms: u64, server_ms: u64, rtt_ms: u64) -> Pool {
    Pool {
        client: Some(Us::from_ms(client_ms)),
        server: Us::from_ms(server_ms),
        hint: None,
        heeds: None,
        rtt: Us::from_ms(rtt_ms),
        looks: true,
    }
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// What a run says of the second of two requests.
fn played(scenario: &Scenario) -> Fate {
    let timeline = run(scenario).expect("it runs");
    let second = &timeline.exchanges[1];
    let first = timeline.exchanges[0].connection;
    let by_client = timeline.connections[0]
        .close
        .as_ref()
        .is_some_and(|close| close.by == keepalive::sim::Side::Client);
    match (second.outcome, second.lost) {
        (Outcome::Answered, None) if second.connection == first => Fate::Reused,
        (Outcome::Answered, None) if by_client => Fate::ClientClosed,
        (Outcome::Answered, None) => Fate::Noticed,
        // The FIN had come before it was sent: the connection was dead already.
        (_, Some(lost)) if lost.known <= lost.sent.to => Fate::Unseen,
        _ => Fate::Crosses,
    }
}

#[track_caller]
fn check(pool: &Pool, gap_ms: u64, fate: Fate) {
    let gap = Us::from_ms(gap_ms);
    assert_eq!(pool.fate(gap), fate);
    assert_eq!(played(&scenario(pool, gap)), fate, "the run");
}

#[test_everywhere(unsupported = test)]
fn each_fate_is_what_a_run_shows() {
    let one = pool(20_000, 10_000, 100);
    check(&one, 9_899, Fate::Reused);
    check(&one, 9_901, Fate::Crosses);
    check(&one, 9_999, Fate::Crosses);
    check(&one, 10_001, Fate::Noticed);
    check(&one, 20_001, Fate::Noticed);
    check(&pool(5_000, 10_000, 100), 4_999, Fate::Reused);
    check(&pool(5_000, 10_000, 100), 5_001, Fate::ClientClosed);
    let blind = Pool { looks: false, client: None, ..one };
    check(&blind, 9_899, Fate::Reused);
    check(&blind, 9_950, Fate::Crosses);
    check(&blind, 30_000, Fate::Unseen);
}

#[cfg(not(target_arch = "wasm32"))]
mod laws {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        /// Around every edge and anywhere else, the formula says what the simulation does.
        #[test]
        fn the_formula_is_the_simulation(
            client in 1_u64..40_000,
            server in 1_u64..40_000,
            way in 0_u64..200,
            looks in any::<bool>(),
            edge in 0..4,
            off in -30_i64..30,
            anywhere in 0_u64..50_000,
        ) {
            let one = pool(client, server, 2 * way);
            let one = Pool { looks, ..one };
            let near = |ms: u64| ms.saturating_add_signed(off);
            let gap = match edge {
                0 => near(server),
                1 => near(server.saturating_sub(2 * way)),
                2 => near(client),
                _ => anywhere,
            };
            // At the very instant it is a draw.
            prop_assume!(gap != server && gap + 2 * way != server && gap != client);
            let gap = Us::from_ms(gap);
            // Where both close within half a round trip, who was first matters to no request.
            let (told, seen) = (one.fate(gap), played(&scenario(&one, gap)));
            let other = |fate| if fate == Fate::ClientClosed { Fate::Noticed } else { fate };
            prop_assert_eq!(other(told), other(seen), "{:?} after {}", one, gap);
        }

        /// The shares are those of the single gaps, and they are all there is.
        #[test]
        fn shares_are_counted(
            client in 0_u64..50, server in 0_u64..50, rtt in 0_u64..20, looks in any::<bool>(),
            list in proptest::collection::vec(0_u64..60, 1..30),
        ) {
            let one = Pool { looks, ..pool(client, server, 2 * rtt) };
            let text: Vec<String> = list.iter().map(|ms| format!("{ms}ms")).collect();
            let danger = one.danger(&gaps(&text.join(", ")), 100.0);
            let of = |wanted: &[Fate]| {
                let count = list.iter().filter(|ms| wanted.contains(&one.fate(Us::from_ms(**ms)))).count();
                count as f64 / list.len() as f64
            };
            let close = |share: f64, fates: &[Fate]| (share - of(fates)).abs() < 1e-9;
            prop_assert!(close(danger.reused, &[Fate::Reused]));
            prop_assert!(close(danger.client_closed, &[Fate::ClientClosed]));
            prop_assert!(close(danger.noticed, &[Fate::Noticed]));
            prop_assert!(close(danger.unseen, &[Fate::Unseen]));
            prop_assert!(close(danger.crosses, &[Fate::Crosses]));
            prop_assert!(close(danger.at_risk, &[Fate::Crosses, Fate::Unseen]));
        }

        /// After any of the changes that are named nothing is at risk; a little less is too little.
        #[test]
        fn remedies_help(
            client in proptest::option::of(1_u64..90_000), server in 100_u64..90_000, way in 0_u64..40,
            hint in proptest::option::of(1_u64..90_000), looks in any::<bool>(), mean in 1_u64..60,
        ) {
            let one = Pool { looks, hint: hint.map(Us::from_ms), client: client.map(Us::from_ms), ..pool(1, server, 2 * way) };
            let spread = gaps(&format!("uniform 0s to {}s", 200 + mean));
            let danger = one.danger(&spread, 1.0);
            for remedy in danger.remedies {
                let changed = |less: u64| match remedy {
                    Remedy::Client { at_most, .. } => Pool { client: Some(at_most + Us(less)), ..one },
                    Remedy::Server { at_least, .. } => Pool { server: at_least - Us(less), ..one },
                    Remedy::Heed { margin } => Pool { heeds: Some(margin - Us(less)), ..one },
                };
                prop_assert!(changed(0).danger(&spread, 1.0).at_risk <= 0.0, "{remedy:?} for {one:?}");
                let exact = !matches!(remedy, Remedy::Heed { .. });
                if exact {
                    let short = changed(2_000);
                    let meets = short.danger(&spread, 1.0).at_risk > 0.0;
                    prop_assert!(meets, "less than {remedy:?} would do for {one:?}");
                }
            }
        }
    }
}

/// Node announces 5 s and closes at 6.007 s, the client keeps 90 s: 30.8 % of 5 999 gaps lay between
/// 5 and 90 s.
#[test_everywhere(unsupported = test)]
fn the_published_case() {
    let spread = gaps(PUBLISHED);
    near(spread.between(Us::from_secs(5), Us::from_secs(90)), 0.308);
    near(spread.below(Us::from_secs(1)), 0.252);
    let one = Pool {
        client: Some(Us::from_secs(90)),
        server: Us::from_ms(6_007),
        hint: Some(Us::from_secs(5)),
        heeds: None,
        rtt: Us::from_ms(1),
        looks: false,
    };
    let Danger { beyond_hint, stale, remedies, .. } = one.danger(&spread, 286.0);
    near(beyond_hint.expect("it announces"), 0.308);
    // What the server really closes is less: it waits a second longer than it says.
    near(stale, 0.308 * (90.0 - 6.007) / 85.0);
    assert!(matches!(remedies[0], Remedy::Client { at_most: Us(6_006_000), .. }));
    assert!(matches!(remedies[1], Remedy::Server { at_least: Us(90_001_000), .. }));
    assert!(matches!(remedies[2], Remedy::Heed { margin: Us::ZERO }));
    // The same with a client that looks: only the round trip is left.
    let looks = Pool { looks: true, ..one }.danger(&spread, 286.0);
    near(looks.at_risk, 0.308 * 0.000_999 / 85.0);
}

#[test_everywhere(unsupported = test)]
fn errors_a_day() {
    let danger = pool(60_000, 5_000, 2).danger(&gaps("uniform 0s to 20s"), 1_000_000.0);
    near(danger.at_risk, 0.001_999 / 20.0);
    near(danger.errors_per_day, 99.95);
    assert!(danger.chance > 0.999_999);
    let rare = pool(60_000, 5_000, 2).danger(&gaps("uniform 0s to 20s"), 0.0);
    near(rare.chance, 0.0);
}

#[track_caller]
fn refused(text: &str, part: &str) {
    let problem = Gaps::parse(text).expect_err(text);
    assert!(problem.contains(part), "{text:?}: {problem}");
}

#[test_everywhere(unsupported = test)]
fn gaps_are_read() {
    assert_eq!(
        gaps(" 2s,0.5s x 3 , 90"),
        Gaps::List(vec![(Us(500_000), 3), (Us::from_secs(2), 1), (Us::from_secs(90), 1)])
    );
    assert_eq!(gaps("exponential 20s"), Gaps::Exponential(Us::from_secs(20)));
    assert_eq!(
        gaps("uniform 1s to 30s"),
        Gaps::Curve(vec![(Us::from_secs(1), 0.0), (Us::from_secs(30), 1.0)])
    );
    for text in ["", " , ", "abc", "1s x 0", "1s x many", "-3s", "25h", "NaN", "1e99s"] {
        refused(text, "");
    }
    refused("50% < 1s, 40% < 2s, 100% < 3s", "must rise");
    refused("50% < 1s, 60% < 1s, 100% < 3s", "must rise");
    refused("50% < 1s", "100%");
    refused("101% < 1s", "a share below a time");
    refused("uniform 30s to 1s", "longer");
    refused("exponential 0s", "mean of 0");
}

#[test_everywhere(unsupported = test)]
fn means_and_quantiles() {
    near(gaps("uniform 0s to 20s").mean_up_to(Us::from_secs(100)), 10.0);
    near(gaps("uniform 0s to 20s").mean_up_to(Us::from_secs(10)), 7.5);
    near(gaps("1s x 3, 9s").mean_up_to(Us::from_secs(5)), 2.0);
    near(gaps("exponential 4s").mean_up_to(Us::from_secs(3_600)), 4.0);
    near(gaps(PUBLISHED).mean_up_to(Us::from_secs(1)), 1.0 - 0.126);
    assert_eq!(gaps("uniform 0s to 20s").quantile(0.25), Us::from_secs(5));
    assert_eq!(gaps("1s x 3, 9s").quantile(0.5), Us::from_secs(1));
    assert_eq!(gaps("1s x 3, 9s").quantile(0.9), Us::from_secs(9));
}

fn ask(changes: &[(&str, &str)]) -> Answer {
    let mut pairs = TOOL.defaults();
    for (name, value) in changes {
        let slot = pairs.iter_mut().find(|(known, _)| known == name).expect("a field");
        slot.1 = (*value).to_owned();
    }
    (TOOL.answer)(&Asked { pairs: &pairs, study: &Study::of(Scenario::default()), width: 700.0 })
}

#[test_everywhere(unsupported = test)]
fn what_is_said() {
    let answer = ask(&[]);
    assert_eq!(answer.problems, []);
    assert!(answer.say.contains("of the requests are at risk"), "{}", answer.say);
    assert!(answer.more.contains("30.8\u{a0}% of the gaps"), "{}", answer.more);
    let safe = ask(&[("heeds", "yes")]);
    assert!(safe.say.contains("No request is at risk"), "{}", safe.say);
    assert!(!safe.more.contains("What makes it nothing"));
}

#[track_caller]
fn wrong(field: &'static str, value: &str, part: &str) {
    let answer = ask(&[(field, value)]);
    let problem = answer.problems.iter().find(|problem| problem.field == field);
    let text = problem.map(|problem| problem.text.as_str()).unwrap_or_default();
    assert!(text.contains(part), "{field}={value}: {text}");
    assert_eq!((answer.say.as_str(), answer.more.as_str()), ("", ""), "what was said stays");
}

#[test_everywhere(unsupported = test)]
fn bad_input_is_named_with_its_bound() {
    wrong("client", "-1", "0\u{a0}s to 24\u{a0}h, or nothing");
    wrong("server", "NaN", "0\u{a0}s to 24\u{a0}h");
    wrong("server", "", "A time is wanted");
    wrong("rtt", "61s", "60\u{a0}s");
    wrong("requests", "-5", "0 to");
    wrong("requests", "inf", "A number is wanted");
    wrong("gaps", "<script>", "is no time");
}

/// The page lists what the module can fill.
#[test_everywhere(unsupported = test)]
fn every_calculator_has_its_sheet() {
    let listed = see::TOOLS.map(|(id, _)| id);
    let known: Vec<&str> = tool::TOOLS.iter().map(|tool| tool.id).collect();
    assert_eq!(known, listed);
    let form = TOOL.html("here", &Study::of(Scenario::default()));
    for field in TOOL.fields {
        assert_eq!(form.matches(&format!(" name=\"{}\"", field.name)).count(), 1);
    }
}

/// Every example shows what it says, and its link is a sound one.
#[test_everywhere(unsupported = test)]
fn examples_lead_to_scenarios() {
    for preset in TOOL.presets {
        assert_eq!(ask(preset.values).problems, [], "{}", preset.label);
        let parsed = link::parse(preset.link);
        assert_eq!(parsed.messages, [], "{}", preset.label);
        let failed =
            run(&parsed.study.scenario).expect("it runs").exchanges[1].outcome == Outcome::Failed;
        let at_risk = !ask(preset.values).say.contains("No request is at risk");
        assert_eq!(failed, at_risk, "{}", preset.label);
    }
    let watched = scenario(&pool(90_000, 6_007, 2), Us::from_secs(3));
    assert_eq!(watched.server, Chosen::new("textbook", "").with("idle timeout", "6007ms"));
}
