//! Chromium, the real browser that Playwright drives. Playwright would fetch one of its own from a host that is no
//! package registry; Debian's does as well.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::test::debian::Package;

/// What it is called, in the order of preference.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

pub fn package() -> Package<'static> {
    Package { name: "chromium", present: find().is_ok() }
}

pub fn find() -> Result<PathBuf> {
    let named = std::env::var_os("KEYWARD_TEST_CHROMIUM").map(PathBuf::from);
    let folders: Vec<_> = std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).collect();
    let found = NAMES.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    named.into_iter().chain(found).find(|program| program.is_file()).context("Chromium is nowhere to be found")
}
