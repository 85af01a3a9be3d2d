//! Requirement, rule, test: every clause that can be cited is cited by a rule, and that rule is tested.
//! `cargo test --test protocol_requirements -- --nocapture` prints the report.
#![cfg(not(target_arch = "wasm32"))]

use keepalive::protocol::cause::{Question, RULES};
use keepalive::protocol::machine::{CLIENT, SERVER};
use keepalive::protocol::{Clause, clause, notes};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Clauses that other rooms cite, and the test that holds what they say.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("CONCURRENCY", "profile_clients.rs", "max_connections"),
    ("CHUNKED", "profile_textbook.rs", "chunked"),
    ("TIME_WAIT", "sim_run.rs", "time_wait"),
    ("TCP_HANDSHAKE", "sim_run.rs", "rtt"),
];

fn sources(below: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).unwrap_or_default();
                found.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(below), &mut found);
    found
}

/// Ids of rules, notes and rows of the state tables, by the clause they cite.
fn rules() -> BTreeMap<String, Vec<&'static str>> {
    let mut rules: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    let mut add =
        |clause: &'static Clause, id| rules.entry(clause.to_string()).or_default().push(id);
    RULES.iter().for_each(|rule| add(rule.clause, rule.id));
    notes::cited().for_each(|(id, clause)| add(clause, id));
    for row in CLIENT.iter().chain(SERVER) {
        // Every row is walked by the laws of the tables.
        add(row.clause, "every_state_is_reached_and_final_ones_are_final");
    }
    for question in Question::ALL {
        add(question.clause(), "a_verdict_is_whole");
    }
    rules
}

#[test]
fn every_clause_has_a_rule_and_a_test() {
    let rules = rules();
    let (src, tests) = (sources("src"), sources("tests"));
    let tested = |id: &str| {
        let elsewhere = |path: &Path| !path.ends_with("protocol_requirements.rs");
        tests.iter().find(|(path, text)| elsewhere(path) && text.contains(id))
    };
    let mut missing = String::new();
    for (name, clause) in clause::NAMES.iter().zip(clause::ALL) {
        let ids = rules.get(&clause.to_string()).map_or(&[][..], Vec::as_slice);
        let test = ids.iter().find_map(|id| tested(id).map(|(path, _)| (*id, path.clone())));
        let row = ELSEWHERE.iter().find(|(known, ..)| known == name);
        let other = row.and_then(|(_, file, word)| {
            let cited =
                src.iter().any(|(path, text)| !path.ends_with("clause.rs") && text.contains(name));
            let held =
                tests.iter().find(|(path, text)| path.ends_with(file) && text.contains(word));
            held.filter(|_| cited).map(|(path, _)| (*word, path.clone()))
        });
        match test.or(other) {
            Some((rule, path)) => {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                println!("{:24} {rule:50} {file}", clause.to_string());
            }
            None => missing.push_str(&format!("\n{name} ({clause}): rules {ids:?}")),
        }
    }
    assert!(missing.is_empty(), "no rule, or no test of it:{missing}");
}

/// Every rule that can decide, and every note, is met in a case.
#[test]
fn every_rule_and_note_is_tested() {
    let tests = sources("tests");
    let ids = RULES.iter().map(|rule| rule.id).chain(notes::cited().map(|(id, _)| id));
    let missing: Vec<_> =
        ids.filter(|id| !tests.iter().any(|(_, text)| text.contains(*id))).collect();
    assert!(missing.is_empty(), "in no test: {missing:?}");
}

#[test]
fn links_lead_to_sections() {
    for clause in clause::ALL {
        let number = clause.document.trim_start_matches("RFC ");
        let start = format!("https://www.rfc-editor.org/rfc/rfc{number}.html#");
        let anchor = clause.url.strip_prefix(&start).unwrap_or_else(|| panic!("{}", clause.url));
        let kind = if clause.section.starts_with(|c: char| c.is_ascii_digit()) {
            "section"
        } else {
            "appendix"
        };
        assert_eq!(anchor, format!("{kind}-{}", clause.section));
        assert!(clause.gist.ends_with('.'), "{clause}");
    }
    assert_eq!(clause::HTTP10_KEEP_ALIVE.to_string(), "RFC 9112 appendix C.2.2");
    assert_eq!(clause::PERSISTENCE.to_string(), "RFC 9112 §9.3");
}
