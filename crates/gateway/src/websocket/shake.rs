//! Shake: our own handshake with an upstream, after which the connection carries frames.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use bytes::Bytes;
use domain::decision::Denial;
use http::{HeaderValue, Request, header::SEC_WEBSOCKET_PROTOCOL};
use hyper::client::conn::http1;

use super::handshake::is_taken;
use crate::{
    upstream::{Failure, pool::Pool, request_body::RequestBody, transport::Transport},
    watch::Slot,
};

/// hyper's buffer while the handshake is read, in bytes; its least. It goes with the handshake.
const MAX_BUFFER: usize = 8 * 1024;

/// A connection that carries frames.
pub(super) struct Shaken {
    /// The connection.
    pub transport: Transport,
    /// What came behind the handshake.
    pub unread: Bytes,
    /// The subprotocol that the upstream picked.
    pub picked: Option<HeaderValue>,
}

/// Connects to the upstream and shakes hands with it by this request, whose key is `key`.
///
/// Errors: unreachable, no answer in time, or another answer than wished for.
pub(super) async fn shake(
    pool: &Pool,
    slot: &Slot,
    ticks: u32,
    request: Request<RequestBody>,
    key: &HeaderValue,
    steady: fn() -> i64,
) -> Result<Shaken, Failure> {
    let failed = |denial, attempts| Failure { denial, attempts };
    let (transport, line) = pool.connect_alone().await.map_err(|fault| {
        tracing::debug!(upstream = %pool.upstream().url, %fault, "cannot connect");
        pool.upstream().pass_over(steady());
        failed(Denial::UpstreamUnreachable, 0)
    })?;
    slot.use_line(line.lease());
    // Stopped while it connected: there was no line to sever yet.
    if let Some(denial) = slot.stopped() {
        return Err(failed(denial, 0));
    }
    let shaken = slot.answer_within(ticks, over(transport, request, key)).await;
    match shaken {
        Ok(Some(shaken)) => Ok(shaken),
        Ok(None) => Err(failed(Denial::UpstreamIncomplete, 1)),
        Err(_timed_out) => Err(failed(Denial::UpstreamTimeout, 1)),
    }
}

/// None: the upstream did not take it.
async fn over(transport: Transport, request: Request<RequestBody>, key: &HeaderValue) -> Option<Shaken> {
    let offered: Vec<HeaderValue> = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).iter().cloned().collect();
    let handshake = http1::Builder::new().max_buf_size(MAX_BUFFER).handshake(transport);
    let (mut sender, mut connection) = handshake.await.ok()?;
    let mut sent = pin!(sender.send_request(request));
    let mut ended = None;
    let response = poll_fn(|cx| {
        if ended.is_none()
            && let Poll::Ready(end) = connection.poll_without_shutdown(cx)
        {
            ended = Some(end);
        }
        sent.as_mut().poll(cx)
    })
    .await
    .ok()?;
    if !is_taken(&response, key, &offered) {
        return None;
    }
    let ended = match ended {
        Some(ended) => ended,
        None => poll_fn(|cx| connection.poll_without_shutdown(cx)).await,
    };
    ended.ok()?;
    let http1::Parts { io, read_buf, .. } = connection.into_parts();
    let picked = response.headers().get(SEC_WEBSOCKET_PROTOCOL).cloned();
    Some(Shaken { transport: io, unread: read_buf, picked })
}
