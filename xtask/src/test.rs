//! `cargo xtask test`: brings what the tests need, then runs every check there is and counts.
//!
//! A step is one line of [`STEPS`]. Steps do not stop one another: a run tells everything that is wrong. The last line
//! is `N passed, N failed`, in which a check that is not a test counts as one.

pub mod debian;
pub mod python;
pub mod setup;
mod tally;

mod chromium;
mod node;
mod postgres;
mod web;

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process::{cargo, run as run_program};
use crate::workspace::Workspace;
use crate::{dashboard, licences, tidy};
use setup::Environment;
use tally::Tally;

/// One check of the whole tree.
struct Step {
    name: &'static str,
    run: fn(&Workspace, &Environment) -> Result<Tally>,
}

/// Quick ones first, so that a slip is seen within a minute; the tests last. What the binary carries is built before it.
const STEPS: &[Step] = &[
    Step { name: "format", run: format },
    Step { name: "tidy", run: tidy },
    Step { name: "web", run: web::web },
    Step { name: "lint", run: lint },
    Step { name: "licences", run: licences },
    Step { name: "bench", run: bench },
    Step { name: "tests", run: |workspace, environment| tests(workspace, environment, None) },
    Step { name: "browser", run: web::browser },
];

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let wish = Wish::read(arguments)?;
    let mut report = Report::default();
    let environment = report.timed("setup", || setup::install(workspace))?;
    match wish {
        Wish::Steps(steps) => {
            for step in steps {
                report.count(step.name, || (step.run)(workspace, &environment));
            }
        }
        Wish::Setup => {
            environment.print();
            return Ok(ExitCode::SUCCESS);
        }
        Wish::Tests(filter) => {
            println!("only Rust tests whose name contains {filter:?}; no other check");
            report.timed("dashboard", || dashboard::build(workspace))?;
            report.count("tests", || tests(workspace, &environment, Some(filter)));
        }
    }
    Ok(report.close())
}

/// What the command line asks for.
enum Wish<'a> {
    Steps(&'static [Step]),
    Setup,
    /// Only Rust tests, by a part of their names.
    Tests(&'a str),
}

impl<'a> Wish<'a> {
    fn read(arguments: &'a [String]) -> Result<Self> {
        match arguments {
            [] => Ok(Self::Steps(STEPS)),
            [only] if only == "--only-setup" => Ok(Self::Setup),
            [flag, name] if flag == "--only" => {
                let place = STEPS.iter().position(|step| step.name == name).with_context(|| {
                    let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
                    format!("there is no step `{name}`; there are: {}", names.join(", "))
                })?;
                Ok(Self::Steps(&STEPS[place..=place]))
            }
            [filter] if !filter.starts_with('-') => Ok(Self::Tests(filter)),
            _ => anyhow::bail!("takes `--only-setup`, `--only STEP`, one word to pick Rust tests by, or nothing"),
        }
    }
}

/// The workspace, and the two that stand beside it: one so that Keyward cannot lean on it, one because it is built for libFuzzer.
const MANIFESTS: [&str; 3] = ["Cargo.toml", BENCH, "fuzz/Cargo.toml"];
const BENCH: &str = "bench/Cargo.toml";

fn format(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    for manifest in MANIFESTS {
        run_program(cargo(&workspace.root).args(["fmt", "--manifest-path", manifest, "--all", "--check"]))?;
    }
    Ok(Tally::ONE_PASSED)
}

fn lint(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    for manifest in ["Cargo.toml", BENCH] {
        let arguments = ["clippy", "--manifest-path", manifest, "--workspace", "--all-targets", "--locked"];
        run_program(cargo(&workspace.root).args(arguments).args(["--", "-D", "warnings"]))?;
    }
    Ok(Tally::ONE_PASSED)
}

fn tidy(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    tidy::check(workspace)?;
    Ok(Tally::ONE_PASSED)
}

fn licences(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    licences::check(workspace)?;
    Ok(Tally::ONE_PASSED)
}

/// What measures must itself be right: a benchmark with a slip measures the slip.
fn bench(workspace: &Workspace, _: &Environment) -> Result<Tally> {
    let mut programs = cargo(&workspace.root);
    programs.args(["test", "--manifest-path", BENCH, "--locked"]);
    let mut scripts = Command::new("python3");
    scripts.args(["-m", "unittest", "discover", "-s", "bench"]).current_dir(&workspace.root);
    Ok(tally::of_cargo_test(&mut programs)? + tally::of_unittest(&mut scripts)?)
}

fn tests(workspace: &Workspace, environment: &Environment, filter: Option<&str>) -> Result<Tally> {
    let mut command = cargo(&workspace.root);
    command.args(["test", "--workspace", "--locked", "--no-fail-fast"]).args(filter).envs(environment.variables());
    tally::of_cargo_test(&mut command)
}

/// What was counted, and how long each step took.
#[derive(Default)]
struct Report {
    total: Tally,
    times: Vec<(&'static str, Duration, &'static str)>,
}

impl Report {
    fn timed<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = step();
        let word = if outcome.is_ok() { "done" } else { "FAILED" };
        self.times.push((name, start.elapsed(), word));
        outcome
    }

    /// Runs a step to its end; an error is printed and counts as one failure.
    fn count(&mut self, name: &'static str, step: impl FnOnce() -> Result<Tally>) {
        let tally = self.timed(name, step).unwrap_or_else(|error| {
            println!("{name}: {error:#}");
            Tally::ONE_FAILED
        });
        if tally.failed > 0
            && let Some(last) = self.times.last_mut()
        {
            last.2 = "FAILED";
        }
        self.total = self.total + tally;
    }

    fn close(&self) -> ExitCode {
        println!();
        for (name, time, word) in &self.times {
            println!("{name:>10} {:>8.1} s  {word}", time.as_secs_f64());
        }
        println!("\n{}", self.total);
        if self.total.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_are_read_before_anything_is_installed() {
        let read = |line: &str| {
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            Wish::read(&arguments).map(|wish| match wish {
                Wish::Steps(steps) => steps.iter().map(|step| step.name).collect::<Vec<_>>().join(" "),
                Wish::Setup => "setup".to_owned(),
                Wish::Tests(filter) => format!("tests {filter}"),
            })
        };
        assert!(read("").unwrap().starts_with("format tidy web "));
        assert_eq!(read("--only browser").unwrap(), "browser");
        assert_eq!(read("--only-setup").unwrap(), "setup");
        assert_eq!(read("suspend").unwrap(), "tests suspend");
        for (wrong, named) in [("--only brwser", "browser"), ("--ony", "--only STEP"), ("a b", "--only STEP")] {
            assert!(read(wrong).unwrap_err().to_string().contains(named), "{wrong}");
        }
    }
}
