//! A caller's connection, as plain requests use it and as hyper wants to see it. On their way, bytes move the connection's deadline;
//! those for hyper are looked at for heads that say their length twice.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use hyper::rt::{Read, ReadBufCursor, Write};
use socket2::SockRef;
use tokio::io::{AsyncRead, ReadBuf};

use super::{
    head_scan::HeadScan,
    spare::{self, Spare},
};
use crate::{
    watch::{Phase, Slot},
    wire::Wire,
};

/// The most bytes that are taken from a caller after its last answer.
const MAX_LINGER: usize = 256 * 1024;

/// How much is asked for at once: this at first, which most requests fit into, and twice as much after each read that filled it.
const FIRST_READ: usize = spare::SIZE;
const LARGEST_READ: usize = 64 * 1024;

/// A caller's connection.
pub(crate) struct CallerIo {
    wire: Wire,
    slot: Slot,
    scan: HeadScan,
    lingered: Option<usize>,
    /// What came and was not taken yet.
    unread: BytesMut,
    next_read: usize,
}

impl CallerIo {
    /// The connection that `slot` watches.
    pub fn new(wire: Wire, slot: Slot) -> Self {
        CallerIo {
            wire,
            slot,
            scan: HeadScan::default(),
            lingered: None,
            unread: BytesMut::new(),
            next_read: FIRST_READ,
        }
    }

    /// What came and was not taken yet.
    pub fn unread(&mut self) -> &mut BytesMut {
        &mut self.unread
    }

    /// Reads what has come behind what is unread; 0: the caller will send nothing more.
    pub fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.unread.reserve(self.next_read);
        let length = ready!(self.wire.poll_receive(cx, &mut self.unread))?;
        if length >= self.next_read {
            self.next_read = (self.next_read * 2).min(LARGEST_READ);
        }
        if length > 0 {
            self.slot.has_read();
        }
        Poll::Ready(Ok(length))
    }

    /// A connection that waits holds no buffer.
    pub fn lay_down(&mut self, spare: &Spare) {
        self.next_read = FIRST_READ;
        if self.unread.is_empty() && self.unread.capacity() > 0 {
            spare.give(std::mem::take(&mut self.unread));
        }
    }

    /// A buffer for what comes next.
    pub fn take_up(&mut self, spare: &Spare) {
        if self.unread.capacity() == 0 {
            self.unread = spare.take();
        }
    }

    /// Writes all of both, one behind the other.
    pub fn poll_send(&mut self, cx: &mut Context<'_>, out: &mut BytesMut, data: &mut Bytes) -> Poll<io::Result<()>> {
        while !out.is_empty() || !data.is_empty() {
            let parts = [IoSlice::new(out), IoSlice::new(data)];
            let written = ready!(self.wire.poll_write_parts(cx, &parts))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.slot.has_moved();
            let of_out = written.min(out.len());
            out.advance(of_out);
            data.advance(written - of_out);
        }
        self.wire.poll_flush(cx)
    }

    /// Between two requests: nothing of either is held but these bytes, which came and were not taken.
    pub fn between_requests(mut self, unread: Bytes) -> Self {
        self.scan = HeadScan::default();
        self.unread = BytesMut::from(unread);
        self
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
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.unread.is_empty() {
            let length = buffer.remaining().min(this.unread.len());
            let bytes = this.unread.split_to(length);
            this.slot.has_read();
            if this.scan.read(&bytes) {
                this.slot.mark_doubtful();
            }
            buffer.put_slice(&bytes);
            return Poll::Ready(Ok(()));
        }
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
        self.slot.has_unsent();
        let written = ready!(self.wire.poll_write(cx, bytes));
        self.slot.has_moved();
        Poll::Ready(written)
    }

    /// hyper flushes when it has written all that it holds.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.wire.poll_flush(cx))?;
        self.slot.has_sent_all();
        Poll::Ready(Ok(()))
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
