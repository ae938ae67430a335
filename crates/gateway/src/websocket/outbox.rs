//! Outbox: frames on their way to one side. It takes messages while it is below its mark, so it never holds more than that and
//! the last message; written out, it holds no memory.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use hyper::rt::Write;
use websocket::frame::{self, Opcode};

/// Bytes above which nothing is read that would be answered to this side.
const MARK: usize = 16 * 1024;

/// Bytes that a side has not taken yet.
#[derive(Default)]
pub(super) struct Outbox {
    bytes: Vec<u8>,
    at: usize,
}

impl Outbox {
    /// Whether more may be read for this side.
    pub fn has_room(&self) -> bool {
        self.bytes.len() - self.at < MARK
    }

    /// Whether all is written.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Adds a whole message.
    pub fn add(&mut self, opcode: Opcode, payload: &[u8], mask: Option<[u8; 4]>) {
        frame::write(&mut self.bytes, opcode, payload, mask);
    }

    /// Writes what the side takes. Ready: all is written, `moved` was told of each part.
    pub fn poll_write<S: Write + Unpin>(
        &mut self,
        side: &mut S,
        cx: &mut Context<'_>,
        moved: impl Fn(),
    ) -> Poll<io::Result<()>> {
        while self.at < self.bytes.len() {
            let written = ready!(Pin::new(&mut *side).poll_write(cx, &self.bytes[self.at..]))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.at += written;
            moved();
        }
        if !self.bytes.is_empty() {
            *self = Outbox::default();
        }
        Pin::new(side).poll_flush(cx)
    }
}
