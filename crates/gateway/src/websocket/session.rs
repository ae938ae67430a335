//! Session: one WebSocket from its handshakes to its end. A single task polls both directions and writes to both sides, so a
//! value that is stopped between two polls finds nothing half done.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
};

use bytes::Bytes;
use domain::decision::Denial;
use hyper::rt::{Read, Write};
use websocket::{
    frame::Opcode,
    reader::{Event, Peer},
};

use super::{
    calls::Calls,
    down,
    end::{End, Farewell},
    open::Opened,
    side::{Side, Unreadable},
    up,
};
use crate::{
    forwarded::CallResult,
    gate::Gate,
    upstream::{pool::Pool, transport::Transport},
    watch::Slot,
};

/// What both directions share.
pub(super) struct Session<'g, S> {
    pub gate: &'g Gate,
    pub slot: &'g Slot,
    /// The upstream's pool; the connection is not of it.
    pub pool: &'g Pool,
    pub caller: Side<'g, S>,
    pub upstream: Side<'g, Transport>,
    pub calls: RefCell<Calls>,
    /// Whether answers may be late, or rows due.
    pub is_time_to_look: Cell<bool>,
}

/// Serves a WebSocket to its end. `unread` came behind the caller's handshake.
pub(crate) async fn serve<S: Read + Write + Unpin>(gate: &Gate, slot: &Slot, opened: Opened, io: S, unread: Bytes) {
    let (for_up, for_down) = (opened.asked(gate, slot), opened.asked(gate, slot));
    let limits = &gate.shared.limits;
    let longest = usize::try_from(for_up.api.body_limit).unwrap_or(usize::MAX);
    let Opened { upstream, transport, unread: upstreams_unread, .. } = opened;
    let session = Session {
        gate,
        slot,
        pool: &gate.pools[upstream],
        caller: Side::new(gate, slot, Peer::Client, longest, io, unread),
        upstream: Side::new(gate, slot, Peer::Server, limits.socket_message, transport, upstreams_unread),
        calls: RefCell::default(),
        is_time_to_look: Cell::new(false),
    };
    slot.look_in(slot.socket_waits().ping);
    let end = session.run(up::run(&session, for_up), down::run(&session, for_down)).await;
    tracing::trace!(?end, "a WebSocket ends");
    session.close(end).await;
}

impl<S: Read + Write + Unpin> Session<'_, S> {
    /// Sends a message of our own to the caller, if there is one.
    pub fn answer(&self, message: Option<Vec<u8>>) {
        if let Some(message) = message {
            self.caller.send(Opcode::Text, &message);
        }
    }

    /// Serves both directions until one of them ends, or a reason of our own does it.
    async fn run(&self, up: impl Future<Output = End>, down: impl Future<Output = End>) -> End {
        let (mut up, mut down) = (pin!(up), pin!(down));
        poll_fn(|cx| {
            self.slot.register(cx);
            if let Some(end) = self.own_end() {
                return Poll::Ready(end);
            }
            loop {
                let (to_caller, to_upstream) = (self.caller.poll_write(cx), self.upstream.poll_write(cx));
                if let Poll::Ready(Err(_)) = to_caller {
                    return Poll::Ready(End::CallerGone);
                }
                if let Poll::Ready(Err(_)) = to_upstream {
                    return Poll::Ready(End::UpstreamGone(Denial::UpstreamIncomplete));
                }
                for direction in [up.as_mut() as Pin<&mut dyn Future<Output = End>>, down.as_mut()] {
                    if let Poll::Ready(end) = direction.poll(cx) {
                        return Poll::Ready(end);
                    }
                }
                let has_more = to_caller.is_ready() && self.caller.has_output()
                    || to_upstream.is_ready() && self.upstream.has_output();
                if !has_more {
                    return Poll::Pending;
                }
            }
        })
        .await
    }

    /// What ends it without either side: its value is stopped, the gateway stops, a side is silent for too long.
    fn own_end(&self) -> Option<End> {
        if let Some(denial) = self.slot.stopped() {
            return Some(End::Denied(denial));
        }
        if self.gate.closes_idle.get() && self.calls.borrow().is_empty() {
            return Some(End::Stopping);
        }
        if !self.slot.is_late() {
            return None;
        }
        self.is_time_to_look.set(true);
        // A side is not heard while the other one has no room for what it says.
        let (hears_caller, hears_upstream) = (!self.upstream.has_output(), !self.caller.has_output());
        let (caller, upstream) = (self.caller.look(hears_caller), self.upstream.look(hears_upstream));
        match (caller, upstream) {
            (Err(_), _) => Some(End::CallerGone),
            (_, Err(_)) => Some(End::UpstreamGone(Denial::UpstreamTimeout)),
            (Ok(caller), Ok(upstream)) => {
                self.slot.look_in(caller.min(upstream).max(1));
                None
            }
        }
    }

    /// Ends the calls that still run, tells both sides, and waits a little for what they say to it.
    async fn close(&self, end: End) {
        let result: CallResult = end.result();
        for waiting in self.calls.borrow_mut().take_rest() {
            waiting.call.end(result);
        }
        match end.to_upstream() {
            Farewell::Close(said) => self.upstream.send_close(said.as_ref()),
            Farewell::None => self.upstream.drop_connection(),
        }
        if let Farewell::Close(said) = end.to_caller() {
            self.caller.send_close(said.as_ref());
        }
        let takes_leave = matches!(end.to_caller(), Farewell::Close(_));
        self.slot.look_in(self.slot.socket_waits().linger);
        let mut upstream_waits = matches!(end.to_upstream(), Farewell::Close(_));
        let mut caller = if takes_leave { Leave::Tell } else { Leave::Done };
        poll_fn(|cx| {
            self.slot.register(cx);
            if upstream_waits && self.poll_end_of_upstream(cx).is_ready() {
                upstream_waits = false;
            }
            self.poll_end_of_caller(cx, &end, &mut caller);
            let is_over = !upstream_waits && caller == Leave::Done || self.slot.is_late();
            if is_over { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }

    fn poll_end_of_upstream(&self, cx: &mut Context<'_>) -> Poll<()> {
        match self.upstream.poll_write(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Err(_)) => Poll::Ready(()),
            Poll::Ready(Ok(())) => self.upstream.poll_shutdown(cx).map(drop),
        }
    }

    /// A server closes first, once the other side has said its own goodbye. Until then what it sends is taken: closing on unread
    /// bytes would reset the connection and take the goodbye away from it.
    fn poll_end_of_caller(&self, cx: &mut Context<'_>, end: &End, leave: &mut Leave) {
        if *leave == Leave::Tell {
            match self.caller.poll_write(cx) {
                Poll::Pending => return,
                Poll::Ready(Err(_)) => *leave = Leave::Done,
                Poll::Ready(Ok(())) if matches!(end, End::ByCaller(_)) => *leave = Leave::Close,
                Poll::Ready(Ok(())) => *leave = Leave::Hear,
            }
        }
        while *leave == Leave::Hear {
            match self.caller.poll_next(cx) {
                Poll::Pending => return,
                Poll::Ready(Ok(Event::Close(_)) | Err(Unreadable::Gone)) => *leave = Leave::Close,
                Poll::Ready(Ok(_)) => {}
                Poll::Ready(Err(Unreadable::Broke(_))) => *leave = Leave::Forget,
            }
        }
        if *leave == Leave::Forget && self.caller.poll_forget(cx).is_ready() {
            *leave = Leave::Close;
        }
        if *leave == Leave::Close && self.caller.poll_shutdown(cx).is_ready() {
            *leave = Leave::Done;
        }
    }
}

/// How far the caller's end is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Leave {
    /// It is told.
    Tell,
    /// It is heard until it says so too.
    Hear,
    /// What it sends cannot be understood any more, and is taken until its end.
    Forget,
    /// Its connection is closed.
    Close,
    Done,
}
