//! The allocator. Rows, headers and buffers are made on one thread and dropped on another; the system's allocator is slow at that.
//!
//! mimalloc aligns what it gives to 16 bytes, or to 8 where less than 16 are asked for. So nearly all that Rust asks for needs no
//! word about alignment, and its way without one is the shorter: a call of a gateway thread spends 4 % less outside the kernel.

use std::alloc::{GlobalAlloc, Layout};

use libmimalloc_sys::{
    mi_collect, mi_free, mi_malloc, mi_malloc_aligned, mi_realloc, mi_realloc_aligned, mi_zalloc, mi_zalloc_aligned,
};

/// mimalloc.
pub struct Allocator;

/// Gives memory that nothing is in back to the system. Takes a while: after a phase that needed much more than what follows.
pub fn give_back() {
    // SAFETY: it touches only memory of the allocator's own.
    unsafe { mi_collect(true) }
}

/// Whether mimalloc aligns so without being told.
fn is_usual(layout: Layout) -> bool {
    layout.align() <= 8 || (layout.align() <= 16 && layout.size() >= 16)
}

// SAFETY: mimalloc gives memory of at least the size asked for, aligned as `is_usual` says or as it is told, keeps the content on
// `realloc`, and takes back by `mi_free` what any of these functions gave.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: any size may be asked for.
        unsafe {
            match is_usual(layout) {
                true => mi_malloc(layout.size()).cast(),
                false => mi_malloc_aligned(layout.size(), layout.align()).cast(),
            }
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: any size may be asked for.
        unsafe {
            match is_usual(layout) {
                true => mi_zalloc(layout.size()).cast(),
                false => mi_zalloc_aligned(layout.size(), layout.align()).cast(),
            }
        }
    }

    unsafe fn dealloc(&self, memory: *mut u8, _: Layout) {
        // SAFETY: it came from here, says the caller.
        unsafe { mi_free(memory.cast()) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let after = Layout::from_size_align(size, layout.align());
        // SAFETY: it came from here, says the caller.
        unsafe {
            match after.is_ok_and(is_usual) {
                true => mi_realloc(memory.cast(), size).cast(),
                false => mi_realloc_aligned(memory.cast(), size, layout.align()).cast(),
            }
        }
    }
}
