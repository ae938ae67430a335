//! The request log on its way: journals → joined rows → batches → the store, each record exactly once.

use std::{io, thread, time::Duration};

use domain::time::Clock;
use store::{Store, StoreError};
use tokio::{
    runtime::Handle,
    sync::{oneshot, watch},
};

pub mod join;
mod page;
mod read;
mod shipper;

pub use page::Page;
pub use shipper::Shipper;

/// How long rows gather before they are shipped, as long as a batch takes all of them.
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

/// Ships live journals on a thread that gives way to those that answer calls, until it is told to stop, then what is left. One thread
/// serves all journals of a node, and gives them back at the end. For within a runtime.
///
/// Errors: the thread cannot be made.
pub fn start(
    shippers: Vec<Shipper>,
    store: Store,
    clock: Clock,
    stopped: watch::Receiver<bool>,
) -> io::Result<oneshot::Receiver<Vec<Shipper>>> {
    let (over, is_over) = oneshot::channel();
    let runtime = Handle::current();
    thread::Builder::new().name("ships-log".to_owned()).spawn(move || {
        store::give_way();
        // An error: nobody waits for the end.
        _ = over.send(runtime.block_on(run(shippers, store, clock, stopped)));
    })?;
    Ok(is_over)
}

async fn run(
    mut shippers: Vec<Shipper>,
    store: Store,
    clock: Clock,
    mut stopped: watch::Receiver<bool>,
) -> Vec<Shipper> {
    loop {
        let over = *stopped.borrow_and_update();
        let (mut has_more, mut has_failed) = (false, false);
        for shipper in &mut shippers {
            let shipped = if over {
                shipper.finish(&store, (clock.wall)()).await.map(|()| false)
            } else {
                shipper.step(&store, (clock.wall)(), false).await
            };
            match shipped {
                Ok(more) => has_more |= more,
                Err(error) => {
                    tracing::error!(%error, "the request log waits in the journal");
                    has_failed = true;
                }
            }
        }
        if over {
            return shippers;
        }
        let pause = match (has_failed, has_more) {
            (true, _) => RETRY,
            (false, true) => Duration::ZERO,
            (false, false) => GATHER,
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            wish = stopped.changed() => if wish.is_err() {
                // The node is gone without having been stopped: the next start ships the rest.
                return shippers;
            },
        }
    }
}
