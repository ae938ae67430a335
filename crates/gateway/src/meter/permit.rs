//! Permit: what forwarding a call takes. Only admission makes one, after the intent is in the journal, and each ends in
//! exactly one outcome, also when it is dropped because the caller left.

use std::{rc::Rc, sync::Arc};

use domain::{
    call::Charge,
    decision::Denial,
    request_log::{Ending, Outcome},
    time::Timestamp,
};

use super::{Limits, Taken};
use crate::record::{Intent, Recorder};

/// An admitted call of which no byte has been forwarded yet. Dropped, it is refunded and recorded as abandoned.
#[must_use = "a permit that is dropped is a call that is not forwarded"]
pub struct Permit(Option<Admitted>);

/// A call that is being forwarded. Dropped without an end, it is recorded as abandoned and stays charged.
#[must_use = "a running call must be ended"]
pub struct Running {
    admitted: Option<Admitted>,
    started_at: i64,
}

struct Admitted {
    recorder: Rc<Recorder>,
    limits: Arc<Limits>,
    taken: Taken,
    intent: Intent,
}

impl Permit {
    pub(super) fn new(recorder: Rc<Recorder>, limits: Arc<Limits>, taken: Taken, intent: Intent) -> Permit {
        Permit(Some(Admitted { recorder, limits, taken, intent }))
    }

    /// The moment of the decision, as the row has it: inside the window that was charged.
    pub fn time(&self) -> Timestamp {
        self.admitted().taken.time()
    }

    /// What was charged.
    pub fn charge(&self) -> Charge {
        self.admitted().taken.charge()
    }

    /// The sequence number of the intent in its journal.
    pub fn seq(&self) -> u64 {
        self.admitted().intent.seq()
    }

    /// From now on (`steady`: microseconds on the steady clock) bytes may reach the upstream.
    pub fn start(mut self, steady: i64) -> Running {
        Running { admitted: self.0.take(), started_at: steady }
    }

    /// The call is not forwarded after all: it is recorded as denied, with the HTTP status that the caller is sent, and all of
    /// its charge is given back.
    pub fn refuse(mut self, denial: Denial, status: u16) {
        if let Some(admitted) = self.0.take() {
            let refund = admitted.taken.charge();
            let ending = Ending { denial: Some(denial), status, refund, ..not_forwarded(Outcome::Denied) };
            admitted.end(ending);
        }
    }

    fn admitted(&self) -> &Admitted {
        self.0.as_ref().expect("it is taken out only by what consumes the permit")
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(admitted) = self.0.take() {
            let refund = admitted.taken.charge();
            admitted.end(Ending { refund, ..not_forwarded(Outcome::Abandoned) });
        }
    }
}

impl Running {
    /// What was charged.
    pub fn charge(&self) -> Charge {
        self.admitted.as_ref().map_or(Charge::NOTHING, |admitted| admitted.taken.charge())
    }

    /// The call is over. What `ending` refunds goes back to the counters, if their windows are still the same; more than was
    /// charged is never given back.
    pub fn end(mut self, ending: Ending) {
        if let Some(admitted) = self.admitted.take() {
            admitted.end(ending);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(admitted) = self.admitted.take() {
            let latency = admitted.recorder.micros_since(self.started_at);
            admitted.end(Ending { latency, attempts: 1, ..not_forwarded(Outcome::Abandoned) });
        }
    }
}

impl Admitted {
    fn end(self, mut ending: Ending) {
        let charge = self.taken.charge();
        ending.refund.requests = ending.refund.requests.min(charge.requests);
        ending.refund.credits = ending.refund.credits.min(charge.credits);
        // First the record, then the units: a crash between the two wastes units and never spends one twice.
        let counted = self.limits.counted_of(&self.taken);
        let recorded = self.recorder.outcome(self.intent, &ending, counted);
        if recorded && ending.refund != Charge::NOTHING {
            self.limits.restore(&self.taken, ending.refund);
        }
    }
}

fn not_forwarded(outcome: Outcome) -> Ending {
    Ending {
        outcome,
        denial: None,
        status: 0,
        rpc_error: None,
        refund: Charge::NOTHING,
        latency: 0,
        upstream_latency: 0,
        attempts: 0,
        upstream: None,
        bytes_in: 0,
        bytes_out: 0,
    }
}
