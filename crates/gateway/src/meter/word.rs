//! The one word of a counter that threads fight over, so that a take is one compare-and-swap.
//!
//! ```text
//! 63      52 51        42 41                 0
//! ┌─────────┬────────────┬───────────────────┐
//! │ tag     │ tentative  │ balance           │
//! └─────────┴────────────┴───────────────────┘
//! ```
//! - **tag** changes with each lease that is put in, so that a unit of one window never lands in another.
//! - **tentative** counts takes that may yet be undone, because a later counter of the same call may have too little. While
//!   it is not 0, a small balance is no proof that nothing is left.
//! - **balance**: units in hand.

/// The most units a node holds of one counter: 4.4 × 10¹². Asks are cut to it.
pub(super) const MAX_IN_HAND: u64 = (1 << BALANCE_BITS) - 1;
/// The most takes that may be tentative on one counter at one time; one per thread, so far more than threads.
pub(super) const MAX_TENTATIVE: u64 = (1 << TENTATIVE_BITS) - 1;

const BALANCE_BITS: u32 = 42;
const TENTATIVE_BITS: u32 = 10;
const TAG_SHIFT: u32 = BALANCE_BITS + TENTATIVE_BITS;
const ONE_TENTATIVE: u64 = 1 << BALANCE_BITS;

/// Names the lease that a word is about; 12 bits, so it returns after 4,096 leases of one counter.
pub(super) type Tag = u16;

/// A word as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(pub(super) u64);

impl Word {
    pub(super) const fn tag(self) -> Tag {
        (self.0 >> TAG_SHIFT) as Tag
    }

    pub(super) const fn tentative(self) -> u64 {
        (self.0 >> BALANCE_BITS) & MAX_TENTATIVE
    }

    pub(super) const fn balance(self) -> u64 {
        self.0 & MAX_IN_HAND
    }

    /// Less `amount`; none when that is more than there is, or when too many takes are tentative already.
    pub(super) const fn less(self, amount: u64, tentatively: bool) -> Option<Word> {
        if self.balance() < amount || (tentatively && self.tentative() == MAX_TENTATIVE) {
            return None;
        }
        Some(Word(self.0 - amount + if tentatively { ONE_TENTATIVE } else { 0 }))
    }

    /// A tentative take is final.
    pub(super) const fn settled(self) -> Word {
        Word(self.0 - ONE_TENTATIVE)
    }

    /// More by `amount`, never beyond what a word holds.
    pub(super) const fn plus(self, amount: u64) -> Word {
        let room = MAX_IN_HAND - self.balance();
        Word(self.0 + if amount < room { amount } else { room })
    }

    /// The word of the next lease, with nothing in it.
    pub(super) const fn next_lease(self) -> Word {
        Word(((self.0 >> TAG_SHIFT) + 1) << TAG_SHIFT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_moves_without_touching_the_others() {
        let full = Word(0).next_lease().plus(u64::MAX);
        assert_eq!((full.tag(), full.tentative(), full.balance()), (1, 0, MAX_IN_HAND));

        let less = full.less(5, true).expect("enough is there");
        assert_eq!((less.tag(), less.tentative(), less.balance()), (1, 1, MAX_IN_HAND - 5));
        assert_eq!(less.settled().plus(5), full);
        assert_eq!(less.settled(), full.less(5, false).expect("enough is there"));

        assert_eq!(Word(0).less(1, false), None);
        assert_eq!(Word(0).less(0, false), Some(Word(0)));
        assert_eq!(full.less(MAX_IN_HAND + 1, false), None);
    }

    #[test]
    fn tags_go_round_and_tentative_takes_are_bounded() {
        let last = (0..4_095).fold(Word(0), |word, _| word.next_lease());
        assert_eq!(last.tag(), 4_095);
        assert_eq!(last.next_lease(), Word(0));

        let mut word = Word(0).plus(5_000);
        for _ in 0..MAX_TENTATIVE {
            word = word.less(1, true).expect("below the bound");
        }
        assert_eq!(word.less(1, true), None);
        assert_eq!((word.tag(), word.balance()), (0, 5_000 - MAX_TENTATIVE));
    }
}
