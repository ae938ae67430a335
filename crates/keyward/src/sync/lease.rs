//! Leases on their way: what the gateway's meter asks for → one transaction of the ledger → its answers; and units that
//! are not needed any more → back to the ledger.

use std::{sync::Arc, time::Duration};

use domain::{
    lease::{Ask, Fence},
    time::Clock,
};
use gateway::meter::{GiveBack, Meter, Unavailable};
use store::{Store, StoreError, ledger};

/// How often idle units are looked for.
pub const LOOK_FOR_IDLE: Duration = Duration::from_secs(1);
/// How often counters are forgotten that no policy names any more.
pub const FORGET_UNUSED: Duration = Duration::from_secs(60);

/// Answers the meter's asks until it is told to stop. All asks that wait go to the ledger in one transaction; while the
/// ledger works, more gather.
pub async fn run(
    store: Store,
    meter: Arc<Meter>,
    fence: Fence,
    clock: Clock,
    mut stopped: tokio::sync::watch::Receiver<bool>,
) {
    let mut look_for_idle = tokio::time::interval(LOOK_FOR_IDLE);
    let mut forget_unused = tokio::time::interval(FORGET_UNUSED);
    while !*stopped.borrow_and_update() {
        tokio::select! {
            asks = meter.next_asks() => answer(&store, &meter, fence, clock, asks).await,
            _ = look_for_idle.tick() => give_back(&store, &meter, fence).await,
            _ = forget_unused.tick() => meter.forget_unused((clock.wall)()),
            _ = stopped.changed() => {}
        }
    }
}

async fn answer(store: &Store, meter: &Meter, fence: Fence, clock: Clock, asks: Vec<Ask>) {
    let answers = ledger::grant(store, fence, (clock.wall)(), &asks).await;
    if let Err(error) = &answers {
        tracing::error!(%error, "the ledger cannot be asked");
    }
    let answers = match answers {
        Ok(answers) => asks.into_iter().zip(answers.into_iter().map(Ok)).collect(),
        Err(_) => asks.into_iter().map(|ask| (ask, Err(Unavailable))).collect(),
    };
    meter.answer(answers);
}

async fn give_back(store: &Store, meter: &Meter, fence: Fence) {
    let returns = meter.give_back(GiveBack::Idle);
    if returns.is_empty() {
        return;
    }
    let written: Result<(), StoreError> = ledger::take_back(store, fence, &returns).await;
    match written {
        Ok(()) => meter.given_back(&returns),
        // They are told again the next time.
        Err(error) => tracing::error!(%error, "units cannot be given back to the ledger"),
    }
}
