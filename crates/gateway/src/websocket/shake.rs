//! Shake: our own handshake with an upstream, after which the connection carries frames.

use bytes::Bytes;
use domain::decision::Denial;
use http::{HeaderValue, Request, header::SEC_WEBSOCKET_PROTOCOL};

use super::handshake::is_taken;
use crate::{
    upstream::{Failure, http1::Connection, pool::Pool, request_body::RequestBody, transport::Transport},
    watch::Slot,
};

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
    let failed = Failure::last;
    let (transport, line) = pool.connect_alone().await.map_err(|fault| {
        tracing::debug!(upstream = %pool.upstream().url, %fault, "cannot connect");
        pool.upstream().could_not_be_reached(steady());
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
    let mut connection = Connection::new(transport);
    let response = connection.send(request).await.ok()?;
    if !is_taken(&response, key, &offered) {
        return None;
    }
    let picked = response.headers().get(SEC_WEBSOCKET_PROTOCOL).cloned();
    let (transport, unread) = connection.into_parts();
    Some(Shaken { transport, unread: Bytes::copy_from_slice(&unread), picked })
}
