//! Record: what a gateway thread writes into its journal: an intent before a call is forwarded, its outcome, and denials.
//!
//! Nothing here waits, allocates on the hot path or enters the kernel: a record is encoded into a buffer that is kept, and
//! copied into mapped memory.

use std::{cell::RefCell, rc::Rc, sync::Arc, time::Duration};

use domain::{
    decision::NotReady,
    request_log::{Counted, Ending},
    time::{Clock, Timestamp},
};
use journal::{AppendError, Full, Reservation, Writer};

mod budget;
mod call;
pub mod codec;
mod denials;
mod pace;

pub use budget::{DenialBudget, ROWS_A_SECOND_PER_KEY, ROWS_A_SECOND_PER_NODE};
pub use call::{CallRecord, Denied};
pub use denials::{DENIAL_ROWS_UP_TO, MAX_FOLDED};
pub use pace::{LONGEST_WAIT, UNPACED_UP_TO};

use crate::meter::{Limits, Taken};
use denials::Folds;

/// How often, and with which pause, the last rows are tried while the journal prepares its next segment: half a second.
const FLUSH_ATTEMPTS: u32 = 100;
const FLUSH_PAUSE: Duration = Duration::from_millis(5);

/// Writes one journal; each gateway thread has its own.
pub struct Recorder {
    clock: Clock,
    budget: Arc<DenialBudget>,
    desk: RefCell<Desk>,
}

struct Desk {
    writer: Writer,
    /// The record being encoded; kept, so that it grows once.
    buffer: Vec<u8>,
    folds: Folds,
}

/// An intent that is in the journal, with the room that is kept for its outcome.
pub(crate) struct Intent {
    seq: u64,
    reservation: Reservation,
}

impl Intent {
    /// Its sequence number in the journal.
    pub(crate) fn seq(&self) -> u64 {
        self.seq
    }
}

impl Recorder {
    /// The recorder of one thread. `budget` is the node's, shared by all of them.
    pub fn new(writer: Writer, clock: Clock, budget: Arc<DenialBudget>) -> Rc<Recorder> {
        let desk = Desk { writer, buffer: Vec::with_capacity(codec::MAX_RECORD), folds: Folds::default() };
        Rc::new(Recorder { clock, budget, desk: RefCell::new(desk) })
    }

    /// How long a call should wait before it is admitted; none, as long as the store keeps up with the rows.
    #[inline]
    pub(crate) fn wait(&self) -> Option<Duration> {
        pace::wait_at(self.desk.borrow().writer.fill())
    }

    /// Writes that the call will be forwarded and was charged. It survives the process from here on.
    ///
    /// Errors: the journal is full; nothing was written.
    pub(crate) fn intent(&self, call: &CallRecord<'_>, limits: &Limits, taken: &Taken) -> Result<Intent, NotReady> {
        let desk = &mut *self.desk.borrow_mut();
        let charged = (taken.charge(), limits.overage_of(taken));
        codec::encode_intent(&mut desk.buffer, call, taken.time(), charged, limits.counted_of(taken));
        let outcome_bytes = codec::outcome_bytes(limits.counters_of(taken));
        let written = desk.writer.append_reserving(&desk.buffer, outcome_bytes);
        let (seq, reservation) = written.map_err(|_| NotReady::JournalFull)?;
        Ok(Intent { seq, reservation })
    }

    /// Writes how a call ended; `counted` is where its charge was taken. False: it could not be written, and the row will say
    /// that the end is unknown.
    pub(crate) fn outcome(&self, intent: Intent, ending: &Ending, counted: impl Iterator<Item = Counted>) -> bool {
        let desk = &mut *self.desk.borrow_mut();
        codec::encode_outcome(&mut desk.buffer, intent.seq, ending, counted);
        let written = desk.writer.append_reserved(&desk.buffer, intent.reservation);
        if let Err(unwritten) = &written {
            tracing::error!(intent = intent.seq, error = %unwritten.error, "an outcome could not be written");
        }
        written.is_ok()
    }

    /// Writes a row for a denied call, or adds the call to one that stands for several.
    pub fn denied(&self, call: &CallRecord<'_>, time: Timestamp, denied: &Denied) {
        let desk = &mut *self.desk.borrow_mut();
        if desk.folds.are_due(time) && desk.takes_denials() {
            desk.write_folds_that_fit();
        }
        codec::encode_denied(&mut desk.buffer, call, time, denied);
        if desk.takes_denials() && self.budget.allows_row(call.key, time) && desk.writer.append(&desk.buffer).is_ok() {
            return;
        }
        if desk.folds.are_full() && desk.takes_denials() {
            // Folding works on one buffer, so the call's record is encoded again behind the rows that leave.
            desk.write_folds_that_fit();
            codec::encode_denied(&mut desk.buffer, call, time, denied);
        }
        if !desk.folds.add(call, time, denied.denial, &desk.buffer) {
            self.budget.count_without_row(1);
        }
    }

    /// Writes a row for calls that cost nothing and are over: so many, that ended so. False: the journal has no room for it now.
    pub(crate) fn counted(&self, call: &CallRecord<'_>, time: Timestamp, ending: &Ending, count: u64) -> bool {
        let desk = &mut *self.desk.borrow_mut();
        codec::encode_whole(&mut desk.buffer, call, time, ending, count);
        desk.takes_denials() && desk.writer.append(&desk.buffer).is_ok()
    }

    /// Counts a request whose value nobody knows. It gets no row: it belongs to no account, and anybody can send it.
    pub fn unknown_key(&self) {
        self.budget.count_unknown_key();
    }

    /// Writes the rows of folded denials whose second is over. To be called about four times a second.
    pub fn tick(&self, now: Timestamp) {
        let desk = &mut *self.desk.borrow_mut();
        if desk.folds.are_due(now) && desk.takes_denials() {
            desk.write_folds_that_fit();
        }
    }

    /// Writes all folded denials, at the end. Waits a little for a segment that is being prepared; what the journal does not
    /// take then is counted without a row.
    pub fn flush(&self) {
        let desk = &mut *self.desk.borrow_mut();
        for _ in 0..FLUSH_ATTEMPTS {
            match desk.write_folds() {
                Err(AppendError::Full(Full::Preparing)) => std::thread::sleep(FLUSH_PAUSE),
                _ => break,
            }
        }
        self.budget.count_without_row(desk.folds.forget());
    }

    /// How full the journal is, 0 to 1.
    pub fn fill(&self) -> f32 {
        self.desk.borrow().writer.fill()
    }

    /// The sequence number of the newest record; 0 when there is none.
    pub fn last_seq(&self) -> u64 {
        self.desk.borrow().writer.last_seq()
    }

    pub(crate) fn micros_since(&self, steady: i64) -> u64 {
        u64::try_from((self.clock.steady)().saturating_sub(steady)).unwrap_or(0)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.flush();
    }
}

impl Desk {
    /// Above this fill the room that is left is for calls that are forwarded.
    fn takes_denials(&self) -> bool {
        self.writer.fill() <= DENIAL_ROWS_UP_TO
    }

    /// Rows that the journal does not take now stay for the next time.
    fn write_folds_that_fit(&mut self) {
        _ = self.write_folds();
    }

    fn write_folds(&mut self) -> Result<(), AppendError> {
        let Desk { writer, buffer, folds } = self;
        folds.drain(|payload, count| {
            buffer.clear();
            buffer.extend_from_slice(payload);
            codec::set_count(buffer, count);
            writer.append(buffer).map(|_| ())
        })
    }
}

#[cfg(test)]
mod tests;
