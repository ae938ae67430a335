//! One connection of a caller: requests one after another, until it ends, is late, or the gateway stops.

use std::{
    future::Future,
    net::IpAddr,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
};

use hyper::{server::conn::http1, service::service_fn};
use tokio::net::TcpStream;

use super::caller_io::CallerIo;
use crate::{gate::Gate, handle::handle, watch::Slot};

/// hyper's buffer for one direction of a connection, in bytes: bounds what a fast side can send ahead of a slow one.
const MAX_BUFFER: usize = 64 * 1024;

/// Serves the connection.
pub(super) async fn serve(gate: Rc<Gate>, stream: TcpStream, peer: IpAddr) {
    let slot = gate.watch.slot();
    let limits = gate.shared.limits;
    let io = CallerIo::new(stream, slot.clone());
    let of_requests = (Rc::clone(&gate), slot.clone());
    let requests = service_fn(move |request| {
        let (gate, slot) = of_requests.clone();
        handle(gate, slot, peer, request)
    });
    // No timer of hyper's: the watch has all deadlines. No flush for pipelined requests: it would lose hyper's own 400.
    let connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_headers(limits.headers)
        .max_header_size(limits.head_bytes)
        .max_buf_size(MAX_BUFFER.max(limits.head_bytes))
        .serve_connection(io, requests);
    let connection = pin!(connection);
    let watched =
        Watched { connection, slot, gate: &gate, is_closing: false, shut_down: http1::Connection::graceful_shutdown };
    if let Some(Err(error)) = watched.await {
        tracing::trace!(%error, "a caller's connection ended");
    }
}

/// A connection that ends when it is late. `S` asks it to end after the request it is at.
struct Watched<'a, C, S> {
    connection: Pin<&'a mut C>,
    slot: Slot,
    gate: &'a Gate,
    is_closing: bool,
    shut_down: S,
}

impl<C: Future, S: Fn(Pin<&mut C>) + Unpin> Future for Watched<'_, C, S> {
    type Output = Option<C::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<C::Output>> {
        let this = &mut *self;
        if this.slot.must_end() {
            return Poll::Ready(None);
        }
        this.slot.register(cx);
        if this.gate.closes_idle.get() && !this.is_closing {
            this.is_closing = true;
            (this.shut_down)(this.connection.as_mut());
        }
        this.connection.as_mut().poll(cx).map(Some)
    }
}
