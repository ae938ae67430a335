//! The request log on its way: journals → joined rows → batches → the store, each record exactly once.

use std::time::Duration;

use domain::time::Clock;
use store::{Store, StoreError};

pub mod join;
mod page;
mod read;
mod shipper;

pub use page::Page;
pub use shipper::Shipper;

/// How long rows gather before they are shipped.
pub const GATHER: Duration = Duration::from_millis(200);
/// How long to wait after the store or a journal failed.
pub const RETRY: Duration = Duration::from_secs(1);

/// Why a journal could not be shipped. Nothing is lost: it stays in the journal.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// The store did not take it.
    #[error("the store did not take the log: {0}")]
    Store(#[from] StoreError),
    /// The journal could not be read.
    #[error("the journal cannot be read: {0}")]
    Read(#[from] journal::ReadError),
    /// The journal's files could not be changed.
    #[error("the journal cannot be kept: {0}")]
    Journal(#[from] journal::JournalError),
    /// The journal was written by another version.
    #[error("{0}")]
    Page(#[from] page::Unreadable),
    /// A record was written by another version.
    #[error("{0}")]
    Record(#[from] read::UnknownRecord),
}

/// Ships live journals until it is told to stop, then what is left. One task serves all journals of a node.
pub async fn run(
    mut shippers: Vec<Shipper>,
    store: Store,
    clock: Clock,
    mut stopped: tokio::sync::watch::Receiver<bool>,
) -> Vec<Shipper> {
    loop {
        let over = *stopped.borrow_and_update();
        let mut pause = GATHER;
        for shipper in &mut shippers {
            let shipped = if over {
                shipper.finish(&store, (clock.wall)()).await
            } else {
                shipper.step(&store, (clock.wall)(), false).await.map(|_| ())
            };
            if let Err(error) = shipped {
                tracing::error!(%error, "the request log waits in the journal");
                pause = RETRY;
            }
        }
        if over {
            return shippers;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}
