//! Heads of HTTP/1.1, as both sides of the gateway read and write them: lines whose bytes are shared and not copied.

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};

/// Where a part of a head stands in its bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Place {
    at: usize,
    length: usize,
}

/// Where the names and values of a head stand; at most `N` lines.
pub(crate) struct Lines<const N: usize> {
    places: [(Place, Place); N],
    count: usize,
}

impl Place {
    /// The place of `part`, which is a part of `bytes`.
    pub fn of(part: &[u8], bytes: &[u8]) -> Place {
        Place { at: part.as_ptr() as usize - bytes.as_ptr() as usize, length: part.len() }
    }

    /// The part, of the same bytes in shared form.
    pub fn part(self, bytes: &Bytes) -> Bytes {
        bytes.slice(self.at..self.at + self.length)
    }
}

impl<const N: usize> Lines<N> {
    /// The places of lines that were parsed from `bytes`.
    pub fn of(parsed: &[httparse::Header<'_>], bytes: &[u8]) -> Lines<N> {
        let mut places = [(Place::default(), Place::default()); N];
        for (kept, line) in places.iter_mut().zip(parsed) {
            *kept = (Place::of(line.name.as_bytes(), bytes), Place::of(line.value, bytes));
        }
        Lines { places, count: parsed.len().min(N) }
    }

    /// The lines as a map; none if one of them cannot stand in it.
    pub fn headers(&self, bytes: &Bytes) -> Option<HeaderMap> {
        let mut headers = HeaderMap::with_capacity(self.count);
        for (name, value) in &self.places[..self.count] {
            let name = HeaderName::from_bytes(&name.part(bytes)).ok()?;
            headers.append(name, HeaderValue::from_maybe_shared(value.part(bytes)).ok()?);
        }
        Some(headers)
    }
}

/// Appends one line.
pub(crate) fn write_line(out: &mut BytesMut, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b": ", value, b"\r\n"] {
        out.put_slice(part);
    }
}
