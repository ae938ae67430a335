//! Policies for the gateway: everything it must know, and what changed since a version.
//!
//! What is revoked, removed or not yet taken up is told as gone: what the gateway does not know, it refuses.

mod load;

use domain::policy::PolicyChange;
use uuid::Uuid;

use crate::{Store, StoreError, change};
use load::Which;

/// Rows loaded at once by [`snapshot`], and so the most nouns in one call of its callback.
pub const PAGE: u32 = 5_000;

/// Tells all live nouns page by page, accounts first, then members, keys and values. Returns the version from which
/// [`since`] goes on. Changes made meanwhile may be told here already, and are told by `since` again.
pub async fn snapshot_into(store: &Store, take: &mut (dyn FnMut(Vec<PolicyChange>) + Send)) -> Result<u64, StoreError> {
    let version = change::version(&crate::Source::executor(store)).await?;
    for noun in NOUNS {
        let mut after = None;
        loop {
            let page = noun.load(store, Which::Page { after }).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.0);
            let full = page.len() == PAGE as usize;
            take(page.into_iter().map(|(_, change)| change).filter(is_live).collect());
            if !full {
                break;
            }
        }
    }
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
            let found = noun.load(store, Which::These(chunk)).await?;
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

    /// The nouns that `which` says, by id, gone ones too.
    async fn load(self, store: &Store, which: Which<'_>) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
        let db = crate::Source::executor(store);
        match self {
            Noun::Account => load::accounts(&db, which).await,
            Noun::Member => load::members(&db, which).await,
            Noun::Key => load::keys(&db, which).await,
            Noun::Value => load::values(&db, which).await,
        }
    }
}

/// Whether the gateway is to know it.
fn is_live(change: &PolicyChange) -> bool {
    use PolicyChange::{Account, Key, Member, Value};
    matches!(change, Account(_) | Member(_) | Key(_) | Value(_))
}
