//! The seeds of the fuzz targets. A crash that fuzzing finds becomes a file there, and so a test wherever they are replayed.

use std::{fs, panic::catch_unwind, path::Path};

/// Fewer are a sign that the folder is not the one that is meant.
const LEAST: usize = 5;

/// Runs the check on every seed of a target; panics with the name of the file that it fails on.
pub fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut replayed = 0;
    for file in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = file.expect("the folder can be listed").path();
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if catch_unwind(|| check(&bytes)).is_err() {
            panic!("{} fails", path.display());
        }
        replayed += 1;
    }
    assert!(replayed >= LEAST, "{} holds only {replayed} seeds", folder.display());
}
