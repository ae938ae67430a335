//! Ports of a test's own on the loopback address; the system chooses them.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};

/// Listens on a free port.
pub fn listen() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("the loopback address has a free port")
}

/// An address that refuses connections: it was free a moment ago, and nothing listens there.
pub fn closed() -> SocketAddr {
    listen().local_addr().expect("a bound listener has an address")
}
