//! Blocks on disk and pages in memory, taken before they are needed, so that neither a full disk nor a page fault meets
//! the writer.

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;

use memmap2::{Advice, MmapRaw};

/// Smallest memory page on the machines we build for; touching one byte per this many reaches every page.
const PAGE: usize = 4096;

/// Gives the file its length in real blocks. A sparse file would meet a full disk as a SIGBUS in the writer.
///
/// # Errors
/// `ENOSPC`, `EDQUOT`, `EFBIG` and the like, as the system names them.
pub(crate) fn reserve_blocks(file: &File, bytes: usize) -> io::Result<()> {
    loop {
        match allocate_without_signal(file, bytes) {
            0 => return Ok(()),
            libc::EINTR => continue,
            errno => return Err(io::Error::from_raw_os_error(errno)),
        }
    }
}

/// Brings every page of a new segment into memory, writable.
pub(crate) fn fault_in(map: &MmapRaw) -> io::Result<()> {
    match map.advise(Advice::PopulateWrite) {
        // Kernels before 5.14 do not know the advice.
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => {
            touch_each_page(map);
            Ok(())
        }
        answer => answer,
    }
}

fn touch_each_page(map: &MmapRaw) {
    for offset in (0..map.len()).step_by(PAGE) {
        // SAFETY: inside the map, and nobody else knows the file yet.
        unsafe { map.as_mut_ptr().add(offset).write_volatile(0) };
    }
}

/// `posix_fallocate`; beyond the process's file size limit it also raises SIGXFSZ, whose default is to kill. The error
/// number says enough, so the signal is held back on this thread for the length of the call and taken off the queue.
fn allocate_without_signal(file: &File, bytes: usize) -> libc::c_int {
    let mut signal = MaybeUninit::<libc::sigset_t>::uninit();
    let mut before = MaybeUninit::<libc::sigset_t>::uninit();
    let at_once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: both sets are initialised by the calls that fill them before they are read; the file is open for the
    // whole call.
    unsafe {
        libc::sigemptyset(signal.as_mut_ptr());
        libc::sigaddset(signal.as_mut_ptr(), libc::SIGXFSZ);
        libc::pthread_sigmask(libc::SIG_BLOCK, signal.as_ptr(), before.as_mut_ptr());
        let errno = libc::posix_fallocate(file.as_raw_fd(), 0, bytes as libc::off_t);
        if errno == libc::EFBIG {
            libc::sigtimedwait(signal.as_ptr(), std::ptr::null_mut(), &at_once);
        }
        libc::pthread_sigmask(libc::SIG_SETMASK, before.as_ptr(), std::ptr::null_mut());
        errno
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    #[test]
    fn blocks_are_really_there_and_both_ways_of_faulting_leave_zeros() {
        let file = tempfile::tempfile().expect("a file for the test");
        let bytes = 256 * 1024;
        reserve_blocks(&file, bytes).expect("there is room");
        let metadata = file.metadata().expect("it is open");
        assert_eq!(metadata.len(), bytes as u64);
        assert!(metadata.blocks() * 512 >= bytes as u64, "sparse: {} blocks", metadata.blocks());

        let map = memmap2::MmapOptions::new().len(bytes).map_raw(&file).expect("it is mapped");
        fault_in(&map).expect("it is faulted in");
        touch_each_page(&map);
        // SAFETY: the map lives, and only this test knows the file.
        let content = unsafe { std::slice::from_raw_parts(map.as_ptr(), bytes) };
        assert!(content.iter().all(|&byte| byte == 0));
    }

    #[test]
    fn an_impossible_length_is_an_error_not_a_signal() {
        let file = tempfile::tempfile().expect("a file for the test");
        assert!(reserve_blocks(&file, isize::MAX as usize).is_err());
    }
}
