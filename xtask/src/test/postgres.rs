//! PostgreSQL's programs. Each test starts its own private cluster with them; a server that runs on the machine is
//! neither needed nor touched.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::process::answer;
use crate::test::debian::{self, Package};

/// The account that Debian's package makes, and that the programs may run as when we are root.
const ACCOUNT: &str = "postgres";

/// Where Debian keeps one folder per major version; its programs are not on the path.
const DEBIAN: &str = "/usr/lib/postgresql";

pub struct Postgres {
    /// Folder of `initdb`, `postgres` and `psql`.
    pub programs: PathBuf,
    /// Who they must run as, where it is not us: `initdb` refuses root.
    pub account: Option<String>,
}

pub fn package() -> Package<'static> {
    Package { name: "postgresql", present: find().is_ok() }
}

pub fn find() -> Result<Postgres> {
    let named = std::env::var_os("KEYWARD_TEST_POSTGRES_BIN").map(PathBuf::from);
    let told = || answer("pg_config", &["--bindir"]).map(PathBuf::from);
    let programs = [named, newest(Path::new(DEBIAN)), told()].into_iter().flatten().find(|folder| has_all(folder));
    let account = debian::is_root().then(|| ACCOUNT.to_owned());
    Ok(Postgres { programs: programs.context("PostgreSQL's initdb is nowhere to be found")?, account })
}

/// The `bin` folder of the highest version that is complete.
fn newest(versions: &Path) -> Option<PathBuf> {
    let versions = std::fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path());
    let mut complete: Vec<(u32, PathBuf)> = versions
        .filter_map(|folder| Some((folder.file_name()?.to_str()?.parse().ok()?, folder.join("bin"))))
        .filter(|(_, programs)| has_all(programs))
        .collect();
    complete.sort();
    complete.pop().map(|(_, programs)| programs)
}

fn has_all(programs: &Path) -> bool {
    ["initdb", "postgres", "pg_ctl"].iter().all(|name| programs.join(name).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_complete_version_wins() {
        let root = std::env::temp_dir().join(format!("keyward-xtask-postgres-{}", std::process::id()));
        for (version, programs) in [("9", 3), ("15", 3), ("16", 2), ("conf", 3)] {
            let folder = root.join(version).join("bin");
            std::fs::create_dir_all(&folder).unwrap();
            for name in ["initdb", "postgres", "pg_ctl"].iter().take(programs) {
                std::fs::write(folder.join(name), "").unwrap();
            }
        }
        let found = newest(&root);
        std::fs::remove_dir_all(&root).unwrap();
        assert_eq!(found, Some(root.join("15/bin")));
    }
}
