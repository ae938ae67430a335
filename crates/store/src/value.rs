//! Values: what callers present, known by their hash.

use domain::{
    id::{AccountId, KeyId, MemberId, ValueId},
    key::{Value, value::Hash},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, Query},
};
use uuid::Uuid;

use crate::{
    Source, StoreError, Tx,
    change::{self, Touched},
    noun, sql,
};

const EXISTS: &str = "a value with this id or hash";
const OWNERS: &str = "key, or member to own the value";

/// Adds a value.
///
/// Errors: `Conflict` when its hash or id is taken, `NotFound` when key or member are not there.
pub async fn insert(tx: &Tx, value: &Value) -> Result<(), StoreError> {
    insert_many(tx, std::slice::from_ref(value)).await
}

/// Adds many values; all or, with the transaction, none.
///
/// Errors: as [`insert`].
pub async fn insert_many(tx: &Tx, values: &[Value]) -> Result<(), StoreError> {
    noun::insert_many(tx, values.iter().map(to_row), EXISTS, OWNERS).await?;
    let touched: Vec<Touched> = values.iter().map(|value| Touched::Value(value.id)).collect();
    change::record_many(tx, &touched).await
}

/// Writes a changed value.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, value: &Value) -> Result<(), StoreError> {
    noun::save(tx, to_row(value), EXISTS, "value").await?;
    change::record(tx, Touched::Value(value.id)).await
}

/// The value with this id.
pub async fn find(from: &impl Source, id: ValueId) -> Result<Option<Value>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The value with this hash, whosever it is.
pub async fn find_by_hash(from: &impl Source, hash: Hash) -> Result<Option<Value>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// All values of a key, revoked ones too, oldest first.
pub async fn list(from: &impl Source, key: KeyId) -> Result<Vec<Value>, StoreError> {
    list_where(from, entity::Column::Key.eq(sql::uuid(key))).await
}

/// All values that a member owns, on all keys, revoked ones too, oldest first.
pub async fn list_of_member(from: &impl Source, member: MemberId) -> Result<Vec<Value>, StoreError> {
    list_where(from, entity::Column::Member.eq(sql::uuid(member))).await
}

/// The values that these members own, on all keys, revoked ones left out, in no order.
pub async fn list_of_members(from: &impl Source, members: &[MemberId]) -> Result<Vec<Value>, StoreError> {
    let mut values = Vec::new();
    for chunk in sql::chunks(members) {
        let theirs = entity::Column::Member.is_in(chunk.iter().copied().map(sql::uuid));
        values.extend(list_where(from, theirs.and(entity::Column::RevokedAt.is_null())).await?);
    }
    Ok(values)
}

/// All values of these keys, revoked ones too, by key, oldest first.
pub async fn list_of_keys(from: &impl Source, keys: &[KeyId]) -> Result<Vec<Value>, StoreError> {
    let mut keys: Vec<Uuid> = keys.iter().copied().map(sql::uuid).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut values = Vec::new();
    for chunk in sql::chunks(&keys) {
        values.extend(list_where(from, entity::Column::Key.is_in(chunk.iter().copied())).await?);
    }
    values.sort_unstable_by_key(|value| (value.key, value.id));
    Ok(values)
}

/// The values of all keys of an account that are not revoked, oldest first.
pub async fn list_of_account(from: &impl Source, account: AccountId) -> Result<Vec<Value>, StoreError> {
    let keys =
        Query::select().column("id").from("key").and_where(Expr::col("account").eq(sql::uuid(account))).to_owned();
    list_where(from, entity::Column::Key.in_subquery(keys).and(entity::Column::RevokedAt.is_null())).await
}

async fn list_where(from: &impl Source, holds: Expr) -> Result<Vec<Value>, StoreError> {
    let query = entity::Entity::find().filter(holds).order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "value")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub key: Uuid,
        pub member: Option<Uuid>,
        pub hash: Vec<u8>,
        pub mask: String,
        pub created_at: i64,
        pub expires_at: Option<i64>,
        pub revoked_at: Option<i64>,
        pub withheld_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(value: &Value) -> entity::Model {
    entity::Model {
        id: sql::uuid(value.id),
        key: sql::uuid(value.key),
        member: value.member.map(sql::uuid),
        hash: value.hash.0.to_vec(),
        mask: value.mask.clone(),
        created_at: value.created_at.micros(),
        expires_at: value.expires_at.map(Timestamp::micros),
        revoked_at: value.revoked_at.map(Timestamp::micros),
        withheld_at: value.withheld_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> Result<Value, StoreError> {
    Ok(Value {
        id: sql::id(row.id),
        key: sql::id(row.key),
        member: row.member.map(sql::id),
        hash: Hash(row.hash.try_into().map_err(|_| StoreError::Corrupt { what: "value.hash" })?),
        mask: row.mask,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: row.expires_at.map(Timestamp::from_micros),
        revoked_at: row.revoked_at.map(Timestamp::from_micros),
        withheld_at: row.withheld_at.map(Timestamp::from_micros),
    })
}
