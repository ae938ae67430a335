//! A slot while a WebSocket is served on its connection: it looks after its own waits, and needs to be woken for them.

use super::{Inner, Phase, Slot};
use crate::websocket::Opened;

/// How long the waits of a WebSocket may be, in ticks.
#[derive(Clone, Copy)]
pub(crate) struct SocketWaits {
    /// Without a byte from a side, before it is asked whether it is there.
    pub ping: u32,
    /// For the answer to that.
    pub pong: u32,
    /// Without a byte moving towards a side that is written to.
    pub progress: u32,
    /// For the end of what a side still sends.
    pub linger: u32,
}

impl Slot {
    /// From now on a WebSocket is served, which is to look at its waits in so many ticks.
    pub fn look_in(&self, ticks: u32) {
        self.arm(Phase::Socket, ticks);
    }

    /// The WebSocket is to look at its waits in so many ticks, if it would not look sooner.
    pub fn look_within(&self, ticks: u32) {
        let left = self.0.due.get().wrapping_sub(self.0.watch.now()) as i32;
        if i64::from(left) > i64::from(ticks) + 1 {
            self.look_in(ticks);
        }
    }

    /// The tick that is on.
    pub fn now(&self) -> u32 {
        self.0.watch.now()
    }

    /// How long the waits of a WebSocket may be.
    pub fn socket_waits(&self) -> SocketWaits {
        let Inner { ping, pong, progress, linger, .. } = *self.0.watch.0;
        SocketWaits { ping, pong, progress, linger }
    }

    /// Keeps what takes the connection over once the answer to its request is sent.
    pub fn hand_over(&self, opened: Box<Opened>) {
        self.0.opened.replace(Some(opened));
    }

    /// What takes the connection over.
    pub fn handed_over(&self) -> Option<Box<Opened>> {
        self.0.opened.take()
    }
}
