//! Transport: a connection to an upstream, with or without TLS, as hyper wants to see it.

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
use tokio_rustls::client::TlsStream;

use super::line::Line;

/// An open connection.
pub(super) struct Transport {
    wire: Wire,
    line: Line,
}

/// What carries the bytes.
pub(super) enum Wire {
    /// Bytes as they are.
    Plain(TcpStream),
    /// Boxed: it is some twenty times larger.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Transport {
    /// The connection that `line` severs.
    pub fn new(wire: Wire, line: Line) -> Self {
        Transport { wire, line }
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

impl Wire {
    fn stream(&self) -> &TcpStream {
        match self {
            Wire::Plain(stream) => stream,
            Wire::Tls(stream) => stream.get_ref().0,
        }
    }
}

impl Read for Transport {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().wire {
            Wire::Plain(stream) => poll_read(Pin::new(stream), cx, buffer).map_ok(drop),
            Wire::Tls(stream) => poll_read(Pin::new(stream), cx, buffer).map_ok(drop),
        }
    }
}

impl Write for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut().writable()? {
            Wire::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Wire::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().writable()? {
            Wire::Plain(_) => Poll::Ready(Ok(())),
            Wire::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().writable()? {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// Reads into hyper's buffer and gives what was read; nothing at the end of the stream.
pub(crate) fn poll_read<'b, S: AsyncRead>(
    stream: Pin<&mut S>,
    cx: &mut Context<'_>,
    mut buffer: ReadBufCursor<'b>,
) -> Poll<io::Result<&'b [u8]>> {
    // SAFETY: the memory is only written to, by a reader that initialises what it reports as filled.
    let memory = unsafe { buffer.as_mut() };
    let start = memory.as_mut_ptr().cast::<u8>();
    let mut unread = ReadBuf::uninit(memory);
    ready!(stream.poll_read(cx, &mut unread))?;
    let length = unread.filled().len();
    // SAFETY: `length` bytes from `start` were initialised just now, and nobody writes to them for `'b`: the cursor, which
    // is the only way to them, moves past them here and is dropped.
    unsafe {
        buffer.advance(length);
        Poll::Ready(Ok(std::slice::from_raw_parts(start, length)))
    }
}
