//! Audit trail: who changed what. Rows are added only; triggers of the database refuse the rest.

use domain::{
    audit::Audit,
    id::{AccountId, AuditId, PersonId},
    time::Timestamp,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use crate::{Source, StoreError, Tx, noun, sql};

/// The most rows of one page.
pub const MAX_PAGE: u32 = 1_000;

/// Adds a row, in the transaction of what it tells of.
///
/// Errors: `Conflict` or, where the trigger that keeps rows from being replaced sees it first, `Database` when its id is
/// taken.
pub async fn append(tx: &Tx, audit: &Audit) -> Result<(), StoreError> {
    noun::insert(tx, to_row(audit), "a row of the audit trail with this id", "audit").await
}

/// What was done in an account, newest first, from the row before `before` on; at most `limit`, and [`MAX_PAGE`].
pub async fn list(
    from: &impl Source,
    account: AccountId,
    before: Option<AuditId>,
    limit: u32,
) -> Result<Vec<Audit>, StoreError> {
    list_where(from, entity::Column::Account.eq(sql::uuid(account)), before, limit).await
}

/// What a person did, in all accounts and about themselves; in pages as [`list`].
pub async fn list_of_person(
    from: &impl Source,
    person: PersonId,
    before: Option<AuditId>,
    limit: u32,
) -> Result<Vec<Audit>, StoreError> {
    list_where(from, entity::Column::Person.eq(sql::uuid(person)), before, limit).await
}

async fn list_where(
    from: &impl Source,
    holds: Expr,
    before: Option<AuditId>,
    limit: u32,
) -> Result<Vec<Audit>, StoreError> {
    let mut query =
        entity::Entity::find().filter(holds).order_by_desc(entity::Column::Id).limit(u64::from(limit.min(MAX_PAGE)));
    if let Some(before) = before {
        query = query.filter(entity::Column::Id.lt(sql::uuid(before)));
    }
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "audit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub time: i64,
        pub account: Option<Uuid>,
        pub person: Option<Uuid>,
        pub member: Option<Uuid>,
        pub by_operator: bool,
        pub name: String,
        pub address: Option<String>,
        pub action: String,
        pub subject: String,
        pub subject_name: String,
        pub before: Option<String>,
        pub after: Option<String>,
        pub access_token: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(audit: &Audit) -> entity::Model {
    entity::Model {
        id: sql::uuid(audit.id),
        time: audit.time.micros(),
        account: audit.account.map(sql::uuid),
        person: audit.person.map(sql::uuid),
        member: audit.member.map(sql::uuid),
        by_operator: audit.by_operator,
        name: audit.name.clone(),
        address: audit.address.map(|address| address.to_string()),
        action: audit.action.to_string(),
        subject: audit.subject.clone(),
        subject_name: audit.subject_name.clone(),
        before: audit.before.clone(),
        after: audit.after.clone(),
        access_token: audit.access_token.map(sql::uuid),
    }
}

fn of_row(row: entity::Model) -> Result<Audit, StoreError> {
    Ok(Audit {
        id: sql::id(row.id),
        time: Timestamp::from_micros(row.time),
        account: row.account.map(sql::id),
        person: row.person.map(sql::id),
        member: row.member.map(sql::id),
        by_operator: row.by_operator,
        name: row.name,
        address: noun::word_if_any(row.address, "audit.address")?,
        action: sql::word(&row.action, "audit.action")?,
        subject: row.subject,
        subject_name: row.subject_name,
        before: row.before,
        after: row.after,
        access_token: row.access_token.map(sql::id),
    })
}
