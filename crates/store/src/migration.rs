//! Migrations: numbered steps of each part of the schema, run when the store is opened, each in the one transaction
//! that also records it. A schema newer than this program is refused.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::{StoreError, sql};

/// A part of the schema and its steps; the n-th step leads to version n.
pub(crate) struct Part {
    name: &'static str,
    steps: &'static [Step],
}

/// A step: what is one text for both databases, and what only one of them is told after it.
struct Step {
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A step that is one text for both databases.
const fn both(text: &'static str) -> Step {
    Step { both: text, sqlite: "", postgres: "" }
}

const NOUNS: Part = Part {
    name: "nouns",
    steps: &[
        both(include_str!("migration/nouns_1.sql")),
        Step {
            both: include_str!("migration/nouns_2.sql"),
            sqlite: include_str!("migration/nouns_2_sqlite.sql"),
            postgres: include_str!("migration/nouns_2_postgres.sql"),
        },
        both(include_str!("migration/nouns_3.sql")),
        both(include_str!("migration/nouns_4.sql")),
        both(include_str!("migration/nouns_5.sql")),
        both(include_str!("migration/nouns_7.sql")),
        both(include_str!("migration/nouns_6.sql")),
        both(include_str!("migration/nouns_10.sql")),
        both(include_str!("migration/nouns_10_idempotency.sql")),
        both(include_str!("migration/nouns_9.sql")),
        both(include_str!("migration/nouns_8.sql")),
        both(include_str!("migration/nouns_13.sql")),
        both(include_str!("migration/nouns_12.sql")),
        both(include_str!("migration/nouns_12_leaks.sql")),
        both(include_str!("migration/nouns_12_locks.sql")),
        both(include_str!("migration/nouns_11.sql")),
        both(include_str!("migration/nouns_11_rates.sql")),
        Step {
            both: include_str!("migration/nouns_14_lists.sql"),
            sqlite: include_str!("migration/nouns_14_lists_sqlite.sql"),
            postgres: include_str!("migration/nouns_14_lists_postgres.sql"),
        },
        both(include_str!("migration/nouns_15.sql")),
        both(include_str!("migration/nouns_16.sql")),
        both(include_str!("migration/nouns_16_seats.sql")),
    ],
};
const LEDGER: Part = Part {
    name: "ledger",
    steps: &[both(include_str!("migration/ledger_1.sql")), both(include_str!("migration/ledger_10.sql"))],
};
const SHIPPED: Part = Part { name: "shipped", steps: &[both(include_str!("migration/shipped_1.sql"))] };
const REQUEST_LOG: Part = Part {
    name: "request_log",
    steps: &[
        both(include_str!("migration/request_log_1.sql")),
        both(include_str!("migration/request_log_2.sql")),
        both(include_str!("migration/request_log_3.sql")),
        both(include_str!("migration/request_log_4.sql")),
        both(include_str!("migration/request_log_5.sql")),
    ],
};

const SUMMARY: Part = Part {
    name: "summary",
    steps: &[
        Step {
            both: include_str!("migration/summary_1.sql"),
            sqlite: include_str!("migration/summary_1_sqlite.sql"),
            postgres: include_str!("migration/summary_1_postgres.sql"),
        },
        both(include_str!("migration/summary_2.sql")),
        both(include_str!("migration/summary_3_lists.sql")),
        both(include_str!("migration/summary_4.sql")),
    ],
};

/// What SQLite's `keyward.db` holds.
pub(crate) const KEYWARD_FILE: &[Part] = &[NOUNS, LEDGER, SHIPPED];
/// What SQLite's `log.db` holds.
pub(crate) const LOG_FILE: &[Part] = &[SHIPPED, REQUEST_LOG, SUMMARY];
/// What a PostgreSQL database holds.
pub(crate) const POSTGRES: &[Part] = &[NOUNS, LEDGER, SHIPPED, REQUEST_LOG, SUMMARY];

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
        let backend = tx.get_database_backend();
        tx.execute_unprepared(&in_words_of(backend, step.both)).await?;
        let own = if backend == DbBackend::Sqlite { step.sqlite } else { step.postgres };
        if !own.is_empty() {
            tx.execute_unprepared(own).await?;
        }
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
mod tests;
