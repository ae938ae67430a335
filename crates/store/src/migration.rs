//! Migrations: numbered steps of each part of the schema, run when the store is opened, each in the one transaction
//! that also records it. A schema newer than this program is refused.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::{StoreError, sql};

/// A part of the schema and its steps; the n-th step leads to version n.
pub(crate) struct Part {
    name: &'static str,
    steps: &'static [&'static str],
}

const NOUNS: Part = Part { name: "nouns", steps: &[include_str!("migration/nouns_1.sql")] };
const LEDGER: Part = Part { name: "ledger", steps: &[include_str!("migration/ledger_1.sql")] };
const SHIPPED: Part = Part { name: "shipped", steps: &[include_str!("migration/shipped_1.sql")] };
const REQUEST_LOG: Part = Part { name: "request_log", steps: &[include_str!("migration/request_log_1.sql")] };

/// What SQLite's `keyward.db` holds.
pub(crate) const KEYWARD_FILE: &[Part] = &[NOUNS, LEDGER, SHIPPED];
/// What SQLite's `log.db` holds.
pub(crate) const LOG_FILE: &[Part] = &[SHIPPED, REQUEST_LOG];
/// What a PostgreSQL database holds.
pub(crate) const POSTGRES: &[Part] = &[NOUNS, LEDGER, SHIPPED, REQUEST_LOG];

/// Nodes that open one PostgreSQL database at the same moment take turns by this advisory lock: "Keyward" in ASCII.
const TURN: i64 = 0x004b_6579_7761_7264;

/// Brings the database to the newest schema. The caller commits.
pub(crate) async fn run(tx: &DatabaseTransaction, parts: &[Part]) -> Result<(), StoreError> {
    if tx.get_database_backend() == DbBackend::Postgres {
        sql::execute(tx, "SELECT pg_advisory_xact_lock($1)", vec![TURN.into()]).await?;
    }
    let schema = in_words_of(
        tx.get_database_backend(),
        "CREATE TABLE IF NOT EXISTS schema_version (part text NOT NULL PRIMARY KEY, version bigint NOT NULL);",
    );
    tx.execute_unprepared(&schema).await?;
    for part in parts {
        advance(tx, part).await?;
    }
    Ok(())
}

async fn advance(tx: &DatabaseTransaction, part: &Part) -> Result<(), StoreError> {
    let known = part.steps.len() as i64;
    let stored = sql::row(tx, "SELECT version FROM schema_version WHERE part = $1", vec![part.name.into()]).await?;
    let found = stored.map_or(Ok(0), |row| row.get::<i64>(0))?;
    if found > known {
        return Err(StoreError::Newer { part: part.name, found, known });
    }
    for step in &part.steps[found.max(0) as usize..] {
        tx.execute_unprepared(&in_words_of(tx.get_database_backend(), step)).await?;
    }
    if found < known {
        let record = "INSERT INTO schema_version (part, version) VALUES ($1, $2)
            ON CONFLICT (part) DO UPDATE SET version = excluded.version";
        sql::execute(tx, record, vec![part.name.into(), known.into()]).await?;
    }
    Ok(())
}

/// The schema is written once, with PostgreSQL's types. SQLite's tables are strict, which knows four types only; a
/// table marked `-- clustered` is kept in the order of its primary key.
fn in_words_of(backend: DbBackend, schema: &str) -> String {
    if backend != DbBackend::Sqlite {
        return schema.to_owned();
    }
    let mut text = schema.replace("); -- clustered", ") STRICT, WITHOUT ROWID;").replace("\n);", "\n) STRICT;");
    for (word, sqlite) in [(" uuid", " BLOB"), (" bytea", " BLOB"), (" bigint", " INTEGER"), (" boolean", " INTEGER")] {
        text = text.replace(word, sqlite);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_strict_in_sqlite_and_no_foreign_word_is_left() {
        for part in POSTGRES {
            for step in part.steps {
                let text = in_words_of(DbBackend::Sqlite, step);
                assert_eq!(text.matches("CREATE TABLE").count(), text.matches(") STRICT").count(), "{text}");
                let code = text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join("\n");
                for word in ["uuid", "bytea", "bigint", "boolean"] {
                    assert!(!code.split(|c: char| !c.is_alphanumeric()).any(|found| found == word), "{word} in {text}");
                }
            }
        }
    }
}
