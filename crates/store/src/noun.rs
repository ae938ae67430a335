//! What the files of all nouns share: writing rows, and reading columns that several nouns have.

use std::str::FromStr;

use domain::token::TokenHash;
use sea_orm::{ActiveModelTrait, EntityTrait, Insert, IntoActiveModel, sea_query::LikeExpr};

use crate::{StoreError, Tx, sql};

/// Rows in one INSERT: the widest noun has eleven columns, SQLite takes 32,766 parameters.
const CHUNK: usize = 1_000;

/// Inserts a row. `exists` and `missing` say what it means when it is there, or what it belongs to is not.
pub(crate) async fn insert<M, A>(tx: &Tx, row: M, exists: &'static str, missing: &'static str) -> Result<(), StoreError>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let written = Insert::one(row.into_active_model()).exec_without_returning(tx.inner()).await;
    written.map(drop).map_err(|error| StoreError::of_writing(error, exists, missing))
}

/// Inserts rows in large statements.
pub(crate) async fn insert_many<M, A>(
    tx: &Tx,
    rows: impl IntoIterator<Item = M>,
    exists: &'static str,
    missing: &'static str,
) -> Result<(), StoreError>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
{
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let chunk = rows.by_ref().take(CHUNK);
        let written = Insert::many(chunk).exec_without_returning(tx.inner()).await;
        written.map_err(|error| StoreError::of_writing(error, exists, missing))?;
    }
    Ok(())
}

/// Writes a row over the one with its id.
pub(crate) async fn save<M, A>(tx: &Tx, row: M, exists: &'static str, missing: &'static str) -> Result<(), StoreError>
where
    M: IntoActiveModel<A>,
    A: ActiveModelTrait,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    A: sea_orm::ActiveModelBehavior + Send,
{
    match row.into_active_model().reset_all().update(tx.inner()).await {
        Ok(_) => Ok(()),
        Err(sea_orm::DbErr::RecordNotUpdated) => Err(StoreError::NotFound { what: missing }),
        Err(error) => Err(StoreError::of_writing(error, exists, missing)),
    }
}

/// A name as searches see it.
pub(crate) fn compared(name: &str) -> String {
    name.to_lowercase()
}

/// What a compared name must be like to have `text` somewhere in it, whose own `%` and `_` stand for themselves.
pub(crate) fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::from("%");
    for character in compared(text).chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// A stored hash of a token.
pub(crate) fn token_hash(stored: Vec<u8>, what: &'static str) -> Result<TokenHash, StoreError> {
    Ok(TokenHash(stored.try_into().map_err(|_| StoreError::Corrupt { what })?))
}

/// A stored text in its checked form, where there is one.
pub(crate) fn word_if_any<T: FromStr>(stored: Option<String>, what: &'static str) -> Result<Option<T>, StoreError> {
    stored.map(|text| sql::word(&text, what)).transpose()
}
