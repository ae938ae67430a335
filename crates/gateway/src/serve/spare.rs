//! Spare: buffers that no connection of this thread needs now. A connection that waits for its next request holds none, and one
//! that has work seldom has to ask the allocator.

use std::cell::RefCell;

use bytes::BytesMut;

/// How large a buffer is; most requests and answers fit into one.
pub(super) const SIZE: usize = 2 * 1024;
/// Larger ones are not kept.
const MAX_SIZE: usize = 16 * 1024;
/// How many are kept.
const MAX_KEPT: usize = 64;

/// One thread's unused buffers.
#[derive(Default)]
pub(crate) struct Spare(RefCell<Vec<BytesMut>>);

impl Spare {
    /// An empty buffer with room for at least [`SIZE`].
    pub fn take(&self) -> BytesMut {
        self.0.borrow_mut().pop().unwrap_or_else(|| BytesMut::with_capacity(SIZE))
    }

    /// Gives a buffer back, whose content is lost.
    pub fn give(&self, mut buffer: BytesMut) {
        buffer.clear();
        let mut kept = self.0.borrow_mut();
        // Parts of it may still be in use, and then it is not ours to keep.
        if kept.len() < MAX_KEPT && buffer.try_reclaim(SIZE) && buffer.capacity() <= MAX_SIZE {
            kept.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    //! What is given is taken again, if it can be.

    use super::*;

    #[test]
    fn a_buffer_comes_back_empty_and_whole() {
        let spare = Spare::default();
        let mut buffer = spare.take();
        buffer.extend_from_slice(&[1; 100]);
        let place = buffer.as_ptr();
        bytes::Buf::advance(&mut buffer, 60);
        spare.give(buffer);
        let again = spare.take();
        assert!(again.is_empty() && again.capacity() >= SIZE && std::ptr::eq(again.as_ptr(), place));
    }

    #[test]
    fn what_is_in_use_or_too_large_is_not_kept() {
        let spare = Spare::default();
        let mut buffer = spare.take();
        buffer.extend_from_slice(&[1; 100]);
        let part = buffer.split_to(50).freeze();
        spare.give(buffer);
        spare.give(BytesMut::with_capacity(2 * MAX_SIZE));
        assert!(spare.0.borrow().is_empty());
        assert_eq!(part, vec![1; 50]);
    }

    #[test]
    fn not_more_are_kept_than_may_be() {
        let spare = Spare::default();
        (0..2 * MAX_KEPT).for_each(|_| spare.give(BytesMut::with_capacity(SIZE)));
        assert_eq!(spare.0.borrow().len(), MAX_KEPT);
    }
}
