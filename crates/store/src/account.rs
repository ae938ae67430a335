//! Accounts: who owns keys and pays.

use domain::{account::Account, id::AccountId, name::Title, time::Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    Source, StoreError, Tx, allowlist,
    change::{self, Touched},
    noun, sql,
};

/// Adds an account.
///
/// Errors: `Conflict` when its id is taken.
pub async fn insert(tx: &Tx, account: &Account) -> Result<(), StoreError> {
    noun::insert(tx, to_row(account), "an account with this id", "account").await?;
    change::record(tx, Touched::Account(account.id)).await
}

/// The version of the account's policy: it rises with every change of the account, its lists and its subscriptions.
pub async fn version(from: &impl Source, id: AccountId) -> Result<u64, StoreError> {
    change::version_of(&from.executor(), Touched::Account(id)).await
}

/// Writes a changed account.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, account: &Account) -> Result<(), StoreError> {
    noun::save(tx, to_row(account), "an account with this id", "account").await?;
    change::record(tx, Touched::Account(account.id)).await
}

/// The account with this id.
pub async fn find(from: &impl Source, id: AccountId) -> Result<Option<Account>, StoreError> {
    let row = entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?;
    row.map(of_row).transpose()
}

/// The accounts with this name, oldest first: names are not unique.
pub async fn find_by_name(from: &impl Source, name: &Title) -> Result<Vec<Account>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Name.eq(name.as_str())).order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// All accounts, oldest first.
pub async fn list(from: &impl Source) -> Result<Vec<Account>, StoreError> {
    let query = entity::Entity::find().order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub created_at: i64,
        pub suspended_at: Option<i64>,
        pub addresses: String,
        pub domains: String,
        pub methods: String,
        pub contracts: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(account: &Account) -> entity::Model {
    entity::Model {
        id: sql::uuid(account.id),
        name: account.name.to_string(),
        created_at: account.created_at.micros(),
        suspended_at: account.suspended_at.map(Timestamp::micros),
        addresses: allowlist::write(&account.lists.addresses),
        domains: allowlist::write(&account.lists.domains),
        methods: allowlist::write(&account.lists.methods),
        contracts: allowlist::write(&account.lists.contracts),
    }
}

fn of_row(row: entity::Model) -> Result<Account, StoreError> {
    Ok(Account {
        id: sql::id(row.id),
        name: sql::word(&row.name, "account.name")?,
        lists: allowlist::read([&row.addresses, &row.domains, &row.methods, &row.contracts])?,
        created_at: Timestamp::from_micros(row.created_at),
        suspended_at: row.suspended_at.map(Timestamp::from_micros),
    })
}
