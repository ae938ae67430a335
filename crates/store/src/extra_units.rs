//! Extra units: granted here, and counted by the ledger from then on.

use domain::{
    extra_units::{ExtraUnits, ExtraUnitsRefused},
    id::{AccountId, ExtraUnitsId},
    quota::Quota,
    time::{Timestamp, Window},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Source, StoreError, Tx, ledger, noun, sql};

/// The most grants of one page.
pub const MAX_PAGE: u32 = 200;

/// Adds the units to the window, which is the running one of `quota`, and writes down that and why.
///
/// Errors, the inner one: more than can be counted. The outer ones: `Conflict` when the id is taken; `NotFound` when the account
/// or the quota is not there.
pub async fn grant(tx: &Tx, extra: &ExtraUnits, quota: &Quota) -> Result<Result<u64, ExtraUnitsRefused>, StoreError> {
    match ledger::extra::add(tx, quota, extra.window.start, extra.units).await? {
        None => Ok(Err(ExtraUnitsRefused::TooMany)),
        Some(limit) => {
            noun::insert(tx, to_row(extra), "a grant with this id", "account").await?;
            Ok(Ok(limit))
        }
    }
}

/// What an account was granted, newest first, from the grant before `before` on; at most `limit`, and [`MAX_PAGE`].
pub async fn list(
    from: &impl Source,
    account: AccountId,
    before: Option<ExtraUnitsId>,
    limit: u32,
) -> Result<Vec<ExtraUnits>, StoreError> {
    let mut query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .order_by_desc(entity::Column::Id)
        .limit(u64::from(limit.min(MAX_PAGE)));
    if let Some(before) = before {
        query = query.filter(entity::Column::Id.lt(sql::uuid(before)));
    }
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "extra_units")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub api: String,
        pub quota: Uuid,
        pub metric: String,
        pub period: String,
        pub starts_at: i64,
        pub ends_at: i64,
        pub units: i64,
        pub reason: String,
        pub granted_by: String,
        pub granted_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(extra: &ExtraUnits) -> entity::Model {
    entity::Model {
        id: sql::uuid(extra.id),
        account: sql::uuid(extra.account),
        api: extra.api.to_string(),
        quota: sql::uuid(extra.quota),
        metric: extra.metric.to_string(),
        period: extra.period.to_string(),
        starts_at: extra.window.start.micros(),
        ends_at: extra.window.end.micros(),
        units: sql::int(extra.units),
        reason: extra.reason.to_string(),
        granted_by: extra.granted_by.clone(),
        granted_at: extra.granted_at.micros(),
    }
}

fn of_row(row: entity::Model) -> Result<ExtraUnits, StoreError> {
    let (start, end) = (Timestamp::from_micros(row.starts_at), Timestamp::from_micros(row.ends_at));
    Ok(ExtraUnits {
        id: sql::id(row.id),
        account: sql::id(row.account),
        api: sql::word(&row.api, "extra_units.api")?,
        quota: sql::id(row.quota),
        metric: sql::word(&row.metric, "extra_units.metric")?,
        period: sql::word(&row.period, "extra_units.period")?,
        window: Window { start, end },
        units: u64::try_from(row.units).map_err(|_| StoreError::Corrupt { what: "extra_units.units" })?,
        reason: sql::word(&row.reason, "extra_units.reason")?,
        granted_by: row.granted_by,
        granted_at: Timestamp::from_micros(row.granted_at),
    })
}
