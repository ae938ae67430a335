//! Where PostgreSQL's programs are: Debian keeps them outside `PATH`, one folder for each version.

use std::path::{Path, PathBuf};

/// Names the folder, where it is not Debian's.
const VARIABLE: &str = "KEYWARD_TEST_POSTGRES_BIN";
/// Debian's folder of versions.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder of `initdb`, `postgres` and `psql`.
///
/// # Panics
/// They are not installed; the message has the line that installs them.
pub(super) fn find() -> PathBuf {
    let named = std::env::var_os(VARIABLE).map(PathBuf::from);
    let found = named.or_else(|| newest(Path::new(DEBIAN)));
    found.unwrap_or_else(|| {
        panic!(
            "no PostgreSQL in {DEBIAN}: run `apt-get install -y postgresql`, or set {VARIABLE} to the folder of initdb"
        )
    })
}

fn newest(versions: &Path) -> Option<PathBuf> {
    let version = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = std::fs::read_dir(versions).ok()?.flatten().map(|entry| entry.path());
    let complete = folders.filter(|folder| version(folder).is_some() && folder.join("bin/initdb").is_file());
    Some(complete.max_by_key(version)?.join("bin"))
}
