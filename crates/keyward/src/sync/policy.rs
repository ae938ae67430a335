//! Policies on their way: the store's change feed → the gateway's keyring.

use std::{sync::Arc, time::Duration};

use domain::time::Clock;
use gateway::keyring::Keyring;
use store::{Store, StoreError};

/// Loads every policy into the keyring; returns the version of the feed that it is true for.
///
/// Errors: those of the store.
pub async fn load(store: &Store, keyring: &Keyring) -> Result<u64, StoreError> {
    store::policy::snapshot_into(store, &mut |page| keyring.apply(page)).await
}

/// Follows the change feed until it is told to stop. `bound` is the time within which a revocation must hold: the feed is
/// read four times in it, and a keyring that has not been brought up to date for so long admits nothing more.
pub async fn follow(
    store: Store,
    keyring: Arc<Keyring>,
    mut version: u64,
    bound: Duration,
    clock: Clock,
    mut stopped: tokio::sync::watch::Receiver<bool>,
) {
    let pause = bound / 4;
    let bound = i64::try_from(bound.as_micros()).unwrap_or(i64::MAX);
    while !*stopped.borrow_and_update() {
        // Taken before the question: what is changed after it may be missing from the answer.
        let asked = (clock.steady)();
        match store::policy::since(&store, version).await {
            Ok((newest, changes)) => {
                keyring.apply(changes);
                version = newest;
                keyring.set_fresh_until(asked.saturating_add(bound));
            }
            Err(error) => tracing::error!(%error, "changes of policies cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => {}
        }
    }
}
