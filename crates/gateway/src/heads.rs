//! Heads of HTTP messages as the gateway handles them: flat, without a byte that is shared. A head has few lines, so looking through
//! all of them costs less than a table would, and a line is four numbers, so taking one over costs no allocation
//! (`docs/decisions/0018-heads-are-flat.md`). What hyper reads and writes is copied from and into its own form at the edge.

use bytes::{BufMut, Bytes, BytesMut};
use http::{Method, StatusCode, Version};
use hyper::ext::ReasonPhrase;

mod headers;
#[cfg(test)]
mod tests;

pub(crate) use headers::{Headers, Value};

/// A request as it goes to an upstream.
pub(crate) struct Request<B> {
    /// Its verb.
    pub method: Method,
    /// Path and query, as they stand in the request line.
    pub target: String,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: B,
}

/// An answer: an upstream's, or what a caller gets.
pub(crate) struct Response<B> {
    /// Its status.
    pub status: StatusCode,
    /// What stands behind the status, where that is not the usual phrase.
    pub reason: Option<&'static str>,
    /// What an upstream speaks.
    pub version: Version,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: B,
}

impl<B> Response<B> {
    /// An answer without a line.
    pub fn new(status: StatusCode, body: B) -> Self {
        Response { status, reason: None, version: Version::HTTP_11, headers: Headers::new(), body }
    }

    /// The same head with another body, and this body.
    pub fn replace<C>(self, body: C) -> (Response<C>, B) {
        let Response { status, reason, version, headers, body: before } = self;
        (Response { status, reason, version, headers, body }, before)
    }

    /// The answer as hyper writes it.
    pub fn for_hyper(self) -> http::Response<B> {
        let mut response = http::Response::new(self.body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.to_map();
        if let Some(reason) = self.reason {
            response.extensions_mut().insert(ReasonPhrase::from_static(reason.as_bytes()));
        }
        response
    }
}

/// A length as nearly all heads tell it: digits alone, and no more of them than this.
pub(crate) fn plain_number(text: &[u8], most_digits: usize) -> Option<u64> {
    debug_assert!(most_digits < 20, "more may not fit into the number");
    let is_one = (1..=most_digits).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
    is_one.then(|| text.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0')))
}

/// Appends one line.
pub(crate) fn write_line(out: &mut BytesMut, name: &[u8], value: &[u8]) {
    out.reserve(name.len() + value.len() + 4);
    for part in [name, b": ", value, b"\r\n"] {
        out.put_slice(part);
    }
}

/// The first bytes of what came, taken out of it. Small parts are copied, so that the buffer stays whole for what comes next.
pub(crate) fn take_part(received: &mut BytesMut, length: usize) -> Bytes {
    /// From here on sharing the buffer costs less than copying.
    const MAX_COPIED: usize = 4 * 1024;
    if length > MAX_COPIED {
        return received.split_to(length).freeze();
    }
    let part = Bytes::copy_from_slice(&received[..length]);
    bytes::Buf::advance(received, length);
    part
}
