//! The index: nouns and values by their ids, for taking changes in. Only who changes something needs it, so it is behind a lock, and
//! built to be small: its tables hold nothing but pointers.

use std::{hash::BuildHasher, sync::Arc};

use domain::id::{AccountId, Id, KeyId, MemberId, Noun, ValueId};
use foldhash::fast::RandomState;
use hashbrown::{HashTable, hash_table::Entry as Place};

use super::{
    entry::Entry,
    noun::{AccountNode, KeyNode, KeyState, MemberNode, Node},
    shards::Pending,
};

#[derive(Default)]
pub(super) struct Index {
    hasher: RandomState,
    accounts: HashTable<Arc<AccountNode>>,
    members: HashTable<Arc<MemberNode>>,
    keys: HashTable<Arc<KeyNode>>,
    values: HashTable<Arc<Entry>>,
    removed_keys: usize,
    /// Changes to the shards that are not published yet.
    pub(super) pending: Pending,
}

impl Index {
    pub(super) fn account(&mut self, id: AccountId) -> Arc<AccountNode> {
        node(&mut self.accounts, &self.hasher, id)
    }

    pub(super) fn member(&mut self, id: MemberId) -> Arc<MemberNode> {
        node(&mut self.members, &self.hasher, id)
    }

    pub(super) fn key(&mut self, id: KeyId) -> Arc<KeyNode> {
        node(&mut self.keys, &self.hasher, id)
    }

    /// The state of a key from now on.
    pub(super) fn put_key(&mut self, id: KeyId, state: KeyState) {
        let Index { hasher, keys, .. } = self;
        match keys.entry(hasher.hash_one(id), |known| known.id == id, |known| hasher.hash_one(known.id)) {
            Place::Occupied(known) => known.get().set(Some(state)),
            Place::Vacant(vacant) => _ = vacant.insert(Arc::new(Node::known(id, state))),
        }
    }

    /// Remembers a value; returns the entry it replaces.
    pub(super) fn put_value(&mut self, entry: Arc<Entry>) -> Option<Arc<Entry>> {
        let Index { hasher, values, .. } = self;
        let id = entry.policy.id;
        let place =
            values.entry(hasher.hash_one(id), |known| known.policy.id == id, |known| hasher.hash_one(known.policy.id));
        match place {
            Place::Occupied(mut known) => Some(std::mem::replace(known.get_mut(), entry)),
            Place::Vacant(vacant) => {
                vacant.insert(entry);
                None
            }
        }
    }

    pub(super) fn value(&self, id: ValueId) -> Option<Arc<Entry>> {
        self.values.find(self.hasher.hash_one(id), |known| known.policy.id == id).cloned()
    }

    pub(super) fn remove_value(&mut self, id: ValueId) -> Option<Arc<Entry>> {
        let hash = self.hasher.hash_one(id);
        let known = self.values.find_entry(hash, |known| known.policy.id == id).ok()?;
        Some(known.remove().0)
    }

    /// The key is refused from now on. Its values stay until a sweep: to find them takes a look at all.
    pub(super) fn remove_key(&mut self, id: KeyId) {
        let key = self.key(id);
        if !key.is_gone() {
            self.removed_keys += 1;
        }
        key.set(None);
    }

    pub(super) fn removed_keys(&self) -> usize {
        self.removed_keys
    }

    /// Forgets the keys that are gone, with their values, and nouns that nothing leads to; returns the values. Members and
    /// accounts that are gone may come back, and their values with them, so those are kept.
    pub(super) fn sweep(&mut self) -> Vec<Arc<Entry>> {
        self.removed_keys = 0;
        let swept: Vec<_> = self.values.extract_if(|entry| entry.key.is_gone()).collect();
        self.keys.retain(|key| !key.is_gone());
        self.members.retain(|member| !member.is_gone() || Arc::strong_count(member) > 1);
        self.accounts.retain(|account| !account.is_gone() || Arc::strong_count(account) > 1);
        swept
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }
}

/// The noun with this id, known from now on.
fn node<N: Noun, S>(
    nodes: &mut HashTable<Arc<Node<Id<N>, S>>>,
    hasher: &RandomState,
    id: Id<N>,
) -> Arc<Node<Id<N>, S>> {
    let place = nodes.entry(hasher.hash_one(id), |known| known.id == id, |known| hasher.hash_one(known.id));
    Arc::clone(place.or_insert_with(|| Arc::new(Node::new(id))).get())
}
