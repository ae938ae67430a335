//! What the control page of a journal holds: how far the store is, and the cut that is on its way.
//!
//! Seven numbers of 64 bits, little endian: version, through, seen, and the cut (lo, hi, seen_before, seen) or zeros.

use super::join::{Cut, Progress};

/// The state of shipping one journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Page {
    /// What the store has.
    pub progress: Progress,
    /// What was being sent when the page was written.
    pub cut: Option<Cut>,
}

/// Why a page cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the control page of the journal was not written by this version of Keyward")]
pub struct Unreadable;

const VERSION: u64 = 1;
const NUMBERS: usize = 7;

impl Page {
    /// The bytes to write.
    pub fn to_bytes(self) -> [u8; NUMBERS * 8] {
        let cut = self.cut.unwrap_or(Cut { lo: 0, hi: 0, seen_before: 0, seen: 0 });
        let numbers = [VERSION, self.progress.through, self.progress.seen, cut.lo, cut.hi, cut.seen_before, cut.seen];
        let mut bytes = [0; NUMBERS * 8];
        for (place, number) in bytes.chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// Reads what was written; an empty page is the beginning.
    pub fn from_bytes(bytes: &[u8]) -> Result<Page, Unreadable> {
        if bytes.is_empty() {
            return Ok(Page::default());
        }
        if bytes.len() != NUMBERS * 8 {
            return Err(Unreadable);
        }
        let mut numbers = [0u64; NUMBERS];
        for (number, place) in numbers.iter_mut().zip(bytes.chunks_exact(8)) {
            *number = u64::from_le_bytes(place.try_into().map_err(|_| Unreadable)?);
        }
        let [version, through, seen, lo, hi, seen_before, cut_seen] = numbers;
        if version != VERSION {
            return Err(Unreadable);
        }
        let cut = (lo != 0).then_some(Cut { lo, hi, seen_before, seen: cut_seen });
        Ok(Page { progress: Progress { through, seen }, cut })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_come_back() {
        let cut = Cut { lo: 8, hi: 9, seen_before: 7, seen: 11 };
        for page in [
            Page::default(),
            Page { progress: Progress { through: 7, seen: u64::MAX }, cut: None },
            Page { progress: Progress { through: 7, seen: 7 }, cut: Some(cut) },
        ] {
            assert_eq!(Page::from_bytes(&page.to_bytes()), Ok(page));
        }
        assert_eq!(Page::from_bytes(&[]), Ok(Page::default()));
        for bytes in [&[0u8; 56][..], &[1], &[1; 55], &[1; 64]] {
            assert_eq!(Page::from_bytes(bytes), Err(Unreadable));
        }
    }
}
