//! A request's body, as it comes from the caller, or read whole where a ticket had to be checked against it.

use bytes::Bytes;
use hyper::body::{Body, Incoming};

/// What a caller sends behind the head.
pub(crate) enum CallerBody {
    /// As it comes.
    Streamed(Incoming),
    /// All of it, read before.
    Whole(Bytes),
}

impl CallerBody {
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
