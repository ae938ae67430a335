//! A reader that follows a live ring from another thread: every record, in order, once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use journal::{ReadError, Ring, Tail};

use crate::scene::{self, Stall, new_ring, patiently, payload, read_as_numbered, rounds, small, while_others_ship};

/// Reads a live ring from its first record to its last, and says after each look how far it came.
fn follow(ring: &Ring, total: u64, mut came_to: impl FnMut(u64)) {
    let mut reader = ring.reader().expect("a live ring");
    let mut stall = Stall::default();
    while reader.next_seq() <= total {
        match read_as_numbered(&mut reader) {
            0 => stall.wait(),
            _ => stall.is_over(),
        }
        came_to(reader.next_seq() - 1);
    }
}

#[test]
fn a_live_reader_sees_every_record_in_order_once() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(5));
    let ring = writer.ring().clone();
    let total = u64::from(rounds(60_000, 600_000, 6_000_000));
    let seen = AtomicU64::new(0);
    thread::scope(|scope| {
        // Two readers at once; one also frees what both have read.
        scope.spawn(|| {
            follow(&ring, total, |last| seen.store(last, Ordering::Release));
        });
        scope.spawn(|| {
            follow(&ring, total, |last| {
                let by_both = u64::min(seen.load(Ordering::Acquire), last);
                ring.free_through(by_both).expect("it can be freed");
            });
        });
        for seq in 1..=total {
            let payload = payload(seq);
            assert_eq!(while_others_ship(|| writer.append(&payload)), Ok(seq));
        }
    });
    assert_eq!(seen.load(Ordering::Relaxed), total);
    drop(writer);
    let mut reader = ring.reader().expect("a sealed ring");
    assert_eq!(reader.tail().expect("a sound end"), Tail::Clean { last_seq: total });
}

#[test]
fn a_reader_that_is_overtaken_says_so_and_can_go_on() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(8));
    let ring = writer.ring().clone();
    let mut reader = ring.reader().expect("a live ring");
    for seq in 1..=2_000 {
        assert_eq!(patiently(|| writer.append(&payload(seq))), Ok(seq));
    }
    assert!(ring.free_through(2_000).expect("it can be freed") >= 2);

    // What it has mapped it may still read.
    let overtaken = loop {
        match reader.next_record() {
            Ok(Some(record)) => assert_eq!(record.payload, payload(record.seq)),
            Ok(None) => panic!("it cannot reach the end over a gap"),
            Err(error) => break error,
        }
    };
    let ReadError::Freed { wanted, first } = overtaken else { panic!("{overtaken}") };
    assert_eq!(wanted, reader.next_seq());
    assert!(first > wanted);
    assert!(matches!(reader.seek(wanted), Err(ReadError::Freed { .. })));
    reader.seek(first).expect("the oldest kept");
    read_as_numbered(&mut reader);
    assert_eq!(reader.next_seq(), 2_001);
}

#[test]
fn seek_finds_any_record_kept_and_names_what_is_not() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(8));
    let mut reader = writer.ring().reader().expect("a live ring");
    assert!(matches!(reader.seek(0), Err(ReadError::Freed { wanted: 0, first: 1 })));
    reader.seek(1).expect("the next to be written");
    assert!(matches!(reader.seek(2), Err(ReadError::Beyond { wanted: 2, last: 0 })));
    let total = 2_000;
    for seq in 1..=total {
        assert_eq!(patiently(|| writer.append(&payload(seq))), Ok(seq));
    }
    for seq in (1..=total + 1).step_by(37).chain([1, total, total + 1]) {
        reader.seek(seq).expect("it is kept, or the next to be written");
        let found = reader.next_record().expect("a sound ring").map(|record| (record.seq, record.payload.to_vec()));
        assert_eq!(found, (seq <= total).then(|| (seq, payload(seq))));
    }
    assert!(matches!(reader.seek(total + 2), Err(ReadError::Beyond { last, .. }) if last == total));
}
