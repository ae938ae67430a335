//! What an append may not do: allocate, or call the system.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use journal::{DataDir, Settings, Writer};

use crate::scene::{self, new_ring, patiently, ring_id};
use crate::victim;

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: forwards to the system's allocator; counting touches only a constant-initialised thread-local cell.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.with(|calls| calls.set(calls.get() + 1));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        CALLS.with(|calls| calls.set(calls.get() + 1));
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(block, layout) }
    }
}

#[test]
fn an_append_allocates_nothing_also_across_segments() {
    let folder = scene::folder();
    let (_dir, mut writer) = new_ring(&folder, Settings { segment_bytes: 1 << 20, ..Settings::default() });
    let before = CALLS.with(Cell::get);
    for _ in 0..20_000 {
        let (_, reservation) = patiently(|| writer.append_reserving(&[1; 128], 64)).expect("there is room");
        writer.append_reserved(&[2; 64], reservation).expect("it is reserved");
        assert!(writer.fill() < 1.0);
    }
    assert_eq!(CALLS.with(Cell::get) - before, 0);
    let counted = Box::new(1);
    assert!(CALLS.with(Cell::get) > before, "the count counts: {counted}");
}

const APPENDS: u64 = 60_000;

/// The kernel is the judge: in its strict mode any system call but read, write and exit kills the thread.
#[test]
fn an_append_makes_no_system_call() {
    let folder = scene::folder();
    let (status, said) = victim::start("append_without_system_calls", folder.path(), 1).outlive();
    match said.as_slice().try_into().map(u64::from_le_bytes) {
        Ok(0) => eprintln!("SKIPPED: this kernel has no strict seccomp mode"),
        Ok(appended) => assert_eq!(appended, APPENDS),
        Err(_) => panic!("{status}: {}", String::from_utf8_lossy(&said)),
    }
}

/// Runs in a child. Returns how many appends were made, 0 when the kernel cannot judge.
pub fn append_without_system_calls(dir: &DataDir, epoch: u32) -> u64 {
    static DONE: AtomicBool = AtomicBool::new(false);
    static UNABLE: AtomicBool = AtomicBool::new(false);
    let mut writer = Writer::create(dir, ring_id(epoch, 0), &Settings::default()).expect("a new ring");
    thread::spawn(move || {
        // SAFETY: plain numbers.
        if unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_STRICT) } != 0 {
            UNABLE.store(true, Ordering::Release);
            return;
        }
        for seq in 0..APPENDS / 2 {
            let (_, reservation) = writer.append_reserving(&seq.to_le_bytes(), 128).expect("there is room");
            writer.append_reserved(&[7; 128], reservation).expect("it is reserved");
        }
        DONE.store(true, Ordering::Release);
        // SAFETY: ends this thread by the one call that may end it; nothing of it is used again.
        unsafe { libc::syscall(libc::SYS_exit, 0) };
    });
    let start = Instant::now();
    while !DONE.load(Ordering::Acquire) {
        if UNABLE.load(Ordering::Acquire) {
            return 0;
        }
        assert!(start.elapsed() < scene::PATIENCE, "the kernel killed the appending thread: it made a system call");
        thread::sleep(Duration::from_millis(5));
    }
    APPENDS
}
