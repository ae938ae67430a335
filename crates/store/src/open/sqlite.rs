//! SQLite: a file for accounts, keys and ledger, and one for the request log. Each has one connection that writes, and some that read.

use std::{path::Path, time::Duration};

use sea_orm::{
    Database, DatabaseConnection,
    sqlx::{Executor, SqliteConnection},
};

use super::{Connections, begin_writing, options};
use crate::{
    StoreError,
    migration::{self, Part},
};

/// The file of accounts, keys and ledger.
const KEYWARD_FILE: &str = "keyward.db";
/// The file of the request log.
const LOG_FILE: &str = "log.db";
/// Says which driver; the file's path is set apart from it, so that it may hold any character.
const SQLITE: &str = "sqlite:keyward.db";
/// Connections that read each file.
pub(crate) const SQLITE_READERS: u32 = 4;
/// After how many pages, of 4 KB, SQLite moves what was committed into the file itself: with its 1,000 the pages that change all the
/// time are moved all the time.
const CHECKPOINT_AFTER: &str = "8000";
/// Rows that a reading connection finds ahead of who asked: each connection has a thread of its own, and with fewer the two
/// wake each other for nearly every row, which takes longer than the row.
const ROWS_AHEAD: usize = 1_024;
/// What a reading connection keeps of its file in memory, in words of SQLite: 512 KB. The system's cache holds it as well, and what they
/// keep grows until each of them has met that many pages.
const READERS_CACHE: &str = "-512";
/// How long to wait for another process that writes the same file.
const BUSY: Duration = Duration::from_secs(10);
/// What differs between the connections that write.
struct Writer {
    /// Of its thread.
    name: &'static str,
    /// What it keeps of the file in memory, in words of SQLite: kilobytes, with a minus.
    cache: &'static str,
    /// Whether its thread gives way to those that answer calls.
    gives_way: bool,
}

/// SQLite's own 2 MB. Whoever changes a policy waits for it, and with it a revocation: it gives way to nobody.
const NOUNS: Writer = Writer { name: "writes-keyward", cache: "-2000", gives_way: false };
/// 16 MB: rows are written to the ends of several indexes, and with 2 MB it would read their pages anew again and again.
const LOG: Writer = Writer { name: "writes-log", cache: "-16384", gives_way: true };

/// Opens both files in this folder, and makes what is missing.
pub(super) async fn open(folder: &Path) -> Result<Connections, StoreError> {
    make_private(folder).map_err(|source| StoreError::Folder { folder: folder.display().to_string(), source })?;
    let (keyward, log) = (folder.join(KEYWARD_FILE), folder.join(LOG_FILE));
    Ok(Connections {
        writer: writer(&keyward, migration::KEYWARD_FILE, NOUNS).await?,
        reader: reader(&keyward).await?,
        log_writer: writer(&log, migration::LOG_FILE, LOG).await?,
        log_reader: reader(&log).await?,
    })
}

/// The folder holds hashes and calls: nobody else on the machine may look into it.
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

async fn writer(
    file: &Path,
    parts: &[Part],
    Writer { name, cache, gives_way }: Writer,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(SQLITE, 1);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&file)
            .thread_name(move |_| name.to_owned())
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
    if gives_way {
        options.map_sqlx_sqlite_pool_opts(|options| {
            options.after_connect(|connection, _| Box::pin(step_back(connection)))
        });
    }
    let connection = Database::connect(options).await?;
    let tx = begin_writing(&connection).await?;
    migration::run(&tx, parts).await?;
    tx.commit().await?;
    Ok(connection)
}

async fn reader(file: &Path) -> Result<DatabaseConnection, StoreError> {
    let mut options = options(SQLITE, SQLITE_READERS);
    let file = file.to_owned();
    options.map_sqlx_sqlite_opts(move |options| {
        let options = options.filename(&file).busy_timeout(BUSY).pragma("query_only", "ON");
        options.pragma("cache_size", READERS_CACHE).row_buffer_size(ROWS_AHEAD)
    });
    Ok(Database::connect(options).await?)
}

/// Has the connection's thread give way. The driver keeps that thread to itself; what SQLite calls back while it works runs on it.
async fn step_back(connection: &mut SqliteConnection) -> Result<(), sea_orm::sqlx::Error> {
    connection.lock_handle().await?.set_progress_handler(1, || {
        crate::give_way();
        true
    });
    connection.execute("SELECT 1").await?;
    connection.lock_handle().await?.remove_progress_handler();
    Ok(())
}

#[cfg(test)]
mod tests {
    //! How SQLite was compiled: `.cargo/config.toml` says it, and other folders than the repository's do not read that.

    use sea_orm::{ConnectionTrait, DbBackend, Statement};

    use super::*;

    #[tokio::test]
    async fn connections_share_no_store_of_pages_and_no_count_of_memory() {
        let folder = tempfile::tempdir().expect("a folder");
        let connections = open(folder.path()).await.expect("two files");
        for (option, expected) in [("ENABLE_MEMORY_MANAGEMENT", false), ("DEFAULT_MEMSTATUS=0", true)] {
            let text = format!("SELECT sqlite_compileoption_used('{option}') AS used");
            let row = connections.reader.query_one_raw(Statement::from_string(DbBackend::Sqlite, text)).await;
            let used: bool = row.expect("an answer").expect("a row").try_get("", "used").expect("0 or 1");
            assert_eq!(used, expected, "{option}");
        }
    }
}
