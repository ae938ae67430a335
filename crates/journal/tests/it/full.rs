//! A full journal and a full disk: refused, never crashed; what was reserved still fits; both end by themselves.

use std::path::{Path, PathBuf};

use journal::{AppendError, DataDir, Full, JournalError, MIN_SEGMENT_BYTES, Reservation, Writer};

use crate::scene::{self, new_ring, patiently, ring_id, small, wait_for};
use crate::victim;

const INTENT: [u8; 200] = [1; 200];
const OUTCOME_BYTES: usize = 300;

/// Admits calls until the ring takes no more; returns why and what is outstanding.
fn fill_with_intents(writer: &mut Writer) -> (Full, Vec<Reservation>) {
    let mut outstanding = Vec::new();
    loop {
        match patiently(|| writer.append_reserving(&INTENT, OUTCOME_BYTES)) {
            Ok((_, reservation)) => outstanding.push(reservation),
            Err(AppendError::Full(why)) => return (why, outstanding),
            Err(error) => panic!("{error}"),
        }
    }
}

/// Plain records fill what is not reserved, and only that.
fn fill_the_rest(writer: &mut Writer) -> Full {
    loop {
        match patiently(|| writer.append(&[3; 10])) {
            Ok(_) => {}
            Err(AppendError::Full(why)) => return why,
            Err(error) => panic!("{error}"),
        }
    }
}

fn write_outcomes(writer: &mut Writer, outstanding: Vec<Reservation>) {
    for (number, reservation) in outstanding.into_iter().enumerate() {
        let outcome = vec![2; OUTCOME_BYTES - number % 3];
        writer.append_reserved(&outcome, reservation).expect("a reserved outcome always fits");
    }
}

fn assert_gapless(writer: &Writer) {
    let mut reader = writer.ring().reader().expect("a sound ring");
    while reader.next_record().expect("a sound ring").is_some() {}
    assert_eq!(reader.next_seq() - 1, writer.last_seq());
}

#[test]
fn a_full_journal_refuses_keeps_room_for_outcomes_and_goes_on_once_freed() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(4));
    assert!(writer.fill() < 0.01, "{}", writer.fill());
    let (why, outstanding) = fill_with_intents(&mut writer);
    assert_eq!(why, Full::Capacity);
    // Framed, an intent and its outcome take 216 + 320 bytes; at most a segment's end or two is wasted.
    let possible = 4 * MIN_SEGMENT_BYTES / (216 + 320);
    assert!(outstanding.len() > possible - 8, "{} of {possible}", outstanding.len());
    assert_eq!(fill_the_rest(&mut writer), Full::Capacity);
    assert!(writer.fill() > 0.98, "{}", writer.fill());
    write_outcomes(&mut writer, outstanding);
    assert_gapless(&writer);

    let before = writer.last_seq();
    assert_eq!(writer.ring().free_through(before).expect("it can be freed"), 3);
    let seq = wait_for("room", || writer.append(&INTENT).ok());
    assert_eq!(seq, before + 1);
    assert!(writer.fill() < 0.5, "{}", writer.fill());
}

#[test]
fn a_released_reservation_and_the_unused_part_of_one_give_their_room_back() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(2));
    let (_, mut outstanding) = fill_with_intents(&mut writer);
    assert_eq!(fill_the_rest(&mut writer), Full::Capacity);

    writer.release(outstanding.pop().expect("many are outstanding"));
    assert!(writer.append(&[3; 10]).is_ok(), "the room of a released reservation");
    assert_eq!(fill_the_rest(&mut writer), Full::Capacity);

    writer.append_reserved(&[], outstanding.pop().expect("many are outstanding")).expect("it is reserved");
    assert!(writer.append(&[3; 10]).is_ok(), "the unused part of a reservation");
    write_outcomes(&mut writer, outstanding);
}

#[test]
fn lengths_over_their_limits_are_named_and_a_reservation_comes_back() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, small(4));
    let long = vec![0; journal::MAX_PAYLOAD + 1];
    let over = AppendError::TooLong { length: 65_537, limit: 65_536 };
    assert_eq!(writer.append(&long), Err(over));
    assert_eq!(writer.append_reserving(&long, 0).expect_err("too long"), over);
    assert_eq!(writer.append_reserving(&[], long.len()).expect_err("too long"), over);
    assert_eq!(writer.append(&long[1..]), Ok(1), "the longest there is");

    let (_, reservation) = writer.append_reserving(&[], 10).expect("there is room");
    let refused = writer.append_reserved(&[0; 11], reservation).expect_err("over its reservation");
    assert_eq!(refused.to_string(), "a payload of 11 bytes is over its limit of 10 (a record holds at most 65536)");
    assert_eq!(refused.reservation.payload_bytes(), 10);
    assert_eq!(writer.append_reserved(&[0; 10], refused.reservation), Ok(3));
}

/// On a real file system of one mebibyte, when this machine lets us mount one.
#[test]
fn a_full_disk_refuses_keeps_room_for_outcomes_and_goes_on_when_there_is_space() {
    let folder = scene::folder();
    let disk = match SmallDisk::mount(folder.path().join("disk"), 1024 * 1024) {
        Ok(disk) => disk,
        Err(error) => {
            eprintln!(
                "SKIPPED: no small file system could be mounted ({error}): needs root. The size limit test still runs"
            );
            return;
        }
    };
    let dir = scene::lock(disk.0.join("data"));
    let mut writer = Writer::create(&dir, ring_id(1, 0), &small(100)).expect("a new ring");
    let (why, outstanding) = fill_with_intents(&mut writer);
    assert_eq!(why, Full::Disk(libc::ENOSPC));
    assert!(AppendError::Full(why).to_string().contains("No space left"), "{why}");
    fill_the_rest(&mut writer);
    assert!(writer.fill() > 0.95, "what is allocated is all there is: {}", writer.fill());
    let error = Writer::create(&dir, ring_id(1, 1), &small(2)).expect_err("no space for another ring");
    assert!(matches!(error, JournalError::Io { .. }), "{error}");
    assert_eq!(dir.rings().expect("the half-made ring does not show").len(), 1);
    write_outcomes(&mut writer, outstanding);
    assert_gapless(&writer);

    let before = writer.last_seq();
    assert!(writer.ring().free_through(before).expect("it can be freed") > 3);
    assert_eq!(wait_for("space", || writer.append(&INTENT).ok()), before + 1);
}

/// A tmpfs of the test's own, unmounted when dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf, bytes: usize) -> std::io::Result<SmallDisk> {
        std::fs::create_dir(&at)?;
        let size = std::ffi::CString::new(format!("size={bytes}"))?;
        let target = path_for_c(&at);
        // SAFETY: all strings are C strings that outlive the call.
        let answer =
            unsafe { libc::mount(c"none".as_ptr(), target.as_ptr(), c"tmpfs".as_ptr(), 0, size.as_ptr().cast()) };
        if answer == 0 { Ok(SmallDisk(at)) } else { Err(std::io::Error::last_os_error()) }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let target = path_for_c(&self.0);
        // SAFETY: the string is a C string that outlives the call.
        unsafe { libc::umount2(target.as_ptr(), libc::MNT_DETACH) };
    }
}

fn path_for_c(path: &Path) -> std::ffi::CString {
    std::ffi::CString::new(path.to_str().expect("a plain path")).expect("no zero in it")
}

/// The same without root: a limit on file sizes refuses what a full disk would.
#[test]
fn a_file_size_limit_refuses_like_a_full_disk_and_kills_nobody() {
    let folder = scene::folder();
    let (status, said) = victim::start("outlive_a_file_size_limit", folder.path(), 1).outlive();
    let text = String::from_utf8_lossy(&said);
    assert!(status.success(), "{status}: {text}");
    assert_eq!(said, 1u64.to_le_bytes(), "it came to its end: {text}");
}

/// Runs in a child: the limit holds for a whole process.
pub fn outlive_a_file_size_limit(dir: &DataDir, epoch: u32) {
    let mut writer = Writer::create(dir, ring_id(epoch, 0), &small(100)).expect("a new ring");
    let before = set_file_size_limit(MIN_SEGMENT_BYTES as u64 - 1);
    let (why, outstanding) = fill_with_intents(&mut writer);
    assert_eq!(why, Full::Disk(libc::EFBIG));
    let error = Writer::create(dir, ring_id(epoch, 1), &small(2)).expect_err("over the limit");
    assert!(matches!(error, JournalError::Io { .. }), "{error}");
    write_outcomes(&mut writer, outstanding);
    assert_gapless(&writer);
    fill_the_rest(&mut writer);

    set_file_size_limit(before);
    let last = writer.last_seq();
    assert_eq!(wait_for("space", || writer.append(&INTENT).ok()), last + 1);
}

/// Sets the soft limit and returns the former one.
fn set_file_size_limit(bytes: u64) -> u64 {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the struct is valid for both calls.
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit), 0);
        let before = limit.rlim_cur;
        limit.rlim_cur = bytes;
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
        before
    }
}
