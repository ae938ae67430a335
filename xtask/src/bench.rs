//! `cargo xtask bench`: becomes `bench/run.py`, which says itself what it builds, starts and measures.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process::become_program;
use crate::workspace::Workspace;

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    become_program(Command::new("python3").current_dir(&workspace.root).arg("bench/run.py").args(arguments))
}
