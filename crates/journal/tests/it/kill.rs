//! `kill -9` at random moments: nothing acknowledged is lost, nothing is torn, and a control page is never a mix.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::io::Read;
use std::thread;
use std::time::Duration;

use journal::{Durability, Tail};

use crate::scene::{self, read_as_numbered, ring_id, rounds};
use crate::victim::{self, Victim};

/// Lets a victim live for a while after its first acknowledgement, kills it, and returns the last number it
/// acknowledged.
fn live_and_die(mut child: Victim) -> u64 {
    let mut pipe = child.acknowledgements();
    let (started, first) = std::sync::mpsc::channel();
    let listener = thread::spawn(move || {
        let (mut last, mut word) = (None, [0; 8]);
        while pipe.read_exact(&mut word).is_ok() {
            let number = u64::from_le_bytes(word);
            let expected = last.map_or(number, |last: u64| last + 1);
            assert_eq!(number, expected, "the victim said: {:?}", said(&word, &mut pipe));
            last = Some(number);
            let _ = started.send(());
        }
        last
    });
    first.recv_timeout(scene::PATIENCE).expect("the victim acknowledges");
    let while_it_lives = RandomState::new().hash_one("how long") % 40_000;
    thread::sleep(Duration::from_micros(while_it_lives));
    child.kill();
    listener.join().expect("acknowledgements in order").expect("at least one")
}

/// A victim that panics writes text where numbers should be.
fn said(word: &[u8], pipe: &mut impl Read) -> String {
    let mut rest = word.to_vec();
    let _ = pipe.read_to_end(&mut rest);
    String::from_utf8_lossy(&rest).into_owned()
}

#[test]
fn nothing_acknowledged_is_lost_or_torn() {
    let folder = scene::folder();
    let rounds = rounds(30, 300, 2_000);
    let (mut total, mut recovered_beyond, mut freed) = (0, 0, 0);
    for epoch in 1..=rounds {
        let acknowledged = live_and_die(victim::start("append_for_ever", folder.path(), epoch));

        let dir = scene::lock(folder.path());
        let id = ring_id(epoch, 0);
        assert_eq!(dir.rings().expect("the folder can be listed"), [id]);
        let ring = dir.open(id).expect("the killed ring");
        let shipped = victim::read_cut(&ring.control().load());
        let mut reader = ring.reader().expect("the killed ring");
        assert!(reader.first_seq() <= shipped + 1, "freed more than was shipped ({shipped})");
        freed += reader.first_seq() - 1;
        read_as_numbered(&mut reader);
        let last_seq = reader.next_seq() - 1;
        assert!(last_seq >= acknowledged, "round {epoch}: {acknowledged} acknowledged, {last_seq} recovered");
        assert_eq!(reader.tail().expect("a sound end"), Tail::Clean { last_seq });
        ring.remove().expect("a settled ring");
        assert_eq!(dir.rings().expect("the folder can be listed"), []);
        total += acknowledged;
        recovered_beyond += last_seq - acknowledged;
    }
    println!("{rounds} kills: {total} acknowledged, 0 lost, 0 torn; {recovered_beyond} beyond, {freed} freed before");
}

#[test]
fn a_control_page_is_old_or_new_never_a_mix() {
    let folder = scene::folder();
    let rounds = rounds(15, 150, 1_000);
    let mut last = 0;
    for _ in 0..rounds {
        let acknowledged = live_and_die(victim::start("store_for_ever", folder.path(), 1));
        let dir = scene::lock(folder.path());
        let control = dir.control(Durability::Process).expect("the page survives");
        let found = victim::read_cut(&control.load());
        assert!(
            (acknowledged..=acknowledged + 1).contains(&found),
            "{acknowledged} was acknowledged, the page holds {found}"
        );
        last = found;
    }
    println!("{rounds} kills, {last} stores, 0 lost, 0 mixed");
}

#[test]
fn a_ring_is_there_whole_or_not_at_all() {
    let folder = scene::folder();
    for epoch in 1..=rounds(15, 150, 1_000) {
        let acknowledged = live_and_die(victim::start("create_and_remove_for_ever", folder.path(), epoch));
        let dir = scene::lock(folder.path());
        let found = dir.rings().expect("each ring found is whole");
        let kept = (0..=acknowledged as u16).filter(|ring| ring % 2 == 1).map(|ring| ring_id(epoch, ring));
        assert!(kept.clone().all(|id| found.contains(&id)), "a ring that was kept is lost");
        assert!(found.len() <= kept.count() + 1, "more rings than were created");
        for id in found {
            let ring = dir.open(id).expect("a whole ring");
            let mut reader = ring.reader().expect("a whole ring");
            assert!(matches!(reader.tail(), Ok(Tail::Clean { last_seq: 0 | 1 })));
            ring.remove().expect("a settled ring");
        }
        let left = std::fs::read_dir(folder.path().join("journal")).expect("it is there").count();
        assert_eq!(left, 0, "something half made was left");
    }
}
