//! Random histories against the simplest model there is: a list of payloads.

use std::collections::BTreeMap;

use journal::{AppendError, DataDir, Full, JournalError, Reader, Reservation, RingId, Tail, Writer};
use proptest::prelude::*;

use crate::scene::{self, patiently, ring_id, rounds, small, wait_for};

#[derive(Clone, Debug)]
enum Step {
    Append { length: usize },
    Reserve { length: usize, later: usize },
    Outcome { which: usize, part: f64 },
    Release { which: usize },
    Follow { records: usize },
    Seek { part: f64 },
    Free { part: f64 },
    Store { byte: u8 },
    Restart,
    RemoveOldest,
}

fn length() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 0..300usize, 4 => 0..8_000usize, 1 => 0..=journal::MAX_PAYLOAD]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        30 => length().prop_map(|length| Step::Append { length }),
        30 => (length(), length()).prop_map(|(length, later)| Step::Reserve { length, later }),
        20 => (any::<usize>(), 0.0..=1.0).prop_map(|(which, part)| Step::Outcome { which, part }),
        4 => any::<usize>().prop_map(|which| Step::Release { which }),
        10 => (0..50usize).prop_map(|records| Step::Follow { records }),
        4 => (0.0..=1.0).prop_map(|part| Step::Seek { part }),
        6 => (0.0..=1.1).prop_map(|part| Step::Free { part }),
        3 => any::<u8>().prop_map(|byte| Step::Store { byte }),
        2 => Just(Step::Restart),
        1 => Just(Step::RemoveOldest),
    ]
}

/// What a ring should hold.
#[derive(Default)]
struct Expected {
    payloads: Vec<Vec<u8>>,
    /// Everything above must still be there.
    freed_through: u64,
    control: Vec<u8>,
}

struct World {
    folder: tempfile::TempDir,
    rings: BTreeMap<RingId, Expected>,
    live: Option<Live>,
}

struct Live {
    dir: DataDir,
    id: RingId,
    writer: Writer,
    follower: Reader,
    outstanding: Vec<(usize, Reservation)>,
}

impl World {
    fn new() -> World {
        let mut world = World { folder: scene::folder(), rings: BTreeMap::new(), live: None };
        world.restart();
        world
    }

    /// Drops everything, checks what is found, and opens the next epoch.
    fn restart(&mut self) {
        self.live = None;
        let dir = scene::lock(self.folder.path());
        assert_eq!(dir.rings().expect("a sound folder"), self.rings.keys().copied().collect::<Vec<_>>());
        for (&id, expected) in &self.rings {
            let ring = dir.open(id).expect("a sound ring");
            assert_eq!(ring.control().load(), expected.control);
            let mut reader = ring.reader().expect("a sound ring");
            assert!(reader.first_seq() <= expected.freed_through + 1, "freed more than was asked for");
            check(&mut reader, expected, usize::MAX);
            let last_seq = expected.payloads.len() as u64;
            assert_eq!(reader.tail().expect("a sound end"), Tail::Clean { last_seq });
        }
        let epoch = self.rings.keys().last().map_or(1, |id| id.epoch + 1);
        let id = ring_id(epoch, 0);
        let writer = Writer::create(&dir, id, &small(4)).expect("a new ring");
        let follower = writer.ring().reader().expect("a live ring");
        self.rings.insert(id, Expected::default());
        self.live = Some(Live { dir, id, writer, follower, outstanding: Vec::new() });
    }

    fn take(&mut self, step: Step) {
        let Some(live) = &mut self.live else { panic!("there is always a live ring") };
        let Some(expected) = self.rings.get_mut(&live.id) else { panic!("the live ring is known") };
        match step {
            Step::Append { length } => live.append(expected, length),
            Step::Reserve { length, later } => live.reserve(expected, length, later),
            Step::Outcome { which, part } if !live.outstanding.is_empty() => {
                let (later, reservation) = live.outstanding.swap_remove(which % live.outstanding.len());
                let outcome = content(expected, (later as f64 * part) as usize);
                let seq = live.writer.append_reserved(&outcome, reservation).expect("a reserved outcome always fits");
                expected.push(seq, outcome);
            }
            Step::Release { which } if !live.outstanding.is_empty() => {
                let (_, reservation) = live.outstanding.swap_remove(which % live.outstanding.len());
                live.writer.release(reservation);
            }
            Step::Outcome { .. } | Step::Release { .. } => {}
            Step::Follow { records } => check(&mut live.follower, expected, records),
            Step::Seek { part } => {
                let first = live.writer.ring().reader().expect("a live ring").first_seq();
                let newest = expected.payloads.len() as u64 + 1;
                live.follower.seek(first + ((newest - first) as f64 * part) as u64).expect("it is kept");
            }
            Step::Free { part } => {
                // As shipping does: never beyond what was read.
                let seq = ((live.follower.next_seq() - 1) as f64 * part.min(1.0)) as u64;
                live.writer.ring().free_through(seq).expect("it can be freed");
                expected.freed_through = expected.freed_through.max(seq);
            }
            Step::Store { byte } => {
                expected.control = vec![byte; usize::from(byte) * 4];
                live.writer.ring().control().store(&expected.control).expect("the page can be stored");
            }
            Step::Restart => self.restart(),
            Step::RemoveOldest => self.remove_oldest(),
        }
    }

    fn remove_oldest(&mut self) {
        let Some(live) = &self.live else { panic!("there is always a live ring") };
        let Some((&id, _)) = self.rings.first_key_value() else { panic!("the live ring is known") };
        let removed = live.dir.open(id).expect("a sound ring").remove();
        if id == live.id {
            assert!(matches!(removed, Err(JournalError::RingLive { .. })));
        } else {
            removed.expect("it has no writer");
            self.rings.remove(&id);
        }
    }
}

impl Live {
    fn append(&mut self, expected: &mut Expected, length: usize) {
        let payload = content(expected, length);
        match patiently(|| self.writer.append(&payload)) {
            Ok(seq) => expected.push(seq, payload),
            Err(refused) => self.make_room(expected, refused),
        }
    }

    fn reserve(&mut self, expected: &mut Expected, length: usize, later: usize) {
        let payload = content(expected, length);
        match patiently(|| self.writer.append_reserving(&payload, later)) {
            Ok((seq, reservation)) => {
                expected.push(seq, payload);
                self.outstanding.push((later, reservation));
            }
            Err(refused) => self.make_room(expected, refused),
        }
    }

    /// The ring is full: all that is promised still fits, and once it is read and freed there is room again.
    fn make_room(&mut self, expected: &mut Expected, refused: AppendError) {
        assert_eq!(refused, AppendError::Full(Full::Capacity));
        for (later, reservation) in self.outstanding.drain(..) {
            let outcome = content(expected, later);
            let seq = self.writer.append_reserved(&outcome, reservation).expect("a reserved outcome always fits");
            expected.push(seq, outcome);
        }
        check(&mut self.follower, expected, usize::MAX);
        let all = expected.payloads.len() as u64;
        self.writer.ring().free_through(all).expect("it can be freed");
        expected.freed_through = all;
        let payload = content(expected, journal::MAX_PAYLOAD);
        let seq = wait_for("room", || self.writer.append(&payload).ok());
        expected.push(seq, payload);
    }
}

impl Expected {
    fn push(&mut self, seq: u64, payload: Vec<u8>) {
        self.payloads.push(payload);
        assert_eq!(seq, self.payloads.len() as u64, "sequence numbers are gapless");
    }
}

/// A payload that no other record of the ring has.
fn content(expected: &Expected, length: usize) -> Vec<u8> {
    let number = expected.payloads.len() as u64;
    number.to_le_bytes().into_iter().cycle().take(length).collect()
}

/// Reads up to `most` records and compares each with the model.
fn check(reader: &mut Reader, expected: &Expected, most: usize) {
    for _ in 0..most {
        let seq = reader.next_seq();
        let found = reader.next_record().expect("a sound ring").map(|record| (record.seq, record.payload));
        let wanted = expected.payloads.get(seq as usize - 1).map(|payload| (seq, payload.as_slice()));
        assert!(found == wanted, "record {seq} differs");
        if found.is_none() {
            return;
        }
    }
}

#[test]
fn any_history_reads_back_as_it_was_written() {
    let cases = ProptestConfig::with_cases(rounds(24, 300, 3_000));
    proptest!(cases, |(steps in prop::collection::vec(step(), 1..250))| {
        let mut world = World::new();
        steps.into_iter().for_each(|step| world.take(step));
        world.restart();
    });
}
