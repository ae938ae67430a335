//! Examined: which queries ran on a store, and how many rows each looked at. For the tests of lists; a release build has nothing of it.
//!
//! PostgreSQL counts the rows itself (`EXPLAIN ANALYZE`). SQLite counts instructions of its virtual machine: a row that is looked at and
//! passed over takes at least three, one that is returned at least one for each column. From these follows how many rows there were at
//! most.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, RuntimeErr, Statement, TransactionTrait, sqlx};
use serde_json::Value as Json;

use crate::{Store, StoreError, open::sqlite::SQLITE_READERS};

/// The instructions that SQLite spends at least on a row that it looks at and passes over: to come to it, to test it, to go on.
const STEPS_OF_A_ROW: u64 = 3;
/// The same for a row of calls that it sums: a dozen figures are read.
const STEPS_OF_A_SUM: u64 = 12;

/// Has PostgreSQL do with small tables as it does with large ones.
const LARGE: &str =
    "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off;
    SET LOCAL enable_mergejoin = off";

/// What ran on a store.
#[derive(Default)]
pub struct Watch(Arc<Seen>);

#[derive(Default)]
struct Seen {
    /// Instructions of SQLite since the query before.
    steps: AtomicU64,
    ran: Mutex<Vec<Ran>>,
}

/// Which database a query ran on.
#[derive(Clone, Copy)]
enum Side {
    /// That of accounts and keys.
    Nouns,
    /// That of the request log.
    Log,
}

struct Ran {
    side: Side,
    statement: Statement,
    steps: u64,
}

/// A query that ran.
#[derive(Clone, Debug)]
pub struct Examined {
    /// Its text.
    pub text: String,
    /// Values bound to it: each may be a row that is asked for by its id.
    pub bound: u64,
    /// Rows that it returned.
    pub returned: u64,
    /// Rows that it looked at in tables and indexes; in SQLite at most so many.
    pub examined: u64,
    /// How the database ran it, for people.
    pub plan: String,
}

impl Store {
    /// The same store, and what runs on it when it is asked through this handle.
    ///
    /// Errors: those of the database.
    pub async fn watched(&self) -> Result<(Store, Watch), StoreError> {
        let watch = Watch::default();
        let reader = watch.connection(self.reader(), Side::Nouns).await?;
        let log_reader = watch.connection(self.log_reader(), Side::Log).await?;
        Ok((self.read_through(reader, log_reader), watch))
    }
}

impl Watch {
    /// The connection, with a note of each query that runs on it.
    async fn connection(&self, on: &DatabaseConnection, side: Side) -> Result<DatabaseConnection, StoreError> {
        if on.get_database_backend() == DbBackend::Sqlite {
            self.count_steps(on).await.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
        }
        let seen = Arc::clone(&self.0);
        let mut watched = on.clone();
        watched.set_metric_callback(move |info| {
            let steps = seen.steps.swap(0, Ordering::Relaxed);
            let ran = Ran { side, statement: info.statement.clone(), steps };
            seen.ran.lock().unwrap_or_else(PoisonError::into_inner).push(ran);
        });
        Ok(watched)
    }

    /// Counts the instructions of all connections of a pool.
    async fn count_steps(&self, on: &DatabaseConnection) -> Result<(), sqlx::Error> {
        let pool = on.get_sqlite_connection_pool();
        let mut connections = Vec::new();
        for _ in 0..SQLITE_READERS {
            connections.push(pool.acquire().await?);
        }
        for connection in &mut connections {
            let seen = Arc::clone(&self.0);
            let count = move || {
                seen.steps.fetch_add(1, Ordering::Relaxed);
                true
            };
            connection.lock_handle().await?.set_progress_handler(1, count);
        }
        Ok(())
    }

    /// Forgets what ran until now.
    pub fn clear(&self) {
        self.take();
    }

    /// The queries that ran since they were asked for last, in their order; those that only write are left out. Each is run once more.
    /// PostgreSQL, which reads tables of some thousand rows whole, is to do as with large ones.
    ///
    /// Errors: those of the database.
    pub async fn examined(&self, store: &Store) -> Result<Vec<Examined>, StoreError> {
        let mut queries = Vec::new();
        for ran in self.take() {
            if !ran.statement.sql.trim_start().starts_with("SELECT") {
                continue;
            }
            let on = match ran.side {
                Side::Nouns => store.reader(),
                Side::Log => store.log_reader(),
            };
            queries.push(match store.backend() {
                DbBackend::Sqlite => in_sqlite(on, &ran).await?,
                _ => in_postgres(on, &ran).await?,
            });
        }
        self.clear();
        Ok(queries)
    }

    fn take(&self) -> Vec<Ran> {
        self.0.steps.store(0, Ordering::Relaxed);
        std::mem::take(&mut *self.0.ran.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

async fn in_sqlite(on: &DatabaseConnection, ran: &Ran) -> Result<Examined, StoreError> {
    let rows = on.query_all_raw(ran.statement.clone()).await?;
    let (returned, columns) = (rows.len() as u64, rows.first().map_or(0, |row| row.column_names().len() as u64));
    let steps = on.query_all_raw(explaining("EXPLAIN QUERY PLAN", &ran.statement)).await?;
    let steps = steps.iter().map(|step| step.try_get_by_index(3)).collect::<Result<Vec<String>, _>>()?;
    let of_a_row = if ran.statement.sql.contains("sum(") { STEPS_OF_A_SUM } else { STEPS_OF_A_ROW };
    let passed_over = ran.steps.saturating_sub(returned * columns) / of_a_row;
    Ok(Examined { returned, examined: returned + passed_over, ..of(&ran.statement, steps.join("\n")) })
}

async fn in_postgres(on: &DatabaseConnection, ran: &Ran) -> Result<Examined, StoreError> {
    let tx = on.begin().await?;
    tx.execute_unprepared(LARGE).await?;
    let told = tx.query_one_raw(explaining("EXPLAIN (ANALYZE, FORMAT JSON)", &ran.statement)).await?;
    let told: Json = told.ok_or(StoreError::Corrupt { what: "EXPLAIN" })?.try_get_by_index(0)?;
    let plan = &told[0]["Plan"];
    let plan_text = serde_json::to_string_pretty(plan).unwrap_or_default();
    Ok(Examined { returned: figure(plan, "Actual Rows"), examined: examined(plan), ..of(&ran.statement, plan_text) })
}

fn explaining(how: &str, statement: &Statement) -> Statement {
    Statement { sql: format!("{how} {}", statement.sql), ..statement.clone() }
}

fn of(statement: &Statement, plan: String) -> Examined {
    let bound = statement.values.as_ref().map_or(0, |values| values.0.len() as u64);
    Examined { text: statement.sql.clone(), bound, returned: 0, examined: 0, plan }
}

/// The rows that a node of PostgreSQL's plan and those beneath it took from tables and indexes. It tells the mean of all passes.
fn examined(node: &Json) -> u64 {
    let is_scan = node["Relation Name"].is_string() || node["Index Name"].is_string();
    let own = ["Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck"];
    let own: u64 = own.iter().map(|name| figure(node, name)).sum();
    let beneath: u64 = node["Plans"].as_array().into_iter().flatten().map(examined).sum();
    beneath + if is_scan { own * figure(node, "Actual Loops").max(1) } else { 0 }
}

/// A figure of a plan; PostgreSQL 18 writes some with a fraction.
fn figure(node: &Json, name: &str) -> u64 {
    node[name].as_f64().map_or(0, |figure| figure.ceil() as u64)
}
