//! The bytes of a record. Written once per call on the hot path, read by what ships the journal and by what replays it after
//! a crash, perhaps by a later version of Keyward: the first byte names the form.
//!
//! All numbers are little-endian; texts have their length in front; what may be absent has a flag.

use domain::{
    call::Charge,
    request_log::{Counted, Ending, MAX_CONTRACTS, MAX_HEADER, MAX_METHOD, MAX_PATH, Place, Row},
    time::Timestamp,
};

use super::{CallRecord, Denied};
use crate::meter::MAX_COUNTERS;

mod number;
mod read;
mod write;

pub use read::CodecError;

/// The form that is written. A change of the layout takes a new one.
pub const FORM: u8 = 4;
/// The oldest form that is read: a journal may be left by the version before. It has no `via`, and fewer denials. What lists
/// observed, and contracts, came with form 3, what was charged beyond a quota with form 4.
pub const OLDEST_FORM: u8 = 1;

/// The most bytes of an outcome: form, kind, sequence number of the intent, ending, and where a refund goes back.
pub const fn outcome_bytes(counters: usize) -> usize {
    2 + 8 + ENDING_BYTES + 1 + counters * COUNTED_BYTES
}

/// Bytes of a counter that a call was charged on.
const COUNTED_BYTES: usize = 25;
/// No record is longer.
pub const MAX_RECORD: usize = 3
    + 8
    + 256
    + 3 * 256
    + MAX_METHOD
    + MAX_PATH
    + 2 * MAX_HEADER
    + CONTRACTS_BYTES
    + MAX_COUNTERS * COUNTED_BYTES
    + ENDING_BYTES;

/// The most bytes of a row's contracts: how many there are, how many are kept, and those.
const CONTRACTS_BYTES: usize = 4 + 1 + MAX_CONTRACTS * 20;

pub(super) const ENDING_BYTES: usize = 57;
/// Longest name of an API or a network kept, in bytes.
pub(super) const MAX_NAME: usize = 128;

pub(super) const INTENT: u8 = 1;
pub(super) const WHOLE: u8 = 2;
pub(super) const OUTCOME: u8 = 3;

/// A record as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A call that was charged and then forwarded; its row is open.
    Intent(Row),
    /// A row that is closed from its beginning: a denied call, or several, or what was counted and cost nothing.
    Whole(Row),
    /// How a call ended.
    Outcome {
        /// The sequence number of its intent in the same journal.
        intent: u64,
        /// Where the charge was taken, when some of it is given back: the intent may be gone by the time this is read.
        counted: Vec<Counted>,
        /// Its end.
        ending: Ending,
    },
}

/// Encodes an intent into `buffer`, whose content is lost. `overage` is what of the charge was beyond a quota: for each metric
/// all of it, or nothing.
pub fn encode_intent(
    buffer: &mut Vec<u8>,
    call: &CallRecord<'_>,
    time: Timestamp,
    (charge, overage): (Charge, Charge),
    counted: impl Iterator<Item = Counted>,
) {
    buffer.clear();
    buffer.extend_from_slice(&[FORM, INTENT]);
    write::row(buffer, call, time, charge, overage);
    write::counted(buffer, counted);
}

/// Encodes a denial that stands for one call into `buffer`, whose content is lost.
pub fn encode_denied(buffer: &mut Vec<u8>, call: &CallRecord<'_>, time: Timestamp, denied: &Denied) {
    encode_whole(buffer, call, time, &denied.ending(), 1);
}

/// Encodes a row that is whole, standing for `count` calls, into `buffer`, whose content is lost.
pub fn encode_whole(buffer: &mut Vec<u8>, call: &CallRecord<'_>, time: Timestamp, ending: &Ending, count: u64) {
    buffer.clear();
    buffer.extend_from_slice(&[FORM, WHOLE]);
    buffer.extend_from_slice(&count.to_le_bytes());
    write::row(buffer, call, time, Charge::NOTHING, Charge::NOTHING);
    write::ending(buffer, ending);
}

/// Makes an encoded denial stand for `count` calls.
pub(super) fn set_count(denied: &mut [u8], count: u64) {
    denied[2..10].copy_from_slice(&count.to_le_bytes());
}

/// Encodes the outcome of the call whose intent is record `intent` into `buffer`, whose content is lost. `counted` is written
/// when something is refunded.
pub fn encode_outcome(buffer: &mut Vec<u8>, intent: u64, ending: &Ending, counted: impl Iterator<Item = Counted>) {
    buffer.clear();
    buffer.extend_from_slice(&[FORM, OUTCOME]);
    buffer.extend_from_slice(&intent.to_le_bytes());
    write::ending(buffer, ending);
    let refunded = ending.refund != Charge::NOTHING;
    write::counted(buffer, counted.filter(|_| refunded));
}

/// Reads the record that stands at `place`.
///
/// Errors: the bytes are of a form that this version does not know, or no record.
pub fn decode(place: Place, payload: &[u8]) -> Result<Record, CodecError> {
    read::record(place, payload)
}

#[cfg(test)]
mod tests;
