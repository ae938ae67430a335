//! The names of the objects that are open, kept to refuse a name that comes twice.
//!
//! Cost: an object of up to [`LINEAR`] members compares each name with those before it (a call has four, a transaction
//! about six). Beyond that its names are sorted once when it closes: n log n, whatever the names are, so no choice of
//! names makes it slow, and no hash has to be seeded.

use super::text::Text;
use crate::fault::{Ambiguity, Fault};

/// Up to here comparing beats sorting.
const LINEAR: usize = 8;

/// Names open at once in nearly every call: room made beforehand.
const USUAL: usize = 16;

pub(super) struct Names<'a> {
    seen: Vec<Text<'a>>,
    max: usize,
}

impl<'a> Names<'a> {
    /// Room for `max` names; 0 for a reader that keeps none.
    pub fn new(max: usize) -> Self {
        Names { seen: Vec::with_capacity(max.min(USUAL)), max }
    }

    /// Where the names of an object that opens now will begin.
    pub fn mark(&self) -> usize {
        self.seen.len()
    }

    /// Adds a name to the object that began at `mark`.
    #[inline]
    pub fn add(&mut self, mark: usize, name: Text<'a>) -> Result<(), Fault<'a>> {
        if self.seen.len() == self.max {
            return Err(Fault::TooManyMembers { at: name.at, max: self.max });
        }
        let others = &self.seen[mark..];
        if others.len() < LINEAR && others.iter().any(|other| other.same(&name)) {
            return Err(Fault::Ambiguous { why: Ambiguity::DuplicateMember, at: name.at });
        }
        self.seen.push(name);
        Ok(())
    }

    /// Forgets the names of the object that began at `mark`; fails with the offset of the first repeated name.
    pub fn leave(&mut self, mark: usize) -> Result<(), usize> {
        if self.seen.len() - mark > LINEAR
            && let Some(at) = first_repeated(&self.seen[mark..])
        {
            return Err(at);
        }
        self.seen.truncate(mark);
        Ok(())
    }
}

fn first_repeated(names: &[Text<'_>]) -> Option<usize> {
    let mut sorted: Vec<_> = names.iter().map(|name| (name.decoded(), name.at)).collect();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1).min()
}
