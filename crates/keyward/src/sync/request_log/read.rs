//! From a record's bytes to what it says for the log.

use domain::request_log::Place;
use gateway::record::codec::{self, CodecError, Record};

use super::join::Said;

/// A record that this version cannot read.
#[derive(Debug, thiserror::Error)]
#[error("record {} of journal {} is of another version of Keyward: {source}", place.seq, place.ring)]
pub struct UnknownRecord {
    place: Place,
    source: CodecError,
}

/// Reads the record at `place`.
///
/// Errors: it is of a form that this version does not know.
pub fn said(place: Place, payload: &[u8]) -> Result<Said, UnknownRecord> {
    match codec::decode(place, payload) {
        Ok(Record::Intent(row)) => Ok(Said::Intent(Box::new(row))),
        Ok(Record::Whole(row)) => Ok(Said::Whole(Box::new(row))),
        Ok(Record::Outcome { intent, counted, ending }) => {
            Ok(Said::Outcome { intent, counted, ending: Box::new(ending) })
        }
        Err(source) => Err(UnknownRecord { place, source }),
    }
}
