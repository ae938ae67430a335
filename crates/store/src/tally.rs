//! Tallies: how many hold a role, and how many keys there are, kept by triggers (migration/nouns_14_lists) instead of counted.

use std::collections::HashMap;

use domain::{
    id::{AccountId, Id, Noun},
    role::{Role, RoleScope},
};

use crate::{Source, StoreError, role, sql};

/// How many hold each role of a scope: in an account those who are not removed, on a key all. Roles that nobody holds may be missing.
pub async fn holders(
    from: &impl Source,
    account: AccountId,
    scope: RoleScope,
) -> Result<HashMap<Role, u64>, StoreError> {
    let text = "SELECT role, holders FROM role_tally WHERE scope = $1 AND role <> ''";
    let rows = sql::rows(&from.executor(), text, vec![role::place(account, scope).into()]).await?;
    rows.iter().map(|row| Ok((row.word(0, "role_tally.role")?, row.count(1, "role_tally.holders")?))).collect()
}

/// How many seats of these accounts are not removed, pending ones too; an account without any is missing.
pub async fn seats(from: &impl Source, accounts: &[AccountId]) -> Result<HashMap<AccountId, u64>, StoreError> {
    sums(from, accounts, "SELECT scope, CAST(sum(holders) AS bigint) FROM role_tally WHERE scope IN", "GROUP BY 1")
        .await
}

/// How many keys that are not revoked these accounts have, or these members hold; who has none is missing.
pub async fn keys<N: Noun>(from: &impl Source, owners: &[Id<N>]) -> Result<HashMap<Id<N>, u64>, StoreError> {
    sums(from, owners, "SELECT owner, keys FROM key_tally WHERE owner IN", "").await
}

async fn sums<N: Noun>(
    from: &impl Source,
    of: &[Id<N>],
    select: &str,
    group: &str,
) -> Result<HashMap<Id<N>, u64>, StoreError> {
    let mut found = HashMap::with_capacity(of.len());
    for chunk in sql::chunks(of) {
        let text = format!("{select} {} {group}", sql::tuples(1, 1, chunk.len()));
        let values = chunk.iter().map(|id| sql::uuid(*id).into()).collect();
        for row in sql::rows(&from.executor(), &text, values).await? {
            found.insert(row.id(0)?, row.count(1, "tally")?);
        }
    }
    Ok(found)
}
