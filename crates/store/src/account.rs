//! Accounts: who owns keys and pays.

use domain::{account::Account, id::AccountId, name::Title, time::Timestamp};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func},
};

use crate::{
    Source, StoreError, Tx, allowlist,
    change::{self, Touched},
    member, noun, sql,
};

/// The most accounts of one page.
pub const MAX_PAGE: u32 = 200;

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

/// Accounts, newest first, from the one before `before` on; at most `limit`, and [`MAX_PAGE`]. With `text` those whose name or
/// whose owner's mail address has it somewhere, in upper or lower case; each account is looked at then, until the page is full.
pub async fn page(
    from: &impl Source,
    text: Option<&str>,
    before: Option<AccountId>,
    limit: u32,
) -> Result<Vec<Account>, StoreError> {
    let most = Ord::min(limit, MAX_PAGE);
    let mut query = entity::Entity::find().order_by_desc(entity::Column::Id).limit(u64::from(most));
    if let Some(before) = before {
        query = query.filter(entity::Column::Id.lt(sql::uuid(before)));
    }
    if let Some(text) = text {
        let pattern = noun::containing(text);
        let named = Expr::from(Func::lower(Expr::col((entity::Entity, entity::Column::Name)))).like(pattern.clone());
        let owned = entity::Column::Id.in_subquery(member::accounts_of_owners(pattern));
        query = query.filter(Condition::any().add(named).add(owned));
    }
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
