//! What goes up as a request's body: nothing, bytes that were read whole, or the caller's bytes as they come, counted.

use std::{
    cell::Cell,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use thiserror::Error;

use crate::watch::Slot;

/// A request's body on its way to an upstream.
pub(crate) enum RequestBody {
    /// None.
    Empty,
    /// Read whole before.
    Whole(Bytes),
    /// As it comes.
    Streamed(Upload),
}

/// Why a body cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(crate) enum UploadFault {
    /// Longer than the API's limit.
    #[error("the body is longer than the limit")]
    TooLarge,
    /// The caller broke it off.
    #[error("the caller broke off the body")]
    BrokenOff,
}

/// A body as it comes from the caller.
pub(crate) struct Upload {
    body: Incoming,
    limit: u64,
    flow: Rc<Flow>,
    slot: Slot,
}

/// What is known of a body that went up, for whoever waits for the answer.
#[derive(Default)]
pub(crate) struct Flow {
    /// Bytes so far.
    pub bytes: Cell<u64>,
    /// Why it stopped early.
    pub fault: Cell<Option<UploadFault>>,
    /// Whether the caller's next bytes are waited for.
    pub waits_for_caller: Cell<bool>,
}

impl Upload {
    /// At most `limit` bytes of the body; what became of it is told in `flow`.
    pub fn new(body: Incoming, limit: u64, flow: Rc<Flow>, slot: Slot) -> Self {
        Upload { body, limit, flow, slot }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UploadFault>>> {
        self.flow.waits_for_caller.set(true);
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        self.flow.waits_for_caller.set(false);
        self.slot.has_progressed();
        let frame = match frame {
            None => return Poll::Ready(None),
            Some(Ok(frame)) => frame,
            Some(Err(_)) => return Poll::Ready(Some(Err(self.stop(UploadFault::BrokenOff)))),
        };
        let length = frame.data_ref().map_or(0, |data| data.len() as u64);
        self.flow.bytes.set(self.flow.bytes.get() + length);
        if self.flow.bytes.get() > self.limit {
            return Poll::Ready(Some(Err(self.stop(UploadFault::TooLarge))));
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn stop(&self, fault: UploadFault) -> UploadFault {
        self.flow.fault.set(Some(fault));
        fault
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = UploadFault;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UploadFault>>> {
        match &mut *self {
            RequestBody::Empty => Poll::Ready(None),
            RequestBody::Whole(bytes) => {
                let bytes = std::mem::take(bytes);
                *self = RequestBody::Empty;
                Poll::Ready(Some(Ok(Frame::data(bytes))))
            }
            RequestBody::Streamed(upload) => upload.poll(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            RequestBody::Empty => true,
            RequestBody::Whole(bytes) => bytes.is_empty(),
            RequestBody::Streamed(upload) => upload.body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            RequestBody::Empty => SizeHint::with_exact(0),
            RequestBody::Whole(bytes) => SizeHint::with_exact(bytes.len() as u64),
            RequestBody::Streamed(upload) => upload.body.size_hint(),
        }
    }
}
