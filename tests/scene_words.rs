//! The sentences: snapshots of verdicts and tables for the tests' own shows.
#![cfg(not(target_arch = "wasm32"))]
mod scene_support;

use keepalive::scene::words;
use keepalive::study::Show;

fn verdict(name: &str, show: &Show) -> String {
    let v = words::verdict(show);
    let clause = v.clause.map(|clause| clause.to_string()).unwrap_or_default();
    format!("{name}: {} | {}\n    {} [{clause}]\n", v.sign.name(), v.text, v.why)
}

#[test]
fn verdicts() {
    let all: String = scene_support::all().iter().map(|(name, show)| verdict(name, show)).collect();
    let entries = keepalive::catalogue::ENTRIES.iter();
    let entries: String = entries.map(|entry| verdict(entry.id, &(entry.build)().show())).collect();
    println!("{all}{entries}");
}
