//! A quota's limit changes: what that means for counters that are there already.

use domain::{quota::Quota, time::Timestamp};

use crate::{StoreError, Tx, sql};

/// Carries a quota's new limit into its counters. In the running window a limit only rises: what was promised for the
/// window stays. Windows that were prefetched get the new limit as it is; what is granted beyond it stays granted. Extra
/// units of a window stay on top.
pub(crate) async fn change(tx: &Tx, quota: &Quota, now: Timestamp) -> Result<(), StoreError> {
    let text = "UPDATE counter
        SET units = CASE WHEN starts_at = $2 AND units > $3 + extra THEN units ELSE $3 + extra END,
            peak = CASE WHEN peak > $3 + extra THEN peak ELSE $3 + extra END
        WHERE quota = $1 AND starts_at >= $2";
    let running = quota.window(now).start.micros();
    let values = vec![sql::uuid(quota.id).into(), running.into(), sql::int(quota.limit).into()];
    sql::execute(tx.inner(), text, values).await?;
    Ok(())
}
