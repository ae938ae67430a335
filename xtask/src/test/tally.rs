//! Counting tests by what `cargo test` prints.

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::line_of;

/// How many checks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    /// Tests marked `#[ignore]`: counted aloud, so that nothing is skipped in silence.
    pub skipped: u64,
}

impl Tally {
    pub const ONE_PASSED: Self = Self { passed: 1, failed: 0, skipped: 0 };
    pub const ONE_FAILED: Self = Self { passed: 0, failed: 1, skipped: 0 };
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(out, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// Runs `cargo test`, shows what it prints as it comes, and adds up the result line of each test binary. A run that
/// fails without a failed test (it does not compile, a binary died) counts as one failure.
pub fn of_cargo_test(command: &mut Command) -> Result<Tally> {
    let line = line_of(command);
    println!("   $ {line}");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().with_context(|| line.clone())?;
    let output = child.stdout.take().context("standard output is piped")?;
    let mut total = Tally::default();
    for printed in BufReader::new(output).split(b'\n') {
        let printed = String::from_utf8_lossy(&printed?).into_owned();
        println!("{printed}");
        total += of_line(&printed).unwrap_or_default();
    }
    let status = child.wait()?;
    if !status.success() && total.failed == 0 {
        println!("`{line}` failed without a failed test: {status}");
        total.failed = 1;
    }
    Ok(total)
}

/// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s`.
fn of_line(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        counts.split(';').find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok()).unwrap_or_default()
    };
    Some(Tally { passed: count("passed"), failed: count("failed"), skipped: count("ignored") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_are_read_and_others_are_not() {
        let ok = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s";
        let bad = "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 9.00s";
        let cases = [
            (ok, Some(Tally { passed: 12, failed: 0, skipped: 1 })),
            (bad, Some(Tally { passed: 3, failed: 2, skipped: 0 })),
            ("test key::tests::rotates ... ok", None),
            ("running 12 tests", None),
        ];
        for (line, expected) in cases {
            assert_eq!(of_line(line), expected, "{line}");
        }
    }

    #[test]
    fn the_closing_line_names_skipped_tests_only_when_there_are_some() {
        assert_eq!(Tally { passed: 3, failed: 1, skipped: 0 }.to_string(), "3 passed, 1 failed");
        assert_eq!(Tally { passed: 3, failed: 0, skipped: 2 }.to_string(), "3 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn a_run_that_dies_without_a_failed_test_is_a_failure() {
        let shell = |script: &str| of_cargo_test(Command::new("sh").args(["-c", script])).unwrap();
        let line = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'";
        assert_eq!(shell(line), Tally { passed: 2, failed: 0, skipped: 0 });
        assert_eq!(shell(&format!("{line}; exit 101")), Tally { passed: 2, failed: 1, skipped: 0 });
        assert_eq!(shell("exit 1"), Tally::ONE_FAILED);
    }
}
