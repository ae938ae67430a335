//! Heads: a request's as it is written, an answer's as it is read.

use std::mem::MaybeUninit;

use bytes::{Buf, BufMut, BytesMut};
use http::{StatusCode, Version};

use super::{Broken, MAX_HEAD, MAX_LINES};
use crate::heads::{Headers, Request, Response, write_line};

/// Appends the head of a request.
pub(super) fn write<B>(request: &Request<B>, length: Option<u64>, out: &mut BytesMut) {
    for part in [request.method.as_str().as_bytes(), b" ", request.target.as_bytes(), b" HTTP/1.1\r\n"] {
        out.put_slice(part);
    }
    request.headers.write(out, |_| false);
    if let Some(length) = length {
        write_line(out, b"content-length", itoa::Buffer::new().format(length).as_bytes());
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
    let headers = Headers::parsed(&received[..length], parsed.headers);
    received.advance(length);
    let status = status.ok_or(Broken::Head("its status is none"))?;
    Ok(Some(Response { status, reason: None, version, headers, body: () }))
}
