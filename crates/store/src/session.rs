//! Sessions: persons who signed in. The gateway knows nothing of them: no change feed.

use std::net::IpAddr;

use domain::{
    id::{PersonId, SessionId},
    session::{IDLE, LIFETIME, Session},
    time::Timestamp,
    token::TokenHash,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a session with this id or token";

/// Adds a session.
///
/// Errors: `Conflict` when its id or token is taken, `NotFound` when the person is not there.
pub async fn insert(tx: &Tx, session: &Session) -> Result<(), StoreError> {
    noun::insert(tx, to_row(session), EXISTS, "person").await
}

/// Writes a changed session.
///
/// Errors: `NotFound`; `Conflict` when its token is taken.
pub async fn save(tx: &Tx, session: &Session) -> Result<(), StoreError> {
    noun::save(tx, to_row(session), EXISTS, "session").await
}

/// The session with this id, whether or not it is over.
pub async fn find(from: &impl Source, id: SessionId) -> Result<Option<Session>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The session whose cookie has this hash, whether or not it is over.
pub async fn find_by_hash(from: &impl Source, hash: &TokenHash) -> Result<Option<Session>, StoreError> {
    let query = entity::Entity::find().filter(entity::Column::Hash.eq(hash.0.to_vec()));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The sessions of a person that still let them in, newest first.
pub async fn list_open(from: &impl Source, person: PersonId, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::EndedAt.is_null())
        .filter(entity::Column::CreatedAt.gt(now.plus(-LIFETIME).micros()))
        .filter(entity::Column::SeenAt.gt(now.plus(-IDLE).micros()))
        .order_by_desc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// Ends the sessions of a person, but not `except`; returns how many were not ended before.
pub async fn end_all(tx: &Tx, person: PersonId, except: Option<SessionId>, now: Timestamp) -> Result<u64, StoreError> {
    let mut change = entity::Entity::update_many()
        .col_expr(entity::Column::EndedAt, Expr::value(now.micros()))
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::EndedAt.is_null());
    if let Some(kept) = except {
        change = change.filter(entity::Column::Id.ne(sql::uuid(kept)));
    }
    Ok(change.exec(tx.inner()).await?.rows_affected)
}

/// The session is used at this moment; one that was used later stays as it is.
pub async fn seen(tx: &Tx, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::SeenAt, Expr::value(now.micros()))
        .filter(entity::Column::Id.eq(sql::uuid(id)))
        .filter(entity::Column::SeenAt.lt(now.micros()));
    change.exec(tx.inner()).await?;
    Ok(())
}

/// Whether any session of the person that is kept was begun from this address with this browser.
pub async fn any_from(
    from: &impl Source,
    person: PersonId,
    address: Option<IpAddr>,
    agent: Option<&str>,
) -> Result<bool, StoreError> {
    let is = |column: entity::Column, text: Option<String>| match text {
        Some(text) => column.eq(text),
        None => column.is_null(),
    };
    let query = entity::Entity::find()
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(is(entity::Column::Address, address.map(|address| address.to_string())))
        .filter(is(entity::Column::Agent, agent.map(str::to_owned)));
    Ok(query.one(&from.executor()).await?.is_some())
}

/// When each of these persons used Keyward last, in any session that is kept; who has none is not told.
pub async fn last_seen(from: &impl Source, persons: &[PersonId]) -> Result<Vec<(PersonId, Timestamp)>, StoreError> {
    let persons: Vec<Uuid> = persons.iter().copied().map(sql::uuid).collect();
    let mut seen = Vec::with_capacity(persons.len());
    for chunk in sql::chunks(&persons) {
        let query = entity::Entity::find()
            .select_only()
            .column(entity::Column::Person)
            .column_as(entity::Column::SeenAt.max(), "last")
            .filter(entity::Column::Person.is_in(chunk.iter().copied()))
            .group_by(entity::Column::Person);
        let rows: Vec<(Uuid, i64)> = query.into_tuple().all(&from.executor()).await?;
        seen.extend(rows.into_iter().map(|(person, last)| (sql::id(person), Timestamp::from_micros(last))));
    }
    Ok(seen)
}

/// Deletes sessions that were over before this moment; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let over = Condition::any()
        .add(entity::Column::EndedAt.lt(before.micros()))
        .add(entity::Column::CreatedAt.lt(before.plus(-LIFETIME).micros()))
        .add(entity::Column::SeenAt.lt(before.plus(-IDLE).micros()));
    Ok(entity::Entity::delete_many().filter(over).exec(tx.inner()).await?.rows_affected)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub person: Uuid,
        pub hash: Vec<u8>,
        pub created_at: i64,
        pub seen_at: i64,
        pub ended_at: Option<i64>,
        pub address: Option<String>,
        pub agent: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(session: &Session) -> entity::Model {
    entity::Model {
        id: sql::uuid(session.id),
        person: sql::uuid(session.person),
        hash: session.hash.0.to_vec(),
        created_at: session.created_at.micros(),
        seen_at: session.seen_at.micros(),
        ended_at: session.ended_at.map(Timestamp::micros),
        address: session.address.map(|address| address.to_string()),
        agent: session.agent.clone(),
    }
}

fn of_row(row: entity::Model) -> Result<Session, StoreError> {
    Ok(Session {
        id: sql::id(row.id),
        person: sql::id(row.person),
        hash: noun::token_hash(row.hash, "session.hash")?,
        created_at: Timestamp::from_micros(row.created_at),
        seen_at: Timestamp::from_micros(row.seen_at),
        ended_at: row.ended_at.map(Timestamp::from_micros),
        address: noun::word_if_any(row.address, "session.address")?,
        agent: row.agent,
    })
}
