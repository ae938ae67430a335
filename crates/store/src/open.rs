//! The open store: connections, and transactions that change nouns.
//!
//! SQLite: one writing connection for each file, and reading ones that cannot write. PostgreSQL: one pool.

use std::{fmt, sync::Arc, time::Duration};

use sea_orm::{
    AccessMode, ConnectOptions, Database, DatabaseConnection, DatabaseExecutor, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

use crate::{Location, StoreError, migration, sql};

pub(crate) mod sqlite;

/// Connections to PostgreSQL of one process.
const POSTGRES_CONNECTIONS: u32 = 16;
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
            Location::Sqlite { folder } => sqlite::open(folder).await?,
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
