//! Counting the tests of runners that write a report in JSON: Vitest and Playwright.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Tally, with_status};
use crate::process::line_of;

/// Runs Vitest, which writes its report there.
pub fn of_vitest(command: &mut Command, report: &Path) -> Result<Tally> {
    of_report(command, report, |report| Tally {
        passed: number(&report["numPassedTests"]),
        failed: number(&report["numFailedTests"]),
        skipped: number(&report["numPendingTests"]) + number(&report["numTodoTests"]),
    })
}

/// Runs Playwright, which writes its report there. A journey that needed a second try is not one that passed.
pub fn of_playwright(command: &mut Command, report: &Path) -> Result<Tally> {
    of_report(command, report, |report| {
        let stats = &report["stats"];
        Tally {
            passed: number(&stats["expected"]),
            failed: number(&stats["unexpected"]) + number(&stats["flaky"]),
            skipped: number(&stats["skipped"]),
        }
    })
}

/// Runs a command that prints for people and reports for us. One that ends without a report has failed.
fn of_report(command: &mut Command, report: &Path, read: fn(&Value) -> Tally) -> Result<Tally> {
    // A report of an earlier run must not speak for this one.
    match std::fs::remove_file(report) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let line = line_of(command);
    println!("   $ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| line.clone())?;
    let written = std::fs::read_to_string(report).ok().and_then(|text| serde_json::from_str(&text).ok());
    let tally = written.as_ref().map(read).unwrap_or_default();
    if status.success() && tally.passed == 0 {
        println!("`{line}` reported no test that passed");
        return Ok(Tally { failed: tally.failed.max(1), ..tally });
    }
    Ok(with_status(tally, &line, status))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(read: fn(&mut Command, &Path) -> Result<Tally>, report: &str, exit: u8) -> Tally {
        let file = std::env::temp_dir().join(format!("keyward-xtask-report-{}-{exit}.json", std::process::id()));
        std::fs::write(&file, "{\"numPassedTests\": 99}").unwrap();
        let script = if report.is_empty() { String::new() } else { format!("echo '{report}' > \"$0\"; ") };
        let tally = read(Command::new("sh").args(["-c", &format!("{script}exit {exit}")]).arg(&file), &file).unwrap();
        _ = std::fs::remove_file(&file);
        tally
    }

    #[test]
    fn reports_are_read() {
        let vitest = r#"{"numPassedTests":5,"numFailedTests":2,"numPendingTests":1,"numTodoTests":1}"#;
        assert_eq!(run(of_vitest, vitest, 1), Tally { passed: 5, failed: 2, skipped: 2 });
        let playwright = r#"{"stats":{"expected":7,"unexpected":1,"flaky":1,"skipped":3}}"#;
        assert_eq!(run(of_playwright, playwright, 2), Tally { passed: 7, failed: 2, skipped: 3 });
    }

    #[test]
    fn a_run_that_reports_nothing_or_dies_is_a_failure() {
        assert_eq!(run(of_vitest, "", 3), Tally::ONE_FAILED);
        assert_eq!(run(of_vitest, "", 0), Tally::ONE_FAILED);
        assert_eq!(run(of_playwright, r#"{"stats":{}}"#, 0), Tally::ONE_FAILED);
        assert_eq!(run(of_vitest, r#"{"numPassedTests":5}"#, 4), Tally { passed: 5, failed: 1, skipped: 0 });
    }
}
