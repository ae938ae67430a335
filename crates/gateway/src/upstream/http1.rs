//! HTTP/1.1 towards an upstream, over one connection (RFC 9112). It is driven by whoever waits for the answer: there is no task, no
//! channel and no wake-up between a call and its connection, which is what a call cost most outside the kernel before
//! (`docs/decisions/0015-our-own-way-to-the-upstream.md`).
//!
//! It is stricter than a browser: what two readers could take for two different answers is no answer.

use std::{
    future::poll_fn,
    io,
    task::{Context, Poll, Waker, ready},
};

use bytes::{Bytes, BytesMut};
use http::Method;
use hyper::body::{Frame, SizeHint};
use thiserror::Error;

use super::{request_body::RequestBody, transport::Transport};
use crate::heads::{Request, Response};

mod chunks;
mod framing;
mod head;
mod sending;
#[cfg(test)]
mod tests;

use framing::Framing;
use sending::Sending;

/// The longest head of an answer, in bytes.
pub(crate) const MAX_HEAD: usize = 64 * 1024;
/// The most lines in the head of an answer, and in its trailers.
pub(crate) const MAX_LINES: usize = 100;
/// How much is asked for at once: this at first, and twice as much after each read that filled it, up to the larger.
const FIRST_READ: usize = 8 * 1024;
const LARGEST_READ: usize = 64 * 1024;
/// An unused connection keeps no larger buffer than this.
const KEPT_BUFFER: usize = 16 * 1024;

/// A connection to an upstream, and what of the current exchange is still to be sent and to come.
pub(crate) struct Connection {
    transport: Transport,
    received: BytesMut,
    next_read: usize,
    sending: Option<Sending>,
    /// What the next request is sent from.
    out: BytesMut,
    framing: Framing,
    /// Whether the next call may go over it.
    is_kept: bool,
}

/// Why there is no answer.
pub(crate) enum Unanswered {
    /// The connection was over before a byte of the request was written; with its body, which this is, it can go over another.
    Unwritten(RequestBody),
    /// Something was written, and no answer came, or none that can be read.
    Broken(Broken),
}

/// Why an answer cannot be read, or not to its end.
#[derive(Debug, Error)]
pub(crate) enum Broken {
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The upstream closed before the end.
    #[error("the upstream closed the connection before the end of its answer")]
    Closed,
    /// The head is no head of HTTP/1.1, or is too large.
    #[error("the head of the answer cannot be read: {0}")]
    Head(&'static str),
    /// A chunk, or what follows the last one, cannot be read.
    #[error("the chunks of the answer cannot be read")]
    Chunk,
    /// The request's body cannot go on; its flow says why.
    #[error("the request's body ended early")]
    Upload,
}

impl Connection {
    /// A connection that was just opened.
    pub fn new(transport: Transport) -> Self {
        Connection {
            transport,
            received: BytesMut::new(),
            next_read: FIRST_READ,
            sending: None,
            out: BytesMut::new(),
            framing: Framing::None,
            is_kept: true,
        }
    }

    /// Whether the upstream has neither closed it nor sent what nobody asked for. Enters the kernel only if something came.
    pub fn is_alive(&mut self) -> bool {
        let mut cx = Context::from_waker(Waker::noop());
        self.received.is_empty() && self.poll_receive(&mut cx).is_pending()
    }

    /// Sends a request, whose body is taken, and waits for the head of its answer; the body is sent on while the answer comes. Dropped
    /// before its end, it leaves a connection that must be closed.
    pub async fn send(&mut self, request: &mut Request<RequestBody>) -> Result<Response<()>, Unanswered> {
        let asked_for_head = request.method == Method::HEAD;
        self.is_kept = false;
        self.next_read = FIRST_READ;
        self.sending = Some(Sending::new(request, std::mem::take(&mut self.out)));
        let head = poll_fn(|cx| self.poll_head(cx)).await?;
        self.framing = Framing::of(&head, asked_for_head).map_err(Unanswered::Broken)?;
        self.is_kept = self.framing.keeps_connection(&head);
        Ok(head)
    }

    /// Whether something came that was not taken yet.
    pub fn has_received(&self) -> bool {
        !self.received.is_empty()
    }

    /// The next part of the answer's body; none at its end.
    pub fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        if self.poll_sending(cx).is_err() {
            // The answer has begun and may still be whole: early answers end uploads.
            self.sending = None;
            self.is_kept = false;
        }
        loop {
            if let Some(part) = self.framing.next(&mut self.received) {
                return Poll::Ready(Some(part));
            }
            if self.framing.is_over() {
                return Poll::Ready(None);
            }
            match ready!(self.poll_receive(cx)) {
                Ok(0) if self.framing.ends_by_close() => self.framing = Framing::None,
                Ok(0) => return Poll::Ready(Some(Err(Broken::Closed))),
                Ok(_) => {}
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            }
        }
    }

    /// The connection and what came behind the last answer, which has changed the protocol.
    pub fn into_parts(self) -> (Transport, Bytes) {
        (self.transport, self.received.freeze())
    }

    /// Whether all of the answer came.
    pub fn is_over(&self) -> bool {
        self.framing.is_over()
    }

    /// What remains of the answer's body.
    pub fn size_hint(&self) -> SizeHint {
        self.framing.size_hint()
    }

    /// Whether the next call may go over it: all was sent and read to the byte, and neither side wants to close.
    pub fn make_ready(&mut self) -> bool {
        for buffer in [&mut self.received, &mut self.out] {
            if buffer.is_empty() && buffer.capacity() > KEPT_BUFFER {
                *buffer = BytesMut::new();
            }
        }
        self.is_kept && self.sending.is_none() && self.framing.is_over() && self.received.is_empty()
    }

    fn poll_head(&mut self, cx: &mut Context<'_>) -> Poll<Result<Response<()>, Unanswered>> {
        match self.poll_sending(cx) {
            Ok(()) => {}
            Err(fault) => match self.sending.take().and_then(Sending::unwritten) {
                Some(body) => return Poll::Ready(Err(Unanswered::Unwritten(body))),
                None if matches!(fault, Broken::Upload) => return Poll::Ready(Err(Unanswered::Broken(fault))),
                // What the upstream answered before it stopped reading is still to be read.
                None => {}
            },
        }
        loop {
            match head::take(&mut self.received).map_err(Unanswered::Broken)? {
                // An interim answer; the one that counts follows (RFC 9110, 15.2).
                Some(head) if head.status.is_informational() && head.status.as_u16() != 101 => {}
                Some(head) => return Poll::Ready(Ok(head)),
                None => match ready!(self.poll_receive(cx)) {
                    Ok(0) => return Poll::Ready(Err(Unanswered::Broken(Broken::Closed))),
                    Ok(_) => {}
                    Err(error) => return Poll::Ready(Err(Unanswered::Broken(error.into()))),
                },
            }
        }
    }

    /// Sends as much as goes; an error ends the sending.
    fn poll_sending(&mut self, cx: &mut Context<'_>) -> Result<(), Broken> {
        let Some(sending) = &mut self.sending else { return Ok(()) };
        match sending.poll(&mut self.transport, cx) {
            Poll::Pending => Ok(()),
            Poll::Ready(Ok(())) => {
                self.out = self.sending.take().map_or_else(BytesMut::new, Sending::buffer);
                Ok(())
            }
            Poll::Ready(Err(fault)) => Err(fault),
        }
    }

    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.received.reserve(self.next_read);
        let length = ready!(self.transport.poll_receive(cx, &mut self.received))?;
        if length >= self.next_read {
            self.next_read = (self.next_read * 2).min(LARGEST_READ);
        }
        Poll::Ready(Ok(length))
    }
}
