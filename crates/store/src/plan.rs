//! Plans as the operator published them; written by `publication.rs` only.

use domain::{
    name::PlanName,
    plan::Plan,
    quota::{QuotaTerms, Scope},
    rate_limit::RateLimit,
};
use sea_orm::{EntityTrait, QueryOrder, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use crate::{Source, StoreError, Tx, sql};

/// The plan of this name.
pub async fn find(from: &impl Source, name: &PlanName) -> Result<Option<Plan>, StoreError> {
    entity::Entity::find_by_id(name.as_str()).one(&from.executor()).await?.map(of_row).transpose()
}

/// All plans by name.
pub async fn list(from: &impl Source) -> Result<Vec<Plan>, StoreError> {
    let query = entity::Entity::find().order_by_asc(entity::Column::Name);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// Writes a plan, new or over the one of its name.
pub(crate) async fn put(tx: &Tx, plan: &Plan) -> Result<(), StoreError> {
    use entity::Column::{MaxKeys, MaxMembers, Quotas, Rates, Title};
    let over =
        OnConflict::column(entity::Column::Name).update_columns([Title, Quotas, Rates, MaxKeys, MaxMembers]).to_owned();
    let row: entity::ActiveModel = to_row(plan).into();
    entity::Entity::insert(row).on_conflict(over).exec_without_returning(tx.inner()).await?;
    Ok(())
}

/// Drops a plan that nothing refers to.
pub(crate) async fn remove(tx: &Tx, name: &PlanName) -> Result<(), StoreError> {
    entity::Entity::delete_by_id(name.as_str()).exec(tx.inner()).await?;
    Ok(())
}

/// Rate limits as a plan stores them.
pub(crate) fn read_rates(json: &str) -> Result<Vec<RateLimit>, StoreError> {
    let corrupt = || StoreError::Corrupt { what: "plan.rates" };
    let rates: Vec<StoredRate> = serde_json::from_str(json).map_err(|_| corrupt())?;
    let read = |rate: StoredRate| {
        Ok(RateLimit {
            scope: Scope::Account,
            metric: sql::word(&rate.metric, "plan.rates")?,
            per: sql::word(&rate.per, "plan.rates")?,
            limit: rate.limit,
        })
    };
    rates.into_iter().map(read).collect()
}

/// One quota of a plan in the column's JSON.
#[derive(Serialize, Deserialize)]
struct StoredTerms {
    metric: String,
    period: String,
    limit: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    overage: Option<u64>,
}

/// One rate limit of a plan in the column's JSON.
#[derive(Serialize, Deserialize)]
struct StoredRate {
    metric: String,
    per: String,
    limit: u64,
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "plan")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub title: String,
        pub quotas: String,
        pub rates: String,
        pub max_keys: Option<i64>,
        pub max_members: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(plan: &Plan) -> entity::Model {
    let terms = |terms: &QuotaTerms| StoredTerms {
        metric: terms.metric.to_string(),
        period: terms.period.to_string(),
        limit: terms.limit,
        overage: terms.overage,
    };
    let rate =
        |rate: &RateLimit| StoredRate { metric: rate.metric.to_string(), per: rate.per.to_string(), limit: rate.limit };
    let quotas: Vec<StoredTerms> = plan.quotas.iter().map(terms).collect();
    let rates: Vec<StoredRate> = plan.rates.iter().map(rate).collect();
    entity::Model {
        name: plan.name.to_string(),
        title: plan.title.to_string(),
        quotas: serde_json::to_string(&quotas).expect("words and figures"),
        rates: serde_json::to_string(&rates).expect("words and figures"),
        max_keys: plan.max_keys.map(i64::from),
        max_members: plan.max_members.map(i64::from),
    }
}

fn of_row(row: entity::Model) -> Result<Plan, StoreError> {
    let corrupt = |what| StoreError::Corrupt { what };
    let quotas: Vec<StoredTerms> = serde_json::from_str(&row.quotas).map_err(|_| corrupt("plan.quotas"))?;
    let terms = |terms: StoredTerms| {
        Ok(QuotaTerms {
            metric: sql::word(&terms.metric, "plan.quotas")?,
            period: sql::word(&terms.period, "plan.quotas")?,
            limit: terms.limit,
            overage: terms.overage,
        })
    };
    let most = |most: Option<i64>, what| most.map(u32::try_from).transpose().map_err(|_| corrupt(what));
    Ok(Plan {
        name: sql::word(&row.name, "plan.name")?,
        title: sql::word(&row.title, "plan.title")?,
        quotas: quotas.into_iter().map(terms).collect::<Result<_, StoreError>>()?,
        rates: read_rates(&row.rates)?,
        max_keys: most(row.max_keys, "plan.max_keys")?,
        max_members: most(row.max_members, "plan.max_members")?,
    })
}
