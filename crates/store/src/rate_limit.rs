//! Rate limits of members and of keys. Those of accounts stand in their plans.

use std::collections::BTreeMap;

use domain::{
    id::{KeyId, MemberId},
    quota::Scope,
    rate_limit::{MAX_RATE, RateLimit},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{Source, StoreError, Tx, noun, quota, sql};

/// Whose calls a rate limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The calls of all values that a member owns.
    Member(MemberId),
    /// The calls of all values of a key.
    Key(KeyId),
}

/// What has rates can have quotas.
impl From<Owner> for quota::Owner {
    fn from(owner: Owner) -> quota::Owner {
        match owner {
            Owner::Member(id) => quota::Owner::Member(id),
            Owner::Key(id) => quota::Owner::Key(id),
        }
    }
}

impl From<KeyId> for Owner {
    fn from(id: KeyId) -> Owner {
        Owner::Key(id)
    }
}

impl From<MemberId> for Owner {
    fn from(id: MemberId) -> Owner {
        Owner::Member(id)
    }
}

/// Makes these the rate limits of a member or a key, in place of those it had. Their scope is the owner's, whatever they say.
///
/// Errors: `Conflict` when two have the same metric and span.
pub async fn replace(tx: &Tx, owner: impl Into<Owner>, rates: &[RateLimit]) -> Result<(), StoreError> {
    let owner = quota::Owner::from(owner.into());
    let (of_owner, of_scope) =
        (entity::Column::Owner.eq(owner.uuid()), entity::Column::Scope.eq(owner.scope().as_str()));
    entity::Entity::delete_many().filter(of_owner).filter(of_scope).exec(tx.inner()).await?;
    let rows: Vec<entity::Model> = rates.iter().map(|rate| to_row(owner, rate)).collect();
    noun::insert_many(tx, rows, "a rate limit of the owner for this metric and span", "owner of the rate limit")
        .await?;
    quota::touch(tx, owner).await
}

/// The rate limits of a member or a key, by metric and span.
pub async fn list(from: &impl Source, owner: impl Into<Owner>) -> Result<Vec<RateLimit>, StoreError> {
    let owner = quota::Owner::from(owner.into());
    let query = entity::Entity::find()
        .filter(entity::Column::Owner.eq(owner.uuid()))
        .filter(entity::Column::Scope.eq(owner.scope().as_str()))
        .order_by_asc(entity::Column::Metric)
        .order_by_asc(entity::Column::Per);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The rate limits of these members, each by metric and span; a member without any is missing.
pub async fn list_of_members(
    from: &impl Source,
    members: &[MemberId],
) -> Result<BTreeMap<MemberId, Vec<RateLimit>>, StoreError> {
    let mut found: BTreeMap<MemberId, Vec<RateLimit>> = BTreeMap::new();
    for chunk in sql::chunks(members) {
        let query = entity::Entity::find()
            .filter(entity::Column::Owner.is_in(chunk.iter().copied().map(sql::uuid)))
            .filter(entity::Column::Scope.eq(Scope::Member.as_str()))
            .order_by_asc(entity::Column::Metric)
            .order_by_asc(entity::Column::Per);
        for row in query.all(&from.executor()).await? {
            found.entry(sql::id(row.owner)).or_default().push(of_row(row)?);
        }
    }
    Ok(found)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "rate_limit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub owner: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub scope: String,
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

fn to_row(owner: quota::Owner, rate: &RateLimit) -> entity::Model {
    entity::Model {
        owner: owner.uuid(),
        scope: owner.scope().to_string(),
        metric: rate.metric.to_string(),
        per: rate.per.to_string(),
        units: sql::int(rate.limit.clamp(1, MAX_RATE)),
    }
}

fn of_row(row: entity::Model) -> Result<RateLimit, StoreError> {
    Ok(RateLimit {
        scope: sql::word(&row.scope, "rate_limit.scope")?,
        metric: sql::word(&row.metric, "rate_limit.metric")?,
        per: sql::word(&row.per, "rate_limit.per")?,
        limit: u64::try_from(row.units).map_err(|_| StoreError::Corrupt { what: "rate_limit.units" })?,
    })
}
