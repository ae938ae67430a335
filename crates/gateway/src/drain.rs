//! What becomes of a denied request's body: a short one is read, so that the connection can serve the next request; a long
//! one is left, and the connection ends with the answer.

use std::{future::poll_fn, pin::Pin};

use http::header::{CONNECTION, EXPECT};
use hyper::body::{Body, Incoming};

use crate::{
    caller_body::CallerBody,
    gate::Gate,
    heads::Headers,
    reply::Reply,
    watch::{Phase, Slot},
};

/// The answer of a denial, once the request's body is out of the way.
pub(crate) async fn drained(
    mut response: Reply,
    gate: &Gate,
    slot: &Slot,
    headers: &Headers,
    body: CallerBody,
) -> Reply {
    // Whoever asked for leave to send does not send; reading would give that leave.
    let CallerBody::Streamed(body) = body else { return response };
    if !body.is_end_stream() && !waits_for_leave(headers) && !is_drained(gate.shared.limits.drain, slot, body).await {
        slot.linger_at_end();
        response.headers.insert(CONNECTION, "close");
    }
    response
}

/// Reads a body that is short enough; false if it is longer.
async fn is_drained(limit: u64, slot: &Slot, mut body: Incoming) -> bool {
    if body.size_hint().lower() > limit {
        return false;
    }
    slot.enter(Phase::Body);
    let mut length = 0;
    while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        slot.has_read();
        length += frame.data_ref().map_or(0, |data| data.len() as u64);
        if length > limit {
            return false;
        }
    }
    true
}

/// Whether the caller waits for leave before it sends its body.
fn waits_for_leave(headers: &Headers) -> bool {
    headers.get(EXPECT).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
