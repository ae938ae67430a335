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
use crate::{StoreError, sql};

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

fn columns(db: &impl ConnectionTrait) -> [String; 7] {
    [
        sql::hex_id(db, "id"),
        sql::hex(db, "hash"),
        sql::hex_id(db, "\"key\""),
        sql::hex_id(db, "member"),
        "expires_at".to_owned(),
        "revoked_at".to_owned(),
        "withheld_at".to_owned(),
    ]
}

/// Values. Revoked ones are gone, and so are, for now, those that their members may not use.
pub(in crate::policy) async fn values(
    db: &impl ConnectionTrait,
    which: Which<'_>,
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let (condition, values, order) = which.condition("v.id");
    let query = format!("SELECT v.* FROM \"value\" v WHERE {condition} {order}");
    let packed = sql::packed(db, &columns(db), &query, values).await?;
    sql::unpacked::<Vec<Row<'_>>>(&packed, "value")?.into_iter().map(read).collect()
}

fn read(row: Row<'_>) -> Result<(Uuid, PolicyChange), StoreError> {
    let id = sql::id_in_hex(row.id, "value.id")?;
    if row.revoked_at.or(row.withheld_at).is_some() {
        return Ok((id, PolicyChange::NoValue(sql::id(id))));
    }
    let corrupt = || StoreError::Corrupt { what: "value.hash" };
    let hash = sql::bytes_in_hex(Some(row.hash), "value.hash")?.ok_or_else(corrupt)?;
    let member = row.member.filter(|member| !member.is_empty());
    let policy = ValuePolicy {
        id: sql::id(id),
        hash: Hash(hash.try_into().map_err(|_| corrupt())?),
        key: sql::id(sql::id_in_hex(row.key, "value.key")?),
        member: member.map(|id| sql::id_in_hex(id, "value.member")).transpose()?.map(sql::id),
        expires_at: row.expires_at.map(Timestamp::from_micros),
    };
    Ok((id, PolicyChange::Value(policy)))
}
