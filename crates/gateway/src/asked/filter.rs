//! Filters: ids that an upstream answered to calls which lists of contracts had let pass. A filter tells logs of the contracts it was
//! made for, so its id is good only while the lists are those under which it was made.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, Weak},
};

use domain::{
    allowlist::{Allowed, Layers},
    id::ValueId,
    name::{ApiName, NetworkName},
};
use rpc::{answer::LOOK_LIMIT, contract::MAX_FILTER_ID};

use super::Asked;

/// The most filters that are remembered of a value; one more forgets the oldest. Nodes forget theirs after five minutes without a call.
pub const FILTERS_PER_VALUE: usize = 64;
/// The most values whose filters are remembered; one more forgets all those of another.
pub const VALUES_WITH_FILTERS: usize = 4_096;

/// The methods whose answers are ids of filters.
const MAKERS: [&str; 3] = ["eth_newFilter", "eth_newBlockFilter", "eth_newPendingTransactionFilter"];

/// Filters that may be asked for, of all values. Only keys with lists of contracts come here.
#[derive(Default)]
pub(crate) struct Filters(Mutex<HashMap<ValueId, VecDeque<Filter>>>);

/// Who makes or asks for a filter, and under which lists.
pub(crate) struct Maker<'a> {
    value: ValueId,
    api: &'a ApiName,
    network: Option<&'a NetworkName>,
    key: Weak<Allowed>,
    account: Weak<Allowed>,
}

struct Filter {
    id: Box<str>,
    api: ApiName,
    network: Option<NetworkName>,
    /// As they were compiled then: another edit, or the end of an entry, makes others.
    key: Weak<Allowed>,
    account: Weak<Allowed>,
}

/// Whether a method's answer is the id of a filter.
pub(crate) fn makes_filter(method: &str) -> bool {
    MAKERS.contains(&method)
}

impl Filters {
    /// Whether a filter was made by this value under these lists.
    pub fn knows(&self, maker: &Maker<'_>, id: &str) -> bool {
        let all = self.0.lock().expect("nothing panics while it holds this lock");
        all.get(&maker.value)
            .is_some_and(|filters| filters.iter().any(|filter| *filter.id == *id && filter.is_of(maker)))
    }

    fn remember(&self, maker: Maker<'_>, id: &str) {
        let mut all = self.0.lock().expect("nothing panics while it holds this lock");
        if all.len() >= VALUES_WITH_FILTERS && !all.contains_key(&maker.value) {
            let other = all.keys().next().copied();
            other.map(|other| all.remove(&other));
        }
        let filters = all.entry(maker.value).or_default();
        // A node may give an id again.
        filters.retain(|filter| *filter.id != *id || !filter.is_of(&maker));
        if filters.len() >= FILTERS_PER_VALUE {
            filters.pop_front();
        }
        let Maker { api, network, key, account, .. } = maker;
        filters.push_back(Filter { id: id.into(), api: api.clone(), network: network.cloned(), key, account });
    }
}

impl Filter {
    fn is_of(&self, maker: &Maker<'_>) -> bool {
        self.api == *maker.api
            && self.network.as_ref() == maker.network
            && Weak::ptr_eq(&self.key, &maker.key)
            && Weak::ptr_eq(&self.account, &maker.account)
    }
}

impl Asked<'_> {
    /// Who asks, under these lists.
    pub(super) fn maker(&self, lists: &Layers) -> Maker<'_> {
        let weak = |layer: &Option<Arc<Allowed>>| layer.as_ref().map_or_else(Weak::new, Arc::downgrade);
        Maker {
            value: self.caller.value,
            api: &self.api.api.name,
            network: self.network.and_then(|network| network.name.as_ref()),
            key: weak(&lists.key),
            account: weak(&lists.account),
        }
    }

    /// Whether the id that this method answers is to be remembered.
    pub fn keeps_filter(&self, method: &str) -> bool {
        makes_filter(method) && self.lists.borrow().have_contracts()
    }

    /// Remembers the filter that an answer names; one that is longer than ids are is not.
    pub fn remember_filter(&self, answer: &[u8]) {
        if answer.len() > LOOK_LIMIT {
            return;
        }
        let Ok(answer) = serde_json::from_slice::<serde_json::Value>(answer) else { return };
        if let Some(id) = answer["result"].as_str().filter(|id| id.len() <= MAX_FILTER_ID) {
            self.gate.shared.filters.remember(self.maker(&self.lists.borrow()), id);
        }
    }
}
