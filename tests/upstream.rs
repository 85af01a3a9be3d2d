//! What real proxies did between clients and a server, recorded by `cargo xtask record`, against what
//! is predicted: natively and in the browser. A disagreement fails, unless
//! `recordings/disagreements.txt` holds it with its reason.
use keepalive::proof::Sheet;
use keepalive::proof::upstream::{Line, Recorded, With, scenario, told};
use keepalive::sim::run;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// `upstream-PRODUCT CASE, WHAT | REASON` a line; what stands there is a prefix of a disagreement.
const KNOWN: &str = include_str!("recordings/disagreements.txt");

fn check(product: &str, text: &str) {
    let mut lines = text.lines();
    let sheet: Sheet = serde_json::from_str(lines.next().expect("a sheet")).expect("a sheet");
    assert_eq!(sheet.product, product);
    let (mut all, mut cases, mut unstable) = (Vec::new(), 0, 0);
    let mut with: Option<With> = None;
    for line in lines {
        match serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")) {
            Line::With(products) => with = Some(products),
            Line::Case(case) if case.unstable => unstable += 1,
            Line::Case(case) => {
                cases += 1;
                compare(with.as_ref().expect("products stand before cases"), &case, &mut all);
            }
        }
    }
    assert!(cases > 20, "{product}: only {cases} cases");
    assert!(unstable * 5 < cases, "{product}: {unstable} cases are unstable");
    let known: Vec<&str> = known(product).collect();
    let is_known = |text: &str| known.iter().any(|known| text.starts_with(known));
    let new: Vec<&String> = all.iter().filter(|text| !is_known(text)).collect();
    assert!(new.is_empty(), "{product} {}: {} disagreements:\n{new:#?}", sheet.version, new.len());
    let gone: Vec<_> =
        known.iter().filter(|known| !all.iter().any(|text| text.starts_with(*known))).collect();
    assert!(gone.is_empty(), "{product}: no longer a disagreement, to be taken off: {gone:#?}");
}

fn compare(with: &With, case: &Recorded, all: &mut Vec<String>) {
    let timeline = run(&scenario(with, &case.run)).expect("the scenario is right");
    let seen = case.seen.clone().in_order();
    let differences = told(&timeline).differences(&seen, case.run.crowd);
    all.extend(differences.into_iter().map(|what| format!("{}, {what}", case.id)));
}

/// The known disagreements of a product, without its name and their reasons.
fn known(product: &str) -> impl Iterator<Item = &'static str> {
    let lines = KNOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let name = format!("upstream-{product} ");
    lines.filter_map(move |line| {
        let (what, reason) = line.split_once(" | ").unwrap_or_else(|| panic!("no reason: {line}"));
        assert!(reason.len() > 10, "hardly a reason: {line}");
        what.strip_prefix(name.as_str())
    })
}

macro_rules! recorded {
    ($($name:ident $product:literal)*) => {
        $(#[test_everywhere(unsupported = test)]
        fn $name() {
            check($product, include_str!(concat!("recordings/upstream-", $product, ".jsonl")));
        })*
    };
}

recorded! {
    httpd "apache-httpd"
    nginx "nginx"
    haproxy "haproxy"
}
