//! Second factors, their recovery codes, and which accounts require one. The gateway knows nothing of them: no change feed.

use domain::{
    id::{AccountId, PersonId},
    second_factor::SecondFactor,
    time::Timestamp,
    token::TokenHash,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a second factor of this person";
/// Active as [`domain::member::Member::state`] has it; the index `member_active` has these alone.
const MEMBERS_WITHOUT: &str = "SELECT count(*) FROM member WHERE account = $1 \
    AND removed_at IS NULL AND suspended_at IS NULL AND activated_at IS NOT NULL AND person IS NOT NULL \
    AND NOT EXISTS (SELECT 1 FROM second_factor WHERE second_factor.person = member.person AND confirmed_at IS NOT NULL)";

/// Adds a second factor.
///
/// Errors: `Conflict` when the person has one, `NotFound` when the person is not there.
pub async fn insert(tx: &Tx, factor: &SecondFactor) -> Result<(), StoreError> {
    noun::insert(tx, to_row(factor), EXISTS, "person").await
}

/// Writes a changed second factor.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, factor: &SecondFactor) -> Result<(), StoreError> {
    noun::save(tx, to_row(factor), EXISTS, "second factor").await
}

/// The second factor of a person, be it confirmed or not.
pub async fn find(from: &impl Source, person: PersonId) -> Result<Option<SecondFactor>, StoreError> {
    let found = entity::Entity::find_by_id(sql::uuid(person)).one(&from.executor()).await?;
    Ok(found.map(of_row))
}

/// A code of this step is taken, unless one of it or of a later one was: of two that bring the same at once, one gets false.
pub async fn take_step(tx: &Tx, person: PersonId, step: i64) -> Result<bool, StoreError> {
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::LastStep, Expr::value(step))
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::LastStep.lt(step));
    Ok(change.exec(tx.inner()).await?.rows_affected == 1)
}

/// The person has no second factor, and no recovery codes.
pub async fn delete(tx: &Tx, person: PersonId) -> Result<(), StoreError> {
    replace_codes(tx, person, &[]).await?;
    entity::Entity::delete_by_id(sql::uuid(person)).exec(tx.inner()).await?;
    Ok(())
}

/// The person has these recovery codes, and none from before.
///
/// Errors: `NotFound` when the person is not there.
pub async fn replace_codes(tx: &Tx, person: PersonId, codes: &[TokenHash]) -> Result<(), StoreError> {
    let theirs = code::Column::Person.eq(sql::uuid(person));
    code::Entity::delete_many().filter(theirs).exec(tx.inner()).await?;
    let person = sql::uuid(person);
    let rows: Vec<code::Model> =
        codes.iter().map(|hash| code::Model { person, hash: hash.0.to_vec(), used_at: None }).collect();
    noun::insert_many(tx, rows, "a recovery code twice", "person").await
}

/// The recovery code is used up; false: it is none of the person's, or was used before.
pub async fn take_code(tx: &Tx, person: PersonId, hash: &TokenHash, now: Timestamp) -> Result<bool, StoreError> {
    let change = code::Entity::update_many()
        .col_expr(code::Column::UsedAt, Expr::value(now.micros()))
        .filter(code::Column::Person.eq(sql::uuid(person)))
        .filter(code::Column::Hash.eq(hash.0.to_vec()))
        .filter(code::Column::UsedAt.is_null());
    Ok(change.exec(tx.inner()).await?.rows_affected == 1)
}

/// How many recovery codes a person has that were not used.
pub async fn codes_left(from: &impl Source, person: PersonId) -> Result<u64, StoreError> {
    let query =
        code::Entity::find().filter(code::Column::Person.eq(sql::uuid(person))).filter(code::Column::UsedAt.is_null());
    Ok(query.count(&from.executor()).await?)
}

/// Since when the account requires a second factor of its members, if it does.
pub async fn required_since(from: &impl Source, account: AccountId) -> Result<Option<Timestamp>, StoreError> {
    let found = rule::Entity::find_by_id(sql::uuid(account)).one(&from.executor()).await?;
    Ok(found.map(|row| Timestamp::from_micros(row.required_at)))
}

/// How many active members of an account have no second factor that is asked for.
pub async fn members_without(from: &impl Source, account: AccountId) -> Result<u64, StoreError> {
    let row = sql::row(&from.executor(), MEMBERS_WITHOUT, vec![sql::uuid(account).into()]).await?;
    row.map_or(Ok(0), |row| row.count(0, "members without a second factor"))
}

/// The account requires a second factor from a moment on, or of nobody.
///
/// Errors: `NotFound` when the account is not there.
pub async fn require(tx: &Tx, account: AccountId, since: Option<Timestamp>) -> Result<(), StoreError> {
    rule::Entity::delete_by_id(sql::uuid(account)).exec(tx.inner()).await?;
    match since {
        Some(since) => {
            let row = rule::Model { account: sql::uuid(account), required_at: since.micros() };
            noun::insert(tx, row, "this rule", "account").await
        }
        None => Ok(()),
    }
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person: Uuid,
        pub sealed: Vec<u8>,
        pub created_at: i64,
        pub confirmed_at: Option<i64>,
        pub last_step: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod code {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: Vec<u8>,
        pub used_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

mod rule {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "second_factor_rule")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account: Uuid,
        pub required_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(factor: &SecondFactor) -> entity::Model {
    entity::Model {
        person: sql::uuid(factor.person),
        sealed: factor.sealed.clone(),
        created_at: factor.created_at.micros(),
        confirmed_at: factor.confirmed_at.map(Timestamp::micros),
        last_step: factor.last_step,
    }
}

fn of_row(row: entity::Model) -> SecondFactor {
    SecondFactor {
        person: sql::id(row.person),
        sealed: row.sealed,
        created_at: Timestamp::from_micros(row.created_at),
        confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
        last_step: row.last_step,
    }
}
