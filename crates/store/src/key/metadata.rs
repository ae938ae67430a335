//! Metadata of keys by pair, so that the keys with one are found without reading the others. A key's own row has its pairs too.

use domain::{id::AccountId, key::Key};
use sea_orm::{
    ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait, RelationDef, Select,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::page::KeyFilter;
use crate::{StoreError, Tx, noun, sql};

/// Adds the pairs of new keys.
pub(super) async fn insert_many(tx: &Tx, keys: &[Key]) -> Result<(), StoreError> {
    noun::insert_many(tx, keys.iter().flat_map(rows), "this pair of the key", "key of the pair").await
}

/// Makes the pairs of a key those that it has now.
pub(super) async fn replace(tx: &Tx, key: &Key) -> Result<(), StoreError> {
    entity::Entity::delete_many().filter(entity::Column::Key.eq(sql::uuid(key.id))).exec(tx.inner()).await?;
    insert_many(tx, std::slice::from_ref(key)).await
}

/// The ids of the account's keys that have this pair, for a condition.
pub(super) fn with_pair(account: AccountId, name: &str, value: &str) -> SelectStatement {
    let holds = Expr::col("account").eq(sql::uuid(account));
    let holds = holds.and(Expr::col("name").eq(name)).and(Expr::col("pair").eq(value));
    Query::select().column("key").from("key_metadata").and_where(holds).to_owned()
}

/// These keys, as far as they have this pair, in the order of their ids.
pub(super) fn walk(
    keys: Select<super::entity::Entity>,
    filter: &KeyFilter,
    name: &str,
    value: &str,
) -> Select<super::entity::Entity> {
    let pairs: RelationDef = entity::Entity::belongs_to(super::entity::Entity)
        .from(entity::Column::Key)
        .to(super::entity::Column::Id)
        .into();
    keys.join_rev(JoinType::InnerJoin, pairs)
        .filter(entity::Column::Account.eq(sql::uuid(filter.account)))
        .filter(entity::Column::Name.eq(name))
        .filter(entity::Column::Pair.eq(value))
        .apply_if(filter.after, |keys, after| keys.filter(entity::Column::Key.gt(sql::uuid(after))))
        .order_by_asc(entity::Column::Key)
}

fn rows(key: &Key) -> Vec<entity::Model> {
    let row = |(name, value): (&domain::name::MetadataName, &domain::name::MetadataValue)| entity::Model {
        account: sql::uuid(key.account),
        name: name.to_string(),
        pair: value.to_string(),
        key: sql::uuid(key.id),
    };
    key.metadata.iter().map(row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "key_metadata")]
    pub struct Model {
        pub account: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub pair: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
