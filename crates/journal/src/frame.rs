//! How a record lies in a segment. Pure arithmetic on words and lengths; who writes and who reads share it.
//!
//! ```text
//! record   word u64 = crc32 << 32 | 0xA5 << 24 | payload length     stored last, with release order
//!          sequence number u64
//!          payload, then zeros up to a multiple of 8
//! end      word u64 = crc32 << 32 | 0x5A << 24                       always fits; a started successor follows
//! nothing  word u64 = 0
//! ```
//! All numbers are little-endian. A record's crc covers sequence number and payload and starts from the ring's id; an
//! end's covers the last sequence number. A word that is none of the three is damage.

use crc32fast::Hasher;

/// Longest payload of one record, in bytes. Records never span segments, so this also bounds what a segment's end can
/// waste.
pub const MAX_PAYLOAD: usize = 64 * 1024;

/// Bytes before the payload: the word and the sequence number.
pub(crate) const RECORD_HEADER: usize = 16;
/// Bytes kept free at the end of each segment, so that an end word always fits.
pub(crate) const END_BYTES: usize = 8;
/// Every record starts on a multiple of this.
pub(crate) const ALIGN: usize = 8;

const RECORD_TAG: u64 = 0xA5 << 24;
const END_TAG: u64 = 0x5A << 24;
const TAG_MASK: u64 = 0xFF << 24;
const LENGTH_MASK: u64 = (1 << 24) - 1;

/// A word as found in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Word {
    Nothing,
    Record { length: usize, crc: u32 },
    End { crc: u32 },
    Damage,
}

/// Bytes that a payload of `length` takes in a segment.
pub(crate) const fn framed(length: usize) -> usize {
    (RECORD_HEADER + length).next_multiple_of(ALIGN)
}

/// The word of a record.
pub(crate) fn record_word(length: usize, crc: u32) -> u64 {
    (u64::from(crc) << 32) | RECORD_TAG | length as u64
}

/// The word that closes a segment whose last record is `last_seq`.
pub(crate) fn end_word(seeded: &Hasher, last_seq: u64) -> u64 {
    (u64::from(seq_crc(seeded, last_seq)) << 32) | END_TAG
}

/// Reads a word; lengths beyond [`MAX_PAYLOAD`] are damage.
pub(crate) fn parse(word: u64) -> Word {
    let crc = (word >> 32) as u32;
    let length = (word & LENGTH_MASK) as usize;
    match word & TAG_MASK {
        0 if word == 0 => Word::Nothing,
        RECORD_TAG if length <= MAX_PAYLOAD => Word::Record { length, crc },
        END_TAG if length == 0 => Word::End { crc },
        _ => Word::Damage,
    }
}

/// Checksum of what follows a record's word: sequence number and payload.
pub(crate) fn record_crc(seeded: &Hasher, seq: u64, payload: &[u8]) -> u32 {
    let mut hasher = seeded.clone();
    hasher.update(&seq.to_le_bytes());
    hasher.update(payload);
    hasher.finalize()
}

/// Checksum of a bare sequence number: of an end, or of a segment's start.
pub(crate) fn seq_crc(seeded: &Hasher, seq: u64) -> u32 {
    record_crc(seeded, seq, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back_and_everything_else_is_damage() {
        let seeded = Hasher::new();
        let end = end_word(&seeded, 7);
        let cases = [
            (0, Word::Nothing),
            (record_word(0, 0), Word::Record { length: 0, crc: 0 }),
            (record_word(MAX_PAYLOAD, u32::MAX), Word::Record { length: MAX_PAYLOAD, crc: u32::MAX }),
            (record_word(MAX_PAYLOAD + 1, 1), Word::Damage),
            (end, Word::End { crc: seq_crc(&seeded, 7) }),
            (end | 1, Word::Damage),
            (1, Word::Damage),
            (1 << 32, Word::Damage),
            (u64::MAX, Word::Damage),
        ];
        for (word, read) in cases {
            assert_eq!(parse(word), read, "{word:#x}");
        }
    }

    #[test]
    fn framing_keeps_records_aligned() {
        let cases = [(0, 16), (1, 24), (8, 24), (9, 32), (128, 144), (MAX_PAYLOAD, MAX_PAYLOAD + 16)];
        for (length, bytes) in cases {
            assert_eq!(framed(length), bytes, "{length}");
        }
    }
}
