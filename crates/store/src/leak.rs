//! What accounts have done with values that leaked. The gateway knows nothing of it: no change feed.

use domain::{id::AccountId, leak::OnLeak};

use crate::{Source, StoreError, Tx, sql};

/// What the account has done; the usual where it said nothing.
pub async fn find(from: &impl Source, account: AccountId) -> Result<OnLeak, StoreError> {
    let text = "SELECT on_leak FROM leak_rule WHERE account = $1";
    let row = sql::row(&from.executor(), text, vec![sql::uuid(account).into()]).await?;
    row.map_or(Ok(OnLeak::default()), |row| row.word(0, "leak_rule.on_leak"))
}

/// Sets what the account has done.
///
/// Errors: those of the database.
pub async fn save(tx: &Tx, account: AccountId, on_leak: OnLeak) -> Result<(), StoreError> {
    let text = "INSERT INTO leak_rule (account, on_leak) VALUES ($1, $2)
         ON CONFLICT (account) DO UPDATE SET on_leak = excluded.on_leak";
    sql::execute(tx.inner(), text, vec![sql::uuid(account).into(), on_leak.as_str().into()]).await?;
    Ok(())
}
