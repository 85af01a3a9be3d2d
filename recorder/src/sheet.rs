//! Files of recordings: JSON Lines, first what was recorded, then a case a line.
use crate::case::{self, Case};
use keepalive::contract::simulate::simulate;
use keepalive::proof::{Reader, Recording, Seen, Sheet, Tally};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// A case that was run.
pub struct Recorded {
    pub case: Case,
    pub seen: Seen,
    pub unstable: bool,
}

/// Where the recordings of a product are.
pub fn path(product: &str) -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.join("../tests/recordings").join(format!("{product}.jsonl"))
}

/// Writes a product's file anew.
///
/// # Errors
/// If it cannot be written.
pub fn write(sheet: &Sheet, recorded: &[Recorded]) -> Result<(), String> {
    let mut text = json!(sheet).to_string();
    text.push('\n');
    let mut before = Value::Null;
    for Recorded { case, seen, unstable } in recorded {
        let (with, scenario) = split(case);
        if with != before {
            text.push_str(&json!({"with": with}).to_string());
            text.push('\n');
            before = with;
        }
        let mut line = json!({"id": case.id, "scenario": scenario, "seen": seen});
        if *unstable {
            line["unstable"] = json!(true);
        }
        text.push_str(&line.to_string());
        text.push('\n');
    }
    let path = path(&sheet.product);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The products of a case, and the rest of its scenario.
fn split(case: &Case) -> (Value, Value) {
    let mut scenario = case::json(&case.scenario);
    let mut with = serde_json::Map::new();
    if let Value::Object(fields) = &mut scenario {
        for key in ["server", "client"] {
            if let Some(product) = fields.shift_remove(key) {
                with.insert(key.into(), product);
            }
        }
    }
    (Value::Object(with), scenario)
}

/// Compares a product's file with what is predicted now.
///
/// # Errors
/// If the file cannot be read, or a line of it: the message names the line.
pub fn compare(product: &str) -> Result<Tally, String> {
    let (sheet, recordings) = read(product)?;
    println!("{} {}, recorded {}", sheet.product, sheet.version, sheet.recorded);
    let mut tally = Tally::default();
    for (_, Recording { id, scenario, seen, unstable }) in recordings {
        tally.add(&id, unstable, &seen, || simulate(scenario).map_err(|error| error.detail));
    }
    Ok(tally)
}

/// Writes a product's file anew with the recordings of these cases only; of cases that were not
/// recorded there is nothing to write. A case that was run again gets what was seen now. How many
/// are left.
///
/// # Errors
/// If the file cannot be read or written.
pub fn prune(product: &str, cases: Vec<Case>, again: &[Recorded]) -> Result<usize, String> {
    let (sheet, recordings) = read(product)?;
    let before = recordings.len();
    let mut recorded = Vec::new();
    for case in cases {
        if let Some(Recorded { seen, unstable, .. }) =
            again.iter().find(|one| one.case.id == case.id)
        {
            recorded.push(Recorded { case, seen: seen.clone(), unstable: *unstable });
            continue;
        }
        let scenario = split(&case);
        let found = recordings.iter().find(|(json, one)| one.id == case.id && *json == scenario);
        if let Some((_, Recording { seen, unstable, .. })) = found {
            recorded.push(Recorded { case, seen: seen.clone(), unstable: *unstable });
        }
    }
    write(&sheet, &recorded)?;
    println!("{product}: {} of {before} recordings stay", recorded.len());
    Ok(recorded.len())
}

type Lines = Vec<((Value, Value), Recording)>;

/// A product's file: each recording also with its scenario as it stands there.
fn read(product: &str) -> Result<(Sheet, Lines), String> {
    let path = path(product);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
    let at = |line: usize, error: serde_json::Error| format!("{name}, line {}: {error}", line + 1);
    let mut lines = text.lines().enumerate();
    let (_, first) = lines.next().ok_or(format!("{name} is empty"))?;
    let sheet: Sheet = serde_json::from_str(first).map_err(|error| at(0, error))?;
    let mut recordings = Vec::new();
    let mut reader = Reader::default();
    let mut with = Value::Null;
    for (number, line) in lines {
        let mut value: Value = serde_json::from_str(line).map_err(|error| at(number, error))?;
        let parsed = serde_json::from_str(line).map_err(|error| at(number, error))?;
        match reader.read(parsed) {
            Ok(Some(recording)) => {
                recordings.push(((with.clone(), value["scenario"].take()), recording));
            }
            Ok(None) => with = value["with"].take(),
            Err(problem) => return Err(format!("{name}, line {}: {problem}", number + 1)),
        }
    }
    Ok((sheet, recordings))
}

/// Today, in UTC: `2026-11-21`.
pub fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    // Years begin in March here, so that the leap day is the last of its year.
    let days = seconds / 86_400 + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + u64::from(month <= 2);
    format!("{year}-{month:02}-{date:02}")
}
