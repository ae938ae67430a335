//! A request's body, as it comes from the caller, or read whole where a ticket had to be checked against it.

use std::{future::poll_fn, pin::Pin};

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};

use crate::watch::{Phase, Slot};

/// What a caller sends behind the head.
pub(crate) enum CallerBody {
    /// As it comes.
    Streamed(Incoming),
    /// All of it, read before.
    Whole(Bytes),
}

impl CallerBody {
    /// Nothing.
    pub const NONE: CallerBody = CallerBody::Whole(Bytes::new());

    /// Whether there is none, or nothing more of it.
    pub fn is_over(&self) -> bool {
        match self {
            CallerBody::Streamed(body) => body.is_end_stream(),
            CallerBody::Whole(bytes) => bytes.is_empty(),
        }
    }

    /// Its length in bytes, where that is known before it is read.
    pub fn declared_length(&self) -> Option<u64> {
        match self {
            CallerBody::Streamed(body) => body.size_hint().exact(),
            CallerBody::Whole(bytes) => Some(bytes.len() as u64),
        }
    }
}

/// Reads a body of at most `limit` bytes. An error: it is longer, or it broke off.
pub(crate) async fn read_short(slot: &Slot, body: CallerBody, limit: usize) -> Result<Bytes, CallerBody> {
    let mut body = match body {
        CallerBody::Whole(bytes) if bytes.len() > limit => return Err(CallerBody::Whole(bytes)),
        CallerBody::Whole(bytes) => return Ok(bytes),
        CallerBody::Streamed(body) => body,
    };
    let mut all = BytesMut::new();
    slot.enter(Phase::Body);
    while !body.is_end_stream() {
        let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await else { break };
        let Ok(frame) = frame else { return Err(CallerBody::Streamed(body)) };
        slot.has_read();
        if let Ok(data) = frame.into_data() {
            all.extend_from_slice(&data);
        }
        if all.len() > limit {
            return Err(CallerBody::Streamed(body));
        }
    }
    slot.enter(Phase::Work);
    Ok(all.freeze())
}
