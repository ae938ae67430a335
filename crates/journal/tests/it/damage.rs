//! Damaged files: a wrong record is never given out, nothing panics, and a lost middle is never taken for a clean end.

use std::fs;
use std::path::{Path, PathBuf};

use journal::{JournalError, ReadError, Tail};
use proptest::prelude::*;

use crate::scene::{self, new_ring, patiently, payload, ring_id, rounds, small};

const RECORDS: u64 = 1_500;
const FIRST_RECORD: usize = 128;

/// A finished ring of some three segments, and where each record stands.
struct Finished {
    folder: tempfile::TempDir,
    places: Vec<(u64, usize)>,
}

/// How reading went: what was given out is checked on the way.
#[derive(Debug)]
struct Outcome {
    records: u64,
    end: Result<Tail, ReadError>,
}

impl Finished {
    fn new() -> Finished {
        let folder = scene::folder();
        let (_dir, mut writer) = new_ring(&folder, small(8));
        let (mut segment, mut offset, mut places) = (1, FIRST_RECORD, Vec::new());
        for seq in 1..=RECORDS {
            let payload = payload(seq);
            patiently(|| writer.append(&payload)).expect("there is room");
            let bytes = (16 + payload.len()).next_multiple_of(8);
            if offset + bytes + 8 > journal::MIN_SEGMENT_BYTES {
                (segment, offset) = (segment + 1, FIRST_RECORD);
            }
            places.push((segment, offset));
            offset += bytes;
        }
        assert!(segment >= 3);
        Finished { folder, places }
    }

    fn segment(&self, number: u64) -> PathBuf {
        self.folder.path().join(format!("journal/1-0/{number:010}.segment"))
    }

    fn place(&self, seq: u64) -> (u64, usize) {
        self.places[seq as usize - 1]
    }

    /// Reads the ring while `change` is made to the bytes of `file`, then puts them back.
    fn read_with(&self, file: &Path, change: impl FnOnce(&mut Vec<u8>)) -> Outcome {
        let sound = fs::read(file).expect("it is read");
        let mut bytes = sound.clone();
        change(&mut bytes);
        fs::write(file, bytes).expect("it is written");
        let outcome = self.read();
        fs::write(file, sound).expect("it is written");
        outcome
    }

    fn read(&self) -> Outcome {
        let dir = scene::lock(self.folder.path());
        let mut records = 0;
        let mut read = || {
            let mut reader = dir.open(ring_id(1, 0))?.reader()?;
            while let Some(record) = reader.next_record()? {
                records += 1;
                assert_eq!(record.seq, records);
                assert_eq!(record.payload, payload(records), "a wrong record was given out");
            }
            reader.tail()
        };
        let end = read();
        Outcome { records, end }
    }

    fn read_with_word(&self, (segment, offset): (u64, usize), word: u64) -> Outcome {
        self.read_with(&self.segment(segment), |bytes| bytes[offset..offset + 8].copy_from_slice(&word.to_le_bytes()))
    }
}

#[test]
fn a_sound_ring_is_read_whole() {
    let Outcome { records, end } = Finished::new().read();
    assert_eq!(records, RECORDS);
    assert_eq!(end.expect("a sound ring"), Tail::Clean { last_seq: RECORDS });
}

#[test]
fn a_word_lost_or_damaged_in_the_middle_is_corruption_not_an_end() {
    let ring = Finished::new();
    let last_of_first = ring.places.iter().filter(|place| place.0 == 1).count() as u64;
    let cases =
        [(1, "first"), (700, "middle"), (last_of_first, "segment's last"), (last_of_first + 1, "segment's first")];
    for (seq, which) in cases {
        for word in [0, 1, u64::MAX, 0x5a << 24, 0xa500_0000, 0xa501_0000] {
            let (segment, offset) = ring.place(seq);
            let Outcome { records, end } = ring.read_with_word((segment, offset), word);
            assert_eq!(records, seq - 1, "{which} {word:#x}");
            let Err(ReadError::Corrupt { segment: in_segment, offset: at, expected, found, flushed }) = end else {
                panic!("{which} {word:#x}: {end:?}")
            };
            assert_eq!((in_segment, at, expected, flushed), (segment, offset, seq, 0), "{which} {word:#x}");
            assert_eq!(found, Some(seq + 1), "{which} {word:#x}");
        }
    }
}

#[test]
fn a_lost_end_of_segment_is_corruption() {
    let ring = Finished::new();
    let last_of_first = ring.places.iter().filter(|place| place.0 == 1).count() as u64;
    let (segment, offset) = ring.place(last_of_first);
    let end = offset + (16 + payload(last_of_first).len()).next_multiple_of(8);
    for word in [0, 7] {
        let Outcome { records, end } = ring.read_with_word((segment, end), word);
        assert_eq!(records, last_of_first);
        assert!(matches!(end, Err(ReadError::Corrupt { found: Some(seq), .. }) if seq == last_of_first + 1), "{end:?}");
    }
}

#[test]
fn only_the_newest_record_may_be_torn() {
    let ring = Finished::new();
    let (segment, offset) = ring.place(RECORDS);
    let Outcome { records, end } = ring.read_with(&ring.segment(segment), |bytes| bytes[offset + 8] ^= 1);
    assert_eq!(records, RECORDS - 1);
    assert_eq!(end.expect("a torn end is no error"), Tail::Torn { last_seq: RECORDS - 1, segment, offset });
    // Without its word it was never committed.
    let Outcome { records, end } = ring.read_with_word((segment, offset), 0);
    assert_eq!(records, RECORDS - 1);
    assert_eq!(end.expect("an uncommitted record is no error"), Tail::Clean { last_seq: RECORDS - 1 });
}

#[test]
fn a_sound_record_out_of_order_is_corruption() {
    let ring = Finished::new();
    let (segment, offset) = ring.place(50);
    let (_, next) = ring.place(51);
    let Outcome { records, end } = ring.read_with(&ring.segment(segment), |bytes| {
        // Record 51 takes the place of record 50.
        let bytes_of_next = bytes[next..next + 16 + payload(51).len()].to_vec();
        bytes[offset..offset + bytes_of_next.len()].copy_from_slice(&bytes_of_next);
    });
    assert_eq!(records, 49);
    assert!(matches!(end, Err(ReadError::Corrupt { expected: 50, found: Some(51), .. })), "{end:?}");
}

#[test]
fn a_missing_swapped_short_or_long_segment_is_named() {
    let ring = Finished::new();
    let aside = ring.folder.path().join("aside");
    fs::rename(ring.segment(2), &aside).expect("it can be renamed");
    let end = ring.read().end;
    assert!(matches!(end, Err(ReadError::MissingSegment { segment: 2, .. })), "{end:?}");
    fs::copy(ring.segment(1), ring.segment(2)).expect("it can be copied");
    let end = ring.read().end;
    let wrong = |end| matches!(end, Err(ReadError::Journal(JournalError::Damaged { .. })));
    assert!(wrong(end), "segment 1 under the name of segment 2");
    fs::rename(&aside, ring.segment(2)).expect("it can be renamed");
    for length in [0, 7, 128, journal::MIN_SEGMENT_BYTES - 8, 2 * journal::MIN_SEGMENT_BYTES] {
        let Outcome { end, .. } = ring.read_with(&ring.segment(2), |bytes| bytes.resize(length, 0));
        assert!(wrong(end), "{length} bytes");
    }
    ring.read().end.expect("all is put back");
}

#[test]
fn no_flipped_byte_yields_a_wrong_record_or_a_clean_end_too_soon() {
    let ring = Finished::new();
    let files: Vec<PathBuf> =
        (1..=3).map(|number| ring.segment(number)).chain([ring.folder.path().join("journal/1-0/control")]).collect();
    let cases = ProptestConfig::with_cases(rounds(150, 2_000, 20_000));
    let sweep = (0..files.len(), prop_oneof![0..256usize, 0..journal::MIN_SEGMENT_BYTES], 1..=255u8, 1..=40usize);
    proptest!(cases, |((file, at, flip, run) in sweep)| {
        let Outcome { records, end } = ring.read_with(&files[file], |bytes| {
            let at = at % bytes.len();
            // A run of one is a flipped byte; a longer one a smear, as from a bad sector.
            bytes.iter_mut().skip(at).take(run).for_each(|byte| *byte ^= flip);
        });
        if let Ok(Tail::Clean { last_seq }) = end {
            prop_assert_eq!((last_seq, records), (RECORDS, RECORDS));
        }
    });
}
