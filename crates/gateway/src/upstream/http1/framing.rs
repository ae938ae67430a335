//! Framing: where the body of an answer ends (RFC 9112, 6.3).

use bytes::{Bytes, BytesMut};
use http::{
    StatusCode, Version,
    header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING},
};
use hyper::body::{Frame, SizeHint};

use super::{Broken, chunks::Chunks};
use crate::heads::{Headers, Response, Value, plain_number, take_part};

/// What is still to come of a body.
pub(super) enum Framing {
    /// Nothing.
    None,
    /// So many bytes.
    Length(u64),
    /// Chunks, to the last of them and its trailers.
    Chunked(Chunks),
    /// Whatever comes until the upstream closes.
    UntilClose,
}

impl Framing {
    /// How the body behind this head is framed.
    pub fn of(head: &Response<()>, asked_for_head: bool) -> Result<Framing, Broken> {
        let status = head.status;
        if asked_for_head || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
            return Ok(Framing::None);
        }
        if head.headers.contains_key(TRANSFER_ENCODING) {
            return if is_chunked(head) {
                Ok(Framing::Chunked(Chunks::default()))
            } else {
                Err(Broken::Head("its transfer coding is not `chunked` alone"))
            };
        }
        Ok(length(&head.headers)?.map_or(Framing::UntilClose, Framing::Length))
    }

    /// Whether the connection stays open behind this answer.
    pub fn keeps_connection(&self, head: &Response<()>) -> bool {
        let wishes = |wish: &str| {
            let lines = head.headers.get_all(CONNECTION).filter_map(Value::to_str);
            lines.flat_map(|line| line.split(',')).any(|word| word.trim().eq_ignore_ascii_case(wish))
        };
        let has_one_length =
            !(head.headers.contains_key(TRANSFER_ENCODING) && head.headers.contains_key(CONTENT_LENGTH));
        let is_kept = if head.version == Version::HTTP_11 { !wishes("close") } else { wishes("keep-alive") };
        is_kept && has_one_length && !self.ends_by_close() && !head.status.is_informational()
    }

    /// The next part of what was received. None: more must come first, or the body is over.
    pub fn next(&mut self, received: &mut BytesMut) -> Option<Result<Frame<Bytes>, Broken>> {
        if received.is_empty() {
            return None;
        }
        match self {
            Framing::None | Framing::Length(0) => None,
            Framing::Length(left) => {
                let taken = received.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= taken as u64;
                Some(Ok(Frame::data(take_part(received, taken))))
            }
            Framing::Chunked(chunks) => chunks.next(received),
            Framing::UntilClose => Some(Ok(Frame::data(take_part(received, received.len())))),
        }
    }

    /// Whether nothing is to come.
    pub fn is_over(&self) -> bool {
        match self {
            Framing::None => true,
            Framing::Length(left) => *left == 0,
            Framing::Chunked(chunks) => chunks.are_over(),
            Framing::UntilClose => false,
        }
    }

    /// Whether closing is the end of the body and not its breaking off.
    pub fn ends_by_close(&self) -> bool {
        matches!(self, Framing::UntilClose)
    }

    /// What remains, as far as it is known.
    pub fn size_hint(&self) -> SizeHint {
        match self {
            Framing::None => SizeHint::with_exact(0),
            Framing::Length(left) => SizeHint::with_exact(*left),
            Framing::Chunked(_) | Framing::UntilClose => SizeHint::default(),
        }
    }
}

fn is_chunked(head: &Response<()>) -> bool {
    let mut lines = head.headers.get_all(TRANSFER_ENCODING);
    let is = lines.next().is_some_and(|line| line.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked"));
    is && lines.next().is_none() && head.version == Version::HTTP_11
}

/// The one length that the head tells; none if it tells none.
fn length(headers: &Headers) -> Result<Option<u64>, Broken> {
    let mut found = None;
    let mut lines = headers.get_all(CONTENT_LENGTH);
    if let (Some(line), None) = (lines.next(), lines.next())
        && let Some(length) = plain_number(line.as_bytes(), 18)
    {
        return Ok(Some(length));
    }
    for line in headers.get_all(CONTENT_LENGTH) {
        let text = line.to_str().ok_or(Broken::Head("its length is no number"))?;
        for one in text.split(',').map(str::trim) {
            let is_number = !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit());
            let length: u64 = one.parse().ok().filter(|_| is_number).ok_or(Broken::Head("its length is no number"))?;
            if found.replace(length).is_some_and(|before| before != length) {
                return Err(Broken::Head("it tells two lengths"));
            }
        }
    }
    Ok(found)
}
