//! Publication: the APIs and plans of the operator's file become what the store holds, in one transaction.
//!
//! Subscriptions follow at once: see `quota/sync.rs` for what that means for running windows.

use domain::{
    api::Api,
    plan::{Plan, rate_below_dearest},
    time::Timestamp,
};
use sea_orm::{EntityTrait, QueryOrder};

use crate::{
    Refusal, Source, StoreError, Tx, api,
    change::{self, Touched},
    noun, plan,
    quota::{self, Owner},
    subscription,
};

/// What a publication did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The version that holds now; 0 before the first.
    pub version: u64,
    /// Whether anything differed from the version before.
    pub changed: bool,
    /// Subscriptions whose limits changed with their plan.
    pub subscriptions: u64,
}

/// Publishes what the operator's file declares. What is as it was makes no new version.
///
/// Errors: `Refused` when a plan or an API in use is gone, a default plan is not declared, or a plan in use could never serve the
/// dearest call of its API.
pub async fn publish(
    tx: &Tx,
    apis: &[Api],
    plans: &[Plan],
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<Published, StoreError> {
    let (apis_before, plans_before) = (api::list(tx).await?, plan::list(tx).await?);
    let latest = version(tx).await?;
    if same_set(apis, &apis_before) && same_set(plans, &plans_before) {
        return Ok(Published { version: latest, changed: false, subscriptions: 0 });
    }
    refuse_unknown_defaults(apis, plans)?;
    refuse_vanished_in_use(tx, apis, plans, &apis_before, &plans_before).await?;
    refuse_too_slow_in_use(tx, apis, plans).await?;

    for plan in plans {
        plan::put(tx, plan).await?;
    }
    for api in apis {
        api::put(tx, api).await?;
    }
    for gone in apis_before.iter().filter(|before| !apis.iter().any(|api| api.name == before.name)) {
        api::remove(tx, &gone.name).await?;
    }
    for gone in plans_before.iter().filter(|before| !plans.iter().any(|plan| plan.name == before.name)) {
        plan::remove(tx, &gone.name).await?;
    }
    let mut subscriptions = 0;
    for plan in plans.iter().filter(|plan| !plans_before.contains(plan)) {
        subscriptions += follow(tx, plan, now, entropy).await?;
    }
    let row = entity::Model { version: latest as i64 + 1, published_at: now.micros() };
    noun::insert(tx, row, "a publication of this version", "publication").await?;
    Ok(Published { version: latest + 1, changed: true, subscriptions })
}

/// The version that holds now; 0 before the first publication.
pub async fn version(from: &impl Source) -> Result<u64, StoreError> {
    let newest = entity::Entity::find().order_by_desc(entity::Column::Version).one(&from.executor()).await?;
    newest.map_or(Ok(0), |row| u64::try_from(row.version).map_err(|_| StoreError::Corrupt { what: "publication" }))
}

fn same_set<T: PartialEq>(one: &[T], other: &[T]) -> bool {
    one.len() == other.len() && one.iter().all(|item| other.contains(item))
}

fn refuse_unknown_defaults(apis: &[Api], plans: &[Plan]) -> Result<(), Refusal> {
    for api in apis {
        if let Some(plan) = &api.default_plan
            && !plans.iter().any(|declared| declared.name == *plan)
        {
            return Err(Refusal::UnknownDefaultPlan { api: api.name.clone(), plan: plan.clone() });
        }
    }
    Ok(())
}

async fn refuse_vanished_in_use(
    tx: &Tx,
    apis: &[Api],
    plans: &[Plan],
    apis_before: &[Api],
    plans_before: &[Plan],
) -> Result<(), StoreError> {
    for gone in plans_before.iter().filter(|before| !plans.iter().any(|plan| plan.name == before.name)) {
        let accounts = subscription::accounts_under(tx, &gone.name).await?;
        if accounts > 0 {
            return Err(Refusal::PlanInUse { plan: gone.name.clone(), accounts }.into());
        }
    }
    for gone in apis_before.iter().filter(|before| !apis.iter().any(|api| api.name == before.name)) {
        let accounts = subscription::accounts_of(tx, &gone.name).await?;
        if accounts > 0 {
            return Err(Refusal::ApiInUse { api: gone.name.clone(), accounts }.into());
        }
    }
    Ok(())
}

async fn refuse_too_slow_in_use(tx: &Tx, apis: &[Api], plans: &[Plan]) -> Result<(), StoreError> {
    for plan in plans {
        for api in apis {
            let Some((rate, dearest)) = rate_below_dearest(plan, &api.prices) else { continue };
            if subscription::is_in_use(tx, &api.name, &plan.name).await? {
                let (plan, api) = (plan.name.clone(), api.name.clone());
                return Err(Refusal::PlanTooSlow { plan, api, rate, dearest }.into());
            }
        }
    }
    Ok(())
}

/// Brings all subscriptions under a changed plan to its terms; returns how many.
async fn follow(
    tx: &Tx,
    plan: &Plan,
    now: Timestamp,
    entropy: &mut (dyn FnMut() -> u128 + Send),
) -> Result<u64, StoreError> {
    let subscriptions = subscription::list_under(tx, &plan.name).await?;
    let owners: Vec<(Owner, Timestamp)> =
        subscriptions.iter().map(|under| (Owner::Subscription(under.id), under.started_at)).collect();
    quota::sync::follow(tx, &owners, &plan.quotas, now, entropy).await?;
    let touched: Vec<Touched> = subscriptions.iter().map(|under| Touched::Account(under.account)).collect();
    change::record_many(tx, &touched).await?;
    Ok(subscriptions.len() as u64)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "publication")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub published_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
