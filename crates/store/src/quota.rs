//! Quotas: of subscriptions (scope account, given by the plan), of members (caps) and of keys.

use domain::{
    id::{KeyId, MemberId, QuotaId, SubscriptionId},
    quota::{MAX_LIMIT, Quota, QuotaTerms, Scope},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    Refusal, Source, StoreError, Tx,
    change::{self, Touched},
    ledger, noun, sql, subscription,
};

pub(crate) mod sync;

/// Whose calls a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// An account's calls to one API.
    Subscription(SubscriptionId),
    /// The calls of all values that a member owns.
    Member(MemberId),
    /// The calls of all values of a key.
    Key(KeyId),
}

impl Owner {
    /// The scope of the owner's quotas.
    pub const fn scope(self) -> Scope {
        match self {
            Owner::Subscription(_) => Scope::Account,
            Owner::Member(_) => Scope::Member,
            Owner::Key(_) => Scope::Key,
        }
    }

    fn uuid(self) -> Uuid {
        match self {
            Owner::Subscription(id) => sql::uuid(id),
            Owner::Member(id) => sql::uuid(id),
            Owner::Key(id) => sql::uuid(id),
        }
    }

    fn of(scope: Scope, uuid: Uuid) -> Owner {
        match scope {
            Scope::Account => Owner::Subscription(sql::id(uuid)),
            Scope::Member => Owner::Member(sql::id(uuid)),
            Scope::Key => Owner::Key(sql::id(uuid)),
        }
    }
}

/// Adds a quota. `anchor` is where cycles and spans of days begin.
///
/// Errors: `Conflict` when the owner has one for this metric and period; `Refused` for a limit that cannot be stored.
pub async fn insert(
    tx: &Tx,
    owner: Owner,
    id: QuotaId,
    terms: QuotaTerms,
    anchor: Timestamp,
) -> Result<Quota, StoreError> {
    let quota = add(tx, owner, id, terms, anchor).await?;
    touch(tx, owner).await?;
    Ok(quota)
}

/// Changes the limit. A higher one holds at once, in the running window too; a lower one from the next window.
///
/// Errors: `NotFound`; `Refused` for a limit that cannot be stored.
pub async fn save_limit(tx: &Tx, id: QuotaId, limit: u64, now: Timestamp) -> Result<(), StoreError> {
    let (quota, owner) = find(tx, id).await?.ok_or(StoreError::NotFound { what: "quota" })?;
    set_limit(tx, owner, &quota, limit, now).await?;
    touch(tx, owner).await
}

/// Makes these the quotas of an owner. One for the same metric and period keeps its counters; its limit changes as by
/// [`save_limit`]. New ones get ids of `now` and `entropy`. `terms` name a metric and period once.
///
/// Errors: `Conflict` when two new ones have the same metric and period; `Refused` for a limit that cannot be stored.
pub async fn replace(
    tx: &Tx,
    (owner, anchor): (Owner, Timestamp),
    terms: &[QuotaTerms],
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<(), StoreError> {
    sync::follow(tx, &[(owner, anchor)], terms, now, entropy).await?;
    touch(tx, owner).await
}

/// Drops a quota: no counter of it gives units any more. What was counted stays in ledger and log.
///
/// Errors: `NotFound`.
pub async fn remove(tx: &Tx, id: QuotaId) -> Result<(), StoreError> {
    let (_, owner) = find(tx, id).await?.ok_or(StoreError::NotFound { what: "quota" })?;
    drop_row(tx, id).await?;
    touch(tx, owner).await
}

/// The quota with this id, and whose it is.
pub async fn find(from: &impl Source, id: QuotaId) -> Result<Option<(Quota, Owner)>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The quotas of an owner, oldest first.
pub async fn list(from: &impl Source, owner: Owner) -> Result<Vec<Quota>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Owner.eq(owner.uuid()))
        .filter(entity::Column::Scope.eq(owner.scope().as_str()))
        .order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(|row| Ok(of_row(row)?.0)).collect()
}

/// The quotas of these keys, each with its key, in no order.
pub async fn list_of_keys(from: &impl Source, keys: &[KeyId]) -> Result<Vec<(KeyId, Quota)>, StoreError> {
    let mut found = Vec::new();
    for chunk in sql::chunks(keys) {
        let of_these = entity::Column::Owner.is_in(chunk.iter().copied().map(sql::uuid));
        let query = entity::Entity::find().filter(of_these).filter(entity::Column::Scope.eq(Scope::Key.as_str()));
        for row in query.all(&from.executor()).await? {
            found.push((sql::id(row.owner), of_row(row)?.0));
        }
    }
    Ok(found)
}

async fn add(tx: &Tx, owner: Owner, id: QuotaId, terms: QuotaTerms, anchor: Timestamp) -> Result<Quota, StoreError> {
    let QuotaTerms { metric, period, limit } = terms;
    let quota = Quota { id, scope: owner.scope(), metric, period, anchor, limit };
    let row = to_row(&quota, owner)?;
    noun::insert(tx, row, "a quota of the owner for this metric and period", "owner of the quota").await?;
    Ok(quota)
}

async fn set_limit(tx: &Tx, owner: Owner, quota: &Quota, limit: u64, now: Timestamp) -> Result<(), StoreError> {
    let changed = Quota { limit, ..*quota };
    noun::save(tx, to_row(&changed, owner)?, "a quota with this id", "quota").await?;
    ledger::limit::change(tx, &changed, now).await
}

async fn drop_row(tx: &Tx, id: QuotaId) -> Result<(), StoreError> {
    entity::Entity::delete_by_id(sql::uuid(id)).exec(tx.inner()).await?;
    Ok(())
}

/// Tells the gateways: of the noun that carries the quota.
async fn touch(tx: &Tx, owner: Owner) -> Result<(), StoreError> {
    let touched = match owner {
        Owner::Subscription(id) => {
            let subscription = subscription::find(tx, id).await?;
            Touched::Account(subscription.ok_or(StoreError::NotFound { what: "subscription" })?.account)
        }
        Owner::Member(id) => Touched::Member(id),
        Owner::Key(id) => Touched::Key(id),
    };
    change::record(tx, touched).await
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "quota")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub owner: Uuid,
        pub scope: String,
        pub metric: String,
        pub period: String,
        pub anchor: i64,
        pub units: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(quota: &Quota, owner: Owner) -> Result<entity::Model, StoreError> {
    if quota.limit > MAX_LIMIT {
        return Err(Refusal::LimitTooLarge(quota.id).into());
    }
    Ok(entity::Model {
        id: sql::uuid(quota.id),
        owner: owner.uuid(),
        scope: quota.scope.to_string(),
        metric: quota.metric.to_string(),
        period: quota.period.to_string(),
        anchor: quota.anchor.micros(),
        units: sql::int(quota.limit),
    })
}

fn of_row(row: entity::Model) -> Result<(Quota, Owner), StoreError> {
    let scope = sql::word(&row.scope, "quota.scope")?;
    let quota = Quota {
        id: sql::id(row.id),
        scope,
        metric: sql::word(&row.metric, "quota.metric")?,
        period: sql::word(&row.period, "quota.period")?,
        anchor: Timestamp::from_micros(row.anchor),
        limit: u64::try_from(row.units).map_err(|_| StoreError::Corrupt { what: "quota.units" })?,
    };
    Ok((quota, Owner::of(scope, row.owner)))
}
