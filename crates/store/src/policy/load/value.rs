//! Values as the gateway is told them.

use domain::{
    key::value::Hash,
    policy::{PolicyChange, ValuePolicy},
    time::Timestamp,
};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use uuid::Uuid;

use super::{Take, Which};
use crate::{
    StoreError,
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

/// What is read of a value.
#[derive(Deserialize)]
struct Row<'t> {
    /// Its hash, its id, its key's and, where it has one, its member's.
    bytes: &'t str,
    /// None: it has no end, is not revoked and not withheld.
    #[serde(default)]
    further: Option<Further>,
}

/// What most values have nothing of, in this order.
#[derive(Deserialize)]
struct Further {
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    withheld_at: Option<i64>,
}

const VALUES: Shape = Shape {
    table: "\"value\"",
    usual: &[Hex(&[Bytes("hash"), Id("id"), Id("\"key\""), Id("member")])],
    further: &[Plain("expires_at"), Plain("revoked_at"), Plain("withheld_at")],
    is_usual: "coalesce(expires_at, revoked_at, withheld_at) IS NULL",
};

/// Hex digits of a hash.
const HASH_DIGITS: usize = 64;

/// These values. Revoked ones are gone, and so are, for now, those that their members may not use.
pub(in crate::policy) async fn values(
    db: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    let (condition, values, _) = Which::These(ids).condition("id");
    read(&packed::packed(db, &VALUES, &condition, values).await?)
}

/// All values that calls may bring, page by page.
pub(in crate::policy) async fn all_values(db: &impl ConnectionTrait, take: &mut Take<'_>) -> Result<(), StoreError> {
    let pages = Pages::of(db, &VALUES, "coalesce(revoked_at, withheld_at) IS NULL").await?;
    let hand_over = |page: &str| {
        take(read(page)?.into_iter().map(|(_, change)| change).collect());
        Ok(())
    };
    pages.each(hand_over).await
}

fn read(packed: &str) -> Result<Vec<(Uuid, PolicyChange)>, StoreError> {
    packed::unpacked::<Row<'_>>(packed, "value")?.into_iter().map(policy).collect()
}

fn policy(row: Row<'_>) -> Result<(Uuid, PolicyChange), StoreError> {
    let corrupt = || StoreError::Corrupt { what: "value.hash" };
    let (hash, ids) = row.bytes.split_at_checked(HASH_DIGITS).ok_or_else(corrupt)?;
    let (ids, member) = ids.split_at_checked(2 * sql::ID_DIGITS).ok_or_else(corrupt)?;
    let [id, key] = sql::ids_in_hex(ids, "value.id")?;
    let member = if member.is_empty() { None } else { Some(sql::id(sql::id_in_hex(member, "value.member")?)) };
    let further = row.further.unwrap_or(Further { expires_at: None, revoked_at: None, withheld_at: None });
    if further.revoked_at.or(further.withheld_at).is_some() {
        return Ok((id, PolicyChange::NoValue(sql::id(id))));
    }
    let mut bytes = [0; HASH_DIGITS / 2];
    hex::decode_to_slice(hash, &mut bytes).map_err(|_| corrupt())?;
    let policy = ValuePolicy {
        id: sql::id(id),
        hash: Hash(bytes),
        key: sql::id(key),
        member,
        expires_at: further.expires_at.map(Timestamp::from_micros),
    };
    Ok((id, PolicyChange::Value(policy)))
}
