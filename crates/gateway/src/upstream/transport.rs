//! Transport: a connection to an upstream, with or without TLS, as hyper wants to see it.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

/// An open connection.
pub(super) enum Transport {
    /// Bytes as they are.
    Plain(TcpStream),
    /// Boxed: it is some twenty times larger.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Read for Transport {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: ReadBufCursor<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Plain(stream) => poll_read(Pin::new(stream), cx, buffer).map_ok(drop),
            Transport::Tls(stream) => poll_read(Pin::new(stream), cx, buffer).map_ok(drop),
        }
    }
}

impl Write for Transport {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Transport::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Transport::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Plain(_) => Poll::Ready(Ok(())),
            Transport::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Transport::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Transport::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
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
