//! An answer as it comes from the upstream. Whatever becomes of it, each of its calls ends in one outcome: whole, broken
//! off by the upstream, or left by the caller.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use domain::{decision::Denial, request_log::Outcome};
use hyper::body::{Frame, SizeHint};
use thiserror::Error;

use crate::{
    forwarded::{CallResult, Forwarded},
    upstream::answer_body::AnswerBody,
    watch::{Phase, Slot},
};

/// The answer broke off. hyper closes the connection on it, and the slot makes that a reset.
#[derive(Debug, Error)]
#[error("the upstream broke off its answer")]
pub(crate) struct BrokenOff;

/// A body on its way from the upstream to the caller.
pub(crate) struct Streamed {
    /// What was read of it before it was decided to stream it.
    first: Bytes,
    body: AnswerBody,
    calls: Vec<Forwarded>,
    /// What becomes of each call if the answer comes whole.
    result: CallResult,
    slot: Slot,
    bytes_out: u64,
    waits_for_upstream: bool,
}

impl Streamed {
    /// The answer to `calls`, of which `first` was read already.
    pub fn new(first: Bytes, body: AnswerBody, calls: Vec<Forwarded>, result: CallResult, slot: Slot) -> Self {
        slot.enter(Phase::Body);
        Streamed { first, body, calls, result, slot, bytes_out: 0, waits_for_upstream: false }
    }

    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if !self.first.is_empty() {
            let first = std::mem::take(&mut self.first);
            self.bytes_out += first.len() as u64;
            self.end_if_over();
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        self.waits_for_upstream = true;
        let frame = ready!(self.body.poll(cx));
        self.waits_for_upstream = false;
        self.slot.has_moved();
        match frame {
            Some(Ok(frame)) => {
                self.bytes_out += frame.data_ref().map_or(0, |data| data.len() as u64);
                self.end_if_over();
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(_)) => {
                self.end(CallResult {
                    outcome: Outcome::Failed,
                    denial: Some(Denial::UpstreamIncomplete),
                    ..self.result
                });
                self.slot.end_by_reset();
                Poll::Ready(Some(Err(BrokenOff)))
            }
            None => {
                self.end(self.result);
                Poll::Ready(None)
            }
        }
    }

    pub fn is_over(&self) -> bool {
        self.first.is_empty() && self.body.is_over()
    }

    pub fn size_hint(&self) -> SizeHint {
        match self.body.size_hint().exact() {
            Some(rest) => SizeHint::with_exact(rest + self.first.len() as u64),
            None => SizeHint::default(),
        }
    }

    fn end_if_over(&mut self) {
        if self.is_over() {
            self.end(self.result);
        }
    }

    fn end(&mut self, result: CallResult) {
        for call in self.calls.drain(..) {
            call.end(CallResult { bytes_out: self.bytes_out, ..result });
        }
    }
}

impl Drop for Streamed {
    fn drop(&mut self) {
        if self.calls.is_empty() {
            self.slot.enter(Phase::Idle);
            return;
        }
        // Not whole: nobody shall take the part for the whole.
        self.slot.end_by_reset();
        let (outcome, denial) = match self.slot.stopped() {
            Some(denial) => (Outcome::Failed, Some(denial)),
            None if self.waits_for_upstream && self.slot.is_late() => {
                (Outcome::Failed, Some(Denial::UpstreamIncomplete))
            }
            None => (Outcome::Abandoned, None),
        };
        self.end(CallResult { outcome, denial, ..self.result });
    }
}
