//! Counting tests by what their runners print or report.

mod json_report;

use std::fmt;
use std::io::{BufRead, BufReader};
use std::ops::Add;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result};

use crate::process::line_of;
pub use json_report::{of_playwright, of_vitest};

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

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
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
        total = total + of_line(&printed).unwrap_or_default();
    }
    Ok(with_status(total, &line, child.wait()?))
}

/// Runs Python's unittest and reads the two lines it ends with.
pub fn of_unittest(command: &mut Command) -> Result<Tally> {
    let line = line_of(command);
    println!("   $ {line}");
    let output = command.stdin(Stdio::null()).output().with_context(|| line.clone())?;
    let printed = String::from_utf8_lossy(&output.stderr);
    print!("{}{printed}", String::from_utf8_lossy(&output.stdout));
    Ok(with_status(of_unittest_lines(&printed), &line, output.status))
}

/// A runner that says it failed has at least one failure to its name.
fn with_status(mut tally: Tally, line: &str, status: ExitStatus) -> Tally {
    if !status.success() && tally.failed == 0 {
        println!("`{line}` failed without a failed test: {status}");
        tally.failed = 1;
    }
    tally
}

/// Reads `Ran 14 tests in 0.7s` and `FAILED (failures=1, errors=2, skipped=3)`.
fn of_unittest_lines(printed: &str) -> Tally {
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
    let after = |word: &str| printed.rsplit_once(word).map_or(0, |(_, rest)| number(rest));
    let (ran, failed, skipped) = (after("\nRan "), after("failures=") + after("errors="), after("skipped="));
    Tally { passed: u64::saturating_sub(ran, failed + skipped), failed, skipped }
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
    fn the_end_of_a_unittest_run_is_read() {
        let end = "----\nRan 14 tests in 0.703s\n\n";
        let cases = [
            ("OK", Tally { passed: 14, failed: 0, skipped: 0 }),
            ("OK (skipped=2)", Tally { passed: 12, failed: 0, skipped: 2 }),
            ("FAILED (failures=1, errors=3, skipped=2)", Tally { passed: 8, failed: 4, skipped: 2 }),
        ];
        for (verdict, expected) in cases {
            assert_eq!(of_unittest_lines(&format!("..\n{end}{verdict}\n")), expected, "{verdict}");
        }
        assert_eq!(of_unittest_lines("SyntaxError: invalid syntax"), Tally::default());
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
