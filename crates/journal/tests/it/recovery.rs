//! One process per folder, and what a restart finds there.

use std::io::Read;

use journal::{DataDir, Durability, JournalError, ReadError, RingId, Settings, Tail, Writer};

use crate::scene::{self, new_ring, patiently, payload, read_as_numbered, ring_id, small};
use crate::victim;

#[test]
fn a_second_process_is_refused_and_told_who_holds_the_folder() {
    let folder = scene::folder();
    let mut holder = victim::start("hold_the_lock", folder.path(), 1);
    let mut acknowledgements = holder.acknowledgements();
    let mut word = [0; 8];
    acknowledgements.read_exact(&mut word).expect("the holder acknowledges");

    let error = DataDir::lock(folder.path()).expect_err("the folder is held");
    let JournalError::InUse { process, .. } = &error else { panic!("{error}") };
    assert_eq!(process.map(u64::from), Some(u64::from_le_bytes(word)));
    assert!(error.to_string().starts_with("another Keyward (process "), "{error}");

    holder.kill();
    scene::lock(folder.path());
}

#[test]
fn the_lock_is_held_as_long_as_anything_of_the_folder_is() {
    let folder = scene::folder();
    let (dir, writer) = new_ring(&folder, small(4));
    let ring = writer.ring().clone();
    drop(dir);
    let refused = || matches!(DataDir::lock(folder.path()), Err(JournalError::InUse { .. }));
    assert!(refused(), "a writer is left");
    drop(writer);
    assert!(refused(), "a handle is left");
    drop(ring);
    scene::lock(folder.path());
}

#[test]
fn rings_of_older_epochs_are_listed_read_shipped_and_removed() {
    let folder = scene::folder();
    let ids = [ring_id(1, 0), ring_id(1, 1), ring_id(2, 0), ring_id(10, 0)];
    for &id in &ids {
        let dir = scene::lock(folder.path());
        let mut writer = Writer::create(&dir, id, &small(8)).expect("a new ring");
        for seq in 1..=1_500 {
            patiently(|| writer.append(&payload(seq))).expect("there is room");
        }
        writer.ring().control().store(&id.uuid).expect("the page can be stored");
        let again = Writer::create(&dir, id, &small(8)).expect_err("it is there");
        assert!(matches!(again, JournalError::RingExists { id: named } if named == id));
        let live = dir.open(id).expect("the live ring's own handle");
        assert!(matches!(live.remove(), Err(JournalError::RingLive { .. })));
    }
    let dir = scene::lock(folder.path());
    assert_eq!(dir.rings().expect("the folder can be listed"), ids);
    let missing = dir.open(ring_id(3, 0)).expect_err("never created");
    assert!(matches!(missing, JournalError::RingMissing { .. }));
    for (done, &id) in ids.iter().enumerate() {
        let ring = dir.open(id).expect("a leftover ring");
        assert_eq!(ring.control().load(), id.uuid);
        ring.control().store(b"shipping goes on").expect("the page can be stored");
        assert!(ring.free_through(1_000).expect("it can be freed") >= 1);
        let mut reader = ring.reader().expect("a leftover ring");
        assert!((2..=1_001).contains(&reader.first_seq()));
        read_as_numbered(&mut reader);
        assert_eq!(reader.tail().expect("a sound end"), Tail::Clean { last_seq: 1_500 });
        assert!(ring.free_through(u64::MAX).expect("it can be freed") >= 1, "all but the newest");
        assert_eq!(dir.open(id).expect("the same ring").control().load(), b"shipping goes on");
        ring.remove().expect("a settled ring");
        assert_eq!(dir.rings().expect("the folder can be listed"), ids[done + 1..]);
    }
}

#[test]
fn a_fresh_ring_is_empty_and_settings_are_checked_first() {
    let folder = scene::folder();
    let (dir, writer) = new_ring(&folder, small(4));
    let mut reader = writer.ring().reader().expect("a live ring");
    assert_eq!(reader.next_record().expect("a sound ring"), None);
    assert_eq!((reader.first_seq(), reader.next_seq(), writer.last_seq()), (1, 1, 0));
    assert_eq!(writer.ring().control().load(), b"");
    let wrong = Settings { max_segments: 1, ..Settings::default() };
    let error = Writer::create(&dir, ring_id(2, 0), &wrong).expect_err("too few segments");
    assert!(error.to_string().starts_with("max_segments is 1"), "{error}");
    assert_eq!(dir.rings().expect("the folder can be listed"), [ring_id(1, 0)]);
}

#[test]
fn files_of_another_ring_are_recognised() {
    let folder = scene::folder();
    let other = RingId { uuid: [9; 16], ..ring_id(1, 0) };
    for (name, id) in [("ours", ring_id(1, 0)), ("theirs", other)] {
        let dir = scene::lock(folder.path().join(name));
        let mut writer = Writer::create(&dir, id, &small(4)).expect("a new ring");
        writer.append(b"one").expect("there is room");
    }
    let file = |name: &str, file: &str| folder.path().join(name).join("journal/1-0").join(file);
    let copy = |what: &str| std::fs::copy(file("theirs", what), file("ours", what)).expect("it can be copied");

    copy("0000000001.segment");
    let dir = scene::lock(folder.path().join("ours"));
    let error = dir.open(ring_id(1, 0)).expect("its control page is its own").reader().expect_err("not its segment");
    let ReadError::Journal(JournalError::Foreign { expected, found, .. }) = error else { panic!("{error}") };
    assert_eq!((expected, found), (ring_id(1, 0), other));

    copy("control");
    let error = dir.open(ring_id(1, 0)).expect_err("not its control page");
    assert!(matches!(error, JournalError::Foreign { .. }), "{error}");

    let ours = folder.path().join("ours/journal");
    std::fs::rename(ours.join("1-0"), ours.join("2-0")).expect("it can be renamed");
    let error = dir.rings().expect_err("its name is not its own");
    assert!(matches!(error, JournalError::Foreign { .. }), "{error}");
}

#[test]
fn the_node_page_keeps_what_was_stored_and_refuses_a_rings_page() {
    let folder = scene::folder();
    {
        let dir = scene::lock(folder.path());
        let control = dir.control(Durability::Host).expect("a new page");
        assert_eq!(control.load(), b"");
        control.store(b"highest grant").expect("the page can be stored");
        Writer::create(&dir, ring_id(1, 0), &small(2)).expect("a new ring");
    }
    {
        let dir = scene::lock(folder.path());
        let control = dir.control(Durability::Host).expect("the page");
        assert_eq!(control.load(), b"highest grant");
        control.store(b"higher").expect("the page can be stored");
        assert_eq!(dir.control(Durability::Host).expect("the same page").load(), b"higher");
    }
    let page = folder.path().join("control");
    std::fs::copy(folder.path().join("journal/1-0/control"), page).expect("it can be copied");
    let dir = scene::lock(folder.path());
    assert!(matches!(dir.control(Durability::Process), Err(JournalError::Damaged { .. })));
}
