//! What the gateway is told about one address that it listens on: how a caller's address is known there, and TLS.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use domain::allowlist::AddressSet;

/// One address that callers connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListenerSettings {
    /// Where. All threads share it; port 0 takes any free port, one for all threads.
    pub address: SocketAddr,
    /// How the address of a caller is known.
    pub client_address: ClientAddress,
    /// What TLS needs; none: bytes come as they are, and with them HTTP/1.1 alone.
    pub tls: Option<TlsSettings>,
}

/// How the address of a caller is known. The sets are the proxies that are believed; what others say is not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum ClientAddress {
    /// It is the other end of the connection.
    #[default]
    Socket,
    /// `X-Forwarded-For`: the rightmost address that is not a trusted proxy.
    XForwardedFor(AddressSet),
    /// `Forwarded` (RFC 7239): the same of its `for` parameters.
    Forwarded(AddressSet),
    /// The PROXY protocol, version 1 or 2, before everything else: the address that it names.
    ProxyProtocol(AddressSet),
}

/// What TLS needs. The files are read again every so often, and used when their content changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsSettings {
    /// The chain in PEM, the listener's own certificate first.
    pub certificate: PathBuf,
    /// Its private key in PEM.
    pub key: PathBuf,
    /// How often the files are looked at.
    pub check_every: Duration,
}

impl TlsSettings {
    /// The default time between two looks at the files.
    pub const CHECK_EVERY: Duration = Duration::from_secs(10);
}

impl From<SocketAddr> for ListenerSettings {
    /// A listener without anything special.
    fn from(address: SocketAddr) -> Self {
        ListenerSettings { address, client_address: ClientAddress::Socket, tls: None }
    }
}
