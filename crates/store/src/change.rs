//! Change feed: which nouns that the gateway knows have changed since a version.
//!
//! One row for each noun that ever was, with the version of its newest change: the feed is bounded by the nouns, and a
//! gateway that was away for long reads each of them once.

use domain::id::{AccountId, KeyId, MemberId, ValueId};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::{StoreError, Tx, sql};

/// A noun that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touched {
    /// The account, a subscription of it or one of their quotas.
    Account(AccountId),
    /// The member, or a cap of it.
    Member(MemberId),
    /// The key, a quota or a rate limit of it.
    Key(KeyId),
    /// The value.
    Value(ValueId),
}

impl Touched {
    /// The noun as the feed writes it, and its id.
    fn parts(self) -> (&'static str, Uuid) {
        match self {
            Touched::Account(id) => ("account", sql::uuid(id)),
            Touched::Member(id) => ("member", sql::uuid(id)),
            Touched::Key(id) => ("key", sql::uuid(id)),
            Touched::Value(id) => ("value", sql::uuid(id)),
        }
    }
}

/// Records that a noun changed, in the transaction that changes it.
pub(crate) async fn record(tx: &Tx, touched: Touched) -> Result<(), StoreError> {
    record_many(tx, &[touched]).await
}

/// Records changes of many nouns under one new version.
pub(crate) async fn record_many(tx: &Tx, touched: &[Touched]) -> Result<(), StoreError> {
    if touched.is_empty() {
        return Ok(());
    }
    let next = "UPDATE feed SET version = version + 1 WHERE id = 1 RETURNING version";
    let version =
        sql::row(tx.inner(), next, vec![]).await?.ok_or(StoreError::Corrupt { what: "feed" })?.get::<i64>(0)?;
    let mut parts: Vec<(&str, Uuid)> = touched.iter().map(|touched| touched.parts()).collect();
    parts.sort_unstable();
    parts.dedup();
    for chunk in sql::chunks(&parts) {
        let rows = sql::tuples(1, chunk.len(), 3);
        let text = format!(
            "INSERT INTO change (noun, id, version) VALUES {rows}
             ON CONFLICT (noun, id) DO UPDATE SET version = excluded.version"
        );
        let values = chunk.iter().flat_map(|(noun, id)| [(*noun).into(), (*id).into(), version.into()]).collect();
        sql::execute(tx.inner(), &text, values).await?;
    }
    Ok(())
}

/// The newest version.
pub(crate) async fn version(db: &impl ConnectionTrait) -> Result<u64, StoreError> {
    let row = sql::row(db, "SELECT version FROM feed WHERE id = 1", vec![]).await?;
    row.ok_or(StoreError::Corrupt { what: "feed" })?.count(0, "feed.version")
}

/// The version of a noun's newest change; 0 before the first.
pub(crate) async fn version_of(db: &impl ConnectionTrait, touched: Touched) -> Result<u64, StoreError> {
    let (noun, id) = touched.parts();
    let text = "SELECT version FROM change WHERE noun = $1 AND id = $2";
    let row = sql::row(db, text, vec![noun.into(), id.into()]).await?;
    row.map_or(Ok(0), |row| row.count(0, "change.version"))
}

/// The versions of the newest changes of nouns of one sort, in no order; one that never changed is missing.
pub(crate) async fn versions_of(
    db: &impl ConnectionTrait,
    touched: &[Touched],
) -> Result<Vec<(Uuid, u64)>, StoreError> {
    let Some((noun, _)) = touched.first().map(|touched| touched.parts()) else { return Ok(Vec::new()) };
    let ids: Vec<Uuid> = touched.iter().map(|touched| touched.parts().1).collect();
    let mut found = Vec::with_capacity(ids.len());
    for chunk in sql::chunks(&ids) {
        let text = format!(
            "SELECT id, version FROM change WHERE noun = '{noun}' AND id IN {}",
            sql::tuples(1, 1, chunk.len())
        );
        let values = chunk.iter().map(|id| (*id).into()).collect();
        for row in sql::rows(db, &text, values).await? {
            found.push((row.get(0)?, row.count(1, "change.version")?));
        }
    }
    Ok(found)
}

/// What changed after a version: noun as the feed writes it, id, version; oldest first.
pub(crate) async fn since(db: &impl ConnectionTrait, version: u64) -> Result<Vec<(String, Uuid, u64)>, StoreError> {
    let text = "SELECT noun, id, version FROM change WHERE version > $1 ORDER BY version, noun, id";
    let rows = sql::rows(db, text, vec![sql::int(version).into()]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.count(2, "change.version")?))).collect()
}
