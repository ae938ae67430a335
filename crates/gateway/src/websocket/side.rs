//! Side: one end of a proxied WebSocket, the caller's or the upstream's: its connection, what was read and is to be written.

use std::{
    cell::{Cell, RefCell},
    future::poll_fn,
    io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use hyper::rt::{Read, ReadBuf, Write};
use websocket::{
    close::Close,
    frame::Opcode,
    reader::{Event, Peer, Reader, Violation},
};

use super::outbox::Outbox;
use crate::{gate::Gate, watch::Slot};

/// Bytes that are read at once, into memory of the moment.
const READ: usize = 16 * 1024;

/// One end.
pub(super) struct Side<'g, S> {
    gate: &'g Gate,
    slot: &'g Slot,
    peer: Peer,
    /// None: it was dropped.
    io: RefCell<Option<S>>,
    reader: RefCell<Reader>,
    /// What was read beyond the last message.
    unread: RefCell<Bytes>,
    out: RefCell<Outbox>,
    /// The ticks at which something was last heard from it, and last written to it.
    heard: Cell<u32>,
    moved: Cell<u32>,
    pinged: Cell<Option<u32>>,
}

/// A side cannot be read any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It closed the connection, or the connection broke.
    Gone,
    /// It did what it may not.
    Broke(Violation),
}

/// A side is not there any more, or takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Silent;

impl<'g, S: Read + Write + Unpin> Side<'g, S> {
    /// The end at which `peer` is, whose messages may have so many bytes. `unread` came behind its handshake.
    pub fn new(gate: &'g Gate, slot: &'g Slot, peer: Peer, longest: usize, io: S, unread: Bytes) -> Self {
        Side {
            gate,
            slot,
            peer,
            io: RefCell::new(Some(io)),
            reader: RefCell::new(Reader::new(peer, longest)),
            unread: RefCell::new(unread),
            out: RefCell::default(),
            heard: Cell::new(slot.now()),
            moved: Cell::new(slot.now()),
            pinged: Cell::new(None),
        }
    }

    /// The next message or control frame.
    pub fn poll_next(&self, cx: &mut Context<'_>) -> Poll<Result<Event, Unreadable>> {
        let (mut reader, mut unread) = (self.reader.borrow_mut(), self.unread.borrow_mut());
        if !unread.is_empty() {
            let mut left = &unread[..];
            let read = reader.read(&mut left).map_err(Unreadable::Broke);
            let taken = unread.len() - left.len();
            *unread = if left.is_empty() { Bytes::new() } else { unread.slice(taken..) };
            if let Some(event) = read.transpose() {
                return Poll::Ready(event);
            }
        }
        loop {
            let mut memory = [MaybeUninit::uninit(); READ];
            let mut buffer = ReadBuf::uninit(&mut memory);
            if !ready!(self.poll_fill(cx, &mut buffer)) {
                return Poll::Ready(Err(Unreadable::Gone));
            }
            let mut left = buffer.filled();
            if let Some(event) = reader.read(&mut left).map_err(Unreadable::Broke)? {
                *unread = Bytes::copy_from_slice(left);
                return Poll::Ready(Ok(event));
            }
        }
    }

    /// The next message or control frame.
    pub async fn next(&self) -> Result<Event, Unreadable> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// Takes and forgets what still comes, until the end.
    pub fn poll_forget(&self, cx: &mut Context<'_>) -> Poll<()> {
        let mut memory = [MaybeUninit::uninit(); READ];
        while ready!(self.poll_fill(cx, &mut ReadBuf::uninit(&mut memory))) {}
        Poll::Ready(())
    }

    /// Reads once; false at the end.
    fn poll_fill(&self, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<bool> {
        let mut io = self.io.borrow_mut();
        let Some(io) = &mut *io else { return Poll::Ready(false) };
        let read = ready!(Pin::new(io).poll_read(cx, buffer.unfilled()));
        if read.is_err() || buffer.filled().is_empty() {
            return Poll::Ready(false);
        }
        self.heard.set(self.slot.now());
        self.pinged.set(None);
        Poll::Ready(true)
    }

    /// Puts a frame into the outbox.
    pub fn send(&self, opcode: Opcode, payload: &[u8]) {
        let mut out = self.out.borrow_mut();
        if out.is_empty() {
            self.moved.set(self.slot.now());
        }
        let mask = (self.peer == Peer::Server).then(|| self.gate.ids.secret());
        out.add(opcode, payload, mask);
    }

    /// Says that the WebSocket ends.
    pub fn send_close(&self, close: Option<&Close>) {
        self.send(Opcode::Close, &close.map(Close::payload).unwrap_or_default());
    }

    /// Waits until what comes from the other side may be read for this one.
    pub async fn room(&self) {
        poll_fn(|_| if self.out.borrow().has_room() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    /// Whether something is to be written.
    pub fn has_output(&self) -> bool {
        !self.out.borrow().is_empty()
    }

    /// Writes what the side takes.
    pub fn poll_write(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let moved = || self.moved.set(self.slot.now());
        let mut io = self.io.borrow_mut();
        let Some(io) = &mut *io else { return Poll::Ready(Ok(())) };
        let written = self.out.borrow_mut().poll_write(io, cx, moved);
        if written.is_pending() {
            self.slot.look_within(self.slot.socket_waits().progress);
        }
        written
    }

    /// Ends the connection after all was written.
    pub fn poll_shutdown(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self.io.borrow_mut() {
            Some(io) => Pin::new(io).poll_shutdown(cx),
            None => Poll::Ready(Ok(())),
        }
    }

    /// Drops the connection, with what was still to be written.
    pub fn drop_connection(&self) {
        self.io.replace(None);
    }

    /// Whether the side is there and takes what it is sent; asks it if nothing was heard for long. `is_read`: whether what it
    /// sends is read at the moment. Gives the ticks until it is to be looked at again.
    pub fn look(&self, is_read: bool) -> Result<u32, Silent> {
        let (now, waits) = (self.slot.now(), self.slot.socket_waits());
        let left = |since: u32, span: u32| span.saturating_sub(now.wrapping_sub(since));
        if self.has_output() {
            return Some(left(self.moved.get(), waits.progress)).filter(|left| *left > 0).ok_or(Silent);
        }
        if !is_read {
            self.heard.set(now);
            self.pinged.set(None);
            return Ok(waits.progress);
        }
        if let Some(pinged) = self.pinged.get() {
            return Some(left(pinged, waits.pong)).filter(|left| *left > 0).ok_or(Silent);
        }
        let quiet = left(self.heard.get(), waits.ping);
        if quiet > 0 {
            return Ok(quiet);
        }
        self.send(Opcode::Ping, b"");
        self.pinged.set(Some(now));
        Ok(waits.pong)
    }
}
