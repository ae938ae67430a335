//! What a caller gets as a body: nothing, bytes, or the upstream's bytes as they come.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::streamed::{BrokenOff, Streamed};

/// The body of an answer. Small, as hyper moves it about by value.
pub(crate) enum ReplyBody {
    /// None.
    Empty,
    /// All of it.
    Whole(Bytes),
    /// As it comes from the upstream.
    Streamed(Box<Streamed>),
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        match &mut *self {
            ReplyBody::Empty => Poll::Ready(None),
            ReplyBody::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                *self = ReplyBody::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            ReplyBody::Streamed(streamed) => streamed.poll(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            ReplyBody::Empty => true,
            ReplyBody::Whole(bytes) => bytes.is_empty(),
            ReplyBody::Streamed(streamed) => streamed.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            ReplyBody::Empty => SizeHint::with_exact(0),
            ReplyBody::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            ReplyBody::Streamed(streamed) => streamed.size_hint(),
        }
    }
}

impl ReplyBody {
    /// The length in bytes where it is known already; 0 for what is still to come.
    pub fn known_length(&self) -> u64 {
        match self {
            ReplyBody::Whole(bytes) => bytes.len() as u64,
            ReplyBody::Empty | ReplyBody::Streamed(_) => 0,
        }
    }
}
