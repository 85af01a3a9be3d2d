//! Incidents and claims: each is whole, its links open, and the files of the page are the tables.
//! After a change: `UPDATE_PROOF=1 cargo test --test cards`.
#![cfg(not(target_arch = "wasm32"))]
use keepalive::catalogue::cards::{Card, INCIDENTS as IDS, Shelf, TEXTS};
use keepalive::catalogue::claims::{CLAIMS, Claim};
use keepalive::catalogue::incidents::{INCIDENTS, Incident};
use keepalive::protocol::Clause;
use keepalive::share::link;
use serde_json::{Value, json};

/// Letters in a sentence at most, and in a title.
const LONGEST: usize = 240;
const LONGEST_TITLE: usize = 60;

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '?']).fold(Vec::new(), |mut found: Vec<&str>, piece| {
        // A dot inside a number, an address or an abbreviation ends nothing.
        let from = piece.as_ptr() as usize - text.as_ptr() as usize;
        let begins = piece.starts_with(' ');
        match found.last_mut() {
            Some(last) if !begins => {
                let start = last.as_ptr() as usize - text.as_ptr() as usize;
                *last = &text[start..from + piece.len()];
            }
            _ => found.push(piece),
        }
        found
    })
}

#[test]
fn sentences_are_told_apart() {
    assert_eq!(sentences("One 1.5 s. Two? Three."), ["One 1.5 s.", " Two?", " Three."]);
}

/// What is wrong with a text.
fn prose(text: &str) -> Option<&'static str> {
    if !text.ends_with(['.', '?']) {
        return Some("is no sentence");
    }
    if sentences(text).iter().any(|it| it.chars().count() > LONGEST) {
        return Some("has a sentence that is too long");
    }
    text.contains(['\n', '\'', '!']).then_some("has a sign that does not belong there")
}

/// What is wrong with a link: it has to be written as the page would write it.
fn opens(fragment: &str) -> Option<String> {
    let parsed = link::parse(fragment);
    if let Some(message) = parsed.messages.first() {
        return Some(message.text.clone());
    }
    let written = link::write(&parsed.study);
    let run = keepalive::sim::run(&parsed.study.scenario).err();
    run.map(|error| error.to_string()).or_else(|| (written != fragment).then_some(written))
}

fn is_thread(text: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
    };
    text.split_once('#').is_some_and(|(repository, number)| {
        number.parse::<u32>().is_ok()
            && repository
                .split_once('/')
                .is_some_and(|(owner, name)| is_name(owner) && is_name(name))
    })
}

/// All that is wrong with an incident.
fn wrong_with(it: &Incident) -> Vec<String> {
    let mut wrong = Vec::new();
    let texts = [it.believed, it.happens, it.why, it.knob];
    wrong.extend(texts.into_iter().filter_map(|text| Some(format!("{text}: {}", prose(text)?))));
    wrong.extend([it.link, it.fixed].into_iter().filter_map(opens));
    wrong
        .extend(it.threads.iter().filter(|it| !is_thread(it)).map(|it| format!("{it}: no thread")));
    let https = |(name, url): &&(&str, &str)| !url.starts_with("https://") || name.is_empty();
    wrong.extend(it.pages.iter().filter(https).map(|(_, url)| format!("{url}: no page")));
    if it.threads.is_empty() {
        wrong.push("nobody has met it".into());
    }
    if sentences(it.believed).len() != 1 {
        wrong.push("what is believed is one sentence".into());
    }
    if it.title.chars().count() > LONGEST_TITLE || it.title.ends_with('.') {
        wrong.push("a title is a few words".into());
    }
    wrong
}

fn wrong_with_claim(it: &Claim) -> Vec<String> {
    let mut wrong: Vec<String> = [it.gist, it.why]
        .into_iter()
        .filter_map(|text| Some(format!("{text}: {}", prose(text)?)))
        .collect();
    wrong.extend(opens(it.see));
    if sentences(it.gist).len() != 1 || sentences(it.why).len() > 3 {
        wrong.push("a claim is one sentence, its reason one to three".into());
    }
    wrong
}

#[test]
fn every_incident_is_whole() {
    let told = |it: &&Incident| {
        wrong_with(it).into_iter().map(|wrong| format!("{}: {wrong}", it.id)).collect::<Vec<_>>()
    };
    let wrong: Vec<String> = INCIDENTS.iter().flat_map(told).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_claim_is_whole() {
    let mut wrong = Vec::new();
    for (text, claims) in CLAIMS {
        for (number, claim) in (1..).zip(claims) {
            let told = wrong_with_claim(claim).into_iter();
            wrong.extend(told.map(|wrong| format!("{text}-{number}: {wrong}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_names_in_links_are_those_of_the_tables() {
    assert_eq!(INCIDENTS.map(|it| it.id), IDS);
    assert_eq!(CLAIMS.map(|(text, claims)| (text, claims.len() as u8)), TEXTS);
    for (place, id) in (0..).zip(IDS) {
        assert_eq!(Card::find(Shelf::Incidents, id), Some(Card { shelf: Shelf::Incidents, place }));
        assert_eq!(IDS.iter().filter(|other| **other == id).count(), 1, "{id} stands there twice");
    }
    for (place, id) in (0..).zip(ids_of_claims()) {
        let card = Card { shelf: Shelf::Claims, place };
        assert_eq!(Card::find(Shelf::Claims, &id), Some(card));
        assert_eq!(card.id(), id);
    }
    for id in ["", "iis4", "iis4-0", "iis4-8", "iis4-x", "iis9-1", "idle-race-502"] {
        assert_eq!(Card::find(Shelf::Claims, id), None, "{id}");
    }
}

fn ids_of_claims() -> Vec<String> {
    let of = |(text, claims): (&str, &[Claim])| -> Vec<String> {
        (1..=claims.len()).map(|number| format!("{text}-{number}")).collect()
    };
    CLAIMS.into_iter().flat_map(of).collect()
}

fn source(clause: &Clause) -> Value {
    json!([clause.to_string(), clause.url])
}

fn thread(text: &&str) -> Value {
    json!([text, format!("https://github.com/{}", text.replace('#', "/issues/"))])
}

fn incident(it: &Incident) -> Value {
    let pages = it.pages.iter().map(|(name, url)| json!([name, url]));
    let sources =
        std::iter::once(source(it.clause)).chain(it.threads.iter().map(thread)).chain(pages);
    json!({
        "title": it.title,
        "parts": [["Believed", it.believed], ["What happens", it.happens], ["Why", it.why], ["The knob", it.knob]],
        "links": [["See it", it.link], ["Turn the knob", it.fixed]],
        "sources": sources.collect::<Vec<_>>(),
    })
}

fn claim(it: &Claim) -> Value {
    json!({
        "title": it.gist,
        "parts": [[it.verdict.as_str(), it.why], ["Claimed by", it.origin.title()]],
        "links": [["See it", it.see]],
        "sources": [source(it.clause)],
    })
}

/// The file is what the table gives, one card a line.
#[track_caller]
fn is_file(name: &str, cards: impl Iterator<Item = Value>) {
    let file = format!("{}/static/{name}", env!("CARGO_MANIFEST_DIR"));
    let lines: Vec<String> = cards.map(|card| card.to_string()).collect();
    let now = format!("[{}]\n", lines.join(",\n"));
    if std::env::var_os("UPDATE_PROOF").is_some() {
        std::fs::write(&file, &now).expect("the file can be written");
    }
    let there = std::fs::read_to_string(&file).expect("the file is part of the project");
    assert!(there == now, "static/{name} is old: UPDATE_PROOF=1 cargo test --test cards");
}

#[test]
fn the_files_of_the_page_are_the_tables() {
    is_file("incidents.json", INCIDENTS.iter().map(|it| incident(it)));
    is_file("claims.json", CLAIMS.into_iter().flat_map(|(_, claims)| claims).map(claim));
}
