//! Replays the seeds of the fuzz targets of this crate.

use testbed::seeds::replay;

#[test]
fn path_seeds() {
    replay("path", crate::path::check);
}
