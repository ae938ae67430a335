//! Rest: a connection over which nothing is said for a while gives back the memory with which it was served.

use std::{cell::Cell, time::Duration};

use super::{Phase, Slot};

/// How long nothing is said before a connection rests. Shorter than most pauses between two bursts of calls; long enough that
/// what a busy connection needs is not made anew for each call.
const REST: Duration = Duration::from_secs(1);

/// The part of a slot that knows whether its connection may rest.
#[derive(Default)]
pub(super) struct Rest {
    /// Whether it is served by something that is worth giving back.
    is_wanted: Cell<bool>,
    /// Whether bytes for the caller may still lie in the gateway.
    is_unsent: Cell<bool>,
}

impl Slot {
    /// The connection is to be woken when it could rest, or no longer.
    pub fn want_rest(&self, wanted: bool) {
        self.0.rest.is_wanted.set(wanted);
    }

    /// Bytes for the caller were written, and may not all be with the system yet.
    pub fn has_unsent(&self) {
        self.0.rest.is_unsent.set(true);
    }

    /// All bytes for the caller are with the system.
    pub fn has_sent_all(&self) {
        self.0.rest.is_unsent.set(false);
    }

    /// Whether the connection may rest: it waits for its next request, has waited for a while, and owes the caller nothing.
    pub fn may_rest(&self) -> bool {
        let Slot(state) = self;
        state.rest.is_wanted.get()
            && !state.rest.is_unsent.get()
            && state.phase.get() == Phase::Idle
            && self.waited_ticks() >= super::ticks(REST)
    }

    /// How long the next request is waited for, in ticks that have passed whole.
    fn waited_ticks(&self) -> u32 {
        let watch = &self.0.watch;
        let left = self.0.due.get().wrapping_sub(watch.now());
        (watch.0.idle + 1).saturating_sub(left)
    }
}

#[cfg(test)]
mod tests {
    //! When a connection may rest, and what keeps it from it.

    use super::{
        super::{TICK, Watch},
        *,
    };
    use crate::settings::TimeOuts;

    const LONG: u32 = 2 * (REST.as_millis() / TICK.as_millis()) as u32;

    fn waited(ticks: u32, before: impl Fn(&Slot)) -> bool {
        let watch = Watch::new(&TimeOuts::default());
        let slot = watch.slot();
        slot.want_rest(true);
        before(&slot);
        (0..ticks).for_each(|_| watch.tick());
        slot.may_rest()
    }

    #[test]
    fn a_connection_rests_when_it_has_waited_and_owes_nothing() {
        assert!(waited(LONG, |_| {}));
        assert!(!waited(LONG / 2 - 1, |_| {}), "a short pause is none");
        assert!(!waited(LONG, Slot::has_unsent), "the caller has not taken the answer yet");
        assert!(waited(LONG, |slot| {
            slot.has_unsent();
            slot.has_sent_all();
        }));
        assert!(!waited(LONG, Slot::has_read), "a head has begun");
        assert!(!waited(LONG, |slot| slot.enter(Phase::Work)));
        assert!(!waited(LONG, |slot| slot.want_rest(false)));
    }
}
