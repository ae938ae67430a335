//! What the tests share: a folder, a ring, records whose bytes follow from their number.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use journal::{AppendError, DataDir, Full, JournalError, MIN_SEGMENT_BYTES, Reader, RingId, Settings, Writer};

/// Longest wait for something that should happen at once; reaching it fails the test.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How many rounds to run in this tier.
pub fn rounds(small: u32, full: u32, torture: u32) -> u32 {
    match std::env::var("KEYWARD_TIER").as_deref() {
        Ok("full") => full,
        Ok("torture") => torture,
        _ => small,
    }
}

pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for the test")
}

pub fn ring_id(epoch: u32, ring: u16) -> RingId {
    RingId { epoch, ring, uuid: [epoch as u8 ^ 0x5c; 16] }
}

/// The smallest segments there are, and few of them, so that a test soon meets their ends.
pub fn small(max_segments: usize) -> Settings {
    Settings { segment_bytes: MIN_SEGMENT_BYTES, max_segments, ..Settings::default() }
}

/// Locks a folder that nobody else uses. A child that another test is just starting shares all open files for the
/// moment between fork and exec, so the lock of a folder that was let go may outlive that by a moment.
pub fn lock(path: impl AsRef<Path>) -> DataDir {
    wait_for("the folder's lock", || match DataDir::lock(&path) {
        Err(JournalError::InUse { .. }) => None,
        locked => Some(locked.expect("the folder can be used")),
    })
}

/// A folder with one ring and its writer.
pub fn new_ring(folder: &tempfile::TempDir, settings: Settings) -> (DataDir, Writer) {
    let dir = lock(folder.path());
    let writer = Writer::create(&dir, ring_id(1, 0), &settings).expect("a new ring");
    (dir, writer)
}

/// The payload of record `seq`: length and bytes follow from the number.
pub fn payload(seq: u64) -> Vec<u8> {
    let mut state = seq;
    let length = (next(&mut state) % 400) as usize;
    (0..length).map(|_| next(&mut state) as u8).collect()
}

/// splitmix64: the next of a row of numbers.
pub fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Repeats an append while the next segment is being prepared.
pub fn patiently<T>(append: impl FnMut() -> Result<T, AppendError>) -> Result<T, AppendError> {
    repeat(append, &[Full::Preparing])
}

/// Repeats an append while another thread is still shipping, too.
pub fn while_others_ship<T>(append: impl FnMut() -> Result<T, AppendError>) -> Result<T, AppendError> {
    repeat(append, &[Full::Preparing, Full::Capacity])
}

fn repeat<T>(mut append: impl FnMut() -> Result<T, AppendError>, passing: &[Full]) -> Result<T, AppendError> {
    let mut stall = Stall::default();
    loop {
        match append() {
            Err(AppendError::Full(why)) if passing.contains(&why) => stall.wait(),
            answer => return answer,
        }
    }
}

/// Waiting for another thread's progress, within reason.
#[derive(Default)]
pub struct Stall {
    since: Option<Instant>,
}

impl Stall {
    pub fn wait(&mut self) {
        let since = *self.since.get_or_insert_with(Instant::now);
        assert!(since.elapsed() < PATIENCE, "waited in vain for another thread");
        thread::yield_now();
    }

    pub fn is_over(&mut self) {
        self.since = None;
    }
}

/// Waits until `answer` gives something.
pub fn wait_for<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Reads on to the end; each record must be the next, with the payload its number gives. Returns the number of records.
pub fn read_as_numbered(reader: &mut Reader) -> u64 {
    let mut count = 0;
    let mut expected = reader.next_seq();
    while let Some(record) = reader.next_record().expect("a sound ring") {
        assert_eq!(record.seq, expected);
        assert_eq!(record.payload, payload(expected), "record {expected}");
        expected += 1;
        count += 1;
    }
    count
}
