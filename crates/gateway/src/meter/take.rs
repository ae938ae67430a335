//! Take: check and charge in one step, from every counter or from none.
//!
//! First a look at all counters, then a compare-and-swap on each. All but the last are tentative until the last one gave: a
//! thread that meets a tentative take does not conclude from an empty counter that its quota is used up.

use std::sync::Arc;

use domain::{
    call::Charge,
    decision::Denial,
    quota::{Metric, Scope},
    request_log::Counted,
    time::Timestamp,
};

use super::{
    Meter, Refused,
    counter::{Counter, Glance, MAX_STEP_BACK, Short},
    limits::{Beyond, CountedQuota, Limits, MAX_COUNTERS},
    word::Tag,
};

/// How often a take begins again, because others moved the same counters, before the call waits like one that lacks units.
const ATTEMPTS: usize = 64;

/// What came of an attempt to take.
pub(crate) enum Take {
    /// Every counter gave.
    Taken(Taken),
    /// A limit refuses the call; nothing was taken from any quota.
    Denied(Refused),
    /// A counter lacks units, and the ledger was asked.
    Wait(Shortage),
}

/// Units that were taken, for giving them back to the leases that they came from.
pub(crate) struct Taken {
    /// The call's time, inside the window of every counter that it was charged on.
    pub(super) time: Timestamp,
    charge: Charge,
    /// The quotas whose overage paid.
    beyond: Beyond,
    tags: [Tag; MAX_COUNTERS],
}

/// A counter that lacks units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shortage {
    /// Its place in the limits.
    pub(super) place: usize,
    /// It is the overage's.
    pub(super) beyond: bool,
    /// Only other threads are in the way: look again at once.
    pub(super) soon: bool,
}

/// Why a pass over the counters did not take.
enum Obstacle {
    /// Something moved; begin again at this time.
    Moved(Timestamp),
    /// The quota at this place is used up; begin again with its overage.
    UsedUp(usize),
    Denied(Refused),
    Wait(Shortage),
}

impl Meter {
    /// Takes what a call is charged: from every rate limit, then from every quota, or from no quota at all. Quick and without
    /// waiting. `steady` is in microseconds.
    pub(crate) fn take(&self, limits: &Limits, charge: Charge, now: Timestamp, steady: i64) -> Take {
        match limits.take_rates(charge, now, steady) {
            Ok(()) => self.take_quotas(limits, charge, now, steady),
            Err(refused) => Take::Denied(refused),
        }
    }

    /// Gives back what was taken for a call that was then not recorded.
    #[cold]
    pub(super) fn untake(&self, limits: &Limits, taken: &Taken) {
        limits.restore(taken, taken.charge);
    }

    pub(super) fn take_quotas(&self, limits: &Limits, charge: Charge, now: Timestamp, steady: i64) -> Take {
        if !limits.fit() {
            return Take::Denied(Refused { denial: Denial::QuotaUnavailable, retry_at: None });
        }
        let mut taken = Taken { time: now, charge, beyond: Beyond::NONE, tags: [0; MAX_COUNTERS] };
        for _ in 0..ATTEMPTS {
            let passed =
                self.look_at_all(limits, &mut taken, steady).and_then(|()| self.take_all(limits, &taken, steady));
            match passed {
                Ok(()) => return Take::Taken(taken),
                // In another window the quota itself may pay again.
                Err(Obstacle::Moved(time)) if time != taken.time => (taken.time, taken.beyond) = (time, Beyond::NONE),
                Err(Obstacle::Moved(_)) => {}
                Err(Obstacle::UsedUp(place)) => taken.beyond = taken.beyond.with(place),
                Err(Obstacle::Denied(refused)) => return Take::Denied(refused),
                Err(Obstacle::Wait(shortage)) => return Take::Wait(shortage),
            }
        }
        let place = limits.counted(charge, Beyond::NONE).map(|(place, ..)| place).next().unwrap_or(0);
        Take::Wait(Shortage { place, beyond: false, soon: true })
    }

    /// Brings every counter to the call's time and the call's time into every window, and sees whether there is enough.
    #[inline]
    fn look_at_all(&self, limits: &Limits, taken: &mut Taken, steady: i64) -> Result<(), Obstacle> {
        let time = taken.time;
        for (place, amount, counter) in limits.counted(taken.charge, taken.beyond) {
            let Glance { word, start, attention_at } = counter.look();
            if time.micros() >= attention_at || time.micros() < start.saturating_sub(MAX_STEP_BACK) {
                if counter.attend(time, steady) {
                    self.queue(counter);
                }
                let start = Timestamp::from_micros(counter.look().start);
                return Err(Obstacle::Moved(time.max(start)));
            }
            if time.micros() < start {
                return Err(Obstacle::Moved(Timestamp::from_micros(start)));
            }
            if word.balance() < amount {
                return Err(self.falls_short(limits, taken, place, steady));
            }
            taken.tags[place] = word.tag();
        }
        Ok(())
    }

    #[inline]
    fn take_all(&self, limits: &Limits, taken: &Taken, steady: i64) -> Result<(), Obstacle> {
        let Some((last, ..)) = limits.counted(taken.charge, taken.beyond).last() else { return Ok(()) };
        for (place, amount, counter) in limits.counted(taken.charge, taken.beyond) {
            match counter.take(taken.tags[place], amount, place != last) {
                Some(in_hand) if counter.is_low(in_hand) => self.refill(counter, steady),
                Some(_) => {}
                None => {
                    undo_before(limits, taken, place);
                    return Err(Obstacle::Moved(taken.time));
                }
            }
        }
        let charged = limits.counted(taken.charge, taken.beyond);
        for (place, _, counter) in charged.take_while(|(place, ..)| *place != last) {
            counter.settle(taken.tags[place]);
        }
        Ok(())
    }

    #[cold]
    fn refill(&self, counter: &Arc<Counter>, steady: i64) {
        if counter.refill(steady) {
            self.queue(counter);
        }
    }

    /// One counter has too little. All that have are asked about at once; the narrowest one speaks.
    #[cold]
    fn falls_short(&self, limits: &Limits, taken: &Taken, first: usize, steady: i64) -> Obstacle {
        let mut told = None;
        let (charge, beyond) = (taken.charge, taken.beyond);
        for (place, amount, counter) in limits.counted(charge, beyond).filter(|(place, ..)| *place >= first) {
            if taken.time.micros() >= counter.look().attention_at && counter.attend(taken.time, steady) {
                self.queue(counter);
            }
            let Glance { word, .. } = counter.look();
            if word.balance() >= amount {
                continue;
            }
            let goes_on = limits.quotas[place].beyond.is_some() && !beyond.has(place);
            let (short, queue) = counter.short(word.tag(), amount, goes_on, steady);
            if queue {
                self.queue(counter);
            }
            told.get_or_insert_with(|| match short {
                Short::Exhausted(_) if goes_on => Obstacle::UsedUp(place),
                short => obstacle(short, (place, beyond.has(place)), counter.quota.scope, taken.time),
            });
        }
        told.unwrap_or(Obstacle::Moved(taken.time))
    }
}

fn obstacle(short: Short, (place, beyond): (usize, bool), scope: Scope, time: Timestamp) -> Obstacle {
    match short {
        Short::Again => {
            std::hint::spin_loop();
            Obstacle::Moved(time)
        }
        Short::Wait => Obstacle::Wait(Shortage { place, beyond, soon: false }),
        Short::Unavailable => Obstacle::Denied(Refused { denial: Denial::QuotaUnavailable, retry_at: None }),
        Short::Exhausted(window) => {
            let retry_at = Some(window.end).filter(|end| *end < Timestamp::FAR);
            Obstacle::Denied(Refused { denial: Denial::QuotaExhausted(scope), retry_at })
        }
    }
}

#[cold]
fn undo_before(limits: &Limits, taken: &Taken, place: usize) {
    let charged = limits.counted(taken.charge, taken.beyond);
    for (earlier, amount, counter) in charged.take_while(|(earlier, ..)| *earlier != place) {
        counter.undo(taken.tags[earlier], amount);
    }
}

impl Limits {
    /// The counters that take something of the charge, where these quotas' overages pay: place, amount, counter.
    #[inline]
    pub(super) fn counted(&self, charge: Charge, beyond: Beyond) -> impl Iterator<Item = (usize, u64, &Arc<Counter>)> {
        let with_amount = move |(place, counted)| {
            let counted: &CountedQuota = counted;
            (place, charge.amount(counted.quota.metric), counted.payer(beyond.has(place)))
        };
        self.quotas.iter().enumerate().map(with_amount).filter(|(_, amount, _)| *amount > 0)
    }

    /// Gives `part` of what was taken back to the leases that it came from.
    #[cold]
    pub(super) fn restore(&self, taken: &Taken, part: Charge) {
        for (place, _, counter) in self.counted(taken.charge, taken.beyond) {
            let amount = part.amount(counter.quota.metric);
            if amount > 0 {
                counter.restore(taken.tags[place], counter.quota.window(taken.time).start, amount);
            }
        }
    }

    /// On how many counters the call was charged.
    #[inline]
    pub(crate) fn counters_of(&self, taken: &Taken) -> usize {
        self.counted(taken.charge, taken.beyond).count()
    }

    /// Where the call was charged, for its row.
    #[inline]
    pub(crate) fn counted_of(&self, taken: &Taken) -> impl Iterator<Item = Counted> {
        self.counted(taken.charge, taken.beyond).map(|(place, _, counter)| Counted {
            counter: counter.charged(taken.tags[place], taken.time),
            metric: counter.quota.metric,
        })
    }

    /// What of the charge was beyond a quota: for each metric all of it, or nothing.
    #[inline]
    pub(crate) fn overage_of(&self, taken: &Taken) -> Charge {
        if taken.beyond == Beyond::NONE { Charge::NOTHING } else { self.overage_beyond(taken) }
    }

    #[cold]
    fn overage_beyond(&self, taken: &Taken) -> Charge {
        let charged = self.counted(taken.charge, taken.beyond).filter(|(place, ..)| taken.beyond.has(*place));
        charged.fold(Charge::NOTHING, |overage, (.., counter)| match counter.quota.metric {
            Metric::Requests => Charge { requests: taken.charge.requests, ..overage },
            Metric::Credits => Charge { credits: taken.charge.credits, ..overage },
        })
    }
}

impl Taken {
    /// The call's time, inside the window of every counter that it was charged on.
    pub(crate) fn time(&self) -> Timestamp {
        self.time
    }

    /// What was taken.
    pub(crate) fn charge(&self) -> Charge {
        self.charge
    }
}
