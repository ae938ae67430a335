//! Sending: a request on its way, head and body, as fast as the upstream takes it.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::{
    HeaderMap,
    header::{CONTENT_LENGTH, TRAILER, TRANSFER_ENCODING},
};
use hyper::body::Body;

use super::{Broken, head};
use crate::{
    heads::{Headers, Request, Value, write_line},
    upstream::{request_body::RequestBody, transport::Transport},
};

/// A body that is no longer than this goes out in one piece with its head.
const MAX_JOINED: usize = 4 * 1024;

/// What of a request is not sent yet.
pub(super) struct Sending {
    /// What of the body is still to be sent; all of it until the first byte of the request is written: until then it can go over
    /// another connection.
    body: RequestBody,
    /// What `Trailer` announces, of a body that may have any.
    announced: Option<Box<str>>,
    /// The head, and what frames the parts of a body.
    out: BytesMut,
    /// A part of the body.
    data: Bytes,
    coding: Coding,
    has_begun: bool,
}

/// How the body is framed.
enum Coding {
    /// So many bytes are still to be sent.
    Length(u64),
    /// In chunks; the one before still lacks the end of its line.
    Chunked { owes_line_end: bool },
    /// All is in `out` and `data`.
    Over,
}

impl Sending {
    /// A request that is about to be sent, from this buffer. Its body is taken; its head is left, and is that which was sent.
    pub fn new(request: &mut Request<RequestBody>, mut out: BytesMut) -> Sending {
        let is_chunked = request.headers.contains_key(TRANSFER_ENCODING);
        let (coding, data, length, announced) = match &request.body {
            RequestBody::Empty => (Coding::Over, Bytes::new(), None, None),
            RequestBody::Whole(bytes) => {
                let data = if bytes.len() > MAX_JOINED { bytes.clone() } else { Bytes::new() };
                request.headers.remove(CONTENT_LENGTH);
                request.headers.remove(TRANSFER_ENCODING);
                (Coding::Over, data, Some(bytes.len() as u64), None)
            }
            RequestBody::Streamed(_) => {
                let told = request.headers.get(CONTENT_LENGTH).and_then(|text| text.to_str()?.parse().ok());
                let coding = match told.filter(|_| !is_chunked) {
                    Some(length) => Coding::Length(length),
                    None => {
                        request.headers.insert(TRANSFER_ENCODING, "chunked");
                        Coding::Chunked { owes_line_end: false }
                    }
                };
                (coding, Bytes::new(), None, announced(&request.headers))
            }
        };
        let joined = match &request.body {
            RequestBody::Whole(bytes) if bytes.len() <= MAX_JOINED => &bytes[..],
            _ => &[],
        };
        out.clear();
        out.reserve(1_024 + joined.len());
        head::write(request, length, &mut out);
        out.put_slice(joined);
        Sending {
            body: std::mem::replace(&mut request.body, RequestBody::Empty),
            announced,
            out,
            data,
            coding,
            has_begun: false,
        }
    }

    /// The buffer, for what is sent next.
    pub fn buffer(self) -> BytesMut {
        self.out
    }

    /// The body, if no byte of the request was written.
    pub fn unwritten(self) -> Option<RequestBody> {
        (!self.has_begun).then_some(self.body)
    }

    /// Sends on; ready when all is sent.
    pub fn poll(&mut self, transport: &mut Transport, cx: &mut Context<'_>) -> Poll<Result<(), Broken>> {
        loop {
            while !self.out.is_empty() || !self.data.is_empty() {
                let parts = [IoSlice::new(&self.out), IoSlice::new(&self.data)];
                let written = ready!(transport.poll_send(cx, &parts))?;
                if written == 0 {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into()));
                }
                self.has_begun = true;
                let of_out = written.min(self.out.len());
                self.out.advance(of_out);
                self.data.advance(written - of_out);
            }
            if matches!(self.coding, Coding::Over) {
                return transport.poll_send_on(cx).map_err(Broken::from);
            }
            match Pin::new(&mut self.body).poll_frame(cx) {
                Poll::Pending => {
                    // What was written must not wait for what is still to come.
                    ready!(transport.poll_send_on(cx))?;
                    return Poll::Pending;
                }
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.take(data)?,
                    Err(frame) => self.end(frame.into_trailers().ok().as_ref())?,
                },
                Poll::Ready(Some(Err(_))) => return Poll::Ready(Err(Broken::Upload)),
                Poll::Ready(None) => self.end(None)?,
            }
        }
    }

    fn take(&mut self, data: Bytes) -> Result<(), Broken> {
        match &mut self.coding {
            // An empty chunk would be the last.
            _ if data.is_empty() => return Ok(()),
            Coding::Over => return Err(Broken::Upload),
            Coding::Length(left) => *left = left.checked_sub(data.len() as u64).ok_or(Broken::Upload)?,
            Coding::Chunked { owes_line_end } => {
                if std::mem::replace(owes_line_end, true) {
                    self.out.put_slice(b"\r\n");
                }
                self.out.put_slice(format!("{:x}\r\n", data.len()).as_bytes());
            }
        }
        self.data = data;
        Ok(())
    }

    fn end(&mut self, trailers: Option<&HeaderMap>) -> Result<(), Broken> {
        match std::mem::replace(&mut self.coding, Coding::Over) {
            Coding::Over | Coding::Length(0) => {}
            Coding::Length(_) => return Err(Broken::Upload),
            Coding::Chunked { owes_line_end } => {
                self.out.put_slice(if owes_line_end { b"\r\n0\r\n" } else { b"0\r\n" });
                for (name, value) in trailers.into_iter().flatten() {
                    if is_announced(self.announced.as_deref(), name.as_str()) {
                        write_line(&mut self.out, name.as_str().as_bytes(), value.as_bytes());
                    }
                }
                self.out.put_slice(b"\r\n");
            }
        }
        Ok(())
    }
}

/// What all lines of `Trailer` name.
fn announced(headers: &Headers) -> Option<Box<str>> {
    let lines: Vec<&str> = headers.get_all(TRAILER).filter_map(Value::to_str).collect();
    if lines.is_empty() { None } else { Some(lines.join(",").into()) }
}

/// Whether `Trailer` names it. Others could stand for a header that was decided on.
fn is_announced(announced: Option<&str>, name: &str) -> bool {
    announced.is_some_and(|names| names.split(',').any(|announced| announced.trim().eq_ignore_ascii_case(name)))
}
