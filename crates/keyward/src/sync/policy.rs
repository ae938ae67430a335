//! Policies on their way: the store's change feed → the gateway's keyring, and what no longer holds → cut.
//!
//! The feed is read four times within the bound on revocation, and at once when somebody asks: the control plane does before it
//! answers a change, and is told the moment from which it holds.

use std::{sync::Arc, time::Duration};

use domain::time::{Clock, Timestamp};
use gateway::{cut::Cutter, keyring::Keyring};
use store::{Store, StoreError};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{sleep, timeout},
};

/// Who waits for changes to hold, each answered with the moment from which all that was committed before it asked does. Who
/// is dropped instead knows that the changes hold within the bound.
pub type Asked = mpsc::Receiver<oneshot::Sender<Timestamp>>;

/// The most that are answered by one reading of the feed; further ones by the next.
pub const MAX_TOGETHER: usize = 1_024;

/// What follows the change feed.
pub struct Follower {
    /// Where the feed is.
    pub store: Store,
    /// What is kept up to date.
    pub keyring: Arc<Keyring>,
    /// What ends calls that no longer may run.
    pub cutter: Cutter,
    /// The version of the feed that the keyring is true for.
    pub version: u64,
    /// The time within which a change must hold: a keyring that has not been brought up to date for so long admits nothing.
    pub bound: Duration,
    /// The clocks.
    pub clock: Clock,
}

/// Why the keyring was not brought up to date.
#[derive(Debug, thiserror::Error)]
enum NotRead {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the store did not answer within the bound on revocation")]
    Late(#[from] tokio::time::error::Elapsed),
}

/// Loads every policy into the keyring; returns the version of the feed that it is true for.
///
/// Errors: those of the store.
pub async fn load(store: &Store, keyring: &Keyring) -> Result<u64, StoreError> {
    let version = store::policy::snapshot_into(store, &mut |page| keyring.take_in(page)).await?;
    keyring.publish();
    Ok(version)
}

/// Follows the change feed until it is told to stop.
pub async fn follow(mut follower: Follower, mut asked: Asked, mut stopped: watch::Receiver<bool>) {
    let pause = follower.bound / 4;
    let (mut can_be_asked, mut is_cut) = (true, true);
    while !*stopped.borrow_and_update() {
        let mut waiting = Vec::new();
        tokio::select! {
            () = sleep(pause) => {}
            count = asked.recv_many(&mut waiting, MAX_TOGETHER), if can_be_asked => can_be_asked = count > 0,
            _ = stopped.changed() => continue,
        }
        match follower.bring_up_to_date(&mut is_cut).await {
            // Who no longer waits has been told the bound.
            Ok(moment) => waiting.into_iter().for_each(|one| _ = one.send(moment)),
            Err(error) => tracing::error!(%error, "changes of policies cannot be read"),
        }
    }
}

impl Follower {
    /// Reads what changed, applies it, and has the gateway end what it stops. Returns the moment from which it holds.
    /// `is_cut`: whether all that was applied before was also cut.
    async fn bring_up_to_date(&mut self, is_cut: &mut bool) -> Result<Timestamp, NotRead> {
        // Taken before the question: what is changed after it may be missing from the answer.
        let (asked, steady) = ((self.clock.wall)(), (self.clock.steady)());
        let (newest, changes) = timeout(self.bound, store::policy::since(&self.store, self.version)).await??;
        *is_cut &= changes.is_empty();
        self.keyring.apply(changes);
        self.version = newest;
        self.keyring.set_fresh_until(steady.saturating_add(micros(self.bound)));
        if !*is_cut {
            match self.cutter.cut().await {
                Ok(()) => *is_cut = true,
                Err(unacknowledged) => {
                    tracing::error!(error = %unacknowledged, "calls that were stopped may run on for a while");
                    return Ok(asked.plus(micros(self.bound)));
                }
            }
        }
        Ok((self.clock.wall)())
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
