//! APIs as the operator published them, without upstreams and credentials; written by `publication.rs` only.

use domain::{
    api::Api,
    name::ApiName,
    price::{Price, PriceList},
};
use sea_orm::{EntityTrait, QueryOrder, sea_query::OnConflict};
use serde::{Deserialize, Serialize};

use crate::{Source, StoreError, Tx, sql};

/// The API of this name.
pub async fn find(from: &impl Source, name: &ApiName) -> Result<Option<Api>, StoreError> {
    entity::Entity::find_by_id(name.as_str()).one(&from.executor()).await?.map(of_row).transpose()
}

/// All APIs by name.
pub async fn list(from: &impl Source) -> Result<Vec<Api>, StoreError> {
    let query = entity::Entity::find().order_by_asc(entity::Column::Name);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// Writes an API, new or over the one of its name.
pub(crate) async fn put(tx: &Tx, api: &Api) -> Result<(), StoreError> {
    use entity::Column::{DefaultPlan, Dialect, Networks, Prices, Protocol, Title};
    let over = OnConflict::column(entity::Column::Name)
        .update_columns([Title, Protocol, Dialect, Networks, Prices, DefaultPlan])
        .to_owned();
    let row: entity::ActiveModel = to_row(api).into();
    entity::Entity::insert(row).on_conflict(over).exec_without_returning(tx.inner()).await?;
    Ok(())
}

/// Drops an API that nothing refers to.
pub(crate) async fn remove(tx: &Tx, name: &ApiName) -> Result<(), StoreError> {
    entity::Entity::delete_by_id(name.as_str()).exec(tx.inner()).await?;
    Ok(())
}

/// A price list in the column's JSON; no figure: free.
#[derive(Serialize, Deserialize)]
struct StoredPrices {
    default: Option<u32>,
    patterns: Vec<(String, Option<u32>)>,
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "api")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub title: String,
        pub protocol: String,
        pub dialect: String,
        pub networks: String,
        pub prices: String,
        pub default_plan: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(api: &Api) -> entity::Model {
    let stored = |price: &Price| match price {
        Price::Credits(credits) => Some(*credits),
        Price::Free => None,
    };
    let patterns = api.prices.patterns.iter().map(|(pattern, price)| (pattern.clone(), stored(price))).collect();
    let prices = StoredPrices { default: stored(&api.prices.default), patterns };
    entity::Model {
        name: api.name.to_string(),
        title: api.title.to_string(),
        protocol: api.protocol.to_string(),
        dialect: api.dialect.to_string(),
        networks: serde_json::to_string(&api.networks).expect("names are text"),
        prices: serde_json::to_string(&prices).expect("words and figures"),
        default_plan: api.default_plan.as_ref().map(ToString::to_string),
    }
}

fn of_row(row: entity::Model) -> Result<Api, StoreError> {
    let corrupt = |what| StoreError::Corrupt { what };
    let prices: StoredPrices = serde_json::from_str(&row.prices).map_err(|_| corrupt("api.prices"))?;
    let price = |stored: Option<u32>| stored.map_or(Price::Free, Price::Credits);
    let patterns = prices.patterns.into_iter().map(|(pattern, stored)| (pattern, price(stored))).collect();
    Ok(Api {
        name: sql::word(&row.name, "api.name")?,
        title: sql::word(&row.title, "api.title")?,
        protocol: sql::word(&row.protocol, "api.protocol")?,
        dialect: sql::word(&row.dialect, "api.dialect")?,
        networks: serde_json::from_str(&row.networks).map_err(|_| corrupt("api.networks"))?,
        prices: PriceList { default: price(prices.default), patterns },
        default_plan: row.default_plan.map(|plan| sql::word(&plan, "api.default_plan")).transpose()?,
    })
}
