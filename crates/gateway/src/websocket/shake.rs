//! Shake: our own handshake with an upstream, after which the connection carries frames. Nothing is asked of an upstream before
//! that, so one that does not take it is left for another.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
};

use bytes::Bytes;
use domain::decision::Denial;
use http::{
    HeaderValue, StatusCode,
    header::{HOST, SEC_WEBSOCKET_PROTOCOL},
};
use websocket::handshake::key_of;

use super::handshake;
use crate::{
    asked::Asked,
    gate::Gate,
    heads::{Request, Value},
    rest::upstream_request,
    upstream::{Failure, Picked, http1::Connection, pool::Pool, request_body::RequestBody, transport::Transport},
    watch::Slot,
};

/// Upstreams that one handshake is tried on; each may take as long as a connection may.
const MAX_UPSTREAMS: usize = 3;

/// A connection that carries frames.
pub(super) struct Shaken {
    /// The connection.
    pub transport: Transport,
    /// What came behind the handshake.
    pub unread: Bytes,
    /// The subprotocol that the upstream picked.
    pub picked: Option<HeaderValue>,
}

/// Shakes hands with the upstream that was picked, else with another of `upstreams` that did not fail a moment ago. Gives the
/// one that was tried last.
///
/// Errors: as the last one failed, or what the policies say by then. After a time-out there is no other: the caller has waited
/// as long as an answer may take.
pub(super) async fn with_one_of<'g>(
    asked: &mut Asked<'g>,
    upstreams: &[usize],
    first: Picked<'g>,
) -> (&'g Pool, Result<Shaken, Failure>) {
    let (gate, mut picked, mut untried) = (asked.gate, first, upstreams.to_vec());
    let Request { method, mut target, mut headers, .. } = upstream_request(asked, picked.pool, RequestBody::Empty);
    let mut attempts = 0;
    loop {
        let pool = picked.pool;
        let key = draw_key(gate);
        handshake::to_upstream(&mut headers, key.clone());
        let request = Request {
            method: method.clone(),
            target: target.clone(),
            headers: headers.clone(),
            body: RequestBody::Empty,
        };
        let failure = match shake(asked, pool, request, &key).await {
            Ok(shaken) => return (pool, Ok(shaken)),
            Err(failure) => failure,
        };
        attempts += failure.attempts;
        untried.retain(|index| !std::ptr::eq(&gate.pools[*index], pool));
        let is_for_another = matches!(failure.denial, Denial::UpstreamUnreachable | Denial::UpstreamIncomplete)
            && upstreams.len() - untried.len() < MAX_UPSTREAMS;
        let steady = (gate.shared.clock.steady)();
        let other = if is_for_another { gate.pick_other(&untried, pool, steady) } else { None };
        let Some(other) = other else {
            return (pool, Err(Failure::last(failure.denial, attempts)));
        };
        let upstream = other.pool.upstream();
        target = asked.target.upstream(&upstream.url.base_path);
        headers.insert(HOST, &upstream.host);
        picked = other;
    }
}

/// Connects to one upstream and shakes hands with it by this request, whose key is `key`.
///
/// Errors: unreachable, no answer in time, or another answer than wished for; what the policies say meanwhile.
async fn shake(
    asked: &Asked<'_>,
    pool: &Pool,
    request: Request<RequestBody>,
    key: &HeaderValue,
) -> Result<Shaken, Failure> {
    let (slot, failed, steady) = (asked.slot, Failure::last, asked.gate.shared.clock.steady);
    let connected = unless_stopped(slot, pool.connect_alone()).await.map_err(|denial| failed(denial, 0))?;
    let (transport, line) = connected.map_err(|fault| {
        tracing::debug!(upstream = %pool.upstream().url, %fault, "cannot connect");
        pool.upstream().could_not_be_reached(steady());
        failed(Denial::UpstreamUnreachable, 0)
    })?;
    slot.use_line(line.lease());
    // What holds may have changed while it connected.
    asked.decide_again().map_err(|denial| failed(denial, 0))?;
    let taken = unless_stopped(slot, over(transport, request, key));
    let (status, shaken) = match slot.answer_within(asked.api.answer_ticks, taken).await {
        Ok(Ok(Ok(shaken))) => (Some(StatusCode::SWITCHING_PROTOCOLS), Ok(shaken)),
        Ok(Ok(Err(NotTaken { status }))) => (status, Err(failed(Denial::UpstreamIncomplete, 1))),
        Ok(Err(stopped)) => return Err(failed(stopped, 1)),
        Err(_timed_out) => (None, Err(failed(Denial::UpstreamTimeout, 1))),
    };
    match status {
        Some(status) => pool.upstream().has_answered(status.as_u16(), steady),
        None => pool.upstream().has_not_answered(steady()),
    }
    shaken
}

/// Waits no longer than the value may be used; what stops it wakes the task of a WebSocket.
///
/// Errors: why it was stopped.
async fn unless_stopped<F: Future>(slot: &Slot, future: F) -> Result<F::Output, Denial> {
    let mut future = pin!(future);
    poll_fn(|cx| match slot.stopped() {
        Some(denial) => Poll::Ready(Err(denial)),
        None => future.as_mut().poll(cx).map(Ok),
    })
    .await
}

/// The upstream did not take the handshake.
struct NotTaken {
    /// What it answered, if it did.
    status: Option<StatusCode>,
}

async fn over(transport: Transport, mut request: Request<RequestBody>, key: &HeaderValue) -> Result<Shaken, NotTaken> {
    let mut connection = Connection::new(transport);
    let response = connection.send(&mut request).await.map_err(|_| NotTaken { status: None })?;
    if !handshake::is_taken(&response, key, &request.headers) {
        return Err(NotTaken { status: Some(response.status) });
    }
    let picked = response.headers.get(SEC_WEBSOCKET_PROTOCOL).and_then(Value::to_owned);
    let (transport, unread) = connection.into_parts();
    Ok(Shaken { transport, unread: Bytes::copy_from_slice(&unread), picked })
}

/// A key for one handshake of ours.
fn draw_key(gate: &Gate) -> HeaderValue {
    let random = std::array::from_fn::<_, 4, _>(|_| gate.ids.secret()).concat();
    let random: [u8; 16] = random.try_into().expect("four times four bytes");
    HeaderValue::try_from(key_of(random)).expect("base64 is ASCII")
}
