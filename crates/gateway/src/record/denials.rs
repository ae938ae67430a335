//! Denials beyond the budget are folded: one row a second stands for all calls of equal value, way, denial, API, method,
//! address and observed lists, with an exact count. The contracts in it are those of its first call.

use std::{hash::BuildHasher, net::IpAddr};

use domain::{
    allowlist::ListKinds,
    decision::Denial,
    id::ValueId,
    request_log::Via,
    time::{SECOND, Timestamp},
};
use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::CallRecord;

/// Above this part of the journal denials get no rows of their own; what is left is for calls that are forwarded.
pub const DENIAL_ROWS_UP_TO: f32 = 0.75;
/// The most rows that are being folded at one time; when there are so many, they are written early.
pub const MAX_FOLDED: usize = 4_096;

/// Rows being folded.
#[derive(Default)]
pub(super) struct Folds {
    began: Timestamp,
    rows: HashTable<Fold>,
}

struct Fold {
    value: ValueId,
    via: Via,
    denial: Denial,
    api: Box<str>,
    method: Box<str>,
    address: Option<IpAddr>,
    observed: ListKinds,
    /// The record of the first call.
    payload: Box<[u8]>,
    count: u64,
}

impl Folds {
    /// Whether the second of the oldest call is over, or the clock was set back.
    pub(super) fn are_due(&self, now: Timestamp) -> bool {
        !self.rows.is_empty() && !(0..SECOND).contains(&now.since(self.began))
    }

    pub(super) fn are_full(&self) -> bool {
        self.rows.len() >= MAX_FOLDED
    }

    /// Adds a call; `payload` is its record, kept if it is the first of its row. False: there is no place for another row.
    pub(super) fn add(&mut self, call: &CallRecord<'_>, now: Timestamp, denial: Denial, payload: &[u8]) -> bool {
        let hash = hash(call.value, denial, call.api, call.method, call.address);
        let is_it = |fold: &Fold| {
            fold.value == call.value
                && fold.via == call.via
                && fold.denial == denial
                && *fold.api == *call.api
                && *fold.method == *call.method
                && fold.address == call.address
                && fold.observed == call.observed
        };
        if let Some(fold) = self.rows.find_mut(hash, is_it) {
            fold.count += 1;
            return true;
        }
        if self.are_full() {
            return false;
        }
        if self.rows.is_empty() {
            self.began = now;
        }
        let fold = Fold {
            value: call.value,
            via: call.via,
            denial,
            api: call.api.into(),
            method: call.method.into(),
            address: call.address,
            observed: call.observed,
            payload: payload.into(),
            count: 1,
        };
        self.rows.insert_unique(hash, fold, |fold| {
            self::hash(fold.value, fold.denial, &fold.api, &fold.method, fold.address)
        });
        true
    }

    /// Hands out each row with its count. From the first that `write` does not take on, they stay.
    ///
    /// Errors: what `write` said.
    pub(super) fn drain<E>(&mut self, mut write: impl FnMut(&[u8], u64) -> Result<(), E>) -> Result<(), E> {
        let mut written = Ok(());
        self.rows.retain(|fold| {
            if written.is_ok() {
                written = write(&fold.payload, fold.count);
            }
            written.is_err()
        });
        written
    }

    /// Forgets all rows; tells how many calls they stood for.
    pub(super) fn forget(&mut self) -> u64 {
        self.rows.drain().map(|fold| fold.count).sum()
    }
}

fn hash(value: ValueId, denial: Denial, api: &str, method: &str, address: Option<IpAddr>) -> u64 {
    // Who floods cannot choose the ids in here, and a slow table would only slow the flood.
    FixedState::with_seed(0x6b77).hash_one((value.as_u128(), denial, api, method, address))
}
