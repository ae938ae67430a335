//! Child processes: this test binary, started again to run one of the ignored tests below, which are the victims'
//! lives.

use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use journal::{DataDir, Durability, Ring, Writer};

use crate::scene::{self, payload, ring_id, small, while_others_ship};

const FOLDER: &str = "KEYWARD_JOURNAL_VICTIM_FOLDER";
const EPOCH: &str = "KEYWARD_JOURNAL_VICTIM_EPOCH";

/// A child that does not outlive its test, also when the test fails.
pub struct Victim(Child);

/// Starts the victim called `life`; what it acknowledges comes through its standard error.
pub fn start(life: &str, folder: &Path, epoch: u32) -> Victim {
    let child = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--ignored", "--exact", &format!("victim::{life}"), "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(EPOCH, epoch.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("this program can be started again");
    Victim(child)
}

impl Victim {
    /// Where its acknowledgements come from; once.
    pub fn acknowledgements(&mut self) -> ChildStderr {
        self.0.stderr.take().expect("it is piped, and taken once")
    }

    /// Waits until it ends by itself; how it ended, and all it acknowledged or said.
    pub fn outlive(mut self) -> (ExitStatus, Vec<u8>) {
        let mut said = Vec::new();
        self.acknowledgements().read_to_end(&mut said).expect("it can be read");
        (self.0.wait().expect("the child is ours"), said)
    }

    /// Kills it with -9 and makes sure that it died of that.
    pub fn kill(mut self) {
        self.0.kill().expect("the child is ours");
        let status = self.0.wait().expect("the child is ours");
        assert_eq!(status.signal(), Some(libc::SIGKILL), "it ended by itself: {status}");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        // It is dead already unless the test failed; then there is nothing more to report.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The words of a control page that belong together: a page that mixes two stores shows.
pub fn cut(number: u64) -> Vec<u8> {
    (0..128u64).flat_map(|i| number.wrapping_mul(2 * i + 1).to_le_bytes()).collect()
}

/// The number of a cut, after checking that all its words belong together; 0 for a page never stored.
pub fn read_cut(page: &[u8]) -> u64 {
    let Some(first) = page.first_chunk() else { return 0 };
    let number = u64::from_le_bytes(*first);
    assert_eq!(page, cut(number), "a mix of two stores");
    number
}

/// The folder and epoch a victim was given; none when the test runner was told to run ignored tests.
fn orders() -> Option<(DataDir, u32)> {
    let folder = std::env::var_os(FOLDER)?;
    let epoch = std::env::var(EPOCH).ok()?.parse().ok()?;
    Some((scene::lock(folder), epoch))
}

fn acknowledge(number: u64) {
    std::io::stderr().write_all(&number.to_le_bytes()).expect("the parent listens");
}

/// Appends for ever and acknowledges each record, while another thread ships: reads, stores the cut, frees.
#[test]
#[ignore = "a victim's life, started by kill.rs"]
fn append_for_ever() {
    let Some((dir, epoch)) = orders() else { return };
    let mut writer = Writer::create(&dir, ring_id(epoch, 0), &small(6)).expect("a new ring");
    let ring = writer.ring().clone();
    thread::spawn(move || ship_for_ever(&ring));
    for seq in 1.. {
        let payload = payload(seq);
        assert_eq!(while_others_ship(|| writer.append(&payload)), Ok(seq));
        acknowledge(seq);
    }
}

fn ship_for_ever(ring: &Ring) {
    let mut reader = ring.reader().expect("a live ring");
    let mut taken = 0;
    loop {
        while let Some(record) = reader.next_record().expect("a live ring") {
            assert_eq!(record.payload, payload(record.seq));
            taken += 1;
            if taken % 300 == 0 {
                let seq = record.seq;
                ring.control().store(&cut(seq)).expect("the page can be stored");
                ring.free_through(seq).expect("segments can be freed");
            }
        }
        thread::yield_now();
    }
}

/// Stores cut after cut into the node's control page and acknowledges each.
#[test]
#[ignore = "a victim's life, started by kill.rs"]
fn store_for_ever() {
    let Some((dir, _)) = orders() else { return };
    let control = dir.control(Durability::Process).expect("the node's page");
    for number in read_cut(&control.load()) + 1.. {
        control.store(&cut(number)).expect("the page can be stored");
        acknowledge(number);
    }
}

/// Creates rings and removes them again, so that a kill may hit either half way.
#[test]
#[ignore = "a victim's life, started by kill.rs"]
fn create_and_remove_for_ever() {
    let Some((dir, epoch)) = orders() else { return };
    for ring in 0..=u16::MAX {
        let mut writer = Writer::create(&dir, ring_id(epoch, ring), &small(2)).expect("a new ring");
        writer.append(b"one").expect("a new ring has room");
        let handle = writer.ring().clone();
        drop(writer);
        if ring % 2 == 0 {
            handle.remove().expect("its writer is gone");
        }
        acknowledge(u64::from(ring));
    }
}

/// Holds the folder's lock until it is killed.
#[test]
#[ignore = "a victim's life, started by recovery.rs"]
fn hold_the_lock() {
    let Some((_dir, _)) = orders() else { return };
    loop {
        // Over and over: it fails, and ends, once nobody listens.
        acknowledge(u64::from(std::process::id()));
        thread::sleep(Duration::from_millis(50));
    }
}

/// Meets its own file size limit instead of a full disk, and recovers when the limit is lifted.
#[test]
#[ignore = "a victim's life, started by full.rs"]
fn outlive_a_file_size_limit() {
    let Some((dir, epoch)) = orders() else { return };
    crate::full::outlive_a_file_size_limit(&dir, epoch);
    acknowledge(1);
}

/// Appends where every system call but read, write and exit is death.
#[test]
#[ignore = "a victim's life, started by hot_path.rs"]
fn append_without_system_calls() {
    let Some((dir, epoch)) = orders() else { return };
    acknowledge(crate::hot_path::append_without_system_calls(&dir, epoch));
    std::process::exit(0);
}
