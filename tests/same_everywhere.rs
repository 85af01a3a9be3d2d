//! The same scenario gives the same timeline natively and in wasm, to the last byte: each run of
//! the catalogue is written out, and the fingerprint of the text is compared with a checked-in one.
//!
//! After a change that is meant to change timelines: `UPDATE_FINGERPRINTS=1 cargo test --test same_everywhere`.
use keepalive::catalogue::ENTRIES;
use wasm_bindgen_test::wasm_bindgen_test as test_everywhere;

const KNOWN: &str = include_str!("fingerprints.txt");

/// FNV-1a, 64 bits.
fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn fingerprints() -> String {
    let mut lines = String::new();
    for entry in ENTRIES {
        for (index, run) in (entry.build)().show().runs.iter().enumerate() {
            let timeline = run.result.as_ref().expect("every entry of the catalogue runs");
            let hash = fingerprint(&format!("{timeline:?}{:?}", timeline.events()));
            lines.push_str(&format!("{} {index} {hash:016x}\n", entry.id));
        }
    }
    lines
}

#[test_everywhere(unsupported = test)]
fn timelines_are_the_same_in_both_worlds() {
    let now = fingerprints();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_FINGERPRINTS").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fingerprints.txt");
        std::fs::write(path, &now).expect("the file can be written");
        return;
    }
    assert_eq!(now, KNOWN);
}
