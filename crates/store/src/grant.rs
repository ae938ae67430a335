//! Grants: roles that members hold on keys.

use domain::{
    grant::Grant,
    id::{AccountId, KeyId, MemberId, RoleId},
    role::Role,
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};

use crate::{Source, StoreError, Tx, noun, sql};

/// Gives a role on a key of this account, or changes which one it is; who gave it and when are those of the change.
///
/// Errors: `NotFound` when member or key are not there.
pub async fn put(tx: &Tx, account: AccountId, grant: &Grant) -> Result<(), StoreError> {
    use sea_orm::IntoActiveModel;
    let again = OnConflict::columns([entity::Column::Member, entity::Column::Key])
        .update_columns([entity::Column::Role, entity::Column::GrantedBy, entity::Column::GrantedAt])
        .to_owned();
    let row = to_row(account, grant).into_active_model();
    let written = entity::Entity::insert(row).on_conflict(again).exec_without_returning(tx.inner()).await;
    written.map(drop).map_err(|error| StoreError::of_writing(error, "a grant", "member or key"))
}

/// Gives roles on keys of this account to members who have none there; all or, with the transaction, none.
///
/// Errors: `Conflict` when a member has one on the key; `NotFound` when member or key are not there.
pub async fn insert_many(tx: &Tx, account: AccountId, grants: &[Grant]) -> Result<(), StoreError> {
    let rows = grants.iter().map(|grant| to_row(account, grant));
    noun::insert_many(tx, rows, "a grant", "member or key").await
}

/// Takes a role on a key away.
pub async fn delete(tx: &Tx, member: MemberId, key: KeyId) -> Result<(), StoreError> {
    entity::Entity::delete_by_id((sql::uuid(member), sql::uuid(key))).exec(tx.inner()).await?;
    Ok(())
}

/// Takes all grants of a member away.
pub async fn delete_of_member(tx: &Tx, member: MemberId) -> Result<(), StoreError> {
    entity::Entity::delete_many().filter(entity::Column::Member.eq(sql::uuid(member))).exec(tx.inner()).await?;
    Ok(())
}

/// The grants of a member, by key.
pub async fn list_of_member(from: &impl Source, member: MemberId) -> Result<Vec<Grant>, StoreError> {
    list_where(from, entity::Column::Member.eq(sql::uuid(member))).await
}

/// The grants of these members, by member and key.
pub async fn list_of_members(from: &impl Source, members: &[MemberId]) -> Result<Vec<Grant>, StoreError> {
    let mut grants = Vec::new();
    for chunk in sql::chunks(members) {
        grants.extend(list_where(from, entity::Column::Member.is_in(chunk.iter().copied().map(sql::uuid))).await?);
    }
    Ok(grants)
}

/// The grant of a member on a key.
pub async fn find(from: &impl Source, member: MemberId, key: KeyId) -> Result<Option<Grant>, StoreError> {
    let query = entity::Entity::find_by_id((sql::uuid(member), sql::uuid(key)));
    query.one(&from.executor()).await?.map(of_row).transpose()
}

/// Who holds this role on the key that it is of.
pub async fn holders(from: &impl Source, key: KeyId, role: RoleId) -> Result<Vec<MemberId>, StoreError> {
    let role = entity::Column::Role.eq(Role::Custom(role).to_string());
    let grants = list_where(from, entity::Column::Key.eq(sql::uuid(key)).and(role)).await?;
    Ok(grants.into_iter().map(|grant| grant.member).collect())
}

async fn list_where(from: &impl Source, which: Expr) -> Result<Vec<Grant>, StoreError> {
    let query =
        entity::Entity::find().filter(which).order_by_asc(entity::Column::Member).order_by_asc(entity::Column::Key);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

pub(crate) mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "key_grant")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
        pub account: Uuid,
        pub role: String,
        pub granted_by: Option<Uuid>,
        pub granted_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(account: AccountId, grant: &Grant) -> entity::Model {
    entity::Model {
        member: sql::uuid(grant.member),
        key: sql::uuid(grant.key),
        account: sql::uuid(account),
        role: grant.role.to_string(),
        granted_by: grant.granted_by.map(sql::uuid),
        granted_at: grant.granted_at.micros(),
    }
}

pub(crate) fn of_row(row: entity::Model) -> Result<Grant, StoreError> {
    Ok(Grant {
        key: sql::id(row.key),
        member: sql::id(row.member),
        role: sql::word(&row.role, "key_grant.role")?,
        granted_by: row.granted_by.map(sql::id),
        granted_at: Timestamp::from_micros(row.granted_at),
    })
}
