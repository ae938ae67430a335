//! Keys as the gateway is told them.

use std::{borrow::Cow, sync::Arc};

use domain::{
    policy::{KeyPolicy, PolicyChange, SecretPolicy},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Take, Which, beside::Beside};
use crate::{
    StoreError, allowlist,
    key::secret::Columns,
    sql::{
        self,
        packed::{
            self,
            Packed::{Hex, Plain},
            Pages,
            Part::{Bytes, Id},
            Shape,
        },
    },
};

/// What is read of a key.
#[derive(Deserialize)]
struct Row<'t> {
    /// Its id and its account's.
    ids: &'t str,
    /// None: it is on, has no end, opens all, and has neither lists nor a secret.
    #[serde(borrow, default)]
    further: Option<Box<Further<'t>>>,
}

/// What most keys have nothing of, in this order.
#[derive(Deserialize)]
struct Further<'t> {
    disabled_at: Option<i64>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    #[serde(borrow)]
    apis: Cow<'t, str>,
    #[serde(borrow)]
    networks: Cow<'t, str>,
    #[serde(borrow)]
    addresses: Cow<'t, str>,
    #[serde(borrow)]
    domains: Cow<'t, str>,
    #[serde(borrow)]
    methods: Cow<'t, str>,
    #[serde(borrow)]
    contracts: Cow<'t, str>,
    secret_hash: &'t str,
    secret_mask: Option<String>,
    secret_drawn_at: Option<i64>,
    secret_required_at: Option<i64>,
    former_secret_hash: &'t str,
    former_secret_expires_at: Option<i64>,
}

const KEYS: Shape = Shape {
    table: "\"key\"",
    usual: &[Hex(&[Id("id"), Id("account")])],
    further: &[
        Plain("disabled_at"),
        Plain("expires_at"),
        Plain("revoked_at"),
        Plain("apis"),
        Plain("networks"),
        Plain("addresses"),
        Plain("domains"),
        Plain("methods"),
        Plain("contracts"),
        Hex(&[Bytes("secret_hash")]),
        Plain("secret_mask"),
        Plain("secret_drawn_at"),
        Plain("secret_required_at"),
        Hex(&[Bytes("former_secret_hash")]),
        Plain("former_secret_expires_at"),
    ],
    is_usual: r#"coalesce(disabled_at, expires_at, revoked_at) IS NULL AND secret_hash IS NULL
        AND apis = '[]' AND networks = '[]'
        AND addresses IN ('{"mode":"off","entries":[]}', '{}') AND domains IN ('{"mode":"off","entries":[]}', '{}')
        AND methods IN ('{"mode":"off","entries":[]}', '{}') AND contracts IN ('{"mode":"off","entries":[]}', '{}')"#,
};

/// These keys with their quotas and rate limits. Revoked ones are gone.
pub(in crate::policy) async fn keys(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let (condition, values, _) = Which::These(ids).condition("id");
    let packed = packed::packed(db, &KEYS, &condition, values).await?;
    read(&packed, &mut Beside::of(db, ids).await?)
}

/// All keys that are not revoked, page by page.
pub(in crate::policy) async fn all_keys(db: &impl ConnectionTrait, take: &mut Take<'_>) -> Result<(), StoreError> {
    let mut beside = Beside::of_all(db).await?;
    let pages = Pages::of(db, &KEYS, "revoked_at IS NULL").await?;
    let hand_over = |page: &str| {
        take(read(page, &mut beside)?.into_iter().map(|(_, change)| change).collect());
        Ok(())
    };
    pages.each(hand_over).await
}

fn read(packed: &str, beside: &mut Beside) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    packed::unpacked::<Row<'_>>(packed, "key")?.into_iter().map(|row| policy(row, beside)).collect()
}

fn policy(row: Row<'_>, beside: &mut Beside) -> Result<(Uuid, PolicyChange), StoreError> {
    let [id, account] = sql::ids_in_hex(row.ids, "key.id")?;
    if row.further.as_ref().is_some_and(|further| further.revoked_at.is_some()) {
        return Ok((id, PolicyChange::NoKey(sql::id(id))));
    }
    let mut policy = KeyPolicy {
        id: sql::id(id),
        account: sql::id(account),
        version: beside.version(id)?,
        disabled: false,
        expires_at: None,
        apis: Box::default(),
        networks: Box::default(),
        lists: None,
        secret: None,
        quotas: beside.quotas(id).into(),
        rates: beside.rates(id).into(),
    };
    if let Some(further) = row.further {
        policy.disabled = further.disabled_at.is_some();
        policy.expires_at = further.expires_at.map(Timestamp::from_micros);
        policy.apis = names(&further.apis, "key.apis")?;
        policy.networks = names(&further.networks, "key.networks")?;
        policy.lists = allowlist::told([&further.addresses, &further.domains, &further.methods, &further.contracts])?;
        policy.secret = secret(*further)?;
    }
    Ok((id, PolicyChange::Key(policy)))
}

fn names<T: DeserializeOwned>(list: &str, what: &'static str) -> Result<Box<[T]>, StoreError> {
    // Most keys name no API and no network: they open all.
    if list == "[]" { Ok(Box::default()) } else { serde_json::from_str(list).map_err(|_| StoreError::Corrupt { what }) }
}

/// The secret that calls must bring; none where none is required.
fn secret(row: Further<'_>) -> Result<Option<Arc<SecretPolicy>>, StoreError> {
    let columns = Columns {
        hash: sql::bytes_in_hex(row.secret_hash, "key.secret_hash")?,
        mask: row.secret_mask,
        drawn_at: row.secret_drawn_at,
        required_at: row.secret_required_at,
        former_hash: sql::bytes_in_hex(row.former_secret_hash, "key.former_secret_hash")?,
        former_expires_at: row.former_secret_expires_at,
    };
    Ok(columns.read()?.as_ref().and_then(SecretPolicy::of).map(Arc::new))
}

#[cfg(test)]
mod tests {
    use domain::allowlist::Lists;

    use super::*;

    #[test]
    fn a_new_keys_lists_are_usual() {
        let Lists { addresses, domains, methods, contracts } = Lists::default();
        let written = [
            ("addresses", allowlist::write(&addresses)),
            ("domains", allowlist::write(&domains)),
            ("methods", allowlist::write(&methods)),
            ("contracts", allowlist::write(&contracts)),
        ];
        for (column, text) in written {
            assert!(KEYS.is_usual.contains(&format!("{column} IN ('{text}', '{{}}')")), "{column}: {text}");
            assert!(allowlist::is_off(&text));
        }
    }
}
