//! Carried: what a caller's connection carries for which value, so that it can be ended when that value is stopped.

use std::cell::{Cell, RefCell};

use domain::{decision::Denial, key::value::Hash};

use super::{Slot, Watch};
use crate::upstream::line::Lease;

/// The part of a slot that knows the request at hand.
#[derive(Default)]
pub(super) struct Carried {
    value: Cell<Option<Hash>>,
    /// Calls that were forwarded and have no outcome yet.
    forwarded: Cell<u32>,
    /// The connection to the upstream that was used last.
    line: RefCell<Option<Lease>>,
    stopped: Cell<Option<Denial>>,
    is_socket: Cell<bool>,
}

impl Watch {
    /// Looks at what every connection carries; where `stop` has a denial for its value, that is ended. When this returns, no
    /// byte of it goes to an upstream any more. A call that is not forwarded yet is not ended: it is decided on again.
    pub fn cut(&self, stop: impl Fn(&Hash) -> Option<Denial>) {
        for slot in self.0.slots.borrow().iter() {
            if let Some(denial) = slot.0.carried.value.get().and_then(|value| stop(&value)) {
                slot.cut(denial);
            }
        }
    }
}

impl Slot {
    /// What is carried is a WebSocket, or about to be one: if its value is stopped, it says so itself and then ends.
    pub fn carry_socket(&self) {
        self.0.carried.is_socket.set(true);
    }

    /// A request of this value is served from now on.
    pub fn carry(&self, value: Hash) {
        let carried = &self.0.carried;
        carried.value.set(Some(value));
        carried.is_socket.set(false);
        carried.stopped.set(None);
        carried.line.replace(None);
    }

    /// The request's value was looked at again: it is good after all.
    pub fn go_on(&self) {
        self.0.carried.stopped.set(None);
    }

    /// A call is forwarded.
    pub fn begin_call(&self) {
        self.0.carried.forwarded.update(|calls| calls + 1);
    }

    /// It has its outcome.
    pub fn end_call(&self) {
        self.0.carried.forwarded.update(|calls| calls.saturating_sub(1));
    }

    /// What is forwarded goes over this line.
    pub fn use_line(&self, lease: Lease) {
        self.0.carried.line.replace(Some(lease));
    }

    /// Why the request's value was stopped while it was served, if it was.
    pub fn stopped(&self) -> Option<Denial> {
        self.0.carried.stopped.get()
    }

    /// Whether calls that were forwarded are cut: the connection ends.
    pub(super) fn is_cut(&self) -> bool {
        let carried = &self.0.carried;
        carried.stopped.get().is_some() && carried.forwarded.get() > 0
    }

    fn cut(&self, denial: Denial) {
        let carried = &self.0.carried;
        carried.stopped.set(Some(denial));
        if let Some(lease) = &*carried.line.borrow() {
            lease.sever();
        }
        if carried.is_socket.get() {
            self.wake();
        } else if carried.forwarded.get() > 0 {
            // Nobody shall take a part of an answer for the whole.
            self.end_by_reset();
            self.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    //! Which connections end, and which lines are severed.

    use super::*;
    use crate::{settings::TimeOuts, upstream::line::Line};

    const STOP: Denial = Denial::MemberSuspended;

    fn value(number: u8) -> Hash {
        Hash([number; 32])
    }

    #[test]
    fn only_forwarded_calls_of_the_value_end_their_connection() {
        let watch = Watch::new(&TimeOuts::default());
        let slots = [0; 4].map(|_| watch.slot());
        let lines = [0; 4].map(|_| Line::default());
        for (slot, number) in slots.iter().zip([1, 1, 2]) {
            slot.carry(value(number));
        }
        for (slot, line) in slots.iter().zip(&lines) {
            slot.use_line(line.lease());
        }
        slots[0].begin_call();
        slots[2].begin_call();
        watch.cut(|carried| (*carried == value(1)).then_some(STOP));
        assert_eq!([0, 1, 2, 3].map(|at: usize| slots[at].must_end()), [true, false, false, false]);
        assert_eq!([0, 1, 2, 3].map(|at: usize| slots[at].stopped()), [Some(STOP), Some(STOP), None, None]);
        assert_eq!([0, 1, 2, 3].map(|at: usize| lines[at].is_severed()), [true, true, false, false]);
        assert!(slots[0].ends_by_reset() && !slots[1].ends_by_reset());
    }

    #[test]
    fn a_handshake_that_failed_leaves_an_ordinary_connection() {
        let watch = Watch::new(&TimeOuts::default());
        let slot = watch.slot();
        slot.carry(value(1));
        slot.carry_socket();
        slot.carry(value(1));
        slot.begin_call();
        watch.cut(|_| Some(STOP));
        assert!(slot.ends_by_reset());
    }

    #[test]
    fn the_next_request_begins_anew() {
        let watch = Watch::new(&TimeOuts::default());
        let slot = watch.slot();
        slot.carry(value(1));
        watch.cut(|_| Some(STOP));
        slot.carry(value(2));
        slot.begin_call();
        assert!(slot.stopped().is_none() && !slot.must_end());
        watch.cut(|_| Some(STOP));
        slot.end_call();
        assert!(!slot.must_end(), "a call with its outcome is not cut");
    }
}
