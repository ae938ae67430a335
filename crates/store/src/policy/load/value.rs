//! Values as the gateway is told them.

use domain::{
    key::value::Hash,
    policy::{PolicyChange, ValuePolicy},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::Which;
use crate::{
    StoreError,
    sql::{
        self,
        Packed::{self, Bytes, Id, Plain},
    },
};

/// What is read of a value, in this order.
#[derive(Deserialize)]
struct Row<'t> {
    id: &'t str,
    hash: &'t str,
    key: &'t str,
    member: Option<&'t str>,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    withheld_at: Option<i64>,
}

const COLUMNS: [Packed; 7] = [
    Id("id"),
    Bytes("hash"),
    Id("\"key\""),
    Id("member"),
    Plain("expires_at"),
    Plain("revoked_at"),
    Plain("withheld_at"),
];

/// Values. Revoked ones are gone, and so are, for now, those that their members may not use.
pub(in crate::policy) async fn values(
    db: &impl ConnectionTrait,
    which: Which<'_>,
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let (condition, values, order) = which.condition("v.id");
    let query = format!("SELECT v.* FROM \"value\" v WHERE {condition} {order}");
    let packed = sql::packed(db, &COLUMNS, &query, values).await?;
    sql::unpacked::<Vec<Row<'_>>>(&packed, "value")?.into_iter().map(read).collect()
}

fn read(row: Row<'_>) -> Result<(Uuid, PolicyChange), StoreError> {
    let id = sql::id_in_hex(row.id, "value.id")?;
    if row.revoked_at.or(row.withheld_at).is_some() {
        return Ok((id, PolicyChange::NoValue(sql::id(id))));
    }
    let corrupt = || StoreError::Corrupt { what: "value.hash" };
    let hash = sql::bytes_in_hex(Some(row.hash), "value.hash")?.ok_or_else(corrupt)?;
    let policy = ValuePolicy {
        id: sql::id(id),
        hash: Hash(hash.try_into().map_err(|_| corrupt())?),
        key: sql::id(sql::id_in_hex(row.key, "value.key")?),
        member: row.member.map(|id| sql::id_in_hex(id, "value.member")).transpose()?.map(sql::id),
        expires_at: row.expires_at.map(Timestamp::from_micros),
    };
    Ok((id, PolicyChange::Value(policy)))
}
