//! What real programs did, recorded by `cargo xtask record`, against what is predicted: natively and
//! in the browser. A disagreement fails, unless `recordings/disagreements.txt` holds it with its reason.

use keepalive::contract::simulate::simulate;
use keepalive::proof::{Reader, Recording, Sheet, Tally};
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

/// `PRODUCT CASE, WHERE | REASON` a line; what stands there is a prefix of a disagreement.
const KNOWN: &str = include_str!("recordings/disagreements.txt");

fn check(product: &str, text: &str) {
    let mut lines = text.lines();
    let sheet: Sheet = serde_json::from_str(lines.next().expect("a sheet")).expect("a sheet");
    assert_eq!(sheet.product, product);
    let mut tally = Tally::default();
    let mut reader = Reader::default();
    for line in lines {
        let line = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let Some(recording) = reader.read(line).expect("a whole recording") else { continue };
        let Recording { id, scenario, seen, unstable } = recording;
        tally.add(&id, unstable, &seen, || simulate(scenario).map_err(|error| error.detail));
    }
    assert!(tally.cases > 50, "{product}: only {} cases", tally.cases);
    assert!(tally.unstable * 20 < tally.cases, "{product}: {} cases are unstable", tally.unstable);
    let known: Vec<&str> = known(product).collect();
    let said = |id: &str, found: &dyn std::fmt::Display| format!("{id}, {found}");
    let is_known = |text: &str| known.iter().any(|known| text.starts_with(known));
    let all: Vec<String> = tally.disagreements.iter().map(|(id, found)| said(id, found)).collect();
    let new: Vec<&String> = all.iter().filter(|text| !is_known(text)).collect();
    assert!(new.is_empty(), "{product} {}: {} disagreements:\n{new:#?}", sheet.version, new.len());
    let gone: Vec<_> =
        known.iter().filter(|known| !all.iter().any(|text| text.starts_with(*known))).collect();
    assert!(
        gone.is_empty(),
        "{product}: no longer a disagreement, to be taken off the list: {gone:#?}"
    );
}

/// The known disagreements of a product, without its name and their reasons.
fn known(product: &str) -> impl Iterator<Item = &'static str> {
    let lines = KNOWN.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(move |line| {
        let (what, reason) = line.split_once(" | ").unwrap_or_else(|| panic!("no reason: {line}"));
        assert!(reason.len() > 10, "hardly a reason: {line}");
        what.strip_prefix(product)?.strip_prefix(' ')
    })
}

macro_rules! recorded {
    ($($name:ident $product:literal)*) => {
        $(#[test_everywhere(unsupported = test)]
        fn $name() {
            check($product, include_str!(concat!("recordings/", $product, ".jsonl")));
        })*
    };
}

recorded! {
    httpd "apache-httpd"
    nginx "nginx"
    haproxy "haproxy"
    lighttpd "lighttpd"
    java_httpserver "java-httpserver"
    node "node"
    browser "browser"
    curl "curl"
    http_client "python-http-client"
    requests "python-requests"
    node_agent "node-agent"
    node_fetch "node-fetch"
    java_url "java-httpurlconnection"
    java_net_http "java-net-http"
}
