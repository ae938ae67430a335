//! One connection of a caller: requests one after another, until it ends, is late, or the gateway stops.

use std::{
    future::{Future, poll_fn},
    net::IpAddr,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use hyper::{server::conn::http1, service::service_fn};
use tokio::net::TcpStream;

use super::{
    caller_io::CallerIo,
    door::{Door, Entered},
    plain, streams,
};
use crate::{
    gate::Gate,
    handle::handle_of_hyper,
    watch::{Phase, Slot},
    websocket,
    wire::Wire,
};

/// hyper's buffer for one direction of a connection, in bytes: bounds what a fast side can send ahead of a slow one.
const MAX_BUFFER: usize = 64 * 1024;

/// Serves the connection.
pub(super) async fn serve(gate: Rc<Gate>, door: Arc<Door>, stream: TcpStream, peer: IpAddr) {
    match door.enter(stream, peer).await {
        // Boxed: a connection of streams is several times larger than one of single requests.
        Ok(Entered { wire, peer, is_http2: true }) => Box::pin(streams::serve(gate, door, wire, peer)).await,
        Ok(Entered { wire, peer, is_http2: false }) => serve_one_by_one(gate, door, wire, peer).await,
        Err(error) => tracing::debug!(%error, %peer, "a connection did not come to HTTP"),
    }
}

/// Serves a connection of HTTP/1: plain requests here, the others by hyper, which also has what follows them until the
/// connection rests.
async fn serve_one_by_one(gate: Rc<Gate>, door: Arc<Door>, wire: Wire, peer: IpAddr) {
    let slot = gate.watch.slot();
    let mut io = CallerIo::new(wire, slot.clone());
    loop {
        let end = {
            let connection = pin!(plain::serve(&gate, &door, &slot, peer, &mut io));
            // It looks by itself whether the gateway closes what is unused.
            let shut_down = |_: Pin<&mut _>| {};
            Watched { connection, slot: slot.clone(), gate: &gate, is_closing: false, asks_first: false, shut_down }
                .await
        };
        if !matches!(end, Some(plain::End::Odd)) {
            return;
        }
        // Boxed: hyper's connection is large, and most never come here.
        match Box::pin(serve_by_hyper(&gate, &door, &slot, peer, io)).await {
            Some(rested) => io = rested,
            None => return,
        }
    }
}

/// Serves a connection of HTTP/1 by hyper, beginning with what was read and not taken. Returns it when it rests; none: it is over.
async fn serve_by_hyper(
    gate: &Rc<Gate>,
    door: &Arc<Door>,
    slot: &Slot,
    peer: IpAddr,
    io: CallerIo,
) -> Option<CallerIo> {
    let limits = gate.shared.limits;
    let requests = service_fn(|request| {
        let address = door.client_address.of_hyper(peer, request.headers());
        // Boxed: hyper keeps the place of a request's future for as long as the connection lasts.
        Box::pin(handle_of_hyper(Rc::clone(gate), slot.clone(), address, request))
    });
    // No timer of hyper's: the watch has all deadlines. No flush for pipelined requests: it would lose hyper's own 400.
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_headers(limits.headers)
        .max_header_size(limits.head_bytes)
        .max_buf_size(MAX_BUFFER.max(limits.head_bytes))
        .serve_connection(io, requests);
    let watched = Watched {
        connection: Pin::new(&mut connection),
        slot: slot.clone(),
        gate,
        is_closing: false,
        asks_first: false,
        shut_down: http1::Connection::graceful_shutdown,
    };
    slot.want_rest(true);
    let end = until_rest(slot, watched.run()).await;
    slot.want_rest(false);
    match end {
        End::Rest => {
            let http1::Parts { io, read_buf, .. } = connection.into_parts();
            return Some(io.between_requests(read_buf));
        }
        End::Whole => {
            if let Some(opened) = slot.handed_over() {
                // hyper is done with it: what it has read too much belongs to the WebSocket.
                let http1::Parts { io, read_buf, .. } = connection.into_parts();
                Box::pin(websocket::serve(gate, slot, *opened, io.without_heads(), read_buf)).await;
            }
        }
        End::Broken => {}
    }
    None
}

/// Why hyper no longer serves a connection.
enum End {
    /// It ended by itself, without an error.
    Whole,
    /// It was late, or broke.
    Broken,
    /// It rests: two buffers of 8 KB, for which hyper has no other end, wait for nothing.
    Rest,
}

async fn until_rest(slot: &Slot, connection: impl Future<Output = bool>) -> End {
    let mut connection = pin!(connection);
    poll_fn(|cx| match connection.as_mut().poll(cx) {
        Poll::Ready(is_whole) => Poll::Ready(if is_whole { End::Whole } else { End::Broken }),
        Poll::Pending if slot.may_rest() => Poll::Ready(End::Rest),
        Poll::Pending => Poll::Pending,
    })
    .await
}

/// A connection that ends when it is late. `S` asks it to end after the request it is at.
pub(super) struct Watched<'a, C, S> {
    pub connection: Pin<&'a mut C>,
    pub slot: Slot,
    pub gate: &'a Gate,
    /// Whether it was asked to end.
    pub is_closing: bool,
    /// Whether it is asked to end, and given a moment, before it is ended.
    pub asks_first: bool,
    pub shut_down: S,
}

impl<C, E, S> Watched<'_, C, S>
where
    C: Future<Output = Result<(), E>>,
    E: std::fmt::Display,
    S: Fn(Pin<&mut C>) + Unpin,
{
    /// Until it ended; whether it came to an end of its own, without an error.
    pub async fn run(self) -> bool {
        let ended = self.await;
        if let Some(Err(error)) = &ended {
            tracing::trace!(%error, "a caller's connection ended");
        }
        matches!(ended, Some(Ok(())))
    }
}

impl<C: Future, S: Fn(Pin<&mut C>) + Unpin> Future for Watched<'_, C, S> {
    type Output = Option<C::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<C::Output>> {
        let this = &mut *self;
        let is_late = this.slot.must_end();
        if is_late && (this.is_closing || !this.asks_first) {
            return Poll::Ready(None);
        }
        this.slot.register(cx);
        if (is_late || this.gate.closes_idle.get()) && !this.is_closing {
            this.is_closing = true;
            if is_late {
                this.slot.enter(Phase::Linger);
            }
            (this.shut_down)(this.connection.as_mut());
        }
        this.connection.as_mut().poll(cx).map(Some)
    }
}
