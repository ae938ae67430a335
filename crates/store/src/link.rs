//! Links: what proves once that somebody reads the mail of an address, or runs this installation.

use domain::{
    id::PersonId,
    link::{LIFETIME, Link, Purpose},
    person::Email,
    time::Timestamp,
    token::TokenHash,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a link with this id or token";

/// Adds a link.
///
/// Errors: `Conflict` when its id or token is taken, `NotFound` when the person is not there.
pub async fn insert(tx: &Tx, link: &Link) -> Result<(), StoreError> {
    noun::insert(tx, to_row(link), EXISTS, "person").await
}

/// Adds a link in the place of older ones: those for the same purpose that went to the same address, or are of the same
/// person, are used up from now on. An operator's link replaces all of its sort.
///
/// Errors: as [`insert`].
pub async fn replace(tx: &Tx, link: &Link) -> Result<(), StoreError> {
    let mut change = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(link.created_at.micros()))
        .filter(entity::Column::Purpose.eq(link.purpose.as_str()))
        .filter(entity::Column::UsedAt.is_null());
    if link.purpose != Purpose::Operator {
        let mut same = Condition::any();
        if let Some(email) = &link.email {
            same = same.add(entity::Column::EmailCompared.eq(email.as_compared()));
        }
        if let Some(person) = link.person {
            same = same.add(entity::Column::Person.eq(sql::uuid(person)));
        }
        change = change.filter(same);
    }
    change.exec(tx.inner()).await?;
    insert(tx, link).await
}

/// Ends the links of a person that were not followed: what proves who they are is another now.
pub async fn end_of_person(tx: &Tx, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(now.micros()))
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::UsedAt.is_null());
    change.exec(tx.inner()).await?;
    Ok(())
}

/// Writes a changed link.
///
/// Errors: `NotFound`; `Conflict` when its token is taken.
pub async fn save(tx: &Tx, link: &Link) -> Result<(), StoreError> {
    noun::save(tx, to_row(link), EXISTS, "link").await
}

/// The link whose token has this hash, whether or not it is over.
pub async fn find_by_hash(from: &impl Source, hash: &TokenHash) -> Result<Option<Link>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// How many links for this purpose were made for an address at this moment or later, used ones too.
pub async fn count_since(
    from: &impl Source,
    purpose: Purpose,
    email: &Email,
    since: Timestamp,
) -> Result<u64, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::EmailCompared.eq(email.as_compared()))
        .filter(entity::Column::Purpose.eq(purpose.as_str()))
        .filter(entity::Column::CreatedAt.gte(since.micros()));
    Ok(query.count(&from.executor()).await?)
}

/// Deletes links that were too old before this moment; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let old = entity::Column::CreatedAt.lt(before.plus(-LIFETIME).micros());
    Ok(entity::Entity::delete_many().filter(old).exec(tx.inner()).await?.rows_affected)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "link")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub purpose: String,
        pub hash: Vec<u8>,
        pub email: Option<String>,
        pub email_compared: Option<String>,
        pub person: Option<Uuid>,
        pub name: Option<String>,
        pub account_name: Option<String>,
        pub created_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(link: &Link) -> entity::Model {
    entity::Model {
        id: sql::uuid(link.id),
        purpose: link.purpose.to_string(),
        hash: link.hash.0.to_vec(),
        email: link.email.as_ref().map(|email| email.as_typed().to_owned()),
        email_compared: link.email.as_ref().map(|email| email.as_compared().to_owned()),
        person: link.person.map(sql::uuid),
        name: link.name.as_ref().map(ToString::to_string),
        account_name: link.account_name.as_ref().map(ToString::to_string),
        created_at: link.created_at.micros(),
        used_at: link.used_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> Result<Link, StoreError> {
    Ok(Link {
        id: sql::id(row.id),
        purpose: sql::word(&row.purpose, "link.purpose")?,
        hash: noun::token_hash(row.hash, "link.hash")?,
        email: noun::word_if_any(row.email, "link.email")?,
        person: row.person.map(sql::id),
        name: noun::word_if_any(row.name, "link.name")?,
        account_name: noun::word_if_any(row.account_name, "link.account_name")?,
        created_at: Timestamp::from_micros(row.created_at),
        used_at: row.used_at.map(Timestamp::from_micros),
    })
}
