//! Access tokens: with what programs act for persons. The gateway knows nothing of them: no change feed.

use domain::{
    access_token::AccessToken,
    id::{AccessTokenId, AccountId, PersonId},
    permission::{Permission, Permissions},
    time::Timestamp,
    token::TokenHash,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, UpdateMany, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "an access token with this id or text";

/// Adds an access token.
///
/// Errors: `Conflict` when its id or text is taken, `NotFound` when the person or the account is not there.
pub async fn insert(tx: &Tx, token: &AccessToken) -> Result<(), StoreError> {
    noun::insert(tx, to_row(token), EXISTS, "person or account").await
}

/// Writes a changed access token.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, token: &AccessToken) -> Result<(), StoreError> {
    noun::save(tx, to_row(token), EXISTS, "access token").await
}

/// The access token with this id, whether or not it is over.
pub async fn find(from: &impl Source, id: AccessTokenId) -> Result<Option<AccessToken>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The access token whose text has this hash, whether or not it is over.
pub async fn find_by_hash(from: &impl Source, hash: &TokenHash) -> Result<Option<AccessToken>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The access tokens of a person that still let programs in, newest first.
pub async fn list_open(from: &impl Source, person: PersonId, now: Timestamp) -> Result<Vec<AccessToken>, StoreError> {
    let lasts =
        Condition::any().add(entity::Column::ExpiresAt.is_null()).add(entity::Column::ExpiresAt.gt(now.micros()));
    let query = entity::Entity::find()
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::EndedAt.is_null())
        .filter(lasts)
        .order_by_desc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The token is used at this moment; one that was used later stays as it is.
pub async fn used(tx: &Tx, id: AccessTokenId, now: Timestamp) -> Result<(), StoreError> {
    let earlier = Condition::any().add(entity::Column::UsedAt.is_null()).add(entity::Column::UsedAt.lt(now.micros()));
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(now.micros()))
        .filter(entity::Column::Id.eq(sql::uuid(id)))
        .filter(earlier);
    change.exec(tx.inner()).await?;
    Ok(())
}

/// Ends all access tokens of a person; returns how many were not ended before.
pub async fn end_all(tx: &Tx, person: PersonId, now: Timestamp) -> Result<u64, StoreError> {
    Ok(ended(person, now).exec(tx.inner()).await?.rows_affected)
}

/// Ends the access tokens that a person has for an account; returns how many were not ended before.
pub(crate) async fn end_in_account(
    tx: &Tx,
    person: PersonId,
    account: AccountId,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let change = ended(person, now).filter(entity::Column::Account.eq(sql::uuid(account)));
    Ok(change.exec(tx.inner()).await?.rows_affected)
}

/// Deletes access tokens that were over before this moment; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let over = Condition::any()
        .add(entity::Column::EndedAt.lt(before.micros()))
        .add(entity::Column::ExpiresAt.lt(before.micros()));
    Ok(entity::Entity::delete_many().filter(over).exec(tx.inner()).await?.rows_affected)
}

fn ended(person: PersonId, now: Timestamp) -> UpdateMany<entity::Entity> {
    entity::Entity::update_many()
        .col_expr(entity::Column::EndedAt, Expr::value(now.micros()))
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::EndedAt.is_null())
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "access_token")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person: Uuid,
        pub account: Option<Uuid>,
        pub name: String,
        pub hash: Vec<u8>,
        pub mask: String,
        pub permissions: String,
        pub is_operator: bool,
        pub created_at: i64,
        pub expires_at: Option<i64>,
        pub used_at: Option<i64>,
        pub ended_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(token: &AccessToken) -> entity::Model {
    let words: Vec<&str> = token.permissions.iter().map(Permission::as_str).collect();
    entity::Model {
        id: sql::uuid(token.id),
        person: sql::uuid(token.person),
        account: token.account.map(sql::uuid),
        name: token.name.to_string(),
        hash: token.hash.0.to_vec(),
        mask: token.mask.clone(),
        permissions: words.join(" "),
        is_operator: token.is_operator,
        created_at: token.created_at.micros(),
        expires_at: token.expires_at.map(Timestamp::micros),
        used_at: token.used_at.map(Timestamp::micros),
        ended_at: token.ended_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> Result<AccessToken, StoreError> {
    let words = row.permissions.split_whitespace();
    let permissions: Result<Vec<Permission>, _> =
        words.map(|word| sql::word(word, "access_token.permissions")).collect();
    Ok(AccessToken {
        id: sql::id(row.id),
        person: sql::id(row.person),
        account: row.account.map(sql::id),
        name: sql::word(&row.name, "access_token.name")?,
        hash: noun::token_hash(row.hash, "access_token.hash")?,
        mask: row.mask,
        permissions: Permissions::of(&permissions?),
        is_operator: row.is_operator,
        created_at: Timestamp::from_micros(row.created_at),
        expires_at: row.expires_at.map(Timestamp::from_micros),
        used_at: row.used_at.map(Timestamp::from_micros),
        ended_at: row.ended_at.map(Timestamp::from_micros),
    })
}
