//! Admit: decide, take, record the intent. Waits only where leases have run out.

use std::{pin::pin, rc::Rc, sync::Arc, time::Duration};

use domain::{
    call::Charge,
    decision::{Denial, decide_charge},
    price::Price,
    time::Timestamp,
};

use super::{Limits, Meter, Permit, Refused, Shortage, Take, Taken, counter::Counter, holding::PATIENCE};
use crate::record::{CallRecord, Recorder};

/// A waiting call looks again after this long, also when nobody told of a change: pauses between asks end unannounced.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

const UNAVAILABLE: Refused = Refused { denial: Denial::QuotaUnavailable, retry_at: None };

impl Meter {
    /// Decides on a call whose request was allowed, charges it and writes its intent to the journal. `now` and `steady`
    /// (microseconds) are when the request came. With leases in hand this neither waits nor allocates nor enters the kernel.
    ///
    /// Errors: a limit refuses it, the ledger cannot be asked ([`PATIENCE`] at most), or the journal is full. Then nothing was
    /// charged, apart from rate limits, and nothing recorded.
    pub async fn admit(
        &self,
        recorder: &Rc<Recorder>,
        limits: &Arc<Limits>,
        price: Price,
        call: &CallRecord<'_>,
        now: Timestamp,
        steady: i64,
    ) -> Result<Permit, Refused> {
        let charge = decide_charge(price, limits.quotas()).map_err(|denial| Refused { denial, retry_at: None })?;
        let taken = match self.take(limits, charge, now, steady) {
            Take::Taken(taken) => taken,
            Take::Denied(refused) => return Err(refused),
            Take::Wait(shortage) => self.wait_for_units(limits, charge, shortage, steady).await?,
        };
        match recorder.intent(call, limits, &taken) {
            Ok(intent) => Ok(Permit::new(Rc::clone(recorder), Arc::clone(limits), taken, intent)),
            Err(not_ready) => {
                self.untake(limits, &taken);
                Err(Refused { denial: Denial::NotReady(not_ready), retry_at: None })
            }
        }
    }

    #[cold]
    async fn wait_for_units(
        &self,
        limits: &Limits,
        charge: Charge,
        mut shortage: Shortage,
        began: i64,
    ) -> Result<Taken, Refused> {
        loop {
            let counted = &limits.quotas[shortage.place];
            let (counter, amount) = (counted.payer(shortage.beyond), charge.amount(counted.quota.metric));
            let _waiting = Waiting::begin(counter, amount).ok_or(UNAVAILABLE)?;
            // Listening begins before the look, so that no change falls between the two.
            let mut changed = pin!(counter.changed.notified());
            changed.as_mut().enable();
            // The wait may have crossed into another window: the call counts in the one in which it is admitted.
            let (now, steady) = ((self.clock.wall)(), (self.clock.steady)());
            let next = match self.take_quotas(limits, charge, now, steady) {
                Take::Taken(taken) => return Ok(taken),
                Take::Denied(refused) => return Err(refused),
                Take::Wait(next) => next,
            };
            if steady.saturating_sub(began) >= PATIENCE {
                return Err(UNAVAILABLE);
            }
            if next.soon || (next.place, next.beyond) != (shortage.place, shortage.beyond) {
                tokio::task::yield_now().await;
            } else {
                // Told or not, it looks again.
                _ = tokio::time::timeout(LOOK_AGAIN, changed).await;
            }
            shortage = next;
        }
    }
}

/// A call that waits for units, counted at the desk for as long as it does.
struct Waiting<'a> {
    counter: &'a Counter,
    amount: u64,
}

impl<'a> Waiting<'a> {
    fn begin(counter: &'a Counter, amount: u64) -> Option<Waiting<'a>> {
        counter.begin_wait(amount).then_some(Waiting { counter, amount })
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.counter.end_wait(self.amount);
    }
}
