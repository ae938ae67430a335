//! Members: seats in accounts.

use std::collections::HashMap;

use domain::{
    id::{AccountId, MemberId, PersonId, RoleId},
    member::Member,
    person::Email,
    role::Role,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait, LikeExpr, SelectStatement},
};

use crate::{
    Source, StoreError, Tx, access_token,
    change::{self, Touched},
    noun, sql, tally,
};

pub mod of_key;
pub mod page;

const EXISTS: &str = "a pending member with this mail address, or an owner, in the account";

/// Adds a member.
///
/// Errors: `Conflict` when the address is invited already, or the account has an owner and this is another;
/// `NotFound` when the account is not there.
pub async fn insert(tx: &Tx, member: &Member) -> Result<(), StoreError> {
    insert_many(tx, std::slice::from_ref(member)).await
}

/// Adds many members; all or, with the transaction, none.
///
/// Errors: as [`insert`].
pub async fn insert_many(tx: &Tx, members: &[Member]) -> Result<(), StoreError> {
    noun::insert_many(tx, members.iter().map(to_row), EXISTS, "account").await?;
    let touched: Vec<Touched> = members.iter().map(|member| Touched::Member(member.id)).collect();
    change::record_many(tx, &touched).await
}

/// Writes a changed member. A seat that is suspended or removed ends the person's access tokens in the account.
///
/// Errors: as [`insert`]; `NotFound` when the member is not there.
pub async fn save(tx: &Tx, member: &Member) -> Result<(), StoreError> {
    noun::save(tx, to_row(member), EXISTS, "member").await?;
    if let (Some(person), Some(left_at)) = (member.person, member.removed_at.or(member.suspended_at)) {
        access_token::end_in_account(tx, person, member.account, left_at).await?;
    }
    change::record(tx, Touched::Member(member.id)).await
}

/// The member with this id.
pub async fn find(from: &impl Source, id: MemberId) -> Result<Option<Member>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// The member with this id, if it is a seat of this account.
pub async fn find_in(from: &impl Source, account: AccountId, id: MemberId) -> Result<Option<Member>, StoreError> {
    let query = entity::Entity::find_by_id(sql::uuid(id)).filter(entity::Column::Account.eq(sql::uuid(account)));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// The version of the member's policy: it rises with every change of the seat and its caps.
pub async fn version(from: &impl Source, id: MemberId) -> Result<u64, StoreError> {
    change::version_of(&from.executor(), Touched::Member(id)).await
}

/// The versions of these members; one that is not there is missing.
pub async fn versions(from: &impl Source, ids: &[MemberId]) -> Result<HashMap<MemberId, u64>, StoreError> {
    let touched: Vec<Touched> = ids.iter().copied().map(Touched::Member).collect();
    let found = change::versions_of(&from.executor(), &touched).await?;
    Ok(found.into_iter().map(|(id, version)| (sql::id(id), version)).collect())
}

/// The seat of this mail address in an account, if there is one that is not removed: the oldest, should there be several.
pub async fn of_email(from: &impl Source, account: AccountId, email: &Email) -> Result<Option<Member>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::EmailCompared.eq(email.as_compared()))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_asc(entity::Column::Id);
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// All members of an account, removed ones too, oldest first.
pub async fn list(from: &impl Source, account: AccountId) -> Result<Vec<Member>, StoreError> {
    let query =
        entity::Entity::find().filter(entity::Column::Account.eq(sql::uuid(account))).order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The members with these ids, in no order; what is not there is missing.
pub async fn list_these(from: &impl Source, ids: &[MemberId]) -> Result<Vec<Member>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in sql::chunks(ids) {
        let these = entity::Column::Id.is_in(chunk.iter().copied().map(sql::uuid));
        found.extend(entity::Entity::find().filter(these).all(&from.executor()).await?);
    }
    found.into_iter().map(of_row).collect()
}

/// The seats that a person took in any account and that are not removed, oldest first.
pub async fn list_of_person(from: &impl Source, person: PersonId) -> Result<Vec<Member>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The seats that a person took in this account and that are not removed, oldest first.
pub async fn list_of_person_in(
    from: &impl Source,
    person: PersonId,
    account: AccountId,
) -> Result<Vec<Member>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Person.eq(sql::uuid(person)))
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_asc(entity::Column::Id);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The members of an account who hold this role and are not removed, oldest first.
pub async fn holders(from: &impl Source, account: AccountId, role: RoleId) -> Result<Vec<MemberId>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Account.eq(sql::uuid(account)))
        .filter(entity::Column::Role.eq(Role::Custom(role).to_string()))
        .filter(entity::Column::RemovedAt.is_null())
        .order_by_asc(entity::Column::Id);
    Ok(query.all(&from.executor()).await?.into_iter().map(|row| sql::id(row.id)).collect())
}

/// The owner of an account: the one seat with that role that is not removed.
pub async fn owner(from: &impl Source, account: AccountId) -> Result<Option<Member>, StoreError> {
    Ok(owners(from, &[account]).await?.pop())
}

/// The owners of these accounts, in no order; an account without one is missing.
pub async fn owners(from: &impl Source, accounts: &[AccountId]) -> Result<Vec<Member>, StoreError> {
    let mut found = Vec::with_capacity(accounts.len());
    for chunk in sql::chunks(accounts) {
        let query = entity::Entity::find()
            .filter(entity::Column::Account.is_in(chunk.iter().copied().map(sql::uuid)))
            .filter(entity::Column::Role.eq(Role::Owner.to_string()))
            .filter(entity::Column::RemovedAt.is_null());
        found.extend(query.all(&from.executor()).await?);
    }
    found.into_iter().map(of_row).collect()
}

/// The accounts whose owners have a mail address like this, as a condition of another query.
pub(crate) fn accounts_of_owners(email: LikeExpr) -> SelectStatement {
    entity::Entity::find()
        .select_only()
        .column(entity::Column::Account)
        .filter(entity::Column::Role.eq(Role::Owner.to_string()))
        .filter(entity::Column::RemovedAt.is_null())
        .filter(Expr::col((entity::Entity, entity::Column::EmailCompared)).like(email))
        .into_query()
}

/// How many members of an account are not removed, pending ones too: what a plan's limit counts.
pub async fn count(from: &impl Source, account: AccountId) -> Result<u64, StoreError> {
    Ok(tally::seats(from, &[account]).await?.remove(&account).unwrap_or(0))
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "member")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub name: String,
        pub email: String,
        pub email_compared: String,
        pub person: Option<Uuid>,
        pub role: Option<String>,
        pub created_at: i64,
        pub activated_at: Option<i64>,
        pub suspended_at: Option<i64>,
        pub removed_at: Option<i64>,
        pub ends_at: Option<i64>,
        pub name_compared: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(member: &Member) -> entity::Model {
    entity::Model {
        id: sql::uuid(member.id),
        account: sql::uuid(member.account),
        name: member.name.to_string(),
        email: member.email.as_typed().to_owned(),
        email_compared: member.email.as_compared().to_owned(),
        person: member.person.map(sql::uuid),
        role: member.role.map(|role| role.to_string()),
        created_at: member.created_at.micros(),
        activated_at: member.activated_at.map(Timestamp::micros),
        suspended_at: member.suspended_at.map(Timestamp::micros),
        removed_at: member.removed_at.map(Timestamp::micros),
        ends_at: member.ends_at.map(Timestamp::micros),
        name_compared: noun::compared(member.name.as_str()),
    }
}

fn of_row(row: entity::Model) -> Result<Member, StoreError> {
    Ok(Member {
        id: sql::id(row.id),
        account: sql::id(row.account),
        name: sql::word(&row.name, "member.name")?,
        email: sql::word(&row.email, "member.email")?,
        person: row.person.map(sql::id),
        role: noun::word_if_any(row.role, "member.role")?,
        created_at: Timestamp::from_micros(row.created_at),
        activated_at: row.activated_at.map(Timestamp::from_micros),
        suspended_at: row.suspended_at.map(Timestamp::from_micros),
        ends_at: row.ends_at.map(Timestamp::from_micros),
        removed_at: row.removed_at.map(Timestamp::from_micros),
    })
}
