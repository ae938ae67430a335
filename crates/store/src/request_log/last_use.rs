//! When keys were used last, and by whom: one look into an index for each key, however long the log is.

use domain::{
    id::{KeyId, MemberId, ValueId},
    time::Timestamp,
};
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

use crate::{Store, StoreError, sql};

/// The newest row of a key, whatever its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastUse {
    /// The key.
    pub key: KeyId,
    /// Whose value it was; none: the account's own.
    pub member: Option<MemberId>,
    /// Which value it was.
    pub value: ValueId,
    /// When.
    pub time: Timestamp,
}

/// The newest row of each of these keys, by key; a key without rows is left out.
pub async fn last_used(store: &Store, keys: &[KeyId]) -> Result<Vec<LastUse>, StoreError> {
    let mut uses = Vec::with_capacity(keys.len());
    for chunk in sql::chunks(keys) {
        let values: Vec<Value> = chunk.iter().map(|key| sql::uuid(*key).into()).collect();
        for row in sql::rows(store.log_reader(), &text(store.backend(), chunk.len()), values).await? {
            let member = row.get::<Option<Uuid>>(1)?.map(sql::id);
            uses.push(LastUse { key: row.id(0)?, member, value: row.id(2)?, time: row.moment(3)? });
        }
    }
    uses.sort_unstable_by_key(|used| used.key);
    Ok(uses)
}

/// The query of [`last_used`] for so many keys. PostgreSQL walks the index once for each key only where the key is joined laterally;
/// SQLite does so by itself, and knows no such word.
pub(super) fn text(backend: DbBackend, keys: usize) -> String {
    let wanted = format!("(VALUES {}) AS wanted", sql::tuples(1, keys, 1));
    let newest = "FROM request_log WHERE \"key\" = wanted.column1
         ORDER BY time DESC, node DESC, epoch DESC, ring DESC, seq DESC LIMIT 1";
    match backend {
        DbBackend::Postgres => format!(
            "SELECT log.\"key\", log.member, log.\"value\", log.time
             FROM {wanted} CROSS JOIN LATERAL (SELECT \"key\", member, \"value\", time {newest}) AS log"
        ),
        _ => format!(
            "SELECT log.\"key\", log.member, log.\"value\", log.time FROM {wanted}
             JOIN request_log AS log ON (log.node, log.epoch, log.ring, log.seq) = (SELECT node, epoch, ring, seq {newest})"
        ),
    }
}
