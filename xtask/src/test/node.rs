//! The Node packages that the tests drive: a real Ethereum node and two client libraries, in `tests/real/node_modules`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::process::run;
use crate::stamp::Stamp;
use crate::workspace::Workspace;

/// Proof that an installation works.
const PROOF: &str = "await import('viem'); await import('ethers')";

pub struct Node {
    /// Folder of the scripts; `node_modules` lies in it.
    pub folder: PathBuf,
    /// The real Ethereum node, started by tests on a port of its own choosing.
    pub anvil: PathBuf,
}

/// Installs if package-lock.json changed since the last time.
pub fn install(workspace: &Workspace) -> Result<Node> {
    let folder = workspace.root.join("tests/real");
    let modules = folder.join("node_modules");
    let anvil = modules.join("@foundry-rs/anvil-linux-amd64/bin/anvil");
    let stamp = Stamp::new(&folder.join("package-lock.json"), modules.join(".lock-installed"))?;
    if !stamp.is_current() || !anvil.exists() {
        println!("installing the Node packages of tests/real");
        run(Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder))?;
        run(Command::new(&anvil).arg("--version"))?;
        run(Command::new("node").args(["--input-type=module", "--eval", PROOF]).current_dir(&folder))?;
        stamp.set()?;
    }
    Ok(Node { folder, anvil })
}
