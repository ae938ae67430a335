//! Heads: a request's as it is written, an answer's as it is read.

use std::mem::MaybeUninit;

use bytes::{BufMut, BytesMut};
use http::{Request, Response, StatusCode, Version};

use super::{Broken, MAX_HEAD, MAX_LINES};
use crate::heads::{Lines, write_line};

/// Appends the head of a request.
pub(super) fn write<B>(request: &Request<B>, length: Option<u64>, out: &mut BytesMut) {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    for part in [request.method().as_str().as_bytes(), b" ", target.as_bytes(), b" HTTP/1.1\r\n"] {
        out.put_slice(part);
    }
    for (name, value) in request.headers() {
        write_line(out, name, value.as_bytes());
    }
    if let Some(length) = length {
        write_line(out, &http::header::CONTENT_LENGTH, itoa::Buffer::new().format(length).as_bytes());
    }
    out.put_slice(b"\r\n");
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
    let lines = Lines::<MAX_LINES>::of(parsed.headers, received);
    let bytes = received.split_to(length).freeze();
    let mut response = Response::new(());
    *response.status_mut() = status.ok_or(Broken::Head("its status is none"))?;
    *response.version_mut() = version;
    *response.headers_mut() = lines.headers(&bytes).ok_or(Broken::Head("a line of it is none"))?;
    Ok(Some(response))
}
