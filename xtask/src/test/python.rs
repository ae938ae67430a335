//! The Python programs that the tests drive, in a virtual environment of their own: `target/venv`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::{answer, run};
use crate::stamp::Stamp;
use crate::test::debian::Package;
use crate::workspace::Workspace;

/// Proof that an installation works: a client, the upstream, the server under it, the one mail goes to, and two fuzzers.
const PROOF: &str = "import web3, httpbin, gunicorn, aiosmtpd.smtp, kosoku, schemathesis";

/// Debian splits the standard library: without this package `python3 -m venv` has no pip to put in.
pub fn package() -> Package<'static> {
    Package { name: "python3-venv", present: answer("python3", &["-c", "import ensurepip, venv"]).is_some() }
}

/// Makes the environment if requirements.txt changed since it was made. Answers with its Python.
pub fn install(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("tests/real/requirements.txt");
    let environment = workspace.target.join("venv");
    let python = environment.join("bin/python");
    let stamp = Stamp::new(&requirements, environment.join("requirements.installed"))?;
    if stamp.is_current() && python.exists() {
        return Ok(python);
    }
    println!("installing the Python programs of tests/real/requirements.txt into {}", environment.display());
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
        .arg(&requirements))?;
    run(Command::new(&python).args(["-W", "ignore", "-c", PROOF]))?;
    stamp.set()?;
    Ok(python)
}
