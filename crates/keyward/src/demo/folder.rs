//! The demo's folder: its `keyward.toml`, and the example upstream's credential.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    net::TcpListener,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::clock;

/// The name of the example REST API.
pub const FOOTBALL: &str = "football";
/// The name of the example JSON-RPC API.
pub const NODE: &str = "node";

const TEMPLATE: &str = include_str!("keyward.toml");
const FILE: &str = "keyward.toml";
const CREDENTIAL: &str = "football.credential";

/// Makes what is not there yet, and names the configuration file.
///
/// Errors: when the folder cannot be made or written.
pub fn make(folder: &Path) -> anyhow::Result<PathBuf> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let (file, secret) = (folder.join(FILE), folder.join(CREDENTIAL));
    let text = || Ok(TEMPLATE.replace("@FOOTBALL@", &free_address()?).replace("@NODE@", &free_address()?));
    write_new(&secret, || Ok(random_text()))?;
    write_new(&file, text)?;
    Ok(file)
}

/// What the example REST API wants to be shown.
///
/// Errors: when it cannot be read.
pub fn credential(folder: &Path) -> anyhow::Result<String> {
    let file = folder.join(CREDENTIAL);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.trim().to_owned())
}

/// A free port for an example server; it is written down, so that later starts find the same one.
fn free_address() -> anyhow::Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

fn random_text() -> String {
    clock::entropy::<16>().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_new(file: &Path, text: impl FnOnce() -> anyhow::Result<String>) -> anyhow::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Ok(mut open) => Ok(open.write_all(text()?.as_bytes())?),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(|| format!("cannot write {}", file.display())),
    }
}
