//! Listeners: each thread has a socket of its own for each address, and the kernel spreads connections over them. A socket
//! that is handed in, because it outlives this process, is one that all threads take from.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use socket2::{Domain, Protocol, Socket, Type};

use crate::settings::ListenerSettings;

/// Connections that may wait to be accepted, for each socket.
const BACKLOG: i32 = 4_096;

/// What was bound.
pub(super) struct Bound {
    /// The sockets of each thread.
    pub of_threads: Vec<Vec<TcpListener>>,
    /// The addresses as they are.
    pub addresses: Vec<SocketAddr>,
}

/// Binds each address once for each thread. Port 0 is resolved by the first thread, and the others share what it got. The
/// first ones are those that are handed in instead.
pub(super) fn bind(
    wanted: &[ListenerSettings],
    inherited: &[Arc<TcpListener>],
    threads: usize,
) -> Result<Bound, (SocketAddr, io::Error)> {
    let mut of_threads: Vec<Vec<TcpListener>> = (0..threads).map(|_| Vec::new()).collect();
    let mut addresses = Vec::with_capacity(wanted.len());
    for (place, ListenerSettings { address, .. }) in wanted.iter().enumerate() {
        let mut actual = *address;
        for listeners in &mut of_threads {
            let listener = match inherited.get(place) {
                Some(inherited) => share(inherited),
                None => bind_one(actual),
            };
            let listener = listener.map_err(|error| (*address, error))?;
            actual = listener.local_addr().map_err(|error| (*address, error))?;
            listeners.push(listener);
        }
        addresses.push(actual);
    }
    Ok(Bound { of_threads, addresses })
}

fn share(inherited: &TcpListener) -> io::Result<TcpListener> {
    inherited.set_nonblocking(true)?;
    inherited.try_clone()
}

fn bind_one(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    if address.is_ipv6() {
        // `[::]` takes IPv6 only, so that it can stand beside `0.0.0.0` and no caller's address is written in two ways.
        socket.set_only_v6(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
