//! Replays the seeds of the fuzz targets. A crash that fuzzing finds becomes a file there, and so a test here.

use std::fs;
use std::path::Path;

#[test]
fn contract_seeds() {
    replay("contract", crate::contract::check);
}

#[test]
fn json_rpc_seeds() {
    replay("json_rpc", crate::json_rpc::check);
}

fn replay(target: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds").join(target);
    let mut replayed = 0;
    for file in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = file.expect("the folder can be listed").path();
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        if std::panic::catch_unwind(|| check(&bytes)).is_err() {
            panic!("{} fails", path.display());
        }
        replayed += 1;
    }
    assert!(replayed >= 5, "{} holds only {replayed} seeds", folder.display());
}
