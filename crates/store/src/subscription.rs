//! Subscriptions. Each has the quotas of its plan; they are made and changed here together with it.

use domain::{
    id::{AccountId, SubscriptionId},
    name::{ApiName, PlanName},
    subscription::Subscription,
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    Source, StoreError, Tx, api,
    change::{self, Touched},
    noun, plan,
    quota::{self, Owner},
    sql,
};

const EXISTS: &str = "a subscription of the account to this API";
const NEEDS: &str = "account, API or plan of this name";

/// Adds a subscription with the quotas of its plan, whose ids are made of `now` and `entropy`.
///
/// Errors: `Conflict` when the account has one to this API; `NotFound` when account, API or plan are not there.
pub async fn insert(
    tx: &Tx,
    subscription: &Subscription,
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<(), StoreError> {
    noun::insert(tx, to_row(subscription), EXISTS, NEEDS).await?;
    follow_plan(tx, subscription, now, entropy).await
}

/// Writes a changed subscription. Under another plan its quotas change: what both plans count goes on being counted;
/// a higher limit holds at once, a lower one from the next window.
///
/// Errors: as [`insert`]; `NotFound` when the subscription is not there.
pub async fn save(
    tx: &Tx,
    subscription: &Subscription,
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<(), StoreError> {
    noun::save(tx, to_row(subscription), EXISTS, NEEDS).await?;
    follow_plan(tx, subscription, now, entropy).await
}

/// The subscription with this id.
pub async fn find(from: &impl Source, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The subscriptions of an account, oldest first.
pub async fn list(from: &impl Source, account: AccountId) -> Result<Vec<Subscription>, StoreError> {
    list_where(from, entity::Column::Account.eq(sql::uuid(account))).await
}

/// The subscriptions of these accounts, each with its account, oldest first.
pub async fn list_of_accounts(from: &impl Source, accounts: &[AccountId]) -> Result<Vec<Subscription>, StoreError> {
    let mut found = Vec::with_capacity(accounts.len());
    for chunk in sql::chunks(accounts) {
        found.extend(list_where(from, entity::Column::Account.is_in(chunk.iter().copied().map(sql::uuid))).await?);
    }
    Ok(found)
}

/// The subscriptions under a plan, oldest first.
pub async fn list_under(from: &impl Source, plan: &PlanName) -> Result<Vec<Subscription>, StoreError> {
    list_where(from, entity::Column::Plan.eq(plan.as_str())).await
}

/// How many accounts are under a plan.
pub async fn accounts_under(from: &impl Source, plan: &PlanName) -> Result<u64, StoreError> {
    accounts_where(from, entity::Column::Plan.eq(plan.as_str())).await
}

/// Of the APIs that an account subscribes to and that `opens` names, the one with the dearest call, and its credits: less than
/// that must not be all that a limit ever lets through at once.
pub async fn dearest(
    from: &impl Source,
    account: AccountId,
    opens: impl Fn(&ApiName) -> bool,
) -> Result<Option<(ApiName, u32)>, StoreError> {
    let mut dearest: Option<(ApiName, u32)> = None;
    for subscription in list(from, account).await?.into_iter().filter(|subscription| opens(&subscription.api)) {
        let Some(api) = api::find(from, &subscription.api).await? else { continue };
        let credits = api.prices.dearest();
        if dearest.as_ref().is_none_or(|(_, most)| credits > *most) {
            dearest = Some((api.name, credits));
        }
    }
    Ok(dearest)
}

/// How many accounts subscribe to an API.
pub(crate) async fn accounts_of(from: &impl Source, api: &ApiName) -> Result<u64, StoreError> {
    accounts_where(from, entity::Column::Api.eq(api.as_str())).await
}

/// Whether an account subscribes to the API under the plan.
pub(crate) async fn is_in_use(from: &impl Source, api: &ApiName, plan: &PlanName) -> Result<bool, StoreError> {
    let of_api = entity::Entity::find().filter(entity::Column::Api.eq(api.as_str()));
    Ok(of_api.filter(entity::Column::Plan.eq(plan.as_str())).one(&from.executor()).await?.is_some())
}

async fn follow_plan(
    tx: &Tx,
    subscription: &Subscription,
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<(), StoreError> {
    let plan = plan::find(tx, &subscription.plan).await?.ok_or(StoreError::NotFound { what: "plan" })?;
    let owner = (Owner::Subscription(subscription.id), subscription.started_at);
    quota::sync::follow(tx, &[owner], &plan.quotas, now, entropy).await?;
    change::record(tx, Touched::Account(subscription.account)).await
}

async fn list_where(from: &impl Source, holds: sea_orm::sea_query::Expr) -> Result<Vec<Subscription>, StoreError> {
    let query = entity::Entity::find().filter(holds).order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

async fn accounts_where(from: &impl Source, holds: sea_orm::sea_query::Expr) -> Result<u64, StoreError> {
    let accounts = entity::Entity::find().select_only().column(entity::Column::Account).distinct().filter(holds);
    Ok(accounts.count(&from.executor()).await?)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "subscription")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub api: String,
        pub plan: String,
        pub started_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(subscription: &Subscription) -> entity::Model {
    entity::Model {
        id: sql::uuid(subscription.id),
        account: sql::uuid(subscription.account),
        api: subscription.api.to_string(),
        plan: subscription.plan.to_string(),
        started_at: subscription.started_at.micros(),
    }
}

fn of_row(row: entity::Model) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        id: sql::id(row.id),
        account: sql::id(row.account),
        api: sql::word(&row.api, "subscription.api")?,
        plan: sql::word(&row.plan, "subscription.plan")?,
        started_at: Timestamp::from_micros(row.started_at),
    })
}
