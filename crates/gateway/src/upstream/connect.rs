//! Connect: a new connection to an upstream, over each of its addresses in turn.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{net::TcpStream, time::timeout};

use super::tls::Tls;
use crate::wire::Wire;

/// No address is given less than this, so that one slow network does not make all of them fail.
const LEAST_FOR_EACH: Duration = Duration::from_millis(500);

/// Connects to the first address that answers, TLS included. Each gets its share of `limit`.
pub(super) async fn connect(
    addresses: &[SocketAddr],
    tls: Option<&Tls>,
    limit: Duration,
) -> io::Result<(Wire, SocketAddr)> {
    let share = limit / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the upstream has no address");
    for address in addresses {
        match timeout(share.max(LEAST_FOR_EACH), open(*address, tls)).await {
            Ok(Ok(wire)) => return Ok((wire, *address)),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::Error::new(io::ErrorKind::TimedOut, "no connection in time"),
        }
    }
    Err(last)
}

async fn open(address: SocketAddr, tls: Option<&Tls>) -> io::Result<Wire> {
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let Some(tls) = tls else { return Ok(Wire::Plain(stream)) };
    let stream = tls.connector.connect(tls.name.clone(), stream).await?;
    Ok(Wire::Tls(Box::new(stream.into())))
}
