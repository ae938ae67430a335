//! Transport: a connection to an upstream, which can be severed.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::BytesMut;
use hyper::rt::{Read, ReadBufCursor, Write};
use socket2::SockRef;

use super::line::Line;
use crate::wire::Wire;

/// An open connection.
pub(crate) struct Transport {
    wire: Wire,
    line: Line,
}

impl Transport {
    /// The connection that `line` severs.
    pub fn new(wire: Wire, line: Line) -> Self {
        Transport { wire, line }
    }

    /// Reads what has come behind what is in the buffer, which must have room; 0: the upstream closed.
    pub fn poll_receive(&mut self, cx: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<io::Result<usize>> {
        self.wire.poll_receive(cx, buffer)
    }

    /// Writes what goes of these parts, one behind the other.
    pub fn poll_send(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>; 2]) -> Poll<io::Result<usize>> {
        self.writable()?.poll_write_parts(cx, parts)
    }

    /// Sees to it that what was written is on its way.
    pub fn poll_send_on(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.writable()?.poll_flush(cx)
    }

    fn writable(&mut self) -> io::Result<&mut Wire> {
        if self.line.is_severed() {
            return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "the call's value is stopped"));
        }
        Ok(&mut self.wire)
    }
}

/// Once it carries no HTTP any more, a WebSocket reads and writes it as it does a caller's connection.
impl Read for Transport {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        self.get_mut().wire.poll_read(cx, buffer).map_ok(drop)
    }
}

impl Write for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().writable()?.poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().poll_send_on(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().writable()?.poll_shutdown(cx)
    }
}

impl Drop for Transport {
    fn drop(&mut self) {
        if self.line.is_severed() {
            // What the kernel still holds of the call is thrown away, and the upstream sees that it is not whole.
            _ = SockRef::from(self.wire.stream()).set_linger(Some(Duration::ZERO));
        }
    }
}
