//! `cargo xtask demo`: builds the dashboard, then Keyward with the dashboard in it, and becomes `keyward demo`.

use std::process::{Command, ExitCode};

use anyhow::Result;

use crate::process::{become_program, cargo, run as run_program};
use crate::workspace::Workspace;
use crate::{dashboard, prerequisites};

/// Where the example account lives unless `--data` says otherwise; ignored by git.
const DATA: &str = "data/demo";

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    prerequisites::for_building()?;
    dashboard::build(workspace)?;
    run_program(cargo(&workspace.root).args(["build", "--package", "keyward"]))?;
    let mut keyward = Command::new(workspace.target.join("debug/keyward"));
    keyward.arg("demo").args(arguments);
    if !names_a_data_folder(arguments) {
        keyward.arg("--data").arg(workspace.root.join(DATA));
    }
    become_program(&mut keyward)
}

fn names_a_data_folder(arguments: &[String]) -> bool {
    arguments.iter().any(|argument| argument == "--data" || argument.starts_with("--data="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_folder_is_only_added_when_not_named() {
        for (line, named) in [("", false), ("--quota 5", false), ("--data x", true), ("--data=x", true)] {
            let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(names_a_data_folder(&arguments), named, "{line:?}");
        }
    }
}
