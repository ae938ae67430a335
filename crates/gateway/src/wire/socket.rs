//! Socket: one read or write of the kernel's, at what the kernel takes for it. The C library's calls, which the runtime's own go
//! through, are points at which a thread can be cancelled: in a program of several threads each costs two atomic operations more.

use std::{
    io::{self, IoSlice},
    mem::MaybeUninit,
    task::{Context, Poll, ready},
};

use rustix::net::{RecvFlags, SendFlags};
use tokio::{io::Interest, net::TcpStream};

/// Reads what has come into the beginning of `memory`, which is not empty; gives how many bytes that are, 0 at the end.
pub(super) fn poll_read(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    memory: &mut [MaybeUninit<u8>],
) -> Poll<io::Result<usize>> {
    loop {
        ready!(stream.poll_read_ready(cx))?;
        let mut came = None;
        let read = stream.try_io(Interest::READABLE, || {
            let (_, length) = rustix::net::recv(stream, &mut *memory, RecvFlags::empty())?;
            came = Some(length);
            if 0 < length && length < memory.len() {
                // All was taken: the socket is not ready until more comes, and nobody has to ask the kernel to know it.
                return Err(io::ErrorKind::WouldBlock.into());
            }
            Ok(())
        });
        match (came, read) {
            (Some(length), _) => return Poll::Ready(Ok(length)),
            (None, Err(error)) if !is_to_be_repeated(&error) => return Poll::Ready(Err(error)),
            (None, _) => {}
        }
    }
}

/// Writes what the socket takes of the bytes, and gives how many those are.
pub(super) fn poll_write(stream: &TcpStream, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
    poll_out(stream, cx, || rustix::net::send(stream, bytes, SendFlags::NOSIGNAL))
}

/// Writes what the socket takes of these parts, one behind the other, and gives how many bytes those are.
pub(super) fn poll_write_parts(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    parts: &[IoSlice<'_>; 2],
) -> Poll<io::Result<usize>> {
    let mut no_message = rustix::net::SendAncillaryBuffer::default();
    poll_out(stream, cx, || rustix::net::sendmsg(stream, parts, &mut no_message, SendFlags::NOSIGNAL))
}

fn poll_out(
    stream: &TcpStream,
    cx: &mut Context<'_>,
    mut send: impl FnMut() -> rustix::io::Result<usize>,
) -> Poll<io::Result<usize>> {
    loop {
        match stream.try_io(Interest::WRITABLE, || Ok(send()?)) {
            // Only asked where the socket takes nothing: nearly always it does.
            Err(error) if is_to_be_repeated(&error) => ready!(stream.poll_write_ready(cx))?,
            written => return Poll::Ready(written),
        }
    }
}

fn is_to_be_repeated(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
