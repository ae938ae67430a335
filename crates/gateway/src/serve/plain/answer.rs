//! The answer to a plain request, as it is written: whole, or streamed as fast as the caller takes it.

use std::{
    fmt::Write as _,
    future::poll_fn,
    pin::{Pin, pin},
    time::{Duration, UNIX_EPOCH},
};

use bytes::{BufMut, Bytes, BytesMut};
use domain::time::Timestamp;
use http::{
    StatusCode,
    header::{CONNECTION, DATE},
};
use hyper::body::Body;

use super::while_here;
use crate::{
    gate::Gate,
    heads::{Response, write_line},
    reply::{Reply, ReplyBody},
    serve::caller_io::CallerIo,
    watch::Slot,
};

/// A body that is no longer than this goes out in one piece with its head.
const MAX_JOINED: usize = 8 * 1024;

/// The end of a body in chunks.
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// What became of an answer.
pub(super) enum Written {
    /// It is written, and the next request may come.
    Kept,
    /// It is written, and the connection ends.
    Last,
    /// It could not be written.
    Broken,
}

/// How the body is framed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    None,
    Length(u64),
    Chunked,
}

/// Writes an answer.
pub(super) async fn write(io: &mut CallerIo, gate: &Gate, slot: &Slot, response: Reply) -> Written {
    let (head, mut body) = response.replace(());
    let is_last = head.headers.get(CONNECTION).is_some_and(|wish| wish.as_bytes().eq_ignore_ascii_case(b"close"));
    let coding = coding(head.status, &body);
    let mut out = gate.spare.take();
    write_head(&mut out, &head, coding, gate.shared.clock.wall);
    let mut data = match &mut body {
        ReplyBody::Whole(bytes) if coding != Coding::None => std::mem::take(bytes),
        _ => Bytes::new(),
    };
    if data.len() <= MAX_JOINED {
        out.put_slice(&std::mem::take(&mut data));
    }
    let is_written = send(io, &mut out, &mut data).await
        && match body {
            // Boxed: most answers are whole, and what waits for the next request has room for the largest of its parts.
            ReplyBody::Streamed(_) => Box::pin(stream(io, gate, coding, &mut body, &mut out)).await,
            ReplyBody::Empty | ReplyBody::Whole(_) => true,
        };
    gate.spare.give(out);
    match (is_written && !slot.ends_by_reset(), is_last) {
        (true, false) => Written::Kept,
        (true, true) => Written::Last,
        (false, _) => Written::Broken,
    }
}

fn coding(status: StatusCode, body: &ReplyBody) -> Coding {
    if status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        return Coding::None;
    }
    body.size_hint().exact().map_or(Coding::Chunked, Coding::Length)
}

/// `now`: for the date, where the upstream told none.
fn write_head(out: &mut BytesMut, head: &Response<()>, coding: Coding, now: fn() -> Timestamp) {
    let Response { status, reason, headers, .. } = head;
    let reason = reason.or_else(|| status.canonical_reason()).unwrap_or("");
    for part in ["HTTP/1.1 ", status.as_str(), " ", reason, "\r\n"].map(str::as_bytes) {
        out.put_slice(part);
    }
    // The length of an answer that has no body may be that of another (RFC 9110, 8.6).
    headers.write(out, |name| match name.len() {
        14 => name == b"content-length" && coding != Coding::None,
        17 => name == b"transfer-encoding",
        _ => false,
    });
    match coding {
        Coding::None => {}
        Coding::Length(length) => write_line(out, b"content-length", itoa::Buffer::new().format(length).as_bytes()),
        Coding::Chunked => write_line(out, b"transfer-encoding", b"chunked"),
    }
    if !headers.contains_key(DATE) {
        let since = Duration::from_micros(now().micros().max(0).unsigned_abs());
        write_line(out, b"date", httpdate::fmt_http_date(UNIX_EPOCH + since).as_bytes());
    }
    out.put_slice(b"\r\n");
}

/// Writes all of both; false: it cannot be.
async fn send(io: &mut CallerIo, out: &mut BytesMut, data: &mut Bytes) -> bool {
    poll_fn(|cx| io.poll_send(cx, out, data)).await.is_ok()
}

/// Writes a body as it comes; false: it broke off, on either side.
async fn stream(io: &mut CallerIo, gate: &Gate, coding: Coding, body: &mut ReplyBody, out: &mut BytesMut) -> bool {
    let is_chunked = coding == Coding::Chunked;
    loop {
        let frame = while_here(io, &gate.spare, pin!(poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)))).await;
        let mut data = match frame {
            // The caller left, or the upstream broke off: the body's end tells the row which.
            None | Some(Some(Err(_))) => return false,
            Some(Some(Ok(frame))) if frame.is_data() => frame.into_data().unwrap_or_default(),
            // The end. Trailers are for callers who asked for them, and such requests are not plain.
            Some(_) => {
                if is_chunked {
                    out.put_slice(LAST_CHUNK);
                }
                return send(io, out, &mut Bytes::new()).await;
            }
        };
        if coding == Coding::None || data.is_empty() {
            continue;
        }
        if is_chunked {
            write!(out, "{:x}\r\n", data.len()).expect("memory takes every write");
        }
        let is_over = body.is_end_stream();
        if !send(io, out, &mut data).await {
            return false;
        }
        if is_chunked {
            out.put_slice(b"\r\n");
        }
        if is_over {
            if is_chunked {
                out.put_slice(LAST_CHUNK);
            }
            return send(io, out, &mut Bytes::new()).await;
        }
    }
}
