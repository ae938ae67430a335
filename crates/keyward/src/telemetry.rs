//! What the process tells of itself: lines on standard error. `KEYWARD_LOG=debug` tells more; requests are not told here,
//! they are in the request log.

use tracing_subscriber::EnvFilter;

/// Which variable chooses what is told, as `tracing` filters are written: `info`, `gateway=debug`.
const VARIABLE: &str = "KEYWARD_LOG";

/// Begins to tell. A filter that cannot be read is taken for `info`.
pub fn start() {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false).init();
}
