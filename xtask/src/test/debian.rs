//! Debian packages: what tests and the release need from the system itself.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{answer, run};

/// A package, and whether what it brings is on this machine already, from wherever.
pub struct Package<'n> {
    pub name: &'n str,
    pub present: bool,
}

/// Installs what is missing, if we are root; else says the line that does, and stops.
pub fn install(packages: &[Package<'_>]) -> Result<()> {
    let can_install = is_root() && answer("apt-get", &["--version"]).is_some();
    let missing = missing(packages, can_install)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("installing Debian packages: {}", missing.join(" "));
    run(apt_get().args(["-qq", "update"]))?;
    run(apt_get().args(["-qq", "--yes", "--no-install-recommends", "install"]).args(missing))
}

/// Names of the packages to install; an error if there are some and we may not.
fn missing<'n>(packages: &[Package<'n>], can_install: bool) -> Result<Vec<&'n str>> {
    let missing: Vec<_> = packages.iter().filter(|package| !package.present).map(|package| package.name).collect();
    if !missing.is_empty() && !can_install {
        bail!("these Debian packages are needed, or what they bring: `apt-get install {}`", missing.join(" "));
    }
    Ok(missing)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_right_to_install_the_line_is_told_once_it_is_needed() {
        let packages = |present| [Package { name: "one", present: true }, Package { name: "two", present }];
        assert_eq!(missing(&packages(true), false).unwrap(), [""; 0]);
        assert_eq!(missing(&packages(false), true).unwrap(), ["two"]);
        let told = missing(&packages(false), false).unwrap_err().to_string();
        assert!(told.ends_with("`apt-get install two`"), "{told}");
    }
}
