//! Locks of lists: who locked which list of a key, and when. That a list is locked is in the key's own row; the gateway knows
//! nothing of who did it.

use domain::{
    allowlist::{ListKind, ListKinds, ListLock},
    id::KeyId,
};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, sql};

/// Who locked the lists of a key that are locked now; of one that was locked before this was kept nobody is known.
pub async fn list(from: &impl Source, key: KeyId) -> Result<Vec<(ListKind, ListLock)>, StoreError> {
    let text = "SELECT list, member, member_name, locked_at FROM list_lock WHERE \"key\" = $1 ORDER BY list";
    let lock = |row: &sql::Columns| {
        let member = row.get::<Option<Uuid>>(1)?.map(sql::id);
        let lock = ListLock { member, member_name: row.get(2)?, locked_at: row.moment(3)? };
        Ok((row.word(0, "list_lock.list")?, lock))
    };
    sql::rows(&from.executor(), text, vec![sql::uuid(key).into()]).await?.iter().map(lock).collect()
}

/// Writes down who locked those lists of a key that are locked in `after` and were not in `before`, and forgets it of those that are
/// locked no more.
///
/// Errors: those of the database.
pub async fn follow(
    tx: &Tx,
    key: KeyId,
    (before, after): (ListKinds, ListKinds),
    lock: &ListLock,
) -> Result<(), StoreError> {
    for kind in ListKind::ALL.into_iter().filter(|kind| before.has(*kind) != after.has(*kind)) {
        let gone = "DELETE FROM list_lock WHERE \"key\" = $1 AND list = $2";
        sql::execute(tx.inner(), gone, vec![sql::uuid(key).into(), kind.as_str().into()]).await?;
        if after.has(kind) {
            let text =
                "INSERT INTO list_lock (\"key\", list, member, member_name, locked_at) VALUES ($1, $2, $3, $4, $5)";
            let member = lock.member.map(sql::uuid).into();
            let (name, at) = (lock.member_name.as_str().into(), lock.locked_at.micros().into());
            sql::execute(tx.inner(), text, vec![sql::uuid(key).into(), kind.as_str().into(), member, name, at]).await?;
        }
    }
    Ok(())
}
