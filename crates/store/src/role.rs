//! Roles of accounts' own. Which of them a member holds is in `member.rs` and `grant.rs`.

use std::collections::BTreeSet;

use domain::{
    id::{AccountId, RoleId},
    permission::{Module, Permission},
    role::{CustomRole, Reach, RoleScope},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{Source, StoreError, Tx, noun, sql};

mod set;

pub use set::{touch, version};

const EXISTS: &str = "a role with this name";
const OWNERS: &str = "account or key";

/// Adds a role.
///
/// Errors: `Conflict` when another of its scope has the name; `NotFound` when account or key are not there.
pub async fn insert(tx: &Tx, role: &CustomRole) -> Result<(), StoreError> {
    noun::insert(tx, to_row(role), EXISTS, OWNERS).await
}

/// Writes a changed role.
///
/// Errors: as [`insert`]; `NotFound` when the role is not there.
pub async fn save(tx: &Tx, role: &CustomRole) -> Result<(), StoreError> {
    noun::save(tx, to_row(role), EXISTS, "role").await
}

/// Deletes a role that nobody holds any more.
pub async fn delete(tx: &Tx, id: RoleId) -> Result<(), StoreError> {
    entity::Entity::delete_by_id(sql::uuid(id)).exec(tx.inner()).await?;
    Ok(())
}

/// The roles of a scope, by name.
pub async fn list(from: &impl Source, account: AccountId, scope: RoleScope) -> Result<Vec<CustomRole>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::Scope.eq(place(account, scope)))
        .order_by_asc(entity::Column::NameCompared);
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// The roles with these ids, in no order; what is not there is missing.
pub async fn list_these(from: &impl Source, ids: &[RoleId]) -> Result<Vec<CustomRole>, StoreError> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in sql::chunks(ids) {
        let these = entity::Column::Id.is_in(chunk.iter().copied().map(sql::uuid));
        found.extend(entity::Entity::find().filter(these).all(&from.executor()).await?);
    }
    found.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "role")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account: Uuid,
        pub key: Option<Uuid>,
        pub scope: Uuid,
        pub name: String,
        pub name_compared: String,
        pub modules: String,
        pub permissions: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(crate) fn place(account: AccountId, scope: RoleScope) -> Uuid {
    match scope {
        RoleScope::Account => sql::uuid(account),
        RoleScope::Key(key) => sql::uuid(key),
    }
}

fn to_row(role: &CustomRole) -> entity::Model {
    let single: Vec<Permission> = role.reach.single().iter().collect();
    entity::Model {
        id: sql::uuid(role.id),
        account: sql::uuid(role.account),
        key: match role.scope {
            RoleScope::Account => None,
            RoleScope::Key(key) => Some(sql::uuid(key)),
        },
        scope: place(role.account, role.scope),
        name: role.name.to_string(),
        name_compared: role.name_compared(),
        modules: serde_json::to_string(role.reach.whole()).expect("modules are words"),
        permissions: serde_json::to_string(&single).expect("permissions are words"),
        created_at: role.created_at.micros(),
    }
}

fn of_row(row: entity::Model) -> Result<CustomRole, StoreError> {
    let whole: BTreeSet<Module> = read(&row.modules, "role.modules")?;
    let single: Vec<Permission> = read(&row.permissions, "role.permissions")?;
    Ok(CustomRole {
        id: sql::id(row.id),
        account: sql::id(row.account),
        scope: row.key.map_or(RoleScope::Account, |key| RoleScope::Key(sql::id(key))),
        name: sql::word(&row.name, "role.name")?,
        reach: Reach::new(whole, single.into_iter().collect()),
        created_at: Timestamp::from_micros(row.created_at),
    })
}

fn read<T: serde::de::DeserializeOwned>(list: &str, what: &'static str) -> Result<T, StoreError> {
    serde_json::from_str(list).map_err(|_| StoreError::Corrupt { what })
}
