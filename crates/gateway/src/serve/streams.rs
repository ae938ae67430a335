//! One connection of HTTP/2: many requests at once, each in a stream with a slot of its own, so that a stream that is late or
//! cut ends by RST_STREAM and the others go on. The connection's own slot is armed only while it has no stream.
//!
//! hyper hands each stream to an executor, in the same breath in which it asks the service for the stream's future; that is
//! how a stream's task gets the slot of its request. What leaves the task drops hyper's stream, and h2 resets it.
//!
//! Without TLS, HTTP/2 is not spoken: who connects so is nearby and keeps connections, and HTTP/1.1 is the faster of the two
//! there.

use std::{
    cell::Cell,
    future::Future,
    net::IpAddr,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
};

use http::{
    HeaderValue, Request, Response, StatusCode,
    header::{CONNECTION, CONTENT_LENGTH, COOKIE, HOST},
};
use hyper::{
    body::Incoming,
    rt::{Executor, Read, ReadBufCursor, Write},
    server::conn::http2,
    service::service_fn,
};

use super::{connection::Watched, door::Door};
use crate::{
    gate::Gate,
    handle::{Cut, handle_of_hyper},
    heads::Headers,
    reply::{self, ReplyBody},
    watch::{Phase, Slot},
    wire::Wire,
};

/// Streams that one connection may have open at once, as most servers allow.
const MAX_STREAMS: u32 = 100;
/// Bytes that a caller may send ahead on one stream, and on all of a connection, before the upstream takes them.
const STREAM_WINDOW: u32 = 256 * 1024;
const CONNECTION_WINDOW: u32 = 1024 * 1024;
/// Bytes of an answer that wait here for a slow caller, for each stream.
const MAX_SEND_BUFFER: usize = 64 * 1024;
/// Streams that a caller may open and reset before they are looked at (CVE-2023-44487); beyond it the connection ends.
const MAX_RESETS_BEFORE_ACCEPT: usize = 20;
/// Faulty streams of one connection that are answered by a reset; beyond it the connection ends.
const MAX_FAULTY_STREAMS: usize = 64;

/// Serves the connection.
pub(super) async fn serve(gate: Rc<Gate>, door: Arc<Door>, wire: Wire, peer: IpAddr) {
    let slot = gate.watch.slot();
    let streams = Streams(Rc::new(Inner { connection: slot.clone(), open: Cell::new(0), next: Cell::new(None) }));
    let of_requests = (Rc::clone(&gate), streams.clone());
    let requests = service_fn(move |request| {
        let (gate, streams) = &of_requests;
        let stream = gate.watch.slot();
        streams.0.next.set(Some(stream.clone()));
        one(Rc::clone(gate), Arc::clone(&door), stream, peer, request)
    });
    let head_bytes = u32::try_from(gate.shared.limits.head_bytes).unwrap_or(u32::MAX);
    let connection = http2::Builder::new(streams)
        .max_concurrent_streams(MAX_STREAMS)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(MAX_SEND_BUFFER)
        .max_header_list_size(head_bytes)
        .max_pending_accept_reset_streams(MAX_RESETS_BEFORE_ACCEPT)
        .max_local_error_reset_streams(MAX_FAULTY_STREAMS)
        .serve_connection(StreamsIo(wire), requests);
    let connection = pin!(connection);
    let shut_down = http2::Connection::graceful_shutdown;
    Watched { connection, slot, gate: &gate, is_closing: false, asks_first: true, shut_down }.run().await;
}

/// Serves one stream's request.
async fn one(
    gate: Rc<Gate>,
    door: Arc<Door>,
    slot: Slot,
    peer: IpAddr,
    mut request: Request<Incoming>,
) -> Result<Response<ReplyBody>, Cut> {
    if request.headers().len() > gate.shared.limits.headers {
        return Ok(reply::empty(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, Headers::new()).for_hyper());
    }
    let address = door.client_address.of_hyper(peer, request.headers());
    settle(&mut request, &slot);
    let mut response = handle_of_hyper(gate, slot, address, request).await?;
    // It is not for one stream to say.
    response.headers_mut().remove(CONNECTION);
    Ok(response)
}

/// Makes a head what it would be in HTTP/1.1 (RFC 9113, 8.2.3 and 8.3.1). What h2 itself refuses never comes here: names in
/// upper case, headers of a connection, a length that the body does not have.
fn settle(request: &mut Request<Incoming>, slot: &Slot) {
    let authority = request.uri().authority().filter(|authority| !authority.as_str().contains('@'));
    let host = authority.and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    let headers = request.headers_mut();
    if let Some(host) = host.filter(|_| !headers.contains_key(HOST)) {
        headers.insert(HOST, host);
    }
    if headers.get_all(CONTENT_LENGTH).iter().nth(1).is_some() {
        slot.mark_doubtful();
    }
    if headers.get_all(COOKIE).iter().nth(1).is_some() {
        let crumbs: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
        if let Ok(cookie) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..])) {
            headers.insert(COOKIE, cookie);
        }
    }
}

/// The streams of one connection; what hyper has them run by.
#[derive(Clone)]
struct Streams(Rc<Inner>);

struct Inner {
    connection: Slot,
    open: Cell<usize>,
    /// The slot of the request whose stream comes next.
    next: Cell<Option<Slot>>,
}

impl<F: Future<Output = ()> + 'static> Executor<F> for Streams {
    fn execute(&self, future: F) {
        let Some(slot) = self.0.next.take() else {
            tracing::error!("a stream came without a request, and is reset");
            return;
        };
        self.0.open.update(|open| open + 1);
        self.0.connection.enter(Phase::Work);
        tokio::task::spawn_local(Stream { future: Box::pin(future), slot, streams: self.clone() });
    }
}

/// A stream that ends when it is late or cut.
struct Stream<F> {
    future: Pin<Box<F>>,
    slot: Slot,
    streams: Streams,
}

impl<F: Future<Output = ()>> Future for Stream<F> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.slot.must_end() {
            return Poll::Ready(());
        }
        self.slot.register(cx);
        self.future.as_mut().poll(cx)
    }
}

impl<F> Drop for Stream<F> {
    fn drop(&mut self) {
        let Inner { connection, open, .. } = &*self.streams.0;
        open.update(|open| open - 1);
        if open.get() == 0 {
            connection.enter(Phase::Idle);
        }
    }
}

/// A connection of streams as hyper wants to see it.
struct StreamsIo(Wire);

impl Read for StreamsIo {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<std::io::Result<()>> {
        self.get_mut().0.poll_read(cx, buffer).map_ok(drop)
    }
}

impl Write for StreamsIo {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        self.get_mut().0.poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.get_mut().0.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        self.get_mut().0.poll_shutdown(cx)
    }
}
