//! Client programs in `tests/real`, written against the unmodified libraries people use: they are given a URL and end
//! with exit code 0 and one line of JSON if everything they assert is true.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use crate::process::{self, Ended};

/// How long a script may run.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a Node script of `tests/real`, such as `viem.mjs`.
///
/// # Panics
/// If Node is absent or the script takes more than two minutes.
pub fn node(script: &str, arguments: &[&str]) -> Ended {
    run(Command::new("node"), script, arguments)
}

/// Runs a Python script of `tests/real`, such as `web3_client.py`.
///
/// # Panics
/// If the Python environment is absent or the script takes more than two minutes.
pub fn python(script: &str, arguments: &[&str]) -> Ended {
    run(Command::new(python_program()), script, arguments)
}

/// The folder of the scripts; `node_modules` lies in it.
pub fn folder() -> PathBuf {
    std::env::var_os("KEYWARD_TEST_NODE_DIR").map_or_else(|| root().join("tests/real"), PathBuf::from)
}

/// A Python that has web3, httpbin and gunicorn.
pub fn python_program() -> PathBuf {
    std::env::var_os("KEYWARD_TEST_PYTHON").map_or_else(|| root().join("target/venv/bin/python"), PathBuf::from)
}

fn run(mut command: Command, script: &str, arguments: &[&str]) -> Ended {
    command.arg(folder().join(script)).args(arguments);
    process::run(command, LIMIT)
        .unwrap_or_else(|error| panic!("{script}: {error}; `cargo xtask test --only-setup` brings what it needs"))
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
