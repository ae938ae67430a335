//! The open store: connections, and transactions that change nouns.
//!
//! SQLite: one writing connection for each file, and reading ones that cannot write. PostgreSQL: one pool.

use std::{fmt, path::Path, sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::{
    Location, StoreError,
    migration::{self, Part},
    sql,
};

/// The file of accounts, keys and ledger.
const KEYWARD_FILE: &str = "keyward.db";
/// The file of the request log.
const LOG_FILE: &str = "log.db";
/// Says which driver; the file's path is set apart from it, so that it may hold any character.
const SQLITE: &str = "sqlite:keyward.db";
/// Connections that read each SQLite file.
pub(crate) const SQLITE_READERS: u32 = 4;
/// What the connection that writes the log keeps of it in memory, in words of SQLite: 16 MB. Rows are written to the ends of several
/// indexes, and with SQLite's own 2 MB it would read their pages anew again and again.
const LOG_CACHE: &str = "-16384";
/// What one that writes nouns and ledger keeps: SQLite's own 2 MB.
const NOUNS_CACHE: &str = "-2000";
/// After how many pages, of 4 KB, SQLite moves what was committed into the file itself: with its 1,000 the pages that change all the
/// time are moved all the time.
const CHECKPOINT_AFTER: &str = "8000";
/// Rows that a reading connection finds ahead of who asked: each SQLite connection has a thread of its own, and with fewer the two
/// wake each other for nearly every row, which takes longer than the row.
const ROWS_AHEAD: usize = 1_024;
/// Connections to PostgreSQL of one process.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long to wait for another process that writes the same SQLite file.
const BUSY: Duration = Duration::from_secs(10);
/// How long to wait for a free connection; bulk work holds the writing one for seconds.
const ACQUIRE: Duration = Duration::from_secs(30);

/// An open store; clones share its connections.
#[derive(Clone)]
pub struct Store(Arc<Connections>);

struct Connections {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    log_writer: DatabaseConnection,
    log_reader: DatabaseConnection,
}

/// A transaction that changes nouns. One runs at a time, on both databases: what it loads stays true until it saves.
/// Dropped without [`Tx::commit`] it leaves nothing behind.
///
/// While it is open, do not call functions that take the [`Store`] and write: on SQLite they wait for its end.
pub struct Tx(DatabaseTransaction);

/// What rows can be read from: the [`Store`], or a [`Tx`] that sees its own changes.
pub trait Source: Send + Sync {
    /// The connection behind it.
    #[doc(hidden)]
    fn executor(&self) -> DatabaseExecutor<'_>;
}

impl Store {
    /// Opens the store, makes what is missing and brings its schema up to date.
    ///
    /// Errors: `Database` when it cannot be reached, `Folder`, `Newer`.
    pub async fn open(location: &Location) -> Result<Store, StoreError> {
        let connections = match location {
            Location::Sqlite { folder } => open_sqlite(folder).await?,
            Location::Postgres { url } => open_postgres(url).await?,
        };
        Ok(Store(Arc::new(connections)))
    }

    /// Begins a transaction that changes nouns.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let tx = self.begin_ledger().await?;
        if self.backend() == DbBackend::Postgres {
            sql::row(&tx, "SELECT version FROM feed WHERE id = 1 FOR UPDATE", vec![]).await?;
        }
        Ok(Tx(tx))
    }

    /// Closes all connections once what runs on them is over.
    pub async fn close(self) -> Result<(), StoreError> {
        let Connections { writer, reader, log_writer, log_reader } = &*self.0;
        for connection in [reader, log_reader, writer, log_writer] {
            connection.clone().close().await?;
        }
        Ok(())
    }

    /// Which database it is.
    pub(crate) fn backend(&self) -> DbBackend {
        self.0.writer.get_database_backend()
    }

    /// Begins a transaction on ledger and nouns that does not wait for those of [`Store::begin`].
    pub(crate) async fn begin_ledger(&self) -> Result<DatabaseTransaction, StoreError> {
        begin_writing(&self.0.writer).await
    }

    /// Begins a transaction on the request log; the same database as the ledger's in PostgreSQL.
    pub(crate) async fn begin_log(&self) -> Result<DatabaseTransaction, StoreError> {
        begin_writing(&self.0.log_writer).await
    }

    /// Begins a view of ledger and nouns that stays as it is.
    pub(crate) async fn begin_reading(&self) -> Result<DatabaseTransaction, StoreError> {
        begin_reading(&self.0.reader).await
    }

    /// Begins a view of the request log that stays as it is.
    pub(crate) async fn begin_reading_log(&self) -> Result<DatabaseTransaction, StoreError> {
        begin_reading(&self.0.log_reader).await
    }

    /// The same store, read through these.
    #[cfg(debug_assertions)]
    pub(crate) fn read_through(&self, reader: DatabaseConnection, log_reader: DatabaseConnection) -> Store {
        let Connections { writer, log_writer, .. } = &*self.0;
        Store(Arc::new(Connections { writer: writer.clone(), reader, log_writer: log_writer.clone(), log_reader }))
    }

    /// Reads ledger and nouns.
    #[cfg(debug_assertions)]
    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.0.reader
    }

    /// Reads the request log.
    pub(crate) fn log_reader(&self) -> &DatabaseConnection {
        &self.0.log_reader
    }
}

impl fmt::Debug for Store {
    /// Which database it is; nothing of its address.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.backend()).finish()
    }
}

impl Tx {
    /// Makes all its changes visible and durable, or none.
    pub async fn commit(self) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }

    /// The transaction itself.
    pub(crate) fn inner(&self) -> &DatabaseTransaction {
        &self.0
    }
}

impl Source for Store {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Connection(&self.0.reader)
    }
}

impl Source for Tx {
    fn executor(&self) -> DatabaseExecutor<'_> {
        DatabaseExecutor::Transaction(&self.0)
    }
}

async fn begin_writing(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let options =
        TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
    Ok(connection.begin_with_options(options).await?)
}

async fn begin_reading(connection: &DatabaseConnection) -> Result<DatabaseTransaction, StoreError> {
    let mut options = TransactionOptions::default();
    if connection.get_database_backend() == DbBackend::Postgres {
        options.isolation_level = Some(IsolationLevel::RepeatableRead);
        options.access_mode = Some(AccessMode::ReadOnly);
    }
    Ok(connection.begin_with_options(options).await?)
}

async fn open_sqlite(folder: &Path) -> Result<Connections, StoreError> {
    make_private(folder).map_err(|source| StoreError::Folder { folder: folder.display().to_string(), source })?;
    let (keyward, log) = (folder.join(KEYWARD_FILE), folder.join(LOG_FILE));
    Ok(Connections {
        writer: sqlite_writer(&keyward, migration::KEYWARD_FILE, NOUNS_CACHE).await?,
        reader: sqlite_reader(&keyward).await?,
        log_writer: sqlite_writer(&log, migration::LOG_FILE, LOG_CACHE).await?,
        log_reader: sqlite_reader(&log).await?,
    })
}

/// The folder holds hashes and calls: nobody else on the machine may look into it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

async fn sqlite_writer(file: &Path, parts: &[Part], cache: &'static str) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(SQLITE, 1);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&file)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            // Space of deleted rows is given back in steps; this can be chosen for a new file only.
            .pragma("auto_vacuum", "INCREMENTAL")
            .pragma("journal_mode", "WAL")
            .pragma("cache_size", cache)
            .pragma("wal_autocheckpoint", CHECKPOINT_AFTER)
            // A grant or a row that a loss of power forgets would be overspending: the log is flushed at each commit.
            .pragma("synchronous", "FULL")
    });
    let connection = Database::connect(options).await?;
    let tx = begin_writing(&connection).await?;
    migration::run(&tx, parts).await?;
    tx.commit().await?;
    Ok(connection)
}

async fn sqlite_reader(file: &Path) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(SQLITE, SQLITE_READERS);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options.filename(&file).busy_timeout(BUSY).pragma("query_only", "ON");
        options.row_buffer_size(ROWS_AHEAD)
    });
    Ok(Database::connect(options).await?)
}

async fn open_postgres(url: &str) -> Result<Connections, StoreError> {
    let pool = Database::connect(options(url, POSTGRES_CONNECTIONS)).await?;
    let tx = begin_writing(&pool).await?;
    migration::run(&tx, migration::POSTGRES).await?;
    tx.commit().await?;
    Ok(Connections { writer: pool.clone(), reader: pool.clone(), log_writer: pool.clone(), log_reader: pool })
}

fn options(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .sqlx_logging(false)
        // A dead connection shows at its first use; asking each time would double the round trips.
        .test_before_acquire(false);
    options
}
