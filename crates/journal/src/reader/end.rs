//! Is this really the end? A word lost in the middle looks like one; what stands behind it tells.

use super::{Reader, Tail};
use crate::frame::{self, RECORD_HEADER};
use crate::segment;
use crate::segment::view::{Start, View};
use crate::{JournalError, ReadError};

impl Reader {
    /// Accepts `tail` as the end of a sealed ring, unless something valid follows.
    pub(super) fn examine(&mut self, tail: Tail) -> Result<(), ReadError> {
        if self.examined != Some(tail) {
            if let Some(found) = self.record_behind() {
                return Err(self.corrupt(Some(found)));
            }
            if let Some(found) = self.segment_behind()? {
                return Err(self.corrupt(Some(found)));
            }
            self.examined = Some(tail);
        }
        Ok(())
    }

    /// The error for what stands at the reader's place.
    pub(super) fn corrupt(&self, found: Option<u64>) -> ReadError {
        ReadError::Corrupt {
            segment: self.view.number,
            offset: self.offset,
            expected: self.next_seq,
            found,
            flushed: self.view.flushed(),
        }
    }

    /// The first sound record of this segment behind the reader's place.
    ///
    /// Payloads are the caller's and may look like records, but their checksum would have to know the ring's random id.
    /// The bound on sequence numbers keeps look-alikes from costing a checksum each.
    fn record_behind(&self) -> Option<u64> {
        let limit = self.view.end_limit();
        let plausible = self.next_seq..self.next_seq + (limit / RECORD_HEADER) as u64;
        let mut offset = self.offset + frame::ALIGN;
        while offset + RECORD_HEADER <= limit {
            let is_record = matches!(frame::parse(self.view.word(offset)), frame::Word::Record { .. });
            if is_record
                && plausible.contains(&self.view.word(offset + 8))
                && let Some((seq, _)) = self.view.record(offset, &self.seeded)
            {
                return Some(seq);
            }
            offset += frame::ALIGN;
        }
        None
    }

    /// Where the next segment that was begun begins; there is none behind a real end.
    fn segment_behind(&self) -> Result<Option<u64>, ReadError> {
        let folder = &self.ring.shared.folder;
        let numbers = segment::numbers(folder).map_err(JournalError::io("list", folder))?;
        for number in numbers.into_iter().filter(|&number| number > self.view.number) {
            let Some(view) = View::open(folder, &self.ring.id(), number)? else { continue };
            match view.start(&self.seeded) {
                Start::Unused => {}
                Start::At(first) => return Ok(Some(first)),
                Start::Damaged => return Err(super::start_damaged(&self.ring, number).into()),
            }
        }
        Ok(None)
    }
}
