//! The size ledger: what crosses the wire, file by file, against the limits in `budget.json`.

use std::path::Path;

use serde_json::Value;

use crate::build::{dist, files, read};
use crate::{Outcome, root};

pub fn budget() -> Outcome {
    let path = root().join("xtask/budget.json");
    let text = String::from_utf8(read(&path)?).map_err(|error| error.to_string())?;
    let table: Value = serde_json::from_str(&text).map_err(|e| format!("budget.json: {e}"))?;
    if !dist().is_dir() {
        return Err("dist/ is not built yet: cargo xtask build".to_owned());
    }
    let mut over = Vec::new();
    for ledger in table["ledgers"].as_array().ok_or("budget.json has no `ledgers`")? {
        let name = ledger["name"].as_str().ok_or("a ledger has no `name`")?;
        let limit = ledger["limit"].as_u64().ok_or_else(|| format!("{name} has no `limit`"))?;
        println!("{name}: {}", ledger["why"].as_str().unwrap_or_default());
        let mut sum = 0;
        for file in listed(ledger, name)? {
            let bytes = read(&dist().join(&file))?;
            let wire = brotli(&bytes)?.len() as u64;
            sum += wire;
            println!("  {file:<24} {:>9} bytes {wire:>9} brotli", bytes.len());
        }
        let percent = sum * 100 / limit.max(1);
        println!("  {:<24} {:>15} {sum:>9} of {limit} ({percent} %)\n", "sum", "");
        if sum > limit {
            over.push(format!("{name} is {sum} bytes, {} over its limit", sum - limit));
        }
    }
    if over.is_empty() { Ok(()) } else { Err(over.join("; ")) }
}

/// The files of a ledger, relative to dist/; `"*"` stands for all of them.
fn listed(ledger: &Value, name: &str) -> Outcome<Vec<String>> {
    let words = ledger["files"].as_array().ok_or_else(|| format!("{name} has no `files`"))?;
    let mut all = Vec::new();
    for word in words {
        match word.as_str() {
            Some("*") => {
                for file in files(&dist())? {
                    let name = file.strip_prefix(dist()).unwrap_or(&file);
                    // Compressed siblings are the same files once more.
                    if name.extension().is_none_or(|kind| kind != "br") {
                        all.push(slashes(name));
                    }
                }
            }
            Some(file) => all.push(file.to_owned()),
            None => return Err(format!("{name}: a file name is no text")),
        }
    }
    Ok(all)
}

fn slashes(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// As a good static host sends it: quality 11, window 24.
pub fn brotli(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)
        .map_err(|error| error.to_string())?;
    Ok(out)
}
