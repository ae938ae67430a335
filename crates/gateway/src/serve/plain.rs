//! Plain requests: what most calls are, read and written here without the machinery for all that HTTP/1.1 can be. A request that is
//! not plain to the last byte goes to hyper untouched, and its connection stays there until it rests; no decision was made by then.
//! Both lead to the same [`handle`], so what is decided, charged and recorded does not depend on the way.
//!
//! Plain is: HTTP/1.1, one of five verbs, a path, one `Host`, at most one `Content-Length` whose body is there already, and nothing
//! that changes how the message or the connection is read. `fast_path = false` sends everything to hyper.

use std::{
    future::{Future, poll_fn},
    net::IpAddr,
    pin::Pin,
    rc::Rc,
    task::Poll,
};

use hyper::rt::Write;

use super::{caller_io::CallerIo, door::Door, spare::Spare};
use crate::{
    gate::Gate,
    handle::{CallerRequest, handle},
    watch::Slot,
};

mod answer;
mod head;

use answer::Written;

/// A head that is longer is not plain, in bytes.
const MAX_HEAD: usize = 16 * 1024;
/// Bytes that a caller may send ahead while a call of theirs is served; more waits in the kernel.
const MAX_AHEAD: usize = 64 * 1024;

/// Why no plain request follows.
pub(super) enum End {
    /// What came is for hyper, and was not taken.
    Odd,
    /// The connection is over.
    Over,
}

/// Serves plain requests one after another. `io` is lent, so that it lies in one place: a connection that waits is to be small.
pub(super) async fn serve(gate: &Rc<Gate>, door: &Door, slot: &Slot, peer: IpAddr, io: &mut CallerIo) -> End {
    loop {
        let request = match next(gate, io).await {
            Next::Plain(request) => request,
            Next::Odd => return End::Odd,
            Next::Over => return End::Over,
        };
        let address = door.client_address.of(peer, &request.headers);
        // Not here, so that a connection that waits for its next request does not hold the place of a call.
        let mut call = gate.places.put(handle(Rc::clone(gate), slot.clone(), address, request));
        let served = while_here(io, &gate.spare, call.as_mut()).await;
        drop(call);
        // The caller left, or nothing can be answered: the slot knows how the connection ends.
        let Some(Ok(response)) = served else { return End::Over };
        match answer::write(io, gate, slot, response).await {
            Written::Kept => {}
            Written::Last => {
                _ = poll_fn(|cx| Pin::new(&mut *io).poll_shutdown(cx)).await;
                return End::Over;
            }
            Written::Broken => return End::Over,
        }
    }
}

/// What came.
#[expect(clippy::large_enum_variant, reason = "it is looked at once, where it was made")]
enum Next {
    /// A request that can be served here.
    Plain(CallerRequest),
    /// Something that hyper is to look at.
    Odd,
    /// Nothing: the caller left, or the gateway closes what is unused.
    Over,
}

async fn next(gate: &Gate, io: &mut CallerIo) -> Next {
    let lines = gate.shared.limits.headers;
    poll_fn(|cx| {
        loop {
            if !io.unread().is_empty() {
                if !gate.shared.fast_path {
                    return Poll::Ready(Next::Odd);
                }
                match head::take(io.unread(), MAX_HEAD.min(gate.shared.limits.head_bytes), lines) {
                    head::Read::Plain(request) => return Poll::Ready(Next::Plain(request)),
                    head::Read::Odd => return Poll::Ready(Next::Odd),
                    head::Read::Partial => {}
                }
            } else if gate.closes_idle.get() {
                return Poll::Ready(Next::Over);
            }
            io.take_up(&gate.spare);
            match io.poll_receive(cx) {
                Poll::Pending => {
                    io.lay_down(&gate.spare);
                    return Poll::Pending;
                }
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(Next::Over),
                Poll::Ready(Ok(_)) => {}
            }
        }
    })
    .await
}

/// Does the work for as long as the caller is there; none: they left, and the work was dropped.
async fn while_here<F: Future>(io: &mut CallerIo, spare: &Spare, mut work: Pin<&mut F>) -> Option<F::Output> {
    poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Some(output));
        }
        while io.unread().len() < MAX_AHEAD {
            io.take_up(spare);
            match io.poll_receive(cx) {
                Poll::Pending => break,
                Poll::Ready(Ok(0) | Err(_)) => return Poll::Ready(None),
                Poll::Ready(Ok(_)) => {}
            }
        }
        Poll::Pending
    })
    .await
}
