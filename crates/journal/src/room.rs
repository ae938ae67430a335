//! Is there room, so that everything promised still fits? Pure arithmetic, no files.
//!
//! An intent reserves room for its outcome. Outcomes come later, in any order, in any size up to what was reserved, and
//! a record never spans segments, so the end of a segment may be wasted. The promise is kept by a condition that is
//! checked before each append that is not itself reserved:
//!
//! ```text
//! reserved ≤ free     or     reserved ≤ sure(free) + (ready − 1) × sure(fresh) + fresh     where ready > 0
//! sure(bytes) = max(0, bytes − (widest − 8))
//! ```
//! `free` is what the current segment has left, `fresh` what a segment not yet begun offers, `ready` how many of those
//! are allocated (one that the disk may still refuse does not count), `reserved` the sum of reservations, `widest` the
//! largest.
//!
//! Why it suffices: take the first reserved record that finds no place. All reserved records up to and with it add up
//! to no more than `reserved`. Each segment left behind was left because a record of at most `widest` did not fit, so
//! it holds at least `sure` of its bytes in them; the last one could not take this record, so with it they are more
//! than that segment's room. Together that is more than the right side: a contradiction. Segments delivered later and
//! reservations given back only help.

use crate::frame::ALIGN;

/// Where the next record goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Into the current segment.
    Here,
    /// Into the next ready segment; what is left of the current one is wasted.
    Next,
}

/// The account of bytes. All sizes are framed sizes, multiples of 8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    /// Bytes left for records in the current segment.
    pub(crate) free: usize,
    /// Bytes for records in a segment not yet begun.
    pub(crate) fresh: usize,
    /// Segments allocated and not yet begun.
    pub(crate) ready: usize,
    /// Σ of outstanding reservations.
    pub(crate) reserved: usize,
    /// The largest reservation since none was outstanding.
    widest: usize,
}

impl Room {
    pub(crate) fn new(fresh: usize) -> Room {
        Room { free: fresh, fresh, ready: 0, reserved: 0, widest: 0 }
    }

    /// Where a record of `bytes` goes that also reserves `reserve` (0 for none); `None` when it would break a promise.
    pub(crate) fn place(&self, bytes: usize, reserve: usize) -> Option<Place> {
        let widest = self.widest.max(reserve);
        let promised = self.reserved + reserve;
        let (place, free, ready) = if bytes <= self.free {
            (Place::Here, self.free - bytes, self.ready)
        } else {
            (Place::Next, self.fresh.checked_sub(bytes)?, self.ready.checked_sub(1)?)
        };
        // The first comparison decides nearly always.
        let kept = promised <= free
            || (ready > 0 && promised <= sure(free, widest) + (ready - 1) * sure(self.fresh, widest) + self.fresh);
        kept.then_some(place)
    }

    /// Where a reserved record goes. `None` only for a reservation that was not made here.
    pub(crate) fn place_reserved(&self, bytes: usize) -> Option<Place> {
        if bytes <= self.free {
            Some(Place::Here)
        } else {
            (self.ready > 0 && bytes <= self.fresh).then_some(Place::Next)
        }
    }

    /// Books a record at the place found for it, and the reservation it makes.
    pub(crate) fn take(&mut self, place: Place, bytes: usize, reserve: usize) {
        if place == Place::Next {
            self.free = self.fresh;
            self.ready -= 1;
        }
        self.free -= bytes;
        self.reserved += reserve;
        self.widest = self.widest.max(reserve);
    }

    /// Ends a reservation.
    pub(crate) fn release(&mut self, reserve: usize) {
        self.reserved = self.reserved.saturating_sub(reserve);
        if self.reserved == 0 {
            self.widest = 0;
        }
    }
}

/// Bytes of `free` that reserved records fill for sure, whatever their order and sizes.
fn sure(free: usize, widest: usize) -> usize {
    free.saturating_sub(widest.saturating_sub(ALIGN))
}

#[cfg(test)]
mod tests;
