//! Reads the tests' counts from what cargo's test harness and wasm-bindgen's print.

/// One test binary's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// As cargo names it: `tests/laws.rs`, `unittests src/lib.rs`, `Doc-tests keepalive`.
    pub name: String,
    pub passed: u32,
    pub failed: u32,
    pub ignored: u32,
}

impl Suite {
    pub fn ran(&self) -> u32 {
        self.passed + self.failed + self.ignored
    }
}

/// Collects suites from the lines of one run.
#[derive(Default)]
pub struct Counter {
    current: String,
    /// The present binary was started, and none of its tests yet.
    waiting: bool,
    pub suites: Vec<Suite>,
}

impl Counter {
    pub fn line(&mut self, line: &str) {
        let line = line.trim();
        let binary = line.strip_prefix("Running ").filter(|rest| rest.ends_with(')'));
        if let Some((name, _)) = binary.and_then(|rest| rest.split_once(" (")) {
            name.clone_into(&mut self.current);
            self.waiting = true;
        } else if line.starts_with("running ") || line.starts_with("test ") {
            self.waiting = false;
            self.result(line);
        } else if line.starts_with("Doc-tests ") {
            line.clone_into(&mut self.current);
        }
    }

    fn result(&mut self, line: &str) {
        let counts = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "));
        let Some((_, counts)) = counts else { return };
        let count = |word: &str| {
            let found = counts.split(';').find_map(|part| part.trim().strip_suffix(word));
            found.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        self.suites.push(Suite {
            name: self.current.clone(),
            passed: count("passed"),
            failed: count("failed"),
            ignored: count("ignored"),
        });
    }

    /// The run ended before the last binary had begun its first test, and no test has failed: what
    /// runs them did not start.
    pub fn never_began(&self) -> bool {
        self.waiting && self.failed() == 0
    }

    pub fn passed(&self) -> u32 {
        self.suites.iter().map(|suite| suite.passed).sum()
    }

    pub fn failed(&self) -> u32 {
        self.suites.iter().map(|suite| suite.failed).sum()
    }

    /// Tests that ran in the binary `name`.
    pub fn ran(&self, name: &str) -> u32 {
        self.suites.iter().filter(|suite| suite.name == name).map(Suite::ran).sum()
    }
}

/// The plain closing line of a run: `12 passed, 0 failed`.
pub fn closing_line(line: &str) -> Option<(u32, u32)> {
    let (passed, rest) = line.trim().split_once(" passed, ")?;
    let failed = rest.strip_suffix(" failed")?;
    Some((passed.parse().ok()?, failed.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{Counter, Suite, closing_line};

    #[test]
    fn counts_are_read_per_binary() {
        let mut counter = Counter::default();
        for line in [
            "     Running unittests src/lib.rs (target/debug/deps/keepalive-0a)",
            "test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "     Running tests/laws.rs (target/debug/deps/laws-0b)",
            "Running headless tests in Chrome on `http://127.0.0.1:43795/`",
            "test a ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out; finished in 1.00s",
        ] {
            counter.line(line);
        }
        let suite = |name: &str, passed, failed, ignored| Suite {
            name: name.to_owned(),
            passed,
            failed,
            ignored,
        };
        let expected = [suite("unittests src/lib.rs", 7, 0, 1), suite("tests/laws.rs", 2, 1, 0)];
        assert_eq!(counter.suites, expected);
        assert_eq!((counter.passed(), counter.failed()), (9, 1));
        assert_eq!(counter.ran("unittests src/lib.rs"), 8);
    }

    #[test]
    fn a_browser_that_does_not_start_is_told_from_a_test_that_fails() {
        let after = |lines: &[&str]| {
            let mut counter = Counter::default();
            lines.iter().for_each(|line| counter.line(line));
            counter.never_began()
        };
        let began = "     Running tests/laws.rs (target/debug/deps/laws-0b)";
        let driver = "Running headless tests in Chrome on `http://127.0.0.1:43795/`";
        assert!(!after(&["error[E0308]: mismatched types"]), "nor from code that does not compile");
        assert!(after(&[began, "Error: driver failed to bind port during startup"]));
        assert!(after(&[began, driver, "Error: failed to create a chrome session: no answer"]));
        assert!(!after(&[
            began,
            driver,
            "running 2 tests",
            "Failed to detect test as having been run."
        ]));
        let failed = "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 filtered out";
        assert!(!after(&[began, driver, "running 3 tests", failed, began, driver]));
    }

    #[test]
    fn a_closing_line_has_both_numbers() {
        assert_eq!(closing_line("12 passed, 0 failed"), Some((12, 0)));
        assert_eq!(closing_line("test result: ok. 7 passed; 0 failed"), None);
    }
}
