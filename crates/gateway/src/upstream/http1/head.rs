//! Heads: a request's as it is written, an answer's as it is read.

use std::mem::MaybeUninit;

use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, Version};

use super::{Broken, MAX_HEAD, MAX_LINES};

/// Appends the head of a request.
pub(super) fn write<B>(request: &Request<B>, length: Option<u64>, out: &mut BytesMut) {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    for part in [request.method().as_str().as_bytes(), b" ", target.as_bytes(), b" HTTP/1.1\r\n"] {
        out.put_slice(part);
    }
    for (name, value) in request.headers() {
        line(out, name, value.as_bytes());
    }
    if let Some(length) = length {
        line(out, &http::header::CONTENT_LENGTH, itoa::Buffer::new().format(length).as_bytes());
    }
    out.put_slice(b"\r\n");
}

/// Appends one line.
pub(super) fn line(out: &mut BytesMut, name: &HeaderName, value: &[u8]) {
    for part in [name.as_str().as_bytes(), b": ", value, b"\r\n"] {
        out.put_slice(part);
    }
}

/// Takes the head of an answer; none while it is not whole.
pub(super) fn take(received: &mut BytesMut) -> Result<Option<Response<()>>, Broken> {
    if received.is_empty() {
        return Ok(None);
    }
    let mut lines = [const { MaybeUninit::uninit() }; MAX_LINES];
    let mut parsed = httparse::Response::new(&mut []);
    let read = httparse::ParserConfig::default().parse_response_with_uninit_headers(&mut parsed, received, &mut lines);
    let length = match read {
        Ok(httparse::Status::Complete(length)) if length <= MAX_HEAD => length,
        Ok(httparse::Status::Partial) if received.len() <= MAX_HEAD => return Ok(None),
        Ok(_) => return Err(Broken::Head("it is too long")),
        Err(httparse::Error::TooManyHeaders) => return Err(Broken::Head("it has too many lines")),
        Err(_) => return Err(Broken::Head("it is not of HTTP/1.1")),
    };
    let status = parsed.code.and_then(|code| StatusCode::from_u16(code).ok());
    let version = if parsed.version == Some(1) { Version::HTTP_11 } else { Version::HTTP_10 };
    // Where each line stands: the bytes are shared below, not copied.
    let base = received.as_ptr() as usize;
    let place = |part: &[u8]| (part.as_ptr() as usize - base, part.len());
    let mut places = [((0, 0), (0, 0)); MAX_LINES];
    let count = parsed.headers.len();
    for (kept, line) in places.iter_mut().zip(parsed.headers.iter()) {
        *kept = (place(line.name.as_bytes()), place(line.value));
    }
    let bytes = received.split_to(length).freeze();
    let mut response = Response::new(());
    *response.status_mut() = status.ok_or(Broken::Head("its status is none"))?;
    *response.version_mut() = version;
    *response.headers_mut() = headers(&bytes, &places[..count])?;
    Ok(Some(response))
}

/// Where a name and its value stand: first byte and length.
type Places = ((usize, usize), (usize, usize));

fn headers(bytes: &Bytes, places: &[Places]) -> Result<HeaderMap, Broken> {
    let mut headers = HeaderMap::with_capacity(places.len());
    for ((name_at, name_length), (value_at, value_length)) in places {
        let name = HeaderName::from_bytes(&bytes[*name_at..name_at + name_length]);
        let value = HeaderValue::from_maybe_shared(bytes.slice(*value_at..value_at + value_length));
        let (Ok(name), Ok(value)) = (name, value) else { return Err(Broken::Head("a line of it is none")) };
        headers.append(name, value);
    }
    Ok(headers)
}
