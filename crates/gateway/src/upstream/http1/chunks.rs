//! Chunks: the coding of a body whose length is not known before (RFC 9112, 7.1). Chunk extensions are read over.

use bytes::{Buf, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use hyper::body::Frame;

use super::{Broken, MAX_HEAD, MAX_LINES};

/// The longest line that tells a chunk's length, its extension included, in bytes.
const MAX_SIZE_LINE: usize = 4 * 1024;

/// Where in the chunks it stands.
#[derive(Default)]
pub(super) struct Chunks(Place);

#[derive(Default)]
enum Place {
    /// Before a line with a length.
    #[default]
    Size,
    /// So many bytes of a chunk are still to come.
    Data(u64),
    /// Behind a chunk.
    LineEnd,
    /// Behind the last chunk.
    Trailers,
    Over,
}

impl Chunks {
    /// Whether all of them came, and the trailers.
    pub fn are_over(&self) -> bool {
        matches!(self.0, Place::Over)
    }

    /// The next part of what was received: data or trailers. None: more must come first, or they are over.
    pub fn next(&mut self, received: &mut BytesMut) -> Option<Result<Frame<Bytes>, Broken>> {
        loop {
            match self.0 {
                Place::Over => return None,
                Place::Size => match httparse::parse_chunk_size(received) {
                    Ok(httparse::Status::Complete((line, size))) => {
                        received.advance(line);
                        self.0 = if size == 0 { Place::Trailers } else { Place::Data(size) };
                    }
                    Ok(httparse::Status::Partial) if received.len() <= MAX_SIZE_LINE => return None,
                    _ => return Some(Err(Broken::Chunk)),
                },
                Place::Data(_) if received.is_empty() => return None,
                Place::Data(left) => {
                    let taken = received.len().min(usize::try_from(left).unwrap_or(usize::MAX));
                    self.0 = if taken as u64 == left { Place::LineEnd } else { Place::Data(left - taken as u64) };
                    return Some(Ok(Frame::data(received.split_to(taken).freeze())));
                }
                Place::LineEnd if received.len() < 2 => return None,
                Place::LineEnd if !received.starts_with(b"\r\n") => return Some(Err(Broken::Chunk)),
                Place::LineEnd => {
                    received.advance(2);
                    self.0 = Place::Size;
                }
                Place::Trailers => return self.trailers(received),
            }
        }
    }

    fn trailers(&mut self, received: &mut BytesMut) -> Option<Result<Frame<Bytes>, Broken>> {
        let mut lines = [httparse::EMPTY_HEADER; MAX_LINES];
        let (length, found) = match httparse::parse_headers(received, &mut lines) {
            Ok(httparse::Status::Complete((length, found))) => (length, found),
            Ok(httparse::Status::Partial) if received.len() <= MAX_HEAD => return None,
            _ => return Some(Err(Broken::Chunk)),
        };
        let trailers: Option<HeaderMap> = found
            .iter()
            .map(|line| {
                Some((HeaderName::from_bytes(line.name.as_bytes()).ok()?, HeaderValue::from_bytes(line.value).ok()?))
            })
            .collect();
        let Some(trailers) = trailers else { return Some(Err(Broken::Chunk)) };
        received.advance(length);
        self.0 = Place::Over;
        (!trailers.is_empty()).then(|| Ok(Frame::trailers(trailers)))
    }
}
