//! Idempotency keys: which requests were made under them, and how they were answered.

use domain::{
    idempotency::{Claim, Outcome, Slot},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a request under this idempotency key";

/// The request that was made under the key of a slot.
pub async fn find(from: &impl Source, slot: &Slot) -> Result<Option<Claim>, StoreError> {
    entity::Entity::find_by_id(key(slot)).one(&from.executor()).await?.map(of_row).transpose()
}

/// Takes the key for a request that has not run yet.
///
/// Errors: `Conflict` when it is taken.
pub async fn claim(tx: &Tx, claim: &Claim) -> Result<(), StoreError> {
    noun::insert(tx, to_row(claim), EXISTS, "caller").await
}

/// Writes down how the request was answered.
pub async fn finish(tx: &Tx, slot: &Slot, outcome: &Outcome) -> Result<(), StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::Status, Expr::value(i64::from(outcome.status)))
        .col_expr(entity::Column::Answer, Expr::value(outcome.body.clone()))
        .filter(of(slot));
    change.exec(tx.inner()).await?;
    Ok(())
}

/// Gives the key back: nothing was done under it.
pub async fn release(tx: &Tx, slot: &Slot) -> Result<(), StoreError> {
    entity::Entity::delete_many().filter(of(slot)).exec(tx.inner()).await?;
    Ok(())
}

/// Whether a caller has at least so many keys.
pub async fn has(from: &impl Source, caller: u128, keys: u64) -> Result<bool, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Caller.eq(Uuid::from_u128(caller)))
        .order_by_asc(entity::Column::Route)
        .order_by_asc(entity::Column::IdempotencyKey)
        .offset(keys.saturating_sub(1))
        .limit(1);
    Ok(query.one(&from.executor()).await?.is_some())
}

/// Deletes keys that were taken before this moment; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let deletion = entity::Entity::delete_many().filter(entity::Column::ClaimedAt.lt(before.micros()));
    Ok(deletion.exec(tx.inner()).await?.rows_affected)
}

fn key(slot: &Slot) -> (Uuid, String, String) {
    (Uuid::from_u128(slot.caller), slot.route.clone(), slot.key.to_string())
}

fn of(slot: &Slot) -> sea_orm::Condition {
    let (caller, route, key) = key(slot);
    sea_orm::Condition::all()
        .add(entity::Column::Caller.eq(caller))
        .add(entity::Column::Route.eq(route))
        .add(entity::Column::IdempotencyKey.eq(key))
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub caller: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub route: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub idempotency_key: String,
        pub body: Vec<u8>,
        pub claimed_at: i64,
        pub status: Option<i64>,
        pub answer: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(claim: &Claim) -> entity::Model {
    let (caller, route, idempotency_key) = key(&claim.slot);
    entity::Model {
        caller,
        route,
        idempotency_key,
        body: claim.body.to_vec(),
        claimed_at: claim.claimed_at.micros(),
        status: claim.outcome.as_ref().map(|outcome| outcome.status.into()),
        answer: claim.outcome.as_ref().and_then(|outcome| outcome.body.clone()),
    }
}

fn of_row(row: entity::Model) -> Result<Claim, StoreError> {
    let corrupt = |what| StoreError::Corrupt { what };
    let status = row.status.map(u16::try_from).transpose().map_err(|_| corrupt("idempotency.status"))?;
    let slot = Slot {
        caller: row.caller.as_u128(),
        route: row.route,
        key: sql::word(&row.idempotency_key, "idempotency.idempotency_key")?,
    };
    Ok(Claim {
        slot,
        body: row.body.try_into().map_err(|_| corrupt("idempotency.body"))?,
        claimed_at: Timestamp::from_micros(row.claimed_at),
        outcome: status.map(|status| Outcome { status, body: row.answer }),
    })
}
