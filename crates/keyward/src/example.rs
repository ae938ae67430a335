//! Two small upstreams for `keyward demo`, inside the binary so that a newcomer needs nothing else: a football API and
//! an Ethereum-like node. Every record is invented and the same at each start; neither keeps state nor reads a clock.

pub mod football;
pub mod node;

mod dice;

#[cfg(test)]
mod ask;

use std::{io, net::SocketAddr};

use axum::Router;
use tokio::net::TcpListener;

/// Binds first, so that the address is known and taken, then answers until the runtime ends.
async fn serve(listen: SocketAddr, router: Router) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind(listen).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
