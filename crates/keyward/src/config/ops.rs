//! `[ops]`: where figures, health and readiness are asked for.

use std::net::SocketAddr;

use super::{gateway::read_addresses, reader::Field};

/// What `[ops]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpsConfig {
    /// Where it listens. Whoever reaches it sees how much is called, and which upstreams fail.
    pub listen: Vec<SocketAddr>,
}

/// Reads `[ops]`; without the table there is no such listener.
pub fn read(field: &Field<'_>) -> Option<OpsConfig> {
    let mut section = field.section("a table [ops]")?;
    let listen = section.take("listen").map(|field| read_addresses(&field, "127.0.0.1:8082"));
    section.finish();
    Some(OpsConfig { listen: listen.unwrap_or_else(|| vec![SocketAddr::from(([127, 0, 0, 1], 8082))]) })
}
