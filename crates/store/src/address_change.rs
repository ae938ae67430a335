//! Address changes: what persons asked to be written to from now on, until they show that they read it.

use domain::{address_change::AddressChange, id::PersonId, link::LIFETIME, time::Timestamp, token::TokenHash};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "an address change with this id or token";

/// Adds a change in the place of older ones of the same person, whose links do nothing any more.
///
/// Errors: `Conflict` when its id or token is taken, `NotFound` when the person is not there.
pub async fn replace(tx: &Tx, change: &AddressChange) -> Result<(), StoreError> {
    end(tx, change.person, change.created_at).await?;
    noun::insert(tx, to_row(change), EXISTS, "person").await
}

/// Ends what a person asked for and has not confirmed.
async fn end(tx: &Tx, person: PersonId, now: Timestamp) -> Result<(), StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::UsedAt, Expr::value(now.micros()))
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::UsedAt.is_null());
    change.exec(tx.inner()).await?;
    Ok(())
}

/// Writes a change whose link was followed.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, change: &AddressChange) -> Result<(), StoreError> {
    noun::save(tx, to_row(change), EXISTS, "address change").await
}

/// The change whose token has this hash, whether or not it is over.
pub async fn find_by_hash(from: &impl Source, hash: &TokenHash) -> Result<Option<AddressChange>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// Deletes changes whose links were too old before this moment; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let old = entity::Column::CreatedAt.lt(before.plus(-LIFETIME).micros());
    Ok(entity::Entity::delete_many().filter(old).exec(tx.inner()).await?.rows_affected)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "address_change")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person: Uuid,
        pub email: String,
        pub hash: Vec<u8>,
        pub created_at: i64,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(change: &AddressChange) -> entity::Model {
    entity::Model {
        id: sql::uuid(change.id),
        person: sql::uuid(change.person),
        email: change.email.as_typed().to_owned(),
        hash: change.hash.0.to_vec(),
        created_at: change.created_at.micros(),
        used_at: change.used_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> Result<AddressChange, StoreError> {
    Ok(AddressChange {
        id: sql::id(row.id),
        person: sql::id(row.person),
        email: sql::word(&row.email, "address_change.email")?,
        hash: noun::token_hash(row.hash, "address_change.hash")?,
        created_at: Timestamp::from_micros(row.created_at),
        used_at: row.used_at.map(Timestamp::from_micros),
    })
}
