//! Joins the records of one journal into log rows and cuts them into batches. Pure: the same records and the same cut
//! give the same batch, before a crash and after it.
//!
//! A cut is four numbers. Rows begin at records `lo..=hi`; outcomes are looked for up to record `seen`, which may lie
//! beyond `hi`. An outcome up to `seen_before` was taken by an earlier cut. So every record is used exactly once, and
//! reading can start again at `lo` after a restart: no call holds a segment.

use std::collections::{HashMap, VecDeque};

use domain::{
    request_log::{Batch, Close, Counted, Ending, Row},
    time::{SECOND, Timestamp},
};

/// A call that runs longer than this is stored as open; its outcome follows.
pub const OPEN_AFTER: i64 = 2 * SECOND;
/// The most records in one batch.
pub const MAX_BATCH: usize = 5_000;
/// The most records that wait here; the rest stays in the journal.
pub const MAX_WAITING: usize = 100_000;

/// What a record of the journal says.
#[derive(Clone, Debug)]
pub enum Said {
    /// A row that needs nothing more: a denial.
    Whole(Box<Row>),
    /// A call is about to be forwarded.
    Intent(Box<Row>),
    /// A call is over. `counted` says where a refund goes back.
    Outcome {
        /// The intent's record.
        intent: u64,
        /// Counters that the charge was taken from.
        counted: Vec<Counted>,
        /// How it ended.
        ending: Box<Ending>,
    },
}

/// How far a journal has been stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// The last record whose row is stored.
    pub through: u64,
    /// The last record whose outcome, if it is one, is stored.
    pub seen: u64,
}

/// A cut on its way; written down before it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// First record.
    pub lo: u64,
    /// Last record.
    pub hi: u64,
    /// Outcomes up to here are in earlier cuts.
    pub seen_before: u64,
    /// Outcomes up to here are in this one.
    pub seen: u64,
}

impl Cut {
    /// Whether it has as many records as a batch can have: there may be more.
    pub fn is_full(&self) -> bool {
        self.hi - self.lo + 1 == MAX_BATCH as u64
    }
}

/// The records of one journal from the first that is not stored.
#[derive(Debug)]
pub struct Joiner {
    node: i64,
    epoch: u32,
    ring: u16,
    progress: Progress,
    waiting: VecDeque<Said>,
    /// Outcomes of intents that wait, with the record they stand in.
    endings: HashMap<u64, (u64, Ending)>,
}

impl Joiner {
    /// Begins after `progress`; feed it from record `progress.through + 1`.
    pub fn new(node: i64, epoch: u32, ring: u16, progress: Progress) -> Joiner {
        Joiner { node, epoch, ring, progress, waiting: VecDeque::new(), endings: HashMap::new() }
    }

    /// The record to feed next.
    pub fn next(&self) -> u64 {
        self.progress.through + 1 + self.waiting.len() as u64
    }

    /// Whether more may be fed; otherwise a batch must leave first.
    pub fn has_room(&self) -> bool {
        self.waiting.len() < MAX_WAITING
    }

    /// Takes the record with number [`Joiner::next`].
    pub fn feed(&mut self, said: Said) {
        let seq = self.next();
        if let Said::Outcome { intent, ending, .. } = &said
            && *intent > self.progress.through
        {
            self.endings.insert(*intent, (seq, (**ending).clone()));
        }
        self.waiting.push_back(said);
    }

    /// What can be stored now: everything up to the first call that still runs and is not yet old. `all` when the
    /// journal has ended: what still runs then never will be over. After a restart there is nothing to cut before all is fed
    /// that an earlier cut had seen: `seen` never goes back.
    pub fn cut(&self, now: Timestamp, all: bool) -> Option<Cut> {
        if self.next() <= self.progress.seen {
            return None;
        }
        let lo = self.progress.through + 1;
        let is_ready = |(place, said): &(usize, &Said)| match said {
            Said::Intent(row) => {
                all || self.endings.contains_key(&(lo + *place as u64)) || now.since(row.time) >= OPEN_AFTER
            }
            Said::Whole(_) | Said::Outcome { .. } => true,
        };
        let ready = self.waiting.iter().enumerate().take(MAX_BATCH).take_while(is_ready).count() as u64;
        let seen = lo + self.waiting.len() as u64 - 1;
        (ready > 0).then(|| Cut { lo, hi: lo + ready - 1, seen_before: self.progress.seen, seen })
    }

    /// The batch of a cut. All records up to `cut.seen` must have been fed.
    pub fn batch(&self, cut: &Cut) -> Batch {
        let rows = (cut.lo..=cut.hi).filter_map(|seq| self.row(seq, cut)).collect();
        let closes = (cut.lo..=cut.seen).filter_map(|seq| self.close(seq, cut)).collect();
        Batch { node: self.node, epoch: self.epoch, ring: self.ring, lo: cut.lo, hi: cut.hi, rows, closes }
    }

    /// The batch is stored: forgets it.
    pub fn stored(&mut self, cut: &Cut) {
        for seq in cut.lo..=cut.hi {
            self.waiting.pop_front();
            self.endings.remove(&seq);
        }
        self.progress = Progress { through: cut.hi, seen: cut.seen };
    }

    /// How far it is stored.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    fn said(&self, seq: u64) -> Option<&Said> {
        self.waiting.get((seq - self.progress.through - 1) as usize)
    }

    fn row(&self, seq: u64, cut: &Cut) -> Option<Row> {
        match self.said(seq)? {
            Said::Whole(row) => Some((**row).clone()),
            Said::Outcome { .. } => None,
            Said::Intent(row) => {
                let mut row = (**row).clone();
                if let Some((at, ending)) = self.endings.get(&seq)
                    && *at <= cut.seen
                {
                    row.state = ending.state();
                    row.denial = ending.denial;
                    row.ending = Some(ending.clone());
                }
                Some(row)
            }
        }
    }

    fn close(&self, seq: u64, cut: &Cut) -> Option<Close> {
        let Said::Outcome { intent, counted, ending } = self.said(seq)? else { return None };
        if *intent >= cut.lo || seq <= cut.seen_before {
            return None;
        }
        let place = domain::request_log::Place { node: self.node, epoch: self.epoch, ring: self.ring, seq: *intent };
        Some(Close { place, counted: counted.clone(), state: ending.state(), ending: (**ending).clone() })
    }
}

#[cfg(test)]
mod tests;
