//! Take: check and charge in one step, from every counter or from none.
//!
//! First a look at all counters, then a compare-and-swap on each. All but the last are tentative until the last one gave: a
//! thread that meets a tentative take does not conclude from an empty counter that its quota is used up.

use domain::{call::Charge, decision::Denial, quota::Scope, request_log::Counted, time::Timestamp};

use super::{
    Meter, Refused,
    counter::{Glance, MAX_STEP_BACK, Short},
    limits::{CountedQuota, Limits, MAX_COUNTERS},
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
    tags: [Tag; MAX_COUNTERS],
}

/// A counter that lacks units.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shortage {
    /// Its place in the limits.
    pub(super) place: usize,
    /// Only other threads are in the way: look again at once.
    pub(super) soon: bool,
}

/// Why a pass over the counters did not take.
enum Obstacle {
    /// Something moved; begin again at this time.
    Moved(Timestamp),
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
        let mut taken = Taken { time: now, charge, tags: [0; MAX_COUNTERS] };
        for _ in 0..ATTEMPTS {
            let passed =
                self.look_at_all(limits, &mut taken, steady).and_then(|()| self.take_all(limits, &taken, steady));
            match passed {
                Ok(()) => return Take::Taken(taken),
                Err(Obstacle::Moved(time)) => taken.time = time,
                Err(Obstacle::Denied(refused)) => return Take::Denied(refused),
                Err(Obstacle::Wait(shortage)) => return Take::Wait(shortage),
            }
        }
        let place = limits.counted(charge).map(|(place, ..)| place).next().unwrap_or(0);
        Take::Wait(Shortage { place, soon: true })
    }

    /// Brings every counter to the call's time and the call's time into every window, and sees whether there is enough.
    #[inline]
    fn look_at_all(&self, limits: &Limits, taken: &mut Taken, steady: i64) -> Result<(), Obstacle> {
        let time = taken.time;
        for (place, amount, counted) in limits.counted(taken.charge) {
            let counter = &counted.counter;
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
        let Some((last, ..)) = limits.counted(taken.charge).last() else { return Ok(()) };
        for (place, amount, counted) in limits.counted(taken.charge) {
            match counted.counter.take(taken.tags[place], amount, place != last) {
                Some(in_hand) if counted.counter.is_low(in_hand) => self.refill(counted, steady),
                Some(_) => {}
                None => {
                    undo_before(limits, taken, place);
                    return Err(Obstacle::Moved(taken.time));
                }
            }
        }
        for (place, _, counted) in limits.counted(taken.charge).take_while(|(place, ..)| *place != last) {
            counted.counter.settle(taken.tags[place]);
        }
        Ok(())
    }

    #[cold]
    fn refill(&self, counted: &CountedQuota, steady: i64) {
        if counted.counter.refill(steady) {
            self.queue(&counted.counter);
        }
    }

    /// One counter has too little. All that have are asked about at once; the narrowest one speaks.
    #[cold]
    fn falls_short(&self, limits: &Limits, taken: &Taken, first: usize, steady: i64) -> Obstacle {
        let mut told = None;
        for (place, amount, counted) in limits.counted(taken.charge).filter(|(place, ..)| *place >= first) {
            let counter = &counted.counter;
            if taken.time.micros() >= counter.look().attention_at && counter.attend(taken.time, steady) {
                self.queue(counter);
            }
            let Glance { word, .. } = counter.look();
            if word.balance() >= amount {
                continue;
            }
            let (short, queue) = counter.short(word.tag(), amount, steady);
            if queue {
                self.queue(counter);
            }
            told.get_or_insert_with(|| obstacle(short, place, counted.quota.scope, taken.time));
        }
        told.unwrap_or(Obstacle::Moved(taken.time))
    }
}

fn obstacle(short: Short, place: usize, scope: Scope, time: Timestamp) -> Obstacle {
    match short {
        Short::Again => {
            std::hint::spin_loop();
            Obstacle::Moved(time)
        }
        Short::Wait => Obstacle::Wait(Shortage { place, soon: false }),
        Short::Unavailable => Obstacle::Denied(Refused { denial: Denial::QuotaUnavailable, retry_at: None }),
        Short::Exhausted(window) => {
            let retry_at = Some(window.end).filter(|end| *end < Timestamp::FAR);
            Obstacle::Denied(Refused { denial: Denial::QuotaExhausted(scope), retry_at })
        }
    }
}

#[cold]
fn undo_before(limits: &Limits, taken: &Taken, place: usize) {
    for (earlier, amount, counted) in limits.counted(taken.charge).take_while(|(earlier, ..)| *earlier != place) {
        counted.counter.undo(taken.tags[earlier], amount);
    }
}

impl Limits {
    /// The counters that take something of the charge: place, amount, counter.
    #[inline]
    pub(super) fn counted(&self, charge: Charge) -> impl Iterator<Item = (usize, u64, &CountedQuota)> {
        let with_amount = move |(place, counted)| {
            let counted: &CountedQuota = counted;
            (place, charge.amount(counted.quota.metric), counted)
        };
        self.quotas.iter().enumerate().map(with_amount).filter(|(_, amount, _)| *amount > 0)
    }

    /// Gives `part` of what was taken back to the leases that it came from.
    #[cold]
    pub(super) fn restore(&self, taken: &Taken, part: Charge) {
        for (place, _, counted) in self.counted(taken.charge) {
            let amount = part.amount(counted.quota.metric);
            if amount > 0 {
                counted.counter.restore(taken.tags[place], counted.quota.window(taken.time).start, amount);
            }
        }
    }

    /// On how many counters the call was charged.
    #[inline]
    pub(crate) fn counters_of(&self, taken: &Taken) -> usize {
        self.counted(taken.charge).count()
    }

    /// Where the call was charged, for its row.
    #[inline]
    pub(crate) fn counted_of(&self, taken: &Taken) -> impl Iterator<Item = Counted> {
        self.counted(taken.charge).map(|(place, _, counted)| Counted {
            counter: counted.counter.charged(taken.tags[place], taken.time),
            metric: counted.quota.metric,
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
