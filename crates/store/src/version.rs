//! Versions of keys: what each allowed after each change.

use domain::{
    id::KeyId,
    key::Key,
    time::Timestamp,
    version::{MAX_KEPT, Part, Terms, Version},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{Source, StoreError, Tx, noun, quota, rate_limit, sql};

/// The most versions of one page.
pub const MAX_PAGE: u32 = 200;

/// What a key allows as it is stored now.
///
/// Errors: those of the database.
pub async fn terms(from: &impl Source, key: &Key) -> Result<Terms, StoreError> {
    let quotas = quota::list(from, quota::Owner::Key(key.id)).await?;
    let quotas = quotas.iter().map(|of| domain::quota::QuotaTerms {
        metric: of.metric,
        period: of.period,
        limit: of.limit,
        overage: None,
    });
    Ok(Terms::of(key, quotas, &rate_limit::list(from, key.id).await?))
}

/// Adds a version, and forgets the one that is [`MAX_KEPT`] older.
///
/// Errors: `Conflict` when the key has one with this number; `NotFound` when key or author are not there.
pub async fn insert(tx: &Tx, version: &Version, terms: &Terms) -> Result<(), StoreError> {
    noun::insert(tx, to_row(version, terms), "a version of the key with this number", "key or author").await?;
    if let Some(last) = version.number.checked_sub(MAX_KEPT) {
        let of_key = entity::Entity::delete_many().filter(entity::Column::Key.eq(sql::uuid(version.key)));
        of_key.filter(entity::Column::Number.lte(sql::int(last))).exec(tx.inner()).await?;
    }
    Ok(())
}

/// A version of a key with what it allowed.
pub async fn find(from: &impl Source, key: KeyId, number: u64) -> Result<Option<(Version, Terms)>, StoreError> {
    let row = entity::Entity::find_by_id((sql::uuid(key), sql::int(number))).one(&from.executor()).await?;
    row.map(|row| Ok((of_head(head(&row))?, read_terms(&row.terms)?))).transpose()
}

/// The versions of a key, newest first, from below `before` on; at most `limit`, and [`MAX_PAGE`]. What they allowed is not read.
pub async fn list(from: &impl Source, key: KeyId, before: Option<u64>, limit: u32) -> Result<Vec<Version>, StoreError> {
    use entity::Column as Is;
    let mut query = entity::Entity::find()
        .select_only()
        .columns([Is::Key, Is::Number, Is::Time, Is::Author, Is::AuthorName, Is::Reason, Is::Restored, Is::Changed])
        .filter(Is::Key.eq(sql::uuid(key)))
        .order_by_desc(Is::Number)
        .limit(u64::from(limit.min(MAX_PAGE)));
    if let Some(before) = before {
        query = query.filter(Is::Number.lt(sql::int(before)));
    }
    let rows: Vec<Head> = query.into_tuple().all(&from.executor()).await?;
    rows.into_iter().map(of_head).collect()
}

/// The columns of a row without its terms, in their order.
type Head = (uuid::Uuid, i64, i64, Option<uuid::Uuid>, String, Option<String>, Option<i64>, String);

mod entity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "key_version")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub time: i64,
        pub author: Option<Uuid>,
        pub author_name: String,
        pub reason: Option<String>,
        pub restored: Option<i64>,
        pub changed: String,
        pub terms: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

fn to_row(version: &Version, terms: &Terms) -> entity::Model {
    let changed: Vec<&str> = version.changed.iter().map(|part| part.as_str()).collect();
    entity::Model {
        key: sql::uuid(version.key),
        number: sql::int(version.number),
        time: version.time.micros(),
        author: version.author.map(sql::uuid),
        author_name: version.author_name.clone(),
        reason: version.reason.as_ref().map(ToString::to_string),
        restored: version.restored.map(sql::int),
        changed: changed.join(" "),
        terms: serde_json::to_string(terms).expect("texts and figures"),
    }
}

fn head(row: &entity::Model) -> Head {
    let entity::Model { key, number, time, author, author_name, reason, restored, changed, terms: _ } = row.clone();
    (key, number, time, author, author_name, reason, restored, changed)
}

fn of_head((key, number, time, author, author_name, reason, restored, changed): Head) -> Result<Version, StoreError> {
    let corrupt = |what| StoreError::Corrupt { what };
    let count = |figure: i64| u64::try_from(figure).map_err(|_| corrupt("key_version.number"));
    let part = |word: &str| Part::ALL.into_iter().find(|part| part.as_str() == word);
    let changed = changed.split_whitespace().map(part).collect::<Option<Vec<_>>>();
    Ok(Version {
        key: sql::id(key),
        number: count(number)?,
        time: Timestamp::from_micros(time),
        author: author.map(sql::id),
        author_name,
        reason: noun::word_if_any(reason, "key_version.reason")?,
        restored: restored.map(count).transpose()?,
        changed: changed.ok_or_else(|| corrupt("key_version.changed"))?,
    })
}

fn read_terms(stored: &str) -> Result<Terms, StoreError> {
    serde_json::from_str(stored).map_err(|_| StoreError::Corrupt { what: "key_version.terms" })
}
