//! Rate limits of keys. Those of accounts stand in their plans.

use domain::{
    id::KeyId,
    quota::Scope,
    rate_limit::{MAX_RATE, RateLimit},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Source, StoreError, Tx,
    change::{self, Touched},
    noun, sql,
};

/// Makes these the rate limits of a key, in place of those it had. Their scope is the key's, whatever they say.
///
/// Errors: `Conflict` when two have the same metric and span; `NotFound` when the key is not there.
pub async fn replace(tx: &Tx, key: KeyId, rates: &[RateLimit]) -> Result<(), StoreError> {
    let of_key = entity::Column::Key.eq(sql::uuid(key));
    entity::Entity::delete_many().filter(of_key).exec(tx.inner()).await?;
    let rows: Vec<entity::Model> = rates.iter().map(|rate| to_row(key, rate)).collect();
    noun::insert_many(tx, rows, "a rate limit of the key for this metric and span", "key").await?;
    change::record(tx, Touched::Key(key)).await
}

/// The rate limits of a key.
pub async fn list(from: &impl Source, key: KeyId) -> Result<Vec<RateLimit>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Key.eq(sql::uuid(key)))
        .order_by_asc(entity::Column::Metric)
        .order_by_asc(entity::Column::Per);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "rate_limit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub metric: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub per: String,
        pub units: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(key: KeyId, rate: &RateLimit) -> entity::Model {
    entity::Model {
        key: sql::uuid(key),
        metric: rate.metric.to_string(),
        per: rate.per.to_string(),
        units: sql::int(rate.limit.clamp(1, MAX_RATE)),
    }
}

fn of_row(row: entity::Model) -> Result<RateLimit, StoreError> {
    Ok(RateLimit {
        scope: Scope::Key,
        metric: sql::word(&row.metric, "rate_limit.metric")?,
        per: sql::word(&row.per, "rate_limit.per")?,
        limit: u64::try_from(row.units).map_err(|_| StoreError::Corrupt { what: "rate_limit.units" })?,
    })
}
