//! How often the roles of a scope were changed: what somebody who saves several at once refers to.

use domain::{id::AccountId, role::RoleScope};

use super::place;
use crate::{Source, StoreError, Tx, sql};

/// How often the roles of a scope were changed.
pub async fn version(from: &impl Source, account: AccountId, scope: RoleScope) -> Result<u64, StoreError> {
    let text = "SELECT version FROM role_set WHERE scope = $1";
    let row = sql::row(&from.executor(), text, vec![place(account, scope).into()]).await?;
    row.map_or(Ok(0), |row| row.count(0, "role_set.version"))
}

/// Counts a change of the roles of a scope; returns its version. Whoever else changes them waits for this transaction.
pub async fn touch(tx: &Tx, account: AccountId, scope: RoleScope) -> Result<u64, StoreError> {
    let text = "INSERT INTO role_set (scope, version) VALUES ($1, 1)
        ON CONFLICT (scope) DO UPDATE SET version = role_set.version + 1 RETURNING version";
    let row = sql::row(tx.inner(), text, vec![place(account, scope).into()]).await?;
    row.ok_or(StoreError::Corrupt { what: "role_set" })?.count(0, "role_set.version")
}
