//! `[control]`: where the dashboard and its API listen, and under which address people reach them.

use std::net::SocketAddr;

use super::{
    gateway::read_addresses,
    reader::Field,
    url::{self, PUBLIC},
};

/// What `[control]` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlConfig {
    /// Where it listens.
    pub listen: Vec<SocketAddr>,
    /// Where people reach it; every link is made from this, never from what a request says. None only on loopback.
    pub public_url: Option<String>,
}

/// Reads `[control]`.
pub fn read(field: Option<&Field<'_>>) -> ControlConfig {
    let mut config = ControlConfig { listen: vec![SocketAddr::from(([127, 0, 0, 1], 8080))], public_url: None };
    let Some(mut section) = field.and_then(|field| field.section("a table [control]")) else { return config };
    let listen = section.take("listen");
    if let Some(listen) = &listen {
        config.listen = read_addresses(listen, "127.0.0.1:8080");
    }
    let public_url = section.take("public_url");
    let open = config.listen.iter().find(|address| !address.ip().is_loopback());
    match (public_url, open, listen) {
        (Some(field), _, _) => config.public_url = url::read(&field, PUBLIC),
        (None, Some(address), Some(listen)) => {
            let message = format!("{address} is not on loopback, so `public_url` is needed: links are made from it");
            listen.refuse(message, Some("add public_url = \"https://keys.example.com\" to [control]".to_owned()));
        }
        (None, _, _) => {}
    }
    section.finish();
    config
}
