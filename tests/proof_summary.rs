//! What the page shows of the recordings is what comparing them gives now. After a change:
//! `UPDATE_PROOF=1 cargo test --test proof_summary`.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::contract::simulate::simulate;
use keepalive::proof::{Figure, Reader, Recording, Sheet, Tally};
use keepalive::share::link;
use keepalive::sim::Scenario;
use keepalive::study::Study;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// `PRODUCT CASE, WHERE` and the reason; what stands there is the beginning of a disagreement.
fn reasons() -> Vec<(String, String)> {
    let text = fs::read_to_string(format!("{ROOT}/tests/recordings/disagreements.txt"));
    let text = text.expect("the list is part of the project");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let pairs = lines.filter_map(|line| line.split_once(" | "));
    pairs.map(|(what, why)| (what.to_owned(), why.to_owned())).collect()
}

/// The link that shows a recorded scenario.
fn opens(recording: Recording) -> String {
    Scenario::try_from(recording.scenario).map_or_else(
        |error| panic!("{}: {}", recording.id, error.detail),
        |scenario| link::write(&Study::of(scenario)),
    )
}

/// Recordings number exchanges from 0, the page requests from 1.
fn counted(at: &str) -> String {
    let number = at.strip_prefix("exchange ").and_then(|rest| rest.split_once(':'));
    let next = number.and_then(|(number, rest)| Some((number.parse::<usize>().ok()? + 1, rest)));
    next.map_or_else(|| at.to_owned(), |(number, rest)| format!("request {number}:{rest}"))
}

/// One file of recordings, in short.
fn summary(text: &str, reasons: &[(String, String)]) -> Value {
    let mut lines = text.lines();
    let sheet: Sheet = serde_json::from_str(lines.next().expect("a sheet")).expect("a sheet");
    let mut tally = Tally::default();
    let mut reader = Reader::default();
    let mut links = BTreeMap::new();
    for line in lines {
        let line = serde_json::from_str(line).expect("a line");
        let Some(recording) = reader.read(line).expect("a whole recording") else { continue };
        let scenario = recording.scenario.clone();
        tally.add(&recording.id, recording.unstable, &recording.seen, || {
            simulate(scenario).map_err(|error| error.detail)
        });
        links.insert(recording.id.clone(), recording);
    }
    // Only a client's requests are compared.
    let figures = Figure::ALL.iter().zip(tally.counts).filter(|(_, (_, all))| *all > 0);
    let figures = figures.map(|(figure, (agree, all))| json!([figure.as_str(), agree, all]));
    let differences = tally.disagreements.iter().map(|(id, it)| {
        let at = format!("{}: {}", it.at, it.figure.as_str());
        let whole = format!("{} {id}, {it}", sheet.product);
        let reason = reasons.iter().find(|(what, _)| whole.starts_with(what));
        json!({
            "case": id,
            "where": counted(&at),
            "predicted": it.predicted,
            "seen": it.seen,
            "reason": reason.map(|(_, why)| why),
            "link": opens(links[id].clone()),
        })
    });
    json!({
        "product": sheet.product,
        "version": sheet.version,
        "recorded": sheet.recorded,
        "how": sheet.how,
        "cases": tally.cases,
        "unstable": tally.unstable,
        "figures": figures.collect::<Vec<_>>(),
        "differences": differences.collect::<Vec<_>>(),
    })
}

#[test]
fn the_page_shows_what_comparing_gives() {
    let folder = fs::read_dir(format!("{ROOT}/tests/recordings")).expect("the folder is there");
    let paths = folder.map(|entry| entry.expect("an entry").path());
    // What proxies did to servers is in a form of its own: `tests/upstream.rs`.
    let of_one_hop = |path: &std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with(".jsonl") && !name.starts_with("upstream-")
    };
    let mut paths: Vec<_> = paths.filter(of_one_hop).collect();
    paths.sort();
    let reasons = reasons();
    let one = |path| summary(&fs::read_to_string(path).expect("a file of recordings"), &reasons);
    let sheets: Vec<String> = paths.iter().map(|path| one(path).to_string()).collect();
    let now = format!("[{}]\n", sheets.join(",\n"));
    let file = format!("{ROOT}/static/proof.json");
    if std::env::var_os("UPDATE_PROOF").is_some() {
        fs::write(&file, &now).expect("the file can be written");
    }
    let there = fs::read_to_string(&file).expect("the file is part of the project");
    assert!(
        there == now,
        "static/proof.json is old: UPDATE_PROOF=1 cargo test --test proof_summary"
    );
}
