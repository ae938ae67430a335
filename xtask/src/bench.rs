//! `cargo xtask bench` and `cargo xtask soak`: become `bench/run.py` and `bench/soak.py`, which say themselves what they
//! build, start and measure.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process::become_program;
use crate::workspace::Workspace;

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    become_script(workspace, "bench/run.py", arguments)
}

pub fn soak(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    become_script(workspace, "bench/soak.py", arguments)
}

fn become_script(workspace: &Workspace, script: &str, arguments: &[String]) -> Result<ExitCode> {
    become_program(Command::new("python3").current_dir(&workspace.root).arg(script).args(arguments))
}
