//! Wire: what carries the bytes of a connection, of a caller or to an upstream: a socket, with or without TLS.

use std::{
    io::{self, IoSlice},
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::BytesMut;
use hyper::rt::ReadBufCursor;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::TlsStream;

mod socket;

/// An open connection.
pub(crate) enum Wire {
    /// Bytes as they are.
    Plain(TcpStream),
    /// Boxed: it is some twenty times larger.
    Tls(Box<TlsStream<TcpStream>>),
}

impl Wire {
    /// The socket.
    pub fn stream(&self) -> &TcpStream {
        match self {
            Wire::Plain(stream) => stream,
            Wire::Tls(stream) => stream.get_ref().0,
        }
    }

    /// The socket below TLS, to take bytes that nobody looks at any more.
    pub fn stream_mut(&mut self) -> &mut TcpStream {
        match self {
            Wire::Plain(stream) => stream,
            Wire::Tls(stream) => stream.get_mut().0,
        }
    }

    /// Reads into hyper's buffer and gives what was read; nothing at the end of the stream.
    pub fn poll_read<'b>(&mut self, cx: &mut Context<'_>, mut buffer: ReadBufCursor<'b>) -> Poll<io::Result<&'b [u8]>> {
        // SAFETY: the memory is only written to, by a reader that initialises what it reports as filled.
        let memory = unsafe { buffer.as_mut() };
        let start = memory.as_mut_ptr().cast::<u8>();
        let length = ready!(self.poll_fill(cx, memory))?;
        // SAFETY: `length` bytes from `start` were initialised just now, and nobody writes to them for `'b`: the cursor, which
        // is the only way to them, moves past them here and is dropped.
        unsafe {
            buffer.advance(length);
            Poll::Ready(Ok(std::slice::from_raw_parts(start, length)))
        }
    }

    /// Reads what has come behind what is in the buffer, which must have room; 0: the other side closed.
    pub fn poll_receive(&mut self, cx: &mut Context<'_>, buffer: &mut BytesMut) -> Poll<io::Result<usize>> {
        let length = ready!(self.poll_fill(cx, buffer.spare_capacity_mut()))?;
        // SAFETY: so many bytes behind the buffer's end were initialised just now.
        unsafe { buffer.set_len(buffer.len() + length) };
        Poll::Ready(Ok(length))
    }

    /// Initialises the beginning of the memory with what has come, and gives its length.
    fn poll_fill(&mut self, cx: &mut Context<'_>, memory: &mut [MaybeUninit<u8>]) -> Poll<io::Result<usize>> {
        match self {
            Wire::Plain(stream) => socket::poll_read(stream, cx, memory),
            Wire::Tls(stream) => {
                let mut unread = ReadBuf::uninit(memory);
                ready!(Pin::new(stream).poll_read(cx, &mut unread))?;
                Poll::Ready(Ok(unread.filled().len()))
            }
        }
    }

    /// Writes what it takes of these parts, one behind the other.
    pub fn poll_write_parts(&mut self, cx: &mut Context<'_>, parts: &[IoSlice<'_>; 2]) -> Poll<io::Result<usize>> {
        match self {
            Wire::Plain(stream) if parts.iter().all(|part| !part.is_empty()) => {
                socket::poll_write_parts(stream, cx, parts)
            }
            _ => self.poll_write(cx, if parts[0].is_empty() { &parts[1] } else { &parts[0] }),
        }
    }

    /// Writes what it takes of the bytes.
    pub fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Wire::Plain(stream) => socket::poll_write(stream, cx, bytes),
            Wire::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    /// Nothing written waits here any more: a socket keeps nothing back, TLS may.
    pub fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Wire::Plain(_) => Poll::Ready(Ok(())),
            Wire::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    /// Says that nothing more will be written.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Wire::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Wire::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}
