//! Shards: values by hash. Each shard is a sorted list behind one pointer, 16 bytes a value; a change copies one list.
//!
//! Hashes are SHA-256, so they are spread evenly: where in the list a hash must be, its own bits tell almost exactly, and two
//! or three neighbours are looked at.

use std::{collections::HashMap, sync::Arc};

use arc_swap::ArcSwap;
use domain::key::value::Hash;
use foldhash::fast::RandomState;

use super::entry::Entry;

/// How many lists there are; 12 bits of the hash choose one.
pub(super) const SHARDS: usize = 1 << SHARD_BITS;
const SHARD_BITS: u32 = 12;

pub(super) struct Shards(Box<[ArcSwap<List>]>);

/// Entries by the first 64 bits of their hashes.
type List = Vec<(u64, Arc<Entry>)>;

/// Changes that wait to be published together, so that each list is copied once: by shard, in their order.
#[derive(Default)]
pub(super) struct Pending(HashMap<usize, Vec<Change>, RandomState>);

enum Change {
    Put(Arc<Entry>),
    Remove(Arc<Entry>),
}

impl Default for Shards {
    fn default() -> Self {
        // One empty list for all, until each gets its own.
        let empty = Arc::new(List::new());
        Shards((0..SHARDS).map(|_| ArcSwap::new(Arc::clone(&empty))).collect())
    }
}

impl Shards {
    #[inline]
    pub(super) fn find(&self, hash: &Hash) -> Option<Arc<Entry>> {
        let first = first_bits(hash);
        let list = self.0[shard_of(first)].load();
        let entries = list[lower_bound(&list, first)..].iter().take_while(|(bits, _)| *bits == first);
        entries.map(|(_, entry)| entry).find(|entry| same(&entry.policy.hash, hash)).cloned()
    }

    pub(super) fn put_later(&self, pending: &mut Pending, entry: Arc<Entry>) {
        pending.0.entry(shard_of(first_bits(&entry.policy.hash))).or_default().push(Change::Put(entry));
    }

    pub(super) fn remove_later(&self, pending: &mut Pending, entry: &Arc<Entry>) {
        let shard = shard_of(first_bits(&entry.policy.hash));
        pending.0.entry(shard).or_default().push(Change::Remove(Arc::clone(entry)));
    }

    /// Makes the changes seen.
    pub(super) fn publish(&self, pending: Pending) {
        for (shard, changes) in pending.0 {
            let before = self.0[shard].load();
            // At a start most lists are made here, and stay as long as they are made.
            let mut list = List::with_capacity(before.len() + changes.len());
            list.extend(before.iter().cloned());
            for change in changes {
                match change {
                    Change::Put(entry) => list.push((first_bits(&entry.policy.hash), entry)),
                    Change::Remove(entry) => list.retain(|(_, known)| !Arc::ptr_eq(known, &entry)),
                }
            }
            list.sort_unstable_by_key(|(bits, _)| *bits);
            list.shrink_to_fit();
            self.0[shard].store(Arc::new(list));
        }
    }
}

/// The place of the first entry that is not below `bits`.
#[inline]
fn lower_bound(list: &List, bits: u64) -> usize {
    // The bits below the shard's, as a fraction of the list.
    let fraction = bits << SHARD_BITS;
    let mut place = ((u128::from(fraction) * list.len() as u128) >> 64) as usize;
    while place > 0 && list[place - 1].0 >= bits {
        place -= 1;
    }
    while place < list.len() && list[place].0 < bits {
        place += 1;
    }
    place
}

fn first_bits(hash: &Hash) -> u64 {
    u64::from_be_bytes(*hash.0.first_chunk().expect("a hash has 32 bytes"))
}

fn shard_of(first_bits: u64) -> usize {
    (first_bits >> (u64::BITS - SHARD_BITS)) as usize
}

/// Compares all bytes, wherever the first difference is: the time taken tells nothing.
#[inline]
fn same(known: &Hash, presented: &Hash) -> bool {
    known.0.iter().zip(&presented.0).fold(0, |differences, (a, b)| differences | (a ^ b)) == 0
}
