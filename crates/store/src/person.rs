//! Persons. The gateway knows nothing of them: no change feed.

use domain::{
    id::PersonId,
    person::{Email, Person},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a person with this mail address";

/// Adds a person.
///
/// Errors: `Conflict` when somebody has this mail address.
pub async fn insert(tx: &Tx, person: &Person) -> Result<(), StoreError> {
    insert_many(tx, std::slice::from_ref(person)).await
}

/// Adds many persons; all or, with the transaction, none.
///
/// Errors: as [`insert`].
pub async fn insert_many(tx: &Tx, persons: &[Person]) -> Result<(), StoreError> {
    noun::insert_many(tx, persons.iter().map(to_row), EXISTS, "person").await
}

/// Writes a changed person.
///
/// Errors: `NotFound`; `Conflict` when somebody else has this mail address.
pub async fn save(tx: &Tx, person: &Person) -> Result<(), StoreError> {
    noun::save(tx, to_row(person), EXISTS, "person").await
}

/// The person with this id.
pub async fn find(from: &impl Source, id: PersonId) -> Result<Option<Person>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The person with this mail address, however it is capitalised.
pub async fn find_by_email(from: &impl Source, email: &Email) -> Result<Option<Person>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::EmailCompared.eq(email.as_compared()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The persons with these ids, oldest first; who is not there is not told.
pub async fn list_many(from: &impl Source, ids: &[PersonId]) -> Result<Vec<Person>, StoreError> {
    let mut ids: Vec<Uuid> = ids.iter().copied().map(sql::uuid).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut persons = Vec::with_capacity(ids.len());
    for chunk in sql::chunks(&ids) {
        let query = entity::Entity::find()
            .filter(entity::Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(entity::Column::Id);
        for row in query.all(&from.executor()).await? {
            persons.push(of_row(row)?);
        }
    }
    Ok(persons)
}

/// Whether somebody runs this installation.
pub async fn any_operator(from: &impl Source) -> Result<bool, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::OperatorAt.is_not_null());
    Ok(query.one(&from.executor()).await?.is_some())
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "person")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub name: String,
        pub email: String,
        pub email_compared: String,
        pub password_hash: Option<String>,
        pub created_at: i64,
        pub confirmed_at: Option<i64>,
        pub operator_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(person: &Person) -> entity::Model {
    entity::Model {
        id: sql::uuid(person.id),
        name: person.name.to_string(),
        email: person.email.as_typed().to_owned(),
        email_compared: person.email.as_compared().to_owned(),
        password_hash: person.password_hash.clone(),
        created_at: person.created_at.micros(),
        confirmed_at: person.confirmed_at.map(Timestamp::micros),
        operator_at: person.operator_at.map(Timestamp::micros),
    }
}

fn of_row(row: entity::Model) -> Result<Person, StoreError> {
    Ok(Person {
        id: sql::id(row.id),
        name: sql::word(&row.name, "person.name")?,
        email: sql::word(&row.email, "person.email")?,
        password_hash: row.password_hash,
        created_at: Timestamp::from_micros(row.created_at),
        confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        operator_at: row.operator_at.map(Timestamp::from_micros),
    })
}
