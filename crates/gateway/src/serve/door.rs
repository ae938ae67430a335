//! Door: what all connections of one listener have in common: how their callers are known, and TLS.

use std::{io, net::IpAddr, sync::Arc};

use tokio::{net::TcpStream, time::timeout};

use super::certificates::{Certificates, HTTP_2};
use crate::{
    client_address::proxy_protocol,
    settings::{ClientAddress, ListenerSettings, SettingsError, TimeOuts},
    wire::Wire,
};

/// One listener's way in.
pub(super) struct Door {
    /// How the address of a caller is known.
    pub client_address: ClientAddress,
    /// What TLS needs.
    pub certificates: Option<Arc<Certificates>>,
    /// Whether the socket outlives this gateway: who waits in it when it stops is the next one's caller.
    pub is_inherited: bool,
    head: std::time::Duration,
}

/// A connection that may begin to speak HTTP.
pub(super) struct Entered {
    /// What carries it.
    pub wire: Wire,
    /// The other end, or whom a trusted proxy named.
    pub peer: IpAddr,
    /// Whether the handshake agreed on HTTP/2.
    pub is_http2: bool,
}

impl Door {
    /// As the operator declared it; reads certificates.
    pub fn new(
        settings: &ListenerSettings,
        time_outs: &TimeOuts,
        is_inherited: bool,
    ) -> Result<Arc<Self>, SettingsError> {
        let certificates = settings.tls.as_ref().map(Certificates::read).transpose()?;
        let client_address = settings.client_address.clone();
        Ok(Arc::new(Door { client_address, certificates, is_inherited, head: time_outs.head }))
    }

    /// Takes what comes before HTTP: a proxy's header, the handshake. Both must come within the time for a head.
    ///
    /// Errors: they did not, or cannot be read; nothing can be answered to that.
    pub async fn enter(&self, stream: TcpStream, peer: IpAddr) -> io::Result<Entered> {
        if self.certificates.is_none() && !self.client_address.is_announced_by(peer) {
            return Ok(Entered { wire: Wire::Plain(stream), peer, is_http2: false });
        }
        // Boxed: a handshake is large, and most connections are without one, or past it.
        let late = |_| io::Error::new(io::ErrorKind::TimedOut, "no header or handshake in time");
        timeout(self.head, Box::pin(self.take_what_precedes(stream, peer))).await.map_err(late)?
    }

    async fn take_what_precedes(&self, mut stream: TcpStream, mut peer: IpAddr) -> io::Result<Entered> {
        if self.client_address.is_announced_by(peer) {
            peer = proxy_protocol::read(&mut stream).await?.unwrap_or(peer);
        }
        let Some(certificates) = &self.certificates else {
            return Ok(Entered { wire: Wire::Plain(stream), peer, is_http2: false });
        };
        let stream = certificates.acceptor().accept(stream).await?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP_2);
        Ok(Entered { wire: Wire::Tls(Box::new(stream.into())), peer, is_http2 })
    }
}
