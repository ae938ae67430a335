//! Allowlists as keys and accounts store them: a column of JSON for each.

use std::sync::Arc;

use domain::allowlist::{Allowlist, ListKinds, Lists};

use crate::StoreError;

/// One that is off and empty, as [`write`] has it and as the schema's default does: most are.
const OFF: [&str; 2] = [r#"{"mode":"off","entries":[]}"#, "{}"];

/// Whether it is off and has no entries.
pub(crate) fn is_off(list: &str) -> bool {
    OFF.contains(&list)
}

/// A list as it is stored.
pub(crate) fn write<E: serde::Serialize>(list: &Allowlist<E>) -> String {
    serde_json::to_string(list).expect("entries are text")
}

/// The lists of these columns: addresses, domains, methods, contracts.
pub(crate) fn read([addresses, domains, methods, contracts]: [&str; 4]) -> Result<Lists, StoreError> {
    Ok(Lists {
        addresses: one(addresses, "addresses")?,
        domains: one(domains, "domains")?,
        methods: one(methods, "methods")?,
        contracts: one(contracts, "contracts")?,
    })
}

/// The lists of these four columns as the gateway is told them: none where none is on.
pub(crate) fn told(columns: [&str; 4]) -> Result<Option<Arc<Lists>>, StoreError> {
    // Most keys have no lists, and a start reads all keys.
    if columns.iter().all(|list| is_off(list)) {
        return Ok(None);
    }
    let lists = read(columns)?;
    Ok((!lists.on().is_empty()).then(|| Arc::new(lists)))
}

/// Names of lists as they are stored.
pub(crate) fn write_kinds(kinds: ListKinds) -> String {
    serde_json::to_string(&kinds.iter().collect::<Vec<_>>()).expect("names are text")
}

/// The lists with these names.
pub(crate) fn read_kinds(names: &str, what: &'static str) -> Result<ListKinds, StoreError> {
    let kinds: Vec<_> = serde_json::from_str(names).map_err(|_| StoreError::Corrupt { what })?;
    Ok(kinds.into_iter().collect())
}

fn one<E>(list: &str, what: &'static str) -> Result<Allowlist<E>, StoreError>
where
    Allowlist<E>: serde::de::DeserializeOwned,
{
    if is_off(list) {
        Ok(Allowlist::default())
    } else {
        serde_json::from_str(list).map_err(|_| StoreError::Corrupt { what })
    }
}
