//! Power loss, simulated: the disk holds everything from before the last confirmed flush, and of what came later any
//! pages it likes.

use std::fs;
use std::path::{Path, PathBuf};

use journal::{Durability, ReadError, Settings, Tail, Writer};
use proptest::prelude::*;

use crate::scene::{self, patiently, payload, read_as_numbered, ring_id, rounds, small};

/// The unit that a disk writes whole.
const SECTOR: usize = 512;

/// All segments in a ring's folder, with their content. One that is still being prepared is none yet.
fn photograph(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("it can be listed") {
        let path = entry.expect("it can be listed").path();
        if path.extension().is_some_and(|ending| ending == "segment") {
            files.push((path.clone(), fs::read(&path).expect("it is read")));
        }
    }
    files
}

fn append_through(writer: &mut Writer, seq: u64) {
    while writer.last_seq() < seq {
        let next = payload(writer.last_seq() + 1);
        patiently(|| writer.append(&next)).expect("there is room");
    }
}

/// Of what was written after the flush, keeps a sector where `keep` says so.
fn lose(flushed: &[(PathBuf, Vec<u8>)], latest: &[(PathBuf, Vec<u8>)], mut keep: impl FnMut() -> bool) {
    for (path, new) in latest {
        // A segment made after the flush was synced before it was used.
        let old = flushed.iter().find(|(known, _)| known == path).map_or_else(|| unused(new), |(_, old)| old.clone());
        let sectors = new.chunks(SECTOR).zip(old.chunks(SECTOR));
        let mixed: Vec<u8> = sectors.flat_map(|(new, old)| if keep() { new } else { old }).copied().collect();
        fs::write(path, mixed).expect("it is written");
    }
}

/// A segment as it was when it was prepared: its identity, and zeros.
fn unused(segment: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; segment.len()];
    bytes[..48].copy_from_slice(&segment[..48]);
    bytes
}

#[test]
fn what_a_flush_confirmed_survives_and_nothing_wrong_is_given_out() {
    let cases = ProptestConfig::with_cases(rounds(24, 300, 3_000));
    proptest!(cases, |(early in 0..900u64, later in 1..900u64, kept in 0..=100u64, seed in any::<u64>())| {
        let folder = scene::folder();
        let ring_folder = folder.path().join("journal/1-0");
        let (confirmed, flushed, latest) = {
            let settings = Settings { durability: Durability::Host, ..small(8) };
            let (_dir, mut writer) = scene::new_ring(&folder, settings);
            let flusher = writer.flusher();
            append_through(&mut writer, early / 2);
            flusher.flush().expect("the disk is sound");
            append_through(&mut writer, early);
            let confirmed = flusher.flush().expect("the disk is sound");
            let flushed = photograph(&ring_folder);
            append_through(&mut writer, early + later);
            (confirmed, flushed, photograph(&ring_folder))
        };
        prop_assert_eq!(confirmed, early);
        let mut state = seed;
        lose(&flushed, &latest, || scene::next(&mut state) % 100 < kept);

        let dir = scene::lock(folder.path());
        let mut reader = dir.open(ring_id(1, 0)).expect("the ring").reader().expect("its first segment");
        let mut end = Ok(None);
        while end.is_ok() {
            end = reader.next_record().map(|record| record.map(|record| (record.seq, record.payload.to_vec())));
            match &end {
                Ok(Some((seq, bytes))) => prop_assert_eq!(bytes, &payload(*seq)),
                Ok(None) => break,
                Err(_) => {}
            }
        }
        let given_out = reader.next_seq() - 1;
        prop_assert!(given_out >= confirmed, "{} confirmed, {} recovered: {:?}", confirmed, given_out, end);
        match end {
            Ok(_) => {
                let (Tail::Clean { last_seq } | Tail::Torn { last_seq, .. }) = reader.tail().expect("as just found");
                prop_assert_eq!(last_seq, given_out);
            }
            Err(ReadError::Corrupt { expected, flushed, .. }) => prop_assert!(expected > flushed, "{expected} {flushed}"),
            Err(ReadError::Journal(_)) => {}
            Err(other) => prop_assert!(false, "{}", other),
        }
    });
}

#[test]
fn an_intact_photograph_reads_whole() {
    let folder = scene::folder();
    let photograph = {
        let (_dir, mut writer) = scene::new_ring(&folder, small(8));
        append_through(&mut writer, 1_200);
        photograph(&folder.path().join("journal/1-0"))
    };
    lose(&photograph, &photograph, || true);
    let dir = scene::lock(folder.path());
    let mut reader = dir.open(ring_id(1, 0)).expect("the ring").reader().expect("its first segment");
    assert_eq!(read_as_numbered(&mut reader), 1_200);
}
