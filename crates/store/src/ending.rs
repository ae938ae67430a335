//! Ends of keys and seats that are near, and of which somebody was told: each end once for each warning, whoever tells it and
//! however often they start anew.

use domain::{
    ending::{EndingNoun, covered},
    id::{Id, KeyId, MemberId, Noun},
    time::Timestamp,
};

use crate::{Source, StoreError, Tx, sql};

/// The most ends that are found at once.
pub const MAX_AT_ONCE: usize = 200;

/// Keys that are not revoked, end after `now` and by `until`, and were not told of with this warning; soonest first.
pub async fn untold_keys(
    from: &impl Source,
    (now, until): (Timestamp, Timestamp),
    warning: u8,
) -> Result<Vec<KeyId>, StoreError> {
    untold(from, EndingNoun::Key, (now, until), warning).await
}

/// Active seats that end after `now` and by `until`, and were not told of with this warning; soonest first.
pub async fn untold_members(
    from: &impl Source,
    (now, until): (Timestamp, Timestamp),
    warning: u8,
) -> Result<Vec<MemberId>, StoreError> {
    untold(from, EndingNoun::Member, (now, until), warning).await
}

/// Writes down that an end is told with this warning, and with those that it stands for. False: it was before, and is not to be
/// told again.
///
/// Errors: those of the database.
pub async fn tell<N: Noun>(
    tx: &Tx,
    (noun, subject, end): (EndingNoun, Id<N>, Timestamp),
    warning: u8,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let insert = async |days: u8| {
        let text = "INSERT INTO end_told (noun, subject, ends_at, days, told_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING";
        let end = end.micros().into();
        let values =
            vec![noun.as_str().into(), sql::uuid(subject).into(), end, i64::from(days).into(), now.micros().into()];
        Ok::<bool, StoreError>(sql::execute(tx.inner(), text, values).await? == 1)
    };
    let is_new = insert(warning).await?;
    for days in covered(warning).filter(|days| *days != warning) {
        insert(days).await?;
    }
    Ok(is_new)
}

/// Forgets that ends were told of which were over by then.
///
/// Errors: those of the database.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<(), StoreError> {
    let text = "DELETE FROM end_told WHERE ends_at < $1";
    sql::execute(tx.inner(), text, vec![before.micros().into()]).await?;
    Ok(())
}

async fn untold<N: Noun>(
    from: &impl Source,
    noun: EndingNoun,
    (now, until): (Timestamp, Timestamp),
    warning: u8,
) -> Result<Vec<Id<N>>, StoreError> {
    let values = vec![now.micros().into(), until.micros().into(), i64::from(warning).into()];
    let rows = sql::rows(&from.executor(), &text(noun), values).await?;
    rows.iter().map(|row| row.id(0)).collect()
}

/// The query of ends that were not told.
pub(crate) fn text(noun: EndingNoun) -> String {
    let (table, end, lasts) = match noun {
        EndingNoun::Key => ("\"key\"", "expires_at", "one.revoked_at IS NULL"),
        EndingNoun::Member => (
            "member",
            "ends_at",
            "one.activated_at IS NOT NULL AND one.suspended_at IS NULL AND one.removed_at IS NULL",
        ),
    };
    format!(
        "SELECT one.id FROM {table} AS one WHERE one.{end} > $1 AND one.{end} <= $2 AND {lasts} AND NOT EXISTS (
             SELECT 1 FROM end_told AS told WHERE told.noun = '{noun}' AND told.subject = one.id
                 AND told.ends_at = one.{end} AND told.days = $3)
         ORDER BY one.{end} LIMIT {MAX_AT_ONCE}"
    )
}

#[cfg(test)]
mod tests;
