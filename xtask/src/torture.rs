//! `cargo xtask torture`: the tests that kill Keyward's processes, with many more rounds than `cargo xtask test` takes.

use std::process::ExitCode;

use anyhow::Result;

use crate::process::{cargo, run as run_program};
use crate::test::setup;
use crate::workspace::Workspace;

/// What is run, one after the other: both kill and restart, and would disturb each other's timing.
const SUITES: [&[&str]; 2] = [&["--package", "journal"], &["--package", "keyward", "--test", "it"]];

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    let environment = setup::install(workspace)?.with("KEYWARD_TIER", "torture");
    for suite in SUITES {
        let mut command = cargo(&workspace.root);
        command.arg("test").args(suite).args(arguments).args(["--", "--nocapture"]).envs(environment.variables());
        run_program(&mut command)?;
    }
    Ok(ExitCode::SUCCESS)
}
