//! Debian packages: what the tests need from the system itself.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{answer, run};

/// A package, and whether what it brings is on this machine already, from wherever.
pub struct Package {
    pub name: &'static str,
    pub present: bool,
}

/// Installs what is missing, if we are root; else says the line that does, and stops.
pub fn install(packages: &[Package]) -> Result<()> {
    let missing: Vec<_> = packages.iter().filter(|package| !package.present).map(|package| package.name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || answer("apt-get", &["--version"]).is_none() {
        bail!("the tests need these Debian packages, or what they bring: `apt-get install {}`", missing.join(" "));
    }
    println!("installing Debian packages: {}", missing.join(" "));
    run(apt_get().args(["--quiet", "update"]))?;
    run(apt_get().args(["--quiet", "--yes", "--no-install-recommends", "install"]).args(missing))
}

/// True when this process may install packages and must not run PostgreSQL.
pub fn is_root() -> bool {
    answer("id", &["-u"]).as_deref() == Some("0")
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
