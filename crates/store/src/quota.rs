//! Quotas: of subscriptions (scope account, given by the plan), of members (caps) and of keys.

use std::collections::BTreeMap;

use domain::{
    id::{Id, KeyId, MemberId, Noun, QuotaId, SubscriptionId},
    quota::{MAX_LIMIT, Overage, Quota, QuotaTerms, Scope},
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

    pub(crate) fn uuid(self) -> Uuid {
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

/// Adds a quota that refuses when it is used up: only plans give an overage. `anchor` is where cycles and spans of days begin.
///
/// Errors: `Conflict` when the owner has one for this metric and period; `Refused` for a limit that cannot be stored.
pub async fn insert(
    tx: &Tx,
    owner: Owner,
    id: QuotaId,
    terms: QuotaTerms,
    anchor: Timestamp,
) -> Result<Quota, StoreError> {
    let QuotaTerms { metric, period, limit, overage: _ } = terms;
    let quota = Quota { id, scope: owner.scope(), metric, period, anchor, limit, overage: None };
    add(tx, owner, QuotaRow { quota, is_overage: false }).await?;
    touch(tx, owner).await?;
    Ok(quota)
}

/// Changes the limit. A higher one holds at once, in the running window too; a lower one from the next window.
///
/// Errors: `NotFound`; `Refused` for a limit that cannot be stored.
pub async fn save_limit(tx: &Tx, id: QuotaId, limit: u64, now: Timestamp) -> Result<(), StoreError> {
    let (quota, owner) = find(tx, id).await?.ok_or(StoreError::NotFound { what: "quota" })?;
    set_limit(tx, owner, QuotaRow { quota, is_overage: false }, limit, now).await?;
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

/// Drops a quota, and its overage: no counter of it gives units any more. What was counted stays in ledger and log.
///
/// Errors: `NotFound`.
pub async fn remove(tx: &Tx, id: QuotaId) -> Result<(), StoreError> {
    let (_, owner) = find(tx, id).await?.ok_or(StoreError::NotFound { what: "quota" })?;
    let quota = list(tx, owner).await?.into_iter().find(|quota| quota.id == id);
    for row in quota.iter().flat_map(rows_of) {
        drop_row(tx, row.quota.id).await?;
    }
    touch(tx, owner).await
}

/// The quota with this id, and whose it is; without its overage.
pub async fn find(from: &impl Source, id: QuotaId) -> Result<Option<(Quota, Owner)>, StoreError> {
    let row = entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()?;
    Ok(row.map(|(row, owner)| (row.quota, owner)))
}

/// The quotas of an owner, oldest first.
pub async fn list(from: &impl Source, owner: Owner) -> Result<Vec<Quota>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Owner.eq(owner.uuid()))
        .filter(entity::Column::Scope.eq(owner.scope().as_str()))
        .order_by_asc(entity::Column::Id);
    let found = query.all(&from.executor()).await?;
    let rows = found.into_iter().map(|row| Ok(of_row(row)?.0)).collect::<Result<Vec<QuotaRow>, StoreError>>()?;
    Ok(whole(rows))
}

/// The quotas of these keys, each with its key, in no order.
pub async fn list_of_keys(from: &impl Source, keys: &[KeyId]) -> Result<Vec<(KeyId, Quota)>, StoreError> {
    list_of_owners(from, Scope::Key, keys).await
}

/// The caps of these members, each with its member, in no order.
pub async fn list_of_members(from: &impl Source, members: &[MemberId]) -> Result<Vec<(MemberId, Quota)>, StoreError> {
    list_of_owners(from, Scope::Member, members).await
}

async fn list_of_owners<N: Noun>(
    from: &impl Source,
    scope: Scope,
    owners: &[Id<N>],
) -> Result<Vec<(Id<N>, Quota)>, StoreError> {
    let mut rows: BTreeMap<Id<N>, Vec<QuotaRow>> = BTreeMap::new();
    for chunk in sql::chunks(owners) {
        let of_these = entity::Column::Owner.is_in(chunk.iter().copied().map(sql::uuid));
        let query = entity::Entity::find().filter(of_these).filter(entity::Column::Scope.eq(scope.as_str()));
        for row in query.all(&from.executor()).await? {
            rows.entry(sql::id(row.owner)).or_default().push(of_row(row)?.0);
        }
    }
    Ok(rows.into_iter().flat_map(|(owner, rows)| whole(rows).into_iter().map(move |quota| (owner, quota))).collect())
}

/// A row of a quota: its own, or its overage's, which the ledger counts like any quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct QuotaRow {
    pub(crate) quota: Quota,
    pub(crate) is_overage: bool,
}

/// The quotas that these rows of one owner make, in their order.
pub(crate) fn whole(rows: Vec<QuotaRow>) -> Vec<Quota> {
    let (beyond, own): (Vec<QuotaRow>, Vec<QuotaRow>) = rows.into_iter().partition(|row| row.is_overage);
    let with_overage = |QuotaRow { quota, .. }: QuotaRow| {
        let same = |row: &&QuotaRow| (row.quota.metric, row.quota.period) == (quota.metric, quota.period);
        let overage = beyond.iter().find(same).map(|row| Overage { id: row.quota.id, limit: row.quota.limit });
        Quota { overage, ..quota }
    };
    own.into_iter().map(with_overage).collect()
}

/// The rows that a quota has.
fn rows_of(quota: &Quota) -> impl Iterator<Item = QuotaRow> {
    let own = QuotaRow { quota: Quota { overage: None, ..*quota }, is_overage: false };
    let beyond = quota.beyond().map(|quota| QuotaRow { quota, is_overage: true });
    [own].into_iter().chain(beyond)
}

async fn add(tx: &Tx, owner: Owner, row: QuotaRow) -> Result<(), StoreError> {
    let row = to_row(&row, owner)?;
    noun::insert(tx, row, "a quota of the owner for this metric and period", "owner of the quota").await
}

async fn set_limit(tx: &Tx, owner: Owner, row: QuotaRow, limit: u64, now: Timestamp) -> Result<(), StoreError> {
    let changed = QuotaRow { quota: Quota { limit, ..row.quota }, ..row };
    noun::save(tx, to_row(&changed, owner)?, "a quota with this id", "quota").await?;
    ledger::limit::change(tx, &changed.quota, now).await
}

async fn drop_row(tx: &Tx, id: QuotaId) -> Result<(), StoreError> {
    entity::Entity::delete_by_id(sql::uuid(id)).exec(tx.inner()).await?;
    Ok(())
}

/// Tells the gateways: of the noun that carries the quota.
/// Notes that what the owner's calls may do was changed.
pub(crate) async fn touch(tx: &Tx, owner: Owner) -> Result<(), StoreError> {
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
        pub overage: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(row: &QuotaRow, owner: Owner) -> Result<entity::Model, StoreError> {
    let QuotaRow { quota, is_overage } = row;
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
        overage: *is_overage,
    })
}

fn of_row(row: entity::Model) -> Result<(QuotaRow, Owner), StoreError> {
    let scope = sql::word(&row.scope, "quota.scope")?;
    let quota = Quota {
        id: sql::id(row.id),
        scope,
        metric: sql::word(&row.metric, "quota.metric")?,
        period: sql::word(&row.period, "quota.period")?,
        anchor: Timestamp::from_micros(row.anchor),
        limit: u64::try_from(row.units).map_err(|_| StoreError::Corrupt { what: "quota.units" })?,
        overage: None,
    };
    Ok((QuotaRow { quota, is_overage: row.overage }, Owner::of(scope, row.owner)))
}
