//! A view of ledger and log at one moment.
//!
//! PostgreSQL: one read transaction. SQLite has two files, and a batch reaches the log first: both views are opened
//! while the ledger is locked for a moment at which the files agree, so that work in flight is never taken for a fault.

use std::{collections::BTreeMap, time::Duration};

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend};

use crate::{Store, StoreError, sql};

/// How often to look for a moment at which the two files agree.
const TRIES: u32 = 100;
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// The view.
pub(super) struct View {
    ledger: DatabaseTransaction,
    log: Option<DatabaseTransaction>,
    /// Whether the two files never agreed: a crash between their commits.
    pub(super) half_shipped: bool,
}

/// The journals and how far a database has them.
pub(super) type Watermarks = BTreeMap<(i64, i64, i64), i64>;

impl View {
    /// The ledger, and what it took of each cut.
    pub(super) fn ledger(&self) -> &DatabaseTransaction {
        &self.ledger
    }

    /// The request log, and what it took of each cut.
    pub(super) fn log(&self) -> &DatabaseTransaction {
        self.log.as_ref().unwrap_or(&self.ledger)
    }
}

/// Opens the view.
pub(super) async fn open(store: &Store) -> Result<View, StoreError> {
    if store.backend() == DbBackend::Postgres {
        return Ok(View { ledger: store.begin_reading().await?, log: None, half_shipped: false });
    }
    for _ in 1..TRIES {
        let view = open_both(store).await?;
        if !view.half_shipped {
            return Ok(view);
        }
        tokio::time::sleep(PAUSE).await;
    }
    open_both(store).await
}

async fn open_both(store: &Store) -> Result<View, StoreError> {
    // While this is open nobody commits to keyward.db.
    let lock = store.begin_ledger().await?;
    let ledger = store.begin_reading().await?;
    let log = store.begin_reading_log().await?;
    // A view begins with its first read.
    let half_shipped = watermarks(&ledger).await? != watermarks(&log).await?;
    lock.rollback().await?;
    Ok(View { ledger, log: Some(log), half_shipped })
}

/// How far a database has each journal.
pub(super) async fn watermarks(db: &impl ConnectionTrait) -> Result<Watermarks, StoreError> {
    let rows = sql::rows(db, "SELECT node, epoch, ring, hi FROM ring", vec![]).await?;
    rows.iter().map(|row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?))).collect()
}
