//! Policies for the gateway: everything it must know, and what changed since a version.
//!
//! What is revoked, removed or not yet taken up is told as gone: what the gateway does not know, it refuses.

mod load;

use domain::policy::PolicyChange;
use uuid::Uuid;

use crate::{Store, StoreError, change};
use load::Which;

/// Tells all live nouns page by page, accounts first, then members, keys and values, all as they are at one moment. Returns the
/// version from which [`since`] goes on.
pub async fn snapshot_into(store: &Store, take: &mut (dyn FnMut(Vec<PolicyChange>) + Send)) -> Result<u64, StoreError> {
    let view = store.begin_reading().await?;
    let version = change::version(&view).await?;
    load::all_accounts(&view, take).await?;
    load::all_members(&view, take).await?;
    load::all_keys(&view, take).await?;
    load::all_values(&view, take).await?;
    view.commit().await?;
    Ok(version)
}

/// All live nouns at once; see [`snapshot_into`].
pub async fn snapshot(store: &Store) -> Result<(u64, Vec<PolicyChange>), StoreError> {
    let mut all = Vec::new();
    let version = snapshot_into(store, &mut |page| all.extend(page)).await?;
    Ok((version, all))
}

/// What changed after a version, each noun as it is now, and the version from which to go on.
pub async fn since(store: &Store, version: u64) -> Result<(u64, Vec<PolicyChange>), StoreError> {
    let changed = change::since(&crate::Source::executor(store), version).await?;
    let reached = changed.last().map_or(version, |(_, _, version)| *version);
    let mut changes = Vec::with_capacity(changed.len());
    for noun in NOUNS {
        let mut ids: Vec<Uuid> = changed.iter().filter(|(of, _, _)| of == noun.word()).map(|(_, id, _)| *id).collect();
        ids.sort_unstable();
        for chunk in crate::sql::chunks(&ids) {
            let found = noun.load(store, chunk).await?;
            changes.extend(found.into_iter().map(|(_, change)| change));
        }
    }
    Ok((reached, changes))
}

/// The four nouns that the gateway knows, in the order in which they are told: owners before what they own.
#[derive(Clone, Copy)]
enum Noun {
    Account,
    Member,
    Key,
    Value,
}

const NOUNS: [Noun; 4] = [Noun::Account, Noun::Member, Noun::Key, Noun::Value];

impl Noun {
    /// As the change feed writes it.
    const fn word(self) -> &'static str {
        match self {
            Noun::Account => "account",
            Noun::Member => "member",
            Noun::Key => "key",
            Noun::Value => "value",
        }
    }

    /// The nouns with these ids, by id, gone ones too.
    async fn load(self, store: &Store, ids: &[Uuid]) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
        let db = crate::Source::executor(store);
        let mut found = match self {
            Noun::Account => load::accounts(&db, Which::These(ids)).await?,
            Noun::Member => load::members(&db, Which::These(ids)).await?,
            Noun::Key => load::keys(&db, ids).await?,
            Noun::Value => load::values(&db, ids).await?,
        };
        found.sort_unstable_by_key(|(id, _)| *id);
        Ok(found)
    }
}
