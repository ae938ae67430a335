//! Where this checkout is, and where its build results go.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout a command works on.
pub struct Workspace {
    /// Folder of the top `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's build folder: `target`, or what `CARGO_TARGET_DIR` says.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the checkout through the folder of this crate, which Cargo tells at run time; the working directory plays
    /// no part, so that every command does the same in every folder.
    pub fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask lies in the checkout's root")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }
}
