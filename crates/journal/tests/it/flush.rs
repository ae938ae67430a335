//! Group flush: what it confirms has left memory for the disk.

use std::path::Path;
use std::thread;

use journal::{Durability, Settings, Writer};

use crate::scene::{self, new_ring, patiently, payload, ring_id, small};

/// Kilobytes of a file's mappings in this process that are dirty: not yet on the disk.
fn dirty_kilobytes(file: &Path) -> u64 {
    let name = file.to_str().expect("a plain path");
    let maps = std::fs::read_to_string("/proc/self/smaps").expect("it is readable");
    let mut ours = false;
    let mut dirty = 0;
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let first = words.next().unwrap_or_default();
        if !first.ends_with(':') {
            ours = line.ends_with(name);
        } else if ours && ["Private_Dirty:", "Shared_Dirty:"].contains(&first) {
            dirty += words.next().and_then(|figure| figure.parse::<u64>().ok()).unwrap_or_default();
        }
    }
    dirty
}

fn host() -> Settings {
    Settings { durability: Durability::Host, ..small(8) }
}

#[test]
fn a_flush_leaves_nothing_dirty_of_what_it_confirms() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, host());
    let file = |number: u64| folder.path().join(format!("journal/1-0/{number:010}.segment"));
    let flusher = writer.flusher();
    assert_eq!(flusher.flush().expect("the disk is sound"), 0);
    let mut through = 0;
    // Within one segment, then over several.
    for (total, segments) in [(100, 1..=1), (1_500, 1..=3)] {
        for seq in through + 1..=total {
            patiently(|| writer.append(&payload(seq))).expect("there is room");
        }
        through = total;
        let before: Vec<u64> = segments.clone().map(|number| dirty_kilobytes(&file(number))).collect();
        assert!(before.iter().all(|&dirty| dirty >= 16), "the records are dirty in memory: {before:?} kB");
        assert_eq!(flusher.flush().expect("the disk is sound"), total);
        let after: Vec<u64> = segments.map(|number| dirty_kilobytes(&file(number))).collect();
        if after == before {
            eprintln!(
                "SKIPPED: the test folder's file system has no disk behind it (tmpfs?): its pages are never clean"
            );
            return;
        }
        // One header page is dirty again: the flush noted there how far it came.
        assert!(after.iter().sum::<u64>() <= 4, "{before:?} kB were dirty, {after:?} kB are");
    }
}

#[test]
fn flushes_from_many_threads_confirm_everything_appended_before() {
    let folder = scene::folder();
    let dir = scene::lock(folder.path());
    let mut writer = Writer::create(&dir, ring_id(1, 0), &host()).expect("a new ring");
    let total = 1_500;
    let (tell, told) = std::sync::mpsc::channel::<u64>();
    let told = std::sync::Mutex::new(told);
    thread::scope(|scope| {
        for _ in 0..3 {
            let (flusher, told) = (writer.flusher(), &told);
            scope.spawn(move || {
                let mut durable = 0;
                loop {
                    let Ok(appended) = told.lock().expect("no thread panics with it").recv() else { break };
                    let confirmed = flusher.flush().expect("the disk is sound");
                    assert!(confirmed >= appended, "{appended} was appended, {confirmed} confirmed");
                    assert!(confirmed >= durable, "what is durable stays durable");
                    durable = confirmed;
                }
            });
        }
        for seq in 1..=total {
            patiently(|| writer.append(&payload(seq))).expect("there is room");
            if seq % 50 == 0 {
                tell.send(seq).expect("they listen");
            }
        }
        drop(tell);
    });
    let flusher = writer.flusher();
    assert_eq!(flusher.flush().expect("the disk is sound"), total);
    // Also behind freed segments, and with the writer gone.
    writer.ring().free_through(total).expect("it can be freed");
    patiently(|| writer.append(b"one more")).expect("there is room");
    drop(writer);
    assert_eq!(flusher.flush().expect("the disk is sound"), total + 1);
}
