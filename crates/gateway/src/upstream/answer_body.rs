//! An upstream's answer body, which gives its connection back for the next call as soon as it is whole.

use std::{
    future::poll_fn,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use hyper::body::{Frame, SizeHint};

use super::{InFlight, http1::Broken, pool::Lent};

/// A body as it comes from the upstream. Dropped before its end, it closes its connection.
pub(crate) struct AnswerBody {
    lent: Option<Lent>,
    in_flight: Option<InFlight>,
}

/// What was read of a body within a limit.
pub(crate) enum Read {
    /// All of it. Trailers are gone.
    Whole(Bytes),
    /// It is longer; the rest is still to come.
    Longer(Bytes),
}

/// What of a body is there without waiting.
pub(crate) enum Begun {
    /// All of it, without trailers.
    Whole(Bytes),
    /// This, and more is to come.
    Part(Bytes),
    /// It broke off before its first byte.
    BrokenOff,
}

impl AnswerBody {
    /// The body that comes over `lent`.
    pub fn new(lent: Lent, in_flight: InFlight) -> Self {
        let mut body = AnswerBody { lent: Some(lent), in_flight: Some(in_flight) };
        body.finish_if_over();
        body
    }

    /// The length, if the upstream told it.
    pub fn exact_length(&self) -> Option<u64> {
        self.size_hint().exact()
    }

    /// The next part. An error: it broke off.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Broken>>> {
        let Some(lent) = &mut self.lent else { return Poll::Ready(None) };
        let frame = ready!(lent.connection().poll_body(cx));
        match &frame {
            // Nothing comes after trailers.
            Some(Ok(frame)) if frame.is_trailers() => self.finish(),
            Some(Ok(_)) => self.finish_if_over(),
            Some(Err(broken)) => {
                tracing::trace!(%broken, "an answer broke off");
                self.in_flight = None;
                self.lent = None;
            }
            None => self.finish(),
        }
        Poll::Ready(frame)
    }

    /// Takes what is there without waiting: small answers come whole, with their head.
    pub async fn begin(&mut self) -> Begun {
        if self.is_over() {
            return Begun::Whole(Bytes::new());
        }
        poll_fn(|cx| {
            Poll::Ready(match self.poll(cx) {
                Poll::Pending => Begun::Part(Bytes::new()),
                Poll::Ready(None) => Begun::Whole(Bytes::new()),
                Poll::Ready(Some(Err(_))) => Begun::BrokenOff,
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) if self.is_over() => Begun::Whole(data),
                    Ok(data) => Begun::Part(data),
                    // Only trailers: nobody asked for them before the body.
                    Err(_) => Begun::Whole(Bytes::new()),
                },
            })
        })
        .await
    }

    /// Whether all of it came.
    pub fn is_over(&self) -> bool {
        self.lent.is_none()
    }

    /// Reads on after `read` until it is whole or there are more than `limit` bytes. An error: it broke off.
    pub async fn read(&mut self, limit: usize, moved: impl Fn()) -> Result<Read, Broken> {
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while !self.is_over() {
            let Some(frame) = poll_fn(|cx| self.poll(cx)).await else { break };
            moved();
            let Ok(data) = frame?.into_data() else { continue };
            // Most answers come in one part, which needs no copy.
            if first.is_empty() && all.is_empty() {
                first = data;
            } else {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.extend_from_slice(&data);
            }
            if first.len() + all.len() > limit {
                return Ok(Read::Longer(if all.is_empty() { first } else { all.freeze() }));
            }
        }
        Ok(Read::Whole(if all.is_empty() { first } else { all.freeze() }))
    }

    fn finish_if_over(&mut self) {
        if self.lent.as_ref().is_some_and(Lent::is_over) {
            self.finish();
        }
    }

    fn finish(&mut self) {
        self.in_flight = None;
        if let Some(lent) = self.lent.take() {
            lent.give_back();
        }
    }

    /// What remains to come.
    pub fn size_hint(&self) -> SizeHint {
        self.lent.as_ref().map_or(SizeHint::with_exact(0), Lent::size_hint)
    }
}
