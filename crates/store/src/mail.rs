//! Mails: the outbox. A mail is written in the transaction of what it tells of, and sent after it.

use domain::{
    id::MailId,
    mail::{Mail, MailState},
    time::Timestamp,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};

use crate::{Source, StoreError, Tx, noun, sql};

const EXISTS: &str = "a mail with this id";
/// What a mail that [`sweep`] gave up went wrong with, where nothing was known before.
const TOO_OLD: &str = "it was not sent in time";

/// The most mails of one page.
pub const MAX_PAGE: u32 = 1_000;

/// Puts a mail into the outbox.
///
/// Errors: `Conflict` when its id is taken.
pub async fn insert(tx: &Tx, mail: &Mail) -> Result<(), StoreError> {
    noun::insert(tx, to_row(mail), EXISTS, "mail").await
}

/// Writes a changed mail.
///
/// Errors: `NotFound`.
pub async fn save(tx: &Tx, mail: &Mail) -> Result<(), StoreError> {
    noun::save(tx, to_row(mail), EXISTS, "mail").await
}

/// The mail with this id.
pub async fn find(from: &impl Source, id: MailId) -> Result<Option<Mail>, StoreError> {
    entity::Entity::find_by_id(sql::uuid(id)).one(&from.executor()).await?.map(of_row).transpose()
}

/// Mails that wait and whose turn has come, longest due first; at most `limit`, and [`MAX_PAGE`].
pub async fn due(from: &impl Source, now: Timestamp, limit: u32) -> Result<Vec<Mail>, StoreError> {
    let query = entity::Entity::find()
        .filter(entity::Column::State.eq(MailState::Waiting.as_str()))
        .filter(entity::Column::NextAt.lte(now.micros()))
        .order_by_asc(entity::Column::NextAt)
        .order_by_asc(entity::Column::Id)
        .limit(u64::from(limit.min(MAX_PAGE)));
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// All mails, newest first, from the one before `before` on; at most `limit`, and [`MAX_PAGE`].
pub async fn list(from: &impl Source, before: Option<MailId>, limit: u32) -> Result<Vec<Mail>, StoreError> {
    let mut query = entity::Entity::find().order_by_desc(entity::Column::Id).limit(u64::from(limit.min(MAX_PAGE)));
    if let Some(before) = before {
        query = query.filter(entity::Column::Id.lt(sql::uuid(before)));
    }
    query.all(&from.executor()).await?.into_iter().map(of_row).collect()
}

/// Gives up mails that were written before this moment and still wait, and erases their bodies; returns how many.
pub async fn sweep(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let error = Func::coalesce([Expr::col(entity::Column::Error), Expr::value(TOO_OLD)]);
    let change = entity::Entity::update_many()
        .col_expr(entity::Column::State, Expr::value(MailState::Failed.as_str()))
        .col_expr(entity::Column::Sealed, Expr::value(Option::<Vec<u8>>::None))
        .col_expr(entity::Column::Error, error.into())
        .filter(entity::Column::State.eq(MailState::Waiting.as_str()))
        .filter(entity::Column::CreatedAt.lt(before.micros()));
    Ok(change.exec(tx.inner()).await?.rows_affected)
}

/// Deletes mails that were written before this moment and no longer wait; returns how many.
pub async fn forget(tx: &Tx, before: Timestamp) -> Result<u64, StoreError> {
    let deletion = entity::Entity::delete_many()
        .filter(entity::Column::State.ne(MailState::Waiting.as_str()))
        .filter(entity::Column::CreatedAt.lt(before.micros()));
    Ok(deletion.exec(tx.inner()).await?.rows_affected)
}

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "mail")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub email: String,
        pub subject: String,
        pub sealed: Option<Vec<u8>>,
        pub state: String,
        pub attempts: i64,
        pub created_at: i64,
        pub next_at: i64,
        pub sent_at: Option<i64>,
        pub error: Option<String>,
        pub invitation: Option<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(mail: &Mail) -> entity::Model {
    entity::Model {
        id: sql::uuid(mail.id),
        email: mail.to.as_typed().to_owned(),
        subject: mail.subject.clone(),
        sealed: mail.sealed.clone(),
        state: mail.state.to_string(),
        attempts: mail.attempts.into(),
        created_at: mail.created_at.micros(),
        next_at: mail.next_at.micros(),
        sent_at: mail.sent_at.map(Timestamp::micros),
        error: mail.error.clone(),
        invitation: mail.invitation.map(sql::uuid),
    }
}

fn of_row(row: entity::Model) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: sql::id(row.id),
        to: sql::word(&row.email, "mail.email")?,
        subject: row.subject,
        sealed: row.sealed,
        state: sql::word(&row.state, "mail.state")?,
        attempts: row.attempts.try_into().map_err(|_| StoreError::Corrupt { what: "mail.attempts" })?,
        created_at: Timestamp::from_micros(row.created_at),
        next_at: Timestamp::from_micros(row.next_at),
        sent_at: row.sent_at.map(Timestamp::from_micros),
        error: row.error,
        invitation: row.invitation.map(sql::id),
    })
}
