//! Edit: a change of what a key allows, and the version that it makes. What somebody changed meanwhile is not undone unseen.

use domain::{
    allowlist::ListLock,
    key::{Key, KeyRefused},
    name::Reason,
    time::Timestamp,
    version::{Terms, Version},
};

use crate::{change::Change, error::Problem, version::IfMatch};

/// A change of a key in the making: the key and what it allows, as they were found.
pub struct Edit {
    /// The key.
    pub before: Key,
    /// What it allows.
    pub terms: Terms,
}

/// Why a version is made.
#[derive(Default)]
pub struct Why {
    /// What its author said.
    pub reason: Option<Reason>,
    /// The version that is gone back to.
    pub restored: Option<u64>,
}

impl From<Option<Reason>> for Why {
    fn from(reason: Option<Reason>) -> Why {
        Why { reason, restored: None }
    }
}

impl Edit {
    /// A change of this key, which was read in the transaction of the change.
    ///
    /// Errors: 412 if it is not at the version that the change is based on; 409 if it is revoked; those of the store.
    pub async fn begin(change: &Change<'_>, key: Key, based_on: &IfMatch) -> Result<Edit, Problem> {
        based_on.check(key.version)?;
        if key.revoked_at.is_some() {
            return Err(KeyRefused::Revoked.into());
        }
        let terms = store::version::terms(&change.tx, &key).await?;
        Ok(Edit { before: key, terms })
    }

    /// Writes the key, and who locked which list of it, after its quotas and rates were written. Where it allows something else
    /// than before, that is a version. Returns the key with its version.
    ///
    /// Errors: those of the store.
    pub async fn save(self, change: &Change<'_>, after: Key, why: Why) -> Result<Key, Problem> {
        let lock =
            ListLock { member: Some(change.seat.id), member_name: change.seat.name.to_string(), locked_at: change.now };
        let locked = (self.before.locked_lists, after.locked_lists);
        store::key::lock::follow(&change.tx, after.id, locked, &lock).await?;
        let terms = store::version::terms(&change.tx, &after).await?;
        let changed = self.terms.changed(&terms);
        if changed.is_empty() {
            store::key::save(&change.tx, &after).await?;
            return Ok(after);
        }
        let number = self.caught_up(change).await? + 1;
        let version = Version {
            key: after.id,
            number,
            time: change.now,
            author: Some(change.seat.id),
            author_name: change.seat.name.to_string(),
            reason: why.reason,
            restored: why.restored,
            changed,
        };
        let after = Key { version: number, ..after };
        store::key::save(&change.tx, &after).await?;
        store::version::insert(&change.tx, &version, &terms).await?;
        Ok(after)
    }

    /// The number of the version that holds what the key allowed before this change; it is made where none does, because a
    /// command changed the key, or nobody did since versions are kept.
    async fn caught_up(&self, change: &Change<'_>) -> Result<u64, Problem> {
        let (key, now) = (&self.before, change.now);
        match store::version::find(&change.tx, key.id, key.version).await? {
            Some((_, held)) if held == self.terms => Ok(key.version),
            Some((_, held)) => {
                let changed = held.changed(&self.terms);
                let version = Version { changed, ..of_nobody(key, key.version + 1, now) };
                store::version::insert(&change.tx, &version, &self.terms).await?;
                Ok(version.number)
            }
            None => {
                let version = of_nobody(key, key.version, key.created_at);
                store::version::insert(&change.tx, &version, &self.terms).await?;
                Ok(version.number)
            }
        }
    }
}

/// The first version of a key that was made in a change.
///
/// Errors: those of the store.
pub async fn first(change: &Change<'_>, key: &Key) -> Result<(), Problem> {
    let terms = store::version::terms(&change.tx, key).await?;
    let author_name = change.seat.name.to_string();
    let of_nobody = of_nobody(key, key.version, change.now);
    let version = Version { author: Some(change.seat.id), author_name, ..of_nobody };
    Ok(store::version::insert(&change.tx, &version, &terms).await?)
}

/// A version that nobody is known to have made, and that changes nothing.
pub fn of_nobody(key: &Key, number: u64, time: Timestamp) -> Version {
    Version {
        key: key.id,
        number,
        time,
        author: None,
        author_name: String::new(),
        reason: None,
        restored: None,
        changed: Vec::new(),
    }
}
