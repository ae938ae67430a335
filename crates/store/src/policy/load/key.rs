//! Keys as the gateway is told them.

use std::{borrow::Cow, sync::Arc};

use domain::{
    policy::{KeyPolicy, PolicyChange, SecretPolicy},
    quota::Scope,
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{Which, quotas, rates};
use crate::{
    StoreError, allowlist,
    key::secret::Columns,
    sql::{
        self,
        Packed::{self, Bytes, Id, Plain},
    },
};

/// A join with the change feed would read all of the feed for each page: a start with a million keys took minutes.
const KEYS: &str =
    "SELECT k.id, k.account, (SELECT version FROM change WHERE noun = 'key' AND change.id = k.id) AS version,
    k.disabled_at, k.expires_at, k.revoked_at, k.apis, k.networks, k.addresses, k.domains, k.methods, k.contracts,
    k.secret_hash, k.secret_mask, k.secret_drawn_at, k.secret_required_at, k.former_secret_hash,
    k.former_secret_expires_at
    FROM \"key\" k WHERE";

/// What is read of a key, in this order.
#[derive(Deserialize)]
struct Row<'t> {
    id: &'t str,
    account: &'t str,
    version: Option<u64>,
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
    secret_hash: Option<&'t str>,
    secret_mask: Option<String>,
    secret_drawn_at: Option<i64>,
    secret_required_at: Option<i64>,
    former_secret_hash: Option<&'t str>,
    former_secret_expires_at: Option<i64>,
}

const COLUMNS: [Packed; 18] = [
    Id("id"),
    Id("account"),
    Plain("version"),
    Plain("disabled_at"),
    Plain("expires_at"),
    Plain("revoked_at"),
    Plain("apis"),
    Plain("networks"),
    Plain("addresses"),
    Plain("domains"),
    Plain("methods"),
    Plain("contracts"),
    Bytes("secret_hash"),
    Plain("secret_mask"),
    Plain("secret_drawn_at"),
    Plain("secret_required_at"),
    Bytes("former_secret_hash"),
    Plain("former_secret_expires_at"),
];

/// Keys with their quotas and rate limits. Revoked ones are gone.
pub(in crate::policy) async fn keys(
    db: &impl ConnectionTrait,
    which: Which<'_>,
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let (condition, values, order) = which.condition("k.id");
    let packed = sql::packed(db, &COLUMNS, &format!("{KEYS} {condition} {order}"), values).await?;
    let rows: Vec<Row<'_>> = sql::unpacked(&packed, "key")?;
    let ids = rows.iter().map(|row| sql::id_in_hex(row.id, "key.id")).collect::<Result<Vec<Uuid>, _>>()?;
    let mut quotas = quotas(db, Scope::Key, which.once_read(&ids)).await?;
    let mut rates = rates(db, Scope::Key, which.once_read(&ids)).await?;
    let read = |(row, id): (Row<'_>, Uuid)| {
        if row.revoked_at.is_some() {
            return Ok((id, PolicyChange::NoKey(sql::id(id))));
        }
        let policy = KeyPolicy {
            id: sql::id(id),
            account: sql::id(sql::id_in_hex(row.account, "key.account")?),
            version: row.version.ok_or(StoreError::Corrupt { what: "change.version" })?,
            disabled: row.disabled_at.is_some(),
            expires_at: row.expires_at.map(Timestamp::from_micros),
            apis: names(&row.apis, "key.apis")?,
            networks: names(&row.networks, "key.networks")?,
            lists: allowlist::told([&row.addresses, &row.domains, &row.methods, &row.contracts])?,
            secret: secret(row)?,
            quotas: quotas.remove(&id).unwrap_or_default().into(),
            rates: rates.remove(&id).unwrap_or_default().into(),
        };
        Ok((id, PolicyChange::Key(policy)))
    };
    rows.into_iter().zip(ids).map(read).collect()
}

fn names<T: DeserializeOwned>(list: &str, what: &'static str) -> Result<Box<[T]>, StoreError> {
    // Most keys name no API and no network: they open all.
    if list == "[]" { Ok(Box::default()) } else { serde_json::from_str(list).map_err(|_| StoreError::Corrupt { what }) }
}

/// The secret that calls must bring; none where none is required.
fn secret(row: Row<'_>) -> Result<Option<Arc<SecretPolicy>>, StoreError> {
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
    //! Query plans on SQLite: a page costs what it holds, however many keys there are.

    use super::*;
    use crate::{Location, Store};

    #[test]
    fn a_page_of_keys_is_read_in_the_order_of_their_ids() {
        let folder = tempfile::TempDir::new().expect("a temporary folder");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let location = Location::Sqlite { folder: folder.path().to_owned() };
            let store = Store::open(&location).await.expect("the store opens");
            let (condition, values, order) = Which::Page { after: None }.condition("k.id");
            let text = format!("EXPLAIN QUERY PLAN {KEYS} {condition} {order}");
            let steps = sql::rows(&crate::Source::executor(&store), &text, values).await.expect("it is well formed");
            let plan: String = steps.iter().map(|step| step.get::<String>(3).expect("a step") + "\n").collect();
            assert!(plan.contains("SEARCH k USING") && plan.contains("(noun=? AND id=?)"), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
            store.close().await.expect("the store closes");
        });
    }
}
