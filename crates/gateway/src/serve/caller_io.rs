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
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::head_scan::HeadScan;
use crate::{
    upstream::transport::poll_read,
    watch::{Phase, Slot},
};

/// The most bytes that are taken from a caller after its last answer.
const MAX_LINGER: usize = 256 * 1024;

/// A caller's connection.
pub(crate) struct CallerIo {
    stream: TcpStream,
    slot: Slot,
    scan: HeadScan,
    lingered: Option<usize>,
}

impl CallerIo {
    /// The connection that `slot` watches.
    pub fn new(stream: TcpStream, slot: Slot) -> Self {
        CallerIo { stream, slot, scan: HeadScan::default(), lingered: None }
    }

    /// Takes and forgets what the caller still sends. Closing on unread bytes would reset the connection, and the reset could
    /// overtake the answer (RFC 9112, 9.6).
    fn poll_linger(&mut self, cx: &mut Context<'_>, mut taken: usize) -> Poll<io::Result<()>> {
        let mut scratch = [0; 4096];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut buffer))?;
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
        let bytes = ready!(poll_read(Pin::new(&mut this.stream), cx, buffer))?;
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
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes));
        self.slot.has_moved();
        Poll::Ready(written)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.slot.ends_by_reset() {
            return Poll::Ready(Ok(()));
        }
        let taken = match self.lingered {
            Some(taken) => taken,
            None => {
                ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
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
            _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
        }
    }
}
