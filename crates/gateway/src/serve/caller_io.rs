//! A caller's connection as hyper wants to see it. On their way, bytes move the connection's deadline and are looked at for
//! heads that say their length twice.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use hyper::rt::{Read, ReadBufCursor, Write};
use socket2::SockRef;
use tokio::io::{AsyncRead, ReadBuf};

use super::head_scan::HeadScan;
use crate::{
    watch::{Phase, Slot},
    wire::Wire,
};

/// The most bytes that are taken from a caller after its last answer.
const MAX_LINGER: usize = 256 * 1024;

/// A caller's connection.
pub(crate) struct CallerIo {
    wire: Wire,
    slot: Slot,
    scan: HeadScan,
    lingered: Option<usize>,
}

impl CallerIo {
    /// The connection that `slot` watches.
    pub fn new(wire: Wire, slot: Slot) -> Self {
        CallerIo { wire, slot, scan: HeadScan::default(), lingered: None }
    }

    /// What follows on this connection is no HTTP.
    pub fn without_heads(mut self) -> Self {
        self.scan.end();
        self
    }

    /// Takes and forgets what the caller still sends. Closing on unread bytes would reset the connection, and the reset could
    /// overtake the answer (RFC 9112, 9.6).
    fn poll_linger(&mut self, cx: &mut Context<'_>, mut taken: usize) -> Poll<io::Result<()>> {
        let mut scratch = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(self.wire.stream_mut()).poll_read(cx, &mut buffer))?;
            let length = buffer.filled().len();
            taken += length;
            self.lingered = Some(taken);
            if length == 0 || taken > MAX_LINGER {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl Read for CallerIo {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let bytes = ready!(this.wire.poll_read(cx, buffer))?;
        if this.slot.phase() == Phase::Idle {
            this.scan.begin();
        }
        this.slot.has_read();
        if this.scan.read(bytes) {
            this.slot.mark_doubtful();
        }
        Poll::Ready(Ok(()))
    }
}

impl Write for CallerIo {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(self.wire.poll_write(cx, bytes));
        self.slot.has_moved();
        Poll::Ready(written)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.wire.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.slot.ends_by_reset() {
            return Poll::Ready(Ok(()));
        }
        let taken = match self.lingered {
            Some(taken) => taken,
            None => {
                ready!(self.wire.poll_shutdown(cx))?;
                if !self.slot.lingers() {
                    return Poll::Ready(Ok(()));
                }
                self.slot.enter(Phase::Linger);
                0
            }
        };
        self.poll_linger(cx, taken)
    }
}

impl Drop for CallerIo {
    fn drop(&mut self) {
        if self.slot.ends_by_reset() {
            // Closing with a linger of zero sends a reset: a caller that reads until the end sees that this is none.
            _ = SockRef::from(self.wire.stream()).set_linger(Some(Duration::ZERO));
        }
    }
}
