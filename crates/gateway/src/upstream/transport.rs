//! Transport: a connection to an upstream, which can be severed.

use std::{
    io::{self, IoSlice},
    task::{Context, Poll},
    time::Duration,
};

use bytes::BytesMut;
use socket2::SockRef;

use super::line::Line;
use crate::wire::Wire;

/// An open connection.
pub(super) struct Transport {
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

impl Drop for Transport {
    fn drop(&mut self) {
        if self.line.is_severed() {
            // What the kernel still holds of the call is thrown away, and the upstream sees that it is not whole.
            _ = SockRef::from(self.wire.stream()).set_linger(Some(Duration::ZERO));
        }
    }
}
